"""What is done with items and keys: logs of custody, made from nothing by one who has all the keys, and
whether docs/FORMAT.md lets them be. The functions whose names end with `_cells` yield what is done, the
history of it, perhaps a change of the bundle's files, and the verdict."""
import base64
import hashlib

from forging import ACCEPT, NOTE, ORIGIN, REFUSE, Signer, compact, expect, less, replace, second, with_keys

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


def role_cells(forger):
    acts = {"item": ("item", {}), "omission": ("omission", {}), "note": ("note", {}), "admit": ("admit", {"name": "dave"}),
            "retire": ("retire", {"name": "bob"}), "hold": ("hold", {}), "release": ("release", {}),
            "shred": ("shred", {"item": 2}), "rule": ("rule", {}), "read": ("access", {}),
            "export": ("access", {"act": "export"}), "transfer": ("transfer", {})}

    def doing(act, roles=("custodian",), **more):
        method, fields = acts[act]

        def history(log):
            log.item().admit("bob").admit("erin", "collector").admit("carol", *roles).hold("1")
            return getattr(log, method)(**fields, by="carol", **more)
        return history
    yield "a custodian does all there is", lambda log: (
        log.item().admit("bob").admit("carol").hold("1").item("carol").omission("carol").note(by="carol").hold(by="carol")
        .release(by="carol").shred(2, by="carol").access(by="carol")
        .access(by="carol", act="export", recipients=[forger.recipient]).transfer(by="carol")
        .admit("dave", "witness", by="carol").rule("release", by="carol").rule(by="carol", cosigner="bob")
        .rotate("bob", "new bob").retire("new bob", by="carol")), ACCEPT
    for act in acts:
        yield f"a collector's {act}", doing(act, ("collector",)), ACCEPT if act in ("item", "omission") else REFUSE
        may = act in ("admit", "release", "shred", "rule")
        yield f"a custodian's {act}, and another one's", doing(act, cosigner="bob"), ACCEPT if may else REFUSE
        if may:
            yield f"a custodian's {act}, twice", doing(act, cosigner="carol"), REFUSE
            yield f"a custodian's {act}, and a stranger's", doing(act, cosigner="dave"), REFUSE
            yield f"a custodian's {act}, and a collector's", doing(act, cosigner="erin"), REFUSE
    yield "a witness's item", doing("item", ("witness",)), REFUSE
    yield "a witness's hold", doing("hold", ("witness",)), REFUSE
    yield "a collector who is a witness too adds an item", doing("item", ("collector", "witness")), ACCEPT
    yield "a witness replaces its key", lambda log: log.admit("bob", "witness").rotate("bob", "new bob"), REFUSE
    yield "a collector replaces its key", lambda log: (
        log.admit("bob", "collector").rotate("bob", "new bob").item("new bob")), ACCEPT
    yield "a collector's new key is a collector's", lambda log: (
        log.admit("bob", "collector").rotate("bob", "new bob").hold(by="new bob")), REFUSE
    yield "a stranger's item", lambda log: log.item("bob"), REFUSE
    yield "a stranger's hold", lambda log: log.hold(by="bob"), REFUSE
    yield "an item before its key was admitted", lambda log: log.item("bob").admit("bob"), REFUSE
    yield "the log key's item", lambda log: log.item(ORIGIN), REFUSE
    yield "the log's key as a custodian's", lambda log: log.admit(ORIGIN).hold(by=ORIGIN), ACCEPT


