import Wire

/// The data of the echo requests of one path-MTU probe: words of eight bytes, each a keyed hash of its place and the
/// try. So every piece of a reply proves by itself whose it is, to what try and where it belongs, whatever its
/// fragment header says.
struct EchoPattern: Sendable, Hashable {
  private let key: SipHashKey
  /// The identifier of all requests.
  let identifier: UInt16
  private let firstSequence: UInt16
  /// The flow label of all requests; not zero (RFC 6437 §2).
  let flowLabel: UInt32

  /// The pattern of one probe from `source` to `target`.
  init(key: SipHashKey, source: IPAddress, target: IPAddress) {
    var hash = SipHash(key)
    for word in [source.high, source.low, target.high, target.low, 4 << 48] { hash.add(word) }
    let bits = hash.finish()
    identifier = UInt16(truncatingIfNeeded: bits)
    firstSequence = UInt16(truncatingIfNeeded: bits >> 16)
    flowLabel = UInt32(truncatingIfNeeded: bits >> 32) & 0xf_ffff | 1
    self.key = SipHashKey(low: key.low ^ bits, high: key.high)
  }

  /// The sequence number of a try, 0 being the first.
  func sequence(_ attempt: Int) -> UInt16 { firstSequence &+ UInt16(truncatingIfNeeded: attempt) }

  /// The try, of `sent`, that an echo with this identifier and sequence belongs to.
  func attempt(identifier: UInt16, sequence: UInt16, sent: Int) -> Int? {
    let attempt = Int(sequence &- firstSequence)
    return identifier == self.identifier && attempt < sent ? attempt : nil
  }

  /// The eight bytes at place `8 * index` of a try's data.
  func word(_ index: Int, attempt: Int) -> UInt64 {
    var hash = SipHash(key)
    hash.add(UInt64(attempt) << 32 | UInt64(index))
    return hash.finish()
  }

  /// Whether `bytes`, eight or more, can stand at place `8 * index` of a try's data.
  func matches(_ bytes: RawSpan, index: Int, attempt: Int) -> Bool {
    bytes.byteCount >= 8 && bytes.uint64(at: 0) == word(index, attempt: attempt)
  }
}
