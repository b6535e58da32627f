import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

/// Cases from the field, judged as a whole: what was seen, the host's state, and the row that explains it.
@Suite("Cases from the field") struct FieldCaseTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var state: HostState
    var decisive: (check: CheckID, reason: Reason)?
    var services: [Service] = [.https]
    var spoil: @Sendable (inout Scene) -> Void

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "healthy", state: .operational) { _ in },
    Case(name: "no IPv6 at all", state: .none, decisive: (.addressPresent, .noAddress)) { scene in
      scene.host.addresses = [.host4]
      scene.lookup(.aaaa, .noData)
    },
    Case(name: "IPv6 works, but the name has no AAAA", state: .reachable, decisive: (.dnsAAAA, .dnsNoData)) {
      $0.lookup(.aaaa, .noData)
    },
    Case(
      name: "dead AAAA: the only address answers nothing", state: .addressed, decisive: (.reachTCP, .silent)
    ) {
      $0.silence(.host6)
    },
    Case(name: "port closed on IPv6 only", state: .addressed, decisive: (.reachTCP, .closed)) {
      $0.port(443, .reset)
    },
    Case(name: "port dropped on IPv6 only", state: .addressed, decisive: (.reachTCP, .silent)) {
      $0.port(443, .nothing)
    },
    Case(name: "port rejected on IPv6 only", state: .addressed, decisive: (.reachTCP, .rejected)) {
      $0.port(443, .icmp(1, 1))
    },
    Case(name: "one of two AAAA dead", state: .addressed, decisive: (.reachTCP, .silent)) { scene in
      scene.lookup(.aaaa, .aaaa(.host6, .secondHost6))
      scene.silence(.secondHost6)
    },
    Case(
      name: "one of two ports closed", state: .addressed, decisive: (.reachTCP, .closed),
      services: [.https, .ssh]
    ) {
      $0.port(22, .reset)
    },
    Case(name: "ULA in AAAA", state: .none, decisive: (.addressScope, .scopeUniqueLocal)) {
      $0.lookup(.aaaa, .aaaa(.address("fd00::10")))
    },
    Case(name: "link-local beside a good AAAA", state: .none, decisive: (.addressScope, .scopeLinkLocal)) {
      $0.lookup(.aaaa, .aaaa(.host6, .address("fe80::10")))
    },
    Case(name: "6to4 in AAAA", state: .none, decisive: (.addressScope, .scope6to4)) {
      $0.lookup(.aaaa, .aaaa(.address("2002:c633:6401::1")))
    },
    Case(name: "Teredo in AAAA", state: .none, decisive: (.addressScope, .scopeTeredo)) {
      $0.lookup(.aaaa, .aaaa(.address("2001:0:1234::1")))
    },
    Case(name: "mapped address in AAAA", state: .none, decisive: (.addressScope, .scopeIPv4Mapped)) {
      $0.lookup(.aaaa, .aaaa(.address("::ffff:198.18.1.10")))
    },
    Case(name: "DNS64 on the vantage makes up AAAA", state: .none, decisive: (.addressScope, .scopeNAT64)) {
      scene in
      scene.host.addresses = [.host4]
      scene.lookup(.aaaa, .aaaa(.address("64:ff9b::198.18.1.10")))
    },
    Case(
      name: "wrong certificate on IPv6 only", state: .reachable,
      decisive: (.serviceHandshake, .certificateWrongName)
    ) { $0.handshake(.https, name: Scene.name, .tls(.wrongName)) },
    Case(
      name: "expired certificate on IPv6 only", state: .reachable,
      decisive: (.serviceHandshake, .certificateExpired)
    ) { $0.handshake(.https, name: Scene.name, .tls(.expired)) },
    Case(name: "another valid certificate on IPv6", state: .operational) {
      $0.handshake(.https, name: Scene.name, .tls(.valid, key: "22"))
    },
    Case(name: "ICMP filtered, service fine", state: .operational) { $0.echo(.host6, .nothing) },
    Case(name: "ICMP rejected, service fine", state: .operational) { $0.echo(.host6, .icmp(1, 1)) },
    Case(name: "AAAA times out while A is answered", state: .reachable, decisive: (.dnsAAAA, .dnsTimeout)) {
      $0.lookup(.aaaa, .timeout(tries: 3))
    },
    Case(name: "SERVFAIL for AAAA only", state: .reachable, decisive: (.dnsAAAA, .dnsServFail)) {
      $0.lookup(.aaaa, .servFail)
    },
    Case(
      name: "neither the resolver nor any name server answers", state: .unknown,
      decisive: (.dnsAAAA, .nameServersSilent)
    ) { scene in
      scene.lookup(.a, .timeout(tries: 3))
      scene.lookup(.aaaa, .timeout(tries: 3))
      scene.forget { if case .nameServer = $0 { true } else { false } }
    },
    Case(
      name: "AAAA times out and no address is declared", state: .unknown,
      decisive: (.addressPresent, .aaaaNotAnswered)
    ) { scene in
      scene.host.addresses = [.host4]
      scene.lookup(.aaaa, .timeout(tries: 3))
    },
    Case(
      name: "vantage without IPv6", state: .unknown, decisive: (.reachTCP, .vantageWithoutIPv6)
    ) { scene in
      scene.control(.positive, .notSent(.noRoute))
      scene.echo(.host6, .notSent(.noRoute))
      scene.port(443, .notSent(.noRoute))
    },
    Case(
      name: "vantage without IPv6: a bad address is still judged", state: .none,
      decisive: (.addressScope, .scopeUniqueLocal)
    ) { scene in
      scene.control(.positive, .notSent(.noRoute))
      scene.lookup(.aaaa, .aaaa(.address("fd00::10")))
    },
    Case(
      name: "something answers for everybody", state: .unknown, decisive: (.reachTCP, .vantageWithoutIPv6)
    ) { $0.control(.dark, .reply) },
    Case(name: "IPv6-only host", state: .operational) { scene in
      scene.host.addresses = [.host6]
      scene.lookup(.a, .noData)
      for address in [IPAddress.host4] {
        scene.forget { $0.subject == .echo(address) || $0.subject == .port(Endpoint(address, 443)) }
        scene.forget { $0.isHandshake(with: Endpoint(address, 443)) }
      }
    },
    Case(name: "IPv4 dead, IPv6 fine", state: .operational, services: [.https, .ssh]) {
      $0.silence(.host4)
    },
    Case(name: "service closed in both families", state: .addressed, decisive: (.reachTCP, .closed)) {
      scene in
      scene.port(443, at: .host4, .reset)
      scene.port(443, at: .host6, .reset)
    },
    Case(
      name: "another SSH host key on IPv6", state: .reachable,
      decisive: (.serviceHandshake, .hostKeyDiffers), services: [.ssh]
    ) { $0.handshake(.ssh, .ssh(key: "bb")) },
    Case(name: "SSH filtered on IPv4, open on IPv6", state: .operational, services: [.ssh]) { scene in
      scene.port(22, at: .host4, .nothing)
      scene.forget { $0.isHandshake(with: Endpoint(.host4, 22)) }
    },
    Case(name: "UDP only: a time server", state: .operational, services: [.ntp]) { _ in },
    Case(
      name: "UDP only: silent over IPv6", state: .reachable, decisive: (.dnsLive, .handshakeTimeout),
      services: [.ntp]
    ) { $0.handshake(.ntp, .timeout(.exchange)) },
    Case(
      name: "UDP only, without a name", state: .reachable, decisive: (.servicePorts, .connectionRefused),
      services: [.ntp]
    ) {
      scene in
      scene.host.names = []
      scene.handshake(.ntp, .refused)
    },
    Case(
      name: "SNMP only: nothing to ask", state: .unknown, decisive: (.dnsLive, .protocolNotMeasurable),
      services: [.udp161]
    ) { _ in },
    Case(name: "a TCP port of unknown protocol", state: .operational, services: [.tcp9000]) { _ in },
    Case(
      name: "no service declared", state: .unknown, decisive: (.reachTCP, .noServiceDeclared), services: []
    ) {
      _ in
    },
    Case(
      name: "DNS server: TCP filtered on IPv6", state: .addressed, decisive: (.reachTCP, .silent),
      services: [.dnsUDP, .dnsTCP]
    ) {
      $0.port(53, .nothing)
    },
    Case(name: "the capture dropped packets", state: .unknown, decisive: (.reachTCP, .captureDropped)) {
      $0.port(443, .lost)
    },
    Case(name: "AAAA outside the scope", state: .unknown, decisive: (.reachTCP, .outOfScope)) { scene in
      scene.lookup(.aaaa, .aaaa(.host6, .secondHost6))
      scene.echo(.secondHost6, .notSent(.outOfScope))
      scene.port(443, at: .secondHost6, .notSent(.outOfScope))
    },
    Case(
      name: "the host is off: neighbour silent", state: .addressed, decisive: (.reachTCP, .neighbourSilent)
    ) {
      scene in
      scene.echo(.host6, .notSent(.neighbourSilent))
      scene.port(443, .notSent(.neighbourSilent))
    },
    Case(
      name: "large answers lost on the way: TLS never ends", state: .reachable,
      decisive: (.serviceHandshake, .handshakeTimeout)
    ) { $0.handshake(.https, name: Scene.name, .timeout(.tls)) },
    Case(
      name: "plain HTTP on the TLS port", state: .reachable, decisive: (.serviceHandshake, .protocolError)
    ) { $0.handshake(.https, name: Scene.name, .protocolError(.tls, "wrong version number")) },
    Case(
      name: "access list of IPv4 addresses only", state: .reachable,
      decisive: (.serviceHandshake, .closedEarly),
      services: [.smtp]
    ) { $0.handshake(.smtp, .closedEarly(.exchange)) },
    Case(name: "slow or lossy path: the third try is answered", state: .operational) {
      $0.port(443, .lateReply)
    },
  ]

  @Test("Each case has its state and the row that explains it", arguments: cases)
  func judged(field: Case) {
    var scene = Scene.healthy(field.services)
    field.spoil(&scene)
    let judgement = scene.judgement
    let verdict = judgement.hosts[0]
    #expect(verdict.state == field.state)
    let row = verdict.decisive(scene.policy)
    #expect(row?.check == field.decisive?.check)
    #expect(row?.reason == field.decisive?.reason)
    let outcome = Outcome(field.state)
    #expect(judgement.agencies[0].outcome == outcome, "the agency has this host alone")
    #expect(judgement.city.converted == (outcome == .converted ? 1 : 0))
    #expect(judgement.agencies[0].missing.isEmpty == (outcome == .converted))
  }

  @Test("Every row says which observations it rests on, and when the latest was made")
  func evidence() {
    let scene = Scene.healthy([.https, .ssh])
    let known = Dictionary(uniqueKeysWithValues: scene.observations.map { ($0.sequence, $0.at) })
    for row in scene.judgement.rows {
      #expect(row.evidence == row.evidence.sorted())
      #expect(row.observedAt == row.evidence.compactMap { known[$0] }.max())
      if row.verdict == .pass && row.reason != .addressDeclared { #expect(!row.evidence.isEmpty, "\(row)") }
    }
    #expect(scene.verdict.measuredAt == scene.observations.filter { $0.host == "portal" }.map(\.at).max())
  }

  @Test("IPv4 that was left out on purpose is not missed, and does not excuse IPv6")
  func withoutComparison() {
    var scene = Scene.healthy([.ssh, .ntp])
    scene.forget { fact in
      switch fact.subject {
      case .echo(let address): address.family == .ipv4
      case .port(let endpoint), .handshake(_, let endpoint, _, _): endpoint.address.family == .ipv4
      case .lookup(_, let type), .authority(_, let type): type == .a
      case .handshakeTimes(let endpoint): endpoint.address.family == .ipv4
      case .survey(let address), .tunnel(_, let address): address.family == .ipv4
      case .control, .vantage, .link, .advertisement, .traffic, .delegation, .nameServer, .iteration,
        .reverse,
        .exchangers, .synthesis, .pathMTU, .path, .datagram, .alias, .page,
        .difference, .references:
        false
      }
    }
    func verdict(_ scene: Scene) -> HostVerdict {
      judge(
        Inventory(hosts: [scene.host]), observations: scene.observations, policy: .lab, now: scene.now,
        comparingIPv4: false
      ).hosts[0]
    }
    #expect(scene.state == .unknown, "the SSH key would have been compared")
    #expect(verdict(scene).state == .operational)
    scene.handshake(.ntp, .timeout(.exchange))
    #expect(verdict(scene).state == .reachable)
  }

  @Test("Of several observations of one thing the latest counts")
  func latest() {
    var scene = Scene.healthy()
    var again = Observation(
      sequence: 1_000, host: "portal", at: Timestamp(seconds: 1_790_000_000), vantage: "lab",
      fact: .port(endpoint: Endpoint(.host6, 443), outcome: .nothing))
    let inventory = Inventory(agencies: [Agency(id: "office", name: "office")], hosts: [scene.host])
    func state(_ observations: [Observation]) -> HostState {
      judge(inventory, observations: observations, policy: .lab, now: scene.now).hosts[0].state
    }
    #expect(state([again] + scene.observations) == .addressed)
    again.at = Timestamp(seconds: 1)
    #expect(state(scene.observations + [again]) == .operational)
    scene.forget { _ in true }
    #expect(state(scene.observations) == .unknown)
  }
}
