#!/usr/bin/env python3
"""The README's picture, from what the tool really prints for a recorded measurement.

    python3 man/picture/make.py .build/ipc-advisor > man/picture/recommend.svg
"""
import html
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
FILE = "man/examples/mxr.toml"
COLUMNS, TOP, LEFT, LINE, CHARACTER = 100, 40, 18, 18, 7.8
UNTIL = "What would change the answer"
# Colours of SGR codes on a dark ground, as most terminals have them.
STYLES = {"1": "font-weight:bold", "2": "opacity:.6", "31": "fill:#f47067", "32": "fill:#57ab5a", "33": "fill:#c69026", "36": "fill:#39c5cf"}


def printed(binary):
    """The lines of the report, up to the part that the picture has no room for."""
    command = [os.path.abspath(binary), "recommend", FILE, "--replay", os.path.join(HERE, "recording.json"), "--color", "always"]
    environment = {"PATH": "/usr/bin:/bin", "COLUMNS": str(COLUMNS), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    return lines[:next(i for i, line in enumerate(lines) if UNTIL in line)]


def spans(line):
    """The line with its colours as tspan elements."""
    plain, *coded = re.split(r"\x1b\[(\d+)m", line)
    out = html.escape(plain)
    for code, text in zip(coded[::2], coded[1::2]):
        style = STYLES.get(code)
        out += f'<tspan style="{style}">{html.escape(text)}</tspan>' if style and text else html.escape(text)
    return out


def picture(lines):
    longest = max(len(re.sub(r"\x1b\[\d+m", "", line)) for line in lines)
    width, height = LEFT * 2 + longest * CHARACTER, TOP + LINE * (len(lines) + 1)
    rows = "\n".join(f'<text x="{LEFT}" y="{TOP + LINE * i}" xml:space="preserve">{spans(line)}</text>' for i, line in enumerate(lines, 1) if line)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="13" fill="#adbac7">\n'
            f'<title>ipc-advisor recommend in a terminal</title>\n<rect width="100%" height="100%" rx="8" fill="#22272e"/>\n'
            f'<text x="{LEFT}" y="{TOP - 14}" opacity=".6">$ ipc-advisor recommend {FILE}</text>\n{rows}\n</svg>\n')


if __name__ == "__main__":
    sys.stdout.write(picture(printed(sys.argv[1])))
