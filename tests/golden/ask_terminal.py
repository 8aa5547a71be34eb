"""The interview on a terminal: drawn in place by tmux, and talked to by expect."""
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from screen import Screen
from tool import BINARY, PATIENCE, main


class OnScreen(unittest.TestCase):
    def screen(self, *arguments, **how):
        screen = Screen("ask", *arguments, **how)
        self.addCleanup(screen.close)
        return screen

    def ended(self, screen, code):
        screen.wait(f"exit code {code}.", "modes restored.")

    def test_arrows_numbers_words_unknown_back_and_done(self):
        screen = self.screen()
        screen.wait("1. Where do the two ends run? (reach)", "15 outcomes remain", "> 1 same-host ")
        screen.keys("j", "Down", "k", "End", "Home")
        screen.keys("Down")
        screen.wait("> 2 same-host-for-now")
        screen.keys("k", "Enter")
        screen.wait("reach: same-host", "(clients)", gone=["Where do the two ends run?"])
        screen.keys("2")
        screen.wait("> 2 many")
        screen.keys("Enter")
        screen.wait("clients: many", "(browser)")
        screen.keys("Escape")
        screen.wait("< back to clients", "> 1 two", gone=["(browser)"])
        screen.keys("Left")
        screen.wait("< back to reach", "> 1 same-host ")
        screen.keys("Left")
        screen.wait("this is the first question")
        screen.type("cross-host")
        screen.wait("= cross-host", "> 4 cross-host")
        screen.keys("Enter")
        screen.wait("reach: cross-host", "outcomes remain", gone=["(reach)"])
        screen.type("unknown")
        screen.keys("Enter")
        screen.wait("unknown; assumed:")
        screen.type("done")
        screen.keys("Enter")
        screen.wait("no more questions", "Try it on this host now?")
        screen.type("n")
        screen.keys("Enter")
        self.ended(screen, 0)
        self.assertIn("(tcp)", screen.text())

    def test_the_question_mark_tells_why_and_what_each_answer_leads_to(self):
        screen = self.screen("--answer", "reach=same-host", "--answer", "clients=many")
        screen.wait("(browser)")
        screen.type("?")
        screen.wait("A web page can only speak HTTP", "yes → tcp, unix-http-bridge or nothing", "Without an answer: no web page is a client.", "> 1 yes")
        # A habit of ending each word with Enter answers nothing.
        screen.type("?\r")
        text = screen.wait("> 1 yes")
        self.assertNotIn("browser: yes", text)
        screen.keys("C-c")
        self.ended(screen, 3)

    def leave_open_until(self, screen, need):
        """Unknown to every question before this one."""
        while True:
            text = screen.wait("open question", "done, quit")
            head = [line for line in text.splitlines() if line[:1].isdigit()][-1]
            if f"({need})" in text:
                return text
            screen.type("unknown\r")
            screen.wait(gone=[" ".join(head.split())])

    def test_what_earlier_answers_rule_out_is_shown_and_cannot_be_chosen(self):
        screen = self.screen("--answer", "reach=same-host", "--answer", "clients=two", "--answer", "stdio-free=true", "--answer", "throughput=1 MB/s", rows=60)
        text = self.leave_open_until(screen, "relation")
        self.assertIn("(ruled out: stdio-free speaks of a child, but neither end starts the other [IPC110])", " ".join(text.split()))
        # The cursor goes past it, and by number or word it cannot be had either.
        self.assertIn("> 2 parent-child", text)
        screen.keys("Up", "Home")
        screen.type("1\r")
        screen.wait("! ruled out: stdio-free speaks of a child", "> 2 parent-child")
        screen.keys("C-c")
        self.ended(screen, 3)

    def test_numbers_are_checked_at_once_and_lists_are_ticked(self):
        screen = self.screen("--answer", "reach=same-host", "--answer", "clients=many", "--answer", "browser=false")
        screen.wait("(throughput)", "type a byte rate")
        screen.type("5 Mb/s")
        screen.wait("^ nearest: 5 MB/s")
        screen.keys("Enter")
        screen.wait("cannot be read")
        screen.keys("C-u")
        screen.type("5 MB")
        screen.keys("BSpace", "BSpace")
        screen.type("kB/s")
        screen.wait("= 5 kB/s")
        screen.keys("Enter")
        screen.wait("throughput: 5 kB/s")
        screen.keys("C-c")
        self.ended(screen, 3)
        screen = self.screen("--answer", "reach=same-host", "--answer", "boundary=vm", "--answer", "throughput=1 MB/s")
        self.leave_open_until(screen, "platforms")
        screen.keys("Enter")
        screen.wait("tick at least one")
        screen.keys("Space", "Down", "Down", "Space")
        screen.wait("1 [x] linux", "> 3 [x] freebsd", "2 [ ] macos")
        screen.keys("Enter")
        screen.wait("platforms: linux, freebsd")
        screen.keys("C-c")
        self.ended(screen, 3)

    def test_resizing_in_the_middle_leaves_one_question_and_forty_columns_are_enough(self):
        screen = self.screen(columns=100)
        screen.wait("(reach)")
        # Beside its meaning where there is room for both, above it where there is not.
        for columns, drawn in ((40, "  2 same-host-for-now\n"), (72, "  2 same-host-for-now  on one"), (40, "  2 same-host-for-now\n")):
            screen.resize(columns)
            text = screen.wait_raw(drawn)
            # tmux itself moves lines that it wraps into its history; on the screen there is one question.
            text = screen.text(history=False)
            self.assertEqual(text.count("1. Where do"), 1, text)
            self.assertTrue(all(len(line) <= columns for line in text.splitlines()), text)
        screen.keys("Down")
        screen.wait("> 2 same-host-for-now")
        screen.keys("C-c")
        self.ended(screen, 3)

    def test_without_colour_and_with(self):
        plain = self.screen(environment=["NO_COLOR=1"])
        plain.wait("(reach)")
        self.assertNotIn("\x1b[", plain.text(colours=True))
        coloured = self.screen()
        coloured.wait("(reach)")
        self.assertIn("\x1b[1m", coloured.text(colours=True))

    def test_every_ending_restores_the_terminal_and_loses_nothing(self):
        for ending in ("C-c", "C-d", signal.SIGTERM, signal.SIGINT, signal.SIGHUP, "quit"):
            with self.subTest(ending=ending):
                screen = self.screen()
                screen.wait("(reach)")
                screen.keys("Enter")
                screen.wait("(clients)")
                if ending == "quit":
                    screen.type("quit")
                    screen.keys("Enter")
                elif isinstance(ending, str):
                    screen.keys(ending)
                else:
                    screen.signal(ending)
                self.ended(screen, 3)
                if ending == signal.SIGHUP:
                    with open(os.path.join(screen.folder, "ipc.toml.unfinished"), encoding="utf-8") as file:
                        self.assertIn('reach = "same-host"', file.read())
                else:
                    self.assertIn('reach = "same-host"', screen.text().split("What was answered")[1])

    def test_what_was_answered_is_saved_where_it_was_to_be_written_and_gone_on_with(self):
        screen = self.screen("--write", "x.toml", "--name", "feed")
        screen.wait("(reach)")
        screen.keys("Enter")
        screen.wait("(clients)")
        screen.keys("C-c")
        screen.wait("ask --from x.toml.unfinished --write x.toml")
        self.ended(screen, 3)
        self.assertFalse(os.path.exists(os.path.join(screen.folder, "x.toml")))
        again = self.screen("--from", "x.toml.unfinished", folder=screen.folder)
        again.wait("1. Are there just two ends", "(clients)", gone=["(reach)"])
        again.keys("C-c")
        self.assertIn('name = "feed"', again.wait("exit code 3."))

    def test_dumb_and_plain_terminals_are_asked_line_by_line(self):
        for how in ({"environment": ["TERM=dumb"]}, {"arguments": ("--plain",)}):
            screen = self.screen(*how.get("arguments", ()), environment=how.get("environment", ()))
            screen.wait("1) same-host", "Answer with a number or a word.")
            screen.type("1\n")
            screen.wait("(clients)")
            screen.keys("C-c")
            self.ended(screen, 3)
            self.assertIn('reach = "same-host"', screen.text())
            self.assertNotIn("\x1b[", screen.text(colours=True))


class Expect(unittest.TestCase):
    def expect(self, script, *arguments, term="xterm"):
        text = f"set timeout {PATIENCE}\nset stty_init {{rows 40 columns 100}}\nspawn -noecho {BINARY} ask {' '.join(arguments)}\n" + script + "\nexpect eof\nlassign [wait] a b c code\nputs \"exit code $code.\"\n"
        done = subprocess.run(["expect", "-f", "-"], input=text, text=True, capture_output=True, timeout=PATIENCE, env={**os.environ, "TERM": term, "LC_ALL": "C.UTF-8"})
        return done.stdout

    def test_an_interview_to_its_end_with_a_probe_refused(self):
        said = self.expect('expect "(reach)"\nsend "4\\r"\nexpect "reach: cross-host"\nsend "done\\r"\nexpect "Y/n"\nsend "n\\r"\nexpect "use TCP"')
        self.assertIn("exit code 0.", said)

    def test_end_of_input_line_by_line(self):
        said = self.expect('expect "> "\nsend "same-host\\r"\nexpect "(clients)"\nsend "\\x04"\nexpect "What was answered"', term="dumb")
        self.assertIn('reach = "same-host"', said)
        self.assertIn("exit code 3.", said)


main()
