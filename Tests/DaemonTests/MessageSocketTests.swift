import Foundation
import Glibc
import Testing

@testable import Daemon

/// What the processes of the daemon tell each other.
struct MessageSocketTests {
  /// A network that fails in the middle of a round leaves every host of it in doubt, and the worker names them all.
  @Test(arguments: [1, 60_000, 70_000, 5_000_000]) func messagesOfAnyLengthArrive(length: Int) throws {
    let (one, other) = try MessageSocket.pair()
    let text = String(repeating: "a", count: length)
    for _ in 0..<3 { try one.send([text]) }
    for _ in 0..<3 {
      let received = try #require(try other.receive([String].self, inFiles: true))
      #expect(received.message == [text] && received.descriptors.isEmpty)
    }
  }

  /// A stranger at the control socket could send a file whose reading never ends.
  @Test func filesAreTakenOnlyWhereTheyAreExpected() throws {
    let (one, other) = try MessageSocket.pair()
    try one.send([String(repeating: "a", count: 70_000)])
    #expect(throws: DaemonError.self) { try other.receive([String].self) }
  }

  @Test func whatIsTooLongBesideDescriptorsIsRefused() throws {
    let (one, _) = try MessageSocket.pair()
    #expect(throws: DaemonError.self) { try one.send([String(repeating: "a", count: 70_000)], [0]) }
  }

  /// A descriptor's number goes to the next one that is opened, at once: who watched the old one must have let go of it by
  /// then, or the new one is watched by nobody (epoll(7), Q6). That took some 3,000 turns to happen.
  @Test(.timeLimit(.minutes(10))) func whatTakesOverADescriptorIsHeard() async throws {
    for turn in 0..<20_000 {
      do {
        let (ended, other) = try MessageSocket.pair()
        try other.send([turn])
        await ended.readable()
      }
      let (next, other) = try MessageSocket.pair()
      try other.send([turn])
      var messages = next.messages(of: [Int].self).makeAsyncIterator()
      try #require(await messages.next()?.message == [turn])
    }
  }

  /// A worker's end of its socket may have gone to a process that outlives it: its round is over all the same.
  @Test(.timeLimit(.minutes(10))) func aProcessThatHasEndedHasSaidAll() async throws {
    let (mine, theirs) = try MessageSocket.pair()
    let (process, end) = try MessageSocket.pair()
    mine.endReading(with: process)
    for number in 0..<3 { try theirs.send([number]) }
    shutdown(end.descriptor, Int32(SHUT_RDWR))
    var heard: [Int] = []
    for await (message, _) in mine.messages(of: [Int].self) { heard += message }
    #expect(heard == [0, 1, 2])
    withExtendedLifetime(theirs) {}
  }

  /// A worker tells how its round ended and is gone, before the daemon has read the last that it told.
  @Test(.timeLimit(.minutes(10)), arguments: 1...20)
  func messagesOfAnEndThatIsClosedAreReadToTheLast(count: Int) async throws {
    let (mine, theirs) = try MessageSocket.pair()
    for number in 0..<count { try theirs.send([number]) }
    shutdown(theirs.descriptor, Int32(SHUT_RDWR))
    var heard: [Int] = []
    for await (message, _) in mine.messages(of: [Int].self) { heard += message }
    #expect(heard == Array(0..<count))
    withExtendedLifetime(theirs) {}
  }
}
