"""Entries that break a rule of who may sign what."""
from build import Vault, bundle
from good import PLAIN, nested, of_bundle, vault_recipient
from pieces import ORIGIN, TIME, Key, b64
from vectors import sha256

ALL_RULES = ["custodian", "retire", "lift", "log-key", "lost-head", "reader", "reseal", "release", "shred"]


def admit2(vault):
    vault.admit("k2", 2)


def admit3(vault):
    vault.admit("k2", 2)
    vault.admit("k3", 3)


def ruled(vault, two=ALL_RULES, people=2, **more):
    for person in range(2, people + 1):
        vault.admit(f"k{person}", person)
    vault.add("rule", {"two": list(two), **more}, **({"cosigner": "k2"} if more else {}))


def collector(vault, handle="k2"):
    vault.admit(handle, 2, roles=("collector",))


def do(*steps):
    def run(vault):
        for step in steps:
            step(vault)
    return run


def act(kind, members=None, fields=None, **more):
    return lambda vault: vault.add(kind, members(vault) if callable(members) else members, fields, **more)


def retiring(handle, **more):
    return lambda vault: vault.add("custodian", {"act": "retire", "retired": vault.keys[handle].actor, **more.pop("members", {})}, **more)


def suspend(person, by="k1", **more):
    return lambda vault: vault.add("suspend", {"act": "suspend", "person": person}, by=by, **more)


def lift(person, by="k1", back=1, **more):
    return lambda vault: vault.add("suspend", {"act": "lift", "suspend": len(vault.entries) - back, "person": person}, by=by, **more)


def admitting(handle, person, key=None, roles=("custodian",), **more):
    def run(vault):
        vault.keys[f"{handle}*"] = new = key(vault) if key else vault.key(handle)
        return vault.add("custodian", {"act": "admit", "custodian": {"person": person, "key": new.text, "roles": list(roles)}}, **more)
    return run


def recovering(person=2, handle="k2", cosigner="k2", by="recovery", **more):
    def run(vault):
        vault.keys["k2"] = new = vault.key(handle)
        vault.add("recovery", {"custodian": {"person": person, "key": new.text, "roles": ["custodian"]}, **more}, by=by, cosigner=cosigner)
    return run


def rotating(new=None, signers=None, cosigner="new"):
    def run(vault):
        vault.keys["new"] = key = new(vault) if new else vault.key("k1")
        vault.add("custodian", {"act": "rotate", "new_key": key.text}, cosigner=cosigner, signers=signers(vault) if signers else None)
    return run


def take_in(accepted=None, by="k1", **more):
    def run(vault):
        vault.take_in(vault.collected("k2", more.pop("number", 1), "0" * 64, **more), accepted=accepted, by=by)
    return run


def other_file(vault):
    sealed, own, statement, content = vault.collected("k2", 1, "0" * 64)
    other, own, _, content = vault.collected("k2", 2, "0" * 64)
    vault.take_in((other, own, statement, content))


def succeeding(following=None, edit=None, key=None, named=True):
    def run(vault):
        new = following(vault) if following else vault.key("k2")
        collected = vault.collected("k2", 1, "0" * 64, following=new if named else None, edit=edit, key=key(vault) if key else None)
        vault.add("custodian", {"act": "succeed", "statement": collected[2].decode()})
    return run


def resealing(items="1", count=1, recipient=None, destroy=False, **more):
    def run(vault):
        members = {**({"recipient": recipient(vault)} if recipient else {}), "items": items, "headers": b64(bytes(32 * count)), **({"destroy": True} if destroy else {})}
        vault.add("reseal", members, **more)
    return run


def logging(key=None, signers=None, edit=None, **more):
    def run(vault):
        new = key(vault) if key else Key(ORIGIN, vault.random(32))
        names = [vault.keys["k1"], vault.log_keys[-1][1], new]
        vault.add("log-key", {"log": [new.text], **more}, signers=signers(names) if signers else names)
    return run


