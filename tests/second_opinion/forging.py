"""Makes bundles from nothing, with all keys at hand: what a dishonest custodian could do."""
import base64
import contextlib
import functools
import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import verify_bundle as second  # noqa: E402  (for its curve and tree: the forger needs the same sums)

# Most bundles share most signatures, and the curve in Python is what takes the time.
second.ed25519_verify = functools.lru_cache(10_000)(second.ed25519_verify)
second.point_decode = functools.lru_cache(10_000)(second.point_decode)

ORIGIN = "test.example/case-1"
NOTE = b"Your network is encrypted. Your data was stolen. Use Tor browser. Pay in bitcoin to decrypt.\n"
ACCEPT, REFUSE = 0, 3


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)


def files_of(bundle):
    return sorted(str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file() or p.is_symlink())


def write_manifests(bundle):
    """Makes the oxum, the manifests and the note over them fit whatever stands in the bundle."""
    names = files_of(bundle)

    def write(manifest, chosen):
        for algorithm in second.MANIFEST_HASHES:
            (bundle / f"{manifest}-{algorithm}.txt").write_text("".join(
                f"{hashlib.new(algorithm, (bundle / name).read_bytes()).hexdigest()}  {name}\n" for name in chosen))
    data = [name for name in names if name.startswith("data/")]
    info = bundle / "bag-info.txt"
    if info.is_file():
        oxum = f"{sum((bundle / name).stat().st_size for name in data)}.{len(data)}"
        lines = info.read_bytes().split(b"\n")
        info.write_bytes(b"\n".join(b"Payload-Oxum: " + oxum.encode() if line.startswith(b"Payload-Oxum: ") else line
                                    for line in lines))
    write("manifest", data)
    write("tagmanifest", [n for n in sorted({*names, *(f"manifest-{one}.txt" for one in second.MANIFEST_HASHES)})
                          if not n.startswith(("data/", "tagmanifest-")) and n != "bundle.note"])
    sign_bundle(bundle)


def replayed(bundle):
    """The custody at the end of the bundle's entries, as far as they tell, or None."""
    custody = None
    for number, path in sorted((int(path.stem), path) for path in bundle.glob("proof/*.entry") if path.stem.isdecimal()):
        try:
            entry, text, signatures = second.parse_entry(path.read_bytes())
            if number == 0:
                custody = second.Custody(entry["custodian"], second.parse_key(entry["log"], ""), entry["recipient"])
            if custody:
                custody.take(number, entry, second.leaf_hash(path.read_bytes()))
            if custody and number:
                custody.follow(entry, text, signatures)
        except (second.Finding, OSError, KeyError):
            continue
    return custody


def sign_bundle(bundle, signer=None, **more):
    """Writes bundle.note anew, by a custodian of the bundle's whose key is known here."""
    custody, note = replayed(bundle), bundle / "bundle.note"
    numbers = [int(path.stem) for path in bundle.glob("data/*.age") if path.stem.isdecimal()] or [1]
    before, size = {}, 2
    with contextlib.suppress(OSError, ValueError, IndexError):
        size = int((bundle / "proof/0.tlog-proof").read_bytes().partition(b"\n\n")[2].split(b"\n")[1])
    with contextlib.suppress(OSError, ValueError):
        before = json.loads(note.read_bytes().split(b"\n")[0])
    able = [SIGNERS[actor] for actor in (custody.custodians() if custody else []) if actor in SIGNERS]
    signer = signer or next((one for one in able if one.actor == before.get("made_by")), able[0] if able else None)
    if signer is None:
        return
    text = compact({
        "v": 1, "statement": "bundle", "origin": before.get("origin", ORIGIN), "size": size,
        "range": before.get("range", str(min(numbers)) if min(numbers) == max(numbers) else f"{min(numbers)}-{max(numbers)}"),
        "sealed_files": sum(path.stem.isdecimal() and path.stem != "0" for path in bundle.glob("data/*.age")),
        "made_by": signer.actor, "time": "2026-11-24T06:33:35.000Z",
        **{one: hashlib.new(one, (bundle / f"tagmanifest-{one}.txt").read_bytes()).hexdigest() for one in second.MANIFEST_HASHES},
        **more}) + b"\n"
    note.write_bytes(signer.note(text))


