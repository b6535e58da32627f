"""Everything the lab decides before it touches the system: what answers where, and what is broken."""

import ipaddress
from dataclasses import dataclass

from . import webfaults
from .addresses import LabAddresses, choose_addresses
from .bindings import build_bindings
from .faults import Faults, read_faults
from .inventory import Inventory, read_inventory


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
    return Plan(inventory, faults, choose_addresses(inventory), build_bindings(inventory))
