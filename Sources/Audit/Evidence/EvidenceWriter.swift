import Crypto
import Foundation
import Inventory
import Observations
import PacketIO
import Probing
import Readiness
import Wire

/// What was written as evidence of a run.
public struct EvidenceSummary: Sendable, Hashable {
  /// The directory of the run's files.
  public var directory: String
  /// How many files, `SHA256SUMS` left out.
  public var files: Int
  /// Their size together, in bytes.
  public var bytes: Int
  /// SHA-256 over `SHA256SUMS`, which holds that of each file.
  public var sumsSHA256: String
  /// Hosts whose files lack packets or conversations because a limit was reached.
  public var cut: Int
}

/// Cuts what a run kept into files a host, for the hosts with a verdict that is neither `pass` nor `na`.
public struct EvidenceWriter: Sendable {
  /// The most a host's packets take, in bytes.
  public static let hostLimit = 1 << 20
  /// The most a host's conversations take, in bytes.
  public static let hostTextLimit = 256 << 10
  /// The most all files of a run take, in bytes.
  public static let runLimit = 128 << 20
  /// The vantage's own file; no host's id has an `@`.
  public static let vantageName = "@vantage"

  let draft: EvidenceDraft
  let run: Run
  let application: String
  /// Hosts that are looked for at once in all that was kept, so that memory does not grow with them.
  var hostsAtOnce = 300

  let judgement: Judgement
  let observations: [Observation]

  /// The evidence of a run that was judged.
  public init(_ draft: EvidenceDraft, run: Run, judgement: Judgement, observations: [Observation]) {
    self.draft = draft
    self.observations = observations
    self.run = run
    self.judgement = judgement
    application = "v6audit \(run.toolVersion)"
  }

  /// Hosts with a verdict that is neither `pass` nor `na`, a bounded number at a time: the vantage first, then from
  /// place `start` on; and the place to go on from.
  private func failing(from start: Int?) -> (some: [(host: String, rows: [CheckRow])], next: Int) {
    var some: [(host: String, rows: [CheckRow])] = []
    func add(_ host: String, _ rows: [CheckRow]) {
      let rows = rows.filter { $0.verdict != .pass && $0.verdict != .na }
      if !rows.isEmpty { some.append((host, rows)) }
    }
    if start == nil { add("", [judgement.vantage]) }
    var next = start ?? 0
    while next < judgement.hosts.count, some.count < hostsAtOnce {
      add(judgement.hosts[next].host.id, judgement.hosts[next].rows)
      next += 1
    }
    return (some, next)
  }

  /// Writes the files into a directory that exists and is empty.
  ///
  /// - Parameter final: the directory's name when it is shown.
  /// - Throws: when what was kept cannot be read back, or a file not be written.
  public func write(to directory: String, final: String) throws -> EvidenceSummary {
    var sums = ""
    var summary = EvidenceSummary(directory: final, files: 0, bytes: 0, sumsSHA256: "", cut: 0)
    func put(_ name: String, _ bytes: [UInt8]) throws {
      try Data(bytes).write(to: URL(filePath: "\(directory)/\(name)"))
      sums += "\(hexadecimal(SHA256.hash(data: bytes)))  \(name)\n"
      summary.files += 1
      summary.bytes += bytes.count
    }
    lazy var asked = observations.reduce(into: Set<String>()) { $0.insert($1.host) }
    var start: Int?
    repeat {
      let (some, next) = failing(from: start)
      start = next
      guard summary.bytes < Self.runLimit else {
        summary.cut += some.count { asked.contains($0.host) }
        continue
      }
      let index = try EvidenceIndex(draft, failing: some, observations: observations)
      for (number, (host, rows)) in some.enumerated() {
        let name = host.isEmpty ? Self.vantageName : host
        // Of a host that was not asked there is nothing to show.
        if index.entries(of: number).isEmpty && index.probes(of: number).isEmpty { continue }
        guard summary.bytes < Self.runLimit else {
          summary.cut += 1
          continue
        }
        let (packets, text, isCut) = try files(number, host, rows, index)
        if isCut { summary.cut += 1 }
        try put("\(name).pcapng", packets)
        if !text.isEmpty { try put("\(name).txt", text) }
      }
    } while start ?? 0 < judgement.hosts.count
    try Data(sums.utf8).write(to: URL(filePath: "\(directory)/SHA256SUMS"))
    summary.sumsSHA256 = hexadecimal(SHA256.hash(data: Array(sums.utf8)))
    return summary
  }

