/// Something in a file that a person has to look at.
public struct YAMLProblem: Sendable, Hashable {
  /// The file's name as it was given.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The character within the line, from 1.
  public var column: Int
  /// The thing that is wrong: `thresholds: path-mtu "1000"`.
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

extension YAMLProblem: CustomStringConvertible {
  /// One line for a person or an editor: `city.yaml:17:5: what: why; remedy`.
  public var description: String { "\(file):\(line):\(column): \(what): \(why); \(remedy)" }
}

/// Everything that is wrong with a file. Nothing is made of it then.
public struct YAMLErrors: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems, by line and column; at least one.
  public let problems: [YAMLProblem]

  /// These problems, in order.
  public init(_ problems: [YAMLProblem]) {
    self.problems = problems.sorted {
      ($0.file, $0.line, $0.column, $0.what) < ($1.file, $1.line, $1.column, $1.what)
    }
  }

  /// All problems, one a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Text from a file made fit for a message of one line: in quotes, what does not show as itself by its number, cut
/// after 60 characters.
public func quoted(_ text: String) -> String {
  var result = "\""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == 60 { return result + "…\"" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      result += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

/// The word that a mistyped one most likely stands for: the one with the fewest letters to change, at most a third.
public func nearest(to word: String, among candidates: [String]) -> String? {
  let typed = Array(word.utf8.prefix(64))
  let ranked = candidates.map { (word: $0, distance: distance(typed, Array($0.utf8))) }
  guard let best = ranked.min(by: { ($0.distance, $0.word) < ($1.distance, $1.word) }) else { return nil }
  return best.distance <= max(1, max(typed.count, best.word.utf8.count) / 3) ? best.word : nil
}

/// How many bytes must be inserted, deleted or replaced (Levenshtein).
private func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let change = last[column] + (left[row] == right[column] ? 0 : 1)
      current.append(min(change, last[column + 1] + 1, current[column] + 1))
    }
    last = current
  }
  return last[right.count]
}
