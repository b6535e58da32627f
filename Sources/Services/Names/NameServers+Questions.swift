import Observations
import Wire

extension NameServers {
  /// Asks every authoritative server of a name for one type, and then those of the zones that its aliases lead to.
  public func authority(_ text: String, _ type: RecordType) async -> AuthorityOutcome {
    guard var name = try? DNSName(text) else { return .noDelegation(.malformed("no domain name: \(text)")) }
    var replies: [ServerReplies] = []
    var seen: Set<DNSName> = [name]
    while true {
      switch await zone(of: name) {
      case .failed(let reply):
        if replies.isEmpty { return .noDelegation(reply) }
        return .asked(replies + [ServerReplies(zone: name.description, servers: [], reply: reply)])
      case .found(let delegation):
        let found = await askAll(DNSQuestion(name, DNSType(type)), delegation)
        replies += found
        let targets = found.compactMap { group in
          if case .alias(let target) = group.reply { try? DNSName(target) } else { nil }
        }
        guard let target = targets.first(where: { !seen.contains($0) }), seen.count <= Self.mostAliases else {
          return .asked(replies)
        }
        seen.insert(target)
        name = target
      }
    }
  }

  /// Asks all servers at once; those that say the same stand together, in the order of their first address.
  private func askAll(_ question: DNSQuestion, _ delegation: Delegation) async -> [ServerReplies] {
    let addresses = delegation.addresses
    if addresses.isEmpty {
      return [ServerReplies(zone: delegation.zone.description, servers: [], reply: .notAsked(.sendFailed))]
    }
    let replies = await withTaskGroup(of: (IPAddress, ServerReply).self) { group in
      for address in addresses {
        group.addTask { (address, await self.reply(to: question, of: address, in: delegation.zone)) }
      }
      return await group.reduce(into: [IPAddress: ServerReply]()) { $0[$1.0] = $1.1 }
    }
    var groups: [ServerReplies] = []
    for address in addresses {
      guard let reply = replies[address] else { continue }
      if let index = groups.firstIndex(where: { $0.reply == reply }) {
        groups[index].servers.append(address)
      } else {
        groups.append(ServerReplies(zone: delegation.zone.description, servers: [address], reply: reply))
      }
    }
    return groups
  }

  /// Looks the AAAA of a name up over IPv6 alone.
  public func iteration(_ text: String) async -> IterationOutcome {
    guard var name = try? DNSName(text) else { return .abandoned("no domain name: \(text)") }
    for _ in 0...Self.mostAliases {
      let question = DNSQuestion(name, .aaaa)
      switch await tree6.walk(question) {
      case .abandoned(let why): return .abandoned(why)
      case .noServer(let zone):
        return zone.isRoot ? .noRoot(.notAsked(.noRoute)) : .noIPv6Server(zone: zone.description)
      case .failed(let zone, let reply):
        return zone.isRoot ? .noRoot(reply) : .failed(zone: zone.description, reply: reply)
      case .answered(let zone, let message):
        switch ServerReply(message, answering: question) {
        case .answer(let addresses): return .resolved(addresses)
        case .noData: return .noData
        case .nxDomain: return .nxDomain
        case .alias(let target):
          guard let next = try? DNSName(target) else { return .abandoned("alias to \(target)") }
          name = next
        case let reply: return .failed(zone: zone.description, reply: reply)
        }
      }
    }
    return .abandoned("more than \(Self.mostAliases) aliases in a row")
  }

  /// Asks for the PTR of an address, and what each name it holds leads back to.
  public func reverse(_ address: IPAddress) async -> ReverseOutcome {
    let question = DNSQuestion(DNSName(reverseOf: address), .ptr)
    switch await resolve(question) {
    case .failure(.noData), .failure(.nxDomain): return .none
    case .failure(let reply): return .failed(reply)
    case .message(let message):
      // A reverse zone may hand single addresses over by CNAME (RFC 2317).
      let names = message.answers.compactMap { record -> DNSName? in
        if case .ptr(let name) = record.data { name } else { nil }
      }
      if names.isEmpty { return .none }
      var pointers: [Pointer] = []
      for name in Set(names).sorted(by: { $0.description < $1.description }).prefix(8) {
        pointers.append(
          Pointer(name: name.description, forward: await forward(name, RecordType(address.family))))
      }
      return .pointers(pointers)
    }
  }

