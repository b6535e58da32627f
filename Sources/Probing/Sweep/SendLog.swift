/// When the places of a range were sent to in one round, to the accuracy of a chunk of places.
public struct SendLog: Sendable {
  /// Places a chunk holds. One in a million-target sweep takes 20 ms at full rate.
  public static let chunkSize = 4096

  /// The chunks, from the one that holds the first place of the range on.
  let firstChunk: Int
  private(set) var first: [UInt64]
  private(set) var last: [UInt64]

  /// An empty log for the chunks of `places`.
  init(_ places: Range<Int>) {
    firstChunk = places.lowerBound / Self.chunkSize
    let end = (places.upperBound + Self.chunkSize - 1) / Self.chunkSize
    first = Array(repeating: .max, count: max(0, end - firstChunk))
    last = Array(repeating: 0, count: max(0, end - firstChunk))
  }

  @inline(__always) mutating func note(_ place: Int, now: UInt64) {
    let chunk = place / Self.chunkSize - firstChunk
    if first[chunk] == .max { first[chunk] = now }
    last[chunk] = now
  }

  /// Forgets everything.
  mutating func clear() {
    for chunk in first.indices { (first[chunk], last[chunk]) = (.max, 0) }
  }

  /// The first time of all; `nil` if nothing was sent.
  public var start: UInt64? { first.min().flatMap { $0 < .max ? $0 : nil } }

  /// The last time of all; `nil` if nothing was sent.
  public var end: UInt64? { last.max().flatMap { $0 > 0 ? $0 : nil } }
}
