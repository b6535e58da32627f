import Observations
import Readiness

/// What the web server shows, as the daemon has it. The daemon is the only one that implements it; tests have their own.
public protocol DashboardSource: Sendable {
  /// Where everything stands; `nil` until a round has ended.
  var picture: DashboardPicture? { get async }
  /// All metrics in Prometheus' text format, in parts that follow each other: a source would have to copy them into one.
  var metricsInParts: [[UInt8]] { get async }
  /// What is wrong, a line each; empty when it is ready.
  var troubles: [String] { get async }
  /// Asks one target now, as a scrape of `/probe` wants it.
  func probe(_ request: ProbeRequest) async -> ProbeAnswer
}

/// Where everything stands.
public struct DashboardPicture: Sendable {
  /// By the newest word on every check.
  public var judgement: Judgement
  /// Grows by one with every new picture.
  public var generation: UInt64

  /// A picture.
  public init(judgement: Judgement, generation: UInt64) {
    self.judgement = judgement
    self.generation = generation
  }
}

/// One target and what to ask it.
public struct ProbeRequest: Sendable, Hashable, Codable {
  /// How to ask.
  public enum Module: String, Sendable, Hashable, Codable, CaseIterable {
    /// An echo to each IPv6 address.
    case icmp
    /// A SYN to the declared ports, or to 443 and 80, at each IPv6 address.
    case tcp
    /// The handshake of each service, over IPv6.
    case service
    /// The whole rubric.
    case rubric
  }

  /// The id, name or address of a host of the inventory; or, if the daemon's scope allows it, another name or address.
  public var target: String
  /// How to ask.
  public var module: Module

  /// A request.
  public init(target: String, module: Module) {
    self.target = target
    self.module = module
  }
}

/// What came of a probe.
public struct ProbeAnswer: Sendable, Hashable, Codable {
  /// Whether everything that was asked held; what could not be measured did not.
  public var isSuccess: Bool
  /// How long it took, in seconds.
  public var duration: Double
  /// The worst verdict of each check that was asked, by id.
  public var verdicts: [String: Verdict]
  /// What happened, a line each, for `debug=true`.
  public var log: [String]

  /// An answer.
  public init(isSuccess: Bool, duration: Double, verdicts: [String: Verdict], log: [String]) {
    self.isSuccess = isSuccess
    self.duration = duration
    self.verdicts = verdicts
    self.log = log
  }
}
