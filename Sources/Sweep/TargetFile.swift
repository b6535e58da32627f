import Glibc
import Probing
import Wire

/// Addresses from a file or standard input, one a line, read as a stream: blank lines and what follows a `#` are left
/// out.
final class TargetFile {
  /// What to call it in messages.
  let name: String
  /// Bytes of the lines read so far: where to go on another time.
  private(set) var offset: Int
  private(set) var line: Int
  /// Whether the last line was read.
  var isFinished: Bool { isAtEnd && start == end }

  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 256 * 1024)
  private var start = 0
  private var end = 0
  private var isAtEnd = false

  /// Opens a file; `-` is standard input.
  ///
  /// - Parameters:
  ///   - offset: where to begin, in bytes; only a regular file can.
  ///   - line: how many lines there are before it.
  init(path: String, offset: Int = 0, line: Int = 0) throws(SweepError) {
    self.line = line
    name = path == "-" ? "standard input" : path
    self.offset = offset
    descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .targets(file: path, why: String(cString: strerror(errno))) }
    if offset > 0, lseek(descriptor, offset, SEEK_SET) != offset {
      throw .targets(file: path, why: "only a regular file can be gone on with")
    }
  }

  deinit {
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

  /// The next address; `nil` at the end.
  func next() throws(SweepError) -> IPAddress? {
    while let text = try nextLine() {
      line += 1
      var word = text.prefix { $0 != UInt8(ascii: "#") }
      while let last = word.last, last == 32 || last == 9 || last == 13 { word.removeLast() }
      let indent = word.prefix { $0 == 32 || $0 == 9 }.count
      word = word.dropFirst(indent)
      if word.isEmpty { continue }
      if let address = IPAddress(ascii: Array(word)) { return address }
      let shown = String(decoding: word.prefix(64), as: UTF8.self).unicodeScalars.map {
        $0.properties.generalCategory == .control || $0.properties.generalCategory == .format
          ? "\\u{\(String($0.value, radix: 16))}" : String($0)
      }
      throw .target(file: name, line: line, column: indent + 1, text: shown.joined())
    }
    return nil
  }

  /// Fills a list up to its capacity; `nil` when there was nothing more.
  func nextList(capacity: Int, key: SipHashKey) throws(SweepError) -> AddressList? {
    var list = AddressList(capacity: capacity, key: key)
    while list.count < capacity, let address = try next() { list.append(address) }
    return list.count > 0 ? list : nil
  }

  /// The next line without its end.
  private func nextLine() throws(SweepError) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let newline = buffer[searched..<end].firstIndex(of: UInt8(ascii: "\n")) {
        defer {
          offset += newline + 1 - start
          start = newline + 1
        }
        return buffer[start..<newline]
      }
      if isAtEnd {
        guard start < end else { return nil }
        defer {
          offset += end - start
          start = end
        }
        return buffer[start..<end]
      }
      searched = end - start
      try fill()
    }
  }

  /// Reads more behind what is left of a line.
  private func fill() throws(SweepError) {
    buffer.replaceSubrange(0..<end - start, with: buffer[start..<end])
    (start, end) = (0, end - start)
    guard end < buffer.count else {
      throw .target(file: name, line: line + 1, column: 1, text: "a line of more than \(buffer.count) bytes")
    }
    while true {
      let from = end
      let count = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress?.advanced(by: from), bytes.count - from)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .targets(file: name, why: String(cString: strerror(errno))) }
      end += count
      isAtEnd = count == 0
      return
    }
  }
}
