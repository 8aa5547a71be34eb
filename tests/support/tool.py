"""Runs the real binary for the tests from outside: piped, in a terminal, or in a changed world."""
import json
import os
import pty
import select
import subprocess
import sys
import time
import unittest

BINARY = os.path.abspath(sys.argv[1])
SOURCE = os.path.abspath(sys.argv[2])
EXAMPLES = os.path.join(SOURCE, "man", "examples")
MXR = os.path.join(EXAMPLES, "mxr.toml")

# A test that waits longer than this has found a hang.
PATIENCE = 120


def run(*arguments, stdin="", cwd=None, environment=None, before=()):
    """The finished process, with text streams. `before` is a command put in front, such as strace or taskset."""
    return subprocess.run(
        [*before, BINARY, *arguments], input=stdin, cwd=cwd, text=True, errors="replace", timeout=PATIENCE,
        capture_output=True, env={**os.environ, "NO_COLOR": "", **(environment or {})})


def report_of(*arguments, **how):
    """The JSON report of a verb and its exit code."""
    done = run(*arguments, "-o", "json", **how)
    return json.loads(done.stdout), done.returncode


class Terminal:
    """The binary in a pseudo-terminal, driven line by line."""

    def __init__(self, *arguments, cwd=None, columns=100):
        self.seen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", COLUMNS=str(columns))
            os.environ.pop("NO_COLOR", None)
            if cwd:
                os.chdir(cwd)
            os.execv(BINARY, [BINARY, *arguments])

    def read_until(self, *words):
        """Reads until one of the words appears in what is new; returns what was read."""
        start, until = len(self.seen), time.monotonic() + PATIENCE
        while time.monotonic() < until:
            new = self.seen[start:]
            if any(word in new for word in words):
                return new
            if not self._read_some():
                raise AssertionError(f"ended before {words} came; last:\n{self.seen[-2000:]}")
        raise AssertionError(f"{words} did not come; last:\n{self.seen[-2000:]}")

    def _read_some(self):
        if not select.select([self.fd], [], [], PATIENCE)[0]:
            return False
        try:
            got = os.read(self.fd, 65536)
        except OSError:
            return False
        self.seen += got.decode("utf-8", "replace")
        return bool(got)

    def send(self, line):
        os.write(self.fd, (line + "\n").encode())

    def finish(self):
        """Reads to the end; returns the exit code."""
        while self._read_some():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
