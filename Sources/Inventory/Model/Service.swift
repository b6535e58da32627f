import Observations

/// A service a host declares: `https`, `https:8443`, `ntp/udp`, `tcp:9000`.
///
/// `dns` declares two of these, UDP and TCP on port 53 (RFC 7766 §5 requires both).
public struct Service: Sendable, Hashable {
  /// The protocol it speaks, or only its transport.
  public var name: ServiceName
  /// The port it listens on, 1–65535.
  public var port: UInt16
  /// What carries it.
  public var transport: Transport

  /// A service of this name on a port.
  public init(_ name: ServiceName, port: UInt16, transport: Transport) {
    self.name = name
    self.port = port
    self.transport = transport
  }
}

extension Service: Comparable {
  /// By transport, then port, then name.
  public static func < (left: Service, right: Service) -> Bool {
    (left.transport, left.port, left.name.rawValue) < (right.transport, right.port, right.name.rawValue)
  }
}
