"""The page in the browser: shown, and asked to check a bundle."""
import json
import shutil
from pathlib import Path

import make  # of the format's examples
from made_page import page_of


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)


def judged(rows_of):
    """Name, status, finding, fingerprint and identity of each example that a page can judge, and how many it cannot, by why."""
    rows, skipped = [], {}
    for name, status, finding, arguments in rows_of:
        why = why_not(status, arguments)
        if why:
            skipped[why] = skipped.get(why, 0) + 1
            continue
        options = dict(zip(arguments[1::2], arguments[2::2]))
        rows.append((name, status, finding, options.get("--fingerprint", ""), options.get("-i")))
    return rows, skipped


def why_not(status, arguments):
    """Why a page gives no verdict on an example, or another one than a program."""
    if arguments[0] == "--proof":
        return "it is a proof, and the page checks bundles"
    if arguments[0] != "bundle":
        return "it is in a container, and a browser gives a page folders"
    if "--policy" in arguments:
        return "the page has no policy"
    if "--roots" in arguments and status:
        return "the page has no roots"
    return None


class Case:
    """A folder of its own, the format's examples, and the browser."""

    def __init__(self, folder, binaries, browser, examples):
        self.folder, self.binaries, self.browser, self.examples = folder, binaries, browser, examples

    def rows(self):
        for line in (self.examples / "manifest").read_text(encoding="utf-8").splitlines():
            name, status, finding, arguments = line.split("\t")
            yield name, int(status), finding, arguments.split()

    def bundle(self, made):
        """The folder of a case of format_examples, or of the files that `build.bundle` gives."""
        files = made if isinstance(made, dict) else {name.removeprefix("bundle/"): data for name, data in made.files.items()}
        place = self.folder / "bundle"
        shutil.rmtree(place, ignore_errors=True)
        make.write(make.good.Case("", 0, "-", "", files), place)
        return place

    def show_page_of(self, bundle, edit=None):
        place = self.folder / "page"
        place.mkdir(exist_ok=True)
        (place / "report.html").write_bytes(page_of(bundle, edit).encode())
        self.show(place / "report.html")

    def show(self, path):
        """The page; anything that it tried and might not, or that failed in it, is a complaint."""
        self.browser.events.clear()
        self.browser.open(path)
        self.browser.wait_for("document.documentElement.dataset.shown || document.querySelector('.verdict.bad')")

    def complaints(self):
        self.browser.evaluate("1")
        bad = []
        for event in self.browser.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled") or \
                    method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
                bad.append(json.dumps(parameters)[:400])
            if method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("file:", "about:")):
                bad.append(parameters["request"]["url"])
        return bad

    def text(self):
        return self.browser.evaluate("document.querySelector('main').textContent")

    def check(self, bundle, fingerprint="", identity=None):
        """What the page that is open says of a bundle. `identity`: the text of an identity file."""
        self.browser.evaluate(f"document.getElementById('wanted').value = {json.dumps(fingerprint)};"
                              f"document.getElementById('identity').value = {json.dumps(identity or '')};"
                              "document.getElementById('verdict').replaceChildren()")
        self.browser.choose("#folder", Path(bundle))
        return self.outcome()

    def outcome(self):
        self.browser.wait_for("document.querySelector('#verdict .verdict')")
        return self.browser.evaluate("""(() => {
            const verdict = document.querySelector('#verdict .verdict'), { status, findings, misshown, names, failed } = verdict.dataset;
            return { status: Number(status), findings: Number(findings), misshown: Number(misshown), names: names.split(' '),
                failed: JSON.parse(failed), says: verdict.innerText, text: document.getElementById('verdict').innerText,
                good: verdict.classList.contains('good'),
                ticks: [...document.querySelectorAll('#index [data-tick]')].map((tick) => tick.textContent) };
        })()""")
