import Readiness
import StrictYAML

extension FuzzParser {
  /// A policy file: refused with reasons that a person can read, or a policy that says the same when it is read again.
  static let policy = FuzzParser("policy") { input throws(Violation) in
    let policy: Policy
    do throws(YAMLErrors) {
      policy = try Policy.read(input, file: "policy.yaml")
    } catch {
      try require(!error.problems.isEmpty, "refused without a reason")
      for problem in error.problems {
        try requirePrintable(problem.description)
        try require(problem.line >= 1 && problem.column >= 1, "a problem nowhere: \(problem)")
      }
      return
    }
    try requirePrintable(policy.id)
    try require(policy.source?.utf8.elementsEqual(input) ?? false, "its source is another")
    let again = try? Policy.read(input, file: "other.yaml")
    try require(again?.canonicalText == policy.canonicalText, "read again it says something else")
  }
}
