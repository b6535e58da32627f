import Observations
import Readiness
import Wire

/// How long answers took, by check and family.
public struct ProbeDurations: Sendable, Hashable, Codable {
  /// What is timed.
  public struct Key: Sendable, Hashable, Codable, Comparable {
    /// The check whose question it was: `reach.echo`, `reach.tcp` or `service.handshake`.
    public var check: CheckID
    /// The family it was asked over.
    public var family: AddressFamily

    /// By check, then IPv4 before IPv6.
    public static func < (left: Key, right: Key) -> Bool {
      left.check == right.check
        ? left.family == .ipv4 && right.family == .ipv6 : left.check < right.check
    }
  }

  private struct Entry: Sendable, Hashable, Codable {
    var key: Key
    var histogram: Histogram
  }

  // A handful: a dictionary would not stand in one order as JSON.
  private var entries: [Entry] = []

  /// None.
  public init() {}

  /// Those of a run. An answer that may be to an earlier try is left out.
  public init(_ observations: some Sequence<Observation>) {
    for observation in observations {
      switch observation.fact {
      case .echo(let address, let outcome):
        note(.reachEcho, address.family, outcome.unambiguousRoundTrip)
      case .port(let endpoint, let outcome):
        note(.reachTCP, endpoint.address.family, outcome.unambiguousRoundTrip)
      case .handshake(_, let endpoint, _, _, .completed(let identity)):
        let total = identity.phases.values.reduce(0) { $0 + $1.microseconds }
        note(.serviceHandshake, endpoint.address.family, Duration64(microseconds: total))
      default: break
      }
    }
  }

  /// Every histogram, in order.
  public var all: [(key: Key, histogram: Histogram)] {
    entries.map { ($0.key, $0.histogram) }.sorted { $0.0 < $1.0 }
  }

  /// Adds all of others.
  public static func += (left: inout ProbeDurations, right: ProbeDurations) {
    for entry in right.entries { left.with(entry.key) { $0 += entry.histogram } }
  }

  private mutating func note(_ check: CheckID, _ family: AddressFamily, _ duration: Duration64?) {
    guard let duration else { return }
    with(Key(check: check, family: family)) { $0.note(Double(duration.microseconds) / 1_000_000) }
  }

  private mutating func with(_ key: Key, _ body: (inout Histogram) -> Void) {
    let place = entries.firstIndex { $0.key == key } ?? entries.endIndex
    if place == entries.endIndex { entries.append(Entry(key: key, histogram: Histogram())) }
    body(&entries[place].histogram)
  }
}
