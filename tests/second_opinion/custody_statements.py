"""Acts that carry what somebody else signed, or a key of the vault: readers, new keys, collected items, receipts, transfers. The
functions whose names end with `_cells` are as in custody_rules.py."""
import base64
import hashlib

from custody_forms import last_two_swapped, once_more, wrongly_signed
from forging import ACCEPT, ORIGIN, REFUSE, compact, less, replace, second, with_keys
from histories import OTHER_KEYS, PEOPLE, bech32_encode
from judging import recount


def reader_cells(forger):
    """Entries 0 to 4: the genesis, items 1 and 2, a custodian and a collector."""
    one, other = OTHER_KEYS[2:]

    def begin(log):
        return log.item().admit("bob").admit("carol", "collector")

    def cell(*readers, **more):
        return lambda log: begin(log).readers(*(readers or (one, other)), **more)
    yield "readers", cell(), ACCEPT
    yield "readers with names", cell({"recipient": one, "name": "Bob"}, {"recipient": other, "name": "Bob"}), ACCEPT
    yield "the same readers again", lambda log: cell()(log).readers(one, other), ACCEPT
    yield "readers by a collector", cell(by="carol"), REFUSE
    yield "readers by a stranger", cell(by="dave"), REFUSE
    yield "readers by two", cell(cosigner="bob"), ACCEPT
    yield "readers by one against the rule", lambda log: begin(log).rule("reader").readers(one), REFUSE
    yield "readers by two under the rule", lambda log: begin(log).rule("reader").readers(one, cosigner="bob"), ACCEPT
    yield "a reader twice", cell(one, one), REFUSE
    yield "a reader twice by two names", cell(one, {"recipient": one, "name": "Bob"}), REFUSE
    yield "64 readers", cell(*(bech32_encode("age", hashlib.sha256(bytes([n])).digest()) for n in range(64))), ACCEPT
    yield "65 readers", cell(*(bech32_encode("age", hashlib.sha256(bytes([n])).digest()) for n in range(65))), REFUSE
    yield "readers in the genesis", lambda log: log.begin(change=genesis_with_readers([{"recipient": one}])), ACCEPT
    yield "no readers in the genesis", lambda log: log.begin(change=genesis_with_readers([])), REFUSE
    for wrong in ([], [one], [{"name": "Bob"}], [{"recipient": one, "name": ""}], [{"recipient": one, "more": 1}], one, {},
                  [{"name": "Bob", "recipient": one}], [{"recipient": one.upper()}], [{"recipient": one[:-1]}]):
        yield f"readers {compact(wrong).decode()[:40]}", cell(change=with_keys(readers=wrong)), REFUSE
    yield "readers without a key file", cell(change=less("key_file")), REFUSE
    yield "readers with half a digest", cell(key_file="1" * 32), REFUSE
    yield "readers in another order", cell(change=last_two_swapped), REFUSE


def genesis_with_readers(readers):
    return lambda entry: {key: value for name in entry for key, value in
                          ([(name, entry[name])] + ([("readers", readers)] if name == "recipient" else []))}


