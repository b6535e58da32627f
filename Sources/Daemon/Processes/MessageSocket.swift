import CLinux
@preconcurrency import Dispatch
import Foundation
import Glibc

/// One end of a socket between two processes of this program, which keeps messages apart (SOCK_SEQPACKET) and can carry
/// descriptors. Messages are JSON; what is not is refused.
final class MessageSocket: Sendable {
  let descriptor: Int32

  /// The longest message. What is longer goes in a file in memory beside one that stands for it.
  static let capacity = 64 << 10
  /// The longest in a file: many times what is said about a million hosts in doubt.
  static let fileCapacity = 256 << 20

  /// Takes over a descriptor.
  init(owning descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Two ends.
  static func pair() throws(DaemonError) -> (MessageSocket, MessageSocket) {
    var descriptors: [Int32] = [-1, -1]
    let status = clinux_socket_pair(&descriptors)
    guard status == 0 else { throw Self.failure("make a pair of sockets", -status) }
    return (MessageSocket(owning: descriptors[0]), MessageSocket(owning: descriptors[1]))
  }

  /// Sends a message; descriptors are copied, not given away. One that is too long for the socket goes in a file, which only
  /// a receiver that says so takes.
  func send(_ message: some Encodable, _ descriptors: [Int32] = []) throws(DaemonError) {
    let bytes: Data
    do { bytes = try JSONEncoder().encode(message) } catch {
      throw DaemonError("a message", why: "\(error)", remedy: "report this as a fault of the program")
    }
    guard bytes.count > Self.capacity else { return try send(bytes: bytes, descriptors) }
    guard descriptors.isEmpty else { throw Self.failure("send to another process", EMSGSIZE) }
    let file = try MemoryFile.make(bytes)
    defer { close(file) }
    try send(bytes: Data(Self.inFile), [file])
  }

  private func send(bytes: Data, _ descriptors: [Int32]) throws(DaemonError) {
    let status = bytes.withUnsafeBytes {
      clinux_send_descriptors(
        descriptor, $0.baseAddress, $0.count, descriptors, UInt32(descriptors.count))
    }
    guard status == bytes.count else { throw Self.failure("send to another process", Int32(-status)) }
  }

  /// What stands for a message in a file: no JSON.
  private static let inFile: [UInt8] = [0]

  /// Waits for the next message; `nil` when the other end is closed.
  ///
  /// - Parameter inFiles: whether messages may come in files, which only a process of one's own is to be trusted with.
  func receive<Message: Decodable>(
    _ type: Message.Type, inFiles: Bool = false
  ) throws(DaemonError) -> (message: Message, descriptors: [Int32])? {
    var bytes = [UInt8](repeating: 0, count: Self.capacity)
    var descriptors = [Int32](repeating: -1, count: 8)
    var count: UInt32 = 0
    var status: Int64
    repeat {
      status = clinux_receive_descriptors(descriptor, &bytes, bytes.count, &descriptors, &count)
    } while status == Int64(-EINTR)
    if status == 0 || status == Int64(-ECONNRESET) { return nil }
    guard status > 0 else { throw Self.failure("receive from another process", Int32(-status)) }
    var received = Array(descriptors.prefix(Int(count)))
    var content = Data(bytes[..<Int(status)])
    if inFiles, content.elementsEqual(Self.inFile), received.count == 1 {
      let file = received.removeFirst()
      defer { close(file) }
      content = try MemoryFile.contents(of: file, upTo: Self.fileCapacity)
    }
    do {
      return (try JSONDecoder().decode(type, from: content), received)
    } catch {
      for descriptor in received { close(descriptor) }
      throw DaemonError("a message", why: "\(error)", remedy: "run both processes from the same version")
    }
  }

  /// Messages as they come, until the other end is closed or sends what is none. Nothing waits in a thread for them.
  func messages<Message: Decodable & Sendable>(
    of type: Message.Type = Message.self, inFiles: Bool = false
  ) -> AsyncStream<(message: Message, descriptors: [Int32])> {
    AsyncStream { continuation in
      let watch = watch { [self] in
        // All there is: once the other end is closed, libdispatch on Linux calls this once and never again, however many
        // messages are still to be read.
        while canBeRead {
          guard let next = try? receive(type, inFiles: inFiles) else { return continuation.finish() }
          if case .terminated = continuation.yield(next) {
            for descriptor in next.descriptors { close(descriptor) }
          }
        }
      }
      continuation.onTermination = { _ in watch.cancel() }
      watch.resume()
    }
  }

  /// Whether `receive` would not wait.
  private var canBeRead: Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) > 0
  }

  /// Returns when something can be read, or the other end is closed.
  func readable() async {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let watch = watch {}
      watch.setEventHandler { watch.cancel() }
      watch.setCancelHandler { [self] in withExtendedLifetime(self) { continuation.resume() } }
      watch.resume()
    }
  }

  /// Ends what is read here once a process has ended, whoever still holds the other end. What it has sent is read before
  /// (unix(7): shutdown leaves what is in the queue).
  func endReading(with process: MessageSocket) {
    Task {
      await process.readable()
      shutdown(descriptor, Int32(SHUT_RD))
    }
  }

  /// Calls `handler` whenever something can be read, once it is resumed.
  ///
  /// libdispatch knows what it watches by the descriptor's number. One that were closed before it has let go, which it does
  /// some time after `cancel`, would leave the next socket of that number watched by nobody: so this one stays open until then.
  func watch(_ handler: @escaping @Sendable () -> Void) -> any DispatchSourceRead {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler(handler: handler)
    source.setCancelHandler { [self] in withExtendedLifetime(self) {} }
    return source
  }

  static func failure(_ operation: String, _ code: Int32) -> DaemonError {
    DaemonError("cannot \(operation)", why: String(cString: strerror(code)), remedy: "see the system's log")
  }
}
