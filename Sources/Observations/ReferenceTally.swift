/// What a page refers to.
public enum ReferenceKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Links on the page's own domain.
  case links
  /// What a browser loads with the page: pictures, scripts, style sheets, frames, media.
  case resources
}

/// What came of one reference over IPv6. As a key it is written by its name.
public enum ReferenceOutcome: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
  /// The server answered with a status below 400.
  case loaded
  /// It lies outside the scope, was not touched, and its name has a global AAAA.
  case published
  /// Its name has no AAAA.
  case withoutAAAA = "without-aaaa"
  /// Nobody answered, or what answered is no web server.
  case unreachable
  /// A status of 400 or more that IPv4 does not give.
  case status
  /// A status of 400 or more over both families: a broken reference, and no matter of IPv6.
  case brokenOnBoth = "broken-on-both"
  /// DNS could not say.
  case notResolved = "not-resolved"
  /// There was no time left for it.
  case notAsked = "not-asked"
}

/// How the references of one kind fared that were sampled from a page.
public struct ReferenceTally: Sendable, Hashable, Codable {
  /// How many different ones the page has.
  public var found: Int
  /// How many of the sampled ones came out how.
  public var counts: [ReferenceOutcome: Int]
  /// A few of those that do not work, each at most 256 bytes.
  public var examples: [String]

  /// A tally of these counts.
  public init(found: Int, counts: [ReferenceOutcome: Int] = [:], examples: [String] = []) {
    self.found = found
    self.counts = counts
    self.examples = examples
  }
}
