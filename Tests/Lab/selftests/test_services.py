"""Every kind of service answers, on both families, as itself."""

import unittest

from support import LabTest


class Names(LabTest):
    def test_every_name_has_all_addresses_and_maps_back(self):
        self.assertEqual(self.lines("""
            ask +short AAAA www.quan-mau.example | sort; ask +short A www.quan-mau.example | sort
            ask +short +tcp -x 3fff:100::80; ask +short -x 198.19.101.80
            dig +short @$r4 AAAA www.quan-mau.example | wc -l"""),
            ["3fff:100:1::80", "3fff:100::80", "198.19.100.80", "198.19.101.80",
             "www.quan-mau.example.", "www.quan-mau.example.", "2"])

    def test_absent_type_and_absent_name_are_told_apart(self):
        self.assertEqual(self.lines("""
            status A data.quan-mau.example; ask +short A data.quan-mau.example
            status A no.quan-mau.example; status A elsewhere.test"""),
            ["NOERROR", "NXDOMAIN", "NXDOMAIN"])

    def test_declared_name_servers_are_authoritative(self):
        self.assertEqual(self.lines("""
            ask +short NS xa-mau.example | sort
            for server in 2001:db8:200::53 2001:db8:200:2::53 198.18.102.53; do
              for way in +notcp +tcp; do
                dig $way +norecurse +time=1 @$server SOA xa-mau.example | sed -n 's/.*;; flags: \\([a-z ]*\\);.*/\\1/p'
              done
            done"""),
            ["ns1.so-cong-nghe.example.", "ns2.so-cong-nghe.example."] + ["qr aa"] * 6)

    def test_libc_resolves_through_the_lab(self):
        self.assertEqual(self.lines("getent ahostsv6 portal.van-phong.example | awk '{print $1; exit}'"),
                         ["2001:db8:100::80"])

    def test_mail_exchangers(self):
        self.assertEqual(self.lines("ask +short MX so-cong-nghe.example"), ["10 mail.so-cong-nghe.example."])


class Web(LabTest):
    def test_each_name_has_its_certificate_and_page_on_both_families(self):
        lines = self.lines("""
            for url in https://portal.van-phong.example/ https://www.van-phong.example/ http://www.van-phong.example/ \\
                       https://intranet.van-phong.example:8443/ https://www.quan-mau.example/ \\
                       http://sensor.xa-mau.example/; do
              for family in 4 6; do curl -$family -sS --cacert $LAB_CA $url | sha256sum; done | uniq -c
            done
            curl -sS --cacert $LAB_CA 'https://[3fff:200::631]/' | grep -c 'máy chủ printer-xa' 
            curl -sS --cacert $LAB_CA 'https://198.19.200.31/' | wc -c
            curl -sS 'http://[3fff:200::631]:631/assets/style.css' | grep -c header""")
        pages = [line.split() for line in lines[:6]]
        self.assertEqual([count for count, *_ in pages], ["2"] * 6)
        self.assertEqual(len({digest for _, digest, _ in pages}), 4)
        self.assertEqual([lines[6], lines[8]], ["1", "1"])
        self.assertGreater(int(lines[7]), 2048)

    def test_openssl_accepts_the_chain_strictly(self):
        self.assertEqual(self.lines("""
            for address in [2001:db8:100::80]:443 198.18.100.80:443; do
              openssl s_client -connect $address -servername portal.van-phong.example -x509_strict \\
                -verify_hostname portal.van-phong.example -CAfile $LAB_CA </dev/null 2>/dev/null |
                grep '^Verify return'
            done"""), ["Verify return code: 0 (ok)"] * 2)


