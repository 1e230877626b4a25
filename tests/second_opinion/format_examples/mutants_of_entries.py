"""Entries of each form, as the last of a log; the genesis; and what entries carry: statements, with each value and line spelled otherwise."""
import copy
import functools

from build import Vault, bundle
from good import PLAIN, of_bundle, vault_recipient
from pieces import ORIGIN, TIME, Key, Spelled, b64, fields_digest, hexed, note
from spellings import NOTES, change_json, encode, of_text_line

TOKEN = bytes.fromhex("3000")
LATER = "2026-11-28T23:30:00Z"
STATE = {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"}


def fork(vault):
    """A vault that goes on by itself from here."""
    other = copy.copy(vault)
    for name in ("random", "entries", "values", "sealed", "content", "keys", "log_keys"):
        setattr(other, name, copy.copy(getattr(vault, name)))
    return other


def spelled(data):
    """A hook that gives an object bytes of its own."""
    return lambda value: Spelled(value, data + b"\n")


def in_turn(chance, rows):
    """All rows of a table in an order of chance, again and again."""
    while True:
        chance.shuffle(rows)
        yield from rows


# Logs in which the last entry can be of each form.

def exported(vault):
    """A bundle's two acts come first, so that of what is signed the last entry alone changes."""
    bundle(vault, [1], names={1: PLAIN})
    return vault


def people(name="people", **own):
    vault = Vault(name, **own)
    vault.item()
    vault.admit("k2", 2)
    vault.admit("k3", 3, roles=("collector",))
    vault.add("hold", {"items": "1"})
    return exported(vault)


def stopped():
    vault = Vault("stopped")
    vault.item()
    vault.admit("k2", 2)
    vault.at = vault.add("suspend", {"act": "suspend", "person": 2})
    return exported(vault)


def collecting():
    """What the collector k2 sealed last is in `waiting`, to a key that the vault had, and he has left."""
    vault = Vault("collecting")
    vault.item()
    vault.admit("k2", 2, roles=("collector",))
    first = vault.collected("k2", 1, "0" * 64)
    vault.take_in(first)
    vault.waiting = vault.collected("k2", 2, hexed(first[2]))
    vault.recipient = vault_recipient("a later vault key")
    vault.add("reseal", {"recipient": vault.recipient.text})
    vault.add("custodian", {"act": "retire", "retired": vault.keys["k2"].actor})
    return exported(vault)


def add_collected(vault):
    return vault.take_in(vault.waiting, accepted=["earlier-key", "retired"])


def succeed(vault):
    following = vault.key("k3")
    statement = vault.statement("closed", {"collector": vault.keys["k3"].actor, "up_to": 0, "prev": "0" * 64, "next": following.text, "time": TIME}, vault.keys["k3"])
    return vault.add("custodian", {"act": "succeed", "statement": statement.decode()})


def run(vault):
    statement = vault.statement("closed", {"collector": vault.keys["k3"].actor, "up_to": 0, "prev": "0" * 64, "time": TIME}, vault.keys["k3"])
    return vault.add("run", {"statement": statement.decode()})


def recover(vault):
    new = vault.keys["k9"] = vault.key("k9")
    return vault.add("recovery", {"custodian": {"person": 4, "key": new.text, "roles": ["custodian"]}, "recovery": vault.key("recovery").text}, by="recovery", cosigner="k9")


HEADERS = b64(bytes(32))
BASES = {"people": people, "stopped": stopped, "collecting": collecting}
# Of each form one entry that is right, with all members that may be there.
FORMS = {
    "item": ("people", lambda vault: vault.item(b"x\n")),
    "item, collected": ("collecting", add_collected),
    "omission": ("people", lambda vault: vault.add("omission", content=b"x\n")),
    "note": ("people", lambda vault: vault.add("note", fields=[("items", "1"), ("text", "seen")])),
    "case": ("people", lambda vault: vault.add("case", fields=[("case", "IR-1"), ("discovered", TIME)])),
    "access": ("people", lambda vault: vault.add("access", fields=[("act", "read"), ("items", "1")])),
    "transfer": ("people", lambda vault: vault.transfer()),
    "receipt": ("people", lambda vault: vault.receipt(b"a note")),
    "hold": ("people", lambda vault: vault.add("hold", {"items": "1-2"})),
    "release": ("people", lambda vault: vault.add("release", {"hold": 4, "items": "1"}, cosigner="k2")),
    "shred": ("people", lambda vault: vault.add("shred", {"items": "2"}, cosigner="k2")),
    "admit": ("people", lambda vault: vault.admit("k4", 4, roles=("collector", "custodian", "witness"), cosigner="k2")),
    "retire": ("people", lambda vault: vault.add("custodian", {"act": "retire", "retired": vault.keys["k3"].actor, "compromised_since": LATER}, cosigner="k2")),
    "rotate": ("people", lambda vault: vault.rotate("k2")),
    "succeed": ("people", succeed),
    "suspend": ("people", lambda vault: vault.add("suspend", {"act": "suspend", "person": 2})),
    "lift": ("stopped", lambda vault: vault.add("suspend", {"act": "lift", "suspend": vault.at, "person": 2})),
    "rule": ("people", lambda vault: vault.add("rule", {"two": ["custodian", "lift", "shred"], "recovery": True}, cosigner="k2")),
    "reader": ("people", lambda vault: vault.add("reader", {"key_file": "ab" * 32, "recovery": vault.key("recovery").text}, cosigner="k2")),
    "reseal": ("people", lambda vault: vault.add("reseal", {"recipient": vault_recipient("next").text, "key_file": "cd" * 32, "items": "1", "headers": HEADERS, "destroy": True}, cosigner="k2")),
    "log-key": ("people", lambda vault: vault.rotate_log()),
    "recovery": ("people", recover),
    "lost-head": ("people", lambda vault: vault.add("lost-head", {"lost": vault.checkpoint(3).decode()}, cosigner="k2")),
    "timestamp": ("people", lambda vault: vault.add("timestamp", {"checkpoint": vault.checkpoint(3).decode(), "token": b64(TOKEN)})),
    "renewal": ("people", lambda vault: (vault.add("timestamp", {"checkpoint": vault.checkpoint(3).decode(), "token": b64(TOKEN)}),
                                         vault.add("timestamp", {"renews": len(vault.entries) - 1, "token": b64(TOKEN)}))[1]),
    "run": ("people", run),
    "statement": ("people", lambda vault: vault.add("statement", {"items": "1"}, [("act", "valued"), ("worth", -3)])),
    "upgrade": ("people", lambda vault: vault.add("upgrade", {"version": 2, "more": {"a": [True, -1, "x"]}}, cosigner="k2")),
    "closed": ("people", lambda vault: vault.add("closed", {"successor": "ef" * 32}, cosigner="k2"))}


@functools.lru_cache(None)
def base(name):
    return BASES[name]()


def with_last(form, edit=None, finish=None):
    """A bundle whose last entry has this form. `edit` changes its members, `finish` its bytes."""
    name, add = FORMS[form]
    vault = fork(base(name))
    end = len(vault.entries) - 1
    vault.edit = edit
    number = add(vault)
    vault.edit = None
    if finish:
        vault.entries[number] = finish(vault.entries[number])
    files = bundle(vault, [1], names={1: PLAIN}, begin=end - 1, end=end, also=[number - 1, number] if form == "renewal" else [number] if number in vault.sealed and form not in ("item", "omission", "item, collected") else [])
    return of_bundle(form, vault, files)


@functools.lru_cache(None)
def honest_value(form):
    name, add = FORMS[form]
    vault = fork(base(name))
    return vault.values[add(vault)]


def entries(chance):
    """Each value and member of each form."""
    while True:
        form = chance.choice(list(FORMS))
        what, data = change_json(chance, honest_value(form))
        yield f"{form}, {what}", functools.partial(with_last, form, spelled(data))


def entry_lines(chance):
    """The line of each form as a whole, and the note around it."""
    rows = []
    for form in FORMS:
        for what, data in of_text_line(encode(honest_value(form)) + b"\n"):
            rows.append((f"{form}, {what}", functools.partial(with_last, form, lambda value, data=data: Spelled(value, data))))
    for form in ("note", "release", "log-key", "recovery"):
        rows += [(f"{form}, {what}", functools.partial(with_last, form, None, change)) for what, change in NOTES]
    return in_turn(chance, rows)


# The genesis, statements.

CONTINUES = {"fingerprint": "ab" * 32, "size": 9, "root": "cd" * 32}


def with_genesis(edit):
    vault = Vault("genesis", genesis=edit, continues=CONTINUES, key_file="ab" * 32)
    vault.item()
    return of_bundle("genesis", vault, bundle(vault, [1], names={1: PLAIN}))


def genesis(chance):
    value = dict(Vault("genesis", continues=CONTINUES, key_file="ab" * 32).values[0])
    lines = of_text_line(encode(value) + b"\n")
    for what, data in lines:
        yield what, functools.partial(with_genesis, lambda value, data=data: Spelled(value, data))
    while True:
        what, data = change_json(chance, value)
        yield what, functools.partial(with_genesis, spelled(data))


# The form of the entry that carries each statement, and that entry's own members.
CARRIERS = {"transfer": ("transfer", {"outcome": "accepted"}), "receipt": ("receipt", {}), "closed": ("run", {}), "succeed": ("custodian", {"act": "succeed"}), "collected": ("item", {})}


def statement_of(vault, kind):
    """The members of a statement, and who signs it."""
    k1, k2, k3 = (vault.keys[one] for one in ("k1", "k2", "k3"))
    receiver, following = Key(f"{ORIGIN}/receiver", bytes(range(32))), Key(k3.name, bytes(range(1, 33)))
    if kind == "transfer":
        return {"released_by": k1.actor, "received_by": k2.actor, "time": TIME}, (k1, k2)
    if kind == "receipt":
        return {"bundle": "ab" * 32, "checkpoint": vault.checkpoint(3).decode(), "made_by": k1.actor, "made": TIME, "received_by": receiver.text, "time": TIME, "outcome": "holds"}, (receiver,)
    begin = {"number": 1} if kind == "collected" else {"up_to": 0}
    recipient = {"recipient": vault.recipient.text} if kind == "collected" else {}
    return {"collector": k3.actor, **begin, "prev": "0" * 64, "next": following.text, **recipient, "time": TIME}, (k3,)


def with_statement(kind, respell=None, finish=None):
    """An entry with a statement, whose text or note is spelled otherwise; or the honest text."""
    vault = fork(base("people"))
    end, (members, keys), (form, own) = len(vault.entries) - 1, statement_of(vault, kind), CARRIERS[kind]
    more, sealed = {}, None
    if kind == "collected":
        sealed = vault.seal(vault.lines([("name", "1.log"), ("size", 2), ("sha256", hexed(b"x\n")), ("state", STATE)]), b"x\n")
        more = vault.sealed_members(sealed)
    elif kind in ("transfer", "receipt"):
        lines = vault.lines([("items", "1"), ("purpose", "analysis")])
        more, sealed = {"fields": fields_digest(lines)}, vault.seal(lines)
    value = {"v": 1, "statement": kind if kind != "succeed" else "closed", "origin": ORIGIN, "fingerprint": vault.fingerprint.hex(), **members, **more}
    if respell is None and finish is None:
        return value
    data = note(Spelled(value, respell) if respell else value, *keys)
    data = (finish(data) if finish else data).decode("utf-8", "surrogateescape")
    number = vault.add(form, {**own, "collected": data, **more} if kind == "collected" else {**own, "statement": data}, sealed=sealed)
    return of_bundle(kind, vault, bundle(vault, [1], names={1: PLAIN}, begin=end - 1, end=end, also=[number] if kind in ("transfer", "receipt") else []))


STATEMENTS = ("transfer", "receipt", "closed", "succeed", "collected")


def statements(chance):
    values = {kind: with_statement(kind) for kind in STATEMENTS}
    rows = [(f"{kind}, {what}", functools.partial(with_statement, kind, data)) for kind in STATEMENTS
            for what, data in of_text_line(encode(values[kind]) + b"\n") if is_text(data)]
    rows += [(f"{kind}, {what}", functools.partial(with_statement, kind, None, change)) for kind in STATEMENTS for what, change in NOTES]
    for row in in_turn(chance, rows):
        yield row
        for _ in range(4):
            kind = chance.choice(STATEMENTS)
            what, data = change_json(chance, values[kind])
            if is_text(data):
                yield f"{kind}, {what}", functools.partial(with_statement, kind, data + b"\n")


def is_text(data):
    """What can be within a text of JSON at all."""
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False
