"""Each fault does what it says, and no more: what it leaves alone is asked as well."""

import os
import unittest

from support import LAB_FOLDER, LabTest

CAPTURE = f"/usr/bin/python3 {LAB_FOLDER}/selftests/capture.py $LAB_INTERFACE"


class PublishedNames(LabTest):
    def test_aaaa_of_each_kind(self):
        faults = [("portal", "no-aaaa"), ("portal-2", "dead-aaaa"), ("files-quan", "second-aaaa-dead"),
                  ("web-xa", "ula-in-aaaa"), ("open-data", "no-aaaa"), ("sensor-xa", "name-nxdomain")]
        lines = self.lines("""
            status AAAA portal.van-phong.example; ask +short AAAA portal.van-phong.example
            ask +short A www.van-phong.example; try 2001:db8:100::80 443
            dead=$(ask +short AAAA portal-2.van-phong.example); echo $dead; try $dead 443; try 2001:db8:100:2::80 443
            ask +short AAAA files.quan-mau.example | sort | while read a; do echo $a; try $a 443; done
            ask +short AAAA www.xa-mau.example | sort
            status AAAA data.quan-mau.example; ask +short AAAA data.quan-mau.example
            status AAAA sensor.xa-mau.example; status A sensor.xa-mau.example; try 3fff:200::5e5 80""", faults)
        self.assertEqual(lines, [
            "NOERROR", "198.18.100.80", "open",
            "2001:db8:100:2:0:dead:0:80", "silent", "open",
            "3fff:100::21", "open", "3fff:100::dead:0:21", "silent",
            "3fff:200::80", "fd00:0:db8::80",
            "NOERROR", "NXDOMAIN", "NXDOMAIN", "open"])

    def test_addresses_that_are_of_no_use(self):
        faults = [("portal", f"{form}-in-aaaa") for form in ("link-local", "6to4", "teredo", "mapped", "nat64")]
        faults.append(("portal-2", "aaaa-servfail-at-one-server"))
        lines = self.lines("""
            ask +short AAAA portal.van-phong.example | sort
            for server in 2001:db8:200::53 2001:db8:200:2::53; do
              dig +norecurse @$server AAAA portal-2.van-phong.example | grep -o "status: [A-Z]*"
            done""", faults)
        self.assertEqual(lines, [
            "2001:0:c000:201:0:63bf:39ed:9baf", "2001:db8:100::80", "2002:c612:6450::1", "64:ff9b::c612:6450",
            "::ffff:198.18.100.80", "fe80::80", "status: NOERROR", "status: SERVFAIL"])


class OwnLink(LabTest):
    INVENTORY = os.path.join(LAB_FOLDER, "..", "EndToEndTests", "Rounds", "evidence", "inventory")
    ON_LINK = [(host, "on-link") for host in ("lan-router", "lan-router-2", "lan-dns", "lan-web", "lan-quiet")]

    def advertised(self, faults):
        """Who advertises which prefixes and resolvers, as tshark reads it, once each."""
        return set(self.lines(f"""
            {CAPTURE} $LAB_STATE/c.pcap sleep 1.5
            tshark -r $LAB_STATE/c.pcap -Y icmpv6.type==134 -T fields -e eth.src -e ipv6.src \
              -e icmpv6.opt.prefix -e icmpv6.opt.rdnss -e icmpv6.checksum.status 2>/dev/null""",
            [*self.ON_LINK, *faults], inventory=self.INVENTORY))

    def test_neighbours_answer_and_others_stay_behind_the_router(self):
        self.assertEqual(self.lines("""
            try 2001:db8:42::80 443; try 2001:db8:43::80 443
            ip -6 route get 2001:db8:42::80 | grep -c via; ip -6 route get 2001:db8:43::80 | grep -c via; true""",
            self.ON_LINK, inventory=self.INVENTORY), ["open", "open", "0", "1"])

    def test_who_advertises_what(self):
        good = "02:00:00:00:42:01\tfe80::ff:fe00:4201\t2001:db8:42::\t2001:db8:42::53,2001:db8:43::53\t1"
        self.assertEqual(self.advertised([("lan-router", "advertises")]), {good})
        self.assertEqual(self.advertised([
            ("lan-router", "advertises-foreign-prefix"), ("lan-router-2", "advertises-foreign-rdnss"),
            ("vantage", "rogue-router")]), {
                "02:00:00:00:42:01\tfe80::ff:fe00:4201\t2001:db8:bad::\t2001:db8:42::53,2001:db8:43::53\t1",
                "02:00:00:00:42:02\tfe80::ff:fe00:4202\t2001:db8:42::\t2001:db8:bad::53\t1",
                "02:00:00:00:0b:ad\tfe80::ff:fe00:bad\t2001:db8:bad::\t2001:db8:bad::53\t1"})


