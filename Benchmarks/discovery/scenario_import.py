"""A million hosts are imported into the store and come out again in the same bytes."""

import os
import shutil
import sys
import time

import inventory
from bench import progress
from measuring import median
from report import heading, number, table

NAME = "import"
SECONDS, MEMORY = 60, 300
"""What an import of a million hosts may take, the memory in MB."""
HOSTS = 1_000_000
PYTHON = """
import csv, sqlite3, sys
with open(sys.argv[1], encoding="utf-8", newline="") as file, sqlite3.connect(sys.argv[2]) as db:
    rows = csv.reader(file)
    columns = next(rows)
    db.execute(f"CREATE TABLE hosts ({columns[0]} TEXT PRIMARY KEY, {', '.join(f'{name} TEXT' for name in columns[1:])})")
    db.executemany(f"INSERT INTO hosts VALUES ({', '.join('?' * len(columns))})", rows)
"""
IMPORT, SHEET = "v6audit inventory import DIR", "v6audit inventory import of the spreadsheet"
SQLITE, CSV = "sqlite3 .import --csv, hosts.csv alone", "Python's csv and sqlite3 with a key, hosts.csv alone"
FRESH = {IMPORT: "store", SHEET: "sheet", SQLITE: "peer", CSV: "peer"}
"""Which file each begins anew."""


def run(bench):
    hosts = HOSTS // 100 if bench.quick else HOSTS
    folder, sheet = bench.path("inventory"), bench.path("may-chu.csv")
    began = time.monotonic()
    size, sheet_size = inventory.write(folder, hosts), inventory.write_sheet(sheet, hosts)
    progress(f"{hosts:,} hosts, {size / 1e6:.0f} MB, made in {time.monotonic() - began:.1f} s")
    runs = {}
    for turn in range(bench.rounds):
        for what, command in _commands(bench, folder, sheet):
            if what in FRESH:
                _forget(bench, FRESH[what])
            done = bench.meter.run(command, 900, name="import")
            runs.setdefault(what, []).append(done)
            progress(f"round {turn + 1}: {what}: {done.wall:.1f} s, {done.peak:.0f} MiB")
    heading(f"Import: {hosts:,} hosts, {size / 1e6:,.0f} MB of tables, {sheet_size / 1e6:,.0f} MB of a spreadsheet; "
            f"medians of {bench.rounds}")
    rows = []
    for what, done in runs.items():
        wall = median(done, "wall")
        rows.append([what, number(wall), number(median(done, "cpu")), number(median(done, "peak")), number(hosts / wall, 0)])
    table(["program", "wall s", "CPU s", "peak MiB", "hosts/s"], rows)
    for what, done in runs.items():
        if what.startswith("v6audit inventory import"):
            bench.hold(f"time of {what}", median(done, "wall"), SECONDS, "s")
            bench.hold(f"memory of {what}", median(done, "peak") * 1.048576, MEMORY, "MB")
    _compare(bench, folder)
    for path in (folder, bench.path("out"), bench.path("sheet-out")):
        shutil.rmtree(path)
    for kind in ("store", "sheet", "peer"):
        _forget(bench, kind)
    os.remove(sheet)


def _commands(bench, folder, sheet):
    store, other = bench.path("store.db"), bench.path("sheet.db")
    ours = [bench.program, "inventory"]
    peer = bench.path("peer.db")
    return (
        (IMPORT, [*ours, "import", folder, "--db", store, "--by", "bench"]),
        ("v6audit inventory export", [*ours, "export", "--db", store, "--output", bench.path("out")]),
        ("v6audit inventory import DIR, nothing new", [*ours, "import", folder, "--db", store, "--by", "bench"]),
        (SHEET, [*ours, "import", sheet, "--format", "table", *inventory.options(), "--db", other, "--by", "bench"]),
        ("v6audit inventory export of it", [*ours, "export", "--db", other, "--output", bench.path("sheet-out")]),
        (SQLITE, ["sqlite3", peer, f".import --csv {folder}/hosts.csv hosts"]),
        (CSV, [sys.executable, "-c", PYTHON, f"{folder}/hosts.csv", peer]))


def _forget(bench, kind):
    for end in ("", "-wal", "-shm", ".lock"):
        path = bench.path(f"{kind}.db{end}")
        if os.path.exists(path):
            os.remove(path)


def _compare(bench, folder):
    for name in inventory.COLUMNS:
        same, place = _same(os.path.join(folder, f"{name}.csv"), bench.path("out", f"{name}.csv"))
        bench.check(f"{name}.csv comes out byte for byte", same, place)
    same, place = _same(os.path.join(folder, "hosts.csv"), bench.path("sheet-out", "hosts.csv"))
    bench.check("hosts.csv comes out of the spreadsheet byte for byte", same, place)


def _same(one, other):
    """Whether two files have the same bytes; if not, the first line that differs."""
    with open(one, "rb") as left, open(other, "rb") as right:
        for line, (ours, theirs) in enumerate(zip(left, right), 1):
            if ours != theirs:
                return False, f"line {line}: {ours[:200]!r} went in, {theirs[:200]!r} came out"
        return left.read(1) == right.read(1) == b"", "one is longer"
