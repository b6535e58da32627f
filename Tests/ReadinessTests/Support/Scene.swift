import Inventory
import Observations
import Wire

@testable import Readiness

extension IPAddress {
  static let host6 = address("2001:db8:1::10")
  static let secondHost6 = address("2001:db8:1::11")
  static let host4 = address("198.18.1.10")
  static let secondHost4 = address("198.18.1.11")
  static let router6 = address("2001:db8::1")
  static let router4 = address("198.18.0.1")
  static let control6 = address("2001:db8:53::53")
  static let nameServer1 = address("2001:db8:53::1")
  static let nameServer2 = address("2001:db8:53::2")
  static let dark6 = address("100::1")

  static func address(_ text: String) -> IPAddress {
    guard let address = IPAddress(text) else { preconditionFailure("no address: \(text)") }
    return address
  }
}

extension Service {
  static let https = Service(.https, port: 443, transport: .tcp)
  static let http = Service(.http, port: 80, transport: .tcp)
  static let ssh = Service(.ssh, port: 22, transport: .tcp)
  static let smtp = Service(.smtp, port: 25, transport: .tcp)
  static let dnsUDP = Service(.dns, port: 53, transport: .udp)
  static let dnsTCP = Service(.dns, port: 53, transport: .tcp)
  static let ntp = Service(.ntp, port: 123, transport: .udp)
  static let sip = Service(.sip, port: 5060, transport: .udp)
  static let tcp9000 = Service(.tcp, port: 9000, transport: .tcp)
  static let udp161 = Service(.udp, port: 161, transport: .udp)
}

extension CivilDate {
  static func day(_ text: String) -> CivilDate {
    guard let day = CivilDate(text) else { preconditionFailure("no day: \(text)") }
    return day
  }
}

/// One host and what was observed of it, at a vantage whose controls agree unless a test says otherwise.
struct Scene {
  static let name = "portal.example"

  var host: Host
  var policy = Policy.lab
  var waivers: [Waiver] = []
  var prefixes: [PrefixRule] = []
  var now = Timestamp(seconds: 1_790_000_000)
  private(set) var observations: [Observation] = []

  init(_ host: Host) {
    self.host = host
    observe(.control(role: .positive, target: ControlTarget(address: .control6), outcome: .reply), host: "")
    observe(.control(role: .dark, target: ControlTarget(address: .dark6), outcome: .nothing), host: "")
    observe(.vantage(addresses: [.address("198.19.255.2"), .address("2001:db8:ffff::2")]), host: "")
    observe(
      .link(
        VantageLink(
          interface: "eth0", prefixes: [.prefix("2001:db8:ffff::/64")],
          watched: Duration64(microseconds: 10_000_000))),
      host: "")
  }

  /// A dual-stack host with a name, all of whose services work in both families.
  static func healthy(_ services: [Service] = [.https], names: [String] = [name]) -> Scene {
    var scene = Scene(
      Host(
        id: "portal", agency: "office", names: names, addresses: [.host4, .host6],
        services: services.sorted()))
    scene.serveZone()
    for name in names {
      scene.lookup(.a, .answer(addresses: [.host4], aliases: []), name: name)
      scene.lookup(.aaaa, .aaaa(.host6), name: name)
      scene.observe(.iteration(name: name, outcome: .resolved([.host6])))
      scene.observe(.exchangers(name: name, outcome: .none))
    }
    if let name = names.first {
      let pointer = Pointer(name: name, forward: .aaaa(.host6))
      scene.observe(.reverse(address: .host6, outcome: .pointers([pointer])))
    }
    for address in [IPAddress.host4, .host6] {
      scene.echo(address, .reply)
      for service in services { scene.serve(service, at: address) }
    }
    scene.observeHealthyPackets()
    return scene
  }

  /// Says something about what is already known: a fact about the same thing is replaced.
  mutating func observe(_ fact: Fact, host: String? = nil) {
    let host = host ?? self.host.id
    observations.removeAll { $0.host == host && $0.fact.subject == fact.subject }
    let sequence = (observations.map(\.sequence).max() ?? 0) + 1
    observations.append(
      Observation(
        sequence: sequence, host: host, at: Timestamp(seconds: 1_789_990_000 + Int64(sequence)),
        vantage: "lab", fact: fact))
  }

  mutating func forget(_ isForgotten: (Fact) -> Bool) {
    observations.removeAll { isForgotten($0.fact) }
  }

  mutating func echo(_ address: IPAddress, _ outcome: ProbeOutcome) {
    observe(.echo(address: address, outcome: outcome))
  }

  mutating func port(_ port: UInt16, at address: IPAddress = .host6, _ outcome: ProbeOutcome) {
    observe(.port(endpoint: Endpoint(address, port), outcome: outcome))
  }

