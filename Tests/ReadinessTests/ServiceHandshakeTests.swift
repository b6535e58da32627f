import Inventory
import Observations
import Testing
import Wire

@testable import Readiness

@Suite("service.handshake") struct ServiceHandshakeTests {
  /// By hand, from the rubric: a certificate that holds passes, any other fails for its own reason.
  static let certificates: [CertificateValidity: Expected] = [
    .valid: .pass(.sameIdentity),
    .wrongName: .fail(.certificateWrongName),
    .expired: .fail(.certificateExpired),
    .notYetValid: .fail(.certificateNotYetValid),
    .selfSigned: .fail(.certificateSelfSigned),
    .untrusted: .fail(.certificateUntrusted),
    .malformed: .fail(.certificateMalformed),
  ]

  @Test("HTTPS: every outcome over IPv6, with the same key over IPv4")
  func https() {
    var table = brokenHandshakeTable
    for (validity, expected) in Self.certificates { table[.tls(validity)] = expected }
    table[.ssh(key: "aa")] = .unknown(.notMeasured)
    table[.plain("HTTP/1.1 200")] = .unknown(.notMeasured)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy()
      scene.handshake(.https, name: Scene.name, outcome)
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("HTTPS: what IPv4 shows decides nothing, but whether the key is the same is told")
  func httpsBesideIPv4() {
    for validity in CertificateValidity.allCases {
      for outcome4 in HandshakeOutcome.samples {
        var scene = Scene.healthy()
        scene.handshake(.https, name: Scene.name, .tls(validity, key: "22"))
        scene.handshake(.https, at: .host4, name: Scene.name, outcome4)
        var expected = Self.certificates[validity]
        if validity == .valid {
          if case .completed(let identity) = outcome4, identity.certificate != nil {
            expected = .pass(.otherValidKey)
          } else {
            expected = .pass(.answeredValid)
          }
        }
        #expect(scene.answer(.serviceHandshake) == expected, "\(validity), IPv4 \(outcome4)")
      }
    }
  }

  @Test("The detail says what IPv4 shows beside a certificate that does not hold")
  func details() {
    var scene = Scene.healthy()
    scene.handshake(.https, name: Scene.name, .tls(.expired, key: "22", certificate: "dd"))
    #expect(
      scene.verdict.rows.detail(.serviceHandshake)
        == "it ended 2030-03-17T17:46:40Z; the one over IPv4 is valid")
    scene.handshake(.https, at: .host4, name: Scene.name, .tls(.expired, key: "22", certificate: "dd"))
    #expect(
      scene.verdict.rows.detail(.serviceHandshake) == "it ended 2030-03-17T17:46:40Z; over IPv4 the same")
  }

  @Test("A host without a name needs a trusted, current certificate only")
  func withoutName() {
    for (validity, expected) in Self.certificates {
      var scene = Scene.healthy(names: [])
      scene.handshake(.https, .tls(validity))
      #expect(
        scene.answer(.serviceHandshake) == (validity == .wrongName ? .pass(.sameIdentity) : expected),
        "\(validity)")
    }
  }

  @Test("SSH: every outcome over IPv6, with a key over IPv4")
  func ssh() {
    var table = brokenHandshakeTable
    for validity in CertificateValidity.allCases { table[.tls(validity)] = .unknown(.notMeasured) }
    table[.ssh(key: "aa")] = .pass(.sameIdentity)
    table[.plain("HTTP/1.1 200")] = .unknown(.notMeasured)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy([.ssh])
      scene.handshake(.ssh, outcome)
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("SSH: every outcome over IPv4, with a key over IPv6")
  func sshBesideIPv4() {
    // By hand: where IPv4 does not speak SSH there is nothing to compare; where it could not be asked, or
    // showed no key, whether it is the same server is not known.
    var table: [HandshakeOutcome: Expected] = [:]
    for (outcome, answer) in brokenHandshakeTable {
      table[outcome] = answer.verdict == .unknown ? answer : .pass(.answeredValid)
    }
    for validity in CertificateValidity.allCases { table[.tls(validity)] = .unknown(.notMeasured) }
    table[.ssh(key: "aa")] = .pass(.sameIdentity)
    table[.plain("HTTP/1.1 200")] = .unknown(.notMeasured)
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy([.ssh])
      scene.handshake(.ssh, at: .host4, outcome)
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("SSH: every outcome of the port over IPv4, the key of which was not seen")
  func sshPortOverIPv4() {
    for (outcome, port) in probeTable(answered: .open) {
      var scene = Scene.healthy([.ssh])
      scene.forget { $0.isHandshake(with: Endpoint(.host4, 22)) }
      scene.port(22, at: .host4, outcome)
      let expected: Expected =
        switch port.verdict {
        case .pass: .unknown(.notMeasured)
        case .unknown: .unknown(port.reason)
        default: .pass(.answeredValid)
        }
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("SSH: another key is another server; the same at one of two IPv4 addresses is enough")
  func sshKeys() {
    var scene = Scene.healthy([.ssh])
    scene.handshake(.ssh, .ssh(key: "bb"))
    #expect(scene.answer(.serviceHandshake) == .fail(.hostKeyDiffers))
    scene.handshake(.ssh, .ssh(key: "aa", algorithm: "rsa-sha2-512"))
    #expect(scene.answer(.serviceHandshake) == .fail(.hostKeyDiffers))
    scene.handshake(.ssh, .ssh(key: "bb"))
    scene.host.addresses.append(.secondHost4)
    scene.port(22, at: .secondHost4, .reply)
    #expect(scene.answer(.serviceHandshake) == .unknown(.notMeasured), "the second may show it yet")
    scene.handshake(.ssh, at: .secondHost4, .ssh(key: "bb"))
    #expect(scene.answer(.serviceHandshake) == .pass(.sameIdentity))
    scene.handshake(.ssh, at: .secondHost4, .ssh(key: "cc"))
    #expect(scene.answer(.serviceHandshake) == .fail(.hostKeyDiffers))
  }

  @Test("SSH: an A record that DNS did not give may hold another key", arguments: LookupOutcome.samples)
  func sshBesideUnknownIPv4(outcome: LookupOutcome) {
    let isKnown = [.answer, .noData, .nxDomain].contains(outcome.kind)
    var scene = Scene.healthy([.ssh])
    scene.lookup(.a, outcome.kind == .answer ? .answer(addresses: [.host4], aliases: []) : outcome)
    #expect(scene.answer(.serviceHandshake) == .pass(.sameIdentity), "the declared address shows it")
    scene.handshake(.ssh, .ssh(key: "bb"))
    #expect(scene.answer(.serviceHandshake) == (isKnown ? .fail(.hostKeyDiffers) : .unknown(.ipv4NotKnown)))
    scene.port(22, at: .host4, .reset)
    #expect(scene.answer(.serviceHandshake) == (isKnown ? .pass(.answeredValid) : .unknown(.ipv4NotKnown)))
  }

  @Test("SSH: every type of key that both families show must be equal")
  func sshKeyTypes() {
    func key(_ algorithm: String, _ hash: String) -> HostKeyFact {
      HostKeyFact(algorithm: algorithm, keySHA256: hash)
    }
    let both = [key("ssh-ed25519", "aa"), key("ecdsa-sha2-nistp256", "bb"), key("rsa-sha2-512", "cc")]
    for (six, four, isSame) in [
      (both, both, true),
      ([both[0], key("ecdsa-sha2-nistp256", "zz"), both[2]], both, false),
      (both, [both[0], both[1], key("rsa-sha2-256", "zz")], false),
      (both, [both[0], both[1], key("rsa-sha2-256", "cc")], true),
      ([both[0]], both, true), (both, [both[2]], true), ([both[0]], [both[1]], false),
    ] {
      var scene = Scene.healthy([.ssh])
      scene.handshake(.ssh, .ssh(keys: six))
      scene.handshake(.ssh, at: .host4, .ssh(keys: four))
      let answer = scene.answer(.serviceHandshake)
      #expect(answer == (isSame ? .pass(.sameIdentity) : .fail(.hostKeyDiffers)), "\(six) \(four)")
    }
  }

  @Test("Other protocols: completing is enough", arguments: [Service.smtp, .dnsTCP, .dnsUDP, .ntp, .sip])
  func others(service: Service) {
    var table = brokenHandshakeTable
    for outcome in HandshakeOutcome.samples(of: .completed) { table[outcome] = .pass(.answeredValid) }
    // Mail servers do not verify one another's certificates; that one does not hold is told.
    for validity in CertificateValidity.allCases
    where service == .smtp && validity != .valid && validity != .wrongName {
      table[.tls(validity)] = .pass(.answeredUnverified)
    }
    expectComplete(table)
    for (outcome, expected) in table {
      var scene = Scene.healthy([service])
      scene.handshake(service, outcome)
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("HTTP: completing is enough, whatever the status")
  func http() {
    var scene = Scene.healthy([.http])
    scene.handshake(.http, name: Scene.name, .plain("HTTP/1.1 503"))
    #expect(scene.answer(.serviceHandshake) == .pass(.answeredValid))
  }

  @Test("Where the TCP port does not answer, the port's reason stands")
  func closedPort() {
    for (outcome, expected) in probeTable(answered: .open) where expected.verdict != .pass {
      var scene = Scene.healthy()
      scene.port(443, outcome)
      #expect(scene.answer(.serviceHandshake) == expected, "\(outcome)")
    }
  }

  @Test("A handshake that was not made is unknown")
  func notMade() {
    var scene = Scene.healthy()
    scene.forget { $0.isHandshake(with: Endpoint(.host6, 443)) }
    #expect(scene.answer(.serviceHandshake) == .unknown(.notMeasured))
  }

  @Test("HTTPS is asked under each name that publishes the address, else under all")
  func names() {
    var scene = Scene.healthy(names: ["a.example", "b.example"])
    scene.handshake(.https, name: "b.example", .tls(.wrongName))
    #expect(
      scene.answers(.serviceHandshake) == [
        "https:443/tcp at 2001:db8:1::10 as a.example": .pass(.sameIdentity),
        "https:443/tcp at 2001:db8:1::10 as b.example": .fail(.certificateWrongName),
      ])
    scene.lookup(.aaaa, .aaaa(.secondHost6), name: "b.example")
    #expect(scene.answers(.serviceHandshake)["https:443/tcp at 2001:db8:1::10 as b.example"] == nil)
    scene.lookup(.aaaa, .noData, name: "a.example")
    scene.lookup(.aaaa, .noData, name: "b.example")
    #expect(scene.answers(.serviceHandshake).count == 2)
  }

  @Test("What does not apply, and what cannot be asked")
  func applies() {
    #expect(Scene.healthy([]).answer(.serviceHandshake) == .na(.noServiceDeclared))
    #expect(Scene.healthy([.tcp9000]).answer(.serviceHandshake) == .na(.protocolUnknown))
    #expect(Scene.healthy([.udp161]).answer(.serviceHandshake) == .unknown(.protocolNotMeasurable))
    var scene = Scene.healthy()
    scene.host.addresses = [.host4]
    scene.lookup(.aaaa, .noData)
    #expect(scene.answer(.serviceHandshake) == .na(.noUsableAddress))
  }
}
