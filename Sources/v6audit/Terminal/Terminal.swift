import Foundation
import Reporting

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The only place that writes to the terminal: data to stdout, everything else to stderr.
enum Terminal {
  /// Whether stdout shows to a person.
  static let isInteractive = isatty(STDOUT_FILENO) == 1
  /// Whether stderr shows to a person, so that progress makes sense.
  static let showsProgress = isatty(STDERR_FILENO) == 1
  /// Whether colours may be used: on a terminal, unless NO_COLOR is set (https://no-color.org).
  static let usesColour =
    isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Writes data and a line end to stdout.
  static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Writes bytes to stdout as they are.
  static func print(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  /// Writes a message and a line end to stderr.
  static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Draws over the current line of stderr.
  static func redraw(_ line: String) { write("\r\u{1b}[2K" + line, to: STDERR_FILENO) }

  /// Ends the program.
  static func exit(_ status: ExitStatus) -> Never { Foundation.exit(status.code) }

  /// `lead` and the text behind it, broken between words so that lines fit the terminal; later lines are indented by
  /// the width of `lead`. Text that goes to a file or a pipe stays one line.
  static func wrapped(_ text: String, lead: String) -> [String] {
    guard isInteractive else { return [lead + text] }
    let indent = String(repeating: " ", count: lead.count)
    var lines: [String] = []
    var line = lead
    for word in text.split(separator: " ") {
      if line.count > lead.count, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent
      }
      line += (line.count > lead.count ? " " : "") + word
    }
    return lines + [line]
  }

  /// Columns of the terminal; 80 if it does not say.
  private static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
    return Int(size.ws_col)
  }

  /// The text in a colour or weight, where colours are used.
  static func styled(_ text: String, _ style: Style) -> String {
    usesColour ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
  }

  enum Style: String {
    case bold = "1"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case faint = "2"
  }

  private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        if descriptor == STDOUT_FILENO { stopForLostData(errno) }
        return
      }
      rest = rest.dropFirst(written)
    }
  }

  /// Results that did not reach their reader must not look like success. Who closed the pipe knows it himself,
  /// and gets the exit code of a program that SIGPIPE ends.
  private static func stopForLostData(_ error: Int32) -> Never {
    if error == EPIPE { exit(ExitStatus(code: 128 + SIGPIPE)) }
    complain("v6audit: stdout: cannot be written: \(String(cString: strerror(error)))")
    exit(.internalError)
  }
}
