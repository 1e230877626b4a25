"""Logs of custody, made from nothing by one who has all the keys: act by act as a test wants them, or by chance."""
import base64
import hashlib
import random

from forging import ORIGIN, Forger, Signer, compact, expect, second, with_keys

PEOPLE = {name: Signer(name) for name in ("Tester", "bob", "carol", "dave", "erin", "stranger", ORIGIN)}
PEOPLE |= {"new bob": Signer("bob", "bob's next"), "renamed bob": Signer("robert", "bob")}


def path_of(leaves, index):
    """The hashes from the leaf to the root, and the root (RFC 6962, section 2.1.1)."""
    if len(leaves) == 1:
        return [], leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = path_of(leaves[:half], index), path_of(leaves[half:], max(index - half, 0))
    path, other = (left[0], right[1]) if index < half else (right[0], left[1])
    return [*path, other], second.node_hash(left[1], right[1])


def bech32_encode(prefix, data):
    """An age recipient (BIP 173) of 32 bytes."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    number = int.from_bytes(data, "big") << 4
    values = [number >> 5 * place & 31 for place in reversed(range(52))]
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= constant if top >> bit & 1 else 0
    check ^= 1
    return prefix + "1" + "".join(alphabet[value] for value in values + [check >> 5 * place & 31 for place in reversed(range(6))])


# Recipients whose secrets nobody knows.
OTHER_KEYS = [bech32_encode("age", hashlib.sha256(name.encode()).digest()) for name in ("second", "third", "reader", "other reader")]


class History:
    """A log whose entries are signed as told, from its genesis and one item on. Each act returns the history,
    so that one can follow the other."""

    def __init__(self, forger):
        self.forger = forger
        self.header, self.payload, self.shape = forger.sealed
        self.begin()

    def begin(self, **more):
        self.entries, self.leaves, self.sealed, self.absent = [], [], set(), set()
        self.act("genesis", **more, recipient=self.forger.recipient, log=self.forger.log.key,
                 custodian=self.person("Tester", ["custodian"]))
        return self.item()

    @staticmethod
    def person(name, roles):
        return {"name": name, "key": PEOPLE[name].key, "roles": roles}

    def act(self, kind, by="Tester", cosigner=None, change=None, text=None, after=None, **fields):
        """One entry. `change`, `text` and `after` make its object, its line or the signed note another one."""
        entry = {"v": 1, "type": kind, "origin": ORIGIN, "seq": len(self.entries),
                 "prev": self.leaves[-1].hex() if self.leaves else second.ZERO_HASH, "time": "2026-11-24T06:33:34.648Z",
                 "actor": PEOPLE[by].actor, **({"cosigner": PEOPLE[cosigner].actor} if cosigner else {}), **fields}
        line = compact(change(entry) if change else entry) + b"\n"
        line = text(line) if text else line
        note = PEOPLE[by].note(line) + (PEOPLE[cosigner].line(line) if cosigner else b"")
        self.entries.append(after(note) if after else note)
        self.leaves.append(second.leaf_hash(self.entries[-1]))
        return self

    def seal(self, kind, by, **more):
        self.sealed.add(len(self.entries))
        return self.act(kind, by, **more, header=hashlib.sha256(self.header).hexdigest(), payload=self.shape)

    def item(self, by="Tester", **more):
        return self.seal("item", by, **more)

    def omission(self, by="Tester", **more):
        return self.seal("omission", by, **more, count=1)

    def note(self, items="1", by="Tester", **more):
        return self.seal("note", by, **more, items=items)

    def admit(self, name, *roles, by="Tester", person=None, **more):
        custodian = {**self.person(name, list(roles) or ["custodian"]), **(person or {})}
        return self.act("custodian", by, **more, act="admit", custodian=custodian)

    def retire(self, name, by="Tester", **more):
        return self.act("custodian", by, **{"act": "retire", "key": PEOPLE[name].actor, "reason": "left", **more})

    def rotate(self, by, to, **more):
        return self.act("custodian", by, **{"cosigner": to, **more}, act="rotate", key=PEOPLE[to].key)

    def hold(self, items="1", by="Tester", kind="hold", **more):
        return self.act(kind, by, **more, items=items, authority="a court", reason="a suit")

    def release(self, items="1", by="Tester", **more):
        return self.hold(items, by, "release", **more)

    def shred(self, item=1, by="Tester", **more):
        return self.act("shred", by, **more, item=item, authority="a law", reason="its time is over")

    def rule(self, *acts, by="Tester", **more):
        return self.act("rule", by, **more, two=list(acts))

    def access(self, items="1", by="Tester", act="read", recipients=None, **more):
        return self.act("access", by, **more, act=act, items=items, purpose="to know",
                        **({"recipients": recipients} if recipients else {}))

    def transfer(self, items="1", by="Tester", outcome="accepted", parties=("Tester", "bob"), signers=None,
                 statement=None, line=None, signed=None, **more):
        """`statement`, `line` and `signed` make the statement's object, its line or its signed note another one."""
        value = {"v": 1, "statement": "transfer", "origin": ORIGIN, "items": items, "leaves": self.root_over(items),
                 "released_by": PEOPLE[parties[0]].actor, "received_by": PEOPLE[parties[1]].actor,
                 "time": "2026-11-24T06:33:34.648Z", "purpose": "to examine"}
        text = compact(statement(value) if statement else value) + b"\n"
        text = line(text) if line else text
        if signers is None:
            signers = parties if outcome == "accepted" else parties[:1]
        note = text + b"\n" + b"".join(PEOPLE[name].line(text) for name in signers)
        return self.act("transfer", by, **more, outcome=outcome, statement=(signed(note) if signed else note).decode())

    def readers(self, *readers, by="Tester", key_file="1" * 64, **more):
        listed = [reader if type(reader) is dict else {"recipient": reader} for reader in readers]
        return self.act("reader", by, **more, readers=listed, key_file=key_file)

    def reseal(self, items="1", to=None, by="Tester", headers=None, key_file="2" * 64, **more):
        count = sum(last - first + 1 for first, last in second.parse_items(items) or ())
        headers = base64.b64encode(headers if headers is not None else bytes(32) * count).decode()
        return self.act("reseal", by, **more, recipient=to or OTHER_KEYS[0], **({"key_file": key_file} if key_file else {}),
                        **({"items": items, "headers": headers} if items else {}))

    def collected(self, number=1, of="bob", by="Tester", signer=None, statement=None, signed=None, **more):
        """`statement` and `signed` make the collector's statement or its signed note another one."""
        value = {"v": 1, "statement": "collected", "origin": ORIGIN, "collector": PEOPLE[of].actor, "number": number,
                 "recipient": self.forger.recipient, "time": "2026-11-24T06:33:34.648Z",
                 "header": hashlib.sha256(self.header).hexdigest(), "payload": self.shape}
        note = PEOPLE[signer or of].note(compact(statement(value) if statement else value) + b"\n")
        return self.seal_with("item", by, {"collected": (signed(note) if signed else note).decode()}, **more)

    def checkpoint(self, size=None):
        """Of the log at that size, signed."""
        size = len(self.leaves) if size is None else size
        root = base64.b64encode(path_of(self.leaves[:size], 0)[1] if 0 < size <= len(self.leaves)
                                else bytes(32) if size else second.EMPTY_ROOT).decode()
        return self.forger.log.note(f"{ORIGIN}\n{size}\n{root}\n".encode())

    def receipt(self, items="1", by="Tester", of="stranger", signer=None, statement=None, line=None, signed=None, **more):
        """What somebody signed who received a bundle; as `transfer`."""
        value = {"v": 1, "statement": "receipt", "origin": ORIGIN, "bundle": "7" * 64, "checkpoint": self.checkpoint().decode(),
                 "made_by": PEOPLE["Tester"].actor, "made": "2026-11-24T06:33:34.648Z", "received_by": PEOPLE[of].key,
                 "time": "2026-11-25T06:33:34.648Z", "outcome": "holds", "depth": "content", "believed": ["fingerprint", "policy"],
                 "items": items}
        text = compact(statement(value) if statement else value) + b"\n"
        note = PEOPLE[signer or of].note(line(text) if line else text)
        return self.act("receipt", by, **more, receipt=(signed(note) if signed else note).decode())

    def case(self, by="Tester", **more):
        return self.seal("case", by, **more)

    def seal_with(self, kind, by, behind, **more):
        self.sealed.add(len(self.entries))
        return self.act(kind, by, **more, header=hashlib.sha256(self.header).hexdigest(), payload=self.shape, **behind)

    def root_over(self, items):
        tree = second.TreeHash()
        for first, last in second.parse_items(items) or [(0, 0)]:
            for number in range(first, min(last + 1, len(self.leaves))):
                tree.add(self.leaves[number])
        return tree.root().hex() if tree.count else second.ZERO_HASH

    def leave_out(self, *numbers):
        """These stand in the log, but not in the bundle."""
        self.absent.update(numbers)
        return self

    def skip(self, count):
        """Entries of which nothing but their hashes is known."""
        self.absent.update(range(len(self.entries), len(self.entries) + count))
        self.entries += [b""] * count
        self.leaves += [bytes(32)] * count
        return self

    def write(self, change=lambda files: files):
        """A sealed bundle of the history."""
        files, root = self.forger.bag_texts(), base64.b64encode(path_of(self.leaves, 0)[1]).decode()
        checkpoint = self.forger.log.note(f"{ORIGIN}\n{len(self.leaves)}\n{root}\n".encode())
        for number, entry in enumerate(self.entries):
            if number in self.absent:
                continue
            path = "".join(f"{base64.b64encode(one).decode()}\n" for one in path_of(self.leaves, number)[0])
            files[f"proof/{number}.entry"] = entry
            files[f"proof/{number}.tlog-proof"] = f"c2sp.org/tlog-proof@v1\nindex {number}\n{path}\n".encode() + checkpoint
            if number in self.sealed:
                files[f"proof/{number}.header"], files[f"data/{number}.age"] = self.header, self.header + self.payload
        return self.forger.write_bag(change(files))


