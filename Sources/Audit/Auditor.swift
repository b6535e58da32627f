import Inventory
import Observations
import PacketIO
import Probing
import Readiness
import Services
import Store
import Wire

/// Why an audit could not be carried out.
public enum AuditError: Error, CustomStringConvertible {
  /// The packet core could not do its work.
  case packets(PacketIOError)
  /// The store could not keep what was measured.
  case store(StoreError)
  /// No handshake can be made.
  case services(HandshakerError)
  /// Names are declared, but no resolver is known.
  case noResolver

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .packets(let error): "\(error)"
    case .store(let error): "\(error)"
    case .services(let error): "\(error)"
    case .noResolver:
      "no resolver: the inventory declares names, and /etc/resolv.conf names no server; "
        + "give one with --resolver ADDR[:PORT]"
    }
  }
}

/// What an audit measured.
public struct Measurement: Sendable {
  /// The run, as it ended.
  public var run: Run
  /// Everything that was seen, in order of sequence.
  public var observations: [Observation]
  /// How many of them, from the first, the store has already.
  public var stored: Int
  /// What was sent and received, if it was kept.
  public var evidence: EvidenceDraft?
  /// What was counted; the part that is kept stands in the run too.
  public var counters: AuditCounters
}

/// Carries an audit out: names, their name servers, packets, services, in this order, since each tells what the next has to ask.
public struct Auditor: Sendable {
  let inventory: Inventory
  let settings: AuditSettings
  let report: @Sendable (AuditProgress) -> Void

  /// An audit of `inventory`.
  ///
  /// - Parameter progress: called as the work goes on, from any thread.
  public init(
    _ inventory: Inventory, settings: AuditSettings,
    progress: @escaping @Sendable (AuditProgress) -> Void = { _ in }
  ) {
    self.inventory = inventory
    self.settings = settings
    self.report = progress
  }

  /// Whether this process may send and capture on the interface asked for, found out before anything is asked.
  ///
  /// - Throws: `AuditError.packets` with the remedy.
  public func prepare() throws(AuditError) {
    for check in PacketProber.permission().checks {
      if let failure = check.failure { throw .packets(failure) }
    }
    guard let name = settings.interface else { return }
    do throws(PacketIOError) {
      _ = try NetworkInterface.all().named(name)
    } catch {
      throw .packets(error)
    }
  }

  /// Measures. When the task is cancelled it stops asking, and the run ends as `incomplete` with what is known.
  ///
  /// - Parameters:
  ///   - run: the run that was begun.
  ///   - writer: where observations are kept as they are made; `nil` keeps them in memory only.
  public func measure(_ run: Run, writer: RunWriter?) async throws(AuditError) -> Measurement {
    var run = run
    let recorder = Recorder(
      vantage: settings.vantage, writer: writer, holdsWhenFull: settings.holdsWhenFull)
    let hosts = inventory.hosts.filter { settings.only?.contains($0.id) ?? true }
    var scope = inventory.scope()
    for control in [settings.control?.address, settings.dark].compactMap({ $0 }) {
      scope.insert(.allow, for: Prefix(only: control))
    }
    var evidence: EvidenceDraft?
    var counters = AuditCounters()
    do {
      evidence = try settings.spoolDirectory.map { directory throws(PacketIOError) in
        EvidenceDraft(spool: try PacketSpool(directory: directory))
      }
      try await lookAtVantage(recorder)
      let key = SipHashKey.random()
      let (declared, spool) = (scope, evidence?.spool)
      async let dark = askDark(key, declared, spool)
      let asking = with(rate: settings.rate - darkRate)
      counters.run.lookups = try await asking.askNames(hosts, recorder, spool)
      if !Task.isCancelled { try await asking.askNameServers(hosts, scope, recorder, spool) }
      let addressing = await addressing(hosts, recorder)
      evidence?.hosts = addressing
      if settings.allowsPublished {
        for address in addressing.flatMap({ host in families.flatMap { host.addresses($0) } }) {
          let isForbidden = settings.never.contains { $0.contains(address) }
          scope.insert(isForbidden ? .exclude : .allow, for: Prefix(only: address))
        }
      }
      let watch = try watchRouters(addressing, scope, spool)
      defer { _ = watch?.stop() }
      if !Task.isCancelled {
        let packets = try await asking.sendProbes(addressing, key, scope, recorder, spool)
        try await record(packets, recorder, &evidence, &counters)
      }
      try await record(try await dark, recorder, &evidence, &counters)
      if !Task.isCancelled {
        try await timeHandshakes(addressing, scope, recorder, spool, &counters)
      }
      if !Task.isCancelled {
        try await traceWays(addressing, scope, recorder, spool, &counters)
      }
      if !Task.isCancelled {
        try await connect(addressing, scope, recorder, spool, &counters)
      }
      // Hundreds of conversations at once were the most that is ever under way.
      ProcessMemory.giveBack()
      if !Task.isCancelled { try await surveyExposure(addressing, scope, recorder, &evidence, &counters) }
      if let watch { try await record(watch, recorder) }
      try await recorder.flush()
    } catch let error as PacketIOError {
      throw .packets(error)
    } catch let error as StoreError {
      throw .store(error)
    } catch let error as HandshakerError {
      throw .services(error)
    } catch let error as AuditError {
      throw error
    } catch {
      preconditionFailure("the phases throw only the errors above: \(error)")
    }
    run.counters = counters.run
    run.finishedAt = .now
    run.state = Task.isCancelled ? .incomplete : .complete
    let (observations, stored) = await recorder.take()
    return Measurement(
      run: run, observations: observations, stored: stored, evidence: evidence, counters: counters)
  }

  /// Tells addresses that their packets are too big while services are spoken with: the one mostly waits for pauses
  /// of servers, the other computes. Each keeps to half of every rate, so that together they keep to the whole.
  private func connect(
    _ hosts: [HostAddressing], _ scope: Scope, _ recorder: Recorder, _ spool: PacketSpool?,
    _ counters: inout AuditCounters
  ) async throws {
    guard asksForSizes else { return try await shakeHands(hosts, scope, recorder, spool, &counters) }
    let speaking = with(rate: settings.rate / 2)
    // One of the two shows how far it is.
    let telling = Auditor(inventory, settings: speaking.settings)
    async let sizes = telling.tellTooBig(hosts, scope, recorder, spool)
    try await speaking.shakeHands(hosts, scope, recorder, spool, &counters)
    counters.add(try await sizes)
  }

  /// The part of the rate that is the dark control's while all else goes on: its tries are a second apart and more.
  var darkRate: Double { min(1, settings.rate / 2) }

  private func with(rate: Double) -> Auditor {
    var settings = settings
    settings.rate = rate
    return Auditor(inventory, settings: settings, progress: report)
  }

  /// The families to ask for, in a fixed order.
  var families: [AddressFamily] { AddressFamily.allCases.filter { settings.families.contains($0) } }

  /// Each host with the addresses its names turned out to publish.
  func addressing(_ hosts: [Host], _ recorder: Recorder) async -> [HostAddressing] {
    await recorder.read { observations in
      let seen = Dictionary(grouping: observations, by: \.host)
      let synthesis = Synthesis(seen[""] ?? [])
      return hosts.map { HostAddressing($0, lookups: seen[$0.id] ?? [], synthesis: synthesis) }
    }
  }
}
