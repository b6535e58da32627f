import NIOCore
import NIOPosix
import Observations

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A connected UDP socket, made here and handed to NIO as a pipe of which each read and write is a datagram.
///
/// NIO's own `DatagramChannel` cannot be used connected: it takes every error on the socket but ECONNREFUSED
/// for an end of file, finds nothing to read and stops the process with a precondition. An ICMP
/// "administratively prohibited" from anyone on the way is enough. A pipe reads the error and closes.
/// IP_RECVERR stays off for a like reason: with it, readiness is told before the error can be read. So softer
/// ICMP errors (no route, address unreachable) are not seen and end as a timeout, as RFC 1122 §4.2.3.9 wants.
struct ConnectedDatagramSocket {
  private let input: CInt
  private let output: CInt
  /// Our end, with the random port that the kernel has chosen.
  let local: Endpoint?

  init(to remote: SocketAddress) throws {
    let family = remote.protocol == .inet6 ? AF_INET6 : AF_INET
    let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, type, 0)
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    let connected = remote.withSockAddr { connect(descriptor, $0, socklen_t($1)) } == 0
    let copy = connected ? fcntl(descriptor, F_DUPFD_CLOEXEC, 0) : -1
    guard copy >= 0 else {
      let error = IOError(errnoCode: errno, reason: connected ? "dup" : "connect")
      close(descriptor)
      throw error
    }
    input = descriptor
    output = copy
    local = Endpoint(Self.localAddress(of: descriptor))
  }

  /// Why the kernel knows no way to an address; `nil` where it does, or where a socket cannot be had just now.
  static func reasonNotToConnect(to remote: SocketAddress) -> NotSentReason? {
    let family = remote.protocol == .inet6 ? AF_INET6 : AF_INET
    let descriptor = socket(family, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return errno == EAFNOSUPPORT ? .noRoute : nil }
    defer { close(descriptor) }
    guard remote.withSockAddr({ connect(descriptor, $0, socklen_t($1)) }) != 0 else { return nil }
    switch errno {
    case ENETUNREACH, EHOSTUNREACH: return .noRoute
    case EADDRNOTAVAIL: return .noSource
    default: return nil
    }
  }

  /// Puts the socket under an event loop, which closes it from then on.
  func channel<Output: Sendable>(
    on group: any EventLoopGroup, configure: @escaping @Sendable (any Channel) throws -> Output
  ) async throws -> Output {
    do {
      return try await NIOPipeBootstrap(group: group)
        // A datagram that is longer is cut; no answer that is waited for here is.
        .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
        .takingOwnershipOfDescriptors(input: input, output: output) { channel in
          channel.eventLoop.makeCompletedFuture { try configure(channel) }
        }
    } catch {
      close(input)
      close(output)
      throw error
    }
  }

  private static func localAddress(of descriptor: CInt) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutablePointer(to: &storage) { storage in
      let named = storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length) == 0
      }
      guard named else { return nil }
      if storage.pointee.ss_family == sa_family_t(AF_INET6) {
        return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { SocketAddress($0.pointee) }
      }
      return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
    }
  }
}
