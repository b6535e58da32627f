import SeededRandom
import Testing
import Wire

/// What stations say on their link, built byte by byte from the standards.
@Suite struct LinkTests {
  private static let mac = MACAddress(bits: 0x0200_0000_4201)
  private static let hardware: [UInt8] = [2, 0, 0, 0, 0x42, 1]

  private static func six(_ last: UInt8) -> [UInt8] {
    [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [last]
  }

  private static func short(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }

  private func text(_ bytes: [UInt8], _ range: Range<Int>?) -> String? {
    range.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  // MARK: - ARP (RFC 826)

  private static let arp: [UInt8] =
    [0, 1, 8, 0, 6, 4, 0, 2] + hardware + [198, 18, 0, 1, 2, 0, 0, 0, 0x42, 2, 198, 18, 0, 2]

  @Test func arp() throws {
    let read = try ARPPacket(parsing: Self.arp.span.bytes)
    #expect(
      read
        == ARPPacket(
          isReply: true, sender: Self.mac, senderAddress: try #require(IPAddress("198.18.0.1")),
          targetAddress: try #require(IPAddress("198.18.0.2"))))
    var probe = Self.arp
    probe.replaceSubrange(14..<18, with: [0, 0, 0, 0])
    #expect(try !ARPPacket(parsing: probe.span.bytes).isProbe)
    probe[7] = 1
    #expect(try ARPPacket(parsing: probe.span.bytes).isProbe)
    for (place, value) in [(1, 6), (3, 1), (4, 8), (5, 16), (7, 3)] as [(Int, UInt8)] {
      var other = Self.arp
      other[place] = value
      #expect(throws: PacketError.unsupported) { try ARPPacket(parsing: other.span.bytes) }
    }
  }

  // MARK: - Neighbour discovery (RFC 4861)

  private static let advertisement: [UInt8] = [136, 0, 0, 0, 0xe0, 0, 0, 0] + six(0x15) + [2, 1] + hardware
  private static let solicitation: [UInt8] = [135, 0, 0, 0, 0, 0, 0, 0] + six(0x16) + [1, 1] + hardware

  @Test func neighbours() throws {
    let told = try NeighbourMessage(parsing: Self.advertisement.span.bytes)
    #expect(told.isAdvertisement && told.isRouter && told.isSolicited && told.overrides)
    #expect(told.target.description == "2001:db8::15" && told.linkLayerAddress == Self.mac)
    let asked = try NeighbourMessage(parsing: Self.solicitation.span.bytes)
    #expect(
      !asked.isAdvertisement && asked.target.description == "2001:db8::16"
        && asked.linkLayerAddress == Self.mac)
    // Of a solicitation the target's address says nothing, and of an advertisement the source's.
    var other = Self.solicitation
    other[24] = 2
    #expect(try NeighbourMessage(parsing: other.span.bytes).linkLayerAddress == nil)
    let bare = Array(Self.solicitation.prefix(24))
    #expect(try NeighbourMessage(parsing: bare.span.bytes).linkLayerAddress == nil)
    for tail in [[1, 0, 0, 0, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0, 0, 0], [1]] as [[UInt8]] {
      let broken = bare + tail
      #expect(throws: PacketError.badLength) { try NeighbourMessage(parsing: broken.span.bytes) }
    }
    var group = Self.solicitation
    group[8] = 0xff
    #expect(throws: PacketError.badLength) { try NeighbourMessage(parsing: group.span.bytes) }
  }

  // MARK: - DHCP (RFC 2131, RFC 8415)

  private static let acknowledgement: [UInt8] =
    [2, 1, 6, 0] + [UInt8](repeating: 0, count: 12) + [198, 18, 0, 77] + [UInt8](repeating: 0, count: 8)
    + hardware
    + [UInt8](repeating: 0, count: 202) + [0x63, 0x82, 0x53, 0x63, 53, 1, 5, 0, 54, 4, 198, 18, 0, 1, 12, 3]
    + Array("pc7".utf8) + [60, 4] + Array("MSFT".utf8) + [255, 9, 9]

  @Test func dhcpv4() throws {
    let read = try DHCPv4Message(parsing: Self.acknowledgement.span.bytes)
    #expect(read.kind == .acknowledge && read.client == Self.mac && read.leased?.description == "198.18.0.77")
    #expect(read.server?.description == "198.18.0.1")
    #expect(text(Self.acknowledgement, read.hostName) == "pc7")
    #expect(text(Self.acknowledgement, read.vendorClass) == "MSFT")
    var offer = Self.acknowledgement
    offer[242] = 2
    #expect(try DHCPv4Message(parsing: offer.span.bytes).leased == nil)
    let cut = Array(Self.acknowledgement.prefix(249))
    #expect(throws: PacketError.badLength) { try DHCPv4Message(parsing: cut.span.bytes) }
    let silent = Array(Self.acknowledgement.prefix(240)) + [255]
    #expect(throws: PacketError.unsupported) { try DHCPv4Message(parsing: silent.span.bytes) }
  }

  private static let reply: [UInt8] = {
    let address = [0, 5, 0, 24] + six(0x77) + [0, 0, 0, 9, 0, 0, 0, 9]
    let gone = [0, 5, 0, 24] + six(0x78) + [UInt8](repeating: 0, count: 8)
    let association =
      [0, 3] + short(12 + address.count + gone.count) + [UInt8](repeating: 0, count: 12) + address + gone
    let name: [UInt8] = [0, 39, 0, 6, 1, 3] + Array("pc7".utf8) + [0]
    return [7, 1, 2, 3, 0, 1, 0, 14, 0, 1, 0, 1, 0, 0, 0, 0] + hardware + association + name
  }()

  @Test func dhcpv6() throws {
    let read = try DHCPv6Message(parsing: Self.reply.span.bytes)
    #expect(read.isReply && read.client == Self.mac && !read.isRefused)
    #expect(read.addresses.map(\.description) == ["2001:db8::77"], "the one whose lifetime is 0 is none")
    #expect(text(Self.reply, read.name) == "\u{3}pc7\0")
    let refused = Self.reply + [0, 13, 0, 2, 0, 2]
    #expect(try DHCPv6Message(parsing: refused.span.bytes).isRefused)
    let relay: [UInt8] = [12, 0, 0, 0]
    #expect(throws: PacketError.unsupported) { try DHCPv6Message(parsing: relay.span.bytes) }
    let cut = Self.reply.dropLast()
    #expect(throws: PacketError.badLength) { try DHCPv6Message(parsing: Array(cut).span.bytes) }
  }

  // MARK: - TLS (RFC 8446)

  /// As OpenSSL 3.0 sent it for `-servername portal.hanoi.example`.
  private static let hello = Self.bytes(
    """
    16030101410100013d0303aa60119f7965d56917825eb8fd3aec40748d0502a230d450798285684adb2de5208f45014f8a9d790964079b24
    3b0eea9e68e6e1454fd81d511a133cedc9b3a3dc003e130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c027
    0067c00ac0140039c009c0130033009d009c003d003c0035002f00ff010000b6000000190017000014706f7274616c2e68616e6f692e6578
    616d706c65000b000403000102000a00160014001d0017001e0019001801000101010201030104002300000016000000170000000d002a00
    28040305030603080708080809080a080b080408050806040105010601030303010302040205020602002b00090803040303030203010200
    2d00020101003300260024001d0020da45153de4fd838b378eb02131dafcbc730a09ba522a40f2ba368235e2a07f25
    """)

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.filter(\.isHexDigit)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(digits.dropFirst($0).prefix(2), radix: 16)
    }
  }

