/// A way to carry packets inside others without asking who sent them.
public enum TunnelKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// IPv6 in IPv4 (protocol 41) to the host's native IPv6 address (RFC 4213).
  case sixInFour = "6in4"
  /// IPv6 in IPv4 to the 6to4 address that follows from the host's IPv4 address (RFC 3056).
  case sixToFour = "6to4"
  /// IPv6 in IPv4 to the link-local address that ISATAP makes of the host's IPv4 address (RFC 5214 §6.1).
  case isatap
  /// A Teredo server on UDP port 3544 (RFC 4380 §5.3.1).
  case teredo
  /// IPv6 in IPv6 (protocol 41, RFC 2473) to the host's own address.
  case sixInSix = "6in6"
  /// IPv4 in IPv6 (protocol 4, RFC 2473) to the host's IPv4 address.
  case fourInSix = "4in6"
}
