"""The delegation tree above the inventory's zones: a root, and under it the parents that delegate to them."""

from .inventory import enclosing_zone
from .zones import Zone

ROOT_SERVER, PARENT_SERVER = "root.lab-nic", "parent.lab-nic"
"""Names of the lab's own servers, which the root zone itself has addresses for."""
REVERSE = ("ip6.arpa", "in-addr.arpa")


def build_tree(plan, zones):
    """The root zone and the zones of the parent server, by name, with the delegations to `zones`."""
    root = Zone("", servers=[ROOT_SERVER])
    own = plan.addresses
    for name, pair in ((ROOT_SERVER, own.root), (PARENT_SERVER, own.parent)):
        root.records[name].update((f"AAAA {pair.v6}", f"A {pair.v4}"))
    parents = {}
    for zone in zones.values():
        above = enclosing_zone(zone.name.partition(".")[2], zones) if "." in zone.name else None
        if above is not None:
            continue  # delegated by its own parent (zones.py)
        top = next((suffix for suffix in REVERSE if zone.name.endswith("." + suffix)), zone.name.rpartition(".")[2])
        if top == zone.name:
            _delegate(root, zone, zones)
        else:
            _delegate(parents.setdefault(top, Zone(top, servers=[PARENT_SERVER])), zone, zones)
    for parent in parents.values():
        root.records[parent.name].add(f"NS {PARENT_SERVER}.")
    return root, parents


def _delegate(parent, zone, zones):
    """NS records and the glue of every server name below the parent, in the zone or beside it."""
    for server in zone.servers:
        parent.records[zone.name].add(f"NS {server}.")
        home = enclosing_zone(server, zones)
        if home is not None and (not parent.name or server.endswith("." + parent.name)):
            parent.records[server].update(
                record for record in zones[home].records[server] if record.startswith(("A ", "AAAA ")))
