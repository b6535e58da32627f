import Observations
import Wire

/// Which addresses the vantage's resolver makes up for names that have only IPv4 (RFC 6147).
public struct Synthesis: Sendable, Hashable {
  private var prefixes: [Prefix] = []

  /// The well-known prefix, 64:ff9b::/96 (RFC 6052 §2.1).
  private static let wellKnown = Prefix(
    IPAddress(ipv6High: 0x0064_ff9b_0000_0000, low: 0), length: 96)

  /// What the run saw of it; without such a fact nothing is taken for made up.
  public init(_ observations: some Sequence<Observation>) {
    for case .synthesis(let found) in observations.lazy.map(\.fact) where !found.isEmpty {
      prefixes += found + [Self.wellKnown]
    }
  }

  /// Whether the address is one that was made up: no host has it.
  public func makes(_ address: IPAddress) -> Bool { prefixes.contains { $0.contains(address) } }
}
