import Hummingbird
import Reporting

extension Routes {
  /// What a request asks for that names no module: whether the services answer.
  static let defaultModule = ProbeRequest.Module.service
  /// How long a probe may take where the scraper does not say, in seconds; blackbox_exporter's own.
  private static let patience = 120.0
  /// What is kept for the way of the answer, in seconds; blackbox_exporter's own.
  private static let reserve = 0.5

  /// Asks one target now, as blackbox_exporter's `/probe` does.
  func probe(_ request: Request, _: Context) async throws -> Response {
    let query = try Query(request, "target", "module", "debug")
    guard let target = query["target"] else { throw Problem(.badRequest, "parameter \"target\" is missing") }
    let module = try query.word("module", ProbeRequest.Module.self) ?? Self.defaultModule
    let isDebugging = try query.word("debug", Truth.self) == .yes
    let limit = try Self.limit(request)
    let answer = await answer(ProbeRequest(target: target, module: module), within: limit)
    let metrics = Self.metrics(of: answer)
    if !isDebugging { return .metrics([metrics]) }
    let log = answer.log.map { SafeText.printable($0) + "\n" }.joined()
    return .text(
      "Logs for the probe:\n\(log)\n\n\nMetrics that would have been returned:\n"
        + "\(String(decoding: metrics, as: UTF8.self))\n\n\nModule configuration:\n\(module.rawValue)\n")
  }

  private enum Truth: String, CaseIterable {
    case yes = "true"
    case no = "false"
  }

  /// How long the scraper waits.
  private static func limit(_ request: Request) throws(Problem) -> Double {
    guard let text = request.headers[Response.scrapeTimeout] else { return patience }
    guard let seconds = Double(text), seconds.isFinite, seconds > 0 else {
      throw Problem(
        .badRequest, "X-Prometheus-Scrape-Timeout-Seconds is \"\(text)\" and must be a number of seconds")
    }
    return min(patience, seconds > 2 * reserve ? seconds - reserve : seconds / 2)
  }

  /// What the source says, or that it did not say it in time. It is told to stop, and not waited for.
  private func answer(_ request: ProbeRequest, within limit: Double) async -> ProbeAnswer {
    let (answers, first) = AsyncStream.makeStream(of: ProbeAnswer.self)
    let probing = Task { first.yield(await source.probe(request)) }
    let waiting = Task {
      guard (try? await Task.sleep(for: .seconds(limit))) != nil else { return }
      first.yield(
        ProbeAnswer(
          isSuccess: false, duration: limit, verdicts: [:],
          log: ["the probe did not end within \(limit) s, which is what the scraper waits"]))
    }
    defer {
      probing.cancel()
      waiting.cancel()
    }
    for await answer in answers { return answer }
    return ProbeAnswer(isSuccess: false, duration: 0, verdicts: [:], log: ["the request was cancelled"])
  }

  private static func metrics(of answer: ProbeAnswer) -> [UInt8] {
    var metrics = MetricsText()
    metrics.family("probe_success", .gauge, "Displays whether or not the probe was a success")
    metrics.sample("probe_success", [:], answer.isSuccess ? 1 : 0)
    metrics.family("probe_duration_seconds", .gauge, "Returns how long the probe took to complete in seconds")
    metrics.sample("probe_duration_seconds", [:], answer.duration)
    if !answer.verdicts.isEmpty {
      metrics.family(
        "v6audit_probe_verdict", .gauge, "Always 1; its labels say the worst verdict of a check.")
      for (check, verdict) in answer.verdicts.sorted(by: { $0.key < $1.key }) {
        metrics.sample("v6audit_probe_verdict", ["check": check, "verdict": verdict.rawValue], 1)
      }
    }
    return metrics.bytes
  }
}
