import SeededRandom
import Testing
import Wire

@testable import Discovery

@Suite("A sweep of likely addresses")
struct PatternSurveyTests {
  private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
  private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

  @Test(
    "A /64 is guessed at, of a shorter prefix the /64s where somebody is known, of a longer one what is in it"
  )
  func subnets() throws {
    var knowledge = PatternKnowledge()
    knowledge.ipv6 = [try address("2001:db8:1:7::4711:1"), try address("2001:db8:2:1::5")]
    let survey = PatternSurvey(
      [try prefix("2001:db8:1::/48"), try prefix("2001:db8:3::/64"), try prefix("2001:db8:4::/120")],
      knowledge: knowledge)
    #expect(
      survey.subnets.map(\.description) == ["2001:db8:1:7::/64", "2001:db8:3::/64", "2001:db8:4::/64"])
    #expect(Set(survey.guesses).count == survey.guesses.count)
    #expect(survey.guesses.contains(try address("2001:db8:1:7::4711:1")))
    // How servers are numbered elsewhere is worth a guess here.
    #expect(survey.guesses.contains(try address("2001:db8:3::4711:1")))
    let four = survey.guesses.filter { $0.high == 0x2001_0db8_0004_0000 }
    #expect(!four.isEmpty && four.allSatisfy { $0.low < 256 })
    #expect(!survey.guesses.contains { $0.high == 0x2001_0db8_0002_0001 })
    // Never a /64: thousands at most.
    #expect(survey.guesses.count < 3 * 16_384)
    #expect(PatternSurvey([try prefix("2001:db8:9::/48")], knowledge: knowledge).guesses.isEmpty)
    #expect(PatternSurvey([try prefix("198.18.0.0/24")], knowledge: knowledge).guesses.isEmpty)
  }

  @Test(
    "Prefixes in which every address answers are found at their length, and no hosts of theirs",
    arguments: 0..<40)
  func aliased(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let subnet = try prefix("2001:db8:1::/64")
    let length = PatternSurvey.lengths[Int(seed) % PatternSurvey.lengths.count]
    let aliased = Prefix(IPAddress(ipv6High: subnet.address.high, low: 0), length: length)
    // Beside it real hosts, outside of it where there is an outside.
    var knowledge = PatternKnowledge()
    let hosts = (1...20 as ClosedRange<UInt64>).map { number in
      IPAddress(ipv6High: subnet.address.high, low: 0xf0f0 << 48 | number << 36 | random.next() & 0xffff)
    }
    knowledge.ipv6 = hosts
    let answers = { (address: IPAddress) in aliased.contains(address) || hosts.contains(address) }
    var survey = PatternSurvey([subnet], knowledge: knowledge)
    survey.take(answered: survey.guesses.filter(answers), using: &random)
    #expect(survey.tests.allSatisfy(subnet.contains))
    survey.take(testsAnswered: Set(survey.tests.filter(answers)))
    #expect(survey.aliased == [aliased])
    #expect(survey.found == (length == 64 ? [] : hosts.sorted()))
    #expect(survey.answeredInAliased > 0)
  }

  @Test("A test asks each sixteenth of a prefix once, and one that stays silent is enough for hosts")
  func tests() throws {
    var random = SplitMix64(seed: 7)
    let one = try address("2001:db8:1::1")
    var survey = PatternSurvey([try prefix("2001:db8:1::/64")], knowledge: PatternKnowledge())
    survey.take(answered: [one], using: &random)
    for length in PatternSurvey.lengths {
      let within = Prefix(one, length: length)
      let sixteenths = Set(survey.tests.filter(within.contains).map { Prefix($0, length: length + 4) })
      #expect(sixteenths.count == 16, "\(length)")
    }
    #expect(survey.tests.count <= 16 * PatternSurvey.lengths.count)
    for missing in survey.tests {
      var copy = survey
      copy.take(testsAnswered: Set(survey.tests).subtracting([missing]))
      // The missing one is in every wider prefix, and in none that is narrower.
      #expect(copy.aliased.allSatisfy { !$0.contains(missing) })
    }
  }
}
