"""Proof files, and each limit of docs/FORMAT.md that a test can reach: at it, and one past it."""
import functools

import build
import pieces
import spellings
from build import Vault, bundle, manifest_of, proof
from good import PLAIN, of_bundle, of_proof
from mutants_of_bundles import bundle_of, vault_of_log
from mutants_of_entries import base, fork, in_turn, is_text, with_last
from pieces import ORIGIN, TIME, Spelled, b64, hexed, leaf, note
from spellings import Raw, change_lines, encode
from vectors import sha256

# Proofs.

@functools.lru_cache(None)
def proven():
    vault = Vault("proven")
    vault.item(content=b"one\ntwo\nthree\nfour\nfive\nsix\nseven\n", parts="lines")
    vault.item(content=vault.random(10_000), parts="4096")
    vault.add("note", fields=[("items", "1"), ("text", "seen")])
    vault.add("note", fields=[("items", "1"), ("text", "twice")])
    return vault


SECRET = {"parts-seed", "sha256", "size"}
PROOFS = {"lines": (1, {"hide": SECRET, "shown_parts": [1, 2, 5]}), "all lines": (1, {"hide": {"parts-seed"}, "shown_parts": range(7)}), "a block": (2, {"hide": SECRET, "shown_parts": [2], "by": "4096"}), "whole": (1, {})}


def of_proof_file(kind, change=None, sections=None):
    vault = fork(proven())
    number, options = PROOFS[kind]
    data = proof(vault, number, sections_edit=sections, **options)
    return of_proof("proof", vault, change(data) if change else data, original=vault.content[number] if kind == "whole" else None)


def section(name, change):
    return lambda sections: sections.update({name: change(sections[name])})


HEADS = (
    ("no first line", lambda data: data[17:]), ("another version", lambda data: data.replace(b"@v1", b"@v2", 1)), ("a blank", lambda data: b" " + data), ("CRLF", lambda data: data.replace(b"\n", b"\r\n")), ("a byte order mark", lambda data: b"\xef\xbb\xbf" + data),
    ("a line before the first section", lambda data: data.replace(b"\n", b"\nx\n", 1)), ("an empty line before the first section", lambda data: data.replace(b"\n", b"\n\n", 1)), ("an unknown section", lambda data: data + b"== more\n"), ("an empty section", lambda data: data + b"== \n"),
    ("empty timestamps", lambda data: data.replace(b"== parts\n", b"== timestamps\n== parts\n") if b"== parts\n" in data else data + b"== timestamps\n"), ("cut", lambda data: data[:-1]), ("v1 with more", lambda data: data.replace(b"@v1", b"@v1 ", 1)), ("v10", lambda data: data.replace(b"@v1", b"@v10", 1)),
    ("== alone", lambda data: data + b"==\n"), ("an empty file", lambda data: b""), ("the first line alone", lambda data: b"exhibit-proof@v1\n"), ("as it is", lambda data: data))


def section_line(line, new):
    return lambda data: data.replace(line, new, 1)


def proof_rows(kind, names):
    for name in names:
        yield f"without {name}", None, lambda sections, name=name: sections.pop(name)
        yield f"{name} last", None, lambda sections, name=name: sections.update({name: sections.pop(name)})
        line = f"== {name}\n".encode()
        for new in (line * 2, line.upper(), line[1:], b"=" + line, line[:-1] + b"\r\n", line[:-1] + b" \n", line.replace(b" ", b"  "), b" " + line, line.replace(b" ", b"\t")):
            yield f"{line} as {new}", section_line(line, new), None
    for what, change in HEADS:
        yield what, change, None


def proofs(chance):
    honest, rows = {}, []
    for kind, (number, options) in PROOFS.items():
        honest[kind] = {}
        proof(fork(proven()), number, sections_edit=honest[kind].update, **options)
        rows += [(f"{kind}, {what}", functools.partial(of_proof_file, kind, change, sections)) for what, change, sections in proof_rows(kind, list(honest[kind]))]
    for row in in_turn(chance, rows):
        yield row
        for _ in range(4):
            kind = chance.choice(list(PROOFS))
            name = chance.choice([*honest[kind], *(one for one in honest[kind] if one.startswith("part"))])
            what, data = change_lines(chance, honest[kind][name])
            yield f"{kind}, {name}, {what}", functools.partial(of_proof_file, kind, None, section(name, lambda _, data=data: data))


