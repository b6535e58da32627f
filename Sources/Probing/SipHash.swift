import Wire

/// A 128-bit key.
public struct SipHashKey: Sendable, Hashable {
  /// Bytes 0–7, little-endian.
  public let low: UInt64
  /// Bytes 8–15, little-endian.
  public let high: UInt64

  /// A key from its two halves.
  public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// A key that nobody can guess, from the system's random numbers.
  public static func random() -> SipHashKey {
    SipHashKey(low: .random(in: .min ... .max), high: .random(in: .min ... .max))
  }
}

/// SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
///
/// The standard library's `Hasher` is SipHash-1-3 with a key of its own, so it can neither be seeded nor checked
/// against the published vectors.
public struct SipHash: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64
  private var byteCount: UInt64 = 0

  /// A hash under `key` over nothing yet.
  @inline(__always) public init(_ key: SipHashKey) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// Adds eight bytes, the first of them lowermost.
  @inline(__always) public mutating func add(_ word: UInt64) {
    byteCount &+= 8
    compress(word)
  }

  /// Ends the message with its last `count` (0–7) bytes, the first of them lowermost in `rest`.
  @inline(__always) public mutating func finish(rest: UInt64 = 0, count: UInt64 = 0) -> UInt64 {
    compress(rest | (byteCount &+ count) << 56)
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
  }

  /// The hash of `bytes` under `key`.
  public static func hash(_ bytes: RawSpan, key: SipHashKey) -> UInt64 {
    var hash = SipHash(key)
    let whole = bytes.byteCount & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      hash.add(bytes.uint64(at: offset).byteSwapped)
    }
    var rest: UInt64 = 0
    for offset in whole..<bytes.byteCount {
      rest |= UInt64(bytes.uint8(at: offset)) << UInt64(8 * (offset - whole))
    }
    return hash.finish(rest: rest, count: UInt64(bytes.byteCount - whole))
  }

  @inline(__always) private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always) private mutating func round() {
    v0 &+= v1
    v1 = v1 << 13 | v1 >> 51
    v1 ^= v0
    v0 = v0 << 32 | v0 >> 32
    v2 &+= v3
    v3 = v3 << 16 | v3 >> 48
    v3 ^= v2
    v0 &+= v3
    v3 = v3 << 21 | v3 >> 43
    v3 ^= v0
    v2 &+= v1
    v1 = v1 << 17 | v1 >> 47
    v1 ^= v2
    v2 = v2 << 32 | v2 >> 32
  }
}
