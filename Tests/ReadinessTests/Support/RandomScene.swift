import Inventory
import Observations
import SeededRandom
import Wire

@testable import Readiness

/// A small city with everything that can be wrong with it, the same for the same seed.
struct RandomScene {
  var inventory = Inventory()
  var observations: [Observation] = []
  var policy = Policy.lab
  var now = Timestamp(seconds: 1_790_000_000)
  var history = History()

  private static let addresses: [IPAddress] =
    [
      "2001:db8:1::10", "2001:db8:1::11", "2001:db8:1::12", "2400:cb00::1", "fd00::1", "fe80::1", "::1", "::",
      "64:ff9b::1", "2002::1", "2001::1", "::ffff:198.18.1.1", "ff02::1", "100::9", "4000::1", "198.18.1.10",
      "198.18.1.11", "2001:db8:1:0:211:22ff:fe33:4455", "2001:db8:1::9c3e:71d4:b8a2:f05d",
    ].map { .address($0) }
  private static let services: [Service] = [
    .https, .http, .ssh, .smtp, .dnsUDP, .dnsTCP, .ntp, .sip, .tcp9000, .udp161,
  ]

  var judgement: Judgement {
    judge(inventory, observations: observations, policy: policy, now: now, history: history)
  }

  /// - Parameters:
  ///   - hasVantage: whether the controls agree and the resolver is known to work, whatever else happens.
  ///   - hasWaivers: whether there may be waivers on single checks.
  init(seed: UInt64, hasVantage: Bool = false, hasWaivers: Bool = true) {
    var random = SplitMix64(seed: seed)
    policy = random.onceIn(4) ? .current : random.onceIn(4) ? .firstLab : .lab
    let agencies = (0...random.pick([0, 1, 2])).map { "agency-\($0)" }
    inventory.agencies = agencies.map { Agency(id: $0, name: $0) }
    for agency in agencies where random.onceIn(2) {
      for text in random.pick([["2001:db8:1::/48"], ["2001:db8:2::/48", "198.18.0.0/15"], ["2001:db8::/32"]])
      {
        if let prefix = Prefix(text) { inventory.prefixes.append(PrefixRule(prefix: prefix, agency: agency)) }
      }
    }
    let systems = (0..<random.pick([0, 1, 3])).map { "system-\($0)" }
    for id in systems {
      inventory.systems.append(
        System(
          id: id, name: id, agency: random.pick(agencies), importance: random.pick([1, 1, 2]),
          dependsOn: random.onceIn(2) ? [random.pick(systems)] : []))
    }
    for id in agencies where random.onceIn(2) {
      inventory.systems.append(
        System(id: "wan-\(id)", name: id, agency: id, kind: random.pick([.wan, .tslcd, .web]), importance: 2))
    }
    if !random.onceIn(8) {
      let all = Prefix(.address("2001:db8::"), length: 32)
      if !inventory.prefixes.contains(where: { $0.prefix == all }) {
        inventory.prefixes.append(PrefixRule(prefix: all))
      }
    }
    for number in 0..<random.pick([1, 2, 3, 5]) {
      let host = Self.host("host-\(number)", agencies, systems, &random)
      inventory.hosts.append(host)
      observe(host, &random)
      remember(host.id, &random)
    }
    if hasWaivers {
      for subject in inventory.hosts.map(\.id) + systems + agencies where random.onceIn(6) {
        let check = random.onceIn(3) ? nil : random.pick(CheckID.allCases)
        inventory.waivers.append(
          .until(random.pick(["2020-01-01", "2099-12-31"]), on: subject, check: check))
      }
    }
    observeVantage(isGood: hasVantage, &random)
    observeLink(&random)
  }

  private static func host(
    _ id: String, _ agencies: [String], _ systems: [String], _ random: inout SplitMix64
  ) -> Host {
    Host(
      id: id, agency: random.pick(agencies),
      system: systems.isEmpty || random.onceIn(3) ? nil : random.pick(systems),
      component: random.onceIn(3) ? Component(name: "web", required: 1, total: 2) : nil,
      names: random.pick([[], ["\(id).example"], ["\(id).example", "www.\(id).example"]]),
      addresses: Set((0..<random.pick([0, 1, 2, 3])).map { _ in Self.address(&random) }).sorted(),
      services: Set((0..<random.pick([0, 1, 1, 2, 3])).map { _ in random.pick(Self.services) }).sorted())
  }

  /// Mostly addresses that hosts can be measured at.
  private static func address(_ random: inout SplitMix64) -> IPAddress {
    random.onceIn(4)
      ? random.pick(addresses) : random.pick([.host6, .host6, .secondHost6, .host4, .secondHost4])
  }

