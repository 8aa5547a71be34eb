"""Every place that a user can write to, filled with what means something to a terminal, a browser, a CI system or a parser,
through every format of lint and recommend."""
import html.parser
import json
import os
import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import main, run

# What may never come out as it went in: it would colour, hide or turn text round.
MISLEADING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
HOSTILE = ["\x1b[31mred\x1b[0m", "\x1b]8;;http://evil.example\x07link", "<script>alert(1)</script>", "<!-- x --><img src=x onerror=alert(1)>", "::error file=x::made up",
           "a\n::error::made up\n##[error]made up", "%0A::error::made up", "\u202etxt.exe\u202c", "zero\u200bwidth\ufeff", "]]><x/>", "|`a`|\n|---|", "[link](javascript:alert(1))", "{{project}} {reach} {}",
           "& &amp; < > ' \"", "\\", "\r\rcarriage", "\x7f\x9b31m", "\U0001f600 漢字 e\u0301", "x" * 3000, "", " ", "~~~\n```\n# heading", "<details><summary>"]
FORMATS = ["text", "json", "markdown", "html", "adr", "sarif", "junit", "github", "gitlab"]


def quoted(text):
    """A basic string of TOML."""
    return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 0x20 or c in '"\\\x7f' or 0x80 <= ord(c) < 0xA0 else c for c in text) + '"'


def places(word):
    """A requirements file that holds the word wherever one can be written, but for numbers."""
    one_line = re.sub(r"[\x00-\x1f\x7f]", "?", word)
    lines = ["[project]", f"name = {quoted(word)}", "[lint]", f"fail-level = {quoted(word)}", "[lint.levels]", f"{quoted(word + 'r')} = {quoted(word)}", f"IPC203 = {quoted(word)}"]
    for number, key in enumerate(["reach", "uses", "path", "framing", "mode", "bind", "message-size", "browser", "platforms"]):
        value = f"[{quoted(word)}, {quoted(word)}]" if key == "platforms" else quoted(word)
        lines += ["[[channel]]", f"name = {quoted(word + str(number))} # ipc: allow[{one_line}] {one_line}", f"{key} = {value}", f"{quoted(word + 'k')} = 1"]
    return "\n".join(lines) + "\n"


def harmless(word):
    """A file that can be decided on, with the word in its free texts."""
    return "\n".join(["[project]", f"name = {quoted(word)}", "[[channel]]", f"name = {quoted(word + 'c')}", 'reach = "same-host"', 'clients = "many"', 'direction = "two-way"', 'access = "same-group"',
                      'uses = "unix-dgram"', f"path = {quoted('/tmp/' + word)}", f"framing = {quoted('json' + word)}", f"mode = {quoted(word + '7')}", 'message-size = "2 MiB"']) + "\n"


class Page(html.parser.HTMLParser):
    """The names of a page's elements and attributes."""

    def __init__(self, text):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def judge(self, form, text, word):
        self.assertIsNone(MISLEADING.search(text), (form, word, MISLEADING.search(text) and text[max(0, MISLEADING.search(text).start() - 60):][:120]))
        if form in ("json", "sarif", "gitlab"):
            json.loads(text)
        elif form == "junit":
            xml.etree.ElementTree.fromstring(text)
        elif form == "github":
            for line in text.splitlines():
                self.assertRegex(line, r"^(::(error|warning|notice) file=[^:,]*,line=\d+,col=\d+(,endColumn=\d+)?,title=[^:,]*::[^\n]+|\d+ more are not annotated.*)$")
        elif form in ("html", "markdown", "adr"):
            page = Page(text)
            self.assertFalse({name for name in page.names if name in ("script", "img", "x", "iframe", "object")}, (form, word))
            self.assertFalse({name for name in page.attributes if name.startswith("on")}, (form, word))
            if form != "html":
                self.assertNotRegex(text, r"(?m)^\s*(::error|##\[error\])")
                self.assertNotIn("](javascript:", text)
        else:
            self.assertNotRegex(text, r"(?m)^\s*(::error|##\[error\])")

    def judge_all(self, word, *arguments, stdin=""):
        """One run with all formats, each judged."""
        done = run(*arguments[:1], *(argument for form in FORMATS for argument in ("-o", f"{form}={form}.out")), *arguments[1:], stdin=stdin, cwd=self.folder)
        self.assertIn(done.returncode, (0, 1), (arguments, word, done.stderr))
        self.judge("text", done.stderr, word)
        for form in FORMATS:
            with open(os.path.join(self.folder, f"{form}.out"), encoding="utf-8", newline="") as file:
                self.judge(form, file.read(), word)

    def test_each_string_in_each_place_through_each_format(self):
        for word in HOSTILE:
            self.judge_all(word, "lint", "-", stdin=places(word))
            self.judge_all(word, "lint", "-", stdin=harmless(word))
            self.judge_all(word, "recommend", "-", "--no-probe", stdin=harmless(word))

    def test_a_file_s_name_too(self):
        for word in HOSTILE:
            name = word.replace("/", "-").replace("\x00", "")[:80]
            if not name.strip(". "):
                continue
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                file.write(places("a"))
            self.judge_all(word, "lint", "--", name)
            self.judge("text", run("lint", "--show-settings", "--", name, cwd=self.folder).stdout, word)
            self.assertIsNone(MISLEADING.search(run("lint", "--diff", "--unsafe-fixes", "--", name, cwd=self.folder).stdout))
            os.unlink(os.path.join(self.folder, name))
            self.assertIsNone(MISLEADING.search(run("lint", "--", name, cwd=self.folder).stderr), word)

    def test_a_layer_s_words_and_the_command_line_s(self):
        os.makedirs(os.path.join(self.folder, "own", "lint"))
        for word in HOSTILE:
            if not word.strip():
                continue
            with open(os.path.join(self.folder, "own", "layer.toml"), "w", encoding="utf-8") as file:
                file.write(f"name = {quoted(word)}\nversion = {quoted(word)}\n")
            texts = "".join(f"{key} = {quoted(word)}\n" for key in ("message", "help", "why"))
            with open(os.path.join(self.folder, "own", "lint", "own.toml"), "w", encoding="utf-8") as file:
                file.write(f'[[rule]]\ncode = "OWN1"\nname = "own"\nlevel = "warning"\nwhen = "browser"\nkey = "browser"\nsource = "unix(7)"\n{texts}bad = "x"\ngood = "x"\n')
            self.judge_all(word, "lint", "-", "--rules", "own", stdin='[[channel]]\nname = "a"\nbrowser = true\n')
            for arguments in (["lint", "-", "--stdin-filename", word], ["lint", "-", "--level", word], ["lint", "-", "-o", word], ["lint", "-", "--baseline", word], ["explain", word],
                              ["ask", "--no-probe", "--name", word, "--answer", "reach=cross-host"], ["recommend", "-", "--what-if", word], ["recommend", "-", "--why-not", word]):
                done = run(*arguments, stdin=harmless("a"), cwd=self.folder)
                self.assertIsNone(MISLEADING.search(done.stdout + done.stderr), (arguments, word))
                self.assertNotRegex(done.stdout + done.stderr, r"(?m)^\s*(::error|##\[error\])")


main()
