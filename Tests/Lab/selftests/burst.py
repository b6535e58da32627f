"""Asks for AAAA of h0 … hN.mau.example at one moment and counts the answers: burst.py RESOLVER COUNT."""

import socket
import struct
import sys


def main(resolver, count):
    family = socket.AF_INET6 if ":" in resolver else socket.AF_INET
    sockets = [socket.socket(family, socket.SOCK_DGRAM) for _ in range(count)]
    for number, opened in enumerate(sockets):
        opened.settimeout(3)
        opened.connect((resolver, 53))
        name = b"".join(bytes([len(label)]) + label for label in (b"h%d" % number, b"mau", b"example")) + b"\0"
        query = struct.pack(">6H", number, 0x100, 1, 0, 0, 0) + name + struct.pack(">2H", 28, 1)
        opened.send(query)
    answers = 0
    for number, opened in enumerate(sockets):
        try:
            identifier, flags, _, records = struct.unpack_from(">4H", opened.recv(512))
        except TimeoutError:
            continue
        answers += (identifier, flags & 15, records) == (number, 0, 1)
    print(answers)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
