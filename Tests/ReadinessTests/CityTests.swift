import Inventory
import Testing

@testable import Readiness

@Suite("The city figure") struct CityTests {
  static func tally(converted: Int = 0, not: Int = 0, unknown: Int = 0, exempt: Int = 0) -> Tally {
    Tally(
      Array(repeating: Outcome.converted, count: converted)
        + Array(repeating: .notConverted, count: not) + Array(repeating: .unknown, count: unknown)
        + Array(repeating: .exempt, count: exempt))
  }

  /// By hand, with a calculator: percentages cut to hundredths, the target in integers.
  static let table: [(converted: Int, eligible: Int, hundredths: Int, isMet: Bool)] = [
    (84, 85, 98_82, true), (83, 85, 97_64, false), (85, 85, 100_00, true),
    (988, 1000, 98_80, true), (987, 1000, 98_70, false),
    (247, 250, 98_80, true), (246, 250, 98_40, false),
    (82, 83, 98_79, false), (83, 84, 98_80, true),
    (2, 3, 66_66, false), (1, 3, 33_33, false), (0, 1, 0, false), (9999, 10_000, 99_99, true),
    (199_999, 200_000, 99_99, true),
  ]

  @Test("Cut, never rounded up; the target by integers", arguments: table)
  func figures(line: (converted: Int, eligible: Int, hundredths: Int, isMet: Bool)) {
    let tally = Self.tally(converted: line.converted, not: line.eligible - line.converted, exempt: 3)
    #expect(tally.eligible == line.eligible)
    #expect(tally.lowHundredths == line.hundredths)
    #expect(tally.highHundredths == line.hundredths)
    #expect(Policy.current.targetMet(converted: line.converted, eligible: line.eligible) == line.isMet)
  }

  @Test("Unknown counts against the low figure and for the high one")
  func unknown() {
    let tally = Self.tally(converted: 83, not: 1, unknown: 1)
    #expect(tally.lowHundredths == 97_64)
    #expect(tally.highHundredths == 98_82)
  }

  @Test("With nothing eligible there is no figure")
  func nothingEligible() {
    for tally in [Self.tally(), Self.tally(exempt: 4)] {
      #expect(tally.eligible == 0)
      #expect(tally.lowHundredths == nil)
      #expect(tally.highHundredths == nil)
      #expect(Policy.current.targetMet(converted: tally.converted, eligible: tally.eligible) == nil)
    }
  }

  @Test("Exempt agencies leave the count: 84 of 85 of which two are waived")
  func exemptAgencies() {
    var scene = RollUpScene()
    for number in 1...85 {
      scene.addAgency("a\(number)")
      scene.addHosts(number == 1 ? .reachable : .operational, of: "a\(number)")
    }
    #expect(scene.city.lowHundredths == 98_82)
    scene.inventory.waivers = [.until("2099-12-31", on: "a1"), .until("2099-12-31", on: "a2")]
    #expect(scene.city.eligible == 83)
    #expect(scene.city.exempt == 2)
    #expect(scene.city.lowHundredths == 100_00)
  }

  @Test("The target as it is printed")
  func target() {
    #expect(Policy.current.targetText == "98.8")
    #expect(Policy.named("2026-0")?.documentationIsGlobal == false)
    #expect(Policy.named("2026-0-lab")?.documentationIsGlobal == true)
    #expect(Policy.named("2099-1") == nil)
    #expect(Policy.current.canonicalText != Policy.lab.canonicalText)
  }
}
