import CLinux
import Foundation
import Glibc
import Logging
import Observations
import Schedule
import ServiceLifecycle
import UnixSignals

/// The daemon: a process without capabilities that decides when a round begins, has workers measure, and answers whoever
/// asks.
public enum Daemon {
  /// Today, by the clock on the wall where this machine stands.
  public static var localDay: CivilDate { LocalTime.now.day }

  /// How long it may take to end: a round that is interrupted stores what it has.
  private static let ending = Duration.seconds(8)

  /// What is left of the rights that the process was started with: a way to the broker, which has the capability.
  public struct Beginning: Sendable {
    fileprivate let broker: BrokerAccess

    /// Finds the broker, or starts one, and gives up every capability of this process. Capabilities belong to threads:
    /// to be called before there is a second one.
    public init() throws(DaemonError) {
      InheritedSockets(environment: ProcessInfo.processInfo.environment).closeOnExec()
      broker = try BrokerAccess.find()
      let status = clinux_drop_capabilities()
      guard status == 0 else { throw MessageSocket.failure("give up capabilities", -status) }
    }
  }

  /// Runs until it is told to stop.
  ///
  /// - Throws: `DaemonError` or `SituationErrors` if it could not be started, or cannot go on.
  public static func run(
    _ beginning: Beginning, configuration path: String, version: String
  ) async throws {
    let environment = ProcessInfo.processInfo.environment
    signal(SIGPIPE, SIG_IGN)
    LoggingSystem.bootstrap { _ in JournalLog(environment: environment) }
    let log = Logger(label: "v6audit")
    let files = try ConfigurationFiles(path: path, environment: environment)
    let situation = try files.situation()
    let manager = ServiceManager(environment: environment)
    let supervisor = Supervisor(
      path: path, files: files, situation: situation, version: version,
      workers: Workers(beginning.broker),
      manager: manager, log: log)
    var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(
        service: BrokerService(broker: beginning.broker),
        failureTerminationBehavior: .gracefullyShutdownGroup),
      .init(
        service: SupervisorService(supervisor: supervisor, ending: ending),
        successTerminationBehavior: .gracefullyShutdownGroup),
      .init(service: ReloadService(supervisor: supervisor)),
    ]
    if let dashboard = try Web.dashboard(
      situation.configuration, environment: environment, version: version, source: supervisor, log: log)
    {
      services.append(.init(service: dashboard, failureTerminationBehavior: .gracefullyShutdownGroup))
    }
    if let interval = manager.watchdogInterval {
      services.append(
        .init(
          service: WatchdogService(supervisor: supervisor, manager: manager, interval: interval, log: log)))
    }
    if let socket = situation.configuration.socket {
      let server = try ControlServer(path: socket, log: log)
      services.append(.init(service: ControlService(server: server, supervisor: supervisor)))
    }
    var group = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
    group.maximumGracefulShutdownDuration = ending + .seconds(1)
    try await ServiceGroup(configuration: group).run()
    log.notice("stopped")
  }
}

/// Watches the broker. Without it nothing can be measured: the daemon ends, and is started again.
private struct BrokerService: Service {
  let broker: BrokerAccess

  func run() async throws {
    await cancelWhenGracefulShutdown { await broker.end() }
    if Task.isCancelled || Task.isShuttingDownGracefully { return }
    throw DaemonError(
      "the broker", why: "its process has ended",
      remedy: "start the daemon again; see the log for why it ended")
  }
}

/// Runs rounds; told to stop, it lets the one under way store what it has.
private struct SupervisorService: Service {
  let supervisor: Supervisor
  let ending: Duration

  func run() async throws {
    await withGracefulShutdownHandler {
      await supervisor.run()
    } onGracefulShutdown: {
      Task {
        await supervisor.stop()
        try? await Task.sleep(for: ending)
        await supervisor.abandon()
      }
    }
  }
}

/// Reads the configuration again at each SIGHUP.
private struct ReloadService: Service {
  let supervisor: Supervisor

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sighup)
    for await _ in signals.cancelOnGracefulShutdown() { await supervisor.reload() }
  }
}

/// Gives the service manager its sign of life, as long as everything gets on.
private struct WatchdogService: Service {
  let supervisor: Supervisor
  let manager: ServiceManager
  let interval: UInt64
  let log: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var told: String?
      while !Task.isCancelled {
        let stall = await supervisor.stall
        if let stall, stall != told {
          log.critical("\(stall): no sign of life is given, so that the service is started again")
          manager.status(stall)
        }
        told = stall
        if stall == nil { manager.alive() }
        try? await Task.sleep(for: .nanoseconds(Int64(clamping: interval / 4)))
      }
    }
  }
}

/// Answers at the control socket.
private struct ControlService: Service {
  let server: ControlServer
  let supervisor: Supervisor

  func run() async throws {
    await cancelWhenGracefulShutdown { await server.run(supervisor) }
  }
}
