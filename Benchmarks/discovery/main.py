"""Benchmark of `v6audit discover` and `v6audit inventory import` beside arpwatch, tshark, sqlite3 and dig.

The outer half makes private namespaces and a scratch folder and runs this file again inside; all goes with it.
"""

import argparse
import os
import platform
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(os.path.dirname(HERE), "sweep"))

import scenario_flood  # noqa: E402
import scenario_import  # noqa: E402
import scenario_passive  # noqa: E402
import scenario_reverse  # noqa: E402
from errors import BenchError  # noqa: E402
from namespaces import run_again_inside  # noqa: E402

SCENARIOS = {module.NAME: module for module in (scenario_passive, scenario_flood, scenario_import, scenario_reverse)}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="run-discovery", description=__doc__.partition("\n")[0])
    parser.add_argument("program", metavar="PROGRAM", help="the v6audit to measure")
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=3)
    parser.add_argument("--only", action="append", choices=SCENARIOS, metavar="NAME",
                        help="one scenario, or several if given again: " + ", ".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="small sizes and one round, to see that all works")
    parser.add_argument("--inside", metavar="SCRATCH", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def check_program(path):
    """Says at once what would otherwise fail in every scenario."""
    try:
        done = subprocess.run([path, "discover", "--help"], capture_output=True, check=False, timeout=30)
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}") from error
    if b"--reverse-zone" not in done.stdout:
        raise BenchError(f"{path} has no command `discover`")


def machine():
    """One line about where this ran."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
    packages = ["arpwatch", "tshark", "sqlite3", "nsd", "bind9-dnsutils"]
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}, ", *packages], capture_output=True,
                           text=True, check=False, timeout=30)
    return (f"{os.cpu_count()} × {model} ({platform.machine()}), Linux {platform.release()}; {asked.stdout}"
            f"load before: {os.getloadavg()[0]:.2f}")


def inside(options):
    from bench import Bench, progress
    # Packets go to this namespace's own loopback interface, and nowhere else.
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True, timeout=30)
    bench = Bench(os.path.abspath(options.program), options.inside, 1 if options.quick else options.rounds, options.quick)
    print(machine(), flush=True)
    for name in options.only or SCENARIOS:
        progress(f"— {name}")
        try:
            SCENARIOS[name].run(bench)
        except BenchError as error:
            print(f"FAILED: {name}: {error}", flush=True)
            bench.failures.append(f"{name}: {error}")
    if bench.failures:
        print("\nNot held: " + "; ".join(bench.failures), flush=True)
    return 1 if bench.failures else 0


def main():
    options = parse(sys.argv[1:])
    if options.rounds < 1:
        raise BenchError("ROUNDS must be at least 1")
    if options.inside:
        return inside(options)
    check_program(os.path.abspath(options.program))
    return run_again_inside(__file__, sys.argv[1:], "discovery")


if __name__ == "__main__":
    try:
        code = main()
    except (BenchError, subprocess.SubprocessError) as error:
        print(f"run-discovery: {error}", file=sys.stderr)
        code = 3
    sys.stdout.flush()
    os._exit(code)
