"""The layers of the design: who may include whom, and which library is named in which one file."""
import glob
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import SOURCE, main

# Each folder may include itself and these.
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "rules": {"base", "model"},
    "probe": {"base", "model"},
    "engine": {"base", "model", "rules"},
    "report": {"base", "model", "rules", "engine", "probe"},
    "app": {"base", "model", "rules", "engine", "probe", "report"},
    "main": {"app"},
    "probes": {"base", "model", "probe"},
}
ONLY_IN = {"toml++/": "src/rules/toml.cpp", "CLI/": "src/app/cli.cpp", "httplib.h": "probes/unix-http-bridge.cpp", "mustache.hpp": "src/report/template.cpp"}


def sources():
    for pattern in ("src/**/*.[ch]pp", "probes/*.[ch]pp"):
        for name in sorted(glob.glob(os.path.join(SOURCE, pattern), recursive=True)):
            with open(name, encoding="utf-8") as file:
                yield os.path.relpath(name, SOURCE), file.read()


def layer_of(path):
    parts = path.split("/")
    if parts[0] == "probes":
        return "probes"
    return parts[1].split(".")[0] if len(parts) == 2 else parts[1]


class Layers(unittest.TestCase):
    def test_includes_point_downwards(self):
        seen = set()
        for path, text in sources():
            layer = layer_of(path)
            seen.add(layer)
            for target in re.findall(r'#include "([^"]+)"', text):
                other = target.split("/")[0].split(".")[0]
                if other == "generated":
                    continue
                self.assertTrue(other == layer or other in MAY_INCLUDE[layer], f"{path} includes {target}")
        self.assertEqual(seen, set(MAY_INCLUDE))

    def test_each_library_is_named_in_one_place(self):
        for path, text in sources():
            for target in re.findall(r"#include <([^>]+)>", text):
                for library, home in ONLY_IN.items():
                    if library in target:
                        self.assertEqual(path, home, f"{path} includes {target}")

    def test_the_engine_is_pure(self):
        for path, text in sources():
            if layer_of(path) in ("engine", "model"):
                for impure in ("<unistd.h>", "<fstream>", "<iostream>", "<cstdio>", "<sys/", "<chrono>", "<random>", "getenv"):
                    self.assertNotIn(impure, text, path)

    def test_exit_and_abort_are_not_called(self):
        for path, text in sources():
            for call in re.findall(r"(?<![\w:.>])(?:std::)?(exit|abort|quick_exit)\s*\(", text):
                self.fail(f"{path} calls {call}")

    def test_no_mechanism_is_named_in_the_engine(self):
        ids = [os.path.basename(name)[:-5] for name in glob.glob(os.path.join(SOURCE, "rules/mechanisms/*.toml"))]
        for path, text in sources():
            if layer_of(path) in ("engine", "rules", "app"):
                for one in ids:
                    self.assertNotIn(f'"{one}"', text, f"{path} names {one}")


main()