def reseal_cells(forger):
    """Entries 0 to 4: the genesis, items 1 and 2, a custodian and a collector."""
    second_key, third = OTHER_KEYS[:2]

    def begin(log):
        return log.item().admit("bob").admit("carol", "collector")

    def cell(items="1-2", **more):
        return lambda log: begin(log).reseal(items, **more)
    yield "a reseal", cell(), ACCEPT
    yield "a reseal in two parts", lambda log: begin(log).reseal("1").reseal("2", key_file=None), ACCEPT
    yield "a reseal of what came between", lambda log: begin(log).reseal("1").item().reseal("6"), REFUSE
    yield "a reseal of nothing but the key file", cell("", change=less("items")), ACCEPT
    yield "a reseal of nothing at all", cell("", key_file=None), REFUSE
    yield "a reseal twice of one item", lambda log: begin(log).reseal("1").reseal("1"), ACCEPT
    yield "a reseal to the key that there is", cell(to=forger.recipient), REFUSE
    yield "a reseal back to the first key", lambda log: begin(log).reseal().reseal(to=forger.recipient), REFUSE
    yield "a reseal back to the second key", lambda log: begin(log).reseal().reseal(to=third).reseal(to=second_key), REFUSE
    yield "a reseal to a third key", lambda log: begin(log).reseal().item().reseal("1-2,6", to=third), ACCEPT
    yield "a reseal whose beginning is left out", lambda log: (
        begin(log).reseal("1").reseal("2", key_file=None).leave_out(5)), ACCEPT
    yield "a reseal by a collector", cell(by="carol"), REFUSE
    yield "a reseal by two", cell(cosigner="bob"), ACCEPT
    yield "a reseal by one against the rule", lambda log: begin(log).rule("reseal").reseal(), REFUSE
    yield "a reseal by two under the rule", lambda log: begin(log).rule("reseal").reseal(cosigner="bob"), ACCEPT
    yield "a reseal of an admission", cell("3"), REFUSE
    yield "a reseal of itself", cell("5"), REFUSE
    yield "a reseal of what is shredded", lambda log: begin(log).shred(2).reseal("1-2"), REFUSE
    yield "a reseal around what is shredded", lambda log: begin(log).shred(2).reseal("1"), ACCEPT
    yield "a reseal of what is held", lambda log: begin(log).hold("1").reseal(), ACCEPT
    yield "a reseal of 1,000 items", lambda log: log.skip(1100).reseal("2-1001"), ACCEPT
    yield "a reseal of 1,001 items", lambda log: log.skip(1100).reseal("2-1002"), REFUSE
    for count in (0, 1, 3):
        yield f"a reseal of two items and {count} headers", cell(headers=bytes(32) * count), REFUSE
    yield "a reseal of two items and a half", cell(headers=bytes(65)), REFUSE
    yield "a reseal without items", cell(change=less("items")), REFUSE
    yield "a reseal without headers", cell(change=less("headers")), REFUSE
    yield "a reseal without a recipient", cell(change=less("recipient")), REFUSE
    yield "a reseal whose headers are not base64", cell(change=with_keys(headers="*" * 88)), REFUSE
    yield "a reseal to no recipient", cell(to="age1x"), REFUSE
    yield "a reseal in another order", cell(change=last_two_swapped), REFUSE


