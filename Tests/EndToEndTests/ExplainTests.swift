import Foundation
import Testing

extension EndToEnd {
  @Suite("explain: facts, rule, verdict, remedy")
  struct ExplainTests {
    @Test("In English")
    func english() async throws {
      let ended = try await Round.first.value.lab.run("v6audit explain files-quan")
      #expect(ended.status == 0, "\(ended.text)")
      let lines = ended.stdout.split(separator: "\n").map(String.init)
      #expect(lines[0].hasPrefix("files-quan  files.quan-mau.example  (agency quan-mau): reachable"))
      // What holds the host up stands first.
      #expect(lines[1] == "service.handshake")
      #expect(
        ended.stdout.contains(
          "fail     https:443/tcp at 3fff:100::21 as files.quan-mau.example  certificate-wrong-name"))
      #expect(ended.stdout.contains("another-host.example"))
      #expect(ended.stdout.contains("    cause:  ") && ended.stdout.contains("    remedy: "))
      let fact =
        #/\#\d+ \d{4}-\d\d-\d\dT[0-9:.]+Z https over TCP with \[3fff:100::21\]:443 as files\.quan-mau\.example: /#
      #expect(ended.stdout.firstMatch(of: fact) != nil)
      for check in [
        "address.present", "address.scope", "reach.echo", "reach.tcp", "dns.aaaa", "dns.live",
        "service.ports",
      ] {
        #expect(lines.contains { $0.hasPrefix(check) }, "\(check)")
      }
    }

    @Test("In Vietnamese: the same facts and codes, other words")
    func vietnamese() async throws {
      let lab = try await Round.first.value.lab
      let english = try await lab.run("v6audit explain files-quan").stdout
      let ended = try await lab.run("v6audit explain files-quan --lang vi")
      #expect(ended.status == 0, "\(ended.text)")
      func codes(_ text: String) -> [String] {
        text.split(separator: "\n").filter {
          $0.contains("    #") || $0.contains("  fail ") || $0.contains("  pass ")
        }
        .map(String.init)
      }
      #expect(codes(ended.stdout) == codes(english) && !codes(english).isEmpty)
      #expect(ended.stdout != english)
      #expect(ended.stdout.contains("chứng thư") || ended.stdout.contains("chứng chỉ"))
    }

    @Test("Every piece of evidence in checks.csv is a fact that explain shows")
    func evidence() async throws {
      let round = try await Round.first.value
      let said = try await round.lab.run("v6audit explain portal-2").stdout
      for row in try round.results().checks.rows(where: ["host": "portal-2"]) {
        for number in row.list("evidence") { #expect(said.contains("#\(number) "), "\(row)") }
        #expect(!row.list("evidence").isEmpty || ["na", "pass"].contains(row.cell("verdict")), "\(row)")
      }
    }

    @Test("By name, by address, and one check alone")
    func selection() async throws {
      let lab = try await Round.first.value.lab
      let whole = try await lab.run("v6audit explain gateway").stdout
      for other in ["gateway.van-phong.example", "2001:db8:100::22", "198.18.100.22"] {
        #expect(try await lab.run("v6audit explain \(other)").stdout == whole, "\(other)")
      }
      let one = try await lab.run("v6audit explain gateway service.handshake").stdout
      #expect(one.contains("service.handshake") && one.contains("host-key-differs"))
      #expect(!one.contains("reach.tcp"))
    }

    @Test("A host or check that does not exist is said with exit 2")
    func unknown() async throws {
      let lab = try await Round.first.value.lab
      let host = try await lab.run("v6audit explain nobody")
      #expect(host.status == 2 && host.stderr.contains("host nobody: "), "\(host.text)")
      let check = try await lab.run("v6audit explain gateway reach.teleport")
      #expect(
        check.status == 2 && check.stderr.contains("known are: vantage.ipv6, address.present"),
        "\(check.text)")
    }
  }
}
