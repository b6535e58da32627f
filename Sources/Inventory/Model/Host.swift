import Wire

/// A machine, or a front end that answers as one.
public struct Host: Sendable, Hashable {
  /// Lower-case letters, digits, `-`, `.` and `_`; unique among hosts.
  public var id: String
  /// The agency that is answerable for it.
  public var agency: String
  /// The system it belongs to, if any.
  public var system: String?
  /// The part of the system it plays, if any.
  public var component: Component?
  /// Where it stands, as written; empty if not given.
  public var site: String
  /// DNS names: lower case, A-labels, without the final dot.
  public var names: [String]
  /// Declared addresses of both families, in ascending order.
  public var addresses: [IPAddress]
  /// Declared services, in ascending order of transport and port.
  public var services: [Service]
  /// The address of its network interface, if declared.
  public var mac: MACAddress?
  /// How much depends on it, as written; empty if not given.
  public var criticality: String
  /// Whom to ask, as written; empty if not given.
  public var contact: String
  /// Words to group hosts by, in the order written, each once.
  public var tags: [String]
  /// Its key in the register it came from, as written; empty if not given.
  public var externalID: String
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// A host; only `id` and `agency` are required.
  public init(
    id: String, agency: String, system: String? = nil, component: Component? = nil, site: String = "",
    names: [String] = [], addresses: [IPAddress] = [], services: [Service] = [], mac: MACAddress? = nil,
    criticality: String = "", contact: String = "", tags: [String] = [], externalID: String = "",
    extra: [ExtraCell] = []
  ) {
    self.id = id
    self.agency = agency
    self.system = system
    self.component = component
    self.site = site
    self.names = names
    self.addresses = addresses
    self.services = services
    self.mac = mac
    self.criticality = criticality
    self.contact = contact
    self.tags = tags
    self.externalID = externalID
    self.extra = extra
  }

  /// The declared addresses of one family.
  public func addresses(_ family: AddressFamily) -> [IPAddress] { addresses.filter { $0.family == family } }
}
