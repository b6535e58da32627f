"""Captures the vantage's wire into a pcap file: capture.py INTERFACE FILE COMMAND [ARG…].

AF_PACKET itself, since dumpcap is not for everybody; tshark then reads the file.
"""

import socket
import struct
import subprocess
import sys
import threading
import time

ETH_P_ALL, PACKET_STATISTICS, SOL_PACKET = 3, 6, 263


def main(interface, path, command):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    wire.bind((interface, 0))
    wire.settimeout(0.1)
    done = threading.Event()

    def write():
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            while not done.is_set():
                try:
                    frame = wire.recv(65535)
                except TimeoutError:
                    continue
                now = time.time()
                file.write(struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(frame), len(frame)) + frame)

    writer = threading.Thread(target=write)
    writer.start()
    code = subprocess.call(command)
    time.sleep(0.2)
    done.set()
    writer.join()
    _, dropped = struct.unpack("II", wire.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
    return code or (1 if dropped else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
