"""Whether the program under test kept to its scope and its pace, by the capture."""

import ipaddress

from lablib.errors import InputError

from .capture import frames

BROADCAST = "ff:ff:ff:ff:ff:ff"
ECHO_REQUEST, LISTENER_QUERY, SOLICITATION = "128", "130", "135"


def is_question(row):
    """Whether a frame of the vantage's asks something.

    Its kernel only answers, and asks those who asked it, by unicast, whether they are still there.
    """
    if row["arp.opcode"] == "1":
        return row["eth.dst"] == BROADCAST
    if row["icmpv6.type"] == SOLICITATION:
        return row["eth.dst"].startswith("33:33:")
    return row["icmpv6.type"] in (ECHO_REQUEST, LISTENER_QUERY) or row["ipv6.dstopts.nxt"] != ""


def _questions(truth, folder, link, first, last):
    macs = {row["name"]: row["mac"] for row in truth["links"]}
    if link not in macs:
        raise InputError(f"{link}: no such link")
    return [row for row in frames(folder, link, first, last) if row["eth.src"] == macs[link]]


def show_scope(truth, folder, link, allowed, first, last):
    """Looks whether everything that left on any link was for an address that was allowed, and on the one link."""
    networks = [ipaddress.ip_network(text) for text in allowed]
    asked, outside = 0, []
    for row in truth["links"]:
        for frame in _questions(truth, folder, row["name"], first, last):
            asks = is_question(frame)
            asked += asks
            if asks and row["name"] != link:
                outside.append(f"on {row['name']}: {_text(frame)}")
            elif not all(_is_inside(ipaddress.ip_address(text), networks) for text in _targets(frame)):
                outside.append(_text(frame))
    for line in outside[:10]:
        print(f"  outside: {line}")
    print(f"scope: {asked} questions on {link}, {len(outside)} outside of {' '.join(allowed)}")
    return bool(asked) and not outside


def _targets(frame):
    fields = ("arp.dst.proto_ipv4", "ip.dst", "ipv6.dst", "icmpv6.nd.ns.target_address")
    return [frame[name] for name in fields if frame[name]]


def _is_inside(address, networks):
    # What is for the link alone goes no further; whether all nodes may be asked is a rule of its own.
    if address.version == 6 and (address.is_link_local or address.packed[:2] == b"\xff\x02"):
        return True
    return any(address.version == network.version and address in network for network in networks)


def _text(frame):
    return f"{frame['eth.src']} > {frame['eth.dst']} {' '.join(_targets(frame))}"


def show_pace(truth, folder, most, first, last):
    """The most questions that left in one second, any second, on each link."""
    is_good = True
    for row in truth["links"]:
        times = sorted(f["time"] for f in _questions(truth, folder, row["name"], first, last) if is_question(f))
        busiest = start = 0
        for end, time in enumerate(times):
            while time - times[start] >= 1:
                start += 1
            busiest = max(busiest, end - start + 1)
        print(f"pace: {row['name']}: {len(times)} questions, {busiest} in the busiest second, {most} allowed")
        # One more fits where the first and the last are just within the second.
        is_good &= bool(times) and busiest <= most + 1
    return is_good
