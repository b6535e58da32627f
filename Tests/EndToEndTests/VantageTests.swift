import Foundation
import Testing

extension EndToEnd {
  @Suite("A vantage without one of the families")
  struct VantageTests {
    @Test(
      "Without IPv6 nothing about a host is claimed, and the exit code says that nothing could be measured",
      arguments: [("no-ipv6", "vantage-no-ipv6"), ("ipv6-blackhole", "positive-control-silent")])
    func vantage(fault: String, reason: String) async throws {
      let lab = try await Lab.start(fault, inventory: Room.small, faults: ["vantage,\(fault)"])
      async let audits = lab.run("v6audit audit --inventory '\(Room.small)' --output out \"${lab[@]}\"")
      async let checks = lab.run("v6audit check web-quan --inventory '\(Room.small)' \"${lab[@]}\"")
      async let plugins = lab.run("v6audit check web-quan --inventory '\(Room.small)' --nagios \"${lab[@]}\"")
      async let doctors = lab.run("v6audit doctor \"${lab[@]}\"")
      let (audit, checked, plugin, doctor) = try await (audits, checks, plugins, doctors)
      #expect(audit.status == 3, "\(audit.text)")
      #expect(audit.stdout.contains("IPv6 does not work at this vantage: \(reason)"))
      let results = try ResultFiles(lab.room + "/out")
      let vantage = results.checks.rows(where: ["check": "vantage.ipv6"])
      #expect(vantage.map { $0.cell("verdict") } == ["fail"])
      #expect(vantage.map { $0.cell("reason") } == [reason])
      for row in results.hosts.rows {
        #expect(row.cell("state") == "unknown", "\(row.cell("host"))")
        #expect(row.cell("converted") == "no")
      }
      for row in results.checks.rows {
        let check = row.cell("check")
        if check.hasPrefix("reach.") || check.hasPrefix("service.") || check == "dns.live" {
          #expect(["unknown", "na"].contains(row.cell("verdict")), "\(row)")
          if row.cell("verdict") == "unknown" && row.cell("reason") != "protocol-not-measurable" {
            #expect(row.cell("reason") == "vantage-without-ipv6", "\(row)")
          }
        } else if check != "vantage.ipv6" {
          // The resolver was asked over IPv4: names and addresses are known all the same.
          #expect(["pass", "na"].contains(row.cell("verdict")), "\(row)")
        }
      }
      for row in results.compliance.rows {
        #expect(row.cell("converted") == "0")
        #expect(row.cell("not_converted") == "0")
        #expect(row.cell("percent_low") == "0.00")
        #expect(row.cell("percent_high") == "100.00")
      }

      #expect(checked.status == 3, "\(checked.text)")
      #expect(checked.stdout.contains(reason))
      #expect(plugin.status == 3, "\(plugin.text)")
      #expect(plugin.stdout.hasPrefix("V6AUDIT UNKNOWN - web-quan unknown"))
      #expect(doctor.status == 3, "\(doctor.text)")
      await lab.close()
    }

    @Test("A vantage without IPv4 measures IPv6 all the same")
    func withoutIPv4() async throws {
      let lab = try await Lab.start("no-ipv4", inventory: Room.small, faults: ["vantage,no-ipv4"])
      let audit = try await lab.run("v6audit audit --inventory '\(Room.small)' --output out \"${lab[@]}\"")
      #expect(audit.status == 0, "\(audit.text)")
      let results = try ResultFiles(lab.room + "/out")
      for row in results.hosts.rows {
        let host = row.cell("host")
        // Whether SSH shows the same key over IPv4 is not to be had here; a certificate holds by itself.
        let comparesKeys = ["files-quan", "gateway", "mail"].contains(host)
        // udp:161 speaks no protocol that could be asked.
        let isOpen = comparesKeys || host == "database"
        #expect(row.cell("state") == (isOpen ? "unknown" : "operational"), "\(row)")
        #expect(row.cell("failed_checks") == "")
        if comparesKeys { #expect(results.findings(host, "unknown") == ["service.handshake=no-route"]) }
      }
      await lab.close()
    }
  }
}
