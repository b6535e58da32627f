import Wire

/// One part of a sweep that several vantages share: `1/4` is the first of four.
public struct SweepShard: Sendable, Hashable {
  /// Which part, from 1.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// The whole.
  public static let whole = SweepShard(number: 1, count: 1)

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }
}

extension SweepShard: LosslessStringConvertible {
  /// Reads `1/4`; `nil` unless the number is between 1 and the count, the count at most 65,536.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = UInt(parts[0]), let count = UInt(parts[1]),
      (1...65536).contains(count), (1...count).contains(number)
    else { return nil }
    self.init(number: Int(number), count: Int(count))
  }

  /// `1/4`.
  public var description: String { "\(number)/\(count)" }
}

/// What is asked, of whom, and in which order. Everybody who has the same plan counts the same *places*: the target
/// at each place of the order is asked before the one at the next.
public struct SweepPlan: Sendable {
  /// The targets of the whole sweep.
  public let targets: SweepTargets
  /// What is asked of each.
  public let probe: SweepProbe
  /// How many packets a target that stays silent gets.
  public let tries: Int
  /// How many places there are: the targets of this shard.
  public let count: Int

  private let order: Permutation
  private let shard: SweepShard

  /// A plan.
  ///
  /// - Parameters:
  ///   - tries: 1–5; values outside are brought inside.
  ///   - limit: at most so many targets of the order, in all shards together; `nil` for all.
  ///   - seed: decides the order; the same seed gives the same one, on every vantage.
  public init(
    _ targets: SweepTargets, probe: SweepProbe, tries: Int, shard: SweepShard = .whole, limit: Int? = nil,
    seed: UInt64
  ) {
    self.targets = targets
    self.probe = probe
    self.tries = min(5, max(1, tries))
    self.shard = shard
    order = Permutation(count: targets.count, key: SipHashKey(low: seed, high: 0x7377_6565_7020_3031))
    let all = min(targets.count, limit ?? .max)
    count = all < shard.number ? 0 : (all - shard.number) / shard.count + 1
  }

  /// The target at a place, `0..<count`.
  @inline(__always) public func target(at place: Int) -> IPAddress {
    targets[order[place * shard.count + shard.number - 1]]
  }

  /// The place of an address; `nil` if it is no target of this shard.
  @inline(__always) public func place(of address: IPAddress) -> Int? {
    guard let index = targets.index(of: address) else { return nil }
    let position = order.place(of: index) - (shard.number - 1)
    guard position >= 0 else { return nil }
    if shard.count == 1 { return position < count ? position : nil }
    let (place, rest) = position.quotientAndRemainder(dividingBy: shard.count)
    return rest == 0 && place < count ? place : nil
  }
}
