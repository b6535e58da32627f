/// A resource record type (IANA "Resource Record (RR) TYPEs").
public struct DNSType: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// A type of this number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// An IPv4 address (RFC 1035 §3.4.1).
  public static let a = DNSType(rawValue: 1)
  /// A name server of the zone (RFC 1035 §3.3.11).
  public static let ns = DNSType(rawValue: 2)
  /// The name is an alias (RFC 1035 §3.3.1).
  public static let cname = DNSType(rawValue: 5)
  /// The start of a zone's authority (RFC 1035 §3.3.13).
  public static let soa = DNSType(rawValue: 6)
  /// A name that an address points back to (RFC 1035 §3.3.12).
  public static let ptr = DNSType(rawValue: 12)
  /// A mail server (RFC 1035 §3.3.9).
  public static let mx = DNSType(rawValue: 15)
  /// An IPv6 address (RFC 3596 §2.1).
  public static let aaaa = DNSType(rawValue: 28)
  /// A whole subtree is an alias (RFC 6672).
  public static let dname = DNSType(rawValue: 39)
  /// EDNS (RFC 6891).
  public static let opt = DNSType(rawValue: 41)
  /// A whole zone is asked for (RFC 5936).
  public static let axfr = DNSType(rawValue: 252)
}

extension DNSType: CustomStringConvertible {
  /// The mnemonic, or `TYPE65280` after RFC 3597 §5.
  public var description: String {
    switch self {
    case .a: "A"
    case .ns: "NS"
    case .cname: "CNAME"
    case .soa: "SOA"
    case .ptr: "PTR"
    case .mx: "MX"
    case .aaaa: "AAAA"
    case .dname: "DNAME"
    case .opt: "OPT"
    case .axfr: "AXFR"
    default: "TYPE\(rawValue)"
    }
  }
}

/// A response code: four bits of the header, and eight more above them from EDNS (RFC 6891 §6.1.3).
public struct DNSResponseCode: RawRepresentable, Sendable, Hashable {
  /// The code, 0–4095.
  public var rawValue: UInt16

  /// A code of this number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// No fault; there may still be no record.
  public static let noError = DNSResponseCode(rawValue: 0)
  /// The server could not read the query.
  public static let formatError = DNSResponseCode(rawValue: 1)
  /// The server could not find out.
  public static let serverFailure = DNSResponseCode(rawValue: 2)
  /// The name does not exist.
  public static let nameError = DNSResponseCode(rawValue: 3)
  /// The server does not do this kind of query.
  public static let notImplemented = DNSResponseCode(rawValue: 4)
  /// The server does not answer this querier or this zone.
  public static let refused = DNSResponseCode(rawValue: 5)
  /// The server is not authoritative for the zone (RFC 2136 §2.2).
  public static let notAuthoritative = DNSResponseCode(rawValue: 9)
  /// The server does not know this version of EDNS (RFC 6891 §9).
  public static let badVersion = DNSResponseCode(rawValue: 16)
}

extension DNSResponseCode: CustomStringConvertible {
  /// The mnemonic as `dig` prints it, or `RCODE12`.
  public var description: String {
    switch self {
    case .noError: "NOERROR"
    case .formatError: "FORMERR"
    case .serverFailure: "SERVFAIL"
    case .nameError: "NXDOMAIN"
    case .notImplemented: "NOTIMP"
    case .refused: "REFUSED"
    case .notAuthoritative: "NOTAUTH"
    case .badVersion: "BADVERS"
    default: "RCODE\(rawValue)"
    }
  }
}
