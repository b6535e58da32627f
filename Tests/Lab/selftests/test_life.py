"""How the lab comes up and goes away: exit codes, signals, SIGKILL, missing things, size."""

import glob
import os
import pty
import signal
import subprocess
import time
import unittest
import uuid

from support import LAB, LAB_FOLDER, SMALL, LabTest

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


def processes_with(token):
    """Ids of the processes whose environment carries `token`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/environ", "rb") as file:
                    if token.encode() in file.read():
                        found.append(int(entry))
            except OSError:
                pass
    return found


def traces():
    """What a lab could leave behind, besides processes; a busy machine's other changes do not count."""
    with open("/proc/self/mounts", encoding="utf-8") as file:
        found = [line for line in file if "lab" in line or "netns" in line]
    for folder, words in (("/sys/class/net", ("lab0", "city0")), ("/run", ("lab", "netns")),
                          ("/tmp", ("v6audit-lab.",))):
        found += [f"{folder}/{name}" for name in sorted(os.listdir(folder)) if any(word in name for word in words)]
    return found


# Says "up", then counts every single delivery of the signal for a second (bash would merge two into one), and
# asks at last whether a server still answers.
COUNT = """exec /usr/bin/python3 -c '
import signal, sys, time, urllib.request
seen = []
signal.signal(signal.{name}, lambda *_: seen.append(1))
print("up", flush=True)
end = time.monotonic() + 1
while time.monotonic() < end: time.sleep(0.05)
urllib.request.urlopen("http://198.18.100.80/", timeout=2).read()
sys.exit(40 + len(seen))'
"""


class Exit(LabTest):
    def test_streams_and_code_pass_through(self):
        done = subprocess.run([LAB, "run", "--inventory", SMALL, "--", "bash", "-c", "cat; echo bad >&2; exit 42"],
                              input="through", capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (42, "through"))
        self.assertRegex(done.stderr, r"^lab: up, 16 hosts, 32 addresses, \d+ services in \d+\.\d s\nbad\n$")

    def test_command_that_is_not_there(self):
        done = subprocess.run([LAB, "run", "--quiet", "--inventory", SMALL, "--", "no-such-thing"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 127)
        self.assertIn("no-such-thing: No such file", done.stderr)

    def test_nothing_remains(self):
        token, before = str(uuid.uuid4()), traces()
        subprocess.run([LAB, "run", "--quiet", "--inventory", SMALL, "--", "true"], check=True,
                       env={**os.environ, "TOKEN": token})
        self.assertEqual(processes_with(token), [])
        self.assertEqual(traces(), before)

    def test_state_folder_is_kept_and_never_mixed_with_other_files(self):
        state = os.path.join(self.folder, "state")
        for _ in range(2):
            self.assertEqual(self.lab('echo $LAB_STATE', options=["--state", state]).stdout.strip(), state)
        zones = glob.glob(os.path.join(state, "zones", "*", "xa-mau.example.zone"))
        self.assertTrue(zones and all(map(os.path.getsize, zones)))
        done = self.lab("true", options=["--state", self.folder])
        self.assertEqual(done.returncode, 2)
        self.assertIn("holds files that are not the lab's", done.stderr)


class Signals(LabTest):
    def start(self, script):
        self.token = str(uuid.uuid4())
        process = subprocess.Popen([LAB, "run", "--quiet", "--inventory", SMALL, "--", "bash", "-c", script],
                                   stdout=subprocess.PIPE, text=True, env={**os.environ, "TOKEN": self.token})
        self.addCleanup(process.stdout.close)
        return process

    def assert_all_gone(self):
        deadline = time.monotonic() + 5
        while processes_with(self.token) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(processes_with(self.token), [])

    def test_int_and_term_go_to_the_command_once(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                process = self.start(COUNT.format(name=number.name))
                self.assertEqual(process.stdout.readline(), "up\n")
                process.send_signal(number)
                self.assertEqual(process.wait(20), 41)
                self.assert_all_gone()

    def test_control_c_of_a_terminal_reaches_the_command_once_and_no_server(self):
        child, terminal = pty.fork()
        if child == 0:
            os.execv(LAB, [LAB, "run", "--quiet", "--inventory", SMALL, "--", "bash", "-c",
                           COUNT.format(name="SIGINT")])
        seen = b""
        while b"up" not in seen:
            seen += os.read(terminal, 1024)
        os.write(terminal, b"\x03")
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(status), 41)

    def test_command_killed_by_a_signal(self):
        process = self.start("echo up; exec sleep 60")
        process.stdout.readline()
        process.terminate()
        self.assertEqual(process.wait(20), 143)
        self.assert_all_gone()

    def test_interrupted_while_coming_up(self):
        process = self.start("echo up; sleep 60")
        time.sleep(0.35)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 130)
        self.assert_all_gone()

    def test_killed_at_any_moment_everything_disappears(self):
        for delay in (0.05, 0.2, 0.4, 1.5):
            with self.subTest(delay=delay):
                process = self.start("setsid sleep 600 & echo up; sleep 600")
                time.sleep(delay)
                process.kill()
                process.wait(20)
                self.assert_all_gone()


