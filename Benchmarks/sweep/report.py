"""Markdown, to be pasted into docs/benchmarks.md."""

import os
import platform
import subprocess


def heading(text):
    print(f"\n### {text}\n", flush=True)


def table(titles, rows):
    """The first column is text, all others are numbers."""
    print("| " + " | ".join(titles) + " |")
    print("|---|" + "---:|" * (len(titles) - 1))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")
    print(flush=True)


def number(value, digits=1):
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(part):
    return "–" if part is None else f"{100 * part:.1f} %"


def ratio(one, other, digits=2):
    return number(one / other, digits) if one is not None and other else "–"


def share(part, whole):
    """A percentage, cut and not rounded: 100 means all."""
    if part is None or not whole:
        return "–"
    return "100 %" if part == whole else f"{int(part * 100_000 / whole) / 1000:.3f} %"


def machine():
    """One line about where this ran."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
    versions = [f"{name} {_version(command)}" for name, command in (
        ("masscan", ["masscan", "--version"]), ("zmap", ["zmap", "--version"]), ("fping", ["fping", "--version"]),
        ("nmap", ["nmap", "--version"]), ("cc", ["cc", "--version"]))]
    return (f"{os.cpu_count()} × {model} ({platform.machine()}), Linux {platform.release()}; {', '.join(versions)}; "
            f"load before: {os.getloadavg()[0]:.2f}")


def _version(command):
    """The first word with a digit and a dot in what a program says about itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except OSError:
        return "missing"
    words = (done.stdout + done.stderr).replace("(", " ").split()
    return next((word.rstrip(")") for word in words if "." in word and word[0].isdigit()), "?")
