#!/usr/bin/env python3
"""Makes docs/report.png anew: the page of a small bundle, checked in headless Chromium.

usage: make_picture.py BIN      BIN: the folder with the programs
"""
import base64
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))
from browser import Browser  # noqa: E402

WIDTH = 920
# The picture ends with this section.
LAST = "#timeline-title"


def bundle(folder, binaries):
    """A bundle of two items that were held and noted; gives the vault's fingerprint."""
    environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(folder / "home"), "EXHIBIT_VAULT": str(folder / "case")}
    (folder / "home").mkdir()

    def run(*arguments):
        return subprocess.run(["exhibit", *arguments], cwd=folder, env=environment, check=True, stdin=subprocess.DEVNULL,
                              capture_output=True).stdout.decode()
    reader = run("keygen", "--no-passphrase", "-o", "reader.txt").split()[-1]
    made = run("init", "case", "--origin", "x7.example/q4d2", "--name", "Alice Examiner", "--organisation", "Acme IR",
               "--reader", reader, "--no-passphrase", "--json")
    run("add", str(ROOT / "tools" / "example" / "README_RESTORE_FILES.txt"), "--case", "IR-2025-014", "--source", "fs01")
    run("add", str(ROOT / "tools" / "example" / "breach-notice.txt"), "--case", "IR-2025-014", "--source", "fs01")
    run("hold", "1-2", "--authority", "12 Cv 3", "--reason", "litigation hold")
    run("note", "1", "--text", "The same text was left on four servers.")
    run("export", "1-2", "--out", "bundle", "-i", "reader.txt", "--purpose", "request of the FBI")
    return made.split('"fingerprint"')[1].split('"')[1]


def main():
    binaries = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fingerprint = bundle(folder, binaries)
        browser = Browser(f"--window-size={WIDTH},1400", "--hide-scrollbars")
        try:
            browser.open(folder / "bundle" / "report.html")
            browser.wait_for("document.documentElement.dataset.shown")
            browser.evaluate(f"document.getElementById('wanted').value = '{fingerprint}';"
                             "document.getElementById('verdict').replaceChildren()")
            browser.choose("#folder", folder / "bundle")
            browser.wait_for("document.querySelector('#verdict .verdict')")
            bottom = browser.evaluate(f"document.querySelector('{LAST}').closest('section').getBoundingClientRect().bottom + scrollY")
            picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True,
                                   clip={"x": 0, "y": 0, "width": WIDTH, "height": int(bottom) + 20, "scale": 1})
        finally:
            browser.close()
    (ROOT / "docs" / "report.png").write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    sys.exit(__doc__) if len(sys.argv) != 2 else main()
