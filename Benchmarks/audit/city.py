"""A city of many hosts, each with a name, both families, http and https, answered by nginx and nsd for all of them.

The network is the one of the sweeps: AnyIP in a namespace of its own. One server stands for all hosts, and one
certificate holds for all names, since what is measured is the audit and not the making of ten thousand keys.
"""

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import time

from addresses import CITY_4, CITY_6
from errors import BenchError
from lab import CITY_LINK, IN_CITY, VANTAGE_LINK, run

LABLIB = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "Tests", "Lab")

ZONE = "many.example"
HOSTS_IN_A_SITE = 200
"""As many hosts share a /48."""

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin minh họa</title></head>
<body><h1>Cổng thông tin minh họa</h1>
{}</body></html>
""".format("".join(f"<p>Đoạn văn minh họa số {n}: trang này đủ lớn để không vừa trong một gói tin.</p>\n"
                   for n in range(40)))


def name(number):
    return f"h{number:05}.{ZONE}"


def address6(number):
    site, place = divmod(number, HOSTS_IN_A_SITE)
    return f"2001:db8:{site:x}::{place + 1:x}"


def address4(number):
    return str(ipaddress.IPv4Address("198.18.0.0") + 1 + number)


class City:
    """Writes an inventory of `count` hosts, their zones and certificate, and runs the servers."""

    def __init__(self, count, folder):
        self.count, self.folder = count, folder
        os.makedirs(folder)
        self.inventory, self.ca = self._path("inventory"), self._path("ca.pem")
        self.resolver, self.root = f"[{CITY_6}]:53", f"[{CITY_6}]:53"
        for prefix, link in (([], VANTAGE_LINK), (IN_CITY, CITY_LINK)):
            _switch_offloads_off(prefix, link)
        self._write_inventory()
        self._make_certificate()
        self.servers = [self._start_names(), self._start_web()]
        self._wait()

    def close(self):
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            server.wait()
        shutil.rmtree(self.folder)

    def _path(self, *parts):
        return os.path.join(self.folder, *parts)

    def _write(self, text, *parts):
        path = self._path(*parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def _write_inventory(self):
        agencies = range((self.count + HOSTS_IN_A_SITE - 1) // HOSTS_IN_A_SITE)
        self._write("agency,name\n" + "".join(f"a{n:04},Cơ quan minh họa {n}\n" for n in agencies),
                    "inventory", "agencies.csv")
        self._write("host,agency,names,addresses,services\n" + "".join(
            f"h{n:05},a{n // HOSTS_IN_A_SITE:04},{name(n)},{address6(n)} {address4(n)},http https\n"
            for n in range(self.count)), "inventory", "hosts.csv")
        self._write(f"zone,agency\n{ZONE},a0000\n", "inventory", "zones.csv")
        # The name servers are no hosts of the inventory, and documentation space is nobody's unless it is allowed.
        self._write("prefix,agency,rule\n2001:db8::/32,,allow\n198.18.0.0/15,,allow\n192.0.2.0/24,,allow\n",
                    "inventory", "prefixes.csv")

    def _make_certificate(self):
        def openssl(*words):
            run(["openssl", *words])

        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]
        openssl("req", "-x509", *curve, "-days", "30", "-subj", "/CN=Illustrative CA", "-keyout", self._path("ca.key"),
                "-out", self.ca)
        openssl("req", *curve, "-subj", f"/CN={ZONE}", "-keyout", self._path("key.pem"), "-out", self._path("csr.pem"))
        names = self._write(f"subjectAltName=DNS:*.{ZONE}\n", "names.txt")
        openssl("x509", "-req", "-in", self._path("csr.pem"), "-CA", self.ca, "-CAkey", self._path("ca.key"), "-days",
                "30", "-extfile", names, "-out", self._path("certificate.pem"))

    def _start_names(self):
        start = "$TTL 3600\n@ SOA ns1.many.example. admin.many.example. 1 3600 900 604800 60\n"
        servers = f"ns1.{ZONE}. AAAA {CITY_6}\nns1.{ZONE}. A {CITY_4}\n"
        own = f"@ NS ns1.{ZONE}.\n"
        zones = {
            ".": start + own + servers, "example": start + own + servers + f"many NS ns1.{ZONE}.\n",
            ZONE: start + own + f"ns1 AAAA {CITY_6}\nns1 A {CITY_4}\n" + "".join(
                f"h{n:05} AAAA {address6(n)}\nh{n:05} A {address4(n)}\n" for n in range(self.count)),
            "8.b.d.0.1.0.0.2.ip6.arpa": start + own + "".join(
                f"{ipaddress.ip_address(address6(n)).reverse_pointer}. PTR {name(n)}.\n" for n in range(self.count)),
            "18.198.in-addr.arpa": start + own + "".join(
                f"{ipaddress.ip_address(address4(n)).reverse_pointer}. PTR {name(n)}.\n" for n in range(self.count)),
        }
        zones["."] += f"example. NS ns1.{ZONE}.\n" + "".join(
            f"{zone}. NS ns1.{ZONE}.\n" for zone in zones if zone.endswith(".arpa"))
        lines = ["server:", '  username: ""', '  chroot: ""', '  database: ""', "  server-count: 1", "  refuse-any: no",
                 "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0", "  tcp-count: 500",
                 f"  ip-address: {CITY_6}", f"  ip-address: {CITY_4}", f'  zonesdir: "{self.folder}"']
        lines += [f'  {option}: "{self._path(file)}"' for option, file in (
            ("logfile", "nsd.log"), ("pidfile", "nsd.pid"), ("xfrdfile", "xfrd.state"), ("zonelistfile", "zone.list"),
            ("xfrdir", ""), ("cookie-secret-file", "cookies"))]
        lines += ["remote-control:", "  control-enable: no"]
        for number, (zone, text) in enumerate(zones.items()):
            self._write(text, f"{number}.zone")
            lines += ["zone:", f'  name: "{zone}"', f'  zonefile: "{number}.zone"']
        return self._server(["nsd", "-d", "-c", self._write("\n".join(lines) + "\n", "nsd.conf")])

    def _start_web(self):
        self._write(PAGE, "html", "index.html")
        config = self._write(f"""
