import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Around every route: who may ask, what every answer carries, and how a failure looks.
struct Frame: RouterMiddleware {
  typealias Context = BasicRequestContext
  let token: Token?
  let log: Logger

  /// What even those may ask who have no token.
  private static let open = "/-/healthy"

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      if request.uri.path != Self.open { try token?.demand(of: request) }
      response = try await next(request, context)
    } catch let problem as Problem {
      response = problem.response
    } catch let error as HTTPError where error.status == .notFound {
      response = Problem(.notFound, "there is nothing here; /api/v1/openapi.json says what there is").response
    } catch let error as any HTTPResponseError {
      response = Problem(error.status, "see /api/v1/openapi.json").response
    } catch {
      log.error("a request failed: \(error)", metadata: ["path": "\(request.uri.path)"])
      response = Problem(.internalServerError, "see the program's log").response
    }
    response.headers[.cacheControl] = "no-cache"
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.date] = headerDate()
    return request.method == .head ? response.createHeadResponse() : response
  }
}

/// Asks the router. It knows paths by method: what does not read is asked for as POST, which every path refuses.
struct Front<Router: HTTPResponder>: Sendable where Router.Context == BasicRequestContext {
  let router: Router
  let requests: RequestCount
  let log: Logger

  func answer(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
    guard requests.enter() else {
      let response = Problem(
        .serviceUnavailable, "too many requests are being answered", headers: [.retryAfter: "1"]
      ).response
      return try await writer.write(response: response.head, body: response.body)
    }
    defer { requests.leave() }
    let context = BasicRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: log))
    var asked = request
    if ![.get, .head].contains(request.method) {
      var head = request.head
      head.method = .post
      asked = Request(head: head, body: request.body)
    }
    let response = try await router.respond(to: asked, context: context)
    log.debug(
      "answered",
      metadata: [
        "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
      ])
    try await writer.write(response: response.head, body: response.body)
  }
}
