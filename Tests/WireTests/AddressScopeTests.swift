import Testing
import Wire

@Suite("What an address is for")
struct AddressScopeTests {
  /// First and last address of each block of the IANA special-purpose registries, and neighbours outside it.
  @Test(
    arguments: [
      ("::", .unspecified), ("::1", .loopback), ("::2", .ipv4Mapped), ("::ffff:ffff", .ipv4Mapped),
      ("::fffe:ffff:ffff", .reserved), ("::ffff:0.0.0.0", .ipv4Mapped),
      ("::ffff:255.255.255.255", .ipv4Mapped),
      ("::1:0:0:0", .reserved),
      ("64:ff9b::", .nat64), ("64:ff9b::ffff:ffff", .nat64), ("64:ff9b::1:0:0", .reserved),
      ("64:ff9b:1::", .nat64), ("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", .nat64), ("64:ff9b:2::", .reserved),
      ("100::", .discard), ("100::ffff:ffff:ffff:ffff", .discard), ("100:0:0:1::", .reserved),
      ("1fff:ffff::", .reserved), ("2000::", .global), ("2000:ffff::", .global),
      ("2001::", .teredo), ("2001:0:ffff:ffff:ffff:ffff:ffff:ffff", .teredo),
      ("2001:1::", .reserved), ("2001:1::1", .global), ("2001:1::3", .global), ("2001:1::4", .reserved),
      ("2001:2::", .documentation), ("2001:2:1::", .reserved),
      ("2001:3::1", .global), ("2001:4:112::1", .global), ("2001:4:113::", .reserved),
      ("2001:10::", .reserved), ("2001:20::", .reserved), ("2001:1ff:ffff::", .reserved),
      ("2001:200::", .global),
      ("2001:db7:ffff::", .global), ("2001:db8::", .documentation), ("2001:db8:ffff::1", .documentation),
      ("2001:db9::", .global),
      ("2002::", .sixToFour), ("2002:c000:201::1", .sixToFour), ("2003::", .global),
      ("2405:4800::1", .global), ("2a00::1", .global),
      ("3ffe:ffff::", .global), ("3fff::", .documentation), ("3fff:fff:ffff::", .documentation),
      ("3fff:1000::", .global), ("4000::", .reserved), ("5f00::1", .reserved),
      ("fbff::", .reserved), ("fc00::", .uniqueLocal), ("fd12:3456::1", .uniqueLocal), ("fe00::", .reserved),
      ("fe80::1", .linkLocal), ("febf::", .linkLocal), ("fec0::1", .reserved), ("feff::", .reserved),
      ("ff02::1", .multicast), ("ffff::", .multicast),
      ("0.0.0.0", .unspecified), ("0.255.255.255", .unspecified), ("1.0.0.0", .global),
      ("9.255.255.255", .global), ("10.0.0.0", .privateUse), ("10.255.255.255", .privateUse),
      ("11.0.0.0", .global),
      ("100.63.255.255", .global), ("100.64.0.0", .privateUse), ("100.127.255.255", .privateUse),
      ("100.128.0.0", .global), ("127.0.0.1", .loopback), ("128.0.0.0", .global),
      ("169.254.0.1", .linkLocal), ("169.255.0.0", .global),
      ("172.15.255.255", .global), ("172.16.0.0", .privateUse), ("172.31.255.255", .privateUse),
      ("172.32.0.0", .global), ("192.0.0.1", .reserved), ("192.0.0.9", .global), ("192.0.1.0", .global),
      ("192.0.2.1", .documentation), ("192.88.99.1", .sixToFour), ("192.168.0.1", .privateUse),
      ("198.17.255.255", .global), ("198.18.0.0", .documentation), ("198.19.255.255", .documentation),
      ("198.20.0.0", .global), ("198.51.100.1", .documentation), ("203.0.113.255", .documentation),
      ("203.0.114.0", .global), ("223.255.255.255", .global), ("224.0.0.1", .multicast),
      ("239.255.255.255", .multicast), ("240.0.0.0", .reserved), ("255.255.255.255", .reserved),
    ] as [(String, AddressScope)])
  func scope(text: String, expected: AddressScope) throws {
    #expect(try #require(IPAddress(text)).scope == expected)
  }
}
