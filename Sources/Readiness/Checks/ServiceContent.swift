import Inventory
import Observations
import Wire

extension Check {
  /// `service.content`: over IPv6 the same page as over IPv4, whatever the certificate.
  ///
  /// One row for each web service, usable IPv6 address and name. What keeps the page from coming over IPv6 fails by
  /// its own reason. What came is compared with the page of each IPv4 address; one that it equals is enough.
  static let serviceContent = Check(
    id: .serviceContent, level: 4, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.sameContent, .redirectOutsideScope],
      .fail: Answer.probeFailures.union(Answer.handshakeFailures).union([
        .bodyIncomplete, .redirectWithoutIPv6, .redirectLoop, .redirectMalformed, .statusDiffers,
        .finalURLDiffers, .contentDiffers, .contentEncoded,
      ]),
      .unknown: Answer.unmeasured.union([
        .serverErrorOnBoth, .contentEncoded, .resolverSilent, .ipv4NotKnown,
      ]),
      .na: [
        .noUsableAddress, .noWebService, .ipv4NotDeclared, .ipv4Dead, .noPageOverIPv4, .vantageWithoutIPv4,
      ],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    let services = context.webServices
    if services.isEmpty { return [Finding("", .na, .noWebService)] }
    if !context.run.hasIPv6 {
      // What IPv4 shows must not turn "not measured" into "does not apply".
      return services.map { Finding($0.subject, .unknown, .vantageWithoutIPv6) }
    }
    return services.flatMap { service in
      context.usableIPv6.flatMap { address in
        context.addressing.offeredNames(service, at: address).map { name in
          let subject = service.subject(at: address) + (name.map { " as \($0)" } ?? "")
          return Finding(subject, PageComparison(service, address, name, context).answer)
        }
      }
    }
  }
}

extension HostContext {
  /// The services that serve pages.
  var webServices: [Service] { host.services.filter { $0.name.isNamed } }
}

/// The page at one IPv6 address, and the same page over IPv4.
private struct PageComparison {
  let service: Service
  let address: IPAddress
  let name: String?
  let context: HostContext

  init(_ service: Service, _ address: IPAddress, _ name: String?, _ context: HostContext) {
    self.service = service
    self.address = address
    self.name = name
    self.context = context
  }

  var answer: Answer {
    let transport = context.answer(of: service, at: address)
    if transport.verdict != .pass { return transport }
    guard let observation = context.page(service, at: address, name: name),
      case .page(_, _, _, let outcome) = observation.fact
    else { return Answer(.unknown, .notMeasured, basis: transport.basis) }
    let six = Seen(address: address, outcome: outcome, basis: observation)
    return broken(six) ?? compare(six)
  }

  /// What keeps the page from coming; `nil` where it came, or led out of the scope.
  private func broken(_ six: Seen) -> Answer? {
    let basis = [six.basis]
    switch six.outcome {
    case .fetched: return nil
    case .failed(let url, let outcome):
      var answer = Answer(outcome, basis: basis)
      answer.detail = [url, answer.detail].filter { !$0.isEmpty }.joined(separator: " ")
      return answer
    case .bodyFailed(let url, let status, let outcome):
      let answer = Answer(outcome, basis: basis)
      return Answer(
        .fail, .bodyIncomplete, "\(url) status \(status), then \(answer.reason.rawValue)", basis: basis)
    case .redirectLost(let url, let lookup):
      return Answer(lost: lookup, url, resolverAnswered: context.run.resolverAnswered, basis: basis)
    case .redirectOutside(let url, _, let addresses):
      if addresses.contains(where: { context.policy.accepts($0.scope) }) { return nil }
      return Answer(
        .fail, .redirectWithoutIPv6, "\(url) has only \(addresses.texts)", basis: basis)
    case .redirectLoop(let url): return Answer(.fail, .redirectLoop, "at \(url)", basis: basis)
    case .redirectMalformed(let url, let location):
      return Answer(.fail, .redirectMalformed, "\(url) leads to \(location)", basis: basis)
    }
  }

