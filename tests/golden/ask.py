"""ask, as a person at a terminal meets it, and as a script without one does."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import Terminal, main, run


class Ask(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def answer_until_done(self, terminal, answers):
        """Answers by need; 'unknown' to the rest. Returns the needs in the order in which they were asked."""
        asked = []
        while True:
            text = terminal.read_until("> ", "Why\x1b[0m")
            if "open)" not in text:
                return asked
            need = text.rsplit("(", 1)[1].split(";")[0]
            asked.append(need)
            terminal.send(answers.get(need, "unknown"))

    def test_only_open_questions_are_asked_and_the_file_is_what_was_answered(self):
        name = os.path.join(self.folder.name, "ipc.toml")
        terminal = Terminal("ask", "--no-probe", "--write", name, "--name", "feed")
        asked = self.answer_until_done(terminal, {"reach": "cross-host"})
        self.assertEqual(terminal.finish(), 0)
        self.assertEqual(asked[0], "reach")
        self.assertNotIn("boundary", asked)
        self.assertNotIn("fan-out" if len(asked) < 2 else "relation", asked)
        self.assertEqual(len(asked), len(set(asked)))
        with open(name, encoding="utf-8") as file:
            text = file.read()
        self.assertIn('name = "feed"', text.replace("  ", " ").replace("  ", " "))
        self.assertIn('"cross-host"', text)
        self.assertEqual(run("lint", name).returncode, 0, run("lint", name).stdout)
        again = run("recommend", "--no-probe", name)
        self.assertIn("(tcp)", again.stdout)

    def test_question_mark_explains_back_returns_and_numbers_answer(self):
        terminal = Terminal("ask", "--no-probe")
        terminal.read_until("> ")
        terminal.send("?")
        self.assertIn("decides between", terminal.read_until("> "))
        terminal.send("nonsense")
        self.assertIn("same-host", terminal.read_until("> "))
        terminal.send("4")
        second = terminal.read_until("> ")
        self.assertNotIn("(reach;", second)
        terminal.send("back")
        self.assertIn("(reach;", terminal.read_until("> "))
        terminal.send("same-host")
        self.assertNotIn("(reach;", terminal.read_until("> "))
        terminal.send("quit")
        self.assertEqual(terminal.finish(), 3)
        self.assertIn('reach', terminal.seen.split("What was answered")[1])

    def test_end_of_input_and_done_are_ends(self):
        terminal = Terminal("ask", "--no-probe")
        terminal.read_until("> ")
        os.write(terminal.fd, b"\x04")
        self.assertEqual(terminal.finish(), 3)
        terminal = Terminal("ask", "--no-probe", "--answer", "reach=cross-host")
        terminal.read_until("> ")
        terminal.send("done")
        self.assertEqual(terminal.finish(), 0)
        self.assertIn("(tcp)", terminal.seen)

    def test_without_a_terminal_it_never_prompts(self):
        done = run("ask", "--no-probe")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn('reach = "same-host"', " ".join(done.stderr.split()))
        self.assertNotIn("> ", done.stderr)
        decided = run("ask", "--no-probe", "--answer", "reach=same-host", "--answer", "clients=many")
        self.assertEqual(decided.returncode, 0, decided.stderr)
        self.assertIn("(unix-stream)", decided.stdout)

    def test_wrong_answers_given_beforehand_are_usage_errors(self):
        for answer, word in (("reech=x", "reach"), ("reach=x", "same-host"), ("reach", "NEED=VALUE")):
            done = run("ask", "--no-probe", "--answer", answer)
            self.assertEqual(done.returncode, 2)
            self.assertIn(word, done.stderr)

    def test_an_existing_file_is_kept(self):
        name = os.path.join(self.folder.name, "ipc.toml")
        with open(name, "w", encoding="utf-8") as file:
            file.write("precious")
        arguments = ("ask", "--no-probe", "--answer", "reach=cross-host", "--answer", "clients=many", "--write", name)
        self.assertEqual(run(*arguments).returncode, 2)
        with open(name, encoding="utf-8") as file:
            self.assertEqual(file.read(), "precious")
        self.assertEqual(run(*arguments, "--force").returncode, 0)


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
