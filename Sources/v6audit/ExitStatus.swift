/// How a command ended, as scripts see it.
struct ExitStatus: Error, Hashable {
  let code: Int32

  /// Done.
  static let done = ExitStatus(code: 0)
  /// Done, and a bar that was set with `--fail-under` was not met.
  static let notMet = ExitStatus(code: 1)
  /// Bad usage, config or input.
  static let usage = ExitStatus(code: 2)
  /// Could not measure: no permission, or the vantage has no IPv6.
  static let cannotMeasure = ExitStatus(code: 3)
  /// A fault of the program or of the machine it runs on.
  static let internalError = ExitStatus(code: 4)
  /// Interrupted by SIGINT.
  static let interrupted = ExitStatus(code: 130)
}

/// A command that ends with a message on stderr.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: some CustomStringConvertible) {
    self.status = status
    self.message = "v6audit: \(message)"
  }
}
