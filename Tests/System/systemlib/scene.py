"""What every step works with."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .lab import INVENTORY, Lab
from .machine import Machine
from .service import Service

ASIDE = "/srv/aside"
"""Within the machine: what the steps lay aside. Nobody but root looks into it."""
PACKAGE, PREVIOUS = f"{ASIDE}/v6audit.deb", f"{ASIDE}/v6audit-previous.deb"
CLOCK_LIBRARY = "/usr/lib/v6audit-test-clock.so"
LAB_INVENTORY, LAB_CA = "/etc/v6audit/inventory", "/etc/v6audit/lab-ca.pem"
KEPT = "1d"
"""How long rounds are kept: longer than any clock of the test jumps, so that a run that is gone is a run lost."""
MEMBER, STRANGER = "alice", "mallory"
"""Two users: one in the group v6audit, one not."""


@dataclass
class Scene:
    """The machine, the service in it, and the lab it is wired to."""

    machine: Machine
    service: Service
    lab: Lab
    version: str
    previous_version: str

    def lab_configuration(self):
        lab = self.lab.settings
        return f"""policy: 2026-1-lab
vantage:
  name: lab
  resolver: "{lab['LAB_RESOLVER']}"
  root: "{lab['LAB_ROOT']}"
  ca-file: {LAB_CA}
  control: "{lab['LAB_CONTROL']}"
  dark: "{lab['LAB_DARK']}"
pace:
  packets-per-second: 2000
rounds:
  full: 1d
  reach: 10s
  names: off
  services: off
  exposure: off
  retest: 10s
retention:
  rounds: {KEPT}
"""

    def set_up_lab(self):
        """Gives the service the lab's inventory and its own configuration file beside the packaged one."""
        for file in sorted(INVENTORY.glob("*.csv")):
            self.machine.write(f"{LAB_INVENTORY}/{file.name}", file.read_text(encoding="utf-8"))
        self.machine.write(LAB_CA, Path(self.lab.settings["LAB_CA"]).read_text(encoding="ascii"))
        self.service.configure("lab", self.lab_configuration())


def package_version(package):
    return _output("dpkg-deb", "-f", str(package), "Version")


def make_previous(package, place):
    """The package under a lower version, for want of an older one."""
    tree = place / "previous"
    _output("dpkg-deb", "-R", str(package), str(tree))
    control = tree / "DEBIAN" / "control"
    lower = f"{package_version(package)}~previous"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {lower}", control.read_text(encoding="utf-8"), flags=re.M),
                       encoding="utf-8")
    built = place / "previous.deb"
    _output("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", str(tree), str(built))
    shutil.rmtree(tree)
    return built


def furnish(tree, package, previous):
    """What the tree needs before it boots: the packages, two users, the library that moves clocks."""
    os.mkdir(f"{tree}{ASIDE}", 0o700)
    shutil.copyfile(package, f"{tree}{PACKAGE}")
    shutil.copyfile(previous, f"{tree}{PREVIOUS}")
    Path(f"{tree}/etc/resolv.conf").unlink(missing_ok=True)
    Path(f"{tree}/etc/hostname").write_text("vantage\n", encoding="ascii")
    for user in (MEMBER, STRANGER):
        _output("chroot", str(tree), "useradd", "--create-home", user)
    source = Path(__file__).resolve().parent / "clock.c"
    _output("gcc", "-Wall", "-Werror", "-O2", "-shared", "-fPIC", "-o", f"{tree}{CLOCK_LIBRARY}", str(source))
    os.sync()


def _output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