@functools.lru_cache(10_000)
def sign(seed, message):
    """Ed25519 (RFC 8032, section 5.1.6)."""
    def encode(point):
        inverse = pow(point[2], second.P - 2, second.P)
        x, y = point[0] * inverse % second.P, point[1] * inverse % second.P
        return (y | (x & 1) << 255).to_bytes(32, "little")

    def number(*parts):
        return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % second.L
    digest = hashlib.sha512(seed).digest()
    secret = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
    public = encode(second.point_multiply(secret, second.BASE))
    nonce = number(digest[32:], message)
    r = encode(second.point_multiply(nonce, second.BASE))
    s = (nonce + number(r, public, message) * secret) % second.L
    return public, r + s.to_bytes(32, "little")


SIGNERS = {}    # all whose keys are known here, by actor


class Signer:
    def __init__(self, name, secret=None, seed=None):
        self.name, self.seed = name, seed or hashlib.sha256((secret or name).encode()).digest()
        public = sign(self.seed, b"")[0]
        self.id = second.key_id(name, public)
        self.key = f"{name}+{self.id.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
        self.actor = f"{name}+{self.id.hex()}"
        SIGNERS[self.actor] = self

    @classmethod
    def of_file(cls, path):
        """Of a plain signing key of the program's."""
        _, name, _, encoded = path.read_text().strip().removeprefix("PRIVATE+KEY").split("+", 3)
        return cls(name, seed=base64.b64decode(encoded)[1:])

    def line(self, text):
        return f"\u2014 {self.name} {base64.b64encode(self.id + sign(self.seed, text)[1]).decode()}\n".encode()

    def note(self, text):
        return text + b"\n" + self.line(text)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Forger:
    """Makes a bundle of one item from nothing. Each step of the making can be given a function that
    changes its outcome; what follows is made to fit."""

    def __init__(self, world):
        self.world = world
        self.custodian, self.log, self.other = Signer("Tester"), Signer(ORIGIN), Signer("other")
        world.tool("age-keygen", "-o", "bundle-key.txt")
        self.identity = (world.folder / "bundle-key.txt").read_text().splitlines()[-1] + "\n"
        self.recipient = world.tool("age-keygen", "-y", "bundle-key.txt").decode().strip()
        self.metadata, *self.sealed = self.seal(lambda _, value: value, NOTE)

    def frame(self, content, *options):
        return self.world.tool("zstd", "-qc", "--no-check", f"--stream-size={len(content)}", *options, stdin=content)

    def make(self, original=NOTE, **steps):
        def step(name, value):
            return steps[name](value) if name in steps else value
        metadata, header, payload, shape = self.seal(step, original)
        entries = self.entries(step, header, shape)
        proofs = self.proofs(step, entries)
        return self.write(step, original, metadata, header, payload, entries, proofs)

    def seal(self, step, original):
        """The metadata, the header and the payload of a sealed file, and what an entry says of its payload."""
        frames = [self.frame(original[at:at + second.FRAME]) for at in range(0, max(len(original), 1), second.FRAME)]
        content = b"".join(step("frames", frames))
        metadata = step("metadata_text", compact(step("metadata", {
            "v": 1, "name": "a.txt", "path": "in/a.txt", "kind": "notice", "file_type": "regular", "size": len(original),
            "acquired_at": "2026-11-24T06:33:34.534Z", "digests": {"sha256": hashlib.sha256(original).hexdigest()}})))
        skippable = step("metadata_frame", b"\x50\x2a\x4d\x18" + (len(metadata) + 8).to_bytes(4, "little") + metadata
                         + len(metadata).to_bytes(4, "little") + b"EXHM")
        sealed = self.world.tool("age", "-r", self.recipient, stdin=step("plaintext", content + skippable))
        end = sealed.index(b"\n", sealed.index(b"\n---")+1) + 1
        header, payload = step("header", sealed[:end]), step("payload", sealed[end:])
        shape = step("shape", {"bytes": len(payload), "tail": len(payload) - 16 - len(content) // 65536 * 65552, "root": ""})
        tree, blocks = second.TreeHash(), payload[16:len(payload) - shape["tail"]]
        for block in [payload[:16], *(blocks[at:at + 16 * 65552] for at in range(0, len(blocks), 16 * 65552)),
                      payload[len(payload) - shape["tail"]:]]:
            tree.add(second.leaf_hash(block))
        shape["root"] = tree.root().hex()
        return metadata, header, payload, shape

    def entries(self, step, header, shape):
        genesis_text = step("genesis_text", compact(step("genesis", {
            "v": 1, "type": "genesis", "origin": ORIGIN, "seq": 0, "prev": "0" * 64, "time": "2026-11-24T06:33:34.431Z",
            "actor": self.custodian.actor, "recipient": self.recipient, "log": self.log.key,
            "custodian": {"name": "Tester", "key": self.custodian.key, "roles": ["custodian"]}})) + b"\n")
        genesis = step("genesis_note", self.custodian.note(genesis_text))
        item_text = step("item_text", compact(step("item", {
            "v": 1, "type": "item", "origin": ORIGIN, "seq": 1, "prev": second.leaf_hash(genesis).hex(),
            "time": "2026-11-24T06:33:34.648Z", "actor": self.custodian.actor,
            "header": hashlib.sha256(header).hexdigest(), "payload": shape})) + b"\n")
        return [genesis, step("item_note", self.custodian.note(item_text))]

    def proofs(self, step, entries):
        leaves = [second.leaf_hash(entry) for entry in entries]
        root = base64.b64encode(second.node_hash(*leaves)).decode()
        text = step("checkpoint_text", f"{ORIGIN}\n2\n{root}\n".encode())
        checkpoint = step("checkpoint", self.log.note(text))
        return [step(f"proof_{n}", b"c2sp.org/tlog-proof@v1\nindex %d\n%s\n\n%s" % (
            n, base64.b64encode(leaves[1 - n]), checkpoint)) for n in (0, 1)]

    def write(self, step, original, metadata, header, payload, entries, proofs):
        bundle = self.write_bag(step("files", {
            **self.bag_texts(), "data/1.age": header + payload, "data/1-a.txt": original,
            "proof/0.entry": entries[0], "proof/1.entry": entries[1], "proof/0.tlog-proof": proofs[0],
            "proof/1.tlog-proof": proofs[1], "proof/1.header": header, "proof/1.metadata.json": metadata,
            "proof/identity.txt": self.identity.encode()}))
        step("after", bundle)
        return bundle

    def bag_texts(self):
        return {"bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                "bag-info.txt": f"Source-Organization: Tester\nExternal-Identifier: {ORIGIN}\nBagging-Date: 2026-11-24\n"
                                "Exhibit-Log-Size: 2\nPayload-Oxum: \n".encode(),
                "proof/log.vkey": self.log.key.encode() + b"\n"}

    def write_bag(self, files):
        bundle = self.world.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        for name, data in files.items():
            (bundle / name).parent.mkdir(parents=True, exist_ok=True)
            (bundle / name).write_bytes(data)
        write_manifests(bundle)
        return bundle


def replace(old, new):
    def change(data):
        expect(old in data, f"{old} is not in {data[:300]}")
        return data.replace(old, new, 1)
    return change


def with_keys(**more):
    return lambda value: {**value, **more}


def reordered(value):
    return dict(reversed(value.items()))


def less(key):
    return lambda value: {k: v for k, v in value.items() if k != key}
