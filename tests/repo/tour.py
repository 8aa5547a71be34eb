"""The README's tour, command by command: what it shows is what comes out. A line or a part that is … stands for anything."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, PATIENCE, SOURCE, main


def blocks():
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        return re.findall(r"^```console\n(.*?)^```$", file.read(), re.M | re.S)


def steps(block):
    """Each command with the lines that are shown below it."""
    return re.findall(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, re.M)


def pattern(shown):
    """A regular expression for the whole output."""
    return "".join("(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in shown.splitlines())


class Tour(unittest.TestCase):
    def test_every_command_prints_what_is_shown(self):
        told = [step for block in blocks() for step in steps(block)]
        self.assertGreater(len(told), 8)
        environment = {**os.environ, "PATH": f"{os.path.dirname(BINARY)}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8"}
        with tempfile.TemporaryDirectory() as folder:
            for command, shown in told:
                done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, text=True, timeout=PATIENCE, check=False)
                self.assertIsNotNone(re.fullmatch(pattern(shown), done.stdout), f"$ {command}\nshows:\n{shown}\nprints:\n{done.stdout}")
                self.assertIn(done.returncode, (0, 1), command)

    def test_the_dots_stand_for_anything_and_nothing_else_does(self):
        self.assertIsNotNone(re.fullmatch(pattern("a …\n…\nz.\n"), "a b\nc\nd\nz.\n"))
        self.assertIsNotNone(re.fullmatch(pattern("a\n…\nz\n"), "a\nz\n"))
        self.assertIsNone(re.fullmatch(pattern("a …\nz.\n"), "a b\nc\nz.\n"))
        self.assertIsNone(re.fullmatch(pattern("a\nz.\n"), "a\nzz\n"))


main()
