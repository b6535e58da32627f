import ArgumentParser
import Audit
import Discovery
import Foundation
import Observations
import PacketIO
import Reporting
import Store
import Synchronization
import Wire

/// `v6audit discover`: who is there.
struct DiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Find out who is there.",
    discussion: """
      With --read, --kernel, --audited, and with --interface without --ask, nothing is sent: stations are heard in ARP, neighbour discovery, \
      DHCP, multicast DNS, MLD, LLDP and CDP; names of servers in TLS, services in TCP. With --reverse-zone or --transfer \
      one name server is asked, and nobody else. --ask, --mld, --patterns, --keys and --snmp ask only what --allow and the inventory's \
      prefixes allow. Nothing that is declared is changed: what was seen is kept with --db, for inventory diff.
      """)

  @OptionGroup(title: "A link") var link: DiscoverLinkOptions

  @Option(
    help: ArgumentHelp(
      "Read captures instead: pcap or pcapng files, or directories of them.", valueName: "path"))
  var read: [String] = []

  @Flag(help: "Whom this machine's kernel has talked to: its neighbour tables.")
  var kernel = false

  @Option(
    help: ArgumentHelp(
      "What the latest audit in this store saw: addresses, services, names, keys.", valueName: "file"))
  var audited: String?

  @Flag(help: "Say what changes, as it is heard: new stations and addresses, addresses that move, routers.")
  var events = false

  @OptionGroup(title: "Names") var names: DiscoverNameOptions
  @OptionGroup(title: "Hosts and routers") var hosts: DiscoverHostOptions
  @OptionGroup(title: "Scope and pace") var scope: DiscoverScopeOptions

  @Option(
    help: ArgumentHelp("Keep what was seen in this store, beside what was seen before.", valueName: "file"))
  var db: String?

  @Option(help: "table or csv. Default: table on a terminal, else csv.")
  var format: TableFormat?

  func validate() throws {
    guard link.interface == nil || read.isEmpty else {
      throw ValidationError("give --interface NAME to listen, or --read PATH for captures")
    }
    if link.interface == nil, read.isEmpty, !kernel, audited == nil, names.isEmpty, hosts.isEmpty {
      throw ValidationError(
        "say how: --interface NAME to listen, --read PATH for captures, --kernel, --audited FILE, --reverse-zone PREFIX, "
          + "--transfer ZONE, --patterns PREFIX, --keys or --snmp ROUTER")
    }
    if scope.declared, db == nil { throw ValidationError("--declared: name the store with --db") }
    if link.asks || !hosts.isEmpty, !scope.isGiven {
      throw ValidationError(
        "--ask, --mld, --patterns, --keys, --snmp: say with --allow, --inventory or --declared what may be touched"
      )
    }
  }

  func run() async throws {
    let store = if let db { try await DiscoverStore(path: db) } else { DiscoverStore?.none }
    let limits = try scope.read(try store?.reading())
    let names = try await names.find()
    let earlier = link.asks || !hosts.isEmpty ? try store?.observed() ?? [] : []
    var stations: PassiveDiscovery?
    if link.interface != nil { stations = try await listen(limits, earlier) }
    if !read.isEmpty { stations = try readAll() }
    let place = link.interface ?? "capture"
    let isOfLinkAlone = !names.wasAsked && !kernel && audited == nil && hosts.isEmpty
    // Of a full book what is to be kept takes more room than the book: it is made one by one, unless others need it.
    var traits = names.traits
    if !isOfLinkAlone { traits += stations?.book.traits(on: place) ?? [] }
    if kernel { traits += try neighbours() }
    if let audited { traits += try Self.audited(audited) }
    let found = try await hosts.ask(limits, known: earlier + traits)
    traits += found.traits
    let vendors = show(traits, stations, ofLinkAlone: isOfLinkAlone)
    names.complain()
    found.complain()
    if let stations { complain(stations, vendors) }
    if let store {
      let (all, book) = (traits, isOfLinkAlone ? stations?.book : nil)
      try await store.keep { take in
        for trait in all { try take(trait) }
        try book?.eachTrait(on: place, take)
      }
    }
    if let signal = names.interruption ?? found.interruption { throw ExitStatus(code: 128 + signal) }
  }

  /// Shows stations as they were heard, or, where more is known than a link tells, hosts.
  private func show(
    _ traits: [ObservedTrait], _ stations: PassiveDiscovery?, ofLinkAlone: Bool
  ) -> Vendors {
    let vendors: Vendors
    if ofLinkAlone {
      let all = stations?.book.everybody ?? []
      vendors = Vendors(of: all.map(\.mac))
      TableFormat.show(StationsTable(all, vendors: vendors).table, as: format)
    } else {
      let observed = ObservedHosts(traits)
      vendors = Vendors(of: observed.hosts.flatMap(\.interfaces))
      TableFormat.show(ObservedHostsTable(observed, vendors: vendors).table, as: format)
      if observed.aliases > 0 {
        Terminal.complain(
          "note: \(observed.aliases) addresses are in prefixes where every address answers; they do not count as hosts"
        )
      }
    }
    return vendors
  }

  /// What the latest audit in a store saw.
  private static func audited(_ path: String) throws -> [ObservedTrait] {
    let observations: [Observation]?
    do throws(StoreError) {
      let store = try Store.openForReading(path: path)
      observations = try store.latestRun().map { run throws(StoreError) in try store.observations(run: run.id)
      }
    } catch {
      throw CommandFailure(error.status, error)
    }
    guard let observations else {
      throw CommandFailure(
        .cannotMeasure, "\(path): no audit is in it; begin with: v6audit audit --db \(path)")
    }
    return ObservedTrait.traits(of: observations)
  }

  private func neighbours() throws -> [ObservedTrait] {
    do throws(PacketIOError) {
      let now = Timestamp.now
      return try KnownNeighbour.all().map { $0.trait(at: now) }
    } catch {
      let error = AuditError.packets(error)
      throw CommandFailure(error.status, error)
    }
  }

  private func readAll() throws -> PassiveDiscovery {
    var discovery = PassiveDiscovery()
    for path in read {
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      let files = isDirectory.boolValue ? PassiveDiscovery.files(in: path) : [path]
      if files.isEmpty {
        throw CommandFailure(.usage, "\(path): no capture file is in it; give pcap or pcapng files")
      }
      for file in files {
        do throws(CaptureFileError) {
          try discovery.read(file: file)
        } catch {
          // One that is still written, or was cut off, has what it has.
          guard files.count > 1 else { throw CommandFailure(.usage, "\(file): \(error)") }
          Terminal.complain("note: \(file): \(error); what comes before counts")
        }
        tell(discovery.takeEvents())
      }
    }
    return discovery
  }

  private func listen(_ limits: DiscoverScope, _ earlier: [ObservedTrait]) async throws -> PassiveDiscovery {
    let wantsEvents = events
    let heard = Heard()
    let known = Set(earlier.lazy.map(\.address).filter { $0.family == .ipv6 })
    let end = try await link.listen(limits, known: Array(known), heard: { heard.interfaces }) { frame, time in
      let happened = heard.take(frame, at: time)
      if wantsEvents { for event in happened { Terminal.print(StationEventText(event).text) } }
    }
    if end.dropped > 0 {
      Terminal.complain("note: the kernel dropped \(end.dropped) frames; who was in these alone is not here")
    }
    for note in end.notes { Terminal.complain("note: \(note)") }
    return heard.discovery
  }

  private func tell(_ happened: [StationEvent]) {
    guard events else { return }
    for event in happened { Terminal.print(StationEventText(event).text) }
  }

  private func complain(_ discovery: PassiveDiscovery, _ vendors: Vendors) {
    let losses = discovery.book.losses
    var notes = ["\(discovery.book.count) stations in \(discovery.frames) frames"]
    if discovery.unreadable > 0 { notes.append("\(discovery.unreadable) frames could not be read") }
    if discovery.elsewhere > 0 {
      notes.append("\(discovery.elsewhere) packets are of links that have no stations")
    }
    if losses.turnedAway > 0 {
      notes.append("room was scarce: \(losses.turnedAway) times a station that was heard once was not taken")
    }
    Terminal.complain(notes.joined(separator: "; "))
    if vendors.missing.count == 3 {
      Terminal.complain("note: vendors are not known: install the package ieee-data")
    }
  }

  /// What the listening thread and the command share.
  private final class Heard: Sendable {
    private let state = Mutex(PassiveDiscovery())

    var discovery: PassiveDiscovery { state.withLock { $0 } }
    var interfaces: [MACAddress] { state.withLock { $0.book.everybody.map(\.mac) } }

    func take(_ frame: RawSpan, at time: Timestamp) -> [StationEvent] {
      state.withLock { discovery in
        discovery.take(frame, at: time)
        return discovery.takeEvents()
      }
    }
  }
}
