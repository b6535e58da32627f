import CLinux
import Foundation
import Inventory
import Logging
import Observations
import Schedule
import Session

extension Supervisor {
  /// How long a round holds what it measured while the disk is full, in seconds: as long as the next one of its kind is
  /// not due, and an hour at most.
  private static let longestHold: Double = 3600

  /// Runs a round to its end.
  ///
  /// - Returns: the hosts in doubt; `nil` if nothing came of it.
  func perform(_ order: Schedule.Order) async -> Set<String>? {
    let hosts = self.hosts(of: order)
    if hosts?.isEmpty == true { return [] }
    let interval = Double(situation.configuration.intervals[order.kind] ?? 3600)
    let work = self.order(
      .round(
        kind: order.kind, isRetest: order.hosts != nil, hosts: hosts?.sorted(),
        patience: min(interval, Self.longestHold)))
    let log = self.log(order)
    let worker: Workers.Worker
    do throws(DaemonError) {
      worker = try workers.start(work, environment: workerEnvironment)
    } catch {
      failed(order, "\(error)", log)
      return nil
    }
    running = RunningRound(order: order, worker: worker, now: clinux_boottime())
    defer { running = nil }
    log.info("round begins: \(order.kind.rawValue)")
    var summary: RoundSummary?
    for await (message, _) in worker.reports {
      running?.heard(message, now: clinux_boottime())
      switch message {
      case .beat: manager.status(line)
      case .store(let condition): note(condition, log)
      case .ended(let end): summary = end
      case .probed: break
      case .failed(let why): failed(order, why, log)
      }
    }
    let end = await workers.end(of: worker)
    guard let summary else {
      if running?.hasFailed != true { failed(order, "its process \(end)", log) }
      return nil
    }
    return ended(order, summary, log)
  }

  /// Where the process of a round or a check looks for things.
  var workerEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.filter {
      ["PATH", "HOME", "LANG", "TZ", "SSL_CERT_FILE", "TMPDIR", "LIBDISPATCH_LOG"].contains($0.key)
    }
  }

  /// An order under what is in force.
  func order(_ task: WorkerOrder.Task) -> WorkerOrder {
    WorkerOrder(
      configuration: files.files.map { WorkerOrder.File(name: $0.name, bytes: Data($0.bytes)) },
      environment: files.environment,
      inventory: situation.inventory.storedFiles.map {
        WorkerOrder.File(name: $0.name, bytes: Data($0.bytes))
      }, task: task)
  }

  /// The hosts to ask; `nil`: all.
  private func hosts(of order: Schedule.Order) -> Set<String>? {
    if order.resting.isEmpty, order.hosts == nil { return nil }
    let hosts = situation.inventory.hosts.filter { host in
      !order.resting.contains(host.agency) && order.hosts?.contains(host.id) ?? true
    }
    return Set(hosts.map(\.id))
  }

  private func log(_ order: Schedule.Order) -> Logger {
    var log = log
    log[metadataKey: "round"] = "\(order.kind.rawValue)"
    if order.hosts != nil { log[metadataKey: "retest"] = "yes" }
    return log
  }

  private func ended(_ order: Schedule.Order, _ summary: RoundSummary, _ log: Logger) -> Set<String> {
    failures[order.kind] = nil
    totals.add(summary)
    view = Picture(reading: situation, log: log)
    for note in summary.notes { log.warning("\(note)", metadata: ["run": "\(summary.run)"]) }
    let seconds = (summary.finishedAt.microseconds - summary.startedAt.microseconds) / 1_000_000
    let end = summary.isComplete ? "ends" : "is interrupted"
    log.info(
      "round \(end): \(summary.hosts) hosts in \(seconds) s, \(summary.changes) changes, \(summary.doubtful.count) in doubt",
      metadata: ["run": "\(summary.run)", "hosts": "\(summary.hosts)", "seconds": "\(seconds)"])
    guard summary.isComplete else { return [] }
    if summary.vantage != .pass, summary.vantageReason != .noControl {
      log.error(
        "IPv6 does not work at this vantage: \(summary.vantageReason.rawValue); nothing is said of hosts",
        metadata: ["run": "\(summary.run)"])
    }
    if summary.counters.captureDrops > 0 {
      log.warning(
        "the capture lost \(summary.counters.captureDrops) packets; silences of that time are unknown",
        metadata: ["run": "\(summary.run)"])
    }
    return Set(summary.doubtful)
  }

  private func failed(_ order: Schedule.Order, _ why: String, _ log: Logger) {
    failures[order.kind] = why
    log.error("no \(order.kind.rawValue) round: \(why)")
  }

  private func note(_ condition: StoreCondition, _ log: Logger) {
    guard condition != store else { return }
    store = condition
    switch condition {
    case .holding:
      log.error(
        """
        \(situation.configuration.database): the store takes nothing, for want of room or because another program writes \
        to it; what is measured is held in memory: make room
        """)
    case .writing: log.notice("the store takes what was held in memory")
    }
  }
}

/// A round under way, as its process tells of it.
struct RunningRound: Sendable {
  let order: Schedule.Order
  let worker: Workers.Worker
  private(set) var beat: WorkerBeat?
  private(set) var hasFailed = false
  private var heardAt: UInt64

  /// Nothing may stand still longer than this: captures look about every 50 ms, the process tells of itself each second,
  /// and the disk gets 30 s for one write.
  private static let patience: UInt64 = 20_000_000_000
  private static let capturePatience = 15.0
  private static let commitPatience = 30.0

  init(order: Schedule.Order, worker: Workers.Worker, now: UInt64) {
    (self.order, self.worker, heardAt) = (order, worker, now)
  }

  mutating func heard(_ message: WorkerMessage, now: UInt64) {
    heardAt = now
    switch message {
    case .beat(let beat): self.beat = beat
    case .failed: hasFailed = true
    case .store, .ended, .probed: break
    }
  }

  /// What does not get on; `nil` if everything does.
  func stall(now: UInt64) -> String? {
    let silence = now - min(now, heardAt)
    if silence > Self.patience { return "the round has told nothing for \(silence / 1_000_000_000) s" }
    if let age = beat?.captureAge, age > Self.capturePatience {
      return "a capture has not looked at packets for \(Int(age)) s"
    }
    if let age = beat?.commitAge, age > Self.commitPatience {
      return "the disk has not answered for \(Int(age)) s"
    }
    return nil
  }
}
