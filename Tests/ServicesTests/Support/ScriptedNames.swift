import Foundation
import Observations
import Services
import Synchronization
import Wire

/// A tree of name servers without a socket: what each says is a script, and every question is counted.
final class ScriptedNames: Sendable {
  typealias Script = @Sendable (_ question: DNSQuestion, _ transport: Transport) -> NameResponse

  private let servers: [IPAddress: Script]
  private let asked = Mutex<[String]>([])

  init(_ servers: [IPAddress: Script]) { self.servers = servers }

  /// Every question as `address name TYPE transport`, in order.
  var questions: [String] { asked.withLock { $0 } }

  func ask(
    _ question: DNSQuestion, _ server: Endpoint, _ transport: Transport, _ recursive: Bool
  ) async -> NameResponse {
    asked.withLock { $0.append("\(server.address) \(question.name) \(question.type) \(transport.rawValue)") }
    return servers[server.address]?(question, transport) ?? .failure(.timeout(tries: 3))
  }
}

extension IPAddress {
  /// 2001:db8::`number`, and 192.0.2.`number`.
  static func six(_ number: UInt64) -> IPAddress { IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: number) }
  static func four(_ number: UInt32) -> IPAddress { IPAddress(ipv4: 0xc000_0200 + number) }
}

extension DNSName {
  static func name(_ text: String) -> DNSName {
    guard let name = try? DNSName(text) else { preconditionFailure("no name: \(text)") }
    return name
  }
}

extension DNSRecord {
  static func of(_ name: String, _ data: DNSData) -> DNSRecord {
    DNSRecord(.name(name), timeToLive: 60, data)
  }

  static func address(_ name: String, _ address: IPAddress) -> DNSRecord {
    of(name, address.family == .ipv6 ? .aaaa(address) : .a(address))
  }

  static func soa(_ zone: String) -> DNSRecord {
    let server = DNSName.name("ns.\(zone)")
    return of(
      zone,
      .soa(
        DNSAuthority(primary: server, mailbox: server, serial: 7, refresh: 1, retry: 1, expire: 1, minimum: 1)
      ))
  }
}

extension NameResponse {
  /// An answer with authority.
  static func answer(
    _ question: DNSQuestion, _ answers: [DNSRecord], authorities: [DNSRecord] = [], code: UInt8 = 0
  ) -> NameResponse {
    var message = DNSMessage(header: DNSHeader(id: 0))
    message.header.isResponse = true
    message.header.isAuthoritative = true
    message.header.responseBits = code
    message.questions = [question]
    message.answers = answers
    message.authorities = authorities
    return .message(message)
  }

  /// A delegation with glue.
  static func referral(
    _ question: DNSQuestion, _ zone: String, _ servers: [String], glue: [DNSRecord] = []
  ) -> NameResponse {
    var message = DNSMessage(header: DNSHeader(id: 0))
    message.header.isResponse = true
    message.questions = [question]
    message.authorities = servers.map { .of(zone, .ns(.name($0))) }
    message.additionals = glue
    return .message(message)
  }

  /// What a server of `zone` with these records says: records, NODATA or NXDOMAIN.
  static func zone(_ zone: String, _ records: [DNSRecord], _ question: DNSQuestion) -> NameResponse {
    var records = records
    records.append(.soa(zone))
    let own = records.filter { $0.name == question.name }
    let matching = own.filter { $0.data.type == question.type || $0.data.type == .cname }
    if !matching.isEmpty { return .answer(question, matching) }
    return .answer(question, [], authorities: [.soa(zone)], code: own.isEmpty ? 3 : 0)
  }
}
