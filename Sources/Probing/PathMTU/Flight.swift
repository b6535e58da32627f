/// What one flight of a sender's segments shows: all that come from when it is let go until it pauses. Sizes are in
/// bytes with the IP header.
struct Flight: Sendable {
  /// When the sender was let go.
  let began: UInt64
  /// When its last data came.
  private(set) var last: UInt64?
  /// The largest packet; of what receive offload merged nothing is known.
  private(set) var largest = 0
  /// The largest segment that was as large as the sender makes them, rather than the rest of what it had to send.
  private(set) var largestFull = 0
  /// The largest piece of a segment that came in fragments.
  private(set) var largestFragment = 0
  /// Packets longer than the link takes.
  private(set) var merged = 0
  /// The data segment before, if it was whole and without PSH: its size, and the sequence number behind it.
  private var before: (size: Int, end: UInt32)?

  init(began: UInt64) { self.began = began }

  /// Whether no data came.
  var isEmpty: Bool { last == nil }

  /// A data segment.
  struct Segment {
    /// Bytes with the IP header; of a fragment its own.
    var size: Int
    var sequence: UInt32
    /// The sequence number behind it.
    var end: UInt32
    /// Whether the sender says that this is all it has for now.
    var isPushed: Bool
    var isFragment: Bool
  }

  mutating func add(_ segment: Segment, now: UInt64, settings: PathMTUSettings) {
    last = now
    guard segment.size <= settings.linkMTU else {
      merged += 1
      before = nil
      return
    }
    largest = max(largest, segment.size)
    if segment.isFragment {
      largestFragment = max(largestFragment, segment.size)
      before = nil
      return
    }
    // Near the MTU told, or as large as the one it follows: its sender had more to send than fits.
    let isLikeBefore = before.map { $0 == (segment.size, segment.sequence) } ?? false
    if segment.size > Int(settings.mtu) - Self.slack || isLikeBefore {
      largestFull = max(largestFull, segment.size)
    }
    before = segment.isPushed ? nil : (segment.size, segment.end)
  }

  /// Room that options in a segment and cautious rounding leave unused, in bytes.
  private static let slack = 128

  /// When the flight is over, if nothing more comes.
  func end(_ settings: PathMTUSettings, hasEnded: Bool) -> UInt64 {
    if hasEnded { return last ?? began }
    // A sender that never pauses is judged all the same.
    return last.map { min($0 + settings.quiet, began + settings.patience) } ?? began + settings.patience
  }
}
