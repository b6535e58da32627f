import Wire

extension Reconciliation.Difference {
  /// What kind of difference it is, in a word.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case undeclared
    case neverSeen = "never-seen"
    case addresses
    case interface
    case names
    case shared
    case outside
    case unregistered
  }

  /// Its kind.
  public var kind: Kind {
    switch self {
    case .undeclared: .undeclared
    case .neverSeen: .neverSeen
    case .addresses: .addresses
    case .interface: .interface
    case .names: .names
    case .shared: .shared
    case .outside: .outside
    case .unregistered: .unregistered
    }
  }

  /// What it is about: the id of the declared or the proposed host, the first address of one that is several hosts', or a prefix.
  public var subject: String {
    switch self {
    case .undeclared(_, let proposed): proposed.id
    case .neverSeen(let host), .addresses(let host, _, _), .interface(let host, _, _), .names(let host, _),
      .outside(let host, _):
      host
    case .shared(let host, _): host.addresses[0].description
    case .unregistered(let prefix, _): prefix.description
    }
  }

  /// Whether it says what the row should be, so that it can be accepted.
  public var isAcceptable: Bool {
    switch self {
    case .undeclared, .addresses, .names: true
    case .interface(_, _, let observed): observed.count == 1
    case .neverSeen, .shared, .outside, .unregistered: false
    }
  }
}
