import Synchronization
import Testing

@testable import PacketIO

/// Nobody sends before somebody listens, and nobody waits for ever.
@Suite struct SweepEarsTests {
  /// What was opened, and how many were let go.
  private final class Log: Sendable {
    let opened = Mutex<[String]>([])
    let released = Atomic(0)
  }

  /// Threads that ask for an interface each, as senders do.
  private static func ask(_ ears: SweepEars, for names: [String], _ log: Log) throws {
    for name in names {
      try DedicatedThread("test-ears") {
        try? ears.listen(on: [name])
        log.released.wrappingAdd(1, ordering: .sequentiallyConsistent)
      }.detach()
    }
  }

  /// Answers requests until all senders were let go; for two seconds at most.
  private static func serve(
    _ ears: SweepEars, _ log: Log, until count: Int, _ open: (String) throws(PacketIOError) -> Void
  ) throws(PacketIOError) {
    var poll = PollSet([ears.wakeup.descriptor])
    for _ in 0..<200 where log.released.load(ordering: .sequentiallyConsistent) < count {
      poll.wait(nanoseconds: 10_000_000)
      try ears.open { name throws(PacketIOError) in
        try open(name)
        log.opened.withLock { $0.append(name) }
      }
    }
  }

  @Test("a capture is opened once, however many senders ask for it, and again for the next list")
  func once() throws {
    let (ears, log) = (try SweepEars(), Log())
    try Self.ask(ears, for: ["one", "two", "one", "one"], log)
    try Self.serve(ears, log, until: 4) { _ throws(PacketIOError) in }
    #expect(log.opened.withLock { $0.sorted() } == ["one", "two"])
    // What is live is not waited for.
    try ears.listen(on: ["one", "two"])
    ears.forget()
    try Self.ask(ears, for: ["two"], log)
    try Self.serve(ears, log, until: 5) { _ throws(PacketIOError) in }
    #expect(log.opened.withLock { $0.sorted() } == ["one", "two", "two"])
    #expect(log.released.load(ordering: .sequentiallyConsistent) == 5)
  }

  @Test("a capture that cannot be opened ends the sweep and lets its senders go")
  func failure() throws {
    let (ears, log) = (try SweepEars(), Log())
    try Self.ask(ears, for: ["one"], log)
    let failure = PacketIOError.captureFailed(interface: "one", reason: "test")
    #expect(throws: failure) {
      try Self.serve(ears, log, until: 1) { _ throws(PacketIOError) in throw failure }
    }
    ears.close()
    try Self.ask(ears, for: ["one", "three"], log)
    for _ in 0..<200 where log.released.load(ordering: .sequentiallyConsistent) < 3 {
      var poll = PollSet([])
      poll.wait(nanoseconds: 10_000_000)
    }
    #expect(log.released.load(ordering: .sequentiallyConsistent) == 3)
  }
}
