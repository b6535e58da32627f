import Wire

/// A name server as a delegation names it.
public struct NameServer: Sendable, Hashable, Codable {
  /// Its name.
  public var name: String
  /// Its addresses, ascending; none where none could be found.
  public var addresses: [IPAddress]

  /// A server of this name and these addresses.
  public init(name: String, addresses: [IPAddress]) {
    self.name = name
    self.addresses = addresses
  }
}

/// How a delegation was found.
public enum DelegationSource: String, Sendable, Hashable, Codable, CaseIterable {
  /// The configured resolver told the zone and its name servers.
  case resolver
  /// The zones above were asked, from the configured root down.
  case root
}

/// Servers of one zone that said the same.
public struct ServerReplies: Sendable, Hashable, Codable {
  /// The zone they are asked as servers of.
  public var zone: String
  /// Their addresses, ascending.
  public var servers: [IPAddress]
  /// What each of them said.
  public var reply: ServerReply

  /// Servers of a zone that gave this reply.
  public init(zone: String, servers: [IPAddress], reply: ServerReply) {
    self.zone = zone
    self.servers = servers
    self.reply = reply
  }
}

/// What came of asking every authoritative server for one name and type.
public enum AuthorityOutcome: Sendable, Hashable, Codable {
  /// Every server was asked: those of the name's zone first, then those of the zones its aliases lead to.
  case asked([ServerReplies])
  /// The zone or its servers could not be found; the reply is what the last one asked for them said.
  case noDelegation(ServerReply)

  /// Every address that any server gave, ascending.
  public var addresses: [IPAddress] {
    guard case .asked(let replies) = self else { return [] }
    return Set(replies.flatMap(\.reply.addresses)).sorted()
  }
}

/// What came of looking a name's AAAA up from the root down, asking over IPv6 alone.
public enum IterationOutcome: Sendable, Hashable, Codable {
  /// Its addresses, ascending.
  case resolved([IPAddress])
  /// The name has no AAAA, said with authority.
  case noData
  /// The name does not exist, said with authority.
  case nxDomain
  /// No name server of this zone has an IPv6 address.
  case noIPv6Server(zone: String)
  /// The servers of this zone were asked and none helped; the reply is the best of theirs.
  case failed(zone: String, reply: ServerReply)
  /// The start itself could not be asked.
  case noRoot(ServerReply)
  /// A bound was reached: the delegations or aliases lead too far, or in a circle.
  case abandoned(String)
}

/// A name that a PTR record holds, and what the name itself leads to.
public struct Pointer: Sendable, Hashable, Codable {
  /// The name.
  public var name: String
  /// What the name publishes in the family of the address.
  public var forward: LookupOutcome

  /// A name and what it publishes.
  public init(name: String, forward: LookupOutcome) {
    self.name = name
    self.forward = forward
  }
}

/// What came of asking for the PTR of an address.
public enum ReverseOutcome: Sendable, Hashable, Codable {
  /// The names, in order, at most 8.
  case pointers([Pointer])
  /// There is no PTR: NODATA or NXDOMAIN.
  case none
  /// No zone data came back.
  case failed(ServerReply)
}

/// A mail exchanger and what its name leads to.
public struct MailExchanger: Sendable, Hashable, Codable {
  /// The preference of the MX record; the least is tried first (RFC 5321 §5.1).
  public var preference: UInt16
  /// Its name.
  public var name: String
  /// What the name publishes as AAAA.
  public var forward: LookupOutcome

  /// An exchanger of this preference and name.
  public init(preference: UInt16, name: String, forward: LookupOutcome) {
    self.preference = preference
    self.name = name
    self.forward = forward
  }
}

/// What came of asking for the MX of a name.
public enum ExchangersOutcome: Sendable, Hashable, Codable {
  /// The exchangers, by preference and then by name, at most 16.
  case exchangers([MailExchanger])
  /// There is no MX: NODATA or NXDOMAIN.
  case none
  /// The name says that it takes no mail (RFC 7505).
  case null
  /// No zone data came back.
  case failed(ServerReply)
}
