import Inventory
import Observations
import Wire

extension ServiceName {
  /// Whether the protocol tells the server the name it was asked under (SNI, Host).
  public var isNamed: Bool { self == .http || self == .https }

  /// The transports over which its own protocol can be spoken; none where no protocol is known.
  public var spokenTransports: Set<Transport> {
    switch self {
    case .http, .https, .ssh, .smtp: [.tcp]
    case .dns, .sip: [.tcp, .udp]
    case .ntp: [.udp]
    // An H.323 call cannot be begun without ringing somewhere: the port is all that is looked at.
    case .h323, .tcp, .udp: []
    }
  }
}

extension Service {
  /// Whether its protocol can be spoken over its transport.
  public var isSpoken: Bool { name.spokenTransports.contains(transport) }

  /// `https:443/tcp`: the service as a subject names it.
  var subject: String { "\(name.rawValue):\(port)/\(transport.rawValue)" }

  /// `https:443/tcp at 2001:db8::1`.
  func subject(at address: IPAddress) -> String { "\(subject) at \(address)" }
}
