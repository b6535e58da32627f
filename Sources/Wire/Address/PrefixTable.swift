/// Values by prefix, of both families. Of the prefixes that hold an address the most specific one is found at a cost that grows
/// with how many lengths there are, and not with how many prefixes.
public struct PrefixTable<Value: Sendable>: Sendable {
  /// All of it.
  public private(set) var byPrefix: [Prefix: Value] = [:]
  /// The lengths that there are in each family, the longest first.
  @usableFromInline var ipv4: [Int] = []
  @usableFromInline var ipv6: [Int] = []

  /// A table of nothing.
  public init() {}

  /// Nothing is in it.
  public var isEmpty: Bool { byPrefix.isEmpty }

  /// The prefixes, in ascending order.
  public var prefixes: [Prefix] { byPrefix.keys.sorted() }

  /// Gives a prefix its value. It cannot be taken out again.
  public mutating func set(_ value: Value, for prefix: Prefix) {
    guard byPrefix.updateValue(value, forKey: prefix) == nil else { return }
    switch prefix.family {
    case .ipv4: Self.add(prefix.length, to: &ipv4)
    case .ipv6: Self.add(prefix.length, to: &ipv6)
    }
  }

  /// The most specific prefix that holds an address, and its value.
  ///
  /// - Parameter width: only prefixes shorter than this; `nil`: all.
  @inlinable
  public func mostSpecific(holding address: IPAddress, shorterThan width: Int? = nil) -> (
    prefix: Prefix, value: Value
  )? {
    for length in address.family == .ipv4 ? ipv4 : ipv6 {
      if let width, length >= width { continue }
      let prefix = Prefix(address, length: length)
      if let value = byPrefix[prefix] { return (prefix, value) }
    }
    return nil
  }

  private static func add(_ length: Int, to lengths: inout [Int]) {
    guard !lengths.contains(length) else { return }
    lengths.append(length)
    lengths.sort(by: >)
  }
}

extension PrefixTable where Value == Void {
  /// Prefixes alone.
  public init(_ prefixes: some Sequence<Prefix>) {
    for prefix in prefixes { insert(prefix) }
  }

  /// Adds a prefix.
  public mutating func insert(_ prefix: Prefix) { set((), for: prefix) }

  /// Whether one of them holds an address.
  public func holds(_ address: IPAddress) -> Bool { mostSpecific(holding: address) != nil }
}

extension PrefixTable: Equatable where Value: Equatable {}
extension PrefixTable: Hashable where Value: Hashable {}
