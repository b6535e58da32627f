"""The same question as `alive` to a file of a million addresses, once: fping alone takes five minutes."""

from scenario_alive import compare, prepare

NAME = "long"


def run(bench):
    count = 5_000 if bench.quick else 1_000_000
    listing, true = prepare(bench, count)
    # fping has 65,536 sequence numbers and keeps each for ten seconds: faster than this it gives up.
    compare(bench, [bench.programs.fping(listing, count, 0.16, 600)], listing, true, 1)
    bench.lab.silence_nobody()
