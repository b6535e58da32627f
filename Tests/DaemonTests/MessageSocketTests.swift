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
}