  @Test func serverName() {
    #expect(text(Self.hello, ClientHello.serverName(in: Self.hello.span.bytes)) == "portal.hanoi.example")
    // A first segment that ends in the name names nothing; one that ends behind it does.
    let end = Self.hello.firstRange(of: Array("portal.hanoi.example".utf8))?.upperBound ?? 0
    for length in 0..<Self.hello.count {
      let name = ClientHello.serverName(in: Array(Self.hello.prefix(length)).span.bytes)
      #expect((name != nil) == (length >= end), "\(length)")
    }
  }

  // MARK: - LLDP, CDP

  private static let lldp: [UInt8] =
    [2, 7, 4] + hardware + [4, 5, 5] + Array("ge-0".utf8) + [6, 2, 0, 120, 10, 3] + Array("sw1".utf8)
    + [12, 2] + Array("OS".utf8) + [14, 4, 0, 0x14, 0, 0x14, 16, 12, 5, 1, 198, 18, 0, 1, 2, 0, 0, 0, 1, 0]
    + [16, 24, 17, 2] + six(1) + [2, 0, 0, 0, 1, 0, 0, 0]

  @Test func lldp() throws {
    let read = try LinkAnnouncement(parsingLLDP: Self.lldp.span.bytes)
    #expect(read.chassis == Self.mac && read.isRouter)
    #expect(
      text(Self.lldp, read.name) == "sw1" && text(Self.lldp, read.port) == "ge-0"
        && text(Self.lldp, read.software) == "OS")
    #expect(read.addresses.map(\.description) == ["198.18.0.1", "2001:db8::1"])
    let other = Array(Self.lldp.dropFirst(9))
    #expect(throws: PacketError.unsupported) { try LinkAnnouncement(parsingLLDP: other.span.bytes) }
  }

  private static let cdp: [UInt8] =
    [2, 180, 0, 0, 0, 1, 0, 7] + Array("rt1".utf8) + [
      0, 2, 0, 17, 0, 0, 0, 1, 1, 1, 0xcc, 0, 4, 198, 18, 0, 1,
    ]
    + [0, 3, 0, 8] + Array("Gi01".utf8) + [0, 4, 0, 8, 0, 0, 0, 1]

  @Test func cdp() throws {
    let read = try LinkAnnouncement(parsingCDP: Self.cdp.span.bytes)
    #expect(text(Self.cdp, read.name) == "rt1" && text(Self.cdp, read.port) == "Gi01" && read.isRouter)
    #expect(read.addresses.map(\.description) == ["198.18.0.1"])
    let short: [UInt8] = [2, 180, 0, 0, 0, 1, 0, 3]
    #expect(throws: PacketError.badLength) { try LinkAnnouncement(parsingCDP: short.span.bytes) }
  }

  // MARK: - Anything

  @Test func anyCutOrChangedByteIsReadOrRefused() {
    var random = SplitMix64(seed: 826)
    let samples = [
      Self.arp, Self.advertisement, Self.solicitation, Self.acknowledgement, Self.reply, Self.hello,
      Self.lldp, Self.cdp,
    ]
    func readAll(_ bytes: [UInt8]) {
      let span = bytes.span.bytes
      _ = try? ARPPacket(parsing: span)
      _ = try? NeighbourMessage(parsing: span)
      let ranges = [
        (try? DHCPv4Message(parsing: span)).map { [$0.hostName, $0.vendorClass] },
        (try? DHCPv6Message(parsing: span)).map { [$0.clientIdentifier, $0.name] },
        [ClientHello.serverName(in: span)],
        (try? LinkAnnouncement(parsingLLDP: span)).map { [$0.name, $0.port, $0.software] },
        (try? LinkAnnouncement(parsingCDP: span)).map { [$0.name, $0.port, $0.software] },
      ]
      for range in ranges.flatMap({ $0 ?? [] }) {
        if let range { #expect(range.upperBound <= bytes.count) }
      }
    }
    for sample in samples {
      for length in 0...sample.count { readAll(Array(sample.prefix(length))) }
      for _ in 0..<5_000 {
        var bytes = sample
        for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        readAll(Array(bytes.prefix(1 + random.below(bytes.count))))
        readAll(bytes)
      }
    }
  }
}
