/// Well-formed UTF-8 by the table of RFC 3629 §4.
enum UTF8Text {
  /// Whether the byte continues a character that an earlier byte began.
  static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

  /// The offset of the first byte that belongs to no well-formed character; `nil` when all do.
  static func firstFault(in bytes: ArraySlice<UInt8>) -> Int? {
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      guard let (length, second) = sequence(after: first), index + length <= bytes.endIndex,
        second.contains(bytes[index + 1])
      else { return index - bytes.startIndex }
      for next in index + 2..<max(index + 2, index + length) where !isContinuation(bytes[next]) {
        return index - bytes.startIndex
      }
      index += length
    }
    return nil
  }

  /// How long a character is that begins with this byte, and what its second byte may be: this is where
  /// overlong forms, surrogates and numbers above U+10FFFF are refused.
  private static func sequence(after first: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch first {
    case 0xc2...0xdf: (2, 0x80...0xbf)
    case 0xe0: (3, 0xa0...0xbf)
    case 0xed: (3, 0x80...0x9f)
    case 0xe1...0xef: (3, 0x80...0xbf)
    case 0xf0: (4, 0x90...0xbf)
    case 0xf1...0xf3: (4, 0x80...0xbf)
    case 0xf4: (4, 0x80...0x8f)
    default: nil
    }
  }
}
