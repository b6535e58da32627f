import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Runs work that SIGINT and SIGTERM cancel: the first signal lets it finish what is on the wire and keep what
/// is known, a second one ends the program at once.
enum Interruption {
  /// The result of `work`, and the signal that cancelled it, if one did.
  static func guarding<Success: Sendable>(
    _ work: @escaping @Sendable () async throws -> Success
  ) async throws -> (result: Success, signal: Int32?) {
    let task = Task { try await work() }
    let caught = Mutex<Int32?>(nil)
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let isSecond = caught.withLock { caught in
          defer { caught = number }
          return caught != nil
        }
        if isSecond { Terminal.exit(ExitStatus(code: 128 + number)) }
        task.cancel()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    let result = try await task.value
    return (result, caught.withLock { $0 })
  }
}
