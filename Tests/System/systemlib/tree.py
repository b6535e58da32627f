"""The Debian tree the machine boots: made once by debootstrap, copied for every run."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from .errors import CannotRun

PACKAGES = Path(__file__).resolve().parent.parent / "tree-packages.txt"
SUITE = "bookworm"


def base_tree(cache):
    """The tree that is only copied; debootstrap makes it if the list of packages has changed or `cache` is empty."""
    packages = PACKAGES.read_text(encoding="ascii").split()
    name = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    base = cache / f"{SUITE}-{name}"
    if base.is_dir():
        return base
    cache.mkdir(parents=True, exist_ok=True)
    partial = cache / f"{SUITE}-{name}.{os.getpid()}"
    log = cache / "debootstrap.log"
    print(f"debootstrap: making {base}; this takes a minute or two, once", flush=True)
    with open(log, "w", encoding="utf-8") as file:
        done = subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=" + ",".join(packages), SUITE, str(partial), _mirror()],
            stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        shutil.rmtree(partial, ignore_errors=True)
        raise CannotRun(f"debootstrap failed; see {log}")
    shutil.rmtree(partial / "var" / "cache" / "apt")
    os.rename(partial, base)
    return base


def fresh_tree(base, place):
    """A copy of the tree at `place`."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(place)], check=True)
    return place


def _mirror():
    """Where the machine itself gets the suite from."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"],
        capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        uri, codename, component = (line.split() + ["", "", ""])[:3]
        if (codename, component) == (SUITE, "main"):
            return uri
    raise CannotRun(f"apt knows no source of {SUITE}; add one to /etc/apt/sources.list, then apt-get update")
