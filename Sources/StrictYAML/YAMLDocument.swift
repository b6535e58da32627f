import Yams

/// What a kind of file is called in what is said about it.
public struct YAMLForm: Sendable {
  /// "a policy".
  var noun: String
  /// How a file of it begins: "begin with policy: NAME".
  var opening: String
  /// The text that describes it.
  var reference: String

  /// A kind of file.
  public init(noun: String, opening: String, reference: String) {
    self.noun = noun
    self.opening = opening
    self.reference = reference
  }
}

/// The YAML of a file, read as far as it can be: what YAML itself forbids becomes a problem with a place.
public enum YAMLDocument {
  /// The longest file that is read, in bytes.
  public static let limit = 65_536

  /// The root of the document; `nil` where nothing can be made of it, with at least one problem.
  public static func root(
    _ bytes: [UInt8], file: String, form: YAMLForm, _ problems: inout [YAMLProblem]
  ) -> Node? {
    func refuse(_ line: Int, _ column: Int, _ what: String, _ why: String, _ remedy: String) -> Node? {
      problems.append(
        YAMLProblem(
          file: file, line: max(1, line), column: max(1, column), what: what, why: why, remedy: remedy))
      return nil
    }
    guard bytes.count <= limit else {
      return refuse(1, 1, "the file", "it has \(bytes.count) bytes", "\(form.noun) has at most \(limit)")
    }
    guard var text = String(validating: bytes, as: UTF8.self) else {
      return refuse(1, 1, "the file", "it is not UTF-8 text", "save it as UTF-8")
    }
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      // Nothing of YAML that could make a small file large, and nothing nested deeper than a policy is.
      let content = line.prefix { $0 != "#" }
      if let column = indicator(in: content) {
        return refuse(
          index + 1, content.distance(from: content.startIndex, to: column) + 1,
          quoted(String(content[column...].prefix(1))),
          "anchors, aliases, tags and blocks of text have no place here",
          "write the value itself")
      }
      if content.count(where: { "[{".contains($0) }) > 4 || content.count(where: { $0 == "-" }) > 200 {
        return refuse(
          index + 1, 1, "the line", "it is nested too deeply", "write one key and its value a line")
      }
    }
    if text.count(where: { $0 == "[" || $0 == "{" }) > 100 {
      return refuse(1, 1, "the file", "it is nested too deeply", "write one key and its value a line")
    }
    // Each key that stands twice is taken out and told of, so that the rest is still read.
    for _ in 0..<50 {
      do {
        return try Yams.compose(yaml: text)
          ?? refuse(1, 1, "the file", "it is empty", form.opening)
      } catch let YamlError.duplicatedKeysInMapping(keys, context) {
        guard let rest = withoutDuplicate(keys, context.mark, text, refuse) else { return nil }
        text = rest
      } catch let YamlError.scanner(_, problem, mark, _) {
        return refuse(mark.line, mark.column, "the file", "it is no YAML: \(problem)", "mend this line first")
      } catch let YamlError.parser(_, problem, mark, _) {
        return refuse(mark.line, mark.column, "the file", "it is no YAML: \(problem)", "mend this line first")
      } catch let YamlError.composer(_, problem, mark, _) {
        return refuse(
          mark.line, mark.column, "the file", "it is no single document: \(problem)", "keep one document")
      } catch {
        return refuse(1, 1, "the file", "it is no YAML", "see \(form.reference) for the form")
      }
    }
    return nil
  }

  /// Where a value begins with what YAML reads as an anchor, an alias, a tag or a block of text.
  private static func indicator(in line: Substring) -> Substring.Index? {
    var before: Character?
    var quote: Character?
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if before.map({ ":-?[{,".contains($0) }) ?? true {
        if "&*!|>".contains(character) { return index }
        if character == "\"" || character == "'" { quote = character }
      }
      if character != " " { before = character }
    }
    return nil
  }

  /// The text with the later of two equal keys blanked out, and all that hangs below it; `nil` where it cannot be found.
  private static func withoutDuplicate(
    _ keys: [String], _ mark: Mark, _ text: String,
    _ refuse: (Int, Int, String, String, String) -> Node?
  ) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let key = keys.first ?? ""
    func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }
    func isKey(_ line: String) -> Bool {
      let content = line.drop { $0 == " " }
      return content.hasPrefix(key + ":") || content.hasPrefix(key + " ") && content.contains(":")
    }
    let places = lines.indices.filter { indent(lines[$0]) == mark.column - 1 && isKey(lines[$0]) }
    // Of equal keys in several sections only those of one section are too many.
    let own = places.filter { place in
      place >= mark.line - 1
        && !lines[min(mark.line, place)..<place].contains { line in
          indent(line) < mark.column - 1 && !line.allSatisfy { $0 == " " } && line.first { $0 != " " } != "#"
        }
    }
    guard !key.isEmpty, own.count > 1, let last = own.last else {
      _ = refuse(mark.line, mark.column, quoted(key), "the key is there twice", "keep one of them")
      return nil
    }
    _ = refuse(
      last + 1, mark.column, quoted(key), "the key is there already, on line \(mark.line)", "keep one of them"
    )
    let column = mark.column - 1
    lines[last] = ""
    for next in lines.indices.dropFirst(last + 1) {
      if !lines[next].isEmpty && indent(lines[next]) <= column && !lines[next].allSatisfy({ $0 == " " }) {
        break
      }
      lines[next] = ""
    }
    return lines.joined(separator: "\n")
  }
}
