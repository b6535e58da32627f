import Yams

/// A place in a file.
public struct YAMLPlace: Sendable {
  /// From 1.
  public let line: Int
  /// From 1.
  public let column: Int

  /// The place of a mark; the beginning where there is none.
  public init(_ mark: Mark?) {
    line = max(1, mark?.line ?? 1)
    column = max(1, mark?.column ?? 1)
  }
}

/// One mapping of a file, read key by key. Every key that is asked for counts as known; `finish` complains about
/// the others.
public struct YAMLSection {
  /// Where it is, for the errors: empty for the file, `thresholds: ` for a section.
  public let prefix: String
  private let mapping: Node.Mapping
  private let start: YAMLPlace
  private let file: String
  private var known: [String] = []
  /// What is wrong so far.
  public private(set) var problems: [YAMLProblem] = []

  private let orElse: String

  /// The section that a node is; `nil`, with a problem, if it is none.
  ///
  /// - Parameter orElse: what may be done besides where a key is missing: `, or extend another one`.
  public init?(
    _ node: Node, prefix: String, file: String, orElse: String = "", _ problems: inout [YAMLProblem]
  ) {
    self.orElse = orElse
    self.prefix = prefix
    self.file = file
    start = YAMLPlace(node.mark)
    guard case .mapping(let mapping) = node else {
      let what = prefix.isEmpty ? "the file" : String(prefix.dropLast(2))
      problems.append(
        YAMLProblem(
          file: file, line: start.line, column: start.column, what: what,
          why: "it is not a list of keys and values",
          remedy: "write one key: value a line"))
      return nil
    }
    self.mapping = mapping
  }

  /// The keys with their places, in the order of the file.
  public var entries: [(key: String, at: YAMLPlace, value: Node)] {
    mapping.map { pair in (pair.key.scalar?.string ?? "", YAMLPlace(pair.key.mark), pair.value) }
  }

  /// The value of a key; a missing one is a problem if it is needed.
  public mutating func value(_ key: String, isNeeded: Bool, example: String) -> Node? {
    known.append(key)
    if let found = entries.first(where: { $0.key == key }) { return found.value }
    if isNeeded {
      refuse(
        start, key, "it is missing",
        "add \(key): \(example)\(orElse)")
    }
    return nil
  }

  /// A whole number within a range.
  public mutating func number(_ key: String, _ range: ClosedRange<Int>, isNeeded: Bool, example: Int) -> Int?
  {
    guard let node = value(key, isNeeded: isNeeded, example: "\(example)") else { return nil }
    return number(node, key, range)
  }

  /// A whole number within a range.
  public mutating func number(_ node: Node, _ key: String, _ range: ClosedRange<Int>) -> Int? {
    guard let text = plain(node, key, "a whole number"), let number = Int(text), String(number) == text else {
      if case .scalar(let scalar) = node, scalar.style == .plain {
        refuse(
          node, key, "it is no whole number",
          "write digits only, from \(range.lowerBound) to \(range.upperBound)")
      }
      return nil
    }
    guard range.contains(number) else {
      refuse(
        node, key, "it is out of range", "write a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// One of several words.
  public mutating func word(_ key: String, _ words: [String], isNeeded: Bool) -> String? {
    guard let node = value(key, isNeeded: isNeeded, example: words.first ?? "") else { return nil }
    return word(node, key, words)
  }

  /// One of several words.
  public mutating func word(_ node: Node, _ key: String, _ words: [String]) -> String? {
    guard let text = plain(node, key, words.joined(separator: " or ")) else { return nil }
    if words.contains(text) { return text }
    let near = nearest(to: text, among: words).map { "did you mean \($0)? " } ?? ""
    refuse(
      node, key, "it is none of the words that can stand here",
      near + "write " + words.joined(separator: ", "))
    return nil
  }

  /// A scalar that stands without quotes, so that a number is a number.
  public mutating func plain(_ node: Node, _ key: String, _ wanted: String) -> String? {
    guard case .scalar(let scalar) = node else {
      refuse(node, key, "it is a list and not a single value", "write \(wanted)")
      return nil
    }
    guard scalar.style == .plain else {
      refuse(node, key, "it is in quotes, and so text", "write \(wanted), without quotes")
      return nil
    }
    return scalar.string
  }

  /// Complains about keys that nobody asked for.
  public mutating func finish() {
    for entry in entries where !known.contains(entry.key) {
      let near = nearest(to: entry.key, among: known).map { "did you mean \($0)?" }
      let remedy = near ?? "delete it; valid here: " + known.sorted().joined(separator: ", ")
      refuse(entry.at, entry.key.isEmpty ? "a key" : entry.key, "there is no such key", remedy)
    }
  }

  /// Notes that a value will not do.
  public mutating func refuse(_ node: Node, _ key: String, _ why: String, _ remedy: String) {
    let text = if case .scalar(let scalar) = node { " " + quoted(scalar.string) } else { "" }
    add(YAMLPlace(node.mark), safe(key) + text, why, remedy)
  }

  /// Notes what is wrong at a place.
  public mutating func refuse(_ place: YAMLPlace, _ key: String, _ why: String, _ remedy: String) {
    add(place, safe(key), why, remedy)
  }

  private mutating func add(_ place: YAMLPlace, _ what: String, _ why: String, _ remedy: String) {
    problems.append(
      YAMLProblem(
        file: file, line: place.line, column: place.column, what: prefix + what, why: why, remedy: remedy))
  }

  /// A key as it is, or in quotes where it holds what does not belong in one.
  private func safe(_ key: String) -> String {
    let isPlain = key.utf8.count <= 60 && key.utf8.allSatisfy { (0x21...0x7e).contains($0) || $0 == 0x20 }
    return isPlain ? key : quoted(key)
  }
}
