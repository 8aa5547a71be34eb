"""Whatever happens to the tool in mid-probe, nothing is left behind; whatever the world forbids is an outcome with a reason."""
import ctypes
import glob
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, MXR, PATIENCE, main, report_of, run

# How often the tool is killed: a few times in the ordinary tests, more when somebody asks for it.
KILLS = int(os.environ.get("IPC_ADVISOR_KILLS", "50"))


def processes():
    """The numbers of the processes whose executable is the tool."""
    found = []
    for link in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(link).removesuffix(" (deleted)") == BINARY:
                found.append(int(link.split("/")[2]))
        except OSError:
            pass
    return found


def things(folder):
    """What a probe could leave: files, shared memory, System V ids, processes."""
    with open("/proc/sysvipc/shm", encoding="ascii") as file:
        system_v = sorted(line.split()[1] for line in file.readlines()[1:])
    memory = sorted(name for name in os.listdir("/dev/shm") if "ipc-advisor" in name) if os.path.isdir("/dev/shm") else []
    # A namespace outlives its processes only where it is mounted somewhere.
    with open("/proc/self/mounts", encoding="utf-8") as file:
        mounts = sorted(line for line in file if "nsfs" in line or "ipc-advisor" in line)
    return {"mounts": mounts, "files": sorted(os.listdir(folder)), "memory": memory, "system_v": system_v, "processes": processes()}


def leads_a_session(pid):
    """Whether it is a janitor: each of those has a session of its own."""
    try:
        return os.getsid(pid) == pid
    except ProcessLookupError:
        return False


def kill_one_of(moments):
    """Kills any process of the tool but a janitor: it is there to outlive the others."""
    found = [pid for pid in processes() if not leads_a_session(pid)]
    moments.shuffle(found)
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
            return
        except ProcessLookupError:
            pass


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
                    time.sleep(moments.uniform(0.01, 0.5))
                    now = things(self.folder)
                    seen += bool(now["processes"]) and bool(now["files"] or now["memory"])
                    # The tool itself, or a process that it started: the one that measures, or the peer of that one.
                    if how == signal.SIGKILL and moments.random() < 0.5:
                        kill_one_of(moments)
                        time.sleep(0.05)
                    tool.send_signal(how)
                    tool.wait(PATIENCE)
                self.nothing_left()
        self.assertGreater(seen, 0, "no kill came while there was something to leave behind")

    @unittest.skipUnless(shutil.which("strace") and "IPC_ADVISOR_SANITIZED" not in os.environ, "strace is not here, or the sanitizers bear no tracer")
    def test_the_janitor_is_in_a_session_of_its_own_before_there_is_a_folder(self):
        slow = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=setsid", "-e", "inject=setsid:delay_enter=300000"]
        with subprocess.Popen([*slow, BINARY, "probe", "socketpair", "--budget", "0.5"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, **self.environment}) as tool:
            until = time.monotonic() + PATIENCE
            while not os.listdir(self.folder) and time.monotonic() < until:
                time.sleep(0.001)
            self.assertTrue(os.listdir(self.folder) and any(map(leads_a_session, processes())), "a folder, and nobody to remove it")
            tool.wait(PATIENCE)
        self.nothing_left()

    def test_after_a_whole_run(self):
        report, code = report_of("recommend", MXR, environment=self.environment)
        self.assertEqual((code, report["channels"][0]["verdict"]), (0, report["channels"][0]["verdict"]))
        self.nothing_left()


