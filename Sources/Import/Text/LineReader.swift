import Inventory

/// The lines of a text, one at a time, in memory bounded by the longest line that is allowed.
struct LineReader {
  /// The longest line in bytes; what is longer is told of and left out.
  static let longest = 1 << 16

  /// The line read last, without its end.
  private(set) var line: ArraySlice<UInt8> = []
  /// Its number, from 1.
  private(set) var number = 0
  /// Whether it was longer than allowed, and is cut.
  private(set) var isCut = false

  private let source: any ByteSource
  private var buffer: [UInt8]
  private var next = 0
  private var end = 0

  init(_ source: any ByteSource) {
    self.source = source
    buffer = [UInt8](repeating: 0, count: 1 << 17)
  }

  /// Goes on to the next line, which ends with LF, CRLF or the text; `false` at the end.
  mutating func step() throws(FileFailure) -> Bool {
    isCut = false
    var searched = next
    while true {
      if let found = buffer[searched..<end].firstIndex(of: 0x0a) {
        take(to: found)
        next = found + 1
        return true
      }
      searched = end
      if end - next > Self.longest { return try skip() }
      if try !fill(&searched) {
        guard next < end else { return false }
        take(to: end)
        next = end
        return true
      }
    }
  }

  private mutating func take(to last: Int) {
    let isCRLF = last > next && buffer[last - 1] == 0x0d
    line = buffer[next..<(isCRLF ? last - 1 : last)]
    number += 1
  }

  /// Reads more behind what is left; `false` at the end.
  private mutating func fill(_ searched: inout Int) throws(FileFailure) -> Bool {
    line = []
    if next > 0 {
      buffer.replaceSubrange(0..<end - next, with: buffer[next..<end])
      searched -= next
      end -= next
      next = 0
    }
    let count = try source.read(into: &buffer, from: end)
    end += count
    return count > 0
  }

  /// Leaves out the rest of a line that is too long.
  private mutating func skip() throws(FileFailure) -> Bool {
    let head = Array(buffer[next..<next + Self.longest])
    while true {
      if let found = buffer[next..<end].firstIndex(of: 0x0a) {
        next = found + 1
        break
      }
      next = end
      var searched = end
      if try !fill(&searched) { break }
    }
    line = head[...]
    number += 1
    isCut = true
    return true
  }
}
