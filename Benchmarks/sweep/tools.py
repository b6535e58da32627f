"""Our own C programs, compiled into a folder that goes away with the run."""

import os
import subprocess

from addresses import CITY_MAC, VANTAGE_6, VANTAGE_MAC
from errors import BenchError
from lab import CITY_LINK, IN_CITY, VANTAGE_LINK

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "c")
PROGRAMS = ("ceiling", "flood", "multiply", "arrivals", "measured", "targets")
SHARED = ("echo.c", "sender.c", "ring.c", "options.c")


class Tools:
    """The command lines of the C programs; compiles them."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "bin")
        os.mkdir(self.folder)
        for name in PROGRAMS:
            sources = [os.path.join(SOURCES, file) for file in (f"{name}.c", *SHARED)]
            done = subprocess.run(["cc", "-O2", "-Wall", "-pthread", "-o", self._path(name), *sources],
                                  capture_output=True, text=True, check=False, timeout=120)
            if done.returncode:
                raise BenchError(f"cc cannot compile {name}: {done.stderr[:2000]}")

    def ceiling(self, first, count, *options):
        """From the vantage: echo requests to `count` /64s."""
        return [self._path("ceiling"), "--interface", VANTAGE_LINK, "--from-mac", VANTAGE_MAC, "--to-mac", CITY_MAC,
                "--vantage", VANTAGE_6, "--first", first, "--count", str(count), *options]

    def flood(self, first, count, *options):
        """From the city: echo replies that nobody asked for."""
        return [*IN_CITY, self._path("flood"), "--interface", CITY_LINK, "--from-mac", CITY_MAC,
                "--to-mac", VANTAGE_MAC, "--vantage", VANTAGE_6, "--first", first, "--count", str(count), *options]

    def multiply(self, times):
        """In the city: that many replies to each echo request."""
        return [*IN_CITY, self._path("multiply"), CITY_LINK, str(times)]

    def arrivals(self, version, file):
        """In the city: when each echo request arrives."""
        return [*IN_CITY, self._path("arrivals"), CITY_LINK, str(version), file]

    def measured(self, result, timeout, command):
        return [self._path("measured"), result, str(timeout), *command]

    def targets(self, file, first, count):
        return [self._path("targets"), file, first, str(count)]

    def _path(self, name):
        return os.path.join(self.folder, name)