class Resolver(LabTest):
    FAULTS = [("portal", "aaaa-timeout"), ("portal-2", "aaaa-servfail"), ("intranet", "aaaa-refused"),
              ("gateway", "aaaa-malformed"), ("mail", "aaaa-nxdomain")]

    def test_aaaa_misbehaves_and_a_does_not(self):
        lines = self.lines("""
            for name in portal.van-phong portal-2.van-phong intranet.van-phong gateway.van-phong mail.so-cong-nghe; do
              for way in +notcp +tcp; do
                out=$(ask $way AAAA $name.example 2>&1)
                case $out in
                  *malformed*|*"bad packet"*|*"unexpected end"*) echo malformed;;
                  *status:*) echo "$out" | sed -n 's/.*status: \\([A-Z]*\\).*/\\1/p';;
                  *"timed out"*|*"no servers"*) echo timeout;;
                  *) echo "$out";;
                esac
              done
              ask +short A $name.example
              ask +short A $(echo $name.example | tr a-z A-Z)
            done
            ask +short AAAA database.so-cong-nghe.example""", self.FAULTS)
        expected = []
        for outcome, address in (("timeout", "198.18.100.80"), ("SERVFAIL", "198.18.101.80"),
                                 ("REFUSED", "198.18.100.84"), ("malformed", "198.18.100.22"),
                                 ("NXDOMAIN", "198.18.102.25")):
            expected += [outcome, outcome, address, address]
        self.assertEqual(lines, expected + ["2001:db8:200::5432"])

    def test_tshark_calls_the_malformed_answer_malformed(self):
        self.assertEqual(self.lines(f"""
            {CAPTURE} $LAB_STATE/c.pcap dig +time=1 +tries=1 @$r6 AAAA gateway.van-phong.example >/dev/null 2>&1
            tshark -r $LAB_STATE/c.pcap -Y '_ws.malformed && dns.flags.response == 1' 2>/dev/null | wc -l""",
            self.FAULTS), ["1"])


class Ports(LabTest):
    FAULTS = [("portal", "port-closed-ipv6:443"), ("portal-2", "port-dropped-ipv6:443"),
              ("intranet", "port-rejected-ipv6:8443"), ("web-quan", "port-closed-ipv4:80"),
              ("files-quan", "port-dropped-ipv4:22"), ("printer-xa", "port-rejected-ipv4:631"),
              ("video", "port-dropped-ipv6:5060"), ("ns1", "port-rejected-ipv6:53")]

    def test_only_the_planted_port_and_family_is_touched(self):
        self.assertEqual(self.lines("""
            try 2001:db8:100::80 443; try 2001:db8:100::80 80; try 198.18.100.80 443
            try 2001:db8:100:2::80 443; try 2001:db8:100:2::80 80; try 198.18.101.80 443
            try 2001:db8:100::84 8443; try 2001:db8:100::84 443; try 198.18.100.84 8443
            try 198.19.100.80 80; try 198.19.101.80 80; try 3fff:100::80 80
            try 198.19.100.21 22; try 3fff:100::21 22
            try 198.19.200.31 631; try 3fff:200::631 631
            try 2001:db8:200::5060 5060; try 198.18.102.60 5060
            try 2001:db8:200::53 53; try 198.18.102.53 53""", self.FAULTS),
            ["ECONNREFUSED", "open", "open", "silent", "open", "open", "EACCES", "open", "open",
             "ECONNREFUSED", "ECONNREFUSED", "open", "silent", "open", "EHOSTUNREACH", "open",
             "silent", "open", "EACCES", "open"])

    def test_the_wire_shows_rst_silence_and_icmp(self):
        self.assertEqual(self.lines(f"""
            see() {{ {CAPTURE} $LAB_STATE/c.pcap bash -c "timeout 1 bash -c '</dev/tcp/$1/$2'" 2>/dev/null
                    tshark -r $LAB_STATE/c.pcap -T fields -E separator=, "${{@:3}}" 2>/dev/null |
                      sort -u | paste -sd' '; }}
            see 2001:db8:100::80 443 -Y 'tcp.flags.reset == 1' -e ipv6.src -e tcp.flags -e tcp.ack
            see 2001:db8:100:2::80 443 -Y 'ipv6.src == 2001:db8:100:2::80 || icmpv6.type == 1' -e frame.number
            see 2001:db8:100::84 8443 -Y 'icmpv6.type < 128' -e icmpv6.type -e icmpv6.code
            see 198.19.200.31 631 -Y icmp -e icmp.type -e icmp.code""", self.FAULTS),
            ["2001:db8:100::80,0x0014,1", "", "1,1", "3,13"])


