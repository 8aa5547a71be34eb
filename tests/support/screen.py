"""The real binary on a real screen: tmux draws it, resizes it and says what stands there."""
import os
import shlex
import subprocess
import tempfile
import time

from tool import BINARY, PATIENCE

# Ends of the shell that runs the binary, so that a test sees its exit code and whether the terminal's modes are as before.
AROUND = """cd {folder}
trap : INT
before=$(stty -g)
{environment} {command}
echo "exit code $?."
[ "$before" = "$(stty -g)" ] && echo 'modes restored.'
exec sleep 600
"""


class Screen:
    def __init__(self, *arguments, columns=80, rows=40, environment=(), folder=None, before=""):
        self.own = tempfile.TemporaryDirectory()
        self.socket = os.path.join(self.own.name, "s")
        self.folder = folder or self.own.name
        script = os.path.join(self.own.name, "run.sh")
        words = ["env", "-u", "NO_COLOR", "LC_ALL=C.UTF-8", *environment]
        with open(script, "w", encoding="utf-8") as file:
            file.write(AROUND.format(folder=shlex.quote(self.folder), environment=" ".join(map(shlex.quote, words)), command=before + shlex.join([BINARY, *arguments])))
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), "sh " + shlex.quote(script))

    def tmux(self, *words):
        return subprocess.run(["tmux", "-S", self.socket, "-u", *words], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout

    def text(self, colours=False, history=True):
        """The screen, and what has scrolled away above it."""
        return self.tmux("capture-pane", "-p", *(["-S", "-2000"] if history else []), *(["-e"] if colours else []))

    def keys(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def wait(self, *words, gone=()):
        """Until all the words stand there and none of those that are to be gone; the text then. Where a line is wrapped
        depends on the width, not on what is said."""
        def there(text):
            flat = " ".join(text.split())
            return all(word in flat for word in words) and not any(word in flat for word in gone)
        return self._until(there, f"{words} did not come, or {gone} stayed")

    def wait_raw(self, words):
        """Until this stands there with exactly these spaces and line ends."""
        return self._until(lambda text: words in text, f"{words!r} did not come")

    def _until(self, there, otherwise):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if there(text := self.text()):
                return text
            time.sleep(0.03)
        raise AssertionError(f"{otherwise}:\n{self.text()}")

    def resize(self, columns, rows=40):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def signal(self, number):
        """To the binary itself."""
        shell = int(self.tmux("list-panes", "-F", "#{pane_pid}"))
        for pid in subprocess.run(["pgrep", "-P", str(shell), "-x", "ipc-advisor"], check=True, capture_output=True, text=True).stdout.split():
            os.kill(int(pid), number)

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False, capture_output=True)
        self.own.cleanup()
