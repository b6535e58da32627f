import CLinux
import Glibc

/// A thread of its own for a loop that blocks, so that the cooperative pool never starves.
struct DedicatedThread: ~Copyable {
  private let thread: pthread_t

  /// Starts a thread. `name` (at most 15 bytes) is what `top -H` shows.
  init(_ name: StaticString, _ body: @escaping @Sendable () -> Void) throws(PacketIOError) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    // Balanced exactly once: by the new thread, or here if there is none.
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.name.withUTF8Buffer { name in
          // A StaticString's bytes end with a NUL.
          clinux_name_thread(UnsafeRawPointer(name.baseAddress)?.assumingMemoryBound(to: CChar.self))
        }
        clinux_precise_timers()
        start.body()
        return nil
      }, start.toOpaque())
    guard status == 0 else {
      start.release()
      throw SystemCall.error(status, "start a thread")
    }
    self.thread = thread
  }

  /// Waits until the thread's body has returned. To be called once, unless detached.
  func join() { pthread_join(thread, nil) }

  /// Lets the thread end by itself. To be called once, unless joined.
  func detach() { pthread_detach(thread) }

  private final class Start: Sendable {
    let name: StaticString
    let body: @Sendable () -> Void

    init(name: StaticString, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
