#!/usr/bin/env python3
"""report.html in a real browser: it shows what is in the bundle, lets nothing of it run, and its check of a
bundle comes to the same verdict as exhibit-verify.

    run.py BIN_FOLDER [NAME...]

Exit status 77 where there is no Chromium: ctest reports the test as skipped.
"""
import base64
import hashlib
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
import run as second_opinion  # noqa: E402  (which stands before this folder in the path)
from browser import Browser, find_chromium  # noqa: E402
from forging import (  # noqa: E402
    ACCEPT, NOTE, REFUSE, Forger, Signer, expect, files_of, replace, second, sign_bundle, with_keys,
    write_manifests)
from run import World, swap  # noqa: E402

ALL = bool(os.environ.get("EXHIBIT_ALL"))
SEED = int(os.environ.get("EXHIBIT_TEST_SEED", "1"))


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
    expect("signed as a whole, by Tester+" in verdict["text"], verdict["text"])
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
    expect(not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|javascript:", re.sub(r"<script.*?</script>", "", (bundle / "report.html").read_text(),
                                                                         flags=re.S)), "the page has handlers or styles of its own")
    case.browser.events.clear()
    outcome = case.browser.evaluate("""(async () => {
        const worked = [];
        const attempt = (name, what) => { try { if (what() !== false) worked.push(name); } catch { /* as it should */ } };
        const add = (name, attributes, text = '') => {
            const made = document.createElement(name);
            for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
            made.append(text);
            document.body.append(made);
            return made;
        };
        window.ran = [];
        add('script', {}, 'window.ran.push("a script")');
        for (const name of ['onclick', 'onfocus']) {
            attempt(name, () => { add('p', { [name]: `window.ran.push("${name}")` }).click(); return false; });
        }
        attempt('javascript:', () => { add('a', { href: 'javascript:window.ran.push("a link")' }).click(); return false; });
        const styled = add('p', { style: 'opacity: 0.5' });
        if (getComputedStyle(styled).opacity !== '1') worked.push('a style');
        attempt('eval', () => window.eval('1'));
        attempt('Function', () => new Function('return 1')());
        attempt('setTimeout', () => { setTimeout('window.ran.push("a timeout")', 0); return false; });
        attempt('innerHTML', () => { document.body.innerHTML += '<p>'; });
        attempt('insertAdjacentHTML', () => document.body.insertAdjacentHTML('beforeend', '<p>'));
        const image = add('img', { src: 'https://exhibit.invalid/x.png' });
        add('iframe', { src: 'https://exhibit.invalid/' });
        add('link', { rel: 'stylesheet', href: 'https://exhibit.invalid/x.css' });
        attempt('object', () => { add('object', { data: 'https://exhibit.invalid/x' }); });
        add('video', { src: 'https://exhibit.invalid/x.mp4' });
        add('base', { href: 'https://exhibit.invalid/' });
        if (document.baseURI.includes('invalid')) worked.push('a base');
        for (const url of ['https://exhibit.invalid/', 'file:///etc/passwd', 'data:text/plain,x']) {
            if (await fetch(url).then(() => true, () => false)) worked.push(`fetch of ${url}`);
        }
        if (await import('data:text/javascript,1').then(() => true, () => false)) worked.push('an import');
        attempt('a worker', () => { new Worker(URL.createObjectURL(new Blob(['1']))); });
        attempt('a socket', () => { new WebSocket('wss://exhibit.invalid/').onopen = () => window.ran.push('a socket'); return false; });
        attempt('a beacon', () => navigator.sendBeacon('https://exhibit.invalid/', 'x'));
        const form = add('form', { action: 'https://exhibit.invalid/' });
        form.requestSubmit();
        await new Promise((go) => { setTimeout(go, 300); });
        return { worked, ran: window.ran, images: image.naturalWidth, here: location.protocol };
    })()""")
    # A beacon may be queued before the policy is asked; what becomes of it is seen below.
    expect(outcome == {"worked": ["a beacon"], "ran": [], "images": 0, "here": "file:"} or
           outcome == {"worked": [], "ran": [], "images": 0, "here": "file:"}, outcome)
    case.browser.evaluate("1")
    # What is not of data: is of the network or the disk; a frame that was refused shows an error page with pictures of its own.
    answered = [event["params"]["response"]["url"] for event in case.browser.events if event.get("method") == "Network.responseReceived"
                and not event["params"]["response"]["url"].startswith(("data:", "chrome-error:"))]
    expect(not answered, f"loaded: {answered}")
    asked = {event["params"]["requestId"]: event["params"]["request"]["url"] for event in case.browser.events
             if event.get("method") == "Network.requestWillBeSent"
             and not event["params"]["request"]["url"].startswith(("data:", "chrome-error:"))}
    blocked = {event["params"]["requestId"] for event in case.browser.events
               if event.get("method") == "Network.loadingFailed" and event["params"].get("blockedReason") == "csp"}
    expect(set(asked) <= blocked, f"the policy did not block {[url for one, url in asked.items() if one not in blocked]}")
    refused = [event for event in case.browser.events if event.get("method") == "Log.entryAdded"
               and "Content Security Policy" in event["params"]["entry"]["text"]]
    expect(len(refused) >= 10, f"the policy was not what stopped it: {len(refused)}")


