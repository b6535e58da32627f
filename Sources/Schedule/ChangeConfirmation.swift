import Observations

/// Tells a change from chance: what a check says of a host changes only when several rounds in a row say so, for the
/// worse as for the better. What could not be measured says nothing either way.
public struct ChangeConfirmation: Sendable {
  /// A change that was confirmed.
  public struct Change: Sendable, Hashable {
    /// The host.
    public var host: String
    /// The number of the check; see `init`.
    public var check: Int
    /// Whether it holds now.
    public var isGood: Bool
    /// When it was first seen.
    public var since: Timestamp
    /// When it was confirmed.
    public var confirmed: Timestamp

    /// A change.
    public init(host: String, check: Int, isGood: Bool, since: Timestamp, confirmed: Timestamp) {
      self.host = host
      self.check = check
      self.isGood = isGood
      self.since = since
      self.confirmed = confirmed
    }
  }

  private struct Pending: Sendable {
    var check: UInt8
    var rounds: UInt8
    var since: Timestamp
  }

  private struct Record: Sendable {
    var known: UInt64 = 0
    var good: UInt64 = 0
    var pending: [Pending] = []
  }

  /// How many rounds in a row confirm a change.
  public let rounds: Int
  private var records: [String: Record] = [:]

  /// Nothing is known. Checks are numbers from 0 to 63.
  public init(rounds: Int = 3) { self.rounds = max(1, rounds) }

  /// Hosts of which a change is not confirmed yet.
  public var doubtful: Set<String> {
    records.reduce(into: []) { if !$1.value.pending.isEmpty { $0.insert($1.key) } }
  }

  /// Whether a check held, as far as it is confirmed; `nil`: never measured.
  public func isGood(_ host: String, check: Int) -> Bool? {
    guard let record = records[host], record.known & bit(check) != 0 else { return nil }
    return record.good & bit(check) != 0
  }

  /// What a round says of a check. The first time it is believed at once, for there is nothing it would change.
  ///
  /// - Parameter isGood: `nil` if it could not be measured.
  /// - Returns: the change that this confirms.
  public mutating func see(_ host: String, check: Int, isGood: Bool?, at now: Timestamp) -> Change? {
    guard let isGood else { return nil }
    var record = records.removeValue(forKey: host) ?? Record()
    defer { records[host] = record }
    let bit = bit(check)
    guard record.known & bit != 0 else {
      record.known |= bit
      if isGood { record.good |= bit }
      return nil
    }
    let place = record.pending.firstIndex { $0.check == UInt8(check) }
    if (record.good & bit != 0) == isGood {
      if let place { record.pending.remove(at: place) }
      return nil
    }
    var pending = place.map { record.pending[$0] } ?? Pending(check: UInt8(check), rounds: 0, since: now)
    pending.rounds += 1
    guard pending.rounds >= rounds else {
      if let place { record.pending[place] = pending } else { record.pending.append(pending) }
      return nil
    }
    if let place { record.pending.remove(at: place) }
    record.good ^= bit
    return Change(host: host, check: check, isGood: isGood, since: pending.since, confirmed: now)
  }

  /// Forgets hosts that are not in the inventory any more.
  public mutating func keep(_ hosts: Set<String>) { records = records.filter { hosts.contains($0.key) } }

  private func bit(_ check: Int) -> UInt64 {
    precondition((0..<64).contains(check), "checks are numbers from 0 to 63")
    return 1 << UInt64(check)
  }
}
