import Observations
import Wire

/// `ScopeGuard` for many packets a second: the address space is cut where the scope's answer may change, and the part
/// the last packet went to is asked first.
struct SweepScope {
  private struct Part {
    var family: AddressFamily
    var first: UInt128
    var last: UInt128
    var isAllowed: Bool
  }

  private let parts: [Part]
  private var recent: Part
  /// Packets refused so far.
  private(set) var refused: UInt64 = 0

  init(_ scope: Scope) {
    var parts: [Part] = []
    for family in AddressFamily.allCases {
      var cuts: Set<UInt128> = [0]
      for prefix in scope.prefixes where prefix.family == family {
        let start = prefix.address.bits
        cuts.insert(start)
        let size: UInt128 = prefix.length == 0 ? 0 : 1 << UInt128(128 - prefix.length)
        if size > 0, start &+ size > start { cuts.insert(start &+ size) }
      }
      let sorted = cuts.sorted()
      for (index, first) in sorted.enumerated() {
        let last = index + 1 < sorted.count ? sorted[index + 1] - 1 : .max
        parts.append(
          Part(
            family: family, first: first, last: last,
            isAllowed: scope.allows(IPAddress(family, bits: first))))
      }
    }
    self.parts = parts
    recent = parts[0]
  }

  /// Whether the IP packet may leave; counts it if not. It reads the destination from the packet's own bytes; what is
  /// not IP may not leave.
  @inline(__always)
  mutating func admits(packet: RawSpan) -> Bool {
    guard let destination = ScopeGuard.destination(of: packet) else {
      refused += 1
      return false
    }
    let bits = destination.bits
    if recent.family != destination.family || bits < recent.first || bits > recent.last {
      recent = part(of: destination)
    }
    if recent.isAllowed { return true }
    refused += 1
    return false
  }

  private func part(of address: IPAddress) -> Part {
    let bits = address.bits
    var low = parts.firstIndex { $0.family == address.family } ?? 0
    var high = (parts.lastIndex { $0.family == address.family }) ?? 0
    while low < high {
      let middle = (low + high + 1) / 2
      if parts[middle].first <= bits { low = middle } else { high = middle - 1 }
    }
    return parts[low]
  }
}

extension IPAddress {
  /// The bits of the address, the first on the wire uppermost.
  var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  init(_ family: AddressFamily, bits: UInt128) {
    let high = UInt64(truncatingIfNeeded: bits >> 64)
    self =
      family == .ipv4
      ? IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32))
      : IPAddress(ipv6High: high, low: UInt64(truncatingIfNeeded: bits))
  }
}
