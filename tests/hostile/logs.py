"""Logs of custody that break rules, at random: by those who have all the keys, and by those who have none."""
import base64
import random

import histories
from forging import ORIGIN, Signer, second, with_keys

OLD_KEYS = [Signer(ORIGIN, f"log key {number}") for number in range(3)]


def replace_log_key(chance, log, **more):
    """As the log's owner would, or with a signature missing, too many or in another place."""
    new = chance.choice(OLD_KEYS)

    def sign(note):
        text = note.partition(b"\n\n")[0] + b"\n"
        behind = chance.choice(([log.forger.log, new], [new, log.forger.log], [new], [], [log.forger.log, new, new]))
        return note + b"".join(one.line(text) for one in behind)
    return log.act("log-key", "Tester", log=new.key, after=sign, **more)


def stamp(chance, log):
    note = log.checkpoint(chance.choice((0, 1, len(log.leaves), len(log.leaves) + 3))).decode()
    stamped = chance.choice(({"checkpoint": note}, {"renews": chance.randrange(20)}, {"checkpoint": note[:-9]}))
    token = chance.choice((b"\x30\x03\x02\x01\x00", b"x", chance.randbytes(300)))
    return log.act("timestamp", **stamped, token=base64.b64encode(token).decode())


def raw(chance, log):
    """What is no entry at all."""
    some = log.entries[chance.randrange(len(log.entries))]
    log.entries.append(chance.choice((
        b"", b"\n", b"\x00" * 70, chance.randbytes(chance.randrange(1, 400)), some, some[:len(some) // 2], some[:-1],
        b"[" * 30_000 + b"\n\n", b"{}\n\n\xe2\x80\x94 a AAAA\n", some.replace(b"\n\n", b"\n"), some + some, b"\xe2\x80\x94 " * 20_000,
        some.replace(b'"v":1', b'"v":2'), b"x" * 65_535)))
    log.leaves.append(second.leaf_hash(log.entries[-1]))


def of_an_item(chance, log):
    """An act that no honest vault has, of which the vault's state knows nothing."""
    items = histories.some_items(chance, log)
    largest = {"bytes": 1 << 62, "tail": 300, "root": "0" * 64}
    chance.choice((
        lambda: log.collected(1, "bob", statement=with_keys(recipient=histories.vault_key(log))),
        lambda: log.collected(2, "bob", statement=with_keys(origin="test.example/case-2")),
        lambda: log.collected(3, "stranger"),
        lambda: log.collected(4, "bob", signer="stranger"),
        lambda: log.collected(5, "bob", signed=lambda note: note + note[note.index(b"\n\n") + 2:]),
        lambda: log.collected(6, "bob", by="stranger"),
        lambda: log.access("1-65536"), lambda: log.access(items, cosigner="stranger"), lambda: log.item("stranger"),
        lambda: log.item("Tester", cosigner="bob"), lambda: log.item(change=with_keys(payload=largest)),
        lambda: log.item(change=with_keys(header="0" * 64)), lambda: log.note("1-65536"),
        lambda: log.access(items, change=with_keys(seq=chance.choice((0, 1, 2**63, 2**64 - 1)))),
        lambda: log.access(items, change=with_keys(prev="0" * 64)), lambda: log.note(items, change=with_keys(origin="elsewhere.example/x")),
        lambda: log.access(items, change=with_keys(purpose="\u202e\u009b2J" * 20)),
        lambda: raw(chance, log), lambda: raw(chance, log)))()


def of_the_state(chance, log):
    """One that says who may do what, which keys there are, or what happened to items."""
    items, far = histories.some_items(chance, log), "1-65536"
    chance.choice((
        lambda: log.transfer(items, "Tester", chance.choice(second.OUTCOMES), ("stranger", "bob")),
        lambda: log.transfer(items, "Tester", "accepted", ("Tester", "bob"), signers=("Tester",)),
        lambda: log.transfer(items, "Tester", "refused", ("Tester", "Tester")),
        lambda: log.receipt(items, "Tester", "stranger", signer="bob"), lambda: log.receipt(items, "stranger"),
        lambda: log.hold(far), lambda: log.release(far), lambda: log.hold(items, cosigner="stranger"),
        lambda: log.hold(items, change=with_keys(seq=chance.choice((0, 1, 2**63, 2**64 - 1)))),
        lambda: log.hold(items, change=with_keys(reason="\u202e\u009b2J" * 20)),
        lambda: log.act("genesis", recipient=log.forger.recipient, log=log.forger.log.key, custodian=log.person("Tester", ["custodian"])),
        lambda: log.readers(*histories.OTHER_KEYS), lambda: log.reseal(items, headers=b"x"), lambda: log.reseal(far),
        lambda: log.act("recovery", lost=log.checkpoint(chance.choice((0, 1, len(log.leaves)))).decode(), reason="\u009b it burnt"),
        lambda: log.shred(chance.choice((0, 1, 99, 2**63))), lambda: log.rotate("bob", "bob"), lambda: log.retire("Tester"),
        lambda: replace_log_key(chance, log), lambda: replace_log_key(chance, log), lambda: stamp(chance, log), lambda: stamp(chance, log)))()


def make(seed, forger):
    """A log that is honest for a while, and then is not. Of half of them the state can still be told."""
    chance = random.Random(f"log {seed}")
    told = chance.random() < 0.5
    log = histories.wander(chance, forger, chance.choice((3, 6, 12)), 0 if told else 0.15)
    log.absent.clear()
    acts = (of_an_item,) if told else (of_an_item, of_the_state, of_the_state, histories.random_act)
    for _ in range(chance.randrange(1, 12)):
        chance.choice(acts)(chance, log)
    return log
