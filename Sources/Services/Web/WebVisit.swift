import Observations

/// What a host serves over HTTP and HTTPS under one name, at every address: what is fetched together, so that the
/// pages of both families can be compared and forgotten.
public struct WebVisit: Sendable, Hashable {
  /// A web service at one endpoint.
  public struct Target: Sendable, Hashable {
    /// `http` or `https`.
    public var service: String
    /// Where.
    public var endpoint: Endpoint

    /// A service at an endpoint.
    public init(service: String, endpoint: Endpoint) {
      self.service = service
      self.endpoint = endpoint
    }

    var isSecure: Bool { service == "https" }
  }

  /// The name that is asked for: SNI and Host. Without one the address literal stands in Host.
  public var name: String?
  /// What is asked, in a fixed order.
  public var targets: [Target]

  /// A visit to these targets for a name if there is one.
  public init(name: String?, targets: [Target]) {
    self.name = name
    self.targets = targets
  }
}

/// How politely the references of a page are looked at.
public struct ReferenceLimits: Sendable, Hashable {
  /// Links of one page that are asked for.
  public var links = 20
  /// Sub-resources of one page that are asked for.
  public var resources = 40
  /// For all references of one page together.
  public var time: Duration = .seconds(20)

  /// The limits above.
  public init() {}
}
