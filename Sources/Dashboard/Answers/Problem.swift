import Foundation
import Hummingbird

/// What is wrong with a request, or with answering it, as RFC 9457 has it.
struct Problem: Error, HTTPResponseError {
  static let mediaType = "application/problem+json"

  /// The status.
  var status: HTTPResponse.Status
  /// What is wrong and what to do.
  var detail: String
  /// Fields that go with the status.
  var headers: HTTPFields = [:]

  init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
    self.status = status
    self.detail = detail
    self.headers = headers
  }

  init(status: Int, title: String, detail: String) {
    self.init(HTTPResponse.Status(code: status, reasonPhrase: title), detail)
  }

  /// The document.
  var body: [UInt8] {
    JSONText.encode(
      Document(type: "about:blank", title: status.reasonPhrase, status: status.code, detail: detail))
  }

  var response: Response {
    var headers = headers
    headers[.contentType] = Self.mediaType
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  func response(from request: Request, context: some RequestContext) -> Response { response }

  private struct Document: Encodable {
    var type: String
    var title: String
    var status: Int
    var detail: String
  }
}

/// JSON as the server writes it. Text from the network stays text: the encoder escapes it.
enum JSONText {
  /// One document.
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Nothing that is encoded here can fail: no number is infinite, and no value throws.
    guard let data = try? encoder.encode(value) else { return Array("null".utf8) }
    return Array(data)
  }
}
