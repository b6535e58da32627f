import Wire

/// Finds the probes of an address and a kind, and says which host and which prefix each belongs to.
///
/// Hosts and prefixes are numbered in the order in which they are probed, and what is kept for a probe stands at its
/// place in that order: a run walks through memory from the front instead of jumping about in it.
struct TargetTable: Sendable {
  private let chains: HashChains
  private let key: SipHashKey
  /// The number of the host of the probe at each place of the order.
  let hostOfPlace: [UInt32]
  /// The number of the prefix of each host.
  let prefixOfHost: [UInt32]
  /// How many prefixes there are.
  let prefixCount: Int

  init(_ probes: [Probe], order: Permutation, key: SipHashKey, groups: PacingGroups = PacingGroups()) {
    self.key = key
    var chains = HashChains(capacity: probes.count)
    // Numbered in the order of the list first, in which neighbours are mostly alike, then renumbered.
    var hosts = Numbering(capacity: probes.count, key: key)
    let hostOfProbe = probes.indices.map { index in
      chains.insert(UInt32(index), hash: probes[index].tableHash(key))
      return hosts.number(of: probes[index].target)
    }
    var prefixes = Numbering(capacity: hosts.addresses.count, key: key)
    let prefixOf = hosts.addresses.map { prefixes.number(of: groups.key(of: $0)) }
    prefixCount = prefixes.addresses.count

    var renumbered = Array(repeating: HashChains.none, count: hosts.addresses.count)
    var prefixOfHost: [UInt32] = []
    prefixOfHost.reserveCapacity(hosts.addresses.count)
    hostOfPlace = probes.indices.map { place in
      let host = Int(hostOfProbe[order[place]])
      if renumbered[host] == HashChains.none {
        renumbered[host] = UInt32(prefixOfHost.count)
        prefixOfHost.append(prefixOf[host])
      }
      return renumbered[host]
    }
    self.chains = chains
    self.prefixOfHost = prefixOfHost
  }

  /// The index of the first candidate for a probe like `probe`, or `HashChains.none`; the caller compares.
  @inline(__always) func first(_ probe: Probe) -> UInt32 { chains.first(probe.tableHash(key)) }

  /// The next candidate.
  @inline(__always) func next(_ candidate: UInt32) -> UInt32 { chains.next(candidate) }
}

extension Probe {
  @inline(__always) fileprivate func tableHash(_ key: SipHashKey) -> UInt64 {
    switch kind {
    case .echo: target.tableHash(key, salt: 0)
    case .tcpSYN(let port): target.tableHash(key, salt: UInt64(port) << 32 | 1)
    case .hop(let limit): target.tableHash(key, salt: UInt64(limit) << 48 | 2)
    case .hopSYN(let port, let limit):
      target.tableHash(key, salt: UInt64(limit) << 48 | UInt64(port) << 32 | 3)
    case .datagram(let port): target.tableHash(key, salt: UInt64(port) << 32 | 4)
    case .tunnel(let tunnel, _): target.tableHash(key, salt: UInt64(tunnel.number) << 32 | 5)
    }
  }
}

/// Gives each distinct address a number, in order of appearance. Needed only while a table is built.
private struct Numbering {
  private(set) var addresses: [IPAddress] = []
  private var chains: HashChains
  private let key: SipHashKey

  init(capacity: Int, key: SipHashKey) {
    self.key = key
    chains = HashChains(capacity: capacity)
  }

  mutating func number(of address: IPAddress) -> UInt32 {
    let hash = address.tableHash(key, salt: 0)
    var item = chains.first(hash)
    while item != HashChains.none {
      if addresses[Int(item)] == address { return item }
      item = chains.next(item)
    }
    let number = UInt32(addresses.count)
    addresses.append(address)
    chains.insert(number, hash: hash)
    return number
  }
}
