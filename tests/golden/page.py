"""The reports that people read: the page, the decision record, the pull request's comment. No test hangs on a figure."""
import html.parser
import json
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from browser import CHROMIUM, Browser
from tool import EXAMPLES, MXR, main, run

HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(1)> ]]> \x1b[31m \u202e \n# head\n| a | `b` @someone --> </style></svg>"
VOID = {"meta", "br", "link", "img", "input", "hr"}


def probe(mechanism, median_us, rate, because=""):
    trips = [{"bytes": size, "median_ns": median_us * 1000 * grow, "low_ns": median_us * 900 * grow, "high_ns": median_us * 1100 * grow,
              "p99_ns": median_us * 4000 * grow, "p99_low_ns": median_us * 3500 * grow, "p99_high_ns": median_us * 4500 * grow, "samples": 4000}
             for size, grow in ((64, 1), (4096, 1.2))]
    flow = [{"bytes": size, "bytes_per_s": rate * share, "low": rate * share * 0.9, "high": rate * share * 1.1}
            for size, share in ((64, 0.02), (4096, 0.4), (65536, 0.9), (1048576, 1))]
    return {"mechanism": mechanism, "end": "measured", "because": because, "round_trip": trips, "throughput": flow,
            "trials": [{"id": "link", "verdict": "confirmed", "because": "every byte came back"}], "placement": "CPUs 0 and 1"}


def recorded(hostile=False):
    probes = [probe("unix-stream", 12, 3e9), probe("tcp", 20, 2e9), probe("posix-shm", 0.9, 9e9), probe("fifo", 11, 2.5e9)]
    probes.append({"mechanism": "vsock", "end": "unsupported", "because": HOSTILE if hostile else "no such device", "round_trip": [], "throughput": [], "trials": []})
    if hostile:
        probes.append(probe(HOSTILE, 5, 1e9, HOSTILE))
        probes[0]["trials"][0]["because"] = HOSTILE
        probes[1].update(end="unsupported", because=HOSTILE)
    return {"schema": "ipc-advisor-report-1", "probes": probes}


def channel(name, **needs):
    lines = [f"name = {json.dumps(name)}"] + [f"{key.replace('_', '-')} = {json.dumps(value)}" for key, value in needs.items()]
    return "[[channel]]\n" + "\n".join(lines) + "\n"


class Page(html.parser.HTMLParser):
    """Tags, headings, tables and texts; fails on what is left open or closed twice."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.headings, self.text, self.ids, self.captions, self.tables = [], [], [], "", [], 0, 0
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (self.open, tag)
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


class Written(unittest.TestCase):
    """Reports as files, of recorded figures."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name, hostile in (("recorded", False), ("hostile", True)):
            with open(self.path(f"{name}.json"), "w", encoding="utf-8") as file:
                json.dump(recorded(hostile), file)

    def path(self, name):
        return os.path.join(self.folder, name)

    def written(self, form, *arguments, **how):
        """The report in that format, as it stands in its file."""
        out = self.path(f"report.{form}")
        done = run(*arguments, "-o", f"{form}={out}", **how)
        self.assertEqual((done.stdout, done.stderr.count("error:")), ("", 0), done.stderr)
        with open(out, encoding="utf-8", newline="") as file:
            return file.read()

    def hostile_files(self):
        """A file with a hostile name, and hostile strings wherever one may stand."""
        name = "a<img onerror=b>|`@x.toml"
        text = channel(HOSTILE, reach="same-host", clients="many", latency="1 ms", throughput="2 MB/s", path="/" + HOSTILE, uses="fifo") + channel("second", reach="same-host") + channel("third", reach="cross-host")
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def all_pages(self):
        """A page of every verb, by name."""
        replay = ("--replay", self.path("recorded.json"))
        yield "one", self.written("html", "recommend", MXR, *replay)
        yield "several", self.written("html", "recommend", *replay, "-", stdin=channel("a", reach="same-host", clients="two", relation="unrelated", throughput="6 GB/s")
                                      + channel("b", reach="cross-host", loss_ok=True) + channel("c", reach="same-host"))
        yield "why-not", self.written("html", "recommend", "--no-probe", MXR, "--why-not", "tcp", "--what-if", "latency=5 us")
        yield "lint", self.written("html", "lint", "-", stdin=channel("a", reach="cross-host", uses="fifo"))
        yield "clean", self.written("html", "lint", MXR)
        yield "claims", self.written("html", "claims", *replay)
        yield "probe", self.written("html", "probe", "fifo", "tcp", "--budget", "0.3")
        yield "hostile", self.written("html", "recommend", self.hostile_files(), "--replay", self.path("hostile.json"), cwd=self.folder)


class Reports(Written):
    def test_pages_are_whole_and_read_in_order(self):
        for name, text in self.all_pages():
            page = Page(text)
            self.assertEqual(page.headings.count(1), 1, name)
            self.assertEqual(page.headings[0], 1, name)
            for before, after in zip(page.headings, page.headings[1:]):
                self.assertLessEqual(after, before + 1, (name, page.headings))
            self.assertEqual(page.captions, page.tables, name)
            self.assertEqual(len(page.ids), len(set(page.ids)), name)
            attrs = dict(page.tags)
            self.assertEqual(attrs["html"]["lang"], "en")
            self.assertIn(("a", {"class": "skip", "href": "#report"}), page.tags)
            for tag, attributes in page.tags:
                if tag == "svg":
                    self.assertEqual(attributes["role"], "img")
                    for label in attributes["aria-labelledby"].split():
                        self.assertIn(label, page.ids)
                if tag == "th":
                    self.assertIn(attributes["scope"], ("row", "col"))
                if tag == "a":
                    self.assertIn(attributes["href"][1:], page.ids)

    def test_pages_need_nothing_from_outside_and_run_nothing(self):
        for name, text in self.all_pages():
            page = Page(text)
            policy = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
            self.assertEqual(policy, ["default-src 'none'; style-src 'unsafe-inline'"], name)
            self.assertFalse({tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "embed", "image", "use", "base", "form"}, name)
            for tag, attributes in page.tags:
                for key, value in attributes.items():
                    self.assertFalse(key.startswith("on") or "://" in (value or "") or key in ("src", "srcset", "style"), (name, tag, key))
            self.assertNotIn("url(", text)
            self.assertNotIn("@import", text)

    def test_the_page_says_verdict_way_figures_and_reasons(self):
        text = self.written("html", "recommend", MXR, "--replay", self.path("recorded.json"))
        page = Page(text)
        for words in ("client-api: use Unix domain socket (stream) (unix-stream)", "Where do the two ends run?", "✓ same-host", "■ unix-stream", "need: 1 ms", "need: 1.23 MB/s",
                      "named pipe (Windows) (windows-named-pipe)", "No Windows is among the platforms.", "What would change the answer", "vsock: unsupported, no such device",
                      "/run/user/1000/mxr/api.sock"):
            self.assertIn(words, re.sub(r"\s+", " ", page.text), words)
        self.assertLess(page.text.index("use Unix domain socket"), page.text.index("Why not the others"))
        pictures = [attrs["aria-labelledby"].split("-")[2].split()[0] for tag, attrs in page.tags if tag == "svg"]
        self.assertEqual(pictures, ["latency", "throughput", "guide", "refine"])
        left = self.written("html", "recommend", "--no-probe", MXR, "--what-if", "latency=5 us")
        self.assertIn("which is left for posix-shm", left)
        self.assertIn("the guide is left here: posix-shm", left)

    def test_what_was_assumed_is_told_though_nothing_was_asked_for(self):
        text = self.written("html", "recommend", "--no-probe", "-", stdin=channel("a"))
        self.assertIn("see what was assumed", text)
        self.assertIn("<h3>What was assumed</h3>", text)
        self.assertNotIn("What was asked for", text)

    def test_the_same_report_gives_the_same_bytes(self):
        for form in ("html", "adr", "markdown"):
            once, again = (self.written(form, "recommend", MXR, "--replay", self.path("recorded.json")) for _ in range(2))
            self.assertEqual(once, again)

    def test_hostile_words_stay_words(self):
        name = self.hostile_files()
        for verb in (("recommend", "--replay", "hostile.json"), ("lint",)):
            for form in ("html", "adr", "markdown"):
                text = self.written(form, *verb, name, cwd=self.folder)
                for raw in ("<script", "<img", "onerror=alert(1)>", "\x1b", "\u202e", "\n# head", "`b`", "</style></svg>", "\n| a |") + (() if form == "html" else ("@someone",)):
                    self.assertFalse(raw in text, (verb, form, raw))
                if form == "html":
                    self.assertEqual(text.count("</style>"), 1)
                elif verb[0] == "recommend" or form == "markdown":
                    self.assertIn("&#60;", text)
                    for row in re.findall(r"^\|.*$", text, re.M):
                        self.assertIn(row.count("|"), (3, 4, 5, 6), row)

    def test_the_record_has_its_parts_the_lines_of_the_needs_and_the_digest(self):
        text = self.written("adr", "recommend", MXR, "--replay", self.path("recorded.json"))
        self.assertEqual(re.findall("^##? .*", text, re.M)[1:], ["## Context and problem", "## Decision drivers", "## Considered options", "## Decision", "## Consequences", "## Confirmation"])
        digest = re.search("digest ([0-9a-f]{16})", run("--version").stdout)[1]
        with open(MXR, encoding="utf-8") as file:
            line = [number for number, one in enumerate(file, 1) if one.startswith("latency")][0]
        for words in (f"- latency: 1 ms (line {line})", digest, "- TCP (tcp): cannot.", "length-prefixed json, access 0700", "(50.4 us to 64.8 us)", "What it costs"):
            self.assertIn(words, text)
        self.assertNotIn("\n\n\n", text)
        self.assertTrue(text.endswith("\n") and not text.endswith("\n\n"))
        self.assertIn("No channel was decided", self.written("adr", "lint", MXR))

    def test_the_comment_has_the_verdict_first_and_fits(self):
        text = self.written("markdown", "recommend", MXR, "--replay", self.path("recorded.json"))
        self.assertRegex(text.splitlines()[0], "^## client-api: use unix-stream, ")
        self.assertIn("```mermaid\nflowchart TD\n", text)
        self.assertEqual(text.count("<details>"), text.count("</details>"))
        many = "".join(channel(f"channel-{number}", reach="same-host", clients="many") for number in range(60))
        long = self.written("markdown", "recommend", "--no-probe", "-", stdin=many)
        self.assertLessEqual(len(long.encode()), 65536)
        self.assertGreater(len(long.encode()), 60000)
        self.assertRegex(long, r"\n\*\d+ lines \(\d+ bytes\) were left out: [^\n]*\n$")
        self.assertEqual(long.count("<details>"), long.count("</details>"))
        self.assertEqual(long.count("```") % 2, 0)
        self.assertIn("channel-59", long)

    def test_what_needs_an_eye_comes_before_what_a_cut_may_take(self):
        slow = recorded()
        slow["probes"] = [{**one, "round_trip": [{**trip, "p99_ns": 5e6, "p99_low_ns": 4.9e6, "p99_high_ns": 5.1e6} for trip in one["round_trip"]]} for one in slow["probes"]]
        with open(self.path("slow.json"), "w", encoding="utf-8") as file:
            json.dump(slow, file)
        many = "".join(channel(f"channel-{number}", reach="same-host", clients="many", browser=False, direction="two-way", content="bytes", start_order="server-first") for number in range(300))
        many += channel("late", reach="same-host", clients="many", browser=False, direction="two-way", content="bytes", start_order="server-first", latency="1 ms")
        many += channel("wrong", reach="cross-host", uses="fifo")
        text = self.written("markdown", "recommend", "--replay", self.path("slow.json"), "-", stdin=many)
        self.assertLessEqual(len(text.encode()), 65536)
        self.assertLess(text.index("| late |"), text.index("| channel-0 |"))
        self.assertIn("IPC201", text)


@unittest.skipUnless(CHROMIUM, "there is no chromium here: the page was not looked at in a browser")
class Looks(Written):
    @classmethod
    def setUpClass(cls):
        kept = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(kept.cleanup)
        cls.browser = Browser(kept.name)
        cls.addClassCleanup(cls.browser.close)

    def put(self, name, text):
        path = self.path(f"{name}.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def test_a_phone_by_day_and_by_night(self):
        for name, text in self.all_pages():
            path = self.put(name, text)
            for dark in (False, True):
                console, asked = self.browser.load(path, 360, dark)
                self.assertEqual((console, asked), ([], []), name)
                seen = self.browser.look()
                self.assertEqual(seen["width"], 360)
                self.assertLessEqual(seen["scroll"], 360, (name, seen["out"]))
                self.assertEqual((seen["out"], seen["pale"], seen["scripts"]), ([], [], 0), name)
                self.assertGreater(seen["text"], 100)
                self.assertEqual(seen["background"], "rgb(15, 19, 24)" if dark else "rgb(246, 247, 249)")

    def test_the_browser_would_have_seen_it(self):
        """A page with every fault that the others are free of."""
        bad = "<!doctype html><link rel=stylesheet href=other.css><script>console.error(1); gone()</script><p style='color:#999;background:#fff;width:800px'>pale and wide</p>"
        console, asked = self.browser.load(self.put("bad", bad), 360, False)
        self.assertGreaterEqual(len(console), 2)
        self.assertEqual([os.path.basename(one) for one in asked], ["other.css"])
        seen = self.browser.look()
        self.assertEqual((len(seen["out"]), len(seen["pale"]), seen["scripts"]), (1, 1, 1))

    def test_the_keyboard_reaches_what_can_be_opened_and_shows_where_it_is(self):
        self.browser.load(self.put("one", self.written("html", "recommend", MXR, "--replay", self.path("recorded.json"))), 360, False)
        reached = self.browser.tab(4)
        self.assertEqual([one["tag"] for one in reached], ["A", "SUMMARY", "SUMMARY", "SUMMARY"])
        self.assertEqual(reached[0]["words"], "Skip to the report")
        self.assertEqual([one["outline"] for one in reached], [True] * 4)

    def test_paper(self):
        self.browser.load(self.put("one", self.written("html", "recommend", MXR, "--replay", self.path("recorded.json"))), 800, True)
        self.assertIn(len(re.findall(rb"/Type\s*/Page\b", self.browser.paper())), range(2, 15))


if CHROMIUM is None:
    print("SKIPPED: there is no chromium here, so no page was looked at in a browser", file=sys.stderr)
main()
