"""Service syntax of the inventory: `name[:port][/transport]`, for example `https:8443` or `ntp/udp`."""

from dataclasses import dataclass

TCP, UDP = "tcp", "udp"

WELL_KNOWN = {
    "http": (80, (TCP,)),
    "https": (443, (TCP,)),
    "ssh": (22, (TCP,)),
    "smtp": (25, (TCP,)),
    "dns": (53, (UDP, TCP)),
    "ntp": (123, (UDP,)),
    "sip": (5060, (UDP,)),
    "h323": (1720, (TCP,)),
}
"""Default port and default transports. Any other name needs a port; `tcp` and `udp` name their transport."""

SERVED = {"http": {TCP}, "https": {TCP}, "ssh": {TCP}, "smtp": {TCP}, "dns": {TCP, UDP}, "ntp": {UDP},
          "sip": {TCP, UDP}}
"""The transports a real server of the lab speaks; everything else gets a bare listener."""


class ServiceError(ValueError):
    """A service that does not follow the syntax; the text says why and what would be right."""


@dataclass(frozen=True)
class Service:
    """One service as declared: `transports` holds both for plain `dns` (RFC 7766 section 5)."""

    name: str
    port: int
    transports: tuple

    @property
    def kind(self):
        """Which server answers: a name of SERVED, or `bare`."""
        served = SERVED.get(self.name)
        return self.name if served and served.issuperset(self.transports) else "bare"

    def __str__(self):
        return f"{self.name}:{self.port}/{'+'.join(self.transports)}"


def parse_service(text):
    """Reads one service; raises ServiceError."""
    body, slash, transport = text.partition("/")
    name, colon, port_text = body.partition(":")
    if not name or not all(c.isascii() and (c.islower() or c.isdigit() or c in "-_") for c in name):
        raise ServiceError(f"'{text}' is not name[:port][/transport]; write for example https:8443")
    if slash and transport not in (TCP, UDP):
        raise ServiceError(f"'{text}': transport '{transport}' is neither tcp nor udp")
    default_port, default_transports = WELL_KNOWN.get(name, (None, (UDP,) if name == UDP else (TCP,)))
    if name in (TCP, UDP) and slash and transport != name:
        raise ServiceError(f"'{text}' names two transports")
    if colon:
        if not (port_text.isascii() and port_text.isdigit() and 1 <= int(port_text) <= 65535):
            raise ServiceError(f"'{text}': port '{port_text}' is outside 1-65535")
        port = int(port_text)
    elif default_port is None:
        raise ServiceError(f"'{text}': service '{name}' is unknown, so it needs a port; write {name}:PORT")
    else:
        port = default_port
    return Service(name, port, (transport,) if slash else default_transports)
