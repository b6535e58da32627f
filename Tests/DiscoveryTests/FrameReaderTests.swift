import SeededRandom
import Testing
import Wire

@testable import Discovery

@Suite("Who is there, out of frames")
struct FrameReaderTests {
  private static let station: [UInt8] = [2, 0, 0, 0, 0x42, 1]
  private static let mac = MACAddress(bits: 0x0200_0000_4201)

  private func read(_ frame: [UInt8]) -> (sightings: [Sighting], isReadable: Bool, vlan: UInt16) {
    var reader = FrameReader()
    var found: [Sighting] = []
    let isReadable = reader.read(frame.span.bytes) { found.append($0) }
    return (found, isReadable, reader.vlan)
  }

  private static func address(_ text: String) -> [UInt8] {
    guard let address = IPAddress(text) else { return [] }
    if address.family == .ipv4 {
      return (0..<4).map { UInt8(truncatingIfNeeded: address.ipv4Bits >> UInt32(24 - 8 * $0)) }
    }
    return [address.high, address.low].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) }
    }
  }

  private static func ethernet(_ type: [UInt8], _ payload: [UInt8], from source: [UInt8] = station) -> [UInt8]
  {
    [0x33, 0x33, 0, 0, 0, 1] + source + type + payload
  }

  /// An IPv6 packet; of ICMPv6 the checksum is made right.
  private static func ipv6(
    _ next: UInt8, from source: String, to destination: String, hops: UInt8 = 255, _ payload: [UInt8]
  ) -> [UInt8] {
    var payload = payload
    if next == 58 {
      var sum = InternetChecksum(
        source: IPAddress(source)!, destination: IPAddress(destination)!, upperLayer: .icmpv6,
        length: payload.count)
      sum.add(payload.span.bytes)
      payload[2] = UInt8(sum.value >> 8)
      payload[3] = UInt8(sum.value & 0xff)
    }
    return [0x60, 0, 0, 0, UInt8(payload.count >> 8), UInt8(payload.count & 0xff), next, hops]
      + address(source)
      + address(destination) + payload
  }

  private static func ipv4(
    _ next: UInt8, from source: String, to destination: String, ttl: UInt8 = 64, _ payload: [UInt8]
  ) -> [UInt8] {
    let length = 20 + payload.count
    var header: [UInt8] =
      [0x45, 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 0, 0, 0, ttl, next, 0, 0] + address(source)
      + address(destination)
    var sum = InternetChecksum()
    sum.add(header.span.bytes)
    header[10] = UInt8(sum.value >> 8)
    header[11] = UInt8(sum.value & 0xff)
    return header + payload
  }

  private static func udp(_ source: Int, _ destination: Int, _ data: [UInt8]) -> [UInt8] {
    let length = 8 + data.count
    return [source, destination, length, 0].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } + data
  }

  private static func solicitation(_ target: String, _ option: [UInt8] = []) -> [UInt8] {
    [135, 0, 0, 0, 0, 0, 0, 0] + address(target) + option
  }

  @Test("ARP, its probes, and its tags")
  func arp() {
    let reply: [UInt8] =
      [0, 1, 8, 0, 6, 4, 0, 2] + Self.station + [198, 18, 0, 1, 2, 0, 0, 0, 0x42, 2, 198, 18, 0, 2]
    #expect(
      read(Self.ethernet([8, 6], reply)).sightings == [.station(Self.mac, IPAddress("198.18.0.1")!, .arp)])
    var probe = reply
    probe[7] = 1
    probe.replaceSubrange(14..<18, with: [0, 0, 0, 0])
    #expect(
      read(Self.ethernet([8, 6], probe)).sightings == [.station(Self.mac, IPAddress("198.18.0.2")!, .probe)])
    let tagged = read(Self.ethernet([0x81, 0, 0x20, 0x2a, 8, 6], reply))
    #expect(tagged.sightings.count == 1 && tagged.vlan == 42)
  }

  @Test("Neighbour discovery: who asks, who tells, who is about to take an address")
  func neighbours() {
    let asks = Self.ipv6(
      58, from: "2001:db8::1", to: "ff02::1:ff00:2", Self.solicitation("2001:db8::2", [1, 1] + Self.station))
    #expect(
      read(Self.ethernet([0x86, 0xdd], asks)).sightings == [
        .station(Self.mac, IPAddress("2001:db8::1")!, .neighbour)
      ])
    let takes = Self.ipv6(58, from: "::", to: "ff02::1:ff00:2", Self.solicitation("2001:db8::2"))
    #expect(
      read(Self.ethernet([0x86, 0xdd], takes)).sightings == [
        .station(Self.mac, IPAddress("2001:db8::2")!, .probe)
      ])
    let told: [UInt8] =
      [136, 0, 0, 0, 0x60, 0, 0, 0] + Self.address("2001:db8::3") + [2, 1, 2, 0, 0, 0, 0x42, 9]
    let tells = Self.ipv6(58, from: "2001:db8::3", to: "2001:db8::1", told)
    #expect(
      read(Self.ethernet([0x86, 0xdd], tells)).sightings
        == [.station(MACAddress(bits: 0x0200_0000_4209), IPAddress("2001:db8::3")!, .neighbour)])
    // What has crossed a router is no neighbour's word (RFC 4861 §7.1), and a wrong checksum nobody's.
    let far = Self.ipv6(58, from: "2001:db8::3", to: "2001:db8::1", hops: 64, told)
    #expect(read(Self.ethernet([0x86, 0xdd], far)).sightings.isEmpty)
    var damaged = Self.ethernet([0x86, 0xdd], tells)
    damaged[14 + 40 + 23] ^= 1
    let refused = read(damaged)
    #expect(refused.sightings.isEmpty && !refused.isReadable)
  }

  /// That whoever sent the frame is there, and no more.
  private static let somebody = [Sighting.presence(mac, .packet)]

  @Test(
    "Other packets say that their sender is there, and nothing of who has their source, but for link-local ones"
  )
  func routed() {
    let data = Self.udp(1000, 2000, [1, 2, 3])
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(17, from: "2001:db8::1", to: "2001:db8::2", data))).sightings
        == Self.somebody)
    #expect(
      read(Self.ethernet([8, 0], Self.ipv4(17, from: "198.18.0.1", to: "198.18.0.2", data))).sightings
        == Self.somebody)
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(17, from: "fe80::1", to: "fe80::2", data))).sightings
        == [.station(Self.mac, IPAddress("fe80::1")!, .packet)])
  }

  @Test("A listener's report, and one from a station without an address")
  func listeners() {
    let report: [UInt8] = [143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0] + Self.address("ff02::1:ff00:2")
    let hop: [UInt8] = [58, 0, 5, 2, 0, 0, 1, 0]
    // Router Alert stands before it (RFC 3810 §5); the checksum is that without it.
    func packet(_ source: String) -> [UInt8] {
      let inner = Self.ipv6(58, from: source, to: "ff02::16", hops: 1, report)
      return Self.ipv6(0, from: source, to: "ff02::16", hops: 1, hop + inner[40...])
    }
    #expect(
      read(Self.ethernet([0x86, 0xdd], packet("fe80::1"))).sightings == [
        .station(Self.mac, IPAddress("fe80::1")!, .listener)
      ])
    #expect(read(Self.ethernet([0x86, 0xdd], packet("::"))).sightings == [.presence(Self.mac, .listener)])
  }

  @Test("Answers at ports")
  func services() {
    let segment: [UInt8] = [1, 0xbb, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x12, 0xff, 0xff, 0, 0, 0, 0]
    let packet = Self.ipv6(6, from: "2001:db8::1", to: "2001:db8::2", hops: 60, segment)
    #expect(
      read(Self.ethernet([0x86, 0xdd], packet)).sightings == [.service(IPAddress("2001:db8::1")!, port: 443)]
        + Self.somebody)
    // A timestamp of 7 behind two bytes of padding.
    let clock: [UInt8] = [1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 0]
    var long = segment + clock
    long[12] = 0x80
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(6, from: "2001:db8::1", to: "2001:db8::2", long))).sightings
        .contains(.clock(IPAddress("2001:db8::1")!, ticks: 7)))
    var reset = segment
    reset[13] = 0x14
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(6, from: "2001:db8::1", to: "2001:db8::2", reset))).sightings
        == Self.somebody)
  }

  @Test("Multicast DNS tells names of the link, and of the link only")
  func multicastDNS() throws {
    var message = DNSMessage(header: DNSHeader(id: 0))
    message.header.isResponse = true
    message.answers = [DNSRecord(try DNSName("printer.local"), timeToLive: 120, .aaaa(IPAddress("fe80::9")!))]
    let data = Self.udp(5353, 5353, message.bytes)
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(17, from: "2001:db8::9", to: "ff02::fb", data))).sightings
        == [
          .station(Self.mac, IPAddress("2001:db8::9")!, .multicastDNS),
          .address("printer.local", IPAddress("fe80::9")!),
        ])
    #expect(
      read(Self.ethernet([0x86, 0xdd], Self.ipv6(17, from: "2001:db8::9", to: "ff02::fb", hops: 64, data)))
        .sightings == Self.somebody)
  }

  @Test("Frames of groups and of nobody say nothing; short and broken ones are told from those")
  func nobody() {
    let arp: [UInt8] =
      [0, 1, 8, 0, 6, 4, 0, 2] + Self.station + [198, 18, 0, 1, 2, 0, 0, 0, 0x42, 2, 198, 18, 0, 2]
    #expect(read(Self.ethernet([8, 6], arp, from: [3, 0, 0, 0, 0, 1])).sightings.isEmpty)
    #expect(read(Self.ethernet([8, 6], Array(arp.dropLast()))).isReadable == false)
    #expect(read([1, 2, 3]).isReadable == false)
    #expect(read(Self.ethernet([0x12, 0x34], [1])).isReadable)
    #expect(read(Self.ethernet([0, 3], [0x42, 0x42, 3] + [UInt8](repeating: 0, count: 40))).isReadable)
  }

  @Test("Any frame is read or refused")
  func anything() {
    var random = SplitMix64(seed: 4861)
    let samples = [
      Self.ethernet(
        [0x86, 0xdd], Self.ipv6(58, from: "::", to: "ff02::1:ff00:2", Self.solicitation("2001:db8::2"))),
      Self.ethernet(
        [8, 0],
        Self.ipv4(
          17, from: "0.0.0.0", to: "255.255.255.255", Self.udp(68, 67, [UInt8](repeating: 1, count: 260)))),
      Self.ethernet(
        [0x86, 0xdd],
        Self.ipv6(17, from: "fe80::1", to: "ff02::1:2", Self.udp(546, 547, [1, 2, 3, 4, 0, 1, 0, 2, 9, 9]))),
      Self.ethernet([0x88, 0xcc], [2, 7, 4] + Self.station + [4, 2, 7, 1, 6, 2, 0, 120, 0, 0]),
      Self.ethernet([0, 30], [0xaa, 0xaa, 3, 0, 0, 0x0c, 0x20, 0, 2, 180, 0, 0, 0, 1, 0, 7, 65, 66, 67]),
    ]
    for sample in samples {
      for length in 0...sample.count { _ = read(Array(sample.prefix(length))) }
      for _ in 0..<20_000 {
        var bytes = sample
        for _ in 0...random.below(5) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        _ = read(Array(bytes.prefix(1 + random.below(bytes.count))))
        _ = read(bytes)
      }
    }
  }
}
