import Foundation
import Observations

/// An ICMPv6 error about a datagram from ::1 to ::1, as a router on the way would send it.
enum ForgedError {
  static func send(type: UInt8, code: UInt8, from client: UInt16, to server: UInt16) {
    let loopback = [UInt8](repeating: 0, count: 15) + [1]
    let ipv6: [UInt8] = [0x60, 0, 0, 0, 0, 56, 17, 64] + loopback + loopback
    let udp = [client, server, 56, 0].flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    // The kernel fills in the checksum of ICMPv6 itself (RFC 3542 §3.1). MTU 1280 where it has a meaning.
    let message =
      [type, code, 0, 0, 0, 0, type == 2 ? 5 : 0, 0] + ipv6 + udp + [UInt8](repeating: 0, count: 48)
    let descriptor = socket(AF_INET6, Int32(SOCK_RAW.rawValue), Int32(IPPROTO_ICMPV6))
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(descriptor, message, message.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }
}

/// A TCP port whose queue of waiting connections is full: further SYNs are dropped by the kernel.
enum FullListener {
  static func with<Result>(_ body: (Endpoint) async throws -> Result) async throws -> Result {
    let port = try Loopback.freePort()
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_addr = in6addr_loopback
    address.sin6_port = port.bigEndian
    let listener = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    var clients: [Int32] = []
    defer { (clients + [listener]).forEach { close($0) } }
    try withUnsafePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        let length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        guard bind(listener, address, length) == 0, listen(listener, 0) == 0 else {
          throw POSIXError(.EADDRINUSE)
        }
        for _ in 0..<8 {
          let client = socket(AF_INET6, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
          clients.append(client)
          _ = connect(client, address, length)
        }
      }
    }
    try await Task.sleep(for: .milliseconds(50))
    return try await body(Endpoint(Loopback.ipv6, port))
  }
}
