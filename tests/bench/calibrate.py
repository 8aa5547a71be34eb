"""How far the printed intervals and verdicts can be trusted on this host.

usage: calibrate.py IPC-ADVISOR [RUNS]
Whole runs, one after the other: how often the printed 95 % interval of a round trip's median holds the median of all
runs' medians, for each mechanism; how often a recommendation's verdict differs from the usual one; and what becomes of
it while every CPU is kept busy, when it may be inconclusive but not wrong.
"""
import collections
import json
import os
import statistics
import subprocess
import sys

BINARY = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
MXR = os.path.join(os.path.dirname(__file__), "..", "..", "man", "examples", "mxr.toml")


def report(*arguments):
    return json.loads(subprocess.run([BINARY, *arguments, "-o", "json"], capture_output=True, text=True, timeout=120, check=False).stdout)


def headline(probe):
    """The round trip at 64 bytes with both ends asleep while they wait."""
    return next((one for one in probe["round_trip"] if one["bytes"] == 64 and not one.get("mode")), None)


def verdicts(runs):
    """How often each verdict was given, in words; with it, how late one in a hundred bare sleeps ended: what the host did
    to a program that used no mechanism at all."""
    seen, late = collections.Counter(), collections.defaultdict(list)
    for _ in range(runs):
        told = report("recommend", MXR)
        verdict = told["channels"][0]["verdict"]
        seen[verdict] += 1
        late[verdict].append(next(probe["late_p99_ns"] for probe in told["probes"] if "late_p99_ns" in probe) / 1000)
    return ", ".join(f"{count} {word} (bare sleeps {statistics.median(late[word]):.3g} us late)" for word, count in seen.most_common())


def main():
    # First, on a host that has rested: some virtual machines are slowed for minutes after two of full use.
    print(f"{RUNS * 5} whole runs of recommend on the case study: {verdicts(RUNS * 5)}", flush=True)
    seen = collections.defaultdict(list)
    for _ in range(RUNS):
        for probe in report("probe")["probes"]:
            if headline(probe):
                seen[probe["mechanism"]].append(headline(probe))
    print(f"{RUNS} whole runs of probe; wanted: at least {RUNS * 19 // 20} intervals that hold the pooled median")
    for mechanism, figures in sorted(seen.items()):
        pooled = statistics.median(one["median_ns"] for one in figures)
        held = sum(one["low_ns"] <= pooled <= one["high_ns"] for one in figures)
        spread = statistics.pstdev(one["median_ns"] for one in figures) / pooled
        print(f"  {mechanism:18} {held} of {len(figures)}; pooled median {pooled / 1000:.3g} us; medians vary by {spread:.0%}")
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())]
    try:
        print(f"{RUNS} of them with every CPU kept busy: {verdicts(RUNS)}")
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()

main()
