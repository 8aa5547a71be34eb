"""The reports and schemas as others' tools judge them: SARIF's validator, ajv, taplo and xmllint."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, EXAMPLES, MXR, SOURCE, main, run

TOOLS = os.path.join(os.path.dirname(BINARY), "validators")
PACKAGES = ["ajv-cli@5.0.0", "@taplo/cli@0.7.0", "@microsoft/sarif-multitool@5.7.0"]
HOSTILE = r"a\u001b[31m<b>::error::%0A\u202e]]>|`\n&"
WRONG = f'[[channel]]\nname = "{HOSTILE}"\nreach = "cross-host"\nuses = "fifo"\nport = 80\n\n[[channel]]\nname = "b"\nreech = "same-host"\nbrowser = "yes"\n'


def missing():
    """Why the tools are not there; empty where they are."""
    if all(os.path.exists(os.path.join(TOOLS, "node_modules", ".bin", name)) for name in ("ajv", "taplo", "sarif-multitool")):
        return ""
    if shutil.which("npm") is None:
        return "npm is not installed"
    os.makedirs(TOOLS, exist_ok=True)
    try:
        done = subprocess.run(["npm", "install", "--prefix", TOOLS, "--no-audit", "--no-fund", "--silent", *PACKAGES], capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return "npm's registry did not answer in time"
    return "" if done.returncode == 0 else f"npm's registry cannot be reached: {done.stderr.strip()[-200:]}"


MISSING = missing()


def tool(name, *arguments, cwd=None):
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run([os.path.join(TOOLS, "node_modules", ".bin", name), *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False, env=environment)
    return done.returncode, done.stdout + done.stderr


@unittest.skipIf(MISSING, MISSING)
class Judged(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.put("ipc.toml", WRONG)

    def put(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return os.path.join(self.folder, name)

    def schema(self, what):
        return self.put(f"{what}.schema.json", run("schema", what).stdout)

    def test_sarif_has_no_error_and_no_warning(self):
        run("lint", "--baseline", "known.json", "--write-baseline", "ipc.toml", cwd=self.folder)
        for name, arguments in (("lint", ["lint", "ipc.toml"]), ("baseline", ["lint", "--baseline", "known.json", "ipc.toml"]), ("recommend", ["recommend", MXR])):
            log = self.put(f"{name}.sarif", run(*arguments, "-o", "sarif", cwd=self.folder).stdout)
            code, text = tool("sarif-multitool", "validate", log, "--output", f"{log}.verdict", "--log", "ForceOverwrite")
            self.assertNotRegex(text, r": (error|warning) \w+:", name)
            with open(f"{log}.verdict", encoding="utf-8-sig") as file:
                results = [result for one in json.load(file)["runs"] for result in one["results"]]
            self.assertEqual([(result["ruleId"], result["message"]) for result in results], [], (name, code))

    def test_reports_follow_their_schema(self):
        schema = self.schema("report")
        run("recommend", MXR, "--save", "base.json", cwd=self.folder)
        for name, arguments in (("lint", ["lint", "ipc.toml"]), ("recommend", ["recommend", MXR, "--why-not", "tcp", "--what-if", "latency=5 us"]), ("probe", ["probe", "fifo", "--budget", "0.3"]),
                                ("claims", ["claims"]), ("compare", ["recommend", MXR, "--compare", "base.json"])):
            report = self.put(f"{name}.json", run(*arguments, "-o", "json", cwd=self.folder).stdout)
            code, text = tool("ajv", "validate", "-s", schema, "-d", report)
            self.assertEqual(code, 0, f"{name}: {text}")
            self.assertNotIn("strict mode", text)
        broken = json.loads(run("lint", "ipc.toml", "-o", "json", cwd=self.folder).stdout)
        broken["findings"][0]["level"] = "fatal"
        self.assertNotEqual(tool("ajv", "validate", "-s", schema, "-d", self.put("broken.json", json.dumps(broken)))[0], 0)

    def test_requirements_files_follow_their_schema(self):
        schema = self.schema("requirements")
        good = glob.glob(os.path.join(EXAMPLES, "*.toml")) + glob.glob(os.path.join(SOURCE, "tests", "conformance", "systems", "*.toml"))[:20]
        good = [name for name in good if not name.endswith("expected.toml")]
        self.assertGreater(len(good), 10)
        code, text = tool("taplo", "check", "--schema", f"file://{schema}", *good, cwd="/")
        self.assertEqual(code, 0, text[-3000:])
        for body in ('reach = "samehost"', 'reech = "same-host"', 'message-size = "4 KiBs"', 'browser = "no"', 'max-clients = 0', 'uses = "pigeon"'):
            bad = self.put("bad.toml", f'[[channel]]\nname = "a"\n{body}\n')
            self.assertNotEqual(tool("taplo", "check", "--schema", f"file://{schema}", bad, cwd="/")[0], 0, body)


@unittest.skipUnless(shutil.which("xmllint"), "xmllint is not installed")
class JUnit(unittest.TestCase):
    def test_junit_follows_its_schema(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "ipc.toml"), "w", encoding="utf-8") as file:
                file.write(WRONG)
            for arguments in (["lint", "ipc.toml"], ["recommend", "--no-probe", MXR], ["recommend", MXR, "--budget", "0.3"]):
                text = run(*arguments, "-o", "junit", cwd=folder).stdout
                done = subprocess.run(["xmllint", "--noout", "--schema", os.path.join(SOURCE, "tests", "golden", "junit.xsd"), "-"], input=text, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(int(re.search(r'tests="(\d+)"', text)[1]), len(re.findall("<testcase ", text.split("</testsuite>")[0])))


main()
