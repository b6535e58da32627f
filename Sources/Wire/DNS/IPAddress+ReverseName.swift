extension IPAddress {
  /// The address that a name of a reverse zone stands for, `…8.b.d.0.1.0.0.2.ip6.arpa` (RFC 3596 §2.5) or
  /// `1.2.0.192.in-addr.arpa` (RFC 1035 §3.5); `nil` for any other name, and for one that is not of the whole length.
  public static func ofReverseName(_ name: String) -> IPAddress? {
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count == 34, labels[32] == "ip6", labels[33] == "arpa" {
      var (high, low) = (UInt64(0), UInt64(0))
      for label in labels[..<32].reversed() {
        guard label.utf8.count == 1, let digit = UInt64(label, radix: 16) else { return nil }
        high = high << 4 | low >> 60
        low = low << 4 | digit
      }
      return IPAddress(ipv6High: high, low: low)
    }
    if labels.count == 6, labels[4] == "in-addr", labels[5] == "arpa" {
      return IPAddress(labels[..<4].reversed().joined(separator: "."))
    }
    return nil
  }
}