  /// Asks for the mail exchangers of a name, and for the AAAA of each.
  public func exchangers(_ text: String) async -> ExchangersOutcome {
    guard let name = try? DNSName(text) else { return .failed(.malformed("no domain name: \(text)")) }
    switch await resolve(DNSQuestion(name, .mx)) {
    case .failure(.noData), .failure(.nxDomain): return .none
    case .failure(let reply): return .failed(reply)
    case .message(let message):
      var found: [(UInt16, DNSName)] = []
      for case .mx(let preference, let exchange) in message.answers.map(\.data) {
        found.append((preference, exchange))
      }
      if found.isEmpty { return .none }
      if found.count == 1, found[0].1.isRoot { return .null }
      var exchangers: [MailExchanger] = []
      for (preference, exchange) in found.sorted(by: { ($0.0, $0.1.description) < ($1.0, $1.1.description) })
        .prefix(16)
      {
        exchangers.append(
          MailExchanger(
            preference: preference, name: exchange.description, forward: await forward(exchange, .aaaa)))
      }
      return .exchangers(exchangers)
    }
  }

  /// The prefixes in which the resolver makes AAAA up, found by the name that has only A (RFC 7050 §3).
  public func synthesis() async -> [Prefix] {
    guard let resolver, let name = try? DNSName("ipv4only.arpa") else { return [] }
    let question = DNSQuestion(name, .aaaa)
    guard case .message(let message) = await ask(question, resolver, .udp, true) else { return [] }
    let addresses = LookupOutcome(message, answering: question).addresses
    return Set(addresses.compactMap { Prefix(synthesising: $0) }).sorted()
  }

  private func forward(_ name: DNSName, _ type: RecordType) async -> LookupOutcome {
    let question = DNSQuestion(name, DNSType(type))
    switch await resolve(question) {
    case .message(let message): return LookupOutcome(message, answering: question)
    case .failure(let reply): return LookupOutcome(reply)
    }
  }

  /// Asks the resolver, or where there is none walks from the root. A denial and an error are failures.
  private func resolve(_ question: DNSQuestion) async -> NameResponse {
    if let resolver {
      let response = await ask(question, resolver, .udp, true)
      guard case .message(let message) = response else { return response }
      switch message.responseCode {
      case .noError: return response
      case .nameError: return .failure(.nxDomain)
      case .serverFailure: return .failure(.servFail)
      case .refused: return .failure(.refused)
      case let code: return .failure(.failed(rcode: code.rawValue))
      }
    }
    switch await (tree ?? tree6).walk(question) {
    case .answered(_, let message):
      let reply = ServerReply(message, answering: question)
      if case .answer = reply { return .message(message) }
      return .failure(reply)
    case .failed(_, let reply): return .failure(reply)
    case .noServer: return .failure(.notAsked(.noRoute))
    case .abandoned(let why): return .failure(.malformed(why))
    }
  }
}

extension Prefix {
  /// The prefix from which a DNS64 made `address` up, if it holds 192.0.0.170 or 192.0.0.171 where RFC 6052 §2.2 puts
  /// an IPv4 address for one of its six lengths.
  init?(synthesising address: IPAddress) {
    guard address.family == .ipv6 else { return nil }
    let bytes = address.bytes
    // Byte 8 (bits 64 to 71) is always zero and left out.
    for (length, places) in [
      (96, [12, 13, 14, 15]), (64, [9, 10, 11, 12]), (56, [7, 9, 10, 11]), (48, [6, 7, 9, 10]),
      (40, [5, 6, 7, 9]), (32, [4, 5, 6, 7]),
    ] {
      let embedded = places.map { bytes[$0] }
      if embedded == [192, 0, 0, 170] || embedded == [192, 0, 0, 171] {
        self.init(address, length: length)
        return
      }
    }
    return nil
  }
}

extension LookupOutcome {
  /// The same said of a name by whoever was asked in the resolver's place.
  fileprivate init(_ reply: ServerReply) {
    switch reply {
    case .answer(let addresses): self = .answer(addresses: addresses, aliases: [])
    case .alias, .noData: self = .noData
    case .nxDomain: self = .nxDomain
    case .servFail: self = .servFail
    case .refused: self = .refused
    case .failed(let rcode): self = .failed(rcode: UInt8(clamping: rcode))
    case .lame: self = .malformed("an answer without authority")
    case .malformed(let text): self = .malformed(text)
    case .timeout(let tries): self = .timeout(tries: tries)
    case .unreachable(let text): self = .unreachable(text)
    case .notAsked(let reason): self = .unreachable(reason.rawValue)
    }
  }
}
