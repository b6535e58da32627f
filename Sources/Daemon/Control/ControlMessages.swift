import Observations

/// What somebody asks the daemon at its control socket.
enum ControlRequest: Codable, Sendable {
  /// How it is.
  case status
  /// One host, now. With it come two descriptors: where output and errors go.
  case check(CheckRequest)
}

/// What it answers; the last answer ends the conversation.
enum ControlReply: Codable, Sendable {
  /// How it is.
  case status(DaemonStatus)
  /// It will not.
  case refused(why: String, remedy: String)
  /// The check has ended, with this exit code.
  case ended(Int32)
}

/// How the daemon is.
public struct DaemonStatus: Codable, Sendable, Hashable {
  /// What it measures now, or when it does again: a line for people.
  public var doing: String
  /// The program's version.
  public var version: String
  /// The name of its vantage.
  public var vantage: String
  /// The policy it judges by.
  public var policy: String
  /// When it was started.
  public var startedAt: Timestamp
  /// Hosts of the inventory.
  public var hosts: Int
  /// Agencies of the inventory.
  public var agencies: Int
  /// Whether the configuration that was read last is the one in force.
  public var isConfigurationCurrent: Bool
  /// What is wrong, a line each; empty when all is well.
  public var troubles: [String]
  /// The last round of each kind that ended, by when it began.
  public var rounds: [RoundStatus]
  /// How many rounds that were due did not begin because others took too long, by kind.
  public var missed: [RoundKind: Int]
  /// Where the city stands.
  public var city: CityStatus
}

/// How the last round of a kind went.
public struct RoundStatus: Codable, Sendable, Hashable {
  /// What it asked.
  public var kind: RoundKind
  /// The run's id.
  public var run: String
  /// When it began.
  public var startedAt: Timestamp
  /// When it ended.
  public var finishedAt: Timestamp
}

/// The figure as the newest word on every host gives it.
public struct CityStatus: Codable, Sendable, Hashable {
  /// Agencies that are counted.
  public var eligible = 0
  /// How many of them are converted.
  public var converted = 0
  /// How many are not.
  public var notConverted = 0
  /// Of how many it is not known.
  public var unknown = 0
  /// Whether IPv6 works at the vantage; `nil`: no round has told yet.
  public var isVantageUp: Bool?
}
