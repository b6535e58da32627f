"""The store: a full disk, a copy while it is in use, damage and the way back."""

from systemlib.errors import eventually, expect
from systemlib.scene import ASIDE
from systemlib.service import STATE, STORE, UNIT

DISK_MB = 64
BACKUP = f"{ASIDE}/copy.db"


def disk_full(scene):
    """The state directory on a disk of 64 MB that is filled to the last byte during rounds: journal and status line
    say so, the service goes on and holds what it measures; with room again it writes that down, and no run that was
    there is lost."""
    service, machine = scene.service, scene.machine
    machine.run(f"systemctl stop {UNIT}")
    # Tmpfs: a file system of its own, with a size.
    machine.run(f"cp -a {STATE} {ASIDE}/state && mount -t tmpfs -o size={DISK_MB}m,mode=750 tmpfs {STATE} && "
                f"chown v6audit:v6audit {STATE} && cp -a {ASIDE}/state/. {STATE}/")
    try:
        service.restart()
        before = service.new_run(service.runs(), 60) and service.runs()
        mark, main = service.mark(), service.main
        machine.run(f"dd if=/dev/zero of={STATE}/filler bs=64k 2>/dev/null; "
                    f"df --output=avail {STATE} | tail -1 | grep -qx ' *0'", timeout=120)
        message = service.said("store takes nothing", mark, 90)
        line = eventually("the status line says so", 10,
                          lambda: service.line if "held in memory" in service.line else None)
        expect(service.state == "active" and service.main == main, "the service did not go on")
        expect(machine.run("v6audit status", check=False).returncode == 1, "v6audit status finds nothing wrong")
        service.keeps(before)
        machine.run(f"rm {STATE}/filler")
        service.new_run(before, 60)
        service.keeps(before)
        service.said("takes what was held in memory", mark, 30)
        eventually("nothing is wrong any more", 60, lambda: not service.status()["troubles"])
        expect(service.main == main, "the service was restarted")
    finally:
        machine.run(f"rm -f {STATE}/filler; systemctl stop {UNIT}; cp -a {STATE}/. {ASIDE}/state/ && "
                    f"umount {STATE} && cp -a {ASIDE}/state/. {STATE}/ && rm -rf {ASIDE}/state", timeout=120)
        service.restart()
    service.keeps(before)
    return f"\"{message['MESSAGE']}\"; Status: \"{line}\"; {len(before)} runs kept, the held one written"


def backup(scene):
    """`v6audit backup` while a round writes: the copy is whole by SQLite's own word, and has every run."""
    service, machine = scene.service, scene.machine
    machine.run(f"rm -f {BACKUP}")
    service.worker()
    before = service.runs()
    machine.run(f"v6audit backup {BACKUP} --db {STORE}", timeout=60)
    verdict = machine.says(f"sqlite3 -readonly {BACKUP} 'PRAGMA integrity_check'")
    expect(verdict == "ok", verdict)
    copied = machine.says(f"sqlite3 -readonly {BACKUP} \"SELECT id FROM run WHERE state = 'complete'\"").split()
    missing = set(before) - set(copied)
    expect(not missing, f"the copy lacks {missing}")
    owners = machine.says(f"stat -c %U {STATE}/v6audit.db*").split()
    expect(set(owners) == {"v6audit"}, f"files of the store belong to {owners}")
    return f"{len(copied)} runs in the copy, integrity_check: {verdict}"


def corrupt(scene):
    """A page of the store is overwritten with noise while the service is stopped: it says what is damaged and what to
    do, and changes not one byte of the file; with the copy in its place (docs/operations.md) all is well."""
    service, machine = scene.service, scene.machine
    backup(scene)
    before = machine.says(f"sqlite3 -readonly {BACKUP} \"SELECT count(*) FROM run WHERE state = 'complete'\"")
    machine.run(f"systemctl stop {UNIT}")
    # Everything into the one file; then noise from its second page on, to which the first one leads.
    machine.run(f"sqlite3 {STORE} 'PRAGMA wal_checkpoint(TRUNCATE)'", user="v6audit")
    machine.run(f"dd if=/dev/urandom of={STORE} bs=4096 seek=1 count=40 conv=notrunc status=none")
    damaged = machine.says(f"sha256sum < {STORE}")
    mark = service.mark()
    try:
        machine.run(f"systemctl start {UNIT}", check=False, timeout=60)
        message = service.said("(?i)damaged|corrupt|malformed", mark, 90)
        expect(machine.says(f"sha256sum < {STORE}") == damaged, "the damaged file was changed")
        done = machine.run(f"v6audit report --db {STORE}", check=False)
        expect(done.returncode != 0 and "restore a copy" in done.stderr + str(message["MESSAGE"]),
               f"no remedy in: {done.stderr} {message['MESSAGE']}")
    finally:
        machine.run(f"systemctl stop {UNIT}; rm -f {STORE}-wal {STORE}-shm; mv {STORE} {ASIDE}/damaged.db", check=False)
        machine.run(f"install -o v6audit -g v6audit -m 600 {BACKUP} {STORE}")
        service.restart()
    known = service.runs()
    expect(len(known) >= int(before), f"{len(known)} runs after the copy was put back, {before} were in it")
    service.new_run(known, 90)
    eventually("nothing is wrong any more", 60, lambda: not service.status()["troubles"])
    machine.run(f"rm -f {ASIDE}/damaged.db")
    return f"\"{str(message['MESSAGE'])[:200]}\"; file unchanged; restored from the copy, {len(service.runs())} runs"
