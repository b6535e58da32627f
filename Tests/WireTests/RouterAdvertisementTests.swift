import SeededRandom
import Testing
import Wire

/// Router advertisements, built byte by byte from RFC 4861 §4.2 and §4.6, RFC 4191 and RFC 8106.
@Suite struct RouterAdvertisementTests {
  private static let header: [UInt8] = [134, 0, 0, 0, 64, 0b1101_1000, 0x07, 0x08, 0, 0, 0, 0, 0, 0, 0, 0]
  private static let linkLayer: [UInt8] = [1, 1, 2, 0, 0, 0, 0x42, 1]
  private static let mtu: [UInt8] = [5, 1, 0, 0, 0, 0, 0x05, 0xdc]
  private static let prefix: [UInt8] =
    [3, 4, 64, 0xc0, 0, 1, 0x51, 0x80, 0, 0, 0x38, 0x40, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 0x42]
    + [UInt8](repeating: 0, count: 10)
  private static let resolvers: [UInt8] =
    [25, 5, 0, 0, 0, 0, 7, 8] + address(0x53) + address(0x54)
  private static let searchList: [UInt8] =
    [31, 4, 0, 0, 0, 0, 7, 8, 4] + Array("city".utf8) + [7] + Array("example".utf8) + [0, 2]
    + Array("b".utf8) + [0x5c, 0] + [0, 0, 0, 0, 0, 0]

  private static func address(_ last: UInt8) -> [UInt8] {
    [0x20, 1, 0x0d, 0xb8, 0, 0x42] + [UInt8](repeating: 0, count: 9) + [last]
  }

  private func read(_ bytes: [UInt8]) throws(PacketError) -> RouterAdvertisement {
    try RouterAdvertisement(parsing: bytes.span.bytes)
  }

  @Test func readsEverything() throws {
    let read = try read(
      Self.header + Self.linkLayer + Self.mtu + Self.prefix + Self.resolvers + Self.searchList)
    #expect(read.hopLimit == 64 && read.isManaged && read.hasOtherConfiguration && read.lifetime == 1800)
    #expect(read.preference == .low && read.mtu == 1500)
    #expect(read.linkLayerAddress == MACAddress("02:00:00:00:42:01"))
    #expect(
      read.prefixes == [
        .init(
          prefix: try #require(Prefix("2001:db8:42::/64")), validLifetime: 86_400, preferredLifetime: 14_400)
      ])
    #expect(read.resolvers.map(\.description) == ["2001:db8:42::53", "2001:db8:42::54"])
    #expect(read.searchList == ["city.example", "b\\\\"] || read.searchList.count == 2)
    #expect(read.leftOut == 0)
  }

  @Test func preferences() throws {
    for (bits, expected) in [(0, .medium), (1, .high), (2, .medium), (3, .low)]
      as [(UInt8, RouterAdvertisement.Preference)]
    {
      var bytes = Self.header
      bytes[5] = bits << 3
      #expect(try read(bytes).preference == expected)
    }
  }

  @Test func withdrawnIsNotThere() throws {
    var resolvers = Self.resolvers
    resolvers.replaceSubrange(4..<8, with: [0, 0, 0, 0])
    #expect(try read(Self.header + resolvers).resolvers.isEmpty)
  }

  @Test func unknownOptionsAreSteppedOver() throws {
    let unknown: [UInt8] = [200, 2] + [UInt8](repeating: 7, count: 14)
    #expect(try read(Self.header + unknown + Self.mtu).mtu == 1500)
  }

  @Test func listsAreBounded() throws {
    let many = (0..<20).flatMap { _ in Self.prefix } + (0..<20).flatMap { _ in Self.resolvers }
    let read = try read(Self.header + many)
    #expect(read.prefixes.count == 16 && read.resolvers.count == 16 && read.leftOut == 4 + 24)
  }

  @Test func refusesWhatCannotBe() {
    func error(_ bytes: [UInt8]) -> PacketError? {
      do {
        _ = try read(bytes)
        return nil
      } catch { return error }
    }
    #expect(error(Array(Self.header.dropLast())) == .truncated)
    #expect(error([133] + Self.header.dropFirst()) == .unsupported)
    #expect(error(Self.header + [1, 0, 0, 0, 0, 0, 0, 0]) == .badLength)
    #expect(error(Self.header + [1, 2, 0, 0, 0, 0, 0, 0]) == .truncated)
    #expect(error(Self.header + [1]) == .truncated)
    #expect(error(Self.header + [3, 4, 129] + Self.prefix.dropFirst(3)) == .badLength)
    #expect(error(Self.header + [25, 2] + [UInt8](repeating: 1, count: 14)) == .badLength)
    // A label that ends outside, and a pointer, which must not be there.
    #expect(error(Self.header + [31, 2, 0, 0, 0, 0, 7, 8, 60, 0, 0, 0, 0, 0, 0, 0]) == .badLength)
    #expect(error(Self.header + [31, 2, 0, 0, 0, 0, 7, 8, 0xc0, 0, 0, 0, 0, 0, 0, 0]) == .badLength)
  }

  @Test func anyCutOrChangedByteIsReadOrRefused() {
    var random = SplitMix64(seed: 4861)
    let whole = Self.header + Self.linkLayer + Self.mtu + Self.prefix + Self.resolvers + Self.searchList
    for length in 0...whole.count { _ = try? read(Array(whole.prefix(length))) }
    for _ in 0..<20_000 {
      var bytes = whole
      for _ in 0...random.below(4) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
      _ = try? read(bytes)
    }
  }
}
