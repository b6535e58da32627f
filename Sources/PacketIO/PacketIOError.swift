/// Why packets cannot be sent or captured at all. What went wrong with one target alone is its outcome instead.
public enum PacketIOError: Error, Sendable, Hashable {
  /// The process may not open raw sockets or capture.
  case noPermission(operation: String)
  /// There is no interface of this name.
  case unknownInterface(name: String, known: [String])
  /// libpcap could not open, filter or read an interface; its own words.
  case captureFailed(interface: String, reason: String)
  /// The kernel refused a socket or an operation on it.
  case socketFailed(operation: String, reason: String)
}

extension PacketIOError: CustomStringConvertible {
  /// What gives an unprivileged user the permission: one capability on the program, nothing else.
  public static let permissionRemedy =
    "run `sudo setcap cap_net_raw+ep \"$(command -v v6audit)\"` once, or run as root"

  /// What it is, why, and what to do.
  public var description: String {
    switch self {
    case .noPermission(let operation):
      "no permission to \(operation): \(Self.permissionRemedy)"
    case .unknownInterface(let name, let known):
      "no interface \(name): this machine has \(known.joined(separator: ", "))"
    case .captureFailed(let interface, let reason):
      "cannot capture on \(interface): \(reason)"
    case .socketFailed(let operation, let reason):
      "cannot \(operation): \(reason)"
    }
  }
}
