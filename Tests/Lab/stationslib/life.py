"""What the stations do: routers advertise, the aliased one answers for a prefix, and all do what COMMAND asks for.

Sockets are opened inside the stations' namespaces and stay there, so that one process is enough for all of them.
"""

import ipaddress
import os
import select
import socket
import struct
import threading
import time

from lablib import advertiser
from lablib.errors import LabError
from lablib.onlink import link_local

from . import namespaces, network
from .plan import ALIASED

INTERVAL = 1.0
"""Seconds between router advertisements, and between looks at the addresses."""
PATIENCE = 15
EXCHANGE = 0.5
"""Seconds in which those that were spoken to have found out who spoke, and answered."""
DISCARD, BEACON = 9, 9999
CONTROL = "/run/stations.socket"
SO_BINDTODEVICE = 25


def ask(word):
    """Asks the stations for something from outside of this process: talk, rogue, move, forget or end."""
    with socket.socket(socket.AF_UNIX) as control:
        try:
            control.connect(CONTROL)
        except OSError as error:
            raise LabError(f"no stations here: {error.strerror}; run this within: stations run -- …") from error
        control.sendall(word.encode() + b"\n")
        answer = control.makefile().read().strip()
    if answer != "ok":
        raise LabError(answer or "the stations are gone")


class Life:
    """Two threads: one is the stations', one does what is asked for."""

    def __init__(self, plan, truth, captures):
        self.plan, self.truth, self.captures = plan, truth, captures
        self.senders = []
        self.listeners = []
        self.aliases = {}
        self.failure = None

    def start(self):
        """Starts everything; returns when each station has the addresses that it will have."""
        for station in self.plan.of_kind("router"):
            self._advertise(station)
        for station in self.plan.of_kind("aliased"):
            wire = self._wire(station)
            self.aliases[wire.fileno()] = (wire, station)
        for station in self.plan.stations:
            if station.port:
                self._listen(station)
        control = socket.socket(socket.AF_UNIX)
        control.bind(CONTROL)
        control.listen()
        threading.Thread(target=self._live, daemon=True).start()
        self._wait_until_settled()
        self.forget()
        threading.Thread(target=self._obey, args=(control,), daemon=True).start()

    def _wait_until_settled(self):
        end = time.monotonic() + PATIENCE
        while unsettled := self.truth.look():
            if time.monotonic() > end:
                raise LabError([f"{len(unsettled)} stations have no addresses after {PATIENCE} s, for example:",
                                *unsettled[:5]])
            time.sleep(0.1)
        self.truth.write()

    # What happens by itself

    def _live(self):
        try:
            due = time.monotonic()
            while True:
                if time.monotonic() >= due:
                    due += INTERVAL
                    for wire, frame in list(self.senders):
                        wire.send(frame)
                    self.truth.look()
                for number in select.select(list(self.aliases), [], [], max(0, due - time.monotonic()))[0]:
                    wire, station = self.aliases[number]
                    answer = _alias(wire.recv(2048), station)
                    if answer:
                        wire.send(answer)
        except (OSError, LabError) as error:
            self.failure = error

    def _wire(self, station):
        with namespaces.inside(station.host):
            # Only frames of IPv6: everything else would wake this process for nothing.
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x86DD))
            wire.bind((station.interface, 0x86DD))
        return wire

    def _advertise(self, station):
        sender = {"mac": station.mac, "source": str(link_local(station.mac)), "prefix": str(station.advertises),
                  "resolvers": []}
        with namespaces.inside(station.host):
            wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            wire.bind((station.interface, 0))
        self.senders.append((wire, advertiser.frame(sender)))

    def _listen(self, station):
        """A port that answers: the kernel completes connections that nobody takes."""
        with namespaces.inside(station.host):
            listener = socket.create_server(("::", station.port), family=socket.AF_INET6, dualstack_ipv6=True)
        self.listeners.append(listener)

    # What is asked for

    def _obey(self, control):
        while True:
            asked = control.accept()[0]
            with asked, asked.makefile("rw") as stream:
                word = stream.readline().strip()
                try:
                    if self.failure:
                        raise LabError(f"the stations have failed: {self.failure}")
                    {"talk": self.talk, "rogue": self.rogue, "move": self.move, "forget": self.forget,
                     "end": self.end}[word]()
                    answer = "ok"
                except (LabError, OSError, KeyError) as error:
                    answer = f"{word}: {error}"
                try:
                    stream.write(answer + "\n")
                except OSError:
                    pass

    def talk(self):
        """Everybody but the quiet and the silent ones says something to the router and to a neighbour."""
        for number, station in enumerate(self.plan.stations):
            if station.is_quiet or station.has("silent"):
                continue
            neighbour = self.plan.stations[number - 1]
            if neighbour.link is not station.link:
                neighbour = self.plan.stations[number + 1]
            with namespaces.inside(station.host):
                if station.has("talks") == "broadcast":
                    _say(station, ipaddress.IPv4Address("255.255.255.255"), BEACON)
                    continue
                for address in (*station.link.router, neighbour.ipv4, neighbour.static):
                    if address and station.has(f"ipv{address.version}"):
                        _say(station, address, DISCARD)
        self.truth.tell("talked", "")
        time.sleep(EXCHANGE)
        self.forget()

    def forget(self):
        """Nobody knows anybody any more: what was asked before takes no room from what is asked next."""
        network.forget(self.plan.hosts())

    def rogue(self):
        """The rogue router begins to advertise."""
        for station in self.plan.of_kind("rogue"):
            self._advertise(station)
            self.truth.tell("rogue", station.mac)

    def move(self):
        """Those that change their addresses do so, and use the new ones."""
        movers = self.plan.of_kind("mover")
        for station in movers:
            network.move(station)
            self.truth.tell("moved", station.mac)
        self._wait_until_settled()
        for station in movers:
            # Whom it knows it need not ask for: an address is heard in use when it turns to somebody new.
            stranger = next(s for s in self.plan.of_kind("filtered") if s.link is station.link)
            with namespaces.inside(station.host):
                for address in (stranger.ipv4, stranger.static):
                    _say(station, address, DISCARD)
        time.sleep(EXCHANGE)

    def end(self):
        """Nothing is captured any more; the truth is complete."""
        self.truth.look()
        self.captures.stop()
        self.truth.tell("ended", "")
        self.truth.write()


