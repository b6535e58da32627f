import Foundation
import Testing

extension EndToEnd {
  @Suite("A sweep finds what others find")
  struct SweepFindingTests {
    /// What other tools find, one address a line.
    private static let oracles = """
      fping -6 -a -q -r 0 -t 500 -i 1 -f six >six.fping 2>/dev/null
      fping -4 -a -q -r 0 -t 500 -i 1 -f four >four.fping 2>/dev/null
      nmap -6 -n -sn -PE --max-retries 1 -iL six -oG - >six.nmap
      nmap -n -sn -PE --max-retries 1 -iL four -oG - >four.nmap
      """

    /// Asks each address for its OPTIONS (RFC 3261 §11) and prints those that answer: nmap's request has no `rport`, so
    /// the answer goes elsewhere.
    private static let options = """
      import socket, sys, time
      sockets = {}
      for address in sys.argv[1:]:
          one = sockets[address] = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
          one.setblocking(False)
          one.connect((address, 5060))
          one.send(b"OPTIONS sip:x SIP/2.0\\r\\nVia: SIP/2.0/UDP x;rport;branch=z9hG4bK1\\r\\nFrom: <sip:a>;tag=1\\r\\n"
                   b"To: <sip:x>\\r\\nCall-ID: 1\\r\\nCSeq: 1 OPTIONS\\r\\nMax-Forwards: 1\\r\\nContent-Length: 0\\r\\n\\r\\n")
      time.sleep(0.5)
      for address, one in sockets.items():
          try:
              if one.recv(2048).startswith(b"SIP/2.0 "): print(address)
          except OSError: pass
      """

