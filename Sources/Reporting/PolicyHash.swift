import Readiness

extension Policy {
  /// SHA-256 over everything that decides a verdict, hexadecimal: the same hash means the same rules.
  public var sha256: String { hexadecimalSHA256(Array(canonicalText.utf8)) }
}
