import NIOCore
import Synchronization

/// The connections that are open, over all sockets.
final class ConnectionBook: Sendable {
  private let limit: Int
  private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

  /// A book for at most `limit` of them.
  init(limit: Int) { self.limit = limit }

  /// Notes a new one until it is closed; `false` if there are too many.
  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let isAdmitted = open.withLock { open in
      if open.count >= limit { return false }
      open[id] = channel
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { _ in self.open.withLock { _ = $0.removeValue(forKey: id) } }
    }
    return isAdmitted
  }

  /// Lets each finish what it is answering, and no more.
  func quiesce() {
    for channel in all { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
  }

  /// Closes all.
  func close() {
    for channel in all { channel.close(promise: nil) }
  }

  private var all: [any Channel] { open.withLock { Array($0.values) } }
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
