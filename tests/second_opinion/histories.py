#!/usr/bin/env python3
"""Logs of custody by one who has all the keys, act by act as chance has it: an act that broke a rule changes nothing behind it, so
the two verifiers must not only refuse, but name the same entries.

    histories.py BIN_FOLDER [--count 10000] [--from 0] [--seconds S]
"""
import argparse
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "support"))
from judging import Judges, expect, second  # noqa: E402  (and so the makers of examples are found)
from build import Vault, bundle, item_set_of  # noqa: E402
from good import PLAIN, vault_recipient  # noqa: E402
from mutants_of_limits import token_of  # noqa: E402
from pieces import TIME, b64, hexed  # noqa: E402

PEOPLE = ("k1", "k1", "k2", "k3", "k4")
LATER = "2026-11-28T23:30:00Z"


def some_items(chance, vault):
    """A few positions, mostly of what has a sealed file."""
    known = sorted(vault.sealed) if chance.random() < 0.9 else range(1, len(vault.entries) + 1)
    return item_set_of(chance.sample(known, min(len(known), chance.choice((1, 1, 2, 3)))))


def leaver(chance, vault):
    return vault.keys[chance.choice([handle for handle in PEOPLE if handle in vault.keys])].actor


def suspended(chance, vault):
    """The position of a suspension, if there is one."""
    return chance.choice([at for at, value in enumerate(vault.values) if value.get("act") == "suspend"] or [1])


def spoilt_labels(chance):
    """Sometimes a hook that puts an entry's labels in another order, or leaves one out."""
    def edit(value):
        if "labels" in value:
            value["labels"] = chance.choice((value["labels"][:-24] + "A" * 22 + "==", value["labels"][:64], value["labels"]))
    return edit if chance.random() < 0.04 else None


def collected(chance, vault, by):
    """An item that somebody sealed elsewhere; what had to be said of it may be wrong."""
    number = chance.choice((vault.collected_last + 1, vault.collected_last + 1, chance.randrange(1, 4)))
    handle, recipient = chance.choice([one for one in PEOPLE if one in vault.keys]), chance.choice(vault.recipients)
    waiting = vault.collected(handle, number, "0" * 64, recipient=recipient.text, following=vault.key(handle) if chance.random() < 0.1 else None)
    vault.collected_last, vault.waiting = number, waiting[2]
    said = ["earlier-key"] if recipient.text != vault.recipients[-1].text else []
    said += ["retired"] if chance.random() < 0.2 else []
    vault.take_in(waiting, by=by, accepted=said if chance.random() < 0.85 else chance.choice((None, ["earlier-key"], ["retired"])))


def closing(vault, chance, following=None):
    """The end of a run of somebody's: a new one, or one that was used before."""
    key = vault.keys[chance.choice([one for one in PEOPLE if one in vault.keys])]
    members = {"collector": key.actor, "up_to": vault.collected_last, "prev": hexed(vault.waiting), **({"next": following(key)} if following else {}), "time": TIME}
    vault.closings.append(vault.statement("closed", members, key).decode())
    return chance.choice((vault.closings[-1], vault.closings[-1], chance.choice(vault.closings)))


def succeed(vault, chance, by):
    """A collector's key in the place of another, by a statement; sometimes one that is known already."""
    new = []
    def following(key):
        new.append(vault.key(key.name.rsplit("/", 1)[1]) if chance.random() < 0.85 else key)
        return new[0].text
    vault.add("custodian", {"act": "succeed", "statement": closing(vault, chance, following)}, **by)
    if chance.random() < 0.6:
        vault.keys[new[0].name.rsplit("/", 1)[1]] = new[0]


def reseal(chance, vault, two, items):
    """To another key, of other readers, of items, of headers that are destroyed: any of these."""
    members, count = {}, sum(1 for _ in second.positions_of(second.parse_items(items)))
    if chance.random() < 0.5:
        new = vault_recipient(f"key {chance.randrange(6)}") if chance.random() < 0.9 else vault.recipients[0]
        members["recipient"] = new.text
        vault.recipients.append(new)
    if chance.random() < 0.4 or not members:
        members["key_file"] = "ab" * 32
    if chance.random() < 0.6:
        members |= {"items": items, "headers": b64(bytes(32 * count)), **({"destroy": True} if chance.random() < 0.5 else {})}
    vault.add("reseal", members, **two)


