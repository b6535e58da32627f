import Foundation
import Observations
import Services
import Synchronization
import Testing
import Wire

@Suite("Services over datagrams: dns, ntp, sip")
struct DatagramTests {
  private func ask(
    _ service: String, name: String? = nil, patience: Duration = .seconds(3),
    _ reply: @escaping @Sendable ([UInt8]) -> [[UInt8]]
  ) async throws -> HandshakeOutcome {
    try await ScriptedDatagrams.with(reply) { endpoint in
      await (try Loopback.handshaker(patience: patience)).perform(
        HandshakeRequest(service: service, endpoint: endpoint, transport: .udp, name: name))
    }
  }

  private static func ntp(_ query: [UInt8], first: UInt8 = 0x24, stratum: UInt8, code: String = "GPS")
    -> [UInt8]
  {
    var answer = [UInt8](repeating: 0, count: 48)
    answer[0] = first
    answer[1] = stratum
    answer.replaceSubrange(12..<12 + code.utf8.count, with: Array(code.utf8))
    answer.replaceSubrange(24..<32, with: query[40..<48])
    return answer
  }

  @Test("ntp: an answer carries version and stratum, or the kiss code")
  func ntpAnswers() async throws {
    #expect(try await ask("ntp") { [Self.ntp($0, stratum: 2)] }.identity?.greeting == "NTPv4 stratum 2")
    #expect(
      try await ask("ntp") { [Self.ntp($0, first: 0x1c, stratum: 1)] }.identity?.greeting == "NTPv3 stratum 1"
    )
    let kiss = try await ask("ntp") { [Self.ntp($0, stratum: 0, code: "RATE")] }
    #expect(kiss.identity?.greeting == "NTPv4 kiss RATE")
    #expect(Set(kiss.identity?.phases.keys.map(\.self) ?? []) == [.exchange])
  }

  @Test("ntp: the request shows nothing of this machine and is new each time")
  func ntpRequest() async throws {
    let seen = Mutex<[[UInt8]]>([])
    for _ in 0..<2 {
      _ = try await ask("ntp") { query in
        seen.withLock { $0.append(query) }
        return [Self.ntp(query, stratum: 2)]
      }
    }
    let queries = seen.withLock { $0 }
    #expect(queries.allSatisfy { $0.count == 48 && $0[0] == 0x23 && $0[1..<40].allSatisfy { $0 == 0 } })
    #expect(Set(queries.map { Array($0[40...]) }).count == 2)
  }

  @Test("ntp: what is not meant for us is waited out, what is not NTP is an error")
  func ntpFaults() async throws {
    let forged = try await ask("ntp", patience: .milliseconds(300)) { query in
      [Self.ntp([UInt8](repeating: 1, count: 48), stratum: 2)]
    }
    #expect(forged == .timeout(.exchange))
    let late = try await ask("ntp") { query in
      [Self.ntp([UInt8](repeating: 1, count: 48), stratum: 2), Self.ntp(query, stratum: 3)]
    }
    #expect(late.identity?.greeting == "NTPv4 stratum 3")
    #expect(isProtocolError(try await ask("ntp") { _ in [[1, 2, 3]] }, in: .exchange))
    #expect(isProtocolError(try await ask("ntp") { [$0] }, in: .exchange), "our own request sent back")
    #expect(try await ask("ntp") { _ in [[]] } == .closedEarly(.exchange), "a datagram of no bytes")
  }

  @Test("a lost datagram is sent again, three times in all, from the same port")
  func retries() async throws {
    let seen = Mutex<[[UInt8]]>([])
    let outcome = try await ask("ntp", patience: .milliseconds(1500)) { query in
      let count = seen.withLock {
        $0.append(query)
        return $0.count
      }
      return count < 3 ? [] : [Self.ntp(query, stratum: 2)]
    }
    #expect(outcome.identity?.greeting == "NTPv4 stratum 2")
    #expect(seen.withLock { Set($0).count } == 1 && seen.withLock(\.count) == 3)
    let silent = Mutex(0)
    let timeout = try await ask("ntp", patience: .milliseconds(300)) { _ in
      silent.withLock { $0 += 1 }
      return []
    }
    #expect(timeout == .timeout(.exchange))
    #expect(silent.withLock { $0 } == 3)
  }

  @Test("a port that is not open is refused", arguments: ["dns", "ntp", "sip"])
  func closed(_ service: String) async throws {
    for address in [Loopback.ipv6, Loopback.ipv4] {
      let endpoint = Endpoint(address, try Loopback.freePort(SOCK_DGRAM))
      let outcome = await (try Loopback.handshaker(patience: .seconds(1))).perform(
        HandshakeRequest(service: service, endpoint: endpoint, transport: .udp, name: nil))
      #expect(outcome == .refused)
    }
  }

  @Test(
    "an ICMPv6 error of any code ends the wait or is passed over, and nothing worse",
    .enabled(if: geteuid() == 0, "forging an ICMPv6 error needs a raw socket"),
    arguments: [
      (UInt8(1), UInt8(0), HandshakeOutcome.timeout(.exchange)),
      (1, 1, .unreachable("administratively prohibited")),
      (1, 2, .timeout(.exchange)),
      (1, 3, .timeout(.exchange)),
      (1, 4, .refused),
      (1, 5, .unreachable("administratively prohibited")),
      (1, 6, .unreachable("administratively prohibited")),
      (3, 0, .timeout(.exchange)),
      (4, 1, .unreachable("Protocol error")),
    ])
  func rejected(_ type: UInt8, _ code: UInt8, _ expected: HandshakeOutcome) async throws {
    let outcome = try await ScriptedDatagrams.with(
      { _ in [] },
      seen: { client, server in ForgedError.send(type: type, code: code, from: client, to: server) }
    ) { endpoint in
      await (try Loopback.handshaker(patience: .milliseconds(300))).perform(
        HandshakeRequest(service: "ntp", endpoint: endpoint, transport: .udp, name: nil))
    }
    #expect(outcome == expected)
  }

  @Test(
    "an ICMPv6 error that is met by the next try tells the same",
    .enabled(if: geteuid() == 0, "forging an ICMPv6 error needs a raw socket"))
  func rejectedOnWriting() async throws {
    let outcome = try await ScriptedDatagrams.with(
      { _ in [] },
      seen: { client, server in
        ForgedError.send(type: 1, code: 1, from: client, to: server)
        // This is the event loop of the client too: when it wakes, the next try comes before the reading.
        usleep(150_000)
      }
    ) { endpoint in
      await (try Loopback.handshaker(patience: .milliseconds(300))).perform(
        HandshakeRequest(service: "ntp", endpoint: endpoint, transport: .udp, name: nil))
    }
    #expect(outcome == .unreachable("administratively prohibited"))
  }

  @Test("sip: OPTIONS as RFC 3261 wants it, any response completes it")
  func sip() async throws {
    let seen = Mutex("")
    for (status, name) in [("SIP/2.0 200 OK", "pbx.example"), ("SIP/2.0 404 Not Found", nil)] {
      let outcome = try await ask("sip", name: name) { bytes in
        let request = String(decoding: bytes, as: UTF8.self)
        seen.withLock { $0 = request }
        return [Self.sipAnswer(request, status)]
      }
      #expect(outcome.identity?.greeting == status)
      let lines = seen.withLock { $0 }.components
      #expect(lines.first == "OPTIONS sip:\(name ?? "[::1]") SIP/2.0")
      #expect(lines.contains { $0.hasPrefix("Via: SIP/2.0/UDP [::1]:") && $0.hasSuffix(";rport") })
      #expect(lines.contains("Max-Forwards: 70") && lines.contains("CSeq: 1 OPTIONS"))
      #expect(lines.contains("User-Agent: \(Loopback.userAgent)"))
      #expect(seen.withLock { $0 }.hasSuffix("\r\n\r\n"))
    }
  }

  @Test("sip: over TCP the same; another call's response is not ours; garbage is an error")
  func sipFaults() async throws {
    let script = Script(reply: {
      Self.sipAnswer(String(decoding: $0, as: UTF8.self), "SIP/2.0 200 OK", compact: true)
    })
    try await ScriptedServer.with(script) { endpoint in
      let outcome = try await Loopback.handshaker().perform(
        HandshakeRequest(service: "sip", endpoint: endpoint, transport: .tcp, name: nil))
      #expect(outcome.identity?.greeting == "SIP/2.0 200 OK")
    }
    let other = try await ask("sip", patience: .milliseconds(300)) { _ in
      [Array("SIP/2.0 200 OK\r\nCall-ID: other\r\n\r\n".utf8)]
    }
    #expect(other == .timeout(.exchange))
    #expect(
      isProtocolError(try await ask("sip") { _ in [Array("HTTP/1.1 200 OK\r\n\r\n".utf8)] }, in: .exchange))
    #expect(
      isProtocolError(try await ask("sip") { _ in [Array("SIP/2.0 99 No\r\n\r\n".utf8)] }, in: .exchange))
    #expect(
      isProtocolError(try await ask("sip") { _ in [Array("SIP/2.0 +200 OK\r\n\r\n".utf8)] }, in: .exchange))
    #expect(
      isProtocolError(try await ask("sip") { _ in [[UInt8](repeating: 0xff, count: 3000)] }, in: .exchange))
  }

  private static func sipAnswer(_ request: String, _ status: String, compact: Bool = false) -> [UInt8] {
    let call = request.components.first { $0.hasPrefix("Call-ID:") } ?? ""
    let header = compact ? call.replacing("Call-ID:", with: "i :") : call
    return Array("\(status)\r\n\(header)\r\nContent-Length: 0\r\n\r\n".utf8)
  }

  @Test("dns: any well-formed answer to our question completes it; the code is in the greeting")
  func dns() async throws {
    let seen = Mutex<[DNSMessage]>([])
    for (code, name) in [(DNSResponseCode.noError, "city.example"), (.refused, nil)] {
      let outcome = try await ask("dns", name: name) { bytes in
        guard var message = try? DNSMessage(parsing: bytes) else { return [] }
        seen.withLock { $0.append(message) }
        message.header.isResponse = true
        message.header.responseBits = UInt8(code.rawValue)
        return [message.bytes]
      }
      #expect(outcome.identity?.greeting == "DNS rcode \(code)")
    }
    let questions = seen.withLock { $0 }.flatMap(\.questions)
    #expect(try questions == [DNSQuestion(DNSName("city.example"), .soa), DNSQuestion(.root, .ns)])
    #expect(isProtocolError(try await ask("dns") { [Array($0.prefix(2)) + [0x80, 0]] }, in: .exchange))
    #expect(try await ask("dns", patience: .milliseconds(300)) { [$0] } == .timeout(.exchange), "an echo")
    #expect(try await ask("dns", name: "a..b") { [$0] } == .notSent(.sendFailed))
  }
}

extension String {
  fileprivate var components: [String] { split(separator: "\r\n").map(String.init) }
}
