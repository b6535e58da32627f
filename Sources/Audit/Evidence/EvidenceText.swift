import Foundation
import Observations
import Readiness

/// The words in evidence files.
enum EvidenceText {
  /// `== https over TCP with [2001:db8::1]:443 as www.example, begun 2026-11-24T03:08:29.123Z`
  static func heading(_ fact: Fact, at began: Timestamp) -> String {
    let what: String =
      switch fact {
      case .handshake(let service, let endpoint, let transport, let name, _):
        "\(service) over \(transport.rawValue.uppercased()) with \(endpoint)"
          + (name.map { " as \($0)" } ?? "")
      default: "\(fact.kind) \(fact.subject)"
      }
    return "== \(what), begun \(began.preciseText)"
  }

  /// `= {"refused":{}}`: the fact as the store holds it.
  static func outcome(_ fact: Fact) -> String { "= " + json(fact) }

  /// JSON in one line with its keys in order; text from the network escaped as JSON does it, and to ASCII.
  static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return "{}" }
    let text = String(decoding: data, as: UTF8.self)
    if data.allSatisfy({ 0x20...0x7e ~= $0 }) { return text }
    return text.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x20...0x7e: return String(scalar)
      case 0x10000...: return scalar.utf16.map { "\\u" + hex($0) }.joined()
      default: return "\\u" + hex(UInt16(scalar.value))
      }
    }.joined()
  }

  private static func hex(_ value: UInt16) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// `reach.tcp fail silent`: the check, the verdict and the reason of each row, once each.
  static func findings(_ rows: [CheckRow]) -> String {
    var seen: Set<String> = []
    return rows.map { "\($0.check.rawValue) \($0.verdict.rawValue) \($0.reason.rawValue)" }
      .filter { seen.insert($0).inserted }.joined(separator: ", ")
  }
}
