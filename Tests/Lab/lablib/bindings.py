"""Which address and port is answered by what: the one list that servers, filter and readiness share."""

from dataclasses import dataclass, field

from .errors import InputError


@dataclass
class Binding:
    """One address, port and transport, the kind of server behind it and the hosts that declare it."""

    address: object
    port: int
    transport: str
    kind: str
    hosts: list = field(default_factory=list)

    @property
    def host(self):
        """The host that answers where only one can: the first to declare the address."""
        return self.hosts[0]


def build_bindings(inventory):
    """One binding for each declared address and service; raises InputError where two hosts share an
    address and declare different servers for one port of it."""
    bindings, errors = {}, []
    for host in inventory.hosts:
        for service in host.services:
            for transport in service.transports:
                for address in host.addresses:
                    key = (address, service.port, transport)
                    binding = bindings.setdefault(key, Binding(*key, service.kind))
                    if binding.kind != service.kind:
                        errors.append(
                            f"hosts.csv:{host.line}: host '{host.id}' declares {service} on {address}, "
                            f"where host '{binding.host.id}' already has {binding.kind}")
                    elif host not in binding.hosts:
                        binding.hosts.append(host)
    if errors:
        raise InputError(errors)
    return list(bindings.values())