def key_cells(forger):
    def begun_by(log, *roles):
        return log.begin(change=custodian_with(roles=list(roles)))
    yield "a key twice", lambda log: log.admit("bob").admit("bob"), REFUSE
    yield "the genesis' key again", lambda log: log.admit("Tester"), REFUSE
    yield "a key under another name", lambda log: log.admit("bob").admit("renamed bob"), REFUSE
    yield "another key of the same name", lambda log: log.admit("bob").admit("new bob").item("new bob").item("bob"), ACCEPT
    yield "a retired key again", lambda log: log.admit("bob").retire("bob").admit("bob"), REFUSE
    yield "a retired key under another name", lambda log: log.admit("bob").retire("bob").admit("renamed bob"), REFUSE
    yield "a replaced key again", lambda log: log.admit("bob").rotate("bob", "new bob").admit("bob"), REFUSE
    yield "a new key is admitted too", lambda log: log.admit("bob").rotate("bob", "new bob").admit("new bob"), REFUSE
    yield "a retired key's item", lambda log: log.admit("bob").item("bob").retire("bob").item("bob"), REFUSE
    yield "a retired key's item before", lambda log: log.admit("bob").item("bob").retire("bob").item(), ACCEPT
    yield "a replaced key's item", lambda log: log.admit("bob").rotate("bob", "new bob").item("bob"), REFUSE
    yield "a replaced key replaces", lambda log: log.admit("bob").rotate("bob", "new bob").rotate("bob", "carol"), REFUSE
    yield "a key in the place of an admitted one", lambda log: log.admit("bob").admit("carol").rotate("bob", "carol"), REFUSE
    yield "a key in its own place", lambda log: log.admit("bob").rotate("bob", "bob"), REFUSE
    yield "a retired key in the place of one", lambda log: (
        log.admit("bob").admit("carol").retire("carol").rotate("bob", "carol")), REFUSE
    yield "the key itself under another name in its place", lambda log: log.admit("bob").rotate("bob", "renamed bob"), REFUSE
    yield "a new key of another name", lambda log: log.rotate("Tester", "bob").item("bob"), ACCEPT
    yield "a new key that did not sign", lambda log: log.rotate("Tester", "bob", cosigner=None), REFUSE
    yield "a new key for which another one signed", lambda log: (
        log.admit("carol").rotate("Tester", "bob", cosigner="carol")), REFUSE
    yield "two retired at once", lambda log: log.admit("bob").retire("bob").retire("bob"), REFUSE
    yield "a stranger is retired", lambda log: log.retire("bob"), REFUSE
    yield "a replaced key is retired", lambda log: log.admit("bob").rotate("bob", "new bob").retire("bob"), REFUSE
    yield "a new key is retired", lambda log: (
        log.admit("bob").rotate("bob", "new bob").retire("new bob")), ACCEPT
    yield "the last custodian retires", lambda log: log.retire("Tester"), REFUSE
    yield "the last custodian, not the last key", lambda log: log.admit("bob", "collector").retire("Tester"), REFUSE
    yield "the last custodian but one retires", lambda log: log.admit("bob").retire("Tester").item("bob"), ACCEPT
    yield "the last one is retired by a new one", lambda log: (
        log.admit("bob").retire("Tester", by="bob").retire("bob", by="bob")), REFUSE
    yield "a witness is retired", lambda log: log.admit("bob", "witness").retire("bob"), ACCEPT
    yield "an admission is left out", lambda log: log.admit("bob").item("bob").leave_out(2), REFUSE
    yield "an admission is left out, and nothing is signed", lambda log: log.admit("bob").item().leave_out(2), ACCEPT
    yield "an admission is left out, and not its retirement", lambda log: log.admit("bob").retire("bob").leave_out(2), REFUSE
    yield "a retirement is left out", lambda log: log.admit("bob").retire("bob").item("bob").leave_out(3), ACCEPT
    yield "a replacement is left out", lambda log: log.rotate("Tester", "bob").item("bob").leave_out(2), REFUSE
    yield "the first one is a collector, and admits", lambda log: begun_by(log, "collector").admit("bob"), REFUSE
    # The entries may be: but there is nobody who might hand them over.
    yield "the first one is a collector, and is replaced", lambda log: (
        begun_by(log, "collector").rotate("Tester", "bob").item("bob")), REFUSE
    yield "the first one is all there is, and is replaced", lambda log: (
        begun_by(log, *second.ROLES).rotate("Tester", "bob").admit("carol", by="bob")), ACCEPT
    yield "the first one has the log's key", lambda log: (
        log.begin(by=ORIGIN, change=custodian_with(key=PEOPLE[ORIGIN].key))), REFUSE
    yield "a key is replaced twice", lambda log: (
        log.admit("bob").rotate("bob", "new bob").rotate("new bob", "carol").hold(by="carol")), ACCEPT
    yield "the last custodian's new key retires", lambda log: log.rotate("Tester", "bob").retire("bob", by="bob"), REFUSE
    yield "the tenth entry after an admission", lambda log: log.skip(6).admit("bob").item().item("bob"), ACCEPT
    yield "the tenth entry after a retirement", lambda log: log.admit("bob").skip(6).retire("bob").item("bob"), REFUSE
    yield "a later custodian is left out, and the first one retires", lambda log: (
        log.admit("bob").retire("Tester").leave_out(2)), REFUSE
    for since, verdict in (("2026-11-24T06:33:34.648Z", ACCEPT), ("0001-01-01T00:00:00.000Z", ACCEPT), ("2026-11-24", REFUSE),
                           ("2026-11-24T06:33:34Z", REFUSE), ("2026-11-24T06:33:34.648+01:00", REFUSE), ("", REFUSE), (5, REFUSE)):
        yield f"a key that others had since {since!r}", lambda log, since=since: (
            log.admit("bob").item("bob").retire("bob", compromised_since=since)), verdict
    yield "a key that others had, and an unknown word", lambda log: (
        log.admit("bob").retire("bob", compromised_since="2026-11-24T06:33:34.648Z", why="")), REFUSE


