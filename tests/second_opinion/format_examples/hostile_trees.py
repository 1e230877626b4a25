"""Trees that do not fit, and what a maker with a retired key, or another lie, could make."""
from build import Vault, bundle
from good import PLAIN, of_bundle
from hostile_entries import member, without
from lies import of_one
from pieces import CAN_CHECK_ML_DSA, HAS_ML_DSA, ORIGIN, Key, b64, leaf, note


def tree_vault(name):
    """A log of 13 entries of which 0, 5 and the last three are told: several subtrees are not."""
    vault = Vault(name)
    for at in range(10):
        vault.item(content=b"item %d\n" % at, path=f"{at}.txt")
    return vault


def edit_hashes(change):
    return lambda parts: parts.update(hashes=b"".join(line + b"\n" for line in change(parts["hashes"].split(b"\n")[:-1])))


def children_of(lines, vault):
    """The first subtree of level 1 as its two children: right, and not the largest."""
    at = next(index for index, line in enumerate(lines) if line.startswith(b"1 "))
    index = int(lines[at].split()[1])
    return [*lines[:at], *(b"0 %d %s" % (one, leaf(vault.entries[one]).hex().encode()) for one in (2 * index, 2 * index + 1)), *lines[at + 1:]]


def trees():
    for name, finding, change in (
            ("one is missing", "hashes-malformed", lambda lines, _: lines[1:]),
            ("the last is missing", "hashes-malformed", lambda lines, _: lines[:-1]),
            ("one too many", "hashes-malformed", lambda lines, _: lines + [b"0 5 " + b"ab" * 32]),
            ("out of order", "hashes-malformed", lambda lines, _: lines[::-1]),
            ("one that was changed", "tree-root", lambda lines, _: [lines[0][:-1] + (b"0" if lines[0][-1:] != b"0" else b"1"), *lines[1:]]),
            ("children in place of their parent", "hashes-malformed", children_of),
            ("one of an entry that is told", "hashes-malformed", lambda lines, _: [b"2 0 " + b"ab" * 32, *lines[1:]]),
            ("another level", "hashes-malformed", lambda lines, _: [b"3 0 " + lines[0].split()[2], *lines[1:]]),
            ("a leading zero", "hashes-malformed", lambda lines, _: [b"0" + lines[0], *lines[1:]]),
            ("upper case", "hashes-malformed", lambda lines, _: [b" ".join((*lines[0].split()[:2], b"AB" * 32)), *lines[1:]]),
            ("two blanks", "hashes-malformed", lambda lines, _: [lines[0].replace(b" ", b"  "), *lines[1:]])):
        vault = tree_vault(name)
        yield of_bundle(f"hashes, {name}", vault, bundle(vault, [5], log=edit_hashes(lambda lines, change=change, vault=vault: change(lines, vault))), 3, finding)
    vault = tree_vault("hashes that hold")
    yield of_bundle("hashes of many subtrees", vault, bundle(vault, [5]))
    vault = tree_vault("cut")
    yield of_bundle("hashes, cut within a line", vault, bundle(vault, [5], log=lambda parts: parts.update(hashes=parts["hashes"][:-1])), 3, "hashes-malformed")
    for name, finding, make in (
            ("of another size", "entry-last", lambda vault: vault.checkpoint(12, root=bytes(32))),
            ("of a larger size", "entry-last", lambda vault: vault.checkpoint(14, root=bytes(32))),
            ("of another root", "tree-root", lambda vault: vault.checkpoint(root=bytes(32))),
            ("by another key", "checkpoint-signature", lambda vault: vault.checkpoint(key=Key(ORIGIN, bytes(32)))),
            ("with the log's line twice", "checkpoint-signature", lambda vault: vault.checkpoint() + vault.checkpoint().split(b"\n\n")[1]),
            ("with an extension line", "checkpoint-malformed", lambda vault: note(vault.checkpoint().split(b"\n\n")[0] + b"\nmore\n", vault.log)),
            ("with a plus before its size", "checkpoint-malformed", lambda vault: note(vault.checkpoint().split(b"\n\n")[0].replace(b"\n13\n", b"\n+13\n") + b"\n", vault.log)),
            ("with a short root", "checkpoint-malformed", lambda vault: note(f"{ORIGIN}\n13\n{b64(bytes(31))}\n".encode(), vault.log)),
            ("of another origin", "checkpoint-origin", lambda vault: note(vault.checkpoint().split(b"\n\n")[0].replace(ORIGIN.encode(), b"x8.example") + b"\n", vault.log)),
            ("without a signature", "checkpoint-malformed", lambda vault: vault.checkpoint().split(b"\n\n")[0] + b"\n\n"),
            ("with a wrong signature", "checkpoint-signature", lambda vault: wrong_signature(vault))):
        vault = tree_vault(name)
        yield of_bundle(f"a checkpoint {name}", vault, bundle(vault, [5], log=lambda parts, make=make, vault=vault: parts.update(checkpoint=make(vault))), 3, finding)
    vault = tree_vault("old log key")
    old = vault.log
    vault.rotate_log()
    yield of_bundle("a checkpoint by the log key that was replaced", vault, bundle(vault, [5], log=lambda parts: parts.update(checkpoint=vault.checkpoint(key=old))), 3, "checkpoint-signature")
    vault = tree_vault("last")
    number = vault.item(content=b"the last\n")
    yield of_bundle("a bundle without the last entry", vault, bundle(vault, [5], between=lambda vault: vault.item(content=b"x\n"), told=[0, 5, 12, 13]), 3, "entry-last")


