import ArgumentParser
import Audit
import Discovery
import Observations
import PacketIO
import Probing
import Services
import Wire

/// Hosts that are asked beyond the link: likely addresses, keys, routers.
struct DiscoverHostOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask the likely addresses (RFC 7707) of this /64, or of the /64s in this prefix in which an address is known: low "
        + "ones, ports, embedded IPv4, words, vendors' interfaces, neighbours of known ones. Never a whole /64. Repeatable.",
      valueName: "prefix"))
  var patterns: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "What --patterns asks: icmp, tcp:PORT or udp:PORT. Repeatable. Default: icmp.", valueName: "probe"))
  var probe: [String] = []

  @Flag(help: "Ask known addresses for the keys and names that they show: SSH at port 22, TLS at port 443.")
  var keys = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask this router for its neighbours, addresses, bridges and routes by SNMP. Needs the package snmp. Repeatable.",
      valueName: "addr[:port]"))
  var snmp: [String] = []

  @Option(
    help: ArgumentHelp(
      "The directory of Net-SNMP's snmp.conf with the credentials, and of hosts/ADDRESS.conf.",
      valueName: "dir"))
  var snmpConfig = "/etc/v6audit/snmp"

  /// Whether there is nobody to ask.
  var isEmpty: Bool { patterns.isEmpty && !keys && snmp.isEmpty }

  /// Asks.
  ///
  /// - Parameter known: what was seen before, and just now.
  func ask(_ limits: DiscoverScope, known: [ObservedTrait]) async throws -> DiscoveredHosts {
    var found = DiscoveredHosts()
    if isEmpty { return found }
    let prefixes = try patterns.map { text throws(CommandFailure) in
      guard let prefix = Prefix(text), prefix.family == .ipv6 else {
        throw CommandFailure(.usage, "--patterns \(text): no IPv6 prefix; write 2001:db8:0:1::/64")
      }
      return prefix
    }
    let probes = try (probe.isEmpty ? ["icmp"] : probe).map { text throws(CommandFailure) in
      guard let probe = SweepProbe(text) else {
        throw CommandFailure(.usage, "--probe \(text): unknown; write icmp, tcp:443 or udp:53")
      }
      return probe
    }
    let routers = try snmp.map { text throws(CommandFailure) in
      guard let router = Endpoint(text, defaultPort: 161) else {
        throw CommandFailure(
          .usage, "--snmp \(text): no address; write 2001:db8::1, [2001:db8::1]:161 or 198.18.0.1")
      }
      return router
    }
    for router in routers where found.interruption == nil { try await found.ask(router, limits, snmpConfig) }
    if !prefixes.isEmpty, found.interruption == nil {
      try await found.sweep(prefixes, probes, limits, known: known + found.traits)
    }
    if keys, found.interruption == nil { try await found.askKeys(limits, known: known + found.traits) }
    return found
  }
}

/// What hosts and routers told.
struct DiscoveredHosts {
  /// All of it.
  private(set) var traits: [ObservedTrait] = []
  /// The signal that ended it early.
  private(set) var interruption: Int32?
  private var notes: [String] = []

  /// Says what is not in the table.
  func complain() { for note in notes { Terminal.complain("note: \(note)") } }

  /// Addresses that are declared or were seen; a prefix stands under its first one, which need not be anybody's.
  private static func addresses(_ limits: DiscoverScope, _ known: [ObservedTrait]) -> Set<IPAddress> {
    Set(known.lazy.filter { $0.kind != .route && $0.kind != .aliased }.map(\.address)).union(limits.declared)
  }

  // MARK: - Routers

  fileprivate mutating func ask(_ router: Endpoint, _ limits: DiscoverScope, _ configuration: String)
    async throws
  {
    let walk = SNMPWalk(scope: limits.scope, configuration: configuration)
    do {
      let end = try await Interruption.guarding { try await walk.ask(router) }
      interruption = end.signal
      traits += end.result.traits(of: router.address, at: .now)
      notes.append(
        "\(router.address): \(end.result.neighbours.count) neighbours, \(end.result.addresses.count) addresses of its "
          + "own, \(end.result.bridged.count) bridged interfaces, \(end.result.routes.count) routes")
    } catch let failure as SNMPWalk.Failure {
      throw CommandFailure(.cannotMeasure, "--snmp \(failure)")
    }
  }

  // MARK: - Likely addresses

