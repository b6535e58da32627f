import ArgumentParser
import Readiness

/// A percentage with up to two decimals, kept in hundredths so that no rounding decides anything.
struct Percent: ExpressibleByArgument {
  let hundredths: Int

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = UInt8(parts[0]),
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let decimals = parts.count == 2 ? parts[1] : "0"
    guard decimals.utf8.count <= 2, let fraction = Int(decimals.utf8.count == 1 ? decimals + "0" : decimals)
    else {
      return nil
    }
    let hundredths = Int(whole) * 100 + fraction
    guard hundredths <= 10_000 else { return nil }
    self.hundredths = hundredths
  }

  /// Whether the share of converted ones reaches it, unknown counted as not converted. With nothing eligible
  /// it does not: nothing was shown.
  func isMet(by tally: Tally) -> Bool {
    tally.eligible > 0 && 10_000 * tally.converted >= hundredths * tally.eligible
  }
}
