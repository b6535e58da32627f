import Observations
import Wire

extension ObservedTrait {
  /// How what an audit measured is called as a source.
  public static let auditSource = "audit"

  /// What an audit saw of addresses. Only what came from them counts: that nobody answered is no trait.
  ///
  /// Addresses that the resolver makes up for hosts without any (RFC 6147) are nobody's, and left out.
  public static func traits(of observations: some Sequence<Observation>) -> [ObservedTrait] {
    var madeUp: [Prefix] = []
    var traits: [ObservedTrait] = []
    for observation in observations {
      if case .synthesis(let prefixes) = observation.fact { madeUp += prefixes }
      traits += observation.fact.traits(at: observation.at)
    }
    return madeUp.isEmpty
      ? traits : traits.filter { trait in !madeUp.contains { $0.contains(trait.address) } }
  }
}

extension Fact {
  fileprivate func traits(at time: Timestamp) -> [ObservedTrait] {
    let source = ObservedTrait.auditSource
    func trait(_ address: IPAddress, _ kind: ObservedTrait.Kind, _ value: String = "") -> ObservedTrait {
      ObservedTrait(address, kind, value, source: source, firstSeen: time, lastSeen: time)
    }
    switch self {
    case .echo(let address, .answered): return [trait(address, .present)]
    case .port(let endpoint, .answered):
      return [
        trait(endpoint.address, .present), trait(endpoint.address, .service, "tcp/\(endpoint.port)"),
      ]
    case .port(let endpoint, .closed): return [trait(endpoint.address, .present)]
    case .portSurvey(let address, let survey):
      guard !survey.open.isEmpty || !survey.closed.isEmpty else { return [] }
      return [trait(address, .present)] + survey.open.map { trait(address, .service, "tcp/\($0)") }
    case .lookup(let name, _, .answer(let addresses, _)): return addresses.map { trait($0, .name, name) }
    case .reverse(let address, .pointers(let pointers)):
      return pointers.map { trait(address, .pointer, $0.name) }
    case .handshake(_, let endpoint, let transport, _, .completed(let identity)):
      return [
        trait(endpoint.address, .present),
        trait(endpoint.address, .service, "\(transport.rawValue)/\(endpoint.port)"),
      ] + identity.traits(of: endpoint, source: source, at: time)
    case .alias(let address, .answered):
      let subnet = Prefix(address, length: 64)
      return [trait(subnet.address, .aliased, subnet.description)]
    case .traffic(let seen) where seen.sent > 0:
      return [
        ObservedTrait(
          seen.address, .present, "", source: source, firstSeen: seen.first, lastSeen: seen.last)
      ]
    default: return []
    }
  }
}

extension ServiceIdentity {
  /// Keys and names that a service shows.
  public func traits(of endpoint: Endpoint, source: String, at time: Timestamp) -> [ObservedTrait] {
    func trait(_ kind: ObservedTrait.Kind, _ value: String) -> ObservedTrait {
      ObservedTrait(endpoint.address, kind, value, source: source, firstSeen: time, lastSeen: time)
    }
    var traits = hostKeys.map { trait(.sshKey, "\(endpoint.port) \($0.algorithm) \($0.keySHA256)") }
    if let certificate {
      if !certificate.keySHA256.isEmpty {
        traits.append(trait(.tlsKey, "\(endpoint.port) \(certificate.keySHA256)"))
      }
      // A wildcard names nobody, and an address is none's name.
      traits += certificate.names.filter { !$0.contains("*") && IPAddress($0) == nil }
        .map { trait(.certificateName, $0) }
    }
    return traits
  }
}
