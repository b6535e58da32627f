"""SSH, SMTP, bare and stalled ports: which address does what, written down for `smallservers`."""

import json
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from . import webfaults
from .certs import WRONG_NAME
from .servers import Server, find_binary

# What a spreadsheet would run and a terminal would obey, were it not escaped.
HOSTILE = "=cmd|'/C calc'!A0 \x1b]0;owned\x07\x1b[31mred"
# RFC 4253 section 4.2: the identification string; its length must stay dropbear's own, see hostile_dropbear.
HOSTILE_IDENTIFICATION = b"SSH-2.0-=cmd|'/C'!A1\x1b[31m"


def listener_servers(plan, room, certificates):
    """Writes keys and configuration; returns the server to start, none where nothing needs it."""
    entries, keys = [], HostKeys(plan, room)
    for binding in plan.bindings:
        host = binding.host
        entry = {"address": str(binding.address), "port": binding.port, "transport": binding.transport,
                 "kind": binding.kind, "hostile": plan.faults.has(host.id, "banner-hostile")}
        if plan.is_stalled(binding):
            entry["kind"] = webfaults.trouble(plan, binding)
        elif binding.kind == "ssh":
            entry["keys"] = keys.of(host, binding.address.version)
        elif binding.kind == "smtp":
            entry["name"] = host.names[0] if host.names else f"[{binding.address}]"
            entry["certificate"], entry["private_key"] = _mail_certificate(
                plan, certificates, host, binding.address.version)
        elif binding.kind != "bare":
            continue
        entries.append(entry)
    if not entries:
        return []
    config = {"entries": entries, "hostile_text": HOSTILE}
    if keys.issued:
        config["dropbear"] = find_binary("dropbear")
        config["hostile_dropbear"] = hostile_dropbear(room)
    path = room.write("smallservers", "smallservers.json", json.dumps(config, indent=1))
    return [Server("smallservers", room.python("smallservers", path), room)]


def _mail_certificate(plan, certificates, host, version):
    if version == 6 and plan.faults.has(host.id, "starttls-wrong-certificate-ipv6"):
        return certificates.authority.issue(f"{host.id}.smtp", [WRONG_NAME])
    return certificates.of(host, 4)


class HostKeys:
    """Host keys in dropbear's format: an Ed25519 key a host, and what the planted faults want beside it."""

    def __init__(self, plan, room):
        self.plan, self.room, self.issued = plan, room, {}

    def of(self, host, version):
        """Paths of the keys of `host` over one IP version."""
        other = version == 6 and self.plan.faults.has(host.id, "ssh-key-differs-ipv6")
        keys = [self._key(host, "ed25519", other, _ed25519_key)]
        if self.plan.faults.has(host.id, "ssh-second-key-differs-ipv6"):
            keys.append(self._key(host, "ecdsa", version == 6, _ecdsa_key))
        return keys

    def _key(self, host, kind, other, make):
        if (host.id, kind, other) not in self.issued:
            file = f"{host.id}.{kind}.ipv6.key" if other else f"{host.id}.{kind}.key"
            self.issued[host.id, kind, other] = self.room.write("ssh", file, make())
        return self.issued[host.id, kind, other]


def _ecdsa_key():
    """The private key file that `dropbearkey -t ecdsa -s 256` writes: names, public point, private number."""
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    number = key.private_numbers().private_value
    private = number.to_bytes(number.bit_length() // 8 + 1, "big")
    parts = (b"ecdsa-sha2-nistp256", b"nistp256", point, private)
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def _ed25519_key():
    """The private key file that `dropbearkey -t ed25519` writes: name, length 64, seed, public key."""
    key, raw = ed25519.Ed25519PrivateKey.generate(), serialization.Encoding.Raw
    seed = key.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
    public = key.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
    name = b"ssh-ed25519"
    return struct.pack(">I", len(name)) + name + struct.pack(">I", 64) + seed + public


def hostile_dropbear(room):
    """A copy of dropbear that introduces itself with a hostile string of the same length.

    The string is part of what both sides sign (RFC 4253 section 8), so it cannot be changed on the wire:
    only so does a real key exchange follow a hostile banner.
    """
    path = room.copy_of("dropbear")
    with open(path, "rb") as file:
        program = file.read()
    start = program.find(b"SSH-2.0-dropbear_")
    end = start
    while start >= 0 and 0x20 < program[end] < 0x7F:
        end += 1
    own = program[start:end]
    if start >= 0:
        program = program.replace(own, HOSTILE_IDENTIFICATION[:len(own)].ljust(len(own), b"!"))
        with open(path, "wb") as file:
            file.write(program)
    return path
