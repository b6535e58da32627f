import Crypto
import Foundation
import Glibc
import HTTPTypes
import Hummingbird

extension Response {
  /// Where the next page is (RFC 8288 §3).
  static let link = HTTPField.Name("Link") ?? .location
  /// How long a scraper waits, in seconds.
  static let scrapeTimeout = HTTPField.Name("X-Prometheus-Scrape-Timeout-Seconds") ?? .expect

  /// A JSON document.
  static func json(_ body: [UInt8], headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// Text for people.
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "text/plain; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Metrics in Prometheus' text format. They are written piece by piece, so that a client that reads slowly does not
  /// hold a second copy.
  static func metrics(_ parts: [[UInt8]]) -> Response {
    let size = parts.reduce(0) { $0 + $1.count }
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(contentLength: size) { writer in
        for part in parts {
          for start in stride(from: 0, to: part.count, by: piece) {
            try await writer.write(ByteBuffer(bytes: part[start..<min(start + piece, part.count)]))
          }
        }
        try await writer.finish(nil)
      })
  }

  private static let piece = 256 << 10
}

/// What a client may keep: a weak tag (RFC 9110 §8.8.1), for two encodings of the same may differ.
struct EntityTag: Sendable {
  let text: String

  /// Of a picture, by its generation in this run of the program.
  init(generation: UInt64, of boot: UInt64) { text = "W/\"\(String(boot, radix: 16))-\(generation)\"" }

  /// Of a document's content.
  init(_ body: [UInt8]) {
    let hash = SHA256.hash(data: body).prefix(12).map {
      String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
    }
    text = "W/\"\(hash.joined())\""
  }

  /// Whether the client has it already (RFC 9110 §13.1.2).
  func isKnown(to request: Request) -> Bool {
    request.headers[values: .ifNoneMatch].contains { field in
      field.split(separator: ",").contains { part in
        let tag = part.trimmingPrefix(while: \.isWhitespace)
        return tag == "*" || tag == text || "W/\(tag)" == text
          || String(tag).trimmingCharacters(in: .whitespaces) == text
      }
    }
  }

  /// "You have it."
  var unchanged: Response {
    var response = Response(status: .notModified, headers: [.eTag: text])
    // RFC 9110 §8.6: no length but that of the document.
    response.headers[.contentLength] = nil
    return response
  }
}

/// The moment as a header has it (RFC 9110 §5.6.7).
func headerDate() -> String {
  var now = time(nil)
  var parts = tm()
  gmtime_r(&now, &parts)
  var text = [CChar](repeating: 0, count: 40)
  let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
  return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
