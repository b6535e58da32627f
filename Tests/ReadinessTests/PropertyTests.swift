import Foundation
import Inventory
import Observations
import SeededRandom
import Testing

@testable import Readiness

@Suite("Properties of the judgement") struct PropertyTests {
  /// Few enough for every build; `V6AUDIT_DEEP_TESTS=1` takes minutes and looks further.
  static let seeds: Range<UInt64> = 1..<(isDeep ? 5_000 : 400)
  /// For properties that judge once for every observation.
  static let fewerSeeds: Range<UInt64> = 1..<(isDeep ? 5_000 : 120)
  static let isDeep = ProcessInfo.processInfo.environment["V6AUDIT_DEEP_TESTS"] == "1"

  @Test("Judging twice gives the same, and so does any order of the observations")
  func order() {
    for seed in Self.seeds {
      var scene = RandomScene(seed: seed)
      let first = Picture(scene.judgement)
      #expect(Picture(scene.judgement) == first, "seed \(seed)")
      var random = SplitMix64(seed: seed)
      scene.observations.shuffle(using: &random)
      #expect(Picture(scene.judgement) == first, "seed \(seed)")
      scene.observations.reverse()
      scene.inventory.hosts.shuffle(using: &random)
      scene.inventory.systems.shuffle(using: &random)
      scene.inventory.agencies.shuffle(using: &random)
      #expect(Picture(scene.judgement) == first, "seed \(seed)")
    }
  }

  @Test("low ≤ high, counts add up, and a converted host has passed or been excused at every gate")
  func sanity() {
    for seed in Self.seeds {
      let judgement = RandomScene(seed: seed).judgement
      for tally in judgement.systems.map(\.tally) + judgement.agencies.map(\.tally) + [judgement.city] {
        #expect(tally.total == tally.exempt + tally.converted + tally.notConverted + tally.unknown)
        #expect((tally.lowHundredths ?? 0) <= (tally.highHundredths ?? 0), "seed \(seed)")
        #expect((0...10_000).contains(tally.lowHundredths ?? 0))
      }
      for host in judgement.hosts where host.state.isConverted {
        let gates = judgement.policy.rubric.filter(\.isGate).map(\.check)
        for row in host.rows where gates.contains(row.check) {
          #expect(row.verdict != .fail && row.verdict != .unknown, "seed \(seed) \(row)")
        }
      }
      for host in judgement.hosts { #expect((0...100).contains(host.score)) }
      for agency in judgement.agencies where agency.outcome == .notConverted {
        #expect(!agency.missing.isEmpty, "seed \(seed): somebody has to be named")
      }
    }
  }

  /// Worse is what a client would be worse off with: what answered over IPv6 is shut (a measured failure).
  @Test("Nothing improves when something that answered over IPv6 is shut")
  func worse() {
    var random = SplitMix64(seed: 7)
    for seed in Self.fewerSeeds {
      let scene = RandomScene(seed: seed, hasVantage: true)
      let before = Picture(scene.judgement)
      for index in scene.observations.indices {
        guard let fact = scene.observations[index].fact.shutOverIPv6(&random) else { continue }
        var worse = scene
        worse.observations[index].fact = fact
        let after = Picture(worse.judgement)
        for (host, state) in after.hosts {
          #expect(state.rank <= before.hosts[host]?.rank ?? -1, "seed \(seed) \(host): \(fact)")
        }
        #expect(after.city.converted <= before.city.converted, "seed \(seed): \(fact)")
        #expect(
          after.city.converted + after.city.unknown <= before.city.converted + before.city.unknown,
          "seed \(seed): \(fact)")
      }
    }
  }

  /// Without waivers on single checks: one on dns.aaaa excuses not knowing what is published.
  @Test("Learning less never makes the figure better: low falls or stays, high rises or stays")
  func unmeasured() {
    for seed in Self.fewerSeeds {
      let scene = RandomScene(seed: seed, hasVantage: true, hasWaivers: false)
      let before = scene.judgement
      for index in scene.observations.indices where !scene.observations[index].host.isEmpty {
        var less = scene
        less.observations.remove(at: index)
        let lost = scene.observations[index].fact
        // An address that is no longer known of takes its unknown rows with it, and a failing gate above them
        // comes to light.
        let isLookup =
          switch lost {
          case .lookup, .authority: true
          default: false
          }
        let after = less.judgement
        for (old, new) in zip(before.hosts, after.hosts) {
          #expect(!new.state.isConverted || old.state.isConverted, "seed \(seed): without \(lost)")
          let isStillPossible = Outcome(new.state) != .notConverted || Outcome(old.state) == .notConverted
          #expect(isStillPossible || isLookup, "seed \(seed): \(old.host.id) without \(lost)")
        }
        #expect((after.city.lowHundredths ?? 0) <= (before.city.lowHundredths ?? 0), "seed \(seed): \(lost)")
        let isStillPossible = (after.city.highHundredths ?? 0) >= (before.city.highHundredths ?? 0)
        #expect(isStillPossible || isLookup, "seed \(seed): \(lost)")
      }
    }
  }

