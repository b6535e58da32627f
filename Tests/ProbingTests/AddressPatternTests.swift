import SeededRandom
import Testing
import Wire

@testable import Probing

@Suite struct AddressPatternTests {
  private static func prefixes(_ texts: String...) throws -> [Prefix] {
    try texts.map { try #require(Prefix($0)) }
  }

  private static func identifiers(_ texts: String...) throws -> [IPAddress] {
    try texts.map { try #require(IPAddress($0)) }
  }

  @Test("one address in each /64 of a /44: a million, the first and the last")
  func million() throws {
    let pattern = try AddressPattern(
      Self.prefixes("2001:db8::/44"), subnetLength: 64, identifiers: Self.identifiers("::1"))
    #expect(pattern.count == 1_048_576)
    #expect(pattern[0].description == "2001:db8::1")
    #expect(pattern[1_048_575].description == "2001:db8:f:ffff::1")
    #expect(pattern.index(of: try #require(IPAddress("2001:db8:f:ffff::1"))) == 1_048_575)
    #expect(pattern.index(of: try #require(IPAddress("2001:db8:10::1"))) == nil)
    #expect(pattern.index(of: try #require(IPAddress("2001:db8::2"))) == nil)
    #expect(pattern.index(of: try #require(IPAddress("192.0.2.1"))) == nil)
  }

  @Test(
    "every address of a pattern has its number, and no number two addresses",
    arguments: [
      (["2001:db8::/58", "2001:db8:7::/60"], 64, ["::1", "::53", "::cafe"]),
      (["2001:db8::/64"], 64, ["::1", "::ffff:ffff"]), (["2001:db8::/120"], 128, ["::"]),
      (["2001:db8::/40"], 48, ["::1", "0:0:0:1::1"]), (["198.18.0.0/24", "198.18.7.0/30"], 32, ["0.0.0.0"]),
      (["2001:db8::1/128"], 64, ["::"]),
    ])
  func bijection(_ texts: [String], _ length: Int, _ suffixes: [String]) throws {
    let pattern = try AddressPattern(
      texts.map { try #require(Prefix($0)) }, subnetLength: length,
      identifiers: suffixes.map { try #require(IPAddress($0)) })
    var seen: Set<IPAddress> = []
    for index in 0..<pattern.count {
      let address = pattern[index]
      #expect(seen.insert(address).inserted)
      #expect(pattern.index(of: address) == index)
      #expect(texts.contains { Prefix($0)?.contains(address) == true })
    }
    // Neighbours of theirs are found only if they belong to it.
    var random = SplitMix64(seed: 3)
    for _ in 0..<2000 {
      let address = pattern[random.below(pattern.count)]
      let other =
        address.family == .ipv4
        ? IPAddress(ipv4: address.ipv4Bits ^ 1 << UInt32(random.below(32)))
        : IPAddress(
          ipv6High: address.high ^ (random.onceIn(2) ? 1 << UInt64(random.below(64)) : 0),
          low: address.low ^ (random.onceIn(2) ? 1 << UInt64(random.below(64)) : 0))
      #expect((pattern.index(of: other) != nil) == seen.contains(other), "\(other)")
    }
  }

  @Test("prefixes inside others and repeated identifiers count once")
  func folded() throws {
    let pattern = try AddressPattern(
      Self.prefixes("2001:db8::/56", "2001:db8:0:40::/60", "2001:db8::/56"), subnetLength: 64,
      identifiers: Self.identifiers("::1", "::1"))
    #expect(pattern.count == 256)
  }

  @Test(
    "what cannot be swept is refused",
    arguments: [
      (["2001:db8::/64"], 128, ["::"], AddressPattern.Problem.subnetLength(128)),
      (["2001:db8::/56"], 90, ["::"], .subnetLength(90)),
      (["2001:db8::/32"], 129, ["::"], .subnetLength(129)),
      (["2001::/16"], 64, ["::1"], .tooMany), ([], 64, ["::1"], .empty),
      (["2001:db8::/48"], 64, [], .empty),
      (["2001:db8::/48", "192.0.2.0/24"], 32, ["::"], .mixedFamilies),
    ])
  func refused(
    _ texts: [String], _ length: Int, _ suffixes: [String], _ problem: AddressPattern.Problem
  ) throws {
    let prefixes = texts.compactMap { Prefix($0) }
    let identifiers = suffixes.compactMap { IPAddress($0) }
    #expect(throws: problem) {
      try AddressPattern(prefixes, subnetLength: length, identifiers: identifiers)
    }
  }

  @Test("identifiers with bits of the network are refused")
  func networkBits() throws {
    let identifier = try #require(IPAddress("0:0:0:1::1"))
    #expect(throws: AddressPattern.Problem.identifier(identifier, subnetLength: 64)) {
      try AddressPattern(Self.prefixes("2001:db8::/48"), subnetLength: 64, identifiers: [identifier])
    }
  }

  @Test(
    "patterns of RFC 7707 by name",
    arguments: [
      ("::53", 1, "::53"), ("::1-::ff", 255, "::80"), ("low-byte", 255, "::ff"), ("ports", 48, "::443"),
      ("ports", 48, "::1bb"), ("wordy", 23, "::dead:beef"), ("ipv4:198.18.0.0/30", 8, "::c612:3"),
      ("ipv4:198.18.0.0/30", 8, "::198:18:0:3"),
    ])
  func named(_ text: String, _ count: Int, _ member: String) throws {
    let found = try #require(InterfaceIdentifiers.parse(text))
    #expect(found.count == count)
    #expect(found.contains(try #require(IPAddress(member))))
    #expect(Set(found).count <= count)
  }

  @Test(
    "what names no identifiers",
    arguments: [
      "", "::ff-::1", "2001:db8::1", "::1-", "::1-::2-::3", "1", "::-::ffff:ffff", "ipv4:198.18.0.0/8",
    ])
  func unnamed(_ text: String) { #expect(InterfaceIdentifiers.parse(text) == nil) }

  @Test(
    "probes and shards are written as they are read",
    arguments: ["icmp", "tcp:443", "udp:53", "udp:65535"])
  func probes(_ text: String) throws { #expect(try #require(SweepProbe(text)).description == text) }

  @Test(
    "what is no probe",
    arguments: ["", "ICMP", "tcp", "tcp:", "tcp:0", "tcp:65536", "tcp:+1", "udp:5 3", "sctp:1"])
  func noProbe(_ text: String) { #expect(SweepProbe(text) == nil) }

  @Test(
    "shards are disjoint and together the whole, whatever the limit",
    arguments: [nil, 0, 1, 5, 100, 256, 999])
  func shards(_ limit: Int?) throws {
    let pattern = try AddressPattern(
      Self.prefixes("2001:db8::/56"), subnetLength: 64, identifiers: Self.identifiers("::1"))
    var seen: [IPAddress] = []
    for number in 1...7 {
      let shard = try #require(SweepShard("\(number)/7"))
      let plan = SweepPlan(.pattern(pattern), probe: .echo, tries: 1, shard: shard, limit: limit, seed: 5)
      for place in 0..<plan.count {
        seen.append(plan.target(at: place))
        #expect(plan.place(of: seen[seen.count - 1]) == place)
      }
    }
    #expect(seen.count == min(256, limit ?? 256))
    #expect(Set(seen).count == seen.count)
  }
}
