import NIOCore
import NIOSSL
import Synchronization

/// What was said in one conversation, bounded: the beginning of what each side sent, below TLS only where there is
/// none.
///
/// Bound to the task that holds the conversation (`Transcript.$current`), so that protocols need not know of it.
public final class Transcript: Sendable {
  /// The transcript of the current task's conversation, if one is kept.
  @TaskLocal public static var current: Transcript?

  /// The most bytes that are kept of each side.
  public static let limit = 8 << 10
  /// The most bytes of text that several conversations in one take.
  public static let textLimit = 32 << 10

  /// Who said something.
  public enum Side: String, Sendable {
    case sent = ">"
    case received = "<"
  }

  fileprivate struct State: Sendable {
    var said: [(side: Side, bytes: [UInt8])] = []
    var counts: [Side: Int] = [:]
    /// What parts of it said, as text.
    var parts: [UInt8] = []
    var partsLeftOut = 0
  }

  private let state = Mutex(State())

  /// An empty transcript.
  public init() {}

  /// Whether nobody has said anything.
  public var isEmpty: Bool { state.withLock { $0.said.isEmpty && $0.parts.isEmpty } }

  /// Adds what a side said.
  func add(_ side: Side, _ bytes: some Collection<UInt8>) {
    state.withLock { state in
      let before = state.counts[side, default: 0]
      state.counts[side] = before + bytes.count
      let kept = Array(bytes.prefix(max(0, Self.limit - before)))
      if kept.isEmpty { return }
      if state.said.last?.side == side {
        state.said[state.said.count - 1].bytes += kept
      } else {
        state.said.append((side, kept))
      }
    }
  }

  /// Holds a conversation that is a part of the current one.
  static func part<Result>(_ heading: String, _ body: () async -> Result) async -> Result {
    guard let whole = current else { return await body() }
    let part = Transcript()
    let result = await $current.withValue(part) { await body() }
    whole.add(Array("-- \(heading)\n".utf8) + part.state.withLock { $0.text })
    return result
  }

  /// Adds a conversation of binary messages that is a part of this one, and what it was about: each side's message
  /// in one line.
  public func add(_ heading: String, _ part: Transcript) {
    var text = Array("-- \(heading)\n".utf8)
    part.state.withLock { part in
      for (side, bytes) in part.said {
        text += side.mark
        text.appendEscaped(bytes)
        text.append(0x0a)
      }
    }
    add(text)
  }

  private func add(_ text: [UInt8]) {
    state.withLock { state in
      guard state.parts.count + text.count <= Self.textLimit else {
        state.partsLeftOut += 1
        return
      }
      state.parts += text
    }
  }

  /// The conversation as text: each line behind `> ` (sent) or `< ` (received), bytes other than printable ASCII
  /// escaped, values of headers that hold secrets left out.
  public var text: String { state.withLock { String(decoding: $0.text, as: UTF8.self) } }
}

extension Transcript.Side {
  /// What stands before its lines.
  fileprivate var mark: String.UTF8View { (rawValue + " ").utf8 }
}

// Every conversation of a run is written down, and few are read: so as bytes, which is several times as fast as text.
extension Transcript.State {
  fileprivate var text: [UInt8] {
    var text = parts
    text.reserveCapacity(parts.count + said.reduce(256) { $0 + $1.bytes.count * 5 / 4 })
    for (side, bytes) in said {
      var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      if lines.last?.isEmpty ?? false { lines.removeLast() }
      for line in lines {
        text += side.mark
        text.appendLine(line.last == 0x0d ? line.dropLast() : line)
        text.append(0x0a)
      }
    }
    for side in [Transcript.Side.sent, .received] {
      let rest = counts[side, default: 0] - Transcript.limit
      if rest > 0 { text += "\(side.rawValue) (\(rest) more bytes left out)\n".utf8 }
    }
    if partsLeftOut > 0 { text += "-- (\(partsLeftOut) more conversations left out)\n".utf8 }
    return text
  }
}

extension [UInt8] {
  /// Headers whose values would let their reader into somebody's session, lower case.
  private static let secretHeaders = [
    "set-cookie:", "cookie:", "authorization:", "proxy-authorization:", "authentication-info:", "auth ",
  ]

  /// Appends a line escaped, and of a header that holds a secret only its name.
  fileprivate mutating func appendLine(_ line: ArraySlice<UInt8>) {
    let header = Self.secretHeaders.first { header in
      line.count >= header.utf8.count
        && zip(line, header.utf8).allSatisfy { $0 == $1 || ($0 | 0x20 == $1 && $1 >= 0x61 && $1 <= 0x7a) }
    }
    guard let header else { return appendEscaped(line) }
    self += line.prefix(header.utf8.count)
    self += " (left out)".utf8
  }

  /// Appends bytes, all but printable ASCII escaped.
  fileprivate mutating func appendEscaped(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      switch byte {
      case 0x5c: self += [0x5c, 0x5c]
      case 0x09: self += [0x5c, UInt8(ascii: "t")]
      case 0x20...0x7e: append(byte)
      default:
        append(0x5c)
        append(UInt8(ascii: "x"))
        append(Self.digit(byte >> 4))
        append(Self.digit(byte & 15))
      }
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}

/// Writes down what passes through a channel.
final class TranscriptHandler: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let transcript: Transcript

  private init(_ transcript: Transcript) { self.transcript = transcript }

  /// Puts one into a channel whose pipeline is set up: above TLS if there is any, else at the socket.
  static func add(_ transcript: Transcript, to channel: any Channel) throws {
    let pipeline = channel.pipeline.syncOperations
    let handler = TranscriptHandler(transcript)
    if let tls = try? pipeline.handler(type: NIOSSLClientHandler.self) {
      try pipeline.addHandler(handler, position: .after(tls))
    } else {
      try pipeline.addHandler(handler, position: .first)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    transcript.add(.received, unwrapInboundIn(data).readableBytesView)
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    transcript.add(.sent, unwrapOutboundIn(data).readableBytesView)
    context.write(data, promise: promise)
  }
}
