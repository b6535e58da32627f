import Observations
import Readiness
import Schedule
import Store
import Wire

/// What the daemon is told by its configuration file: a value, read and checked before anything is done.
public struct Configuration: Sendable, Hashable {
  /// The directory of the inventory's CSV files.
  public var inventory = "/etc/v6audit/inventory"
  /// The store's file.
  public var database = "/var/lib/v6audit/v6audit.db"
  /// The directory that evidence is kept in; `nil` keeps none.
  public var evidence: String? = "/var/lib/v6audit/evidence"
  /// The socket at which members of the daemon's group ask for its state and for checks; `nil`: none.
  public var socket: String? = "/run/v6audit/control.sock"
  /// The policy's id, or the path of its file.
  public var policy = Policy.current.id
  /// Where and as whom it measures.
  public var vantage = VantageConfiguration()
  /// Packets and connections per second in all.
  public var packetsPerSecond: Double = 100
  /// Whether an agency's registered prefixes are spared as one, instead of each /48 and IPv4 /24 by itself.
  public var sparesAgencies = false
  /// Seconds from round to round, by kind; a kind that is missing has no rounds.
  public var intervals: [RoundKind: UInt64] = [
    .full: 86_400, .reach: 900, .names: 3600, .services: 21_600, .exposure: 86_400,
  ]
  /// Seconds until a change is looked at again.
  public var retest: UInt64 = 120
  /// How many rounds in a row confirm a change.
  public var confirmAfter = 3
  /// When hosts are left alone.
  public var maintenance: [MaintenanceWindow] = []
  /// Where it can be asked over HTTP.
  public var web = WebConfiguration()
  /// The files of every night.
  public var export = ExportConfiguration()
  /// How long the store keeps what.
  public var retention = Retention()

  /// The configuration of an empty file.
  public init() {}

  /// When rounds are wanted.
  public var plan: SchedulePlan {
    SchedulePlan(intervals: intervals, retest: retest, maintenance: maintenance)
  }
}

/// Where and as whom the daemon measures. What is `nil` is found out, or not used.
public struct VantageConfiguration: Sendable, Hashable {
  /// The vantage's name in the results; `nil`: the host name.
  public var name: String?
  /// A URL or mail address that servers are told.
  public var contact = ""
  /// The resolver; `nil`: the first in /etc/resolv.conf.
  public var resolver: Endpoint?
  /// Where delegations begin; `nil`: the resolver tells them, and the Internet's root servers.
  public var root: Endpoint?
  /// A PEM file of roots to trust besides the system's.
  public var certificates: String?
  /// What must answer over IPv6.
  public var control: ControlTarget?
  /// What must stay silent; `nil`: an address of the discard-only prefix.
  public var dark: IPAddress?
  /// The interface to use; `nil`: the kernel's choice.
  public var interface: String?
}

/// Where the daemon can be asked over HTTP, and by whom.
public struct WebConfiguration: Sendable, Hashable {
  /// Addresses and ports to listen at; none: nowhere. A socket that systemd hands over goes before them.
  public var listen = [
    Endpoint(IPAddress(ipv6High: 0, low: 1), 9606), Endpoint(IPAddress(ipv4: 0x7f00_0001), 9606),
  ]
  /// A PEM file with the certificate and what it leads to; `nil`: the credential web-cert, or no TLS.
  public var certificate: String?
  /// A PEM file with its key; `nil`: the credential web-key.
  public var key: String?
  /// A file with the token that requests must bear; `nil`: the credential web-token, or no token.
  public var token: String?

  /// On this machine alone, without TLS or token.
  public init() {}
}

/// The compliance files of every night.
public struct ExportConfiguration: Sendable, Hashable {
  /// The directory that gets a directory a night; `nil`: none.
  public var directory: String? = "/var/lib/v6audit/export"
  /// Seconds until a night's directory is removed.
  public var keep: UInt64 = 400 * 86_400
  /// A program to run afterwards, with the night's directory as its only argument.
  public var after: String?

  /// Kept for 400 days.
  public init() {}
}
