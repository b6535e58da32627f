import Foundation
import Hummingbird

/// Every path there is.
struct Routes: Sendable {
  let source: any DashboardSource
  let storePath: String
  let version: String
  let indexes = CheckIndexes()
  /// Tells this run of the program from others: they count their pictures from the beginning.
  let boot = UInt64.random(in: .min ... .max)

  typealias Context = BasicRequestContext
  typealias Handler = @Sendable (Request, Context) async throws -> Response

  /// The router over all of them.
  func router(_ frame: Frame) -> Router<Context> {
    let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: frame)
    func on(_ path: RouterPath, _ handler: @escaping Handler) {
      router.get(path, use: handler)
      router.post(path) { _, _ in try Self.refuse("GET, HEAD") }
    }
    on("/-/healthy") { request, _ in
      _ = try Query(request)
      return .text("v6audit is healthy.\n")
    }
    on("/-/ready", ready)
    on("/metrics", metrics)
    // A probe is asked for only by who wants its answer.
    router.get("/probe", use: probe)
    router.head("/probe") { _, _ in try Self.refuse("GET") }
    router.post("/probe") { _, _ in try Self.refuse("GET") }
    on("/api/v1/agencies", agencies)
    on("/api/v1/agencies/:id", agency)
    on("/api/v1/systems", systems)
    on("/api/v1/systems/:id", system)
    on("/api/v1/hosts", hosts)
    on("/api/v1/hosts/:id", host)
    on("/api/v1/checks", checks)
    on("/api/v1/runs", runs)
    on("/api/v1/runs/:id", run)
    on("/api/v1/changes", changes)
    on("/api/v1/sd", targets)
    let document = OpenAPI.document(version: version)
    let tag = EntityTag(document)
    on("/api/v1/openapi.json") { request, _ in
      _ = try Query(request)
      return tag.isKnown(to: request) ? tag.unchanged : .json(document, headers: [.eTag: tag.text])
    }
    return router
  }

  private static func refuse(_ allowed: String) throws -> Response {
    throw Problem(.methodNotAllowed, "this path takes \(allowed)", headers: [.allow: allowed])
  }

  private func ready(_ request: Request, _: Context) async throws -> Response {
    _ = try Query(request)
    let troubles = await source.troubles
    if troubles.isEmpty { return .text("v6audit is ready.\n") }
    return .text(troubles.map { $0 + "\n" }.joined(), status: .serviceUnavailable)
  }

  private func metrics(_ request: Request, _: Context) async throws -> Response {
    _ = try Query(request)
    return .metrics(await source.metricsInParts)
  }
}

/// The description of all this for machines.
enum OpenAPI {
  /// The document, as JSON.
  static func document(version: String) -> [UInt8] {
    let text = String(decoding: PackageResources.openapi_json, as: UTF8.self)
    return Array(text.replacing("@VERSION@", with: version).utf8)
  }
}
