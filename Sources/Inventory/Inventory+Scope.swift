import Observations
import Wire

extension Inventory {
  /// The addresses that may be probed: the rules of `prefixes.csv`, or, when it has none, exactly the
  /// declared addresses.
  public func scope() -> Scope {
    guard prefixes.isEmpty else {
      return Scope(prefixes.lazy.map { ($0.prefix, $0.rule) })
    }
    return Scope(hosts.lazy.flatMap(\.addresses).map { (Prefix(only: $0), ScopeRule.allow) })
  }
}