def one_larger(text):
    origin, size, rest = text.split(b"\n", 2)
    return b"%s\n%d\n%s" % (origin, int(size) + 1, rest)


def of_two_log_keys():
    """Checkpoints of a log that has a key of type 06 beside its Ed25519 key."""
    if not HAS_ML_DSA:
        return
    for name, finding, change in (
            ("is missing", "checkpoint-signature", lambda vault, text: vault.log.line(text)),
            ("claims a time", "checkpoint-signature", lambda vault, text: vault.log.line(text) + vault.ml_dsa.line(text, 9)),
            ("is there twice", "checkpoint-signature", lambda vault, text: vault.log.line(text) + 2 * vault.ml_dsa.line(text)),
            ("is cut", "checkpoint-signature", lambda vault, text: vault.log.line(text) + f"\u2014 {ORIGIN} {b64(vault.ml_dsa.id + bytes(2427))}\n".encode()),
            ("is of another text", "checkpoint-signature", lambda vault, text: vault.log.line(text) + vault.ml_dsa.line(one_larger(text))),
            ("stands alone", "checkpoint-signature", lambda vault, text: vault.ml_dsa.line(text))):
        vault = Vault(name, ml_dsa=True)
        vault.item()
        def sign(parts, vault=vault, change=change):
            text = parts["checkpoint"].split(b"\n\n")[0] + b"\n"
            parts["checkpoint"] = text + b"\n" + change(vault, text)
        if name != "is of another text" or CAN_CHECK_ML_DSA:  # elsewhere it is named as not checked
            yield of_bundle(f"a checkpoint whose line of ML-DSA-44 {name}", vault, bundle(vault, [1], names={1: PLAIN}, log=sign), 3, finding)
    vault = Vault("downgrade", ml_dsa=True)
    vault.item()
    vault.rotate_log()
    vault.ml_dsa = None
    yield of_bundle("a log key without the ML-DSA-44 key that was there", vault, bundle(vault, [1], names={1: PLAIN}, whole=True), 3, "custody-rule")


def wrong_signature(vault):
    text = vault.checkpoint().split(b"\n\n")[0] + b"\n"
    return text + b"\n" + vault.log.line(text + b"x")


# Bundles of who has a retired key, and other lies of a maker.

def retired_vault(name):
    vault = Vault(name)
    vault.item()
    vault.item(content=b"second\n", path="two.txt")
    vault.admit("k2", 2)
    return vault


def retire(vault, handle="k1", by="k2"):
    return vault.add("custodian", {"act": "retire", "retired": vault.keys[handle].actor}, by=by)


