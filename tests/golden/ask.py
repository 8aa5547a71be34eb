"""ask, as a person at a terminal meets it, and as a script without one does."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, PATIENCE, main, run


class Ask(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def test_only_open_questions_are_asked_and_the_file_is_what_was_answered(self):
        name = os.path.join(self.folder.name, "ipc.toml")
        done = run("ask", "--plain", "--write", name, "--name", "feed", stdin="cross-host\nunknown\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        asked = re.findall(r"\(([a-z-]+)\)$", done.stderr, re.M)
        self.assertEqual(asked[0], "reach")
        self.assertEqual(len(asked), len(set(asked)))
        self.assertLess(len(asked), 4)
        with open(name, encoding="utf-8") as file:
            text = file.read()
        self.assertIn('name = "feed"', text)
        self.assertIn('reach = "cross-host"   # Where do the two ends run?', text)
        clean = run("lint", "--fail-level", "info", name)
        self.assertEqual(clean.returncode, 0, clean.stdout)
        self.assertIn("(tcp)", run("recommend", "--no-probe", name).stdout)

    def test_the_outcomes_that_remain_never_grow_and_end_in_one(self):
        done = run("ask", "--plain", stdin="same-host\nmany\nno\n" + "unknown\n" * 40)
        counts = [int(count) for count in re.findall(r"^ +(\d+) outcomes? remains?: \d+ mech", done.stderr, re.M)]
        self.assertGreater(len(counts), 3)
        self.assertEqual(counts, sorted(counts, reverse=True))
        self.assertIn("unix-stream is settled", done.stderr)
        self.assertIn("what goes with it is open", " ".join(done.stderr.split()))
        self.assertIn("(unix-stream)", done.stdout)

    def test_question_mark_explains_back_returns_and_mistakes_are_shown(self):
        done = run("ask", "--plain", stdin="?\nnonsense\nsame-hots\n4\nback\n1\n2\n2\n5 Mb/s\n9 GB/s\nback 3\nback 9\nback\nquit\n")
        self.assertEqual(done.returncode, 3)
        said = " ".join(done.stderr.split())
        self.assertIn("cross-host \u2192 tcp or udp", said)
        self.assertIn("expected one of same-host", said)
        self.assertIn('did you mean "same-host"?', said)
        # The mark stands below the unit.
        self.assertIn("\n    ^\n", done.stderr)
        self.assertIn("nearest: 5 MB/s", said)
        self.assertIn("This is the first question.", said)
        self.assertEqual(re.findall(r"^\d+\. .*\(([a-z-]+)\)$", done.stderr, re.M)[0], "reach")
        self.assertIn("Nothing was answered yet.", said)

    def test_without_a_terminal_it_never_prompts(self):
        done = run("ask")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        flat = " ".join(done.stderr.split())
        self.assertIn('reach = "same-host" # same-host | same-host-for-now', flat)
        self.assertLess(flat.index("clients ="), flat.index("browser ="))
        self.assertNotIn("> ", done.stderr)
        # Each line is TOML that answers its need.
        lines = [line.split("   (it cannot")[0].strip() for line in done.stderr.splitlines() if line.startswith("  ")]
        self.assertGreater(len(lines), 10)
        name = os.path.join(self.folder.name, "ipc.toml")
        with open(name, "w", encoding="utf-8") as file:
            file.write("\n".join(['[[channel]]', 'name = "c"', *lines]))
        self.assertNotIn("IPC0", run("lint", name).stdout)
        decided = run("ask", "--answer", "reach=same-host", "--answer", "clients=many")
        self.assertEqual(decided.returncode, 0, decided.stderr)
        self.assertIn("(unix-stream)", decided.stdout)
        self.assertIn("was not probed", decided.stdout)

    def test_a_pipe_that_stays_open_and_silent_hangs_nothing(self):
        read, write = os.pipe()
        self.addCleanup(os.close, write)
        with os.fdopen(read) as silent:
            done = subprocess.run([BINARY, "ask"], stdin=silent, capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 3)
        closed = subprocess.run(["sh", "-c", f"exec {BINARY} ask <&-"], capture_output=True, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(closed.returncode, 3)
        self.assertIn('reach = "same-host"', closed.stderr)

    def test_piped_answers_that_end_too_early_are_told_with_what_is_missing(self):
        done = run("ask", "--plain", stdin="same-host\n")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        told, missing = done.stderr.split("undecided:")
        self.assertIn('reach = "same-host"', told)
        self.assertIn('clients = "many"', missing)

    def test_wrong_answers_given_beforehand_are_usage_errors(self):
        for answer, word in (("reech=x", "reach"), ("reach=x", "same-host"), ("reach", "NEED=VALUE")):
            done = run("ask", "--answer", answer)
            self.assertEqual(done.returncode, 2)
            self.assertIn(word, done.stderr)

    def test_contradictions_are_reported_as_lint_reports_them(self):
        done = run("ask", "--answer", "reach=cross-host", "--answer", "relation=parent-child")
        self.assertEqual(done.returncode, 1)
        self.assertIn("<answers>: error[IPC103 remote-child]", done.stdout)
        name = os.path.join(self.folder.name, "ipc.toml")
        with open(name, "w", encoding="utf-8") as file:
            file.write('[[channel]]\nname = "a"\nreach = "cross-host"\nrelation = "parent-child"\n')
        done, lint = run("ask", "--from", name), run("lint", name)
        self.assertEqual(done.returncode, 1)
        finding = lint.stdout.split("\n\n")[0]
        self.assertIn("ipc.toml:4:", finding)
        self.assertIn(finding.splitlines()[0], done.stdout)
        with open(name, "w", encoding="utf-8") as file:
            file.write('[[channel]]\nname = "a"\nreech = 5\n')
        self.assertEqual(run("ask", "--from", name).returncode, 2)

    def test_from_asks_only_what_is_missing_and_takes_the_channel_by_name(self):
        name = os.path.join(self.folder.name, "ipc.toml")
        with open(name, "w", encoding="utf-8") as file:
            file.write('[[channel]]\nname = "a"\nreach = "same-host"\n\n[[channel]]\nname = "b"\nreach = "cross-host"\nuses = "fifo"\n')
        several = run("ask", "--from", name)
        self.assertEqual(several.returncode, 2)
        self.assertIn('"a" and "b"', several.stderr)
        self.assertEqual(run("ask", "--from", name, "--name", "c").returncode, 2)
        a = run("ask", "--from", name, "--name", "a")
        self.assertEqual(a.returncode, 3)
        self.assertIn("clients = ", a.stderr)
        self.assertNotIn("reach = ", a.stderr)
        b = run("ask", "--from", name, "--name", "b")
        self.assertEqual(b.returncode, 0)
        self.assertIn("(tcp)", b.stdout)


class Init(unittest.TestCase):
    def test_the_sample_lints_clean_with_and_without_its_comments_and_is_never_overwritten(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("init", cwd=folder).returncode, 0)
            self.assertEqual(run("lint", "--fail-level", "info", cwd=folder).returncode, 0)
            path = os.path.join(folder, "ipc.toml")
            with open(path, encoding="utf-8") as file:
                sample = file.read()
            keys = [line[2:].split(" = ")[0] for line in sample.splitlines() if line.startswith("# ") and " = " in line]
            self.assertGreater(len(keys), 20)
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(line[2:] if line.startswith("# ") and line[2:].split(" = ")[0] in keys and " = " in line else line for line in sample.splitlines()))
            # Together the samples may contradict each other, but each of them can be read.
            self.assertNotIn("IPC0", run("lint", cwd=folder).stdout)
            self.assertEqual(run("init", cwd=folder).returncode, 2)
            self.assertEqual(run("init", "--force", cwd=folder).returncode, 0)
            self.assertEqual(run("init", "-", cwd=folder).stdout, sample)


main()
