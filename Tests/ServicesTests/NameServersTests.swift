import Observations
import Services
import Testing
import Wire

@Suite("Name servers")
struct NameServersTests {
  static let root = Endpoint(.six(1), 53)

  /// A root, `example` below it, and `city.example` at two servers over both families.
  static func healthy(
    _ records: [DNSRecord] = [.address("www.city.example", .six(80))],
    second: [DNSRecord]? = nil
  ) -> [IPAddress: ScriptedNames.Script] {
    let glue: [DNSRecord] = [
      .address("ns1.city.example", .six(11)), .address("ns1.city.example", .four(11)),
      .address("ns2.city.example", .six(12)),
    ]
    var servers: [IPAddress: ScriptedNames.Script] = [
      .six(1): { question, _ in
        .referral(question, "example", ["ns.example"], glue: [.address("ns.example", .six(2))])
      }
    ]
    servers[.six(2)] = { question, _ in
      guard question.name.isWithin(.name("city.example")) else { return .zone("example", [], question) }
      return .referral(question, "city.example", ["ns1.city.example", "ns2.city.example"], glue: glue)
    }
    let ns: [DNSRecord] = [
      .of("city.example", .ns(.name("ns1.city.example"))),
      .of("city.example", .ns(.name("ns2.city.example"))),
    ]
    let first = records + ns
    for address in [IPAddress.six(11), .four(11)] {
      servers[address] = { question, _ in .zone("city.example", first, question) }
    }
    let other = (second ?? records) + ns
    servers[.six(12)] = { question, _ in .zone("city.example", other, question) }
    return servers
  }

  private func names(_ servers: [IPAddress: ScriptedNames.Script]) -> (NameServers, ScriptedNames) {
    let script = ScriptedNames(servers)
    return (NameServers(resolver: nil, root: Self.root, synthetic: [], ask: script.ask), script)
  }

  private func group(_ servers: [IPAddress], _ reply: ServerReply, zone: String = "city.example")
    -> ServerReplies
  {
    ServerReplies(zone: zone, servers: servers.sorted(), reply: reply)
  }

