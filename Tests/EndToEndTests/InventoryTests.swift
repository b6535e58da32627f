import Foundation
import Testing

extension EndToEnd {
  @Suite("The declared inventory, and what is really there")
  struct InventoryTests {
    @Test("What is imported comes out again, byte for byte, and the same import again changes nothing")
    func roundTrip() async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        """
        rm -rf trip; mkdir trip; cd trip
        set -e
        v6audit inventory import '\(Room.city)' --db a.db --by lan
        v6audit inventory export --db a.db --output out
        v6audit inventory check out
        v6audit inventory import out --db b.db
        v6audit inventory export --db b.db --output again
        diff -r out again
        v6audit inventory import '\(Room.city)' --db a.db
        v6audit inventory log --db a.db
        """)
      #expect(ended.status == 0, "\(ended.text)")
      #expect(ended.stdout.contains("no problem found"), "\(ended.text)")
      #expect(ended.stderr.contains("nothing to change"), "\(ended.text)")
      let revisions = ended.stdout.split(separator: "\n").filter { $0.contains("  lan  ") }
      #expect(revisions.count == 1, "\(ended.text)")
      // An inventory that is written as it is read has not lost anything: the program's own reader says it is the same.
      let same = try await lab.run(
        """
        cd trip; for file in '\(Room.city)'/*.csv; do name=$(basename $file)
          case $name in lab-*) continue;; esac
          echo "$name $(($(grep -vc '^$' $file))) $(($(grep -vc '^$' out/$name)))"; done
        """)
      for line in same.stdout.split(separator: "\n") {
        let words = line.split(separator: " ")
        #expect(words.count == 3 && words[1] == words[2], "\(line)")
      }
    }

    @Test("A spreadsheet that has a fault is refused as a whole, with its place; a trial changes nothing")
    func refused() async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        """
        rm -rf refused; mkdir refused; cd refused
        printf 'Mã;Cơ quan;Địa chỉ\\nmay-1;so-cong-nghe;2001:db8::1\\nmail;so-cong-nghe;2001:db8::zz\\n' >may.csv
        v6audit inventory import '\(Room.small)' --db a.db
        v6audit inventory log --db a.db >before
        v6audit inventory import may.csv --format table --column Mã=host --column 'Cơ quan=agency' \\
          --column 'Địa chỉ=addresses' --db a.db; echo "status $?"
        sed -i s/zz/25/ may.csv
        v6audit inventory import may.csv --format table --column Mã=host --column 'Cơ quan=agency' \\
          --column 'Địa chỉ=addresses' --db a.db --dry-run; echo "status $?"
        v6audit inventory log --db a.db | diff before - && echo unchanged
        """)
      #expect(ended.stdout.contains("status 2"), "\(ended.text)")
      #expect(ended.stderr.contains("may.csv:3:19"), "\(ended.text)")
      // What the sheet has no columns for stays.
      #expect(
        ended.stdout.contains("~ hosts mail: addresses 198.18.102.25 2001:db8:200::25 → 2001:db8::25\n"),
        "\(ended.text)")
      #expect(
        ended.stdout.contains("+ hosts may-1: agency so-cong-nghe; addresses 2001:db8::1"), "\(ended.text)")
      #expect(ended.stdout.contains("unchanged"), "\(ended.text)")
    }

    /// nsd has the zone; a program of its own knows what is in it.
    private static let zone = """
      import random
      random.seed(8020)
      with open("zone", "w") as zone, open("truth", "w") as truth:
          zone.write("$ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.\\n@ 60 SOA ns.example. admin.example. 1 60 60 60 60\\n@ 60 NS ns.example.\\n")
          for number in range(10000):
              site, place = divmod(number, 200)
              digits = f"{0x20010db8 << 96 | site << 80 | place + 1:032x}"
              zone.write(".".join(reversed(digits)) + f".ip6.arpa. 60 PTR may-{number}.example.\\n")
              address = ":".join(digits[i:i + 4] for i in range(0, 32, 4))
              truth.write(f"{address} may-{number}.example\\n")
      """

    @Test(
      "A reverse zone of 10,000 names is walked by fewer than 30,000 questions, and given as a whole where that is allowed"
    )
    func reverseZone() async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        """
        rm -rf reverse; mkdir reverse; cd reverse
        python3 - <<'PROGRAM'
        \(Self.zone)
        PROGRAM
        cat >nsd.conf <<'CONF'
        server:
          ip-address: ::1@5300
          username: ""
          chroot: ""
          database: ""
          zonesdir: "."
          pidfile: "nsd.pid"
          xfrdfile: "xfrd.state"
          zonelistfile: "zone.list"
          logfile: "nsd.log"
        remote-control:
          control-enable: no
        zone:
          name: 8.b.d.0.1.0.0.2.ip6.arpa
          zonefile: zone
          provide-xfr: ::1 NOKEY
        CONF
        nsd -d -c nsd.conf & nsd=$!
        trap 'kill $nsd' EXIT
        for try in $(seq 100); do dig +time=1 +tries=1 @::1 -p 5300 8.b.d.0.1.0.0.2.ip6.arpa SOA | grep -q NOERROR && break; sleep 0.1; done
        v6audit discover --reverse-zone 2001:db8::/32 --resolver '[::1]:5300' --rate 100000 --db d.db --format csv >walk.csv
        echo "walk $?"
        v6audit discover --transfer 8.b.d.0.1.0.0.2.ip6.arpa --resolver '[::1]:5300' --format csv >transfer.csv
        echo "transfer $?"
        v6audit discover --transfer example --resolver '[::1]:5300'; echo "declined $?"
        python3 - <<'PROGRAM'
        import csv, ipaddress
        truth = {ipaddress.ip_address(a): n for a, n in (line.split() for line in open("truth"))}
        for name in ("walk.csv", "transfer.csv"):
            found = {ipaddress.ip_address(r["addresses"]): r["names"] for r in csv.DictReader(open(name))}
            print(name, "same" if found == truth else f"{len(found)} of {len(truth)}")
        PROGRAM
        """)
      for word in ["walk 0", "transfer 0", "declined 3", "walk.csv same", "transfer.csv same"] {
        #expect(ended.stdout.contains(word), "\(ended.text)")
      }
      let questions = ended.stderr.firstMatch(of: /10000 addresses with names, (\d+) questions/)
      let count = try #require(questions.flatMap { Int($0.1) }, "\(ended.text)")
      #expect(count < 30_000)
      #expect(ended.stderr.contains("does not give the zone"), "\(ended.text)")
    }

    @Test("What was seen is put beside what is declared, and a person takes it over")
    func accept() async throws {
      let lab = try await Round.first.value.lab
      let ended = try await lab.run(
        """
        rm -rf accept; mkdir -p accept/in; cd accept
        printf 'agency,name\\nxa-mau,Xã Mẫu\\n' >in/agencies.csv
        printf 'host,agency,addresses\\nweb,xa-mau,2001:db8::1\\nold,xa-mau,2001:db8::9\\n' >in/hosts.csv
        printf 'prefix,agency\\n2001:db8::/48,xa-mau\\n' >in/prefixes.csv
        v6audit inventory import in --db a.db
        v6audit inventory diff --db a.db; echo "nothing $?"
        python3 - <<'PROGRAM'
        import sqlite3, time
        now = int(time.time() * 1e6)
        db = sqlite3.connect("a.db")
        for address, kind, value in [("2001:db8::1", "present", ""), ("2001:db8::5", "pointer", "may-in.xa-mau.example"),
                                     ("2001:db8::5", "service", "tcp/443"), ("2001:db8:ffff::7", "present", "")]:
            db.execute("INSERT INTO observed VALUES (?, ?, ?, 'test', ?, ?)", (address, kind, value, now, now))
        db.commit()
        PROGRAM
        v6audit inventory diff --db a.db --format csv; echo "diff $?"
        v6audit inventory accept old --db a.db; echo "old $?"
        v6audit inventory accept --all --db a.db; echo "whose $?"
        v6audit inventory accept may-in.xa-mau.example --db a.db --by lan; echo "accept $?"
        v6audit inventory log may-in.xa-mau.example --db a.db
        v6audit inventory diff --db a.db --format csv --only undeclared; echo "then $?"
        """)
      for word in [
        "nothing 3", "diff 1", "never-seen,old,", "undeclared,may-in.xa-mau.example,,2001:db8::5,",
        "unregistered,2001:db8:ffff::/64,,1 address,", "old 2", "whose 2", "accept 0",
        "  lan  what was observed",
        "+ hosts may-in.xa-mau.example: agency xa-mau; names may-in.xa-mau.example; addresses 2001:db8::5; services https",
      ] {
        #expect(ended.stdout.contains(word), "\(word): \(ended.text)")
      }
      #expect(
        !(ended.stdout.split(separator: "diff 1").last ?? "").contains("undeclared,may-in"), "\(ended.text)")
    }
  }
}
