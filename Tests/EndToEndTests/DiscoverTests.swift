import Foundation
import Testing

extension EndToEnd {
  @Suite("Who is there beyond the link")
  struct DiscoverTests {
    /// How many frames the busiest second has that begins with one.
    private static func busiest(_ frames: [Capture.Frame]) -> Int {
      let times = frames.compactMap { ($0["frame.time_epoch"]?.first).flatMap(Double.init) }.sorted()
      return times.indices.map { first in times[first...].prefix { $0 < times[first] + 1 }.count }.max() ?? 0
    }

    @Test("Likely addresses are found by the hundred, within the scope and at the pace that were given")
    func patterns() async throws {
      let lab = try await Lab.start("patterns", inventory: Room.small)
      defer { Task { await lab.close() } }
      let ended = try await lab.run(
        Capture.beside(
          "patterns",
          """
          v6audit discover --patterns 2001:db8:200::/64 --allow 2001:db8:200::/64 --ask-rate 200 --format csv >all.csv
          """))
      #expect(ended.status == 0, "\(ended.text)")
      // Every host of the /64 that is up has an address that is likely.
      let declared = try Table(Room.small + "/hosts.csv").rows.flatMap {
        ($0["addresses"] ?? "").split(separator: " ").map(String.init)
      }
      let wanted = Set(declared.filter { $0.hasPrefix("2001:db8:200::") })
      let found = Set(try Table(lab.room + "/all.csv").rows.compactMap { $0["addresses"] })
      #expect(found == wanted && !wanted.isEmpty, "\(ended.text)")

      let asked = try await Capture(lab.room + "/patterns.pcapng").sent(
        ["frame.time_epoch", "ipv6.dst"], where: "icmpv6.type == 128")
      #expect(asked.count > wanted.count)
      #expect(asked.allSatisfy { $0["ipv6.dst"]?.first?.hasPrefix("2001:db8:200:") == true })
      #expect(Self.busiest(asked) <= 210)

      let narrow = try await lab.run(
        Capture.beside(
          "part",
          "v6audit discover --patterns 2001:db8:200::/64 --allow 2001:db8:200::/120 --ask-rate 500 --format csv >part.csv"
        ))
      #expect(narrow.stderr.contains("are outside the scope and were not asked"), "\(narrow.text)")
      let few = try await Capture(lab.room + "/part.pcapng").sent(["ipv6.dst"], where: "icmpv6.type == 128")
        .compactMap { $0["ipv6.dst"]?.first }
      #expect(!few.isEmpty && few.allSatisfy { $0.dropFirst("2001:db8:200::".count).count <= 2 }, "\(few)")
    }

    @Test("Keys are those that ssh-keyscan and openssl see, of no address outside the scope")
    func keys() async throws {
      let lab = try await Lab.start("keys", inventory: Room.small)
      defer { Task { await lab.close() } }
      let ended = try await lab.run(
        Capture.beside(
          "keys",
          "v6audit discover --keys --inventory '\(Room.small)' --ask-rate 50 --db keys.db --format csv >keys.csv"
        ))
      #expect(ended.status == 0, "\(ended.text)")
      let compared = try await lab.run(
        """
        python3 - <<'PROGRAM'
        import base64, hashlib, sqlite3, subprocess
        rows = sqlite3.connect("keys.db").execute("SELECT address, kind, value FROM observed WHERE kind IN ('ssh-key', 'tls-key')")
        counts = {"ssh-key": 0, "tls-key": 0}
        for address, kind, value in rows:
            if kind == "ssh-key":
                port, algorithm, fingerprint = value.split()
                line = subprocess.run(["ssh-keyscan", "-t", "ed25519", address], capture_output=True, text=True).stdout.split()
                seen = hashlib.sha256(base64.b64decode(line[2])).hexdigest() if len(line) == 3 else "none"
            else:
                port, fingerprint = value.split()
                at = f"[{address}]:443" if ":" in address else f"{address}:443"
                shown = subprocess.run(["openssl", "s_client", "-connect", at], stdin=subprocess.DEVNULL, capture_output=True)
                key = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=shown.stdout, capture_output=True)
                der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key.stdout, capture_output=True)
                seen = hashlib.sha256(der.stdout).hexdigest()
            counts[kind] += 1
            if seen != fingerprint:
                print("differs", address, kind, value, seen)
        print("compared", counts["ssh-key"] > 2, counts["tls-key"] > 2)
        PROGRAM
        """)
      #expect(compared.stdout == "compared True True\n", "\(compared.text)")
      // Nothing but the two ports of declared addresses.
      let asked = try await Capture(lab.room + "/keys.pcapng").sent(
        ["frame.time_epoch", "ipv6.dst", "ip.dst", "tcp.dstport"],
        where: "tcp.flags.syn == 1 && tcp.flags.ack == 0 && !tcp.analysis.retransmission")
      #expect(!asked.isEmpty)
      #expect(Self.busiest(asked) <= 53)
      #expect(asked.allSatisfy { ["22", "443"].contains($0["tcp.dstport"]?.first) })
      let declared = Set(
        try Table(Room.small + "/hosts.csv").rows.flatMap {
          ($0["addresses"] ?? "").split(separator: " ").map(String.init)
        })
      let outside = asked.flatMap { ($0["ipv6.dst"] ?? []) + ($0["ip.dst"] ?? []) }.filter {
        !declared.contains($0)
      }
      #expect(outside.isEmpty, "\(outside)")
    }