  /// What the resolver says of a name, and every authoritative server too.
  mutating func lookup(_ type: RecordType, _ outcome: LookupOutcome, name: String = Scene.name) {
    observe(.lookup(name: name, type: type, outcome: outcome))
    authority([.nameServer1, .nameServer2], ServerReply(outcome), type, name: name)
  }

  /// What servers of the name's zone say of it.
  mutating func authority(
    _ servers: [IPAddress], _ reply: ServerReply, _ type: RecordType = .aaaa, name: String = Scene.name
  ) {
    observe(
      .authority(
        name: name, type: type,
        outcome: .asked([ServerReplies(zone: "example", servers: servers, reply: reply)])))
  }

  /// Two name servers that do all they should.
  mutating func serveZone() {
    let servers = [
      NameServer(name: "ns1.example", addresses: [.nameServer1]),
      NameServer(name: "ns2.example", addresses: [.nameServer2]),
    ]
    observe(.delegation(zone: "example", servers: servers, source: .root), host: "")
    for address in [IPAddress.nameServer1, .nameServer2] {
      observe(
        .nameServer(zone: "example", server: address, udp: .answer([]), tcp: .answer([]), serial: 1), host: ""
      )
    }
  }

  mutating func control(_ role: ControlRole, _ outcome: ProbeOutcome, at address: IPAddress? = nil) {
    let target = ControlTarget(address: address ?? (role == .positive ? .control6 : .dark6))
    observe(.control(role: role, target: target, outcome: outcome), host: "")
  }

  mutating func handshake(
    _ service: Service, at address: IPAddress = .host6, name: String? = nil, _ outcome: HandshakeOutcome
  ) {
    observe(
      .handshake(
        service: service.name.rawValue, endpoint: Endpoint(address, service.port),
        transport: service.transport, name: name, outcome: outcome))
  }

  mutating func page(
    _ service: Service, at address: IPAddress = .host6, name: String? = Scene.name, _ outcome: PageOutcome
  ) {
    observe(
      .page(
        name: name, service: service.name.rawValue, endpoint: Endpoint(address, service.port),
        outcome: outcome))
  }

  mutating func difference(_ perThousand: Int, _ service: Service = .https, name: String? = Scene.name) {
    observe(
      .pageDifference(
        name: name, service: service.name.rawValue, ipv6: Endpoint(.host6, service.port),
        ipv4: Endpoint(.host4, service.port), perThousand: perThousand))
  }

  mutating func references(
    _ kind: ReferenceKind, _ tally: ReferenceTally, _ service: Service = .https, name: String? = Scene.name
  ) {
    observe(
      .references(
        name: name, service: service.name.rawValue, endpoint: Endpoint(.host6, service.port), kind: kind,
        tally: tally))
  }

  /// The service works at the address, under every name of the host where it is asked by name.
  mutating func serve(_ service: Service, at address: IPAddress) {
    if service.transport == .tcp {
      port(service.port, at: address, .reply)
      let times = Array(repeating: Duration64(microseconds: 1_000), count: 3)
      observe(.handshakeTimes(endpoint: Endpoint(address, service.port), roundTrips: times, lost: 0))
    }
    let names: [String?] = service.name.isNamed && !host.names.isEmpty ? host.names : [nil]
    for name in names {
      switch service.name {
      case .https: handshake(service, at: address, name: name, .tls(.valid))
      case .ssh: handshake(service, at: address, name: name, .ssh(key: "aa"))
      case .http, .smtp, .dns, .ntp, .sip: handshake(service, at: address, name: name, .plain("ready"))
      case .h323, .tcp, .udp: break
      }
      if service.name.isNamed {
        page(service, at: address, name: name, .page())
        if address.family == .ipv6 {
          for kind in ReferenceKind.allCases {
            references(kind, ReferenceTally(found: 3, counts: [.loaded: 3]), service, name: name)
          }
        }
      }
    }
  }

  /// Nothing at the address answers anything.
  mutating func silence(_ address: IPAddress) {
    echo(address, .nothing)
    for service in host.services {
      switch service.transport {
      case .tcp:
        port(service.port, at: address, .nothing)
        forget { $0.isHandshake(with: Endpoint(address, service.port)) }
      case .udp: handshake(service, at: address, .timeout(.exchange))
      }
    }
  }

  var judgement: Judgement {
    let inventory = Inventory(
      agencies: [Agency(id: "office", name: "Văn phòng (minh họa)")], hosts: [host], prefixes: prefixes,
      waivers: waivers)
    return judge(inventory, observations: observations, policy: policy, now: now)
  }

  var verdict: HostVerdict { judgement.hosts[0] }
  var state: HostState { verdict.state }

