import Observations
import PacketIO
import Probing
import Readiness
import Wire

/// Where in the spool the records of each failing host stand.
struct EvidenceIndex: Sendable {
  struct Entry: Sendable {
    var place: Int
    var time: UInt64
    var kind: PacketSpool.Kind
    var topic: PacketSpool.Topic
  }

  struct HostPart: Sendable {
    var entries: [Entry] = []
    var probes: [EvidenceSection.Entry] = []
    var bytes = 0
    var textBytes = 0
    var leftOut = 0
    /// What its facts were about, with what was found from them.
    var findings: [EvidenceSubject: [CheckRow]] = [:]
  }

  private(set) var parts: [HostPart]
  private var byAddress: [IPAddress: [Int]] = [:]
  /// Of all topics but `reach`, where a host gets what its findings rest on and nothing else.
  private var byFinding: [PacketSpool.Topic: [IPAddress: [Int]]] = [:]
  /// Whose findings rest on what is said once for many.
  private var byShared: [String: [Int]] = [:]
  private var onLink: [Int] = []
  /// When the probes' capture lost packets: from, to, how many.
  private(set) var drops: [[UInt64]] = []
  /// How many packets the capture of handshakes lost.
  private(set) var handshakeDrops: UInt64 = 0

  /// More readings of drops than this are summed up in one.
  private static let mostDrops = 64
  /// What a packet costs in the file beside its bytes.
  private static let overhead = 160

  func entries(of host: Int) -> [Entry] { parts[host].entries }
  func probes(of host: Int) -> [EvidenceSection.Entry] { parts[host].probes }
  func leftOut(of host: Int) -> Int { parts[host].leftOut }

  init(
    _ draft: EvidenceDraft, failing: [(host: String, rows: [CheckRow])], observations: [Observation]
  ) throws(PacketIOError) {
    parts = Array(repeating: HostPart(), count: failing.count)
    let numbers = Dictionary(failing.enumerated().map { ($1.host, $0) }) { first, _ in first }
    for addressing in draft.hosts {
      guard let number = numbers[addressing.host.id] else { continue }
      for address in AddressFamily.allCases.flatMap({ addressing.addresses($0) }) {
        byAddress[address, default: []].append(number)
      }
    }
    addFacts(observations, numbers: numbers, failing: failing, elsewhere: draft.elsewhere)
    addProbes(draft, observations, numbers: numbers, failingHosts: failing.map(\.host))
    try draft.spool.forEach { kind, topic, time, place, bytes in
      add(Entry(place: place, time: time, kind: kind, topic: topic), bytes, numbers)
    }
  }

  /// What the findings of each host rest on.
  private mutating func addFacts(
    _ observations: [Observation], numbers: [String: Int], failing: [(host: String, rows: [CheckRow])],
    elsewhere: [IPAddress: [EvidenceDraft.Elsewhere]]
  ) {
    var wanted: [Int: [(host: Int, row: CheckRow)]] = [:]
    for (number, (_, rows)) in failing.enumerated() {
      for row in rows {
        for sequence in row.evidence { wanted[sequence, default: []].append((number, row)) }
      }
      if rows.contains(where: { $0.check == .operationRA || $0.check == .exposureRouter }) {
        onLink.append(number)
      }
    }
    for observation in observations {
      guard let rows = wanted[observation.sequence] else { continue }
      for (number, row) in rows {
        for subject in observation.fact.evidenceSubjects(elsewhere) {
          own(subject, number, isControl: observation.host.isEmpty)
          // A survey is one fact of many ports, and a finding may be about one of them.
          if case .portSurvey = observation.fact, !row.isAbout(port: subject.endpoint.port) { continue }
          parts[number].findings[subject, default: []].append(row)
        }
        if let key = observation.fact.sharedConversation, byShared[key]?.contains(number) != true {
          byShared[key, default: []].append(number)
        }
      }
    }
  }

  /// Gives a host the packets about a subject.
  private mutating func own(_ subject: EvidenceSubject, _ number: Int, isControl: Bool) {
    let address = subject.endpoint.address
    if subject.topic != .reach {
      if byFinding[subject.topic]?[address]?.contains(number) != true {
        byFinding[subject.topic, default: [:]][address, default: []].append(number)
      }
    } else if isControl, byAddress[address]?.contains(number) != true {
      // The vantage's controls are nobody's address.
      byAddress[address, default: []].append(number)
    }
  }

  func owners(_ topic: PacketSpool.Topic, _ address: IPAddress) -> [Int]? {
    topic == .reach ? byAddress[address] : byFinding[topic]?[address]
  }

