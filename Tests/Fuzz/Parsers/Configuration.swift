import Daemon
import StrictYAML

extension FuzzParser {
  /// A configuration: refused with reasons that a person can read, or the same when it is read twice over.
  static let configuration = FuzzParser("configuration") { input throws(Violation) in
    let file = ConfigurationReader.File(name: "v6audit.yaml", bytes: input)
    let configuration: Configuration
    do throws(YAMLErrors) {
      configuration = try ConfigurationReader.read([file])
    } catch {
      try require(!error.problems.isEmpty, "refused without a reason")
      for problem in error.problems {
        try requirePrintable(problem.description)
        try require(problem.line >= 1 && problem.column >= 1, "a problem nowhere: \(problem)")
      }
      return
    }
    try requirePrintable(configuration.vantage.contact)
    // Windows of maintenance add up; all else stays.
    guard var again = try? ConfigurationReader.read([file, file]) else {
      throw Violation("what was read is refused")
    }
    again.maintenance = Array(again.maintenance.prefix(configuration.maintenance.count))
    try require(again == configuration, "read again it says something else")
  }
}
