import Inventory
import Observations

/// One change of the declared inventory as a whole: an import, or what a person accepted at once.
public struct Revision: Sendable, Hashable {
  /// From 1 upwards.
  public let number: Int64
  /// When it was made.
  public let at: Timestamp
  /// Who made it: a name as given, or that of the account.
  public let by: String
  /// Where its rows came from, as given: a file, a directory, a discovery.
  public let source: String
  /// Rows that it added.
  public let added: Int
  /// Rows that it changed.
  public let changed: Int
  /// Rows that it removed.
  public let removed: Int
}

/// What a revision does to one row.
public struct RowChange: Sendable, Hashable {
  /// The row before it; `nil` where it adds the row.
  public let before: RowText?
  /// The row after it; `nil` where it removes the row.
  public let after: RowText?

  /// A change; one of them is there.
  public init(before: RowText?, after: RowText?) { (self.before, self.after) = (before, after) }
}

/// A change of one row as its life has it.
public struct DatedChange: Sendable, Hashable {
  /// The revision that made it.
  public let revision: Revision
  /// What it did.
  public let change: RowChange
}

/// What is to become the declared inventory.
public struct Declaration: Sendable {
  /// Who declares it.
  public var by: String
  /// Where it comes from.
  public var source: String
  /// When.
  public var at: Timestamp
  /// Whether only to find out what it would change.
  public var isTrial: Bool

  /// A declaration.
  public init(by: String, source: String, at: Timestamp, isTrial: Bool = false) {
    (self.by, self.source, self.at, self.isTrial) = (by, source, at, isTrial)
  }
}
