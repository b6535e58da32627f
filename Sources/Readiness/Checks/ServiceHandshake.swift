import Inventory
import Observations
import Wire

extension Check {
  /// `service.handshake`: the application answers over IPv6 as the same service.
  ///
  /// TLS: the certificate must hold for the name; the key is that of IPv4, or another one that holds too.
  /// SSH: the host keys must equal those of IPv4, type by type. SMTP: its certificate decides nothing. Others: the protocol's own answer.
  static let serviceHandshake = Check(
    id: .serviceHandshake, level: 4, isGate: true, needsIPv6: true,
    reasons: [
      .pass: [.answeredValid, .sameIdentity, .otherValidKey, .answeredUnverified],
      .fail: Answer.probeFailures.union(Answer.handshakeFailures).union([
        .certificateWrongName, .certificateExpired, .certificateNotYetValid, .certificateSelfSigned,
        .certificateUntrusted, .certificateMalformed, .hostKeyDiffers,
      ]),
      .unknown: Answer.unmeasured.union([.protocolNotMeasurable, .ipv4NotKnown]),
      .na: [.noUsableAddress, .noServiceDeclared, .protocolUnknown],
    ]
  ) { context in
    if context.usableIPv6.isEmpty { return [Finding("", .na, .noUsableAddress)] }
    if context.host.services.isEmpty { return [Finding("", .na, .noServiceDeclared)] }
    return context.host.services.flatMap { service in
      context.usableIPv6.flatMap { address in
        context.addressing.offeredNames(service, at: address).map { judge(service, address, $0, context) }
      }
    }
  }

  private static func judge(
    _ service: Service, _ address: IPAddress, _ name: String?, _ context: HostContext
  ) -> Finding {
    let subject = service.subject(at: address) + (name.map { " as \($0)" } ?? "")
    // The port is all there is to see of it, and reach.tcp sees that.
    if service.transport == .tcp && !service.isSpoken { return Finding(subject, .na, .protocolUnknown) }
    let transport = context.answer(of: service, at: address)
    if !service.isSpoken || (service.transport == .tcp && transport.verdict != .pass) {
      return Finding(subject, transport)
    }
    guard let observation = context.handshake(service, at: address, name: name),
      case .handshake(_, _, _, _, let outcome) = observation.fact
    else { return Finding(subject, .unknown, .notMeasured, basis: transport.basis) }
    guard case .completed(let identity) = outcome else {
      return Finding(subject, Answer(outcome, basis: [observation]))
    }
    var answer =
      switch service.name {
      case .https: Answer(certificate: identity, name, context.overIPv4(service, name))
      case .ssh: Answer(hostKey: identity, context.overIPv4(service, name))
      case .smtp: Answer(mail: identity, name)
      case .http, .dns, .ntp, .sip, .h323, .tcp, .udp: Answer(.pass, .answeredValid, identity.greeting)
      }
    answer.basis.append(observation)
    return Finding(subject, answer)
  }
}

extension Answer {
  /// Whether the certificate holds for the name. What IPv4 shows is told, and decides nothing.
  fileprivate init(certificate identity: ServiceIdentity, _ name: String?, _ ipv4: SeenOverIPv4) {
    let others = ipv4.identities.compactMap(\.certificate)
    guard let certificate = identity.certificate else {
      self.init(.unknown, .notMeasured, "no certificate was shown", basis: ipv4.basis)
      return
    }
    if !certificate.holds(for: name) {
      let detail = certificate.explanation(besides: others)
      self.init(.fail, Reason(certificate.validity), detail, basis: ipv4.basis)
    } else if others.isEmpty {
      self.init(.pass, .answeredValid, identity.greeting)
    } else {
      let isSame = others.contains { $0.keySHA256 == certificate.keySHA256 }
      self.init(.pass, isSame ? .sameIdentity : .otherValidKey, identity.greeting, basis: ipv4.basis)
    }
  }

  /// Whether the host keys are those that IPv4 shows: at one of its addresses at least one type of key is shown over
  /// both families, and every such type is equal. Nothing vouches for an SSH key but its being the same, so where
  /// IPv4 could not be asked the answer is unknown.
  fileprivate init(hostKey identity: ServiceIdentity, _ ipv4: SeenOverIPv4) {
    let others = ipv4.identities.map(\.hostKeys)
    let keys = identity.hostKeys
    if let same = others.first(where: { keys.agree(with: $0) }) {
      let types = keys.filter(same.contains).map(\.algorithm).joined(separator: " ")
      self.init(.pass, .sameIdentity, types, basis: ipv4.basis)
    } else if let reason = ipv4.unmeasured {
      self.init(.unknown, reason, "over IPv4", basis: ipv4.basis)
    } else if ipv4.identities.isEmpty {
      self.init(.pass, .answeredValid, identity.greeting)
    } else if !keys.isEmpty, others.allSatisfy({ !$0.isEmpty }) {
      // Types that are the same need no word, unless nothing else is there to tell.
      let shared = others.flatMap { $0 }
      let different = keys.filter { !shared.contains($0) }
      let types = Set(different.map(\.type))
      let seen = shared.filter { types.contains($0.type) && !keys.contains($0) }
      self.init(
        .fail, .hostKeyDiffers,
        (different.isEmpty ? keys : different).texts + " over IPv6, " + (seen.isEmpty ? shared : seen).texts
          + " over IPv4", basis: ipv4.basis)
    } else {
      self.init(.unknown, .notMeasured, "no host key was shown", basis: ipv4.basis)
    }
  }