def a_folder_can_be_dropped(case):
    world = case.world
    world.add("a.txt", NOTE)
    world.add("b.txt", NOTE)
    bundle = world.export(["1-2"], "good")
    case.show(bundle)
    case.browser.evaluate("document.getElementById('drop').scrollIntoView(); document.getElementById('verdict').replaceChildren()")
    at = case.browser.evaluate("(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 }))"
                               "(document.getElementById('drop').getBoundingClientRect())")
    for kind in ("dragEnter", "dragOver", "drop"):
        case.browser.call("Input.dispatchDragEvent", type=kind, **at, data={"items": [], "files": [str(bundle)], "dragOperationsMask": 1})
    verdict = case.outcome()
    expect(verdict["good"] and verdict["ticks"] == ["\u2713 holds"] * 2, verdict)
    expect(not case.complaints(), case.complaints())


READABLE = """(() => {
    const luminance = (color) => {
        const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(Number).map((one) => one / 255)
            .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (one) => {
        for (let at = one; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$|transparent/.test(color)) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const faint = new Set();
    for (const one of document.querySelectorAll('main *')) {
        const own = [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
        if (!own || !one.checkVisibility() || one.closest('svg')) continue;
        const [a, b] = [getComputedStyle(one).color, behind(one)].map(luminance).sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) faint.add(`${one.tagName}.${one.className} ${ratio.toFixed(1)}`);
    }
    return [...faint];
})()"""


def the_page_is_readable_on_any_screen(case):
    world = case.world
    for name in HOSTILE + [b"W" * 255, b"a" * 120 + b" " + b"b" * 120]:
        world.add(name, NOTE, "--description", "d" * 900, "--case", "c" * 200)
    world.exhibit("hold", "1", "--authority", "a" * 900, "--reason", "r" * 900)
    count = len(HOSTILE) + 2
    bundle = world.export([f"1-{count}"], "good")
    for scheme in ("light", "dark"):
        case.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width in (320, 390, 768, 1440):
            case.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            case.show(bundle)
            case.check(bundle, "0" * 64 if width == 390 else "")
            wide, room = case.browser.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            expect(wide <= room, f"{scheme}, {width}: {wide} pixels in {room}")
            faint = case.browser.evaluate(READABLE)
            expect(not faint, f"{scheme}, {width}: {faint}")
    case.browser.call("Emulation.clearDeviceMetricsOverride")
    case.browser.call("Emulation.setEmulatedMedia", features=[])


