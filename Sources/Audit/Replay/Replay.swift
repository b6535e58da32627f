import Inventory
import Observations
import PacketIO
import Probing
import Readiness
import Wire

/// What a capture file shows, as observations. Packets in, observations out; nothing is sent.
///
/// A section of our own evidence is handed to the engine that made it, and gives the outcomes of its probes again. Any
/// other capture is passive: who advertises as a router, and the traffic of the inventory's hosts by address.
public struct Replay: Sendable {
  /// What was read, in order: of evidence with the run's own sequence numbers, else numbered from 1.
  public private(set) var observations: [Observation] = []
  /// Packets read.
  public private(set) var packets = 0
  /// Packets that hold no IP, or are of a kind of link that is not known.
  public private(set) var notUnderstood = 0
  /// Whether the file holds evidence of a run.
  public private(set) var isEvidence = false
  /// Packets of our own evidence that no outcome is made of again, by what they were exchanged for.
  public private(set) var leftAside: [String: Int] = [:]
  /// When the first packet was captured; `nil` without any.
  public private(set) var first: Timestamp?
  /// When the last was captured.
  public private(set) var last: Timestamp?

  private var passive: PassiveReading
  private var section: EvidenceReading?
  private let vantage: String

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - inventory: whose hosts' traffic is of interest.
  ///   - ignored: packets from or to these addresses are no traffic: the vantage's own.
  ///   - vantage: the name of the place it was captured at.
  /// - Throws: `CaptureFileError` with the place where the file is not as it should be.
  public init(
    path: String, inventory: Inventory = Inventory(), ignored: Set<IPAddress> = [], vantage: String
  ) throws(CaptureFileError) {
    self.vantage = vantage
    passive = PassiveReading(inventory, ignored: ignored)
    var reader = try CaptureFileReader(path: path)
    try read(&reader)
  }

  /// Reads bytes in memory.
  public init(
    bytes: [UInt8], inventory: Inventory = Inventory(), ignored: Set<IPAddress> = [], vantage: String
  ) throws(CaptureFileError) {
    self.vantage = vantage
    passive = PassiveReading(inventory, ignored: ignored)
    var reader = CaptureFileReader(bytes: bytes)
    try read(&reader)
  }

  private mutating func read(_ reader: inout CaptureFileReader) throws(CaptureFileError) {
    while let event = try reader.next() {
      switch event {
      case .section(let comments):
        endSection()
        section = EvidenceReading(comments)
        isEvidence = isEvidence || section != nil
      case .packet(let packet):
        packets += 1
        note(Timestamp(microseconds: Int64(clamping: packet.time / 1000)))
        try take(packet, at: reader.offset)
      }
    }
    endSection()
    observations.sort { ($0.sequence, $0.host) < ($1.sequence, $1.host) }
    for (host, at, fact) in passive.facts(until: last) {
      let sequence = (observations.last?.sequence ?? 0) + 1
      observations.append(
        Observation(sequence: sequence, host: host, at: at, vantage: vantage, fact: fact))
    }
  }

  private mutating func note(_ time: Timestamp) {
    first = min(first ?? time, time)
    last = max(last ?? time, time)
  }

  private mutating func take(_ packet: CapturedPacket, at offset: Int) throws(CaptureFileError) {
    if section != nil, packet.sender == nil, !packet.isRouterAdvertisement {
      if let topic = packet.topic {
        leftAside[topic, default: 0] += 1
        return
      }
      guard section?.add(packet) ?? true else {
        throw CaptureFileError(offset: offset, why: "evidence of more than \(EvidenceReading.limit) bytes")
      }
      return
    }
    let countsTraffic = section == nil
    let isRead = packet.withIPPacket { ip in
      passive.take(ip, packet, countsTraffic: countsTraffic)
      return true
    }
    if isRead == nil { notUnderstood += 1 }
  }

  private mutating func endSection() {
    if let section { observations += section.observations() }
    section = nil
  }
}

extension CapturedPacket {
  /// What a packet of our own evidence was exchanged for, the probes that are replayed left out.
  fileprivate var topic: String? {
    interface == "probes" || interface.isEmpty ? nil : interface
  }

  fileprivate var isRouterAdvertisement: Bool {
    withIPPacket {
      $0.byteCount > 40 && $0.uint8(at: 0) >> 4 == 6 && $0.uint8(at: 6) == 58 && $0.uint8(at: 40) == 134
    }
      ?? false
  }
}
