"""What runs in the page: its own script alone, on a folder that is dropped or chosen, however large its files."""
import re

from forging import NOTE, expect


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
