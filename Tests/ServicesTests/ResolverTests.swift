import Foundation
import NIOCore
import Observations
import Services
import Synchronization
import Testing
import Wire

@Suite("Resolver", .serialized)
struct ResolverTests {
  private static let name = "portal.city.example"
  private static let address = IPAddress(ipv6High: 0x2001_0db8_0185_0000, low: 0x80)

  /// Answers each query with the messages that `change` makes of it.
  private static func stub(
    _ change: @escaping @Sendable (DNSMessage) -> [DNSMessage]
  ) -> @Sendable ([UInt8]) -> [[UInt8]] {
    { bytes in
      guard var message = try? DNSMessage(parsing: bytes) else { return [] }
      message.header.isResponse = true
      message.header.recursionAvailable = true
      return change(message).map(\.bytes)
    }
  }

  private func ask(
    patience: Duration = .seconds(1),
    _ reply: @escaping @Sendable ([UInt8]) -> [[UInt8]]
  ) async throws -> LookupOutcome {
    try await ScriptedDatagrams.with(reply) { endpoint in
      await Resolver(server: endpoint, patience: patience).lookup(Self.name, .aaaa)
    }
  }

  private func record(_ name: String, _ data: DNSData) throws -> DNSRecord {
    DNSRecord(try DNSName(name), timeToLive: 60, data)
  }

  private func authority() throws -> DNSRecord {
    let name = try DNSName("ns1.city.example")
    return try record(
      "city.example",
      .soa(
        DNSAuthority(
          primary: name, mailbox: name, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)))
  }

  @Test("every outcome is told apart")
  func outcomes() async throws {
    let (aaaa, soa) = (try record(Self.name, .aaaa(Self.address)), try authority())
    let second = try record(Self.name, .aaaa(IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)))
    let v4 = try record(Self.name, .a(IPAddress(ipv4: 0xc633_6450)))
    let alias = try record(Self.name, .cname(try DNSName("WWW.city.example")))
    let target = try record("www.CITY.example", .aaaa(Self.address))
    let back = try record("www.city.example", .cname(try DNSName(Self.name)))
    let stranger = try record("evil.example", .aaaa(Self.address))
    let server = try record("city.example", .ns(try DNSName("ns1.city.example")))
    var chaos = aaaa
    chaos.recordClass = 3

