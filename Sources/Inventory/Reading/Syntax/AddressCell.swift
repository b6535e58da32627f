import Wire

/// Addresses of hosts.
package enum AddressCell {
  /// Reads an address a host can have. Whether it is a good one to have is for the audit to judge; what no
  /// host can have, or what names another address than it seems to, is an error.
  package static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> IPAddress {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let address = IPAddress(text) else { throw complaint(about: text) }
    switch address.scope {
    case .ipv4Mapped:
      let inner = IPAddress(ipv4: UInt32(truncatingIfNeeded: address.low))
      throw Complaint(
        "it is an IPv4 address in IPv6 form and no IPv6 address (RFC 4291 §2.5.5)",
        "write \(inner), or the host's own IPv6 address")
    case .multicast:
      throw Complaint("it is a multicast address and names a group", "write the host's own address")
    case .unspecified:
      throw Complaint("it means \"no address\"", "write the host's own address, or leave it out")
    case .loopback:
      throw Complaint("every machine has it for itself", "write the address others reach the host by")
    default: break
    }
    if address == IPAddress(ipv4: .max) {
      throw Complaint("it is the broadcast address", "write the host's own address")
    }
    return address
  }

  /// Why text is no address: most often it is something close to one.
  private static func complaint(about text: String) -> Complaint {
    if let percent = text.firstIndex(of: "%"), IPAddress(String(text[..<percent])) != nil {
      return Complaint(
        "its zone \(quoted(String(text[percent...]))) means something on one machine only",
        "write an address that is valid everywhere")
    }
    if let (address, length) = Prefix.parts(of: text) {
      return Complaint("it has a prefix length", "write \(address) without /\(length)", meant: "\(address)")
    }
    if text.hasPrefix("["), let bracket = text.firstIndex(of: "]"),
      let address = IPAddress(String(text[text.index(after: text.startIndex)..<bracket]))
    {
      return Complaint(
        "brackets go with a port, and an address here has none",
        "write \(address) here, and the port with its service in the column services",
        meant: text.hasSuffix("]") ? "\(address)" : nil)
    }
    if let colon = text.firstIndex(of: ":"), let address = IPAddress(String(text[..<colon])) {
      return Complaint(
        "it has a port", "write \(address) here, and the port with its service in the column services")
    }
    if let plain = withoutLeadingZeros(text) {
      return Complaint(
        "a leading zero makes some programs read octal (RFC 6943 §3.1.1)",
        "write \(plain) if decimal is meant")
    }
    if text.contains(":") { return Complaint("it is no IPv6 address", "write it as in 2001:db8::1") }
    if text.utf8.allSatisfy({ ASCII.isDigit($0) || $0 == ASCII.dot }) {
      return Complaint("it is no IPv4 address", "write four numbers from 0 to 255 with dots between")
    }
    return Complaint("it is no IP address", "write names in the column names, and here addresses alone")
  }

  private static func withoutLeadingZeros(_ text: String) -> IPAddress? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isDigit) }) else {
      return nil
    }
    let stripped = parts.map { part in
      let digits = part.drop { $0 == "0" }
      return digits.isEmpty ? "0" : String(digits)
    }
    return IPAddress(stripped.joined(separator: "."))
  }
}
