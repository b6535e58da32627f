import Observations
import Wire

/// `ScopeGuard` for many packets a second: the address space is cut where the scope's answer may change, and the part
/// the last packet went to is asked first.
struct SweepScope {
  private struct Part {
    var family: AddressFamily
    var range: ClosedRange<UInt128>
    var isAllowed: Bool
  }

  private let cuts: [AddressFamily: AddressCuts]
  private let scope: Scope
  private var recent: Part
  /// Packets refused so far.
  private(set) var refused: UInt64 = 0

  init(_ scope: Scope) {
    self.scope = scope
    var cuts: [AddressFamily: AddressCuts] = [:]
    for family in AddressFamily.allCases {
      cuts[family] = AddressCuts(scope.prefixes.lazy.filter { $0.family == family })
    }
    self.cuts = cuts
    // Nobody's: the first packet finds its own.
    recent = Part(family: .ipv4, range: 0...0, isAllowed: false)
  }

  /// Whether the IP packet may leave; counts it if not. It reads the destination from the packet's own bytes; what is
  /// not IP may not leave.
  @inline(__always)
  mutating func admits(packet: RawSpan) -> Bool {
    guard let destination = ScopeGuard.destination(of: packet) else {
      refused += 1
      return false
    }
    if recent.family != destination.family || !recent.range.contains(destination.bits) {
      recent = part(of: destination)
    }
    if recent.isAllowed { return true }
    refused += 1
    return false
  }

  private func part(of address: IPAddress) -> Part {
    let isAllowed = scope.allows(address)
    guard let cuts = cuts[address.family] else {
      return Part(family: address.family, range: address.bits...address.bits, isAllowed: isAllowed)
    }
    return Part(
      family: address.family, range: cuts.range(of: cuts.part(of: address.bits)), isAllowed: isAllowed)
  }
}
