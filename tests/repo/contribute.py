"""The README's steps for contributors, followed: its files make a layer that passes, and its places are all the places."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, MXR, PATIENCE, SOURCE, main, run

# An enumeration of all profiles takes seconds, and minutes where every access is watched.
SLOW = unittest.skipIf("IPC_ADVISOR_SANITIZED" in os.environ, "held by the build without sanitizers")


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as file:
        return file.read()


def files_of_readme():
    """What stands in a block whose first line is a comment with a file's name."""
    blocks = re.findall(r"^```toml\n# (\S+\.toml)\n(.*?)^```$", read("README.md"), re.M | re.S)
    return dict(blocks)


class Contribute(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.folder = self.kept.name
        self.addCleanup(self.kept.cleanup)
        for name, text in files_of_readme().items():
            self.put(name, text)

    def put(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def rules(self, verb):
        return run("rules", verb, "--rules", self.folder)

    def test_the_files_are_these(self):
        self.assertEqual(set(files_of_readme()), {"layer.toml", "mechanisms/eventfd.toml", "needs.toml", "lint/mine.toml", "cases/mine.toml"})

    @SLOW
    def test_the_layer_is_sound(self):
        done = self.rules("check")
        self.assertEqual((done.returncode, done.stdout.count("confirmed")), (0, 5), done.stdout)

    def test_its_cases_hold_and_cover_it(self):
        for verb in ("test", "coverage"):
            done = self.rules(verb)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_step_counts(self):
        """Without its cases the layer is not covered; with a wrong example the rule is not held."""
        cases = files_of_readme()["cases/mine.toml"]
        os.remove(os.path.join(self.folder, "cases/mine.toml"))
        done = self.rules("coverage")
        self.assertEqual(done.returncode, 1)
        self.assertIn("eventfd/only-wakes falls", done.stdout)
        self.put("cases/mine.toml", cases)
        self.put("lint/mine.toml", files_of_readme()["lint/mine.toml"].replace("uses = \\\"posix-shm\\\"", "uses = \\\"tcp\\\""))
        self.assertIn("MINE001", self.rules("test").stdout)

    def test_what_was_added_is_known_everywhere(self):
        layered = ("--rules", self.folder)
        for one in ("eventfd", "audited", "MINE001"):
            self.assertEqual(run("explain", one, *layered).returncode, 0)
            self.assertIn(one, run("docs", "bash", *layered).stdout)
            self.assertIn(f".It Cm {one}\n", run("docs", "man5", *layered).stdout + run("docs", "man7", *layered).stdout)
        text = '[[channel]]\nname = "a"\naudited = true\nuses = "posix-shm"\n'
        self.assertIn("nobody can record what crosses posix-shm", run("lint", "-", *layered, stdin=text).stdout)

    @SLOW
    def test_a_warning_about_a_fresh_recommendation_is_refuted(self):
        self.put("lint/mine.toml", files_of_readme()["lint/mine.toml"].replace('"info"', '"warning"'))
        done = self.rules("check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("MINE001 audited-in-memory finds the recommended", done.stdout)

    def test_no_list_names_the_probes(self):
        for path in glob.glob(os.path.join(SOURCE, "probes/*.cpp")):
            probe = os.path.splitext(os.path.basename(path))[0]
            self.assertNotIn(f"{probe}.cpp", read("CMakeLists.txt") + read("tests/CMakeLists.txt"))

    def test_a_format_is_a_function_its_declaration_and_its_row(self):
        for name in re.findall(r"render_(\w+)\(", read("src/report/format.hpp")):
            touched = {os.path.relpath(path, SOURCE) for path in glob.glob(os.path.join(SOURCE, "src/**/*.?pp"), recursive=True)
                       if re.search(rf"\brender_{name}\b", read(path))}
            self.assertLessEqual({"src/report/format.hpp", "src/report/format.cpp"}, touched, name)
            self.assertEqual(len(touched), 3, touched)
            self.assertIn(f".It Cm {name}\n", read("man/ipc-advisor.1"))

    def test_the_format_is_built_and_known_everywhere(self):
        """Its three pieces put where the README puts them, compiled, and linked with everything else as it is."""
        pieces = dict(re.findall(r"^```cpp\n// (\S+)\n(.*?)^```$", read("README.md"), re.M | re.S))
        header, table = read("src/report/format.hpp"), read("src/report/format.cpp")
        self.put("report/list.cpp", pieces["src/report/list.cpp"])
        self.put("report/format.hpp", header.replace("std::string render_text", pieces["src/report/format.hpp"] + "std::string render_text"))
        self.put("report/format.cpp", table.replace("formats[] = {", "formats[] = {" + pieces["src/report/format.cpp"], 1))
        program = os.path.join(self.folder, "ipc-advisor")
        self.build(program, "report/list.cpp", "report/format.cpp")

        def output(*arguments):
            return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
        self.assertEqual(output("recommend", "--no-probe", MXR, "-o", "list"), "client-api unix-stream\n")
        self.assertIn("list", output("recommend", "--help"))
        self.assertIn(".It Cm list\nA line a channel, for scripts.\n", output("docs", "man1"))
        for shell in ("bash", "zsh", "fish"):
            self.assertRegex(output("docs", shell), r"\blist\b.*\bjson\b")

    def build(self, program, *files):
        """Compiles the files as the project does, and links them before its library, whose own stand back."""
        folder = os.path.dirname(BINARY)
        with open(os.path.join(folder, "compile_commands.json"), encoding="utf-8") as file:
            command = next(one["command"] for one in json.load(file) if one["file"].endswith("src/main.cpp"))
        flags = [flag for flag in command.split() if flag.startswith(("-D", "-I", "-std"))]
        with open(os.path.join(folder, "build.ninja"), encoding="utf-8") as file:
            libraries = re.search(r"^build ipc-advisor: .*?^  LINK_LIBRARIES = (.*?)$", file.read(), re.M | re.S)[1].split()
        objects = [os.path.join(folder, "CMakeFiles/ipc-advisor.dir/src/main.cpp.o")]
        compiler = next(word for word in command.split() if os.path.basename(word).startswith(("c++", "g++", "clang++")))
        done = subprocess.run([compiler, "-O0", f"-I{self.folder}", *flags, *(os.path.join(self.folder, name) for name in files), *objects, *libraries, "-o", program],
                              cwd=folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


main()
