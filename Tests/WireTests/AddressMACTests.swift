import Testing
import Wire

@Suite("MAC addresses")
struct AddressMACTests {
  @Test(arguments: [
    ("00:00:5e:00:53:01", "00:00:5e:00:53:01"), ("00-00-5E-00-53-FF", "00:00:5e:00:53:ff"),
    ("ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff"),
  ])
  func read(text: String, printed: String) throws {
    let address = try #require(MACAddress(text))
    #expect(address.description == printed)
    #expect(MACAddress(bits: address.bits) == address)
  }

  @Test(arguments: [
    "", "00:00:5e:00:53", "00:00:5e:00:53:01:02", "0:0:5e:0:53:1", "00:00:5e:00:53:0g", "00:00-5e:00:53:01",
    "0000.5e00.5301", "00005e005301", "00:00:5e:00:53:+1", "00:00:5e:00:53:０１", "00:00:5e:00:53:01:",
    " 00:00:5e:00:53:01",
  ])
  func refused(text: String) {
    #expect(MACAddress(text) == nil)
  }

  @Test("have their first byte uppermost")
  func bytes() throws {
    let address = try #require(MACAddress("01:02:03:04:05:06"))
    #expect((0..<6).map { address.byte(at: $0) } == [1, 2, 3, 4, 5, 6])
    #expect(MACAddress(bits: 0xffff_0102_0304_0506) == address)
  }
}
