import Foundation
import Testing

extension EndToEnd {
  @Suite("Sweeps that do not take place")
  struct SweepUsageTests {
    private static let allow = "--allow \(SweepLab.prefix6)"

    private static let mistakes = [
      Mistake(command: "2001:db8:5000::/56", says: ["nothing may be touched", "--allow PREFIX"]),
      Mistake(command: allow, says: ["--targets"]),
      Mistake(command: "2001:db8:5000::/56 --targets good \(allow)", says: ["--targets"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --iid here", says: ["--iid here", "::53", "low-byte"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --iid 1:0:0:0:0::1", says: ["--iid"]),
      Mistake(
        command: "2001:db8:5000::/56 \(allow) --subnet-length 112 --iid ::1:0",
        says: ["--iid ::1:0", "112-bit"]),
      Mistake(command: "198.18.200.0/24 \(allow) --iid ::1", says: ["--iid", "IPv6 only"]),
      Mistake(
        command: "2001:db8:5000::1/56 \(allow)",
        says: ["target 2001:db8:5000::1/56", "write 2001:db8:5000::/56"]),
      Mistake(
        command: "2001:db8:5000::/56 --allow 2001:db8:5000::1/48",
        says: ["--allow 2001:db8:5000::1/48", "write 2001:db8:5000::/48"]),
      Mistake(command: "2001:db8:5000::/129 \(allow)", says: ["2001:db8:5000::/129"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --exclude here", says: ["--exclude here"]),
      Mistake(command: "2001:db8:5000::/56 198.18.200.0/24 \(allow)", says: ["both families"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --probe ping", says: ["--probe ping", "udp:53"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --probe tcp:0", says: ["--probe tcp:0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --probe tcp:65536", says: ["--probe tcp:65536"]),
      Mistake(
        command: "2001:db8:5000::/64 \(allow) --subnet-length 128",
        says: ["--subnet-length 128", "whole subnets are never swept"]),
      Mistake(
        command: "2001:db8:5000::/48 \(allow) --subnet-length 112",
        says: ["--subnet-length 112", "whole subnets are never swept"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --subnet-length 129", says: ["--subnet-length 129"]),
      Mistake(command: "2001::/16 \(allow) --iid low-byte", says: ["more than 4294967296 targets"]),
      Mistake(command: "--targets bad \(allow)", says: ["bad:3:2", "host.example", "one address a line"]),
      Mistake(command: "--targets nowhere \(allow)", says: ["nowhere", "No such file"]),
      Mistake(command: "--targets good --iid ::1 \(allow)", says: ["--iid", "--targets"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --shard 1/3", says: ["--shard 1/3", "--seed"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --shard 4/3 --seed 1", says: ["--shard 4/3"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --max-targets 0", says: ["--max-targets 0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --tries 6", says: ["--tries 6", "1 to 5"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --rate 0", says: ["--rate 0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --prefix-rate nan", says: ["--prefix-rate nan"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --timeout 0", says: ["--timeout 0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --senders 0", says: ["--senders 0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --interface nowhere0", says: ["nowhere0"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --state s", says: ["--state needs --output"]),
      Mistake(command: "--targets - \(allow) --state s --output o", says: ["--state", "standard input"]),
      Mistake(command: "2001:db8:5000::/56 \(allow) --format xml", says: ["xml"]),
    ]

    /// All of them beside one capture, each with its exit code and words in files of its own.
    private static let made = Task {
      let lab = try await SweepLab.shared.value
      let commands = mistakes.enumerated().map { number, mistake in
        "v6audit sweep \(mistake.command) >\(number).out 2>\(number).err; echo $? >\(number).code"
      }
      let ended = try await lab.run(
        Capture.beside(
          "no-sweep",
          """
          mkdir no-sweep && cd no-sweep
          printf '2001:db8:5000::1\\n' >good; printf '2001:db8:5000::1\\n\\n host.example\\n' >bad
          \(commands.joined(separator: "\n"))
          v6audit sweep 2001:db8:5000::/56 \(allow) --dry-run >dry.out 2>dry.err; echo $? >dry.code
          fping -q -r 0 198.18.200.3
          """))
      return (lab, ended)
    }

    private func said(_ name: String) async throws -> String {
      try String(contentsOfFile: try await Self.made.value.0.room + "/no-sweep/" + name, encoding: .utf8)
    }

    @Test("Exit 2, the thing and the way out on stderr, nothing on stdout", arguments: mistakes.indices)
    func mistake(number: Int) async throws {
      let mistake = Self.mistakes[number]
      let text = try await said("\(number).err")
      #expect(try await said("\(number).code") == "2\n", "\(mistake.command): \(text)")
      for word in mistake.says { #expect(text.contains(word), "\(mistake.command): \(text)") }
      #expect(try await said("\(number).out").isEmpty)
    }

    @Test("Mistakes and dry runs send nothing and leave no files")
    func silence() async throws {
      let (lab, ended) = try await Self.made.value
      #expect(ended.status == 0, "\(ended.text)")
      let frames = try await Capture(lab.room + "/no-sweep.pcapng").sent(
        ["ip.dst"], where: "ip || (ipv6 && !(icmpv6.type >= 133 && icmpv6.type <= 143))")
      #expect(
        frames.map { $0["ip.dst"] } == [["198.18.200.3"]], "fping's packet shows that the capture sees one")
      let left = try FileManager.default.contentsOfDirectory(atPath: lab.room + "/no-sweep")
      #expect(left.filter { !$0.contains(".") }.sorted() == ["bad", "good"])
    }

    @Test("A dry run says what would be asked, of whom, and how long it takes")
    func dryRun() async throws {
      let lab = try await SweepLab.shared.value
      #expect(try await said("dry.code") == "0\n")
      #expect(try await said("dry.err").isEmpty)
      let plan = try await said("dry.out")
      #expect(plan.contains("256 targets, icmp to each, for example 2001:db8:5000:"))
      #expect(plan.contains("scope: 256 may be touched\n"))
      #expect(plan.contains("held back by --prefix-rate: 1 prefix of 10 pps each"))
      #expect(plan.contains("packets: 256 to 256\n"))

      let file = try await lab.run(
        """
        printf '%s\\n' \(SweepLab.addresses4.joined(separator: " ")) 198.18.200.1 192.0.2.1 >dry.targets
        v6audit sweep --targets dry.targets --allow 198.18.200.0/26 --dry-run --rate unlimited --prefix-rate unlimited \
          --tries 3 && v6audit sweep --targets dry.targets --allow 198.18.200.0/26 --dry-run --max-targets 10 --seed 1
        """)
      #expect(file.status == 0, "\(file.text)")
      #expect(file.stdout.contains("257 targets, icmp to each"), "\(file.text)")
      #expect(
        file.stdout.contains("scope: 64 may be touched, 193 lie outside and would not be"), "\(file.text)")
      #expect(file.stdout.contains("packets: 64 to 192\n"), "\(file.text)")
      #expect(file.stdout.contains("10 targets, icmp to each"), "\(file.text)")
      #expect(file.stdout.firstMatch(of: #/-[0-9]/#) == nil, "no number is below zero: \(file.text)")
    }

    @Test("Without CAP_NET_RAW it exits 3 with the remedy")
    func withoutPermission() async throws {
      let ended = try await SweepLab.shared.value.run(
        "setpriv --bounding-set=-net_raw --inh-caps=-net_raw v6audit sweep 2001:db8:5000::/56 \(SweepLab.common)"
      )
      #expect(ended.status == 3, "\(ended.text)")
      #expect(ended.stderr.contains("setcap cap_net_raw+ep"), "\(ended.text)")
    }

    @Test("When nothing could be sent it exits 3 and says so, when the disk is full 4")
    func endings() async throws {
      let lab = try await SweepLab.shared.value
      let outside = try await lab.run(
        "v6audit sweep 2001:db8:5000::/60 --allow 2001:db8:1::/48 --rate 2000 --prefix-rate unlimited")
      #expect(outside.status == 3, "\(outside.text)")
      #expect(outside.stderr.contains("outside the scope and not touched: 16\n"), "\(outside.text)")
      let full = try await lab.run("v6audit sweep 2001:db8:5000::/56 \(SweepLab.common) --output /dev/full")
      #expect(full.status == 4, "\(full.text)")
      #expect(full.stderr.contains("/dev/full: cannot be written: No space left on device"), "\(full.text)")
    }
  }
}
