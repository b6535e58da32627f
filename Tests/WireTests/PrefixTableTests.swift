import SeededRandom
import Testing
import Wire

@Suite struct PrefixTableTests {
  @Test("The most specific prefix is found as by looking at all of them, in both families")
  func lookup() throws {
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      // Few bits differ, so that prefixes hold each other and are hit.
      func address() -> IPAddress {
        let bits = UInt64.random(in: 0..<16, using: &random)
        return Bool.random(using: &random)
          ? IPAddress(ipv4: 0xc612_0000 | UInt32(bits) << 6)
          : IPAddress(ipv6High: 0x2001_0db8 << 32 | bits << 28, low: bits << 62)
      }
      var table = PrefixTable<Int>()
      var all: [Prefix: Int] = [:]
      for value in 0..<20 {
        let one = address()
        let prefix = Prefix(one, length: Int.random(in: 0...one.family.bitWidth, using: &random))
        table.set(value, for: prefix)
        all[prefix] = value
      }
      #expect(table.prefixes == all.keys.sorted())
      for _ in 0..<200 {
        let (one, width) = (address(), Int.random(in: 0...128, using: &random))
        let holders = all.filter { $0.key.contains(one) }
        let best = holders.max { $0.key.length < $1.key.length }
        let found = table.mostSpecific(holding: one)
        #expect(found?.prefix == best?.key && found?.value == best?.value, "seed \(seed): \(one)")
        let shorter = holders.filter { $0.key.length < width }.max { $0.key.length < $1.key.length }
        #expect(
          table.mostSpecific(holding: one, shorterThan: width)?.value == shorter?.value,
          "seed \(seed): \(one)")
      }
    }
  }

  @Test("A prefix has one value, the last that it was given")
  func replaced() throws {
    var table = PrefixTable<String>()
    #expect(table.isEmpty)
    let prefix = try #require(Prefix("2001:db8::/32"))
    table.set("a", for: prefix)
    table.set("b", for: prefix)
    #expect(table.byPrefix == [prefix: "b"] && table.prefixes == [prefix] && !table.isEmpty)
    #expect(PrefixTable([prefix]).holds(prefix.address))
    #expect(!PrefixTable([prefix]).holds(IPAddress(ipv4: 0x2001_0db8)))
  }
}
