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

  private struct State: Sendable {
    var said: [(side: Side, bytes: [UInt8])] = []
    var counts: [Side: Int] = [:]
    var parts: [String] = []
    var textCount = 0
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
    whole.add("-- \(heading)\n" + part.text)
    return result
  }

  /// Adds a conversation of binary messages that is a part of this one, and what it was about: each side's message
  /// in one line.
  public func add(_ heading: String, _ part: Transcript) {
    let lines = part.state.withLock { part in
      part.said.map { "\($0.side.rawValue) \(Self.escaped($0.bytes))\n" }
    }
    add("-- \(heading)\n" + lines.joined())
  }

  private func add(_ text: String) {
    state.withLock { state in
      guard state.textCount + text.utf8.count <= Self.textLimit else {
        state.partsLeftOut += 1
        return
      }
      state.parts.append(text)
      state.textCount += text.utf8.count
    }
  }

  /// The conversation as text: each line behind `> ` (sent) or `< ` (received), bytes other than printable ASCII
  /// escaped, values of headers that hold secrets left out.
  public var text: String {
    state.withLock { state in
      var lines: [String] = []
      for (side, bytes) in state.said {
        lines += Self.lines(bytes).map { "\(side.rawValue) \($0)" }
      }
      for side in [Side.sent, .received] {
        let rest = state.counts[side, default: 0] - Self.limit
        if rest > 0 { lines.append("\(side.rawValue) (\(rest) more bytes left out)") }
      }
      if state.partsLeftOut > 0 { lines.append("-- (\(state.partsLeftOut) more conversations left out)") }
      return state.parts.joined() + lines.map { $0 + "\n" }.joined()
    }
  }

  /// Headers whose values would let their reader into somebody's session, lower case.
  private static let secretHeaders = [
    "set-cookie:", "cookie:", "authorization:", "proxy-authorization:", "authentication-info:", "auth ",
  ]

  private static func lines(_ bytes: [UInt8]) -> [String] {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines.map { line in
      let text = escaped(line.last == 0x0d ? line.dropLast() : line)
      let lower = text.lowercased()
      guard let header = secretHeaders.first(where: { lower.hasPrefix($0) }) else { return text }
      return text.prefix(header.count) + " (left out)"
    }
  }

  private static func escaped(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      switch byte {
      case 0x5c: text += "\\\\"
      case 0x09: text += "\\t"
      case 0x20...0x7e: text.unicodeScalars.append(UnicodeScalar(byte))
      default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text
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
