/// A cell of a column that this program does not know, kept to be exported again.
public struct ExtraCell: Sendable, Hashable, Codable {
  /// The column's name as written.
  public var column: String
  /// The cell's text.
  public var value: String

  /// A cell of an unknown column.
  public init(column: String, value: String) {
    self.column = column
    self.value = value
  }
}
