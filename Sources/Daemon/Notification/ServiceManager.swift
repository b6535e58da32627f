import CLinux
import Glibc

/// The service manager, told how the service is by sd_notify(3)'s protocol; nobody where none listens.
struct ServiceManager: Sendable {
  private let path: String?
  /// How often it wants a sign of life, in nanoseconds; `nil`: never.
  let watchdogInterval: UInt64?

  /// As the environment says: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID.
  init(environment: [String: String]) {
    path = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    let isMine = environment["WATCHDOG_PID"].flatMap(Int32.init).map { $0 == getpid() } ?? true
    let interval = environment["WATCHDOG_USEC"].flatMap(UInt64.init).flatMap { $0 > 0 ? $0 : nil }
    watchdogInterval = isMine ? interval.map { $0 * 1000 } : nil
  }

  /// Everything is in place.
  func ready(_ status: String) { tell("READY=1", status) }

  /// The configuration is being read again; `ready` ends that.
  func reloading(monotonic nanoseconds: UInt64) {
    tell("RELOADING=1\nMONOTONIC_USEC=\(nanoseconds / 1000)", nil)
  }

  /// The end has begun.
  func stopping(_ status: String) { tell("STOPPING=1", status) }

  /// How it is, in a line for people.
  func status(_ status: String) { tell(nil, status) }

  /// Everything gets on.
  func alive() { tell("WATCHDOG=1", nil) }

  private func tell(_ state: String?, _ status: String?) {
    guard let path else { return }
    // A line break would begin another assignment.
    let line = status.map { "STATUS=" + $0.replacing("\n", with: " ") }
    let text = [state, line].compactMap { $0 }.joined(separator: "\n")
    DatagramAddress(path: path)?.send(Array(text.utf8))
  }
}

/// A Unix datagram socket's address, by its path or, with an @ before it, its abstract name.
struct DatagramAddress: Sendable {
  private let address: sockaddr_un
  private let length: socklen_t

  /// `nil` if the path is too long.
  init?(path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    self.address = address
    // An abstract name is as long as it says; a path ends with its NUL.
    let isAbstract = bytes.first == 0
    length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
  }

  /// Sends a datagram; whether it was taken.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    let descriptor = clinux_socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, 1)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, 0, $0, length) == bytes.count
      }
    }
  }
}
