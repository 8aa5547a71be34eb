"""Bad input: each gets its place, what was expected and the nearest valid word; never a crash, a hang or half a file."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import MXR, main, report_of, run

CHANNEL = '[[channel]]\nname = "a"\nreach = "same-host"\n'


class BadFiles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def put(self, content):
        name = os.path.join(self.folder.name, "ipc.toml")
        with open(name, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return name

    def refused(self, name, *words):
        """Both verbs refuse it, with these words, and without a traceback or a signal."""
        for verb in ("lint", "recommend"):
            done = run(verb, name)
            self.assertIn(done.returncode, (1, 2), (verb, done))
            for word in words:
                self.assertIn(word, done.stdout + done.stderr, verb)

    def test_missing(self):
        self.refused(os.path.join(self.folder.name, "no.toml"), "no.toml", "No such file")

    def test_no_file_named_and_none_here(self):
        done = run("lint", cwd=self.folder.name)
        self.assertEqual(done.returncode, 2)
        self.assertIn("ipc.toml", done.stderr)

    def test_empty(self):
        self.refused(self.put(""), "channel")

    def test_directory(self):
        self.refused(self.folder.name, "directory")

    def test_not_readable(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        name = self.put(CHANNEL)
        os.chmod(name, 0)
        self.refused(name, "Permission denied")

    def test_not_utf8(self):
        self.refused(self.put(b'[[channel]]\nname = "caf\xe9"\n'), ":2:", "UTF-8")

    def test_a_hundred_megabytes(self):
        self.refused(self.put(b"# " + b"x" * 100_000_000), "64 MiB")

    def test_ten_thousand_levels(self):
        self.refused(self.put("a = " + "[" * 10_000 + "]" * 10_000), ":1:", "deep")
        self.refused(self.put("a = " + "{b=" * 10_000), ":1:")

    def test_not_toml(self):
        self.refused(self.put("[[channel]\nname = 1\n"), ":1:")

    def test_nul_bytes_and_devices(self):
        self.refused(self.put(b"\0" * 1000), ":1:")
        self.refused("/dev/null", "channel")

    def test_wrong_type(self):
        self.refused(self.put(CHANNEL + "browser = 3\n"), ":4:11:", "expected true or false")

    def test_unknown_need(self):
        self.refused(self.put(CHANNEL + 'latncy = "1 ms"\n'), ":4:1:", 'did you mean "latency"')

    def test_unknown_choice(self):
        self.refused(self.put('[[channel]]\nname = "a"\nreach = "samehost"\n'), ":3:9:", '"same-host"')

    def test_unknown_unit(self):
        self.refused(self.put(CHANNEL + 'latency = "5 parsec"\n'), ":4:11:", "parsec")
        self.refused(self.put(CHANNEL + 'throughput = "5 furlongs"\n'), ":4:14:", "furlongs")

    def test_duplicate_channel_and_key(self):
        done = run("lint", self.put(CHANNEL + CHANNEL))
        self.assertEqual(done.returncode, 1)
        self.assertIn(":5:8:", done.stdout)
        self.refused(self.put(CHANNEL + 'reach = "both"\n'), ":4:")

    def test_all_errors_of_a_file_are_told_at_once(self):
        report, code = report_of("lint", self.put('[[channel]]\nname = "a"\nreach = "x"\nlatncy = 1\nbrowser = "maybe"\n'))
        self.assertEqual(code, 1)
        self.assertEqual([finding["line"] for finding in report["findings"]], [3, 4, 5])

    def test_numbers_at_the_edge(self):
        for value in ('"-5 ms"', '"1e400 s"', '"nan s"', '"0 s"', "9223372036854775808"):
            done = run("lint", self.put(CHANNEL + f"latency = {value}\n"))
            self.assertEqual(done.returncode, 1, (value, done.stdout))
            self.assertIn(":4:", done.stdout)

    def test_a_report_to_replay_that_is_none(self):
        for content in ("", "{}", "[]", '{"schema": "ipc-advisor-report-9"}', "[" * 100_000, '{"schema": "ipc-advisor-report-1", "probes": 3}'):
            name = os.path.join(self.folder.name, "report.json")
            with open(name, "w", encoding="utf-8") as file:
                file.write(content)
            done = run("recommend", MXR, "--replay", name)
            self.assertEqual(done.returncode, 2, content[:40])
            self.assertIn("report.json", done.stderr)

    def test_nothing_is_half_written(self):
        name = os.path.join(self.folder.name, "report.json")
        with open(name, "w", encoding="utf-8") as file:
            file.write("before")
        # A file size limit makes the write fail in the middle.
        limited = ("bash", "-c", 'ulimit -f 1; exec "$@"', "limited")
        done = run("recommend", "--no-probe", MXR, "-o", f"json={name}", before=limited)
        self.assertNotEqual(done.returncode, 0)
        with open(name, encoding="utf-8") as file:
            self.assertEqual(file.read(), "before")
        self.assertEqual(os.listdir(self.folder.name), ["report.json"])


main()
