import Inventory

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The bytes of a file in another encoding as UTF-8, by iconv(3). What has no meaning in that encoding is handed on as a byte
/// that is none of UTF-8, so that whoever reads the text says where it stands.
final class TranscodedBytes: ByteSource {
  private let source: any ByteSource
  private let converter: iconv_t
  private var raw = [UInt8](repeating: 0, count: 1 << 16)
  /// The bytes of `raw` that were not converted yet.
  private var next = 0
  private var end = 0
  private var hasEnded = false
  /// Bytes that belong together: one, or two of UTF-16.
  private let unit: Int

  /// Bytes of `source`, which are text in `encoding`.
  init(_ source: any ByteSource, from encoding: TextEncoding) throws(FileFailure) {
    self.source = source
    unit = encoding == .windows1258 ? 1 : 2
    converter = iconv_open("UTF-8", encoding.name)
    // (iconv_t)-1
    guard Int(bitPattern: converter) != -1 else { throw FileFailure(number: errno) }
  }

  deinit {
    if Int(bitPattern: converter) != -1 { iconv_close(converter) }
  }

  func read(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int {
    var written = 0
    // A letter takes at most three bytes here, and what is held back for a mark that may follow as many.
    precondition(buffer.count - start >= 8)
    while written == 0 {
      if next == end, !hasEnded { try fill(keeping: 0) }
      if hasEnded, next == end { return flush(into: &buffer, from: start) }
      written = try convert(into: &buffer, from: start)
    }
    return written
  }

  /// Reads on behind the bytes that are not converted yet.
  private func fill(keeping left: Int) throws(FileFailure) {
    raw.replaceSubrange(0..<left, with: raw[next..<next + left])
    let count = try source.read(into: &raw, from: left)
    (next, end) = (0, left + count)
    hasEnded = count == 0
  }

  private func convert(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int {
    let (taken, written, number) = call(&buffer, from: start)
    next += taken
    switch number {
    case 0, E2BIG: break
    case EINVAL where !hasEnded:
      // The chunk ends inside a character.
      try fill(keeping: end - next)
    default:
      // EILSEQ, or a character that the file's end cuts off.
      guard written == 0 else { break }
      let held = flush(into: &buffer, from: start)
      guard held == 0 else { return held }
      // 0x80 to 0x9f and 0xff begin no character.
      buffer[start] = unit == 1 ? raw[next] : 0xff
      next = min(end, next + unit)
      return 1
    }
    return written
  }

  /// One call of iconv(3): bytes taken and written, and its `errno`.
  private func call(_ buffer: inout [UInt8], from start: Int) -> (taken: Int, written: Int, number: Int32) {
    raw.withUnsafeMutableBytes { input in
      buffer.withUnsafeMutableBytes { output in
        var from = input.baseAddress?.advanced(by: next).assumingMemoryBound(to: CChar.self)
        var to = output.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
        var (left, room) = (end - next, output.count - start)
        let (before, free) = (left, room)
        let failed = iconv(converter, &from, &left, &to, &room) == -1
        return (before - left, free - room, failed ? errno : 0)
      }
    }
  }

  /// What the converter has held back.
  private func flush(into buffer: inout [UInt8], from start: Int) -> Int {
    buffer.withUnsafeMutableBytes { output in
      var to = output.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
      var room = output.count - start
      let free = room
      _ = iconv(converter, nil, nil, &to, &room)
      return free - room
    }
  }
}