def some_items(chance, log):
    """A few positions in their one spelling, mostly of what has a sealed file."""
    known = sorted(log.sealed) if chance.random() < 0.9 else range(len(log.entries) + 1)
    chosen = sorted(chance.sample(known, min(len(known), chance.choice((1, 1, 2, 3)))))
    ranges = []
    for number in chosen:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def vault_key(log):
    """What items are sealed to, as the history last says."""
    for entry in reversed(log.entries):
        try:
            value = second.parse_entry(entry)[0]
        except second.Finding:
            continue
        if value["type"] in ("genesis", "reseal"):
            return value["recipient"]


def random_act(chance, log):
    """One act by one and about one whom chance chose, and sometimes with a cosigner where none belongs."""
    names = ("Tester", "Tester", "bob", "carol", "dave", "new bob", "renamed bob")
    by, other, items = chance.choice(names), chance.choice(names), some_items(chance, log)
    two = {"cosigner": chance.choice(names)} if chance.random() < 0.3 else {}
    never = two if chance.random() < 0.1 else {}
    roles = chance.choice((["custodian"], ["custodian"], ["collector"], ["witness"], ["collector", "custodian"]))
    acts = {
        "item": lambda: log.item(by, **never), "note": lambda: log.note(items, by, **never),
        "hold": lambda: log.hold(items, by, **never), "admit": lambda: log.admit(other, *roles, by=by, **two),
        "retire": lambda: log.retire(other, by, **never), "rotate": lambda: log.rotate(by, other, **never),
        "release": lambda: log.release(items, by, **two),
        "shred": lambda: log.shred(chance.choice(sorted(log.sealed)), by, **two),
        "rule": lambda: log.rule(*(act for act in second.NEED_TWO if chance.random() < 0.4), by=by, **two),
        "access": lambda: log.access(items, by, chance.choice(("read", "export")), **never),
        "reader": lambda: log.readers(chance.choice(OTHER_KEYS), by=by, **two),
        "reseal": lambda: log.reseal(items, chance.choice(OTHER_KEYS), by, **two),
        "receipt": lambda: log.receipt(items, by, other, **never), "case": lambda: log.case(by, **never),
        "collected": lambda: log.collected(chance.randrange(1, 4), other, by, statement=with_keys(recipient=vault_key(log)), **never),
        "transfer": lambda: log.transfer(items, by, chance.choice(second.OUTCOMES), (by, other), **never)}
    acts[chance.choice((*acts, "admit", "hold", "release", "transfer"))]()


