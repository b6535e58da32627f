import Observations
import Readiness
import Wire

/// A cause or remedy about one row, with the words that stand for its subject filled in, so that its commands
/// can be copied as they are.
struct Remedy {
  private let words: [String: String]

  /// The words that a row's subject and host stand for: HOST, NAME, ADDRESS, PORT.
  init(_ row: CheckRow) {
    var words: [String: String] = row.host.isEmpty ? [:] : ["HOST": row.host]
    // `ADDRESS`, `[ADDRESS]:PORT`, `NAME`, `SERVICE:PORT/TRANSPORT` with the address at the head of the detail,
    // or `SERVICE:PORT/TRANSPORT at ADDRESS as NAME`.
    var parts = row.subject.split(separator: " ").map(String.init)
    if parts.count >= 5, parts[3] == "as" { words["NAME"] = parts[4] }
    if parts.count >= 3, parts[1] == "at" {
      words["ADDRESS"] = parts[2]
      words["PORT"] = Self.port(in: parts[0])
      parts = []
    }
    if let only = parts.first, parts.count == 1 {
      if let endpoint = Endpoint(only) {
        words["ADDRESS"] = endpoint.address.description
        words["PORT"] = "\(endpoint.port)"
      } else if IPAddress(only) != nil {
        words["ADDRESS"] = only
      } else if row.check == .dnsAAAA {
        words["NAME"] = only
      } else if only.contains("/") {
        words["PORT"] = Self.port(in: only)
        let head = row.detail.prefix { $0 != " " }
        if head.hasSuffix(":"), IPAddress(String(head.dropLast())) != nil {
          words["ADDRESS"] = String(head.dropLast())
        }
      }
    }
    self.words = words
  }

  /// The port of `https:443/tcp`.
  private static func port(in service: String) -> String? {
    service.split(separator: ":").last?.split(separator: "/").first.map(String.init)
  }

  /// The text with the known words in place of those that stand for them.
  func filled(_ text: String) -> String {
    var result = ""
    var word = ""
    for character in text + "\n" {
      if character.isASCII && character.isUppercase {
        word.append(character)
        continue
      }
      result += words[word] ?? word
      word = ""
      result.append(character)
    }
    return String(result.dropLast())
  }
}
