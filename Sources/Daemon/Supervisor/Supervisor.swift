import CLinux
import Foundation
import Logging
import Observations
import PacketIO
import Readiness
import Reporting
import Schedule
import Session
import Store

/// The daemon's one place that decides: when a round begins, what came of it, what is in force. It measures nothing itself
/// and parses nothing from the network.
actor Supervisor {
  let version: String
  let log: Logger
  let manager: ServiceManager
  let workers: Workers
  let startedAt = Timestamp.now

  /// What is in force.
  var files: ConfigurationFiles
  var situation: Situation
  private let path: String
  private var schedule: Schedule
  private var isStopping = false
  private var sleeper: Task<Void, any Error>?
  /// When the loop last went round, on the steady clock.
  private var lastTurn = clinux_boottime()

  /// The round under way.
  var running: RunningRound?
  /// Checks for people under way.
  var checks = 0
  /// Whether the configuration that was read last is the one in force.
  var isConfigurationCurrent = true
  /// What the daemon has counted since it was started.
  var totals = DaemonTotals()
  /// Where everything stands; made anew after each round.
  var view: Picture {
    didSet { generation += 1 }
  }
  /// Grows with every new picture.
  private(set) var generation: UInt64 = 0
  /// The picture that the memory of the program's own pages was given back after.
  private var lean: UInt64?
  /// Why the last round of each kind failed, until one succeeds.
  var failures: [RoundKind: String] = [:]
  /// Whether the disk refuses what is measured.
  var store = StoreCondition.writing

  init(
    path: String, files: ConfigurationFiles, situation: Situation, version: String, workers: Workers,
    manager: ServiceManager, log: Logger
  ) {
    (self.path, self.files, self.situation, self.version) = (path, files, situation, version)
    (self.workers, self.manager, self.log) = (workers, manager, log)
    view = Picture(reading: situation, log: log)
    schedule = Schedule(
      situation.configuration.plan, lastStarts: view.lastStarts, seed: .random(in: .min ... .max),
      now: .now)
  }

  /// Runs rounds until it is told to stop.
  func run() async {
    manager.ready(line)
    log.notice(
      "started: \(situation.inventory.hosts.count) hosts, policy \(situation.configuration.policy)",
      metadata: ["hosts": "\(situation.inventory.hosts.count)"])
    while !isStopping {
      lastTurn = clinux_boottime()
      // What the picture took that is made anew after each round, and answers to many clients: also where rounds follow each
      // other without a pause. The loop goes round at least once a minute between them.
      ProcessMemory.giveBack()
      switch schedule.next(.now, local: .now) {
      case .run(let order):
        let doubtful = await perform(order)
        schedule.finished(.now, doubtful: doubtful ?? [], failed: doubtful == nil)
        manager.status(line)
      case .wait(let until):
        manager.status(line)
        // And the code that made the picture: to wait and to answer takes little of the program.
        if generation != lean { ProcessMemory.giveBackPagesOfProgram() }
        lean = generation
        await sleep(until: until)
      }
    }
  }

  /// Begins the end: a round under way ends as incomplete.
  func stop() async {
    guard !isStopping else { return }
    isStopping = true
    manager.stopping("stopping")
    log.notice("stopping")
    sleeper?.cancel()
    if let running { workers.signal(running.worker, SIGTERM) }
  }

  /// Ends a round that does not end by itself.
  func abandon() async {
    if let running { workers.signal(running.worker, SIGKILL) }
  }

  /// Reads the configuration again; keeps what is in force where the new one is no good, and says what is wrong.
  func reload() async {
    manager.reloading(monotonic: clinux_monotonic())
    do {
      let files = try ConfigurationFiles(path: path, environment: files.environment)
      let situation = try files.situation()
      let old = self.situation.configuration
      (self.files, self.situation) = (files, situation)
      isConfigurationCurrent = true
      schedule.replace(situation.configuration.plan, now: .now)
      view = Picture(reading: situation, log: log)
      log.notice("configuration reloaded: \(situation.inventory.hosts.count) hosts")
      if situation.configuration.web != old.web || situation.configuration.socket != old.socket {
        log.warning("web and socket are taken over when the daemon is started the next time")
      }
    } catch {
      isConfigurationCurrent = false
      let lines = "\(error)".split(separator: "\n")
      for line in lines { log.error("\(line)", metadata: ["config": "refused"]) }
      log.error(
        "the new configuration has \(lines.count) problem\(lines.count == 1 ? "" : "s"), the old one stays in force",
        metadata: ["config": "refused"])
    }
    manager.ready(line)
    sleeper?.cancel()
  }

  /// Whether the loop, the captures and the store all get on; else what does not.
  var stall: String? {
    let now = clinux_boottime()
    if let running { return running.stall(now: now) }
    let age = now - lastTurn
    return age > Self.patience ? "the schedule has not moved for \(age / 1_000_000_000) s" : nil
  }

  /// Beats that rounds missed, by kind.
  var missed: [RoundKind: Int] { schedule.missed }

  /// The loop wakes at least once a minute.
  private static let patience: UInt64 = 90_000_000_000

  private func sleep(until: UInt64) async {
    let now = clinux_boottime()
    guard until > now else { return }
    let sleeper = Task {
      try await Task.sleep(for: .nanoseconds(Int64(clamping: min(until - now, 60_000_000_000))))
    }
    self.sleeper = sleeper
    _ = try? await sleeper.value
    self.sleeper = nil
  }
}
