import Inventory
import Observations
import Readiness
import Reporting
import Wire

extension ResultsTests {
  /// Three agencies: one works, one has a closed port on IPv6, one is taken out by a waiver.
  static let inventory = Inventory(
    agencies: [
      Agency(id: "a", name: "Sở A, Hà Nội"), Agency(id: "b", name: "=B()"), Agency(id: "c", name: "C"),
    ],
    systems: [System(id: "s", name: "Portal", agency: "a", importance: 1)],
    hosts: [
      host("a-web", "a", system: "s", "2001:db8:a::1"), host("b-web", "b", system: nil, "2001:db8:b::1"),
      Host(id: "c-old", agency: "c"),
    ],
    waivers: [
      Waiver(subject: "c", owner: "it@c.example", reason: "moving", expires: CivilDate("2026-12-31")!)
    ])

  static let observations: [Observation] = {
    func answered(_ address: String) -> Fact {
      .port(
        endpoint: Endpoint(IPAddress(address)!, 80),
        outcome: .answered(roundTrip: Duration64(microseconds: 400), tries: 1))
    }
    let facts: [(String, Fact)] = [
      (
        "",
        .control(
          role: .dark, target: ControlTarget(address: IPAddress("100::d")!), outcome: .silent(tries: 3))
      ),
      (
        "a-web",
        .echo(
          address: IPAddress("2001:db8:a::1")!,
          outcome: .answered(roundTrip: Duration64(microseconds: 90), tries: 1))
      ),
      ("a-web", answered("2001:db8:a::1")),
      ("b-web", .echo(address: IPAddress("2001:db8:b::1")!, outcome: .silent(tries: 3))),
      (
        "b-web",
        .port(
          endpoint: Endpoint(IPAddress("2001:db8:b::1")!, 80),
          outcome: .closed(roundTrip: Duration64(microseconds: 400)))
      ),
      (
        "a-web",
        .handshake(
          service: "http", endpoint: Endpoint(IPAddress("2001:db8:a::1")!, 80), transport: .tcp, name: nil,
          outcome: .completed(ServiceIdentity(service: "http", greeting: "HTTP/1.1 200")))
      ),
    ]
    return facts.enumerated().map { index, fact in
      Observation(sequence: index + 1, host: fact.0, at: moment(5), vantage: "v", fact: fact.1)
    }
  }()

  static let results = results(observations: observations)

  static func results(observations: [Observation]) -> Results {
    var run = Run(id: "R1", toolVersion: "0", vantage: "v", policy: Policy.firstLab.id, startedAt: moment(0))
    run.finishedAt = moment(9)
    run.state = .complete
    let judgement = judge(inventory, observations: observations, policy: .firstLab, now: run.finishedAt)
    return Results(
      judgement, run: run, inventory: inventory, inventorySHA256: "00", observations: observations)
  }

  private static func moment(_ second: Int64) -> Timestamp { Timestamp(seconds: 1_795_489_200 + second) }

  private static func host(_ id: String, _ agency: String, system: String?, _ address: String) -> Host {
    Host(
      id: id, agency: agency, system: system, addresses: [IPAddress(address)!],
      services: [Service(.http, port: 80, transport: .tcp)])
  }
}
