"""The manuals: those made from the rules are as the tool makes them now, say everything, and all are clean."""
import glob
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, SOURCE, main, run

MAN = os.path.join(SOURCE, "man")
ACME = os.path.join(SOURCE, "tests/conformance/layered/acme")
MADE = {"man1": "ipc-advisor.1", "man5": "ipc-advisor-requirements.5", "man7": "ipc-advisor-rules.7"}


def read(name):
    with open(os.path.join(MAN, name), encoding="utf-8") as file:
        return file.read()


def listed(what):
    """The ids that `explain` lists."""
    return re.findall(r"^(\S+) - ", run("explain", what).stdout, re.M)


def items(page):
    return re.findall(r"^\.It Cm (.+)$", page, re.M)


class Manuals(unittest.TestCase):
    def test_they_are_as_the_tool_makes_them(self):
        for page, name in MADE.items():
            self.assertTrue(read(name) == run("docs", page).stdout, f"man/{name} is stale; run ./dev docs")

    def test_the_picture_is_what_the_tool_prints(self):
        made = subprocess.run([sys.executable, os.path.join(MAN, "picture/make.py"), BINARY], capture_output=True, text=True, check=True).stdout
        xml.dom.minidom.parseString(made)
        self.assertTrue(made == read("picture/recommend.svg"), "the picture is stale; run ./dev docs")

    def test_every_page_is_clean(self):
        pages = glob.glob(os.path.join(MAN, "*.[1-9]"))
        self.assertEqual(len(pages), 3)
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", *pages], capture_output=True, text=True, check=False)
        # What is installed here, and words of the rules that are also names of systems, are no faults of the page.
        faults = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line and "consider using OS macro" not in line]
        self.assertEqual(faults, [])

    def test_every_need_with_its_choices_and_every_unit(self):
        page = read(MADE["man5"])
        for need in listed("needs"):
            self.assertIn(need, items(page))
            for choice in re.findall(r"^    - ([a-z0-9-]+): ", run("explain", need).stdout.split("What falls by it")[0], re.M):
                self.assertIn(choice, items(page), need)
        for unit in ("KiB", "/s", "GB/s", "us"):
            self.assertIn(unit, page)

    def test_every_mechanism_and_lint_rule(self):
        page = read(MADE["man7"])
        for one in listed("mechanisms") + listed("rules"):
            self.assertIn(one, items(page))
        for name, level in re.findall(r" - (\S+) \((\w+)\)$", run("explain", "rules").stdout, re.M):
            self.assertIn(f"{name}, {level}:", page)
        for code in "01234":
            self.assertIn(code, items(page))

    def test_the_example_lints_clean(self):
        page = read(MADE["man5"])
        sample = page[page.index("[project]\nname"):].split(".Ed")[0]
        for need in listed("needs"):
            self.assertRegex(sample, rf"(?m)^(# )?{need} = ")
        done = run("lint", "--fail-level", "info", "-", stdin=sample.replace("\\-", "-").replace("\\e", "\\"))
        self.assertEqual((done.returncode, done.stdout), (0, "no findings\n"))

    def test_layered_rules_are_in_their_own_pages(self):
        self.assertIn("on-message-bus", items(run("docs", "man5", "--rules", ACME).stdout))
        page = run("docs", "man7", "--rules", ACME).stdout
        self.assertLessEqual({"acme-bus", "ACME001"}, set(items(page)))
        with tempfile.NamedTemporaryFile("w", suffix=".7") as file:
            file.write(page)
            file.flush()
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", file.name], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_an_unknown_page_is_a_usage_error(self):
        self.assertEqual(run("docs", "man3").returncode, 2)
        self.assertEqual(run("docs").returncode, 2)


main()
