import CLinux
import Glibc

/// A fixed set of descriptors to wait on. One allocation, made once.
struct PollSet {
  private var descriptors: [pollfd]

  init(_ numbers: [Int32]) {
    descriptors = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  }

  /// Waits until one of them is readable, at most `nanoseconds`; for ever if `nil`.
  ///
  /// An interrupted wait returns early, like one that found something: the caller looks at everything anyway.
  mutating func wait(nanoseconds: UInt64?) {
    let timeout = nanoseconds.map { Int64(clamping: $0) } ?? -1
    _ = clinux_wait(&descriptors, UInt32(descriptors.count), timeout)
  }

  /// Whether descriptor `index` was found readable, failed or closed by the last wait.
  func isReady(_ index: Int) -> Bool { descriptors[index].revents != 0 }
}
