"""The nightly export."""

import csv
import io
import time

from systemlib.errors import expect
from systemlib.scene import MEMBER
from systemlib.service import STATE

EXPORT = f"{STATE}/export"
FILES = ["SHA256SUMS", "checks.csv", "compliance.csv", "hosts.csv", "manifest.json"]
FIGURE = ("75.00", "100.00", "no")
"""Three of four agencies converted, one unknown, which is not enough for the target: lifecycle.TRUTH."""


def nightly(scene):
    """`systemctl start v6audit-export`: today's directory has all files, `sha256sum -c` finds them whole,
    compliance.csv has the city's figure, members of the group may read it; the timer is on and has a next time."""
    machine = scene.machine
    machine.run("systemctl start v6audit-export.service", timeout=60)
    today = machine.says("date +%F")
    night = f"{EXPORT}/{today}"
    names = machine.says(f"ls {night}").split()
    expect(sorted(names) == FILES, f"{night} has {names}")
    machine.run(f"cd {night} && sha256sum --strict --quiet -c SHA256SUMS", user=MEMBER)
    rows = list(csv.DictReader(io.StringIO(machine.says(f"cat {night}/compliance.csv", user=MEMBER))))
    city = next(row for row in rows if row["scope"] == "city")
    expect((city["percent_low"], city["percent_high"], city["target_met"]) == FIGURE, f"the city is {city}")
    following = machine.says("systemctl show --property=NextElapseUSecRealtime --value v6audit-export.timer")
    expect(machine.says("systemctl is-active v6audit-export.timer") == "active" and following, "the timer is off")
    return (f"{night}: {len(names)} files whole, city {city['percent_low']} to {city['percent_high']} %; "
            f"next time {following}")


def retention(scene):
    """Old nights in the export's directory: those beyond `export: keep` go with the next export, younger ones and
    directories with other names stay; a second export of the day replaces the first as a whole."""
    machine, service = scene.machine, scene.service
    now = time.time()
    nights = {time.strftime("%Y-%m-%d", time.gmtime(now - days * 86_400)): days <= 30 for days in (2, 20, 40, 700)}
    others = ["notes", "2020-13-45"]
    machine.run("".join(f"mkdir -p {EXPORT}/{name} && touch {EXPORT}/{name}/x; " for name in [*nights, *others])
                + f"chown -R v6audit:v6audit {EXPORT}")
    service.configure("export", "export:\n  keep: 30d\n")
    try:
        machine.run("systemctl start v6audit-export.service", timeout=60)
        left = machine.says(f"ls -A {EXPORT}").split()
    finally:
        service.forget("export")
    today = machine.says("date +%F")
    wanted = sorted([name for name, stays in nights.items() if stays] + others + [today])
    expect(sorted(left) == wanted, f"left are {left}, should be {wanted}")
    machine.run(f"cd {EXPORT}/{today} && sha256sum --strict --quiet -c SHA256SUMS")
    return f"kept 2 and 20 days, removed 40 and 700 days; left alone: {' '.join(others)}"
