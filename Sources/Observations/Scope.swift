import Wire

/// Whether a registered prefix may be probed.
public enum ScopeRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// Addresses inside may be probed.
  case allow
  /// Addresses inside are never touched.
  case exclude
}

/// The addresses that may be touched: default deny, the most specific prefix wins, a tie excludes.
///
/// A pure value. Whoever puts a packet or a connection on the network asks it last, right before the socket.
public struct Scope: Sendable, Hashable {
  private var rules = PrefixTable<ScopeRule>()

  /// A scope that allows nothing.
  public init() {}

  /// A scope of these rules. Of two rules for the same prefix, `exclude` wins.
  public init(_ rules: some Sequence<(prefix: Prefix, rule: ScopeRule)>) {
    for (prefix, rule) in rules { insert(rule, for: prefix) }
  }

  /// Adds the rules of another scope; of two for the same prefix, `exclude` wins.
  public mutating func formUnion(_ other: Scope) {
    for (prefix, rule) in other.rules.byPrefix { insert(rule, for: prefix) }
  }

  /// Adds a rule. `allow` never replaces an `exclude` for the same prefix.
  public mutating func insert(_ rule: ScopeRule, for prefix: Prefix) {
    if rules.byPrefix[prefix] == .exclude { return }
    rules.set(rule, for: prefix)
  }

  /// The prefixes that have a rule, in order.
  public var prefixes: [Prefix] { rules.prefixes }

  /// Whether a packet or a connection may leave for `address`.
  public func allows(_ address: IPAddress) -> Bool {
    rules.mostSpecific(holding: address)?.value == .allow
  }
}
