import Foundation
import Hummingbird

/// The parameters of a request, read strictly: what is not known, or is there twice, is refused by name.
struct Query: Sendable {
  private let path: String
  private let values: [(name: String, value: String)]

  /// The parameters of `request`.
  ///
  /// - Parameter allowed: the names it may have.
  init(_ request: Request, _ allowed: String...) throws(Problem) {
    path = request.uri.path
    var values: [(name: String, value: String)] = []
    for pair in (request.uri.query ?? "").split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
        throw Problem(.badRequest, "the query is not percent-encoded UTF-8")
      }
      guard allowed.contains(name) else {
        let known = allowed.isEmpty ? "there are none here" : "there are \(allowed.joined(separator: ", "))"
        throw Problem(.badRequest, "unknown parameter \"\(name)\"; \(known)")
      }
      guard !values.contains(where: { $0.name == name }) else {
        throw Problem(.badRequest, "parameter \"\(name)\" is there more than once")
      }
      guard !value.isEmpty else { throw Problem(.badRequest, "parameter \"\(name)\" is empty") }
      values.append((name, value))
    }
    self.values = values
  }

  /// A parameter's text.
  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  /// A parameter that is one of some words.
  func word<Word: RawRepresentable & CaseIterable>(_ name: String, _: Word.Type) throws(Problem) -> Word?
  where Word.RawValue == String {
    guard let text = self[name] else { return nil }
    guard let word = Word(rawValue: text) else {
      throw Problem(
        .badRequest,
        "parameter \"\(name)\" is \"\(text)\" and must be one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    return word
  }

  /// How many items are asked for: 1–1000, 100 if not given.
  var limit: Int {
    get throws(Problem) {
      guard let text = self["limit"] else { return 100 }
      guard let limit = Int(text), (1...1000).contains(limit), "\(limit)" == text else {
        throw Problem(
          .badRequest, "parameter \"limit\" is \"\(text)\" and must be a whole number from 1 to 1000")
      }
      return limit
    }
  }

  /// Behind what to go on; `nil`: from the beginning.
  var cursor: String? {
    get throws(Problem) {
      guard let text = self["cursor"] else { return nil }
      guard let cursor = Cursor.decode(text) else {
        throw Problem(
          .badRequest, "parameter \"cursor\" is none of ours; take it from \"next\", or leave it out")
      }
      return cursor
    }
  }

  /// The reference to the page that begins behind `key`.
  func next(after key: String) -> String {
    let kept = values.filter { $0.name != "cursor" }.map { ($0.name, $0.value) }
    let all = kept + [("cursor", Cursor.encode(key))]
    return path + "?" + all.map { "\($0.0)=\(Self.encode($0.1))" }.joined(separator: "&")
  }

  private static func decode(_ text: Substring) -> String? {
    // Forms, and Prometheus, write a space as a plus sign.
    text.replacing("+", with: " ").removingPercentEncoding
  }

  private static func encode(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
  }

  /// RFC 3986 §2.3.
  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}

/// The place where a page ends, as clients carry it: base64url (RFC 4648 §5) of a key.
enum Cursor {
  static func encode(_ key: String) -> String {
    Data(key.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static func decode(_ text: String) -> String? {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard
      let data = Data(
        base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding),
      let key = String(validating: data, as: UTF8.self), encode(key) == text
    else { return nil }
    return key
  }
}
