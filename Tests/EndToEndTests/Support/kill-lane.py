"""Audits into one directory and one store again and again, killed each time at a moment of its own.

    kill-lane.py LANE MOMENT… -- AUDIT [ARG…]

LANE is a folder; each audit writes LANE/out and LANE/db. A MOMENT is WHEN:SECONDS, the time after WHEN:
`start` (the program was started), `store` (the store grew after the first second: the run is being kept) or
`publish` (the folder of a run appeared in the output directory: the files are being put in place).

After each kill it keeps what a reader sees in LANE/seen-N and prints a line of JSON. Last it lets one audit
come to its end.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

ENDED = ("complete", "incomplete")


def run_folders(out):
    return {name for name in os.listdir(out) if name.startswith(".run-")} if os.path.isdir(out) else set()


def size(path):
    return os.stat(path).st_size if os.path.exists(path) else 0


def wait_for(when, process, out, log):
    """Waits until the moment has come; False if the audit ended before."""
    began, folders = time.monotonic(), run_folders(out)
    grown = None
    while process.poll() is None:
        if when == "start":
            return True
        if when == "publish" and run_folders(out) - folders:
            return True
        if when == "store" and time.monotonic() - began > 1:
            if grown is not None and size(log) != grown:
                return True
            grown = size(log)
        time.sleep(0.001)
    return False


def look(lane, number, db, out):
    """What is there after a kill: by SQLite's own word, and by the program's."""
    seen = {"number": number, "integrity": "no store", "states": {}, "hidden": []}
    if os.path.exists(db):
        with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
            seen["integrity"] = connection.execute("PRAGMA integrity_check").fetchone()[0]
            seen["broken_references"] = len(connection.execute("PRAGMA foreign_key_check").fetchall())
            has_runs = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'run'").fetchone()[0]
            if has_runs:
                seen["states"] = dict(connection.execute("SELECT id, state FROM run").fetchall())
        connection.close()
    if os.path.isdir(out):
        # Links are followed: this is what whoever opens the files finds.
        os.mkdir(f"{lane}/seen-{number}")
        for name in os.listdir(out):
            if not name.startswith(".") and os.path.exists(f"{out}/{name}"):
                shutil.copyfile(f"{out}/{name}", f"{lane}/seen-{number}/{name}")
    manifest = f"{lane}/seen-{number}/manifest.json"
    if os.path.exists(manifest):
        with open(manifest, encoding="utf-8") as file:
            run = json.load(file)["run"]["id"]
        seen["rewritten"] = report(db, "--run", run, "--output", f"{lane}/again-{number}")
    seen["latest"] = report(db, "--format", "csv")
    seen["hidden"] = [report(db, "--run", run, "--format", "csv")
                      for run, state in seen["states"].items() if state not in ENDED]
    return seen


def report(db, *arguments):
    ended = subprocess.run(["v6audit", "report", "--db", db, *arguments], capture_output=True, text=True)
    return {"code": ended.returncode, "stderr": ended.stderr, "lines": len(ended.stdout.splitlines())}


def main():
    separator = sys.argv.index("--")
    lane, moments, command = sys.argv[1], sys.argv[2:separator], sys.argv[separator + 1:]
    db, out = f"{lane}/db", f"{lane}/out"
    command += ["--db", db, "--output", out]
    os.makedirs(lane, exist_ok=True)
    for number, moment in enumerate(moments):
        when, delay = moment.split(":")
        log = open(f"{lane}/audit-{number}", "wb")
        process = subprocess.Popen(command, stdout=log, stderr=log)
        came = wait_for(when, process, out, db + "-wal")
        if came:
            time.sleep(float(delay))
        process.send_signal(signal.SIGKILL)
        seen = {"moment": moment, "code": process.wait(), **look(lane, number, db, out)}
        print(json.dumps(seen), flush=True)
    last = subprocess.run(command, capture_output=True, text=True)
    print(json.dumps({"moment": "none", "code": last.returncode, **look(lane, len(moments), db, out),
                      "left": sorted(os.listdir(out)), "current": os.readlink(f"{out}/.current")}))


main()
