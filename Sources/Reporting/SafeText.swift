/// Text that may have come from the network, made harmless for whoever reads it.
public enum SafeText {
  /// The text with everything that could steer a terminal or hide itself written out as `\u{…}`: control
  /// characters (C0, C1, DEL), line and paragraph separators, bidirectional and zero-width format characters.
  public static func printable(_ text: String) -> String {
    // Nearly all there is; the table of categories is slow to ask.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 > 0x7e }), text.unicodeScalars.contains(where: isHidden)
    else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A CSV cell (RFC 4180 §2) that a spreadsheet shows and does not run: printable, with an apostrophe ahead
  /// of what would start a formula, and quoted where needed.
  public static func cell(_ text: String) -> String {
    var text = printable(text)
    if let first = text.utf8.first, "=+-@".utf8.contains(first) { text = "'" + text }
    guard
      text.utf8.contains(where: { $0 == 0x2c || $0 == 0x22 }) || text.hasPrefix(" ") || text.hasSuffix(" ")
    else { return text }
    // Scalar by scalar: a quote and a combining mark behind it are one character, which is no quote.
    var cell = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      if scalar == "\"" { cell.append(scalar) }
      cell.append(scalar)
    }
    cell.append("\"")
    return String(cell)
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}