  private func compare(_ six: Seen) -> Answer {
    switch context.ipv4Presence {
    case .absent: return Answer(.na, .ipv4NotDeclared, basis: [six.basis])
    case .dead(let basis): return Answer(.na, .ipv4Dead, basis: [six.basis] + basis)
    case .alive: break
    }
    // From here IPv4 cannot be asked at all; an error page is then nothing to be content with.
    if let own = context.run.vantageAddresses, !own.contains(where: { $0.family == .ipv4 }),
      six.status.map({ $0 < 400 }) ?? true
    {
      return Answer(.na, .vantageWithoutIPv4, basis: [six.basis])
    }
    var answers: [Answer] = []
    var unmeasured: Reason?
    for address in context.addresses(.ipv4) {
      let transport = context.answer(of: service, at: address)
      if transport.verdict == .fail { continue }
      guard transport.verdict == .pass, let observation = context.page(service, at: address, name: name),
        case .page(_, _, _, let outcome) = observation.fact
      else {
        unmeasured = unmeasured ?? (transport.verdict == .pass ? .notMeasured : transport.reason)
        continue
      }
      let four = Seen(address: address, outcome: outcome, basis: observation)
      if four.isBroken {
        if case .failed(_, let failure) = outcome {
          let answer = Answer(failure, basis: [])
          if answer.verdict == .unknown { unmeasured = unmeasured ?? answer.reason }
        }
        continue
      }
      answers.append(compare(six, four))
    }
    if let same = answers.first(where: { $0.verdict == .pass }) { return same }
    if !context.knowsAddresses(.ipv4) { unmeasured = unmeasured ?? .ipv4NotKnown }
    if let unmeasured { return Answer(.unknown, unmeasured, "over IPv4", basis: [six.basis]) }
    return answers.first { $0.verdict == .unknown } ?? answers.first
      ?? Answer(.na, .noPageOverIPv4, basis: [six.basis])
  }

  /// Two pages that came, or that led out of the scope.
  private func compare(_ six: Seen, _ four: Seen) -> Answer {
    let basis = [six.basis, four.basis]
    if let left = six.status, let right = four.status, left != right {
      return Answer(.fail, .statusDiffers, "\(left) over IPv6, \(right) over IPv4", basis: basis)
    }
    if six.place != four.place {
      return Answer(
        .fail, .finalURLDiffers, "\(six.url ?? "") over IPv6, \(four.url ?? "") over IPv4", basis: basis)
    }
    guard case .fetched(let page) = six.outcome, case .fetched(let other) = four.outcome else {
      return Answer(.pass, .redirectOutsideScope, "both lead to \(six.url ?? "")", basis: basis)
    }
    if page.status >= 500 { return Answer(.unknown, .serverErrorOnBoth, "\(page.status)", basis: basis) }
    if page.contentSHA256 == other.contentSHA256 {
      return Answer(.pass, .sameContent, "equal, \(page.length) bytes", basis: basis)
    }
    if let encoding = page.encoding {
      let isBoth = other.encoding != nil
      return Answer(
        isBoth ? .unknown : .fail, .contentEncoded, "\(encoding), \(page.length) bytes", basis: basis)
    }
    guard let difference = context.difference(service, name: name, address, four.address),
      case .pageDifference(_, _, _, _, let perThousand) = difference.fact
    else { return Answer(.unknown, .notMeasured, "the pages were not compared", basis: basis) }
    let limit = context.policy.thresholds.contentDifferencePercent
    let isSame = perThousand <= 10 * limit
    return Answer(
      isSame ? .pass : .fail, isSame ? .sameContent : .contentDiffers,
      "\(perThousand / 10).\(perThousand % 10) % differs; \(page.length) bytes over IPv6, \(other.length) over IPv4",
      basis: basis + [difference])
  }
}

/// What was seen at one address.
private struct Seen {
  let address: IPAddress
  let outcome: PageOutcome
  let basis: Observation

  /// Whether no page came and it did not lead out of the scope either.
  var isBroken: Bool {
    switch outcome {
    case .fetched, .redirectOutside: false
    case .failed, .bodyFailed, .redirectLost, .redirectLoop, .redirectMalformed: true
    }
  }

  /// The final status, where one was seen: a redirect's own is none.
  var status: Int? { if case .fetched(let page) = outcome { page.status } else { nil } }

  var url: String? {
    switch outcome {
    case .fetched(let page): page.url
    case .redirectOutside(let url, _, _): url
    case .failed, .bodyFailed, .redirectLost, .redirectLoop, .redirectMalformed: nil
    }
  }

  /// The URL without its query and session, and with the same word for this address whatever the family.
  var place: String? {
    guard let url else { return nil }
    let text = url.prefix { $0 != "?" && $0 != ";" }
    return String(text).replacing("://\(address.bracketed)", with: "://address")
  }
}

extension Answer {
  /// A redirect to a name that gave no address of the family.
  fileprivate init(lost lookup: LookupOutcome, _ url: String, resolverAnswered: Bool, basis: [Observation]) {
    switch lookup {
    case .answer, .noData: self.init(.fail, .redirectWithoutIPv6, "\(url): no AAAA", basis: basis)
    case .nxDomain: self.init(.fail, .redirectWithoutIPv6, "\(url): no such name", basis: basis)
    case .servFail, .refused, .failed, .malformed, .timeout:
      self.init(
        resolverAnswered ? .fail : .unknown, resolverAnswered ? .redirectWithoutIPv6 : .resolverSilent,
        "\(url): no answer from DNS", basis: basis)
    case .unreachable: self.init(.unknown, .resolverSilent, url, basis: basis)
    }
  }
}

extension [IPAddress] {
  fileprivate var texts: String { prefix(4).map(\.description).joined(separator: " ") }
}
