import Foundation
import Testing

/// One city: the faults planted in it, and the figure that must come out.
struct City: CustomTestStringConvertible, Sendable {
  let name: String
  let faults: [String]
  let converted: String
  let percent: String
  let isTargetMet: Bool

  var testDescription: String { name }

  /// The one line that ships with the inventory.
  static let shipped = "web-h-phu-xuyen,port-dropped-ipv6:443"

  static let all = [
    City(name: "no fault at all", faults: [], converted: "85", percent: "100.00", isTargetMet: true),
    City(
      name: "the fault that ships", faults: [shipped], converted: "84", percent: "98.82", isTargetMet: true),
    City(
      name: "one line more", faults: [shipped, "web-q-ba-dinh,port-closed-ipv6:80"], converted: "83",
      percent: "97.64", isTargetMet: false),
  ]
}

extension EndToEnd {
  @Suite("The figure of the illustrative city")
  struct FigureTests {
    @Test("The faults file that ships holds the one line that these tests take for it")
    func shippedFault() throws {
      let rows = try Table(Room.city + "/lab-faults.csv").rows
      #expect(rows.map { "\($0.cell("host")),\($0.cell("fault"))" } == [City.shipped])
    }

    @Test("One line in the faults file changes the figure accordingly", arguments: City.all)
    func figure(city: City) async throws {
      let lab = try await Lab.start("figure-\(city.converted)", inventory: Room.city, faults: city.faults)
      let audit = try await lab.run(
        "v6audit audit --inventory '\(Room.city)' --output out --fail-under 98.8 \"${lab[@]}\"")
      #expect(audit.status == (city.isTargetMet ? 0 : 1), "\(audit.text)")
      let results = try ResultFiles(lab.room + "/out")
      let row = results.city
      #expect(row.cell("converted") == city.converted)
      #expect(row.cell("eligible") == "85")
      #expect(row.cell("unknown") == "0")
      #expect(row.cell("percent_low") == city.percent)
      #expect(row.cell("percent_high") == city.percent)
      #expect(row.cell("target_met") == (city.isTargetMet ? "yes" : "no"))
      #expect(audit.stdout.contains("\(city.converted) of 85 = \(city.percent) %"))
      let missing = results.compliance.rows(where: ["scope": "agency", "outcome": "not_converted"])
      let hosts = city.faults.compactMap { $0.split(separator: ",").first.map(String.init) }
      #expect(Set(missing.map { $0.cell("id") }) == Set(hosts.map { results.host($0).cell("agency") }))
      for host in hosts { #expect(audit.stdout.contains("    \(host): reach.tcp: ")) }
      await lab.close()
    }
  }
}