def rule_cells(forger):
    def two(*acts):
        return lambda log: log.item().admit("bob").rule(*acts)
    everything = two("custodian", "release", "shred")
    yield "a rule where there is one custodian", lambda log: log.rule("shred"), REFUSE
    yield "a rule where there are one and a collector", lambda log: log.admit("bob", "collector").rule("shred"), REFUSE
    yield "a rule where there was another custodian", lambda log: log.admit("bob").retire("bob").rule("shred"), REFUSE
    yield "a rule of nothing where there is one custodian", lambda log: log.rule(), ACCEPT
    yield "a rule of nothing where there are two", lambda log: log.admit("bob").rule(), ACCEPT
    named = (("custodian", "admit", {"name": "carol"}), ("release", "release", {}), ("shred", "shred", {"item": 2}))
    for act, method, fields in named:
        def one(log, method=method, fields=fields, **more):
            return getattr(log.hold("1"), method)(**fields, **more)
        yield f"{method} by one against the rule", lambda log, act=act, one=one: one(two(act)(log)), REFUSE
        yield f"{method} by two under the rule", lambda log, act=act, one=one: one(two(act)(log), cosigner="bob"), ACCEPT
        yield f"{method} by one under a rule that was lifted", lambda log, act=act, one=one: (
            one(two(act)(log).rule(cosigner="bob"))), ACCEPT
        others = [other for other in second.NEED_TWO if other != act]
        yield f"{method} by one under another rule", lambda log, others=others, one=one: one(two(*others)(log)), ACCEPT
        yield f"{method} by one, and the rule is left out", lambda log, act=act, one=one: one(two(act)(log)).leave_out(4), ACCEPT
    yield "a rule is lifted by one", lambda log: two("shred")(log).rule(), REFUSE
    yield "a rule is changed by one", lambda log: two("shred")(log).rule("shred", "release"), REFUSE
    yield "a rule is changed by two", lambda log: two("shred")(log).rule("custodian", cosigner="bob").shred(), ACCEPT
    yield "a rule is lifted, and made by one again", lambda log: two("shred")(log).rule(cosigner="bob").rule("release"), ACCEPT
    yield "a retirement by one under a rule of all", lambda log: everything(log).retire("bob"), ACCEPT
    yield "a release by the one who was left", lambda log: everything(log).hold().retire("bob").release(), REFUSE
    yield "a release with the one who left", lambda log: everything(log).hold().retire("bob").release(cosigner="bob"), REFUSE
    yield "a rule is lifted by the one who was left", lambda log: everything(log).retire("bob").rule(), REFUSE
    yield "an admission by the one who was left", lambda log: everything(log).retire("bob").admit("carol"), REFUSE
    yield "a replacement under a rule of all", lambda log: (
        everything(log).hold().rotate("bob", "new bob").release(cosigner="new bob")), ACCEPT
    yield "an admitted key admits itself as the second", lambda log: (
        two("custodian")(log).admit("carol", cosigner="carol")), REFUSE


