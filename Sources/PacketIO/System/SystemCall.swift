import CLinux
import Glibc

/// Turns the shims' "negative errno" into typed errors.
enum SystemCall {
  /// The result, or an error that says what was being done.
  @discardableResult
  static func check(_ result: Int32, _ operation: @autoclosure () -> String) throws(PacketIOError) -> Int32 {
    guard result < 0 else { return result }
    throw error(-result, operation())
  }

  /// The error for an errno. EPERM and EACCES become `noPermission`, since they have a remedy.
  static func error(_ code: Int32, _ operation: String) -> PacketIOError {
    code == EPERM || code == EACCES
      ? .noPermission(operation: operation) : .socketFailed(operation: operation, reason: text(code))
  }

  /// The C library's text for an errno: `Network is unreachable`.
  static func text(_ code: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      // The buffer outlives the call, and what comes back is either inside it or a static string.
      clinux_error_text(code, buffer.baseAddress, buffer.count).map { String(cString: $0) } ?? "error \(code)"
    }
  }
}

/// A descriptor that is closed with its owner.
struct FileDescriptor: ~Copyable {
  let number: Int32

  /// Takes over what a shim returned: a descriptor, or a negative errno.
  init(_ result: Int32, _ operation: @autoclosure () -> String) throws(PacketIOError) {
    number = try SystemCall.check(result, operation())
  }

  deinit { close(number) }
}

/// The one clock of a run.
enum MonotonicClock {
  /// Nanoseconds of CLOCK_MONOTONIC.
  @inline(__always) static var now: UInt64 { clinux_monotonic() }
}
