"""Makes vaults, bundles and proofs in the formats of docs/FORMAT.md, honest or not. No program of Exhibit is used.

`Vault` writes entries and seals files; `bundle` and `proof` write what a receiver gets. Each takes hooks that change one
thing on the way, so that what comes after is consistent with the lie.
"""
import hashlib
import hmac
import json

from pieces import LAW, NO_SEALED_FILE, ORIGIN, TIME, Key, MlDsaKey, Random, Recipient, Sealed, b64, edited, field_line, fields_digest, header_for, hexed, key_of, layout_for, leaf, list_line, note, parts_of, payload_for, plaintext_of
from vectors import hkdf, part_salt, root_of, sha256


class Vault:
    """A log, its keys, and what is sealed. Handles are `k1`, `k2` …; `k1` is the first custodian, of person 1."""

    def __init__(self, seed="exhibit", label_count=4, recovery=True, ml_dsa=False, genesis=None, **own):
        self.random, self.label_count = Random(seed), label_count
        self.log = Key(ORIGIN, self.random(32))
        self.keys = {"k1": self.key("k1"), "recovery": Key(f"{ORIGIN}/recovery", self.random(32))}
        self.witness = Key("witness.example/w1", self.random(32), kind=4)
        self.recipient, self.label_secret = Recipient(self.random(32)), self.random(32)
        self.entries, self.values, self.sealed, self.content = [], [], {}, {}
        self.edit = None        # what changes each entry that has no hook of its own
        self.log_keys, self.ml_dsa = [(0, self.log)], MlDsaKey(ORIGIN, self.random(32)) if ml_dsa else None
        members = {"suite": 1, "label_count": label_count, "pad": 1, "recipient": self.recipient.text, "log": [self.log.text, *([self.ml_dsa.text] if ml_dsa else [])],
                   "custodian": {"person": 1, "key": self.keys["k1"].text, "roles": ["custodian"]}}
        if recovery:
            members["recovery"] = self.keys["recovery"].text
        members.update(own)
        self.add("genesis", members, [("custodian", {"person": 1, "name": "Alice Examiner"}), ("reader-1", {"recipient": self.recipient.text, "name": "Alice"})],
                 edit=genesis)

    def key(self, handle):
        return Key(f"{ORIGIN}/{handle}", self.random(32))

    @property
    def fingerprint(self):
        return leaf(self.entries[0])

    def law(self):
        """The newest law entry so far."""
        return max((at for at, value in enumerate(self.values) if value["type"] in LAW or (value["type"] == "reseal" and "recipient" in value)), default=0)

    def case_key(self, case):
        return hmac.digest(self.label_secret, b"exhibit-case\n" + case.encode(), "sha256")

    def labels(self, cases, header):
        own = [hmac.digest(self.case_key(case), b"exhibit-label\n" + self.fingerprint + sha256(header), "sha256")[:16] for case in cases]
        return b64(b"".join(sorted(own + [self.random(16) for _ in range(self.label_count - len(own))])))

    def lines(self, fields):
        return sorted((field_line(self.random(16), key, value) for key, value in fields), key=lambda line: key_of(line).encode())

    def seal(self, lines, content=b"", edit=None, recipients=None):
        file_key = self.random(16)
        plaintext, fields_at = plaintext_of(content, lines, edit)
        payload = payload_for(self.random(16), file_key, plaintext)
        header = header_for(self.random, file_key, recipients or [self.recipient.public])
        return Sealed(header, payload, layout_for(payload, fields_at), file_key, lines)

    def sealed_members(self, sealed, cases=()):
        return {"labels": self.labels(cases, sealed.header), "header": hexed(sealed.header), "key": hkdf(sealed.file_key, b"", b"exhibit key commitment").hex(),
                "payload": hexed(sealed.layout), "fields": fields_digest(sealed.lines)}

    def add(self, kind, members=None, fields=None, content=b"", by="k1", cosigner=None, more=(), edit=None, edit_lines=None, edit_plaintext=None,
            cases=(), sealed=None, signers=None, time=TIME):
        """Adds an entry, and gives its position. `edit` changes its members before it is signed, `signers` who signs."""
        number = len(self.entries)
        actor = self.keys[by]
        value = {"v": 1, "type": kind, "origin": ORIGIN, "seq": number, "prev": leaf(self.entries[-1]).hex() if number else "0" * 64,
                 "law": self.law(), "time": time, "actor": actor.actor}
        if cosigner:
            value["cosigner"] = self.keys[cosigner].actor
        value.update(members or {})
        if kind not in NO_SEALED_FILE and sealed is None and kind != "upgrade":
            lines = self.lines(fields or [("reason", "because it was asked for")])
            lines = edit_lines(lines) if edit_lines else lines
            sealed = self.seal(lines, content, edit_plaintext)
        if sealed:
            value.update(self.sealed_members(sealed, cases) if "labels" not in value else {})
            self.sealed[number], self.content[number] = sealed, content
        value = edited(value, edit or self.edit)
        keys = signers or [actor, *([self.keys[cosigner]] if cosigner else []), *more]
        self.values.append(value)
        self.entries.append(note(value, *keys))
        return number

    def item(self, content=b"Hello.\nYour network has been penetrated.\n" * 4, name="README.txt", path="share/README.txt", source="fs01",
             fields=(), without=(), case="IR-2025-014", cases=None, parts=None, **more):
        own = {"name": name, "path": path, "source": source, "kind": "ransom-message", "size": len(content), "sha256": hexed(content),
               "state": {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"}, "case": case,
               "times": {"modified": "2026-11-25T19:12:46.135412776Z", "changed": None, "accessed": None, "born": None},
               "acquired": {"at": "2026-11-25T19:12:53Z", "by": "Alice Examiner", "method": "copy", "offset_ms": -12}}
        if parts:
            seed = self.random(32)
            leaves = [leaf(part_salt(seed, at) + part) for at, part in enumerate(parts_of(content, parts))]
            own |= {"parts": {"by": parts, "count": len(leaves), "root": root_of(leaves).hex()}, "parts-seed": seed.hex()}
        own |= dict(fields)
        fields = [(key, value) for key, value in own.items() if key not in without]
        return self.add("item", fields=fields, content=content, cases=cases or [case], **more)

    def admit(self, handle, person, roles=("custodian",), **more):
        self.keys[handle] = self.key(handle)
        return self.add("custodian", {"act": "admit", "custodian": {"person": person, "key": self.keys[handle].text, "roles": list(roles)}},
                        [("custodian", {"person": person, "name": f"Person {person}"})], **more)

    def rotate(self, handle, **more):
        new = self.key(handle)
        old, self.keys["new"] = self.keys[handle], new
        self.keys[f"{handle}-old"] = old
        number = self.add("custodian", {"act": "rotate", "new_key": new.text}, by=handle, cosigner="new", **more)
        self.keys[handle] = new
        return number

    def rotate_log(self, **more):
        new = Key(ORIGIN, self.random(32))
        number = self.add("log-key", {"log": [new.text]}, more=[self.log_keys[-1][1], new], **more)
        self.log_keys.append((number, new))
        return number

    def log_key(self, size):
        return [key for since, key in self.log_keys if since < size or since == 0][-1]

    def checkpoint(self, size=None, root=None, cosigned=None, key=None):
        size = len(self.entries) if size is None else size
        root = root or root_of([leaf(entry) for entry in self.entries[:size]])
        text = f"{ORIGIN}\n{size}\n{b64(root)}\n".encode()
        lines = (key or self.log_key(size)).line(text) + (self.ml_dsa.line(text) if self.ml_dsa and not key else b"") + (self.witness.cosignature(text, cosigned) if cosigned else b"")
        return text + b"\n" + lines

    # Statements.

    def statement(self, kind, members, *keys):
        value = {"v": 1, "statement": kind, "origin": ORIGIN, "fingerprint": self.fingerprint.hex(), **members}
        return note(value, *keys)

    def collected(self, collector, number, prev, content=b"collected\n", following=None, recipient=None, edit=None, key=None, outcome=None):
        """The sealed file, the statement, and the members of an item that a collector sealed."""
        lines = self.lines([("name", f"{number}.log"), ("size", len(content)), ("sha256", hexed(content)),
                            ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})])
        sealed = self.seal(lines, content)
        own = self.sealed_members(sealed)
        members = {"collector": self.keys[collector].actor, "number": number, "prev": prev,
                   **({"next": following.text} if following else {}), "recipient": recipient or self.recipient.text, "time": TIME, **own}
        members = edit(members) if edit else members
        return sealed, own, self.statement("collected", members, key or self.keys[collector]), content

    def take_in(self, collected, by="k1", accepted=None, edit=None):
        sealed, own, statement, content = collected
        members = {"collected": statement.decode(), **({"accepted": accepted} if accepted else {}), **own}
        number = self.add("item", members, sealed=sealed, by=by, edit=edit)
        self.content[number] = content
        return number

    def transfer(self, released="k1", received="k2", outcome="accepted", fields=None, items=None, edit=None, signers=None):
        items = items or "1"
        numbers = [int(one) for one in items.split(",")]
        leaves = root_of([leaf(self.entries[number]) for number in numbers]).hex()
        lines = self.lines(fields or [("items", items), ("leaves", leaves), ("purpose", "analysis")])
        sealed = self.seal(lines)
        members = {"released_by": self.keys[released].actor, "received_by": self.keys[received].actor, "time": TIME, "fields": fields_digest(lines)}
        members = edit(members) if edit else members
        keys = signers or [self.keys[released], *([self.keys[received]] if outcome == "accepted" else [])]
        return self.add("transfer", {"outcome": outcome, "statement": self.statement("transfer", members, *keys).decode()}, sealed=sealed, by=released)

    def receipt(self, bundle_note, made_by="k1", edit=None, name="/receiver"):
        receiver = Key(ORIGIN + name, self.random(32))
        lines = self.lines([("items", "1"), ("depth", "fields"), ("received-by", {"name": "Ida", "organisation": "St Mary"})])
        members = {"bundle": hexed(bundle_note), "checkpoint": self.checkpoint().decode(), "made_by": self.keys[made_by].actor, "made": TIME,
                   "received_by": receiver.text, "time": TIME, "outcome": "holds", "fields": fields_digest(lines)}
        members = edit(members) if edit else members
        return self.add("receipt", {"statement": self.statement("receipt", members, receiver).decode()}, sealed=self.seal(lines))


