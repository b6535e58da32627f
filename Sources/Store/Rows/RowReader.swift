import Foundation
import GRDB

/// Reads the columns of one row by position. What is missing is an error and not a trap: a damaged file must
/// not take the program down.
struct RowReader {
  let row: Row
  /// What the row is, for the error.
  let what: String

  func integer(_ column: Int) throws -> Int64 {
    guard let value = row[column] as Int64? else { throw missing(column) }
    return value
  }

  func text(_ column: Int) throws -> String { String(decoding: try bytes(column), as: UTF8.self) }

  /// The bytes of a text or blob. Text comes this way too, because GRDB's strings end at the first NUL and a
  /// server's greeting may hold one.
  func bytes(_ column: Int) throws -> Data {
    guard let value = row[column] as Data? else { throw missing(column) }
    return value
  }

  /// One of the words of an enumeration.
  func word<Word: RawRepresentable<String>>(_ column: Int, as type: Word.Type = Word.self) throws -> Word {
    let text = try text(column)
    guard let word = Word(rawValue: text) else {
      throw UnreadableRow(what: what, why: "\"\(text)\" is no \(type)")
    }
    return word
  }

  private func missing(_ column: Int) -> UnreadableRow {
    UnreadableRow(what: what, why: "column \(column + 1) is empty")
  }
}
