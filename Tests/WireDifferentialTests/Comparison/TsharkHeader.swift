import Wire

/// An IP header with the extension headers behind it, put together from tshark's fields.
struct TsharkHeader {
  let family: AddressFamily
  let source: String
  let destination: String
  let hopLimit: String
  let upperLayer: Int
  let payloadLength: Int
  let fragmentOffset: Int
  /// Whether another fragment follows.
  let moreFragments: Bool
  /// How much of the upper layer was captured, in bytes.
  let captured: Int

  /// Whether the upper layer is all there.
  var isWhole: Bool { captured == payloadLength && fragmentOffset == 0 && !moreFragments }

  /// An extension header by tshark's name for it: where it says what follows, and how long it is in which units.
  private static let chain: [String: (next: String, length: String?, unit: Int, extra: Int)] = [
    "ipv6.hopopts": ("ipv6.hopopts.nxt", "ipv6.hopopts.len", 8, 1),
    "ipv6.dstopts": ("ipv6.dstopts.nxt", "ipv6.dstopts.len", 8, 1),
    "ipv6.routing": ("ipv6.routing.nxt", "ipv6.routing.len", 8, 1),
    "ipv6.fraghdr": ("ipv6.fraghdr.nxt", nil, 8, 1),
    "ah": ("ah.next_header", "ah.length", 4, 2),
  ]

  static let fields =
    chain.values.flatMap { [$0.next, $0.length].compactMap { $0 } }
    + [
      "frame.protocols", "ip.src", "ip.dst", "ip.proto", "ip.ttl", "ip.len", "ip.hdr_len", "ip.frag_offset",
      "ip.flags.mf", "ipv6.src", "ipv6.dst", "ipv6.hlim", "ipv6.plen", "ipv6.nxt", "ipv6.fraghdr.offset",
      "ipv6.fraghdr.more",
    ]

  /// How many extension headers the packet in a frame has in a row, and the one it quotes.
  static func extensionCount(_ row: Tshark.Row) -> Int {
    (row.first("frame.protocols") ?? "").split(separator: ":").filter { chain[String($0)] != nil }.count
  }

  /// Goes through the headers of a frame from the outside in: first the packet, then what it quotes.
  struct Walker {
    private let row: Tshark.Row
    private var protocols: ArraySlice<Substring>
    /// How many occurrences of a field were used up.
    private var used: [String: Int] = [:]
    /// Where the next header begins, and where the bytes end that may belong to it.
    private var position: Int
    private var end: Int

    /// - Parameters:
    ///   - start: where the packet begins in the frame.
    ///   - end: where the capture ends.
    init(_ row: Tshark.Row, start: Int, end: Int) {
      self.row = row
      (position, self.end) = (start, end)
      protocols = (row.first("frame.protocols") ?? "").split(separator: ":")[...]
    }

    /// The next header; `nil` if there is none, or it is not all there. tshark shows the beginnings of headers, too.
    mutating func next() -> TsharkHeader? {
      while let name = protocols.popFirst() {
        switch name {
        case "ip": return ipv4()
        case "ipv6": return ipv6()
        // An error quotes behind its first eight bytes (RFC 792, RFC 4443 §3).
        case "icmp", "icmpv6": position += 8
        default: continue
        }
      }
      return nil
    }

    private mutating func ipv4() -> TsharkHeader? {
      guard let length = take("ip.len").flatMap({ Int($0) }),
        let header = take("ip.hdr_len").flatMap({ Int($0) }), let offset = take("ip.frag_offset"),
        let hopLimit = take("ip.ttl"), let number = take("ip.proto").flatMap({ Int($0) }),
        let source = take("ip.src"), let destination = take("ip.dst"), let more = take("ip.flags.mf"),
        let captured = enter(header, length: length - header)
      else { return nil }
      return TsharkHeader(
        family: .ipv4, source: source, destination: destination, hopLimit: hopLimit, upperLayer: number,
        payloadLength: length - header, fragmentOffset: 8 * (Int(offset) ?? 0),
        moreFragments: Self.isSet(more),
        captured: captured)
    }

    private mutating func ipv6() -> TsharkHeader? {
      guard var length = take("ipv6.plen").flatMap({ Int($0) }),
        var number = take("ipv6.nxt").flatMap({ Int($0) }), let hopLimit = take("ipv6.hlim"),
        let source = take("ipv6.src"), let destination = take("ipv6.dst")
      else { return nil }
      guard enter(40, length: length) != nil else { return nil }
      var offset = 0
      var moreFragments = false
      while offset == 0, let name = protocols.first, let header = chain[String(name)] {
        protocols.removeFirst()
        guard let next = take(header.next).flatMap({ Int($0) }) else { return nil }
        var units = 0
        if let field = header.length {
          guard let stated = take(field).flatMap({ Int($0) }) else { return nil }
          units = stated
        } else {
          guard let stated = take("ipv6.fraghdr.offset").flatMap({ Int($0) }),
            let more = take("ipv6.fraghdr.more")
          else { return nil }
          offset = 8 * stated
          moreFragments = Self.isSet(more)
        }
        length -= (units + header.extra) * header.unit
        guard enter((units + header.extra) * header.unit, length: length) != nil else { return nil }
        number = next
      }
      return TsharkHeader(
        family: .ipv6, source: source, destination: destination, hopLimit: hopLimit, upperLayer: number,
        payloadLength: length, fragmentOffset: offset, moreFragments: moreFragments,
        captured: min(length, end - position))
    }

    /// Steps over a header of `count` bytes in front of `length` more; how many of these were captured. `nil` if the
    /// header itself was not.
    private mutating func enter(_ count: Int, length: Int) -> Int? {
      guard length >= 0, position + count <= end else { return nil }
      position += count
      end = min(end, position + length)
      return end - position
    }

    private static func isSet(_ flag: String) -> Bool { flag == "1" || flag == "True" }

    private mutating func take(_ field: String) -> String? {
      let cells = row.all(field)
      let index = used[field, default: 0]
      used[field] = index + 1
      return index < cells.count ? cells[index] : nil
    }
  }
}