def collected_cells(forger):
    """Entries 0 to 3: the genesis, an item, a collector and a custodian."""
    def begin(log):
        return log.admit("bob", "collector").admit("carol")

    def cell(*more, **fields):
        return lambda log: begin(log).collected(*more, **fields)
    yield "a collected item", cell(), ACCEPT
    yield "a collected item that is held", lambda log: begin(log).collected().hold("4"), ACCEPT
    yield "collected by a custodian", cell(of="carol"), ACCEPT
    yield "collected by a stranger", cell(of="dave"), REFUSE
    yield "collected by a witness", lambda log: log.admit("dave", "witness").collected(of="dave"), REFUSE
    yield "taken in by the collector", cell(by="bob"), ACCEPT
    yield "taken in by a stranger", cell(by="dave"), REFUSE
    yield "collected by one who was retired", lambda log: begin(log).retire("bob").collected(), REFUSE
    yield "collected by one who was retired later", lambda log: begin(log).collected().retire("bob"), ACCEPT
    yield "collected by a replaced key", lambda log: begin(log).rotate("bob", "new bob").collected(), REFUSE
    yield "signed by another", cell(signer="carol"), REFUSE
    yield "signed by a namesake", cell(signer="new bob"), REFUSE
    yield "with a wrong signature", cell(signed=wrongly_signed), REFUSE
    yield "signed twice", cell(signed=once_more), REFUSE
    yield "two of a series", lambda log: begin(log).collected(1).collected(2), ACCEPT
    yield "two of a series, out of order", lambda log: begin(log).collected(2).collected(1), ACCEPT
    yield "a gap in a series", lambda log: begin(log).collected(1).collected(7), ACCEPT
    yield "a number twice", lambda log: begin(log).collected(1).collected(1), REFUSE
    yield "a number twice, at another time", lambda log: begin(log).collected(1).collected(
        1, statement=with_keys(time="2026-11-25T06:33:34.648Z")), REFUSE
    yield "a number twice, and the first is left out", lambda log: begin(log).collected(1).collected(1).leave_out(4), ACCEPT
    yield "a number of two collectors", lambda log: begin(log).collected(1).collected(1, of="carol"), ACCEPT
    yield "of another vault", cell(statement=with_keys(origin="test.example/case-2")), REFUSE
    yield "of another header", cell(statement=with_keys(header="1" * 64)), REFUSE
    yield "of another payload", cell(statement=lambda value: {**value, "payload": {**value["payload"], "root": "1" * 64}}), REFUSE
    yield "sealed to another key", cell(statement=with_keys(recipient=OTHER_KEYS[0])), REFUSE
    yield "sealed to the key before", lambda log: begin(log).reseal("1").collected(), REFUSE
    yield "sealed to the new key", lambda log: begin(log).reseal("1").collected(statement=with_keys(recipient=OTHER_KEYS[0])), ACCEPT
    for number in (0, -1, "1", True, 1.5, 2**64):
        yield f"with the number {compact(number).decode()}", cell(number), REFUSE
    yield "with the largest number", cell(2**64 - 1), ACCEPT
    for key in ("v", "statement", "origin", "collector", "number", "recipient", "time", "header", "payload"):
        yield f"a collector's statement without {key}", cell(statement=less(key)), REFUSE
    yield "a collector's statement with one key more", cell(statement=with_keys(more=1)), REFUSE
    yield "a collector's statement in another order", cell(statement=last_two_swapped), REFUSE
    yield "a collector's statement that is a transfer", cell(statement=with_keys(statement="transfer")), REFUSE
    yield "a collector's statement that is no note", lambda log: (
        begin(log).seal_with("item", "Tester", {"collected": "x"})), REFUSE
    yield "an omission that was collected", lambda log: begin(log).collected(change=with_keys(type="omission")), REFUSE


