import Schedule
import StrictYAML
import Yams

/// Reads configuration files: strictly, with everything that is wrong told at once. Pure.
public enum ConfigurationReader {
  /// A file as it was read.
  public struct File: Sendable {
    /// Its name, for the errors.
    public var name: String
    /// Its content.
    public var bytes: [UInt8]

    /// A file.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  private static let form = YAMLForm(
    noun: "a configuration", opening: "begin with inventory: DIR", reference: "v6audit.yaml(5)")
  private static let sections = ["vantage", "pace", "rounds", "web", "export", "retention"]

  /// Reads files one after the other, then the environment: what comes later wins, key by key. Windows of maintenance
  /// add up.
  ///
  /// - Throws: `YAMLErrors` with everything that is wrong.
  public static func read(
    _ files: [File], environment: [String: String] = [:]
  ) throws(YAMLErrors) -> Configuration {
    var configuration = Configuration()
    var problems: [YAMLProblem] = []
    for file in files { read(file, into: &configuration, &problems) }
    for setting in Setting.all {
      guard let text = environment[setting.variable], !text.isEmpty else { continue }
      if let refusal = setting.apply(&configuration, text) {
        problems.append(
          YAMLProblem(
            file: "$\(setting.variable)", line: 1, column: 1, what: quoted(text), why: refusal.why,
            remedy: refusal.remedy))
      }
    }
    guard problems.isEmpty else { throw YAMLErrors(problems) }
    return configuration
  }

  private static func read(
    _ file: File, into configuration: inout Configuration, _ problems: inout [YAMLProblem]
  ) {
    // A file of which every line is a comment says nothing, which is no mistake.
    if file.bytes.split(separator: 0x0a).allSatisfy({ $0.isComment }) { return }
    guard let root = YAMLDocument.root(file.bytes, file: file.name, form: form, &problems),
      var top = YAMLSection(root, prefix: "", file: file.name, &problems)
    else { return }
    take("", &top, &configuration)
    for name in sections {
      guard let node = top.value(name, isNeeded: false, example: ""), !node.isNull,
        var section = YAMLSection(node, prefix: "\(name): ", file: file.name, &problems)
      else { continue }
      take(name, &section, &configuration)
      section.finish()
      problems += section.problems
    }
    if let node = top.value("maintenance", isNeeded: false, example: ""), !node.isNull {
      guard case .sequence(let items) = node else {
        top.refuse(node, "maintenance", "it is not a list", "write one window a line, each after \"- \"")
        top.finish()
        problems += top.problems
        return
      }
      for item in items {
        guard var section = YAMLSection(item, prefix: "maintenance: ", file: file.name, &problems) else {
          continue
        }
        if let window = window(&section) { configuration.maintenance.append(window) }
        section.finish()
        problems += section.problems
      }
    }
    top.finish()
    problems += top.problems
  }

  private static func take(
    _ name: String, _ section: inout YAMLSection, _ configuration: inout Configuration
  ) {
    for setting in Setting.all where setting.section == name {
      guard let node = section.value(setting.key, isNeeded: false, example: setting.example), !node.isNull
      else { continue }
      guard let text = node.scalar?.string else {
        section.refuse(
          node, setting.key, "it is not a single value", "write \(setting.key): \(setting.example)")
        continue
      }
      if let refusal = setting.apply(&configuration, text) {
        section.refuse(node, setting.key, refusal.why, refusal.remedy)
      }
    }
  }

  private static func window(_ section: inout YAMLSection) -> MaintenanceWindow? {
    let agencies = list("agencies", "[agency-id]", &section)
    let words = list("days", "[sat, sun]", &section)
    let from = time("from", &section)
    let until = time("until", &section)
    var days: Set<Weekday> = []
    for word in words {
      let text = word.scalar?.string ?? ""
      guard let day = Weekday(rawValue: text) else {
        let known = Weekday.allCases.map(\.rawValue)
        let near = nearest(to: text, among: known).map { "did you mean \($0)? " } ?? ""
        section.refuse(
          word, "days", "it is no day of the week", near + "write " + known.joined(separator: ", "))
        continue
      }
      days.insert(day)
    }
    guard let from, let until else { return nil }
    return MaintenanceWindow(
      agencies: Set(agencies.compactMap { $0.scalar?.string }), days: days, from: from, until: until)
  }

  private static func list(_ key: String, _ example: String, _ section: inout YAMLSection) -> [Node] {
    guard let node = section.value(key, isNeeded: false, example: example), !node.isNull else { return [] }
    guard case .sequence(let items) = node, items.allSatisfy({ $0.scalar != nil }) else {
      section.refuse(node, key, "it is not a list of words", "write \(key): \(example)")
      return []
    }
    return Array(items)
  }

  /// `22:00` in minutes since midnight.
  private static func time(_ key: String, _ section: inout YAMLSection) -> Int? {
    guard let node = section.value(key, isNeeded: true, example: "\"22:00\"") else { return nil }
    let text = node.scalar?.string ?? ""
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour), (0...59).contains(minute)
    else {
      section.refuse(node, key, "it is no time of the day", "write hours and minutes in quotes: \"22:00\"")
      return nil
    }
    return hour * 60 + minute
  }
}

extension Node {
  /// Whether there is a key without a value.
  fileprivate var isNull: Bool { scalar.map { $0.string.isEmpty && $0.style == .plain } ?? false }
}

extension ArraySlice<UInt8> {
  /// Whether a line is empty or a comment.
  fileprivate var isComment: Bool {
    let content = drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    return content.isEmpty || content.first == 0x23
  }
}