def it_prints_each_item_on_pages_of_its_own(case):
    world = case.world
    for name in (b"a.txt", b"W" * 255, b"c.txt"):
        world.add(name, NOTE)
    bundle = world.export(["1-3"], "good")
    case.show(bundle)
    pdf = base64.b64decode(case.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    expect(pdf.startswith(b"%PDF-") and 6 <= pages <= 8, f"{pages} pages")  # a summary, three forms, the keys


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
    if not ALL:
        cells = random.Random(SEED).sample(cells, 24)
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


def resigned(change):
    """What a custodian of the bundle could make of it: the note is signed anew over the manifests as they are then."""
    def both(bundle):
        change(bundle)
        sign_bundle(bundle)
    return both


def other_hash(manifest):
    """One hash in a manifest below data/ is another, and what is over it fits."""
    def change(bundle):
        before = (bundle / manifest).read_bytes()
        after = (b"1" if before[:1] == b"0" else b"0") + before[1:]
        (bundle / manifest).write_bytes(after)
        for algorithm in second.MANIFEST_HASHES:
            edit(f"tagmanifest-{algorithm}.txt", lambda data, one=algorithm: data.replace(
                hashlib.new(one, before).hexdigest().encode(), hashlib.new(one, after).hexdigest().encode()))(bundle)
    return change


def the_note_and_the_manifests_are_checked(case):
    world = case.world
    world.add("a.txt", NOTE)
    good = world.export([1], "good")
    for key in world.folder.glob("home/config/exhibit/keys/**/*.key"):
        Signer.of_file(key)
    stranger = Signer("stranger")
    note = "bundle.note"
    cells = {
        "no note": (drop(note), "bundle.note is missing"),
        "another signature": (edit(note, flip_last_signature), "bundle.note has a wrong signature"),
        "another range": (edit(note, replace(b'"range":"1"', b'"range":"2"')), "bundle.note has a wrong signature"),
        "not in one form": (edit(note, replace(b'"v":1', b'"v": 1')), "not in its one form"),
        "signed by a stranger": (lambda bundle: sign_bundle(bundle, stranger), "is not admitted there"),
        "signed by a stranger in another's name": (
            lambda bundle: sign_bundle(bundle, stranger, made_by=json.loads((good / note).read_bytes().split(b"\n")[0])["made_by"]),
            "is not signed by"),
        "of another manifest": (lambda bundle: sign_bundle(bundle, sha512="0" * 128), "of another tagmanifest-sha512.txt"),
        "of more sealed files": (lambda bundle: sign_bundle(bundle, sealed_files=2), "says that there are 2 sealed files"),
        "of a larger log": (lambda bundle: sign_bundle(bundle, size=99), "is of a log of 99 entries"),
        "a range beyond the log": (lambda bundle: sign_bundle(bundle, range="1-99"), "beyond the log"),
        "a file that is listed nowhere": (resigned(bad_lines(b"items.csv")), "items.csv is not listed in"),
        "a file that has no place": (lambda bundle: (bundle / "more.txt").write_bytes(b"x"), "more.txt has no place"),
        "no manifest of SHA-512": (drop("manifest-sha512.txt"), "manifest-sha512.txt is missing"),
        "no tag manifest of SHA-512": (drop("tagmanifest-sha512.txt"), "tagmanifest-sha512.txt is missing"),
        "another hash of SHA-512": (resigned(other_hash("manifest-sha512.txt")), "its SHA-512 is not that of manifest-sha512.txt"),
        "the note is listed": (resigned(lambda bundle: [edit(f"tagmanifest-{one}.txt", lambda data: (
            data + b"0" * digits + b"  bundle.note\n"))(bundle) for one, digits in second.MANIFEST_HASHES.items()]),
            "lists bundle.note, which has no place there"),
    }
    case.show(good)
    expect(case.check(good, world.made["fingerprint"])["good"])
    for what, (change, words) in cells.items():
        bundle = world.changed(good, change)
        world.judge(what, bundle, verdict=REFUSE)
        page = case.check(bundle, world.made["fingerprint"])
        expect(page["findings"] > 0 and words in page["text"], f"{what}: {page}")
    expect(not world.failures, world.failures)


def what_is_done_with_keys_is_shown(case):
    """Readers, a new key of the vault, what a collector sealed, and a key that was stolen."""
    world = case.world
    world.add("a.txt", NOTE)                                                                                         # 1
    world.tool("age-keygen", "-o", "bob.txt")
    bob = world.tool("age-keygen", "-y", "bob.txt").decode().strip()
    world.exhibit("reader", "add", bob, "--name", "Bob Analyst", "-i", "reader.txt")                                 # 2
    world.exhibit("collector", "new", "fs01", "--out", "stick", "--no-passphrase")                                   # 3
    world.exhibit("collect", "in/a.txt", "--collector", "stick", "--drop", "drop")
    world.exhibit("take-in", "drop")                                                                                 # 4
    world.exhibit("reseal", "-i", "reader.txt")                                                                      # 5
    carol = world.exhibit("keygen", "--signing", "carol", "--no-passphrase", "-o", "carol.key")
    (world.folder / "carol.vkey").write_bytes(carol)
    world.exhibit("custodian", "add", "carol.vkey", "--role", "custodian", "--name", "Carol Clerk")                  # 6
    world.exhibit("hold", "4", "--authority", "12 Cv 3", "--reason", "litigation", "--key", "carol.key")             # 7
    actor = "+".join(carol.decode().split("+")[:2])
    world.exhibit("custodian", "retire", actor, "--reason", "laptop stolen", "--compromised-since", "2026-01-02T03:04:05Z")  # 8
    bundle = world.export(["1", "4"], "good")
    world.judge("good", bundle, verdict=ACCEPT)
    case.show(bundle)
    text = case.browser.evaluate("document.querySelector('main').textContent")
    for wanted in ("Bob Analyst", "sealed on another machine by fs01", "as number 1 of its series", "for the vault’s key age1",
                   "others may have had it since 2026-01-02 03:04:05 UTC", "laptop stolen"):
        expect(wanted in text, f"{wanted} is not on the page")
    verdict = case.check(bundle, world.made["fingerprint"])
    expect(verdict["good"] and verdict["findings"] == 0 and verdict["ticks"] == ["\u2713 holds"] * 2, verdict)
    expect("What it signed is valid only if it was made before" in verdict["text"] and "entries 7." in verdict["text"], verdict["text"])
    ticks = case.browser.evaluate("[...document.querySelectorAll('[data-tick=\"7\"]')].map((tick) => tick.textContent)")
    expect(ticks and set(ticks) == {"holds, if made before 2026-01-02 03:04:05 UTC"}, ticks)
    expect(not case.complaints(), case.complaints())


# What the page does not look at, and says so: it compares originals with sealed digests, and does not decompress.
LEFT_TO_OTHERS = {"content", "metadata"}
# A browser tells of no empty folder, and of numbers up to 2^53.
UNSEEN = {"an empty folder", "with the largest number", f"an omission of {2**64 - 1}"}


class ThirdOpinion(World):
    """What the tests of the second opinion judge, the page judges too."""

    def __init__(self, folder, case, share):
        self.case, self.share, self.chance, self.asked, self.left = case, share, random.Random(SEED), 0, 0
        super().__init__(folder, case.world.binaries)

    def judge(self, name, bundle, *options, verdict=None):
        if name in UNSEEN or self.chance.random() >= self.share or any(path.is_symlink() for path in Path(bundle).rglob("*")):
            return verdict
        code = super().judge(name, bundle, *options, verdict=verdict)
        self.asked += 1
        wanted = options[options.index("--fingerprint") + 1] if "--fingerprint" in options else ""
        page = self.case.check(bundle, wanted)
        if (page["findings"] == 0) == (code == ACCEPT):
            return code
        if code == REFUSE and {finding["property"] for finding in self.findings(bundle)} <= LEFT_TO_OTHERS:
            self.left += 1
            return code
        self.failures.append(name)
        print(f"DIFFER  {name}: exhibit-verify {code}, the page {page['findings']}: {page['text'][:300]}")
        return code


def the_page_agrees_on_what_is_forged(case):
    """A sample of the second opinion's bundles: signed with all keys at hand, as a dishonest custodian could."""
    case.world.add("a.txt", NOTE)
    case.show(case.world.export([1], "good"))
    tests = [second_opinion.a_signed_entry_is_still_to_be_well_formed, second_opinion.a_genesis_vouches_for_itself_in_one_form_only,
             second_opinion.a_proof_and_its_checkpoint_have_one_form, second_opinion.a_sealed_content_has_one_form,
             second_opinion.a_bag_holds_what_it_lists_and_what_belongs_there, second_opinion.an_act_is_done_by_those_who_may,
             second_opinion.a_key_comes_once_and_goes_once, second_opinion.a_rule_of_two_binds_all_that_it_names,
             second_opinion.an_item_is_named_for_what_can_be_done_to_it, second_opinion.a_transfer_is_between_two_who_signed_it,
             second_opinion.an_act_has_one_form, second_opinion.a_value_of_an_act_has_one_form,
             second_opinion.a_cosigner_is_named_and_signs_behind, second_opinion.a_bundle_is_signed_by_who_made_it,
             second_opinion.a_reader_is_listed_by_a_custodian, second_opinion.a_new_key_of_the_vault_comes_in_the_open,
             second_opinion.an_item_that_was_collected_is_signed_there]
    asked = left = 0
    failed = []
    for test in tests if ALL else random.Random(SEED).sample(tests, 3):
        with tempfile.TemporaryDirectory(prefix="exhibit-third-") as folder:
            world = ThirdOpinion(Path(folder), case, 1 if ALL else 0.15)
            test(world)
            asked, left = asked + world.asked, left + world.left
            failed += [f"{test.__name__}: {name}" for name in world.failures]
    print(f"    {asked} bundles, {left} refused for what the page leaves to others")
    expect(not failed, "\n".join(failed))


def page_without(bundle, old, new, out):
    """The bundle's page with one thing in its script changed, and a policy that allows it."""
    text = (bundle / "report.html").read_text()
    head, script = text.rsplit("<script>", 1)
    script, tail = script.split("</script>", 1)
    expect(script.count(old) == 1, f"{old} stands in the script {script.count(old)} times")

    def source(text):
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    changed = script.replace(old, new)
    out.mkdir(exist_ok=True)
    (out / "report.html").write_text(f"{head.replace(source(script), source(changed))}<script>{changed}</script>{tail}")


def bad_lines(name):
    """The tag manifests without their line of a file."""
    def change(bundle):
        for algorithm in second.MANIFEST_HASHES:
            edit(f"tagmanifest-{algorithm}.txt", lambda data: b"".join(line for line in data.splitlines(True) if name not in line))(bundle)
    return change


def put_right(change):
    def both(bundle):
        change(bundle)
        write_manifests(bundle)
    return both


def other_oxum(bundle):
    info = bundle / "bag-info.txt"
    info.write_bytes(info.read_bytes().replace(b"Payload-Oxum: ", b"Payload-Oxum: 1"))
    for algorithm in second.MANIFEST_HASHES:
        manifest = bundle / f"tagmanifest-{algorithm}.txt"
        digest = hashlib.new(algorithm, info.read_bytes()).hexdigest()
        manifest.write_text("".join(f"{digest}  bag-info.txt\n" if line.endswith("  bag-info.txt") else f"{line}\n"
                                    for line in manifest.read_text().splitlines()))


def other_mac(header):
    at = header.rindex(b"--- ") + 4
    return header[:at] + (b"B" if header[at:at + 1] == b"A" else b"A") + header[at + 1:]


def other_end(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def sealed_only(files):
    """Without what makes a bundle plain, by which more would be found."""
    return {name: data for name, data in files.items() if name not in ("data/1-a.txt", "proof/1.metadata.json", "proof/identity.txt")}


# A fault that one check alone finds, and what that check is in the script: without it the page is content.
ONE_CHECK_EACH = {
    "an entry's signature": (dict(item_note=flip_last_signature),
                             'return crypto.subtle.verify("Ed25519", imported, signature, message)', "return true"),
    "the checkpoint's signature": (dict(checkpoint=flip_last_signature), "await verifyNote(note, this.of(checkpoint.size), what);", ""),
    "a proof's path": (dict(proof_1=lambda proof: re.sub(rb"index 1\n.", b"index 1\nA" if b"index 1\nA" not in proof else b"index 1\nB", proof)),
                       "require(root && equal(root, this.checkpoint.root)", "require(true"),
    "the genesis' place": (dict(genesis=with_keys(prev="1" * 64)), "/^0{64}$/.test(said.prev)", "true"),
    "the chain": (dict(item=with_keys(prev="1" * 64)), "!before || said.prev === hex(before.leaf)", "true"),
    "an entry's vault": (dict(item=with_keys(origin="other.example/log")), "require(said.origin === this.origin, `the entry", "require(true, `the entry"),
    "an entry's position": (dict(item=with_keys(seq=2)), "require(said.seq === number,", "require(true,"),
    "an entry's keys": (dict(item=with_keys(more=1)), "require(hasForm(said, { ...commonForm, ...entryForms[form] }),", "require(true,"),
    "JSON's one form": (dict(item_text=replace(b'"v":1', b'"v": 1')), "JSON.stringify(value) === text.slice(0, -1)", "true"),
    "the vkey": (dict(files=lambda files: {**files, "proof/log.vkey": files["proof/log.vkey"] + b"\n"}), "=== `${said.log}\\n`,", ","),
    "a file's digest": (dict(after=edit("bag-info.txt", lambda data: data + b"More: 1\n")), "this.digests.get(path)?.[algorithm] !== digest", "false"),
    "a file's SHA-512": (dict(after=resigned(other_hash("manifest-sha512.txt"))), "Object.keys(hashDigits)) await", '["sha256"]) await'),
    "the note's signature": (dict(after=edit("bundle.note", flip_last_signature)), "await verifySigners(note, [maker.key], what);", ""),
    "the note's manifests": (dict(after=lambda bundle: sign_bundle(bundle, sha512="0" * 128)),
                             "said[algorithm] === this.digests.get(manifest)?.[algorithm]", "true"),
    "the note's keys": (dict(after=lambda bundle: sign_bundle(bundle, more=1)), "require(hasForm(said, noteForm),", "require(true,"),
    "the note's sealed files": (dict(after=lambda bundle: sign_bundle(bundle, sealed_files=2)), "said.sealed_files === sealed,", "true,"),
    "a file that is not listed": (dict(after=resigned(bad_lines(b"log.vkey"))), "belongs(path) && !listed.has(path)", "false"),
    "a file without a place": (dict(files=lambda files: {**files, "extra.txt": b"x"}), "if (!place) this.find", "if (false) this.find"),
    "the oxum": (dict(after=resigned(other_oxum)), "match[1] === oxum", "true"),
    "other metadata": (dict(files=lambda files: {**files, "proof/1.metadata.json": files["proof/1.metadata.json"].replace(b"in/a", b"in/b")}),
                       "equal(sealed, beside)", "true"),
    "another original": (dict(files=lambda files: {**files, "data/1-a.txt": files["data/1-a.txt"].upper()}),
                         "this.digests.get(parts.original)?.sha256 === metadata.digests.sha256", "true"),
    "an original's name": (dict(after=put_right(lambda bundle: (bundle / "data/1-a.txt").rename(bundle / "data/1-b.txt"))),
                           "parts.original === originalName(number, metadata)", "true"),
    "a header's commitment": (dict(header=other_mac), "require(equal(mac, header.mac),", "require(true,"),
    "a header": (dict(files=lambda files: sealed_only({**files, "proof/1.header": other_mac(files["proof/1.header"])})),
                 "require(hex(await sha256(bytes)) === said.header,", "require(true,"),
    "the payload": (dict(files=lambda files: sealed_only({**files, "data/1.age": other_end(files["data/1.age"])})),
                    "require(hex(await tree.root()) === payload.root,", "require(true,"),
}


def each_check_is_needed(case):
    """What shows that the checks are made, and that the tests would see it if one was not."""
    world = case.world
    world.add("a.txt", NOTE)
    good = world.export([1], "good")
    forger, wrong = Forger(world), []
    for name, (steps, old, new) in ONE_CHECK_EACH.items():
        bundle = forger.make(**steps)
        case.show(good)
        whole = case.check(bundle)
        page_without(good, old, new, world.folder / "blind")
        case.show(world.folder / "blind")
        blind = case.check(bundle)
        if whole["findings"] < 1 or blind["findings"] != 0:
            wrong.append(f"{name}: {whole['findings']} findings, without the check {blind['findings']}: {blind['text'][:300]}")
    expect(not wrong, "\n".join(wrong))


def a_page_that_shows_something_else_is_told(case):
    world = case.world
    world.add("a.txt", NOTE)
    world.add("b.log", b"one\n")
    good = world.export([1, 2], "good")
    lies = good.parent / "lies"  # beside the bundle: in it, the maker's note would not fit
    lies.mkdir()
    page = (good / "report.html").read_text()
    (lies / "report.html").write_text(page.replace('\\"name\\":\\"a.txt\\"', '\\"name\\":\\"c.txt\\"'))
    case.show(lies)
    expect("c.txt" in case.browser.evaluate("document.querySelector('main').textContent"))
    verdict = case.check(good, world.made["fingerprint"])
    expect(not verdict["good"] and verdict["findings"] == 0 and verdict["misshown"] == 1 and verdict["ticks"][0].startswith("✗"), verdict)


def large_files_are_hashed_by_pieces(case):
    """What the page hashes itself, where a file is larger than it hands to WebCrypto at once."""
    case.world.add("a.txt", NOTE)
    case.show(case.world.export([1], "good"))
    outcome = case.browser.evaluate("""(async () => {
        const wrong = [];
        for (const size of [0, 1, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 239, 240, 1000, 200000]) {
            const bytes = Uint8Array.from({ length: size }, (_, at) => at * 7 + (at >> 8));
            for (const [name, hash] of [["SHA-256", new Sha256Stream()], ["SHA-512", new Sha512Stream()]]) {
                for (let at = 0; at < size; at += 777) hash.update(bytes.slice(at, at + 777));
                if (hex(hash.finish()) !== hex(new Uint8Array(await crypto.subtle.digest(name, bytes)))) wrong.push(`${name} of ${size}`);
            }
        }
        return wrong;
    })()""")
    expect(outcome == [], outcome)


TESTS = [value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
         and getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("case",)]


def main():
    if not find_chromium():
        print("skipped: there is no Chromium (tools/install-dependencies --browser)")
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