# What a receiver gets.

def law_of(entry):
    return json.loads(entry.split(b"\n", 1)[0])["law"]


def chain_of(vault, size):
    """The last entry and all that `law` leads to."""
    chain, at = {size - 1}, size - 1
    while at:
        at = vault.values[at]["law"]
        chain.add(at)
    return chain


def untold(told, begin, end):
    """Largest subtrees without a told position."""
    if not any(begin <= one < end for one in told):
        level = (end - begin - 1).bit_length()
        return [(level, begin >> level, begin, end)]
    if end - begin == 1:
        return []
    middle = begin + (1 << (end - begin - 1).bit_length() - 1)
    return untold(told, begin, middle) + untold(told, middle, end)


def hash_lines(told, leaves):
    return b"".join(f"{level} {index} {root_of(leaves[begin:end]).hex()}\n".encode() for level, index, begin, end in untold(told, 0, len(leaves)))


def field_block(number, lines, hidden=()):
    places = [list_line(line) if key_of(line) in hidden or hidden == "all" else line for line in lines]
    return f"= {number} {len(lines)}\n".encode() + b"".join(places)


def manifest_of(files, algorithm="sha256"):
    return "".join(f"{hashlib.new(algorithm, data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


HIDDEN = {"parts-seed"}


def item_set_of(numbers):
    ranges = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def bundle(vault, items, receivers=(), by="k1", also=(), hide=None, blocks=None, names=None, whole=False, cosigned=None, sha512=False,
           recipients=None, checked=True, exported=None, export=None, data=None, log=None, tags=None, note_edit=None, after=None,
           size=None, signer=None, told=None, checkpoint=None, begin=None, end=None, between=None, manifest_edit=None, tag_manifest_edit=None):
    """The files of a bundle by their names. `hide` maps positions to keys that are withheld; the hooks `export`, `exported`, `data`, `log`,
    `tags`, `note_edit`, `manifest_edit`, `tag_manifest_edit` and `after` change what is made at that step."""
    hide, names = hide or {}, names or {}
    item_set = item_set_of(items)
    if begin is None:
        fields = {"act": "export", "items": item_set, "purpose": "hand-over", "recipients": recipients or [f"receiver {at + 1}" for at in range(len(receivers) or 1)]}
        begin = vault.add("access", fields=list((export(fields) if export else fields).items()), by=by)
    payload = {}
    for number in items:
        if receivers:
            sealed = vault.sealed[number]
            header = header_for(vault.random, sealed.file_key, [one.public for one in receivers])
            payload[f"data/{number}.age"] = header + sealed.payload
        else:
            payload["data/" + names.get(number, str(number))] = vault.content[number]
    if data:
        data(payload)
    manifest = manifest_of(payload)
    manifest = manifest_edit(manifest) if manifest_edit else manifest
    if end is None:
        fields = {"act": "exported", "export": begin, "manifest": hexed(manifest), "checked": checked, "items": item_set}
        end = vault.add("access", fields=list((exported(fields) if exported else fields).items()), by=by)
    if between:
        between(vault)
    size = len(vault.entries) if size is None else size
    told = told or sorted(set(range(size)) if whole else chain_of(vault, size) | {begin, end, *items, *also})
    leaves = [leaf(entry) for entry in vault.entries[:size]]
    shown = blocks if blocks is not None else [number for number in told if number in vault.sealed and (number in (begin, end, *also) or (number in items and not receivers))]
    parts = {
        "entries": b"".join(vault.entries[number] for number in told),
        "hashes": hash_lines(told, leaves),
        "fields": b"".join(field_block(number, vault.sealed[number].lines, hide.get(number, HIDDEN)) for number in sorted(shown)),
        "files": "".join(f"{number}  {name}\n" for number, name in sorted(
            (number, f"{number}.age" if receivers else names.get(number, str(number))) for number in items)).encode(),
        "checkpoint": checkpoint or vault.checkpoint(size, cosigned=cosigned)}
    if receivers:
        parts["layouts"] = b"".join(f"= {number}\n".encode() + vault.sealed[number].layout for number in items)
        parts["headers"] = b"".join(f"= {number}\n".encode() + vault.sealed[number].header for number in items)
    if log:
        log(parts)
    files = {f"log/{name}": data for name, data in parts.items()}
    files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    files["bag-info.txt"] = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}\n".encode()
    files["manifest-sha256.txt"] = manifest
    if sha512:
        files["manifest-sha512.txt"] = manifest_of(payload, "sha512")
    if tags:
        tags(files)
    seal_tags(vault, files, size, end, signer or vault.keys[by], note_edit, sha512, tag_manifest_edit)
    files |= payload
    if after:
        after(files)
    return files


