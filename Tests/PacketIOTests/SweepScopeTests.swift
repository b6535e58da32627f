import Observations
import Testing
import Wire

@testable import PacketIO

/// The fast look at a sweep's packets says what the scope says.
@Suite struct SweepScopeTests {
  /// An IP packet of nothing but a header to `address`.
  private static func packet(to address: IPAddress) -> [UInt8] {
    address.family == .ipv4
      ? [0x45] + Array(repeating: 0, count: 15) + address.bytes
      : [0x60] + Array(repeating: 0, count: 23) + address.bytes
  }

  @Test("it admits what the scope allows, at and around each end of each prefix")
  func asTheScope() throws {
    let rules: [(String, ScopeRule)] = [
      ("2001:db8::/32", .allow), ("2001:db8:5::/48", .exclude), ("2001:db8:5:7::/64", .allow),
      ("2001:db8:5:7::9/128", .exclude), ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120", .allow),
      ("198.18.0.0/15", .allow), ("198.18.5.0/24", .exclude), ("198.18.5.7/32", .allow),
      ("255.255.255.0/24", .allow),
    ]
    let prefixes = try rules.map { (try #require(Prefix($0.0)), $0.1) }
    let scope = Scope(prefixes.map { (prefix: $0.0, rule: $0.1) })
    var fast = SweepScope(scope)
    var asked: [IPAddress] = []
    for (prefix, _) in prefixes {
      let size: UInt128 = prefix.length == 0 ? 0 : 1 << UInt128(128 - prefix.length)
      let step: UInt128 = prefix.family == .ipv4 ? 1 << 96 : 1
      let first = prefix.address.bits
      for bits in [first, first &- step, first &+ step, first &+ size &- step, first &+ size] {
        asked.append(IPAddress(prefix.family, bits: bits))
      }
    }
    var refused: UInt64 = 0
    // Twice, and back: what was asked before must not matter.
    for address in asked + asked.reversed() + asked {
      let isAllowed = scope.allows(address)
      let bytes = Self.packet(to: address)
      let isAdmitted = fast.admits(packet: bytes.span.bytes)
      #expect(isAdmitted == isAllowed, "\(address)")
      refused += isAllowed ? 0 : 1
    }
    #expect(fast.refused == refused && refused > 0)
  }

  @Test("what is no IP packet, or nothing is allowed, does not leave")
  func nothing() {
    var fast = SweepScope(Scope())
    for bytes in [[], [0x45], [0x60, 0, 0], Array(repeating: 0x70, count: 60)] as [[UInt8]] {
      let isAdmitted = fast.admits(packet: bytes.span.bytes)
      #expect(!isAdmitted)
    }
    for address in [IPAddress(ipv4: 0), IPAddress(ipv6High: 0, low: 0), IPAddress(ipv4: 0xc612_0001)] {
      let bytes = Self.packet(to: address)
      let isAdmitted = fast.admits(packet: bytes.span.bytes)
      #expect(!isAdmitted)
    }
    #expect(fast.refused == 7)
  }

  @Test("cuts part the space at both ends of a prefix, and nowhere else")
  func cuts() throws {
    let cuts = AddressCuts([
      try #require(Prefix("2001:db8::/32")), try #require(Prefix("::/0")),
      try #require(Prefix("ff00::/8")),
    ])
    #expect(cuts.starts.count == 4)
    let first = try #require(IPAddress("2001:db8::")).bits
    #expect(cuts.range(of: cuts.part(of: first + 5)) == first...first + (1 << 96) - 1)
    #expect(cuts.range(of: cuts.part(of: .max)).upperBound == .max)
    #expect(cuts.range(of: cuts.part(of: 0)).lowerBound == 0)
  }
}
