/// Variables as Net-SNMP's programs print them with `-m "" -OnU` and without MIBs: an object's number, `=`, a type and a value.
///
/// ```
/// .1.3.6.1.2.1.4.35.1.4.2.1.4.198.18.0.7 = Hex-STRING: 02 00 00 00 00 07
/// .1.3.6.1.2.1.31.1.1.1.1.2 = STRING: "eth0"
/// .1.3.6.1.2.1.4.35.1.6.2.1.4.198.18.0.7 = INTEGER: 3
/// ```
///
/// What is none of this, as an agent's "No Such Object", is left out. A value may go on in the lines below it.
public struct SNMPOutput: Sendable {
  /// A variable's value.
  public enum Value: Sendable, Hashable {
    /// INTEGER, Gauge32, Counter32 and the like.
    case number(UInt64)
    /// An OCTET STRING.
    case bytes([UInt8])
    /// An OBJECT IDENTIFIER, an IpAddress: what is of no use here.
    case other(String)
  }

  /// Variables in the order in which they came.
  public private(set) var variables: [(object: [UInt32], value: Value)] = []

  /// Reads what was printed. There is nothing that it refuses: it comes from the network.
  public init(_ text: String) {
    var object: [UInt32]?
    var rest = ""
    func finish(_ variables: inout [(object: [UInt32], value: Value)]) {
      if let object, let value = Self.value(rest) { variables.append((object, value)) }
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      if let (number, value) = Self.split(line) {
        finish(&variables)
        (object, rest) = (number, value)
      } else {
        rest += "\n" + line
      }
    }
    finish(&variables)
  }

  /// The variables of one column of a table, by what stands behind its number.
  public func column(_ column: [UInt32]) -> [(index: ArraySlice<UInt32>, value: Value)] {
    variables.compactMap { object, value in
      object.starts(with: column) ? (object.dropFirst(column.count), value) : nil
    }
  }

  private static func split(_ line: Substring) -> ([UInt32], String)? {
    guard line.first == ".", let equals = line.range(of: " = ") else { return nil }
    let parts = line[line.index(after: line.startIndex)..<equals.lowerBound]
      .split(separator: ".", omittingEmptySubsequences: false)
    var object: [UInt32] = []
    for part in parts {
      guard let number = UInt32(part) else { return nil }
      object.append(number)
    }
    return (object, String(line[equals.upperBound...]))
  }

  private static func value(_ text: String) -> Value? {
    // An empty string has no type: `= ""`.
    if text == "\"\"" { return .bytes([]) }
    guard let colon = text.range(of: ": ") else { return nil }
    let rest = text[colon.upperBound...]
    switch text[..<colon.lowerBound] {
    case "INTEGER", "Gauge32", "Counter32", "Counter64", "UInteger32":
      // `3`, or `up(1)` where a MIB was loaded all the same.
      return number(rest).map(Value.number)
    case "Hex-STRING":
      var bytes: [UInt8] = []
      for part in rest.split(whereSeparator: \.isWhitespace) {
        guard part.utf8.count == 2, let byte = UInt8(part, radix: 16) else { return nil }
        bytes.append(byte)
      }
      return .bytes(bytes)
    case "STRING":
      guard rest.first == "\"", rest.last == "\"", rest.utf8.count >= 2 else {
        return .bytes(Array(rest.utf8))
      }
      // The printer puts a backslash before quotes and backslashes.
      var bytes: [UInt8] = []
      var isEscaped = false
      for byte in rest.utf8.dropFirst().dropLast() {
        if byte == UInt8(ascii: "\\"), !isEscaped {
          isEscaped = true
        } else {
          bytes.append(byte)
          isEscaped = false
        }
      }
      return .bytes(bytes)
    default: return .other(String(rest))
    }
  }

  private static func number(_ text: Substring) -> UInt64? {
    let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
    return UInt64(digits)
  }
}

extension Substring {
  /// Where a text stands first.
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

extension String {
  fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}
