import SeededRandom
import Testing
import Wire

@testable import Discovery

@Suite("Walks of reverse zones")
struct ReverseWalkTests {
  /// A zone of PTR records, which knows the names that exist because something is below them.
  private struct Zone {
    var records: [ReverseNode: [String]] = [:]
    var existing: Set<[UInt8]> = []
    var wildcards: [ReverseNode] = []
    var broken: [ReverseNode] = []

    mutating func add(_ address: IPAddress, _ name: String) throws {
      let node = try #require(ReverseNode(Prefix(only: address)))
      records[node, default: []].append(name)
      for length in 0...node.digits.count { existing.insert(Array(node.digits.prefix(length))) }
    }

    func answer(_ node: ReverseNode) -> ReverseWalk.Answer {
      if broken.contains(where: { node.digits.starts(with: $0.digits) && node != $0 }) { return .failure }
      if let names = records[node] { return .names(names) }
      if existing.contains(node.digits) { return .noData }
      if wildcards.contains(where: { node.digits.starts(with: $0.digits) }) { return .names(["any.example"]) }
      return .noName
    }
  }

  private func node(_ prefix: String) throws -> ReverseNode {
    let prefix = try #require(Prefix(prefix))
    return try #require(ReverseNode(prefix))
  }

  private func walk(_ zone: Zone, _ root: ReverseNode, most: Int = 1_000_000) -> ReverseWalk {
    var walk = ReverseWalk(below: root, most: most)
    // Answers come later and in another order than they were asked for.
    var flying: [ReverseNode] = []
    var random = SplitMix64(seed: 8020)
    while true {
      while flying.count < 32, let node = walk.next() { flying.append(node) }
      if flying.isEmpty { return walk }
      let node = flying.remove(at: random.below(flying.count))
      walk.take(zone.answer(node), for: node)
    }
  }

  @Test("Names and digits")
  func names() throws {
    #expect(try node("2001:db8::/32").name == "8.b.d.0.1.0.0.2.ip6.arpa")
    #expect(try node("198.18.0.0/16").name == "18.198.in-addr.arpa")
    let odd = try #require(Prefix("2001:db8::/33"))
    #expect(ReverseNode(odd) == nil)
    for text in ["2001:db8:1:2:3:4:5:6", "198.18.1.2"] {
      let address = try #require(IPAddress(text))
      #expect(ReverseNode(Prefix(only: address))?.address == address)
    }
  }

  @Test("Ten thousand records of fifty sites: all are found, by fewer than three questions each")
  func sites() throws {
    var zone = Zone()
    for number in 0..<10_000 {
      let (site, place) = number.quotientAndRemainder(dividingBy: 200)
      try zone.add(
        IPAddress(ipv6High: 0x2001_0db8_0000_0000 | UInt64(site) << 16, low: UInt64(place + 1)),
        "h\(number).example")
    }
    let walk = walk(zone, try node("2001:db8::/32"))
    #expect(walk.found.count == 10_000)
    #expect(walk.found.allSatisfy { zone.records[ReverseNode(Prefix(only: $0.key))!] == $0.value })
    #expect(walk.unknown.isEmpty && walk.wild.isEmpty && walk.isOver)
    #expect(walk.asked < 30_000, "\(walk.asked)")
  }

  @Test("Whatever is in a zone is found and nothing else", arguments: 1...20)
  func complete(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var zone = Zone()
    for number in 0..<40 {
      try zone.add(
        IPAddress(ipv6High: 0x2001_0db8_0000_0000 | random.next() & 0xffff_ffff, low: random.next()),
        "h\(number).example")
      try zone.add(IPAddress(ipv4: 0xc612_0000 | UInt32(random.below(65_536))), "v\(number).example")
    }
    for root in ["2001:db8::/32", "198.18.0.0/16"] {
      let walk = walk(zone, try node(root))
      let wanted = zone.records.filter { $0.key.family == walk.found.keys.first?.family }
      #expect(walk.found.count == wanted.count)
      #expect(walk.isOver && !walk.isCut)
    }
  }

  @Test("A wildcard is told and not walked")
  func wildcard() throws {
    var zone = Zone()
    try zone.add(try #require(IPAddress("2001:db8:1::1")), "a.example")
    zone.wildcards = [try node("2001:db8:2::/48")]
    // That something is below the prefix is known of a wildcard by its record alone.
    for length in 8...12 { zone.existing.insert(Array(zone.wildcards[0].digits.prefix(length))) }
    let walk = walk(zone, try node("2001:db8::/32"))
    #expect(walk.found.count == 1 && walk.wild == zone.wildcards)
    #expect(walk.asked < 1_000)
  }

  @Test("Where nobody answers is unknown, and not empty; it is asked three times")
  func failure() throws {
    var zone = Zone()
    try zone.add(try #require(IPAddress("2001:db8:1::1")), "a.example")
    try zone.add(try #require(IPAddress("2001:db8:2::1")), "b.example")
    zone.broken = [try node("2001:db8:2::/48")]
    let walk = walk(zone, try node("2001:db8::/32"))
    #expect(walk.found.count == 1)
    #expect(walk.unknown == [try node("2001:db8:2::/48")])
  }

  @Test("It ends after the most questions that it may ask, and says what is not known then")
  func cut() throws {
    var zone = Zone()
    for number in 1..<100 {
      try zone.add(IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number)), "h")
    }
    let walk = walk(zone, try node("2001:db8::/32"), most: 100)
    #expect(walk.asked == 100 && walk.isCut && walk.isOver && !walk.unknown.isEmpty)
  }
}