    private func lines(_ path: String) throws -> [String] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test(
      "ICMP: those that answer are those that answer fping and nmap; rejections and silence are told apart")
    func echo() async throws {
      let lab = try await SweepLab.shared.value
      let (six, four) = (SweepLab.addresses6(0..<256), SweepLab.addresses4)
      for (name, list) in [("six", six), ("four", four)] {
        try list.map { $0 + "\n" }.joined().write(
          toFile: "\(lab.room)/\(name)", atomically: true, encoding: .utf8)
      }
      let ended = try await lab.run(
        """
        v6audit sweep 2001:db8:5000::/56 \(SweepLab.common) --all --output six.csv || exit
        v6audit sweep \(SweepLab.prefix4) \(SweepLab.common) --all --output four.csv || exit
        \(Self.oracles)
        """)
      #expect(ended.status == 0, "\(ended.text)")
      for (name, list) in [("six", six), ("four", four)] {
        let swept = try SweptTargets("\(lab.room)/\(name).csv")
        #expect(swept.repeated.isEmpty)
        #expect(Set(swept.rows.map(\.target)) == list.addresses)
        let fping = try lines("\(lab.room)/\(name).fping").addresses
        let nmap = try lines("\(lab.room)/\(name).nmap").filter { $0.contains("Status: Up") }
          .map { String($0.split(separator: " ")[1]) }.addresses
        try #require(fping.count == 128)
        #expect(swept.targets("answered") == fping)
        #expect(swept.targets("answered") == nmap)
        let rejected = list.addresses.filter { SweepLab.number($0) & 3 == 1 }
        #expect(swept.targets("rejected") == rejected)
        let silent = list.addresses.subtracting(fping).subtracting(rejected)
        #expect(swept.targets("silent") == silent && silent.count == 64)
      }
      #expect(
        ended.stderr.contains("answered 128 (50.00 %), closed 0, rejected 64, silent 64"), "\(ended.text)")
      let gates = try ["six", "four"].map { name in
        Set(
          try Table("\(lab.room)/\(name).csv").rows.filter { $0.cell("outcome") == "rejected" }.map {
            "\($0.cell("source")) \($0.cell("detail"))"
          })
      }
      #expect(
        gates == [
          ["2001:db8:ffff::1 type 1 code 1: administratively prohibited"],
          ["198.19.255.1 type 3 code 13: administratively prohibited"],
        ])
    }

    @Test("Without --all silent targets have no line")
    func answersOnly() async throws {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run("v6audit sweep \(SweepLab.prefix4) \(SweepLab.common)")
      #expect(ended.status == 0, "\(ended.text)")
      let table = try Table(text: ended.stdout, named: "stdout")
      #expect(Set(table.rows.map { $0.cell("outcome") }) == ["answered", "rejected"])
      #expect(table.rows.count == 192)
    }

    @Test("TCP: open, closed, rejected and silent as nmap tells them apart")
    func tcp() async throws {
      let lab = try await SweepLab.shared.value
      let nmap =
        "nmap -n -Pn -sS -p \(SweepLab.port) --reason --max-retries 1 --min-rate 500"
      let lists = [
        SweepLab.addresses6(0..<256).map { $0 + "\n" }.joined(),
        SweepLab.addresses4.map { $0 + "\n" }.joined(),
      ]
      let ended = try await lab.run(
        """
        printf '%s' '\(lists[0])' >tcp6; printf '%s' '\(lists[1])' >tcp4
        v6audit sweep 2001:db8:5000::/56 --probe tcp:\(SweepLab.port) \(SweepLab.common) --all --output tcp6.csv || exit
        v6audit sweep --targets tcp4 --probe tcp:\(SweepLab.port) \(SweepLab.common) --all --output tcp4.csv || exit
        \(nmap) -6 -iL tcp6 >tcp6.nmap && \(nmap) -iL tcp4 >tcp4.nmap
        """)
      #expect(ended.status == 0, "\(ended.text)")
      for name in ["tcp6", "tcp4"] {
        var wanted: [String: Set<Address>] = [:]
        var address: Address?
        for line in try lines("\(lab.room)/\(name).nmap") {
          let words = line.split(separator: " ").map(String.init)
          if line.hasPrefix("Nmap scan report for ") { address = Address(words[4]) }
          guard line.hasPrefix("\(SweepLab.port)/tcp "), let address else { continue }
          let outcome =
            ["admin-prohibited": "rejected", "no-response": "silent"][words[3]] ?? words[1]
          wanted[outcome, default: []].insert(address)
        }
        try #require(
          wanted.count == 4 && wanted.values.allSatisfy { $0.count == 64 }, "\(wanted.mapValues(\.count))")
        let swept = try SweptTargets("\(lab.room)/\(name).csv")
        #expect(swept.repeated.isEmpty && swept.rows.count == 256)
        for (outcome, targets) in wanted { #expect(swept.targets(outcome) == targets, "\(outcome)") }
      }
    }

    @Test("UDP: the name servers, the clock and the telephone exchange are open, all others closed")
    func udp() async throws {
      let lab = try await SweepLab.shared.value
      let hosts = try Table(Room.small + "/hosts.csv").rows
      let all = hosts.flatMap { $0.list("addresses") }
      let ended = try await lab.run(
        """
        printf '%s\\n' \(all.joined(separator: " ")) >declared
        for port in 53 123 5060; do
          v6audit sweep --targets declared --inventory '\(Room.small)' --rate 2000 --prefix-rate unlimited --timeout 0.5 \
            --cooldown 0.5 --probe udp:$port --output udp$port.csv --all || exit
        done
        for address in \(all.joined(separator: " ")); do
          { dig +tries=1 +time=1 +norecurse @$address . NS >/dev/null 2>&1 && echo $address >>digged; } &
        done
        wait
        grep -v : declared >declared4; grep : declared >declared6
        nmap -n -Pn -sU -p 53,123 -iL declared4 -oG - >udp.nmap
        nmap -6 -n -Pn -sU -p 53,123 -iL declared6 -oG - >>udp.nmap
        /usr/bin/python3 - \(all.joined(separator: " ")) >telephones <<'END'
        \(Self.options)
        END
        """)
      #expect(ended.status == 0, "\(ended.text)")
      let nmap = try lines(lab.room + "/udp.nmap")
      for (port, service) in [(53, "dns"), (123, "ntp/udp"), (5060, "sip")] {
        let declared = hosts.filter { $0.list("services").contains(service) }.flatMap { $0.list("addresses") }
          .addresses
        let open = nmap.filter { $0.contains(" \(port)/open/udp") }.map {
          String($0.split(separator: " ")[1])
        }
        .addresses
        if port == 5060 {
          #expect(try lines(lab.room + "/telephones").addresses == declared)
        } else {
          #expect(open == declared && !open.isEmpty, "nmap on \(port)")
        }
        let swept = try SweptTargets("\(lab.room)/udp\(port).csv")
        #expect(swept.targets("open") == declared, "\(port)")
        // The lab's router, not the host, says so of an IPv4 address on which a server of another host would answer.
        let closed = swept.targets("closed")
        let rejected = swept.targets("rejected")
        #expect(closed.union(rejected) == all.addresses.subtracting(declared), "\(port)")
        #expect(rejected.allSatisfy { $0.bytes.count == 4 } && (port == 123 || rejected.isEmpty), "\(port)")
        #expect(swept.repeated.isEmpty)
        if port == 53 { #expect(try lines(lab.room + "/digged").addresses == declared) }
      }
    }

    @Test("JSON lines say the same as CSV")
    func jsonLines() async throws {
      let lab = try await SweepLab.shared.value
      let ended = try await lab.run(
        "v6audit sweep 2001:db8:5000::/58 --probe tcp:\(SweepLab.port) \(SweepLab.common) --all --format jsonl"
      )
      #expect(ended.status == 0, "\(ended.text)")
      let words = ["silent", "rejected", "closed", "open"]
      var found: [Address: String] = [:]
      for line in ended.stdout.split(separator: "\n") {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let target = try #require(Address(object["target"] as? String ?? ""))
        let outcome = try #require(object["outcome"] as? String)
        #expect(found.updateValue(outcome, forKey: target) == nil)
        #expect((object["source"] as? String != nil) == (outcome == "rejected"))
        #expect((object["try"] as? Int == 1) == (outcome != "silent"))
      }
      #expect(
        found
          == Dictionary(
            uniqueKeysWithValues: SweepLab.addresses6(0..<64).addresses.map {
              ($0, words[SweepLab.number($0) & 3])
            }))
    }

    @Test("A route that one target in 65,536 takes, over another interface, is listened on like the others")
    func rareRoute() async throws {
      let lab = try await SweepLab.shared.value
      // The documentation prefix's end: nothing else of the lab is there.
      let ended = try await lab.run(
        """
        set -e
        city="nsenter --net=/run/netns/city"
        ip link add rare type veth peer name rarely address 02:00:00:00:fe:02 netns /run/netns/city
        trap 'ip link del rare' EXIT
        ip -6 addr add 2001:db8:fffe::1/64 dev rare nodad
        $city ip -6 addr add 2001:db8:fffe::2/64 dev rarely nodad
        ip link set rare up
        $city ip link set rarely up
        ip -6 route add 2001:db8:5000:abcf::/64 via 2001:db8:fffe::2 dev rare
        $city ip -6 route replace local 2001:db8:5000:abcf::/64 dev lo
        ip -6 neigh replace 2001:db8:fffe::2 dev rare lladdr 02:00:00:00:fe:02
        v6audit sweep \(SweepLab.prefix6) --allow \(SweepLab.prefix6) --rate unlimited --prefix-rate unlimited \
          --iid ::1 --seed 3 --timeout 0.3 --cooldown 0.4 --output rare.csv
        grep ^2001:db8:5000:abcf: rare.csv
        """)
      #expect(ended.status == 0, "\(ended.text)")
      #expect(ended.stdout.hasPrefix("2001:db8:5000:abcf::1,answered,"), "\(ended.text)")
    }
  }
}
