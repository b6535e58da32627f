"""Reads the inventory files that say what the lab must build.

Only what the lab needs is checked here; the inventory's full rules are the audit's to enforce. Every
faulty row is reported as `file:line:column: what`.
"""

import csv
import ipaddress
import os
import re
from dataclasses import dataclass, field

from .errors import InputError
from .services import ServiceError, parse_service

IDENTIFIER = re.compile(r"[a-z0-9._-]+\Z")
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")


@dataclass
class Host:
    """One inventory host. `line` is its line in hosts.csv, for messages."""

    id: str
    agency: str
    system: str
    site: str
    names: list
    v6: list
    v4: list
    services: list
    line: int
    mac: str = ""

    @property
    def addresses(self):
        return self.v6 + self.v4

    def declares(self, kind):
        return any(service.kind == kind for service in self.services)


@dataclass(frozen=True)
class DeclaredZone:
    """One row of zones.csv; `servers` comes from the optional column name_servers, else it is empty."""

    name: str
    agency: str
    servers: tuple


@dataclass
class Inventory:
    """What is declared: hosts in file order, `zones` by name, prefixes as networks."""

    hosts: list = field(default_factory=list)
    agencies: dict = field(default_factory=dict)
    systems: dict = field(default_factory=dict)
    zones: dict = field(default_factory=dict)
    prefixes: list = field(default_factory=list)

    @property
    def addresses(self):
        """Every declared address once, in file order."""
        return list(dict.fromkeys(address for host in self.hosts for address in host.addresses))

    def host(self, name):
        """The host of this id, which must be there."""
        return next(host for host in self.hosts if host.id == name)


class _Table:
    """Rows of one CSV file with positions; collects errors instead of stopping at the first."""

    def __init__(self, directory, name, required, errors):
        self.name, self.errors, self.rows = name, errors, []
        path = os.path.join(directory, name)
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                self._read(csv.reader(file, strict=True), required)
        except FileNotFoundError:
            if name == "hosts.csv":
                errors.append(f"{path}: no such file; an inventory needs at least hosts.csv")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            errors.append(f"{name}: {error}")

    def _read(self, reader, required):
        header = next(reader, [])
        self.columns = {title.strip(): index for index, title in enumerate(header)}
        for title in required:
            if title not in self.columns:
                self.errors.append(f"{self.name}:1:1: the required column '{title}' is missing")
                return
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    self.errors.append(
                        f"{self.name}:{line}:1: {len(cells)} cells, but the header has {len(header)}")
                else:
                    self.rows.append((line, cells))
            line = reader.line_num + 1

    def cell(self, cells, column):
        index = self.columns.get(column)
        return "" if index is None else cells[index].strip()

    def error(self, line, column, what):
        self.errors.append(f"{self.name}:{line}:{self.columns.get(column, 0) + 1}: {what}")


def is_dns_name(text):
    """A host or zone name the lab can serve: lower-case LDH labels (RFC 1123 section 2.1)."""
    return 0 < len(text) <= 253 and all(LABEL.match(label) for label in text.split("."))


def _parse_address(text):
    if "%" in text:
        raise ValueError("a scoped address cannot be declared; leave the zone id out")
    address = ipaddress.ip_address(text)
    if address.version == 6 and address.ipv4_mapped:
        raise ValueError("an IPv4-mapped address cannot be declared; write the IPv4 address")
    if address.is_multicast or address.is_loopback or address.is_link_local or address.is_unspecified:
        raise ValueError("the lab cannot give this address to a host")
    return address


def _list_of(table, line, cells, column, parse):
    values = []
    for text in table.cell(cells, column).split():
        try:
            value = parse(text)
        except ServiceError as error:
            table.error(line, column, str(error))
            continue
        except ValueError as error:
            table.error(line, column, f"'{text}': {error}")
            continue
        if value in values:
            table.error(line, column, f"'{text}' is there twice")
        values.append(value)
    return values


def _parse_name(text):
    name = text.lower().rstrip(".")
    if not is_dns_name(name):
        raise ValueError("is not a DNS name (letters, digits and hyphens; IDNs as xn--)")
    return name


def _read_hosts(directory, inventory, errors):
    table, seen = _Table(directory, "hosts.csv", ("host", "agency"), errors), {}
    for line, cells in table.rows:
        identifier = table.cell(cells, "host")
        if not IDENTIFIER.match(identifier):
            table.error(line, "host", f"'{identifier}' is not an id (lower-case letters, digits, - . _)")
        elif identifier in seen:
            table.error(line, "host", f"host '{identifier}' is already in line {seen[identifier]}")
        seen.setdefault(identifier, line)
        addresses = _list_of(table, line, cells, "addresses", _parse_address)
        inventory.hosts.append(Host(
            id=identifier, agency=table.cell(cells, "agency"), system=table.cell(cells, "system"),
            site=table.cell(cells, "site"), names=_list_of(table, line, cells, "names", _parse_name),
            v6=[a for a in addresses if a.version == 6], v4=[a for a in addresses if a.version == 4],
            services=_list_of(table, line, cells, "services", parse_service), line=line,
            mac=table.cell(cells, "mac")))


def _read_zones(directory, inventory, errors):
    table = _Table(directory, "zones.csv", ("zone",), errors)
    servers = {name for host in inventory.hosts if host.declares("dns") for name in host.names}
    for line, cells in table.rows:
        zone = table.cell(cells, "zone").lower().rstrip(".")
        if not is_dns_name(zone):
            table.error(line, "zone", f"'{zone}' is not a zone name")
        elif zone in inventory.zones:
            table.error(line, "zone", f"zone '{zone}' is there twice")
        own = tuple(_list_of(table, line, cells, "name_servers", _parse_name))
        for name in own:
            if name not in servers:
                table.error(line, "name_servers", f"'{name}' is not the name of a host with the service dns")
        inventory.zones[zone] = DeclaredZone(zone, table.cell(cells, "agency"), own)


def _check_names_have_zones(inventory, errors):
    for host in inventory.hosts:
        for name in host.names:
            if enclosing_zone(name, inventory.zones) is None:
                errors.append(f"hosts.csv:{host.line}: the name '{name}' of host '{host.id}' lies in no zone "
                              "of zones.csv; add its zone there")


def enclosing_zone(name, zones):
    """The longest of `zones` that `name` lies in, or None."""
    labels = name.split(".")
    for start in range(len(labels)):
        candidate = ".".join(labels[start:])
        if candidate in zones:
            return candidate
    return None


def read_inventory(directory):
    """Reads all files of the inventory the lab uses; raises InputError with every fault found."""
    errors, inventory = [], Inventory()
    if not os.path.isdir(directory):
        raise InputError(f"{directory}: no such directory; --inventory wants the folder that holds hosts.csv")
    _read_hosts(directory, inventory, errors)
    for file, key, target in (("agencies.csv", "agency", inventory.agencies),
                              ("systems.csv", "system", inventory.systems)):
        table = _Table(directory, file, (key, "name"), errors)
        for _, cells in table.rows:
            target[table.cell(cells, key)] = table.cell(cells, "name")
    _read_zones(directory, inventory, errors)
    table = _Table(directory, "prefixes.csv", ("prefix",), errors)
    for line, cells in table.rows:
        try:
            inventory.prefixes.append(ipaddress.ip_network(table.cell(cells, "prefix")))
        except ValueError as error:
            table.error(line, "prefix", str(error))
    if not errors:
        _check_names_have_zones(inventory, errors)
    if not errors and not inventory.hosts:
        errors.append("hosts.csv: no host in it, so there is nothing to build")
    if errors:
        raise InputError(errors)
    return inventory
