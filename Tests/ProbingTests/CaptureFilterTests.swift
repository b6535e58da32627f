import Glibc
import SeededRandom
import Testing
import Wire

@testable import Probing

/// The filter, run by libpcap itself over packets that must pass and packets that must not.
@Suite struct CaptureFilterTests {
  private let mixed = [
    Probe(target: target(1), kind: .echo), Probe(target: target(2, prefix: 1), kind: .tcpSYN(port: 80)),
    Probe(target: target(1, .ipv4), kind: .echo), Probe(target: target(2, .ipv4), kind: .tcpSYN(port: 80)),
  ]

  @Test("every reply the engine can use passes")
  func passes() throws {
    let filter = try PacketFilter(ProbeEngine.captureFilter(for: mixed))
    let bench = Bench(mixed)
    for probe in mixed.indices {
      let packet = bench.packet(probe, 1)
      let name = "\(mixed[probe])"
      #expect(filter.matches(packet.answer()), "\(name)")
      if packet.isTCP { #expect(filter.matches(packet.tcp(flags: 0x14)), "\(name)") }
      let router = packet.isIPv4 ? target(9, prefix: 200, .ipv4) : target(9, prefix: 200)
      for type in packet.isIPv4 ? [3, 11, 12] : [1, 2, 3, 4] as [UInt8] {
        let error = packet.error(type: type, code: 0, from: router.bytes)
        #expect(filter.matches(error), "error \(type) about \(name)")
      }
    }
  }

  @Test("IPv6 packets with extension headers pass", arguments: [0, 43, 44, 51, 60] as [UInt8])
  func extensionHeaders(_ type: UInt8) throws {
    let filter = try PacketFilter(ProbeEngine.captureFilter(for: mixed))
    var packet = Bench(mixed).packet(0, 0).answer()
    packet[6] = type
    #expect(filter.matches(packet))
  }

  @Test("our own probes, other traffic and other ports do not pass")
  func stops() throws {
    let filter = try PacketFilter(ProbeEngine.captureFilter(for: mixed))
    let bench = Bench(mixed)
    for probe in mixed.indices {
      let packet = bench.packet(probe, 0)
      #expect(!filter.matches(packet.bytes), "our own \(mixed[probe])")
      let stranger = packet.isIPv4 ? IPAddress(ipv4: 0xcb00_7107) : IPAddress(ipv6High: 0x3fff << 48, low: 7)
      if packet.isTCP {
        for flags in [0x10, 0x18, 0x11, 0x02] as [UInt8] {
          #expect(!filter.matches(packet.tcp(flags: flags)))
        }
        #expect(!filter.matches(packet.tcp(flags: 0x12, from: stranger.bytes)))
        var otherPort = packet.answer()
        otherPort[packet.isIPv4 ? 22 : 42] = 0x80
        #expect(!filter.matches(otherPort))
      } else {
        let message = Array(packet.echoReply()[(packet.isIPv4 ? 20 : 40)...])
        let reply = packet.packet(
          from: stranger.bytes, next: packet.isIPv4 ? 1 : 58, payload: message, checksumAt: 2)
        #expect(!filter.matches(reply))
        // Neighbour advertisements, redirects.
        #expect(!filter.matches(packet.echoReply { $0[0] = packet.isIPv4 ? 5 : 136 }))
      }
    }
  }

  @Test("only what was asked is let in")
  func narrow() throws {
    let echoOnly = try PacketFilter(ProbeEngine.captureFilter(for: [mixed[0]]))
    let bench = Bench(mixed)
    #expect(echoOnly.matches(bench.packet(0, 0).answer()))
    for probe in 1..<4 { #expect(!echoOnly.matches(bench.packet(probe, 0).answer()), "\(mixed[probe])") }
    let nothing = try PacketFilter(ProbeEngine.captureFilter(for: []))
    for probe in mixed.indices { #expect(!nothing.matches(bench.packet(probe, 0).answer())) }
  }

  @Test("replies to any mixture of probes pass, from a seed")
  func anyMixture() throws {
    var random = SplitMix64(seed: 77)
    for _ in 0..<150 {
      let probes = (0...random.below(5)).map { _ in
        Probe(
          target: target(random.below(3) + 1, prefix: random.below(3), random.pick([.ipv4, .ipv6])),
          kind: random.pick([.echo, .tcpSYN(port: 80)]))
      }
      let text = ProbeEngine.captureFilter(for: probes)
      let filter = try PacketFilter(text)
      let bench = Bench(probes)
      for probe in probes.indices { #expect(filter.matches(bench.packet(probe, 0).answer()), "\(text)") }
    }
  }

  @Test("targets from all over the address space still make a filter libpcap accepts")
  func anywhere() throws {
    let probes = [
      Probe(target: IPAddress(ipv4: 0x0102_0304), kind: .echo),
      Probe(target: IPAddress(ipv4: 0xdfff_fffe), kind: .echo),
      Probe(target: IPAddress(ipv6High: 0x2001_0db8 << 32, low: 1), kind: .echo),
      Probe(target: IPAddress(ipv6High: 0x3fff << 48, low: 1), kind: .tcpSYN(port: 1)),
    ]
    let filter = try PacketFilter(ProbeEngine.captureFilter(for: probes))
    let bench = Bench(probes)
    for probe in probes.indices { #expect(filter.matches(bench.packet(probe, 0).answer())) }
  }
}

/// A filter compiled by libpcap, loaded at run time because these tests are no C module's business. Without the
/// library they fail.
private final class PacketFilter {
  private struct Program {
    var count: UInt32 = 0
    var instructions: UnsafeMutableRawPointer?
  }
  private struct PacketHeader {
    var seconds = 0
    var microseconds = 0
    var capturedLength: UInt32
    var length: UInt32
  }
  private typealias OpenDead = @convention(c) (Int32, Int32) -> UnsafeMutableRawPointer?
  private typealias Compile =
    @convention(c) (
      UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafePointer<CChar>, Int32, UInt32
    ) -> Int32
  private typealias Match =
    @convention(c) (UnsafeRawPointer, UnsafeRawPointer, UnsafePointer<UInt8>) -> Int32

  /// Ethernet and raw IP (`DLT_EN10MB`, `DLT_RAW`), each with and without the optimiser: it has had bugs that let
  /// replies fall through.
  private static let variants: [(linkType: Int32, optimize: Int32)] = [(1, 0), (1, 1), (12, 0), (12, 1)]
  private var programs: [Program] = []
  private let match: Match

  init(_ text: String) throws {
    let library = try #require(dlopen("libpcap.so.0.8", RTLD_NOW), "libpcap is needed")
    let open = unsafeBitCast(try #require(dlsym(library, "pcap_open_dead")), to: OpenDead.self)
    let compile = unsafeBitCast(try #require(dlsym(library, "pcap_compile")), to: Compile.self)
    match = unsafeBitCast(try #require(dlsym(library, "pcap_offline_filter")), to: Match.self)
    for (linkType, optimize) in Self.variants {
      let handle = try #require(open(linkType, 65_535))
      var program = Program()
      let result = compile(handle, &program, text, optimize, 0xffff_ffff)
      try #require(result == 0, "libpcap refuses \(text)")
      programs.append(program)
    }
  }

  /// Whether the packet passes; a failure when the variants disagree.
  func matches(_ packet: [UInt8]) -> Bool {
    let type: [UInt8] = packet[0] >> 4 == 4 ? [0x08, 0x00] : [0x86, 0xdd]
    let answers = zip(Self.variants, programs).map { variant, program in
      let frame = variant.linkType == 1 ? Array(repeating: 2, count: 12) + type + packet : packet
      let header = PacketHeader(capturedLength: UInt32(frame.count), length: UInt32(frame.count))
      return withUnsafePointer(to: program) { program in
        withUnsafePointer(to: header) { match(program, $0, frame) != 0 }
      }
    }
    #expect(Set(answers).count == 1, "libpcap's variants disagree: \(answers)")
    return answers[0]
  }
}

extension CaptureFilterTests {
  @Test(
    "every reply a sweep can use passes, and its own packets do not",
    arguments: [
      .echo, .tcp(port: 443), .udp(port: 53), .udp(port: 5060),
    ] as [SweepProbe], AddressFamily.allCases)
  func sweep(_ probe: SweepProbe, _ family: AddressFamily) throws {
    var list = AddressList(capacity: 2, key: SipHashKey(low: 1, high: 2))
    for number in 1...2 { list.append(target(number, prefix: number, family)) }
    let plan = SweepPlan(.list(list), probe: probe, tries: 1, seed: 1)
    let filter = try PacketFilter(plan.captureFilter)
    for place in 0..<2 {
      let template = SweepTemplate(
        probe, source: family == .ipv4 ? vantage4 : vantage6, key: SipHashKey(low: 3, high: 4))
      var bytes = template.bytes
      var span = bytes.mutableSpan
      var raw = span.mutableBytes
      template.patch.write(&raw, at: 0, target: plan.target(at: place), attempt: 0)
      let packet = SentPacket(bytes: bytes)
      let answer = packet.isUDP ? packet.datagramAnswer() : packet.answer()
      #expect(filter.matches(answer))
      #expect(!filter.matches(packet.bytes))
      if packet.isTCP { #expect(filter.matches(packet.tcp(flags: 0x14))) }
      #expect(filter.matches(packet.error(type: packet.isIPv4 ? 3 : 1, code: 3, from: packet.target)))
      var otherPort = answer
      otherPort[(packet.isIPv4 ? 20 : 40) + 1] ^= 0x55
      if probe != .echo { #expect(!filter.matches(otherPort)) }
    }
  }
}
