import CLinux
import Glibc

/// The bytes of a capture file from front to back, a piece at a time.
struct CaptureFileSource: ~Copyable {
  private static let pieceSize = 256 << 10

  /// Kept for as long as the source is.
  private let file: FileDescriptor?
  /// The file to read from; -1 if all bytes are in the buffer.
  private let number: Int32
  /// Bytes read and not yet taken.
  private var buffer: [UInt8]
  private var start = 0
  /// Where in the file the next byte stands.
  private(set) var offset = 0

  init(bytes: [UInt8]) {
    file = nil
    number = -1
    buffer = bytes
  }

  init(path: String) throws(CaptureFileError) {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    let code = errno
    do throws(PacketIOError) {
      file = try FileDescriptor(opened < 0 ? -code : opened, "open it")
    } catch {
      throw CaptureFileError(offset: 0, why: SystemCall.text(code))
    }
    number = opened
    buffer = []
  }

  /// The next `count` bytes, or fewer at the end of the file, without taking them.
  mutating func peek(_ count: Int) throws(CaptureFileError) -> ArraySlice<UInt8> {
    while buffer.count - start < count, try fill() {}
    return buffer[start..<min(buffer.count, start + count)]
  }

  /// Takes the next `count` bytes, or fewer at the end of the file.
  mutating func take(_ count: Int) throws(CaptureFileError) -> [UInt8] {
    let bytes = Array(try peek(count))
    start += bytes.count
    offset += bytes.count
    return bytes
  }

  /// Steps over `count` bytes; the file must have them.
  mutating func skip(_ count: Int, from place: Int) throws(CaptureFileError) {
    var rest = count
    while rest > 0 {
      let taken = try take(min(rest, Self.pieceSize)).count
      guard taken > 0 else {
        throw CaptureFileError(offset: place, why: "a block of \(count) bytes is cut off")
      }
      rest -= taken
    }
  }

  /// Reads another piece; whether there was one.
  private mutating func fill() throws(CaptureFileError) -> Bool {
    guard number >= 0 else { return false }
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    let before = buffer.count
    buffer += [UInt8](repeating: 0, count: Self.pieceSize)
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        // The piece behind what was there before lies inside the buffer.
        Glibc.read(number, bytes.baseAddress.map { $0 + before }, Self.pieceSize)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw CaptureFileError(offset: offset + before, why: SystemCall.text(errno))
      }
      buffer.removeLast(Self.pieceSize - count)
      return count > 0
    }
  }
}