def item_cells(forger):
    """Entries 0 to 5: the genesis, items 1 and 2, an admission, a note, another admission."""
    def begin(log):
        return log.item().admit("carol", "collector").note("1").admit("bob")

    def twice(log):
        return begin(log).hold("2").hold("1-2").release("2")
    named = {"hold": lambda log, items: log.hold(items), "note": lambda log, items: log.note(items),
             "read": lambda log, items: log.access(items), "export": lambda log, items: log.access(items, act="export"),
             "transfer": lambda log, items: log.transfer(items)}
    for act, do in named.items():
        def then(items, do=do):
            return lambda log: do(begin(log), items)
        yield f"{act} of two items", then("1-2"), ACCEPT
        yield f"{act} of a note", then("4"), ACCEPT
        yield f"{act} of the genesis", then("0"), REFUSE
        yield f"{act} of an admission", then("1-3"), REFUSE
        yield f"{act} of itself", then("6"), REFUSE
        yield f"{act} of an item that comes later", lambda log, do=do: do(begin(log), "7").item(), REFUSE
        yield f"{act} of an item that comes later and is left out", lambda log, do=do: (
            do(begin(log), "7").item().leave_out(7)), REFUSE
        yield f"{act} of an item that was left out", lambda log, do=do: do(begin(log), "1-2").leave_out(2), ACCEPT
        yield f"{act} of an admission that was left out", lambda log, do=do: do(begin(log), "2-3").leave_out(3), ACCEPT
        verdict = ACCEPT if act == "note" else REFUSE
        yield f"{act} of what is shredded", lambda log, do=do: do(begin(log).shred(2), "1-2"), verdict
        yield f"{act} of what is shredded and left out", lambda log, do=do: do(begin(log).shred(2), "2").leave_out(2), verdict
        yield f"{act} of what is shredded, and the shred is left out", lambda log, do=do: (
            do(begin(log).shred(2), "2").leave_out(6)), ACCEPT
    yield "a shred of the genesis", lambda log: begin(log).shred(0), REFUSE
    yield "a shred of an admission", lambda log: begin(log).shred(3), REFUSE
    yield "a shred of an admission that is left out", lambda log: begin(log).shred(3).leave_out(3), ACCEPT
    yield "a shred of itself", lambda log: begin(log).shred(6), REFUSE
    yield "a shred of a note", lambda log: begin(log).shred(4), ACCEPT
    yield "a shred twice", lambda log: begin(log).shred(2).shred(2), REFUSE
    yield "a shred twice of what is left out", lambda log: begin(log).shred(2).shred(2).leave_out(2), REFUSE
    yield "a shred of what is held", lambda log: begin(log).hold("2").shred(2), REFUSE
    yield "a shred of what is held, and the hold is left out", lambda log: begin(log).hold("2").shred(2).leave_out(6), ACCEPT
    yield "a shred of what is held and left out", lambda log: begin(log).hold("2").shred(2).leave_out(2), REFUSE
    yield "a shred of what is held twice and released once", lambda log: twice(log).shred(2), REFUSE
    yield "a shred of what is held twice and released twice", lambda log: twice(log).release("1-2").shred(2), ACCEPT
    yield "a release of what is not held", lambda log: begin(log).release("2"), REFUSE
    yield "a release of what is not held and left out", lambda log: begin(log).release("2").leave_out(2), REFUSE
    yield "a release of more than is held", lambda log: begin(log).hold("1").release("1-2"), REFUSE
    yield "a release twice", lambda log: begin(log).hold("1").release("1").release("1"), REFUSE
    yield "a release of what is shredded", lambda log: begin(log).shred(2).release("2"), REFUSE
    yield "a hold of an omission", lambda log: log.omission().hold("2"), ACCEPT


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


