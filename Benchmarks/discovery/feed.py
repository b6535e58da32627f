"""Sends the frames of a capture into an interface at a rate: feed.py CAPTURE INTERFACE COUNT RATE.

For an interface of a private namespace only.
"""

import socket
import struct
import sys
import time

AT_ONCE = 64


def feed(path, interface, count, rate):
    link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    link.bind((interface, 0))
    header = struct.Struct(">IIII").unpack_from
    with open(path, "rb") as file:
        data, at = file.read(24 + count * 1600), 24
    began = time.monotonic()
    for number in range(count):
        if at + 16 > len(data):
            break
        length = header(data, at)[2]
        link.send(memoryview(data)[at + 16:at + 16 + length])
        at += 16 + length
        if number % AT_ONCE == 0:
            rest = began + number / rate - time.monotonic()
            if rest > 0:
                time.sleep(rest)
    print(f"{number + 1} frames in {time.monotonic() - began:.3f} s")


if __name__ == "__main__":
    feed(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
