"""A history made by the program, with every kind of act, and bundles of it with entries left out, changed and swapped."""
import json
import re

from build import hash_lines, item_set_of
from judging import ACCEPT, NOTE, REFUSE, expect, second


def make_history(world):
    """A collector comes, adds and goes, a custodian comes, the first one takes a new key."""
    def admit(name, *more):
        made = json.loads(world.exhibit("keygen", "--signing", "--vault", "vault", "--no-passphrase", "-o", f"{name}.key", "--json"))
        world.exhibit("custodian", "add", made["key"], "--name", name, *more)
        return "+".join(made["key"].split("+")[:2])
    world.add("a.txt", NOTE)                                                                                     # 1
    carol = admit("carol", "--role", "collector", "--organisation", "Acme IR")                                   # 2
    world.add("b.txt", NOTE * 2, "--key", "carol.key")                                                           # 3
    admit("bob", "--role", "custodian")                                                                          # 4
    world.exhibit("hold", "1", "3", "--authority", "a court", "--reason", "a suit")                              # 5
    world.exhibit("custodian", "retire", carol, "--reason", "left")                                              # 6
    world.exhibit("release", "1", "--authority", "a court", "--reason", "settled", "--cosigner-key", "bob.key")  # 7
    world.add("c.txt", NOTE * 3)                                                                                 # 8


class Told:
    """The files of log/ of a bundle, to be told anew."""

    def __init__(self, bundle):
        self.bundle = bundle
        self.entries = {json.loads(piece.split(b"\n")[0])["seq"]: piece for piece in second.split_entries((bundle / "log/entries").read_bytes())}

    def write(self, leaves):
        """As a maker would who knows the leaves of all that is left out."""
        (self.bundle / "log/entries").write_bytes(b"".join(self.entries[number] for number in sorted(self.entries)))
        (self.bundle / "log/hashes").write_bytes(hash_lines(sorted(self.entries), leaves))
        kept = re.split(rb"(?m)^(?== )", (self.bundle / "log/fields").read_bytes())
        kept = [block for block in kept if block and int(block.split(b" ")[1]) in self.entries]
        (self.bundle / "log/fields").write_bytes(b"".join(kept))


def without(leaves, *numbers):
    """The bundle as if it had been made without these entries."""
    def change(bundle):
        told = Told(bundle)
        for number in numbers:
            told.entries.pop(number)
        told.write(leaves)
    return change


def with_entry(leaves, number, edit):
    def change(bundle):
        told = Told(bundle)
        told.entries[number] = edit(told.entries[number])
        told.write(leaves)
    return change


def replace(old, new):
    def edit(data):
        expect(re.search(old, data), f"{old} is not in {data[:300]}")
        return re.sub(old, new, data, count=1)
    return edit


def cells(leaves):
    yield "a hold is left out, so that its release cannot be judged", without(leaves, 5), ACCEPT
    yield "a hold and its release are left out", without(leaves, 5, 7), ACCEPT
    yield "a release is left out", without(leaves, 7), ACCEPT
    for number, act in ((2, "a collector's admission"), (4, "a cosigner's admission"), (6, "a retirement")):
        yield f"{act} is left out", without(leaves, number), REFUSE
    yield "the genesis is left out", without(leaves, 0), REFUSE
    yield "the last entry is left out", without(leaves, len(leaves) - 1), REFUSE
    for number, act in ((2, "an admission"), (5, "a hold"), (6, "a retirement"), (7, "a release")):
        yield f"{act} with another signature", with_entry(leaves, number, lambda data: data[:-20] + (b"A" if data[-20:-19] != b"A" else b"B") + data[-19:]), REFUSE
        yield f"{act} at another time", with_entry(leaves, number, replace(rb'"time":"2', b'"time":"3')), REFUSE
        yield f"{act} with another law", with_entry(leaves, number, replace(rb'"law":\d+', b'"law":0') if number != 2 else replace(rb'"law":0', b'"law":1')), REFUSE
    yield "another cosigner", with_entry(leaves, 7, replace(rb'"cosigner":"[^"]*"', b'"cosigner":"test.example/case-1/k1+00000000"')), REFUSE
    yield "no cosigner", with_entry(leaves, 7, replace(rb',"cosigner":"[^"]*"', b"")), REFUSE
    yield "another role", with_entry(leaves, 2, replace(rb'"collector"', b'"custodian"')), REFUSE
    yield "a wider hold", with_entry(leaves, 5, replace(rb'"1,3"', b'"1-3"')), REFUSE


def a_history_made_by_the_program(world):
    make_history(world)
    plain = world.export([1, 3, 8], "plain")
    world.judge("plain", plain, "--fingerprint", world.made["fingerprint"], verdict=ACCEPT)
    told = Told(plain)
    expect(item_set_of(told.entries) == "0-10", f"the bundle has all entries, and those of its making, not {item_set_of(told.entries)}")
    sealed = world.export([1, 3, 8], "sealed", "--recipient", world.recipient)
    world.judge("sealed, with a key", sealed, "-i", world.folder / "reader.txt", verdict=ACCEPT)
    world.judge("one item", world.export([1], "one"), verdict=ACCEPT)
    leaves = [second.leaf_hash(told.entries[number]) for number in sorted(told.entries)]
    for what, change, verdict in cells(leaves):
        world.judge(what, world.changed(plain, change, "put right"), verdict=verdict)
