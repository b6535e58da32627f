extension Fact {
  /// The kind of question, in one word.
  public var kind: String {
    switch self {
    case .echo: "echo"
    case .port: "port"
    case .lookup: "lookup"
    case .handshake: "handshake"
    case .control: "control"
    case .handshakeTimes: "handshake-times"
    case .vantage: "vantage"
    case .link: "link"
    case .advertisement: "advertisement"
    case .traffic: "traffic"
    case .delegation: "delegation"
    case .nameServer: "name-server"
    case .authority: "authority"
    case .iteration: "iteration"
    case .reverse: "reverse"
    case .exchangers: "exchangers"
    case .synthesis: "synthesis"
    case .pathMTU: "path-mtu"
    case .path: "path"
    case .portSurvey: "port-survey"
    case .datagram: "datagram"
    case .tunnel: "tunnel"
    case .alias: "alias"
    case .page: "page"
    case .pageDifference: "difference"
    case .references: "references"
    }
  }

  /// What was asked, for a person.
  public var subject: String {
    switch self {
    case .echo(let address, _): address.description
    case .port(let endpoint, _): endpoint.description
    case .lookup(let name, let type, _): "\(name) \(type.rawValue)"
    case .handshake(let service, let endpoint, _, let name?, _): "\(service) \(endpoint) \(name)"
    case .handshake(let service, let endpoint, _, nil, _): "\(service) \(endpoint)"
    case .control(let role, let target, _): "\(role.rawValue) \(target)"
    case .handshakeTimes(let endpoint, _, _): endpoint.description
    case .vantage: ""
    case .link(let link): link.interface
    case .advertisement(let seen): seen.router.description
    case .traffic(let seen): seen.address.description
    case .delegation(let zone, _, _): zone
    case .nameServer(let zone, let server, _, _, _): "\(zone) \(server)"
    case .authority(let name, let type, _): "\(name) \(type.rawValue)"
    case .iteration(let name, _), .exchangers(let name, _): name
    case .reverse(let address, _): address.description
    case .synthesis: ""
    case .pathMTU(let address, let port?, _, _): Endpoint(address, port).description
    case .pathMTU(let address, nil, _, _): address.description
    case .path(let path): path.target.description
    case .portSurvey(let address, _): address.description
    case .datagram(let endpoint, _): endpoint.description
    case .tunnel(let kind, let address, _): "\(kind.rawValue) \(address)"
    case .alias(let address, _): address.description
    case .page(let name, let service, let endpoint, _):
      "\(service) \(endpoint)" + (name.map { " \($0)" } ?? "")
    case .pageDifference(let name, let service, let ipv6, let ipv4, _):
      "\(service) \(ipv6) \(ipv4)" + (name.map { " \($0)" } ?? "")
    case .references(let name, let service, let endpoint, let kind, _):
      "\(kind.rawValue) \(service) \(endpoint)" + (name.map { " \($0)" } ?? "")
    }
  }
}
