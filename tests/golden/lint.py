"""The habits of the linter: fixes, diffs, settings, folders, baselines, colours and links."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, EXAMPLES, SOURCE, MXR, Terminal, main, report_of, run

WRONG = '# größe\n[[channel]]\nname = "ü"   # a name\nreach = "same-host"\nclients = "many"\nuses = "fifo"\nport = 80  # web\nbrowser = "no"\n'
SAFE = '# größe\n[[channel]]\nname = "ü"   # a name\nreach = "same-host"\nclients = "many"\nuses = "fifo"\nbrowser = false\n'


class Lint(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.put("ipc.toml", WRONG)

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)

    def text(self, name="ipc.toml"):
        with open(os.path.join(self.folder, name), encoding="utf-8", newline="") as file:
            return file.read()

    def lint(self, *arguments, **how):
        return run("lint", *arguments, cwd=self.folder, **how)

    def test_safe_fixes_are_written_and_the_rest_is_reported(self):
        done = self.lint("--fix")
        self.assertEqual(self.text(), SAFE)
        self.assertIn("fixed 2 findings", done.stderr)
        self.assertNotIn("IPC207", done.stdout)
        self.assertIn("IPC203", done.stdout)
        again = self.lint("--fix")
        self.assertEqual(self.text(), SAFE)
        self.assertNotIn("fixed", again.stderr)

    def test_a_diff_changes_nothing_and_is_what_patch_reads(self):
        done = self.lint("--diff")
        self.assertEqual((done.returncode, self.text()), (1, WRONG))
        patched = subprocess.run(["patch", "-s", "-o", "-", "ipc.toml"], input=done.stdout, capture_output=True, text=True, cwd=self.folder, check=False) if os.path.exists("/usr/bin/patch") else None
        if patched:
            self.assertEqual(patched.stdout, SAFE)
        self.put("ipc.toml", SAFE)
        self.assertEqual(self.lint("--diff").stdout, "")
        self.assertIn('+uses = "unix-stream"', self.lint("--diff", "--unsafe-fixes").stdout)

    def test_standard_input_comes_out_mended(self):
        done = self.lint("--fix", "-", stdin=WRONG)
        self.assertEqual((done.stdout, self.text()), (SAFE, WRONG))
        named = self.lint("-", "--stdin-filename", "sub/x.toml", stdin=WRONG)
        self.assertIn("sub/x.toml:7:8:", named.stdout)

    def test_settings_come_from_the_file_the_nearest_above_and_the_command_line(self):
        self.put("sub/deep/x.toml", WRONG)
        self.put("ipc.toml", '[lint]\nfail-level = "error"\n[lint.levels]\nIPC207 = "off"\nwrong-type = "error"\nIPC203 = "error"\n')
        done = self.lint("sub/deep/x.toml")
        self.assertNotIn("IPC207", done.stdout)
        self.assertIn("error[IPC203", done.stdout)
        shown = self.lint("--show-settings", "sub/deep/x.toml", "--level", "IPC203=info").stdout
        self.assertIn("IPC203 another-would-be-recommended = info (command line; info by default)", shown)
        self.assertRegex(shown, r"IPC207 .* = off \(.*/ipc.toml; warning by default\)")
        alone = self.lint("--isolated", "sub/deep/x.toml").stdout
        self.assertIn("warning[IPC207", alone)
        self.put("sub/deep/x.toml", WRONG + '[lint.levels]\nIPC207 = "info"\n')
        self.assertIn("info[IPC207", self.lint("sub/deep/x.toml").stdout)

    def test_bad_settings_are_findings_with_places_and_the_nearest_word(self):
        self.put("ipc.toml", '[lint]\nfail-level = "high"\n[lint.levels]\nIPC999 = "off"\nIPC207 = "of"\nIPC001 = "off"\nanother-would-be-recomended = "off"\n')
        done = self.lint()
        self.assertEqual(done.returncode, 1)
        for words in ('ipc.toml:2:14: error[IPC004', 'ipc.toml:4:1: error[IPC004', 'did you mean "off"?', "IPC001 is about the file itself", 'did you mean "another-would-be-recommended"?'):
            self.assertIn(words, done.stdout)
        self.assertEqual(self.lint("--level", "IPC207").returncode, 2)

    def test_fail_level_is_inclusive_and_the_command_line_wins(self):
        self.put("ipc.toml", '[lint]\nfail-level = "info"\n' + SAFE)
        self.assertEqual(self.lint().returncode, 1)
        self.assertEqual(self.lint("--fail-level", "warning").returncode, 0)

    def test_folders_are_searched(self):
        self.put("a/ipc.toml", SAFE)
        self.put("a/b/x.ipc.toml", SAFE)
        self.put("a/other.toml", "not toml at all")
        report, _ = report_of("lint", "a", cwd=self.folder)
        self.assertEqual({finding["file"] for finding in report["findings"]}, {"a/ipc.toml", "a/b/x.ipc.toml"})
        self.put("empty/readme", "")
        self.assertEqual(self.lint("empty").returncode, 2)

    def test_a_baseline_is_pruned(self):
        self.lint("--baseline", "known.json", "--write-baseline")
        before = len(json.loads(self.text("known.json"))["findings"])
        self.put("ipc.toml", SAFE)
        self.assertIn("found no more", self.lint("--baseline", "known.json").stderr)
        self.assertEqual(self.lint("--baseline", "known.json", "--prune").returncode, 0)
        after = json.loads(self.text("known.json"))["findings"]
        self.assertTrue(0 < len(after) < before)
        self.assertNotIn("found no more", self.lint("--baseline", "known.json").stderr)

    def test_rules_are_linked_in_a_terminal_only(self):
        self.assertNotIn("\x1b]8", self.lint().stdout)
        terminal = Terminal("lint", cwd=self.folder)
        seen = terminal.read_until("in 1 file")
        self.assertIn("\x1b[", seen)

    def test_our_own_examples_lint_clean(self):
        self.assertEqual(run("lint", EXAMPLES.rstrip("/") + "/mxr.toml").returncode, 0)
        self.assertEqual(run("lint", "--diff", MXR).stdout, "")

    def test_the_action_lints_what_it_is_given_and_runs_nothing_else(self):
        with open(os.path.join(SOURCE, ".github", "actions", "lint", "action.yml"), encoding="utf-8") as file:
            script = "\n".join(line[8:] for line in file.read().split("run: |\n")[1].splitlines())
        self.put("b/ipc.toml", SAFE)
        environment = {**os.environ, "PATH": os.path.dirname(BINARY) + ":" + os.environ["PATH"], "FILES": "ipc.toml b/ipc.toml $(touch${IFS}bad)", "FAIL_LEVEL": "error", "SARIF": "out.sarif"}
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], capture_output=True, text=True, cwd=self.folder, env=environment, check=False)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "bad")))
        self.assertEqual(done.returncode, 2, done.stderr)
        environment["FILES"] = "ipc.toml b/ipc.toml"
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", script], capture_output=True, text=True, cwd=self.folder, env=environment, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertTrue(done.stdout.startswith("::error file=ipc.toml"))
        self.assertEqual(json.loads(self.text("out.sarif"))["version"], "2.1.0")

    def test_a_link_s_target_is_mended_and_a_file_that_may_not_be_written_is_left_alone(self):
        os.symlink("ipc.toml", os.path.join(self.folder, "link.toml"))
        self.lint("--fix", "link.toml")
        self.assertTrue(os.path.islink(os.path.join(self.folder, "link.toml")))
        self.assertEqual(self.text(), SAFE)
        if os.geteuid() == 0:
            return
        self.put("ipc.toml", WRONG)
        os.chmod(os.path.join(self.folder, "ipc.toml"), 0o444)
        self.assertEqual(self.lint("--fix").returncode, 2)
        self.assertEqual(self.text(), WRONG)

    def test_a_file_that_is_named_twice_is_looked_at_once(self):
        once, _ = report_of("lint", "ipc.toml", cwd=self.folder)
        twice, _ = report_of("lint", "ipc.toml", "./ipc.toml", ".", cwd=self.folder)
        self.assertEqual(len(once["findings"]), len(twice["findings"]))

    def test_files_are_written_all_or_none_and_never_two_to_one_place(self):
        done = self.lint("-o", "sarif=out.sarif", "-o", "json=nowhere/out.json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(os.listdir(self.folder), ["ipc.toml"])
        self.assertEqual(self.lint("-o", "json=out.json", "-o", "text=/dev/full").returncode, 2)
        self.assertEqual(os.listdir(self.folder), ["ipc.toml"])
        self.assertEqual(self.lint("-o", "json", "-o", "sarif").returncode, 2)
        self.assertEqual(self.lint("-o", "json=a", "-o", "sarif=a").returncode, 2)
        self.assertIn("::error file=", self.lint("-o", "text", "-o", "github").stdout)

    def test_a_pipe_that_is_slow_is_read_to_its_end(self):
        done = subprocess.run(["bash", "-c", f"'{BINARY}' lint <(sleep 0.2; cat ipc.toml; sleep 0.2)"], capture_output=True, text=True, cwd=self.folder, check=False)
        self.assertIn("IPC207", done.stdout, done.stderr)

    def test_alike_findings_of_two_files_have_fingerprints_of_their_own(self):
        self.put("b/ipc.toml", WRONG)
        issues = json.loads(self.lint("-o", "gitlab", ".").stdout)
        self.assertEqual(len({issue["fingerprint"] for issue in issues}), len(issues))
        self.lint("--baseline", "known.json", "--write-baseline", "ipc.toml")
        self.assertEqual(self.lint("--baseline", "known.json", "ipc.toml").returncode, 0)
        self.assertEqual(self.lint("--baseline", "known.json", ".").returncode, 1)

    def test_the_job_summary_is_added_to(self):
        self.put("summary.md", "before\n")
        self.lint("-o", "github", environment={"GITHUB_STEP_SUMMARY": os.path.join(self.folder, "summary.md")})
        self.assertTrue(self.text("summary.md").startswith("before\n"))
        self.assertIn("IPC207", self.text("summary.md"))
        again = self.text("summary.md")
        self.lint("-o", "json", environment={"GITHUB_STEP_SUMMARY": os.path.join(self.folder, "summary.md")})
        self.assertEqual(self.text("summary.md"), again)


main()
