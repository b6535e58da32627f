import Glibc

/// An address as its bytes: two spellings of one address are equal. Read by the C library.
struct Address: Hashable, Sendable {
  let bytes: [UInt8]

  init?(_ text: String) {
    let isIPv6 = text.contains(":")
    var buffer = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
    guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &buffer) == 1 else { return nil }
    bytes = buffer
  }
}

/// A prefix and whether it is allowed.
struct Network: Sendable {
  let address: Address
  let length: Int
  let isAllowed: Bool

  /// Reads a row of `prefixes.csv`.
  init?(_ row: [String: String]) {
    let parts = row.cell("prefix").split(separator: "/")
    guard parts.count == 2, let address = Address(String(parts[0])), let length = Int(parts[1]) else {
      return nil
    }
    (self.address, self.length, isAllowed) = (address, length, row.cell("rule") == "allow")
  }

  func contains(_ other: Address) -> Bool {
    guard other.bytes.count == address.bytes.count else { return false }
    return (0..<length).allSatisfy { bit in
      (address.bytes[bit / 8] ^ other.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
    }
  }
}

/// What an inventory allows to be touched, found by the plainest reading of its rule: the most specific prefix
/// wins, and of two alike the one that excludes.
struct AllowedNetworks: Sendable {
  let networks: [Network]

  init(inventory: String) throws {
    networks = try Table(inventory + "/prefixes.csv").rows.compactMap(Network.init)
  }

  func allows(_ address: Address) -> Bool {
    let matching = networks.filter { $0.contains(address) }
    guard let longest = matching.map(\.length).max() else { return false }
    return matching.filter { $0.length == longest }.allSatisfy(\.isAllowed)
  }
}
