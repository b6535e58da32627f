import Observations
import Synchronization
import Wire

/// Asks the resolver for each name and type once, however many pages lead there.
final class NameBook: Sendable {
  private struct Question: Hashable {
    var name: String
    var type: RecordType
  }

  private static let capacity = 10_000

  private let resolver: Resolver?
  private let known = Mutex<[Question: Task<LookupOutcome, Never>]>([:])

  /// A book that asks this resolver; without one nothing is resolved.
  init(_ resolver: Resolver?) { self.resolver = resolver }

  /// The addresses of a name in one family.
  func lookup(_ name: String, _ family: AddressFamily) async -> LookupOutcome {
    guard let resolver else { return .unreachable("no resolver is known") }
    let question = Question(name: name, type: RecordType(family))
    let task = known.withLock { known in
      if let task = known[question] { return task }
      if known.count >= Self.capacity { known.removeAll() }
      let task = Task { await resolver.lookup(question.name, question.type) }
      known[question] = task
      return task
    }
    return await task.value
  }
}
