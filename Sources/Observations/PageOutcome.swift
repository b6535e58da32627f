import Wire

/// What came of fetching a page from one address, redirects followed within its family.
public enum PageOutcome: Sendable, Hashable, Codable {
  /// A final answer came, and its body as far as it is read.
  case fetched(FetchedPage)
  /// No answer came from this URL. The outcome is never `completed`.
  case failed(url: String, outcome: HandshakeOutcome)
  /// The head of an answer came, and then its body broke off or stopped. The outcome is never `completed`.
  case bodyFailed(url: String, status: Int, outcome: HandshakeOutcome)
  /// It led to a URL whose name has no address in this family.
  case redirectLost(url: String, lookup: LookupOutcome)
  /// It led out of the scope: nobody was touched there, and these are the addresses that DNS gave.
  case redirectOutside(url: String, status: Int, addresses: [IPAddress])
  /// It led in a circle, or on and on.
  case redirectLoop(url: String)
  /// It led to what is no web address, in the server's own words, bounded to 256 bytes.
  case redirectMalformed(url: String, location: String)
}

/// An answer and what is kept of its body: never the body itself.
public struct FetchedPage: Sendable, Hashable, Codable {
  /// The status of the final answer, 200–599.
  public var status: Int
  /// Where it came from after all redirects.
  public var url: String
  /// How many redirects led there, 0–5.
  public var redirects: Int
  /// Bytes of the body as it was sent, up to the limit.
  public var length: Int
  /// Whether the body ended before the limit.
  public var isWhole: Bool
  /// Its content coding, though none was asked for; `nil` where it is plain. Such a body is not decoded.
  public var encoding: String?
  /// SHA-256 over the body without its volatile parts (docs/content.md), hexadecimal.
  public var contentSHA256: String

  /// A page as it was fetched.
  public init(
    status: Int, url: String, redirects: Int = 0, length: Int, isWhole: Bool = true, encoding: String? = nil,
    contentSHA256: String
  ) {
    self.status = status
    self.url = url
    self.redirects = redirects
    self.length = length
    self.isWhole = isWhole
    self.encoding = encoding
    self.contentSHA256 = contentSHA256
  }
}
