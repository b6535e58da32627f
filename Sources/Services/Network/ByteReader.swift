import NIOCore
import Observations

/// Reads lines and counted bytes from a connection, and never more than a set number in all.
struct ByteReader {
  private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private var buffer = ByteBuffer()
  private var budget: Int
  private let phase: HandshakePhase

  /// A reader that takes at most `limit` bytes from the connection.
  init(_ stream: Stream<ByteBuffer, ByteBuffer>, limit: Int, phase: HandshakePhase = .exchange) {
    iterator = stream.inbound.makeAsyncIterator()
    budget = limit
    self.phase = phase
  }

  /// Whether all that has come was read.
  var isEmpty: Bool { buffer.readableBytes == 0 }

  /// A line without its LF or CRLF; one longer than `limit` bytes is a violation.
  mutating func line(limit: Int) async throws -> [UInt8] {
    while true {
      let view = buffer.readableBytesView
      if let end = view.firstIndex(of: UInt8(ascii: "\n")) {
        let length = end - view.startIndex
        guard length <= limit else { break }
        var line = buffer.readBytes(length: length) ?? []
        buffer.moveReaderIndex(forwardBy: 1)
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
      }
      guard view.count <= limit else { break }
      try await more()
    }
    throw NetworkFailure.violation(phase, "a line of more than \(limit) bytes")
  }

  /// Exactly `count` bytes.
  mutating func bytes(_ count: Int) async throws -> [UInt8] {
    while buffer.readableBytes < count { try await more() }
    return buffer.readBytes(length: count) ?? []
  }

  private mutating func more() async throws {
    guard let chunk = try await iterator.next() else { throw NetworkFailure.closedEarly(phase) }
    budget -= chunk.readableBytes
    guard budget >= 0 else { throw NetworkFailure.violation(phase, "more bytes than the protocol needs") }
    buffer.discardReadBytes()
    buffer.writeImmutableBuffer(chunk)
  }
}

extension Stream where Outbound == ByteBuffer {
  /// Writes all of `bytes`.
  func send(_ bytes: some Sequence<UInt8>) async throws {
    try await outbound.write(ByteBuffer(bytes: bytes))
  }
}
