"""The verbs as a user meets them: what they print, in which format, and with which exit code."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, EXAMPLES, MXR, PATIENCE, Terminal, main, report_of, run

ESCAPE = "\x1b["


class Recommend(unittest.TestCase):
    def test_the_case_study_is_confirmed_on_this_host(self):
        report, code = report_of("recommend", MXR)
        channel = report["channels"][0]
        self.assertEqual(code, 0)
        self.assertEqual(channel["recommendation"]["mechanism"], "unix-stream")
        layers = {(layer["kind"], layer["value"]) for layer in channel["recommendation"]["layers"]}
        self.assertEqual(layers, {("framing", "length-prefixed"), ("protocol", "json"), ("access", "0700")})
        self.assertEqual(channel["guide"], {**channel["guide"], "mechanism": "unix-stream", "claim": "tree.local-many"})
        checks = {check["need"]: check for check in channel["checks"]}
        # Capabilities hold on any host where the probe ran; figures are never asserted here.
        capabilities = ["content", "max-clients", "direction"] + (["access"] if os.geteuid() == 0 else [])
        for need in capabilities:
            self.assertEqual(checks[need]["verdict"], "confirmed", checks[need])
        for need in ("latency", "throughput", "message-rate"):
            if checks[need]["median"] is None:
                # A crowded host gives too few samples for a figure; that must not pass as one.
                self.assertIn(checks[need]["verdict"], ("inconclusive", "not-run"))
                continue
            self.assertIn(checks[need]["verdict"], ("confirmed", "refuted", "inconclusive"))
            self.assertLessEqual(checks[need]["low"], checks[need]["median"])
            self.assertLessEqual(checks[need]["median"], checks[need]["high"])
        measured = [probe for probe in report["probes"] if probe["mechanism"] == "unix-stream"]
        self.assertEqual([probe["end"] for probe in measured], ["measured"])
        self.assertEqual({64, 4096}, {round["bytes"] for round in measured[0]["round_trip"]})

    def test_a_recorded_report_gives_the_same_bytes_again(self):
        with tempfile.TemporaryDirectory() as folder:
            recorded = os.path.join(folder, "report.json")
            self.assertEqual(run("recommend", MXR, "-o", f"json={recorded}").returncode, 0)
            for name in ("text", "json", "markdown"):
                once = run("recommend", MXR, "--replay", recorded, "-o", name)
                again = run("recommend", MXR, "--replay", recorded, "-o", name)
                self.assertEqual(once.stdout, again.stdout)
                self.assertEqual(once.returncode, 0, once.stderr)
            replayed = json.loads(run("recommend", MXR, "--replay", recorded, "-o", "json").stdout)
            with open(recorded, encoding="utf-8") as file:
                original = json.load(file)
            self.assertEqual(replayed["channels"], original["channels"])
            self.assertEqual(replayed["probes"], original["probes"])

    def test_why_not_says_all_that_speaks_against_and_what_would_speak_for(self):
        report, code = report_of("recommend", "--no-probe", MXR, "--why-not", "posix-shm")
        why = report["channels"][0]["why_not"]
        self.assertEqual((code, why["mechanism"], why["picked"]), (0, "posix-shm", False))
        self.assertEqual({one["trait"] for one in why["objections"]}, {"without-need", "too-much-for-daemons"})
        self.assertIn(("latency", "posix-shm", 14, 16), {(way["need"], way["mechanism"], way["line"], way["column"]) for way in why["ways"]})
        text = run("recommend", "--no-probe", MXR, "--why-not", "posix-shm").stdout
        self.assertIn("Why not posix-shm", text)
        self.assertNotIn("Why not the others", text)
        self.assertIn("Why not posix", run("recommend", "--no-probe", MXR, "--why-not", "posix-shm", "-o", "markdown").stdout)
        done = run("recommend", "--no-probe", MXR, "--why-not", "posix-shn")
        self.assertEqual(done.returncode, 2)
        self.assertIn('did you mean "posix-shm"?', done.stderr)

    def test_what_if_decides_for_other_answers_and_says_so(self):
        report, code = report_of("recommend", "--no-probe", MXR, "--what-if", "latency=5 us", "--what-if", "clients=two")
        channel = report["channels"][0]
        self.assertEqual((code, channel["recommendation"]["mechanism"]), (0, "posix-shm"))
        self.assertEqual([(one["need"], one["from"], one["to"]) for one in channel["what_if"]["changes"]], [("latency", "1 ms", "5 us"), ("clients", "many", "two")])
        self.assertEqual(channel["what_if"]["instead_of"], "unix-stream")
        text = run("recommend", "--no-probe", MXR, "--what-if", "browser=true").stdout
        self.assertIn("What if browser were true (it is false): unix-http-bridge instead of unix-stream", " ".join(text.split()))
        self.assertIn("the same mechanism", run("recommend", "--no-probe", MXR, "--what-if", "latency=unknown").stdout)
        for wrong, near in (("latncy=1 ms", "latency"), ("latency=fast", "duration"), ("latency", "NEED=VALUE")):
            done = run("recommend", "--no-probe", MXR, "--what-if", wrong)
            self.assertEqual(done.returncode, 2)
            self.assertIn(near, done.stderr)

    def test_without_probes_nothing_is_confirmed(self):
        report, code = report_of("recommend", "--no-probe", MXR)
        self.assertEqual((code, report["channels"][0]["verdict"]), (0, "not-run"))
        self.assertEqual(run("recommend", "--no-probe", "--strict", MXR).returncode, 4)

    def test_an_open_essential_answer_is_undecided(self):
        done = run("recommend", "--no-probe", "-", stdin='[[channel]]\nname = "a"\n')
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("reach", done.stdout)

    def test_several_outputs_at_once_and_each_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            names = {form: os.path.join(folder, f"report.{form}") for form in ("json", "markdown", "text")}
            arguments = [part for form, name in names.items() for part in ("-o", f"{form}={name}")]
            done = run("recommend", "--no-probe", MXR, *arguments)
            self.assertEqual((done.returncode, done.stdout), (0, ""))
            self.assertEqual(sorted(os.listdir(folder)), sorted(os.path.basename(name) for name in names.values()))
            with open(names["json"], encoding="utf-8") as file:
                self.assertEqual(json.load(file)["schema"], "ipc-advisor-report-1")
            missing = run("recommend", "--no-probe", MXR, "-o", f"json={folder}/none/report.json")
            self.assertEqual(missing.returncode, 2)
            self.assertIn("report.json", missing.stderr)

    def test_every_example_is_decided_and_agrees_with_what_it_uses(self):
        examples = sorted(glob.glob(os.path.join(EXAMPLES, "*.toml")))
        self.assertGreaterEqual(len(examples), 12)
        for example in examples:
            report, code = report_of("recommend", "--no-probe", example)
            self.assertEqual(code, 0, example)
            with open(example, encoding="utf-8") as file:
                uses = re.findall(r'^uses\s*= "(.*)"', file.read(), re.M)
            self.assertEqual([channel["recommendation"]["mechanism"] for channel in report["channels"]], uses, example)
            self.assertEqual([f for f in report["findings"] if f["level"] != "info"], [], example)


class Text(unittest.TestCase):
    def test_piped_text_has_no_colour_and_fits(self):
        done = run("recommend", "--no-probe", MXR, environment={"COLUMNS": "80"})
        self.assertNotIn(ESCAPE, done.stdout)
        for line in done.stdout.splitlines():
            self.assertTrue(len(line) <= 100 or "://" in line, line)

    def test_a_terminal_gets_colour_and_says_the_same(self):
        terminal = Terminal("recommend", "--no-probe", MXR)
        self.assertEqual(terminal.finish(), 0)
        self.assertIn(ESCAPE, terminal.seen)
        bare = re.sub(r"\x1b\[[0-9;]*m", "", terminal.seen).replace("\r\n", "\n")
        self.assertEqual(bare.split(), run("recommend", "--no-probe", MXR, environment={"COLUMNS": "100", "LANG": "C.UTF-8"}).stdout.split())
        never = Terminal("recommend", "--no-probe", "--color", "never", MXR)
        never.finish()
        self.assertNotIn(ESCAPE, never.seen)
        self.assertIn(ESCAPE, run("recommend", "--no-probe", "--color", "always", MXR).stdout)

    def test_strings_of_the_file_reach_no_terminal_raw(self):
        hostile = '[[channel]]\nname = "a\\u001b[31mb"\nreach = "same-host"\npath = "/\\u0007\\u202Ex"\nuses = "unix-stream"\n'
        for form in ("text", "markdown"):
            done = run("recommend", "--no-probe", "-", "-o", form, "--color", "never", stdin=hostile)
            for raw in ("\x1b", "\x07", "\u202e"):
                self.assertNotIn(raw, done.stdout + done.stderr)


class Others(unittest.TestCase):
    def test_lint_points_at_line_and_column_and_fails(self):
        done = run("lint", "-", stdin='[[channel]]\nname = "a"\nreach = "cross-host"\nuses = "fifo"\n')
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"<stdin>:4:8: error\[IPC201 ")
        self.assertEqual(run("lint", MXR).returncode, 0)

    def test_lint_levels_decide_the_exit_code(self):
        text = '[[channel]]\nname = "a"\nreach = "same-host"\nboundary = "none"\nbrowser = false\nuses = "tcp"\n'
        self.assertEqual(run("lint", "-", stdin=text).returncode, 1)
        self.assertEqual(run("lint", "--fail-level", "error", "-", stdin=text).returncode, 0)

    def test_what_no_host_can_do_is_refuted_and_gates_when_asked(self):
        text = '[[channel]]\nname = "a"\nreach = "cross-host"\nthroughput = "900 TB/s"\n'
        report, code = report_of("recommend", "-", stdin=text)
        self.assertEqual(report["channels"][0]["recommendation"]["mechanism"], "tcp")
        self.assertEqual([check["verdict"] for check in report["channels"][0]["checks"] if check["need"] == "throughput"], ["refuted"])
        self.assertEqual(code, 0)
        self.assertEqual(report_of("recommend", "--gate-timings", "-", stdin=text)[1], 1)

    def test_probe_sorts_sizes_and_explains(self):
        report, code = report_of("probe", "tcp", "posix-shm", "--sort", "latency", "--budget", "0.6")
        self.assertEqual(code, 0)
        medians = [min(one["round_trip"], key=lambda one: (one.get("mode", ""), one["bytes"]))["median_ns"] for one in report["probes"]]
        self.assertEqual(medians, sorted(medians))
        text = run("probe", "anonymous-pipe", "--sizes", "--explain", "--budget", "0.3").stdout
        for word in ("By size", "1 MiB", "What this means", "never halved"):
            self.assertIn(word, text)
        ranges = run("probe", "tcp", "fifo", "--budget", "0.6", environment={"LANG": "C", "LC_ALL": "C"}).stdout
        self.assertIn("logarithmic", ranges)
        self.assertTrue(ranges.isascii(), ranges)
        self.assertEqual(run("probe", "--sort", "speed").returncode, 2)

    def test_probe_together_puts_both_ends_on_one_cpu(self):
        report, code = report_of("probe", "anonymous-pipe", "--together", "--budget", "0.3")
        self.assertEqual(code, 0)
        self.assertRegex(report["probes"][0]["placement"], r"^both ends on CPU \d+$")

    def test_a_channel_with_pauses_is_judged_by_its_paced_figure(self):
        text = '[[channel]]\nname = "a"\nreach = "same-host"\nlatency = "100 ms"\nmessage-rate = "100/s"\n'
        report, code = report_of("recommend", "-", stdin=text)
        self.assertEqual(code, 0)
        latency = [check for check in report["channels"][0]["checks"] if check["need"] == "latency"][0]
        modes = {one.get("mode", "") for one in report["probes"][0]["round_trip"]}
        self.assertIn("paced", modes)
        # A crowded host gives too few samples; then it is inconclusive, and never judged by the figure without pauses.
        self.assertTrue("with pauses" in latency["because"] or latency["verdict"] == "inconclusive", latency)

    def test_probe_here_is_what_strace_can_be_put_in_front_of(self):
        done = run("probe", "tcp", "--here", "--format", "json", "--budget", "0.2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["mechanism"], "tcp")

    def test_claims_has_a_verdict_for_every_claim(self):
        report, code = report_of("claims")
        self.assertEqual((code, len(report["claims"])), (0, 89))
        self.assertNotIn("confirmed", {claim["verdict"] for claim in report["claims"]})

    def test_explain_knows_every_id_and_suggests_the_nearest(self):
        for one in ("unix-stream", "latency", "tree.default", "IPC201", "U02"):
            self.assertEqual(run("explain", one).returncode, 0, one)
        done = run("explain", "unix-steam")
        self.assertEqual(done.returncode, 2)
        self.assertIn("unix-stream", done.stderr)

    def test_trees_are_drawn(self):
        for form, sign in (("text", "unix-stream"), ("dot", "digraph"), ("mermaid", "flowchart")):
            for name in ("guide", "refine"):
                done = run("tree", name, "--format", form)
                self.assertEqual(done.returncode, 0)
                self.assertIn(sign, done.stdout)

    def test_usage_errors_are_two_and_short(self):
        for arguments in ((), ("recomend",), ("recommend", "--no-such"), ("recommend", "-o", "jsn"), ("probe", "tpc"), ("tree", "oak")):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertTrue(0 < len(done.stderr.splitlines()) < 6, done.stderr)
        self.assertIn("json", run("recommend", "-o", "jsn").stderr)
        self.assertIn("tcp", run("probe", "tpc").stderr)

    def test_an_output_takes_one_word_so_that_a_file_may_follow(self):
        done = run("recommend", "--no-probe", "-o", "json", MXR)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(json.loads(done.stdout)["channels"][0]["name"], "client-api")

    def test_help_and_version(self):
        self.assertRegex(run("--version").stdout, r"^ipc-advisor \d+\.\d+\.\d+ \(rules \d+, digest [0-9a-f]{16}\)\n$")
        for verb in ("recommend", "lint", "ask", "probe", "explain", "tree", "claims"):
            self.assertIn(verb, run("--help").stdout)
            self.assertEqual(run(verb, "--help").returncode, 0)

    def test_a_reader_that_leaves_early_or_a_full_disk_is_an_error_not_a_crash(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "recommend", "--no-probe", MXR], stdout=full, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 2)
        self.assertIn("No space left", done.stderr)
        with subprocess.Popen([BINARY, "recommend", "--no-probe", "-", "-o", "json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as leaving:
            leaving.stdout.close()
            leaving.stdin.write('[[channel]]\nname = "a"\nreach = "same-host"\n')
            leaving.stdin.close()
            self.assertIn("Broken pipe", leaving.stderr.read())
            self.assertEqual(leaving.wait(PATIENCE), 2)


main()
