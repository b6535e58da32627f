import CLinux
import Wire

/// An address of one of this machine's interfaces.
public struct InterfaceAddress: Sendable, Hashable {
  /// The interface's number.
  public var interface: Int32
  /// The address.
  public var address: IPAddress
  /// The length of the prefix whose addresses are neighbours.
  public var prefixLength: Int

  /// The prefix whose addresses are neighbours.
  public var prefix: Prefix { Prefix(address, length: prefixLength) }

  /// All addresses of this machine.
  public static func all() throws(PacketIOError) -> [InterfaceAddress] {
    var socket = try NetlinkSocket()
    var found: [InterfaceAddress] = []
    try socket.dump(type: Int(RTM_GETADDR)) { writer in
      for _ in 0..<2 { writer.append(UInt32(0)) }
    } _: { header, payload in
      if header.type == RTM_NEWADDR, let address = InterfaceAddress(newAddress: payload) {
        found.append(address)
      }
    }
    return found
  }

  /// Reads an RTM_NEWADDR message; `nil` if it is cut off, has no address or a length that cannot be.
  init?(newAddress payload: RawSpan) {
    // struct ifaddrmsg: family, prefix length, flags, scope; index.
    guard payload.byteCount >= 8 else { return nil }
    var address: IPAddress?
    NetlinkReader.forEachAttribute(in: payload, from: 8) { type, value in
      // On a point-to-point link IFA_ADDRESS is the peer; IFA_LOCAL, where there is one, is ours.
      if type == IFA_LOCAL || type == IFA_ADDRESS && address == nil { address = value.asAddress }
    }
    let length = Int(payload.uint8(at: 1))
    guard let address, length <= address.family.bitWidth else { return nil }
    self.init(
      interface: Int32(bitPattern: payload.native32(at: 4)), address: address, prefixLength: length)
  }

  /// An address with the length of its prefix.
  public init(interface: Int32, address: IPAddress, prefixLength: Int) {
    self.interface = interface
    self.address = address
    self.prefixLength = prefixLength
  }
}
