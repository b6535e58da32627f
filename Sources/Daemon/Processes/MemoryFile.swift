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
}
