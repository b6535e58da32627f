import Foundation
import Glibc
import Logging

/// A log that goes to the journal with priority and structured fields where there is one, and to stderr as text otherwise.
public struct JournalLog: LogHandler {
  /// Fields of every message.
  public var metadata: Logger.Metadata = [:]
  /// Messages below it are left out.
  public var logLevel: Logger.Level = .info

  private let journal: DatagramAddress?

  /// The journal, if stderr is connected to it (JOURNAL_STREAM, systemd.exec(5)), else stderr.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let isJournal = environment["JOURNAL_STREAM"].map(Self.isStandardError) ?? false
    journal = isJournal ? DatagramAddress(path: "/run/systemd/journal/socket") : nil
  }

  /// The value of one field.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a message. Its fields appear as V6AUDIT_NAME in the journal, and behind the text on stderr.
  public func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { _, new in new }.sorted { $0.key < $1.key }
    let text = "\(event.message)"
    if let journal {
      var bytes: [UInt8] = []
      Self.append("PRIORITY", "\(event.level.priority)", to: &bytes)
      Self.append("SYSLOG_IDENTIFIER", "v6audit", to: &bytes)
      Self.append("MESSAGE", text, to: &bytes)
      for (key, value) in fields {
        Self.append("V6AUDIT_" + key.uppercased().replacing("-", with: "_"), "\(value)", to: &bytes)
      }
      if journal.send(bytes) { return }
    }
    let behind = fields.map { " \($0.key)=\($0.value)" }.joined()
    for line in (text + behind).split(separator: "\n", omittingEmptySubsequences: false) {
      // The prefix is systemd's way to give a line of stderr a priority (sd-daemon(3)).
      let prefix = journal == nil ? "\(event.level): " : "<\(event.level.priority)>"
      FileHandle.standardError.write(Data((prefix + line + "\n").utf8))
    }
  }

  /// A field as the journal's native protocol has it: what holds a line break goes with its length.
  private static func append(_ key: String, _ value: String, to bytes: inout [UInt8]) {
    bytes += key.utf8
    if value.utf8.contains(0x0a) {
      bytes.append(0x0a)
      withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
    } else {
      bytes.append(UInt8(ascii: "="))
    }
    bytes += value.utf8
    bytes.append(0x0a)
  }

  /// Whether `DEVICE:INODE` is what stderr is connected to.
  private static func isStandardError(_ text: String) -> Bool {
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return false }
    return text == "\(status.st_dev):\(status.st_ino)"
  }
}

extension Logger.Level {
  /// syslog(3)'s number.
  fileprivate var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
