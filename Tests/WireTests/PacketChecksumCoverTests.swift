import Testing

@testable import Wire

/// What a checksum covers is not always the whole packet between the two addresses of its header. tshark's opinion is
/// compared in WireDifferentialTests.
@Suite struct PacketChecksumCoverTests {
  /// A UDP datagram over IPv4 with two bytes of data, and options in front of it.
  private func datagram(options: [UInt8] = [], behind surplus: [UInt8] = []) -> [UInt8] {
    let total = UInt8(20 + options.count + 10 + surplus.count)
    var packet: [UInt8] = [UInt8(0x45 + options.count / 4), 0, 0, total, 0, 0, 0, 0, 64, 17, 0, 0]
    packet += [192, 0, 2, 1, 192, 0, 2, 2] + options
    let header = checksum(packet)
    packet.replaceSubrange(10..<12, with: header)
    let datagram: [UInt8] = [0xee, 0x48, 0xee, 0x49, 0, 10, 0, 0, 0x68, 0x69]
    let covered = Array(packet[12..<20]) + [0, 17, 0, 10] + datagram
    let sum = checksum(covered)
    return packet + datagram[0..<6] + sum + datagram[8...] + surplus
  }

  private func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var sum = InternetChecksum()
    sum.add(bytes.span.bytes)
    return [UInt8(sum.value >> 8), UInt8(sum.value & 255)]
  }

  private func state(_ packet: [UInt8]) throws -> ChecksumState {
    let ip = try IPPacket(parsing: packet.span.bytes)
    return UDPHeader.checksumState(of: ip, in: packet.span.bytes)
  }

  @Test("a UDP checksum covers the length that the datagram states, not what else the packet holds")
  func surplus() throws {
    #expect(try state(datagram()) == .intact)
    #expect(try state(datagram(behind: [1, 2, 3, 4])) == .intact)
    var damaged = datagram(behind: [1, 2, 3, 4])
    damaged[29] ^= 1
    #expect(try state(damaged) == .wrong)
  }

  @Test("a datagram that states more than the packet holds cannot be verified")
  func stated() throws {
    var packet = datagram()
    packet[25] = 11
    #expect(try state(packet) == .unverifiable)
  }

  @Test(
    "a source route that names stops to make leaves the checksum open (RFC 791 §3.1)",
    arguments: [
      ("loose, none made", [131, 7, 4, 203, 0, 113, 7, 0], ChecksumState.unverifiable),
      ("strict, none made", [137, 7, 4, 203, 0, 113, 7, 0], .unverifiable),
      ("behind a no-op", [1, 131, 7, 4, 203, 0, 113, 7], .unverifiable),
      ("all made", [131, 7, 8, 203, 0, 113, 7, 0], .intact),
      ("behind the end of the list", [0, 131, 7, 4, 203, 0, 113, 7], .intact),
      ("record route", [7, 7, 4, 0, 0, 0, 0, 0], .intact),
      ("of impossible length", [131, 1, 4, 0, 0, 0, 0, 0], .intact),
      ("longer than the header", [131, 60, 4, 0, 0, 0, 0, 0], .intact),
    ] as [(String, [UInt8], ChecksumState)])
  func sourceRoute(_ name: String, _ options: [UInt8], _ expected: ChecksumState) throws {
    #expect(try state(datagram(options: options)) == expected, "\(name)")
  }
}
