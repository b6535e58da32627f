/// What differs between two judgements: of two runs, or of one run under two policies.
public struct RunDiff: Sendable, Hashable {
  /// What a change is about.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case agency
    case system
    case host
    case check
  }

  /// One thing that is other than it was.
  public struct Change: Sendable, Hashable {
    /// What it is about.
    public let kind: Kind
    /// The id of the agency, system or host; for the vantage's own check it is empty.
    public let id: String
    /// The check; for a host the one that holds it up, or held it up; empty for agencies and systems.
    public let check: String
    /// The check's subject.
    public let subject: String
    /// The outcome, state or verdict before; empty where it was not there.
    public let before: String
    /// The same after; empty where it is not there any more.
    public let after: String
    /// Why it was so.
    public let reasonBefore: String
    /// Why it is so.
    public let reasonAfter: String
    /// Whether something that was in order is not any more.
    public let isWorse: Bool
  }

  /// The city's count before.
  public let cityBefore: Tally
  /// The city's count after.
  public let cityAfter: Tally
  /// Agencies, systems, hosts, checks, each by id, then check, then subject.
  public let changes: [Change]

  /// The changes from one judgement to another.
  public init(from old: Judgement, to new: Judgement) {
    cityBefore = old.city
    cityAfter = new.city
    changes =
      Self.outcomes(
        .agency, old.agencies.map { ($0.agency.id, $0.outcome) },
        new.agencies.map { ($0.agency.id, $0.outcome) })
      + Self.outcomes(
        .system, old.systems.map { ($0.system.id, $0.outcome) },
        new.systems.map { ($0.system.id, $0.outcome) })
      + Self.hosts(old, new) + Self.rows(old.rows, new.rows)
  }

  private static func outcomes(
    _ kind: Kind, _ old: [(String, Outcome)], _ new: [(String, Outcome)]
  ) -> [Change] {
    let before = Dictionary(old) { first, _ in first }
    let after = Dictionary(new) { first, _ in first }
    return Set(before.keys).union(after.keys).sorted().compactMap { id in
      let (was, isNow) = (before[id], after[id])
      if was == isNow { return nil }
      return Change(
        kind: kind, id: id, check: "", subject: "", before: was?.rawValue ?? "", after: isNow?.rawValue ?? "",
        reasonBefore: "", reasonAfter: "",
        isWorse: was == .converted && isNow != .converted && isNow != .exempt)
    }
  }

  private static func hosts(_ old: Judgement, _ new: Judgement) -> [Change] {
    let before = Dictionary(old.hosts.map { ($0.host.id, $0) }) { first, _ in first }
    let after = Dictionary(new.hosts.map { ($0.host.id, $0) }) { first, _ in first }
    return Set(before.keys).union(after.keys).sorted().compactMap { id in
      let (was, isNow) = (before[id], after[id])
      if was?.state == isNow?.state { return nil }
      let (rowBefore, rowAfter) = (was?.decisive(old.policy), isNow?.decisive(new.policy))
      let row = rowAfter ?? rowBefore
      let isWorse =
        was?.state.isConverted == true && isNow?.state.isConverted != true && isNow?.state != .exempt
      return Change(
        kind: .host, id: id, check: row?.check.rawValue ?? "", subject: row?.subject ?? "",
        before: was?.state.rawValue ?? "", after: isNow?.state.rawValue ?? "",
        reasonBefore: rowBefore?.reason.rawValue ?? "", reasonAfter: rowAfter?.reason.rawValue ?? "",
        isWorse: isWorse)
    }
  }

  private struct Key: Hashable, Comparable {
    let host: String
    let check: String
    let subject: String

    init(_ row: CheckRow) { (host, check, subject) = (row.host, row.check.rawValue, row.subject) }

    static func < (left: Key, right: Key) -> Bool {
      (left.host, left.check, left.subject) < (right.host, right.check, right.subject)
    }
  }

  private static func rows(_ old: [CheckRow], _ new: [CheckRow]) -> [Change] {
    let before = Dictionary(old.map { (Key($0), $0) }) { first, _ in first }
    let after = Dictionary(new.map { (Key($0), $0) }) { first, _ in first }
    return Set(before.keys).union(after.keys).sorted().compactMap { key in
      let (was, isNow) = (before[key], after[key])
      if was?.verdict == isNow?.verdict && was?.reason == isNow?.reason { return nil }
      return Change(
        kind: .check, id: key.host, check: key.check, subject: key.subject,
        before: was?.verdict.rawValue ?? "",
        after: isNow?.verdict.rawValue ?? "", reasonBefore: was?.reason.rawValue ?? "",
        reasonAfter: isNow?.reason.rawValue ?? "",
        isWorse: isNow?.verdict == .fail && was?.verdict != .fail)
    }
  }
}
