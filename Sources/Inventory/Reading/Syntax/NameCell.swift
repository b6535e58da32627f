import Wire

/// DNS names of hosts and zones.
///
/// The syntax of RFC 1123 §2.1 with the lengths of RFC 1035 §2.3.4, and the underscore besides: DNS permits it
/// (RFC 2181 §11), there are hosts that have it, and what exists must be possible to declare.
package enum NameCell {
  /// The longest name without its final dot.
  static let longest = 253
  /// The longest part between dots.
  static let longestLabel = 63

  /// Reads a name: lower-cased, the final dot dropped.
  package static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> String {
    let name = bytes.last == ASCII.dot && bytes.count > 1 ? bytes.dropLast() : bytes
    try checkCharacters(name)
    guard name.count <= longest else {
      throw Complaint("it is \(name.count) characters long", "names have \(longest) at most (RFC 1035)")
    }
    var lastIsNumeric = false
    for label in name.split(separator: ASCII.dot, omittingEmptySubsequences: false) {
      try check(label)
      lastIsNumeric = label.allSatisfy(ASCII.isDigit)
    }
    // RFC 1123 §2.1: what ends in a number is an address, and is looked up as one.
    if lastIsNumeric {
      throw Complaint("it ends in a number like an IPv4 address", "write addresses in the column addresses")
    }
    if name.contains(where: ASCII.isUpper) {
      return String(decoding: name.map(ASCII.lowered), as: UTF8.self)
    }
    return String(decoding: name, as: UTF8.self)
  }

  private static func check(_ label: ArraySlice<UInt8>) throws(Complaint) {
    guard !label.isEmpty else {
      throw Complaint("it has two dots in a row or starts with one", "delete a dot")
    }
    guard label.count <= longestLabel else {
      throw Complaint(
        "its part \(quoted(label)) is \(label.count) characters long",
        "parts have \(longestLabel) at most (RFC 1035)")
    }
    if label.first == ASCII.hyphen || label.last == ASCII.hyphen {
      throw Complaint("its part \(quoted(label)) starts or ends with a hyphen", "delete the hyphen")
    }
  }

  private static func checkCharacters(_ name: ArraySlice<UInt8>) throws(Complaint) {
    for byte in name {
      let isAllowed =
        ASCII.isLower(ASCII.lowered(byte)) || ASCII.isDigit(byte) || byte == ASCII.hyphen || byte == ASCII.dot
        || byte == ASCII.underscore
      if !isAllowed { throw complaint(about: String(decoding: name, as: UTF8.self)) }
    }
  }

  /// Why text with other characters is no name: most often it is something close to one.
  private static func complaint(about text: String) -> Complaint {
    let schemeAndRest = text.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)
    if schemeAndRest.count == 2, schemeAndRest[0].hasSuffix(":") {
      let host = schemeAndRest[1].prefix { !"/:?#".contains($0) }
      let isName = Host.dnsName(String(host)) != nil
      return Complaint("it is a URL", isName ? "write the name alone: \(host)" : "write the name alone")
    }
    if IPAddress(text) != nil {
      return Complaint("it is an address", "write it in the column addresses")
    }
    if let colon = text.firstIndex(of: ":"), text[text.index(after: colon)...].allSatisfy(\.isASCIIDigit) {
      let name = String(text[..<colon])
      return Complaint(
        "it has a port",
        "write \(Host.dnsName(name) == nil ? "the name alone" : name) here, and the port with its service in the column services"
      )
    }
    if text.hasPrefix("*.") {
      return Complaint("a wildcard names no host", "write the names that are in use, one by one")
    }
    if !text.utf8.allSatisfy({ $0 < 0x80 }) {
      guard let ascii = Punycode.asciiName(text) else {
        return Complaint("it has characters outside ASCII", "write its A-label form (xn--…, RFC 5890)")
      }
      return Complaint("it has characters outside ASCII", "write its A-label form, \(ascii)")
    }
    return Complaint(
      "names are made of letters, digits, hyphens and dots", "write one name as it stands in DNS")
  }
}

extension Character {
  /// Whether it is one of 0–9.
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}

extension Host {
  /// The name in the form it is kept in, lower case and without the final dot; `nil` if it is no DNS name.
  public static func dnsName(_ text: String) -> String? { try? NameCell.read(Array(text.utf8)[...]) }
}
