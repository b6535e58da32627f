import NIOCore
import Observations

extension ServiceProtocol {
  /// A TCP port whose protocol is not known: the connection is all there is to see.
  static let tcp = ServiceProtocol(name: "tcp", transports: [.tcp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock()
    try await tools.dialer.converse(
      with: request.endpoint, clock: clock, connectLimit: tools.limits.connect, configure: { _ in },
      body: { (_: Stream<ByteBuffer, ByteBuffer>, _) in clock.complete() })
    return ServiceIdentity(service: "tcp", greeting: "", phases: clock.durations)
  }
}
