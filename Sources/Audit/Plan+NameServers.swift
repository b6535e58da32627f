import Inventory
import Observations
import Probing
import Readiness
import Wire

/// A question about a name or an address that the resolver's A and AAAA do not answer.
enum NameQuestion: Hashable, Sendable {
  /// In which zone a name lies. No fact of its own: the zones are.
  case zone(name: String)
  case iteration(name: String)
  case exchangers(name: String)
  case reverse(address: IPAddress)
  case authority(name: String, type: RecordType)
}

/// One server address as one of a zone's.
struct ZoneServer: Hashable, Sendable {
  var zone: DNSName
  var address: IPAddress
}

extension Plan {
  /// What is asked of names and addresses before it is known who serves them.
  static func nameQuestions(_ hosts: [HostAddressing], _ policy: Policy) -> [Planned<NameQuestion>] {
    .merging(
      hosts.flatMap { addressing in
        var questions: [NameQuestion] = []
        for name in addressing.host.names {
          if policy.asksNameServers { questions.append(.zone(name: name)) }
          if policy.asks(.dnsIPv6Only) { questions.append(.iteration(name: name)) }
          if policy.asks(.serviceMail) { questions.append(.exchangers(name: name)) }
        }
        if policy.asks(.dnsReverse), !addressing.host.names.isEmpty {
          questions += addressing.addresses(.ipv6).filter { policy.accepts($0.scope) }.map {
            .reverse(address: $0)
          }
        }
        return questions.map { (addressing.host.id, $0) }
      })
  }

  /// Every name and type, to be asked of every authoritative server.
  static func authorities(_ hosts: [Host], _ families: [AddressFamily]) -> [Planned<NameQuestion>] {
    .merging(
      hosts.flatMap { host in
        host.names.flatMap { name in
          families.map { (host.id, NameQuestion.authority(name: name, type: RecordType($0))) }
        }
      })
  }

  /// A SYN to port 25 of every address of every mail exchanger that is not made up.
  static func mailProbes(_ observations: [Observation]) -> [(host: String, question: Probe)] {
    let synthesis = Synthesis(observations)
    return observations.flatMap { observation -> [(host: String, question: Probe)] in
      guard case .exchangers(_, .exchangers(let exchangers)) = observation.fact else { return [] }
      return exchangers.flatMap(\.forward.addresses).filter { !synthesis.makes($0) }.map {
        (observation.host, Probe(target: $0, kind: .tcpSYN(port: 25)))
      }
    }
  }
}

extension Policy {
  /// Whether the authoritative servers are asked at all.
  var asksNameServers: Bool {
    asks(.dnsNameServers) || (asks(.dnsAAAA) && thresholds.nameSource == .authoritative)
  }
}
