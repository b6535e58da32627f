import GRDB
import Observations

extension Store {
  /// Keeps what was seen of addresses, all of it or nothing, beside what was seen before.
  public func observe(_ traits: some Sequence<ObservedTrait>) throws(StoreError) {
    try observe { take in for trait in traits { try take(trait) } }
  }

  /// The same of what is handed over one by one.
  public func observe(_ each: ((ObservedTrait) throws -> Void) throws -> Void) throws(StoreError) {
    try write { db in try each { try ObservedRow.enter($0, into: db) } }
  }

  /// What was seen after a moment, address by address.
  public func eachObserved(
    since moment: Timestamp, _ body: (ObservedTrait) throws -> Void
  ) throws(StoreError) {
    try read { try ObservedRow.each(since: moment, from: $0, body) }
  }
}