  /// The probes of each host, with the observation each became.
  private mutating func addProbes(
    _ draft: EvidenceDraft, _ observations: [Observation], numbers: [String: Int], failingHosts: [String]
  ) {
    var sequences: [HostProbe: (sequence: Int, at: Timestamp, role: ControlRole?)] = [:]
    for observation in observations {
      guard let host = numbers[observation.host], let probe = observation.fact.probe else { continue }
      sequences[HostProbe(host: host, probe: probe)] = (
        observation.sequence, observation.at, observation.fact.role
      )
    }
    for asked in draft.probes {
      let probe = asked.probe
      let port: UInt16? = if case .tcpSYN(let port) = probe.kind { port } else { nil }
      for host in byAddress[probe.target] ?? [] {
        // A control may ask what a host is asked too; each is that of its own.
        guard let seen = sequences[HostProbe(host: host, probe: probe)] else { continue }
        parts[host].probes.append(
          EvidenceSection.Entry(
            number: asked.number, target: probe.target, port: port, role: seen.role,
            sequence: asked.isUnfinished ? nil : seen.sequence,
            at: asked.isUnfinished ? nil : seen.at, notSent: asked.notSent))
      }
    }
    for index in parts.indices { keepOne(of: index, isVantage: failingHosts[index].isEmpty) }
  }

  /// Of two probes that ask the same (a control may ask what a host is asked) the host's comes first in a run, that of
  /// the vantage last.
  private mutating func keepOne(of index: Int, isVantage: Bool) {
    var kept: [Probe: Int] = [:]
    for (position, entry) in parts[index].probes.enumerated() where isVantage || kept[entry.probe] == nil {
      kept[entry.probe] = position
    }
    let wanted = Set(kept.values)
    parts[index].probes = parts[index].probes.enumerated().filter { wanted.contains($0.offset) }.map(
      \.element)
  }

  private mutating func add(_ entry: Entry, _ bytes: RawSpan, _ numbers: [String: Int]) {
    switch entry.kind {
    // The drops of later runs make nothing doubtful that is replayed.
    case .probeDrops where entry.topic != .reach: break
    case .probeDrops:
      let (from, count) = (bytes.uint64(at: 0), bytes.uint64(at: 8))
      if drops.count < Self.mostDrops {
        drops.append([from, entry.time, count])
      } else {
        // One wider gap only makes more silences doubtful.
        drops[Self.mostDrops - 1][1] = entry.time
        drops[Self.mostDrops - 1][2] += count
      }
    case .handshakeDrops: handshakeDrops += bytes.uint64(at: 8)
    case .transcript:
      for host in Self.hosts(bytes) {
        for number in numbers[host].map({ [$0] }) ?? byShared[host] ?? [] {
          add(entry, bytes.byteCount, to: number)
        }
      }
    case .advertisement, .advertisementFrame:
      for number in onLink { add(entry, bytes.byteCount, to: number) }
    case .probeSent, .probeReceived, .handshake:
      guard let (remote, _) = remote(bytes, entry.topic) else { return }
      for number in owners(entry.topic, remote.address) ?? [] { add(entry, bytes.byteCount, to: number) }
    }
  }

  private mutating func add(_ entry: Entry, _ count: Int, to number: Int) {
    if entry.kind == .transcript {
      guard parts[number].textBytes + count <= EvidenceWriter.hostTextLimit else {
        parts[number].leftOut += 1
        return
      }
      parts[number].textBytes += count
    } else {
      guard parts[number].bytes + count + Self.overhead <= EvidenceWriter.hostLimit else {
        parts[number].leftOut += 1
        return
      }
      parts[number].bytes += count + Self.overhead
    }
    if parts[number].entries.last?.place != entry.place { parts[number].entries.append(entry) }
  }

  /// The ids in the first line of a conversation.
  private static func hosts(_ bytes: RawSpan) -> [String] {
    var line: [UInt8] = []
    for offset in 0..<bytes.byteCount {
      let byte = bytes.uint8(at: offset)
      if byte == 0x0a { break }
      line.append(byte)
    }
    return String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false).map(
      String.init)
  }

  private struct HostProbe: Hashable {
    var host: Int
    var probe: Probe
  }
}

extension CheckRow {
  /// Whether it may be about a port: about this one, if its subject names one.
  fileprivate func isAbout(port: UInt16) -> Bool {
    let namesPort = subject.hasPrefix("[") || (subject.contains(".") && subject.contains(":"))
    return !namesPort || subject.hasSuffix(":\(port)")
  }
}
