"""Bundles that the program made, damaged: each file in each way, with manifests as they were and put right. What chance made of
a file is a finding, too, and no mistake of the check."""
import os
import random
import re
import shutil
import subprocess

from forging import ACCEPT, NOTE, REFUSE, expect, files_of, replace
from judging import NOT_ANCHORED, WRONG_KEY


def flip(name, at):
    def change(bundle):
        data = bytearray((bundle / name).read_bytes())
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


def matrix(world, good, options=(), only=lambda name: True):
    world.judge("untouched", good, *options, verdict=ACCEPT)
    names, accepted = files_of(good), []
    for name in names:
        if not only(name):
            continue
        for what, change, twice in tampering(name, names):
            is_manifest = "manifest-" in name or name == "bundle.note"
            for manifests in ["as they were"] * (twice or is_manifest) + ["put right"] * (not is_manifest):
                cell = f"{name}: {what}, manifests {manifests}"
                if world.judge(cell, world.changed(good, change, manifests), *options) == ACCEPT:
                    accepted.append(cell)
    # What no entry speaks of a custodian may change; and a bare line feed may come or go beside an identity.
    people = "|".join(map(re.escape, ["bag-info.txt", "VERIFY.txt", "items.csv", "omissions.json", "certificate.txt", "custody.jsonld", "report.html", "policy.txt"]))
    odd = [cell for cell in accepted
           if not re.match(f"({people}): .*put right|proof/identity.txt: (last byte gone|a line feed more), .*put right", cell)]
    expect(not odd, f"accepted: {odd}")


def each_file_of_a_plain_bundle(world):
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    good = world.export([1, 2], "good")
    matrix(world, good, ("--fingerprint", world.made["fingerprint"]), lambda name: "2" not in re.sub("256|512", "", name))


def each_file_of_a_sealed_bundle(world):
    world.add("a.txt", NOTE)
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    good = world.export([1], "good", "--recipient", friend)
    world.judge("without a key", good, verdict=ACCEPT)
    world.judge("without a key or a fingerprint", good, anchored=False, verdict=NOT_ANCHORED)
    world.judge("with the reader's key", good, "-i", world.folder / "reader.txt", verdict=WRONG_KEY)
    world.judge("with the reader's key, and changed", world.changed(good, flip("data/1.age", 0.9)), "-i", world.folder / "reader.txt",
                verdict=REFUSE)
    world.judge("with both keys", good, "-i", world.folder / "reader.txt", "-i", world.folder / "friend.txt", verdict=ACCEPT)
    matrix(world, good, ("-i", world.folder / "friend.txt"), lambda name: name.startswith(("data/", "proof/1.header")))


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
    world.add("b.txt", NOTE * 2)
    plain = world.export([1, 2], "plain")
    sealed = world.export([1, 2], "sealed", "--recipient", world.recipient)
    rng = random.Random(7)
    for good, options in ((plain, ()), (sealed, ("-i", world.folder / "reader.txt"))):
        for name in files_of(good):
            for what, data in broken_ways(rng, (good / name).read_bytes()):
                if "2" in re.sub("256|512", "", name) or data == (good / name).read_bytes():
                    continue
                for manifests in ("as they were", "put right"):
                    bundle = world.changed(good, lambda bundle, data=data: (bundle / name).write_bytes(data), manifests)
                    world.judge(f"{name}: {what}, manifests {manifests}", bundle, *options)