  /// Each fact at most once a host, most of them good, some missing, the rest anything there is.
  private mutating func observe(_ host: Host, _ random: inout SplitMix64) {
    var published: Set<IPAddress> = []
    let usual = Self.usualPage(&random)
    for name in host.names {
      for type in RecordType.allCases where !random.onceIn(20) {
        var outcome = random.pick(LookupOutcome.samples)
        if random.onceIn(2) {
          let address = Self.address(&random)
          outcome = address.family == (type == .a ? .ipv4 : .ipv6) ? .aaaa(address) : .noData
        }
        if type == .a, case .answer = outcome { outcome = .aaaa(.host4) }
        published.formUnion(outcome.addresses)
        record(.lookup(name: name, type: type, outcome: outcome), host.id)
        if !random.onceIn(20) {
          record(.authority(name: name, type: type, outcome: Self.authority(outcome, &random)), host.id)
        }
      }
      if !random.onceIn(20) {
        record(.iteration(name: name, outcome: random.pick(IterationOutcome.samples)), host.id)
      }
      if !random.onceIn(20) {
        let exchanger = MailExchanger(preference: 10, name: "mx.example", forward: .aaaa(.control6))
        let outcome =
          random.onceIn(2) ? random.pick(ExchangersOutcome.samples) : .exchangers([exchanger])
        record(.exchangers(name: name, outcome: outcome), host.id)
        record(
          .port(endpoint: Endpoint(.control6, 25), outcome: random.pick(ProbeOutcome.samples)), host.id)
      }
    }
    for address in published.union(host.addresses).sorted() {
      if !random.onceIn(20) {
        record(.reverse(address: address, outcome: random.pick(ReverseOutcome.samples)), host.id)
      }
      if !random.onceIn(20) { record(.echo(address: address, outcome: Self.probe(&random)), host.id) }
      observePackets(at: address, host, &random)
      for service in host.services {
        let endpoint = Endpoint(address, service.port)
        if service.transport == .tcp && !random.onceIn(20) {
          record(.port(endpoint: endpoint, outcome: Self.probe(&random)), host.id)
        }
        if service.transport == .tcp && !random.onceIn(10) {
          let times = (0..<random.pick([2, 3, 3, 4])).map { _ in
            Duration64(microseconds: random.pick([400, 900, 251_000, 800_000]))
          }
          record(.handshakeTimes(endpoint: endpoint, roundTrips: times, lost: 0), host.id)
        }
        for name in service.name.isNamed && !host.names.isEmpty ? host.names.map({ $0 }) : [nil]
        where !random.onceIn(20) {
          let outcome = Self.handshake(service, &random)
          record(
            .handshake(
              service: service.name.rawValue, endpoint: endpoint, transport: service.transport, name: name,
              outcome: outcome), host.id)
          if service.name.isNamed && !random.onceIn(20) {
            observePage(service, endpoint, name, host, usual, &random)
          }
        }
      }
    }
  }

  /// Mostly what the resolver says too, from two servers that may differ.
  private static func authority(_ outcome: LookupOutcome, _ random: inout SplitMix64) -> AuthorityOutcome {
    if random.onceIn(6) { return .noDelegation(random.pick(ServerReply.samples)) }
    if random.onceIn(12) {
      return .asked([ServerReplies(zone: "example", servers: [], reply: .notAsked(.sendFailed))])
    }
    let usual = ServerReply(outcome)
    return .asked(
      [IPAddress.nameServer1, .nameServer2, .secondHost4].map { server in
        let reply = random.onceIn(4) ? random.pick(ServerReply.samples) : usual
        return ServerReplies(zone: "example", servers: [server], reply: reply)
      })
  }

  static func probe(_ random: inout SplitMix64) -> ProbeOutcome {
    random.onceIn(4) ? random.pick(ProbeOutcome.samples) : random.pick([.reply, .reply, .reply, .nothing])
  }

  private static func handshake(_ service: Service, _ random: inout SplitMix64) -> HandshakeOutcome {
    if random.onceIn(4) { return random.pick(HandshakeOutcome.samples) }
    return switch service.name {
    case .https: .tls(.valid, key: random.pick(["11", "22"]))
    case .ssh: .ssh(key: random.pick(["aa", "aa", "bb"]))
    case .http, .smtp, .dns, .ntp, .sip, .h323, .tcp, .udp: .plain("ready")
    }
  }

  /// What the pages of a host mostly are, over both families: good, or out of order in the same way.
  private static func usualPage(_ random: inout SplitMix64) -> PageOutcome {
    random.pick([
      .page(), .page(), .page(), .page(), .page(status: 503), .page("bb", encoding: "gzip"),
      .redirectOutside(url: "https://far.example/", status: 302, addresses: [.secondHost6]),
    ])
  }

