"""Headless Chromium, driven through the DevTools protocol over a pipe, with Python's standard library."""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


def find_chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser:
    """One browser with one page. Messages are JSON with a zero byte behind each (--remote-debugging-pipe)."""

    def __init__(self, *options):
        self.profile = tempfile.mkdtemp(prefix="exhibit-browser-")
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def as_three_and_four():
            # Above both first: one of the two may be 3 or 4 itself.
            high = [os.dup2(fd, at, inheritable=False) for fd, at in ((to_browser, 63), (from_browser, 64))]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)
        self.process = subprocess.Popen(
            [find_chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-component-update", f"--user-data-dir={self.profile}",
             "--remote-debugging-pipe", *options, "about:blank"],
            preexec_fn=as_three_and_four, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.count, self.rest, self.events, self.session = 0, b"", [], None
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            answer = self.receive(deadline)
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)
        raise AssertionError(f"{method}: no answer")

    def receive(self, deadline):
        while b"\0" not in self.rest:
            if not select.select([self.input], [], [], max(0, deadline - time.monotonic()))[0]:
                raise AssertionError("the browser does not answer")
            data = os.read(self.input, 1 << 20)
            if not data:
                raise AssertionError("the browser is gone")
            self.rest += data
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True,
                           allowUnsafeEvalBlockedByCSP=False)
        if "exceptionDetails" in result:
            raise AssertionError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def version(self):
        return self.call("Browser.getVersion")["product"]

    def wait_for(self, expression, seconds=300):
        """Until it is true in the page. `Boolean`, because a node as a value is an empty object, which is false here."""
        looks = 0
        deadline = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({expression})"):
            looks += 1
            # A machine that slept, or a process that was stopped, has not waited.
            if time.monotonic() > deadline and looks > seconds:
                raise AssertionError(f"not within {seconds} s: {expression}")
            time.sleep(0.02)

    def open(self, path):
        failed = self.call("Page.navigate", url=Path(path).resolve().as_uri()).get("errorText")
        if failed:
            raise AssertionError(f"{path}: {failed}")
        self.wait_for("document.readyState === 'complete' && location.protocol === 'file:'")

    def choose(self, selector, folder):
        """What choosing a folder in the dialog does."""
        node = self.call("DOM.querySelector", nodeId=self.call("DOM.getDocument")["root"]["nodeId"], selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(folder)])

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (AssertionError, OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.output)
        os.close(self.input)
        shutil.rmtree(self.profile, ignore_errors=True)
