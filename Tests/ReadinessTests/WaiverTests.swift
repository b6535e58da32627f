import Inventory
import Observations
import Testing

@testable import Readiness

@Suite("Waivers") struct WaiverTests {
  /// Noon of a day, UTC.
  static func noon(_ day: String) -> Timestamp {
    Timestamp(seconds: Int64(CivilDate.day(day).daysSinceEpoch) * 86_400 + 43_200)
  }

  @Test("A waiver holds through its last day, UTC, and not a second longer")
  func lastDay() {
    var scene = Scene.healthy()
    scene.silence(.host6)
    scene.waivers = [.until("2026-11-24", on: "portal")]
    let midnight = Int64(CivilDate.day("2026-11-25").daysSinceEpoch) * 86_400
    scene.now = Timestamp(microseconds: midnight * 1_000_000 - 1)
    #expect(scene.state == .exempt)
    #expect(scene.judgement.expiredWaivers.isEmpty)
    scene.now = Timestamp(seconds: midnight)
    #expect(scene.state == .addressed)
    #expect(scene.judgement.expiredWaivers == scene.waivers)
  }

  @Test(
    "On the host, its system or its agency it makes the host exempt", arguments: ["portal", "web", "office"])
  func whole(subject: String) {
    var scene = Scene.healthy()
    scene.host.system = "web"
    scene.waivers = [.until("2099-12-31", on: subject)]
    #expect(scene.state == .exempt)
    scene.waivers = [.until("2099-12-31", on: "another")]
    #expect(scene.state == .operational)
  }

  @Test("On one check it makes every row of that check exempt, and says what it would have been")
  func oneCheck() {
    var scene = Scene.healthy([.https, .ssh])
    scene.host.system = "web"
    scene.port(443, .nothing)
    for subject in ["portal", "web", "office"] {
      scene.waivers = [.until("2099-12-31", on: subject, check: .reachTCP)]
      #expect(
        scene.answers(.reachTCP) == [
          "[2001:db8:1::10]:22": Expected(.exempt, .waived),
          "[2001:db8:1::10]:443": Expected(.exempt, .waived),
        ])
      #expect(scene.verdict.checks(.exempt) == [.reachTCP])
      #expect(scene.state == .reachable, "dns.live still fails")
    }
    #expect(
      scene.verdict.rows.last { $0.check == .reachTCP }?.detail
        == "waived through 2099-12-31 by an owner: a reason; without it: fail (silent)")
  }

  @Test("A waived gate holds nothing up: device with a certificate of its own making")
  func waivedGate() {
    var scene = Scene.healthy()
    scene.handshake(.https, name: Scene.name, .tls(.selfSigned))
    #expect(scene.state == .reachable)
    scene.waivers = [.until("2099-12-31", on: "portal", check: .serviceHandshake)]
    #expect(scene.state == .operational)
  }

  @Test("The nearest of several waivers for a check speaks; a renewal takes over from an expired one")
  func several() {
    var scene = Scene.healthy()
    scene.waivers = [
      .until("2030-01-01", on: "office", check: .reachTCP),
      .until("2031-01-01", on: "portal", check: .reachTCP),
      .until("2020-01-01", on: "portal", check: .reachTCP),
    ]
    scene.now = Self.noon("2026-11-24")
    #expect(scene.verdict.rows.detail(.reachTCP)?.hasPrefix("waived through 2031-01-01") == true)
    #expect(scene.judgement.expiredWaivers.map(\.expires) == [.day("2020-01-01")])
  }

  @Test("A waiver cannot make the vantage work")
  func vantage() {
    var scene = Scene.healthy()
    scene.control(.positive, .nothing)
    scene.waivers = [.until("2099-12-31", on: "portal", check: .vantageIPv6)]
    #expect(scene.answer(.vantageIPv6) == .fail(.positiveControlSilent))
    #expect(scene.state == .unknown)
  }
}