  /// The same for what is measured in time: a slower handshake, a round less, a later IPv4 flow.
  @Test("Nothing improves when IPv6 gets slower, rounds fail, or IPv4 is used")
  func slower() {
    for seed in Self.seeds {
      let scene = RandomScene(seed: seed, hasVantage: true)
      let before = scene.judgement
      var worse = scene
      for index in worse.observations.indices {
        guard case .handshakeTimes(let endpoint, let times, let lost) = worse.observations[index].fact,
          endpoint.address.family == .ipv6
        else { continue }
        let slow = times.map { Duration64(microseconds: $0.microseconds + 100_000) }
        worse.observations[index].fact = .handshakeTimes(endpoint: endpoint, roundTrips: slow, lost: lost)
      }
      for (host, rounds) in worse.history.rounds {
        worse.history.rounds[host]?.succeeded = max(0, rounds.succeeded - 4)
      }
      for host in worse.history.traffic.keys {
        worse.history.traffic[host]?.lastIPv4Flow = scene.now.earlier(byDays: 1)
      }
      for (old, new) in zip(before.hosts, worse.judgement.hosts) {
        #expect(new.state.rank <= old.state.rank, "seed \(seed) \(old.host.id)")
        for (was, isNow) in zip(old.rows, new.rows) where was.verdict != .na {
          #expect(isNow.verdict.severity >= was.verdict.severity, "seed \(seed): \(was) became \(isNow)")
        }
      }
      #expect((worse.judgement.city.lowHundredths ?? 0) <= (before.city.lowHundredths ?? 0), "seed \(seed)")
    }
  }

  @Test("Re-judging under the same policy, read from its own text, changes nothing")
  func rejudging() throws {
    for seed in Self.fewerSeeds {
      var scene = RandomScene(seed: seed)
      let before = scene.judgement
      let file = try #require(Policy.files.first { $0.name == "policy-\(scene.policy.id).yaml" })
      scene.policy = try PolicyReader.read(file.bytes, file: file.name, extending: Policy.all)
      #expect(scene.policy.canonicalText == before.policy.canonicalText)
      #expect(Picture(scene.judgement) == Picture(before), "seed \(seed)")
      #expect(RunDiff(from: before, to: scene.judgement).changes.isEmpty, "seed \(seed)")
    }
  }

  @Test("Turning a known host unknown never raises low nor lowers high, at any level of the roll-up")
  func knownToUnknown() {
    for seed in Self.seeds {
      let scene = RandomScene(seed: seed)
      let hosts = scene.judgement.hosts
      let waivers = WaiverBook(scene.inventory.waivers, on: scene.now.day)
      func outcomes(_ hosts: [HostVerdict]) -> [Outcome] {
        let rollUp = RollUp(inventory: scene.inventory, hosts: hosts, waivers: waivers, policy: scene.policy)
        return scene.inventory.systems.map { rollUp.system($0).outcome }
          + scene.inventory.agencies.map { rollUp.agency($0).outcome }
      }
      let before = outcomes(hosts)
      for index in hosts.indices where hosts[index].state != .exempt {
        var less = hosts
        less[index] = HostVerdict(
          host: hosts[index].host, state: .unknown, rows: [], score: 0, measuredAt: nil)
        for (old, new) in zip(before, outcomes(less)) {
          // Only what is itself unknown then may change, and only to unknown.
          #expect(new == old || new == .unknown, "seed \(seed): \(hosts[index].host.id)")
        }
      }
    }
  }

  @Test("At a vantage without IPv6 no host is converted, and none is blamed for what only packets show")
  func vantageWithoutIPv6() {
    for seed in Self.seeds {
      var scene = RandomScene(seed: seed, hasWaivers: false)
      scene.observations.removeAll { if case .control = $0.fact { true } else { false } }
      scene.observations.append(
        Observation(
          sequence: 9_999, host: "", at: scene.now, vantage: "lab",
          fact: .control(
            role: .positive, target: ControlTarget(address: .control6), outcome: .notSent(.noRoute))))
      for host in scene.judgement.hosts {
        for row in host.rows
        where judgedByPackets.contains(row.check) {
          #expect(row.verdict == .na || row.reason == .vantageWithoutIPv6, "seed \(seed): \(row)")
          #expect(row.evidence.isEmpty || row.verdict == .na, "seed \(seed): \(row)")
        }
        #expect(host.state != .addressed, "seed \(seed)")
        if host.state.isConverted { Issue.record("seed \(seed): \(host.host.id) is converted unseen") }
      }
    }
  }

  private let judgedByPackets: [CheckID] = [
    .reachEcho, .reachTCP, .reachPMTU, .reachPath, .dnsLive, .servicePorts, .serviceHandshake, .exposurePorts,
    .exposureManagement, .exposureTunnels, .exposureICMP,
  ]

