import Inventory
import Wire

/// What a file or directory that is to be imported is.
public enum ImportFormat: String, Sendable, Hashable, CaseIterable {
  /// A directory with files of an inventory, or one table of it, as this program or a spreadsheet writes them.
  case table
  /// `/etc/hosts`.
  case hosts
  /// A zone in the master format.
  case zone
  /// What `nmap -oX` wrote.
  case nmap
  /// What `masscan -oJ` wrote.
  case masscan
  /// A directory with tables that NetBox exported: tenants, prefixes, IP addresses, services.
  case netbox
}

/// How to read what is imported.
public struct ImportOptions: Sendable {
  /// What it is; `nil`: what it looks like.
  public var format: ImportFormat?
  /// The agency of hosts of which the file does not say whose they are.
  public var agency: String?
  /// The name of a zone, where the file does not say it.
  public var origin = ""
  /// Columns under other headings: the heading, and the column's name.
  public var headings: [String: String] = [:]
  /// Whether a table is read as what a spreadsheet wrote; `nil`: unless it has the form of our own files.
  public var isLenient: Bool?

  /// Nothing but what the file says.
  public init() {}
}

/// Reads what is imported, and hands on its rows.
public enum Importer {
  /// What was read.
  public struct Summary: Sendable, Hashable {
    /// What was taken for what it most likely is, and what is worth a look.
    public let notices: [InventoryProblem]
    /// Files of an inventory that were there as a whole: rows that they do not have are gone.
    public let whole: Set<InventoryFile>
  }

  /// Reads a file or a directory.
  ///
  /// - Parameters:
  ///   - known: ids of agencies that are declared already: where only hosts name one, it is not made anew.
  ///   - take: gets each row, with what it says nothing of. What it got means nothing if this throws.
  /// - Throws: `InventoryErrors` with every problem of every file.
  public static func read(
    _ path: String, _ options: ImportOptions, known: Set<String>,
    take: @escaping (InventoryRow, RowSilence) -> Void
  ) throws(InventoryErrors) -> Summary {
    let report = Report()
    var reader = ImportReader(options, known: known, report: report, take: take)
    do throws(FileFailure) {
      try reader.read(path)
    } catch {
      report.problem(file: path, what: "file", error.complaint)
    }
    if report.hasProblems { throw report.errors }
    return Summary(notices: report.sortedNotices + reader.notices, whole: reader.whole)
  }
}