  fileprivate mutating func sweep(
    _ prefixes: [Prefix], _ probes: [SweepProbe], _ limits: DiscoverScope, known: [ObservedTrait]
  ) async throws {
    var knowledge = PatternKnowledge()
    var interfaces: Set<MACAddress> = []
    let addresses = Self.addresses(limits, known)
    for trait in known where trait.kind == .interface {
      if let mac = MACAddress(String(trait.value.prefix { $0 != " " })) { interfaces.insert(mac) }
    }
    knowledge.ipv4 = addresses.filter { $0.family == .ipv4 }.sorted()
    knowledge.ipv6 = addresses.filter { $0.family == .ipv6 && $0.scope != .linkLocal }.sorted()
    knowledge.interfaces = interfaces.sorted { $0.bits < $1.bits }
    let survey = PatternSurvey(prefixes, knowledge: knowledge)
    for prefix in prefixes
    where !survey.subnets.contains(where: { prefix.contains($0) || $0.contains(prefix) }) {
      notes.append(
        "\(prefix): no address is known in it, and its /64s are too many to guess: name a /64, or begin with "
          + "--reverse-zone \(prefix)")
    }
    if survey.guesses.isEmpty { return }
    var settings = SweepSettings()
    // One prefix is what was asked for: there is nobody else to be kept waiting for it.
    settings.pace = SweepPace(rate: limits.rate, prefixRate: .infinity)
    let sweep = PatternSweep(scope: limits.scope, settings: settings, probes: probes)
    let bar = SweepBar()
    do {
      let end = try await Interruption.guarding { try await sweep.run(survey) { bar.show($0) } }
      bar.clear()
      interruption = end.signal
      take(end.result.survey, end.result.report)
    } catch let error as PacketIOError {
      bar.clear()
      let error = AuditError.packets(error)
      throw CommandFailure(error.status, error)
    }
  }

  private mutating func take(_ survey: PatternSurvey, _ report: PatternSweep.Report) {
    let now = Timestamp.now
    for address in survey.found {
      let source = survey.pattern(of: address)?.rawValue ?? "sweep"
      traits.append(ObservedTrait(address, .present, source: source, firstSeen: now, lastSeen: now))
    }
    for prefix in survey.aliased {
      traits.append(
        ObservedTrait(
          prefix.address, .aliased, prefix.description, source: "sweep", firstSeen: now, lastSeen: now))
    }
    notes.append(
      "\(survey.guesses.count) likely addresses in \(survey.subnets.count) subnet\(survey.subnets.count == 1 ? "" : "s"): "
        + "\(survey.found.count) answered; \(report.sent) packets")
    for prefix in survey.aliased {
      notes.append("\(prefix): every address answers; what is in it does not count as hosts")
    }
    if survey.answeredInAliased > 0 {
      notes.append(
        "\(survey.answeredInAliased) likely addresses answered in such prefixes; they are not counted above")
    }
    if report.refusedByScope > 0 {
      notes.append("\(report.refusedByScope) addresses are outside the scope and were not asked")
    }
    if report.unknown > 0 {
      notes.append("\(report.unknown) silences say nothing: the capture dropped packets; ask more slowly")
    }
    if report.notSent > 0 { notes.append("\(report.notSent) addresses could not be sent to") }
  }

  // MARK: - Keys

  fileprivate mutating func askKeys(_ limits: DiscoverScope, known: [ObservedTrait]) async throws {
    let addresses = Self.addresses(limits, known)
    let allowed = addresses.filter { $0.scope != .linkLocal && limits.scope.allows($0) }.sorted()
    let outside = addresses.count { $0.scope != .linkLocal } - allowed.count
    let survey: KeySurvey
    do {
      survey = try KeySurvey(
        scope: limits.scope, rate: limits.rate, trust: try TrustStore(), userAgent: limits.userAgent)
    } catch {
      throw CommandFailure(.internalError, "--keys: \(error)")
    }
    let end = try await Interruption.guarding {
      await survey.ask(allowed) { done, all in
        if Terminal.showsProgress, done % 50 == 0 { Terminal.redraw("keys  \(done) of \(all)") }
      }
    }
    if Terminal.showsProgress { Terminal.redraw("") }
    interruption = end.signal
    traits += end.result
    let keys = Set(end.result.filter { [.sshKey, .tlsKey].contains($0.kind) }.map(\.address))
    notes.append("\(allowed.count) addresses were asked for keys; \(keys.count) show some")
    if outside > 0 { notes.append("\(outside) addresses are outside the scope and were not asked for keys") }
  }
}
