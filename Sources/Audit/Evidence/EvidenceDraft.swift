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
  /// The probes of the packet core, one run of it after the other.
  private(set) var probes: [Asked] = []
  private(set) var settings = ProbeSettings()
  /// The key of all cookies.
  private(set) var key: SipHashKey?
  /// When further rounds began, in nanoseconds since 1970.
  private(set) var rounds: [UInt64] = []

  /// By a host's address: where else packets about it go or come from.
  private(set) var elsewhere: [IPAddress: [Elsewhere]] = [:]

  /// An address that is not the host's own.
  struct Elsewhere: Sendable, Hashable {
    var address: IPAddress
    /// The tunnel whose inner end it is; none for one that nobody uses.
    var tunnel: TunnelKind?
  }

  /// A probe, and what no packet can tell of it.
  struct Asked: Sendable {
    var probe: Probe
    /// Its place in its run, which its cookie holds.
    var number: UInt32
    /// Why no packet left.
    var notSent: NotSentReason?
    /// Whether it had no outcome when the run was interrupted.
    var isUnfinished: Bool
  }

  init(spool: PacketSpool) { self.spool = spool }

  /// Notes what a run of the packet core asked.
  mutating func note(_ probes: [Probe], _ report: ProbeReport, _ settings: ProbeSettings) {
    self.settings = settings
    key = report.key ?? key
    rounds += report.rounds
    self.probes.reserveCapacity(self.probes.count + probes.count)
    for (number, probe) in probes.enumerated() {
      let outcome = report.outcomes[number]
      let notSent: NotSentReason? = if case .notSent(let reason) = outcome { reason } else { nil }
      self.probes.append(
        Asked(
          probe: probe, number: UInt32(number), notSent: notSent, isUnfinished: outcome == nil))
    }
  }
}

extension EvidenceDraft {
  /// Notes where the packets of a probe go that its fact does not name.
  mutating func noteElsewhere(_ probe: Probe, _ fact: Fact) {
    switch (fact, probe.kind) {
    case (.alias(let address, _), _):
      elsewhere[address, default: []].append(Elsewhere(address: probe.target))
    case (.tunnel(let kind, let address, _), .tunnel(_, let inner)) where inner != address:
      elsewhere[address, default: []].append(Elsewhere(address: inner, tunnel: kind))
    default: break
    }
  }
}

extension PacketSpool? {
  /// Asks, and keeps what was said for the hosts it was asked for; see the other.
  func transcribing(_ hosts: [String], _ ask: () async -> Fact?) async -> Fact? {
    await transcribing(hosts, all: { await ask().map { [$0] } ?? [] }).first
  }

  /// Asks, and keeps what was said for the hosts it was asked for: a record whose first line are their ids.
  func transcribing(_ hosts: [String], all ask: () async -> [Fact]) async -> [Fact] {
    guard let spool = self else { return await ask() }
    let transcript = Transcript()
    let began = Timestamp.now
    let facts = await Transcript.$current.withValue(transcript) { await ask() }
    guard let fact = facts.first else { return [] }
    // What was known already was said before, and is kept for whoever shares it.
    let shared = fact.sharedConversation
    if shared != nil && transcript.isEmpty { return facts }
    let ids = (hosts.filter { shared == nil || !$0.isEmpty } + (shared.map { [$0] } ?? []))
      .joined(separator: " ")
    let heading = EvidenceText.heading(fact, at: began)
    let outcomes = facts.map { EvidenceText.outcome($0) + "\n" }.joined()
    // A record holds 64 KiB; the transcript is bounded to a part of that, and so must be those who share it.
    guard ids.utf8.count <= 16 << 10 else { return facts }
    spool.append(
      .transcript, at: UInt64(clamping: began.microseconds) * 1000,
      text: "\(ids)\n\(heading)\n\(transcript.text)\(outcomes)\n")
    return facts
  }
}
