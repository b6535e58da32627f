import Glibc
import PacketIO

/// Why a sweep could not be done, or not to its end.
public enum SweepError: Error, Sendable, Hashable {
  /// The network side.
  case packets(PacketIOError)
  /// A line of a file of targets.
  case target(file: String, line: Int, column: Int, text: String)
  /// A file of targets that cannot be read.
  case targets(file: String, why: String)
  /// The output cannot be written.
  case output(String, String, why: String)
  /// The output is shorter than the state says, so it is not the output of that sweep.
  case outputShort(String, kept: Int)
  /// The state cannot be read or written.
  case state(file: String, why: String)
  /// The state is of another sweep.
  case stateOfAnother(file: String, difference: String)

  static func output(_ path: String, _ what: String, reason: Int32) -> SweepError {
    .output(path, what, why: String(cString: strerror(reason)))
  }
}

extension SweepError: CustomStringConvertible {
  /// What, where, why and what to do.
  public var description: String {
    switch self {
    case .packets(let error): "\(error)"
    case .target(let file, let line, let column, let text):
      "\(file):\(line):\(column): \(text): no IP address; write one address a line, as 2001:db8::1 or 192.0.2.1, "
        + "and # before comments"
    case .targets(let file, let why): "\(file): targets cannot be read: \(why)"
    case .output(let path, let what, let why):
      "\(path): \(what): \(why); free it, or name another with --output"
    case .outputShort(let path, let kept):
      "\(path): shorter than the \(kept) bytes that the state of the interrupted sweep speaks of, so it is not its "
        + "output; restore it, or begin anew without that --state file"
    case .state(let file, let why):
      "\(file): the state of the sweep cannot be used: \(why); name another with --state"
    case .stateOfAnother(let file, let difference):
      "\(file): the state of another sweep (\(difference)); repeat that sweep's options to go on with it, or name "
        + "another file with --state"
    }
  }
}
