"""Asks curl, openssl and ssh-keyscan what the audit has observed, and prints every difference, one a line.

Usage in a lab: web-oracle.py DATABASE. The last line counts the comparisons of each kind.
"""

import base64
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

counts = Counter()
differences = []


def run(command, data=b""):
    return subprocess.run(command, input=data, capture_output=True, timeout=30, check=False)


def compare(what, ours, theirs):
    if ours != theirs:
        differences.append(f"{what}: observed {ours}, the oracle says {theirs}")


def curl(fact, bodies):
    """Status, final URL, number of redirects, length and version of one page."""
    endpoint, name, service = fact["endpoint"], fact["name"], fact["service"]
    family = "6" if ":" in endpoint["address"] else "4"
    with tempfile.NamedTemporaryFile() as file:
        done = run(["curl", f"-{family}", "-s", "-k", "-L", "--max-redirs", "5", "--max-time", "8", "--http2",
                    "--max-filesize", "2000000", "-H", "Accept-Encoding: identity", "-o", file.name,
                    "-w", "%{http_code} %{url_effective} %{num_redirects} %{size_download} %{http_version}",
                    f"{service}://{name}/"])
        status, url, redirects, size, version = done.stdout.decode().split(" ")
        with open(file.name, "rb") as body:
            bodies[name, service, family] = hashlib.sha256(body.read()).hexdigest()
    what = f"curl -{family} {service}://{name}/"
    kind, outcome = next(iter(fact["outcome"].items()))
    counts["curl"] += 1
    if kind == "fetched":
        page = outcome["_0"]
        compare(what, (page["status"], page["url"], page["redirects"]), (int(status), url, int(redirects)))
        if page["isWhole"]:
            compare(what + " length", page["length"], int(size))
        compare(what + " ends", page["isWhole"], done.returncode == 0)
    else:
        # Could not resolve, connection, TLS, timeout, too many redirects, nothing or nonsense received.
        expected = {"redirectLost": {6, 7}, "redirectLoop": {47}, "bodyFailed": {18, 28},
                    "failed": {1, 7, 27, 28, 35, 52, 56}}[kind]
        if done.returncode not in expected:
            differences.append(f"{what}: observed {kind}, curl exit {done.returncode}")
    return name, service, family, version


def openssl(fact, certificate):
    """Hashes of certificate and key of one handshake."""
    endpoint, name = fact["endpoint"], fact.get("name")
    address = endpoint["address"]
    command = ["openssl", "s_client", "-connect", f"[{address}]:{endpoint['port']}" if ":" in address
               else f"{address}:{endpoint['port']}"]
    command += ["-starttls", "smtp"] if fact["service"] == "smtp" else []
    command += ["-servername", name] if name else ["-noservername"]
    shown = run(command).stdout
    der = run(["openssl", "x509", "-outform", "der"], shown).stdout
    key = run(["openssl", "x509", "-pubkey", "-noout"], shown).stdout
    info = run(["openssl", "pkey", "-pubin", "-outform", "der"], key).stdout
    counts["openssl"] += 1
    compare(" ".join(command), (certificate["certificateSHA256"], certificate["keySHA256"]),
            (hashlib.sha256(der).hexdigest(), hashlib.sha256(info).hexdigest()))


def keyscan(fact, keys):
    """Every host key of one server."""
    endpoint = fact["endpoint"]
    lines = run(["ssh-keyscan", "-T", "8", "-p", str(endpoint["port"]), endpoint["address"]]).stdout.decode()
    theirs = {(line.split(" ")[1], hashlib.sha256(base64.b64decode(line.split(" ")[2])).hexdigest())
              for line in lines.splitlines() if not line.startswith("#")}
    ours = {("ssh-rsa" if key["algorithm"].startswith("rsa-") else key["algorithm"], key["keySHA256"])
            for key in keys}
    counts["ssh-keyscan"] += 1
    counts["keys"] += len(theirs)
    compare(f"ssh-keyscan {endpoint['address']}", ours, theirs)


def main():
    database = sqlite3.connect(f"file:{os.path.abspath(sys.argv[1])}?mode=ro", uri=True)
    facts = [json.loads(row[0]) for row in database.execute("SELECT fact FROM observation ORDER BY sequence")]
    pages = [fact["page"] for fact in facts if "page" in fact]
    handshakes = [fact["handshake"] for fact in facts if "handshake" in fact]
    done = [(fact, fact["outcome"]["completed"]["_0"]) for fact in handshakes if "completed" in fact["outcome"]]
    bodies = {}
    with ThreadPoolExecutor(16) as pool:
        jobs = [pool.submit(curl, page, bodies) for page in pages if page.get("name")]
        others = [pool.submit(openssl, fact, identity["certificate"]) for fact, identity in done
                  if "certificate" in identity]
        others += [pool.submit(keyscan, fact, identity["hostKeys"]) for fact, identity in done
                   if "hostKeys" in identity]
        versions = {job.result()[:3]: job.result()[3] for job in jobs}
        for job in others:
            job.result()
    for fact, identity in done:
        family = "6" if ":" in fact["endpoint"]["address"] else "4"
        key = (fact.get("name"), fact["service"], family)
        if key in versions and identity["service"] == "https":
            counts["versions"] += 1
            compare(f"version of {key}", identity["greeting"].split(" ")[0],
                    {"2": "HTTP/2", "1.1": "HTTP/1.1"}.get(versions[key], versions[key]))
    # Equal bodies have equal hashes; that of others is what volatile parts decide.
    hashes = {(page["name"], page["service"], "6" if ":" in page["endpoint"]["address"] else "4"):
              page["outcome"]["fetched"]["_0"]["contentSHA256"]
              for page in pages if "fetched" in page["outcome"] and page.get("name")}
    for (name, service, family), ours in hashes.items():
        other = (name, service, "4")
        if family == "6" and other in hashes and bodies[name, service, "6"] == bodies[other]:
            counts["bodies"] += 1
            compare(f"body of {service}://{name}/", ours, hashes[other])
    print("\n".join(differences + [" ".join(f"{what}={counts[what]}" for what in sorted(counts))]))


main()
