/// What is wrong with a piece of text, before it is known where it stood.
package struct Complaint: Error, Sendable, Hashable {
  /// What is wrong with it.
  package var why: String
  /// What to do about it.
  package var remedy: String
  /// What was meant, where only one thing can be: a table that a spreadsheet wrote is read so, with a notice.
  package var meant: String?

  /// A complaint. Both parts may hold text as it stands in a file: it is made fit for a message of one line.
  package init(_ why: String, _ remedy: String, meant: String? = nil) {
    self.why = visible(why)
    self.remedy = visible(remedy)
    self.meant = meant
  }
}

/// Text with its control and invisible characters by their number.
private func visible(_ text: String) -> String {
  text.unicodeScalars.allSatisfy(isVisible) ? text : text.unicodeScalars.map(visible).joined()
}

/// A scalar, or its number where it does not show.
private func visible(_ scalar: Unicode.Scalar) -> String {
  isVisible(scalar) ? String(scalar) : "<\(codePoint(scalar))>"
}

/// Text from a file made fit for a message of one line: in quotes, control and invisible characters by their
/// number, cut after 60 characters.
package func quoted(_ text: String) -> String {
  var result = "\""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == 60 {
      result += "…"
      break
    }
    result += visible(scalar)
  }
  return result + "\""
}

/// Text from a file in quotes.
package func quoted(_ bytes: ArraySlice<UInt8>) -> String { quoted(String(decoding: bytes, as: UTF8.self)) }

/// `U+00A0`
func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

/// Whether a scalar shows as itself: the space does, other spaces, controls and marks of direction do not.
private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
  case .spaceSeparator: scalar == " "
  default: true
  }
}
