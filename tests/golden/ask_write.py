"""What ask writes: a new file, a channel more, one channel anew; and what it never touches."""
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import EXAMPLES, main, run

DECIDED = ("--answer", "reach=same-host", "--answer", "clients=many")

# Comments, odd spacing, tables after the channels and a string that looks like a table.
EXISTING = '''# ours
[project]
name   =   "p"     # spaced

[[channel]]
name = "first"
reach = "same-host"
platforms = [
  "linux",
]

# belongs to the second
[[channel]]
name = "second"
reach = "cross-host"
# ipc: allow[IPC209] as it was
[lint]
fail-level = "error"'''


class Write(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.name = os.path.join(self.folder.name, "ipc.toml")

    def put(self, text):
        with open(self.name, "wb") as file:
            file.write(text.encode())

    def got(self):
        with open(self.name, "rb") as file:
            return file.read().decode()

    def ask(self, *more):
        return run("ask", *DECIDED, "--write", self.name, *more)

    def clean(self):
        done = run("lint", "--fail-level", "info", self.name)
        self.assertEqual(done.returncode, 0, self.got() + done.stdout)

    def test_a_channel_is_appended_and_every_other_byte_stays(self):
        for text in (EXISTING, EXISTING + "\n", EXISTING.replace("\n", "\r\n") + "\r\n"):
            self.put(text)
            done = self.ask("--name", "third")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('channel "third" is added', done.stderr)
            after = self.got()
            self.assertTrue(after.startswith(text))
            added = after[len(text):]
            self.assertIn('uses = "unix-stream"', added)
            self.assertEqual(added.count("\n"), added.count("\r\n") if "\r\n" in text else added.count("\n"))
            self.assertEqual(len(re.findall(r"^\[\[channel\]\]", after, re.M)), 3)

    def test_a_channel_of_that_name_is_replaced_only_by_force_and_alone(self):
        self.put(EXISTING)
        refused = self.ask("--name", "first")
        self.assertEqual(refused.returncode, 2)
        self.assertIn('has a channel "first" already', refused.stderr)
        self.assertEqual(self.got(), EXISTING)
        self.assertEqual(self.ask("--name", "first", "--force").returncode, 0)
        after = self.got()
        begin, end = EXISTING.index("[[channel]]"), EXISTING.index("# belongs")
        self.assertTrue(after.startswith(EXISTING[:begin]))
        self.assertTrue(after.endswith(EXISTING[end:]))
        self.assertIn('clients = "many"', after)
        self.assertNotIn('"linux"', after)

    def test_the_last_channel_can_be_replaced_too(self):
        self.put('[[channel]]\nname = "a"\nreach = "both"\n[[channel]]\nname = "b"\nreach = "both"\n')
        self.assertEqual(self.ask("--name", "b", "--force").returncode, 0)
        self.assertTrue(self.got().startswith('[[channel]]\nname = "a"\nreach = "both"\n[[channel]]\nname = "b"\n'))
        self.assertNotIn('"both"', self.got().split('name = "b"')[1])
        self.clean_of_errors()

    def clean_of_errors(self):
        self.assertEqual(run("lint", "--fail-level", "warning", self.name).returncode, 0)

    def test_a_file_of_another_kind_is_kept_without_force(self):
        for text in ("precious", "", "x = 1\n", '[[channel]]\nnmae = "a"\n'):
            self.put(text)
            done = self.ask()
            self.assertEqual(done.returncode, 2, text)
            self.assertEqual(self.got(), text)
        self.put("precious")
        self.assertEqual(self.ask("--force").returncode, 0)
        self.assertIn('uses = "unix-stream"', self.got())
        self.clean()

    def test_what_cannot_be_written_is_said_and_nothing_is_left(self):
        done = run("ask", *DECIDED, "--write", os.path.join(self.folder.name, "none", "ipc.toml"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_from_and_write_may_be_the_same_file(self):
        self.put('[[channel]]\nname = "a"\nreach = "same-host"\nclients = "many"\nuses = "fifo"\n')
        self.assertEqual(run("ask", "--from", self.name, "--write", self.name).returncode, 2)
        self.assertEqual(run("ask", "--from", self.name, "--write", self.name, "--force").returncode, 0)
        self.assertIn('uses = "unix-stream"', self.got())
        self.clean()

    def test_every_kind_of_recommendation_lints_clean_at_every_level(self):
        # The needs of real systems: their choices made anew, and remarks such as IPC211 among them.
        seen = set()
        for example in sorted(os.listdir(EXAMPLES)):
            path = os.path.join(EXAMPLES, example)
            with open(path, encoding="utf-8") as file:
                channels = re.findall(r'^name += "(.*)"', file.read().split("[[channel]]", 1)[1], re.M)
            for channel in channels:
                done = run("ask", "--from", path, "--name", channel, "--write", self.name)
                if done.returncode != 0:
                    self.assertIn(done.returncode, (1, 3), done.stderr)
                    continue
                self.clean()
                seen.add(re.search(r'^uses = "(.*)"', self.got(), re.M).group(1))
                self.assertIn(f'({re.search(r"^uses = .(.*).$", self.got(), re.M).group(1)})', run("recommend", "--no-probe", self.name).stdout)
                os.remove(self.name)
        self.assertGreater(len(seen), 4)

    def test_a_remark_that_goes_with_the_choice_is_allowed_with_its_words(self):
        done = run("ask", *DECIDED, "--answer", "content=state", "--answer", "crash-safe=true", "--answer", "throughput=1 GB/s", "--write", self.name)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("# ipc: allow[IPC211] known when this was decided:", self.got())
        self.clean()


main()