  @Test("Every server of the zone is asked, and those that agree stand together")
  func authority() async {
    let (servers, _) = names(Self.healthy())
    #expect(
      await servers.authority("www.city.example", .aaaa)
        == .asked([group([.four(11), .six(11), .six(12)], .answer([.six(80)]))]))
    #expect(
      await servers.authority("www.city.example", .a)
        == .asked([group([.four(11), .six(11), .six(12)], .noData)]))
    #expect(
      await servers.authority("no.city.example", .aaaa)
        == .asked([group([.four(11), .six(11), .six(12)], .nxDomain)]))
    #expect(await servers.iteration("www.city.example") == .resolved([.six(80)]))
    #expect(await servers.iteration("no.city.example") == .nxDomain)
  }

  @Test("Servers that differ stand apart")
  func inconsistent() async {
    let (servers, _) = names(Self.healthy(second: [.address("www.city.example", .four(80))]))
    #expect(
      await servers.authority("www.city.example", .aaaa)
        == .asked([group([.four(11), .six(11)], .answer([.six(80)])), group([.six(12)], .noData)]))
  }

  @Test("The way down is walked once for all names of a zone")
  func cached() async {
    let (servers, script) = names(Self.healthy())
    for number in 0..<20 { _ = await servers.authority("host\(number).city.example", .aaaa) }
    #expect(script.questions.count { $0.hasPrefix("2001:db8::1 ") } == 1)
    #expect(script.questions.count { $0.hasPrefix("2001:db8::2 ") } == 1)
  }

  @Test(
    "Health tells authority, lameness and silence apart over both transports, and a silent server waits once")
  func health() async {
    var script = Self.healthy()
    script[.six(12)] = { question, transport in
      transport == .tcp ? .failure(.unreachable("connection refused")) : .zone("city.example", [], question)
    }
    script[.four(11)] = { _, _ in .failure(.timeout(tries: 3)) }
    let (servers, asked) = names(script)
    _ = await servers.zone(of: .name("www.city.example"))
    let zone = DNSName.name("city.example")
    let good = await servers.health(of: .six(11), in: zone)
    #expect(good.udp == .answer([]) && good.tcp == .answer([]) && good.serial == 7)
    let closed = await servers.health(of: .six(12), in: zone)
    #expect(closed.udp == .answer([]) && closed.tcp == .unreachable("connection refused"))
    let silent = await servers.health(of: .four(11), in: zone)
    #expect(silent.udp == .timeout(tries: 3) && silent.serial == nil)
    let before = asked.questions.count { $0.hasPrefix("192.0.2.11 ") }
    for number in 0..<10 { _ = await servers.authority("host\(number).city.example", .aaaa) }
    #expect(
      asked.questions.count { $0.hasPrefix("192.0.2.11 ") } <= before + 1, "the walk may ask it once more")
  }

  @Test("An alias into another zone is followed to the servers of that zone")
  func alias() async {
    var script = Self.healthy([.of("www.city.example", .cname(.name("www.cdn.example")))])
    script[.six(2)] = { question, _ in
      question.name.isWithin(.name("cdn.example"))
        ? .referral(question, "cdn.example", ["ns.cdn.example"], glue: [.address("ns.cdn.example", .six(21))])
        : .referral(
          question, "city.example", ["ns1.city.example"], glue: [.address("ns1.city.example", .six(11))])
    }
    script[.six(21)] = { question, _ in
      .zone("cdn.example", [.address("www.cdn.example", .six(90))], question)
    }
    let (servers, _) = names(script)
    #expect(
      await servers.authority("www.city.example", .aaaa)
        == .asked([
          group([.six(11)], .alias("www.cdn.example")),
          group([.six(21)], .answer([.six(90)]), zone: "cdn.example"),
        ]))
    #expect(await servers.iteration("www.city.example") == .resolved([.six(90)]))
  }

  @Test("Aliases in a circle end")
  func aliasCircle() async {
    let (servers, script) = names(
      Self.healthy([
        .of("a.city.example", .cname(.name("b.city.example"))),
        .of("b.city.example", .cname(.name("a.city.example"))),
      ]))
    _ = await servers.authority("a.city.example", .aaaa)
    guard case .abandoned = await servers.iteration("a.city.example") else {
      Issue.record("it does not end")
      return
    }
    #expect(script.questions.count < 60)
  }

  @Test("A zone that only IPv4 reaches stops the walk over IPv6, and not the other")
  func withoutIPv6() async {
    var script = Self.healthy()
    script[.six(2)] = { question, _ in
      .referral(
        question, "city.example", ["ns1.city.example"], glue: [.address("ns1.city.example", .four(11))])
    }
    let (servers, _) = names(script)
    #expect(await servers.iteration("www.city.example") == .noIPv6Server(zone: "city.example"))
    #expect(
      await servers.authority("www.city.example", .aaaa) == .asked([group([.four(11)], .answer([.six(80)]))]))
  }

  @Test("A server without glue is searched for, and its addresses are found once")
  func glueless() async {
    var script = Self.healthy()
    let city = script[.six(2)]
    script[.six(2)] = { question, transport in
      question.name.isWithin(.name("far.example"))
        ? .referral(question, "far.example", ["ns1.city.example"])
        : city?(question, transport) ?? .failure(.servFail)
    }
    let ns: [DNSRecord] = [.address("ns1.city.example", .six(11)), .address("www.far.example", .six(99))]
    for address in [IPAddress.four(11), .six(11), .six(12)] {
      script[address] = { question, _ in
        .zone(question.name.isWithin(.name("far.example")) ? "far.example" : "city.example", ns, question)
      }
    }
    let (servers, _) = names(script)
    #expect(
      await servers.authority("www.far.example", .aaaa)
        == .asked([group([.six(11)], .answer([.six(99)]), zone: "far.example")]))
  }

  @Test("A zone cut that no delegation shows is told by the SOA")
  func hiddenCut() async {
    // This server has example and city.example, and so answers for both.
    await expectCityBelow(.six(2), holding: "example")
  }

  @Test("A root that has the zone itself shows no delegation: its SOA tells the zone, its NS the servers")
  func zoneAtTheRoot() async {
    await expectCityBelow(.six(1), holding: ".")
  }

  /// A server has a zone of its own and city.example beside it: the zone of its name is city.example all the same.
  private func expectCityBelow(_ server: IPAddress, holding zone: String) async {
    var script = Self.healthy()
    script[server] = { question, _ in
      .zone(
        question.name.isWithin(.name("city.example")) ? "city.example" : zone,
        [
          .of("city.example", .ns(.name("ns1.city.example"))), .address("ns1.city.example", .six(11)),
          .address("www.city.example", .six(80)),
        ], question)
    }
    let (servers, _) = names(script)
    guard case .found(let delegation) = await servers.zone(of: .name("www.city.example")) else {
      Issue.record("no zone")
      return
    }
    #expect(delegation.zone == .name("city.example"))
    #expect(delegation.servers == [NameServer(name: "ns1.city.example", addresses: [.six(11)])])
  }
}
