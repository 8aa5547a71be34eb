"""The reports that CI systems read, parsed as they would parse them."""
import json
import os
import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import EXAMPLES, MXR, main, run

# A name that means something in XML, in JSON, in a workflow command and in a terminal.
HOSTILE = "a,b:<x>&\"'%0A\\u001b[31m::error::"
WRONG = f'[[channel]]\nname = "{HOSTILE.replace(chr(34), chr(92) + chr(34))}"\nreach = "cross-host"\nuses = "fifo"\nbrowser = false\n'


class Formats(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        with open(os.path.join(self.folder.name, "ipc.toml"), "w", encoding="utf-8") as file:
            file.write(WRONG)

    def lint(self, form, *more):
        return run("lint", "-o", form, *more, cwd=self.folder.name)

    def test_sarif_has_rules_places_and_the_exit_code_of_the_text(self):
        done = self.lint("sarif")
        self.assertEqual(done.returncode, 1)
        log = json.loads(done.stdout)
        self.assertEqual(log["version"], "2.1.0")
        one = log["runs"][0]
        rules = one["tool"]["driver"]["rules"]
        self.assertGreater(len(rules), 50)
        self.assertEqual(one["columnKind"], "unicodeCodePoints")
        found = {result["ruleId"] for result in one["results"]}
        self.assertIn("IPC201", found)
        for result in one["results"]:
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            place = result["locations"][0]["physicalLocation"]
            self.assertEqual(place["artifactLocation"]["uri"], "ipc.toml")
            self.assertGreaterEqual(place["region"]["startLine"], 1)
            self.assertRegex(result["partialFingerprints"]["ipcAdvisor/v1"], "^[0-9a-f]{16}$")
        # A fingerprint outlives a change of lines.
        with open(os.path.join(self.folder.name, "ipc.toml"), "w", encoding="utf-8") as file:
            file.write("# moved down\n\n" + WRONG)
        moved = json.loads(self.lint("sarif").stdout)["runs"][0]["results"]
        self.assertEqual([result["partialFingerprints"] for result in moved], [result["partialFingerprints"] for result in one["results"]])

    def test_sarif_tells_what_was_allowed_and_verdicts_by_their_kind(self):
        with open(os.path.join(self.folder.name, "ipc.toml"), "w", encoding="utf-8") as file:
            file.write(WRONG.replace('uses = "fifo"', 'uses = "fifo" # ipc: allow[IPC201] a legacy end'))
        done = self.lint("sarif")
        self.assertEqual(done.returncode, 0)
        allowed = [result for result in json.loads(done.stdout)["runs"][0]["results"] if result["ruleId"] == "IPC201"]
        self.assertEqual(allowed[0]["suppressions"], [{"kind": "inSource", "justification": "a legacy end"}])
        log = json.loads(run("recommend", MXR, "-o", "sarif").stdout)
        kinds = {result["kind"]: result["level"] for result in log["runs"][0]["results"] if result["ruleId"] == "recommendation-holds"}
        self.assertEqual(kinds["pass"], "none")
        log = json.loads(run("recommend", "--no-probe", MXR, "-o", "sarif").stdout)
        self.assertNotIn("pass", {result.get("kind") for result in log["runs"][0]["results"]})

    def test_junit_counts_what_it_holds(self):
        done = self.lint("junit")
        self.assertEqual(done.returncode, 1)
        suites = xml.etree.ElementTree.fromstring(done.stdout)
        for suite in suites:
            cases = suite.findall("testcase")
            self.assertEqual(int(suite.get("tests")), len(cases))
            for kind in ("failure", "error", "skipped"):
                self.assertEqual(int(suite.get(kind + "s" if kind != "skipped" else kind)), len(suite.findall(f"testcase/{kind}")))
        self.assertTrue(any("IPC201" in case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None))
        recommended = xml.etree.ElementTree.fromstring(run("recommend", "--no-probe", MXR, "-o", "junit").stdout)
        self.assertEqual([suite.get("name") for suite in recommended], ["client-api"])
        self.assertTrue(all(case.find("skipped") is not None for case in recommended.iter("testcase") if case.get("name") != "decided"))

    def test_github_annotations_are_escaped_sorted_and_capped(self):
        done = self.lint("github")
        lines = done.stdout.splitlines()
        self.assertTrue(lines[0].startswith("::error file=ipc.toml,line=4,col=8,endColumn=14,title=IPC201 "))
        for line in lines:
            self.assertRegex(line, r"^::(error|warning|notice) [^\x00-\x1f]*::[^\x00-\x1f]+$")
            self.assertEqual(line.count("::error"), 1 if line.startswith("::error") else 0)
        many = "".join(f'[[channel]]\nname = "c{i}"\nreach = "cross-host"\nuses = "fifo"\n' for i in range(15))
        text = run("lint", "-", "-o", "github", stdin=many).stdout
        self.assertEqual(len(re.findall("^::error", text, re.M)), 10)
        self.assertIn("more are not annotated", text)

    def test_gitlab_has_a_fingerprint_a_place_and_a_severity_each(self):
        issues = json.loads(self.lint("gitlab").stdout)
        self.assertTrue(issues)
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
        for issue in issues:
            self.assertEqual(issue["location"]["path"], "ipc.toml")
            self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))

    def test_a_baseline_lets_only_new_findings_fail(self):
        done = run("lint", "--baseline", "base.json", "--write-baseline", cwd=self.folder.name)
        self.assertEqual(done.returncode, 0, done.stdout)
        with open(os.path.join(self.folder.name, "ipc.toml"), "a", encoding="utf-8") as file:
            file.write('[[channel]]\nname = "new"\nreach = "cross-host"\nuses = "stdio"\n')
        done = run("lint", "--baseline", "base.json", cwd=self.folder.name)
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdio", done.stdout)
        self.assertNotIn("fifo:", done.stdout)
        with open(os.path.join(self.folder.name, "ipc.toml"), "w", encoding="utf-8") as file:
            file.write('[[channel]]\nname = "a"\nreach = "cross-host"\nuses = "tcp"\n')
        done = run("lint", "--baseline", "base.json", cwd=self.folder.name)
        self.assertEqual(done.returncode, 0)
        self.assertIn("found no more", done.stderr)
        self.assertEqual(run("lint", "--baseline", "ipc.toml", cwd=self.folder.name).returncode, 2)
        self.assertEqual(run("lint", "--baseline", "nowhere.json", cwd=self.folder.name).returncode, 2)
        self.assertEqual(run("lint", "--write-baseline", cwd=self.folder.name).returncode, 2)

    def test_several_at_once_are_the_same_as_each_alone(self):
        done = self.lint("sarif=one.sarif", "-o", "junit=one.xml", "-o", "github")
        self.assertEqual(done.returncode, 1)
        for name, form in (("one.sarif", "sarif"), ("one.xml", "junit")):
            with open(os.path.join(self.folder.name, name), encoding="utf-8") as file:
                self.assertEqual(file.read(), self.lint(form).stdout)
        self.assertEqual(done.stdout, self.lint("github").stdout)

    def test_clean_files_pass_in_every_format(self):
        for form in ("sarif", "junit", "github", "gitlab"):
            done = run("lint", os.path.join(EXAMPLES, "mxr.toml"), "-o", form)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertNotIn("::error", done.stdout)


main()
