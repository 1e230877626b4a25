#!/usr/bin/env python3
"""report.html in a real browser: it shows what is in the bundle, lets nothing of it run, and its check of a
bundle comes to the same verdict as exhibit-verify.

    run.py BIN_FOLDER [NAME...]

Exit status 77 where there is no Chromium: ctest reports the test as skipped.
"""
import base64
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "second_opinion"))
from browser import Browser, find_chromium  # noqa: E402
from forging import ACCEPT, NOTE, expect, files_of, write_manifests  # noqa: E402
from run import World  # noqa: E402  (of second_opinion, which stands before this folder in the path)


class Case:
    """A vault with a history, and the browser that looks at its bundles."""

    def __init__(self, folder, binaries, browser):
        self.world, self.browser = World(folder, binaries), browser

    def show(self, bundle):
        """The bundle's page; anything that it tried and might not, or that failed in it, is an error."""
        self.browser.events.clear()
        self.browser.open(bundle / "report.html")
        self.browser.wait_for("document.getElementById('keys').children.length || document.querySelector('.verdict.bad')")

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
        self.browser.wait_for("document.querySelector('#verdict .verdict')")
        return self.browser.evaluate("""(() => {
            const verdict = document.querySelector('#verdict .verdict');
            return { good: verdict.classList.contains('good'), findings: Number(verdict.dataset.findings ?? -1),
                misshown: Number(verdict.dataset.misshown ?? -1), text: document.getElementById('verdict').innerText,
                ticks: [...document.querySelectorAll('td[data-tick]')].map((tick) => tick.textContent) };
        })()""")


