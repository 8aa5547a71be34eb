"""A page in a real browser talks through the HTTP bridge to the service on the Unix socket behind it."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from browser import CHROMIUM
from tool import BINARY, PATIENCE, main


def loopback_ports(pid):
    """The ports of 127.0.0.1 on which the children of a process listen."""
    inodes = set()
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        for child in file.read().split():
            for entry in os.scandir(f"/proc/{child}/fd"):
                inodes.add(os.readlink(entry.path))
    with open("/proc/net/tcp", encoding="ascii") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    return [int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]


@unittest.skipUnless(CHROMIUM, "there is no chromium here")
class Bridge(unittest.TestCase):
    def test_a_page_is_answered(self):
        plan = {"seconds": 60, "trial_seconds": 60, "run_trials": False, "all_modes": False}
        with subprocess.Popen([BINARY, "probe", "unix-http-bridge", "--here", "--format", "json", "--plan", json.dumps(plan)], stdout=subprocess.DEVNULL) as probe:
            self.addCleanup(probe.kill)
            until, ports = time.monotonic() + PATIENCE / 4, []
            while not ports and time.monotonic() < until and probe.poll() is None:
                time.sleep(0.05)
                try:
                    ports = loopback_ports(probe.pid)
                except OSError:
                    pass
            self.assertTrue(ports, "the bridge listens nowhere")
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}", "--virtual-time-budget=5000", "--dump-dom",
                                       f"http://127.0.0.1:{ports[0]}/"], capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False)
            probe.kill()
        self.assertIn("answered: asked by a page", done.stdout, done.stderr[-2000:])


main()
