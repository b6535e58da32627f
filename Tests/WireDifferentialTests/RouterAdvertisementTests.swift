import SeededRandom
import Testing
import Wire

/// Router advertisements of our own making, read by us and by tshark.
@Suite struct RouterAdvertisementDifferentialTests {
  private static let fields = [
    "icmpv6.checksum.status", "icmpv6.nd.ra.cur_hop_limit", "icmpv6.nd.ra.flag.m", "icmpv6.nd.ra.flag.o",
    "icmpv6.nd.ra.flag.prf", "icmpv6.nd.ra.router_lifetime", "icmpv6.opt.prefix", "icmpv6.opt.prefix.length",
    "icmpv6.opt.prefix.flag.l", "icmpv6.opt.prefix.flag.a", "icmpv6.opt.prefix.valid_lifetime",
    "icmpv6.opt.prefix.preferred_lifetime", "icmpv6.opt.mtu", "icmpv6.opt.rdnss", "icmpv6.opt.dnssl",
    "icmpv6.opt.src_linkaddr",
  ]

  @Test("what we read in an advertisement is what tshark reads")
  func compared() throws {
    var random = SplitMix64(seed: 8106)
    let frames = (0..<400).map { _ in Self.frame(&random) }
    let rows = try Tshark.rows(frames, fields: Self.fields)
    try #require(rows.count == frames.count)
    for (frame, row) in zip(frames, rows) {
      let packet = frame.bytes.span.bytes.extracting(14..<frame.bytes.count)
      let read = try RouterAdvertisement(parsingPacket: packet)
      func same(_ ours: [String], _ field: String) {
        let theirs = row.all(field).map { $0 == "True" ? "1" : $0 == "False" ? "0" : $0 }
        #expect(ours == theirs, "\(field) of \(frame.story)")
      }
      same(["\(read.hopLimit)"], "icmpv6.nd.ra.cur_hop_limit")
      same([read.isManaged ? "1" : "0"], "icmpv6.nd.ra.flag.m")
      same([read.hasOtherConfiguration ? "1" : "0"], "icmpv6.nd.ra.flag.o")
      let preference = row.number("icmpv6.nd.ra.flag.prf")
      #expect(read.preference == (preference == 1 ? .high : preference == 3 ? .low : .medium))
      same(["\(read.lifetime)"], "icmpv6.nd.ra.router_lifetime")
      same(read.prefixes.map { "\($0.prefix.address)" }, "icmpv6.opt.prefix")
      same(read.prefixes.map { "\($0.prefix.length)" }, "icmpv6.opt.prefix.length")
      same(read.prefixes.map { $0.isOnLink ? "1" : "0" }, "icmpv6.opt.prefix.flag.l")
      same(read.prefixes.map { $0.isAutonomous ? "1" : "0" }, "icmpv6.opt.prefix.flag.a")
      same(read.prefixes.map { "\($0.validLifetime)" }, "icmpv6.opt.prefix.valid_lifetime")
      same(read.prefixes.map { "\($0.preferredLifetime)" }, "icmpv6.opt.prefix.preferred_lifetime")
      same(read.mtu.map { ["\($0)"] } ?? [], "icmpv6.opt.mtu")
      same(read.resolvers.map(\.description), "icmpv6.opt.rdnss")
      same(read.searchList, "icmpv6.opt.dnssl")
      same(read.linkLayerAddress.map { [$0.description] } ?? [], "icmpv6.opt.src_linkaddr")
    }
  }

  private static func frame(_ random: inout SplitMix64) -> Frame {
    var message: [UInt8] =
      [134, 0, 0, 0, UInt8(random.below(256)), UInt8(random.below(4) << 6 | random.below(4) << 3)]
      + .short(random.below(65_536)) + .long(random.below(4_000_000)) + .long(random.below(4_000_000))
    var options: [[UInt8]] = []
    if random.onceIn(2) { options.append([1, 1, 2, 0, 0, 0, 0x42, UInt8(random.below(256))]) }
    if random.onceIn(2) { options.append([5, 1, 0, 0] + .long(1280 + random.below(8000))) }
    for _ in 0..<random.below(4) {
      let length = random.pick([48, 56, 64, 128])
      var address = [0x20, 1, 0x0d, 0xb8] + (0..<12).map { _ in UInt8(random.below(256)) } as [UInt8]
      for index in length / 8..<16 { address[index] = 0 }
      options.append(
        [3, 4, UInt8(length), UInt8(random.below(4) << 6)] + .long(random.below(90_000))
          + .long(random.below(90_000)) + [0, 0, 0, 0] + address)
    }
    for _ in 0..<random.below(3) {
      let count = 1 + random.below(3)
      let addresses = (0..<count).flatMap { _ in
        [0x20, 1, 0x0d, 0xb8] + (0..<12).map { _ in UInt8(random.below(256)) } as [UInt8]
      }
      options.append([25, UInt8(1 + 2 * count), 0, 0] + .long(1 + random.below(9000)) + addresses)
    }
    if random.onceIn(3) {
      let names: [UInt8] = [4] + Array("city".utf8) + [7] + Array("example".utf8) + [0]
      let padded = (names + [0]).padded(to: 8)
      options.append([31, UInt8(1 + padded.count / 8), 0, 0] + .long(600) + padded)
    }
    // An option nobody knows is stepped over.
    if random.onceIn(4) { options.append([200, 1, 1, 2, 3, 4, 5, 6]) }
    options.shuffle(using: &random)
    message += options.flatMap { $0 }
    let source: [UInt8] = [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [UInt8(1 + random.below(200))]
    let destination: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 13) + [1]
    let upper = UpperLayer(
      protocolNumber: 58, bytes: message, checksumOffset: 2, story: "\(options.count) options")
    let payload = upper.finished(from: source, to: destination, .right)
    let ethernet: [UInt8] = [0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0x42, 1, 0x86, 0xdd]
    let header: [UInt8] = [0x60, 0, 0, 0] + .short(payload.count) + [58, 255] + source + destination
    let bytes = ethernet + header + payload
    return Frame(bytes: bytes, wireLength: bytes.count, story: upper.story)
  }
}
