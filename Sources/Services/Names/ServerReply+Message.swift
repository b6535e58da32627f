import Observations
import Wire

extension ServerReply {
  /// What an authoritative server's message says to `question`.
  ///
  /// Aliases are followed inside the answer section. A code or a missing record speaks of the last of them
  /// (RFC 2308 §2.1, RFC 6604 §3), and a server stops at the border of its zones.
  public init(_ message: DNSMessage, answering question: DNSQuestion) {
    switch message.responseCode {
    case .noError: self = message.header.isAuthoritative ? Self.reading(message, question) : .lame
    case .nameError: self = message.header.isAuthoritative ? .nxDomain : .lame
    case .serverFailure: self = .servFail
    case .refused: self = .refused
    case let code: self = .failed(rcode: code.rawValue)
    }
  }

  private static func reading(_ message: DNSMessage, _ question: DNSQuestion) -> ServerReply {
    var name = question.name
    var seen: Set<DNSName> = [name]
    while question.type != .cname, let next = message.alias(of: name) {
      guard seen.insert(next).inserted else { return .malformed("aliases lead in a circle at \(next)") }
      name = next
    }
    let records = message.answers.filter {
      $0.name == name && $0.recordClass == 1 && $0.data.type == question.type
    }
    if !records.isEmpty {
      let addresses = records.compactMap { record -> IPAddress? in
        switch record.data {
        case .a(let address), .aaaa(let address): address
        default: nil
        }
      }
      return .answer(Set(addresses).sorted())
    }
    let denies = message.authorities.contains { $0.data.type == .soa && name.isWithin($0.name) }
    if name != question.name && !denies { return .alias(name.description) }
    return .noData
  }
}

extension DNSMessage {
  /// What a CNAME record of the answer section says of a name.
  func alias(of name: DNSName) -> DNSName? {
    for record in answers where record.name == name && record.recordClass == 1 {
      if case .cname(let target) = record.data { return target }
    }
    return nil
  }

  /// The delegation to a zone below `zone` on the way to `name`, if the message is one: the zone and the names of
  /// its servers. One that leads up or aside is none: that is how a lame server looks, or a lying one.
  func referral(from zone: DNSName, towards name: DNSName) -> (zone: DNSName, servers: [DNSName])? {
    guard responseCode == .noError, !header.isAuthoritative, answers.isEmpty else { return nil }
    let records = authorities.filter { record in
      record.recordClass == 1 && record.data.type == .ns && record.name != zone && record.name.isWithin(zone)
        && name.isWithin(record.name)
    }
    guard let below = records.map(\.name).max(by: { $0.labelCount < $1.labelCount }) else { return nil }
    let servers = records.filter { $0.name == below }.compactMap { record -> DNSName? in
      if case .ns(let server) = record.data { server } else { nil }
    }
    return (below, servers)
  }

  /// The addresses that the message itself tells of a server below `zone`: glue (RFC 9471).
  func glue(of server: DNSName, in zone: DNSName) -> [IPAddress] {
    guard server.isWithin(zone) else { return [] }
    return additionals.filter { $0.name == server && $0.recordClass == 1 }.compactMap { record in
      switch record.data {
      case .a(let address), .aaaa(let address): address
      default: nil
      }
    }
  }
}
