"""What happens on the way to a host, and the ports that nobody declared."""

import unittest

from support import LAB_FOLDER, LabTest

PROBE = """probe() { /usr/bin/python3 - "$@" <<'PY'
import socket, struct, sys, time
kind, target = sys.argv[1:3]
six = ":" in target
raw = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 58 if six else 1)
raw.settimeout(2)
size = int(sys.argv[3]) if kind == "echo" else 8
if kind == "hop":
    raw.setsockopt(socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP,
                   socket.IPV6_UNICAST_HOPS if six else socket.IP_TTL, int(sys.argv[3]))
message = struct.pack(">BBHHH", 128 if six else 8, 0, 0, 7, 7) + bytes(size)
if not six:
    total = sum(struct.unpack(f">{len(message) // 2}H", message))
    message = message[:2] + struct.pack(">H", 0xffff - (total % 0xffff)) + message[4:]
began = time.monotonic()
raw.sendto(message, (target, 0))
try:
    while True:
        data, sender = raw.recvfrom(2048)
        code = data[0] if six else data[20]
        if code in (129, 3, 0, 11):
            break
    name = {129: "reply", 0: "reply", 3: "expired", 11: "expired"}[code]
    print(name, sender[0] if name == "expired" else "slow" if time.monotonic() - began > 0.15 else "fast")
except TimeoutError:
    print("silent")
PY
}
"""


class Ways(LabTest):
    def test_ports_that_nobody_declared(self):
        self.assertEqual(self.lines("""
            try 2001:db8:100::80 8080; try 198.18.100.80 8080; try 2001:db8:100::84 22; try 198.18.100.84 22
            try 2001:db8:100::22 23; try 198.18.100.22 23; try 2001:db8:100::22 22
            echo x | timeout 9 nc -u -w1 2001:db8:200::25 161""",
            [("portal", "extra-port-ipv6:8080"), ("intranet", "extra-port-filtered-ipv4:22"),
             ("gateway", "extra-port:23"), ("mail", "extra-udp:161")]),
            ["open", "ECONNREFUSED", "open", "silent", "open", "open", "open", "x"])

    def test_routers_and_delays(self):
        self.assertEqual(self.lines(PROBE + """
            for limit in 1 2 3 4; do probe hop 2001:db8:100::80 $limit; done
            probe hop 198.18.100.80 2; probe hop 2001:db8:100::84 2; probe hop 2001:db8:100::84 9
            probe echo 2001:db8:100::22 8; probe echo 2001:db8:200::25 8; probe echo 2001:db8:200::25 1400
            probe echo 2001:db8:200::123 8; probe echo 3fff:100::9:9 8""",
            [("portal", "hop-outside-ipv6"), ("intranet", "hops-silent"), ("gateway", "slow-ipv6:200"),
             ("mail", "large-echo-dropped"), ("files-quan", "aliased")]),
            ["expired 2001:db8:100:ffff:ffff:ffff:ffff:fffe", "expired 2001:db8:eeee::1",
             "expired 2001:db8:100:ffff:ffff:ffff:ffff:fffc", "reply fast", "expired 198.18.100.253", "silent",
             "reply fast", "reply slow", "reply fast", "silent", "reply fast", "reply fast"])

    def test_large_packets_and_short_pages(self):
        self.assertEqual(self.lines("""
            curl -6 -s -m 2 http://[2001:db8:100::80]/ -o /dev/null; echo $?
            curl -4 -s -m 2 http://198.18.100.80/ -o /dev/null; echo $?
            curl -6 -s -m 2 http://[3fff:200::5e5]/ | wc -c""",
            [("portal", "large-lost-ipv6"), ("sensor-xa", "page-short")]), ["28", "0", "33"])


if __name__ == "__main__":
    unittest.main()
