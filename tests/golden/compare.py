"""--save and --compare: what changed since, what cannot be compared, and what is no report. Of recorded figures, but for one look at this host."""
import json
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import MXR, main, report_of, run

HOSTILE = "<script>alert(1)</script> `b` | \x1b[31m \u202e \n# head"
HOST = {"kernel": "Linux 6.1.0 x86_64", "cpu_model": "A CPU", "usable_cpus": 2, "cpu_quota": None, "governor": "", "hypervisor": "", "container": "", "load_1min": 0.1, "limits": {}, "warnings": []}
NO_CHANGE = "no change that the figures bear out"


def probe(mechanism, median_us, rate=2e9, size=4096):
    trips = [{"bytes": one, "median_ns": median_us * 1000, "low_ns": median_us * 900, "high_ns": median_us * 1100, "p99_ns": median_us * 4000, "p99_low_ns": median_us * 3600,
              "p99_high_ns": median_us * 4400, "samples": 4000} for one in sorted({64, size})]
    flow = [{"bytes": 65536, "bytes_per_s": rate, "low": rate * 0.9, "high": rate * 1.1}]
    trials = [{"id": "link", "verdict": "confirmed", "because": "every byte came back"}, {"id": "clients-at-once", "verdict": "confirmed", "because": "64 at once"}]
    return {"mechanism": mechanism, "end": "measured", "because": "", "round_trip": trips, "throughput": flow, "trials": trials, "placement": "CPUs 0 and 1",
            "parameters": {"message_bytes": size, "clients": 64, "rate": 0, "together": False}}


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def recording(*probes, **host):
    return {"schema": "ipc-advisor-report-1", "probes": list(probes) or [probe("unix-stream", 12), probe("tcp", 20)], "host": {**HOST, **host}}


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def put(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def saved(self, *probes, verb=("recommend", MXR), **host):
        path = os.path.join(self.folder, "base.json")
        done = run(*verb, "--replay", self.put("then.json", recording(*probes, **host)), "--save", path)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return path

    def compared(self, base, now, *more, verb=("recommend", MXR), **how):
        return run(*verb, "--replay", self.put("now.json", now), "--compare", base, *more, **how)

    def comparison(self, base, now, *more, **how):
        done = self.compared(base, now, "-o", "json", *more, **how)
        return json.loads(done.stdout)["comparison"], done.returncode

    def test_saved_is_the_json_report_beside_the_text(self):
        replay = self.put("then.json", recording())
        base, same = (os.path.join(self.folder, name) for name in ("base.json", "same.json"))
        done = run("recommend", MXR, "--replay", replay, "--save", base)
        self.assertIn("client-api: use", done.stdout)
        self.assertEqual(run("recommend", MXR, "--replay", replay, "-o", f"json={same}", "--save", base).stdout, "")
        with open(base, encoding="utf-8") as one, open(same, encoding="utf-8") as other:
            report = one.read()
            self.assertEqual(report, other.read())
        self.assertEqual(json.loads(report)["host"], HOST)
        # One file serves all: what was saved can be replayed too.
        self.assertEqual(run("recommend", MXR, "--replay", base).stdout, done.stdout)

    def test_saved_whole_or_not_at_all(self):
        replay, base = self.put("then.json", recording()), self.put("base.json", "as it was")
        done = run("recommend", MXR, "--replay", replay, "--save", base, before=("bash", "-c", 'ulimit -f 1; exec "$@"', "bash"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("base.json", done.stderr)
        with open(base, encoding="utf-8") as file:
            self.assertEqual(file.read(), "as it was")
        self.assertEqual(sorted(os.listdir(self.folder)), ["base.json", "then.json"])
        done = run("recommend", "-", "--no-probe", "--save", base, stdin="[[channel]\n")
        self.assertEqual(done.returncode, 2)
        with open(base, encoding="utf-8") as file:
            self.assertEqual(file.read(), "as it was")

    def test_nothing_changed(self):
        base = self.saved()
        done = self.compared(base, recording())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for words in (f"Compared with {base}", "client-api: still unix-stream", "verdict: confirmed, as then", f"10 figures compared: {NO_CHANGE}"):
            self.assertIn(words, " ".join(done.stdout.split()))
        self.assertNotIn("slower", done.stdout)
        self.assertIn("tcp: round trip of 64 B", self.compared(base, recording(), "--verbose").stdout)

    def test_a_figure_changes_where_the_intervals_do_not_overlap(self):
        base = self.saved()
        found, code = self.comparison(base, recording(probe("unix-stream", 12 * 1.15), probe("tcp", 40, 1e9)))
        self.assertEqual((code, found["refused"], found["left_out"]), (0, [], []))
        changed = {(one["mechanism"], one["what"], one["bytes"]): one["change"] for one in found["figures"] if one["change"] != "none"}
        self.assertEqual(changed, {("tcp", "round-trip", 64): "higher", ("tcp", "round-trip", 4096): "higher", ("tcp", "throughput", 65536): "lower"})
        for one in found["figures"]:
            # A tail hangs on what else the host did, and moves by more than its interval from run to run.
            drift = 4 if one["what"] == "p99" else 1
            self.assertAlmostEqual(one["ratio_low"], one["now"]["low"] / one["then"]["high"] / drift)
            self.assertAlmostEqual(one["ratio_high"], one["now"]["high"] / one["then"]["low"] * drift)
            self.assertEqual(one["change"] == "none", one["ratio_low"] <= 1 <= one["ratio_high"], one)
        text = " ".join(self.compared(base, recording(probe("unix-stream", 12 * 1.15), probe("tcp", 40, 1e9))).stdout.split())
        for words in ("3 of 10 figures changed", "20 us (18 us to 22 us)", "40 us (36 us to 44 us)", "slower, 2 times (1.64 to 2.44)", "slower, 0.5 times", NO_CHANGE):
            self.assertIn(words, text)

    def test_a_tail_changes_where_it_moves_by_more_than_a_host_does_by_itself(self):
        base = self.saved()
        far = probe("unix-stream", 12)
        for trip in far["round_trip"]:
            trip.update(p99_ns=480e3, p99_low_ns=432e3, p99_high_ns=528e3)
        found, _ = self.comparison(base, recording(far, probe("tcp", 20)))
        self.assertEqual({(one["mechanism"], one["what"]) for one in found["figures"] if one["change"] != "none"}, {("unix-stream", "p99")})
        self.assertEqual([one["change"] for one in found["channels"][0]["figures"] if one["what"] == "latency"], ["higher"])

    def test_decision_answers_verdict_and_trials(self):
        base = self.saved()
        worse = probe("unix-stream", 12)
        worse["trials"][1]["verdict"] = "refuted"
        found, code = self.comparison(base, recording(worse, probe("tcp", 20)))
        channel = found["channels"][0]
        self.assertEqual((code, channel["decision"], channel["verdict"]), (1, "same", {"then": "confirmed", "now": "refuted"}))
        self.assertIn({"mechanism": "unix-stream", "what": "clients-at-once", "then": "confirmed", "now": "refuted"}, found["trials"])
        found, code = self.comparison(base, recording(), "--what-if", "latency=5 us", "--what-if", "clients=two")
        channel = found["channels"][0]
        self.assertEqual((channel["decision"], channel["mechanism"]), ("changed", {"then": "unix-stream", "now": "posix-shm"}))
        self.assertIn({"mechanism": "", "what": "clients", "then": "many", "now": "two"}, channel["answers"])
        other = run("recommend", "-", "--no-probe", "--compare", base, stdin='[[channel]]\nname = "b"\nreach = "cross-host"\n').stdout
        for words in ("b: new here; use tcp", "client-api: gone; it was to use unix-stream", "Decisions only: nothing was measured now."):
            self.assertIn(words, " ".join(other.split()))

    def test_another_host_is_refused_with_what_differs_and_the_decision_is_told(self):
        base = self.saved()
        for key, value, word in (("kernel", "Linux 6.12.0 x86_64", "kernel"), ("cpu_model", "Another CPU", "CPU model"), ("usable_cpus", 8, "usable CPUs"), ("cpu_quota", 0.5, "CPU quota"),
                                 ("hypervisor", "QEMU", "hypervisor"), ("container", "docker", "container"), ("governor", "powersave", "governor")):
            done = self.compared(base, recording(**{key: value}))
            self.assertEqual(done.returncode, 2, key)
            self.assertRegex(done.stderr, rf"base\.json is not comparable: {word}: \S.* then, \S.* now\n$")
            self.assertIn("Refused", done.stdout)
            self.assertIn("client-api: still unix-stream", done.stdout)
            self.assertNotIn("figures compared", done.stdout)
        self.assertEqual(self.compared(base, recording(load_1min=9.5, limits={"open files": "5"})).returncode, 0)
        # Without measurements there is nothing that hangs on the host.
        self.assertEqual(run("recommend", MXR, "--no-probe", "--compare", base).returncode, 0)

    def test_other_parameters_are_refused(self):
        base = self.saved(verb=("probe",))
        done = self.compared(base, recording(probe("unix-stream", 12, size=64), probe("tcp", 20, size=64)), verb=("probe",))
        self.assertEqual(done.returncode, 2)
        self.assertIn("message size: 4 KiB then, 64 B now", done.stderr)
        done = self.compared(base, recording(probe("unix-stream", 12), probe("tcp", 20, size=64)), verb=("probe",))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Not compared: tcp: message size", " ".join(done.stdout.split()))
        done = self.compared(base, recording(probe("fifo", 12)), verb=("probe",))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no mechanism was tried both times", done.stderr)
        done = self.compared(base, recording())
        self.assertEqual(done.returncode, 2)
        self.assertIn("it holds no decision", done.stderr)

    def test_what_is_no_report_is_an_error_before_anything_is_measured(self):
        good = read(self.saved())
        for name, content in (("empty", ""), ("garbage", "\x00\x01 no JSON"), ("half", json.dumps(good)[:-200]), ("list", "[]"), ("other", '{"schema": "other-1"}'), ("number", {**good, "channels": 3}),
                              ("verdict", {**good, "channels": [{**good["channels"][0], "verdict": "maybe"}]}), ("host", {**good, "host": {"usable_cpus": "two"}}),
                              ("keys", {key: value for key, value in good.items() if key != "rules"}), ("deep", "[" * 100_000)):
            for verb in (("recommend", MXR), ("probe", "tcp")):
                done = run(*verb, "--compare", self.put("bad.json", content))
                self.assertEqual((done.returncode, done.stdout), (2, ""), name)
                self.assertRegex(done.stderr, r"^ipc-advisor: error: --compare: .*bad\.json: .+\n$", name)
        for path in (self.folder, os.path.join(self.folder, "none.json")):
            done = run("recommend", MXR, "--compare", path)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(path, done.stderr)

    def test_every_format_that_people_read_has_it_and_hostile_words_stay_words(self):
        base = self.saved()
        report = read(base)
        report["channels"][0].update(name=HOSTILE)
        report["probes"][0].update(mechanism=HOSTILE)
        report["rules"].update(version=HOSTILE)
        bad = self.put("b|<b>`.json", report)
        for form in ("text", "markdown", "html"):
            done = self.compared(base, recording(probe("unix-stream", 12), probe("tcp", 40)), "-o", form)
            self.assertIn("Compared with", done.stdout, form)
            self.assertIn("slower", done.stdout, form)
            text = self.compared(bad, recording(probe("unix-stream", 12), probe("tcp", 40)), "-o", form).stdout
            self.assertIn("gone; it was to use", text, form)
            for raw in ("\x1b", "\u202e", "\n# head") + (() if form == "text" else ("<script", "<b>", "`b`")):
                self.assertNotIn(raw, text, (form, raw))

    def test_two_looks_at_this_host_are_comparable(self):
        base = os.path.join(self.folder, "base.json")
        self.assertEqual(run("probe", "tcp", "--budget", "0.4", "--save", base).returncode, 0)
        report, code = report_of("probe", "tcp", "--budget", "0.4", "--compare", base)
        self.assertEqual((code, report["comparison"]["refused"]), (0, []))
        self.assertTrue(all(one["mechanism"] == "tcp" for one in report["comparison"]["figures"]))
        done = run("probe", "tcp", "--budget", "0.4", "--size", "4096", "--compare", base)
        self.assertEqual(done.returncode, 2)
        self.assertIn("message size: 64 B then, 4 KiB now", done.stderr)


main()
