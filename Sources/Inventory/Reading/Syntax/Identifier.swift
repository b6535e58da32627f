/// Ids of agencies, systems, hosts and components: lower-case letters, digits, `-`, `.` and `_`.
package enum Identifier {
  /// Reads an id.
  package static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> String {
    var hasAlphanumeric = false
    for byte in bytes {
      if ASCII.isLower(byte) || ASCII.isDigit(byte) {
        hasAlphanumeric = true
      } else if byte != ASCII.hyphen && byte != ASCII.dot && byte != ASCII.underscore {
        throw complaint(about: bytes)
      }
    }
    // Ids become names of pages and files: `.` and `..` must not be among them.
    guard hasAlphanumeric else { throw Complaint("it has no letter and no digit", "give it a name") }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func complaint(about bytes: ArraySlice<UInt8>) -> Complaint {
    let text = String(decoding: bytes, as: UTF8.self)
    let rule = "ids are made of a–z, 0–9, \"-\", \".\" and \"_\""
    let lowered = text.lowercased()
    if lowered != text, (try? read(Array(lowered.utf8)[...])) != nil {
      return Complaint("ids are written in lower case", "write \(lowered)", meant: lowered)
    }
    let wrong = text.unicodeScalars.first { scalar in
      guard let byte = UInt8(exactly: scalar.value) else { return true }
      return
        !(ASCII.isLower(ASCII.lowered(byte)) || ASCII.isDigit(byte) || [0x2d, 0x2e, 0x5f].contains(byte))
    }
    guard let wrong else { return Complaint(rule, "write it with these only") }
    return Complaint("\(quoted(String(wrong))) cannot stand in an id", rule)
  }
}
