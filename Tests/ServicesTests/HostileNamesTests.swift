import Observations
import Services
import Testing
import Wire

@Suite("Hostile name servers")
struct HostileNamesTests {
  private func names(_ servers: [IPAddress: ScriptedNames.Script]) -> (NameServers, ScriptedNames) {
    let script = ScriptedNames(servers)
    return (
      NameServers(resolver: nil, root: NameServersTests.root, synthetic: [], ask: script.ask), script
    )
  }

  @Test("Delegations upwards, aside and to the same zone are none")
  func sideways() async {
    for zone in [".", "example", "other.example", "www.other.example", "com"] {
      var script = NameServersTests.healthy()
      script[.six(2)] = { question, _ in
        .referral(question, zone, ["ns.evil.example"], glue: [.address("ns.evil.example", .six(66))])
      }
      script[.six(66)] = { question, _ in .answer(question, [.address("www.city.example", .six(67))]) }
      let (servers, asked) = names(script)
      let outcome = await servers.iteration("www.city.example")
      #expect(outcome == .failed(zone: "example", reply: .lame), "\(zone)")
      #expect(!asked.questions.contains { $0.hasPrefix("2001:db8::42 ") }, "\(zone): it was followed")
    }
  }

  @Test("Glue from outside the zone that gives it is not believed")
  func poison() async {
    var script = NameServersTests.healthy()
    script[.six(1)] = { question, _ in
      question.name.isWithin(.name("example"))
        ? .referral(question, "example", ["ns.example"], glue: [.address("ns.example", .six(2))])
        : .zone("", [], question)
    }
    script[.six(2)] = { question, _ in
      .referral(
        question, "city.example", ["ns.bank.test"],
        glue: [.address("ns.bank.test", .six(66))])
    }
    let (servers, asked) = names(script)
    #expect(await servers.iteration("www.city.example") == .noIPv6Server(zone: "city.example"))
    #expect(!asked.questions.contains { $0.hasPrefix("2001:db8::42 ") })
  }

  @Test("Delegations without end are given up")
  func endless() async {
    let deep = (0..<60).map { "l\($0)" }.joined(separator: ".") + ".example"
    let script: ScriptedNames.Script = { question, _ in
      // One label further down each time it is asked, as far as the name goes.
      .referral(question, "\(question.name)", ["ns.example"], glue: [.address("ns.example", .six(2))])
    }
    let (servers, asked) = names([.six(1): script, .six(2): script])
    _ = await servers.iteration(deep)
    _ = await servers.authority(deep, .aaaa)
    #expect(asked.questions.count < 200, "\(asked.questions.count) questions")
  }

  @Test("Two zones that need each other end, and so does a zone that names a thousand servers without glue")
  func circles() async {
    let (servers, asked) = names([
      .six(1): { question, _ in
        question.name.isWithin(.name("a.example"))
          ? .referral(question, "a.example", ["ns.b.example"])
          : .referral(question, "b.example", ["ns.a.example"])
      }
    ])
    #expect(await servers.iteration("www.a.example") == .noIPv6Server(zone: "a.example"))
    #expect(asked.questions.count < 100, "\(asked.questions.count) questions")

    let (many, questions) = names([
      .six(1): { question, _ in
        let zone = question.name.labels.count > 2 ? question.name.parent ?? .root : question.name
        return .referral(
          question, "\(zone)", (0..<1000).map { "ns\($0).\(question.name.labels.count).x\($0).test" })
      }
    ])
    _ = await many.iteration("www.a.example")
    #expect(questions.questions.count < 700, "\(questions.questions.count) questions")
  }

  @Test("Nobody answers: the walk ends with what it waited for")
  func silence() async {
    let (servers, asked) = names([:])
    #expect(await servers.iteration("www.city.example") == .noRoot(.timeout(tries: 3)))
    #expect(await servers.authority("www.city.example", .aaaa) == .noDelegation(.timeout(tries: 3)))
    #expect(await servers.iteration("other.example") == .noRoot(.timeout(tries: 3)))
    #expect(asked.questions.count == 2, "a silent root is waited for once by each walk")
  }
}
