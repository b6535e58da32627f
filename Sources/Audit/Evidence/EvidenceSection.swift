import Foundation
import Observations
import Probing
import Wire

/// What a section of an evidence file tells of itself, as JSON in comments of its header: enough to see again, by the
/// packets alone, what came of each probe. `docs/evidence.md` describes it.
struct EvidenceSection: Sendable, Hashable, Codable {
  /// What the comment with this structure begins with.
  static let mark = "v6audit-evidence "
  /// What each comment with a part of the probes begins with.
  static let probesMark = "v6audit-probes "
  static let probesAComment = 400

  /// The version of this structure.
  var version = 1
  var run: String
  var host: String
  var vantage: String
  /// The key of the run's cookies, 32 hexadecimal digits; empty if no probe was sent.
  var key: String
  /// How patient the run was.
  var tries: Int
  var timeoutNanoseconds: UInt64
  var backoff: Double
  var jitter: Double
  var extraRounds: Int
  /// When the probes' capture lost packets: from, to (nanoseconds since 1970) and how many.
  var drops: [[UInt64]] = []
  /// When further rounds began for that reason.
  var rounds: [UInt64] = []
  /// Packets that were left out because the file had reached its size.
  var leftOut = 0

  /// A probe of the host.
  struct Entry: Sendable, Hashable, Codable {
    /// The index of the probe in its run.
    var number: UInt32
    var target: IPAddress
    /// The TCP port; none for an echo.
    var port: UInt16?
    /// The part that a control plays; none for a host's own.
    var role: ControlRole?
    /// The sequence number of the observation it became; none if it had no outcome.
    var sequence: Int?
    /// When that outcome was known.
    var at: Timestamp?
    /// Why no packet left.
    var notSent: NotSentReason?

    /// The fact that an outcome of it is.
    func fact(_ outcome: ProbeOutcome) -> Fact {
      if let role {
        return .control(role: role, target: ControlTarget(address: target, port: port), outcome: outcome)
      }
      return port.map { .port(endpoint: Endpoint(target, $0), outcome: outcome) }
        ?? .echo(address: target, outcome: outcome)
    }

    var probe: Probe { Probe(target: target, kind: port.map { .tcpSYN(port: $0) } ?? .echo) }
  }

  var probeSettings: ProbeSettings {
    var settings = ProbeSettings()
    settings.tries = tries
    settings.timeout = timeoutNanoseconds
    settings.backoff = backoff
    settings.jitter = jitter
    settings.extraRounds = extraRounds
    return settings
  }

  var cookieKey: SipHashKey? {
    guard key.utf8.count == 32, let low = UInt64(key.prefix(16), radix: 16),
      let high = UInt64(key.suffix(16), radix: 16)
    else { return nil }
    return SipHashKey(low: low, high: high)
  }

  static func text(of key: SipHashKey?) -> String {
    guard let key else { return "" }
    return [key.low, key.high].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The comments that hold a section and its probes.
  func comments(_ entries: [Entry]) -> [String] {
    [Self.mark + EvidenceText.json(self)]
      + stride(from: 0, to: entries.count, by: Self.probesAComment).map { start in
        Self.probesMark
          + EvidenceText.json(Array(entries[start..<min(entries.count, start + Self.probesAComment)]))
      }
  }

  /// What comments hold; `nil` if they are not those of an evidence file of this version.
  static func read(_ comments: [String]) -> (section: EvidenceSection, probes: [Entry])? {
    let decoder = JSONDecoder()
    func decoded<Value: Decodable>(_ comment: String, _ mark: String, as type: Value.Type) -> Value? {
      guard comment.hasPrefix(mark) else { return nil }
      return try? decoder.decode(type, from: Data(comment.utf8.dropFirst(mark.utf8.count)))
    }
    guard
      let section = comments.lazy.compactMap({ decoded($0, mark, as: EvidenceSection.self) }).first,
      section.version == 1
    else { return nil }
    return (section, comments.flatMap { decoded($0, probesMark, as: [Entry].self) ?? [] })
  }
}
