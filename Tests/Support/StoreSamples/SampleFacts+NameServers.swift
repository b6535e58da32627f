import Observations
import Wire

extension SampleFacts {
  package static let serverReplies: [ServerReply] =
    [
      .answer([]), .answer([ipv4, ipv6]), .noData, .nxDomain, .servFail, .refused, .failed(rcode: 23), .lame,
      .timeout(tries: 3),
    ] + NotSentReason.allCases.map { .notAsked($0) }
    + hostileTexts.flatMap { [.malformed($0), .unreachable($0), .alias($0)] }

  static let nameFacts: [Fact] =
    DelegationSource.allCases.map { source in
      .delegation(
        zone: "so-y-te.example",
        servers: [
          NameServer(name: "ns1.so-y-te.example", addresses: [ipv4, ipv6]),
          NameServer(name: "gone.example", addresses: []),
        ], source: source)
    }
    + [.delegation(zone: ".", servers: [], source: .root)]
    + serverReplies.map { .iteration(name: "a.example", outcome: .failed(zone: "example", reply: $0)) }
    + [ServerReply.answer([ipv4, ipv6]), .timeout(tries: 3)].flatMap { reply -> [Fact] in
      [
        .nameServer(zone: "so-y-te.example", server: ipv6, udp: reply, tcp: .lame, serial: 2_026_112_401),
        .nameServer(zone: "so-y-te.example", server: ipv4, udp: .noData, tcp: reply, serial: nil),
        .authority(
          name: "a.example", type: .aaaa,
          outcome: .asked([ServerReplies(zone: "example", servers: [ipv4, ipv6], reply: reply)])),
        .authority(name: "a.example", type: .a, outcome: .noDelegation(reply)),
        .iteration(name: "a.example", outcome: .noRoot(reply)),
        .reverse(address: ipv6, outcome: .failed(reply)),
        .exchangers(name: "a.example", outcome: .failed(reply)),
      ]
    }
    + [
      .authority(name: "a.example", type: .aaaa, outcome: .asked([])),
      .iteration(name: "a.example", outcome: .resolved([ipv6])),
      .iteration(name: "a.example", outcome: .noData), .iteration(name: "a.example", outcome: .nxDomain),
      .iteration(name: "a.example", outcome: .noIPv6Server(zone: "example")),
      .iteration(name: "a.example", outcome: .abandoned("in a circle")),
      .reverse(address: ipv4, outcome: .none), .exchangers(name: "a.example", outcome: .none),
      .exchangers(name: "a.example", outcome: .null), .synthesis(prefixes: []),
      .synthesis(prefixes: [Prefix(ipv6, length: 96)]),
    ]
    + [LookupOutcome.answer(addresses: [ipv6], aliases: ["c.example"]), .noData].flatMap {
      outcome -> [Fact] in
      [
        .reverse(address: ipv6, outcome: .pointers([Pointer(name: "b.example", forward: outcome)])),
        .exchangers(
          name: "a.example",
          outcome: .exchangers([MailExchanger(preference: 65535, name: "b.example", forward: outcome)])),
      ]
    }
}
