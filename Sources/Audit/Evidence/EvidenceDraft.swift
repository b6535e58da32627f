import Foundation
import Observations
import PacketIO
import Probing
import Readiness
import Services
import Wire

/// What a run sent and received, before it is known which verdicts need it.
public struct EvidenceDraft: Sendable {
  /// Packets and conversations.
  let spool: PacketSpool
  /// The hosts with the addresses they turned out to have.
  var hosts: [HostAddressing] = []
  /// The probes of the packet core, in the order of their numbers.
  private(set) var probes: [Probe] = []
  /// By the number of a probe: why no packet left.
  private(set) var notSent: [Int: NotSentReason] = [:]
  /// Numbers of probes that had no outcome when the run was interrupted.
  private(set) var unfinished: Set<Int> = []
  private(set) var settings = ProbeSettings()
  private(set) var key: SipHashKey?
  /// When further rounds began, in nanoseconds since 1970.
  private(set) var rounds: [UInt64] = []

  init(spool: PacketSpool) { self.spool = spool }

  /// Notes what a run of the packet core asked, and what no packet can tell of it.
  mutating func note(_ probes: [Probe], _ report: ProbeReport, _ settings: ProbeSettings) {
    self.probes = probes
    self.settings = settings
    key = report.key
    rounds = report.rounds
    for (number, outcome) in report.outcomes.enumerated() {
      switch outcome {
      case .notSent(let reason): notSent[number] = reason
      case nil: unfinished.insert(number)
      case .answered, .closed, .rejected, .silent, .unmeasured: break
      }
    }
  }
}

extension PacketSpool? {
  /// Asks, and keeps what was said for the hosts it was asked for: a record whose first line are their ids.
  func transcribing(_ hosts: [String], _ ask: () async -> Fact?) async -> Fact? {
    await transcribing(hosts, all: { await ask().map { [$0] } ?? [] }).first
  }

  /// The same for questions whose answer is several facts.
  func transcribing(_ hosts: [String], all ask: () async -> [Fact]) async -> [Fact] {
    guard let spool = self else { return await ask() }
    let transcript = Transcript()
    let began = Timestamp.now
    let facts = await Transcript.$current.withValue(transcript) { await ask() }
    if facts.isEmpty { return [] }
    let ids = hosts.joined(separator: " ")
    let headings = facts.map { EvidenceText.heading($0, at: began) + "\n" }.joined()
    let outcomes = facts.map { EvidenceText.outcome($0) + "\n" }.joined()
    // A record holds 64 KiB; the transcript is bounded to a part of that, and so must be those who share it.
    guard ids.utf8.count <= 16 << 10, headings.utf8.count + outcomes.utf8.count <= 16 << 10 else {
      return facts
    }
    spool.append(
      .transcript, at: UInt64(clamping: began.microseconds) * 1000,
      text: "\(ids)\n\(headings)\(transcript.text)\(outcomes)\n")
    return facts
  }
}
