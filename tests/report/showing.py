"""What the page shows: what is in the bundle, all of it as text, readable on any screen and on paper."""
import base64
import re
import time

import good
from build import Vault, bundle
from good import PLAIN, vault_recipient
from made_page import page_of, static_page
from page import expect



def a_good_bundle_is_shown_and_holds(case):
    vault = Vault("shown")
    vault.item(fields={"description": "found on fs01", "a-key-of-tomorrow": {"deep": [1, {"more": "text"}]}}.items())
    vault.item(content=b"second\n", path="two.txt", name="two.txt")
    vault.add("hold", {"items": "1"}, [("authority", "12 Cv 3"), ("reason", "litigation")])
    vault.admit("k2", 2)
    vault.transfer()
    place = case.bundle(bundle(vault, [1, 2], names={1: PLAIN, 2: "fs01/two.txt"}, also=[0, 3, 4, 5], hide={2: {"times"}}))
    case.show_page_of(place)
    text = case.text()
    for wanted in ("README.txt", "two.txt", "IR-2025-014", "found on fs01", "12 Cv 3", "litigation", "x7.example/q4d2",
                   vault.fingerprint.hex()[:8], "a-key-of-tomorrow", "deep 1, more text", "the vault was made by Alice Examiner, person 1",
                   "handed over 1 from Alice Examiner to Person 2: analysis", "Withheldtimes", "exported 1\u20132", "each item was opened"):
        expect(wanted in text, f"{wanted} is not on the page: {text}")
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0 and said["good"] and said["ticks"] == ["\u2713 holds"] * 2, said)
    for wanted in (f"as of entry {len(vault.entries) - 1}", "seen by nobody", "what came later is not known", "every position is told",
                   vault.keys["k1"].actor):
        expect(wanted in said["text"], f"{wanted}: {said['text']}")
    said = case.check(place)
    expect(said["status"] == 5 and not said["good"] and "no fingerprint was typed in" in said["text"], said)
    said = case.check(place, "0" * 64)
    expect(said["status"] == 3 and "another vault" in said["text"], said)
    for wrong in ({"fingerprint": "what?"}, {"identity": "what?"}, {"identity": vault_recipient("x").identity[:-1] + "Q"}):
        said = case.check(place, **wrong)
        expect(said["status"] == 1 and said["findings"] == 0, said)
    expect(not case.complaints(), case.complaints())


def a_sealed_bundle_tells_no_names_until_it_is_opened(case):
    vault, reader = Vault("sealed"), vault_recipient("reader")
    vault.item(name="secret-name.txt", path="secret/path.txt", case="SECRET-CASE", fields={"description": "secret description"}.items())
    place = case.bundle(bundle(vault, [1], receivers=[reader]))
    page = page_of(place).lower()
    expect("secret" not in page.split('id="data"')[1].split("</script>")[0], "the page tells what is sealed")
    case.show_page_of(place)
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0 and "the bundle is sealed" in said["text"] and "secret" not in case.text().lower(), said)
    said = case.check(place, vault.fingerprint.hex(), vault_recipient("other").identity)
    expect(said["status"] == 6 and "opens none of the 1 sealed file" in said["says"], said)
    said = case.check(place, vault.fingerprint.hex(), reader.identity)
    expect(said["status"] == 0 and said["ticks"] == ["\u2713 holds"], said)
    for wanted in ("secret-name.txt", "secret/path.txt", "SECRET-CASE", "secret description"):
        expect(wanted in case.text(), f"{wanted} is not on the page")
    expect(not case.complaints(), case.complaints())


HOSTILE = ["<script>document.title='owned'<script>", "<img src=x onerror=document.title='owned'>.log", "\u202egpj.exe\u2066",
           "x" * 255, {"base64": base64.b64encode(b"\xff\xfe\x80 not utf-8").decode()}, "a\nb\tc\x1b[31m", "\u2028\u2029 lines",
           "{{script}}{{data}}", "-->]]><!--<script>", "</script><script>alert(1)</script>", "&lt;b&gt;&quot;'`", "=cmd|' /C calc'!A0",
           "\U0001f512 日本 é", "__proto__", "constructor", "..%2f"]


