"""Logs of custody that break rules, at random: by those who have all the keys, and by those who have none."""
import base64
import random

import histories
from build import Vault
from good import PLAIN
from pieces import HAS_ML_DSA, Key, Recipient, layout_line
from vectors import sha256

FAR, ODD_TEXT = "1-65536", "\u202e\u009b2J" * 20
ODD_POSITIONS = (0, 1, 2**53 - 1, 2**53, 2**63, 2**64 - 1)
NAMES = {1: PLAIN}      # of item 1 in a bundle


def with_members(**members):
    return lambda value: {**value, **members}


def checkpoint(vault, size=None):
    return vault.checkpoint(size, root=sha256(b"") if size == 0 else None)


def replace_log_key(chance, vault):
    """As the log's owner would, or with a signature missing, too many or in another place."""
    old, new = vault.log_keys[-1][1], Key(vault.log.name, vault.random(32))
    behind = chance.choice(([old, new], [new, old], [new], [], [old, new, new]))
    number = vault.add("log-key", {"log": [new.text]}, more=behind)
    if chance.random() < 0.7:
        vault.log_keys.append((number, new))


def stamp(chance, vault):
    note = checkpoint(vault, chance.choice((0, 1, len(vault.entries)))).decode()
    stamped = chance.choice(({"checkpoint": note}, {"renews": chance.randrange(20)}, {"checkpoint": note[:-9]}))
    token = chance.choice((b"\x30\x03\x02\x01\x00", b"x", chance.randbytes(300)))
    vault.add("timestamp", {**stamped, "token": base64.b64encode(token).decode()})


