"""The page in the browser: shown, and asked to check a bundle."""
import json

from judging import World  # of tests/second_opinion


class Case:
    """A vault with a history, and the browser that looks at its bundles."""

    def __init__(self, folder, binaries, browser):
        self.world, self.browser = World(folder, binaries), browser

    def show(self, bundle):
        """The bundle's page; anything that it tried and might not, or that failed in it, is an error."""
        self.browser.events.clear()
        self.browser.open(bundle / "report.html")
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

    def check(self, bundle, fingerprint=""):
        """What the page that is open says of a bundle."""
        self.browser.evaluate(f"document.getElementById('wanted').value = {json.dumps(fingerprint)};"
                              "document.getElementById('verdict').replaceChildren()")
        self.browser.choose("#folder", bundle)
        return self.outcome()

    def outcome(self):
        self.browser.wait_for("document.querySelector('#verdict .verdict')")
        return self.browser.evaluate("""(() => {
            const verdict = document.querySelector('#verdict .verdict');
            return { good: verdict.classList.contains('good'), findings: Number(verdict.dataset.findings ?? -1),
                misshown: Number(verdict.dataset.misshown ?? -1), text: document.getElementById('verdict').innerText,
                ticks: [...document.querySelectorAll('#index [data-tick]')].map((tick) => tick.textContent) };
        })()""")