def cosigner_cells(forger):
    def release(**more):
        return lambda log: log.admit("bob").admit("carol").hold().release(cosigner="bob", **more)

    def lines_swapped(note):
        text, _, lines = note.partition(b"\n\n")
        return text + b"\n\n" + b"".join(reversed(lines.splitlines(keepends=True)))

    def second_line(by):
        return lambda note: note[:note.rindex(b"\xe2\x80\x94")] + PEOPLE[by].line(note.partition(b"\n\n")[0] + b"\n")

    def moved(entry):
        return {**{key: entry[key] for key in ("v", "type", "cosigner")}, **entry}
    yield "two signatures", release(), ACCEPT
    yield "two signatures, the cosigner's first", release(after=lines_swapped), REFUSE
    yield "the cosigner's signature is missing", release(after=lambda note: note[:note.rindex(b"\xe2\x80\x94")]), REFUSE
    yield "the actor's signature is missing", release(
        after=lambda note: note[:note.index(b"\n\n") + 2] + note[note.rindex(b"\xe2\x80\x94"):]), REFUSE
    yield "the cosigner's signature is wrong", release(after=wrongly_signed), REFUSE
    yield "the cosigner's signature is another one's", release(after=second_line("carol")), REFUSE
    yield "the cosigner's signature is of his next key", release(after=second_line("new bob")), REFUSE
    yield "three signatures", release(after=lambda note: note + PEOPLE["carol"].line(note.partition(b"\n\n")[0] + b"\n")), REFUSE
    yield "a signature of a cosigner who is not named", release(change=less("cosigner")), REFUSE
    yield "another cosigner is named", release(change=with_keys(cosigner=PEOPLE["carol"].actor)), REFUSE
    yield "the cosigner's key is named", release(change=with_keys(cosigner=PEOPLE["bob"].key)), REFUSE
    yield "the cosigner is nobody", release(change=with_keys(cosigner="")), REFUSE
    yield "the cosigner stands elsewhere", release(change=moved), REFUSE
    yield "a cosigner in the genesis", lambda log: log.begin(cosigner="bob"), REFUSE
    namesakes = {"by": "bob", "cosigner": "new bob"}
    yield "two of one name", lambda log: log.admit("bob").admit("new bob").hold().release(**namesakes), ACCEPT
    yield "two of one name, swapped", lambda log: (
        log.admit("bob").admit("new bob").hold().release(**namesakes, after=lines_swapped)), REFUSE
    yield "a cosigner who was retired", lambda log: log.admit("bob").hold().retire("bob").release(cosigner="bob"), REFUSE
    yield "a cosigner who comes later", lambda log: log.hold().release(cosigner="bob").admit("bob"), REFUSE
    yield "an admission with one who was retired", lambda log: (
        log.admit("bob").rule("custodian").retire("bob").admit("carol", cosigner="bob")), REFUSE


def part_cells(forger):
    """What lies beside the entries: with a change of the bundle's files."""
    def history(log):
        return log.hold().note()      # 2 and 3
    def copied(name, to):
        return lambda files: {**files, to: files[name]}
    yield "a hold and a note", history, lambda files: files, ACCEPT
    for name in ("data/2.age", "data/2-a.txt", "data/0.age"):
        yield f"{name} beside an entry without a sealed file", history, copied("data/1.age", name), REFUSE
    for name in ("proof/2.header", "proof/2.metadata.json", "proof/0.header"):
        yield f"{name} beside an entry without a sealed file", history, copied("proof/1.header", name), REFUSE
    for name in ("proof/2.entry", "proof/2.tlog-proof", "proof/3.header", "data/3.age", "proof/3.entry", "proof/3.tlog-proof"):
        yield f"without {name}", history, less(name), REFUSE
    yield "without the hold", lambda log: history(log).leave_out(2), lambda files: files, ACCEPT
    yield "without the note", lambda log: history(log).leave_out(3), lambda files: files, ACCEPT
    yield "a note alone", lambda log: history(log).leave_out(1), lambda files: files, ACCEPT
    yield "an omission alone", lambda log: log.omission().leave_out(1), lambda files: files, ACCEPT
    yield "no sealed file", lambda log: log.hold().leave_out(1), lambda files: files, REFUSE
    yield "the genesis alone", lambda log: log.leave_out(1), lambda files: files, REFUSE
    def plain(*numbers, key=forger.identity.encode()):
        def change(files):
            originals = {f"data/{number}-a.txt": NOTE for number in numbers}
            metadata = {f"proof/{number}.metadata.json": forger.metadata for number in numbers}
            return {**files, **originals, **metadata, "proof/identity.txt": key}
        return change
    yield "a plain item and a plain note", history, plain(1, 3), ACCEPT
    yield "a plain item, and no plain note", history, plain(1), REFUSE
    yield "a plain note without metadata", history, lambda files: less("proof/3.metadata.json")(plain(1, 3)(files)), REFUSE
    yield "a plain note that is another one", history, lambda files: {**plain(1, 3)(files), "data/3-a.txt": b"x"}, REFUSE
    yield "a plain item and a plain hold", history, plain(1, 2, 3), REFUSE
    yield "a hold's proof is the item's", history, copied("proof/1.tlog-proof", "proof/2.tlog-proof"), REFUSE
    yield "the hold and its proof at another position", history, lambda files: {
        **less("proof/2.entry")(less("proof/2.tlog-proof")(files)), "proof/4.entry": files["proof/2.entry"],
        "proof/4.tlog-proof": files["proof/2.tlog-proof"]}, REFUSE