user root root; daemon off; master_process on; worker_processes 2; pid {self._path("nginx.pid")}; error_log {self._path("nginx.log")};
worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_timeout 5; server_tokens off;
  client_body_temp_path {self._path("body")}; proxy_temp_path {self._path("proxy")};
  fastcgi_temp_path {self._path("fastcgi")}; uwsgi_temp_path {self._path("uwsgi")}; scgi_temp_path {self._path("scgi")};
  ssl_certificate {self._path("certificate.pem")}; ssl_certificate_key {self._path("key.pem")};
  ssl_session_cache off; ssl_session_tickets off;
  server {{
    listen 80 backlog=16384; listen [::]:80 backlog=16384; listen 443 ssl http2 backlog=16384;
    listen [::]:443 ssl http2 backlog=16384;
    root {self._path("html")};
  }}
}}
""", "nginx.conf")
        run([*IN_CITY, "sh", "-c", "echo 16384 > /proc/sys/net/core/somaxconn; "
             "echo 32768 > /proc/sys/net/ipv4/tcp_max_syn_backlog; echo 0 > /proc/sys/net/ipv4/tcp_syncookies"])
        return self._server(["nginx", "-e", self._path("nginx.log"), "-c", config])

    def _server(self, command):
        log = open(self._path("servers.log"), "ab")
        return subprocess.Popen([*IN_CITY, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait(self):
        for port in (53, 80, 443):
            for _ in range(300):
                try:
                    socket.create_connection((address6(0) if port != 53 else CITY_6, port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                with open(self._path("servers.log"), encoding="utf-8", errors="replace") as file:
                    raise BenchError(f"nothing answers on port {port}: {file.read()[-2000:]}")


def _switch_offloads_off(prefix, link):
    """Segments put together before they are captured say nothing of packet sizes; no wire would carry them so."""
    code = f"import sys; sys.path.insert(0, {LABLIB!r}); from lablib.topology import switch_offloads_off as off; off({link!r})"
    run([*prefix, sys.executable, "-B", "-c", code])
