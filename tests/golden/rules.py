"""The rules looked at themselves: proofs, cases, coverage, mutants, differences, and a company's own layer."""
import glob
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import SOURCE, main, report_of, run

CASES = sorted(glob.glob(os.path.join(SOURCE, "tests/conformance/*.toml")))
ACME = os.path.join(SOURCE, "tests/conformance/layered/acme")
# An enumeration of all profiles takes seconds, and minutes where every access is watched.
SLOW = unittest.skipIf("IPC_ADVISOR_SANITIZED" in os.environ, "held by the build without sanitizers")


class Rules(unittest.TestCase):
    @SLOW
    def test_the_embedded_rules_keep_all_their_promises(self):
        done = run("rules", "check")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.count("confirmed"), 5)
        self.assertRegex(done.stdout.replace("\n  ", " "), r"a freshly recommended choice lints clean: [\d ]{10,} profiles in [\d ]+ regions")

    @SLOW
    def test_the_layered_rules_keep_them_too(self):
        done = run("rules", "check", "--rules", ACME)
        self.assertEqual((done.returncode, done.stdout.count("confirmed")), (0, 5), done.stdout)
        self.assertRegex(done.stdout, r"^rules 1 \+ acme 3, digest [0-9a-f]{16}\n")

    def test_every_case_holds_and_a_wrong_one_is_told_with_its_place(self):
        self.assertEqual(run("rules", "test", *CASES).returncode, 0)
        with tempfile.TemporaryDirectory() as folder:
            wrong = os.path.join(folder, "wrong.toml")
            with open(wrong, "w", encoding="utf-8") as file:
                file.write("[[case]]\nneeds = ['reach = \"cross-host\"']\npicks = \"fifo\"\n")
            done = run("rules", "test", wrong)
            self.assertEqual(done.returncode, 1)
            self.assertIn("wrong.toml:1", done.stdout)
            self.assertIn("the recommendation is tcp, expected fifo", done.stdout)
            # A case that fails anyway would notice every mutant.
            self.assertEqual(run("rules", "mutate", wrong).returncode, 1)
            with open(wrong, "w", encoding="utf-8") as file:
                file.write("[[case]]\nneeds = ['reach = \"cross-hots\"']\n")
            done = run("rules", "test", wrong)
            self.assertEqual(done.returncode, 2)
            self.assertIn("cross-host", done.stderr)

    def test_coverage_is_whole_with_the_cases_and_fails_without(self):
        done = run("rules", "coverage", *CASES)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(len(re.findall(r"100\.0 %", done.stdout)), 6)
        done = run("rules", "coverage", CASES[0])
        self.assertEqual(done.returncode, 1)
        self.assertIn("that no case goes through", done.stdout)
        self.assertEqual(run("rules", "coverage", CASES[0], "--at-least", "0").returncode, 0)

    def test_every_mutant_is_noticed_with_the_cases_and_not_without(self):
        done = run("rules", "mutate", *CASES)
        self.assertEqual(done.returncode, 0, done.stdout)
        made = [(int(made), int(noticed)) for made, noticed in re.findall(r"(\d+) [a-z ]+, (\d+) noticed", done.stdout)]
        self.assertEqual(len(made), 4)
        self.assertTrue(all(count > 20 and count == noticed for count, noticed in made), made)
        done = run("rules", "mutate")
        self.assertEqual(done.returncode, 1)
        self.assertIn("0 noticed", done.stdout)

    def test_generated_cases_are_read_back_and_hold(self):
        with tempfile.TemporaryDirectory() as folder:
            generated = os.path.join(folder, "generated.toml")
            with open(generated, "w", encoding="utf-8") as file:
                file.write(run("rules", "test", "--generate").stdout)
            self.assertEqual(run("rules", "test", generated).returncode, 0)
            done = run("rules", "coverage", generated)
            for group in ("branches", "leaves", "eliminations"):
                self.assertRegex(done.stdout, group + r" +(\d+) of \1 +100\.0 %")

    def test_the_layer_is_tested_covered_and_mutated_by_its_own_cases(self):
        for verb in ("test", "coverage", "mutate"):
            done = run("rules", verb, "--rules", ACME)
            self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(run("rules", "coverage", "--rules", ACME).stdout, r"branches +2 of 2")

    @SLOW
    def test_a_difference_names_what_changed_and_for_whom(self):
        done = run("rules", "diff", "embedded", ACME)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("+ trait fifo/acme-no-fifo: falls where always", done.stdout)
        self.assertIn("+ need on-message-bus", done.stdout)
        self.assertRegex(done.stdout, r"tcp -> unix-stream: [\d ]+ profiles")
        self.assertRegex(done.stdout, r"[\d ]+ of [\d ]+ profiles change their recommendation")

    def test_show_says_where_each_value_comes_from(self):
        shown = run("rules", "show", "--rules", ACME).stdout.replace("\n", " ")
        self.assertRegex(shown, r"need reach: .*\[rules/needs\.toml:\d+\]")
        self.assertRegex(shown, r"trait tcp/acme-no-loopback: falls where reach in .*acme/mechanisms/tcp\.toml:3\]")


class Layer(unittest.TestCase):
    def test_a_company_mechanism_need_and_veto_reach_every_verb(self):
        text = '[[channel]]\nname = "a"\nreach = "same-host"\nplatforms = ["linux"]\non-message-bus = true\n'
        report, code = report_of("recommend", "--rules", ACME, "-", stdin=text)
        self.assertEqual(code, 0)
        self.assertEqual(report["rules"]["version"], "1 + acme 3")
        self.assertNotEqual(report["rules"]["digest"], report_of("recommend", "--no-probe", "-", stdin='[[channel]]\nname = "a"\n')[0]["rules"]["digest"])
        channel = report["channels"][0]
        self.assertEqual(channel["recommendation"]["mechanism"], "acme-bus")
        self.assertEqual(channel["guide"]["mechanism"], "unix-stream")
        # What has no probe is never confirmed.
        self.assertEqual(channel["verdict"], "not-run")
        text = '[[channel]]\nname = "a"\nreach = "same-host"\nuses = "tcp"\npath = "/tmp/x"\n'
        report, code = report_of("lint", "--rules", ACME, "-", stdin=text)
        self.assertEqual(code, 1)
        self.assertTrue({"IPC201", "ACME001"} <= {finding["rule"] for finding in report["findings"]}, report["findings"])
        self.assertIn("acme-bus", run("explain", "mechanisms", "--rules", ACME).stdout)
        self.assertEqual(run("explain", "ACME001", "--rules", ACME).returncode, 0)

    def test_without_the_layer_its_words_are_unknown(self):
        done = run("lint", "-", stdin='[[channel]]\nname = "a"\non-message-bus = true\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn("on-message-bus", done.stdout)

    def test_a_folder_that_is_none_or_holds_nonsense_is_an_error(self):
        done = run("recommend", "--rules", "/nonexistent", "-", stdin="")
        self.assertEqual(done.returncode, 2)
        self.assertIn("/nonexistent", done.stderr)
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("rules", "show", "--rules", folder).returncode, 2)
            with open(os.path.join(folder, "needs.toml"), "w", encoding="utf-8") as file:
                file.write('[[need]]\nid = "reach"\n')
            done = run("rules", "show", "--rules", folder)
            self.assertEqual(done.returncode, 2)
            self.assertIn("layer.toml", done.stderr)


main()
