/// Writing in network order, without the code under test.
extension [UInt8] {
  static func short(_ value: some BinaryInteger) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  static func long(_ value: some BinaryInteger) -> [UInt8] { short(value >> 16) + short(value) }

  mutating func set(_ value: UInt16, at offset: Int) {
    replaceSubrange(offset..<offset + 2, with: [UInt8].short(value))
  }

  /// Zeros up to a multiple of `unit`.
  func padded(to unit: Int) -> [UInt8] { self + [UInt8](repeating: 0, count: (unit - count % unit) % unit) }
}

/// RFC 1071 as its text says it.
func onesComplementSum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for (index, byte) in bytes.enumerated() {
    sum += index.isMultiple(of: 2) ? UInt32(byte) << 8 : UInt32(byte)
  }
  while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
  return UInt16(sum)
}

/// What a checksum field is to hold.
enum ChecksumChoice: CaseIterable {
  case right, wrong, zero
  /// The sum of the pseudo-header alone, for hardware to complete.
  case offloaded
}
