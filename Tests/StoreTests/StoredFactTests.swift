import Foundation
import Observations
import StoreSamples
import Testing
import Wire

/// The text of facts as it stands in stores in the field. Renaming a case or a label changes it: then either
/// the name stays in the text, or a migration rewrites what is stored. A line here is never edited.
@Suite struct StoredFactTests {
  static let address = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)
  static let endpoint = Endpoint(address, 443)

  static let stored: [(String, Fact)] =
    [
      (
        #"{"answered":{"roundTrip":1500,"tries":2}}"#,
        .answered(roundTrip: Duration64(microseconds: 1500), tries: 2)
      ),
      (#"{"closed":{"roundTrip":7}}"#, .closed(roundTrip: Duration64(microseconds: 7))),
      (
        #"{"rejected":{"_0":{"code":4,"source":"2001:db8::1","type":1}}}"#,
        .rejected(Rejection(type: 1, code: 4, source: address))
      ),
      (#"{"silent":{"tries":3}}"#, .silent(tries: 3)),
      (#"{"notSent":{"_0":"no-route"}}"#, .notSent(.noRoute)),
      (#"{"unmeasured":{"dropped":18446744073709551615}}"#, .unmeasured(dropped: .max)),
    ].map { (text: String, outcome: ProbeOutcome) in
      (#"{"echo":{"address":"2001:db8::1","outcome":\#(text)}}"#, .echo(address: address, outcome: outcome))
    }
    + [
      (
        #"{"port":{"endpoint":{"address":"2001:db8::1","port":443},"outcome":{"silent":{"tries":3}}}}"#,
        .port(endpoint: endpoint, outcome: .silent(tries: 3))
      ),
      (
        #"{"control":{"outcome":{"silent":{"tries":3}},"role":"dark","target":{"address":"2001:db8::1"}}}"#,
        .control(role: .dark, target: ControlTarget(address: address), outcome: .silent(tries: 3))
      ),
      (
        #"{"control":{"outcome":{"silent":{"tries":3}},"role":"positive","target":{"address":"2001:db8::1","port":443}}}"#,
        .control(
          role: .positive, target: ControlTarget(address: address, port: 443), outcome: .silent(tries: 3))
      ),
      (
        #"{"handshakeTimes":{"endpoint":{"address":"2001:db8::1","port":443},"lost":1,"roundTrips":[412,90000]}}"#,
        .handshakeTimes(
          endpoint: Endpoint(address, 443),
          roundTrips: [Duration64(microseconds: 412), Duration64(microseconds: 90_000)], lost: 1)
      ),
      (#"{"vantage":{"addresses":["2001:db8::1"]}}"#, .vantage(addresses: [address])),
    ]
    + [
      (
        #"{"answer":{"addresses":["2001:db8::1"],"aliases":["b.example"]}}"#,
        .answer(addresses: [address], aliases: ["b.example"])
      ),
      (#"{"noData":{}}"#, .noData), (#"{"nxDomain":{}}"#, .nxDomain), (#"{"servFail":{}}"#, .servFail),
      (#"{"refused":{}}"#, .refused), (#"{"failed":{"rcode":9}}"#, .failed(rcode: 9)),
      (#"{"malformed":{"_0":"a/b"}}"#, .malformed("a/b")), (#"{"timeout":{"tries":3}}"#, .timeout(tries: 3)),
      (#"{"unreachable":{"_0":"no route"}}"#, .unreachable("no route")),
    ].map { (text: String, outcome: LookupOutcome) in
      (
        #"{"lookup":{"name":"a.example","outcome":\#(text),"type":"AAAA"}}"#,
        .lookup(name: "a.example", type: .aaaa, outcome: outcome)
      )
    }
    + [
      (#"{"refused":{}}"#, .refused), (#"{"unreachable":{"_0":"no route"}}"#, .unreachable("no route")),
      (#"{"timeout":{"_0":"connect"}}"#, .timeout(.connect)),
      (#"{"closedEarly":{"_0":"tls"}}"#, .closedEarly(.tls)),
      (#"{"protocolError":{"_0":"exchange","_1":"no status"}}"#, .protocolError(.exchange, "no status")),
      (#"{"notSent":{"_0":"out-of-scope"}}"#, .notSent(.outOfScope)),
      (
        #"{"completed":{"_0":{"certificate":{"certificateSHA256":"01","keySHA256":"02","names":["a.example"],"#
          + #""notAfter":1,"notBefore":-1,"validity":"wrong-name"},"greeting":"HTTP/1.1 200","#
          + #""phases":{"tls":512},"service":"https"}}}"#,
        .completed(
          ServiceIdentity(
            service: "https", greeting: "HTTP/1.1 200",
            certificate: CertificateFact(
              certificateSHA256: "01", keySHA256: "02", names: ["a.example"],
              notBefore: Timestamp(microseconds: -1), notAfter: Timestamp(microseconds: 1),
              validity: .wrongName),
            phases: [.tls: Duration64(microseconds: 512)]))
      ),
      (
        #"{"completed":{"_0":{"greeting":"","hostKeys":[{"algorithm":"ssh-ed25519","keySHA256":"03"}],"#
          + #""phases":{},"service":"ssh"}}}"#,
        .completed(
          ServiceIdentity(
            service: "ssh", greeting: "", hostKeys: [HostKeyFact(algorithm: "ssh-ed25519", keySHA256: "03")]))
      ),
    ].map { (text: String, outcome: HandshakeOutcome) in
      (
        #"{"handshake":{"endpoint":{"address":"2001:db8::1","port":443},"outcome":\#(text),"#
          + #""service":"https","transport":"tcp"}}"#,
        .handshake(service: "https", endpoint: endpoint, transport: .tcp, name: nil, outcome: outcome)
      )
    }

  static let storedOfNames: [(String, Fact)] = [
    (
      #"{"delegation":{"servers":[{"addresses":["2001:db8::1"],"name":"ns1.example"}],"source":"root","zone":"example"}}"#,
      .delegation(
        zone: "example", servers: [NameServer(name: "ns1.example", addresses: [address])], source: .root)
    ),
    (
      #"{"nameServer":{"serial":7,"server":"2001:db8::1","tcp":{"lame":{}},"udp":{"answer":{"_0":[]}},"zone":"example"}}"#,
      .nameServer(zone: "example", server: address, udp: .answer([]), tcp: .lame, serial: 7)
    ),
    (
      #"{"authority":{"name":"a.example","outcome":{"asked":{"_0":[{"reply":{"timeout":{"tries":3}},"#
        + #""servers":["2001:db8::1"],"zone":"example"}]}},"type":"AAAA"}}"#,
      .authority(
        name: "a.example", type: .aaaa,
        outcome: .asked([ServerReplies(zone: "example", servers: [address], reply: .timeout(tries: 3))]))
    ),
    (
      #"{"iteration":{"name":"a.example","outcome":{"noIPv6Server":{"zone":"example"}}}}"#,
      .iteration(name: "a.example", outcome: .noIPv6Server(zone: "example"))
    ),
    (
      #"{"reverse":{"address":"2001:db8::1","outcome":{"pointers":{"_0":[{"forward":{"noData":{}},"name":"a.example"}]}}}}"#,
      .reverse(address: address, outcome: .pointers([Pointer(name: "a.example", forward: .noData)]))
    ),
    (
      #"{"exchangers":{"name":"a.example","outcome":{"exchangers":{"_0":[{"forward":{"nxDomain":{}},"#
        + #""name":"mx.example","preference":10}]}}}}"#,
      .exchangers(
        name: "a.example",
        outcome: .exchangers([MailExchanger(preference: 10, name: "mx.example", forward: .nxDomain)]))
    ),
    (
      #"{"synthesis":{"prefixes":["64:ff9b::/96"]}}"#,
      .synthesis(prefixes: [Prefix(IPAddress(ipv6High: 0x0064_ff9b_0000_0000, low: 0), length: 96)])
    ),
  ]

  @Test(arguments: stored + storedOfNames)
  func staysReadable(text: String, fact: Fact) throws {
    #expect(try JSONDecoder().decode(Fact.self, from: Data(text.utf8)) == fact)
  }

  @Test("An early run kept one host key")
  func oneHostKey() throws {
    let text =
      #"{"completed":{"_0":{"greeting":"","hostKey":{"algorithm":"ssh-ed25519","keySHA256":"03"},"#
      + #""phases":{},"service":"ssh"}}}"#
    let keys = [HostKeyFact(algorithm: "ssh-ed25519", keySHA256: "03")]
    #expect(
      try JSONDecoder().decode(HandshakeOutcome.self, from: Data(text.utf8))
        == .completed(ServiceIdentity(service: "ssh", greeting: "", hostKeys: keys)))
  }

  @Test(arguments: stored + storedOfNames)
  func isWrittenTheSame(text: String, fact: Fact) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(String(decoding: try encoder.encode(fact), as: UTF8.self) == text)
  }
}
