/// The written form of components: `web`, or `web:1/2` when one of two is enough.
enum ComponentSyntax {
  static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> Component {
    guard let colon = bytes.firstIndex(of: ASCII.colon) else {
      return Component(name: try Identifier.read(bytes))
    }
    guard colon > bytes.startIndex else { throw Complaint("it has no name", "write it as in web:1/2") }
    let name = try Identifier.read(bytes[..<colon])
    let numbers = bytes[(colon + 1)...].split(separator: ASCII.slash, omittingEmptySubsequences: false)
    guard numbers.count == 2, let required = number(numbers[0]), let total = number(numbers[1]) else {
      throw Complaint(
        "after the colon stand how many hosts are needed and how many there are",
        "write it as in \(name):1/2, or \(name) alone when all are needed")
    }
    guard required >= 1, total >= 1 else {
      throw Complaint("neither number can be 0", "write \(name):1/\(max(1, total)), or how many are needed")
    }
    guard required <= total else {
      throw Complaint(
        "it needs \(required) of only \(total)", "write the number needed first, at most \(total)")
    }
    return Component(name: name, required: required, total: total)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 6, digits.allSatisfy(ASCII.isDigit) else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension Component: CustomStringConvertible {
  /// The written form: `web` or `web:1/2`.
  public var description: String {
    guard let required, let total else { return name }
    return "\(name):\(required)/\(total)"
  }
}
