/// The bytes that mean something to the readers here.
enum ASCII {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0a
  static let carriageReturn: UInt8 = 0x0d
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let comma: UInt8 = 0x2c
  static let hyphen: UInt8 = 0x2d
  static let dot: UInt8 = 0x2e
  static let slash: UInt8 = 0x2f
  static let colon: UInt8 = 0x3a
  static let underscore: UInt8 = 0x5f
  static let delete: UInt8 = 0x7f

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

  /// The lower-case form of an ASCII letter, any other byte as it is.
  static func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }

  /// A control character that no cell may hold. Tabs and line breaks are text; the rest would be run by the
  /// terminal that prints a message with it.
  static func isForbiddenControl(_ byte: UInt8) -> Bool {
    byte < 0x20 ? byte != tab && byte != lineFeed && byte != carriageReturn : byte == delete
  }
}
