import Testing

@testable import Wire

@Suite struct PacketExtensionHeaderTests {
  /// An IPv6 packet whose chain of headers is `chain`, the first of type `first`.
  private func packet(_ first: UInt8, _ chain: [UInt8], payload: [UInt8] = [1, 2, 3, 4]) -> [UInt8] {
    let length = chain.count + payload.count
    let addresses = [IPAddress("2001:db8::1"), IPAddress("2001:db8::2")].flatMap { $0?.bytes ?? [] }
    return [0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 255), first, 64] + addresses + chain + payload
  }

  private static let padding6: [UInt8] = [1, 4, 0, 0, 0, 0]

  struct Chain {
    var name: String
    var first: UInt8
    var bytes: [UInt8]
    var upperLayer: IPProtocol
    var fragmentOffset = 0
    var isFragment = false
  }

  private static let chains = [
    Chain(name: "none", first: 6, bytes: [], upperLayer: .tcp),
    Chain(name: "hop-by-hop", first: 0, bytes: [58, 0] + padding6, upperLayer: .icmpv6),
    Chain(
      name: "hop-by-hop of 16 bytes", first: 0, bytes: [58, 1] + padding6 + Array(repeating: 0, count: 8),
      upperLayer: .icmpv6),
    Chain(name: "destination options", first: 60, bytes: [6, 0] + padding6, upperLayer: .tcp),
    Chain(name: "routing", first: 43, bytes: [6, 0, 2, 0, 0, 0, 0, 0], upperLayer: .tcp),
    Chain(
      name: "authentication counts in fours", first: 51, bytes: [6, 4] + Array(repeating: 0, count: 22),
      upperLayer: .tcp),
    Chain(
      name: "atomic fragment (RFC 6946)", first: 44, bytes: [58, 0, 0, 0, 0, 0, 0, 9], upperLayer: .icmpv6),
    Chain(
      name: "first fragment", first: 44, bytes: [58, 0, 0, 1, 0, 0, 0, 9], upperLayer: .icmpv6,
      isFragment: true),
    Chain(
      name: "a whole behind a first fragment is part of one", first: 44,
      bytes: [44, 0, 0, 1, 0, 0, 0, 9] + [58, 0, 0, 0, 0, 0, 0, 10], upperLayer: .icmpv6, isFragment: true),
    Chain(
      name: "later fragment: what follows is no header", first: 44, bytes: [60, 0, 0x05, 0xa8, 0, 0, 0, 9],
      upperLayer: .destinationOptions, fragmentOffset: 1448, isFragment: true),
    Chain(
      name: "all in the order of RFC 8200 §4.1", first: 0,
      bytes: [60, 0] + padding6 + [43, 0] + padding6 + [44, 0, 2, 0, 0, 0, 0, 0] + [51, 0, 0, 0, 0, 0, 0, 1]
        + [60, 4] + Array(repeating: 0, count: 22) + [58, 0] + padding6,
      upperLayer: .icmpv6),
    Chain(name: "ESP ends what can be read", first: 50, bytes: [], upperLayer: .esp),
    Chain(name: "no next header", first: 59, bytes: [], upperLayer: .noNextHeader),
  ]

  @Test("chains are followed to the upper layer", arguments: chains.indices)
  func followed(_ index: Int) throws {
    let chain = Self.chains[index]
    let bytes = packet(chain.first, chain.bytes)
    let ip = try IPPacket(parsing: bytes.span.bytes)
    #expect(ip.upperLayer == chain.upperLayer, "\(chain.name)")
    #expect(ip.payload == 40 + chain.bytes.count..<bytes.count, "\(chain.name)")
    #expect(ip.payloadLength == 4)
    #expect(ip.fragmentOffset == chain.fragmentOffset)
    #expect(ip.isFragment == chain.isFragment)
  }

  @Test("a chain that leads outside the packet is cut off, wherever it is cut")
  func outside() {
    let chain: [UInt8] = [60, 0] + Self.padding6 + [6, 0] + Self.padding6
    for kept in 0..<chain.count {
      let bytes = packet(0, Array(chain.prefix(kept)), payload: [])
      #expect(throws: PacketError.truncated, "\(kept) bytes") { try IPPacket(parsing: bytes.span.bytes) }
    }
    for type in [0, 43, 44, 51, 60] as [UInt8] {
      let bytes = packet(type, [6, 255, 0, 0], payload: [])
      #expect(throws: PacketError.truncated, "type \(type)") { try IPPacket(parsing: bytes.span.bytes) }
    }
  }

  @Test("the payload length bounds the chain, not the padding of the frame behind it")
  func bounded() {
    var bytes = packet(0, [58, 0] + Self.padding6, payload: [])
    bytes[5] = 7
    bytes += Array(repeating: 0, count: 20)
    #expect(throws: PacketError.truncated) { try IPPacket(parsing: bytes.span.bytes) }
  }

  @Test("a chain without end is given up")
  func endless() {
    let header: [UInt8] = [60, 0] + Self.padding6
    let bytes = packet(60, Array(repeatElement(header, count: 100).joined()))
    #expect(throws: PacketError.tooManyExtensionHeaders) { try IPPacket(parsing: bytes.span.bytes) }
  }

  @Test("with stops left to make, the checksum covers another destination and cannot be verified")
  func segmentsLeft() throws {
    for (left, state) in [(0, ChecksumState.wrong), (1, .unverifiable)] as [(UInt8, ChecksumState)] {
      let bytes = packet(43, [6, 0, 4, left, 0, 0, 0, 0], payload: Array(repeating: 7, count: 20))
      let ip = try IPPacket(parsing: bytes.span.bytes)
      #expect(ip.checksumState(in: bytes.span.bytes, fieldOffset: 16) == state)
    }
  }
}
