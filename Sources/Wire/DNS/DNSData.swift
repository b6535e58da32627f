/// What a resource record says, by its type.
public enum DNSData: Sendable, Hashable {
  case a(IPAddress)
  /// RFC 3596 §2.2.
  case aaaa(IPAddress)
  case cname(DNSName)
  /// RFC 6672.
  case dname(DNSName)
  case ns(DNSName)
  case ptr(DNSName)
  case mx(preference: UInt16, exchange: DNSName)
  case soa(DNSAuthority)
  /// EDNS options as they stand; class and time to live mean something else in this record (RFC 6891 §6.1.3).
  case opt([UInt8])
  /// A type this program does not read, with its bytes as they came.
  case other(DNSType, [UInt8])

  /// The type of the record.
  public var type: DNSType {
    switch self {
    case .a: .a
    case .aaaa: .aaaa
    case .cname: .cname
    case .dname: .dname
    case .ns: .ns
    case .ptr: .ptr
    case .mx: .mx
    case .soa: .soa
    case .opt: .opt
    case .other(let type, _): type
    }
  }

  /// Reads length and data. Data that is not used up exactly, or reaches into the next record, is refused.
  init(_ type: DNSType, from reader: inout DNSReader) throws(DNSError) {
    let length = Int(try reader.short())
    let start = reader.position
    var whole = reader
    let raw = try whole.take(length)
    switch type {
    case .a, .aaaa:
      guard let address = IPAddress(bytes: raw), address.family == (type == .a ? .ipv4 : .ipv6) else {
        throw .badData(type, at: start)
      }
      self = type == .a ? .a(address) : .aaaa(address)
      reader = whole
    case .cname: self = .cname(try reader.name())
    case .dname: self = .dname(try reader.name())
    case .ns: self = .ns(try reader.name())
    case .ptr: self = .ptr(try reader.name())
    case .mx: self = .mx(preference: try reader.short(), exchange: try reader.name())
    case .soa: self = .soa(try DNSAuthority(from: &reader))
    case .opt:
      self = .opt(Array(raw))
      reader = whole
    default:
      self = .other(type, Array(raw))
      reader = whole
    }
    guard reader.position == start + length else { throw .badData(type, at: start) }
  }

  var emitted: [UInt8] {
    switch self {
    case .a(let address), .aaaa(let address): return address.bytes
    case .cname(let name), .dname(let name), .ns(let name), .ptr(let name): return name.wire
    case .mx(let preference, let exchange):
      var bytes: [UInt8] = []
      bytes.append(short: preference)
      return bytes + exchange.wire
    case .soa(let authority): return authority.emitted
    case .opt(let bytes), .other(_, let bytes): return bytes
    }
  }
}

/// The data of a SOA record (RFC 1035 §3.3.13, RFC 2308 §4).
public struct DNSAuthority: Sendable, Hashable {
  /// The primary server.
  public var primary: DNSName
  /// The mailbox of the person responsible, written as a name.
  public var mailbox: DNSName
  /// The version of the zone.
  public var serial: UInt32
  /// Seconds between refreshes.
  public var refresh: UInt32
  /// Seconds before a failed refresh is tried again.
  public var retry: UInt32
  /// Seconds after which a zone not refreshed is no longer authoritative.
  public var expire: UInt32
  /// How long a negative answer may be kept, in seconds.
  public var minimum: UInt32

  /// The start of a zone's authority.
  public init(
    primary: DNSName, mailbox: DNSName, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
    minimum: UInt32
  ) {
    self.primary = primary
    self.mailbox = mailbox
    self.serial = serial
    self.refresh = refresh
    self.retry = retry
    self.expire = expire
    self.minimum = minimum
  }

  init(from reader: inout DNSReader) throws(DNSError) {
    primary = try reader.name()
    mailbox = try reader.name()
    serial = try reader.long()
    refresh = try reader.long()
    retry = try reader.long()
    expire = try reader.long()
    minimum = try reader.long()
  }

  var emitted: [UInt8] {
    var bytes = primary.wire + mailbox.wire
    for value in [serial, refresh, retry, expire, minimum] { bytes.append(long: value) }
    return bytes
  }
}
