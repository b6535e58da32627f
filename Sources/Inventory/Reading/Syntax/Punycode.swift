/// The ASCII form of a name in another script, for the remedy in a complaint (RFC 3492, RFC 5891 §4).
enum Punycode {
  /// The A-labels of a name; `nil` when it is not plain enough to be sure of them.
  ///
  /// Sure means: letters and digits that have no upper case and are composed, so that the normalisation
  /// RFC 5891 §4.2.1 asks for has nothing to do.
  static func asciiName(_ name: String) -> String? {
    var labels: [String] = []
    for label in name.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
      let scalars = Array(label.unicodeScalars)
      guard !scalars.isEmpty, scalars.allSatisfy(isPlain) else { return nil }
      let ascii = scalars.allSatisfy(\.isASCII) ? String(label) : "xn--" + encode(scalars.map(\.value))
      guard ascii.utf8.count <= NameCell.longestLabel else { return nil }
      labels.append(ascii)
    }
    return labels.joined(separator: ".")
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .lowercaseLetter, .otherLetter, .decimalNumber: scalar.properties.lowercaseMapping == String(scalar)
    default: scalar == "-"
    }
  }

  /// RFC 3492 §6.3, with the parameters of §5.
  private static func encode(_ input: [UInt32]) -> String {
    var output = input.filter { $0 < 0x80 }.map { UInt8($0) }
    let basic = output.count
    if basic > 0 { output.append(ASCII.hyphen) }
    var (current, delta, bias, handled) = (UInt32(0x80), 0, 72, basic)
    while handled < input.count {
      guard let next = input.filter({ $0 >= current }).min() else { break }
      delta += Int(next - current) * (handled + 1)
      current = next
      for scalar in input {
        if scalar < current { delta += 1 }
        guard scalar == current else { continue }
        output += digits(of: delta, bias: bias)
        bias = adapt(delta, count: handled + 1, isFirst: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      current += 1
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// A number as digits of changing base, least significant first.
  private static func digits(of delta: Int, bias: Int) -> [UInt8] {
    var result: [UInt8] = []
    var rest = delta
    var step = 36
    while true {
      let threshold = max(1, min(26, step - bias))
      guard rest >= threshold else { break }
      result.append(digit(threshold + (rest - threshold) % (36 - threshold)))
      rest = (rest - threshold) / (36 - threshold)
      step += 36
    }
    return result + [digit(rest)]
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30) }

  private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / count
    var step = 0
    while rest > 455 {
      rest /= 35
      step += 36
    }
    return step + 36 * rest / (rest + 38)
  }
}
