import Glibc
import Logging
import Observations
import Schedule
import Session

extension Supervisor {
  /// How it is, for whoever asks.
  var status: DaemonStatus {
    DaemonStatus(
      doing: doing, version: version, vantage: situation.configuration.vantageName,
      policy: situation.configuration.policy, startedAt: startedAt,
      hosts: situation.inventory.hosts.count, agencies: situation.inventory.agencies.count,
      isConfigurationCurrent: isConfigurationCurrent, troubles: troubles, rounds: view.rounds,
      missed: missed, city: view.city)
  }

  /// What is wrong, a line each.
  var troubles: [String] {
    var lines: [String] = []
    if let stall { lines.append(stall) }
    if store == .holding { lines.append("the store takes nothing; what is measured is held in memory") }
    if let failure = view.failure { lines.append("the store cannot be read: \(failure)") }
    for (kind, why) in failures.sorted(by: { $0.key < $1.key }) {
      lines.append("no \(kind.rawValue) round: \(why)")
    }
    if !isConfigurationCurrent {
      lines.append("the configuration on the disk is refused, an older one is in force: see the log")
    }
    if view.city.isVantageUp == false { lines.append("IPv6 does not work at this vantage") }
    if let doubt = view.vantageDoubt {
      lines.append("whether IPv6 works at this vantage could not be told: \(doubt.rawValue)")
    }
    return lines
  }

  /// The line that the service manager shows.
  var line: String { ([doing] + troubles).joined(separator: "; ") }

  private var doing: String {
    guard let running else { return "waiting for the next round" }
    let kind = running.order.kind.rawValue + (running.order.hosts == nil ? " round" : " second look")
    guard let beat = running.beat, !beat.phase.isEmpty else { return kind }
    return "\(kind): \(beat.phase) \(beat.done)/\(beat.total)"
  }

  /// How many checks for people may run beside each other.
  static let checksAtOnce = 4

  /// Makes a check for somebody; ends it when the task is cancelled.
  func check(_ request: CheckRequest, output: Int32, errors: Int32) async -> ControlReply {
    guard checks < Self.checksAtOnce else {
      return .refused(why: "\(checks) checks are under way", remedy: "try again in a moment")
    }
    checks += 1
    defer { checks -= 1 }
    do throws(DaemonError) {
      let worker = try workers.start(
        order(.check(request)),
        environment: workerEnvironment.merging(request.environment.filter { Self.terminal.contains($0.key) })
        {
          _, theirs in theirs
        }, terminal: (output, errors))
      return await withTaskCancellationHandler {
        switch await workers.end(of: worker) {
        case .exited(let status): .ended(status)
        case .killed(let number): .ended(128 + number)
        }
      } onCancel: {
        workers.signal(worker, SIGINT)
      }
    } catch {
      return .refused(why: "\(error)", remedy: "see the daemon's log")
    }
  }

  private static let terminal: Set = ["TERM", "NO_COLOR", "COLUMNS"]
}
