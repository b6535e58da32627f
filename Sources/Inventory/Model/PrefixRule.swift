import Observations
import Wire

/// A registered prefix.
public struct PrefixRule: Sendable, Hashable {
  /// The prefix; no two rules have the same one.
  public var prefix: Prefix
  /// The agency it is registered to, if any.
  public var agency: String?
  /// Where it is used, as written; empty if not given.
  public var site: String
  /// Whether its addresses may be probed; `allow` if not given.
  public var rule: ScopeRule
  /// What it is for, as written; empty if not given.
  public var description: String
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// A registered prefix.
  public init(
    prefix: Prefix, agency: String? = nil, site: String = "", rule: ScopeRule = .allow,
    description: String = "", extra: [ExtraCell] = []
  ) {
    self.prefix = prefix
    self.agency = agency
    self.site = site
    self.rule = rule
    self.description = description
    self.extra = extra
  }
}
