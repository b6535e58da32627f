import SeededRandom

/// Frames of all kinds that a capture may hold: the same ones for the same seed.
struct FrameGenerator {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// The first `count` frames.
  static func frames(_ count: Int, seed: UInt64) -> [Frame] {
    var generator = FrameGenerator(seed: seed)
    return (0..<count).map { _ in generator.frame() }
  }

  private mutating func frame() -> Frame {
    let isIPv4 = random.onceIn(2)
    let source = address(isIPv4)
    let destination = address(isIPv4)
    let upper = upperLayer(isIPv4)
    let checksum: ChecksumChoice =
      random.onceIn(6) ? ChecksumChoice.allCases[random.below(ChecksumChoice.allCases.count)] : .right
    let options = isIPv4 && random.onceIn(4) ? ipv4Options() : IPv4Options()
    let payload = upper.finished(from: source, to: options.lastStop ?? destination, checksum)
    var packet =
      isIPv4
      ? ipv4(from: source, to: destination, options, upper.protocolNumber, payload)
      : ipv6(from: source, to: destination, upper.protocolNumber, payload)
    packet.story = "\(packet.story), \(upper.story), checksum \(checksum)"
    return ethernet(packet, isIPv4: isIPv4)
  }

  /// Ethernet around a packet: tags, padding, and the end that the capture left off.
  private mutating func ethernet(_ packet: Packet, isIPv4: Bool) -> Frame {
    var bytes: [UInt8] = [2, 0, 0x5e, 0x10, 0, 1, 2, 0, 0x5e, 0x10, 0, 2]
    let tags = random.onceIn(4) ? 1 + random.below(2) : 0
    for tag in 0..<tags {
      bytes += (tag + 1 < tags ? [0x88, 0xa8] : [0x81, 0x00]) + .short(random.below(4095))
    }
    bytes += (isIPv4 ? [0x08, 0x00] : [0x86, 0xdd]) + packet.bytes
    var story = "\(tags) tags, \(packet.story)"
    if bytes.count < 60, !random.onceIn(3) {
      let filler: UInt8 = random.onceIn(2) ? 0 : 0xa5
      bytes += [UInt8](repeating: filler, count: 60 - bytes.count)
      story += ", padded"
    } else if random.onceIn(12) {
      bytes += [UInt8](repeating: 0x5a, count: 1 + random.below(12))
      story += ", with a trailer"
    }
    let wireLength = bytes.count
    if random.onceIn(8) {
      bytes.removeLast(random.below(bytes.count - 14))
      story += ", cut to \(bytes.count)"
    }
    return Frame(bytes: bytes, wireLength: wireLength, story: story)
  }

  /// An address of documentation space.
  mutating func address(_ isIPv4: Bool) -> [UInt8] {
    isIPv4
      ? [198, 51, 100, UInt8(1 + random.below(250))]
      : [0x20, 0x01, 0x0d, 0xb8, 0, UInt8(random.below(4))] + [UInt8](repeating: 0, count: 8)
        + .short(1 + random.below(60_000))
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.below(256)) } }
}