class Missing(LabTest):
    def with_replaced(self, replacement, program, options=()):
        """Runs the lab where `program` is covered by `replacement`, in a mount namespace of its own."""
        script = f"mount --bind {replacement} {program} && exec {LAB} run --quiet --inventory {SMALL} -- echo ran"
        return subprocess.run(["unshare", "-Urm", "sh", "-c", script], capture_output=True, text=True, check=False)

    def test_missing_package_is_named(self):
        done = self.with_replaced("/dev/null", "/usr/sbin/kamailio")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("lab: missing: kamailio (Debian package kamailio)", done.stderr)
        self.assertIn("apt-get install kamailio", done.stderr)

    def test_server_that_does_not_come_up_shows_its_log(self):
        fake = os.path.join(self.folder, "nsd")
        with open(fake, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\necho no zones today\nexit 9\n")
        os.chmod(fake, 0o755)
        done = self.with_replaced(fake, "/usr/sbin/nsd")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn("nsd ended with status 9", done.stderr)
        self.assertIn("no zones today", done.stderr)

    def test_server_that_dies_while_the_command_runs(self):
        done = self.lab('kill $(cat $LAB_STATE/nginx/nginx.pid); sleep 0.5; echo ran')
        self.assertEqual((done.returncode, done.stdout), (3, "ran\n"))
        self.assertIn("lab: nginx ended while COMMAND ran", done.stderr)

    def test_namespaces_refused(self):
        script = f"echo 0 > /proc/sys/user/max_net_namespaces; exec {LAB} run --inventory {SMALL} -- true"
        done = subprocess.run(["unshare", "-Ur", "sh", "-c", script], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("cannot make private namespaces", done.stderr)
        self.assertIn("/proc/sys/user/max_net_namespaces is 0", done.stderr)


class Input(LabTest):
    def assert_refused(self, done, *texts):
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)

    def inventory(self, hosts, zones="zone\nmau.example\n"):
        for name, text in (("hosts.csv", hosts), ("zones.csv", zones)):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        return ["--inventory", self.folder]

    def test_faults_are_checked_against_the_inventory(self):
        for row, *texts in (
                (("portl", "no-aaaa"),
                 "lab-faults.csv:2: unknown host 'portl'; nearest: portal portal-2; valid: vantage portal"),
                (("portal", "no-aaa"), "lab-faults.csv:2: unknown fault 'no-aaa'", "port-closed-ipv6:PORT"),
                (("portal", "port-closed-ipv6:22"), "port '22' is not declared by host 'portal'; valid: 80 443"),
                (("portal", "port-closed-ipv6"), "write this fault as port-closed-ipv6:PORT"),
                (("portal", "lossy:100"), "'100' is not a percentage from 1 to 99"),
                (("open-data", "port-closed-ipv4:80"), "needs an IPv4 address"),
                (("gateway", "wrong-certificate-ipv6"), "needs an https service"),
                (("printer-xa", "no-aaaa"), "needs a name"),
                (("vantage", "no-aaaa"), "unknown fault 'no-aaaa' for 'vantage'; valid: lossy:PERCENT ")):
            with self.subTest(row):
                self.assert_refused(self.check(["--inventory", SMALL, "--faults", self.faults_file([row])]), *texts)

    def test_all_faulty_rows_at_once_and_nothing_starts(self):
        arguments = self.inventory(
            "host,agency,names,addresses,services\n"
            "a,x,,2001:db8::1%eth0,http\nB,x,,::ffff:192.0.2.1,nope\n"
            "c,x,www.elsewhere.example,2001:db8::1,https:0\nc,x,,2001:db8::2,ssh/sctp\n")
        done = subprocess.run([LAB, "run", *arguments, "--", "echo", "ran"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")
        self.assert_refused(done, "hosts.csv:2:4:", "scoped", "hosts.csv:3:1: 'B'", "hosts.csv:3:4:", "hosts.csv:3:5:",
                            "port '0' is outside 1-65535", "host 'c' is already in line 4", "neither tcp nor udp")

    def test_name_outside_every_zone(self):
        arguments = self.inventory("host,agency,names,addresses\na,x,www.other.example,2001:db8::1\n")
        self.assert_refused(self.check(arguments),
                            "hosts.csv:2: the name 'www.other.example' of host 'a' lies in no zone")

    def test_two_servers_for_one_port(self):
        arguments = self.inventory("host,agency,addresses,services\na,x,2001:db8::1,https\nb,x,2001:db8::1,tcp:443\n")
        self.assert_refused(self.check(arguments), "hosts.csv:3: host 'b' declares tcp:443/tcp on 2001:db8::1")

    def test_shared_front_end_byte_order_mark_and_crlf(self):
        self.inventory("\ufeffhost,agency,names,addresses,services\r\n"
                       "a,x,a.mau.example,2001:db8::1 192.0.2.1,https\r\nb,x,b.mau.example,2001:db8::1,https\r\n")
        os.chmod(self.folder, 0o755)
        self.assertEqual(self.lines("""
            for n in a b; do curl -6 -sS --cacert $LAB_CA https://$n.mau.example/ | grep -c "máy chủ $n"; done
            ask +short NS mau.example; ask +short AAAA lab-ns.mau.example""", inventory=self.folder),
            ["1", "1", "lab-ns.mau.example.", "2001:db8:ffff:54::53"])

    def test_the_labs_own_network_gives_way(self):
        self.inventory("host,agency,addresses,services\na,x,2001:db8:ffff::2 198.19.255.2,tcp:7\n")
        self.assertEqual(self.lines("""
            try 2001:db8:ffff::2 7; try 198.19.255.2 7; printf "%s\n" $LAB_CONTROL $LAB_RESOLVER4""",
            inventory=self.folder),
            ["open", "open", "[2001:db8:fffe:c::1]:443", "198.19.254.53:53"])


class Scale(LabTest):
    def test_three_hundred_hosts_in_less_than_thirty_seconds_and_all_names_at_once(self):
        rows = ["host,agency,names,addresses,services"]
        kinds = ("http https", "https ssh", "ssh sip", "https:8443 smtp", "sip sip/tcp tcp:9000")
        for number in range(300):
            rows.append(f"h{number},x,h{number}.mau.example,2001:db8:{number:x}::{number + 1:x} "
                        f"198.18.{number // 200}.{number % 200 + 1},{kinds[number % 5]}")
        with open(os.path.join(self.folder, "hosts.csv"), "w", encoding="ascii") as file:
            file.write("\n".join(rows) + "\n")
        with open(os.path.join(self.folder, "zones.csv"), "w", encoding="ascii") as file:
            file.write("zone\nmau.example\n")
        began = time.monotonic()
        self.assertEqual(self.lines(f"""fetch -6 https://h295.mau.example/
            /usr/bin/python3 {LAB_FOLDER}/selftests/burst.py $r6 300""", inventory=self.folder), ["200", "300"])
        self.assertLess(time.monotonic() - began, 30)


class Wire(LabTest):
    def test_every_captured_frame_is_well_formed_with_good_checksums(self):
        traffic = os.path.join(self.folder, "traffic")
        with open(traffic, "w", encoding="ascii") as file:
            file.write("""curl -sS --cacert $LAB_CA https://portal.van-phong.example/
                dig @198.19.255.53 AAAA portal.van-phong.example; nc -w 1 -z 2001:db8:100::80 9
                printf 'EHLO x\\r\\nQUIT\\r\\n' | nc -w 2 198.18.102.25 25
                head -c 40000 /dev/zero | nc -w 1 3fff:100::80 80; true""")
        lines = self.lines(f"""
            /usr/bin/python3 {LAB_FOLDER}/selftests/capture.py $LAB_INTERFACE $LAB_STATE/c.pcap bash {traffic} \\
              >/dev/null 2>&1
            read() {{ tshark -r $LAB_STATE/c.pcap -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \\
                      -o udp.check_checksum:TRUE "$@" 2>/dev/null | wc -l; }}
            read; read -Y '_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 ||
              udp.checksum.status == 0 || icmpv6.checksum.status == 0'
            read -Y 'frame.len > 1514'""")
        self.assertGreater(int(lines[0]), 50)
        self.assertEqual(lines[1:], ["0", "0"])


@unittest.skipUnless(os.geteuid() == 0, "runs the lab as another user, which root alone can do")
class Unprivileged(LabTest):
    def test_the_same_without_root(self):
        if subprocess.call([*NOBODY, "test", "-x", LAB], stderr=subprocess.DEVNULL):
            self.skipTest(f"{LAB} is not readable for others")
        self.assertEqual(self.lines("""
            id -u; ask +short AAAA portal.van-phong.example; fetch -6 https://portal.van-phong.example/
            ssh-keyscan -T 3 2001:db8:100::22 2>/dev/null | wc -l; nc -w 1 2001:db8:200::25 25 </dev/null | cut -c1-3
            timeout 5 chronyd -Q -x -u root -f /dev/null -t 4 'server 198.18.102.123 iburst maxsamples 1' 2>&1 |
              grep -c wrong; try 2001:db8:200::5060 5060""", prefix=NOBODY),
            ["0", "2001:db8:100::80", "200", "1", "220", "1", "open"])


if __name__ == "__main__":
    unittest.main()
