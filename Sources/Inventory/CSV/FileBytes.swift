#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The bytes of a regular file, read with read(2): the file is never in memory as a whole.
package final class FileBytes: ByteSource {
  private let descriptor: Int32

  /// Opens a file. O_NONBLOCK keeps a FIFO of that name from holding us up before it can be refused.
  package init(path: String) throws(FileFailure) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFailure(number: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .notRegular
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  package func read(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        #if canImport(Glibc)
        Glibc.read(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        #elseif canImport(Musl)
        Musl.read(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
        #endif
      }
      if count >= 0 { return count }
      if errno != EINTR { throw FileFailure(number: errno) }
    }
  }
}

/// Why a file or directory could not be read or written.
package enum FileFailure: Error, Sendable, Hashable {
  /// Nothing of that name.
  case missing
  /// A directory, a device, a pipe.
  case notRegular
  /// The system refused, in its own words.
  case system(String)

  /// The failure that goes with an `errno`.
  package init(number: Int32) {
    self = number == ENOENT ? .missing : .system(String(cString: strerror(number)))
  }
}
