import Wire

extension Facts {
  /// What our parser read in a DNS message. The order of tshark's fields is the order on the wire, record by record.
  mutating func readDNS(_ message: DNSMessage) {
    let header = message.header
    let flags: [(Bool, Int)] = [
      (header.isResponse, 0x8000), (header.isAuthoritative, 0x0400), (header.isTruncated, 0x0200),
      (header.recursionDesired, 0x0100), (header.recursionAvailable, 0x0080), (header.authenticData, 0x0020),
      (header.checkingDisabled, 0x0010),
    ]
    let bits = flags.reduce(Int(header.opcode) << 11 | Int(header.responseBits)) { $0 | ($1.0 ? $1.1 : 0) }
    set(.dnsHeader, "\(header.id) \(bits)")
    let additionalCount = message.additionals.count + (message.extended == nil ? 0 : 1)
    set(
      .dnsCounts,
      [message.questions.count, message.answers.count, message.authorities.count, additionalCount])
    set(.dnsQuestions, message.questions.map { "\($0.name) \($0.type.rawValue)" })
    let records = message.answers + message.authorities + message.additionals
    set(.dnsOwners, records.map { "\($0.name)" })
    set(.dnsTypes, records.map { $0.data.type.rawValue })
    set(.dnsLives, records.map(\.timeToLive))
    var addresses: [String] = []
    var targets: [String] = []
    var numbers: [String] = []
    for record in records {
      switch record.data {
      case .a(let address), .aaaa(let address): addresses.append("\(address)")
      case .cname(let name), .dname(let name), .ns(let name), .ptr(let name): targets.append("\(name)")
      case .mx(let preference, let exchange):
        targets.append("\(exchange)")
        numbers.append("\(preference)")
      case .soa(let authority):
        targets += ["\(authority.primary)", "\(authority.mailbox)"]
        numbers += [
          authority.serial, authority.refresh, authority.retry, authority.expire, authority.minimum,
        ].map { "\($0)" }
      case .opt, .other: break
      }
    }
    // tshark groups what it prints by field, so order between kinds is lost.
    set(.dnsAddresses, addresses.sorted())
    set(.dnsTargets, targets.sorted())
    set(.dnsNumbers, numbers.sorted())
  }
}
