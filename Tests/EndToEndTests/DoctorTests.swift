import Foundation
import Testing

extension EndToEnd {
  @Suite("Permissions, and what the doctor says of them")
  struct DoctorTests {
    /// What an ordinary user is without file capabilities: root of the lab, but without raw sockets.
    private static let unprivileged = "setpriv --bounding-set=-net_raw --inh-caps=-net_raw "

    @Test("The doctor finds nothing wrong in the lab, and names a resolver and a control that do not answer")
    func doctor() async throws {
      let lab = try await Round.first.value.lab
      async let whole = lab.run("v6audit doctor \"${lab[@]}\"")
      async let silence = lab.run(
        "v6audit doctor --resolver \"[$LAB_DARK]:53\" --control \"$LAB_DARK\" --dark \"${LAB_DARK%::1}::2\"")
      async let unnamed = lab.run("v6audit doctor --control \"$LAB_CONTROL\" --dark \"$LAB_DARK\"")
      let (healthy, silent, system) = try await (whole, silence, unnamed)

      #expect(healthy.status == 0 && !healthy.stdout.contains("FAIL"), "\(healthy.text)")
      for title in ["permission", "interface", "resolver", "clock", "controls"] {
        #expect(healthy.stdout.contains(title), "\(title)")
      }
      #expect(healthy.stdout.contains("lab0: Ethernet, MTU 1500"))
      #expect(healthy.stdout.contains("controls-agree"))

      #expect(silent.status == 3, "\(silent.text)")
      for word in ["FAIL  resolver", "FAIL  controls", "positive-control-silent"] {
        #expect(silent.stdout.contains(word), "\(silent.text)")
      }

      #expect(system.status == 0, "\(system.text)")
      let found = system.stdout.firstMatch(of: /resolver +\S+:53 answers/)
      #expect(found != nil, "without --resolver it is the one of /etc/resolv.conf: \(system.text)")
    }

    @Test("Without CAP_NET_RAW the doctor says what to do, and exits 3")
    func withoutPermission() async throws {
      let ended = try await Round.first.value.lab.run("\(Self.unprivileged) v6audit doctor \"${lab[@]}\"")
      #expect(ended.status == 3, "\(ended.text)")
      #expect(ended.stdout.contains("FAIL  permission"))
      #expect(ended.stdout.contains("setcap cap_net_raw+ep"))
    }

    @Test(
      "Without CAP_NET_RAW a measurement exits 3 with the remedy and is not kept as a run",
      arguments: [
        "audit --inventory '\(Room.small)' --output unprivileged", "check web-xa --inventory '\(Room.small)'",
        "check web-xa --inventory '\(Room.small)' --nagios",
      ])
    func measureWithoutPermission(command: String) async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        "\(Self.unprivileged) v6audit \(command) --db unprivileged.db \"${lab[@]}\"".replacing(
          command.hasPrefix("check") ? "--db unprivileged.db" : "", with: ""))
      #expect(ended.status == 3, "\(ended.text)")
      #expect(ended.stderr.contains("setcap cap_net_raw+ep"))
      let left = (try? FileManager.default.contentsOfDirectory(atPath: lab.room + "/unprivileged")) ?? []
      #expect(left.isEmpty)
    }
  }
}
