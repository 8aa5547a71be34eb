"""One headless browser for all pages, spoken to over its debugging pipe: what it writes to its console, asks of the
network and lays out at a width and in a colour scheme. It opens no port."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import time

CHROMIUM = shutil.which("chromium")

# Runs beside the report, which allows no script of its own. It tells how wide the report wants to be, which elements stick
# out, and which text has too little contrast (WCAG 2.1, 1.4.3).
LOOK = r"""(() => {
const rgb = text => text.match(/[\d.]+/g).map(Number);
const part = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const contrast = (a, b) => (Math.max(luminance(a), luminance(b)) + 0.05) / (Math.min(luminance(a), luminance(b)) + 0.05);
const ground = node => {
  for (; node; node = node.parentElement) {
    const colour = rgb(getComputedStyle(node).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
};
const out = [], pale = [], least = [21];
for (const details of document.querySelectorAll("details")) details.open = true;
for (const node of document.body.querySelectorAll("*")) {
  const box = node.getBoundingClientRect(), style = getComputedStyle(node);
  if (node.matches(".skip") || box.width === 0) continue;
  const name = node.tagName + " " + node.textContent.trim().slice(0, 40);
  if (box.right > innerWidth + 0.5 || box.left < -0.5) out.push(name);
  if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
  const seen = contrast(rgb(node instanceof SVGElement ? style.fill : style.color), ground(node));
  least[0] = Math.min(least[0], seen);
  if (seen < 4.5) pale.push(name + " " + seen.toFixed(2));
}
return {width: innerWidth, scroll: document.documentElement.scrollWidth, out, pale, least: least[0],
  background: getComputedStyle(document.body).backgroundColor, scripts: document.querySelectorAll("script,img,iframe,[onerror]").length,
  text: document.body.textContent.length};
})()"""

# Which elements the tab key reaches, in order, and whether each shows that it has the focus.
FOCUS = r"""(() => {
const node = document.activeElement, style = getComputedStyle(node);
return {tag: node.tagName, words: node.textContent.trim().slice(0, 30), outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0};
})()"""


class Browser:
    """Started once; each page is loaded into the same tab."""

    def __init__(self, folder, patience=60):
        self.patience, self.number, self.buffer, self.events = patience, 0, b"", []
        commands, self.out = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in os.pipe())
        self.answers, answers = (fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in os.pipe())
        # The browser reads its descriptor 3 and writes its descriptor 4.
        self.process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers} {commands}<&- {answers}>&-', "bash", CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--no-first-run", f"--user-data-dir={folder}/profile", "--remote-debugging-pipe", "about:blank"],
            pass_fds=(commands, answers), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(commands)
        os.close(answers)
        self.session = None
        target = next(one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(self.patience)
        os.close(self.out)
        os.close(self.answers)

    def call(self, method, **parameters):
        """The answer to a command; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") != self.number:
                self.events.append(answer)
            elif "error" in answer:
                raise AssertionError(f"{method}: {answer['error']}")
            else:
                return answer["result"]

    def _next(self):
        until = time.monotonic() + self.patience
        while b"\0" not in self.buffer:
            if time.monotonic() > until or not select.select([self.answers], [], [], self.patience)[0]:
                raise AssertionError("the browser does not answer")
            got = os.read(self.answers, 1 << 20)
            if not got:
                raise AssertionError("the browser is gone")
            self.buffer += got
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def _wait_for(self, event):
        while not any(one.get("method") == event for one in self.events):
            self.events.append(self._next())

    def _evaluate(self, script):
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"]["value"]

    def load(self, path, width, dark):
        """Loads the file. Returns what it wrote to the console, and what it asked of anybody but the file itself."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events.clear()
        address = f"file://{path}"
        self.call("Page.navigate", url=address)
        self._wait_for("Page.loadEventFired")
        console = [one["params"] for one in self.events if one.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")]
        asked = [one["params"]["request"]["url"] for one in self.events if one.get("method") == "Network.requestWillBeSent"]
        return console, [one for one in asked if one != address]

    def look(self):
        """What LOOK finds of the page that is loaded."""
        return self._evaluate(LOOK)

    def tab(self, times):
        """What has the focus after each press of the tab key."""
        seen = []
        for _ in range(times):
            for kind in ("rawKeyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
            seen.append(self._evaluate(FOCUS))
        return seen

    def picture(self):
        """The whole page as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def paper(self):
        """The page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF")["data"])
