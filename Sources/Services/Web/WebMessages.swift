import NIOCore
import Observations

/// One request for one URL. `HEAD` asks for the head of the answer alone.
struct WebRequest: Sendable {
  var method = "GET"
  var url: WebURL
  /// Bytes of the body that are read.
  var bodyLimit: Int
  var userAgent: String
}

/// What came back for one request.
struct WebResponse: Sendable {
  /// `HTTP/1.1`, `HTTP/2`.
  var version: String
  /// 200–599 and whatever else a server makes up.
  var status: Int
  var fields = WebFields()
  var body = ByteBuffer()
  var ending = Ending.whole
  /// Whether another request may follow on the connection.
  var isReusable = true

  enum Ending: Sendable, Hashable {
    case whole
    /// It was longer than what is read.
    case cut
    /// The body stopped or broke off.
    case failed(NetworkFailure)
  }

  /// `HTTP/1.1 200`, `HTTP/2 404`.
  var greeting: String { "\(version) \(status)" }
}

/// The fields of an answer that are looked at, each at most 4 kB.
struct WebFields: Sendable {
  var location: String?
  var contentType: String?
  /// `nil` for `identity`.
  var encoding: String?

  mutating func set(_ name: String, _ value: String) {
    guard value.utf8.count <= WebURL.maximumLength else { return }
    switch name.lowercased() {
    case "location": location = location ?? value
    case "content-type": contentType = contentType ?? value
    case "content-encoding":
      let coding = value.lowercased()
      if coding != "identity" && !coding.isEmpty { encoding = boundedText(coding.utf8) }
    default: break
    }
  }
}

/// A request on its way to the handler of a connection, and who waits for the answer.
struct WebAsk: Sendable {
  let request: WebRequest
  let promise: EventLoopPromise<WebResponse>
}

/// Puts one answer together from its parts, whichever version of HTTP they come by. Lives on the event loop.
final class ResponseAssembly {
  private let clock: PhaseClock
  private let bodyTime: Duration
  private let channel: any Channel
  private var ask: WebAsk?
  private var response: WebResponse?

  init(channel: any Channel, clock: PhaseClock, bodyTime: Duration) {
    self.channel = channel
    self.clock = clock
    self.bodyTime = bodyTime
  }

  /// The request that is waited for.
  var request: WebRequest? { ask?.request }

  func begin(_ ask: WebAsk) { self.ask = ask }

  func head(version: String, status: Int, fields: WebFields) {
    guard let ask else { return }
    response = WebResponse(version: version, status: status, fields: fields)
    clock.complete()
    if ask.request.method == "GET" { clock.begin(.exchange, limit: bodyTime, closing: channel) }
  }

  /// Takes a piece of the body. Whoever sends more than is read is hung up on.
  func body(_ piece: ByteBuffer) {
    guard let ask, var response else { return }
    self.response = nil
    var piece = piece
    let room = ask.request.bodyLimit - response.body.readableBytes
    if piece.readableBytes > room {
      if let part = piece.readSlice(length: room) { response.body.writeImmutableBuffer(part) }
      response.ending = .cut
      response.isReusable = false
      finish(response)
      channel.close(promise: nil)
    } else {
      response.body.writeImmutableBuffer(piece)
      self.response = response
    }
  }

  func end(isReusable: Bool) {
    guard var response else { return }
    response.isReusable = isReusable
    finish(response)
  }

  /// The connection is of no more use.
  func fail(_ error: any Error) {
    guard let ask else { return }
    if var response {
      response.ending = .failed(clock.failure(error))
      response.isReusable = false
      finish(response)
    } else {
      self.ask = nil
      ask.promise.fail(error)
    }
  }

  private func finish(_ response: WebResponse) {
    let promise = ask?.promise
    (self.ask, self.response) = (nil, nil)
    promise?.succeed(response)
  }
}
