/// An IP packet and what it is.
struct Packet {
  var bytes: [UInt8]
  var story: String
}

/// Options of an IPv4 packet.
struct IPv4Options {
  var bytes: [UInt8] = []
  var names: [String] = []
  /// Where the packet goes in the end, if that is not where its header says: what checksums cover.
  var lastStop: [UInt8]?
}

extension FrameGenerator {
  /// An IPv4 packet (RFC 791 §3.1), now and then with options, a wrong header checksum, or as a fragment.
  mutating func ipv4(
    from source: [UInt8], to destination: [UInt8], _ options: IPv4Options, _ upperLayer: UInt8,
    _ payload: [UInt8]
  ) -> Packet {
    var story = "IPv4 with \(options.names.isEmpty ? "no options" : options.names.joined(separator: "+"))"
    var fragment: UInt16 = random.onceIn(2) ? 0x4000 : 0
    if random.onceIn(10) {
      fragment = random.onceIn(2) ? 0x2000 : UInt16(1 + random.below(200)) | (random.onceIn(2) ? 0x2000 : 0)
      story += ", fragment \(fragment)"
    }
    let headerLength = 20 + options.bytes.count
    var header: [UInt8] = [UInt8(0x40 + headerLength / 4), UInt8(random.below(256))]
    header += .short(headerLength + payload.count) + bytes(2) + .short(fragment)
    header += [UInt8(1 + random.below(255)), upperLayer, 0, 0] + source + destination + options.bytes
    header.set(~onesComplementSum(header), at: 10)
    if random.onceIn(30) {
      header[10] ^= 0x40
      story += ", wrong header checksum"
    }
    return Packet(bytes: header + payload, story: story)
  }

  /// Options by their IANA numbers: no-op, record route, timestamp, router alert (RFC 2113), loose and strict source
  /// route with its pointer somewhere on the way, and one that nobody knows.
  mutating func ipv4Options() -> IPv4Options {
    var options = IPv4Options()
    for _ in 0...random.below(3) {
      let option: (String, [UInt8])
      switch random.below(7) {
      case 0: option = ("no-op", [1])
      case 1: option = ("record route", [7, 11, 4] + [UInt8](repeating: 0, count: 8))
      case 2: option = ("timestamp", [68, 8, 5, 0, 0, 0, 0, 0])
      case 3: option = ("router alert", [148, 4, 0, 0])
      // At most one (RFC 791 §3.1).
      case 4 where !options.names.contains { $0.hasPrefix("source route") }:
        let kind: UInt8 = random.onceIn(2) ? 131 : 137
        let made = random.below(3)
        option = ("source route, \(made) of 2 stops made", [kind, 11, UInt8(4 + 4 * made)] + Self.stops)
      case 5: option = ("unknown", [222, 6, 1, 2, 3, 4])
      default: option = ("end", [0])
      }
      guard options.bytes.count + option.1.count <= 40 else { break }
      options.names.append(option.0)
      options.bytes += option.1
      if option.1.count == 11, option.1[0] != 7, option.1[2] < 12 {
        options.lastStop = Array(option.1.suffix(4))
      }
      if option.1 == [0] { break }
    }
    options.bytes = options.bytes.padded(to: 4)
    return options
  }

  private static let stops: [UInt8] = [203, 0, 113, 7, 203, 0, 113, 8]

  /// An IPv6 packet (RFC 8200 §3) with a chain of extension headers.
  mutating func ipv6(
    from source: [UInt8], to destination: [UInt8], _ upperLayer: UInt8, _ payload: [UInt8]
  ) -> Packet {
    let count = random.onceIn(2) ? 0 : random.onceIn(40) ? 13 : 1 + random.below(4)
    let chain = extensionHeaders(count, before: upperLayer)
    let first = [UInt8(0x60 | random.below(16)), UInt8(random.below(256))] + bytes(2)
    let length = chain.bytes.count + payload.count
    let header = first + .short(length) + [chain.first, UInt8(1 + random.below(255))] + source + destination
    return Packet(bytes: header + chain.bytes + payload, story: "IPv6 with \(chain.story)")
  }

  /// A chain of headers that ends in `upperLayer`.
  mutating func extensionHeaders(
    _ count: Int, before upperLayer: UInt8
  ) -> (first: UInt8, bytes: [UInt8], story: String) {
    var next = upperLayer
    var chain: [UInt8] = []
    var names: [String] = []
    // From the inside out: each header names the one behind it. Hop-by-hop comes first or not at all (§4.1).
    for index in (0..<count).reversed() {
      let header: (type: UInt8, bytes: [UInt8], name: String)
      switch random.below(index == 0 ? 6 : 5) {
      case 0, 1: header = (60, options(next), "destination")
      case 2: header = routing(next)
      case 3: header = fragment(next)
      // In units of four bytes less two (RFC 4302 §2.2); an IPv6 one fills multiples of eight.
      case 4: header = (51, [next, 4, 0, 0] + bytes(20), "authentication")
      default: header = (0, options(next), "hop-by-hop")
      }
      chain = header.bytes + chain
      names.insert(header.name, at: 0)
      next = header.type
    }
    return (next, chain, names.isEmpty ? "no extension headers" : names.joined(separator: "+"))
  }

  /// A header of options: padding, or a router alert (RFC 2711) and padding.
  private mutating func options(_ next: UInt8) -> [UInt8] {
    switch random.below(3) {
    case 0: [next, 0, 1, 4, 0, 0, 0, 0]
    case 1: [next, 0, 5, 2, 0, 0, 1, 0]
    default: [next, 1, 1, 12] + [UInt8](repeating: 0, count: 12)
    }
  }

  private mutating func routing(_ next: UInt8) -> (type: UInt8, bytes: [UInt8], name: String) {
    let left = random.below(2)
    // 253 is for experiments (RFC 4727 §3.5); 2 is that of Mobile IPv6 (RFC 6275 §6.4), 0 is retired (RFC 5095).
    let type: UInt8 = random.pick([0, 2, 253])
    let stops = address(false)
    return (43, [next, 2, type, UInt8(left), 0, 0, 0, 0] + stops, "routing \(type) with \(left) left")
  }

  private mutating func fragment(_ next: UInt8) -> (type: UInt8, bytes: [UInt8], name: String) {
    // Mostly an atomic one (RFC 6946): behind others there is little to compare.
    let field = random.onceIn(2) ? 0 : UInt16(random.below(100)) << 3 | UInt16(random.below(2))
    return (44, [next, 0] + .short(field) + bytes(4), "fragment \(field)")
  }
}
