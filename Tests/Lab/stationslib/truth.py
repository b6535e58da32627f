"""What is true, as JSON: who is there, and which addresses each had when, as the kernels themselves say."""

import ipaddress
import json
import os
import threading
import time

from . import namespaces
from .network import beside_aliased
from .plan import ALIASED, ALIASED_NETWORK

IFA_TEMPORARY, IFA_TENTATIVE = 0x01, 0x40


class Truth:
    """Kept by several threads; written as a whole, so that whoever reads it finds no half of it."""

    def __init__(self, plan, path):
        self.plan, self.path = plan, path
        self.lock = threading.Lock()
        self.events = []
        self.held = {}
        """For each interface: address → [kind, first time, last time]."""
        self.static = {a for s in plan.stations for a in (s.static, *s.moves_to)}
        self.static |= {link.vantage[1] for link in plan.links}

    def look(self):
        """Takes down which addresses everybody has now; says who is still making up its own."""
        unsettled = []
        with self.lock:
            now = time.time()
            for link in self.plan.links:
                for address in link.vantage:
                    self._note(link.mac, address, "static", now)
            self._look_at("vantage", {link.name: link.mac for link in self.plan.links}, now)
            for host, stations in self.plan.hosts().items():
                if self._look_at(host, {s.interface: s.mac for s in stations}, now):
                    unsettled.append(host)
                for station in stations:
                    moved = any(what == "moved" and mac == station.mac for _, what, mac in self.events)
                    if station.ipv4:
                        self._note(station.mac, station.moves_to[0] if moved else station.ipv4, "static", now)
                    if not self._is_complete(station):
                        unsettled.append(host)
        return unsettled

    def _look_at(self, namespace, macs, now):
        is_tentative = False
        for interface, digits, flags in namespaces.addresses(namespace):
            if interface not in macs:
                continue
            address = ipaddress.IPv6Address(bytes.fromhex(digits))
            is_tentative |= bool(flags & IFA_TENTATIVE)
            kind = ("link-local" if address.is_link_local else "temporary" if flags & IFA_TEMPORARY
                    else "static" if address in self.static else "made")
            self._note(macs[interface], address, kind, now)
        return is_tentative

    def _note(self, mac, address, kind, now):
        self.held.setdefault(mac, {}).setdefault(address, [kind, now, now])[2] = now

    def _is_complete(self, station):
        kinds = [kind for kind, _, _ in self.held.get(station.mac, {}).values()]
        makes = station.has("ipv6") in ("interface", "private")
        return (not makes or "made" in kinds) and (not station.has("temporary") or "temporary" in kinds)

    def tell(self, what, mac):
        """Takes down that something was done."""
        with self.lock:
            self.events.append((time.time(), what, mac))

    def write(self):
        with self.lock:
            text = json.dumps(self._all(), indent=1)
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(text + "\n")
        os.replace(self.path + ".new", self.path)

    def _all(self):
        stations = [{"mac": link.mac, "link": link.name, "host": "vantage", "kind": "vantage",
                     "addresses": self._addresses(link.mac)} for link in self.plan.links]
        for station in self.plan.stations:
            row = {"mac": station.mac, "link": station.link.name, "host": station.host, "kind": station.kind,
                   "silent": bool(station.has("silent")), "quiet": station.is_quiet,
                   "echo": station.has("echo") or "yes", "port": station.port,
                   "advertises": str(station.advertises) if station.advertises else None,
                   "addresses": self._addresses(station.mac)}
            if station.kind == "aliased":
                row |= {"aliased": str(ALIASED), "network": str(ALIASED_NETWORK),
                        "real": str(beside_aliased(station))}
            if station.moves_to:
                row["moves_to"] = [str(address) for address in station.moves_to]
            stations.append(row)
        return {"seed": self.plan.seed,
                "links": [{"name": link.name, "ipv4": str(link.network4), "ipv6": str(link.network6),
                           "mac": link.mac} for link in self.plan.links],
                "stations": stations,
                "events": [{"time": t, "what": what, "mac": mac} for t, what, mac in self.events]}

    def _addresses(self, mac):
        return [{"address": str(address), "kind": kind, "first": first, "last": last}
                for address, (kind, first, last) in self.held.get(mac, {}).items()]
