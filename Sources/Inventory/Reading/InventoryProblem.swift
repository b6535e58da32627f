/// Something in an inventory's files that a person has to look at.
public struct InventoryProblem: Sendable, Hashable {
  /// The file's name within the directory, or the directory itself.
  public var file: String
  /// The physical line, from 1; 0 when the file as a whole is meant.
  public var line: Int
  /// The character within the line, from 1, where the cell or the item of a list starts; 0 when the file as
  /// a whole is meant.
  public var column: Int
  /// The thing that is wrong, as it stands in the file: `address "fe80::1%eth0"`.
  public var what: String
  /// What is wrong with it.
  public var why: String
  /// What to do about it.
  public var remedy: String

  /// A problem at a place.
  public init(file: String, line: Int, column: Int, what: String, why: String, remedy: String) {
    self.file = file
    self.line = line
    self.column = column
    self.what = what
    self.why = why
    self.remedy = remedy
  }
}

extension InventoryProblem: CustomStringConvertible {
  /// One line for a person or an editor: `hosts.csv:17:5: what: why; remedy`.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): \(what): \(why); \(remedy)"
  }
}

/// Everything that is wrong with an inventory. There is no inventory then: an import is all or nothing.
public struct InventoryErrors: Error, Sendable, Hashable {
  /// The most problems that are kept for one file.
  public static let limitPerFile = 1000

  /// The problems by file, in the order of `InventoryFile`, then by line and column.
  public let problems: [InventoryProblem]
  /// How many more there were beyond `limitPerFile`.
  public let omitted: Int
}

extension InventoryErrors: CustomStringConvertible {
  /// All problems, one a line, and a last line that counts those left out, if any.
  public var description: String {
    var lines = problems.map(\.description)
    if omitted > 0 { lines.append("and \(omitted) more; mend these first") }
    return lines.joined(separator: "\n")
  }
}
