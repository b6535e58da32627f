import SeededRandom
import Testing

@testable import Wire

@Suite struct PacketEmissionTests {
  private let source6 = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)
  private let target6 = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 2)
  private let source4 = IPAddress(ipv4: 0xc000_0201)
  private let target4 = IPAddress(ipv4: 0xc000_0202)

  @Test("the example of RFC 1071 §3")
  func rfc1071() {
    let bytes: [UInt8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]
    var checksum = InternetChecksum()
    checksum.add(bytes.span.bytes)
    #expect(checksum.folded == 0xddf2)
    #expect(checksum.value == 0x220d)
  }

  @Test("the sum is that of the definition, at every length and alignment")
  func checksumByDefinition() {
    var random = SplitMix64(seed: 7)
    let bytes = (0..<80).map { _ in UInt8(random.below(256)) }
    for start in 0..<9 {
      for length in 0...70 {
        let piece = Array(bytes[start..<start + length])
        var sum: UInt32 = 0
        for index in piece.indices {
          sum += index.isMultiple(of: 2) ? UInt32(piece[index]) << 8 : UInt32(piece[index])
        }
        while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
        var checksum = InternetChecksum()
        checksum.add(bytes.span.bytes.extracting(start..<start + length))
        #expect(UInt32(checksum.folded) == sum, "\(length) bytes from \(start)")
      }
    }
  }

  @Test("headers come back as they were written, at any place in a buffer")
  func roundTrips() throws {
    for start in [0, 14, 3] {
      var buffer = Array(repeating: 0xa5 as UInt8, count: 100)
      var four = IPv4Header(source: source4, destination: target4, upperLayer: .udp, payloadLength: 33)
      four.identification = 0xbeef
      four.trafficClass = 0xb8
      var bytes = buffer.mutableSpan
      var raw = bytes.mutableBytes
      four.emit(into: &raw, at: start)
      #expect(try IPv4Header(parsing: buffer.span.bytes.extracting(start..<100)) == four)

      var six = IPv6Header(source: source6, destination: target6, nextHeader: .tcp, payloadLength: 1200)
      six.flowLabel = 0xfedcb
      six.trafficClass = 0x2e
      six.hopLimit = 7
      bytes = buffer.mutableSpan
      raw = bytes.mutableBytes
      six.emit(into: &raw, at: start)
      #expect(try IPv6Header(parsing: buffer.span.bytes.extracting(start..<100)) == six)

      let ethernet = EthernetHeader(
        destination: MACAddress(bits: 0x0200_5e10_0001), source: MACAddress(bits: 0x0200_5e10_0002),
        type: .ipv6)
      bytes = buffer.mutableSpan
      raw = bytes.mutableBytes
      ethernet.emit(into: &raw, at: start)
      #expect(try EthernetHeader(parsing: buffer.span.bytes.extracting(start..<100)) == ethernet)
      #expect(buffer.prefix(start).allSatisfy { $0 == 0xa5 })
    }
  }

  @Test("a SYN is the bytes a common desktop system sends")
  func syn() throws {
    var buffer = Array(repeating: 0xff as UInt8, count: 32)
    var bytes = buffer.mutableSpan
    var raw = bytes.mutableBytes
    let header = TCPHeader(sourcePort: 61001, destinationPort: 443, sequence: 0x0102_0304, flags: .syn)
    let options = TCPOptions(maximumSegmentSize: 1440, windowScale: 8, selectiveAcknowledgment: true)
    let length = header.emit(options: options, source: source6, destination: target6, into: &raw)
    #expect(length == 32)
    let checksum = Array(buffer[16..<18])
    #expect(
      buffer == Frames.bytes("ee49 01bb 01020304 00000000 80 02 ffff") + checksum
        + Frames.bytes("0000 020405a0 01030308 01010402"))
    let back = try TCPHeader(parsing: buffer.span.bytes)
    #expect(TCPOptions(parsing: buffer.span.bytes, header: back) == options)
  }

  @Test("a UDP checksum that comes out as zero is sent as all ones")
  func udpZero() throws {
    let header = UDPHeader(sourcePort: 61001, destinationPort: 53, dataLength: 2)
    var ones = 0
    for value in 0...0xffff {
      var buffer: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, UInt8(value >> 8), UInt8(value & 255)]
      var bytes = buffer.mutableSpan
      var raw = bytes.mutableBytes
      header.emit(source: source6, destination: target6, into: &raw)
      #expect(buffer[6] != 0 || buffer[7] != 0)
      if buffer[6] == 0xff && buffer[7] == 0xff { ones += 1 }
    }
    #expect(ones > 0)
  }

  @Test("options of impossible lengths end the list and harm nobody")
  func brokenOptions() throws {
    let cases: [(String, [UInt8], TCPOptions)] = [
      ("length zero", [2, 0, 5, 0xa0], TCPOptions()), ("length one", [8, 1, 2, 4], TCPOptions()),
      ("behind the end", [1, 1, 2, 4], TCPOptions()), ("kind alone", [1, 1, 1, 3], TCPOptions()),
      ("end of list", [0, 2, 4, 5], TCPOptions()),
      ("a shift above 14 counts as 14 (RFC 7323 §2.3)", [3, 3, 99, 0], TCPOptions(windowScale: 14)),
      ("unknown kind is stepped over", [253, 2, 4, 2], TCPOptions(selectiveAcknowledgment: true)),
    ]
    for (name, options, wanted) in cases {
      let bytes = Frames.bytes("0009 8e3c 00000000 00000000 60 12 ffff 0000 0000") + options
      let header = try TCPHeader(parsing: bytes.span.bytes)
      #expect(TCPOptions(parsing: bytes.span.bytes, header: header) == wanted, "\(name)")
    }
  }
}
