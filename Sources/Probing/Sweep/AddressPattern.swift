import Wire

/// Addresses that are generated rather than listed: in each subnet of each prefix, the same interface identifiers.
///
/// A number between 0 and `count` stands for each address, both ways in constant time, so a pattern of millions takes
/// no more memory than one of ten.
public struct AddressPattern: Sendable {
  /// How many addresses there are.
  public let count: Int
  /// The prefixes, ascending, none inside another.
  public let prefixes: [Prefix]
  /// How long the subnets are in bits; a prefix that is longer is one subnet.
  public let subnetLength: Int

  private let bases: [UInt128]
  /// The index of the first address of each prefix, and at the end the count.
  private let starts: [Int]
  private let identifiers: [UInt128]
  private let placeOfIdentifier: [UInt128: Int]

  /// Why a pattern cannot be made.
  public enum Problem: Error, Sendable, Hashable {
    /// There is no prefix.
    case empty
    /// Prefixes of both families.
    case mixedFamilies
    /// The subnets are longer than an address, or so long that a whole /64 would be swept.
    case subnetLength(Int)
    /// An identifier has bits where the subnet's are.
    case identifier(IPAddress, subnetLength: Int)
    /// More addresses than `AddressPattern.limit`.
    case tooMany
  }

  /// No sweep has more targets than this: 2^32.
  public static let limit = 1 << 32
  /// The most addresses of one /64 that may be enumerated, 2^16. More would be a brute-force sweep of a subnet, which
  /// finds nothing (RFC 7707 §4.1) and fills the router's neighbour cache (RFC 6583).
  public static let limitOfSubnet = 1 << 16

  /// The addresses of `identifiers` in all subnets of `prefixes`.
  ///
  /// - Parameters:
  ///   - prefixes: of one family; those inside another are left out.
  ///   - subnetLength: in bits. For IPv4, 32: every address of a prefix.
  ///   - identifiers: addresses whose network bits are zero, as `::1`; one is all that IPv4 takes, 0.0.0.0.
  public init(_ prefixes: [Prefix], subnetLength: Int, identifiers: [IPAddress]) throws(Problem) {
    let sorted = prefixes.sorted()
    guard let family = sorted.first?.family else { throw .empty }
    guard sorted.allSatisfy({ $0.family == family }) else { throw .mixedFamilies }
    guard (1...family.bitWidth).contains(subnetLength) else { throw .subnetLength(subnetLength) }
    var kept: [Prefix] = []
    for prefix in sorted where kept.last?.contains(prefix) != true { kept.append(prefix) }

    var unique: [UInt128] = []
    var places: [UInt128: Int] = [:]
    for identifier in identifiers {
      let bits = identifier.bits
      // The bits behind the longest network part that occurs.
      let network = max(subnetLength, kept.map(\.length).max() ?? 0)
      guard identifier.family == family, network == 0 || bits >> UInt128(128 - network) == 0 else {
        throw .identifier(identifier, subnetLength: network)
      }
      if places[bits] == nil {
        places[bits] = unique.count
        unique.append(bits)
      }
    }
    guard !unique.isEmpty else { throw .empty }

    var starts = [0]
    for prefix in kept {
      let bits = max(0, subnetLength - prefix.length)
      let enumerated = family == .ipv6 ? max(0, subnetLength - max(64, prefix.length)) : 0
      guard bits <= 32 else { throw enumerated > 16 ? .subnetLength(subnetLength) : .tooMany }
      guard (1 << enumerated) * unique.count <= Self.limitOfSubnet else { throw .subnetLength(subnetLength) }
      let total = starts[starts.count - 1] + (1 << bits) * unique.count
      guard total <= Self.limit else { throw .tooMany }
      starts.append(total)
    }
    count = starts[starts.count - 1]
    self.starts = starts
    self.prefixes = kept
    self.subnetLength = subnetLength
    bases = kept.map(\.address.bits)
    self.identifiers = unique
    placeOfIdentifier = places
  }

  /// The family of all addresses.
  public var family: AddressFamily { prefixes[0].family }

  /// The address with this number, `0..<count`.
  @inline(__always) public subscript(index: Int) -> IPAddress {
    let slot = prefixes.count == 1 ? 0 : slot(of: index)
    let within = index - starts[slot]
    let (subnet, identifier) =
      identifiers.count == 1 ? (within, 0) : within.quotientAndRemainder(dividingBy: identifiers.count)
    let bits = bases[slot] | UInt128(subnet) << UInt128(128 - subnetLength) | identifiers[identifier]
    return IPAddress(family, bits: bits)
  }

  /// The number of an address; `nil` if it is none of the pattern's.
  @inline(__always) public func index(of address: IPAddress) -> Int? {
    guard address.family == family else { return nil }
    let bits = address.bits
    guard let slot = prefixes.count == 1 ? 0 : slot(holding: bits) else { return nil }
    let offset = bits &- bases[slot]
    let shift = UInt128(128 - subnetLength)
    let subnet = offset >> shift
    let identifier = offset & (1 << shift &- 1)
    guard subnet < UInt128(1 << max(0, subnetLength - prefixes[slot].length)) else { return nil }
    if identifiers.count == 1 { return identifier == identifiers[0] ? starts[slot] + Int(subnet) : nil }
    guard let place = placeOfIdentifier[identifier] else { return nil }
    return starts[slot] + Int(subnet) * identifiers.count + place
  }

  /// The prefix that the address with this number is in.
  private func slot(of index: Int) -> Int {
    var (low, high) = (0, prefixes.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= index { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The last prefix that begins at or before an address.
  private func slot(holding bits: UInt128) -> Int? {
    guard bits >= bases[0] else { return nil }
    var (low, high) = (0, prefixes.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if bases[middle] <= bits { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
