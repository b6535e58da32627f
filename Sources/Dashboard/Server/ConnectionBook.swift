import NIOCore
import Synchronization

/// The connections that are open, over all sockets, and which of them have a request in work.
final class ConnectionBook: Sendable {
  private struct Entry {
    let channel: any Channel
    /// Since when no request is in work; `nil` while one is.
    var idleSince: NIODeadline?
  }

  private let limit: Int
  private let open = Mutex<[ObjectIdentifier: Entry]>([:])

  /// A book for at most `limit` of them.
  init(limit: Int) { self.limit = limit }

  /// Notes a new one until it is closed. If there are too many, the one that has had no request in work for longest goes for
  /// it, so that those who only hold connections keep nobody out; `false` if each has one.
  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    var gone: (any Channel)?
    let isAdmitted = open.withLock { open in
      if open.count >= limit {
        let idle = open.compactMap { id, entry in entry.idleSince.map { (id: id, since: $0) } }
        guard let longest = idle.min(by: { $0.since < $1.since }) else { return false }
        gone = open.removeValue(forKey: longest.id)?.channel
      }
      open[id] = Entry(channel: channel, idleSince: .now())
      return true
    }
    if let gone { Door.cut(gone) }
    if isAdmitted {
      channel.closeFuture.whenComplete { _ in self.open.withLock { _ = $0.removeValue(forKey: id) } }
    }
    return isAdmitted
  }

  /// A request is in work from now on; `false` if the connection has gone for another just now.
  func begin(_ channel: any Channel) -> Bool {
    open.withLock { open in
      guard open[ObjectIdentifier(channel)] != nil else { return false }
      open[ObjectIdentifier(channel)]?.idleSince = nil
      return true
    }
  }

  /// Every request of the connection has its answer.
  func rest(_ channel: any Channel) {
    open.withLock { $0[ObjectIdentifier(channel)]?.idleSince = .now() }
  }

  /// Lets each finish what it is answering, and no more.
  func quiesce() {
    for channel in all { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
  }

  /// Closes all.
  func close() {
    for channel in all { channel.close(promise: nil) }
  }

  private var all: [any Channel] { open.withLock { $0.values.map(\.channel) } }
}

/// Between the socket and all other handlers. What closes here is closed at once; TLS would wait for the client to agree, and
/// one that opens connections quickly would have more of them than there may be.
final class Door: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// Closes a connection.
  static func cut(_ channel: any Channel) {
    channel.eventLoop.execute {
      try? channel.pipeline.syncOperations.context(handlerType: Door.self).close(promise: nil)
    }
  }
}

/// How many requests are being answered.
final class RequestCount: Sendable {
  private let limit: Int
  private let count = Mutex(0)

  /// A count up to `limit`.
  init(limit: Int) { self.limit = limit }

  /// Counts one more; `false` if there are too many.
  func enter() -> Bool {
    count.withLock { count in
      if count >= limit { return false }
      count += 1
      return true
    }
  }

  /// Counts one less.
  func leave() { count.withLock { $0 -= 1 } }
}