def receipt_cells(forger):
    """Entries 0 to 4: the genesis, two items, a custodian and a collector."""
    def begin(log):
        return log.item().admit("bob").admit("carol", "collector")

    def cell(*more, **fields):
        return lambda log: begin(log).receipt(*more, **fields)

    def of_checkpoint(change):
        return lambda log: (lambda begun: begun.receipt(statement=with_keys(checkpoint=change(begun).decode())))(begin(log))
    failing = {"outcome": "fails", "finding": "item 2: block 1: does not match"}
    yield "a receipt of a stranger", cell(), ACCEPT
    yield "a receipt of a custodian", cell(of="bob"), ACCEPT
    yield "a receipt of several", cell("1-2"), ACCEPT
    yield "a receipt taken in by another custodian", cell(by="bob"), ACCEPT
    yield "a receipt taken in by a collector", cell(by="carol"), REFUSE
    yield "a receipt taken in by a stranger", cell(by="dave"), REFUSE
    yield "a receipt with a cosigner", cell(cosigner="bob"), REFUSE
    yield "a receipt signed by another", cell(signer="bob"), REFUSE
    yield "a receipt with a wrong signature", cell(signed=wrongly_signed), REFUSE
    yield "a receipt signed twice", cell(signed=once_more), REFUSE
    yield "a receipt twice", lambda log: begin(log).receipt(statement=with_keys(checkpoint=log.checkpoint(2).decode())).receipt(
        statement=with_keys(checkpoint=log.checkpoint(2).decode())), REFUSE
    yield "two receipts", lambda log: begin(log).receipt().receipt(), ACCEPT
    yield "a receipt of an admission", cell("3"), REFUSE
    yield "a receipt of what is to come", cell("9"), REFUSE
    yield "a receipt of what is shredded", lambda log: begin(log).shred(2).receipt("1-2"), ACCEPT
    yield "a receipt of what is held", lambda log: begin(log).hold("1").receipt("1"), ACCEPT
    yield "a receipt of what is left out", lambda log: begin(log).receipt("1-2").leave_out(2), ACCEPT
    yield "a receipt of another vault", cell(statement=with_keys(origin="test.example/case-2")), REFUSE
    yield "a receipt of a bundle by a stranger", cell(statement=lambda value: {**value, "made_by": PEOPLE["dave"].actor}), REFUSE
    yield "a receipt of a bundle by one who was retired", lambda log: begin(log).retire("bob").receipt(
        statement=with_keys(made_by=PEOPLE["bob"].actor)), ACCEPT
    yield "a receipt of an early head", of_checkpoint(lambda log: log.checkpoint(1)), ACCEPT
    yield "a receipt of no log yet", of_checkpoint(lambda log: log.checkpoint(0)), ACCEPT
    yield "a receipt of no log yet, of another root", of_checkpoint(
        lambda log: log.forger.log.note(f"{ORIGIN}\n0\n{base64.b64encode(bytes(32)).decode()}\n".encode())), REFUSE
    yield "a receipt of a head to come", of_checkpoint(lambda log: log.checkpoint(6)), REFUSE
    yield "a receipt of a head with two signatures", of_checkpoint(
        lambda log: log.checkpoint() + PEOPLE["bob"].line(second.parse_note(log.checkpoint(), "")[0])), REFUSE
    yield "a receipt of a head that another signed", of_checkpoint(
        lambda log: PEOPLE["bob"].note(second.parse_note(log.checkpoint(), "")[0])), REFUSE
    yield "a receipt of a head with a wrong signature", of_checkpoint(lambda log: wrongly_signed(log.checkpoint())), REFUSE
    yield "a receipt of no checkpoint", cell(statement=with_keys(checkpoint="x")), REFUSE
    yield "a receipt of what failed", cell("1-2", statement=lambda value: {**value, **failing}), ACCEPT
    yield "a receipt of what failed, in order", cell("1-2", statement=lambda value: {
        **value, "outcome": "fails", "failed": "2", "finding": failing["finding"]}), ACCEPT
    yield "a receipt of what failed as a whole", cell("1-2", statement=lambda value: {
        **value, "outcome": "fails", "finding": failing["finding"]}), ACCEPT
    yield "a receipt that fails without a finding", cell(statement=with_keys(outcome="fails")), REFUSE
    yield "a receipt that holds with a finding", cell(statement=lambda value: {**value, "finding": "x"}), REFUSE
    yield "a receipt that holds with a failure", cell(statement=lambda value: {**value, "failed": "1"}), REFUSE
    yield "a receipt of which other things failed", cell("1", statement=lambda value: {
        **value, "outcome": "fails", "failed": "1-2", "finding": "x"}), REFUSE
    for key, good, wrong in (("outcome", (), ("lost", 1)), ("depth", ("sealed",), ("log", "")),
                             ("believed", (["fingerprint"], ["policy"]), ([], ["policy", "fingerprint"], ["fingerprint"] * 2, ["luck"], "policy")),
                             ("received_by", (), ("x", PEOPLE["bob"].actor)), ("bundle", (), ("7" * 63, "G" * 64)),
                             ("made", (), ("2026-11-24",)), ("time", (), ("2026-11-24T06:33:34Z",)),
                             ("statement", (), ("transfer", "collected")), ("v", (), (2, "1")), ("items", (), ("", "2-1"))):
        for value in good:
            yield f"a receipt with {key} {compact(value).decode()}", cell(statement=with_keys(**{key: value})), ACCEPT
        for value in wrong:
            yield f"a receipt with {key} {compact(value).decode()[:30]}", cell(statement=with_keys(**{key: value})), REFUSE
    for key in ("v", "statement", "origin", "bundle", "checkpoint", "made_by", "made", "received_by", "time", "outcome", "depth", "items"):
        yield f"a receipt without {key}", cell(statement=less(key)), REFUSE
    yield "a receipt that believes nothing", cell(statement=less("believed")), ACCEPT
    yield "a receipt with one key more", cell(statement=with_keys(more=1)), REFUSE
    yield "a receipt in another order", cell(statement=last_two_swapped), REFUSE
    yield "a receipt on two lines", cell(line=lambda text: text + b"x\n"), REFUSE
    yield "a receipt with white space", cell(line=lambda text: text.replace(b":1,", b": 1,", 1)), REFUSE
    yield "a transfer with a receipt", lambda log: begin(log).transfer(statement=with_keys(statement="receipt")), REFUSE
    yield "the dates of a case", lambda log: begin(log).case(), ACCEPT
    yield "the dates of a case, held", lambda log: begin(log).case().hold("5"), ACCEPT
    yield "the dates of a case by a collector", lambda log: begin(log).case("carol"), REFUSE
    yield "the dates of a case by two", lambda log: begin(log).case(cosigner="bob"), REFUSE


