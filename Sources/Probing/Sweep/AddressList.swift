import Wire

/// Addresses that were listed, each once, and the number of each.
public struct AddressList: Sendable {
  private(set) var addresses: [IPAddress] = []
  private var chains: HashChains
  private let key: SipHashKey

  /// How many were listed more than once, beyond the first time.
  public private(set) var repeated = 0

  /// An empty list with room for `capacity` addresses.
  ///
  /// - Parameter key: a random one, so that nobody can write a list that is slow to look things up in.
  public init(capacity: Int, key: SipHashKey) {
    chains = HashChains(capacity: capacity)
    addresses.reserveCapacity(capacity)
    self.key = key
  }

  /// How many addresses there are.
  public var count: Int { addresses.count }

  /// Adds an address unless it is there already. There must be room.
  public mutating func append(_ address: IPAddress) {
    guard index(of: address) == nil else {
      repeated += 1
      return
    }
    chains.insert(UInt32(addresses.count), hash: address.tableHash(key, salt: 0))
    addresses.append(address)
  }

  /// The address with this number, `0..<count`.
  @inline(__always) public subscript(index: Int) -> IPAddress { addresses[index] }

  /// The number of an address; `nil` if it is not in the list.
  @inline(__always) public func index(of address: IPAddress) -> Int? {
    var item = chains.first(address.tableHash(key, salt: 0))
    while item != HashChains.none {
      if addresses[Int(item)] == address { return Int(item) }
      item = chains.next(item)
    }
    return nil
  }
}
