"""What really went over the wire, as dumpcap took it down and tshark reads it: neither is the program under test.

It is taken down at the far end of the vantage's wires: a program that sends past the queues of its interface
(PACKET_QDISC_BYPASS) is not heard there by others.
"""

import csv
import os
import signal
import subprocess
import time

from lablib.errors import LabError
from lablib.servers import find_binary

from . import namespaces
from .network import WIRE

FIELDS = ("frame.time_epoch", "eth.src", "eth.dst", "eth.type", "arp.opcode", "arp.src.proto_ipv4",
          "arp.dst.proto_ipv4", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "ipv6.dstopts.nxt", "icmpv6.type",
          "icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address")
PATIENCE = 10
FLUSH = 0.5
"""The kernel hands captured frames over in blocks; so long a block may wait."""


class Captures:
    """One for each link."""

    def __init__(self, folder, links):
        self.folder, self.links = folder, links
        self.processes = []

    def start(self):
        """Returns when all of them capture."""
        for link in self.links:
            log = os.path.join(self.folder, f"{link.name}.log")
            with open(log, "wb") as file, namespaces.inside(WIRE):
                process = subprocess.Popen(
                    [find_binary("dumpcap"), "-q", "-i", f"v{link.number}", "-w", path_of(self.folder, link.name)],
                    stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True)
            self.processes.append((process, log))
        end = time.monotonic() + PATIENCE
        for process, log in self.processes:
            while "File:" not in _text(log):
                if process.poll() is not None or time.monotonic() > end:
                    raise LabError(["dumpcap does not capture:", *_text(log).splitlines()[-5:]])
                time.sleep(0.02)

    def stop(self):
        """Ends them; makes a table of each."""
        time.sleep(FLUSH)
        for process, _ in self.processes:
            process.send_signal(signal.SIGINT)
        for process, log in self.processes:
            if process.wait(PATIENCE):
                raise LabError(["dumpcap failed:", *_text(log).splitlines()[-5:]])
        readers = []
        for link in self.links:
            with open(_table(self.folder, link.name), "wb") as file:
                command = [find_binary("tshark"), "-n", "-r", path_of(self.folder, link.name), "-T", "fields",
                           "-E", "occurrence=f", "-E", "separator=,", *[w for f in FIELDS for w in ("-e", f)]]
                readers.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file,
                                                stderr=subprocess.PIPE))
        for reader in readers:
            words = reader.communicate()[1].decode(errors="replace")
            if reader.returncode:
                raise LabError(["tshark cannot read the capture:", *words.splitlines()[-5:]])


def path_of(folder, link):
    return os.path.join(folder, f"{link}.pcapng")


def _table(folder, link):
    return os.path.join(folder, f"{link}.csv")


def _text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def frames(folder, link, first=0.0, last=float("inf")):
    """The frames of a link in a time, each a dictionary of what tshark's fields say."""
    try:
        with open(_table(folder, link), encoding="utf-8", newline="") as file:
            rows = [dict(zip(FIELDS, row)) for row in csv.reader(file)]
    except OSError as error:
        raise LabError(f"{link}: no table of its capture: {error.strerror}; first run: stations end") from error
    for row in rows:
        row["time"] = float(row["frame.time_epoch"])
    return [row for row in rows if first <= row["time"] <= last]
