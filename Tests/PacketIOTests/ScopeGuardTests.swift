import Observations
import Probing
import Testing
import Wire

@testable import PacketIO

/// The guard believes nothing but the bytes that are about to leave.
@Suite struct ScopeGuardTests {
  private static let allowed = Prefix("2001:db8:1::/48")!
  private static let hole = Prefix("2001:db8:1:bad::/64")!
  private static let ipv4 = Prefix("192.0.2.0/24")!

  private static var scope: Scope {
    Scope([(prefix: allowed, rule: .allow), (prefix: hole, rule: .exclude), (prefix: ipv4, rule: .allow)])
  }

  @Test(arguments: [
    ("2001:db8:1::1", true), ("2001:db8:1:bad::1", false), ("2001:db8:2::1", false), ("192.0.2.9", true),
    ("198.51.100.1", false),
  ]) func asksAboutTheDestinationInThePacket(_ target: String, _ isAdmitted: Bool) throws {
    let target = try #require(IPAddress(target))
    let source = try #require(IPAddress(target.family == .ipv6 ? "2001:db8:1::99" : "192.0.2.99"))
    let engine = ProbeEngine(
      probes: [Probe(target: target, kind: .echo)], settings: ProbeSettings(), key: .random())
    var scope = ScopeGuard(Self.scope)
    var bytes = [UInt8](repeating: 0, count: 128)
    let count = bytes.withUnsafeMutableBytes { buffer in
      var span = buffer.mutableBytes
      return engine.emit(probe: 0, attempt: 0, source: source, into: &span)
    }
    let wasAdmitted = scope.admits(packet: bytes.span.bytes.extracting(0..<count))
    #expect(wasAdmitted == isAdmitted)
    #expect(scope.refused == (isAdmitted ? 0 : 1))
  }

  @Test(arguments: [0, 1, 19, 20, 39]) func whatIsNoWholeHeaderMayNotLeave(_ count: Int) {
    var scope = ScopeGuard(Scope([(prefix: Prefix("::/0")!, rule: .allow)]))
    let bytes = [UInt8](repeating: 0x60, count: count)
    let isAdmitted = scope.admits(packet: bytes.span.bytes)
    #expect(!isAdmitted)
    #expect(scope.refused == 1)
  }

  @Test func anotherVersionMayNotLeave() {
    var scope = ScopeGuard(
      Scope([(prefix: Prefix("::/0")!, rule: .allow), (prefix: Prefix("0.0.0.0/0")!, .allow)]))
    let bytes = [UInt8](repeating: 0x50, count: 60)
    let isAdmitted = scope.admits(packet: bytes.span.bytes)
    #expect(!isAdmitted)
  }

  /// A frame whose destination was exchanged after the caller chose the path: the bytes decide.
  @Test func batchRefusesWhatTheCallerWasWrongAbout() throws {
    let mistaken = try #require(IPAddress("2001:db8:1::1"))
    let forbidden = try #require(IPAddress("2001:db8:2::1"))
    let source = try #require(IPAddress("2001:db8:1::99"))
    let engine = ProbeEngine(
      probes: [Probe(target: forbidden, kind: .echo)], settings: ProbeSettings(), key: .random())
    var arena = FrameArena()
    arena.fill(0) { engine.emit(probe: 0, attempt: 0, source: source, into: &$0) }
    arena.address(0, to: SocketName(mistaken))
    var scope = ScopeGuard(Self.scope)
    let isAdmitted = arena.withFrame(0) { scope.admits(packet: $0) }
    #expect(!isAdmitted)
  }
}
