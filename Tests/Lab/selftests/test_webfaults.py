"""The faults of web servers and of their neighbours, asked by curl, ssh-keyscan, openssl and dig-like sockets."""

import unittest

from support import LabTest

PORTAL, QUAN, XA = "portal.van-phong.example", "www.quan-mau.example", "www.xa-mau.example"


class Pages(LabTest):
    def test_pages_that_change_or_only_seem_to(self):
        lines = self.lines(f"""
            size() {{ curl -s --max-time 5 --cacert $LAB_CA "$@" | wc -c; }}
            sum() {{ curl -s --max-time 5 --cacert $LAB_CA "$@" | sha256sum; }}
            test $(size -6 https://{PORTAL}/) = $(size -4 https://{PORTAL}/) && echo same length
            test "$(sum -6 https://{PORTAL}/)" = "$(sum -4 https://{PORTAL}/)" || echo other bytes
            test "$(sum -4 http://{QUAN}/)" = "$(sum -4 http://{QUAN}/)" || echo new every time
            test $(size -6 http://{QUAN}/) -gt $(size -4 http://{QUAN}/) && echo longer
            curl -s -6 https://files.quan-mau.example/ --cacert $LAB_CA | grep -c 'img src="https://{PORTAL}/'
            curl -s -6 https://{XA}/ --cacert $LAB_CA | grep -c 'href="https://{PORTAL}/'""",
                           [("portal", "same-length-content-ipv6"), ("web-quan", "volatile-page"),
                            ("web-quan", "volatile-page-longer-ipv6"), ("files-quan", "resources-from:portal"),
                            ("web-xa", "links-to:portal")])
        self.assertEqual(lines, ["same length", "other bytes", "new every time", "longer", "10", "60"])

    def test_redirects_statuses_and_versions(self):
        lines = self.lines(f"""
            lead() {{ curl -s -o /dev/null --max-time 5 --cacert $LAB_CA -w '%{{http_code}} %{{redirect_url}}\\n' "$@"; }}
            lead -6 http://{PORTAL}/; lead -6 https://{PORTAL}/
            lead -4 http://data.quan-mau.example/ || echo curl $?; lead -6 http://data.quan-mau.example/
            lead -6 https://intranet.van-phong.example/; lead -4 https://intranet.van-phong.example/
            lead -6 https://files.quan-mau.example/; lead -4 https://files.quan-mau.example/
            lead -6 https://{XA}/ -w '%{{http_version}}\\n'; lead -6 --http1.1 https://{XA}/ || echo hung up
            lead -6 https://mail.so-cong-nghe.example/ -w '%{{http_version}}\\n'
            lead -6 --http1.1 https://mail.so-cong-nghe.example/ -w '%{{http_version}}\\n'""",
                           [("portal", "redirect-to-https"), ("open-data", "redirect-to:portal"),
                            ("intranet", "redirect-loop-ipv6"), ("files-quan", "status-ipv6:404"),
                            ("files-quan", "status-ipv4:503"), ("web-xa", "http2-only"), ("mail", "http2")])
        self.assertEqual(lines, [
            f"301 https://{PORTAL}/", "200 ", "000 ", "curl 6", f"302 https://{PORTAL}/",
            "302 https://intranet.van-phong.example/", "200 ", "404 ", "503 ",
            "2", "000 ", "hung up", "2", "1.1"])


class Hostile(LabTest):
    def test_each_kind(self):
        kinds = [("portal", "http-endless-head-ipv6"), ("portal-2", "http-slow-head-ipv6"),
                 ("web-quan", "http-slow-body-ipv6"), ("open-data", "http-endless-body-ipv6"),
                 ("sensor-xa", "http-bomb-ipv6"), ("printer-xa", "http-garbage-ipv6"), ("web-xa", "tls-endless-ipv6")]
        lines = self.lines(f"""
            get() {{ curl -s -6 -g --max-time 1 -o $LAB_STATE/body -w '%{{http_code}} ' "$@"; echo $?; }}
            get http://{PORTAL}/; get http://portal-2.van-phong.example/; get http://{QUAN}/
            get http://data.quan-mau.example/; test $(wc -c <$LAB_STATE/body) -gt 500000 && echo long
            get http://sensor.xa-mau.example/; gunzip <$LAB_STATE/body | wc -c
            get --http0.9 'http://[3fff:200::631]:631/'; get -k https://{XA}/
            fetch -4 https://{PORTAL}/; fetch -4 http://{QUAN}/""", kinds)
        self.assertEqual(lines[1:], ["200 28", "200 28", "200 28", "long", "200 0", "50000000", "000 0", "000 28",
                                     "200", "200"])
        # Where curl's patience with the endless head ends is its own affair: by bytes or by time.
        self.assertTrue(lines[0] in ("200 28", "200 56", "200 27", "000 28", "000 56", "000 27"), lines[0])


class Neighbours(LabTest):
    def test_second_key_starttls_and_silent_udp(self):
        lines = self.lines("""
            scan() { ssh-keyscan $1 -t $2 gateway.van-phong.example 2>/dev/null | cut -d ' ' -f 3; }
            test "$(scan -6 ed25519)" = "$(scan -4 ed25519)" && echo same
            test "$(scan -6 ecdsa)" = "$(scan -4 ecdsa)" || echo other
            subject() { openssl s_client -starttls smtp -connect "$1" </dev/null 2>/dev/null |
                        openssl x509 -noout -subject | sed 's/.*CN *= *//'; }
            subject '[2001:db8:200::25]:25'; subject 198.18.102.25:25
            try 2001:db8:200::5060 5060
            echo x >$LAB_STATE/x; timeout 2 nc -6 -u -w 1 2001:db8:200::5060 5060 <$LAB_STATE/x | wc -c""",
                           [("gateway", "ssh-second-key-differs-ipv6"), ("mail", "starttls-wrong-certificate-ipv6"),
                            ("video", "udp-dropped-ipv6:5060")])
        self.assertEqual(lines, ["same", "other", "another-host.example", "mail.so-cong-nghe.example", "open", "0"])


if __name__ == "__main__":
    unittest.main()
