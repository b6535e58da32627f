import Wire

/// Which addresses are one host's, as far as what was seen says so. Pure: the same traits give the same hosts, in whatever order.
///
/// Two addresses are joined only on reasons that are named and weigh enough together. Where something speaks against, they
/// stay apart and the conflict is told: nothing is guessed away.
public struct HostJoin: Sendable {
  /// Two addresses, and what was found about them.
  public struct Pair: Sendable, Hashable {
    /// The lower address.
    public let first: IPAddress
    /// The higher one.
    public let second: IPAddress
    /// What speaks for one host, and against it.
    public let reasons: [JoinReason]
  }

  /// Addresses of one host, in ascending order; each address is in one.
  public private(set) var hosts: [[IPAddress]] = []
  /// Why addresses were joined, pair by pair.
  public private(set) var joins: [Pair] = []
  /// Pairs that much speaks for, and something against; and those that would have joined such a pair.
  public private(set) var conflicts: [Pair] = []
  /// Keys and names that more addresses show than one host can be known by: clones, balancers, names that take turns.
  public private(set) var shared: [String] = []

  /// From here on reasons are enough: an interface or an agent alone, a name with a key.
  public static let enough = 60
  /// The most addresses of one interface; beyond, it answers for others, as a router with proxy ARP does.
  public static let mostOfInterface = 64

  private var parent: [Int]

  /// Joins addresses.
  public init(_ traits: [AddressTraits]) {
    let traits = traits.sorted { $0.address < $1.address }
    parent = Array(traits.indices)
    var pairs: [Couple: Set<JoinReason>] = [:]
    /// Notes a reason for each two that show the same.
    ///
    /// - Parameter isHosts: whether so many addresses can be one host's by it.
    func group(_ reason: JoinReason, _ isHosts: ([Int]) -> Bool, _ keys: (AddressTraits) -> [String])
      -> [String]
    {
      var places: [String: [Int]] = [:]
      for (place, trait) in traits.enumerated() {
        for key in Set(keys(trait)) { places[key, default: []].append(place) }
      }
      var tooMany: [String] = []
      for (key, members) in places where members.count > 1 {
        guard isHosts(members) else {
          tooMany.append("\(reason.rawValue) \(key): \(members.count) addresses")
          continue
        }
        for (offset, first) in members.enumerated() {
          for second in members[(offset + 1)...] { pairs[Couple(first, second), default: []].insert(reason) }
        }
      }
      return tooMany
    }
    // A router with proxy ARP answers for everybody.
    let isOfInterface = { (members: [Int]) in members.count <= Self.mostOfInterface }
    // Several addresses of one family that show the same are clones, behind one balancer, or take turns under one name; one of
    // each family is a host of both.
    let isPair = { (members: [Int]) in
      members.count == 2 && traits[members[0]].address.family != traits[members[1]].address.family
    }
    shared += group(.sameInterface, isOfInterface) { $0.interfaces.map { "\($0.mac) on \($0.link)" } }
    shared += group(.sameSNMPEngine, isOfInterface) { $0.snmpEngine.map { [$0] } ?? [] }
    shared += group(.sameSSHKey, isPair) { $0.sshKeys.values.map { $0 } }
    shared += group(.sameTLSKey, isPair) { $0.tlsKeys.values.map { $0 } }
    shared += group(.sameName, isPair) { Array($0.confirmedNames) }
    shared += group(.sameLinkName, isPair) { $0.linkName.map { [$0] } ?? [] }
    shared.sort()
    for (couple, reasons) in pairs {
      if Self.haveSameClock(traits[couple.first], traits[couple.second]) {
        pairs[couple] = reasons.union([.sameClock])
      }
    }
    join(traits, pairs)
  }

  private struct Couple: Hashable {
    var first: Int
    var second: Int
    init(_ one: Int, _ other: Int) { (first, second) = (min(one, other), max(one, other)) }
  }

  private mutating func join(_ traits: [AddressTraits], _ pairs: [Couple: Set<JoinReason>]) {
    // The heaviest first, so that what is certain decides what the doubtful may join.
    let order = pairs.map { ($0.key, $0.value, JoinReason.weight(of: $0.value)) }
      .filter { $0.2 >= Self.enough }
      .sorted { ($1.2, $0.0.first, $0.0.second) < ($0.2, $1.0.first, $1.0.second) }
    var members = Dictionary(uniqueKeysWithValues: traits.indices.map { ($0, [$0]) })
    for (couple, reasons, _) in order {
      let (one, other) = (root(couple.first), root(couple.second))
      let against = Self.against(traits[couple.first], traits[couple.second])
      let pair = Pair(
        first: traits[couple.first].address, second: traits[couple.second].address,
        reasons: (reasons.union(against)).sorted { $0.rawValue < $1.rawValue })
      if one == other {
        joins.append(pair)
        continue
      }
      // One that contradicts any of the others belongs to none of them.
      let contradiction = (members[one] ?? []).contains { left in
        (members[other] ?? []).contains { !Self.against(traits[left], traits[$0]).isEmpty }
      }
      if contradiction {
        conflicts.append(pair)
        continue
      }
      joins.append(pair)
      parent[other] = one
      members[one, default: []] += members.removeValue(forKey: other) ?? []
    }
    hosts = members.values.map { $0.map { traits[$0].address }.sorted() }.sorted { $0[0] < $1[0] }
    joins.sort { ($0.first, $0.second) < ($1.first, $1.second) }
    conflicts.sort { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private mutating func root(_ place: Int) -> Int {
    var place = place
    while parent[place] != place {
      parent[place] = parent[parent[place]]
      place = parent[place]
    }
    return place
  }

  /// What speaks against two addresses being one host's.
  private static func against(_ one: AddressTraits, _ other: AddressTraits) -> Set<JoinReason> {
    var reasons: Set<JoinReason> = []
    for (place, key) in one.sshKeys {
      if let its = other.sshKeys[place], its != key { reasons.insert(.otherSSHKey) }
    }
    if let engine = one.snmpEngine, let its = other.snmpEngine, its != engine {
      reasons.insert(.otherSNMPEngine)
    }
    // Two interfaces of one host are on two links, as a rule: on one link they are two hosts'.
    for interface in one.interfaces {
      let beside = other.interfaces.filter { $0.link == interface.link }
      if !beside.isEmpty, !beside.contains(interface), one.interfaces.isDisjoint(with: other.interfaces) {
        reasons.insert(.otherInterface)
      }
    }
    return reasons
  }

  /// Within a second of each other: a host's stacks of both families have one clock.
  private static func haveSameClock(_ one: AddressTraits, _ other: AddressTraits) -> Bool {
    guard let first = one.clock, let second = other.clock else { return false }
    return abs(first.zero - second.zero) < 1 && abs(first.rate - second.rate) < 0.02 * first.rate
  }
}
