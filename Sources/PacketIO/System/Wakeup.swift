import CLinux
import Glibc
import Synchronization

/// Something one thread waits for with `ppoll` and others bring about: an event descriptor.
final class Wakeup: Sendable {
  private let event: FileDescriptor

  init() throws(PacketIOError) { event = try FileDescriptor(clinux_eventfd(), "create an event") }

  /// To be polled for reading.
  var descriptor: Int32 { event.number }

  /// Makes the descriptor readable. Never blocks: the counter would have to be full, and then it is readable.
  func signal() {
    var one: UInt64 = 1
    _ = write(event.number, &one, MemoryLayout<UInt64>.size)
  }

  /// Makes the descriptor unreadable until the next signal.
  func reset() {
    var count: UInt64 = 0
    _ = read(event.number, &count, MemoryLayout<UInt64>.size)
  }
}

/// A request to stop that a waiting thread notices at once and a busy one at the next look.
final class StopRequest: Sendable {
  private let flag = Atomic(false)
  let wakeup: Wakeup

  init() throws(PacketIOError) { wakeup = try Wakeup() }

  /// Whether it was made.
  var isMade: Bool { flag.load(ordering: .acquiring) }

  func make() {
    flag.store(true, ordering: .releasing)
    wakeup.signal()
  }
}
