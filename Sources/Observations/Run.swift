/// What a run is of.
public enum RunKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// An audit: it asked, and has verdicts.
  case audit
  /// A capture that was read: nothing was asked, and there are no verdicts.
  case capture
}

/// One audit of an inventory from one vantage: what it was and how it ended. Its observations stand beside it.
public struct Run: Sendable, Hashable, Codable {
  /// `20261124T030829Z-4f2a`: when it began, and four random hexadecimal digits.
  public var id: String
  /// What it is of.
  public var kind = RunKind.audit
  /// What an audit asked: everything, or the checks of one class.
  public var round = RoundKind.full
  /// Whether only hosts in doubt were asked once more. Such a run says nothing of how often a host answers.
  public var isRetest = false
  /// The version of the program that measured.
  public var toolVersion: String
  /// The name of the place it was measured from.
  public var vantage: String
  /// The policy it was judged under.
  public var policy: String
  /// When it began.
  public var startedAt: Timestamp
  /// When the last thing was measured.
  public var finishedAt: Timestamp
  /// How it ended.
  public var state: RunState
  /// What was counted on the way.
  public var counters: RunCounters
  /// The resolver that was asked, as `[address]:port`; empty if none was needed.
  public var resolver: String

  /// A run that has just begun.
  public init(
    id: String, toolVersion: String, vantage: String, policy: String, startedAt: Timestamp,
    resolver: String = ""
  ) {
    self.id = id
    self.toolVersion = toolVersion
    self.vantage = vantage
    self.policy = policy
    self.startedAt = startedAt
    self.finishedAt = startedAt
    self.state = .running
    self.counters = RunCounters()
    self.resolver = resolver
  }
}

/// How far a run came.
public enum RunState: String, Sendable, Hashable, Codable, CaseIterable {
  /// It is under way, or was killed.
  case running
  /// Everything planned was measured.
  case complete
  /// It was interrupted; what was measured until then is kept.
  case incomplete
}

/// What a run counted.
public struct RunCounters: Sendable, Hashable, Codable {
  /// Packets sent by the packet core, retransmissions included.
  public var packetsSent: UInt64 = 0
  /// Packets captured that passed the kernel filter.
  public var packetsReceived: UInt64 = 0
  /// Captured packets that were no valid reply to a probe of ours.
  public var packetsIgnored: UInt64 = 0
  /// Packets the kernel dropped before the capture could read them.
  public var captureDrops: UInt64 = 0
  /// Packets and connections the scope refused.
  public var refusedByScope: UInt64 = 0
  /// Questions put to the resolver.
  public var lookups: UInt64 = 0
  /// Handshakes begun.
  public var handshakes: UInt64 = 0

  /// Everything zero.
  public init() {}
}
