import StrictYAML

extension Policy {
  /// The policy in force: the whole rubric.
  public static let current = shipped("2026-1")
  /// The same for a network made of documentation addresses.
  public static let lab = shipped("2026-1-lab")
  /// The first policy, under which early runs were judged.
  public static let first = shipped("2026-0")
  /// The same for a network made of documentation addresses.
  public static let firstLab = shipped("2026-0-lab")
  /// Every policy this version ships.
  public static let all = [current, lab, first, firstLab]

  /// The policy of this name, if it ships.
  public static func named(_ id: String) -> Policy? { all.first { $0.id == id } }

  /// The files, as they were put into the program when it was built. One that others extend stands before them.
  static let files: [(name: String, bytes: [UInt8])] = [
    ("policy-2026-1.yaml", PackageResources.policy_2026_1_yaml),
    ("policy-2026-1-lab.yaml", PackageResources.policy_2026_1_lab_yaml),
    ("policy-2026-0.yaml", PackageResources.policy_2026_0_yaml),
    ("policy-2026-0-lab.yaml", PackageResources.policy_2026_0_lab_yaml),
  ]

  private static let byID: [String: Policy] = {
    var known: [Policy] = []
    for file in files {
      do throws(YAMLErrors) {
        var policy = try PolicyReader.read(file.bytes, file: file.name, extending: known)
        policy.source = nil
        known.append(policy)
      } catch {
        preconditionFailure("a policy that ships cannot be read: \(error)")
      }
    }
    return Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
  }()

  private static func shipped(_ id: String) -> Policy {
    guard let policy = byID[id] else { preconditionFailure("policy \(id) does not ship") }
    return policy
  }

  /// Reads a policy file. It may extend a policy that ships, and may not go by the name of one.
  ///
  /// - Parameters:
  ///   - bytes: the file's content, UTF-8, at most 64 kB.
  ///   - file: its name, for the errors.
  /// - Throws: `YAMLErrors` with everything that is wrong with it.
  public static func read(_ bytes: [UInt8], file: String) throws(YAMLErrors) -> Policy {
    let policy = try PolicyReader.read(bytes, file: file, extending: all)
    if let other = named(policy.id), other.canonicalText != policy.canonicalText {
      throw YAMLErrors([
        YAMLProblem(
          file: file, line: 1, column: 1, what: "policy \(policy.id)",
          why: "a policy of this name ships with the program and says something else",
          remedy: "give yours a name of its own, such as \(policy.id)-city")
      ])
    }
    return policy
  }
}