def transfer_cells(forger):
    def begin(log):
        return log.item().admit("bob").admit("carol", "collector").admit("dave")

    def cell(**more):
        return lambda log: begin(log).transfer(**more)

    def other_leaves(value):
        return {**value, "leaves": "1" * 64}
    yield "an accepted transfer", cell(items="1-2"), ACCEPT
    yield "a transfer by neither of the two", cell(by="dave"), ACCEPT
    yield "a transfer from another", cell(parties=("bob", "dave")), ACCEPT
    yield "a transfer to a collector", cell(parties=("Tester", "carol")), REFUSE
    yield "a transfer from a collector", cell(parties=("carol", "Tester")), REFUSE
    yield "a transfer to a stranger", cell(parties=("Tester", "new bob")), REFUSE
    yield "a refused transfer to a stranger", cell(parties=("Tester", "new bob"), outcome="refused"), REFUSE
    yield "a transfer to oneself", cell(parties=("Tester", "Tester")), REFUSE
    yield "a refused transfer to oneself", cell(parties=("Tester", "Tester"), outcome="refused"), REFUSE
    yield "a transfer to one who was retired", lambda log: begin(log).retire("bob").transfer(), REFUSE
    yield "a transfer to a replaced key", lambda log: begin(log).rotate("bob", "new bob").transfer(), REFUSE
    yield "a transfer to a new key", lambda log: (
        begin(log).rotate("bob", "new bob").transfer(parties=("Tester", "new bob"))), ACCEPT
    yield "a transfer of what is held", lambda log: begin(log).hold().transfer(), ACCEPT
    yield "a transfer to one who was retired later", lambda log: begin(log).transfer().retire("bob"), ACCEPT
    yield "a transfer of other leaves", cell(statement=other_leaves), REFUSE
    yield "a refused transfer of other leaves", cell(statement=other_leaves, outcome="refused"), REFUSE
    yield "a transfer of other leaves, and an item is left out", lambda log: (
        begin(log).transfer("1-2", statement=other_leaves).leave_out(2)), ACCEPT
    yield "a transfer of another item's leaves", cell(items="1", statement=lambda value: {**value, "items": "2"}), REFUSE
    yield "a transfer in another vault", cell(statement=with_keys(origin="test.example/case-2")), REFUSE
    yield "a statement twice", lambda log: begin(log).transfer().transfer(), REFUSE
    yield "a statement refused and accepted", lambda log: begin(log).transfer(outcome="refused").transfer(), REFUSE
    yield "a statement accepted and refused", lambda log: begin(log).transfer().transfer(outcome="refused"), REFUSE
    yield "a statement refused and abandoned", lambda log: (
        begin(log).transfer(outcome="refused").transfer(outcome="abandoned")), REFUSE
    yield "a statement twice, and the first is left out", lambda log: begin(log).transfer().transfer().leave_out(6), ACCEPT
    yield "two statements at another time", lambda log: begin(log).transfer().transfer(
        statement=with_keys(time="2026-11-24T06:33:34.649Z")), ACCEPT
    for outcome in ("accepted", "refused", "abandoned"):
        by_both, by_one = (ACCEPT, REFUSE) if outcome == "accepted" else (REFUSE, ACCEPT)
        yield f"{outcome}, signed by both", cell(outcome=outcome, signers=("Tester", "bob")), by_both
        yield f"{outcome}, signed by the releaser", cell(outcome=outcome, signers=("Tester",)), by_one
        yield f"{outcome}, signed by the receiver", cell(outcome=outcome, signers=("bob",)), REFUSE
        yield f"{outcome}, signed by none", cell(outcome=outcome, signers=()), REFUSE
    for signers in (("bob", "Tester"), ("Tester", "Tester"), ("Tester", "dave"), ("dave", "bob"), ("Tester", "bob", "dave"),
                    ("Tester", "bob", "bob")):
        yield f"accepted, signed by {', '.join(signers)}", cell(signers=signers), REFUSE
    yield "a statement with a wrong signature", cell(signed=lambda note: note[:-9] + b"AAAAAA==\n"), REFUSE
    yield "a statement whose text was changed", cell(signed=replace(b"examine", b"exploit")), REFUSE
    yield "an unknown outcome", cell(outcome="lost"), REFUSE
    yield "a statement of two lines", cell(line=lambda line: line + b"more\n"), REFUSE
    yield "a statement without its last line feed", cell(signed=lambda note: note[:-1]), REFUSE
    yield "a statement with white space", cell(line=replace(b'"v":1,', b'"v": 1,')), REFUSE
    yield "a statement that is a list", cell(line=lambda line: b"[]\n"), REFUSE
    yield "a statement that is no note", lambda log: begin(log).transfer(change=with_keys(statement="x")), REFUSE
    yield "a statement that is an object", lambda log: begin(log).transfer(change=with_keys(statement={})), REFUSE
    full = {"authority": "a court", "condition": "sealed", "location": "room 5", "transport": "courier"}
    yield "a statement with all that can be said", cell(statement=with_keys(**full)), ACCEPT
    yield "a statement with some of it", cell(statement=with_keys(location="room 5")), ACCEPT
    yield "a statement in another order", cell(statement=with_keys(**dict(reversed(full.items())))), REFUSE
    yield "a statement with one key more", cell(statement=with_keys(more=1)), REFUSE
    for key in ("v", "statement", "origin", "items", "leaves", "released_by", "received_by", "time", "purpose"):
        yield f"a statement without {key}", cell(statement=less(key)), REFUSE
    for more in ({"v": 2}, {"v": True}, {"statement": "gift"}, {"items": ""}, {"items": "1,2"}, {"items": 1},
                 {"leaves": "x"}, {"released_by": "Tester"}, {"received_by": PEOPLE["bob"].key}, {"time": "2026"}, {"purpose": ""},
                 {"condition": ""}, {"transport": "x" * 1025}, {"location": 5}):
        yield f"a statement with {compact(more).decode()[:60]}", cell(statement=with_keys(**more)), REFUSE


def a_reader_is_listed_by_a_custodian(world):
    recount(world, reader_cells)


def a_new_key_of_the_vault_comes_in_the_open(world):
    recount(world, reseal_cells)


def an_item_that_was_collected_is_signed_there(world):
    recount(world, collected_cells)


def a_receipt_is_signed_by_whoever_it_names(world):
    recount(world, receipt_cells)


def a_transfer_is_between_two_who_signed_it(world):
    recount(world, transfer_cells)
