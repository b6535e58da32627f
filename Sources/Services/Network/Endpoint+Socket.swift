import NIOCore
import Observations
import Wire

extension Endpoint {
  /// The endpoint as the socket layer takes it. No name is ever resolved on the way.
  func socketAddress() throws -> SocketAddress {
    try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: Int(port))
  }

  /// The endpoint behind a socket address; `nil` for one that is not IP.
  init?(_ socketAddress: SocketAddress?) {
    guard let socketAddress, let text = socketAddress.ipAddress, let address = IPAddress(text),
      let port = socketAddress.port.flatMap(UInt16.init(exactly:))
    else { return nil }
    self.init(address, port)
  }
}
