"""Benchmark of `v6audit sweep` beside masscan, zmap, fping, nmap and a C program that does the least possible.

The outer half makes private namespaces and a scratch folder and runs this file again inside; when it goes, by
whatever means, the inner half goes with it, and the kernel takes all processes and the network away.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True

import scenario_alive  # noqa: E402
import scenario_large  # noqa: E402
import scenario_long  # noqa: E402
import scenario_paced  # noqa: E402
import scenario_receive  # noqa: E402
import scenario_sparse  # noqa: E402
import scenario_unlimited  # noqa: E402
from errors import BenchError  # noqa: E402

SCENARIOS = {module.NAME: module for module in (
    scenario_unlimited, scenario_receive, scenario_paced, scenario_alive, scenario_long,
    scenario_sparse, scenario_large)}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="run-sweep", description=__doc__.partition("\n")[0])
    parser.add_argument("program", metavar="PROGRAM", help="the v6audit to measure")
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=5)
    parser.add_argument("--only", action="append", choices=SCENARIOS, metavar="NAME",
                        help="one scenario, or several if given again: " + ", ".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="small ranges and one round, to see that all works")
    parser.add_argument("--without-v6audit", action="store_true", help="the others alone")
    parser.add_argument("--inside", nargs=2, metavar=("FD", "SCRATCH"), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def check_program(path):
    """Says at once what would otherwise fail in every round."""
    try:
        done = subprocess.run([os.path.abspath(path), "sweep", "--help"], capture_output=True, check=False, timeout=30)
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}; build it, or say --without-v6audit") from error
    # A program without the command may answer with its general help, and with 0.
    if b"--subnet-length" not in done.stdout:
        raise BenchError(f"{path} has no command `sweep`; say --without-v6audit to run the others alone")


def outside(arguments):
    """Runs this file inside private namespaces; returns its exit code."""
    scratch = tempfile.mkdtemp(prefix="v6audit-bench-")
    alive_read, alive_write = os.pipe()
    child = subprocess.Popen(
        ["unshare", "-Urnm", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable,
         os.path.abspath(__file__), *arguments, "--inside", str(alive_read), scratch], pass_fds=(alive_read,))
    os.close(alive_read)
    # Closing the pipe ends the inside; unshare itself ignores these signals while it waits.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os.dup2(os.open(os.devnull, os.O_WRONLY), alive_write))
    try:
        return child.wait()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def inside(options):
    def leave_with_the_outside(descriptor):
        os.read(descriptor, 1)
        os._exit(3)

    threading.Thread(target=leave_with_the_outside, args=(int(options.inside[0]),), daemon=True).start()
    from bench import Bench, progress
    from lab import Lab
    from meter import Meter
    from programs import Programs
    from report import machine
    from tools import Tools
    scratch = options.inside[1]
    tools = Tools(scratch)
    lab = Lab()
    bench = Bench(
        lab=lab, meter=Meter(lab, tools, scratch), tools=tools,
        programs=Programs(os.path.abspath(options.program), tools, scratch), scratch=scratch,
        rounds=1 if options.quick else options.rounds, quick=options.quick, with_v6audit=not options.without_v6audit)
    print(machine(), flush=True)
    for name in options.only or SCENARIOS:
        progress(f"— {name}")
        SCENARIOS[name].run(bench)
    if bench.failures:
        progress(f"{bench.failures} runs failed; see FAILED above")
    return 1 if bench.failures else 0


def main():
    options = parse(sys.argv[1:])
    if options.rounds < 1:
        raise BenchError("ROUNDS must be at least 1")
    if not options.inside and not options.without_v6audit:
        check_program(options.program)
    return inside(options) if options.inside else outside(sys.argv[1:])


if __name__ == "__main__":
    try:
        code = main()
    except (BenchError, subprocess.SubprocessError) as error:
        print(f"run-sweep: {error}", file=sys.stderr)
        code = 3
    sys.stdout.flush()
    os._exit(code)
