import Dashboard
import Inventory
import Observations
import Readiness
import Reporting
import Wire

/// A city of made-up hosts and what is known of them: the same for the same number.
public struct SampleCity: Sendable {
  /// Its hosts: `host-00000` on, in agencies of 50 and systems of 10.
  public let inventory: Inventory
  /// The newest word on every check.
  public let standings: [Standing]

  /// When everything was seen.
  public static let now = Timestamp(seconds: 1_795_564_800)

  /// What a hostile network may have said: quotes, markup, a terminal's escape, a NUL, what is no line's end in C.
  public static let hostileText = "\"},{\"</script>\u{1b}[31m\u{0}\u{2028}\\ \u{202e}é"

  /// A city of so many hosts.
  public init(hosts count: Int) {
    let hosts = (0..<count).map { number in
      let address = IPAddress(
        ipv6High: 0x2001_0db8_0000_0000 | UInt64(number / 50), low: UInt64(number % 50) + 1)
      return Host(
        id: Self.id("host", number, 5), agency: Self.id("agency", number / 50, 3),
        system: number % 10 == 0 ? nil : Self.id("system", number / 10, 4),
        names: ["www\(number).city.example"],
        addresses: [address], services: [Service(.https, port: 443, transport: .tcp)])
    }
    let systems = Set(hosts.compactMap(\.system)).sorted().map { id in
      let owner = hosts.first { $0.system == id }?.agency ?? ""
      return System(id: id, name: "System \(id)", agency: owner, kind: .web, importance: 1)
    }
    let agencies = Set(hosts.map(\.agency)).sorted().map {
      Agency(id: $0, name: "Sở \($0)", kind: "department")
    }
    inventory = Inventory(agencies: agencies, systems: systems, hosts: hosts)
    standings =
      [Self.standing("", .vantageIPv6, .pass, "2001:db8::1")]
      + hosts.enumerated().flatMap { number, host in
        Policy.lab.rubric.map { rule in
          let verdict = Self.verdict(number, rule.check)
          let subject = rule.check == .serviceContent ? Self.hostileText : "[\(host.addresses[0])]:443"
          return Self.standing(host.id, rule.check, verdict, subject)
        }
      }
  }

  /// What follows from it.
  public var judgement: Judgement {
    var judge = StandingJudge(inventory, policy: .lab, now: Self.now)
    for (host, known) in Dictionary(grouping: standings, by: \.host) { judge.add(host: host, known) }
    return judge.judgement
  }

  /// Its metrics.
  public func metrics(_ judgement: Judgement, version: String) -> [[UInt8]] {
    [
      StandingMetrics(judgement, standings: standings, latest: Self.now).text,
      OperationMetrics(version: version).text,
    ]
  }

  private static func id(_ word: String, _ number: Int, _ width: Int) -> String {
    let digits = "\(number)"
    return "\(word)-" + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Of ten hosts seven do all they should, one fails on the way, one on a service, and one could not be measured.
  private static func verdict(_ number: Int, _ check: CheckID) -> Verdict {
    switch (number % 10, check) {
    case (3, .reachTCP), (7, .serviceHandshake): .fail
    case (9, .addressPresent): .unknown
    case (_, .serviceMail): .na
    default: .pass
    }
  }

  private static func standing(_ host: String, _ check: CheckID, _ verdict: Verdict, _ subject: String)
    -> Standing
  {
    Standing(
      host: host, check: check, verdict: verdict, reason: verdict == .pass ? .answered : .silent,
      subject: subject,
      observedAt: now, run: "20261124T030829Z-4f2a", holds: verdict == .pass, since: now, pendingRounds: 0,
      pendingSince: nil, overIPv4: verdict == .unknown ? nil : true)
  }
}

/// A source that shows a made-up city, and whose probes take as long as their target says: `sleep-2.5`.
public struct SampleSource: DashboardSource {
  private let shown: DashboardPicture?
  private let parts: [[UInt8]]
  /// What is wrong.
  public let troubles: [String]

  /// A source of a city; without one it is not ready.
  public init(_ city: SampleCity?, version: String) {
    let judgement = city?.judgement
    shown = judgement.map { DashboardPicture(judgement: $0, generation: 1) }
    parts = city.flatMap { city in judgement.map { city.metrics($0, version: version) } } ?? []
    troubles = city == nil ? ["no round has ended yet", "the store cannot be written: disk full"] : []
  }

  /// Where everything stands.
  public var picture: DashboardPicture? { shown }
  /// All metrics.
  /// The same in parts.
  public var metricsInParts: [[UInt8]] { parts }

  /// Says that a target whose name begins with "bad" failed.
  public func probe(_ request: ProbeRequest) async -> ProbeAnswer {
    if request.target.hasPrefix("sleep-"), let seconds = Double(request.target.dropFirst(6)) {
      try? await Task.sleep(for: .seconds(min(max(seconds, 0), 300)))
    }
    let isBad = request.target.hasPrefix("bad")
    return ProbeAnswer(
      isSuccess: !isBad, duration: 0.025,
      verdicts: ["reach.tcp": isBad ? .fail : .pass, "reach.echo": .pass],
      log: ["asked \(request.target) by \(request.module.rawValue)", "it said \(SampleCity.hostileText)"])
  }
}