def stamp(chance, vault, by):
    """A token over a checkpoint before, or over an earlier token."""
    size = chance.randrange(1, len(vault.entries) + 1)
    checkpoint = vault.checkpoint(size)
    token = b64(token_of(checkpoint, chance.choice((b"20261128225900Z", b"20261128230000Z", b"20261128231500Z", b"20261129000000Z")))) if chance.random() < 0.9 else b64(b"0\0")
    stamps = [at for at, value in enumerate(vault.values) if value["type"] == "timestamp"]
    renews = {"renews": chance.choice([*stamps, 1])}
    vault.add("timestamp", {**(renews if stamps and chance.random() < 0.3 else {"checkpoint": checkpoint.decode()}), "token": token}, **by)


def recover(chance, vault):
    """By the recovery key, with the key that it admits; and perhaps another recovery key."""
    new = vault.keys[chance.choice(("k5", "k6"))] = vault.key(chance.choice(("k5", "k6", "k2")))
    vault.keys["recovered"] = new
    more = {"recovery": vault.keys["recovery"].text} if chance.random() < 0.6 else {}
    person = chance.choice((3, 4, 5, vault.people + 1, vault.people + 1, vault.people + 1))
    vault.people = max(vault.people, person)
    vault.add("recovery", {"custodian": {"person": person, "key": new.text, "roles": ["custodian"]}, **more}, by="recovery", cosigner="recovered" if chance.random() < 0.9 else None)


def admit(chance, vault, new, roles, two):
    person = chance.choice((1, 2, 3, 4, vault.people, vault.people + 1, vault.people + 1))
    vault.people = max(vault.people, person) if person <= vault.people + 1 else vault.people
    vault.admit(new, person, roles, **two)


def rotate(chance, vault, by):
    handle, own = by, vault.keys[by]
    vault.rotate(handle)
    if chance.random() < 0.2:       # the old one, which no longer counts
        vault.keys[handle] = own


def random_act(chance, vault):
    """One act by one and about one whom chance chose, and sometimes with a cosigner where none belongs."""
    present = [handle for handle in PEOPLE if handle in vault.keys]
    by, items = chance.choice(present), some_items(chance, vault)
    two = {"by": by, **({"cosigner": chance.choice(present)} if chance.random() < 0.4 else {})}
    one = two if chance.random() < 0.1 else {"by": by}
    rules = [act for act in second.RULED if chance.random() < 0.4]
    roles = chance.choice((["custodian"], ["custodian"], ["custodian"], ["collector"], ["witness"], ["collector", "custodian"]))
    new = next((f"k{number}" for number in range(2, 5) if f"k{number}" not in vault.keys), "k9")
    doubt = chance.choice(({}, {"compromised_since": TIME}, {"compromised_since": chance.choice(("2026-11-28T22:00:00Z", "2026-11-28T23:10:00Z", LATER))}))
    kept = {"recovery": True} if chance.random() < 0.3 else {}
    reader = {"key_file": "ab" * 32, **({"recovery": vault.keys["recovery"].text} if chance.random() < 0.5 else {})}
    people = (1, 2, 3, 4, 5)
    acts = {
        "item": lambda: vault.item(**one), "note": lambda: vault.add("note", fields=[("items", items), ("text", "seen")], **one),
        "hold": lambda: vault.add("hold", {"items": items}, **one),
        "release": lambda: vault.add("release", {"hold": chance.choice(holds_of(vault)), "items": items}, **two),
        "shred": lambda: vault.add("shred", {"items": items}, **two),
        "admit": lambda: admit(chance, vault, new, roles, two),
        "retire": lambda: vault.add("custodian", {"act": "retire", "retired": leaver(chance, vault), **doubt}, **two),
        "rotate": lambda: rotate(chance, vault, by),
        "rule": lambda: vault.add("rule", {"two": ["custodian", *(act for act in rules if act != "custodian")] if chance.random() < 0.7 else [], **kept}, **two),
        "suspend": lambda: vault.add("suspend", {"act": "suspend", "person": chance.choice(people)}, **one),
        "lift": lambda: vault.add("suspend", {"act": "lift", "suspend": suspended(chance, vault), "person": chance.choice(people)}, **two),
        "access": lambda: vault.add("access", fields=[("act", "read"), ("items", items), ("purpose", "a look")], **one),
        "case": lambda: vault.add("case", fields=[("case", "IR-1"), ("discovered", TIME)], time=chance.choice((TIME, LATER)), **one),
        "reseal": lambda: reseal(chance, vault, two, items),
        "reader": lambda: vault.add("reader", reader, **two),
        "log-key": lambda: vault.rotate_log(edit=lambda value: {**value, **doubt}, **two),
        "transfer": lambda: vault.transfer(by, chance.choice(present), chance.choice(("accepted", "refused", "abandoned"))),
        "receipt": lambda: vault.receipt(b"a note", made_by=chance.choice(present)),
        "lost-head": lambda: vault.add("lost-head", {"lost": vault.checkpoint(chance.randrange(1, len(vault.entries) + 1)).decode()}, **two),
        "timestamp": lambda: stamp(chance, vault, one),
        "statement": lambda: vault.add("statement", {"items": items}, [("act", "valued")], **one),
        "collected": lambda: collected(chance, vault, by),
        "run": lambda: vault.add("run", {"statement": closing(vault, chance)}, **one),
        "succeed": lambda: succeed(vault, chance, one),
        "recovery": lambda: recover(chance, vault),
        "closed": lambda: vault.add("closed", {}, **two) if chance.random() < 0.1 else vault.item(**one)}
    vault.edit = spoilt_labels(chance)
    acts[chance.choice((*acts, "admit", "hold", "release", "retire", "suspend", "lift", "rule"))]()
    vault.edit = None
    if chance.random() < 0.04:      # the last signature is of something else
        head, last = vault.entries[-1][:-1].rsplit(b" ", 1)
        vault.entries[-1] = head + b" " + last[:-8] + b"AAAAAAA=" + b"\n"


