import Foundation
import Testing

/// A command line with a mistake and what must be said about it.
struct Mistake: CustomTestStringConvertible, Sendable {
  let command: String
  let says: [String]

  var testDescription: String { command }

  private static let audit = "audit --inventory '\(Room.small)' --output mistaken"

  static let all = [
    Mistake(command: "\(audit) --outptu x", says: ["--outptu"]),
    Mistake(command: "\(audit) --rate fast", says: ["--rate", "fast"]),
    Mistake(command: "nonsense", says: ["nonsense"]),
    Mistake(command: "audit", says: ["--inventory"]),
    Mistake(
      command: "audit --inventory nowhere --output mistaken", says: ["nowhere", "there is none", "hosts.csv"]),
    Mistake(command: "audit --inventory empty --output mistaken", says: ["empty", "hosts.csv"]),
    Mistake(command: "\(audit) --policy 2099-1", says: ["--policy 2099-1", "2026-1, 2026-1-lab"]),
    Mistake(
      command: "\(audit) --resolver dns.example", says: ["--resolver dns.example", "[2001:db8::53]:53"]),
    Mistake(command: "\(audit) --resolver 2001:db8::53:99999", says: ["--resolver 2001:db8::53:99999"]),
    Mistake(command: "\(audit) --rate 0", says: ["--rate 0"]),
    Mistake(command: "\(audit) --rate=-5", says: ["--rate -5"]),
    Mistake(command: "\(audit) --rate nan", says: ["--rate nan"]),
    Mistake(command: "\(audit) --rate inf", says: ["--rate inf"]),
    Mistake(command: "\(audit) --rate 1e300", says: ["--rate 1e+300"]),
    Mistake(command: "\(audit) --control 192.0.2.1", says: ["--control 192.0.2.1", "no IPv6 address"]),
    Mistake(command: "\(audit) --dark here", says: ["--dark here", "no IPv6 address"]),
    Mistake(command: "\(audit) --ca-file nowhere.pem", says: ["nowhere.pem"]),
    Mistake(command: "\(audit) --fail-under 101", says: ["--fail-under", "101"]),
    Mistake(command: "\(audit) --fail-under 98.888", says: ["--fail-under", "98.888"]),
    Mistake(command: "\(audit) --interface nowhere0", says: ["nowhere0"]),
    Mistake(command: "\(audit) nobody", says: ["target nobody", "v6audit check nobody"]),
    Mistake(
      command: "audit --inventory '\(Room.small)' --output /proc/nowhere",
      says: ["/proc/nowhere", "--output"]),
    Mistake(command: "audit --inventory '\(Room.small)' --db /proc/nowhere/db", says: ["/proc/nowhere"]),
    Mistake(command: "check 'not a name'", says: ["not a name"]),
    Mistake(command: "check nobody --inventory '\(Room.small)'", says: ["nobody", "--inventory"]),
    Mistake(command: "check www.xa-mau.example --service gopher", says: ["--service gopher"]),
    Mistake(command: "check www.xa-mau.example -4 -6", says: ["-4 and -6"]),
    Mistake(command: "report --format yaml", says: ["yaml"]),
  ]
}

extension EndToEnd {
  @Suite("Mistakes are said clearly and change nothing")
  struct UsageTests {
    @Test("Exit 2, the thing and the way out on stderr, nothing on stdout", arguments: Mistake.all)
    func mistake(mistake: Mistake) async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        "mkdir -p empty usage; cd usage; mkdir -p empty; exec v6audit \(mistake.command)")
      #expect(ended.status == 2, "\(ended.text)")
      for word in mistake.says { #expect(ended.stderr.contains(word), "\(ended.text)") }
      #expect(ended.stdout.isEmpty, "\(ended.text)")
      let files = (try? FileManager.default.contentsOfDirectory(atPath: lab.room + "/usage/mistaken")) ?? []
      #expect(files.isEmpty)
    }

    @Test("A mistake sends nothing")
    func silence() async throws {
      let lab = try await Round.first.value.lab
      let tried = try await lab.run(
        Capture.beside(
          "mistakes",
          """
          for option in "--policy 2099-1" "--rate 0" "--resolver x" "--dark x" "--fail-under 101" nobody; do
            v6audit audit --inventory '\(Room.small)' "${lab[@]}" $option && exit 96
          done
          dig +short @"${LAB_RESOLVER4%:*}" portal.van-phong.example A
          """))
      #expect(tried.status == 0, "\(tried.text)")
      let frames = try await Capture(lab.room + "/mistakes.pcapng").sent(
        ["ip.dst", "udp.dstport"], where: "ip || (ipv6 && !(icmpv6.type >= 133 && icmpv6.type <= 143))")
      #expect(
        frames.count == 1, "dig's question shows that the capture sees something, and nobody else asked")
      #expect(frames.first?["udp.dstport"] == ["53"])
    }

    @Test("A broken inventory: every fault with file, line and column at once, and nothing is written")
    func brokenInventory() async throws {
      let lab = try await Round.first.value.lab
      let inventory = lab.room + "/broken"
      try Room.copy(
        Room.small, to: inventory,
        adding: [
          "UPPER,van-phong,,,dc1,,,http,,,,,",
          "no-port,van-phong,,,dc1,,2001:db8:100::1,gopher,,,,,",
          "mapped,van-phong,,,dc1,,::ffff:192.0.2.1,http,,,,,",
          "dangling,nobody,,,dc1,,2001:db8:100::2,http,,,,,",
          "portal,van-phong,,,dc1,,2001:db8:100::3,http,,,,,",
        ], to: "hosts.csv")
      for command in [
        "audit --inventory broken --output broken-out --db broken.db", "inventory check broken",
      ] {
        let ended = try await lab.run("v6audit \(command)")
        #expect(ended.status == 2)
        for place in ["hosts.csv:18:1", "hosts.csv:19:", "hosts.csv:20:", "hosts.csv:21:", "hosts.csv:22:1"] {
          #expect((ended.stdout + ended.stderr).contains(place), "\(place): \(ended.text)")
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: lab.room)
      #expect(!left.contains("broken-out") && !left.contains("broken.db"))
    }

    @Test(
      "Help and version go to stdout and exit 0",
      arguments: ["--help", "--version", "help audit", "audit --help"])
    func help(command: String) async throws {
      let ended = try await Round.first.value.lab.run("v6audit \(command)")
      #expect(ended.status == 0 && !ended.stdout.isEmpty && ended.stderr.isEmpty, "\(ended.text)")
    }
  }
}