def hostile_vault(texts, more=""):
    """These texts in all places that take one."""
    vault = Vault("hostile")
    hostile = {"a": "<svg onload=alert(1)>", "b": ["</script>", {"constructor": None, "c": "\u202e"}]}
    for at, text in enumerate(texts):
        fields = {"path": text, "source": text, "description": "</script><script>alert(1)</script>\u202e" + more, "tool": "<b>",
                  "claimed": [{"algorithm": "<b>", "value": {"c": "</script>"}, "matched": "no"}, {}],
                  **dict.fromkeys(("tags", "kind", "times", "acquired", "constructor", "system"), hostile)}
        vault.item(content=b"item %d\n" % at, name=text, case="<b>&amp;" + more, fields=fields.items())
    count = len(texts)
    vault.add("hold", {"items": f"1-{count}"}, [("authority", "</script><svg onload=alert(1)>" + more), ("reason", "\u202e<!-- \u2028" + more)])
    vault.add("note", fields=[("items", "1"), ("text", "<img src=x onerror=alert(1)>" + more)])
    vault.add("case", fields=[("case", "<b>"), ("discovered", hostile)])
    vault.add("custodian", {"act": "admit", "custodian": {"person": 2, "key": vault.key("k2").text, "roles": ["custodian"]}},
              [("custodian", {"person": "2", "name": "<script>\u202e" + more, "contact": "<a href=javascript:1>"})])
    return vault, bundle(vault, list(range(1, count + 1)), also=[0, count + 1, count + 2, count + 3, count + 4])


def hostile_text_is_text(case):
    vault, files = hostile_vault(HOSTILE)
    place, count = case.bundle(files), len(HOSTILE)
    raw = page_of(place).encode()
    data = raw.split(b'id="data">')[1].split(b"</script>")[0]
    expect(not re.search(rb"[<>&]|\xe2\x80[\xa8\xa9]", data), "the data are not escaped")
    expect(raw.lower().count(b"</script>") == 2, "another script ends")
    case.show_page_of(place)
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0, said)
    seen = case.browser.evaluate("""({ title: document.title, scripts: document.scripts.length, images: document.images.length,
        handlers: document.querySelectorAll('[onload],[onerror]').length, bold: document.querySelectorAll('main b').length,
        forms: document.querySelectorAll('.form').length, odd: document.querySelectorAll('a[href]:not([href^="#"])').length,
        text: document.querySelector('main').textContent, index: document.getElementById('index').textContent })""")
    expect(seen["title"] == "Evidence bundle: x7.example/q4d2" and seen["scripts"] == 2, seen["title"])
    expect(not any(seen[one] for one in ("images", "handlers", "bold", "odd")) and seen["forms"] == count, seen)
    expect("U+202E" in seen["index"] and not re.search("[\u202e\u2066\u2028]", seen["text"]), "controls are not named")
    expect("fffe80206e6f74207574662d38" in seen["text"], "bytes that are no text are not shown")
    expect(HOSTILE[0] in seen["index"] and "<svg onload=alert(1)>" in seen["text"], "a name is not shown as it is")
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
    vault, files = hostile_vault([*HOSTILE, "W" * 255, "a" * 120 + " " + "b" * 120], "d" * 900)
    place = case.bundle(files)
    for scheme in ("light", "dark"):
        case.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width in (320, 390, 768, 1440):
            case.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            case.show_page_of(place)
            case.check(place, {390: "0" * 64, 768: vault.fingerprint.hex()}.get(width, ""))
            wide, room = case.browser.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            expect(wide <= room, f"{scheme}, {width}: {wide} pixels in {room}")
            faint = case.browser.evaluate(READABLE)
            expect(not faint, f"{scheme}, {width}: {faint}")
    case.browser.call("Emulation.clearDeviceMetricsOverride")
    case.browser.call("Emulation.setEmulatedMedia", features=[])


def it_prints_each_item_on_pages_of_its_own(case):
    vault = Vault("paper")
    for name in ("a.txt", "W" * 255, "c.txt"):
        vault.item(content=name.encode(), name=name, path=name)
    case.show_page_of(case.bundle(bundle(vault, [1, 2, 3])))
    pdf = base64.b64decode(case.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    expect(pdf.startswith(b"%PDF-") and 6 <= pages <= 8, f"{pages} pages")  # a summary, three forms, the keys


def many_items_print_as_their_index_unless_forms_are_wanted(case):
    vault = Vault("many on paper")
    for at in range(60):
        vault.item(content=b"%d\n" % at, name="README_RESTORE_FILES.txt", path=f"share-{at:02}/README_RESTORE_FILES.txt")
    case.show_page_of(case.bundle(bundle(vault, list(range(1, 61)))))

    def pages():
        pdf = base64.b64decode(case.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))
    expect(pages() <= 12, f"{pages()} pages for 60 items")
    index = case.browser.evaluate("document.getElementById('index').innerText")
    expect(all(f"share-{at:02}/README" in index for at in range(60)), "files of one name are told apart")
    case.browser.evaluate("document.getElementById('print-forms').click()")
    expect(pages() >= 60, f"{pages()} pages with their forms")


