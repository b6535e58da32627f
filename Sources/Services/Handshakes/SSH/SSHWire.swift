/// The data types of RFC 4251 §5 as they are written.
struct SSHWriter {
  private(set) var bytes: [UInt8] = []

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func uint32(_ value: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }

  mutating func string(_ value: some Collection<UInt8>) {
    uint32(UInt32(value.count))
    bytes += value
  }

  mutating func nameList(_ names: [String]) { string(Array(names.joined(separator: ",").utf8)) }

  /// An unsigned number in network order: without leading zeros, but with one where the top bit would make it
  /// negative.
  mutating func mpint(_ magnitude: some Collection<UInt8>) {
    let digits = Array(magnitude.drop { $0 == 0 })
    string((digits.first ?? 0) & 0x80 == 0 ? digits : [0] + digits)
  }

  mutating func raw(_ value: some Sequence<UInt8>) { bytes += value }
}

/// The data types of RFC 4251 §5 as they are read. What ends early reads as `nil`.
struct SSHReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() -> UInt8? { rest.popFirst() }

  mutating func uint32() -> UInt32? {
    guard rest.count >= 4 else { return nil }
    defer { rest = rest.dropFirst(4) }
    return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func string() -> [UInt8]? {
    guard let length = uint32() else { return nil }
    return take(Int(length))
  }

  mutating func nameList() -> [String]? {
    string().map { String(decoding: $0, as: UTF8.self).split(separator: ",").map(String.init) }
  }

  /// The magnitude of a number that is not negative, without leading zeros.
  mutating func mpint() -> [UInt8]? {
    guard let digits = string(), (digits.first ?? 0) & 0x80 == 0 else { return nil }
    return Array(digits.drop { $0 == 0 })
  }
}