    let cases: [(String, UInt16, [DNSRecord], [DNSRecord], LookupOutcome)] = [
      ("one address", 0, [aaaa], [], .answer(addresses: [Self.address], aliases: [])),
      (
        "several, twice, in any order", 0, [aaaa, second, aaaa], [server],
        .answer(addresses: [IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1), Self.address], aliases: [])
      ),
      (
        "an alias, its records out of order", 0, [target, alias], [],
        .answer(addresses: [Self.address], aliases: ["WWW.city.example"])
      ),
      ("NODATA with a SOA", 0, [], [soa], .noData),
      ("NODATA without one", 0, [], [], .noData),
      ("NODATA behind an alias", 0, [alias], [soa], .noData),
      ("an address of the other family", 0, [v4], [], .noData),
      ("a record of another name", 0, [stranger], [], .noData),
      ("a record of another class", 0, [chaos], [], .noData),
      ("NXDOMAIN", 3, [], [soa], .nxDomain),
      ("NXDOMAIN behind an alias", 3, [alias], [soa], .nxDomain),
      ("SERVFAIL", 2, [], [], .servFail),
      ("REFUSED", 5, [], [], .refused),
      ("NOTAUTH", 9, [], [], .failed(rcode: 9)),
      ("an extended code", 23, [], [], .failed(rcode: 23)),
      ("a referral", 0, [], [server], .malformed("a referral to other name servers instead of an answer")),
      ("aliases in a circle", 0, [alias, back], [], .malformed("aliases lead in a circle at \(Self.name)")),
    ]
    for (label, code, answers, authorities, expected) in cases {
      let outcome = try await ask(
        Self.stub { query in
          var message = query
          message.header.responseBits = UInt8(code & 0xf)
          message.extended?.responseBits = UInt8(code >> 4)
          message.answers = answers
          message.authorities = authorities
          return [message]
        })
      #expect(outcome == expected, "\(label)")
    }
  }

  @Test("what is no answer to this question is waited out; what is one but broken is malformed")
  func strangers() async throws {
    let aaaa = try record(Self.name, .aaaa(Self.address))
    let changes: [(String, @Sendable (inout DNSMessage) -> Void)] = [
      ("another id", { $0.header.id ^= 1 }),
      ("another name", { $0.questions = $0.questions.map { DNSQuestion(.root, $0.type) } }),
      ("another type", { $0.questions = $0.questions.map { DNSQuestion($0.name, .a) } }),
      ("no question", { $0.questions = [] }),
      ("a query", { $0.header.isResponse = false }),
    ]
    for (label, change) in changes {
      let forged = Self.stub { query in
        var message = query
        message.answers = [aaaa]
        change(&message)
        return [message]
      }
      #expect(try await ask(patience: .milliseconds(60), forged) == .timeout(tries: 3), "\(label)")
      // The honest answer behind the forged one is the one that counts.
      let both: @Sendable ([UInt8]) -> [[UInt8]] = { bytes in
        forged(bytes) + Self.stub { query in [query] }(bytes)
      }
      #expect(try await ask(both) == .noData, "\(label), then an answer")
    }
    let cut: @Sendable ([UInt8]) -> [[UInt8]] = { bytes in
      Self.stub { query in
        var message = query
        message.answers = [aaaa]
        return [message]
      }(bytes).map { Array($0.dropLast(20)) }
    }
    guard case .malformed = try await ask(cut) else {
      Issue.record("a cut answer")
      return
    }
  }

  @Test("a lost query is sent again with the same id; silence is a timeout after so many tries")
  func retries() async throws {
    let ids = Mutex<[UInt16]>([])
    let outcome = try await ask(
      patience: .milliseconds(400),
      Self.stub { query in
        let count = ids.withLock {
          $0.append(query.header.id)
          return $0.count
        }
        return count < 3 ? [] : [query]
      })
    #expect(outcome == .noData)
    #expect(ids.withLock { $0.count == 3 && Set($0).count == 1 })
    try await ScriptedDatagrams.with({ _ in [] }) { endpoint in
      let resolver = Resolver(server: endpoint, tries: 2, patience: .milliseconds(50))
      let outcome = await resolver.lookup(Self.name, .a)
      #expect(outcome == .timeout(tries: 2))
    }
  }

  @Test("a server that does not know EDNS is asked without it")
  func withoutExtension() async throws {
    let address = try record(Self.name, .aaaa(Self.address))
    let outcome = try await ask(
      Self.stub { query in
        var message = query
        if query.extended != nil {
          // Such servers send back the bare header (RFC 6891 §7).
          message = DNSMessage(header: query.header)
          message.header.responseBits = 1
        } else {
          message.answers = [address]
        }
        return [message]
      })
    #expect(outcome == .answer(addresses: [Self.address], aliases: []))
  }

  @Test("a name that is none is not asked, a server that is not there is unreachable, of both families")
  func notAsked() async throws {
    let closed = try Loopback.freePort(SOCK_DGRAM)
    for address in [Loopback.ipv6, Loopback.ipv4] {
      let resolver = Resolver(server: Endpoint(address, closed))
      #expect(await resolver.lookup(Self.name, .a) == .unreachable("connection refused"))
      guard case .malformed = await resolver.lookup("a..b", .a) else {
        Issue.record("a..b was asked")
        return
      }
    }
  }

  @Test("three hundred lookups at once, each with a port of its own, through a hundred sockets")
  func many() async throws {
    let outcomes = try await ScriptedDatagrams.with(
      Self.stub { query in
        var message = query
        message.answers = query.questions.map {
          DNSRecord($0.name, timeToLive: 1, .aaaa(Self.address))
        }
        return [message]
      }
    ) { endpoint in
      let resolver = Resolver(server: endpoint, maximumSockets: 100)
      return await withTaskGroup(of: LookupOutcome.self) { group in
        for index in 0..<300 { group.addTask { await resolver.lookup("host\(index).example", .aaaa) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
    }
    #expect(outcomes.count == 300)
    #expect(Set(outcomes) == [.answer(addresses: [Self.address], aliases: [])])
  }

  @Test("a cancelled lookup ends at once")
  func cancelled() async throws {
    try await ScriptedDatagrams.with({ _ in [] }) { endpoint in
      let resolver = Resolver(server: endpoint, patience: .seconds(20))
      let started = ContinuousClock.now
      let task = Task { await resolver.lookup(Self.name, .a) }
      try await Task.sleep(for: .milliseconds(100))
      task.cancel()
      _ = await task.value
      #expect(ContinuousClock.now - started < .seconds(5))
    }
  }

  @Test("NSD answers us what it answers dig, over UDP and TCP", .enabled(if: Tool.isInstalled("nsd", "dig")))
  func likeDig() async throws {
    try await Scratch.with { scratch in
      let many = (1...120).map { "many IN AAAA 2001:db8:186::\(String($0, radix: 16))" }
      _ = try scratch.write(
        """
        $ORIGIN city.example.
        $TTL 300
        @ IN SOA ns1 hostmaster 1 3600 900 604800 300
        @ IN NS ns1
        ns1 IN AAAA 2001:db8:185::1
        portal IN AAAA 2001:db8:185::81
        portal IN AAAA 2001:db8:185::80
        portal IN A 198.51.100.80
        old IN CNAME www
        www IN CNAME portal
        a\\.b IN AAAA 2001:db8:185::ab
        v4only IN A 198.51.100.44
        outside IN CNAME elsewhere.example.
        \(many.joined(separator: "\n"))

        """, to: "city.zone")
      let port = try Loopback.freePort()
      let configuration = try scratch.write(
        """
        server:
          ip-address: ::1@\(port)
          username: ""
          chroot: ""
          zonesdir: "\(scratch.path)"
          database: ""
          pidfile: "\(scratch.file("nsd.pid"))"
          xfrdfile: "\(scratch.file("xfrd.state"))"
          zonelistfile: "\(scratch.file("zone.list"))"
          logfile: "\(scratch.file("nsd.log"))"
          server-count: 1
        remote-control:
          control-enable: no
        zone:
          name: city.example
          zonefile: city.zone

        """, to: "nsd.conf")
      try await Tool.serving("nsd", ["-d", "-c", configuration], port: port) { endpoint in
        let resolver = Resolver(server: endpoint)
        for name in ["portal", "old", #"a\.b"#, "many", "v4only"] {
          for type in RecordType.allCases {
            let full = "\(name).city.example"
            let outcome = await resolver.lookup(full, type)
            let lines = try Tool.run(
              "dig", "@::1", "-p", "\(port)", "+short", "+norec", full, type.rawValue)
            let words = String(decoding: lines, as: UTF8.self).split(separator: "\n").map(String.init)
            let expected = words.compactMap(IPAddress.init).sorted()
            #expect(outcome.addresses == expected, "\(full) \(type)")
            if expected.isEmpty { #expect(outcome == .noData) }
            if case .answer(_, let aliases) = outcome {
              #expect(aliases.map { $0 + "." } == words.filter { $0.hasSuffix(".") })
            }
          }
        }
        #expect(await resolver.lookup("many.city.example", .aaaa).addresses.count == 120)
        #expect(await resolver.lookup("nope.city.example", .a) == .nxDomain)
        #expect(await resolver.lookup("other.example", .a) == .refused)
        let outside = await resolver.lookup("outside.city.example", .a)
        #expect(outside == .malformed("the alias to elsewhere.example was not followed"))
        for transport in [Transport.udp, .tcp] {
          let outcome = await (try Loopback.handshaker()).perform(
            HandshakeRequest(service: "dns", endpoint: endpoint, transport: transport, name: "city.example"))
          #expect(outcome.identity?.greeting == "DNS rcode NOERROR")
        }
      }
    }
  }

  @Test("resolv.conf names the servers; zones and what is no address are passed over with the reason")
  func system() {
    let found = SystemResolver.servers(
      in: """
        # a comment
        search city.example
        nameserver 192.0.2.53
        nameserver\t2001:db8::53\r
          nameserver fe80::1%eth0
        nameserver resolver.example
        nameserver
        ;nameserver 192.0.2.54
        options edns0
        """)
    #expect(found.servers == [Endpoint("192.0.2.53:53"), Endpoint("[2001:db8::53]:53")])
    #expect(found.skipped.map(\.line) == [5, 6])
    #expect(found.skipped.map(\.address) == ["fe80::1%eth0", "resolver.example"])
    #expect(found.skipped.allSatisfy { !$0.reason.isEmpty })
    #expect(SystemResolver.servers(file: "/nonexistent").servers.isEmpty)
  }
}
