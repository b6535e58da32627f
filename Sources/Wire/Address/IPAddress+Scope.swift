/// What an address is for, by the IANA special-purpose address registries (RFC 6890 and successors).
public enum AddressScope: String, Sendable, Hashable, Codable, CaseIterable {
  /// Usable on the public Internet.
  case global
  case unspecified
  case loopback
  /// fe80::/10, 169.254.0.0/16 (RFC 4291 §2.5.6, RFC 3927).
  case linkLocal = "link-local"
  /// fc00::/7 (RFC 4193).
  case uniqueLocal = "unique-local"
  /// 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 (RFC 1918, RFC 6598).
  case privateUse = "private"
  /// ::ffff:0:0/96 and the deprecated ::/96 (RFC 4291 §2.5.5).
  case ipv4Mapped = "ipv4-mapped"
  /// 2002::/16 (RFC 3056) and the relays' 192.88.99.0/24 (RFC 7526).
  case sixToFour = "6to4"
  /// 2001::/32 (RFC 4380).
  case teredo
  /// 64:ff9b::/96 and 64:ff9b:1::/48 (RFC 6052, RFC 8215).
  case nat64
  /// 2001:db8::/32, 3fff::/20, 192.0.2.0/24 and the like, 198.18.0.0/15 for benchmarks
  /// (RFC 3849, RFC 9637, RFC 5737, RFC 2544).
  case documentation
  case multicast
  /// 100::/64 (RFC 6666).
  case discard
  /// What IANA has not handed out for unicast: outside 2000::/3, for protocols only (2001::/23,
  /// 192.0.0.0/24), or reserved.
  case reserved
}

extension IPAddress {
  /// Whether it is ::ffff:a.b.c.d.
  public var isIPv4Mapped: Bool { family == .ipv6 && high == 0 && low >> 32 == 0xffff }

  /// The scope of the address, by the most specific registered prefix that holds it.
  public var scope: AddressScope {
    for (prefix, scope) in Self.specialPrefixes where prefix.contains(self) { return scope }
    return family == .ipv4 ? .global : .reserved
  }

  /// Most specific first where two overlap. The last IPv6 line is the only space that is given out.
  private static let specialPrefixes: [(Prefix, AddressScope)] = [
    ("::/128", .unspecified), ("::1/128", .loopback), ("::ffff:0:0/96", .ipv4Mapped), ("::/96", .ipv4Mapped),
    ("64:ff9b::/96", .nat64), ("64:ff9b:1::/48", .nat64), ("100::/64", .discard),
    ("2001::/32", .teredo), ("2001:db8::/32", .documentation), ("3fff::/20", .documentation),
    ("2001:2::/48", .documentation), ("2001:1::1/128", .global), ("2001:1::2/128", .global),
    ("2001:1::3/128", .global), ("2001:3::/32", .global), ("2001:4:112::/48", .global),
    ("2001::/23", .reserved), ("2002::/16", .sixToFour),
    ("fc00::/7", .uniqueLocal), ("fe80::/10", .linkLocal), ("fec0::/10", .reserved), ("ff00::/8", .multicast),
    ("2000::/3", .global),
    ("0.0.0.0/8", .unspecified), ("127.0.0.0/8", .loopback), ("169.254.0.0/16", .linkLocal),
    ("10.0.0.0/8", .privateUse), ("172.16.0.0/12", .privateUse), ("192.168.0.0/16", .privateUse),
    ("100.64.0.0/10", .privateUse), ("192.0.2.0/24", .documentation), ("198.51.100.0/24", .documentation),
    ("203.0.113.0/24", .documentation), ("198.18.0.0/15", .documentation), ("192.88.99.0/24", .sixToFour),
    ("192.0.0.9/32", .global), ("192.0.0.10/32", .global), ("192.0.0.0/24", .reserved),
    ("224.0.0.0/4", .multicast),
    ("240.0.0.0/4", .reserved),
  ].compactMap { text, scope in Prefix(text).map { ($0, scope) } }
}
