import ArgumentParser
import Audit
import Daemon
import FoundationEssentials
import Inventory
import Observations
import PacketIO
import Readiness
import Reporting
import Wire

/// `v6audit check`: one host, now; read by a person or by a monitoring system.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Measure one host now and say what holds it up.",
    discussion: """
      HOST is a DNS name, an address, or, with --inventory, the id of a host in it. A host outside an inventory \
      is asked for https and http, as far as these are open in either family; --service asks for others. \
      The host you name is the only one that is touched.
      """)

  @Argument(help: "A DNS name, an address, or the id of a host in the inventory.")
  var host: String

  @Flag(name: .customShort("4"), help: "Only IPv4: what answers there, without a verdict.")
  var onlyIPv4 = false

  @Flag(name: .customShort("6"), help: "Only IPv6: nothing is compared with IPv4.")
  var onlyIPv6 = false

  @Flag(help: "One line and the exit codes of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.")
  var nagios = false

  @Flag(help: "Show the rule of each check and every fact behind its verdict.")
  var explain = false

  @Option(help: ArgumentHelp("The directory with the inventory that declares the host.", valueName: "dir"))
  var inventory: String?

  @Option(
    help: ArgumentHelp(
      "Services to ask for, separated by spaces: \"https ssh smtp:2525\".", valueName: "list"))
  var service: String?

  @Option(help: "The language of rules, causes and remedies: vi or en.")
  var lang = Language.en

  @OptionGroup var measure: MeasureOptions

  func validate() throws {
    if onlyIPv4 && onlyIPv6 {
      throw ValidationError("-4 and -6 exclude each other; leave both out to compare")
    }
  }

  func run() async throws {
    if let status = try throughDaemon() { throw ExitStatus(code: status) }
    let (target, declared) = try subject()
    try await check(target, in: declared, try measure.settings(), isListed: inventory != nil)
  }

  /// The check as somebody asked the daemon for it, in a worker.
  static func run(_ request: CheckRequest, _ situation: Situation) async throws {
    let command = try CheckCommand.parse(request.options + ["--", request.host])
    // Whoever asks the daemon reads no file through it.
    guard command.inventory == nil, command.measure.isDefault else {
      throw CommandFailure(
        .usage, "check \(request.host): the daemon measures by its own configuration alone")
    }
    let settings: AuditSettings
    do throws(DaemonError) {
      settings = try situation.auditSettings(version: Version.text)
    } catch {
      throw CommandFailure(.usage, error)
    }
    if let host = situation.inventory.hosts.first(where: { $0.answers(to: request.host) }) {
      return try await command.check(host, in: situation.inventory, settings, isListed: true)
    }
    let (target, declared) = try command.subject()
    var bounded = settings
    bounded.never = situation.inventory.prefixes.filter { $0.rule == .exclude }.map(\.prefix)
    try await command.check(target, in: declared, bounded, isListed: false)
  }

  /// Has the daemon check the host, where this user may not and the daemon can.
  ///
  /// - Returns: the exit code; `nil` where this process has to do it itself.
  private func throughDaemon() throws -> Int32? {
    guard inventory == nil, measure.isDefault, !PacketProber.permission().isGranted,
      ControlClient.isThere
    else { return nil }
    var options = ["--lang", lang.rawValue]
    if onlyIPv4 { options.append("-4") }
    if onlyIPv6 { options.append("-6") }
    if nagios { options.append("--nagios") }
    if explain { options.append("--explain") }
    if let service { options += ["--service", service] }
    let terminal = ProcessInfo.processInfo.environment.filter { ["TERM", "NO_COLOR"].contains($0.key) }
    do throws(DaemonError) {
      return try ControlClient().check(
        CheckRequest(host: host, options: options, environment: terminal))
    } catch {
      throw CommandFailure(.cannotMeasure, error)
    }
  }

  private func check(
    _ host: Host, in inventory: Inventory, _ settings: AuditSettings, isListed: Bool
  ) async throws {
    var (target, declared, settings) = (host, inventory, settings)
    if onlyIPv4 { settings.families = [.ipv4] }
    if onlyIPv6 { settings.families = [.ipv6] }
    settings.only = [target.id]
    settings.allowsPublished = !isListed
    declared.hosts = [target]
    let (result, signal) = try await measure(declared, settings)
    if service == nil && !isListed {
      target.services = Self.openServices(target.services, result.observations)
    }
    declared.hosts = [target]
    if let signal { throw ExitStatus(code: 128 + signal) }
    if onlyIPv4 { return try reportIPv4(result.observations) }
    let judgement = judge(
      declared, observations: result.observations, policy: settings.policy, now: result.run.finishedAt,
      comparingIPv4: !onlyIPv6)
    guard let verdict = judgement.hosts.first(where: { $0.host.id == target.id }) else { return }
    if nagios { throw report(nagios: verdict, judgement) }
    let explanation = HostExplanation(
      verdict: verdict, judgement: judgement, observations: result.observations, language: lang)
    for line in explain ? explanation.lines() : explanation.shortLines { Terminal.print(line) }
    if judgement.vantage.preventsMeasuring { throw ExitStatus.cannotMeasure }
  }

  /// The host to measure and an inventory that holds it.
  private func subject() throws -> (Host, Inventory) {
    if let inventory {
      let loaded = try LoadedInventory(directory: inventory).inventory
      guard let host = loaded.hosts.first(where: { $0.answers(to: host) }) else {
        throw CommandFailure(
          .usage,
          "\(host): no host of \(inventory) has this id, name or address; leave --inventory out to check it")
      }
      return (host, loaded)
    }
    let services = try parseServices(service ?? "https http")
    guard let target = Host(asked: host, services: services) else {
      throw CommandFailure(
        .usage, "\(host): neither an address nor a DNS name; an id of your inventory needs --inventory DIR")
    }
    return (target, Inventory(agencies: [Agency(id: "-", name: "-")], hosts: [target]))
  }

  private func parseServices(_ text: String) throws -> [Service] {
    let services = try text.split(separator: " ").flatMap { item in
      guard let services = Service.parse(String(item)) else {
        throw CommandFailure(
          .usage,
          "--service \(item): not of the form name[:port][/transport]; write https, smtp:2525, ntp or tcp:9000"
        )
      }
      return services
    }
    return Set(services).sorted()
  }

  private func measure(_ inventory: Inventory, _ settings: AuditSettings) async throws -> (
    Measurement, Int32?
  ) {
    let bar = ProgressBar()
    defer { bar.clear() }
    let auditor = Auditor(inventory, settings: settings) { bar.show($0) }
    let run = Run(
      id: "check", toolVersion: settings.toolVersion, vantage: settings.vantage, policy: settings.policy.id,
      startedAt: .now)
    do {
      try auditor.prepare()
      let (result, signal) = try await Interruption.guarding { try await auditor.measure(run, writer: nil) }
      return (result, signal)
    } catch let error as AuditError {
      throw CommandFailure(nagios ? .cannotMeasure : error.status, error)
    }
  }

  /// The services that answered in either family: what a host outside an inventory turned out to run.
  private static func openServices(_ services: [Service], _ observations: [Observation]) -> [Service] {
    let open = Set(
      observations.compactMap { observation -> UInt16? in
        if case .port(let endpoint, .answered) = observation.fact { endpoint.port } else { nil }
      })
    let found = services.filter { open.contains($0.port) }
    return found.isEmpty ? services : found
  }

  /// Without IPv6 there is nothing to judge; the facts speak for themselves.
  private func reportIPv4(_ observations: [Observation]) throws {
    for observation in observations where !observation.host.isEmpty {
      Terminal.print("  " + observation.text)
    }
  }

  private func report(nagios verdict: HostVerdict, _ judgement: Judgement) -> ExitStatus {
    let row = verdict.decisive(judgement.policy)
    let facts = [row?.check.rawValue, row?.subject, row?.reason.rawValue].compactMap { $0 }.filter {
      !$0.isEmpty
    }
    let why = facts.isEmpty ? "" : ": " + SafeText.printable(facts.joined(separator: " "))
    let (word, code): (String, Int32) =
      switch Outcome(verdict.state) {
      case .converted, .exempt: ("OK", 0)
      case .notConverted: ("CRITICAL", 2)
      case .unknown: ("UNKNOWN", 3)
      }
    Terminal.print(
      "V6AUDIT \(word) - \(verdict.host.id) \(verdict.state.rawValue)\(why) | score=\(verdict.score)")
    return ExitStatus(code: code)
  }
}
