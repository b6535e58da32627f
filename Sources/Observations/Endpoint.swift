import Wire

/// A transport protocol that a service may use.
public enum Transport: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case tcp
  case udp

  /// TCP before UDP.
  public static func < (left: Transport, right: Transport) -> Bool { left == .tcp && right == .udp }
}

/// One port at one address: `[2001:db8::1]:443` or `192.0.2.1:53`.
public struct Endpoint: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The transport port, 1–65535.
  public var port: UInt16

  /// An endpoint of an address and a port.
  public init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// `[address]:port` for IPv6 and `address:port` for IPv4.
  public var description: String { "\(address.bracketed):\(port)" }

  /// By address, then by port.
  public static func < (left: Endpoint, right: Endpoint) -> Bool {
    (left.address, left.port) < (right.address, right.port)
  }
}

extension Endpoint: LosslessStringConvertible {
  /// Reads `[2001:db8::1]:53` or `192.0.2.1:53`. An IPv6 address without brackets is refused.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard digits.utf8.allSatisfy({ (48...57).contains($0) }), !digits.hasPrefix("0"),
      let port = UInt16(digits)
    else {
      return nil
    }
    if host.hasPrefix("[") && host.hasSuffix("]") {
      guard let address = IPAddress(String(host.dropFirst().dropLast())), address.family == .ipv6 else {
        return nil
      }
      self.init(address, port)
    } else {
      guard let address = IPAddress(String(host)), address.family == .ipv4 else { return nil }
      self.init(address, port)
    }
  }
}

extension Endpoint {
  /// Reads a name server: an endpoint, or an address alone, whose port is 53.
  public init?(nameServer text: String) { self.init(text, defaultPort: 53) }

  /// Reads an endpoint, or an address alone, which is meant at the port that is usual.
  public init?(_ text: String, defaultPort: UInt16) {
    if let address = IPAddress(text) {
      self.init(address, defaultPort)
    } else {
      self.init(text)
    }
  }
}
