"""Bundles that the program made, damaged: each file in each way, with manifests as they were and put right. What chance made of
a file is a finding, too, and no mistake of the check."""
import os
import random
import re
import shutil

from judging import ACCEPT, NOT_ANCHORED, NOTE, REFUSE, WRONG_KEY, expect, files_of


def flip(name, at):
    def change(bundle):
        data = bytearray((bundle / name).read_bytes())
        data = data or bytearray(b"\n")     # an empty file gets a byte
        data[int(at * (len(data) - 1))] ^= 1
        (bundle / name).write_bytes(data)
    return change


def edit(name, function):
    return lambda bundle: (bundle / name).write_bytes(function((bundle / name).read_bytes()))


def drop(name):
    return lambda bundle: (bundle / name).unlink()


def swap(name, other):
    def change(bundle):
        (bundle / name).rename(bundle / "aside")
        (bundle / other).rename(bundle / name)
        (bundle / "aside").rename(bundle / other)
    return change


def rename(name, to):
    return lambda bundle: (bundle / name).rename(bundle / to)


def beside(name, to):
    return lambda bundle: shutil.copy(bundle / name, bundle / to)


def link(name):
    def change(bundle):
        shutil.copy(bundle / name, bundle.parent / "outside")
        (bundle / name).unlink()
        os.symlink(bundle.parent / "outside", bundle / name)
    return change


