import Inventory
import Observations
import Readiness
import SeededRandom
import Testing

@Suite("Standing") struct StandingTests {
  private static func time(_ second: Int) -> Timestamp { Timestamp(seconds: Int64(second)) }

  private static func row(_ says: Bool?, _ check: CheckID = .reachTCP, host: String = "a") -> CheckRow {
    let verdict: Verdict =
      switch says {
      case true?: .pass
      case false?: .fail
      case nil: .unknown
      }
    return CheckRow(host: host, check: check, subject: "", verdict: verdict, reason: .open)
  }

  @Test("Three rounds in a row confirm, for the worse and for the better")
  func threeRounds() {
    var standing = Standing(host: "a", check: .reachTCP)
    var changes: [Change] = []
    let seen: [Bool?] = [
      true, false, true, false, false, nil, false, false, true, nil, nil, true, false, true, true, true,
    ]
    for (second, says) in seen.enumerated() {
      let change = standing.see(
        Self.row(says), in: "\(second)", at: Self.time(second), confirmAfter: 3)
      if let change { changes.append(change) }
      #expect(standing.run == "\(second)")
      #expect(standing.verdict == Self.row(says).verdict)
    }
    #expect(changes.map(\.holds) == [false, true])
    #expect(changes.map(\.since) == [Self.time(3), Self.time(13)])
    #expect(changes.map(\.confirmedAt) == [Self.time(6), Self.time(15)])
    #expect(changes.map(\.run) == ["6", "15"])
    #expect(standing.holds == true)
    #expect(standing.since == Self.time(13))
    #expect(!standing.isDoubtful)
  }

  @Test(
    "What does not apply or is waived neither confirms nor denies",
    arguments: [Verdict.na, .exempt, .unknown])
  func silence(verdict: Verdict) {
    var standing = Standing(host: "a", check: .reachTCP)
    _ = standing.see(Self.row(true), in: "1", at: Self.time(1), confirmAfter: 2)
    _ = standing.see(Self.row(false), in: "2", at: Self.time(2), confirmAfter: 2)
    var row = Self.row(nil)
    row.verdict = verdict
    #expect(standing.see(row, in: "3", at: Self.time(3), confirmAfter: 2) == nil)
    #expect(standing.isDoubtful)
    #expect(standing.holds == true)
    #expect(standing.see(Self.row(false), in: "4", at: Self.time(4), confirmAfter: 2)?.since == Self.time(2))
  }

  @Test("Against the obvious way to count, over all of chance", arguments: 0..<200 as Range<UInt64>)
  func property(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let needed = 1 + random.below(4)
    var standing = Standing(host: "h", check: .reachEcho)
    // Only what was measured; the confirmed value is that of the last `needed` equal ones in a row.
    var values: [Bool] = []
    for second in 0..<200 {
      let says: Bool? = random.onceIn(5) ? nil : random.onceIn(3)
      _ = standing.see(Self.row(says), in: "", at: Self.time(second), confirmAfter: needed)
      if let says { values.append(says) }
      guard var confirmed = values.first else { continue }
      for end in values.indices.dropFirst() where end + 1 >= needed {
        let last = values[(end + 1 - needed)...end]
        if last.allSatisfy({ $0 == last.first }) { confirmed = last.first ?? confirmed }
      }
      #expect(standing.holds == confirmed)
    }
  }

  @Test("Nobody is converted before everything was measured, and then as the whole rubric says")
  func city() throws {
    let policy = Policy.current
    let inventory = Inventory(
      agencies: [Agency(id: "x", name: "X")], hosts: [Host(id: "a", agency: "x")])
    var standings: [Standing] = []
    func judged() -> Judgement {
      var judge = StandingJudge(inventory, policy: policy, now: Self.time(9))
      judge.add(host: "a", standings)
      return judge.judgement
    }
    #expect(judged().hosts.map(\.state) == [.unknown])
    #expect(judged().vantage.verdict == .unknown)
    let gates = policy.rubric.filter { $0.isGate && $0.check != .vantageIPv6 }.map(\.check)
    for check in gates {
      #expect(judged().hosts.first?.state != .operational, "\(check)")
      var standing = Standing(host: "a", check: check)
      _ = standing.see(Self.row(true, check), in: "r", at: Self.time(1), confirmAfter: 3)
      standings.append(standing)
    }
    #expect(judged().hosts.first?.state == .operational)
    #expect(judged().city.converted == 1)
    // The newest word counts, confirmed or not.
    let place = try #require(standings.firstIndex { $0.check == .dnsAAAA })
    _ = standings[place].see(Self.row(false, .dnsAAAA), in: "s", at: Self.time(2), confirmAfter: 3)
    #expect(judged().hosts.first?.state == .reachable)
    standings[place] = Standing(host: "a", check: .dnsAAAA)
    #expect(judged().hosts.first?.state == .unknown)
  }

  @Test("The vantage's standing has the empty name; what is no host of the inventory says nothing")
  func vantage() {
    var judge = StandingJudge(Inventory(), policy: .current, now: Self.time(9))
    var standing = Standing(host: "", check: .vantageIPv6)
    _ = standing.see(Self.row(true, .vantageIPv6), in: "r", at: Self.time(1), confirmAfter: 3)
    judge.add(host: "", [standing])
    judge.add(host: "gone", [Standing(host: "gone", check: .reachTCP)])
    #expect(judge.judgement.vantage.verdict == .pass)
    #expect(judge.judgement.hosts.isEmpty)
  }

  @Test("The classes of rounds together ask every check of the policy, and each asks only its own")
  func classes() {
    let parts = RoundKind.allCases.filter { $0 != .full }
    let asked = Set(parts.flatMap(\.checks))
    for item in Policy.current.rubric where item.check != .vantageIPv6 {
      #expect(asked.contains(item.check), "\(item.check)")
    }
    for part in parts {
      let limited = Policy.current.limited(to: part)
      #expect(limited.id == Policy.current.id)
      #expect(Set(limited.rubric.map(\.check)).subtracting([.vantageIPv6]).isSubset(of: part.checks))
    }
    #expect(Policy.current.limited(to: .full).canonicalText == Policy.current.canonicalText)
  }
}
