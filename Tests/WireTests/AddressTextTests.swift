import SeededRandom
import Testing
import Wire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

@Suite("IP addresses as text")
struct AddressTextTests {
  /// Written form, canonical form; the sections are those of RFC 5952 unless another is named.
  @Test(
    "are printed in one way, however they were written",
    arguments: [
      ("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),  // §1, §4.2.3: first of equals
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:0db8::0001", "2001:db8::1"),  // §4.1: no leading zeros
      ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),  // §4.2.1: shorten as much as possible
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),  // §4.2.2: one group is not shortened
      ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),  // §4.2.3: the longest run
      ("2001:db8:0:0:1::", "2001:db8:0:0:1::"),
      ("2001:DB8:AAAA:bbbb:CcCc:dddd:eeee:AaAa", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),  // §4.3
      ("0:0:0:0:0:ffff:c000:201", "::ffff:192.0.2.1"),  // §5: mixed notation
      ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
      ("::FFFF:129.144.52.38", "::ffff:129.144.52.38"),  // RFC 4291 §2.2
      ("::13.1.68.3", "::d01:4403"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
      ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
      ("FF01:0:0:0:0:0:0:101", "ff01::101"),
      ("0:0:0:0:0:0:0:1", "::1"),
      ("0:0:0:0:0:0:0:0", "::"),
      ("::", "::"),
      ("1::", "1::"),
      ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
      ("1::8", "1::8"),
      ("0.0.0.0", "0.0.0.0"),
      ("255.255.255.255", "255.255.255.255"),
      ("198.18.0.9", "198.18.0.9"),
    ])
  func canonical(written: String, printed: String) throws {
    let address = try #require(IPAddress(written))
    #expect(address.description == printed)
    #expect(IPAddress(printed) == address)
  }

  @Test(
    "are refused when they are anything else",
    arguments: [
      "", " ", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3", "256.1.1.1",
      "01.2.3.4", "1.2.3.04", "0x1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "+1.2.3.4", "1.2.3.4/32",
      "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8",
      "1::2::3", ":1::2", "1::2:", "12345::", "g::", "::1%eth0", "fe80::1%1", "[::1]", "::1/128",
      "2001:db8::1:53:",
      "::1.2.3", "::1.2.3.256", "::01.2.3.4", "1.2.3.4::", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
      "::ffff:1.2.3.4.5", "１::", "2001:db8::１", "1.2.3.４", "2001:db8::1\n", "\u{0}::1",
    ])
  func refused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("agree with the C library on random text that looks like addresses")
  func agreesWithLibrary() {
    var random = SplitMix64(seed: 0x5eed)
    let pieces = [
      "0", "1", "a", "F", ":", "::", ".", "ffff", "00", "255", "192.0.2.1", "db8", "10000", "256", "%",
    ]
    var accepted = 0
    for _ in 0..<60_000 {
      let text = (0..<Int.random(in: 1...17, using: &random))
        .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
      let ours = IPAddress(text)
      #expect(ours?.bytes == libraryBytes(text), "\(text)")
      accepted += ours == nil ? 0 : 1
    }
    // The alphabet would be a bad one if hardly anything it writes were an address.
    #expect(accepted > 300)
  }

  @Test("print what the C library prints, wherever both follow RFC 5952")
  func printsLikeLibrary() {
    var random = SplitMix64(seed: 42)
    for _ in 0..<20_000 {
      // Zero groups with a probability of a half, so that runs of every length and place occur.
      let groups = (0..<8).map { _ in
        Bool.random(using: &random)
          ? 0 : UInt64.random(in: 0...0xffff, using: &random) >> (4 * .random(in: 0...3))
      }
      let high = groups[..<4].reduce(0) { $0 << 16 | $1 }
      let low = groups[4...].reduce(0) { $0 << 16 | $1 }
      // The library writes the deprecated ::/96 in mixed notation too, which RFC 5952 §5 leaves open.
      if high == 0 && low >> 32 == 0 { continue }
      let address = IPAddress(ipv6High: high, low: low)
      #expect(address.description == libraryText(address.bytes))
      #expect(IPAddress(address.description) == address)
    }
  }

  @Test("are in brackets before a port only when they are IPv6")
  func bracketed() throws {
    #expect(try #require(IPAddress("2001:db8::1")).bracketed == "[2001:db8::1]")
    #expect(try #require(IPAddress("192.0.2.1")).bracketed == "192.0.2.1")
  }

  @Test("sort by family and then as numbers")
  func order() {
    let texts = ["9.0.0.0", "10.0.0.0", "255.0.0.0", "::", "::1", "9::", "10::", "ff00::"]
    let addresses = texts.compactMap { IPAddress($0) }
    #expect(addresses.shuffled().sorted().map(\.description) == texts)
  }

  @Test("have bytes and groups in network order")
  func bytes() throws {
    let address = try #require(IPAddress("102:304:506:708:90a:b0c:d0e:f10"))
    #expect(address.bytes == Array(1...16))
    #expect(address.group(at: 7) == 0x0f10)
    #expect(IPAddress(bytes: address.bytes) == address)
    #expect(IPAddress(bytes: [192, 0, 2, 1])?.description == "192.0.2.1")
    #expect(IPAddress(bytes: Array(repeating: 0, count: 15)) == nil)
  }
}

/// What inet_pton(3) makes of the text, IPv6 first.
private func libraryBytes(_ text: String) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 16)
  if inet_pton(AF_INET6, text, &bytes) == 1 { return bytes }
  if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
  return nil
}

private func libraryText(_ bytes: [UInt8]) -> String {
  var text = [CChar](repeating: 0, count: 64)
  _ = inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count))
  return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
