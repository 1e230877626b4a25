"""Each check of the page is taken out of it, and the fault that it alone finds passes then: the checks are made, and the tests
would see it if one was not."""
import base64
import hashlib
import re

from changing import bad_lines, edit, flip_last_signature, other_end, other_hash, other_mac, other_oxum, put_right, resigned, sealed_only
from forging import NOTE, Forger, expect, replace, sign_bundle, with_keys


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