# Limits, and what is far from the beginning.

def long_log(size, last=None, edit=None):
    """A log of that size of which nobody has more than the first and last entries: all else is a hash."""
    vault = Vault("long")
    vault.item()
    told = {0: vault.entries[0], 1: vault.entries[1]}
    at = size - 3
    def add(kind, members, fields, number, before):
        actor = vault.keys["k1"]
        sealed = vault.seal(vault.lines(fields))
        value = {"v": 1, "type": kind, "origin": ORIGIN, "seq": number, "prev": before, "law": 0, "time": TIME, "actor": actor.actor, **members, **vault.sealed_members(sealed)}
        told[number] = note(value, actor)
        vault.sealed[number] = sealed
        return leaf(told[number]).hex()
    manifest = manifest_of({f"data/{PLAIN}": vault.content[1]})
    before = add("access", {}, [("act", "export"), ("items", "1"), ("purpose", "x"), ("recipients", ["one"])], at, "ab" * 32)
    before = add("access", {}, [("act", "exported"), ("export", at), ("manifest", hexed(manifest)), ("checked", True), ("items", "1")], at + 1, before)
    kind, members = last or ("note", {})
    add(kind, members, [("text", "the last"), *([("act", "x")] if kind == "statement" else [])], at + 2, before)
    numbers, hashes, lines = sorted(told), {}, []
    def root(begin, end):
        if not any(begin <= one < end for one in numbers):
            level = (end - begin - 1).bit_length()
            one = sha256(b"%d %d" % (level, begin))
            lines.append((begin, f"{level} {begin >> level} {one.hex()}\n"))
            return one
        if end - begin == 1:
            return leaf(told[begin])
        middle = begin + (1 << (end - begin - 1).bit_length() - 1)
        return sha256(b"\1" + root(begin, middle) + root(middle, end))
    checkpoint = vault.checkpoint(size, root(0, size))
    blocks = (1, at, at + 1)
    parts = {"entries": b"".join(told[one] for one in numbers), "hashes": "".join(line for _, line in sorted(lines)).encode(), "files": f"1  {PLAIN}\n".encode(), "checkpoint": checkpoint,
             "fields": b"".join(build.field_block(one, vault.sealed[one].lines, build.HIDDEN) for one in blocks)}
    files = {f"log/{name}": data for name, data in parts.items()}
    files |= {"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bag-info.txt": f"Payload-Oxum: {len(vault.content[1])}.1\n".encode(), "manifest-sha256.txt": manifest}
    build.seal_tags(vault, files, size, at + 1, vault.keys["k1"])
    return of_bundle("long", vault, {**files, f"data/{PLAIN}": vault.content[1]})


def entry_of_size(size):
    """An upgrade or a statement that has so many bytes."""
    vault = fork(base("people"))
    end = len(vault.entries) - 1
    def add(fill):
        vault.add("upgrade", {"version": 2, "fill": "x" * fill})
    trial = fork(vault)
    trial.add("upgrade", {"version": 2, "fill": ""})
    add(size - len(trial.entries[-1]))
    assert len(vault.entries[-1]) == size
    return of_bundle("size", vault, bundle(vault, [1], names={1: PLAIN}, begin=end - 1, end=end))


def depth_of(depth, as_object=False):
    more = (b'{"a":' if as_object else b"[") * depth + b"1" + (b"}" if as_object else b"]") * depth
    return with_last("upgrade", lambda entry: Spelled(entry, encode({**entry, "more": Raw(more)}) + b"\n"))


def reseal_of(count, digests=None):
    return with_last("reseal", lambda value: {**value, "items": f"0-{count - 1}" if count > 1 else "0", "headers": b64(bytes(32 * (count if digests is None else digests)))})


def with_tokens(count, token=None):
    """log/timestamps with so many lines of one token."""
    def log(parts):
        parts["timestamps"] = (b64(token(parts["checkpoint"])).encode() + b"\n") * count
    vault = fork(vault_of_log())
    return of_bundle("tokens", vault, bundle_of(vault, log=log))


def der(tag, *contents):
    body = b"".join(contents)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + length + body