def stamping(checkpoint):
    return lambda vault: vault.add("timestamp", {"checkpoint": checkpoint(vault).decode(), "token": "AAAA"})


def transferring(**more):
    return lambda vault: vault.transfer(**{key: value(vault) if callable(value) and key in ("signers", "edit2") else value for key, value in more.items()})


def twice(step):
    """The same entry's statement a second time."""
    def run(vault):
        step(vault)
        number = len(vault.entries) - 1
        value = {key: value for key, value in vault.values[number].items() if key in ("outcome", "statement", "collected")}
        own = {key: vault.values[number][key] for key in ("labels", "header", "key", "payload", "fields")}
        vault.add(vault.values[number]["type"], {**value, **own}, sealed=vault.sealed[number])
    return run


RULES = (
    # who signs
    ("a hold by a collector", "entry-signer", do(collector, act("hold", {"items": "1"}, by="k2"))),
    ("an item by a witness", "entry-signer", do(lambda vault: vault.admit("k2", 2, roles=("witness",)), act("omission", by="k2"))),
    ("an act by a key that was retired", "entry-signer", do(admit2, retiring("k2"), act("note", by="k2"))),
    ("an act by a key that was replaced", "entry-signer", do(rotating(), act("note"))),
    ("a hold with a cosigner", "entry-cosigner", do(admit2, act("hold", {"items": "1"}, cosigner="k2"))),
    ("a shred that one person signs twice", "entry-cosigner", do(lambda vault: vault.admit("k2", 1), act("shred", {"items": "1"}, cosigner="k2"))),
    ("a shred with a collector as cosigner", "entry-cosigner", do(collector, act("shred", {"items": "1"}, cosigner="k2"))),
    ("a shred signed in another order", "entry-signature", do(admit2, act("shred", {"items": "1"}, cosigner="k2", signers=None, edit=None), lambda vault: swap_signatures(vault))),
    # keys and persons
    ("a key admitted twice", "custody-rule", admitting("k3", 2, key=lambda vault: vault.keys["k1"])),
    ("a handle that was another's", "custody-rule", admitting("k1", 2)),
    ("a person out of turn", "custody-rule", admitting("k2", 3)),
    ("a key that came back", "custody-rule", do(admit2, retiring("k2"), admitting("k2", 2, key=lambda vault: vault.keys["k2"]))),
    ("an admission by a collector", "entry-signer", do(collector, admitting("k3", 3, by="k2"))),
    ("the log's key as a custodian", "entry-malformed", admitting("k2", 2, key=lambda vault: vault.log)),
    ("a handle that is no handle", "entry-malformed", admitting("x", 2)),
    ("a handle with a leading zero", "entry-malformed", admitting("k02", 2)),
    ("the last custodian retired", "custody-rule", retiring("k1")),
    ("a retirement of nobody", "custody-rule", do(admit2, retiring("k2"), retiring("k2"))),
    ("a rotation that the new key did not sign", "entry-cosigner", rotating(cosigner=None, signers=lambda vault: [vault.keys["k1"]])),
    ("a rotation to another handle", "custody-rule", rotating(new=lambda vault: vault.key("k7"))),
    ("a rotation to a key that is known", "custody-rule", do(admit2, rotating(new=lambda vault: Key(f"{ORIGIN}/k1", vault.keys["k1"].seed)))),
    # rules
    ("a rule of two where there is one", "custody-rule", act("rule", {"two": ["custodian"]})),
    ("a rule of two keys of one person", "custody-rule", do(lambda vault: vault.admit("k2", 1), act("rule", {"two": ["custodian"]}))),
    ("a rule that does not name admitting", "entry-malformed", do(admit2, act("rule", {"two": ["shred"]}))),
    ("a rule out of order", "entry-malformed", do(admit2, act("rule", {"two": ["custodian", "shred", "release"]}))),
    ("a rule of an act that cannot be ruled", "entry-malformed", do(admit2, act("rule", {"two": ["custodian", "note"]}))),
    ("a rule changed by one", "entry-cosigner", do(ruled, act("rule", {"two": []}))),
    ("a rule that keeps the recovery key, by one", "entry-cosigner", do(admit2, act("rule", {"two": ["custodian"], "recovery": True}))),
    ("an admission by one under any rule", "entry-cosigner", do(lambda vault: ruled(vault, ["custodian"]), admitting("k3", 3))),
    ("a shred by one under a rule", "entry-cosigner", do(ruled, act("shred", {"items": "1"}))),
    ("a release by one under a rule", "entry-cosigner", do(act("hold", {"items": "1"}), ruled, act("release", {"hold": 2, "items": "1"}))),
    ("a log key by one under a rule", "entry-cosigner", do(ruled, logging())),
    ("a lost head by one under a rule", "entry-cosigner", do(ruled, act("lost-head", lambda vault: {"lost": vault.checkpoint(1).decode()}))),
    ("readers by one under a rule", "entry-cosigner", do(ruled, act("reader", {"key_file": "ab" * 32}))),
    ("a recovery key by one under another rule", "entry-cosigner", do(lambda vault: ruled(vault, ["custodian"]), act("reader", lambda vault: {"key_file": "ab" * 32, "recovery": vault.keys["recovery"].text}))),
    ("a reseal by one under a rule", "entry-cosigner", do(ruled, resealing(recipient=lambda vault: vault_recipient("x").text))),
    ("another person retired by one under a rule", "entry-cosigner", do(lambda vault: ruled(vault, people=3), retiring("k3"))),
    ("one person left under a rule", "custody-rule", do(lambda vault: ruled(vault, ["custodian"]), retiring("k2"))),
    ("one person left under a rule, by two", "custody-rule", do(ruled, retiring("k2", cosigner="k2"))),
    ("a vault closed by one under a rule", "entry-cosigner", do(lambda vault: ruled(vault, ["custodian"]), act("closed"))),
    ("headers destroyed by one of two", "entry-cosigner", do(admit2, resealing("0", recipient=lambda vault: vault_recipient("x").text, destroy=True))),
    ("a time before the admission, by one", "entry-cosigner", do(admit2, retiring("k2", members={"compromised_since": "2026-01-01T00:00:00Z"}))),
    ("a time before the log's key, by one", "entry-cosigner", do(admit2, logging(compromised_since="2026-01-01T00:00:00Z"))),
    # suspension
    ("a suspension of oneself", "custody-rule", do(admit2, suspend(1))),
    ("a suspension of nobody", "custody-rule", do(admit2, suspend(7))),
    ("a suspension by a collector", "entry-signer", do(collector, suspend(1, by="k2"))),
    ("a suspension by one who is suspended", "custody-rule", do(admit3, suspend(2), suspend(1, by="k2"))),
    ("a second suspension by one who suspended", "custody-rule", do(admit3, suspend(2), suspend(3))),
    ("a suspension of one who is suspended", "custody-rule", do(admit3, suspend(2), suspend(2, by="k3"))),
    ("a person suspended twice by one", "custody-rule", do(admit3, suspend(2), lift(2), suspend(2))),
    ("a suspension with a cosigner", "entry-cosigner", do(admit3, suspend(2, cosigner="k3"))),
    ("a shred by one who is suspended", "custody-rule", do(admit3, suspend(2), act("shred", {"items": "1"}, by="k2"))),
    ("a shred by one who suspended", "custody-rule", do(admit3, suspend(2), act("shred", {"items": "1"}))),
    ("a shred cosigned by one who is suspended", "custody-rule", do(admit3, suspend(2), act("shred", {"items": "1"}, by="k3", cosigner="k2"))),
    ("a rotation by one who is suspended", "custody-rule", do(admit3, suspend(1, by="k2"), rotating())),
    ("an admission by one who is suspended", "custody-rule", do(admit3, suspend(2), admitting("k4", 4, by="k2"))),
    ("a lift by the suspended", "custody-rule", do(admit3, suspend(2), lift(2, by="k2"))),
    ("a lift by one where two could", "entry-cosigner", do(admit3, lambda vault: vault.admit("k4", 4), suspend(2), lift(2, by="k3"))),
    ("a lift cosigned by the suspended", "custody-rule", do(admit3, lambda vault: vault.admit("k4", 4), suspend(2), lift(2, by="k3", cosigner="k2"))),
    ("a lift of another person", "custody-rule", do(admit3, suspend(2), lift(3))),
    ("a lift twice", "custody-rule", do(admit3, suspend(2), lift(2), lift(2, back=2))),
    ("a lift of what is no suspension", "custody-rule", do(admit3, lift(2))),
    ("a rule that ends the way out of a suspension", "custody-rule", do(admit3, retiring("k3"), suspend(2),
                                                                        act("reader", {"key_file": "ab" * 32}))),
    ("a suspension taken back by one where lifting is ruled", "entry-cosigner", do(lambda vault: ruled(vault, people=4), suspend(2), lift(2))),
    # recovery
    ("a recovery by another key", "entry-signer", recovering(by="k1")),
    ("a recovery of a person who is known", "custody-rule", recovering(person=1)),
    ("a recovery out of turn", "custody-rule", recovering(person=3)),
    ("a recovery that the new key did not sign", "entry-cosigner", recovering(cosigner=None)),
    ("a recovery after a rule ended it", "entry-signer", do(lambda vault: ruled(vault, ["custodian"]), recovering(person=3, handle="k9"))),
    ("a recovery after the readers changed", "entry-signer", do(act("reader", {"key_file": "ab" * 32}), recovering())),
    ("a second recovery with one key", "entry-signer", do(recovering(), recovering(person=3, handle="k3"))),
    ("an act of law by one whom a recovery stopped", "custody-rule", do(recovering(), admitting("k4", 3))),
    # items
    ("a release of nothing held", "custody-item", act("release", {"hold": 1, "items": "1"})),
    ("a release of more than its hold", "custody-item", do(act("hold", {"items": "1"}), act("hold", {"items": "0"}), act("release", {"hold": 2, "items": "0"}))),
    ("a release twice", "custody-item", do(act("hold", {"items": "1"}), act("release", {"hold": 2, "items": "1"}), act("release", {"hold": 2, "items": "1"}))),
    ("a release of a later hold", "custody-item", do(act("release", {"hold": 3, "items": "1"}), act("hold", {"items": "1"}))),
    ("a shred of what is held", "custody-item", do(act("hold", {"items": "1"}), act("shred", {"items": "1"}))),
    ("a shred of what is held still", "custody-item", do(act("hold", {"items": "1"}), act("hold", {"items": "0-1"}), act("release", {"hold": 2, "items": "1"}), act("shred", {"items": "1"}))),
    ("a shred twice", "custody-item", do(act("shred", {"items": "1"}), act("shred", {"items": "0-1"}))),
    ("a hold of what is shredded", "custody-item", do(act("shred", {"items": "1"}), act("hold", {"items": "1"}))),
    ("a hold of a later entry", "custody-item", act("hold", {"items": "1-2"})),
    ("a hold of an entry without a sealed file", "custody-item", do(stamping(lambda vault: vault.checkpoint(1)), act("hold", {"items": "2"}))),
    ("a hold of no items", "entry-malformed", act("hold", {"items": ""})),
    ("a hold of ranges that touch", "entry-malformed", act("hold", {"items": "0,1"})),
    # the log's and the vault's keys
    ("a log key that the one before did not sign", "entry-malformed", logging(signers=lambda keys: [keys[0], keys[2]])),
    ("a log key signed in another order", "entry-signature", logging(signers=lambda keys: [keys[0], keys[2], keys[1]])),
    ("the same log key again", "custody-rule", logging(key=lambda vault: vault.log)),
    ("a custodian's key as the log's", "custody-rule", logging(key=lambda vault: Key(ORIGIN, vault.keys["k1"].seed))),
    ("a log key of another name", "entry-malformed", logging(key=lambda vault: Key("x8.example", bytes(32)))),
    ("a reseal to a key that the vault had", "custody-rule", resealing(recipient=lambda vault: vault.recipient.text)),
    ("a reseal of items to the key that they have", "custody-item", resealing()),
    ("a reseal with too few headers", "entry-malformed", resealing("0-1", 1, recipient=lambda vault: vault_recipient("x").text)),
    ("a reseal of nothing", "entry-malformed", act("reseal")),
    ("a reseal of what is shredded", "custody-item", do(act("shred", {"items": "1"}), resealing(recipient=lambda vault: vault_recipient("x").text))),
    # timestamps and lost heads
    ("a timestamp of a later checkpoint", "custody-rule", stamping(lambda vault: vault.checkpoint(3, root=bytes(32)))),
    ("a timestamp of an empty log", "custody-rule", stamping(lambda vault: vault.checkpoint(0, root=sha256(b"")))),
    ("a timestamp of a checkpoint with a cosignature", "entry-checkpoint", stamping(lambda vault: vault.checkpoint(1, cosigned=1))),
    ("a timestamp of another log's checkpoint", "entry-checkpoint", stamping(lambda vault: vault.checkpoint(1, key=Key(ORIGIN, bytes(32))))),
    ("a timestamp that renews none", "custody-rule", act("timestamp", {"renews": 1, "token": "AAAA"})),
    ("a timestamp of neither", "entry-malformed", act("timestamp", {"token": "AAAA"})),
    ("a lost head by another key", "entry-checkpoint", act("lost-head", lambda vault: {"lost": vault.checkpoint(1, key=Key(ORIGIN, bytes(32))).decode()})),
    # transfers and receipts
    ("a transfer that the receiver did not sign", "statement-signature", do(admit2, lambda vault: vault.transfer(signers=[vault.keys["k1"]]))),
    ("a refused transfer that the receiver signed", "statement-signature", do(admit2, lambda vault: vault.transfer(outcome="refused", signers=[vault.keys["k1"], vault.keys["k2"]]))),
    ("a transfer for another vault", "statement-origin", do(admit2, lambda vault: vault.transfer(edit=lambda value: {**value, "fingerprint": "ab" * 32}))),
    ("a transfer of other fields", "statement-fields", do(admit2, lambda vault: vault.transfer(edit=lambda value: {**value, "fields": "ab" * 32}))),
    ("a transfer between keys of one person", "statement-signer", do(lambda vault: vault.admit("k2", 1), lambda vault: vault.transfer())),
    ("a transfer to a collector", "entry-signer", do(collector, lambda vault: vault.transfer())),
    ("a transfer twice", "custody-rule", do(admit2, twice(lambda vault: vault.transfer()))),
    ("a transfer with purposes in public", "statement-malformed", do(admit2, lambda vault: vault.transfer(edit=lambda value: {**value, "purpose": "x"}))),
    ("a receipt under another name", "receipt-malformed", lambda vault: vault.receipt(b"x", name="/Ida")),
    ("a receipt for another vault", "receipt-origin", lambda vault: vault.receipt(b"x", edit=lambda value: {**value, "fingerprint": "ab" * 32})),
    ("a receipt of a later checkpoint", "custody-rule", lambda vault: vault.receipt(b"x", edit=lambda value: {**value, "checkpoint": vault.checkpoint(9, root=bytes(32)).decode()})),
    ("a receipt of a bundle by nobody", "custody-rule", lambda vault: vault.receipt(b"x", edit=lambda value: {**value, "made_by": f"{ORIGIN}/k9+00000000"})),
    ("a receipt twice", "custody-rule", twice(lambda vault: vault.receipt(b"x"))),
    # collectors
    ("a collected item for another vault", "collected-origin", do(collector, take_in(edit=lambda value: {**value, "fingerprint": "ab" * 32}))),
    ("a collected item of another sealed file", "collected-item", do(collector, other_file)),
    ("a collected item with a number that was used", "custody-rule", do(collector, take_in(), take_in())),
    ("a collected item that another signed", "collected-signature", do(collector, lambda vault: vault.take_in(vault.collected("k2", 1, "0" * 64, key=vault.keys["k1"])))),
    ("a collected item of a retired collector", "entry-signer", do(collector, retiring("k2"), take_in())),
    ("a collected item accepted without a need", "entry-signer", do(collector, take_in(accepted=["retired"]))),
    ("a collected item accepted as of an earlier key without a need", "collected-item", do(collector, take_in(accepted=["earlier-key"]))),
    ("a collected item accepted by a collector", "entry-signer", do(collector, lambda vault: vault.admit("k3", 3, roles=("collector",)), retiring("k2"), take_in(accepted=["retired"], by="k3"))),
    ("a collected item to another vault's key", "collected-item", do(collector, take_in(recipient=vault_recipient("x").text))),
    ("a collected item that was never anybody's", "entry-signer", do(lambda vault: vault.keys.update(k2=vault.key("k2")), take_in(accepted=["retired"]))),
    ("a collected item with number 0", "collected-malformed", do(collector, take_in(number=0))),
    ("a successor that no statement names", "collected-malformed", do(collector, succeeding(named=False))),
    ("a successor of another handle", "collected-malformed", do(collector, succeeding(following=lambda vault: vault.key("k3")))),
    ("a successor that the collector did not sign", "collected-signature", do(collector, succeeding(key=lambda vault: vault.keys["k1"]))),
    ("a run by one who never collected", "entry-signer", lambda vault: vault.add("run", {"statement": vault.statement(
        "closed", {"collector": vault.key("k2").actor, "up_to": 0, "prev": "0" * 64, "time": TIME}, vault.keys["k1"]).decode()})),
    # what ends a vault
    ("an entry after the vault was closed", "custody-rule", do(act("closed"), act("note"))),
    ("an upgrade by one who may not", "entry-signer", do(collector, act("upgrade", {"version": 2}, by="k2"))),
    ("an upgrade with a member that is too deep", "entry-malformed", act("upgrade", {"version": 2, "deep": nested(65)})),
    ("an upgrade with a number that is too large", "entry-malformed", act("upgrade", {"version": 2, "high": 2 ** 53})),
    ("an upgrade to version 1", "entry-malformed", act("upgrade", {"version": 1})),
    ("an upgrade without a signature", "entry-malformed", do(act("upgrade", {"version": 2}), lambda vault: strip_last(vault))),
)