    @Test("Names are asked of one server, at the pace that was given")
    func names() async throws {
      let lab = try await Lab.start("names", inventory: Room.small)
      defer { Task { await lab.close() } }
      let ended = try await lab.run(
        Capture.beside(
          "names",
          """
          v6audit discover --reverse-zone 2001:db8:100::/40 --forward --resolver "$LAB_RESOLVER" --rate 100 --format csv >n.csv
          echo "$LAB_RESOLVER" >resolver
          """))
      #expect(ended.status == 0, "\(ended.text)")
      let asked = try await Capture(lab.room + "/names.pcapng").sent(
        ["frame.time_epoch", "ipv6.dst", "ip.dst"], where: "udp.dstport == 53 || tcp.dstport == 53")
      #expect(asked.count > 300)
      let resolver = try String(contentsOfFile: lab.room + "/resolver", encoding: .utf8)
      let servers = Set(asked.flatMap { ($0["ipv6.dst"] ?? []) + ($0["ip.dst"] ?? []) })
      #expect(servers.count == 1 && servers.allSatisfy { resolver.contains($0) }, "\(servers) \(resolver)")
      #expect(Self.busiest(asked) <= 105)
    }

    @Test("From nothing to an inventory: what README says, line by line")
    func readme() async throws {
      let text = try String(contentsOfFile: Room.repository + "/README.md", encoding: .utf8)
      let section = try #require(
        text.components(separatedBy: "## From nothing to an inventory in ten minutes\n").last)
      let block = try #require(section.components(separatedBy: "```sh\n").dropFirst().first)
      let commands = try #require(block.components(separatedBy: "```").first)
      let lab = try await Lab.start("readme", inventory: Room.small)
      defer { Task { await lab.close() } }
      // An audit needs to know where the lab's names and certificates begin.
      let ended = try await lab.run(
        commands.replacing("v6audit audit ", with: "v6audit audit \"${lab[@]}\" ") + "echo \"all $?\"\n")
      #expect(ended.stdout.contains("all 0"), "\(ended.text)")
      #expect(ended.stderr.contains("revision 2: "), "\(ended.text)")
      // Each host with a key and a name is one host, with both of its addresses.
      let found = try Table(lab.room + "/inventory/hosts.csv").rows
      let truth = try Table(Room.small + "/hosts.csv").rows.filter {
        ["van-phong", "so-cong-nghe"].contains($0["agency"]) && $0["services"]?.contains(/ssh|https/) == true
      }
      for host in truth {
        let addresses = Set((host["addresses"] ?? "").split(separator: " "))
        let same = found.first { Set(($0["addresses"] ?? "").split(separator: " ")) == addresses }
        #expect(same?["agency"] == host["agency"], "\(host["host"] ?? ""): \(ended.text)")
      }
      #expect(truth.count > 3)
      let map = try String(contentsOfFile: lab.room + "/map.html", encoding: .utf8)
      #expect(map.contains("Văn phòng") && map.contains("portal.van-phong.example"))
      #expect(try Table(lab.room + "/results/compliance.csv").rows.count > 1)
    }

