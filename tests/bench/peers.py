"""Our figures beside those of Debian's own tools: same size, same placement, interleaved in one run, as ratios.

usage: peers.py IPC-ADVISOR [ROUNDS [WORD...]]
With words, only the comparisons that have one of them in their name. A peer that is not installed is left out with a word. Nothing here passes or fails; the ratios are for people.
"""
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

BINARY = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 7
WORDS = [word.lower() for word in sys.argv[3:]]
SECONDS = 0.4
CPUS = sorted(os.sched_getaffinity(0))
FIRST, SECOND = str(CPUS[0]), str(CPUS[1] if len(CPUS) > 1 else CPUS[0])


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False).stdout


class Server:
    """A peer's server for as long as the block lasts."""

    def __init__(self, *command):
        self.process = subprocess.Popen(["taskset", "-c", SECOND, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.25)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def ours(mechanism, size, together=False):
    """One slice of ours, in a fresh process: the raw result."""
    plan = {"message_bytes": size, "seconds": SECONDS * 2, "trial_seconds": 10, "run_trials": False, "all_modes": mechanism.endswith("shm")}
    pin = ["taskset", "-c", FIRST] if together else []
    return json.loads(output(*pin, BINARY, "probe", mechanism, "--here", "--format", "json", "--plan", json.dumps(plan)))


def round_trip_of(result, mode=""):
    for piece in result["slices"]:
        if (piece["bytes"], piece["mode"]) == (64, mode):
            return statistics.median(piece["ns"]) / 1000
    return None


def our_round_trip(mechanism, together=False):
    return round_trip_of(ours(mechanism, 64, together))


def our_flow(mechanism, size, mode=""):
    """The mean of some slices: theirs is one over a second, in which the host changes its state several times, and a slice of
    ours lasts less than a tenth of that."""
    rates = [flow["bytes_per_s"] / 1e9 for _ in range(5) for flow in ours(mechanism, size)["flows"] if (flow["bytes"], flow["mode"]) == (size, mode)]
    return statistics.mean(rates) if rates else None


def sockperf(*protocol):
    with Server("sockperf", "server", *protocol, "-i", "127.0.0.1", "-p", "11311"):
        text = output("taskset", "-c", FIRST, "sockperf", "ping-pong", *protocol, "-i", "127.0.0.1", "-p", "11311", "-m", "64", "-t", "1", "--full-rtt")
    found = re.search(r"percentile 50\.000 = +([\d.]+)", text)
    return float(found[1]) if found else None


def qperf(test):
    with Server("qperf", "-lp", "11312"):
        text = output("taskset", "-c", FIRST, "qperf", "-lp", "11312", "127.0.0.1", "-t", "1", "-m", "64", test)
    found = re.search(r"latency += +([\d.]+) us", text)
    # It prints half of a round trip's mean.
    return 2 * float(found[1]) if found else None


def perf_pipe():
    loops = 20000
    text = output("taskset", "-c", FIRST, "perf", "bench", "-f", "simple", "sched", "pipe", "-l", str(loops))
    return float(text.split()[-1]) * 1e6 / loops if text.split() else None


def iperf3(size, *options):
    with Server("iperf3", "-s", "-p", "11313"):
        text = output("taskset", "-c", FIRST, "iperf3", "-c", "127.0.0.1", "-p", "11313", "-l", str(size), "-t", "1", "-J", *options)
    try:
        return json.loads(text)["end"]["sum_received"]["bits_per_second"] / 8e9
    except (ValueError, KeyError):
        return None


def copies():
    """What bare copies between the two CPUs' caches move at 64 KiB, and what the ring does in the same run, in GB/s."""
    plan = {"seconds": 0.05, "trial_seconds": 10, "all_modes": False, "trials": ["memory-bound"]}
    trial = json.loads(output(BINARY, "probe", "posix-shm", "--here", "--format", "json", "--plan", json.dumps(plan)))["trials"][0]
    share = float(re.search(r"moves ([\d.]+) of", trial["because"]).group(1))
    ring = trial["figure"] / 1e9
    return ring / share, ring


def bare_lines():
    """The bench's own floor, one cache line there and one back, as the probe labels the host's state with; and the ring
    in the same process, since the host changes its state between processes."""
    result = ours("posix-shm", 64)
    return result["hop_ns"] / 1000, round_trip_of(result, "spinning")


COMPARISONS = [
    # what, unit, the peer's program, the peer's figure, ours, the ratio wanted, whether less is better
    ("TCP round trip, 64 B, apart; sockperf", "us", "sockperf", lambda: sockperf("--tcp"), lambda: our_round_trip("tcp"), 1.05, True),
    ("UDP round trip, 64 B, apart; sockperf", "us", "sockperf", sockperf, lambda: our_round_trip("udp"), 1.05, True),
    ("TCP round trip, 64 B, apart; qperf, mean", "us", "qperf", lambda: qperf("tcp_lat"), lambda: our_round_trip("tcp"), 1.05, True),
    ("UDP round trip, 64 B, apart; qperf, mean", "us", "qperf", lambda: qperf("udp_lat"), lambda: our_round_trip("udp"), 1.05, True),
    ("pipe round trip, together; perf bench sched pipe, mean", "us", "perf", perf_pipe, lambda: our_round_trip("anonymous-pipe", together=True), 1.05, True),
    ("TCP throughput, 64 KiB, apart, TCP_NODELAY; iperf3 -N", "GB/s", "iperf3", lambda: iperf3(65536, "-N"), lambda: our_flow("tcp", 65536), 0.95, False),
    ("TCP throughput, 4 KiB, apart, TCP_NODELAY; iperf3 -N", "GB/s", "iperf3", lambda: iperf3(4096, "-N"), lambda: our_flow("tcp", 4096), 0.95, False),
    ("TCP throughput, 64 KiB, apart, an expert's flow; iperf3 -N", "GB/s", "iperf3", lambda: iperf3(65536, "-N"), lambda: our_flow("tcp", 65536, "expert"), 0.95, False),
    ("TCP throughput, 4 KiB, apart, an expert's flow that gathers; iperf3", "GB/s", "iperf3", lambda: iperf3(4096), lambda: our_flow("tcp", 4096, "expert"), 0.95, False),
    ("shared memory throughput, 64 KiB, apart; bare copies between the caches", "GB/s", "taskset", copies, None, 0.8, False),
    ("spinning memory round trip, 64 B; two bare cache lines", "us", "taskset", bare_lines, None, 1.1, True),
]


def compare(what, unit, program, theirs, mine, wanted, less_is_better):
    if shutil.which(program) is None:
        print(f"{what}: {program} is not installed")
        return
    pairs = []
    for _ in range(ROUNDS):
        pair = (theirs(), mine()) if mine else theirs()
        if None not in pair:
            pairs.append(pair)
    if not pairs:
        print(f"{what}: no figure came of it")
        return
    ratios = sorted(our / their for their, our in pairs)
    good = f"at {'most' if less_is_better else 'least'} {wanted} wanted"
    print(f"{what}: theirs {statistics.median(p[0] for p in pairs):.3g} {unit}, ours {statistics.median(p[1] for p in pairs):.3g} {unit}, "
          f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), {good}", flush=True)


def main():
    print(f"{ROUNDS} interleaved rounds; apart: CPUs {FIRST} and {SECOND}; together: both on CPU {FIRST}")
    for comparison in COMPARISONS:
        if not WORDS or any(word in comparison[0].lower() for word in WORDS):
            compare(*comparison)


main()
