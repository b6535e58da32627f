import Inventory
import Observations
import Probing
import Readiness
import Services
import Wire

/// What an audit is told by whoever starts it.
public struct AuditSettings: Sendable {
  /// The rules the run is judged by.
  public var policy: Policy
  /// The resolver to ask.
  public var resolver: Endpoint?
  /// Where delegations begin, instead of asking the resolver for them; and where the walk over IPv6 alone begins,
  /// instead of at the Internet's root servers.
  public var root: Endpoint?
  /// Roots that certificates must lead to.
  public var trust: TrustStore
  /// What must answer over IPv6; `nil`: one answering target serves.
  public var control: ControlTarget?
  /// What must stay silent over IPv6.
  public var dark: IPAddress
  /// The interface to use; `nil`: the one the kernel's route names.
  public var interface: String?
  /// Packets and connections per second in all. One host gets at most 2 %, one /48 or IPv4 /24 at most 10 %.
  public var rate: Double
  /// What counts as one prefix.
  public var groups = PacingGroups()
  /// The name of this vantage in the results.
  public var vantage: String
  /// The program's version.
  public var toolVersion: String
  /// A URL or mail address for whoever wonders who asks; empty: none.
  public var contact = ""
  /// Ids of the hosts to measure; `nil`: all. The others stay unmeasured, and so unknown.
  public var only: Set<String>?
  /// The families to ask for; both unless a person wants one.
  public var families: Set<AddressFamily> = Set(AddressFamily.allCases)
  /// A directory that exists, to keep packets and conversations in while measuring; `nil` keeps none.
  public var spoolDirectory: String?
  /// Whether a full disk ends the audit, or what it does not take is held in memory.
  public var holdsWhenFull = false
  /// Whether what a name turns out to publish may be touched though no prefix allows it: right where a person
  /// asked for that very name, wrong where an inventory says what is in scope.
  public var allowsPublished = false
  /// What is not touched even then, and even if it was declared.
  public var never: [Prefix] = []

  /// The address in the discard-only prefix 100::/64 (RFC 6666) that no network should answer for.
  public static let defaultDark = IPAddress(ipv6High: 0x0100_0000_0000_0000, low: 0x0d)

  /// The default rate, in packets per second: slow enough for a production network.
  public static let defaultRate: Double = 100

  /// Settings with the defaults of an on-demand audit.
  public init(
    policy: Policy = .current, resolver: Endpoint? = nil, root: Endpoint? = nil, trust: TrustStore,
    control: ControlTarget? = nil,
    dark: IPAddress = AuditSettings.defaultDark, interface: String? = nil,
    rate: Double = AuditSettings.defaultRate, vantage: String, toolVersion: String, only: Set<String>? = nil
  ) {
    self.policy = policy
    self.resolver = resolver
    self.root = root
    self.trust = trust
    self.control = control
    self.dark = dark
    self.interface = interface
    self.rate = rate
    self.vantage = vantage
    self.toolVersion = toolVersion
    self.only = only
  }
}
