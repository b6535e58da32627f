import Inventory
import Observations
import Probing
import Readiness
import Services
import Wire

/// An address whose packet sizes are wanted, and the web services there that may show them, one after the other.
struct PageQuestion: Hashable, Sendable {
  var address: IPAddress
  var requests: [HandshakeRequest]
}

/// The ports to ask of one address.
struct SurveyQuestion: Hashable, Sendable {
  var address: IPAddress
  var ports: [UInt16]
}

/// A packet inside another one.
struct TunnelQuestion: Hashable, Sendable {
  var kind: TunnelKind
  var address: IPAddress
  /// The address inside; Teredo has none.
  var inner: IPAddress?

  var probe: Probe {
    let carrier = inner.map { ProbeKind.tunnel(kind, inner: $0) } ?? .datagram(port: 3544)
    return Probe(target: address, kind: carrier)
  }
}

extension Plan {
  /// Every usable IPv6 address once, with its open web services: HTTP first, which costs no cryptography.
  static func pages(
    _ hosts: [HostAddressing], isUsable: (IPAddress) -> Bool, isOpen: (Endpoint) -> Bool
  ) -> [Planned<PageQuestion>] {
    let wanted = hosts.flatMap { addressing in
      addressing.addresses(.ipv6).filter(isUsable).map { address in
        let services = addressing.host.services.filter { service in
          (service.name == .http || service.name == .https) && isOpen(Endpoint(address, service.port))
        }
        let requests = services.sorted { ($0.name.rawValue, $0.port) < ($1.name.rawValue, $1.port) }.map {
          service in
          HandshakeRequest(
            service: service.name.rawValue, endpoint: Endpoint(address, service.port), transport: .tcp,
            name: addressing.offeredNames(service, at: address).first ?? nil)
        }
        return (host: addressing.host.id, question: PageQuestion(address: address, requests: requests))
      }
    }
    // Hosts that share an address share the question of whichever has most to offer.
    var best: [IPAddress: PageQuestion] = [:]
    for (_, question) in wanted
    where best[question.address].map({ $0.requests.count < question.requests.count }) ?? true {
      best[question.address] = question
    }
    return .merging(wanted.map { ($0.host, best[$0.question.address] ?? $0.question) })
  }

  /// One address for each /48 and IPv4 /24 behind the WAN, if one there answers that one, with all its hosts.
  static func ways(
    _ hosts: [HostAddressing], _ families: [AddressFamily], isUsable: (IPAddress) -> Bool,
    isAlive: (IPAddress) -> Bool
  ) -> [Planned<IPAddress>] {
    let wanted = hosts.flatMap { addressing in
      families.compactMap { family in
        addressing.addresses(family).first(where: isUsable).map { (host: addressing.host.id, question: $0) }
      }
    }
    var chosen: [Prefix: IPAddress] = [:]
    for (_, address) in wanted {
      guard let before = chosen[address.network] else {
        chosen[address.network] = address
        continue
      }
      if !isAlive(before), isAlive(address) { chosen[address.network] = address }
    }
    return .merging(wanted.map { ($0.host, chosen[$0.question.network] ?? $0.question) })
  }

  /// The same ports at every usable IPv6 address.
  static func surveys(
    _ hosts: [HostAddressing], ports: [UInt16], isUsable: (IPAddress) -> Bool
  ) -> [Planned<SurveyQuestion>] {
    .merging(
      hosts.flatMap { addressing in
        addressing.addresses(.ipv6).filter(isUsable).map {
          (addressing.host.id, SurveyQuestion(address: $0, ports: ports))
        }
      })
  }

  /// Over IPv4 only what turned out to be open over IPv6 and is not declared.
  static func comparisons(
    _ hosts: [HostAddressing], openPorts: (IPAddress) -> [UInt16]
  ) -> [Planned<SurveyQuestion>] {
    var ports: [IPAddress: Set<UInt16>] = [:]
    var owners: [(host: String, address: IPAddress)] = []
    for addressing in hosts {
      let declared = Set(addressing.host.services.filter { $0.transport == .tcp }.map(\.port))
      let open = Set(addressing.addresses(.ipv6).flatMap(openPorts)).subtracting(declared)
      if open.isEmpty { continue }
      for address in addressing.addresses(.ipv4) {
        ports[address, default: []].formUnion(open)
        owners.append((addressing.host.id, address))
      }
    }
    return .merging(
      owners.map { ($0.host, SurveyQuestion(address: $0.address, ports: (ports[$0.address] ?? []).sorted())) }
    )
  }

  /// A datagram to each of these ports at every usable IPv6 address, for hosts that do not declare it.
  static func datagrams(
    _ hosts: [HostAddressing], ports: [UInt16], isUsable: (IPAddress) -> Bool
  ) -> [Planned<Endpoint>] {
    .merging(
      hosts.flatMap { addressing in
        addressing.addresses(.ipv6).filter(isUsable).flatMap { address in
          ports.filter { port in
            !addressing.host.services.contains { $0.port == port && $0.transport == .udp }
          }.map { (addressing.host.id, Endpoint(address, $0)) }
        }
      })
  }

  /// Every kind of tunnel to every address that could be an end of one, each with an echo to the same host inside.
  static func tunnels(
    _ hosts: [HostAddressing], _ families: [AddressFamily], isUsable: (IPAddress) -> Bool
  ) -> [Planned<TunnelQuestion>] {
    .merging(
      hosts.flatMap { addressing -> [(host: String, question: TunnelQuestion)] in
        let six = addressing.addresses(.ipv6).filter(isUsable)
        guard let native = six.first else { return [] }
        let four = families.contains(.ipv4) ? addressing.addresses(.ipv4) : []
        return TunnelKind.allCases.flatMap { kind in
          (kind.carrier == .ipv4 ? four : six).compactMap {
            address -> (host: String, question: TunnelQuestion)? in
            let inner: IPAddress?
            switch kind {
            case .sixInFour: inner = native
            case .sixToFour: inner = address.asSixToFour
            case .isatap: inner = address.asISATAP
            case .teredo: inner = nil
            case .sixInSix: inner = address
            case .fourInSix:
              guard let first = four.first else { return nil }
              inner = first
            }
            return (addressing.host.id, TunnelQuestion(kind: kind, address: address, inner: inner))
          }
        }
      })
  }

  /// Every usable IPv6 address by its /64.
  static func networks(
    _ hosts: [HostAddressing], isUsable: (IPAddress) -> Bool
  ) -> [(network: Prefix, addresses: [Planned<IPAddress>])] {
    let addresses: [Planned<IPAddress>] = .merging(
      hosts.flatMap { addressing in
        addressing.addresses(.ipv6).filter(isUsable).map { (addressing.host.id, $0) }
      })
    return Dictionary(grouping: addresses) { Prefix($0.question, length: 64) }
      .map { ($0.key, $0.value) }.sorted { $0.network < $1.network }
  }
}

extension IPAddress {
  /// The /48 or IPv4 /24 whose hosts share a way.
  fileprivate var network: Prefix { Prefix(self, length: family == .ipv4 ? 24 : 48) }
}
