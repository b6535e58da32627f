import Observations

/// What rounds together say of one check of one host by now: the newest verdict, and what is confirmed.
///
/// A check holds or does not hold only when several rounds in a row say so, for the worse as for the better. What could
/// not be measured says nothing either way.
public struct Standing: Sendable, Hashable {
  /// The host.
  public let host: String
  /// The check.
  public let check: CheckID
  /// The worst verdict of the newest round that asked.
  public private(set) var verdict = Verdict.unknown
  /// Its reason.
  public private(set) var reason = Reason.notMeasured
  /// The subject it was found for.
  public private(set) var subject = ""
  /// When what it rests on was seen last; `nil` where nothing had to be.
  public private(set) var observedAt: Timestamp?
  /// The id of the newest round that asked.
  public private(set) var run = ""
  /// Whether the check holds, as far as it is confirmed; `nil`: never measured.
  public private(set) var holds: Bool?
  /// Since when `holds` is so.
  public private(set) var since: Timestamp?
  /// How many rounds in a row said otherwise, up to now.
  public private(set) var pendingRounds = 0
  /// The first of them.
  public private(set) var pendingSince: Timestamp?
  /// Whether the same held over IPv4 in that round; `nil` where it was not asked.
  public private(set) var overIPv4: Bool?

  /// Nothing is known.
  public init(host: String, check: CheckID) {
    self.host = host
    self.check = check
  }

  /// A standing that was kept.
  public init(
    host: String, check: CheckID, verdict: Verdict, reason: Reason, subject: String, observedAt: Timestamp?,
    run: String, holds: Bool?, since: Timestamp?, pendingRounds: Int, pendingSince: Timestamp?,
    overIPv4: Bool?
  ) {
    self.init(host: host, check: check)
    (self.verdict, self.reason, self.subject) = (verdict, reason, subject)
    (self.observedAt, self.run, self.overIPv4) = (observedAt, run, overIPv4)
    (self.holds, self.since) = (holds, since)
    (self.pendingRounds, self.pendingSince) = (pendingRounds, pendingSince)
  }

  /// Whether a change is not confirmed yet.
  public var isDoubtful: Bool { pendingRounds > 0 }

  /// The newest verdict as a row.
  public var row: CheckRow {
    CheckRow(
      host: host, check: check, subject: subject, verdict: verdict, reason: reason, observedAt: observedAt)
  }

  /// Takes what a round says. The first time it is believed at once, for there is nothing it would change.
  ///
  /// - Parameters:
  ///   - row: the worst row of the check.
  ///   - run: the id of the round.
  ///   - now: when the round ended.
  ///   - rounds: how many in a row confirm a change.
  /// - Returns: the change that this confirms.
  public mutating func see(
    _ row: CheckRow, overIPv4: Bool? = nil, in run: String, at now: Timestamp, confirmAfter rounds: Int
  ) -> Change? {
    (verdict, reason, subject) = (row.verdict, row.reason, row.subject)
    (observedAt, self.run, self.overIPv4) = (row.observedAt, run, overIPv4)
    let says: Bool? =
      switch row.verdict {
      case .pass: true
      case .fail: false
      case .unknown, .na, .exempt: nil
      }
    guard let says else { return nil }
    guard let holds else {
      (self.holds, since) = (says, now)
      return nil
    }
    guard says != holds else {
      (pendingRounds, pendingSince) = (0, nil)
      return nil
    }
    let began = pendingSince ?? now
    pendingRounds += 1
    pendingSince = began
    guard pendingRounds >= rounds else { return nil }
    (self.holds, since) = (says, began)
    (pendingRounds, pendingSince) = (0, nil)
    return Change(
      host: host, check: check, holds: says, reason: row.reason, since: began, confirmedAt: now, run: run)
  }
}

/// A change that several rounds in a row confirmed.
public struct Change: Sendable, Hashable {
  /// The host.
  public let host: String
  /// The check.
  public let check: CheckID
  /// Whether it holds now.
  public let holds: Bool
  /// Why, as of the round that confirmed it.
  public let reason: Reason
  /// The round that said so first.
  public let since: Timestamp
  /// The round that confirmed it.
  public let confirmedAt: Timestamp
  /// Its id.
  public let run: String

  /// A change.
  public init(
    host: String, check: CheckID, holds: Bool, reason: Reason, since: Timestamp, confirmedAt: Timestamp,
    run: String
  ) {
    (self.host, self.check, self.holds, self.reason) = (host, check, holds, reason)
    (self.since, self.confirmedAt, self.run) = (since, confirmedAt, run)
  }
}
