/// The pieces of one reply that have come: which of its units of eight bytes, and how large the packets were.
///
/// 192 units in three words are room for a packet of 1536 bytes; nothing a sender of fragments does makes it grow.
struct ReplyPieces: Sendable {
  private var units: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// The whole reply in bytes behind its IP and extension headers.
  let total: Int
  /// The size of the largest packet, in bytes with its IP header.
  private(set) var largest = 0
  /// Whether any of them was a fragment.
  private(set) var isFragmented = false

  /// Nothing yet of a reply of `total` (0–1536) bytes.
  init(total: Int) { self.total = total }

  /// Whether anything came.
  var isEmpty: Bool { largest == 0 }

  /// Whether all of it came.
  var isComplete: Bool {
    let needed = (min(total, 1536) + 7) / 8
    return units.0.nonzeroBitCount + units.1.nonzeroBitCount + units.2.nonzeroBitCount >= needed
  }

  /// Notes `count` bytes of the reply at `offset`, a multiple of eight, in a packet of `size` bytes. What lies outside
  /// the reply is left out.
  mutating func add(offset: Int, count: Int, size: Int, isFragment: Bool) {
    guard offset >= 0, offset.isMultiple(of: 8), count > 0, offset + count <= total else { return }
    for unit in offset / 8..<min(192, (offset + count + 7) / 8) {
      let bit = 1 << UInt64(unit % 64) as UInt64
      switch unit / 64 {
      case 0: units.0 |= bit
      case 1: units.1 |= bit
      default: units.2 |= bit
      }
    }
    largest = max(largest, size)
    isFragmented = isFragmented || isFragment
  }
}