def token_of(checkpoint, time=b"20261128230000Z", fill=0, digest=None):
    """The frame of a token over a checkpoint: imprint and time, no signature."""
    digest = digest or sha256(checkpoint)
    sha = bytes.fromhex("0609608648016503040201")
    info = der(0x30, der(2, b"\1"), der(6, b"\x2a\x03"), der(0x30, der(0x30, sha, der(5)), der(4, digest)), der(2, b"\1"), der(0x18, time))
    inside = der(0x30, bytes.fromhex("060b2a864886f70d0109100104"), der(0xA0, der(4, info)))
    signed = der(0x30, der(2, b"\3"), der(0x31), inside, *([der(0x31, der(4, bytes(fill)))] if fill else [der(0x31)]))
    return der(0x30, bytes.fromhex("06092a864886f70d010702"), der(0xA0, signed))


def with_byte(data, at, more):
    return data[:at] + bytes([data[at] + more & 255]) + data[at + 1:]


def with_genesis_fields(labels):
    vault = Vault("labels", label_count=labels)
    vault.item()
    return of_bundle("labels", vault, bundle(vault, [1], names={1: PLAIN}))


def with_origin(origin):
    """A whole vault under another name."""
    try:
        build.ORIGIN = origin
        vault = Vault("origin")
        vault.item()
        vault.admit("k2", 2)
        return of_bundle("origin", vault, bundle(vault, [1], names={1: PLAIN}, whole=True))
    finally:
        build.ORIGIN = pieces.ORIGIN


def limit_rows():
    for size in (2**53 - 1, 2**53, 2**53 - 2, 2**53 + 1, 2**52, 2**32, 2**32 + 1, 2**31, 100_000, 2**64 + 5, 8):
        yield f"a log of {size} entries", functools.partial(long_log, size)
    for items in (f"{2**53 - 3}", f"0-{65_535}", f"0-{65_536}", f"{2**53 - 5}-{2**53 - 4}", f"{2**53 - 2}", f"{2**53 - 1}", ",".join(str(2 * at) for at in range(6000))):
        for kind, own in (("hold", {}), ("shred", {}), ("statement", {}), ("release", {"hold": 5}), ("release", {"hold": 2**53 - 3}), ("release", {"hold": 2**53 - 1})):
            yield f"{kind} {own} of {items[:40]}", functools.partial(long_log, 2**53 - 1, (kind, {**own, "items": items}))
    for size in (65_534, 65_535, 65_536):
        yield f"an entry of {size} bytes", functools.partial(entry_of_size, size)
    for depth in (1, 62, 63, 64, 65, 66, 900):
        for as_object in (False, True):
            yield f"{depth} {'objects' if as_object else 'arrays'} within one another", functools.partial(depth_of, depth, as_object)
    for count, digests in ((1, None), (2, 1), (1, 2), (5, None), (6, None), (1000, None), (1001, None), (1, 0)):
        yield f"a reseal of {count}, {digests}", functools.partial(reseal_of, count, digests)
    for count in (0, 1, 15, 16, 17):
        yield f"{count} tokens", functools.partial(with_tokens, count, token_of)
    for time in (b"19700101000000Z", b"19691231235959Z", b"99991231235959Z", b"20261128235960Z", b"20260229000000Z", b"20261128230000.5Z", b"20261128230000.50Z", b"20261128230000.Z", b"202611282300Z", b"20261128230000", b"20261128230000+0000", b"20261128230000.0Z", b"20261128240000Z", b"20261128230000,5Z"):
        yield f"a token at {time}", functools.partial(with_tokens, 1, lambda checkpoint, time=time: token_of(checkpoint, time))
    for at in range(len(token_of(b""))):
        for more in (1, -1, 128):
            yield f"a token, byte {at}, {more} more", functools.partial(with_tokens, 1, lambda checkpoint, at=at, more=more: with_byte(token_of(checkpoint), at, more))
    for labels in (3, 4, 63, 64, 65):
        yield f"{labels} labels", functools.partial(with_genesis_fields, labels)
    for origin in spellings.ORIGINS:
        if "+" not in origin and is_text(origin.encode("utf-8", "surrogatepass") or b" "):
            yield f"the origin {origin[:40]!r}", functools.partial(with_origin, origin)


def limits(chance):
    return in_turn(chance, list(limit_rows()))
