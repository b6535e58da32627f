import Audit
import CLinux
import Foundation
import Glibc
import Inventory
import Observations
import PacketIO
import Readiness
import Session
import Store
import StrictYAML

/// A process that carries out one order of the daemon and ends. It has no capability: sockets that need one come from the
/// broker.
public struct Worker: Sendable {
  let order: WorkerOrder
  let report: Report
  let version: String

  /// The daemon's end, written to by whoever has something to tell.
  final class Report: Sendable {
    private let socket: MessageSocket

    init(_ socket: MessageSocket) { self.socket = socket }

    /// The daemon never says anything here: what can be read is the end.
    func exitAtEnd() {
      Task {
        for await _ in socket.messages(of: Bool.self) {}
        exit(EXIT_FAILURE)
      }
    }

    func send(_ message: WorkerMessage) {
      // A daemon that is gone takes its workers with it.
      do { try socket.send(message) } catch { exit(EXIT_FAILURE) }
    }
  }

  /// Reads its order. To be called before there are threads.
  public init(version: String) throws(DaemonError) {
    let status = clinux_drop_capabilities()
    guard status == 0 else { throw MessageSocket.failure("give up capabilities", -status) }
    signal(SIGPIPE, SIG_IGN)
    clinux_use_broker(Self.brokerDescriptor)
    order = try WorkerOrder.read(from: STDIN_FILENO)
    report = Report(MessageSocket(owning: Self.reportDescriptor))
    self.version = version
  }

  /// The descriptor over which a worker reports.
  private static let reportDescriptor: Int32 = 3
  /// The descriptor over which it asks the broker for sockets.
  private static let brokerDescriptor: Int32 = 4

  /// Ends this process when the daemon is gone. To be called once there may be threads.
  public func dieWithDaemon() { report.exitAtEnd() }

  /// The check that is to be made, if that is the order; else `nil`.
  public var check: CheckRequest? {
    if case .check(let request) = order.task { request } else { nil }
  }

  /// What the daemon is configured to, and what it knows of hosts.
  public func situation() throws(DaemonError) -> Situation {
    let configuration: Configuration
    do throws(YAMLErrors) {
      let files = order.configuration.map {
        ConfigurationReader.File(name: $0.name, bytes: Array($0.bytes))
      }
      configuration = try ConfigurationReader.read(files, environment: order.environment)
    } catch {
      throw DaemonError(
        "the configuration in force", why: "\(error)", remedy: "report this as a fault of the program")
    }
    return Situation(configuration: configuration, inventory: try inventory())
  }

  /// Lets go of what is older than the configuration wants, evidence included; also of evidence that is there still because
  /// a process was killed between the one and the other. No run is under way meanwhile: the store is open for writing here.
  ///
  /// - Returns: what went wrong, which costs the round nothing.
  private func tidy(_ configuration: Configuration, _ commits: CommitTimes) -> [String] {
    do throws(StoreError) {
      let store = try Store(path: configuration.database, commits: commits)
      let removed = try store.tidy(configuration.retention, now: .now).removed
      if let evidence = configuration.evidence {
        for run in removed + (try store.gone(of: EvidenceDirectory.runs(in: evidence))) {
          try? FileManager.default.removeItem(atPath: EvidenceDirectory.directory(in: evidence, run: run))
        }
      }
      return []
    } catch {
      return ["what is old could not be let go of: \(error)"]
    }
  }

  private func inventory() throws(DaemonError) -> Inventory {
    var files: [InventoryFile: [UInt8]] = [:]
    for file in InventoryFile.allCases {
      files[file] = order.inventory.first { $0.name == file.name }.map { Array($0.bytes) }
    }
    do { return try InventoryReader.read(files: files).inventory } catch {
      throw DaemonError(
        "the inventory in force", why: "\(error)", remedy: "report this as a fault of the program")
    }
  }

  /// Carries out a round; a signal ends it early, as incomplete.
  public func runRound() async {
    guard case .round(let kind, let isRetest, let hosts, let patience) = order.task else { return }
    do {
      let situation = try situation()
      var order = RoundOrder()
      (order.kind, order.isRetest) = (kind, isRetest)
      order.confirmAfter = situation.configuration.confirmAfter
      order.patience = .seconds(patience)
      var settings = try situation.auditSettings(version: version)
      settings.only = hosts.map(Set.init)
      // Evidence of rounds that come every few minutes would be all that the disk holds.
      let keeps = kind == .full || isRetest
      let session = AuditSession(
        situation.inventory, settings: settings,
        evidence: keeps ? situation.configuration.evidence : nil, order: order)
      try session.prepare()
      let pulse = WorkerPulse()
      let beats = Task {
        while !Task.isCancelled {
          report.send(.beat(pulse.beat))
          try? await Task.sleep(for: .seconds(1))
        }
      }
      defer { beats.cancel() }
      let outcome = try await session.run(
        in: situation.configuration.database, commits: pulse.commits,
        condition: { report.send(.store($0)) }, progress: { pulse.note($0) })
      var summary = outcome.summary
      if summary.isComplete { summary.notes += tidy(situation.configuration, pulse.commits) }
      report.send(.ended(summary))
    } catch {
      report.send(.failed(why: "\(error)"))
    }
  }
}
