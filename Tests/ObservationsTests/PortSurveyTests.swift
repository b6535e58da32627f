import Foundation
import Testing

@testable import Observations

@Suite("Port surveys") struct PortSurveyTests {
  @Test(
    "Ports in a row are a range, and come back",
    arguments: [
      ([], ""), ([80], "80"), ([21, 22, 23, 80], "21-23,80"), ([1, 3, 65534, 65535], "1,3,65534-65535"),
    ] as [([UInt16], String)])
  func ranges(ports: [UInt16], text: String) {
    #expect(PortRanges.text(of: ports) == text)
    if !ports.isEmpty { #expect(PortRanges.ports(in: text) == ports) }
  }

  @Test(
    "What is no ascending list is refused",
    arguments: ["", ",", "80,80", "23-21", "80,22", "x", "1-2-3", "65536", "-1"])
  func refused(text: String) { #expect(PortRanges.ports(in: text) == nil) }

  @Test("Each outcome has its list, and storing keeps them all")
  func codes() throws {
    let moment = Duration64(microseconds: 1)
    let survey = PortSurvey([
      (443, .answered(roundTrip: moment, tries: 1)), (22, .closed(roundTrip: moment)),
      (23, .silent(tries: 3)),
      (24, .unmeasured(dropped: 1)), (25, .notSent(.noRoute)), (26, nil),
    ])
    #expect(survey.classes.map(\.name) == ["open", "closed", "silent", "unmeasured", "not-sent"])
    #expect(survey.count == 5)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(survey)
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"closed":"22","not-sent":"25","open":"443","reason":"no-route","silent":"23","unmeasured":"24"}"#
    )
    #expect(try JSONDecoder().decode(PortSurvey.self, from: data) == survey)
  }
}
