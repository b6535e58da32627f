import Crypto
import Hummingbird

/// The secret that clients show (RFC 6750).
struct Token: Sendable {
  private let digest: SHA256.Digest

  /// - Parameter bytes: the secret; white space around it, such as the end of a file's line, does not count.
  init(_ bytes: [UInt8]) throws(DashboardError) {
    let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
    let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    guard trimmed.count >= Self.shortest else {
      throw DashboardError(
        "web: token", why: "has \(trimmed.count) characters, and \(Self.shortest) are the least",
        remedy: "make one with: openssl rand -hex 32")
    }
    // RFC 6750 §2.1: what can stand in the header.
    guard trimmed.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw DashboardError(
        "web: token", why: "has characters that no header can carry",
        remedy: "make one with: openssl rand -hex 32")
    }
    digest = SHA256.hash(data: Array(trimmed))
  }

  private static let shortest = 16

  /// Refuses who does not show it. Digests are compared, in a time that does not depend on where they differ.
  func demand(of request: Request) throws(Problem) {
    guard let shown = request.headers[.authorization] else { throw Self.refusal("Bearer realm=\"v6audit\"") }
    let parts = shown.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer",
      SHA256.hash(data: Array(parts[1].utf8)) == digest
    else {
      throw Self.refusal("Bearer realm=\"v6audit\", error=\"invalid_token\"")
    }
  }

  private static func refusal(_ challenge: String) -> Problem {
    Problem(
      .unauthorized, "show the token that the server was given: Authorization: Bearer TOKEN",
      headers: [.wwwAuthenticate: challenge])
  }
}