def make_history(world):
    """With the program: a collector comes, adds and goes, a custodian comes, the first one takes a new key."""
    for name in ("carol", "bob", "tester-2"):
        key = world.exhibit("keygen", "--signing", name, "--no-passphrase", "-o", f"{name}.key")
        (world.folder / f"{name}.vkey").write_bytes(key)
    world.add("a.txt", NOTE)                                                                                  # 1
    world.exhibit("custodian", "add", "carol.vkey", "--role", "collector", "--organisation", "Acme IR")       # 2
    world.add("b.txt", NOTE * 2, "--key", "carol.key")                                                        # 3
    world.exhibit("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "Bob Analyst")             # 4
    world.exhibit("hold", "1", "3", "--authority", "a court", "--reason", "a suit")                           # 5
    actor = "+".join((world.folder / "carol.vkey").read_text().split("+")[:2])
    world.exhibit("custodian", "retire", actor, "--reason", "left")                                           # 6
    world.exhibit("release", "1", "--authority", "a court", "--reason", "settled", "--cosigner-key", "bob.key")  # 7
    world.exhibit("custodian", "rotate", "--new-key", "tester-2.key")                                         # 8
    world.add("c.txt", NOTE * 3, "--key", "tester-2.key")                                                     # 9


def without(*numbers):
    """The bundle as if it had been made without these entries, and whatever is of them."""
    def change(bundle):
        for number in numbers:
            for path in [*bundle.glob(f"proof/{number}.*"), *bundle.glob(f"data/{number}[.-]*")]:
                path.unlink()
    return change


def both(*changes):
    def change(bundle):
        for one in changes:
            one(bundle)
    return change


def act_swap(number, other):
    return both(*(swap(f"proof/{number}.{part}", f"proof/{other}.{part}") for part in ("entry", "tlog-proof")))


def change_last_signature(data):
    at = data.rindex(b" ") + 20
    return data[:at] + (b"A" if data[at:at + 1] != b"A" else b"B") + data[at + 1:]


def history_cells(bundle):
    yield "a collector's admission is left out", without(2), REFUSE
    yield "a collector and all of his are left out", without(2, 3, 6), ACCEPT
    yield "a collector's admission and item are left out, and not his retirement", without(2, 3), REFUSE
    yield "a retirement is left out", without(6), ACCEPT
    yield "a hold is left out", without(5), REFUSE
    yield "a hold and its release are left out", without(5, 7), ACCEPT
    yield "a release is left out", without(7), ACCEPT
    yield "a cosigner's admission is left out", without(4), REFUSE
    yield "a replacement is left out", without(8), REFUSE
    yield "a replacement and what the new key signed are left out", without(8, 9, 10, 11), ACCEPT
    yield "all items are left out", without(1, 3, 9), REFUSE
    yield "all acts are left out", without(2, 4, 5, 6, 7, 8), REFUSE
    yield "all acts and what needs them are left out", without(*range(2, 12)), ACCEPT
    yield "a hold and its release swapped", act_swap(5, 7), REFUSE
    yield "a retirement and an admission swapped", act_swap(2, 6), REFUSE
    yield "a hold in its release's place, and no release", both(without(7), rename("proof/5.entry", "proof/7.entry"),
                                                                rename("proof/5.tlog-proof", "proof/7.tlog-proof")), REFUSE
    yield "two acts' proofs swapped", swap("proof/5.tlog-proof", "proof/7.tlog-proof"), REFUSE
    for number, act in ((2, "an admission"), (5, "a hold"), (6, "a retirement"), (7, "a release"), (8, "a replacement")):
        name = f"proof/{number}.entry"
        yield f"{act} without its entry", drop(name), REFUSE
        yield f"{act} without its proof", drop(f"proof/{number}.tlog-proof"), REFUSE
        yield f"{act} with another signature", edit(name, change_last_signature), REFUSE
        yield f"{act} at another time", edit(name, replace(b'"time":"2', b'"time":"3')), REFUSE
        yield f"{act} with a sealed file", beside("data/1.age", f"data/{number}.age"), REFUSE
        yield f"{act} with a header", beside("proof/1.header", f"proof/{number}.header"), REFUSE
        yield f"{act} with metadata", beside("proof/1.header", f"proof/{number}.metadata.json"), REFUSE
        yield f"{act} with an original", beside("data/1.age", f"data/{number}-a.txt"), REFUSE
    bob = re.search(rb'"cosigner":"([^"]*)"', (bundle / "proof/7.entry").read_bytes())[1]
    genesis = re.search(rb'"actor":"([^"]*)"', (bundle / "proof/0.entry").read_bytes())[1]
    yield "another cosigner", edit("proof/7.entry", replace(b'"cosigner":"' + bob, b'"cosigner":"' + genesis)), REFUSE
    yield "no cosigner", edit("proof/7.entry", lambda data: data.replace(b',"cosigner":"' + bob + b'"', b"")
                              [:data.rindex("\u2014".encode()) - len(b',"cosigner":""' + bob)]), REFUSE
    yield "another new key", edit("proof/8.entry", replace(b'"key":"tester-2', b'"key":"tester-3')), REFUSE
    yield "another role", edit("proof/2.entry", replace(b'"collector"', b'"custodian"')), REFUSE
    yield "a wider hold", edit("proof/5.entry", replace(b'"1,3"', b'"1-3"')), REFUSE


def a_history_made_by_the_program(world):
    make_history(world)
    key = ("-i", world.folder / "reader.txt")
    signer = ("--key", "tester-2.key")  # the one that the history ends with
    plain = world.export([1, 3, 9], "plain", *signer)
    world.judge("plain", plain, "--fingerprint", world.made["fingerprint"], verdict=ACCEPT)
    expect(len(list(plain.glob("proof/*.entry"))) == 11, "the bundle has all entries, and that of its making")
    sealed = world.export([1, 3, 9], "sealed", "--recipient", world.recipient, *signer)
    world.judge("sealed, with a key", sealed, *key, verdict=ACCEPT)
    world.judge("one item", world.export([1], "one", *signer), verdict=ACCEPT)
    # Nothing of an act is encrypted, and without a key the variants are cheap to judge.
    for what, change, verdict in history_cells(sealed):
        code = world.judge(what, world.changed(sealed, change, "put right"), verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")


def a_payload_of_any_size_and_name_is_accepted(world):
    sizes = [0, 1, 65535, 65536, 1048576, 1048577, 3_000_017]
    for size in sizes:
        world.add(f"{size:09d}", os.urandom(size))
    names = [b"\xff\xfe raw", b"caf\xe9", b"\xe6\x97 cut", b"\xed\xa0\x80 half", b"new\nline", b"tab\tesc\x1b\x7f", b"..data", b"n" * 255,
             "\u65e5\u672c \U0001f512".encode(), b"'quote\"\\"]
    for name in names:
        world.add(name, b"content of " + name)
    os.symlink("/etc/hostname", world.folder / "in/link")
    os.mkfifo(world.folder / "in/pipe")
    subprocess.run([world.binaries / "exhibit", "add", "in/link", "in/pipe", "--quiet"], cwd=world.folder,
                   env=world.environment, capture_output=True)
    count = len(sizes) + len(names) + 2
    fingerprint = ("--fingerprint", world.made["fingerprint"])
    plain = world.export([f"1-{count}"], "plain")
    world.judge("plain", plain, *fingerprint, verdict=ACCEPT)
    world.judge("another fingerprint", plain, "--fingerprint", "0" * 64, verdict=REFUSE)
    sealed = world.export([f"1-{count}"], "sealed", "--recipient", world.recipient)
    world.judge("sealed", sealed, *fingerprint, "-i", world.folder / "reader.txt", verdict=ACCEPT)
    world.judge("of two times", world.changed(sealed, lambda bundle: later_proof(world, bundle), "put right"))


def later_proof(world, bundle):
    """The proof of entry 1 from a bundle that was made when the log was longer."""
    world.add("later", b"later")
    shutil.copy(world.export([1], "later") / "proof/1.tlog-proof", bundle / "proof/1.tlog-proof")