  /// A page beside a handshake: mostly the usual one, and what is said of it.
  private mutating func observePage(
    _ service: Service, _ endpoint: Endpoint, _ name: String?, _ host: Host, _ usual: PageOutcome,
    _ random: inout SplitMix64
  ) {
    var outcome = random.onceIn(4) ? random.pick(PageOutcome.samples) : usual
    if case .fetched(var page) = outcome, random.onceIn(4) {
      page.contentSHA256 = "dd"
      outcome = .fetched(page)
    }
    let kind = service.name.rawValue
    record(.page(name: name, service: kind, endpoint: endpoint, outcome: outcome), host.id)
    guard endpoint.address.family == .ipv6 else { return }
    for other in [IPAddress.host4, .secondHost4] where !random.onceIn(20) {
      record(
        .pageDifference(
          name: name, service: kind, ipv6: endpoint, ipv4: Endpoint(other, endpoint.port),
          perThousand: random.pick([1, 100, 101, 1000])), host.id)
    }
    for references in ReferenceKind.allCases where !random.onceIn(20) {
      var counts = [ReferenceOutcome.loaded: 20]
      counts[random.pick(ReferenceOutcome.allCases)] = random.pick([1, 20])
      if random.onceIn(10) { counts = [:] }
      record(
        .references(
          name: name, service: kind, endpoint: endpoint, kind: references,
          tally: ReferenceTally(found: 40, counts: counts)), host.id)
    }
  }

  /// Rounds and traffic, mostly none.
  private mutating func remember(_ host: String, _ random: inout SplitMix64) {
    if random.onceIn(2) {
      let total = random.pick([0, 20, 100])
      history.rounds[host] = History.Rounds(
        succeeded: total * random.pick([90, 95, 100]) / 100, total: total,
        first: now.earlier(byDays: random.pick([3, 7, 9])))
    }
    if random.onceIn(2) {
      history.traffic[host] = History.Traffic(
        observedSince: now.earlier(byDays: random.pick([10, 40])),
        lastIPv4Flow: random.pick([nil, now.earlier(byDays: 5), now.earlier(byDays: 35)]))
    }
  }

  /// Mostly behind a router; else on the link of the usual addresses, with routers of all kinds there.
  private mutating func observeLink(_ random: inout SplitMix64) {
    if random.onceIn(8) { return }
    let isOnLink = random.onceIn(2)
    let watched: Int64 = random.pick([12, 12, 1900])
    record(
      .link(
        VantageLink(
          interface: "eth0", prefixes: [.prefix(isOnLink ? "2001:db8:1::/64" : "2001:db8:ffff::/64")],
          watched: Duration64(microseconds: 1_000_000 * watched), dropped: random.pick([0, 0, 3]))), "")
    for index in inventory.hosts.indices where random.onceIn(4) {
      inventory.hosts[index].mac = .router
      inventory.hosts[index].tags = ["router"]
    }
    for mac in [MACAddress.router, .rogue] where random.onceIn(2) {
      var message = RouterAdvertisement(hasOtherConfiguration: random.onceIn(2))
      if random.onceIn(2) { message.prefixes = [.init(prefix: .prefix("2001:db8:1::/64"))] }
      if random.onceIn(4) { message.prefixes.append(.init(prefix: .prefix("2001:db8:bad::/64"))) }
      if random.onceIn(2) { message.resolvers = [random.pick([.host6, .router6])] }
      record(
        .advertisement(
          SeenAdvertisement(interface: "eth0", router: .address("fe80::1"), mac: mac, message: message)), "")
    }
  }

  private mutating func observeVantage(isGood: Bool, _ random: inout SplitMix64) {
    if !random.onceIn(4) {
      let own: [IPAddress] = [.address("2001:db8:ffff::2")]
      record(.vantage(addresses: random.onceIn(6) ? own : [.address("198.19.255.2")] + own), "")
    }
    if isGood || !random.onceIn(4) { observeZone(&random) }
    let positive = ControlTarget(address: .control6)
    let dark = ControlTarget(address: .dark6)
    if isGood {
      record(.control(role: .positive, target: positive, outcome: .reply), "")
      record(.control(role: .dark, target: dark, outcome: .nothing), "")
      record(.lookup(name: "control.example", type: .a, outcome: .noData), "")
      return
    }
    let isUsual = !random.onceIn(4)
    if !random.onceIn(4) {
      let outcome = isUsual ? .reply : random.pick(ProbeOutcome.samples)
      record(.control(role: .positive, target: positive, outcome: outcome), "")
    }
    if !random.onceIn(20) {
      let outcome = isUsual ? .nothing : random.pick(ProbeOutcome.samples)
      record(.control(role: .dark, target: dark, outcome: outcome), "")
    }
  }

  private mutating func observeZone(_ random: inout SplitMix64) {
    let addresses = [IPAddress.nameServer1, .nameServer2, .host4]
    let servers = addresses.enumerated().map {
      NameServer(name: "ns\($0.offset).example", addresses: [$0.element])
    }
    record(.delegation(zone: "example", servers: servers, source: .root), "")
    for address in addresses {
      let replies = (0..<2).map { _ in random.onceIn(3) ? random.pick(ServerReply.samples) : .answer([]) }
      record(.nameServer(zone: "example", server: address, udp: replies[0], tcp: replies[1], serial: 1), "")
    }
    if random.onceIn(4) { record(.synthesis(prefixes: [Prefix(.host6, length: 96)]), "") }
  }

  mutating func record(_ fact: Fact, _ host: String) {
    let sequence = observations.count + 1
    observations.append(
      Observation(
        sequence: sequence, host: host, at: Timestamp(seconds: 1_789_000_000 + Int64(sequence / 3)),
        vantage: "lab", fact: fact))
  }
}
