import Dashboard
import Observations
import Readiness
import Reporting

extension Supervisor: DashboardSource {
  /// Where everything stands.
  var picture: DashboardPicture? {
    view.judgement.map { DashboardPicture(judgement: $0, generation: generation) }
  }

  /// Those that only a round changes, megabytes for many hosts, and what was counted.
  var metricsInParts: [[UInt8]] {
    var operation = OperationMetrics(version: version)
    operation.sent = totals.sent
    operation.suppressed = totals.suppressed
    operation.captured = totals.counters.packetsReceived
    operation.dropped = totals.counters.captureDrops
    operation.malformed = totals.malformed
    operation.durations = totals.durations
    operation.commits = totals.commits
    operation.isConfigurationCurrent = isConfigurationCurrent
    return [view.metrics, operation.text]
  }

  /// Asks one target now.
  func probe(_ request: ProbeRequest) async -> ProbeAnswer {
    guard checks < Self.checksAtOnce else {
      return ProbeAnswer(
        isSuccess: false, duration: 0, verdicts: [:],
        log: ["\(checks) checks are under way; try again in a moment"])
    }
    checks += 1
    defer { checks -= 1 }
    do throws(DaemonError) {
      let worker = try workers.start(order(.probe(request)), environment: workerEnvironment)
      var answer: ProbeAnswer?
      var why = "the probe's process ended without an answer"
      for await (message, _) in worker.reports {
        switch message {
        case .probed(let probed): answer = probed
        case .failed(let failure): why = failure
        case .beat, .store, .ended: break
        }
      }
      _ = await workers.end(of: worker)
      return answer ?? ProbeAnswer(isSuccess: false, duration: 0, verdicts: [:], log: [why])
    } catch {
      return ProbeAnswer(isSuccess: false, duration: 0, verdicts: [:], log: ["\(error)"])
    }
  }
}
