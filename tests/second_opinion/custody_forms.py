"""The one form of each act and of each of its values. The functions whose names end with `_cells` are as in custody_rules.py."""
import base64

from forging import ACCEPT, REFUSE, Signer, compact, expect, less, replace, second, with_keys
from histories import OTHER_KEYS, PEOPLE
from judging import recount

NO_KEYS = {"no point": bytes([2]) + bytes(31), "of small order": bytes(32), "the neutral point": bytes([1]) + bytes(31),
           "not in its one encoding": bytes([0xEE]) + b"\xff" * 30 + b"\x7f",
           "of mixed order": bytes.fromhex("da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2")}
LINES = [("", REFUSE), ("x" * 1024, ACCEPT), ("x" * 1025, REFUSE), ("\u00e9" * 512, ACCEPT), ("\u00e9" * 513, REFUSE),
         ("a\nb", REFUSE), ("a\x01b", REFUSE), ("a\x7fb", REFUSE), ("a\tb", REFUSE), ("a\x85b", ACCEPT), ("a\u2028b", ACCEPT), (" ", ACCEPT),
         (5, REFUSE), (["x"], REFUSE)]
ITEM_SETS = [
    ("1-2", ACCEPT), ("1,4", ACCEPT), ("2", ACCEPT), ("1-2,4", ACCEPT), ("", REFUSE), ("1,2", REFUSE), ("1-1", REFUSE), ("2-1", REFUSE),
    ("2,1", REFUSE), ("1,1", REFUSE), ("1-2,2", REFUSE), ("1-2,3", REFUSE), ("01", REFUSE), ("1-02", REFUSE), ("+1", REFUSE),
    (" 1", REFUSE), ("1 ", REFUSE), ("1-", REFUSE), ("-1", REFUSE), ("1,", REFUSE), (",1", REFUSE), ("1--2", REFUSE), ("1-2-4", REFUSE),
    ("1\u00b2", REFUSE), ("\u0661", REFUSE), ("18446744073709551617", REFUSE), ("1-18446744073709551615", REFUSE),
    ("0-18446744073709551615", REFUSE), (1, REFUSE), ([1], REFUSE)]


def last_two_swapped(value):
    *front, one, other = value.items()
    return dict([*front, other, one])


def once_more(note):
    return note + note[note.index(b"\n\n") + 2:]


def wrongly_signed(note):
    return note[:-9] + b"AAAAAA==\n"


def custodian_with(**more):
    return lambda entry: {**entry, "custodian": {**entry["custodian"], **more}}


def acts_in_form(forger):
    """Each act as it should be, and the keys that it must have."""
    return {
        "admit": (lambda log, **more: log.admit("carol", **more), ["act", "custodian"]),
        "retire": (lambda log, **more: log.retire("bob", **more), ["act", "key", "reason"]),
        "rotate": (lambda log, **more: log.rotate("bob", "carol", **more), ["cosigner", "act", "key"]),
        "read": (lambda log, **more: log.access(**more), ["act", "items", "purpose"]),
        "export": (lambda log, **more: log.access(act="export", recipients=[forger.recipient], **more), ["act", "purpose"]),
        "note": (lambda log, **more: log.note(**more), ["items", "header", "payload"]),
        "omission": (lambda log, **more: log.omission(**more), ["count"]),
        "hold": (lambda log, **more: log.hold(**more), ["items", "authority", "reason"]),
        "release": (lambda log, **more: log.release(**more), ["items", "authority", "reason"]),
        "shred": (lambda log, **more: log.release("2").shred(2, **more), ["item", "authority", "reason"]),
        "rule": (lambda log, **more: log.rule("release", **more), ["two"]),
        "reader": (lambda log, **more: log.readers(OTHER_KEYS[2], **more), ["readers", "key_file"]),
        "reseal": (lambda log, **more: log.reseal("1", **more), ["recipient", "items", "headers"]),
        "receipt": (lambda log, **more: log.receipt(**more), ["receipt"]),
        "case": (lambda log, **more: log.case(**more), ["header", "payload"]),
        "transfer": (lambda log, **more: log.transfer(**more), ["outcome", "statement"])}