def swap_signatures(vault):
    text, lines = vault.entries[-1].split(b"\n\n")
    first, second = lines.split(b"\n")[:-1]
    vault.entries[-1] = text + b"\n\n" + second + b"\n" + first + b"\n"


def strip_last(vault):
    vault.entries[-1] = vault.entries[-1].split(b"\n\n")[0] + b"\n\n"


def rules():
    for name, finding, steps in RULES:
        vault = Vault(name)
        vault.item()
        steps(vault)
        by = next((handle for handle in ("k1", "new", "k2", "k3") if handle in vault.keys and is_admitted(vault, handle)), "k1")
        yield of_bundle(f"rules, {name}", vault, bundle(vault, [1], names={1: PLAIN}, whole=True, by=by), 3, finding)
    vault = Vault("no way out", recovery=False)
    vault.item()
    vault.admit("k2", 2)
    vault.add("suspend", {"act": "suspend", "person": 2})
    yield of_bundle("rules, a suspension without a way out", vault, bundle(vault, [1], names={1: PLAIN}, whole=True), 3, "custody-rule")


def is_admitted(vault, handle):
    """Whether the key was neither retired nor replaced, as the log says."""
    actor = vault.keys[handle].actor
    gone = {value.get("retired") for value in vault.values} | {value["actor"] for value in vault.values if value.get("act") == "rotate"}
    return actor not in gone
