"""Everything the lab decides before it touches the system: what answers where, and what is broken."""

import ipaddress
from dataclasses import dataclass

from . import webfaults
from .addresses import LabAddresses, choose_addresses
from .bindings import build_bindings
from .errors import InputError
from .faults import Faults, read_faults
from .inventory import Inventory, read_inventory
from .ways import extra_bindings


@dataclass(frozen=True)
class Plan:
    """Handed to every module that writes a configuration."""

    inventory: Inventory
    faults: Faults
    addresses: LabAddresses
    bindings: list

    def bindings_of(self, *kinds):
        return [binding for binding in self.bindings if binding.kind in kinds]

    def is_stalled(self, binding):
        """Whether a server of our own answers at this web address, to no good."""
        return webfaults.trouble(self, binding) is not None

    @property
    def on_link(self):
        """The IPv6 addresses on the vantage's own link."""
        return {a for host in self.inventory.hosts if self.faults.has(host.id, "on-link") for a in host.v6}

    @property
    def on_link_network(self):
        """The /64 of these addresses, which must be one; None without any."""
        networks = {ipaddress.IPv6Network((int(a) >> 64 << 64, 64)) for a in self.on_link}
        if len(networks) > 1:
            raise InputError(f"hosts on the vantage's link lie in {len(networks)} prefixes, the lab has one link")
        network = next(iter(networks), None)
        behind = [a for a in self.inventory.addresses if network and a in network and a not in self.on_link]
        if behind:
            raise InputError(f"{behind[0]} lies in {network}, which is the vantage's own link: "
                             "plant on-link on its host too")
        return network

    def dead_address(self, address):
        """A silent address in the same /64 as `address`, the same one in every run."""
        network = ipaddress.IPv6Network((int(address) >> 64 << 64, 64))
        declared = set(self.inventory.addresses)
        candidate = network[0xDEAD_0000_0000 + (int(address) & 0xFFFF_FFFF)]
        while candidate in declared:
            candidate += 1
        return candidate


def make_plan(inventory_directory, faults_path):
    """Reads both inputs; raises InputError."""
    inventory = read_inventory(inventory_directory)
    faults = read_faults(faults_path, inventory) if faults_path else Faults()
    bindings = build_bindings(inventory) + extra_bindings(inventory, faults)
    return Plan(inventory, faults, choose_addresses(inventory), bindings)