def form_cells(forger):
    def begin(log):
        return log.item().admit("bob").note("1").hold("1-2")
    for act, (do, keys) in acts_in_form(forger).items():
        def cell(do=do, **more):
            return lambda log: do(begin(log), **more)
        yield f"{act} as it should be", cell(), ACCEPT
        yield f"{act} with one key more", cell(change=with_keys(more=1)), REFUSE
        yield f"{act} in another order", cell(change=last_two_swapped), REFUSE
        yield f"{act} with null for {keys[-1]}", cell(change=with_keys(**{keys[-1]: None})), REFUSE
        yield f"{act} signed twice by the actor", cell(after=once_more), REFUSE
        yield f"{act} with a wrong signature", cell(after=wrongly_signed), REFUSE
        for key in keys:
            yield f"{act} without {key}", cell(change=less(key)), REFUSE
        for key, wrong in (("reason", ""), ("authority", "x" * 1025), ("purpose", "a\nb"), ("items", "1,2"), ("act", ["read"]),
                           ("act", "do")):
            if key in keys:
                yield f"{act} with a wrong {key}, {compact(wrong).decode()[:20]}", cell(change=with_keys(**{key: wrong})), REFUSE


def value_cells(forger):
    def begin(log):
        return log.item().admit("bob").note("1")

    def hold(key, value):
        return lambda log: begin(log).hold(change=with_keys(**{key: value}))

    def custody(method, *names, **more):
        return lambda log: getattr(begin(log), method)(*names, **more)

    def admitted(**more):
        return custody("admit", "carol", person=more)
    yield from ((f"a reason {ascii(line)[:20]} of {len(str(line))}", hold("reason", line), verdict) for line, verdict in LINES)
    yield from ((f"items {compact(items).decode()[:30]}", hold("items", items), verdict) for items, verdict in ITEM_SETS)
    yield "65,536 items", lambda log: log.skip(65_600).hold("1-65536"), ACCEPT
    yield "65,537 items", lambda log: log.skip(65_600).hold("1-65537"), REFUSE
    yield "65,537 items in two ranges", lambda log: log.skip(65_600).hold("1-3,5-65538"), REFUSE
    yield from ((f"a shred of {compact(item).decode()}", custody("shred", 1, change=with_keys(item=item)), REFUSE)
                for item in ("1", [1], -1, True, 2**64, 2**63))
    yield "a shred of 1.0", custody("shred", 1, text=replace(b'"item":1', b'"item":1.0')), REFUSE
    for two in (["retire"], ["shred", "release"], ["shred", "shred"], "shred", ["hold"], [["shred"]], {}):
        yield f"a rule of {compact(two).decode()}", custody("rule", change=with_keys(two=two)), REFUSE
    yield "an organisation and a contact", admitted(organisation="Acme", contact="a@b"), ACCEPT
    yield "a contact alone", admitted(contact="a@b"), ACCEPT
    yield "a contact before the organisation", admitted(contact="a@b", organisation="Acme"), REFUSE
    yield "an organisation in the genesis", lambda log: (
        log.begin(change=custodian_with(organisation="Acme", contact="a@b"))), ACCEPT
    for more in ({"name": ""}, {"name": "x" * 257}, {"name": "a\nb"}, {"name": "a\x7f"}, {"roles": []}, {"roles": ["king"]},
                 {"roles": ["custodian"] * 2}, {"roles": ["custodian", "collector"]}, {"roles": "custodian"}, {"organisation": ""},
                 {"organisation": "x" * 1025}, {"contact": "a\nb"}, {"contact": 5}, {"more": 1},
                 {"key": PEOPLE["bob"].actor}, {"key": PEOPLE["carol"].key[:-4]},
                 {"key": PEOPLE["carol"].key.replace("carol", "caroline")}, {"key": PEOPLE["carol"].key[:-1] + "="}):
        yield f"admitted with {compact(more).decode()[:60]}", admitted(**more), REFUSE
    yield "admitted with a name of 256 bytes", admitted(name="\u00e9" * 128), ACCEPT
    for what, public in NO_KEYS.items():
        key = f"carol+{second.key_id('carol', public).hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
        yield f"a key that is {what}, and signs nothing", admitted(key=key), REFUSE
    for name in ("a b", "a+b", "a\u3000b", "", "a\x01b", "a\nb", "a\x7fb", "a\x85b", "a\u2028b", "x" * 256, "\u00e9" * 128):
        yield f"a key called {ascii(name)[:20]} of {len(name)}", admitted(key=Signer(name).key), REFUSE
    for name in ("x" * 255, "\u00e9" * 127, "a\u200bb", "a\x80b"):
        yield f"a key called {ascii(name)[:20]} of {len(name)}", admitted(key=Signer(name).key), ACCEPT
    for key in (PEOPLE["bob"].key, "bob", PEOPLE["bob"].actor.upper(), PEOPLE["bob"].actor + "0", "bob+" + "0" * 8):
        yield f"retired with {key[:40]}", custody("retire", "bob", change=with_keys(key=key)), REFUSE
    yield "a new key that is an actor", custody("rotate", "bob", "carol", change=with_keys(key=PEOPLE["carol"].actor)), REFUSE
    yield "an export that does not say to whom", custody("access", act="export"), ACCEPT
    for recipients in ([], [""], ["x" * 1025], ["a\nb"], forger.recipient, [5]):
        change = with_keys(recipients=recipients)
        yield f"an export to {compact(recipients).decode()[:30]}", custody("access", act="export", change=change), REFUSE
    yield "an export twice to the same", custody("access", act="export", recipients=[forger.recipient] * 2), ACCEPT
    for count in (-1, 0, 1.5, "1", True, 2**64):
        yield f"an omission of {compact(count).decode()}", custody("omission", change=with_keys(count=count)), REFUSE
    for count in (1, 2**64 - 1):
        yield f"an omission of {count}", custody("omission", change=with_keys(count=count)), ACCEPT
    yield "a note whose payload has no blocks", custody("note", change=lambda note: {
        **note, "payload": {**note["payload"], "bytes": 99}}), REFUSE
    yield "a statement with an escape that is not needed", custody("transfer", text=replace("\u2014".encode(), b"\\u2014")), REFUSE
    for size, verdict in ((65_535, ACCEPT), (65_536, REFUSE)):
        yield f"an entry of {size} bytes", lambda log, size=size: entry_of(log.skip(26_000), size), verdict
    yield "a hold with another predecessor", custody("hold", change=with_keys(prev="1" * 64)), REFUSE
    yield "a hold with another predecessor, which is left out", lambda log: (
        begin(log).hold(change=with_keys(prev="1" * 64)).leave_out(4)), ACCEPT
    yield "a hold in another vault", custody("hold", change=with_keys(origin="test.example/case-2")), REFUSE
    yield "a hold before the entry before", custody("hold", change=with_keys(time="1999-12-31T23:59:59.999Z")), ACCEPT
    yield "a reading that says to whom", custody("access", recipients=[forger.recipient]), REFUSE
    yield "a type that is also an act", custody("admit", "carol", change=with_keys(type="custodian admit")), REFUSE
    yield "a key that retires and admits", custody("retire", "bob", change=with_keys(act="admit")), REFUSE


def entry_of(log, size):
    """A hold of as many items, each alone, as make it nearly that large, and a reason that fills it up."""
    items = ",".join(str(number) for number in range(1001, 24_001, 2))
    length = len(log.hold(items).entries.pop())
    log.leaves.pop()
    expect(size - 1000 < length < size)
    return log.hold(items, change=with_keys(reason="x" * (size - length + len("a suit"))))


def an_act_has_one_form(world):
    recount(world, form_cells)


def a_value_of_an_act_has_one_form(world):
    recount(world, value_cells)