  private func files(
    _ number: Int, _ host: String, _ rows: [CheckRow], _ index: EvidenceIndex
  ) throws -> (packets: [UInt8], text: [UInt8], isCut: Bool) {
    let name = host.isEmpty ? "the vantage" : host
    let findings = EvidenceText.findings(rows)
    let places = index.entries(of: number).sorted { ($0.time, $0.place) < ($1.time, $1.place) }
    var section = EvidenceSection(
      run: run.id, host: host, vantage: run.vantage, key: EvidenceSection.text(of: draft.key),
      tries: draft.settings.tries, timeoutNanoseconds: draft.settings.timeout,
      backoff: draft.settings.backoff, jitter: draft.settings.jitter,
      extraRounds: draft.settings.extraRounds, drops: index.drops,
      rounds: draft.rounds)
    let isCut = index.leftOut(of: number) > 0 || draft.spool.lost > 0 || index.handshakeDrops > 0
    section.leftOut = index.leftOut(of: number)
    var opening = ["v6audit evidence: host \(name), run \(run.id), vantage \(run.vantage)", "\(findings)"]
    if isCut {
      opening.append(
        "Not everything is here: \(section.leftOut) packets or conversations beyond this file's size, "
          + "\(draft.spool.lost) of the run beyond its size, \(index.handshakeDrops) lost by the capture of handshakes"
      )
    }
    var writer = PcapngWriter(
      application: application,
      comments: [opening.joined(separator: "\n")]
        + section.comments(index.probes(of: number)))
    let probes = writer.addInterface(
      .raw, snapLength: 512, name: "probes", description: "probes: as they were sent, and answers as captured"
    )
    let hands = writer.addInterface(
      .raw, snapLength: Int(HandshakeCapture.snapLength), name: "handshakes",
      description: "handshakes: captured")
    let routers = writer.addInterface(
      .ethernet, snapLength: 2048, description: "router advertisements: captured on the vantage's link")
    let rawRouters = writer.addInterface(
      .raw, snapLength: 2048, description: "router advertisements: captured on a link without Ethernet")
    // Later phases after these, so that the numbers of the others stay.
    var others: [PacketSpool.Topic: UInt32] = [:]
    for topic in PacketSpool.Topic.allCases {
      guard let description = topic.description else { continue }
      others[topic] = writer.addInterface(
        .raw, snapLength: Int(HandshakeCapture.snapLength), name: "\(topic)", description: description)
    }
    var text = ""
    for entry in places {
      let bytes = try draft.spool.record(at: entry.place)
      let interface: UInt32
      switch entry.kind {
      case .transcript:
        text += String(decoding: bytes.drop { $0 != 0x0a }.dropFirst(), as: UTF8.self)
        continue
      case .probeDrops, .handshakeDrops: continue
      case .probeSent, .probeReceived: interface = others[entry.topic] ?? probes
      case .handshake: interface = others[entry.topic] ?? hands
      case .advertisementFrame: interface = routers
      case .advertisement: interface = rawRouters
      }
      let about = index.about(bytes, entry, of: number)
      writer.addPacket(
        bytes, interface: interface, time: entry.time, length: about.length, direction: about.direction,
        order: UInt64(entry.place),
        comment: "\(name), run \(run.id)" + (about.findings.isEmpty ? "" : ": \(about.findings)"))
    }
    if !text.isEmpty {
      text =
        "v6audit evidence: host \(name), run \(run.id)\n\(findings)\n"
        + "> was sent, < was received; bytes other than printable ASCII are escaped.\n\n" + text
    }
    return (writer.bytes, Array(text.utf8), isCut)
  }
}

extension PacketSpool.Topic {
  /// The interface for what is exchanged beside the probes and handshakes of `reach`, which have their own.
  fileprivate var description: String? {
    switch self {
    case .reach: nil
    case .latency: "latency: SYNs that time handshakes"
    case .sizes: "sizes: large packets and Packet Too Big, the first 256 bytes of each"
    case .ways: "ways: probes with a hop limit, and who said that it was exceeded"
    case .exposure:
      "exposure: ports that need not be declared, datagrams, tunnels, addresses that nobody uses"
    }
  }
}