def holds_of(vault):
    return [at for at, value in enumerate(vault.values) if value["type"] == "hold"] or [1]


def begun(vault):
    """The vault, with what random_act remembers of the acts before."""
    vault.recipients, vault.people, vault.collected_last, vault.waiting, vault.closings = [vault.recipient], 2, 0, b"", []
    return vault


def wander(chance, length=18):
    """A history of acts at random, from a genesis, an item and a second custodian on."""
    vault = begun(Vault(f"history {chance.random()}", recovery=chance.random() < 0.6))
    vault.item()
    vault.admit("k2", 2)
    while len(vault.entries) < length:
        random_act(chance, vault)
    return vault


def told_by_chance(chance, vault):
    """Of what is not law, some entries may not be told; some others come with their fields."""
    also = [at for at in range(2, len(vault.entries)) if at in vault.sealed and chance.random() < 0.7]
    return {"whole": True} if chance.random() < 0.5 else {"also": also}


def blamed_by_program(judges):
    """The entries that exhibit-verify blames."""
    status, said = judges.first("bundle", "--json")
    expect(status in (second.CHANGED, second.NOT_ANCHORED), said)
    return {finding["entry"] for finding in json.loads(said)["findings"] if finding.get("entry") is not None}


def blamed_by_python(judges):
    verifier = second.BundleVerifier(str(judges.place / "bundle"), second.parse_arguments(["bundle"]))
    verifier.run()
    return {int(one["where"][6:]) for one in verifier.findings if one["where"].startswith("entry ")}


def compare(judges, seeds, until=None):
    """The seeds on which they differ, and how many entries there were, and how many were blamed."""
    differ, count, blamed, entries = [], 0, 0, 0
    for seed in seeds:
        if until and time.monotonic() > until:
            break
        chance = random.Random(seed)
        vault = wander(chance)
        judges.write({f"bundle/{name}": data for name, data in bundle(vault, [1], names={1: PLAIN}, **told_by_chance(chance, vault)).items()})
        ours, theirs = blamed_by_python(judges), blamed_by_program(judges)
        count, blamed, entries = count + 1, blamed + len(ours), entries + len(vault.entries)
        if ours != theirs:
            differ.append(seed)
            print(f"DIFFER  seed {seed}: exhibit-verify blames {sorted(theirs - ours)} more, verify_bundle.py {sorted(ours - theirs)}", flush=True)
    return differ, count, blamed, entries


def a_random_history_is_blamed_for_the_same_entries(world):
    with Judges(world.binaries) as judges:
        world.failures, world.cells, blamed, entries = compare(judges, range(40))
    expect(entries / 20 < blamed < entries / 1.5, f"{blamed} of {entries} entries are blamed: chance has no balance")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--from", type=int, default=0, dest="begin", help="the first seed")
    parser.add_argument("--seconds", type=float, help="no more begins after so long")
    options, begun = parser.parse_args(), time.monotonic()
    with Judges(options.binaries.resolve()) as judges:
        differ, count, blamed, entries = compare(judges, range(options.begin, options.begin + options.count), options.seconds and begun + options.seconds)
    print(f"{count} histories in {time.monotonic() - begun:.0f} s, {blamed} of {entries} entries are blamed, {len(differ)} differ")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