def seal_tags(vault, files, size, end, key, note_edit=None, sha512=False, edit=None):
    """The tag manifest and the note over it."""
    tag_files = {name: data for name, data in files.items() if not name.startswith(("tagmanifest-", "data/")) and name != "bundle.note"}
    files["tagmanifest-sha256.txt"] = manifest_of(tag_files)
    files["tagmanifest-sha256.txt"] = edit(files["tagmanifest-sha256.txt"]) if edit else files["tagmanifest-sha256.txt"]
    value = {"v": 1, "statement": "bundle", "origin": ORIGIN, "fingerprint": vault.fingerprint.hex(), "size": size, "export": end,
             "made_by": key.actor, "time": TIME, "tagmanifest": hexed(files["tagmanifest-sha256.txt"])}
    if sha512:
        files["tagmanifest-sha512.txt"] = manifest_of(tag_files, "sha512")
        value["tagmanifest_sha512"] = hashlib.sha512(files["tagmanifest-sha512.txt"]).hexdigest()
    value = edited(value, note_edit)
    files["bundle.note"] = note(value, key)


def proof(vault, number, hide=None, shown_parts=None, by="lines", parts_edit=None, sections_edit=None, lines=None, size=None, cosigned=None):
    """A proof file of one entry."""
    size = size or len(vault.entries)
    told = sorted(chain_of(vault, size) | {number})
    hidden = hide if hide is not None else HIDDEN
    sections = {"entries": b"".join(vault.entries[one] for one in told),
                "hashes": hash_lines(told, [leaf(entry) for entry in vault.entries[:size]]),
                "fields": field_block(number, lines or vault.sealed[number].lines, hidden), "checkpoint": vault.checkpoint(size, cosigned=cosigned)}
    if shown_parts is not None:
        seed = bytes.fromhex(next(json.loads(line)[2] for line in vault.sealed[number].lines if key_of(line) == "parts-seed"))
        pieces = parts_of(vault.content[number], by)
        leaves = [leaf(part_salt(seed, at) + part) for at, part in enumerate(pieces)]
        sections["parts"] = b"".join(f"= {at} {part_salt(seed, at).hex()} {b64(pieces[at])}\n".encode() for at in shown_parts)
        sections["part-hashes"] = hash_lines(shown_parts, leaves)
    if sections_edit:
        sections_edit(sections)
    return b"exhibit-proof@v1\n" + b"".join(f"== {name}\n".encode() + data for name, data in sections.items())