def a_good_bundle_is_shown_and_holds(case):
    world = case.world
    world.add("a.txt", NOTE, "--case", "IR-1", "--description", "found on fs01")
    world.add("disk.img", random.Random(1).randbytes(3_000_000))
    world.exhibit("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    bundle = world.export([1, 2], "good")
    case.show(bundle)
    text = case.browser.evaluate("document.querySelector('main').textContent")
    for wanted in ("a.txt", "disk.img", "IR-1", "found on fs01", "12 Cv 3", "test.example/case-1", world.made["fingerprint"][:8]):
        expect(wanted in text, f"{wanted} is not on the page")
    verdict = case.check(bundle, world.made["fingerprint"])
    expect(verdict["good"] and verdict["findings"] == 0 and verdict["ticks"] == ["✓ holds"] * 2, verdict)
    expect("Signatures:" not in verdict["text"] and "lacks X25519" not in verdict["text"], verdict["text"])
    expect("2 compared with what was sealed" in verdict["text"], verdict["text"])
    verdict = case.check(bundle)
    expect(verdict["good"] and "no fingerprint was typed in" in verdict["text"], verdict)
    verdict = case.check(bundle, "0" * 64)
    expect(not verdict["good"] and "another vault" in verdict["text"], verdict)
    verdict = case.check(bundle, "what?")
    expect(not verdict["good"] and "64 hexadecimal digits" in verdict["text"], verdict)
    expect(not case.complaints(), case.complaints())


def a_sealed_bundle_tells_no_names(case):
    world = case.world
    world.add("secret-name.txt", NOTE, "--case", "SECRET-CASE", "--description", "secret description")
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    bundle = world.export([1], "sealed", "--recipient", friend)
    page = (bundle / "report.html").read_text().lower()
    expect("secret" not in page.split('id="data"')[1].split("</script>")[0], "the page tells what is sealed")
    case.show(bundle)
    verdict = case.check(bundle, world.made["fingerprint"])
    expect(verdict["good"] and "the bundle is sealed" in verdict["text"], verdict)
    expect("This bundle is sealed" in case.browser.evaluate("document.body.innerText"))
    expect(not case.complaints(), case.complaints())


HOSTILE = [b"<script>document.title='owned'<script>", b"<img src=x onerror=document.title='owned'>.log", "\u202egpj.exe\u2066".encode(),
           b"x" * 255, b"\xff\xfe\x80 not utf-8", b"a\nb\tc\x1b[31m", "\u2028\u2029 lines".encode(), b"{{script}}{{data}}", b"-->]]><!--<script>",
           b"&lt;b&gt;&quot;'`", "=cmd|' /C calc'!A0".replace("/", "_").encode(), "\U0001f512 日本 é".encode(), b"__proto__", b"constructor", b"..%2f"]


def hostile_names_are_text(case):
    world = case.world
    for name in HOSTILE:
        world.add(name, NOTE, "--description", "</script><script>alert(1)</script>\u202e", "--case", "<b>&amp;")
    count = len(HOSTILE)
    world.exhibit("hold", f"1-{count}", "--authority", "</script><svg onload=alert(1)>", "--reason", "\u202e<!-- \u2028")
    bundle = world.export([f"1-{count}"], "hostile")
    raw = (bundle / "report.html").read_bytes()
    data = raw.split(b'id="data">')[1].split(b"</script>")[0]
    expect(not re.search(rb"[<>&]|\xe2\x80[\xa8\xa9]", data), "the data are not escaped")
    expect(raw.lower().count(b"</script>") == 2, "another script ends")
    case.show(bundle)
    seen = case.browser.evaluate("""({ title: document.title, scripts: document.scripts.length, images: document.images.length,
        handlers: document.querySelectorAll('[onload],[onerror]').length, forms: document.querySelectorAll('.form').length,
        text: document.getElementById('forms').textContent, index: document.getElementById('index').textContent })""")
    expect(seen["title"] == "Evidence bundle: test.example/case-1" and seen["scripts"] == 2 and seen["images"] == 0 and not seen["handlers"], seen)
    expect(seen["forms"] == count, seen["forms"])
    expect("U+202E" in seen["index"] and not re.search("[\u202e\u2066\u2028]", seen["text"] + seen["index"]), "controls are not named")
    expect("fffe80206e6f74207574662d38" in seen["text"], "raw bytes are not shown")
    expect(HOSTILE[0].decode() in seen["index"], "a name is not shown as it is")
    verdict = case.check(bundle, world.made["fingerprint"])
    expect(verdict["good"], verdict)
    expect(not case.complaints(), case.complaints())


def the_policy_lets_nothing_run_or_load(case):
    case.world.add("a.txt", NOTE)
    bundle = case.world.export([1], "good")
    case.show(bundle)
    outcome = case.browser.evaluate("""(async () => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<p onclick="window.ran = true" id="inline">x</p><img src="https://exhibit.invalid/x.png">');
        document.getElementById('inline').click();
        const fetched = await fetch('https://exhibit.invalid/').then(() => true, () => false);
        let evaluated = false;
        try { evaluated = new Function('return true')(); } catch { evaluated = false; }
        return { ran: window.ran === true, fetched, evaluated };
    })()""")
    expect(outcome == {"ran": False, "fetched": False, "evaluated": False}, outcome)
    blocked = [event for event in case.browser.events if event.get("method") == "Log.entryAdded" and "Content Security Policy" in event["params"]["entry"]["text"]]
    expect(len(blocked) >= 3, "the policy was not what stopped it")


def drop(name):
    return lambda bundle: (bundle / name).unlink()


def edit(name, change):
    return lambda bundle: (bundle / name).write_bytes(change((bundle / name).read_bytes()))


def flip(name, at=0.5):
    def change(data):
        data = bytearray(data)
        data[int(at * (len(data) - 1))] ^= 1
        return bytes(data)
    return edit(name, change)


def swap(name, other):
    def change(bundle):
        (bundle / name).rename(bundle / "aside")
        (bundle / other).rename(bundle / name)
        (bundle / "aside").rename(bundle / other)
    return change


def tampering(names):
    for name in names:
        yield f"{name} flipped", flip(name)
        yield f"{name} flipped at its end", flip(name, 1)
        yield f"{name} dropped", drop(name)
        yield f"{name} cut in half", edit(name, lambda data: data[:len(data) // 2])
        yield f"{name} with a line feed more", edit(name, lambda data: data + b"\n")
        yield f"{name} renamed", lambda bundle, name=name: (bundle / name).rename(bundle / (name + "x"))
        yield f"a copy beside {name}", lambda bundle, name=name: shutil.copy(bundle / name, bundle / (name + "2"))
        twin = name.replace("/1", "/2").replace("a.txt", "b.log")
        if twin != name and twin in names:
            yield f"{name} swapped with {twin}", swap(name, twin)


def flip_last_signature(data):
    at = data.rindex(b" ") + 1
    blob = bytearray(base64.b64decode(data[at:]))
    blob[40] ^= 1
    return data[:at] + base64.b64encode(bytes(blob)) + b"\n"


def each_kind_of_tampering_is_named(case):
    world = case.world
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    world.exhibit("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    good = world.export([1, 2], "good")
    case.show(good)
    expect(case.check(good, world.made["fingerprint"])["good"])
    names = files_of(good)
    cells = list(tampering(names))
    for name in names:
        if name.endswith((".entry", ".tlog-proof")):
            cells.append((f"{name} with a signature that is not", edit(name, flip_last_signature)))
    if not os.environ.get("EXHIBIT_ALL"):
        cells = random.Random(int(os.environ.get("EXHIBIT_TEST_SEED", "1"))).sample(cells, min(len(cells), 70))
    bad, accepted = [], 0
    for what, change in cells:
        for manifests in ("as they were", "put right"):
            bundle = world.changed(good, change, manifests)
            program = world.judge(f"{what}, manifests {manifests}", bundle, "--fingerprint", world.made["fingerprint"])
            page = case.check(bundle, world.made["fingerprint"])
            accepted += program == ACCEPT
            if (page["findings"] == 0) != (program == ACCEPT):
                bad.append(f"{what}, manifests {manifests}: exhibit-verify {program}, the page {page['findings']}: {page['text'][:300]}")
    print(f"    {2 * len(cells)} bundles, {accepted} accepted by both")
    expect(not bad, "\n".join(bad))
    expect(not world.failures, f"exhibit-verify and verify_bundle.py differ: {world.failures}")


def a_page_that_shows_something_else_is_told(case):
    world = case.world
    world.add("a.txt", NOTE)
    world.add("b.log", b"one\n")
    good = world.export([1, 2], "good")
    page = good / "report.html"
    page.write_text(page.read_text().replace('\\"name\\":\\"a.txt\\"', '\\"name\\":\\"c.txt\\"'))
    write_manifests(good)
    world.judge("a page that lies", good, verdict=ACCEPT)  # it proves nothing, and so fails nothing
    case.show(good)
    expect("c.txt" in case.browser.evaluate("document.querySelector('main').textContent"))
    verdict = case.check(good, world.made["fingerprint"])
    expect(not verdict["good"] and verdict["findings"] == 0 and verdict["misshown"] == 1 and verdict["ticks"][0].startswith("✗"), verdict)


def large_files_are_hashed_by_pieces(case):
    """What the page hashes itself, where a file is larger than it hands to WebCrypto at once."""
    case.world.add("a.txt", NOTE)
    case.show(case.world.export([1], "good"))
    outcome = case.browser.evaluate("""(async () => {
        const wrong = [];
        for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 200000]) {
            const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7 + (at >> 8));
            const hash = new Sha256Stream();
            for (let at = 0; at < size; at += 777) hash.update(bytes.slice(at, at + 777));
            if (hex(hash.finish()) !== hex(await sha256(bytes))) wrong.push(size);
        }
        return wrong;
    })()""")
    expect(outcome == [], outcome)


TESTS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
         and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("case",)]


def main():
    if not find_chromium():
        print("skipped: there is no chromium")
        return 77
    binaries = Path(sys.argv[1]).resolve()
    begun, browser, failed = time.monotonic(), Browser(), []
    print(f"        {browser.version()}, started in {time.monotonic() - begun:.1f} s", flush=True)
    for test in TESTS:
        if sys.argv[2:] and test.__name__ not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory(prefix="exhibit-report-") as folder:
            begun = time.monotonic()
            try:
                test(Case(Path(folder), binaries, browser))
                print(f"ok      {test.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception:
                traceback.print_exc()
                print(f"FAILED  {test.__name__}", flush=True)
                failed.append(test.__name__)
    browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