class Hosts(LabTest):
    def test_dead_families_echo_loss_and_packet_too_big(self):
        echo = "/usr/bin/python3 " + LAB_FOLDER + "/selftests/echo.py"
        lines = self.lines(f"""
            {echo} 2001:db8:100::22 1; {echo} 198.18.100.22 1
            try 198.18.100.80 443; {echo} 198.18.100.80 1; try 2001:db8:100::80 443
            try 2001:db8:100:2::80 443; {echo} 2001:db8:100:2::80 1; try 198.18.101.80 443
            {echo} 2001:db8:100::84 1; {echo} 198.18.100.84 1; try 2001:db8:100::84 443; try 198.18.100.84 443
            {echo} 3fff:100::80 300; {echo} 3fff:100::21 300""",
            [("portal", "ipv4-dead"), ("portal-2", "ipv6-dead"), ("intranet", "icmp-filtered"),
             ("web-quan", "lossy:30"), ("files-quan", "pmtu-blackhole-ipv6")])
        self.assertEqual(lines[:12], ["1", "1", "silent", "0", "open", "silent", "0", "open", "0", "0", "open", "open"])
        self.assertTrue(150 < int(lines[12]) < 260, lines[12])
        self.assertEqual(lines[13], "300")


class Identities(LabTest):
    def test_certificates_differ_over_ipv6_alone(self):
        lines = self.lines("""
            for name in portal.van-phong portal-2.van-phong intranet.van-phong www.quan-mau www.xa-mau; do
              curl -6 -sS --max-time 5 --cacert $LAB_CA -o /dev/null -w '%{ssl_verify_result}\\n' \\
                https://$name.example/ 2>&1
            done
            for name in portal.van-phong portal-2.van-phong intranet.van-phong www.quan-mau; do
              fetch -4 https://$name.example/
            done
            for a in [2001:db8:100:2::80]:443 198.18.101.80:443 [3fff:100::80]:443 198.19.100.80:443; do
              openssl s_client -connect $a </dev/null 2>/dev/null | openssl x509 -noout -pubkey | sha256sum
            done | uniq | wc -l
            openssl s_client -connect [2001:db8:100::80]:443 </dev/null 2>/dev/null |
              openssl x509 -noout -ext subjectAltName | tail -1""",
            [("portal", "wrong-certificate-ipv6"), ("portal-2", "self-signed-ipv6"),
             ("intranet", "expired-certificate-ipv6"), ("web-quan", "different-key-ipv6")])
        text = "\n".join(lines)
        self.assertIn("no alternative certificate subject name matches", lines[0])
        self.assertIn("self-signed certificate", text)
        self.assertIn("certificate has expired", text)
        self.assertEqual(lines[-8:-2], ["0", "0"] + ["200"] * 4)
        self.assertEqual(lines[-2].strip(), "4")
        self.assertEqual(lines[-1].strip(), "DNS:another-host.example")

    def test_ssh_key_differs(self):
        self.assertEqual(self.lines("""
            for a in 2001:db8:100::22 198.18.100.22; do ssh-keyscan -T 3 $a 2>/dev/null; done |
              awk '{print $3}' | uniq | wc -l
            for a in 2001:db8:200::25 198.18.102.25; do ssh-keyscan -T 3 $a 2>/dev/null; done |
              awk '{print $3}' | uniq | wc -l""", [("gateway", "ssh-key-differs-ipv6")]), ["2", "1"])

    def test_hostile_banners_before_real_conversations(self):
        lines = self.lines("""
            nc -w 1 2001:db8:200::25 25 </dev/null | head -1 | cat -v
            nc -w 1 2001:db8:200::25 22 </dev/null | head -2 | cat -v
            ssh-keyscan -T 3 2001:db8:200::25 2>/dev/null | grep -c ssh-ed25519
            nc -w 1 2001:db8:100::22 22 </dev/null | head -1 | cat -v""", [("mail", "banner-hostile")])
        self.assertTrue(lines[0].startswith("220 mail.so-cong-nghe.example =cmd|' /C"[:30] ), lines)
        self.assertIn("^[]0;owned^G^[[31m", lines[0])
        self.assertTrue(lines[1].startswith("=cmd|'/C calc'!A0 ^["), lines)
        self.assertTrue(lines[2].startswith("SSH-2.0-=cmd|'/C'!"), lines)
        self.assertEqual(lines[3], "1")
        self.assertTrue(lines[4].startswith("SSH-2.0-dropbear_"), lines)

    def test_content_and_stalled_web(self):
        self.assertEqual(self.lines("""
            for family in 4 6; do curl -$family -sS http://sensor.xa-mau.example/ | sha256sum; done | uniq | wc -l
            for url in https://intranet.van-phong.example/ https://intranet.van-phong.example:8443/; do
              curl -6 -s --max-time 1 -o /dev/null -w '%{http_code} %{time_connect}\\n' $url |
                sed 's/ 0.0.*/ connected/'
              fetch -4 $url
            done
            printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 1 3fff:100::d 80 | wc -c""",
            [("sensor-xa", "different-content-ipv6"), ("intranet", "http-stalled-ipv6"),
             ("open-data", "http-stalled-ipv6")]),
            ["2", "000 connected", "200", "000 connected", "200", "0"])


