"""The shape of the project: nothing is missing beside a source, and nothing lies where it does not belong."""
import glob
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import SOURCE, main, run

TOP = {"CMakeLists.txt", "README.md", "src", "rules", "probes", "tests", "man", "dev", "LICENSE", "CHANGELOG.md"}


def names(pattern):
    return {os.path.splitext(os.path.basename(name))[0] for name in glob.glob(os.path.join(SOURCE, pattern), recursive=True)}


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


class Complete(unittest.TestCase):
    def test_the_top_level(self):
        self.assertEqual({name for name in os.listdir(SOURCE) if not name.startswith(".")}, TOP)

    def test_every_probe_has_its_mechanism_and_is_in_the_table(self):
        probes = names("probes/*.cpp")
        self.assertLessEqual(probes, names("rules/mechanisms/*.toml"))
        known = run("explain", "mechanisms").stdout
        for probe in probes:
            self.assertIn(probe, known)

    def test_every_unit_test_mirrors_a_source(self):
        for path in glob.glob(os.path.join(SOURCE, "tests/unit/**/*_test.cpp"), recursive=True):
            mirrored = os.path.relpath(path, os.path.join(SOURCE, "tests/unit")).replace("_test.cpp", "")
            folder, name = os.path.split(mirrored)
            self.assertTrue(name == folder or glob.glob(os.path.join(SOURCE, "src", mirrored + ".*pp")), path)

    def test_files_stay_small(self):
        for pattern in ("src/**/*.?pp", "probes/*.cpp", "tests/**/*.?pp", "tests/**/*.py"):
            for path in glob.glob(os.path.join(SOURCE, pattern), recursive=True):
                with open(path, encoding="utf-8") as file:
                    self.assertLessEqual(len(file.readlines()), 350, path)

    def test_every_verb_and_exit_code_is_in_the_manual(self):
        manual, readme = read("man/ipc-advisor.1"), read("README.md")
        for verb in re.findall(r"^  (\w+) {2,}", run("--help").stdout.split("Subcommands:")[1].split("Exit codes")[0], re.M):
            self.assertIn(verb, manual)
            self.assertIn(verb, readme)
        for option in set(re.findall(r"--[a-z-]+", "".join(run(verb, "--help").stdout for verb in ("recommend", "lint", "ask", "probe", "explain", "tree", "claims", "docs"))
                                                  + "".join(run("rules", verb, "--help").stdout for verb in ("check", "test", "coverage", "mutate", "diff", "show")))):
            self.assertTrue(option[1:].replace("-", "\\-") in manual, option)

        for code, says in re.findall(r"^  (\d)  (.+)$", run("--help").stdout.split("Exit codes:")[1], re.M):
            self.assertIn(f"| {code} | {says} |", readme.replace("`", ""))
            self.assertIn(f".It Cm {code}\n{says[0].upper()}{says[1:4]}", manual)

    def test_the_script_is_clean(self):
        done = subprocess.run(["shellcheck", os.path.join(SOURCE, "dev"), os.path.join(SOURCE, ".ci/run")], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_no_work_is_left_undone_silently(self):
        for pattern in ("src/**/*.?pp", "probes/*.cpp", "rules/**/*.toml"):
            for path in glob.glob(os.path.join(SOURCE, pattern), recursive=True):
                with open(path, encoding="utf-8") as file:
                    self.assertIsNone(re.search(r"\b(TODO|FIXME|XXX|HACK)\b", file.read()), path)


main()
