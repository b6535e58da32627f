"""The delegation tree leads from the root to every zone, and name servers misbehave as planted."""

import unittest

from support import LabTest

WALK = """
    root=${LAB_ROOT%%]*}; root=${root#[}
    at() { dig +norecurse +time=1 +tries=1 @"$@"; }
    flags() { at "$@" +noall +comments | sed -n 's/.*;; flags: \\([a-z ]*\\);.*/\\1/p'; }
    status() { at "$@" +noall +comments | sed -n 's/.*status: \\([A-Z]*\\).*/\\1/p'; }
"""


class Tree(LabTest):
    def test_dig_traces_a_name_from_the_root(self):
        self.assertEqual(self.lines(WALK + """
            at $root NS example | awk '$4 == "NS" {print $5}'
            parent=$(at $root NS example +noall +additional | awk '$4 == "AAAA" {print $5}')
            at $parent www.quan-mau.example AAAA +noall +authority | awk '{print $5}' | sort
            flags $parent www.quan-mau.example AAAA; flags 2001:db8:200::53 www.quan-mau.example AAAA
            at $parent -x 3fff:100::80 +noall +authority | awk '{print $4, $5}' | sort"""),
            ["parent.lab-nic.", "ns1.so-cong-nghe.example.", "ns2.so-cong-nghe.example.", "qr", "qr aa",
             "NS ns1.so-cong-nghe.example.", "NS ns2.so-cong-nghe.example."])

    def test_servers_misbehave_for_planted_names_and_zones_alone(self):
        faults = [("portal", "authority-aaaa-servfail"), ("portal-2", "authority-aaaa-nxdomain"),
                  ("intranet", "authority-truncated"), ("gateway", "aaaa-missing-at-one-server"),
                  ("ns2", "ns-lame"), ("files-quan", "no-ptr"), ("sensor-xa", "ptr-to-nowhere"),
                  ("web-quan", "null-mx")]
        self.assertEqual(self.lines(WALK + """
            a=2001:db8:200::53; b=2001:db8:200:2::53
            status $a portal.van-phong.example AAAA; status $a portal.van-phong.example A
            status $b portal-2.van-phong.example AAAA
            flags $a +notcp +ignore intranet.van-phong.example AAAA
            at $a intranet.van-phong.example AAAA +short
            at $a gateway.van-phong.example AAAA +short; at $b gateway.van-phong.example AAAA +short | wc -l
            flags $b van-phong.example SOA; flags $b +tcp van-phong.example SOA; flags $a van-phong.example SOA
            at $a -x 3fff:100::21 +short | wc -l; at $a -x 3fff:200::5e5 +short
            at $a quan-mau.example MX +short""", faults),
            ["SERVFAIL", "NOERROR", "NXDOMAIN", "qr aa tc", "2001:db8:100::84", "2001:db8:100::22", "0",
             "qr", "qr", "qr aa", "0", "gone.sensor.xa-mau.example.", "0 ."])

    def test_dns64_makes_addresses_up_where_there_are_none(self):
        self.assertEqual(self.lines("""
            ask +short AAAA portal.van-phong.example; ask +short AAAA portal-2.van-phong.example
            ask +short AAAA ipv4only.arpa | sort""", [("vantage", "dns64"), ("portal", "no-aaaa")]),
            ["2001:db8:ffff:64::c612:6450", "2001:db8:100:2::80",
             "2001:db8:ffff:64::c000:aa", "2001:db8:ffff:64::c000:ab"])


if __name__ == "__main__":
    unittest.main()
