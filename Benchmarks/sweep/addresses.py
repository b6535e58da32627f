"""The lab's addresses: documentation and benchmark space alone, so that a packet that left would go nowhere."""

import ipaddress
import random
import socket

# Not inside any range of targets (RFC 3849, RFC 5737).
VANTAGE_6, CITY_6 = "2001:db8:ffff::1", "2001:db8:ffff::2"
VANTAGE_4, CITY_4 = "192.0.2.1", "192.0.2.2"
VANTAGE_MAC, CITY_MAC = "02:00:00:00:00:01", "02:00:00:00:00:02"

# 2^24 networks of /64, one target ::1 in each; all answer unless a scenario silences some.
TARGETS_6 = ipaddress.IPv6Network("2001:db8::/40")
# 131,072 addresses (RFC 2544).
TARGETS_4 = ipaddress.IPv4Network("198.18.0.0/15")

FIRST_TARGET = str(TARGETS_6[1])
_FIRST = int(TARGETS_6[1])


def prefix_of(bits):
    """The prefix that holds the first 2^bits /64s."""
    return f"{TARGETS_6[0]}/{64 - bits}"


def packed_target(number):
    """Target `number`, as sixteen bytes."""
    return (_FIRST + (number << 64)).to_bytes(16, "big")


def target(number):
    return socket.inet_ntop(socket.AF_INET6, packed_target(number))


def packed(text):
    """An IPv6 address as bytes, however it is written; None for anything else."""
    try:
        return socket.inet_pton(socket.AF_INET6, text)
    except (OSError, UnicodeEncodeError):
        return None


def chosen(count, share, seed):
    """The numbers of `share` of the targets 0 … count - 1, the same ones for the same seed."""
    return sorted(random.Random(seed).sample(range(count), round(count * share)))
