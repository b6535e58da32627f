"""As fast as it goes: every target answers, one try each."""

import report
from bench import median

NAME = "unlimited"


def run(bench):
    bits, peer_bits = (16, 15) if bench.quick else (20, 17)
    programs = bench.programs
    jobs = [programs.ceiling(bits, 1), programs.ceiling(bits, 2)]
    if bench.with_v6audit:
        jobs += [programs.v6audit(bits, 1), programs.v6audit(bits, 2)]
    jobs += [programs.masscan(peer_bits), programs.zmap(peer_bits, 1), programs.zmap(peer_bits, 2)]
    bench.lab.silence_nobody()
    results = bench.in_turn(jobs)

    report.heading(f"Unlimited: {1 << bits:,} IPv6 targets that all answer "
                   f"({1 << peer_bits:,} for masscan and zmap, zmap over IPv4); medians of {bench.rounds}")
    rows = []
    for job in jobs:
        done = results[job.name]
        rows.append([
            job.name, report.number(_rate(done), 1),
            report.number(median(done, lambda m, f: 1e6 * m.cpu / m.packets), 2),
            report.number(median(done, lambda m, f: m.peak)), report.number(median(done, lambda m, f: m.wall), 2),
            report.share(median(done, lambda m, f: f.targets), job.targets),
            report.number(median(done, lambda m, f: m.packets / job.targets), 3),
            report.number(_drops(done), 0), f"{len(done)} of {bench.rounds}"])
    report.table(["program", "kpps", "CPU s per million packets", "peak MiB", "wall s", "found", "packets per target",
                  "replies dropped", "runs"], rows)
    if bench.with_v6audit:
        _ratios(results)


def _ratios(results):
    rows = []
    for one, other in (("v6audit, 1 sender", "ceiling, 1 sender"), ("v6audit, 2 senders", "ceiling, 2 senders"),
                       ("v6audit, 1 sender", "masscan, 1 sender"), ("v6audit, 2 senders", "masscan, 1 sender"),
                       ("v6audit, 1 sender", "zmap, 1 sender"), ("v6audit, 2 senders", "zmap, 2 senders")):
        a, b = results[one], results[other]
        rows.append([f"{one} ÷ {other}", report.ratio(_rate(a), _rate(b)),
                     report.ratio(median(a, lambda m, f: m.cpu / m.packets), median(b, lambda m, f: m.cpu / m.packets)),
                     report.ratio(median(a, lambda m, f: m.peak), median(b, lambda m, f: m.peak))])
    report.table(["ratio of medians", "rate", "CPU per packet", "peak memory"], rows)


def _rate(done):
    rate = median(done, lambda m, f: m.rate)
    return None if rate is None else rate / 1000


def _drops(done):
    known = [(m, f) for m, f in done if f.drops is not None]
    return median(known, lambda m, f: f.drops)
