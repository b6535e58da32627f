import Observations
import Testing
import Wire

@testable import Readiness

@Suite("address.scope") struct AddressScopeTests {
  /// By hand, from the rubric: an address of each scope, its reason, and whether it passes under `2026-0` and
  /// under `2026-0-lab`. Private use is a word of IPv4; no IPv6 address has it.
  static let table: [AddressScope: (text: String, reason: Reason, current: Verdict, lab: Verdict)] = [
    .global: ("2400:cb00::1", .scopeGlobal, .pass, .pass),
    .documentation: ("3fff::1", .scopeDocumentation, .fail, .pass),
    .unspecified: ("::", .scopeUnspecified, .fail, .fail),
    .loopback: ("::1", .scopeLoopback, .fail, .fail),
    .linkLocal: ("fe80::1", .scopeLinkLocal, .fail, .fail),
    .uniqueLocal: ("fd12:3456::1", .scopeUniqueLocal, .fail, .fail),
    .ipv4Mapped: ("::ffff:198.51.100.1", .scopeIPv4Mapped, .fail, .fail),
    .sixToFour: ("2002:c633:6401::1", .scope6to4, .fail, .fail),
    .teredo: ("2001:0:1234::1", .scopeTeredo, .fail, .fail),
    .nat64: ("64:ff9b::198.51.100.1", .scopeNAT64, .fail, .fail),
    .multicast: ("ff02::1", .scopeMulticast, .fail, .fail),
    .discard: ("100::1", .scopeDiscard, .fail, .fail),
    .reserved: ("4000::1", .scopeReserved, .fail, .fail),
  ]

  @Test("The table has every scope of IPv6")
  func complete() {
    #expect(Set(Self.table.keys) == Set(AddressScope.allCases).subtracting([.privateUse]))
    for (scope, line) in Self.table { #expect(IPAddress.address(line.text).scope == scope) }
  }

  @Test("Every scope under both policies, declared and published alike", arguments: [true, false])
  func truthTable(isDeclared: Bool) {
    for line in Self.table.values {
      for (policy, verdict) in [(Policy.current, line.current), (Policy.lab, line.lab)] {
        var scene = Scene.healthy()
        scene.policy = policy
        scene.host.addresses = [.host4] + (isDeclared ? [.address(line.text)] : [])
        scene.lookup(.aaaa, isDeclared ? .noData : .aaaa(.address(line.text)))
        #expect(scene.answer(.addressScope) == Expected(verdict, line.reason), "\(line.text) \(policy.id)")
        if verdict == .fail { #expect(scene.state == HostState.none, "\(line.text) \(policy.id)") }
      }
    }
  }

  @Test("One bad address among good ones fails, and says where it comes from")
  func mixture() {
    var scene = Scene.healthy()
    scene.lookup(.aaaa, .aaaa(.host6, .address("fd00::10")))
    #expect(
      scene.answers(.addressScope) == [
        "2001:db8:1::10": .pass(.scopeDocumentation), "fd00::10": .fail(.scopeUniqueLocal),
      ])
    #expect(scene.verdict.rows.last { $0.check == .addressScope }?.detail == "AAAA of portal.example")
    #expect(scene.state == HostState.none)
  }

  @Test("Without any address there is nothing to judge")
  func noAddress() {
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.addressScope) == .na(.noAddress))
  }
}