class OtherServices(LabTest):
    def test_ssh_shows_one_key_on_both_families(self):
        lines = self.lines("""
            for a in 2001:db8:100::22 198.18.100.22 3fff:100::21; do ssh-keyscan -T 3 $a 2>/dev/null; done |
              awk '{print $2, $3}'""")
        self.assertEqual(len(lines), 3)
        self.assertEqual(lines[0], lines[1])
        self.assertNotEqual(lines[0], lines[2])
        self.assertTrue(lines[0].startswith("ssh-ed25519 "))

    def test_ssh_exchanges_keys_and_refuses_to_log_in(self):
        done = self.lab("ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
                        "x@2001:db8:100::22 true")
        self.assertEqual(done.returncode, 255)
        self.assertIn("Permission denied (publickey)", done.stderr)

    def test_smtp_greets_and_speaks_tls(self):
        lines = self.lines("""
            for a in 2001:db8:200::25 198.18.102.25; do printf 'EHLO x\\r\\nQUIT\\r\\n' | nc -w 3 $a 25; done |
              grep -E '^(220|221|250 )'
            openssl s_client -starttls smtp -connect [2001:db8:200::25]:25 -verify_hostname mail.so-cong-nghe.example \\
              -CAfile $LAB_CA </dev/null 2>/dev/null | grep '^Verify return'""")
        self.assertTrue(lines[0].startswith("220 mail.so-cong-nghe.example "), lines)
        self.assertEqual([line[:3] for line in lines[:6]], ["220", "250", "221"] * 2)
        self.assertEqual(lines[6], "Verify return code: 0 (ok)")

    def test_ntp_answers_a_real_client_from_the_address_asked(self):
        self.assertEqual(self.lines("""
            for a in 2001:db8:200::123 198.18.102.123; do
              timeout 10 chronyd -Q -x -u root -f /dev/null -t 5 "server $a iburst maxsamples 1" 2>&1 |
                grep -c 'System clock wrong by'
            done"""), ["1", "1"])

    def test_sip_answers_options_over_udp_and_tcp(self):
        lines = self.lines("""
            options() {
              printf '%s\\r\\n' 'OPTIONS sip:a SIP/2.0' "Via: SIP/2.0/$1 x.invalid;branch=z9hG4bK1;rport" \\
                'From: <sip:a@x>;tag=1' 'To: <sip:a@y>' 'Call-ID: 1' 'CSeq: 1 OPTIONS' 'Max-Forwards: 1' \\
                'Content-Length: 0' ''
            }
            for a in 2001:db8:200::5060 198.18.102.60; do
              options UDP | nc -u -w 1 $a 5060 | head -1 | tr -d '\\r'
              options TCP | nc -w 1 $a 5060 | head -1 | tr -d '\\r'
            done""")
        self.assertEqual(lines, ["SIP/2.0 200 OK"] * 4)

    def test_bare_ports(self):
        self.assertEqual(self.lines("""
            try 2001:db8:200::5432 5432; try 198.18.102.54 5432; try 3fff:200::5e5 9000
            echo hello | nc -u -w 1 2001:db8:200::5432 161"""), ["open", "open", "open", "hello"])


class Edges(LabTest):
    def test_what_is_not_declared_is_closed_or_silent(self):
        self.assertEqual(self.lines("""
            try 2001:db8:100::80 22; try 198.18.100.80 8443     # ports of other hosts
            try 2001:db8:100::81 443; try 198.18.100.81 443     # addresses of nobody
            try 3fff:fff::1 443; try 192.0.2.1 443"""),
            ["ECONNREFUSED"] * 2 + ["silent"] * 4)

    def test_undeclared_ntp_port_is_closed(self):
        # chronyd listens on every address; the filter must hide that.
        self.assertEqual(self.lines("""
            for a in 2001:db8:100::80 198.18.100.80; do
              nc -vu -w 1 -z $a 123 2>/dev/null >&2 && echo open || echo closed; done; 
              nc -vu -w 1 -z 2001:db8:200::123 123 2>/dev/null >&2 && echo open"""),
            ["closed", "closed", "open"])

    def test_control_answers_and_dark_does_not(self):
        self.assertEqual(self.lines("""
            c=${LAB_CONTROL%]:*}; try ${c#[} ${LAB_CONTROL##*:}; try $LAB_DARK 443; fetch https://$LAB_CONTROL/
            ip -o link show $LAB_INTERFACE | grep -c UP; test -d $LAB_STATE/logs && echo logs"""),
            ["open", "silent", "200", "1", "logs"])


if __name__ == "__main__":
    unittest.main()