def who_hands_over_to_whom_and_why_is_on_top(case):
    vault = Vault("on top")
    vault.item()
    place = case.bundle(bundle(vault, [1], also=[0]))
    case.show_page_of(place)
    top = case.browser.evaluate("document.getElementById('facts').innerText")
    for wanted in ("Handed over by\nAlice Examiner", "To\nreceiver 1", "Why\nhand-over"):
        expect(wanted in top, f"{wanted} is not on top: {top}")


# Examples with acts of every kind, and words that their pages have.
TOLD = {
    "plain-several-acts": ("it is of the second wave", "(said anew: kind)", "released 2 of the hold of entry 3", "shredded 2",
                           "refused: hand-over of 1 from k1 to k2: again", "dates of the case IR-2025-014", "received by Ida", "the bundle held",
                           "1 input was not taken in", "statement: valued on 1"),
    "plain-the-whole-log": ("without the head of size 3",),
    "plain-a-quorum": ("rule: two persons for custodian, retire, lift", "the recovery key stays", "rule lifted",
                       "the log\u2019s key was replaced", "another recovery key"),
    "plain-rotated-and-retired-keys": ("put a new key in its own place", "in other hands since 2026-11-28 23:59:59 UTC"),
    "plain-a-suspension-lifted-and-one-taken-back": ("suspended: person 1", "lifted the suspension of person 1 (entry 4)"),
    "plain-a-recovery": ("the readers took the vault back with the recovery key",),
    "plain-other-keys-of-the-vault-and-the-log": ("the vault has another key: 1",),
    "plain-collected-items-and-a-closed-run": ("sealed on another machine by", "as number 4 of its series", "was replaced by its next",
                                               "accepted: earlier-key, retired", "closed a run: its last item is number 3"),
    "plain-a-vault-that-was-closed": ("it goes on from the vault abab", "the log ends here; it goes on in the vault efef"),
    "plain-companions-sha-512-content-elsewhere": ("a-key-of-tomorrow", "its content is kept elsewhere", "safe 3"),
    "plain-hidden-fields": ("Item, its name withheld", "(withheld: items, purpose)"),
    "after-an-upgrade": ("from here on the log is of version 2", "from entry 2 on"),
}


def acts_are_told_in_words(case):
    for name, words in TOLD.items():
        case.show_page_of(case.examples / name / "bundle")
        text = case.text()
        for wanted in words:
            expect(wanted in text, f"{name}: {wanted} is not on the page: {text}")
        expect(not case.complaints(), case.complaints())


def what_others_did_with_a_key_is_told(case):
    vault = Vault("compromised")
    vault.item()
    vault.admit("k2", 2)
    vault.add("hold", {"items": "1"}, by="k2")
    retired = {"act": "retire", "retired": vault.keys["k2"].actor, "compromised_since": "2026-11-28T23:59:59Z"}
    vault.add("custodian", retired, [("reason", "laptop stolen")])
    place = case.bundle(bundle(vault, [1], names={1: PLAIN}, whole=True))
    case.show_page_of(place)
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0 and "valid only if it was made before" in said["text"] and "entries 3." in said["text"], said)
    ticks = case.browser.evaluate("[...document.querySelectorAll('[data-tick=\"3\"]')].map((tick) => tick.textContent)")
    expect(ticks and set(ticks) == {"holds, if made before 2026-11-28 23:59:59 UTC"}, ticks)


def a_page_that_shows_something_else_is_told(case):
    made = next(good.plain())
    place, fingerprint = case.bundle(made), made.arguments.split()[-1]
    page = page_of(place)
    for old, new, what in ((r'\"name\",\"README.txt\"', r'\"name\",\"c.txt\"', "entry 1"), ('"log/hashes": ', '"log/nothing": ', "log/hashes")):
        expect(page.count(old) == 1, old)
        lies = case.folder / "lies.html"  # not in the bundle, whose maker's note would not fit
        lies.write_text(page.replace(old, new))
        case.show(lies)
        said = case.check(place, fingerprint)
        expect(said["status"] == 0 and not said["good"] and said["misshown"] >= 1 and what in said["text"], said)
        expect("does not show what is in the bundle" in said["says"], said)


def a_page_that_shows_nothing_still_checks(case):
    made = next(good.plain())
    place = case.bundle(made)
    broken = case.folder / "broken.html"
    broken.write_text(page_of(place).replace(r'{\"v\":1,\"type\":\"genesis\"', r'{\"v\":1,\"type\":\"nonsense\"', 1))
    case.show(broken)
    expect(case.outcome()["status"] == 1)
    expect(case.check(place, made.arguments.split()[-1])["status"] == 0)