def makers():
    vault = retired_vault("hides its retirement")
    def retired_meanwhile(vault):
        retire(vault)
    def drop_retirement(vault):
        retire(vault)
        vault.add("note", fields=[("items", "1"), ("text", "after")], by="k2")
    yield of_bundle("a retired key, and its retirement is here", vault, bundle(vault, [1], names={1: PLAIN}, between=retired_meanwhile), 3, "entry-signer")
    vault = retired_vault("drops its retirement")
    yield of_bundle("a retired key, and its retirement was dropped", vault, bundle(vault, [1], names={1: PLAIN}, between=drop_retirement, told=[0, 1, 3, 4, 5, 7]), 3, "entry-law")
    vault = retired_vault("older checkpoint")
    honest = bundle(vault, [1], names={1: PLAIN})
    size, end = len(vault.entries), len(vault.entries) - 1
    retire(vault)
    yield of_bundle("a retired key, an older checkpoint, what was exported then", vault, honest)
    other = bundle(vault, [2], begin=end - 1, end=end, size=size, told=[0, 2, 3, end - 1, end])
    yield of_bundle("a retired key, an older checkpoint, other data", vault, other, 3, "note-export")
    vault = retired_vault("other act")
    first = bundle(vault, [1], names={1: PLAIN})
    end = len(vault.entries) - 1
    second = bundle(vault, [2], also=[end - 1, end])
    def name_other(value):
        value["export"] = end
    vault2 = retired_vault("other act")
    bundle(vault2, [1], names={1: PLAIN})
    yield of_bundle("a note that names another export", vault2, bundle(vault2, [2], also=[end - 1, end], note_edit=name_other), 3, "note-export")
    yield of_bundle("another bundle's note", vault, {**second, "bundle.note": first["bundle.note"]}, 3, "note-manifest")
    yield of_bundle("another bundle's note and tag manifest", vault,
                    {**second, "bundle.note": first["bundle.note"], "tagmanifest-sha256.txt": first["tagmanifest-sha256.txt"]}, 3, "manifest-mismatch")
    for name, finding, edit in (
            ("of another size", "note-log", member("size", 9)), ("of another vault", "note-log", member("fingerprint", "ab" * 32)),
            ("of another origin", "note-log", member("origin", "x8.example")), ("of version 2", "note-malformed", member("v", 2)),
            ("with a member too many", "note-malformed", member("range", "1")), ("without a time", "note-malformed", without("time")),
            ("that is another statement", "note-malformed", member("statement", "transfer")), ("that names an item", "note-export", member("export", 1)),
            ("that names an entry that is not told", "note-export", member("export", 99)), ("that names the export, not its end", "field-hidden", member("export", 2)),
            ("by another than its act", "note-export", None), ("by one who is not known", "entry-signer", member("made_by", f"{ORIGIN}/k9+00000000")),
            ("of SHA-512 where there is none", "note-manifest", member("tagmanifest_sha512", "ab" * 64))):
        vault = Vault(name)
        vault.item()
        signer = None
        if edit is None:
            vault.admit("k2", 2)
            signer = vault.keys["k2"]
        yield of_bundle(f"a note {name}", vault, bundle(vault, [1], names={1: PLAIN}, note_edit=edit, signer=signer), 3, finding)
    for name, finding, hooks in (
            ("exported that is a read", "note-export", {"exported": lambda fields: {**fields, "act": "read"}}),
            ("exported of another manifest", "note-export", {"exported": lambda fields: {**fields, "manifest": "ab" * 32}}),
            ("exported that ends an item", "note-export", {"exported": lambda fields: {**fields, "export": 1}}),
            ("exported that ends itself", "note-export", {"exported": lambda fields: {**fields, "export": 3}}),
            ("exported of other items", "note-items", {"exported": lambda fields: {**fields, "items": "1-2"}}),
            ("exported without a check of its originals", "note-export", {"checked": False}),
            ("exported with a word of its own", "fields-malformed", {"exported": lambda fields: {**fields, "act": "sold"}}),
            ("exported with a manifest that is no hash", "fields-malformed", {"exported": lambda fields: {**fields, "manifest": "ab"}}),
            ("export that is a read", "note-export", {"export": lambda fields: {**fields, "act": "read"}}),
            ("export with items out of order", "fields-malformed", {"export": lambda fields: {**fields, "items": "2,1"}}),
            ("export with items that touch", "fields-malformed", {"export": lambda fields: {**fields, "items": "1,2"}})):
        yield of_one(f"an act {name}", finding, **hooks)
