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

  private static let addresses: [IPAddress] =
    [
      "2001:db8:1::10", "2001:db8:1::11", "2001:db8:1::12", "2400:cb00::1", "fd00::1", "fe80::1", "::1", "::",
      "64:ff9b::1", "2002::1", "2001::1", "::ffff:198.18.1.1", "ff02::1", "100::9", "4000::1", "198.18.1.10",
      "198.18.1.11",
    ].map { .address($0) }
  private static let services: [Service] = [
    .https, .http, .ssh, .smtp, .dnsUDP, .dnsTCP, .ntp, .sip, .tcp9000, .udp161,
  ]

  var judgement: Judgement { judge(inventory, observations: observations, policy: policy, now: now) }

  /// - Parameters:
  ///   - hasVantage: whether the controls agree and the resolver is known to work, whatever else happens.
  ///   - hasWaivers: whether there may be waivers on single checks.
  init(seed: UInt64, hasVantage: Bool = false, hasWaivers: Bool = true) {
    var random = SplitMix64(seed: seed)
    policy = random.onceIn(4) ? .current : .lab
    let agencies = (0...random.pick([0, 1, 2])).map { "agency-\($0)" }
    inventory.agencies = agencies.map { Agency(id: $0, name: $0) }
    let systems = (0..<random.pick([0, 1, 3])).map { "system-\($0)" }
    for id in systems {
      inventory.systems.append(
        System(
          id: id, name: id, agency: random.pick(agencies), importance: random.pick([1, 1, 2]),
          dependsOn: random.onceIn(2) ? [random.pick(systems)] : []))
    }
    for number in 0..<random.pick([1, 2, 3, 5]) {
      let host = Self.host("host-\(number)", agencies, systems, &random)
      inventory.hosts.append(host)
      observe(host, &random)
    }
    if hasWaivers {
      for subject in inventory.hosts.map(\.id) + systems + agencies where random.onceIn(6) {
        let check = random.onceIn(3) ? nil : random.pick(CheckID.allCases)
        inventory.waivers.append(
          .until(random.pick(["2020-01-01", "2099-12-31"]), on: subject, check: check))
      }
    }
    observeVantage(isGood: hasVantage, &random)
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
      }
    }
    for address in published.union(host.addresses).sorted() {
      if !random.onceIn(20) { record(.echo(address: address, outcome: Self.probe(&random)), host.id) }
      for service in host.services {
        let endpoint = Endpoint(address, service.port)
        if service.transport == .tcp && !random.onceIn(20) {
          record(.port(endpoint: endpoint, outcome: Self.probe(&random)), host.id)
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

  private static func probe(_ random: inout SplitMix64) -> ProbeOutcome {
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

  private mutating func observeVantage(isGood: Bool, _ random: inout SplitMix64) {
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

  private mutating func record(_ fact: Fact, _ host: String) {
    let sequence = observations.count + 1
    observations.append(
      Observation(
        sequence: sequence, host: host, at: Timestamp(seconds: 1_789_000_000 + Int64(sequence / 3)),
        vantage: "lab", fact: fact))
  }
}