def raw(chance, vault):
    """What is no entry at all."""
    some = vault.entries[chance.randrange(len(vault.entries))]
    vault.values.append({"type": "raw", "law": vault.law()})
    vault.entries.append(chance.choice((
        b"", b"\n", b"\x00" * 70, chance.randbytes(chance.randrange(1, 400)), some, some[:len(some) // 2], some[:-1],
        b"[" * 30_000 + b"\n\n", b"{}\n\n\xe2\x80\x94 a AAAA\n", some.replace(b"\n\n", b"\n"), some + some, b"\xe2\x80\x94 " * 20_000,
        some.replace(b'"v":1', b'"v":2'), b"x" * 65_535)))


def collected(chance, vault):
    """Of a collector who is none, or whose statement is of something else."""
    collector = chance.choice([handle for handle in ("k1", "k2", "stranger") if handle in vault.keys])
    recipient = Recipient(vault.random(32)).text if chance.random() < 0.3 else None
    edit = chance.choice((None, None, with_members(origin="test.example/case-2"), with_members(number=0), with_members(payload="0" * 64)))
    key = vault.keys["stranger"] if chance.random() < 0.2 else None
    made = vault.collected(collector, chance.choice((1, 1, 2, 7)), "0" * 64, recipient=recipient, edit=edit, key=key)
    vault.take_in(made, by=chance.choice(("k1", collector)), accepted=chance.choice((None, None, ["earlier-key"], ["retired"])))


def item_with(vault, edit_sealed):
    """An item whose sealed file is another one than an honest program makes; the entry says so."""
    sealed = vault.seal(vault.lines([("name", "a.log")]), b"content")
    number = vault.add("item", sealed=edit_sealed(sealed))
    vault.content[number] = b"content"


def of_an_item(chance, vault):
    """An act that no honest vault has, of which the vault's state knows nothing."""
    items = histories.some_items(chance, vault)
    some = [("items", items), ("purpose", "a look"), ("act", "read")]
    chance.choice((
        lambda: collected(chance, vault), lambda: collected(chance, vault),
        lambda: vault.add("access", fields=[("act", "read"), ("items", FAR)]), lambda: vault.add("access", fields=some, cosigner="stranger"),
        lambda: vault.item(by="stranger"), lambda: vault.item(cosigner="stranger"), lambda: vault.item(edit=with_members(payload="0" * 64)),
        lambda: vault.item(edit=with_members(header="0" * 64)), lambda: vault.item(edit=with_members(fields="0" * 64)),
        lambda: vault.item(edit=with_members(key="0" * 64)), lambda: vault.item(edit=with_members(labels="AAAA")),
        lambda: item_with(vault, lambda sealed: sealed._replace(layout=layout_line(2**53 - 1, 4112, bytes(32)))),
        lambda: item_with(vault, lambda sealed: sealed._replace(layout=chance.choice((b"{}\n", b"\xff" * 300, b"[" * 9000)))),
        lambda: item_with(vault, lambda sealed: sealed._replace(header=chance.choice((b"age-encryption.org/v1\n", chance.randbytes(200))))),
        lambda: item_with(vault, lambda sealed: sealed._replace(payload=sealed.payload[:chance.choice((15, 16, 17, 400))])),
        lambda: vault.item(fields=[(chance.choice(("name", "path", "source", "case", "kind", "tags", "system", "times", "claimed", "partial")),
                                    chance.choice((None, -1, [], {}, ODD_TEXT, [[["x"]]], {"base64": "!"}, {"base64": "//4="}, "../../x")))]),
        lambda: vault.item(fields=[(chance.choice(("state", "sha256", "size", "parts")), chance.choice((None, -1, "x", {}, 2**53 - 1)))]),
        lambda: vault.add("access", fields=some, edit=with_members(seq=chance.choice(ODD_POSITIONS))),
        lambda: vault.add("access", fields=some, edit=with_members(prev="0" * 64)),
        lambda: vault.add("access", fields=some, edit=with_members(law=0)),
        lambda: vault.add("note", fields=[("items", items), ("text", ODD_TEXT)], edit=with_members(origin="elsewhere.example/x")),
        lambda: vault.add("access", fields=[("act", chance.choice(("", "exported", "export-failed", ODD_TEXT))), ("items", items), ("purpose", ODD_TEXT)]),
        lambda: vault.add("statement", {"items": chance.choice((items, FAR))}, [("act", ODD_TEXT)]),
        lambda: raw(chance, vault), lambda: raw(chance, vault)))()


def of_the_state(chance, vault):
    """One that says who may do what, which keys there are, or what happened to items."""
    items, any_person = histories.some_items(chance, vault), chance.choice((0, 1, 2, 99, 2**53 - 1))
    other = Recipient(vault.random(32)).text
    chance.choice((
        lambda: vault.transfer("k1", "stranger", chance.choice(("accepted", "refused", "abandoned"))),
        lambda: vault.transfer("k1", "stranger", signers=[vault.keys["k1"]]), lambda: vault.transfer("k1", "k1", "refused"),
        lambda: vault.transfer("k1", "stranger", fields=[("items", FAR), ("leaves", "0" * 64)]),
        lambda: vault.receipt(b"no bundle"), lambda: vault.receipt(b"no bundle", name="/k9"),
        lambda: vault.add("hold", {"items": FAR}), lambda: vault.add("release", {"hold": chance.choice(ODD_POSITIONS), "items": items}),
        lambda: vault.add("hold", {"items": items}, cosigner="stranger"),
        lambda: vault.add("hold", {"items": items}, edit=with_members(seq=chance.choice(ODD_POSITIONS))),
        lambda: vault.add("hold", {"items": items}, [("authority", ODD_TEXT), ("reason", ODD_TEXT)]),
        lambda: vault.add("genesis", {key: value for key, value in vault.values[0].items() if key in ("suite", "label_count", "pad", "recipient", "log", "custodian")}),
        lambda: vault.add("reader", {"key_file": "ab" * 32}, [("reader-1", {"recipient": ODD_TEXT, "name": ODD_TEXT})]),
        lambda: vault.add("reseal", {"recipient": other, "key_file": "ab" * 32}),
        lambda: vault.add("reseal", {"recipient": other, "items": items, "headers": "AAAA"}), lambda: vault.add("reseal", {"items": FAR, "headers": "AAAA"}),
        lambda: vault.add("recovery", {"custodian": {"person": any_person, "key": vault.key("k7").text, "roles": ["custodian"]}}, by="stranger"),
        lambda: vault.add("lost-head", {"lost": checkpoint(vault, chance.choice((0, 1, len(vault.entries)))).decode()}, [("reason", ODD_TEXT)]),
        lambda: vault.add("shred", {"items": chance.choice(("0", "1", "99", items))}), lambda: vault.rotate("k1"),
        lambda: vault.add("custodian", {"act": "retire", "retired": vault.keys["k1"].actor}),
        lambda: vault.add("suspend", {"act": "suspend", "person": any_person}),
        lambda: vault.add("suspend", {"act": "lift", "suspend": chance.choice(ODD_POSITIONS), "person": any_person}),
        lambda: vault.add("rule", {"two": ["custodian", "shred"]}), lambda: vault.add("upgrade", {"version": chance.choice((0, 2, 2**53 - 1))}),
        lambda: vault.add("closed", {}), lambda: replace_log_key(chance, vault), lambda: replace_log_key(chance, vault), lambda: stamp(chance, vault),
        lambda: stamp(chance, vault)))()


def make(seed):
    """A log that is honest for a while, and then is not. Of half of them the state can still be told."""
    chance = random.Random(f"log {seed}")
    told = chance.random() < 0.5
    vault = histories.begun(Vault(f"hostile {seed}", recovery=chance.random() < 0.5, ml_dsa=HAS_ML_DSA and chance.random() < 0.1))
    vault.keys["stranger"] = vault.key("k99")
    vault.item()
    for _ in range(chance.choice((1, 4, 10))):
        if told:
            chance.choice((vault.item, lambda: vault.add("note", fields=[("items", "1"), ("text", "seen")])))()
        else:
            histories.random_act(chance, vault)
    acts = (of_an_item,) if told else (of_an_item, of_the_state, of_the_state, histories.random_act)
    for _ in range(chance.randrange(1, 12)):
        chance.choice(acts)(chance, vault)
    return vault

