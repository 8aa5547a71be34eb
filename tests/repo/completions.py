"""Completion in the shells themselves: what a user gets who presses the tab key. bash always, the others where they are."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import EXAMPLES, main, run

# What is typed up to the tab key, what must be offered, and what must not be.
OFFERED = [
    ("ipc-advisor re", {"recommend"}, {"lint"}),
    ("ipc-advisor ", {"recommend", "rules", "docs"}, {"--version"}),
    ("ipc-advisor rules ", {"check", "diff"}, {"recommend"}),
    ("ipc-advisor probe unix-s", {"unix-stream", "unix-seqpacket"}, {"tcp"}),
    ("ipc-advisor probe tcp v", {"vsock"}, {"fifo"}),
    ("ipc-advisor lint --fail-level ", {"error", "warning", "info"}, {"lint"}),
    ("ipc-advisor recommend --why-not fi", {"fifo"}, {"tcp"}),
    ("ipc-advisor tree re", {"refine"}, {"recommend"}),
    ("ipc-advisor explain IPC20", {"IPC201"}, {"IPC101"}),
    ("ipc-advisor docs ", {"man5", "bash"}, {"lint"}),
    ("ipc-advisor rules coverage --at", {"--at-least"}, {"--all"}),
    ("ipc-advisor lint mx", {"mxr.toml"}, {"notes.txt"}),
    ("ipc-advisor rules diff ", {"embedded", "company"}, {"mxr.toml"}),
    ("ipc-advisor recommend --replay no", {"notes.txt"}, {"mxr.toml"}),
]


def options_of(help_text):
    return set(re.findall(r"--[a-z-]+", help_text))


class Bash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.script = run("docs", "bash").stdout

    def offered(self, line, folder, breaks=None):
        """The replies of the function that bash would call."""
        with tempfile.NamedTemporaryFile("w", suffix=".bash") as file:
            file.write(self.script)
            file.flush()
            code = (f'source {file.name}; {"" if breaks is None else f"COMP_WORDBREAKS={breaks!r};"} COMP_LINE=$1 COMP_POINT=${{#1}}; '
                    'command=$(complete -p ipc-advisor); [[ $command == *"-F _ipc_advisor"* ]] || exit 9; _ipc_advisor; printf "%s\\n" "${COMPREPLY[@]}"')
            # A shell sets COMP_WORDBREAKS when it is interactive only.
            done = subprocess.run(["bash", "--norc", "-c", "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:';" + code, "bash", line], cwd=folder, capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_what_is_offered(self):
        with tempfile.TemporaryDirectory() as folder:
            prepare(folder)
            for line, wanted, unwanted in OFFERED:
                got = self.offered(line, folder)
                self.assertLessEqual(wanted, got, line)
                self.assertFalse(unwanted & got, line)

    def test_words_with_an_equals_sign(self):
        with tempfile.TemporaryDirectory() as folder:
            prepare(folder)
            self.assertEqual(self.offered("ipc-advisor lint --color=al", folder), {"always"})
            self.assertEqual(self.offered("ipc-advisor lint --color=al", folder, breaks=" "), {"--color=always"})
            self.assertEqual(self.offered("ipc-advisor recommend --what-if reach=c", folder), {"cross-host"})
            self.assertEqual(self.offered("ipc-advisor recommend --what-if reach=c", folder, breaks=" "), {"reach=cross-host"})
            self.assertEqual(self.offered("ipc-advisor lint -o js", folder), {"json"})
            self.assertEqual(self.offered("ipc-advisor lint -o json=no", folder), {"notes.txt"})

    def test_every_option_of_every_verb(self):
        with tempfile.TemporaryDirectory() as folder:
            for verb in verbs():
                self.assertEqual({word for word in self.offered(f"ipc-advisor {verb} -", folder) if word.startswith("--")},
                                 options_of(run(*verb.split(), "--help").stdout.split("Options:")[1].split("Exit codes:")[0]), verb)

    @unittest.skipUnless(shutil.which("shellcheck"), "shellcheck is not here")
    def test_the_script_is_clean(self):
        done = subprocess.run(["shellcheck", "-s", "bash", "-"], input=self.script, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))


@unittest.skipUnless(shutil.which("fish"), "fish is not here")
class Fish(unittest.TestCase):
    def test_what_is_offered(self):
        with tempfile.TemporaryDirectory() as folder:
            prepare(folder)
            script = os.path.join(folder, "completion.fish")
            write(script, run("docs", "fish").stdout)
            for line, wanted, unwanted in OFFERED:
                done = subprocess.run(["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line],
                                      cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, "HOME": folder})
                got = {text.split("\t")[0].rstrip("/") for text in done.stdout.splitlines()}
                self.assertEqual(done.stderr, "")
                self.assertLessEqual(wanted, got, line)
                self.assertFalse(unwanted & got, line)


@unittest.skipUnless(shutil.which("zsh"), "zsh is not here")
class Zsh(unittest.TestCase):
    """zsh completes in its line editor only, so it gets a terminal, and a key that lists what it would offer."""

    def test_what_is_offered(self):
        with tempfile.TemporaryDirectory() as folder:
            prepare(folder)
            os.mkdir(os.path.join(folder, "functions"))
            write(os.path.join(folder, "functions", "_ipc-advisor"), run("docs", "zsh").stdout)
            for line, wanted, unwanted in OFFERED:
                got = self.listed(line, folder)
                self.assertLessEqual(wanted, got, line)
                self.assertFalse(unwanted & got, line)

    @staticmethod
    def listed(line, folder):
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="dumb", HOME=folder, PS1="> ")
            os.execvp("zsh", ["zsh", "-f", "-i"])
        try:
            send(terminal, "unsetopt zle_bracketed_paste beep; LISTMAX=9999; stty rows 2000 columns 200; fpath=($PWD/functions $fpath); "
                           "autoload -U compinit; compinit -u -D; bindkey '^T' list-choices; PS1='rea''dy> '")
            # Before this prompt the line editor does not read yet.
            seen(terminal, "ready> ")
            os.write(terminal, (line + "\x14\x15echo li''sted\n").encode())
            text = seen(terminal, "\nlisted")
        finally:
            os.close(terminal)
            os.waitpid(pid, 0)
        # The line itself is written again beside the list.
        return {word.rstrip("/") for word in text.split()} - set(line.split())


def send(terminal, line):
    os.write(terminal, (line + "\n").encode())


def seen(terminal, until, patience=60.0):
    """What the shell writes until that word."""
    text, end = "", time.monotonic() + patience
    while until not in text:
        if time.monotonic() > end or not select.select([terminal], [], [], patience)[0]:
            raise AssertionError(f"{until!r} did not come; last:\n{text[-2000:]}")
        text += os.read(terminal, 65536).decode("utf-8", "replace")
    return text


def verbs():
    names = re.findall(r"^  ([a-z]+) {2,}", run("--help").stdout.split("Subcommands:")[1], re.M)
    rules = re.findall(r"^  ([a-z]+) {2,}", run("rules", "--help").stdout.split("Subcommands:")[1], re.M)
    return [name for name in names if name != "rules"] + [f"rules {name}" for name in rules]


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def prepare(folder):
    """A folder with a requirements file, another file and a folder."""
    shutil.copy(os.path.join(EXAMPLES, "mxr.toml"), folder)
    write(os.path.join(folder, "notes.txt"), "")
    os.mkdir(os.path.join(folder, "company"))


main()