  /// Verdict and reason of each row of a check, by subject.
  func answers(_ check: CheckID) -> [String: Expected] {
    let rows = judgement.rows.filter { $0.check == check }
    return Dictionary(uniqueKeysWithValues: rows.map { ($0.subject, Expected($0.verdict, $0.reason)) })
  }

  /// Verdict and reason of the only row of a check; `nil` when there are more.
  func answer(_ check: CheckID) -> Expected? {
    let answers = answers(check)
    return answers.count == 1 ? answers.first?.value : nil
  }
}

/// What a truth table expects of one row.
struct Expected: Hashable, CustomStringConvertible {
  var verdict: Verdict
  var reason: Reason

  init(_ verdict: Verdict, _ reason: Reason) {
    self.verdict = verdict
    self.reason = reason
  }

  static func pass(_ reason: Reason) -> Expected { Expected(.pass, reason) }
  static func fail(_ reason: Reason) -> Expected { Expected(.fail, reason) }
  static func unknown(_ reason: Reason) -> Expected { Expected(.unknown, reason) }
  static func na(_ reason: Reason) -> Expected { Expected(.na, reason) }

  var description: String { "\(verdict.rawValue) (\(reason.rawValue))" }
}

/// What a fact is about, whatever came of it.
enum FactSubject: Hashable {
  case echo(IPAddress)
  case port(Endpoint)
  case lookup(String, RecordType)
  case handshake(String, Endpoint, Transport, String?)
  case control(ControlRole, ControlTarget)
  case handshakeTimes(Endpoint)
  case vantage
  case link(String)
  case advertisement(IPAddress, MACAddress?)
  case traffic(IPAddress)
  case delegation(String)
  case nameServer(String, IPAddress)
  case authority(String, RecordType)
  case iteration(String)
  case reverse(IPAddress)
  case exchangers(String)
  case synthesis
  case pathMTU(IPAddress, isEcho: Bool)
  case path(AddressFamily)
  case survey(IPAddress)
  case datagram(Endpoint)
  case tunnel(TunnelKind, IPAddress)
  case alias(IPAddress)
  case page(String?, String, Endpoint)
  case difference(String?, String, Endpoint, Endpoint)
  case references(String?, String, Endpoint, ReferenceKind)
}

extension ServerReply {
  /// What a server would have said that made a resolver say so.
  init(_ outcome: LookupOutcome) {
    switch outcome {
    case .answer(let addresses, _): self = .answer(addresses)
    case .noData: self = .noData
    case .nxDomain: self = .nxDomain
    case .servFail: self = .servFail
    case .refused: self = .refused
    case .failed(let rcode): self = .failed(rcode: UInt16(rcode))
    case .malformed(let what): self = .malformed(what)
    case .timeout(let tries): self = .timeout(tries: tries)
    case .unreachable(let why): self = .unreachable(why)
    }
  }
}

extension Fact {
  var subject: FactSubject {
    switch self {
    case .echo(let address, _): .echo(address)
    case .port(let endpoint, _): .port(endpoint)
    case .lookup(let name, let type, _): .lookup(name, type)
    case .handshake(let service, let endpoint, let transport, let name, _):
      .handshake(service, endpoint, transport, name)
    case .control(let role, let target, _): .control(role, target)
    case .handshakeTimes(let endpoint, _, _): .handshakeTimes(endpoint)
    case .vantage: .vantage
    case .link(let link): .link(link.interface)
    case .advertisement(let seen): .advertisement(seen.router, seen.mac)
    case .traffic(let seen): .traffic(seen.address)
    case .delegation(let zone, _, _): .delegation(zone)
    case .nameServer(let zone, let server, _, _, _): .nameServer(zone, server)
    case .authority(let name, let type, _): .authority(name, type)
    case .iteration(let name, _): .iteration(name)
    case .reverse(let address, _): .reverse(address)
    case .exchangers(let name, _): .exchangers(name)
    case .synthesis: .synthesis
    case .pathMTU(let address, let port, _, _): .pathMTU(address, isEcho: port == nil)
    case .path(let path): .path(path.target.family)
    case .portSurvey(let address, _): .survey(address)
    case .datagram(let endpoint, _): .datagram(endpoint)
    case .tunnel(let kind, let address, _): .tunnel(kind, address)
    case .alias(let address, _): .alias(address)
    case .page(let name, let service, let endpoint, _): .page(name, service, endpoint)
    case .pageDifference(let name, let service, let ipv6, let ipv4, _): .difference(name, service, ipv6, ipv4)
    case .references(let name, let service, let endpoint, let kind, _):
      .references(name, service, endpoint, kind)
    }
  }

  func isHandshake(with endpoint: Endpoint) -> Bool {
    if case .handshake(_, endpoint, _, _, _) = self { true } else { false }
  }
}
