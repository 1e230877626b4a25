"""What the page shows: what is in the bundle, all of it as text, readable on any screen and on paper."""
import base64
import random
import re

from forging import ACCEPT, NOTE, expect


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