  /// Mail servers take any certificate of one another, or none (RFC 7435, RFC 3207 §4.1): one that does not hold is
  /// told and fails nothing. TLS that was offered and could not be agreed on is another matter, and no completed
  /// handshake.
  fileprivate init(mail identity: ServiceIdentity, _ name: String?) {
    guard let certificate = identity.certificate, !certificate.holds(for: name) else {
      self.init(.pass, .answeredValid, identity.greeting)
      return
    }
    self.init(.pass, .answeredUnverified, certificate.explanation(besides: []))
  }
}

/// What a service showed of itself over IPv4.
private struct SeenOverIPv4 {
  /// From each address that completed a handshake.
  var identities: [ServiceIdentity] = []
  /// Why an address could not be asked, if there is one that could not.
  var unmeasured: Reason?
  var basis: [Observation] = []
}

extension HostContext {
  /// An address where the service does not answer has nothing to show, and is not missed.
  fileprivate func overIPv4(_ service: Service, _ name: String?) -> SeenOverIPv4 {
    var seen = SeenOverIPv4()
    for address in addresses(.ipv4) {
      let transport = answer(of: service, at: address)
      if transport.verdict == .fail { continue }
      guard transport.verdict == .pass, let observation = handshake(service, at: address, name: name),
        case .handshake(_, _, _, _, let outcome) = observation.fact
      else {
        seen.unmeasured = seen.unmeasured ?? (transport.verdict == .pass ? .notMeasured : transport.reason)
        continue
      }
      seen.basis.append(observation)
      if case .completed(let identity) = outcome {
        seen.identities.append(identity)
      } else {
        let answer = Answer(outcome, basis: [])
        if answer.verdict == .unknown { seen.unmeasured = seen.unmeasured ?? answer.reason }
      }
    }
    if !knowsAddresses(.ipv4) { seen.unmeasured = seen.unmeasured ?? .ipv4NotKnown }
    return seen
  }
}

extension [HostKeyFact] {
  /// Whether one type of key at least is among both, and every type that is among both is equal.
  fileprivate func agree(with others: [HostKeyFact]) -> Bool {
    let both = filter { key in others.contains { $0.type == key.type } }
    return !both.isEmpty
      && both.allSatisfy { key in others.allSatisfy { $0.type != key.type || $0.keySHA256 == key.keySHA256 } }
  }

  fileprivate var texts: String { map(\.shortText).joined(separator: " ") }
}

extension HostKeyFact {
  /// One RSA key signs by several algorithms (RFC 8332).
  fileprivate var type: String { algorithm.hasPrefix("rsa-") ? "ssh-rsa" : algorithm }

  fileprivate var shortText: String { "\(algorithm) \(keySHA256.prefix(16))…" }
}

extension CertificateFact {
  /// A host without a name can only be held to a trusted, current certificate: there is no name to match.
  fileprivate func holds(for name: String?) -> Bool {
    validity == .valid || (name == nil && validity == .wrongName)
  }

  /// What is wrong, and whether IPv4 shows the same.
  fileprivate func explanation(besides others: [CertificateFact]) -> String {
    let what =
      switch validity {
      case .valid: ""
      case .wrongName: "it names " + (names.isEmpty ? "nobody" : names.prefix(4).joined(separator: " "))
      case .expired: "it ended \(notAfter.text)"
      case .notYetValid: "it begins \(notBefore.text)"
      case .selfSigned: "it is signed by itself"
      case .untrusted: "no path to a trusted root"
      case .malformed: "it cannot be parsed"
      }
    if others.isEmpty { return what }
    if others.contains(where: { $0.validity == .valid }) { return what + "; the one over IPv4 is valid" }
    let isSame = others.contains { $0.certificateSHA256 == certificateSHA256 }
    return what + "; over IPv4 " + (isSame ? "the same" : "another that does not hold")
  }
}

extension Reason {
  /// The code of what is wrong with a certificate.
  fileprivate init(_ validity: CertificateValidity) {
    self =
      switch validity {
      case .valid: .answeredValid
      case .wrongName: .certificateWrongName
      case .expired: .certificateExpired
      case .notYetValid: .certificateNotYetValid
      case .selfSigned: .certificateSelfSigned
      case .untrusted: .certificateUntrusted
      case .malformed: .certificateMalformed
      }
  }
}