def the_page_is_small_and_shows_many_items(case):
    """It has a copy of a small log alone; beside a large one it shows what is chosen, and nothing before."""
    expect(len(static_page().encode()) < 256 << 10, f"the page without its data has {len(static_page().encode())} bytes")
    vault = Vault("many")
    for at in range(1500):
        vault.item(content=b"%d\n" % at, name=f"{at}.log", path=f"{at}.log")
    place = case.bundle(bundle(vault, list(range(1, 1501))))
    expect(len(page_of(place)) < 256 << 10, "the page has a copy of a large log")
    begun = time.monotonic()
    case.show_page_of(place)
    for hidden in ("picture", "items", "keys"):
        expect(case.browser.evaluate(f"!document.querySelector('.{hidden}').checkVisibility()"), f"{hidden} is shown, and empty")
    expect("Choose the bundle\u2019s folder" in case.browser.evaluate("document.getElementById('lead').innerText"))
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0, said["says"])
    case.browser.wait_for("document.documentElement.dataset.shown === 'all'")
    print(f"    1500 items: checked and shown in {time.monotonic() - begun:.1f} s")
    expect(case.browser.evaluate("document.querySelectorAll('.form').length") == 1500)
    ticks = case.browser.evaluate("[...document.querySelectorAll('#index [data-tick]')].map((tick) => tick.textContent)")
    expect(ticks == ["\u2713 holds"] * 1500, ticks[:3])
    expect("1499.log" in case.text() and vault.fingerprint.hex()[:8] in case.text())
    expect(not case.complaints(), case.complaints())
    # The next folder is shown in its place, and what is no bundle leaves a word of why.
    place = case.bundle(next(good.plain()))
    case.check(place)
    case.browser.wait_for("document.querySelectorAll('.form').length === 1")
    (place / "log/entries").write_bytes(b"{}")
    expect(case.check(place)["status"] == 3)
    case.browser.wait_for("document.getElementById('lead').innerText.startsWith('What is in this bundle cannot be shown')")


def what_is_no_fault_is_remarked(case):
    """A hand-over by somebody else than who has the item, gaps of a collector, a copy of two systems, and a vault that goes on."""
    vault = Vault("remarked", continues={"fingerprint": "ab" * 32, "size": 9, "root": "cd" * 32})
    vault.item()                                                        # 1, whom k1 has
    vault.admit("k2", 2)
    vault.admit("k3", 3)
    vault.transfer(released="k2", received="k3")                        # 4
    vault.admit("k4", 4, roles=("collector",))
    vault.take_in(vault.collected("k4", 2, "0" * 64))                   # 6
    vault.item(content=b"late\n", path="late.txt", time="2026-11-28T22:00:00Z")
    files = bundle(vault, [1], names={1: PLAIN}, whole=True, blocks=[1, 4, 8, 9])
    place = case.bundle({**files, "data/.DS_Store": b"x"})
    case.show_page_of(place)
    said = case.check(place, vault.fingerprint.hex())
    expect(said["status"] == 0, said)
    for wanted in ("This vault goes on from the vault with the fingerprint abab", "Entry 4 hands over item 1, which person 1 holds",
                   "Of the numbers up to 2 of the collector x7.example/q4d2/k4, 1 are not in the log", "has no closing statement",
                   "Entry 7 says an earlier time", "data/.DS_Store is left by an operating system"):
        expect(wanted in said["text"], f"{wanted}: {said['text']}")


def what_the_browser_cannot_check_is_said(case):
    """Without Ed25519 nothing is said of the whole, and without X25519 nothing is opened."""
    made = next(good.plain())
    place = case.bundle(made)
    for name in ("Ed25519", "X25519"):
        def without(script, name=name):
            old = f'crypto.subtle.importKey("raw", {dict(Ed25519="key", X25519="point")[name]}, "{name}"'
            expect(script.count(old) == 1, old)
            return script.replace(old, f'(() => {{ throw new Error("no {name}"); }})(); {old}')
        case.show_page_of(place, without)
        said = case.check(place, made.arguments.split()[-1])
        if name == "Ed25519":
            expect(said["status"] == 1 and not said["good"] and "checked no signature" in said["says"], said)
            expect(said["ticks"] == ["holds, but for signatures"] and "Nothing here shows who signed" in said["text"], said)
        else:
            expect(said["status"] == 0, said)
            said = case.check(place, identity=vault_recipient("reader").identity)
            expect(said["status"] == 1 and "lacks X25519" in said["says"], said)