def wander(chance, forger, length=16, wrong=0.15):
    """A history of acts at random. Of those that break a rule only this share is made, so that it gets somewhere."""
    log = History(forger)
    genesis = second.parse_entry(log.entries[0])[0]
    custody = second.Custody(genesis["custodian"], second.parse_key(genesis["log"], "genesis-malformed"), genesis["recipient"])
    for number, entry in enumerate(log.entries):
        custody.take(number, second.parse_entry(entry)[0], log.leaves[number])
    while len(log.entries) < length:
        random_act(chance, log)
        number = len(log.leaves) - 1
        try:
            entry, text, signatures = second.parse_entry(log.entries[-1])
        except second.Finding:      # it has not even the form of one
            log.sealed.discard(number)
            log.entries.pop(), log.leaves.pop()
            continue
        custody.take(number, entry, log.leaves[-1])
        try:
            custody.follow(entry, text, signatures)
        except second.Finding:
            if chance.random() < 1 - wrong:
                for known in (log, custody):
                    known.sealed.discard(number)
                log.entries.pop(), log.leaves.pop(), custody.positions.pop(), custody.leaves.pop(number)
    return log.leave_out(*(number for number in range(2, length) if chance.random() < chance.choice((0, 0.15))))


def a_random_history_is_blamed_for_the_same_entries(world):
    """An act that broke a rule changes nothing behind it, so the two must not only refuse, but name the same."""
    forger, blamed, entries = Forger(world), 0, 0
    for seed in range(12):
        history = wander(random.Random(seed), forger)
        bundle = history.write()
        verifier = second.Verifier(str(bundle), None, [])
        verifier.run()
        ours = {int(finding["where"].partition("entry ")[2] or -1) for finding in verifier.findings}
        theirs = {finding.get("entry", -1) for finding in world.findings(bundle)}
        if ours != theirs:
            world.failures.append(seed)
            print(f"DIFFER  seed {seed}: exhibit-verify blames {sorted(theirs - ours)} more, verify_bundle.py {sorted(ours - theirs)}")
        world.cells, blamed, entries = world.cells + 1, blamed + len(ours), entries + len(history.entries)
    expect(entries / 10 < blamed < entries / 1.5, f"{blamed} of {entries} entries are blamed: chance has no balance")
