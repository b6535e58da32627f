import CLinux
import Glibc
import Wire

/// Whether this process may send and capture.
public struct PermissionReport: Sendable, Hashable {
  /// What was tried, in the order it is needed.
  public var checks: [Check]

  /// One thing that has to be possible.
  public struct Check: Sendable, Hashable {
    /// What was tried: `open a packet socket`.
    public var operation: String
    /// Why it failed; `nil` if it did not.
    public var failure: PacketIOError?
  }

  /// Whether everything is possible.
  public var isGranted: Bool { checks.allSatisfy { $0.failure == nil } }

  /// What to do where it is not; `nil` where it is.
  public var remedy: String? { isGranted ? nil : PacketIOError.permissionRemedy }
}

extension PacketProber {
  /// Tries what probing needs, without sending anything: for `v6audit doctor`.
  public static func permission() -> PermissionReport {
    var checks = Permission.operations.map { name, attempt in
      PermissionReport.Check(operation: name, failure: Permission.failure(attempt))
    }
    let capture = Permission.failure { () throws(PacketIOError) in
      let loopback = try NetworkInterface.all().first { $0.kind == .loopback && $0.isUp }
      if let loopback { _ = try Capture(on: loopback.name, filter: "less 0", bufferSize: 1 << 20) }
    }
    checks.append(PermissionReport.Check(operation: "capture", failure: capture))
    return PermissionReport(checks: checks)
  }
}

/// The sockets that need CAP_NET_RAW.
enum Permission {
  typealias Attempt = @Sendable () throws(PacketIOError) -> Void

  static let operations: [(name: String, attempt: Attempt)] = [
    ("open a packet socket", { () throws(PacketIOError) in try open(AF_PACKET, 0, "open a packet socket") }),
    (
      "open a raw IPv4 socket",
      { () throws(PacketIOError) in try open(AF_INET, Int32(IPPROTO_RAW), "open a raw IPv4 socket") }
    ),
    (
      "open a raw IPv6 socket",
      { () throws(PacketIOError) in try open(AF_INET6, Int32(IPPROTO_RAW), "open a raw IPv6 socket") }
    ),
  ]

  /// Throws what stands in the way of the first operation that is not possible for want of permission. Anything
  /// else (a kernel without IPv6) is found where it matters.
  static func require() throws(PacketIOError) {
    for (_, attempt) in operations {
      if let failure = failure(attempt), case .noPermission = failure { throw failure }
    }
  }

  /// The same by the raw sockets alone, which the same capability opens: a packet socket that is closed again waits for
  /// the kernel's grace period, which is longer than a small sweep takes to send.
  static func requireQuickly() throws(PacketIOError) {
    for (_, attempt) in operations.dropFirst() {
      if let failure = failure(attempt), case .noPermission = failure { throw failure }
    }
  }

  static func failure(_ attempt: Attempt) -> PacketIOError? {
    do throws(PacketIOError) {
      try attempt()
      return nil
    } catch {
      return error
    }
  }

  private static func open(_ family: Int32, _ protocol: Int32, _ name: String) throws(PacketIOError) {
    _ = try FileDescriptor(clinux_socket(family, Int32(SOCK_RAW.rawValue), `protocol`, 1), name)
  }
}
