"""A real Prometheus finds the hosts by HTTP service discovery, has them probed, and says that all is up.

usage: prometheus.py URL TOKEN SCRATCH
"""

import json
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

# "type: Bearer" is what Prometheus should take for granted, and 2.42 forgets for a discovery's credentials file.
CONFIGURATION = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: v6audit
    authorization: {{type: Bearer, credentials_file: {token}}}
    static_configs: [{{targets: ['{server}']}}]
  - job_name: v6audit-probe
    metrics_path: /probe
    params: {{module: [tcp]}}
    authorization: {{type: Bearer, credentials_file: {token}}}
    http_sd_configs:
      - url: {url}/api/v1/sd?agency=agency-000
        refresh_interval: 5s
        authorization: {{type: Bearer, credentials_file: {token}}}
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_target}}
      - {{source_labels: [__param_target], target_label: instance}}
      - {{target_label: __address__, replacement: '{server}'}}
"""


def free_port():
    with socket.socket(socket.AF_INET) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, query):
    url = f"http://127.0.0.1:{port}/api/v1/query?query={urllib.parse.quote(query)}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)["data"]["result"]


def wait(port, query, count, what):
    result = []
    for _ in range(60):
        try:
            result = ask(port, query)
        except OSError:
            pass
        if len(result) == count:
            print(f"{what}: {count}")
            return result
        time.sleep(1)
    sys.exit(f"{what}: {len(result)} and not {count}: {result[:3]}")


def main():
    url, token, scratch = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    (scratch / "token").write_text(token + "\n")
    configuration = scratch / "prometheus.yml"
    configuration.write_text(
        CONFIGURATION.format(url=url, server=url.removeprefix("http://"), token=scratch / "token"))
    subprocess.run(["promtool", "check", "config", configuration], check=True)
    port = free_port()
    process = subprocess.Popen(
        ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={scratch / 'tsdb'}",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
    try:
        wait(port, 'up{job="v6audit"} == 1', 1, "the server is up")
        wait(port, 'up{job="v6audit-probe"} == 1', 50, "probed hosts are up")
        probed = wait(port, "probe_success == 1", 50, "probes succeeded")
        labels = {(r["metric"]["host"], r["metric"]["agency"], r["metric"]["instance"]) for r in probed}
        if any(host != instance or agency != "agency-000" for host, agency, instance in labels):
            sys.exit(f"labels: {sorted(labels)[:3]}")
        wait(port, 'v6audit_probe_verdict{check="reach.tcp",verdict="pass"} == 1', 50, "verdicts")
        wait(port, "v6audit_city_converted_ratio", 2, "bounds of the city's figure")
        wait(port, 'v6audit_host_ready{agency="agency-001"}', 9, "measured hosts of the second agency")
    finally:
        process.terminate()
        process.wait()


main()
