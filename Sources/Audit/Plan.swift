import Inventory
import Observations
import Probing
import Readiness
import Services
import Wire

/// One question to the network and the hosts it is asked for: two hosts that share an address share a packet.
struct Planned<Question: Hashable & Sendable>: Sendable {
  let question: Question
  private(set) var hosts: [String]

  /// Questions in the order they were first asked, each once, with all who asked.
  static func merging(_ wanted: some Sequence<(host: String, question: Question)>) -> [Planned] {
    var index: [Question: Int] = [:]
    var plan: [Planned] = []
    for (host, question) in wanted {
      if let position = index[question] {
        if !plan[position].hosts.contains(host) { plan[position].hosts.append(host) }
      } else {
        index[question] = plan.count
        plan.append(Planned(question: question, hosts: [host]))
      }
    }
    return plan
  }
}

/// A name and type to ask the resolver for.
struct LookupQuestion: Hashable, Sendable {
  var name: String
  var type: RecordType
}

/// What an audit asks, phase by phase. Pure: each phase follows from the inventory and what was seen before.
enum Plan {
  /// Every declared name in each family.
  static func lookups(_ hosts: [Host], _ families: [AddressFamily]) -> [Planned<LookupQuestion>] {
    .merging(
      hosts.flatMap { host in
        host.names.flatMap { name in
          families.map { (host.id, LookupQuestion(name: name, type: RecordType($0))) }
        }
      })
  }

  /// An echo to every address and a SYN to every declared TCP port there, declared or published; then `mail`.
  static func probes(
    _ hosts: [HostAddressing], _ families: [AddressFamily], mail: [(host: String, question: Probe)] = []
  ) -> [Planned<Probe>] {
    .merging(
      hosts.flatMap { addressing in
        families.flatMap { family in
          addressing.addresses(family).flatMap { address in
            let ports = Set(addressing.host.services.filter { $0.transport == .tcp }.map(\.port)).sorted()
            let kinds = [ProbeKind.echo] + ports.map { ProbeKind.tcpSYN(port: $0) }
            return kinds.map { (addressing.host.id, Probe(target: address, kind: $0)) }
          }
        }
      } + mail)
  }

  /// A handshake with every service at every address where it can be had: over TCP where the port is open,
  /// over UDP everywhere. `isOpen` says what the packets found; `isUsable` which addresses to leave alone.
  static func handshakes(
    _ hosts: [HostAddressing], _ families: [AddressFamily], isUsable: (IPAddress) -> Bool,
    isOpen: (Endpoint) -> Bool
  ) -> [Planned<HandshakeRequest>] {
    .merging(
      hosts.flatMap { addressing in
        families.flatMap { addressing.addresses($0) }.filter(isUsable).flatMap { address in
          addressing.host.services.filter { service in
            service.isSpoken
              && (service.transport == .udp || isOpen(Endpoint(address, service.port)))
          }
          .flatMap { service in
            addressing.offeredNames(service, at: address).map { name in
              let request = HandshakeRequest(
                service: service.name.rawValue, endpoint: Endpoint(address, service.port),
                transport: service.transport, name: name)
              return (addressing.host.id, request)
            }
          }
        }
      })
  }
}

extension Array {
  /// `Planned.merging`, where the element type is known from the context.
  static func merging<Question>(_ wanted: [(host: String, question: Question)]) -> [Planned<Question>]
  where Element == Planned<Question> {
    Planned.merging(wanted)
  }
}