def _say(station, address, port):
    """Sends a datagram; the station's kernel has to find out first who has the address."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as speaker:
        speaker.setsockopt(socket.SOL_SOCKET, SO_BINDTODEVICE, station.interface.encode())
        speaker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        speaker.sendto(b"xin chao", (str(address), port))


def _alias(frame, station):
    """The advertisement of a neighbour that has every address of the aliased prefix, if the frame asks for one."""
    # Ethernet, IPv6, a neighbour solicitation with a source: duplicate address detection is not answered.
    if len(frame) < 78 or frame[12:14] != b"\x86\xdd" or frame[20] != 58 or frame[54] != 135:
        return None
    source, target = (ipaddress.IPv6Address(frame[n:n + 16]) for n in (22, 62))
    if target not in ALIASED or not int(source):
        return None
    mac = bytes.fromhex(station.mac.replace(":", ""))
    # Solicited and override, with the target's MAC address.
    message = struct.pack("!BBHI16sBB6s", 136, 0, 0, 0x6000_0000, target.packed, 2, 1, mac)
    pseudo = target.packed + source.packed + struct.pack("!II", len(message), 58)
    total = sum(struct.unpack(f"!{(len(pseudo) + len(message)) // 2}H", pseudo + message))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    message = message[:2] + struct.pack("!H", ~total & 0xFFFF) + message[4:]
    header = struct.pack("!IHBB16s16s", 6 << 28, len(message), 58, 255, target.packed, source.packed)
    return frame[6:12] + mac + b"\x86\xdd" + header + message
