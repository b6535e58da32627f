import ArgumentParser
import Audit
import Discovery
import Foundation
import Observations
import PacketIO
import Reporting
import Synchronization
import Wire

/// `v6audit discover`: who is there.
struct DiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Find out who is there, without sending a packet.",
    discussion: """
      Stations are heard in ARP, neighbour discovery, DHCP, multicast DNS, MLD, LLDP and CDP; names of servers in TLS, \
      services in TCP. Of a link with --interface for so many seconds, or of capture files with --read: a file, or a \
      directory with those of a capture that was rotated. Nothing that is declared is changed.
      """)

  /// How stations are written to stdout.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, csv
  }

  @Option(help: ArgumentHelp("Listen on this Ethernet interface.", valueName: "name"))
  var interface: String?

  @Option(help: ArgumentHelp("For how long. Default: until it is interrupted.", valueName: "seconds"))
  var passive: Double?

  @Flag(help: "Hear frames for others as well, as at a mirror port (promiscuous mode).")
  var mirror = false

  @Option(
    help: ArgumentHelp(
      "Read captures instead: pcap or pcapng files, or directories of them.", valueName: "path"))
  var read: [String] = []

  @Flag(help: "Say what changes, as it is heard: new stations and addresses, addresses that move, routers.")
  var events = false

  @Option(help: "table or csv. Default: table on a terminal, else csv.")
  var format: Format?

  func validate() throws {
    guard (interface == nil) != read.isEmpty else {
      throw ValidationError("give --interface NAME to listen, or --read PATH for captures")
    }
    if let passive, !(passive > 0) { throw ValidationError("--passive \(passive): give seconds, above 0") }
  }

  func run() async throws {
    let discovery: PassiveDiscovery
    if let interface {
      discovery = try await listen(on: interface)
    } else {
      discovery = try readAll()
    }
    let stations = discovery.book.everybody
    let vendors = Vendors(of: stations.map(\.mac))
    let table = StationsTable(stations, vendors: vendors)
    switch format ?? (Terminal.isInteractive ? .table : .csv) {
    case .table: for line in Columns.lines(table.lines, indent: 0) { Terminal.print(line) }
    case .csv: Terminal.print(bytes: table.bytes)
    }
    complain(discovery, vendors)
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

  private func listen(on interface: String) async throws -> PassiveDiscovery {
    let heard = Heard()
    let seconds = passive
    let isMirror = mirror
    let wantsEvents = events
    let dropped: UInt64
    do {
      dropped = try await Interruption.guarding {
        try await LinkListener.listen(on: interface, isPromiscuous: isMirror, seconds: seconds) {
          frame, time in
          let happened = heard.take(frame, at: time)
          if wantsEvents { for event in happened { Terminal.print(StationEventText(event).text) } }
        }
      }.result
    } catch let error as PacketIOError {
      let error = AuditError.packets(error)
      throw CommandFailure(error.status, error)
    }
    if dropped > 0 {
      Terminal.complain("note: the kernel dropped \(dropped) frames; who was in these alone is not here")
    }
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

    func take(_ frame: RawSpan, at time: Timestamp) -> [StationEvent] {
      state.withLock { discovery in
        discovery.take(frame, at: time)
        return discovery.takeEvents()
      }
    }
  }
}
