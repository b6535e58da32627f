import Wire

/// Interface identifiers that administrators choose by hand, in the patterns of RFC 7707 §4.1.1: what a sweep asks for in
/// each subnet, since asking for all is out of the question.
public enum InterfaceIdentifiers {
  /// The patterns that have names, with what each stands for.
  public static let names = [
    ("low-byte", "::1 to ::ff"),
    ("ports", "the numbers of well-known services, as ::80 and as ::50"),
    ("wordy", "::cafe, ::dead:beef and the like"),
    ("ipv4:PREFIX", "the addresses of an IPv4 prefix, as ::198.18.0.1 and as ::198:18:0:1"),
  ]

  /// The identifiers of one item: `::53`, a range `::1-::ff`, or a pattern by name. `nil` if it is none of these, or
  /// would be more than 65,536.
  public static func parse(_ text: String) -> [IPAddress]? {
    switch text {
    case "low-byte": return range(1, 0xff)
    case "ports": return ports.flatMap { [identifier($0), identifier(decimalDigits($0))] }
    case "wordy": return words.map(identifier)
    default: break
    }
    if text.hasPrefix("ipv4:") { return embedded(String(text.dropFirst(5))) }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2 else { return nil }
    let addresses = ends.compactMap { IPAddress(String($0)) }
    guard addresses.count == ends.count, let first = addresses.first, let last = addresses.last,
      addresses.allSatisfy({ $0.family == .ipv6 && $0.high == 0 })
    else { return nil }
    return range(first.low, last.low)
  }

  private static func range(_ first: UInt64, _ last: UInt64) -> [IPAddress]? {
    guard first <= last, last - first < UInt64(AddressPattern.limitOfSubnet) else { return nil }
    return (first...last).map(identifier)
  }

  private static func identifier(_ bits: UInt64) -> IPAddress { IPAddress(ipv6High: 0, low: bits) }

  private static let ports: [UInt64] = [
    21, 22, 23, 25, 53, 80, 110, 123, 143, 161, 179, 389, 443, 465, 587, 636, 993, 995, 3306, 3389, 5060,
    5432, 8080,
    8443,
  ]

  /// 443 as the digits 0x443.
  private static func decimalDigits(_ number: UInt64) -> UInt64 {
    number < 10 ? number : decimalDigits(number / 10) << 4 | number % 10
  }

  private static let words: [UInt64] = [
    0xcafe, 0xbabe, 0xbeef, 0xdead, 0xface, 0xfeed, 0xf00d, 0xc0de, 0xb00c, 0xabcd, 0x1234, 0xffff,
    0xdead_beef,
    0xcafe_babe, 0xbad_cafe, 0xface_b00c, 0xdead_f00d, 0xfeed_face, 0xc0de_cafe, 0x1111, 0x2222, 0xaaaa,
    0xbbbb,
  ]

  private static func embedded(_ text: String) -> [IPAddress]? {
    guard let prefix = Prefix(text), prefix.family == .ipv4, prefix.length >= 17 else { return nil }
    let first = prefix.address.ipv4Bits
    return (0..<UInt32(1) << UInt32(32 - prefix.length)).flatMap { number in
      let bits = first | number
      let groups = [24, 16, 8, 0].reduce(0 as UInt64) { groups, shift in
        groups << 16 | decimalDigits(UInt64(bits >> UInt32(shift) & 0xff))
      }
      return [identifier(UInt64(bits)), identifier(groups)]
    }
  }
}
