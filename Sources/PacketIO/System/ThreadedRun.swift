/// A run that blocks, in a thread of its own, awaited from a task.
enum ThreadedRun {
  /// Runs `body` and waits for what comes of it. Cancelling the task asks it to stop.
  static func result<Value: Sendable>(
    _ name: StaticString, _ body: @escaping @Sendable (StopRequest) throws(PacketIOError) -> Value
  ) async throws(PacketIOError) -> Value {
    let stop = try StopRequest()
    let result: Result<Value, PacketIOError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let start = Result { () throws(PacketIOError) in
          try DedicatedThread(name) {
            continuation.resume(returning: Result { () throws(PacketIOError) in try body(stop) })
          }.detach()
        }
        if case .failure(let error) = start { continuation.resume(returning: .failure(error)) }
      }
    } onCancel: {
      stop.make()
    }
    return try result.get()
  }
}
