/// Which runs of characters change from one answer to the next without the content being another: the rule of
/// docs/content.md, for one run at a time.
enum VolatileText {
  /// From this length on digits and letters a–f alone are taken for an id or a hash.
  static let leastHexadecimal = 12
  /// From this length on mixed letters and digits are looked at as base64.
  static let leastRandom = 16
  /// From this many digits on a number is taken for a counter, a time or an id.
  static let leastDigits = 5

  /// Whether a run is a time, a date, a long number, hexadecimal or base64. Linear.
  static func isVolatile(_ run: ArraySlice<UInt8>) -> Bool {
    var digits = 0
    var letters = 0
    var hexadecimal = 0
    var separators = 0
    var colons = 0
    var others = 0
    var changes = 0
    var last: UInt8 = 0
    for byte in run {
      let kind = kind(of: byte)
      switch kind {
      case .digit: digits += 1
      case .lower, .upper:
        letters += 1
        if (97...102).contains(byte | 0x20) { hexadecimal += 1 }
      case .colon: (colons, separators) = (colons + 1, separators + 1)
      case .separator: separators += 1
      case .base64: break
      case .other: others += 1
      }
      if kind.rawValue <= Kind.digit.rawValue {
        if last != 0 && last != kind.rawValue { changes += 1 }
        last = kind.rawValue
      }
    }
    if others > 0 || digits + letters == 0 { return false }
    if isTime(digits, letters, separators, colons, run) { return true }
    let characters = digits + letters
    if digits > 0 && letters == hexadecimal && characters >= leastHexadecimal { return true }
    if letters == 0 { return digits >= leastDigits }
    // Random text changes between small letters, capitals and digits at three of five places, words hardly ever.
    guard characters >= leastRandom else { return false }
    return changes * 5 >= characters * 2 || (digits > 0 && changes * 4 >= characters)
  }

  /// `12:03`, `2026-11-24`, `24/11/2026`, `2026-11-24T12:03:01Z`, `+07:00`.
  private static func isTime(
    _ digits: Int, _ letters: Int, _ separators: Int, _ colons: Int, _ run: ArraySlice<UInt8>
  ) -> Bool {
    guard digits >= 3, separators > 0 else { return false }
    if letters == 0 { return colons > 0 || separators >= 2 }
    guard letters <= 2, colons > 0 || separators >= 2 else { return false }
    return run.allSatisfy { byte in
      byte | 0x20 < 97 || byte | 0x20 > 122 || byte == UInt8(ascii: "T") || byte == UInt8(ascii: "Z")
    }
  }

  /// Whether a word names something that is new in every answer, so that what follows it is volatile: `csrf_token`,
  /// `nonce`, `sessionId`.
  static func namesVolatile(_ word: ArraySlice<UInt8>) -> Bool {
    guard word.count >= 4, word.count <= 64 else { return false }
    return names.contains { holds(word, $0) }
  }

  private static let names: [[UInt8]] = [
    "csrf", "xsrf", "token", "nonce", "session", "viewstate", "requestid",
  ]
  .map { Array($0.utf8) }

  private static func holds(_ word: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    guard word.count >= name.count else { return false }
    return (word.startIndex...(word.endIndex - name.count)).contains { start in
      word[start] | 0x20 == name[0] && zip(word[start...], name).allSatisfy { $0 | 0x20 == $1 }
    }
  }

  /// The kinds that count as a change come first.
  private enum Kind: UInt8 { case lower = 1, upper, digit, colon, separator, base64, other }

  private static func kind(of byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): .lower
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: ":"): .colon
    case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."): .separator
    case UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "_"): .base64
    default: .other
    }
  }
}
