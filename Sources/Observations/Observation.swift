import Wire

/// A fact: what was asked, what came back, when and from where. It never holds an opinion.
public struct Observation: Sendable, Hashable, Codable {
  /// Its number within the run, from 1 on; results refer to it as evidence.
  public var sequence: Int
  /// The inventory id of the host it was made for; empty for a fact about the vantage itself.
  public var host: String
  /// When the outcome was known.
  public var at: Timestamp
  /// The name of the vantage it was made from.
  public var vantage: String
  /// What was seen.
  public var fact: Fact

  /// An observation made for `host` at a moment from a vantage.
  public init(sequence: Int, host: String, at: Timestamp, vantage: String, fact: Fact) {
    self.sequence = sequence
    self.host = host
    self.at = at
    self.vantage = vantage
    self.fact = fact
  }
}

/// What was seen, by the kind of question.
///
/// What takes much room is indirect: a run keeps hundreds of thousands of these, most of them small.
public enum Fact: Sendable, Hashable, Codable {
  /// An ICMP or ICMPv6 echo.
  case echo(address: IPAddress, outcome: ProbeOutcome)
  /// A TCP SYN to a port.
  case port(endpoint: Endpoint, outcome: ProbeOutcome)
  /// A question to the resolver.
  case lookup(name: String, type: RecordType, outcome: LookupOutcome)
  /// A service's own protocol, spoken with one endpoint; `name` is what was sent as SNI and Host, if any.
  indirect case handshake(
    service: String, endpoint: Endpoint, transport: Transport, name: String?, outcome: HandshakeOutcome)
  /// A control of the vantage: the positive one must answer, the dark one must not.
  case control(role: ControlRole, target: ControlTarget, outcome: ProbeOutcome)
  /// Handshakes with one open port, one SYN each and never retransmitted: the round trips of those that were
  /// answered, in the order they were asked, and how many were not.
  indirect case handshakeTimes(endpoint: Endpoint, roundTrips: [Duration64], lost: Int)
  /// The addresses of the vantage itself that packets to others can leave from, ascending.
  indirect case vantage(addresses: [IPAddress])
  /// A link the vantage stands on; of no host.
  indirect case link(VantageLink)
  /// A router that advertised on a link of the vantage; of no host.
  indirect case advertisement(SeenAdvertisement)
  /// What a capture showed of one address of a host.
  indirect case traffic(SeenTraffic)
  /// The name servers that a zone is delegated to; a fact of the run, with an empty host.
  indirect case delegation(zone: String, servers: [NameServer], source: DelegationSource)
  /// One server address of a zone, asked for the zone's SOA over UDP and its NS over TCP; a fact of the run.
  indirect case nameServer(
    zone: String, server: IPAddress, udp: ServerReply, tcp: ServerReply, serial: UInt32?)
  /// Every authoritative server of a name's zone, asked for one type.
  indirect case authority(name: String, type: RecordType, outcome: AuthorityOutcome)
  /// A name looked up from the root down, over IPv6 alone.
  indirect case iteration(name: String, outcome: IterationOutcome)
  /// The PTR of an address.
  indirect case reverse(address: IPAddress, outcome: ReverseOutcome)
  /// The mail exchangers of a name.
  indirect case exchangers(name: String, outcome: ExchangersOutcome)
  /// The prefixes in which the resolver makes AAAA up (RFC 7050), none where it does not; a fact of the run.
  indirect case synthesis(prefixes: [Prefix])
  /// A Packet Too Big of `mtu` bytes against an answer: of a web server on a TCP port, or of echo where there is none.
  indirect case pathMTU(address: IPAddress, port: UInt16?, mtu: Int, outcome: PathMTUOutcome)
  /// The routers on the way to an address of the host, or to one of its neighbours in the same /48 or IPv4 /24.
  indirect case path(HopPath)
  /// A SYN to each of a list of ports that need not be declared.
  indirect case portSurvey(address: IPAddress, survey: PortSurvey)
  /// A UDP datagram with a question of the port's protocol.
  case datagram(endpoint: Endpoint, outcome: ProbeOutcome)
  /// An echo (for Teredo a router solicitation) inside a packet to an address, as a tunnel would carry it.
  case tunnel(kind: TunnelKind, address: IPAddress, outcome: ProbeOutcome)
  /// An echo to an address of the same /64 that nobody has any reason to use.
  case alias(address: IPAddress, outcome: ProbeOutcome)
  /// The page that a web service gives at one endpoint, asked for by `name` if there is one.
  indirect case page(name: String?, service: String, endpoint: Endpoint, outcome: PageOutcome)
  /// How much the page over IPv6 differs from the one over IPv4, in thousandths of both, volatile parts left out
  /// (docs/content.md). There is none where the hashes of both pages are equal.
  indirect case pageDifference(
    name: String?, service: String, ipv6: Endpoint, ipv4: Endpoint, perThousand: Int)
  /// How what the page at an IPv6 endpoint refers to fared over IPv6.
  indirect case references(
    name: String?, service: String, endpoint: Endpoint, kind: ReferenceKind, tally: ReferenceTally)
}

/// The part a control plays.
public enum ControlRole: String, Sendable, Hashable, Codable, CaseIterable {
  /// Must answer, or the vantage has no working IPv6.
  case positive
  /// Must stay silent, or something on the way answers for everybody.
  case dark
}

/// A control: an address, and a TCP port if it is asked with a SYN instead of an echo.
public struct ControlTarget: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The address asked.
  public var address: IPAddress
  /// The TCP port asked; `nil` for an echo.
  public var port: UInt16?

  /// A control at an address, asked by SYN if a port is given, else by echo.
  public init(address: IPAddress, port: UInt16? = nil) {
    self.address = address
    self.port = port
  }

  /// Reads `[2001:db8::1]:443`; `nil` where that is no IPv6 address with a port.
  public init?(endpoint text: String) {
    guard let endpoint = Endpoint(text), endpoint.address.family == .ipv6 else { return nil }
    self.init(address: endpoint.address, port: endpoint.port)
  }

  /// `[address]:port`, or the address alone.
  public var description: String {
    if let port { Endpoint(address, port).description } else { address.description }
  }
}