    @Test("Frames that the kernel drops before the capture are told as dropped, not taken for silence")
    func dropped() async throws {
      let room = try Room.empty("dropped")
      // A frame that is longer than the interface may take is dropped at it, as one is for which its queue has no room.
      let script = """
        cd '\(room)'
        sysctl -qw net.ipv6.conf.default.disable_ipv6=0
        ip link add va type veth peer name vb
        ip link set vb mtu 1280; ip link set va up; ip link set vb up
        ip addr add 2001:db8::1/64 dev va nodad
        ip neigh add 2001:db8::2 lladdr 02:00:00:00:00:02 dev va
        '\(URL(filePath: Room.program).path)' discover --interface vb --passive 4 >hosts & sleep 2
        python3 - <<'PROGRAM'
        import socket
        speaker = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        for length in (1400, 10, 1400, 1400):
            speaker.sendto(length * b"v", ("2001:db8::2", 9))
        PROGRAM
        wait
        ip -s -j link show vb | python3 -c 'import json, sys; print("oracle", json.load(sys.stdin)[0]["stats64"]["rx"]["dropped"])'
        """
      let ended = try await Shell.run(["unshare", "-Urnm", "bash", "-c", script], in: room)
      #expect(ended.stdout.contains("oracle 3\n"), "\(ended.text)")
      #expect(ended.stderr.contains("note: the kernel dropped 3 frames"), "\(ended.text)")
    }

    /// A router with neighbours and a way, an agent of Net-SNMP on it, and credentials where Net-SNMP has them.
    private static let router = """
      ip link set lo up
      ip link add va type veth peer name vb
      ip link set va up; ip link set vb up
      ip addr add 198.18.0.1/24 dev va; ip -6 addr add 2001:db8::1/64 dev va nodad
      ip neigh add 198.18.0.7 lladdr 02:00:00:00:00:07 dev va
      ip -6 neigh add 2001:db8::7 lladdr 02:00:00:00:00:07 dev va
      ip -6 neigh add 2001:db8::8 lladdr 02:00:00:00:00:08 dev va
      ip -6 route add 2001:db8:1::/48 via 2001:db8::7
      mkdir -p persist right wrong
      printf '%s\\n' 'createUser audit SHA mat-khau-dai AES khoa-rieng-dai' 'rouser audit priv' 'sysName router-1' >snmpd.conf
      printf '%s\\n' 'defVersion 3' 'defSecurityName audit' 'defSecurityLevel authPriv' 'defAuthType SHA' \
        'defAuthPassphrase mat-khau-dai' 'defPrivType AES' 'defPrivPassphrase khoa-rieng-dai' >right/snmp.conf
      sed s/mat-khau-dai/khong-phai-no/ right/snmp.conf >wrong/snmp.conf
      export SNMP_PERSISTENT_DIR=$PWD/persist
      snmpd -f -Lf snmpd.log -C -c snmpd.conf 'udp6:[::1]:1161' </dev/null >/dev/null 2>&1 &
      for try in $(seq 50); do grep -q NET-SNMP snmpd.log 2>/dev/null && break; sleep 0.1; done
      """

    @Test("A router that is asked by SNMP tells what its kernel knows, and nobody sees the credentials")
    func routers() async throws {
      let room = try Room.empty("snmp")
      // A file: what the shell is told in its arguments would be among the commands.
      let script = """
        cd '\(room)'
        \(Self.router)
        v6audit() { '\(URL(filePath: Room.program).path)' "$@"; }
        while :; do cat /proc/[0-9]*/cmdline | tr '\\0' ' '; sleep 0.02; done >commands 2>/dev/null &
        v6audit discover --snmp '[::1]:1161' --snmp-config $PWD/right --allow ::1 --db r.db --format csv >hosts.csv
        echo "right $?"
        v6audit discover --snmp '[::1]:1161' --snmp-config $PWD/wrong --allow ::1; echo "wrong $?"
        v6audit discover --snmp '[::1]:1161' --snmp-config $PWD/right --allow 2001:db8::/32; echo "outside $?"
        grep -q snmpbulkwalk commands && echo watched; grep -q mat-khau commands || echo unseen
        """
      try script.write(toFile: room + "/script", atomically: true, encoding: .utf8)
      let ended = try await Shell.run(
        [
          "unshare", "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", room + "/script",
        ], in: room)
      for word in ["right 0", "wrong 3", "outside 3", "watched", "unseen"] {
        #expect(ended.stdout.split(separator: "\n").contains { $0 == word }, "\(word): \(ended.text)")
      }
      #expect(ended.stderr.contains("is outside the scope"), "\(ended.text)")
      let rows = try Table(room + "/hosts.csv").rows
      #expect(
        rows.map { $0["addresses"] } == ["198.18.0.1 2001:db8::1", "198.18.0.7 2001:db8::7", "2001:db8::8"],
        "\(ended.text)")
      #expect(ended.stderr.contains("3 neighbours"), "\(ended.text)")
    }
  }
}
