import CLinux
import Foundation
import Glibc

/// A file that is only in memory.
enum MemoryFile {
  /// Makes one that holds `bytes`, to be read from its beginning.
  static func make(_ bytes: Data) throws(DaemonError) -> Int32 {
    let descriptor = clinux_memory_file("v6audit")
    guard descriptor >= 0 else { throw MessageSocket.failure("make a file in memory", -descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard written > 0 else {
        let code = errno
        if code == EINTR { continue }
        close(descriptor)
        throw MessageSocket.failure("fill a file in memory", code)
      }
      rest = rest.dropFirst(written)
    }
    lseek(descriptor, 0, SEEK_SET)
    return descriptor
  }

  /// What one holds, that another process has sent. A descriptor of anything that has no places, as a pipe, whose reading
  /// might never end, is refused.
  ///
  /// - Parameter limit: bytes that it has less than.
  static func contents(of descriptor: Int32, upTo limit: Int) throws(DaemonError) -> Data {
    var bytes = Data()
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while bytes.count < limit {
      let count = pread(descriptor, &part, part.count, off_t(bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw MessageSocket.failure("read a file in memory", errno) }
      if count == 0 { return bytes }
      bytes += part[..<count]
    }
    throw MessageSocket.failure("read a file in memory", EMSGSIZE)
  }
}
