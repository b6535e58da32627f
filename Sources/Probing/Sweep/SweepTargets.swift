import Wire

/// The addresses a sweep asks, numbered from 0.
public enum SweepTargets: Sendable {
  /// Generated from prefixes.
  case pattern(AddressPattern)
  /// Read from a list.
  case list(AddressList)

  /// How many there are.
  public var count: Int {
    switch self {
    case .pattern(let pattern): pattern.count
    case .list(let list): list.count
    }
  }

  /// The address with this number, `0..<count`.
  @inline(__always) public subscript(index: Int) -> IPAddress {
    switch self {
    case .pattern(let pattern): pattern[index]
    case .list(let list): list[index]
    }
  }

  /// The number of an address; `nil` if it is no target.
  @inline(__always) public func index(of address: IPAddress) -> Int? {
    switch self {
    case .pattern(let pattern): pattern.index(of: address)
    case .list(let list): list.index(of: address)
    }
  }

  /// The longest prefix that holds all targets of a family; `nil` if there are none of it.
  func commonPrefix(_ family: AddressFamily) -> Prefix? {
    switch self {
    case .pattern(let pattern):
      guard pattern.family == family, let shortest = pattern.prefixes.map(\.length).min() else { return nil }
      let common = CaptureFilter.commonPrefix(of: pattern.prefixes.lazy.map(\.address))
      return common.map { Prefix($0.address, length: min($0.length, shortest)) }
    case .list(let list):
      return CaptureFilter.commonPrefix(of: list.addresses.lazy.filter { $0.family == family })
    }
  }
}
