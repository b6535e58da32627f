import Observations
import Store

/// The store that keeps what was seen. It is held for as long as it is written to, and no longer: the service may measure into
/// it while a link is listened to for hours.
struct DiscoverStore: Sendable {
  let path: String

  /// Sees that it is a store that can be written to, before anybody is asked; makes it if it is not there.
  init(path: String) async throws {
    self.path = path
    var patience = 50
    while true {
      do throws(StoreError) {
        _ = try Store(path: path)
        return
      } catch {
        guard case .locked = error else { throw CommandFailure(error.status, error) }
        // Another writer's, and whole; or one that is being made.
        if (try? Store.openForReading(path: path)) != nil { return }
        patience -= 1
        if patience == 0 { throw CommandFailure(error.status, error) }
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// The same to be read.
  func reading() throws -> Store {
    do throws(StoreError) { return try Store.openForReading(path: path) } catch {
      throw CommandFailure(error.status, error)
    }
  }

  /// What was seen before.
  func observed() throws -> [ObservedTrait] {
    var traits: [ObservedTrait] = []
    let store = try reading()
    do throws(StoreError) {
      try store.eachObserved(since: Timestamp(microseconds: 0)) { traits.append($0) }
    } catch {
      throw CommandFailure(error.status, error)
    }
    return traits
  }

  /// Keeps what is handed over; waits for another writer to end.
  func keep(_ each: @escaping @Sendable ((ObservedTrait) throws -> Void) throws -> Void) async throws {
    let end = try await Interruption.guarding {
      var hasTold = false
      while !Task.isCancelled {
        do throws(StoreError) {
          try Store(path: path).observe(each)
          return true
        } catch {
          guard case .locked = error else { throw CommandFailure(error.status, error) }
          if !hasTold { Terminal.complain("note: \(error); waiting for it to end") }
          hasTold = true
        }
        try? await Task.sleep(for: .seconds(1))
      }
      return false
    }
    guard end.result else {
      throw CommandFailure(.cannotMeasure, "\(path): another writer has it; what was seen was not kept")
    }
  }
}
