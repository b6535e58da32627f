import StrictYAML
import Yams

/// Reads a policy file: strictly, so that a mistyped key is an error and not a default, and with everything that is
/// wrong told at once. Pure.
enum PolicyReader {
  private static let form = YAMLForm(
    noun: "a policy", opening: "begin with policy: NAME", reference: "docs/policies.md")
  private static let orElse = ", or extend a policy that has it with extends: NAME"

  /// Reads a file that may extend one of `known`: what it does not say, that one says. `checks`, `weights` and a list
  /// of ports are replaced as a whole.
  static func read(_ bytes: [UInt8], file: String, extending known: [Policy]) throws(YAMLErrors) -> Policy {
    var problems: [YAMLProblem] = []
    let root = YAMLDocument.root(bytes, file: file, form: form, &problems)
    var policy: Policy?
    if let root, var top = YAMLSection(root, prefix: "", file: file, orElse: orElse, &problems) {
      policy = read(&top, file: file, known, &problems)
      top.finish()
      problems += top.problems
    }
    guard problems.isEmpty, var policy else {
      throw YAMLErrors(problems)
    }
    policy.source = String(decoding: bytes, as: UTF8.self)
    return policy
  }

  private static func read(
    _ top: inout YAMLSection, file: String, _ known: [Policy], _ problems: inout [YAMLProblem]
  ) -> Policy? {
    let id = name(&top)
    var base: Policy?
    if let node = top.value("extends", isNeeded: false, example: "") {
      // A wrong name is told once; the file is read on as one that has something to extend.
      let words = known.map(\.id)
      let word = top.word(node, "extends", words)
      base = known.first { $0.id == word } ?? known.first
    }
    let isWhole = base == nil
    var policy =
      base
      ?? Policy(
        id: "", documentationIsGlobal: false, checks: [], thresholds: Thresholds(), targetPerThousand: 0,
        otherHostsPercent: 0, unknownHostsPercent: 0, levelWeights: [:])
    policy.id = id ?? ""
    if let word = top.word("documentation-is-global", ["true", "false"], isNeeded: isWhole) {
      policy.documentationIsGlobal = word == "true"
    }
    if let node = top.value("target-percent", isNeeded: isWhole, example: "98.8") {
      policy.targetPerThousand = target(node, &top) ?? 0
    }
    let shares: [(String, WritableKeyPath<Policy, Int>, Int)] = [
      ("other-hosts-percent", \.otherHostsPercent, 95), ("unknown-hosts-percent", \.unknownHostsPercent, 5),
    ]
    for (key, path, example) in shares {
      if let share = top.number(key, 0...100, isNeeded: isWhole, example: example) {
        policy[keyPath: path] = share
      }
    }
    if let node = top.value(
      "weights", isNeeded: isWhole, example: "{ 1: 10, 2: 20, 3: 15, 4: 30, 5: 10, 6: 15 }"),
      var section = YAMLSection(node, prefix: "weights: ", file: file, orElse: orElse, &problems)
    {
      for level in 1...6 {
        let weight = section.number("\(level)", 0...100, isNeeded: true, example: 10)
        policy.levelWeights[level] = weight ?? 0
      }
      section.finish()
      problems += section.problems
    }
    if let node = top.value("checks", isNeeded: isWhole, example: ""),
      var section = YAMLSection(node, prefix: "checks: ", file: file, orElse: orElse, &problems)
    {
      policy.checks = checks(&section)
      problems += section.problems
    }
    if let node = top.value("thresholds", isNeeded: isWhole, example: ""),
      var section = YAMLSection(node, prefix: "thresholds: ", file: file, orElse: orElse, &problems)
    {
      read(&section, into: &policy.thresholds, isWhole: isWhole)
      section.finish()
      problems += section.problems
    }
    return policy
  }

  private static func name(_ top: inout YAMLSection) -> String? {
    guard let node = top.value("policy", isNeeded: true, example: "NAME") else { return nil }
    guard case .scalar(let scalar) = node else {
      top.refuse(node, "policy", "it is a list and not a name", "write policy: NAME")
      return nil
    }
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-._".utf8)
    guard (1...64).contains(scalar.string.utf8.count), scalar.string.utf8.allSatisfy({ letters.contains($0) })
    else {
      top.refuse(
        node, "policy", "it is no name for a policy",
        "use lower-case letters, digits, \"-\", \".\" and \"_\", at most 64")
      return nil
    }
    return scalar.string
  }

  /// `98.8` in thousandths, without ever being a binary fraction.
  private static func target(_ node: Node, _ top: inout YAMLSection) -> Int? {
    guard let text = top.plain(node, "target-percent", "a percentage such as 98.8") else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isDecimal =
      (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    guard isDecimal, let whole = Int(parts[0]), whole <= 1000 else {
      top.refuse(node, "target-percent", "it is no percentage", "write a number such as 98.8")
      return nil
    }
    guard parts.count == 1 || parts[1].utf8.count == 1 else {
      top.refuse(node, "target-percent", "it has more than one decimal", "write at most one, such as 98.8")
      return nil
    }
    let tenths = whole * 10 + (parts.count == 2 ? Int(parts[1]) ?? 0 : 0)
    guard tenths <= 1000 else {
      top.refuse(node, "target-percent", "it is more than 100", "write a number from 0 to 100")
      return nil
    }
    return tenths
  }

  private static func checks(_ section: inout YAMLSection) -> [Check] {
    var checks: [Check] = []
    for entry in section.entries {
      guard let check = Check.all.first(where: { $0.id.rawValue == entry.key }) else {
        if entry.key == CheckID.vantageIPv6.rawValue {
          section.refuse(
            entry.at, entry.key, "it is judged under every policy, once a run", "delete the line")
          continue
        }
        let known = Check.all.map(\.id.rawValue)
        let near = nearest(to: entry.key, among: known).map { "did you mean \($0)?" }
        section.refuse(
          entry.at, entry.key, "there is no such check", near ?? "known are: " + known.joined(separator: ", ")
        )
        continue
      }
      let words = CheckPart.allCases.map(\.rawValue)
      guard let word = section.word(entry.value, entry.key, words), let part = CheckPart(rawValue: word)
      else {
        continue
      }
      if let refusal = check.refusal(of: part) {
        section.refuse(entry.value, entry.key, refusal, "write notice")
        continue
      }
      checks.append(check.playing(part))
    }
    return checks
  }

  private static func read(_ section: inout YAMLSection, into thresholds: inout Thresholds, isWhole: Bool) {
    let sources = Thresholds.NameSource.allCases.map(\.rawValue)
    if let word = section.word("name-source", sources, isNeeded: isWhole),
      let source = Thresholds.NameSource(rawValue: word)
    {
      thresholds.nameSource = source
    }
    for figure in Thresholds.figures {
      let example = Thresholds()[keyPath: figure.path]
      if let number = section.number(figure.key, figure.range, isNeeded: isWhole, example: example) {
        thresholds[keyPath: figure.path] = number
      }
    }
    for list in Thresholds.portLists {
      guard let node = section.value(list.key, isNeeded: isWhole, example: "[22, 443]") else { continue }
      guard case .sequence(let items) = node else {
        section.refuse(node, list.key, "it is not a list of ports", "write [22, 443], or [] for none")
        continue
      }
      var ports: Set<UInt16> = []
      for item in items {
        guard let number = section.number(item, list.key, 1...65535), let port = UInt16(exactly: number)
        else {
          continue
        }
        if !ports.insert(port).inserted {
          section.refuse(item, list.key, "the port is there twice", "delete one")
        }
      }
      thresholds[keyPath: list.path] = ports.sorted()
    }
  }
}