def forbid_sockets(family=None):
    """A seccomp filter that answers socket(2) and socketpair(2), of one family or of all, with EPERM, for this process and
    its children."""
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {"x86_64": (41, 53), "aarch64": (198, 199)}.get(os.uname().machine)
    if numbers is None:
        raise unittest.SkipTest("system call numbers are not known here")

    def instruction(code, true, false, value):
        return struct.pack("=HBBI", code, true, false, value)

    refuse, allow = instruction(0x06, 0, 0, 0x00050001), instruction(0x06, 0, 0, 0x7FFF0000)
    if family is None:
        rest = refuse + allow
    else:
        # The first argument's lower half, of a little-endian machine.
        rest = instruction(0x20, 0, 0, 16) + instruction(0x15, 0, 1, family) + refuse + allow
    program = (instruction(0x20, 0, 0, 0) + instruction(0x15, 1, 0, numbers[0]) + instruction(0x15, 0, 1 if family is None else 3, numbers[1]) + rest)
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

    def test_each_family_forbidden(self):
        families = {socket.AF_INET: "tcp", socket.AF_UNIX: "unix-stream"}
        for family, mechanism in families.items():
            done = subprocess.run([BINARY, "probe", *families.values(), "anonymous-pipe", "-o", "json", "--budget", "0.4"], preexec_fn=lambda family=family: forbid_sockets(family),
                                  capture_output=True, text=True, timeout=PATIENCE, check=False)
            ends = {probe["mechanism"]: probe for probe in json.loads(done.stdout)["probes"]}
            for name, probe in ends.items():
                self.assertEqual(probe["end"] == "measured", name != mechanism, probe["because"])
            self.assertIn("Operation not permitted", ends[mechanism]["because"])

    @unittest.skipIf("IPC_ADVISOR_SANITIZED" in os.environ, "the sanitizers want terabytes of addresses")
    def test_memory_scarce(self):
        for name, probe in self.ends("posix-shm", "tcp", "anonymous-pipe", before=("bash", "-c", 'ulimit -v 65536; exec "$@"', "scarce")).items():
            self.assertTrue(probe["end"] == "measured" or probe["because"], name)

    def test_no_ipv6(self):
        inside = ("unshare", "-n", "sh", "-c", 'ip link set lo up 2>/dev/null; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; exec "$@"', "inside")
        if subprocess.run([*inside, "ip", "link", "show", "lo"], check=False, capture_output=True).returncode != 0:
            self.skipTest("namespaces are not allowed here, or ip(8) is not there")
        probe = self.ends("tcp", before=inside)["tcp"]
        self.assertEqual(probe["end"], "measured", probe["because"])
        self.assertNotIn("ipv6", [one.get("mode") for one in probe["round_trip"]])
        trial = next(trial for trial in probe["trials"] if trial["id"] == "ipv6")
        self.assertNotEqual(trial["verdict"], "confirmed")
        self.assertIn("::1", trial["because"])

    @unittest.skipUnless(os.geteuid() == 0, "only root mounts here")
    def test_full_read_only_or_absent_places(self):
        worlds = {"full": ('mount -t tmpfs -o size=4k none /tmp; head -c 4096 /dev/zero > /tmp/fill; mount -t tmpfs -o size=4k none /dev/shm; head -c 4096 /dev/zero > /dev/shm/fill', "posix-shm", "No space left"),
                  "read-only": ("mount -t tmpfs -o ro none /tmp", "unix-stream", "Read-only"),
                  "no /proc": ("umount -l /proc", "nothing", "")}
        for world, (script, mechanism, reason) in worlds.items():
            copy = tempfile.mkdtemp(dir="/var/tmp")
            self.addCleanup(shutil.rmtree, copy, True)
            program = shutil.copy(BINARY, os.path.join(copy, "tool"))
            # $TMPDIR and the like are left out, so that /tmp is where a probe would put its files.
            done = subprocess.run(["unshare", "-m", "env", "-u", "TMPDIR", "-u", "XDG_RUNTIME_DIR", "sh", "-c", script + '; exec "$@"', "inside", program, "probe", "posix-shm", "unix-stream",
                                   "anonymous-pipe", "-o", "json", "--budget", "0.4"], capture_output=True, text=True, timeout=PATIENCE, check=False, cwd="/")
            if "unshare" in done.stderr:
                self.skipTest("namespaces are not allowed here")
            for probe in json.loads(done.stdout)["probes"]:
                with self.subTest(world=world, mechanism=probe["mechanism"]):
                    self.assertTrue(probe["end"] == "measured" or probe["because"])
                    if probe["mechanism"] == mechanism:
                        self.assertNotEqual(probe["end"], "measured")
                        self.assertIn(reason, probe["because"])

    @unittest.skipUnless(os.geteuid() == 0, "only root makes control groups here")
    def test_a_quota_is_said(self):
        group, quota = f"/sys/fs/cgroup/cpu/ipc-advisor-test-{os.getpid()}", ("cpu.cfs_quota_us", "50000")
        if not os.path.isdir("/sys/fs/cgroup/cpu"):
            group, quota = f"/sys/fs/cgroup/ipc-advisor-test-{os.getpid()}", ("cpu.max", "50000 100000")
        try:
            os.mkdir(group)
            self.addCleanup(os.rmdir, group)
            with open(os.path.join(group, quota[0]), "w", encoding="ascii") as file:
                file.write(quota[1])
        except OSError as error:
            self.skipTest(f"no control group with a quota can be made here: {error}")
        report, code = report_of("probe", "anonymous-pipe", "--budget", "0.4", before=("sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "inside"))
        self.assertEqual(code, 0)
        self.assertEqual(report["host"]["cpu_quota"], 0.5)
        self.assertTrue(any("quota" in warning for warning in report["host"]["warnings"]))

    def test_descriptors_scarce(self):
        probes = self.ends("unix-stream", "tcp", before=("bash", "-c", 'ulimit -n 16; exec "$@"', "scarce"))
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
