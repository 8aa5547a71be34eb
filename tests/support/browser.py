"""A report in a headless browser, at a width and in a colour scheme, looked at from a page around it."""
import json
import html
import os
import re
import shutil
import subprocess

CHROMIUM = shutil.which("chromium")

# Runs outside the report, which allows no script: the report lies in a frame of the width that is asked for. It tells how
# wide the report wants to be, which elements stick out, and which text has too little contrast (WCAG 2.1, 1.4.3).
LOOK = r"""
const frame = document.querySelector("iframe"), inner = frame.contentDocument, view = frame.contentWindow;
const rgb = text => text.match(/[\d.]+/g).map(Number);
const part = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
const ground = node => {
  for (; node; node = node.parentElement) {
    const colour = rgb(view.getComputedStyle(node).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const out = [], pale = [];
for (const details of inner.querySelectorAll("details")) details.open = true;
for (const node of inner.body.querySelectorAll("*")) {
  const box = node.getBoundingClientRect(), style = view.getComputedStyle(node);
  if (node.matches(".skip") || box.width === 0) continue;
  const name = node.tagName + " " + node.textContent.trim().slice(0, 40);
  if (box.right > view.innerWidth + 0.5 || box.left < -0.5) out.push(name);
  if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
  const ink = rgb(node instanceof view.SVGElement ? style.fill : style.color);
  if (contrast(ink, ground(node)) < 4.5) pale.push(name + " " + contrast(ink, ground(node)).toFixed(2));
}
const seen = {width: view.innerWidth, scroll: inner.documentElement.scrollWidth, out, pale, background: view.getComputedStyle(inner.body).backgroundColor,
  scripts: inner.querySelectorAll("script,img,iframe,[onerror]").length, text: inner.body.textContent.length};
document.getElementById("seen").textContent = JSON.stringify(seen);
"""


class Browser:
    """Each look starts a browser of its own, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def _run(self, page, dark, *more):
        return subprocess.run(
            [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0", f"--user-data-dir={self.folder}/profile",
             f"--blink-settings=preferredColorScheme={0 if dark else 1}", *more, f"file://{page}"],
            capture_output=True, text=True, errors="replace", timeout=120, check=False)

    def console(self, page, dark):
        """The lines that the page alone makes the browser write to its console."""
        done = self._run(page, dark, "--virtual-time-budget=1000", "--dump-dom")
        return [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    def look(self, page, width, dark):
        """What LOOK finds of the page at that width."""
        with open(page, encoding="utf-8") as file:
            inner = html.escape(file.read(), quote=True)
        around = os.path.join(self.folder, "around.html")
        with open(around, "w", encoding="utf-8") as file:
            file.write(f'<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><p id="seen"></p>'
                       f'<iframe width="{width}" height="900" style="border:0" srcdoc="{inner}"></iframe>'
                       f"<script>document.querySelector('iframe').onload = () => {{ {LOOK} }};</script>")
        done = self._run(around, dark, "--virtual-time-budget=3000", "--dump-dom")
        found = re.search(r'<p id="seen">(.+?)</p>', done.stdout, re.S)
        if found is None:
            raise AssertionError("the browser did not load the page: " + done.stderr[-2000:])
        return json.loads(html.unescape(found[1]))
