/// Where a file's bytes come from, a piece at a time.
package protocol ByteSource: AnyObject {
  /// Overwrites `buffer` from `start` with the next bytes; the number of them, 0 at the end.
  func read(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int
}

/// Bytes that are already in memory, handed out `step` at a time.
package final class MemoryBytes: ByteSource {
  private let bytes: [UInt8]
  private let step: Int
  private var position = 0

  package init(_ bytes: [UInt8], step: Int = .max) {
    self.bytes = bytes
    self.step = step
  }

  package func read(into buffer: inout [UInt8], from start: Int) -> Int {
    let count = min(step, bytes.count - position, buffer.count - start)
    buffer.replaceSubrange(start..<start + count, with: bytes[position..<position + count])
    position += count
    return count
  }
}
