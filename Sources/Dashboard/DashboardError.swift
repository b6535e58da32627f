/// Why the web server cannot be started.
public struct DashboardError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The thing: an endpoint, a file, an inherited descriptor.
  public var what: String
  /// What is wrong with it.
  public var why: String
  /// What to do about it.
  public var remedy: String

  /// An error of these parts.
  public init(_ what: String, why: String, remedy: String) {
    self.what = what
    self.why = why
    self.remedy = remedy
  }

  /// `web: [::1]:9606: address already in use; stop what listens there, or name another port`
  public var description: String { "\(what): \(why); \(remedy)" }
}