class Vantage(LabTest):
    def test_without_ipv6(self):
        self.assertEqual(self.lines("""
            echo $LAB_RESOLVER; ip -6 addr show dev $LAB_INTERFACE | wc -l; ip -6 route show default | wc -l
            try 2001:db8:100::80 443; try 198.18.100.80 443
            dig +short @$r4 AAAA portal.van-phong.example""", [("vantage", "no-ipv6")]),
            ["198.19.255.53:53", "0", "0", "ENETUNREACH", "open", "2001:db8:100::80"])

    def test_without_ipv4(self):
        self.assertEqual(self.lines("try 198.18.100.80 443; try 2001:db8:100::80 443; ip -4 route | wc -l",
                                    [("vantage", "no-ipv4")]), ["ENETUNREACH", "open", "0"])

    def test_ipv6_black_hole(self):
        self.assertEqual(self.lines("""
            ip -6 route | grep -c default; c=${LAB_CONTROL%]:*}; try ${c#[} ${LAB_CONTROL##*:}
            ip -6 neigh show dev $LAB_INTERFACE | grep -c lladdr; try 2001:db8:100::80 443
            try 198.18.100.80 443; dig +short @${LAB_RESOLVER%:*} A portal.van-phong.example""",
            [("vantage", "ipv6-blackhole")]), ["1", "silent", "1", "silent", "open", "198.18.100.80"])

    def test_lossy_wire(self):
        (answers,) = self.lines(f"/usr/bin/python3 {LAB_FOLDER}/selftests/echo.py 2001:db8:100::80 300",
                                [("vantage", "lossy:50")])
        self.assertTrue(90 < int(answers) < 210, answers)


if __name__ == "__main__":
    unittest.main()