  /// The lists that docs/checks.md prints are neither too short nor too long.
  @Test("Every check gives exactly the reasons that it is documented to give")
  func documentedReasons() {
    var given: [CheckID: [Verdict: Set<Reason>]] = [:]
    let documented = Dictionary(uniqueKeysWithValues: CheckID.allCases.map { ($0, $0.reasons) })
    // Rare ones take long to come up; all have by the twenty thousandth.
    for seed in 1..<UInt64(20_000) where seed < Self.seeds.upperBound || given != documented {
      for row in RandomScene(seed: seed).judgement.rows {
        // The type allows RST as the answer to an echo; no network does.
        if row.check == .reachEcho && row.reason == .closed { continue }
        given[row.check, default: [:]][row.verdict, default: []].insert(row.reason)
      }
    }
    for check in CheckID.allCases {
      for verdict in Verdict.allCases {
        let documented = documented[check]?[verdict] ?? []
        let seen = given[check]?[verdict] ?? []
        #expect(
          seen == documented,
          "\(check.rawValue) \(verdict): only given \(seen.subtracting(documented)), only documented \(documented.subtracting(seen))"
        )
      }
    }
  }
}

/// What of a judgement must not change.
private struct Picture: Equatable {
  var rows: [CheckRow]
  var hosts: [String: HostState]
  var scores: [String: Int]
  var systems: [String: Outcome]
  var agencies: [String: Outcome]
  var missing: [String: [String]]
  var city: Tally

  init(_ judgement: Judgement) {
    rows = judgement.rows
    hosts = Dictionary(uniqueKeysWithValues: judgement.hosts.map { ($0.host.id, $0.state) })
    scores = Dictionary(uniqueKeysWithValues: judgement.hosts.map { ($0.host.id, $0.score) })
    systems = Dictionary(uniqueKeysWithValues: judgement.systems.map { ($0.system.id, $0.outcome) })
    agencies = Dictionary(uniqueKeysWithValues: judgement.agencies.map { ($0.agency.id, $0.outcome) })
    missing = Dictionary(
      uniqueKeysWithValues: judgement.agencies.map { ($0.agency.id, $0.missing.map(\.host.id)) })
    city = judgement.city
  }
}

extension HostState {
  /// How good it is to be in it, as far as the figure goes.
  fileprivate var rank: Int {
    switch self {
    case .none, .addressed, .reachable: 0
    case .unknown: 1
    case .operational: 2
    case .ipv6only: 3
    case .exempt: 4
    }
  }
}

extension Fact {
  /// The same question with a measured failure for an answer; `nil` where it had not answered over IPv6.
  fileprivate func shutOverIPv6(_ random: inout SplitMix64) -> Fact? {
    let shut = random.pick([ProbeOutcome.reset, .nothing, .icmp(1, 1), .notSent(.neighbourSilent)])
    switch self {
    case .echo(let address, .answered) where address.family == .ipv6:
      return .echo(address: address, outcome: shut)
    case .port(let endpoint, .answered) where endpoint.address.family == .ipv6:
      return .port(endpoint: endpoint, outcome: shut)
    case .handshake(let service, let endpoint, let transport, let name, .completed)
    where endpoint.address.family == .ipv6:
      let outcome = random.pick([HandshakeOutcome.refused, .timeout(.exchange), .closedEarly(.connect)])
      return .handshake(
        service: service, endpoint: endpoint, transport: transport, name: name, outcome: outcome)
    case .page(let name, let service, let endpoint, .fetched) where endpoint.address.family == .ipv6:
      let outcome = random.pick([
        PageOutcome.failed(url: "", outcome: .refused), .redirectLost(url: "", lookup: .noData),
        .bodyFailed(url: "", status: 200, outcome: .timeout(.exchange)), .redirectLoop(url: ""),
      ])
      return .page(name: name, service: service, endpoint: endpoint, outcome: outcome)
    case .references(let name, let service, let endpoint, let kind, let tally):
      let counts = [ReferenceOutcome.unreachable: tally.counts.values.reduce(0, +)]
      return .references(
        name: name, service: service, endpoint: endpoint, kind: kind,
        tally: ReferenceTally(found: tally.found, counts: counts))
    case .authority(let name, let type, .asked(let groups)):
      guard let index = groups.indices.last, groups[index].reply.hasAnswered else { return nil }
      var worse = groups
      worse[index].reply = random.pick([.servFail, .refused, .lame, .malformed("cut"), .timeout(tries: 3)])
      return .authority(name: name, type: type, outcome: .asked(worse))
    case .nameServer(let zone, let server, let udp, _, let serial) where server.family == .ipv6:
      return .nameServer(zone: zone, server: server, udp: udp, tcp: .timeout(tries: 1), serial: serial)
    case .echo, .port, .handshake, .lookup, .control, .handshakeTimes, .vantage, .link, .advertisement,
      .traffic,
      .delegation, .nameServer, .authority, .iteration, .reverse, .exchangers, .synthesis, .page,
      .pageDifference:
      return nil
    // Not being exposed, and packets too large to arrive, are no service that a client is worse off without.
    case .pathMTU, .path, .portSurvey, .datagram, .tunnel, .alias: return nil
    }
  }
}
