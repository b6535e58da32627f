/// Why the daemon cannot do what it was asked to.
public struct DaemonError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The thing: a file, a socket, a process.
  public var what: String
  /// What is wrong with it.
  public var why: String
  /// What to do about it.
  public var remedy: String

  /// An error of these parts.
  public init(_ what: String, why: String, remedy: String) {
    self.what = what
    self.why = why
    self.remedy = remedy
  }

  /// `/run/v6audit/control.sock: nobody answers; start the daemon`
  public var description: String { "\(what): \(why); \(remedy)" }
}
