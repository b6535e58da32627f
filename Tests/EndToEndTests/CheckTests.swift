import Foundation
import Testing

extension EndToEnd {
  @Suite("check: one host, now")
  struct CheckTests {
    @Test(
      "Outside any inventory: a name by what it publishes, an address by what answers, a service by request")
    func outside() async throws {
      let (first, second) = try await (Round.numbered("1").lab, Round.numbered("2").lab)
      async let names = second.run("v6audit check portal-2.van-phong.example \"${lab[@]}\"")
      async let addresses = second.run("v6audit check 2001:db8:100:2::80 \"${lab[@]}\"")
      async let services = first.run(
        "v6audit check gateway.van-phong.example --service ssh --explain \"${lab[@]}\"")
      let (name, address, service) = try await (names, addresses, services)
      #expect(name.status == 0 && name.stdout.contains("operational, converted"), "\(name.text)")
      let handshake =
        "pass     service.handshake  https:443/tcp at 2001:db8:100:2::80 as portal-2.van-phong.example"
      #expect(name.stdout.contains(handshake), "\(name.text)")
      #expect(address.status == 0 && address.stdout.contains("operational, converted"), "\(address.text)")
      #expect(address.stdout.contains("na       dns.aaaa  no-name"), "\(address.text)")
      #expect(service.status == 0 && service.stdout.contains("host-key-differs"), "\(service.text)")
      #expect(service.stdout.contains("    remedy: "), "\(service.text)")
    }

    @Test("-6 compares nothing with IPv4, -4 shows what answers there and judges nothing")
    func families() async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        Capture.beside(
          "families",
          """
          v6audit check gateway --inventory '\(Room.small)' -6 "${lab[@]}" >six & six=$!
          v6audit check intranet --inventory '\(Room.small)' -4 "${lab[@]}" >four &
          wait $six && wait $! && true
          """))
      #expect(ended.status == 0, "\(ended.text)")
      let six = try String(contentsOfFile: lab.room + "/six", encoding: .utf8)
      let four = try String(contentsOfFile: lab.room + "/four", encoding: .utf8)
      #expect(six.contains("operational, converted"))
      #expect(four.contains("SYN to 198.18.100.84:8443: open"))
      #expect(!four.contains("converted"))
      let capture = try Capture(lab.room + "/families.pcapng")
      #expect(try await capture.sent(["ip.dst"], where: "ip.dst == 198.18.100.22").isEmpty)
      #expect(try await capture.sent(["ipv6.dst"], where: "ipv6.dst == 2001:db8:100::84").isEmpty)
      #expect(try await !capture.sent(["ip.dst"], where: "ip.dst == 198.18.100.84").isEmpty)
      #expect(try await !capture.sent(["ipv6.dst"], where: "ipv6.dst == 2001:db8:100::22").isEmpty)
    }

    /// What a monitoring system asks in which round, the exit code it must get, and how its line begins.
    private static let plugins: [(round: String, what: String, code: Int32, line: String)] = [
      ("1", "video --inventory '\(Room.small)'", 0, "V6AUDIT OK - video operational | score="),
      (
        "1", "web-xa --inventory '\(Room.small)'", 2,
        "V6AUDIT CRITICAL - web-xa reachable: service.handshake https:443/tcp at 3fff:200::80 as "
          + "www.xa-mau.example certificate-self-signed | score="
      ),
      ("1", "database --inventory '\(Room.small)'", 3, "V6AUDIT UNKNOWN - database unknown: dns.live "),
      (
        "1", "portal.van-phong.example", 2,
        "V6AUDIT CRITICAL - portal.van-phong.example none: address.present"
      ),
      (
        "2", "nobody.van-phong.example", 2,
        "V6AUDIT CRITICAL - nobody.van-phong.example none: address.present"
      ),
      ("2", "3fff:100::80", 0, "V6AUDIT OK - 3fff:100::80 operational | score="),
    ]

    @Test("--nagios: one line, performance data, and the exit codes of monitoring plugins")
    func nagios() async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for plugin in Self.plugins {
          group.addTask {
            let lab = try await Round.numbered(plugin.round).lab
            let ended = try await lab.run("v6audit check \(plugin.what) --nagios \"${lab[@]}\"")
            #expect(ended.status == plugin.code, "\(plugin.what): \(ended.text)")
            #expect(ended.stdout.hasPrefix(plugin.line), "\(ended.text)")
            #expect(ended.stdout.split(separator: "\n").count == 1)
            #expect(ended.stderr.isEmpty)
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
