import GRDB
import Observations

extension Store {
  /// Keeps what was seen of addresses, all of it or nothing, beside what was seen before.
  public func observe(_ traits: some Sequence<ObservedTrait>) throws(StoreError) {
    try write { db in for trait in traits { try ObservedRow.enter(trait, into: db) } }
  }

  /// What was seen after a moment, address by address.
  public func eachObserved(
    since moment: Timestamp, _ body: (ObservedTrait) throws -> Void
  ) throws(StoreError) {
    try read { try ObservedRow.each(since: moment, from: $0, body) }
  }
}
