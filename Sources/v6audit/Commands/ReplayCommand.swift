import ArgumentParser
import Audit
import Foundation
import Inventory
import Observations
import PacketIO
import Reporting
import Session
import Store
import Wire

/// `v6audit replay`: packets in, observations out.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Read a capture file and say what it shows. Nothing is sent.",
    discussion: """
      A file of v6audit's own evidence gives the outcomes of the run's probes again, by the packets alone. Any other \
      capture (pcap or pcapng) gives the routers that advertise in it and, with --inventory, the traffic of each \
      host's addresses. With --db that is kept, and later audits know it.
      """)

  /// How observations are written to stdout.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case table, jsonl
  }

  @Argument(help: "The capture file, pcap or pcapng.")
  var file: String

  @Option(help: ArgumentHelp("The inventory whose hosts' traffic is of interest.", valueName: "dir"))
  var inventory: String?

  @Option(
    help: ArgumentHelp(
      "Leave out packets from or to this address: the vantage's own, whose probes are no traffic. Repeatable.",
      valueName: "addr"))
  var ignore: [String] = []

  @Option(help: "table or jsonl. Default: table on a terminal, else jsonl.")
  var format: Format?

  @Option(
    help: ArgumentHelp(
      "The name of the place it was captured at. Default: the host name.", valueName: "name"))
  var vantage: String?

  @Option(help: ArgumentHelp("Keep what a passive capture shows in this store.", valueName: "file"))
  var db: String?

  func validate() throws {
    if db != nil && inventory == nil {
      throw ValidationError("--db keeps the traffic of an inventory's hosts: give it with --inventory DIR")
    }
  }

  func run() throws {
    let loaded = try inventory.map { try LoadedInventory(directory: $0) }
    let place = vantage ?? ProcessInfo.processInfo.hostName
    let ignored = try Set(
      ignore.map { text in
        guard let address = IPAddress(text) else {
          throw CommandFailure(.usage, "--ignore \(text): no address; write 192.0.2.1 or 2001:db8::1")
        }
        return address
      })
    let replay: Replay
    do throws(CaptureFileError) {
      replay = try Replay(
        path: file, inventory: loaded?.inventory ?? Inventory(), ignored: ignored, vantage: place)
    } catch {
      throw CommandFailure(.usage, "\(file): \(error)")
    }
    if let db, let loaded { try keep(replay, in: db, loaded, at: place) }
    switch format ?? (Terminal.isInteractive ? .table : .jsonl) {
    case .table:
      for observation in replay.observations {
        Terminal.print(
          "\(observation.at.preciseText)  \(observation.host.padded(to: 16))  \(observation.text)")
      }
    case .jsonl:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      for observation in replay.observations {
        Terminal.print(String(decoding: try encoder.encode(observation), as: UTF8.self))
      }
    }
    if !replay.leftAside.isEmpty {
      let topics = replay.leftAside.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
      Terminal.complain(
        "left aside, since only echoes and SYNs to declared ports are replayed (docs/evidence.md): packets "
          + topics.joined(separator: ", "))
    }
    let unread =
      replay.notUnderstood > 0 ? ", \(replay.notUnderstood) of them hold no IP that could be read" : ""
    Terminal.complain("\(replay.packets) packets\(unread), \(replay.observations.count) observations")
  }

  private func keep(_ replay: Replay, in path: String, _ loaded: LoadedInventory, at place: String) throws {
    guard !replay.isEvidence else {
      throw CommandFailure(
        .usage, "\(file): holds evidence of a run, which the store has already; leave --db out")
    }
    guard let first = replay.first, let last = replay.last else { return }
    do throws(StoreError) {
      var run = Run(
        id: AuditSession.newRunID(), toolVersion: Version.text, vantage: place, policy: "", startedAt: first)
      run.kind = .capture
      let writer = try Store(path: path).begin(run, inventory: loaded.inventory.storedFiles)
      try writer.append(replay.observations)
      run.finishedAt = last
      run.state = .complete
      run.counters.packetsReceived = UInt64(replay.packets)
      try writer.finish(run, rows: [], manifest: [])
      Terminal.complain("kept as run \(run.id)")
    } catch {
      throw CommandFailure(error.status, error)
    }
  }
}