def tampering(name, names):
    """Each with whether it is worth a look when the manifests are as they were, too."""
    yield "first byte flipped", flip(name, 0), False
    yield "middle byte flipped", flip(name, 0.5), True
    yield "last byte flipped", flip(name, 1), False
    yield "dropped", drop(name), True
    yield "half", edit(name, lambda data: data[:len(data) // 2]), False
    yield "last byte gone", edit(name, lambda data: data[:-1]), False
    yield "emptied", edit(name, lambda data: b""), False
    yield "a line feed more", edit(name, lambda data: data + b"\n"), False
    yield "renamed", rename(name, name + "x"), True
    yield "a copy beside it", beside(name, name + "2"), True
    yield "a link", link(name), False
    twin = name.replace("/1", "/2")
    others = [other for other in names if other != name and (other == twin or other.startswith(twin[:6] + "-") and "-" in name)]
    other = others[0] if others else names[(names.index(name) + 1) % len(names)]
    yield f"swapped with {other}", swap(name, other), False


# What a maker may change: what is for people, and headers in the vault, of which one may be missing.
MAY_CHANGE = ("log/headers: emptied", "bag-info.txt", "VERIFY.txt", "items.csv", "omissions.json", "certificate.txt", "custody.jsonld", "report.html", "policy.txt")


def is_changed(good, bundle):
    """An empty file that is cut stays what it was."""
    return [(name, (good / name).read_bytes()) for name in files_of(good)] != [(name, (bundle / name).read_bytes()) for name in files_of(bundle)] \
        or any((bundle / name).is_symlink() for name in files_of(bundle))


def matrix(world, good, options=(), only=lambda name: True):
    world.judge("untouched", good, *options, verdict=ACCEPT)
    names, accepted = files_of(good), []
    for name in filter(only, names):
        for what, change, twice in tampering(name, names):
            is_manifest = "manifest-" in name or name == "bundle.note"
            for manifests in ["as they were"] * (twice or is_manifest) + ["put right"] * (not is_manifest):
                cell = f"{name}: {what}, manifests {manifests}"
                bundle = world.changed(good, change, manifests)
                if is_changed(good, bundle) and world.judge(cell, bundle, *options) == ACCEPT:
                    accepted.append(cell)
    odd = [cell for cell in accepted if not (cell.startswith(MAY_CHANGE) and cell.endswith("put right"))]
    expect(not odd, f"accepted: {odd}")


def each_file_of_a_plain_bundle(world):
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    good = world.export([1, 2], "good")
    matrix(world, good, ("--fingerprint", world.made["fingerprint"]))


def each_file_of_a_sealed_bundle(world):
    world.add("a.txt", NOTE)
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    good = world.export([1], "good", "--recipient", friend)
    reader, key = ("-i", world.folder / "reader.txt"), ("-i", world.folder / "friend.txt")
    world.judge("without a key", good, verdict=ACCEPT)
    world.judge("without a key or a fingerprint", good, anchored=False, verdict=NOT_ANCHORED)
    world.judge("with the reader's key", good, *reader, verdict=WRONG_KEY)
    world.judge("with the reader's key, and changed", world.changed(good, flip("data/1.age", 0.9)), *reader, verdict=REFUSE)
    world.judge("with both keys", good, *reader, *key, verdict=ACCEPT)
    matrix(world, good, key, lambda name: name.startswith(("data/", "log/")))


def broken_ways(rng, data):
    """Ways in which a file can be broken that whoever wrote a parser may not have thought of."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    yield "cut", data[:rng.randrange(len(data) + 1)]
    yield "a line gone", b"\n".join(lines[:at] + lines[at + 1:])
    yield "a line's words gone", b"\n".join([*lines[:at], lines[at].split(b" ")[0], *lines[at + 1:]])
    yield "an empty line", b"\n".join([*lines[:at], b"", *lines[at:]])
    yield "other bytes", bytes(byte if rng.random() > 0.02 else rng.randrange(256) for byte in data)
    yield "long", data + bytes([rng.randrange(256)]) * 70_000
    yield "numbers without end", re.sub(rb"[0-9]+", lambda match: match[0] * 40 if rng.random() < 0.3 else match[0], data)
    yield "nested", data.replace(b"{", b"[{", rng.randrange(3)).replace(b'"', b"[", rng.randrange(2))
    yield "not UTF-8", data.replace(b"e", b"\xff", 1)
    yield "half of a pair", data.replace(b'":"', b'":"\\ud800', 1)


def a_broken_file_is_a_finding_and_never_a_mistake_of_the_check(world):
    """Whatever stands in a bundle, a verifier ends with findings or a message; and both say the same."""
    world.add("a.txt", NOTE)
    plain = world.export([1], "plain")
    sealed = world.export([1], "sealed", "--recipient", world.recipient)
    rng = random.Random(7)
    for good, options in ((plain, ()), (sealed, ("-i", world.folder / "reader.txt"))):
        for name in files_of(good):
            for what, data in broken_ways(rng, (good / name).read_bytes()):
                if data == (good / name).read_bytes():
                    continue
                for manifests in ("as they were", "put right"):
                    bundle = world.changed(good, lambda bundle, data=data: (bundle / name).write_bytes(data), manifests)
                    world.judge(f"{name}: {what}, manifests {manifests}", bundle, *options)


def a_payload_of_any_size_and_name_is_accepted(world):
    sizes = [0, 1, 65535, 65536, 1048576, 1048577, 3_000_017]
    for size in sizes:
        world.add(f"{size:09d}", os.urandom(size), *(["--allow-empty"] if size == 0 else []))
    names = [b"\xff\xfe raw", b"caf\xe9", b"\xe6\x97 cut", b"\xed\xa0\x80 half", b"new\nline", b"tab\tesc\x1b\x7f", b"..data", b"n" * 255,
             "\u65e5\u672c \U0001f512".encode(), b"'quote\"\\", b"CON.txt", b"a:b", b"trailing. ", b"A", b"a"]
    for name in names:
        world.add(name, b"content of " + name)
    os.symlink("/etc/hostname", world.folder / "in/link")
    world.exhibit("add", "in/link", "--quiet")
    count = len(sizes) + len(names) + 1
    fingerprint = ("--fingerprint", world.made["fingerprint"])
    plain = world.export([f"1-{count}"], "plain")
    world.judge("plain", plain, *fingerprint, verdict=ACCEPT)
    world.judge("another fingerprint", plain, "--fingerprint", "0" * 64, verdict=REFUSE)
    sealed = world.export([f"1-{count}"], "sealed", "--recipient", world.recipient)
    world.judge("sealed", sealed, *fingerprint, "-i", world.folder / "reader.txt", verdict=ACCEPT)
    world.add("later", b"later")
    later = world.export([1], "later")
    for name in files_of(later):
        if name.startswith("log/"):
            copied = world.changed(plain, lambda bundle, name=name: shutil.copy(later / name, bundle / name), "put right")
            world.judge(f"{name} of a later bundle", copied, verdict=REFUSE)
