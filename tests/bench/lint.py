"""How fast the linter is, as ratios in one run: beside toml++ that only parses the same file, over growing files, and
cold beside --version. CPU time of whole processes, taken in turns; of each kind the quickest run counts.

    lint.py IPC-ADVISOR PARSE-ONLY [--quick]

Exits 1 where a bound is missed. --quick holds no bound on time, which a busy machine could miss, and asks for less.
"""
import math
import os
import sys
import tempfile

CHANNEL = '''
# channel {i}: the clients of service {i}
[[channel]]
name         = "client-api-{i}"
reach        = "same-host"
clients      = "many"
max-clients  = 32
browser      = false
direction    = "two-way"          # a request and its answer
content      = "bytes"
delivery     = "messages"
message-size = "4 KiB"
message-rate = "300/s"
latency      = "1 ms"
access       = "same-user"
platforms    = ["linux", "macos"]
start-order  = "server-first"
uses         = "{uses}"{allowed}
framing      = "length-prefixed"
path         = "/var/run/app/api-{i}.sock"
mode         = "0700"
'''


def file_of(channels):
    """One channel in ten has findings, and one in a hundred allows one."""
    text = ['[project]\nname = "large"\n']
    for i in range(channels):
        allowed = "   # ipc: allow[IPC201] scripts read it, one at a time" if i % 100 == 0 else ""
        text.append(CHANNEL.format(i=i, uses="unix-stream" if i % 10 else "fifo", allowed=allowed))
    return "".join(text)


def run(*command):
    """CPU seconds and the most memory, in MiB, of one finished process."""
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) > 1:
        sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def in_turns(commands, times):
    """The quickest run of each command."""
    best = [(math.inf, math.inf)] * len(commands)
    for _ in range(times):
        for i, command in enumerate(commands):
            best[i] = tuple(map(min, best[i], run(*command)))
    return best


def exponent(points):
    """The slope of the line through the points on logarithmic axes, by least squares."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / sum((x - x_mean) ** 2 for x in xs)


def main():
    binary, parser = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    quick = "--quick" in sys.argv[3:]
    sizes = [100, 1000, 10000] if quick else [100, 1000, 10000, 100000]
    missed = []

    def show(what, value, bound, unit="", holds=True):
        said = "" if not holds else f"  at most {bound}{unit}: {'holds' if value <= bound else 'MISSED'}"
        print(f"{what:<58} {value:>8.2f}{unit}{said}", flush=True)
        if holds and value > bound:
            missed.append(what)

    with tempfile.TemporaryDirectory() as folder:
        times = {}
        small = put(folder, 1)
        (cold, _), (version, _) = in_turns([(binary, "lint", small), (binary, "--version")], 5 if quick else 60)
        print(f"{'channels':>9} {'lint':>9} {'toml++':>9} {'ratio':>6}   {'lint':>9} {'toml++':>9} {'ratio':>6}")
        for channels in sizes:
            name = put(folder, channels)
            (lint, memory), (parse, parse_memory) = in_turns([(binary, "lint", name), (parser, name)], 3 if channels >= 100000 or quick else 7)
            # The start is held against a bound of its own; what grows is what comes on top of it.
            times[channels] = (lint, parse, memory, parse_memory, max(lint - cold, 1e-4))
            print(f"{channels:>9} {lint * 1e3:>6.0f} ms {parse * 1e3:>6.0f} ms {lint / parse:>6.2f}   {memory:>5.0f} MiB {parse_memory:>5.0f} MiB {memory / parse_memory:>6.2f}", flush=True)
            os.unlink(name)
        lint, parse, memory, parse_memory, _ = times[10000]
        show("10 000 channels: CPU, lint to toml++ parsing alone", lint / parse, 1.5, holds=not quick)
        show("10 000 channels: memory, the same", memory / parse_memory, 3)
        points = [(channels, one[4]) for channels, one in times.items()]
        show(f"growth from {sizes[0]} to {sizes[-1]} channels: exponent", exponent(points), 1.05, holds=not quick)
        show("cold start of lint on a small file: CPU", cold * 1e3, 5, " ms", holds=not quick)
        show("cold start, lint to --version", cold / version, 2, holds=not quick)
    return 1 if missed else 0


def put(folder, channels):
    name = os.path.join(folder, f"{channels}.ipc.toml")
    with open(name, "w", encoding="utf-8") as file:
        file.write(file_of(channels))
    return name


sys.exit(main())
