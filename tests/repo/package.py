"""The Debian package: everything in its place, what it depends on named, and its program runs from where it is unpacked."""
import glob
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tool import BINARY, EXAMPLES, SOURCE, main

BUILD = os.path.dirname(BINARY)
FILES = {
    "usr/bin/ipc-advisor", "usr/share/man/man1/ipc-advisor.1.gz", "usr/share/man/man5/ipc-advisor-requirements.5.gz", "usr/share/man/man7/ipc-advisor-rules.7.gz",
    "usr/share/bash-completion/completions/ipc-advisor", "usr/share/zsh/vendor-completions/_ipc-advisor", "usr/share/fish/vendor_completions.d/ipc-advisor.fish",
    "usr/share/doc/ipc-advisor/copyright", "usr/share/doc/ipc-advisor/changelog.gz",
}


def output(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, check=True, **how).stdout


@unittest.skipIf("IPC_ADVISOR_SANITIZED" in os.environ, "nobody packs a build with sanitizers")
@unittest.skipUnless(shutil.which("dpkg-shlibdeps"), "dpkg-dev is not here")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.kept.cleanup)
        output("cpack", "-G", "DEB", "-B", cls.kept.name, cwd=BUILD)
        cls.package, = glob.glob(os.path.join(cls.kept.name, "*.deb"))
        cls.root = os.path.join(cls.kept.name, "root")
        output("dpkg-deb", "-x", cls.package, cls.root)

    def test_everything_is_in_its_place(self):
        found = {os.path.relpath(os.path.join(folder, name), self.root) for folder, _, names in os.walk(self.root) for name in names}
        examples = {f"usr/share/doc/ipc-advisor/examples/{name}" for name in os.listdir(EXAMPLES)}
        loaded = {name for name in found if name.startswith("usr/lib/") and name.endswith("/ipc-advisor/unix-http-bridge.so")}
        self.assertEqual(len(loaded), 1, found)
        self.assertEqual(found, FILES | examples | loaded)

    def test_manuals_are_whole(self):
        for name in FILES:
            if "/man/" in name:
                with gzip.open(os.path.join(self.root, name), "rt", encoding="utf-8") as packed, \
                        open(os.path.join(SOURCE, "man", os.path.basename(name)[:-3]), encoding="utf-8") as file:
                    self.assertEqual(packed.read(), file.read())

    def test_what_it_depends_on_and_who_owns_it(self):
        for library in ("libc6", "libstdc++6", "libfmt9", "libtomlplusplus3"):
            self.assertIn(library, output("dpkg-deb", "-f", self.package, "Depends"))
        for line in output("dpkg-deb", "-c", self.package).splitlines():
            self.assertIn(" root/root ", line)
        self.assertRegex(output("dpkg-deb", "-f", self.package, "Description"), r"(?s)^\S.*\n .")

    def test_the_unpacked_program_runs(self):
        program = os.path.join(self.root, "usr/bin/ipc-advisor")
        self.assertEqual(output(program, "--version"), output(BINARY, "--version"))
        self.assertIn("recommend", output(program, "docs", "bash"))

    def test_a_probe_that_must_be_loaded_is_found_and_a_missing_one_says_so(self):
        def bridge(root):
            printed = output(os.path.join(root, "usr/bin/ipc-advisor"), "probe", "unix-http-bridge", "--budget", "0.2", "-o", "json")
            probe, = json.loads(printed)["probes"]
            return probe
        self.assertEqual(bridge(self.root)["end"], "measured")
        without = os.path.join(self.kept.name, "without")
        shutil.copytree(self.root, without)
        module, = glob.glob(os.path.join(without, "usr/lib/**/ipc-advisor/*.so"), recursive=True)
        os.unlink(module)
        gone = bridge(without)
        self.assertEqual(gone["end"], "unsupported")
        self.assertIn("its probe cannot be loaded", gone["because"])


class Static(unittest.TestCase):
    """The configuration alone: a whole second build would take minutes."""

    @staticmethod
    def configured(folder, *options):
        return subprocess.run(["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DIPC_ADVISOR_TESTS=OFF", "-DIPC_ADVISOR_STATIC=ON", *options],
                              capture_output=True, text=True, check=False)

    def test_no_shared_library_is_linked_and_what_is_left_out_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.configured(folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("unix-http-bridge has no probe in this build", done.stdout)
            with open(os.path.join(folder, "build.ninja"), encoding="utf-8") as file:
                rules = file.read()
            self.assertIn("-static-pie", rules)
            self.assertIn("probes/unix-stream.cpp", rules)
            self.assertNotIn("probes/unix-http-bridge.cpp.o", rules)
            self.assertNotIn("libcpp-httplib.so", rules)

    def test_sanitizers_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.configured(folder, "-DIPC_ADVISOR_SANITIZE=ON")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("the sanitizers cannot be linked statically", done.stderr)


main()
