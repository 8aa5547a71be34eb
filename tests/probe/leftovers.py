"""Whatever happens to the tool in mid-probe, nothing is left behind; whatever the world forbids is an outcome with a reason."""
import ctypes
import glob
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, MXR, PATIENCE, main, report_of, run

# How often the tool is killed: a few times in the ordinary tests, more when somebody asks for it.
KILLS = int(os.environ.get("IPC_ADVISOR_KILLS", "12"))


def processes():
    """Processes whose executable is the tool."""
    found = []
    for link in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(link).removesuffix(" (deleted)") == BINARY:
                found.append(link)
        except OSError:
            pass
    return found


def things(folder):
    """What a probe could leave: files, shared memory, System V ids, processes."""
    with open("/proc/sysvipc/shm", encoding="ascii") as file:
        system_v = sorted(line.split()[1] for line in file.readlines()[1:])
    memory = sorted(name for name in os.listdir("/dev/shm") if "ipc-advisor" in name) if os.path.isdir("/dev/shm") else []
    return {"files": sorted(os.listdir(folder)), "memory": memory, "system_v": system_v, "processes": processes()}


class Leftovers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.environment = {"TMPDIR": self.folder, "XDG_RUNTIME_DIR": self.folder}
        self.before = things(self.folder)

    def nothing_left(self):
        # The janitor and the kernel need a moment; they have as long as a hang would take to be called one.
        until = time.monotonic() + PATIENCE / 4
        while things(self.folder) != self.before and time.monotonic() < until:
            time.sleep(0.02)
        self.assertEqual(things(self.folder), self.before)

    def test_killed_at_any_moment(self):
        moments, seen = random.Random(20260), 0
        for how in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
            for _ in range(KILLS if how == signal.SIGKILL else 3):
                with subprocess.Popen([BINARY, "probe", "--budget", "3"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      env={**os.environ, **self.environment}) as tool:
                    time.sleep(moments.uniform(0.01, 1.2))
                    now = things(self.folder)
                    seen += bool(now["processes"]) and bool(now["files"] or now["memory"])
                    tool.send_signal(how)
                    tool.wait(PATIENCE)
                self.nothing_left()
        self.assertGreater(seen, 0, "no kill came while there was something to leave behind")

    def test_after_a_whole_run(self):
        report, code = report_of("recommend", MXR, environment=self.environment)
        self.assertEqual((code, report["channels"][0]["verdict"]), (0, report["channels"][0]["verdict"]))
        self.nothing_left()


def forbid_sockets():
    """A seccomp filter that answers socket(2) and socketpair(2) with EPERM, for this process and its children."""
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {"x86_64": (41, 53), "aarch64": (198, 199)}.get(os.uname().machine)
    if numbers is None:
        raise unittest.SkipTest("system call numbers are not known here")

    def instruction(code, true, false, value):
        return struct.pack("=HBBI", code, true, false, value)

    program = (instruction(0x20, 0, 0, 0) + instruction(0x15, 1, 0, numbers[0]) + instruction(0x15, 0, 1, numbers[1])
               + instruction(0x06, 0, 0, 0x00050001) + instruction(0x06, 0, 0, 0x7FFF0000))
    code = ctypes.create_string_buffer(program)
    filter_ = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(code))
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, filter_, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no seccomp here")


class HarshWorlds(unittest.TestCase):
    def ends(self, *arguments, **how):
        report, code = report_of("probe", *arguments, "--budget", "0.4", **how)
        self.assertIn(code, (0, 1, 4))
        for probe in report["probes"]:
            if probe["end"] != "measured":
                self.assertTrue(probe["because"], probe)
                self.assertFalse(probe["round_trip"])
        return {probe["mechanism"]: probe for probe in report["probes"]}

    def test_one_cpu(self):
        cpu = str(min(os.sched_getaffinity(0)))
        for mechanism, probe in self.ends(before=("taskset", "-c", cpu)).items():
            if mechanism == "vsock" and probe["end"] == "not-run":
                self.assertIn("no vsock loopback", probe["because"])
                continue
            self.assertEqual(probe["end"], "measured", (mechanism, probe["because"]))
            self.assertIn("CPU", probe["placement"])

    def test_sockets_forbidden(self):
        done = subprocess.run([BINARY, "recommend", MXR, "-o", "json"], preexec_fn=forbid_sockets, capture_output=True, text=True, timeout=PATIENCE)
        self.assertIn('"verdict": "not-run"', done.stdout)
        self.assertIn("Operation not permitted", done.stdout)
        self.assertNotIn('"verdict": "confirmed"', done.stdout.split('"checks"')[0])

    def test_descriptors_scarce(self):
        probes = self.ends("unix-stream", "tcp", before=("bash", "-c", 'ulimit -n 24; exec "$@"', "scarce"))
        for probe in probes.values():
            at_once = [trial for trial in probe["trials"] if trial["id"] == "clients-at-once"]
            for trial in at_once:
                self.assertNotEqual(trial["verdict"], "confirmed", trial)
                self.assertTrue(trial["because"])

    @unittest.skipUnless(os.geteuid() == 0, "only root makes namespaces here")
    def test_no_shared_memory_no_network(self):
        for script in ('mount -t tmpfs -o size=0,mode=000,ro none /dev/shm; exec "$@"', 'exec "$@"'):
            inside = ("unshare", "-m", "-n", "sh", "-c", script, "inside")
            if subprocess.run([*inside, "true"], check=False, capture_output=True).returncode != 0:
                self.skipTest("namespaces are not allowed here")
            probes = self.ends("posix-shm", "tcp", "unix-stream", before=inside)
            self.assertNotEqual(probes["tcp"]["end"], "measured")
            self.assertIn("unreachable", probes["tcp"]["because"])
            self.assertEqual(probes["unix-stream"]["end"], "measured", probes["unix-stream"]["because"])
            if "/dev/shm" in script:
                self.assertNotEqual(probes["posix-shm"]["end"], "measured")

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_another_user_without_a_home(self):
        copy = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, copy, True)
        os.chmod(copy, 0o755)
        program = shutil.copy(BINARY, os.path.join(copy, "tool"))
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program, "probe", "unix-stream", "-o", "json", "--budget", "0.4"],
                              capture_output=True, text=True, timeout=PATIENCE, cwd="/", check=False)
        self.assertIn('"end": "measured"', done.stdout, done.stderr)
        self.assertIn("other-user-refused", done.stdout)

    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_injected_faults_are_outcomes(self):
        for fault in ("socket:error=EMFILE", "fork,clone,clone3:error=EAGAIN", "mmap:error=ENOMEM:when=400+", "ftruncate:error=ENOSPC", "pipe2:error=ENFILE:when=3+"):
            before = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"inject={fault}")
            for mechanism in ("tcp", "posix-shm", "fifo"):
                done = run("probe", mechanism, "-o", "json", "--budget", "0.2", before=before)
                self.assertGreaterEqual(done.returncode, 0, (fault, mechanism))
                self.assertIn(done.returncode, (0, 1, 2, 4), (fault, mechanism, done.stderr))


# Shared memory is the whole host's: in namespaces of its own the test sees what its own runs leave, and nothing else.
if os.geteuid() == 0 and "IPC_ADVISOR_ALONE" not in os.environ:
    alone = ["unshare", "-m", "-i", "sh", "-c", 'mount -t tmpfs none /dev/shm && exec "$@"', "alone"]
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0:
        os.environ["IPC_ADVISOR_ALONE"] = "yes"
        os.execvp(alone[0], [*alone, sys.executable, *sys.argv])
main()
