extension IPAddress: LosslessStringConvertible, CustomStringConvertible {
  /// Reads the textual forms of RFC 4291 §2.2 and dotted-decimal IPv4.
  ///
  /// A zone (`fe80::1%eth0`), a port, brackets, leading zeros in IPv4 (read as octal by some, RFC 6943
  /// §3.1.1) and anything left over make it `nil`.
  public init?(_ text: String) {
    var scanner = AddressScanner(Array(text.utf8))
    guard let address = text.utf8.contains(UInt8(ascii: ":")) ? scanner.ipv6() : scanner.ipv4() else {
      return nil
    }
    self = address
  }

  /// Reads the same forms from ASCII bytes.
  public init?(ascii bytes: [UInt8]) {
    var scanner = AddressScanner(bytes)
    guard let address = bytes.contains(UInt8(ascii: ":")) ? scanner.ipv6() : scanner.ipv4() else {
      return nil
    }
    self = address
  }

  /// The canonical text: dotted decimal, or RFC 5952 (lower case, the longest run of zero groups
  /// shortened, the first of equals; an IPv4-mapped address in mixed notation after §5).
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(39)
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the canonical text as ASCII.
  public func append(to text: inout [UInt8]) {
    // Room once, instead of a look at the array for each character.
    text.append(addingCapacity: Self.longestText) { write(to: &$0) }
  }

  /// The most characters an address takes: eight groups of four and their colons.
  private static let longestText = 39

  private func write(to text: inout OutputSpan<UInt8>) {
    guard family == .ipv6 else { return Self.write(dotted: ipv4Bits, to: &text) }
    let colon = UInt8(ascii: ":")
    if isIPv4Mapped {
      for character in "::ffff:".utf8 { text.append(character) }
      return Self.write(dotted: UInt32(truncatingIfNeeded: low), to: &text)
    }
    let run = longestZeroRun
    var index = 0
    while index < 8 {
      if index == run.lowerBound && !run.isEmpty {
        text.append(colon)
        text.append(colon)
        index = run.upperBound
        continue
      }
      if index > 0 && (run.isEmpty || index != run.upperBound) { text.append(colon) }
      let group = group(at: index)
      if group > 0xfff { text.append(Self.digit(group >> 12)) }
      if group > 0xff { text.append(Self.digit(group >> 8)) }
      if group > 0xf { text.append(Self.digit(group >> 4)) }
      text.append(Self.digit(group))
      index += 1
    }
  }

  /// The hexadecimal digit of the last four bits.
  @inline(__always) private static func digit(_ value: UInt16) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: value & 15)
    return digit &+ (digit < 10 ? 48 : 87)
  }

  private static func write(dotted bits: UInt32, to text: inout OutputSpan<UInt8>) {
    for shift in [24, 16, 8, 0] as [UInt32] {
      let byte = UInt8(truncatingIfNeeded: bits >> shift)
      if byte > 99 { text.append(48 + byte / 100) }
      if byte > 9 { text.append(48 + byte / 10 % 10) }
      text.append(48 + byte % 10)
      if shift > 0 { text.append(UInt8(ascii: ".")) }
    }
  }

  /// The address as it is written before a port: brackets around IPv6 (RFC 3986 §3.2.2).
  public var bracketed: String { family == .ipv6 ? "[\(description)]" : description }

  /// The longest run of at least two zero groups, the first of equals (RFC 5952 §4.2.2–4.2.3).
  private var longestZeroRun: Range<Int> {
    // A bit for each group where a run of at least `length` zero groups begins.
    var starts: UInt8 = 0
    for index in 0..<8 where group(at: index) == 0 { starts |= 1 << UInt8(index) }
    var (longest, length) = (starts, 0)
    while starts != 0 {
      longest = starts
      length += 1
      starts &= starts >> 1
    }
    guard length >= 2 else { return 0..<0 }
    let first = longest.trailingZeroBitCount
    return first..<first + length
  }
}

extension IPAddress: Codable {
  /// Reads the textual form.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let address = IPAddress(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "\(text) is not an IP address"))
    }
    self = address
  }

  /// Writes the textual form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Reads one address from its UTF-8 bytes and refuses whatever is left over.
private struct AddressScanner {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) { self.text = text }

  mutating func ipv4() -> IPAddress? {
    guard let bits = dotted(), position == text.count else { return nil }
    return IPAddress(ipv4: bits)
  }

  mutating func ipv6() -> IPAddress? {
    // The groups before the gap, or all, and those behind it.
    var (head, tail) = (0 as UInt128, 0 as UInt128)
    var count = 0
    var gap: Int?
    func append(_ group: UInt16) {
      if gap == nil { head = head << 16 | UInt128(group) } else { tail = tail << 16 | UInt128(group) }
      count += 1
    }
    if takeGap() { gap = 0 }
    while position < text.count {
      if count <= 6, let bits = attempt({ $0.dottedToEnd() }) {
        append(UInt16(truncatingIfNeeded: bits >> 16))
        append(UInt16(truncatingIfNeeded: bits))
        break
      }
      guard count < 8, let group = hexGroup() else { return nil }
      append(group)
      if position == text.count { break }
      if takeGap() {
        guard gap == nil else { return nil }
        gap = count
      } else if !take(UInt8(ascii: ":")) || position == text.count {
        return nil
      }
    }
    if let gap {
      guard count < 8 else { return nil }
      return IPAddress(.ipv6, bits: head << UInt128(128 - 16 * gap) | tail)
    }
    return count == 8 ? IPAddress(.ipv6, bits: head) : nil
  }

  private mutating func dottedToEnd() -> UInt32? {
    guard let bits = dotted(), position == text.count else { return nil }
    return bits
  }

  private mutating func dotted() -> UInt32? {
    var bits: UInt32 = 0
    for part in 0..<4 {
      if part > 0 && !take(UInt8(ascii: ".")) { return nil }
      let start = position
      var value: UInt32 = 0
      while position < text.count, (48...57).contains(text[position]), position - start < 3 {
        value = value * 10 + UInt32(text[position] - 48)
        position += 1
      }
      guard position > start, value <= 255, position - start == 1 || text[start] != 48 else { return nil }
      bits = bits << 8 | value
    }
    return bits
  }

  private mutating func hexGroup() -> UInt16? {
    let start = position
    var value: UInt16 = 0
    while position < text.count, position - start < 4, let digit = hexDigit(text[position]) {
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
  }

  /// The colons that stand for groups of zeros (RFC 4291 §2.2).
  private mutating func takeGap() -> Bool {
    let colon = UInt8(ascii: ":")
    guard position + 1 < text.count, text[position] == colon, text[position + 1] == colon else {
      return false
    }
    position += 2
    return true
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func attempt<Value>(_ read: (inout Self) -> Value?) -> Value? {
    let start = position
    if let value = read(&self) { return value }
    position = start
    return nil
  }
}
