import Observations
import Wire

extension LookupOutcome {
  /// What a recursive resolver's answer to `question` means.
  ///
  /// The chain of aliases is followed inside the answer section, in whatever order its records stand. An
  /// error code or a missing record speaks of the last name of the chain (RFC 2308 §2.1, RFC 6604 §3).
  public init(_ message: DNSMessage, answering question: DNSQuestion) {
    switch message.responseCode {
    case .noError: self = Self.reading(message, question)
    case .nameError: self = .nxDomain
    case .serverFailure: self = .servFail
    case .refused: self = .refused
    case let code: self = .failed(rcode: UInt8(clamping: code.rawValue))
    }
  }

  private static func reading(_ message: DNSMessage, _ question: DNSQuestion) -> LookupOutcome {
    var name = question.name
    var aliases: [String] = []
    var seen: Set<DNSName> = [name]
    while let next = alias(of: name, in: message.answers) {
      guard seen.insert(next).inserted else { return .malformed("aliases lead in a circle at \(next)") }
      name = next
      aliases.append(next.description)
    }
    let addresses = message.answers.filter { $0.name == name && $0.recordClass == 1 }.compactMap { record in
      switch (record.data, question.type) {
      case (.a(let address), .a), (.aaaa(let address), .aaaa): address
      default: nil
      }
    }
    if !addresses.isEmpty { return .answer(addresses: Set(addresses).sorted(), aliases: aliases) }
    // No SOA but name servers, without authority: "ask them", which is no answer (RFC 2308 §2.2).
    let types = Set(message.authorities.map(\.data.type))
    if types.contains(.ns) && !types.contains(.soa) && !message.header.isAuthoritative {
      return .malformed("a referral to other name servers instead of an answer")
    }
    // An authoritative server stops at the border of its zones and says nothing about what lies behind.
    if !aliases.isEmpty && !message.header.recursionAvailable && !types.contains(.soa) {
      return .malformed("the alias to \(name) was not followed")
    }
    return .noData
  }

  private static func alias(of name: DNSName, in answers: [DNSRecord]) -> DNSName? {
    for record in answers where record.name == name && record.recordClass == 1 {
      if case .cname(let target) = record.data { return target }
    }
    return nil
  }
}
