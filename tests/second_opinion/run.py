#!/usr/bin/env python3
"""Two verifiers of bundles, one verdict: `exhibit-verify` and tools/verify_bundle.py, which was written
from docs/FORMAT.md alone, must both accept or both refuse every bundle made here.

    run.py BIN_FOLDER [NAME...]

Each test makes bundles with the real programs and changes them: byte by byte as damage does, with the
manifests put right again as a forger does, and signed with the vault's own keys as a dishonest
custodian would. Where the two differ, docs/FORMAT.md decides, and is mended where it does not say.
"""
import base64
import concurrent.futures
import contextlib
import functools
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
sys.dont_write_bytecode = True
import verify_bundle as second  # noqa: E402  (for its curve and tree: the forger needs the same sums)

# Most bundles share most signatures, and the curve in Python is what takes the time.
second.ed25519_verify = functools.lru_cache(10_000)(second.ed25519_verify)
second.point_decode = functools.lru_cache(10_000)(second.point_decode)

ORIGIN = "test.example/case-1"
NOTE = b"Your network is encrypted. Your data was stolen. Use Tor browser. Pay in bitcoin to decrypt.\n"
ACCEPT, REFUSE = 0, 3


class World:
    """A vault of three items with plain keys, and what is needed to tamper with its bundles."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(folder / "home/config"), "XDG_STATE_HOME": str(folder / "home/state"),
            "EXHIBIT_VAULT": str(folder / "vault"), "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
        }
        (folder / "home").mkdir()
        self.cells, self.errors, self.failures = 0, 0, []
        recipient = self.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").decode().strip()
        self.made = json.loads(self.exhibit("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                                            "--no-passphrase", "--json"))
        self.recipient = recipient

    def exhibit(self, *arguments):
        return self.tool(self.binaries / "exhibit", *arguments)

    def tool(self, *command, stdin=b""):
        result = subprocess.run([os.fspath(c) for c in command], cwd=self.folder, input=stdin, capture_output=True,
                                env=self.environment, timeout=120)
        if result.returncode:
            raise AssertionError(f"{command}: exit {result.returncode}\n{result.stderr.decode(errors='replace')}")
        return result.stdout

    def add(self, name, content):
        path = os.path.join(b"in", os.fsencode(name))
        (self.folder / "in").mkdir(exist_ok=True)
        (self.folder / os.fsdecode(path)).write_bytes(content)
        self.exhibit("add", path, "--quiet")

    def export(self, numbers, out, *more):
        self.exhibit("export", *map(str, numbers), "--out", out, "-i", "reader.txt", *more)
        return self.folder / out

    def judge(self, name, bundle, *options, verdict=None):
        """Both verifiers' verdicts; `verdict` where the test knows which it must be."""
        self.cells += 1
        first = subprocess.Popen([self.binaries / "exhibit-verify", str(bundle), *options], cwd=self.folder, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = io.StringIO()
        # Within this process, because starting Python takes longer than the check.
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            code = second.main([str(bundle), *map(str, options)])
        said = [first.communicate(timeout=120)[0].decode(errors="replace"), text.getvalue()]
        codes = [first.returncode, code]
        # A folder without bagit.txt is no bundle at all for exhibit-verify, which is an error, 1, and no finding, 3.
        if codes[0] == 1 and re.search("^exhibit: error: .* is not a bag of BagIt 1.0$", said[0], re.M):
            self.errors, codes[0] = self.errors + 1, REFUSE
        wanted = [[ACCEPT] * 2, [REFUSE] * 2] if verdict is None else [[verdict] * 2]
        if codes not in wanted:
            self.failures.append(name)
            print(f"DIFFER  {name}: exhibit-verify {codes[0]}, verify_bundle.py {codes[1]}, wanted {wanted}\n"
                  + "".join(f"    {line}\n" for text in said for line in text.splitlines()[:6]), end="")
        return codes[0]

    def changed(self, good, change, manifests="as they were"):
        """A copy of the bundle with a change."""
        bundle = self.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(good, bundle, symlinks=True)
        change(bundle)
        if manifests == "put right":
            write_manifests(bundle)
        return bundle


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)


def files_of(bundle):
    return sorted(str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file() or p.is_symlink())


def write_manifests(bundle):
    """Makes the oxum and the manifests fit whatever stands in the bundle."""
    names = files_of(bundle)

    def write(manifest, chosen):
        (bundle / manifest).write_text("".join(
            f"{hashlib.sha256((bundle / name).read_bytes()).hexdigest()}  {name}\n" for name in chosen))
    data = [name for name in names if name.startswith("data/")]
    info = bundle / "bag-info.txt"
    if info.is_file():
        oxum = f"{sum((bundle / name).stat().st_size for name in data)}.{len(data)}"
        lines = info.read_bytes().split(b"\n")
        info.write_bytes(b"\n".join(b"Payload-Oxum: " + oxum.encode() if line.startswith(b"Payload-Oxum: ") else line
                                    for line in lines))
    write("manifest-sha256.txt", data)
    write("tagmanifest-sha256.txt", [n for n in sorted({*names, "manifest-sha256.txt"})
                                     if not n.startswith("data/") and n != "tagmanifest-sha256.txt"])


# What can happen to one file.

def flip(name, at):
    def change(bundle):
        data = bytearray((bundle / name).read_bytes())
        data[int(at * (len(data) - 1))] ^= 1
        (bundle / name).write_bytes(data)
    return change


def edit(name, function):
    return lambda bundle: (bundle / name).write_bytes(function((bundle / name).read_bytes()))


def drop(name):
    return lambda bundle: (bundle / name).unlink()


def swap(name, other):
    def change(bundle):
        (bundle / name).rename(bundle / "aside")
        (bundle / other).rename(bundle / name)
        (bundle / "aside").rename(bundle / other)
    return change


def rename(name, to):
    return lambda bundle: (bundle / name).rename(bundle / to)


def beside(name, to):
    return lambda bundle: shutil.copy(bundle / name, bundle / to)


def link(name):
    def change(bundle):
        shutil.copy(bundle / name, bundle.parent / "outside")
        (bundle / name).unlink()
        os.symlink(bundle.parent / "outside", bundle / name)
    return change


def tampering(name, names):
    """Each with whether it is worth a look when the manifests are as they were, too."""
    yield "first byte flipped", flip(name, 0), False
    yield "middle byte flipped", flip(name, 0.5), True
    yield "last byte flipped", flip(name, 1), False
    yield "dropped", drop(name), True
    yield "half", edit(name, lambda data: data[:len(data) // 2]), False
    yield "last byte gone", edit(name, lambda data: data[:-1]), False
    yield "emptied", edit(name, lambda data: b""), False
    yield "a line feed more", edit(name, lambda data: data + b"\n"), False
    yield "renamed", rename(name, name + "x"), True
    yield "a copy beside it", beside(name, name + "2"), True
    yield "a link", link(name), False
    twin = name.replace("/1", "/2")
    others = [other for other in names if other != name and (other == twin or other.startswith(twin[:6] + "-") and "-" in name)]
    other = others[0] if others else names[(names.index(name) + 1) % len(names)]
    yield f"swapped with {other}", swap(name, other), False


def matrix(world, good, options=(), only=lambda name: True):
    world.judge("untouched", good, *options, verdict=ACCEPT)
    names, accepted = files_of(good), []
    for name in names:
        if not only(name):
            continue
        for what, change, twice in tampering(name, names):
            is_manifest = name in ("manifest-sha256.txt", "tagmanifest-sha256.txt")
            for manifests in ["as they were"] * (twice or is_manifest) + ["put right"] * (not is_manifest):
                cell = f"{name}: {what}, manifests {manifests}"
                if world.judge(cell, world.changed(good, change, manifests), *options) == ACCEPT:
                    accepted.append(cell)
    # What no statement speaks of may be changed; and a bare line feed may come or go beside an identity.
    odd = [cell for cell in accepted if not re.match("bag-info.txt: .*put right|proof/identity.txt: (last byte gone|a line feed more), .*put right", cell)]
    expect(not odd, f"accepted: {odd}")


def each_file_of_a_plain_bundle(world):
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    good = world.export([1, 2], "good")
    matrix(world, good, ("--fingerprint", world.made["fingerprint"]), lambda name: "2" not in name.replace("256", ""))


def each_file_of_a_sealed_bundle(world):
    world.add("a.txt", NOTE)
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    good = world.export([1], "good", "--recipient", friend)
    world.judge("without a key", good, verdict=ACCEPT)
    world.judge("with the reader's key", good, "-i", world.folder / "reader.txt", verdict=None)
    matrix(world, good, ("-i", world.folder / "friend.txt"), lambda name: name.startswith(("data/", "proof/1.header")))


# What a custodian could sign: the forger has all keys, and every hash and signature fits.

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


class Signer:
    def __init__(self, name):
        self.name, self.seed = name, hashlib.sha256(name.encode()).digest()
        public = sign(self.seed, b"")[0]
        self.id = second.key_id(name, public)
        self.key = f"{name}+{self.id.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
        self.actor = f"{name}+{self.id.hex()}"

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

    def frame(self, content, *options):
        return self.world.tool("zstd", "-qc", "--no-check", f"--stream-size={len(content)}", *options, stdin=content)

    def make(self, original=NOTE, **steps):
        def step(name, value):
            return steps[name](value) if name in steps else value
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
        entries = self.entries(step, header, shape)
        proofs = self.proofs(step, entries)
        return self.write(step, original, metadata, header, payload, entries, proofs)

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
        bundle = self.world.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        files = step("files", {
            "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
            "bag-info.txt": f"Source-Organization: Tester\nExternal-Identifier: {ORIGIN}\nBagging-Date: 2026-11-24\n"
                            "Exhibit-Log-Size: 2\nPayload-Oxum: \n".encode(),
            "data/1.age": header + payload, "data/1-a.txt": original, "proof/log.vkey": self.log.key.encode() + b"\n",
            "proof/0.entry": entries[0], "proof/1.entry": entries[1], "proof/0.tlog-proof": proofs[0],
            "proof/1.tlog-proof": proofs[1], "proof/1.header": header, "proof/1.metadata.json": metadata,
            "proof/identity.txt": self.identity.encode()})
        for name, data in files.items():
            (bundle / name).parent.mkdir(parents=True, exist_ok=True)
            (bundle / name).write_bytes(data)
        write_manifests(bundle)
        step("after", bundle)
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


def entry_cells(forger):
    """(what is done, the step, the change, the verdict where docs/FORMAT.md is plain about it)"""
    bad_times = ["2026-02-30T00:00:00.000Z", "2026-11-24T06:33:34Z", "2026-11-24T06:33:34.648z", "2026-11-24 06:33:34.648Z",
                 "2026-11-24T24:00:00.000Z", "2026-11-24T23:59:60.000Z", "2026-11-24T06:33:34.648+00:00", "2026-11-24T06:33:34.6480Z",
                 "2100-02-29T00:00:00.000Z"]
    yield from ((f"time {bad}", "item", with_keys(time=bad), REFUSE) for bad in bad_times)
    yield "the year 0", "item", with_keys(time="0000-02-29T00:00:00.000Z"), ACCEPT
    yield "a space in the json", "item_text", replace(b'"seq":1', b'"seq": 1'), REFUSE
    yield "a space at the json's end", "item_text", replace(b"}}\n", b"}} \n"), REFUSE
    yield "an escape that is not needed", "item_text", replace(b'"item"', b'"ite\\u006d"'), REFUSE
    yield "an escaped solidus", "item_text", replace(b"example/", b"example\\/"), REFUSE
    yield "a number as a fraction", "item_text", replace(b'"seq":1', b'"seq":1.0'), REFUSE
    yield "a number as a power", "item_text", replace(b'"seq":1', b'"seq":1e0'), REFUSE
    yield "a number with a zero before it", "item_text", replace(b'"seq":1', b'"seq":01'), REFUSE
    yield "a number as text", "item", with_keys(seq="1"), REFUSE
    yield "true for a number", "item", with_keys(seq=True), REFUSE
    yield "the same key twice", "item_text", replace(b'"v":1,', b'"v":1,"v":1,'), REFUSE
    yield "another order", "item", reordered, REFUSE
    yield "one key more", "item", with_keys(more=1), REFUSE
    yield "a version to come", "item", with_keys(v=2), REFUSE
    yield "an unknown type", "item", with_keys(type="thing"), REFUSE
    yield "an unknown type, as a list", "item", with_keys(type=[]), REFUSE
    yield "an omission without a count", "item", with_keys(type="omission"), REFUSE
    yield "another origin", "item", with_keys(origin="test.example/case-2"), REFUSE
    yield "another position", "item", with_keys(seq=2), REFUSE
    yield "another predecessor", "item", with_keys(prev="1" * 64), REFUSE
    yield "a hash in upper case", "item", lambda item: {**item, "header": item["header"].upper()}, REFUSE
    yield "another actor", "item", with_keys(actor=forger.other.actor), REFUSE
    yield "a text of two lines", "item_text", lambda text: text + b"more\n", REFUSE
    yield "an empty line within", "item_text", lambda text: text + b"\n" + text, REFUSE
    yield "not an object", "item_text", lambda text: b"[]\n", REFUSE
    yield "deep lists", "item_text", lambda text: b"[" * 20000 + b"]" * 20000 + b"\n", REFUSE
    yield "a second genesis", "item", lambda item: {
        **{k: item[k] for k in second.COMMON}, "type": "genesis", "recipient": forger.recipient, "log": forger.log.key,
        "custodian": {"name": "Tester", "key": forger.custodian.key, "roles": ["custodian"]}}, REFUSE
    yield "signed by another", "item_note", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "signed by two", "item_note", lambda note: note + forger.other.line(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "signed twice", "item_note", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):], REFUSE
    yield "a signature of zeros", "item_note", lambda note: note[:note.rindex(b" ") + 1] + base64.b64encode(
        forger.custodian.id + bytes(64)) + b"\n", REFUSE
    yield "a signature with a larger s", "item_note", larger_s, REFUSE
    yield "a signature without its line feed", "item_note", lambda note: note[:-1], REFUSE
    yield "a line feed behind the signature", "item_note", lambda note: note + b"\n", REFUSE
    yield "a carriage return", "item_note", lambda note: note[:-1] + b"\r\n", REFUSE
    yield "two spaces in the signature", "item_note", lambda note: note.replace(b"\x94 ", b"\x94  "), REFUSE


def larger_s(note):
    at = note.rindex(b" ") + 1
    blob = base64.b64decode(note[at:])
    s = int.from_bytes(blob[36:], "little") + second.L
    return note[:at] + base64.b64encode(blob[:36] + s.to_bytes(32, "little")) + b"\n"


def genesis_cells(forger):
    def custodian(**more):
        return lambda genesis: {**genesis, "custodian": {**genesis["custodian"], **more}}
    yield "a name in all the world's letters", "genesis", custodian(name="\u65e5\u672c \U0001f512 \u202e \u0085 \\ \" / \u00e9"), ACCEPT
    yield "a name with a line feed", "genesis", custodian(name="a\nb\t\x01\x1f\b\f"), REFUSE
    yield "a name of 256 bytes", "genesis", custodian(name="x" * 256), ACCEPT
    yield "a name of 257 bytes", "genesis", custodian(name="x" * 257), REFUSE
    yield "a name with a delete", "genesis", custodian(name="a\x7f"), REFUSE
    yield "a name with an escape in upper case", "genesis_text", replace(b'"name":"Tester"', b'"name":"\\u001F"'), REFUSE
    yield "a name with half of a pair", "genesis_text", replace(b'"name":"Tester"', b'"name":"\\ud800"'), REFUSE
    yield "an empty name", "genesis", custodian(name=""), REFUSE
    yield "more roles", "genesis", custodian(roles=["collector", "custodian", "witness"]), ACCEPT
    yield "no role", "genesis", custodian(roles=[]), REFUSE
    yield "an unknown role", "genesis", custodian(roles=["custodian", "king"]), REFUSE
    yield "a role twice", "genesis", custodian(roles=["custodian", "custodian"]), REFUSE
    yield "roles in another order", "genesis", custodian(roles=["witness", "custodian"]), REFUSE
    yield "a collector alone", "genesis", custodian(roles=["collector"]), ACCEPT
    yield "a witness alone", "genesis", custodian(roles=["witness"]), REFUSE
    yield "another custodian's key", "genesis", custodian(key=forger.other.key), REFUSE
    yield "a custodian's key with a wrong id", "genesis", custodian(key=forger.custodian.key.replace(forger.custodian.id.hex(), "0" * 8)), REFUSE
    yield "a recipient of nobody", "genesis", with_keys(recipient="age1nobody"), REFUSE
    yield "a recipient in upper case", "genesis", with_keys(recipient=forger.recipient.upper()), REFUSE
    yield "another log's key", "genesis", with_keys(log=forger.other.key), REFUSE
    yield "a predecessor", "genesis", with_keys(prev="1" * 64), REFUSE
    yield "another position", "genesis", with_keys(seq=1), REFUSE
    yield "another actor", "genesis", with_keys(actor=forger.other.actor), REFUSE
    yield "one key more", "genesis", with_keys(more=1), REFUSE
    yield "signed by another", "genesis_note", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE


def proof_cells(forger):
    def cosigned(note):
        return note + forger.other.line(note.partition(b"\n\n")[0] + b"\n")

    def many(note):
        return note + b"".join(f"\u2014 witness{n} {base64.b64encode(bytes(76)).decode()}\n".encode() for n in range(15))
    yield "a cosignature", "checkpoint", cosigned, ACCEPT
    yield "sixteen signatures", "checkpoint", many, ACCEPT
    yield "signed twice", "checkpoint", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):], ACCEPT
    yield "signed twice, once wrongly", "checkpoint", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):note.rindex(b" ") + 1] \
        + base64.b64encode(forger.log.id + bytes(64)) + b"\n", REFUSE
    yield "signed by another", "checkpoint", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "no signature", "checkpoint", lambda note: note[:note.index(b"\n\n") + 2], REFUSE
    yield "a signature too short", "checkpoint", lambda note: note + "\u2014 w AAAA\n".encode(), REFUSE
    yield "a name with a plus", "checkpoint", lambda note: note + "\u2014 w+x AAAAAAAA\n".encode(), REFUSE
    yield "a name with a wide space", "checkpoint", lambda note: note + "\u2014 w\u3000x AAAAAAAA\n".encode(), REFUSE
    yield "a fourth line", "checkpoint_text", lambda text: text + b"more\n", REFUSE
    yield "an empty fourth line", "checkpoint_text", lambda text: text + b"\n", REFUSE
    yield "another origin", "checkpoint_text", replace(b"case-1", b"case-2"), REFUSE
    yield "another size", "checkpoint_text", replace(b"\n2\n", b"\n3\n"), REFUSE
    yield "a size with a zero before it", "checkpoint_text", replace(b"\n2\n", b"\n02\n"), REFUSE
    yield "a size with a sign", "checkpoint_text", replace(b"\n2\n", b"\n+2\n"), REFUSE
    yield "a size beyond 64 bits", "checkpoint_text", replace(b"\n2\n", b"\n18446744073709551618\n"), REFUSE
    yield "a later checkpoint in one proof", "proof_1", lambda proof: grown(forger, proof), REFUSE
    yield "a cosignature in one proof", "proof_1", lambda proof: proof + forger.other.line(
        proof.partition(b"\n\n")[2].partition(b"\n\n")[0] + b"\n"), ACCEPT
    yield "an index with a zero before it", "proof_1", replace(b"index 1", b"index 01"), REFUSE
    yield "another index", "proof_1", replace(b"index 1", b"index 0"), REFUSE
    yield "an index beyond 64 bits", "proof_1", replace(b"index 1", b"index 18446744073709551617"), REFUSE
    yield "one hash more", "proof_1", replace(b"=\n\n", b"=\n" + base64.b64encode(bytes(32)) + b"\n\n"), REFUSE
    yield "extra data", "proof_1", replace(b"index", b"extra AAAA\nindex"), ACCEPT
    yield "empty extra data", "proof_1", replace(b"index", b"extra \nindex"), ACCEPT
    yield "malformed extra data", "proof_1", replace(b"index", b"extra AAA\nindex"), REFUSE
    yield "base64 with bits behind its end", "proof_1", lambda proof: loose_base64(proof), REFUSE
    yield "another version", "proof_1", replace(b"@v1", b"@v2"), REFUSE
    yield "no empty line", "proof_1", replace(b"=\n\n", b"=\n"), REFUSE


def grown(forger, proof):
    """The proof when the log has one entry more."""
    head, _, checkpoint = proof.partition(b"\n\n")
    more = second.leaf_hash(b"more")
    root = second.node_hash(base64.b64decode(checkpoint.split(b"\n")[2]), more)
    text = f"{ORIGIN}\n3\n{base64.b64encode(root).decode()}\n".encode()
    return head + b"\n" + base64.b64encode(more) + b"\n\n" + forger.log.note(text)


def sorted_with(**more):
    return lambda value: {key: {**value, **more}[key] for key in second.METADATA if key in {**value, **more}}


def loose_base64(proof):
    """The last letter before the padding of a hash has two bits that belong to nothing."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = proof.index(b"=\n") - 1
    return proof[:at] + alphabet[alphabet.index(proof[at]) | 1:][:1] + proof[at + 1:]


def content_cells(forger):
    def less(*keys):
        return lambda value: {k: v for k, v in value.items() if k not in keys}
    yield "two frames where one would do", "frames", lambda frames: [forger.frame(NOTE[:9]), forger.frame(NOTE[9:])], REFUSE
    yield "an empty frame at the end", "frames", lambda frames: [*frames, forger.frame(b"")], REFUSE
    yield "a skippable frame first", "frames", lambda frames: [b"\x50\x2a\x4d\x18\x01\0\0\0x", *frames], REFUSE
    yield "a skippable frame between", "frames", lambda frames: [*frames, b"\x51\x2a\x4d\x18\x01\0\0\0x"], REFUSE
    yield "no frame", "frames", lambda frames: [], REFUSE
    yield "another content", "frames", lambda frames: [forger.frame(NOTE.upper())], REFUSE
    yield "a frame cut short", "frames", lambda frames: [frames[0][:-1]], REFUSE
    yield "a frame that does not say its size", "frames", lambda frames: [
        forger.world.tool("zstd", "-qc", "--no-check", stdin=NOTE)], REFUSE
    yield "a frame with a checksum", "frames", lambda frames: [
        forger.world.tool("zstd", "-qc", "--check", f"--stream-size={len(NOTE)}", stdin=NOTE)], REFUSE
    yield "bytes behind the metadata", "metadata_frame", lambda frame: frame + b"x", REFUSE
    yield "no metadata", "metadata_frame", lambda frame: b"", REFUSE
    yield "another skippable frame's magic", "metadata_frame", replace(b"\x50\x2a", b"\x51\x2a"), REFUSE
    yield "another length in front", "metadata_frame", lambda frame: frame[:4] + (len(frame) - 9).to_bytes(4, "little") + frame[8:], REFUSE
    yield "another word at the end", "metadata_frame", replace(b"EXHM", b"EXHX"), REFUSE
    yield "an unknown key", "metadata", with_keys(more=1), REFUSE
    yield "another order", "metadata", reordered, REFUSE
    yield "a version to come", "metadata", with_keys(v=2), REFUSE
    yield "white space", "metadata_text", replace(b":1,", b": 1,"), REFUSE
    yield "the same key twice", "metadata_text", replace(b'"v":1,', b'"v":1,"v":1,'), REFUSE
    yield "no sha-256", "metadata", with_keys(digests={"md5": hashlib.md5(NOTE).hexdigest()}), REFUSE
    yield "another sha-256", "metadata", with_keys(digests={"sha256": "0" * 64}), REFUSE
    yield "no digests", "metadata", less("digests"), REFUSE
    yield "no size", "metadata", less("size"), REFUSE
    yield "another size", "metadata", with_keys(size=1), REFUSE
    yield "a negative size", "metadata", with_keys(size=-1), REFUSE
    yield "no name", "metadata", less("name"), REFUSE
    yield "no path", "metadata", less("path"), ACCEPT
    yield "no kind", "metadata", less("kind"), REFUSE
    yield "no file type", "metadata", less("file_type"), REFUSE
    yield "no time", "metadata", less("acquired_at"), ACCEPT
    yield "an unknown kind", "metadata", with_keys(kind="thing"), REFUSE
    yield "an unknown file type", "metadata", with_keys(file_type="socket"), REFUSE
    yield "an unknown digest", "metadata", lambda value: {**value, "digests": {**value["digests"], "sha3": "0" * 64}}, REFUSE
    yield "not an object", "metadata_text", lambda text: b"[]", REFUSE
    for more in ({"tags": []}, {"tags": [""]}, {"tags": ["a", "a"]}, {"changed_while_read": False}, {"clock_offset_ms": 2**63}, {"claimed": []},
                 {"claimed": [{"algorithm": "md5", "value": "0", "matched": False}]}, {"name_raw": base64.b64encode(b"a.txt").decode()}):
        yield f"malformed {compact(more).decode()}", "metadata", sorted_with(**more), REFUSE
    for more in ({"tags": ["a", "b"]}, {"clock_offset_ms": -5}, {"description": "a\nb\x01\x7f"}, {"path": ""},
                 {"claimed": [{"algorithm": "md5", "value": "0" * 32, "matched": False}]}):
        yield f"well-formed {compact(more).decode()}", "metadata", sorted_with(**more), ACCEPT
    yield "a tail that begins a byte early", "shape", lambda shape: {**shape, "tail": shape["tail"] + 1}, REFUSE
    yield "no tail", "shape", lambda shape: {**shape, "tail": 0}, REFUSE
    yield "a tail larger than the payload", "shape", lambda shape: {**shape, "tail": shape["bytes"]}, REFUSE
    yield "one byte more claimed", "shape", lambda shape: {**shape, "bytes": shape["bytes"] + 1}, REFUSE
    yield "a damaged chunk under a right root", "payload", lambda payload: payload[:-1] + bytes([payload[-1] ^ 1]), REFUSE
    yield "a damaged mac under a right hash", "header", lambda header: header.replace(b"--- ", b"--- A", 1)[:-2] + b"\n", REFUSE
    yield "a recipient of another kind", "header", replace(b"--- ", b"-> grease abc\nAAAA\n--- "), REFUSE


def file_cells(forger):
    def put(name, data):
        return lambda files: {**files, name: data}

    def moved(name, to):
        return lambda files: {(to if key == name else key): value for key, value in files.items()}
    yield "an original with another safe name", "files", moved("data/1-a.txt", "data/1-b.txt"), REFUSE
    yield "an original without a name", "files", moved("data/1-a.txt", "data/1-"), REFUSE
    yield "an original that begins with a dot", "files", moved("data/1-a.txt", "data/1-.."), REFUSE
    yield "an original with an unsafe name", "files", moved("data/1-a.txt", "data/1-a b"), REFUSE
    yield "a second original", "files", put("data/1-b.txt", NOTE), REFUSE
    yield "an original of an item that is not there", "files", put("data/2-b.txt", NOTE), REFUSE
    yield "a folder in data", "files", put("data/sub/x", b""), REFUSE
    yield "a number with a zero before it", "files", put("data/01.age", b""), REFUSE
    yield "a comment in the identity", "files", put("proof/identity.txt", b"# mine\n" + forger.identity.encode()), ACCEPT
    yield "no line feed behind the identity", "files", put("proof/identity.txt", forger.identity[:-1].encode()), ACCEPT
    yield "an identity that is a plugin", "files", put("proof/identity.txt", b"AGE-PLUGIN-X-1QQQQ\n"), REFUSE
    yield "a key file of another key", "files", put("proof/log.vkey", forger.other.key.encode() + b"\n"), REFUSE
    yield "no line feed behind the key", "files", put("proof/log.vkey", forger.log.key.encode()), REFUSE
    yield "metadata with a line feed", "files", lambda files: {
        **files, "proof/1.metadata.json": files["proof/1.metadata.json"] + b"\n"}, REFUSE
    yield "a header with more behind it", "files", lambda files: {**files, "proof/1.header": files["proof/1.header"] + b"x"}, REFUSE
    yield "an older bagit.txt", "files", put("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"), REFUSE
    yield "no originals and no identity", "files", lambda files: {
        k: v for k, v in files.items() if k not in ("proof/identity.txt", "data/1-a.txt", "proof/1.metadata.json")}, ACCEPT
    yield "an identity and no originals", "files", lambda files: {
        k: v for k, v in files.items() if k not in ("data/1-a.txt", "proof/1.metadata.json")}, REFUSE
    yield "no item", "files", lambda files: {k: v for k, v in files.items() if not k.startswith(("data/", "proof/1"))}, REFUSE
    info = b"Source-Organization: Tester\nExternal-Identifier: test.example/case-1\nBagging-Date: 2026-11-24\nExhibit-Log-Size: 2\n"
    yield "no oxum", "files", put("bag-info.txt", info), ACCEPT
    yield "another origin in bag-info.txt", "files", put("bag-info.txt", info.replace(b"case-1", b"case-2") + b"Payload-Oxum: \n"), ACCEPT
    yield "another log size in bag-info.txt", "files", put("bag-info.txt", info.replace(b"2\n", b"3\n") + b"Payload-Oxum: \n"), ACCEPT
    yield "a line more in bag-info.txt", "files", put("bag-info.txt", info + b"Contact-Name: X\nPayload-Oxum: \n"), ACCEPT
    yield "another oxum", "files", put("bag-info.txt", info + b"payload-oxum: 9.9\n"), REFUSE
    manifests = {
        "a line twice": lambda text: text + text[:text.index(b"\n") + 1], "upper case": lambda text: text[:64].upper() + text[64:],
        "one space": replace(b"  ", b" "), "a star": replace(b"  ", b" *"), "carriage returns": lambda text: text.replace(b"\n", b"\r\n"),
        "no line feed at the end": lambda text: text[:-1], "an empty line": lambda text: text + b"\n",
        "a dot in front": replace(b"  data/", b"  ./data/"), "two dots": replace(b"  data/", b"  data/../data/"),
        "an absolute name": lambda text: text + b"0" * 64 + b"  /etc/hostname\n",
        "a tag file": lambda text: text + hashlib.sha256(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n").hexdigest().encode()
        + b"  bagit.txt\n", "lines in another order": lambda text: b"".join(reversed(text.splitlines(keepends=True)))}
    for what, change in manifests.items():
        yield f"the manifest has {what}", "after", in_manifest(change), ACCEPT if what == "lines in another order" else REFUSE
    yield "an empty folder", "after", lambda bundle: (bundle / "data/empty").mkdir(), REFUSE


def in_manifest(change):
    """Changes manifest-sha256.txt and its hash in the other."""
    def after(bundle):
        manifest, tags = bundle / "manifest-sha256.txt", bundle / "tagmanifest-sha256.txt"
        before = hashlib.sha256(manifest.read_bytes()).hexdigest()
        manifest.write_bytes(change(manifest.read_bytes()))
        tags.write_text(tags.read_text().replace(before, hashlib.sha256(manifest.read_bytes()).hexdigest()))
    return after


def forge(world, cells):
    forger = Forger(world)
    world.judge("forged, but nothing wrong", forger.make(), verdict=ACCEPT)
    for what, step, change, verdict in cells(forger):
        code = world.judge(what, forger.make(**{step: change}), verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")


def a_signature_has_one_form(_):
    """RFC 8032's first vector, and what lenient verifiers let through."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    good = bytes.fromhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                         "d25bf5f0595bbe24655141438e7a100b")
    expect(second.ed25519_verify(public, b"", good) and not second.ed25519_verify(public, b"x", good))
    for at in range(0, 64, 7):
        expect(not second.ed25519_verify(public, b"", good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]))
    large = good[:32] + (int.from_bytes(good[32:], "little") + second.L).to_bytes(32, "little")
    expect(not second.ed25519_verify(public, b"", large), "s beyond the order")
    # With the neutral point as key any s with R = sB would do, for every message.
    neutral, (known, signature) = (1).to_bytes(32, "little"), sign(bytes(32), b"")
    expect(not second.ed25519_verify(neutral, b"", known + bytes(32)), "a key of small order")
    expect(not second.ed25519_verify(known, b"", neutral + signature[32:]), "an R of small order")
    for y in (second.P, second.P + 1, 0, 1, second.P - 1):
        expect(second.point_decode(y.to_bytes(32, "little")) is None, f"y = {y}")


def a_signed_entry_is_still_to_be_well_formed(world):
    forge(world, entry_cells)


def a_genesis_vouches_for_itself_in_one_form_only(world):
    forge(world, genesis_cells)


def a_proof_and_its_checkpoint_have_one_form(world):
    forge(world, proof_cells)


def a_sealed_content_has_one_form(world):
    forge(world, content_cells)


def a_bag_holds_what_it_lists_and_what_belongs_there(world):
    forge(world, file_cells)


def a_payload_of_any_size_and_name_is_accepted(world):
    sizes = [0, 1, 65535, 65536, 1048576, 1048577, 3_000_017]
    for size in sizes:
        world.add(f"{size:09d}", os.urandom(size))
    names = [b"\xff\xfe raw", b"caf\xe9", b"\xe6\x97 cut", b"\xed\xa0\x80 half", b"new\nline", b"tab\tesc\x1b\x7f", b"..data", b"n" * 255,
             "\u65e5\u672c \U0001f512".encode(), b"'quote\"\\"]
    for name in names:
        world.add(name, b"content of " + name)
    os.symlink("/etc/hostname", world.folder / "in/link")
    os.mkfifo(world.folder / "in/pipe")
    subprocess.run([world.binaries / "exhibit", "add", "in/link", "in/pipe", "--quiet"], cwd=world.folder,
                   env=world.environment, capture_output=True)
    count = len(sizes) + len(names) + 2
    fingerprint = ("--fingerprint", world.made["fingerprint"])
    plain = world.export([f"1-{count}"], "plain")
    world.judge("plain", plain, *fingerprint, verdict=ACCEPT)
    world.judge("another fingerprint", plain, "--fingerprint", "0" * 64, verdict=REFUSE)
    sealed = world.export([f"1-{count}"], "sealed", "--recipient", world.recipient)
    world.judge("sealed", sealed, *fingerprint, "-i", world.folder / "reader.txt", verdict=ACCEPT)
    world.judge("of two times", world.changed(sealed, lambda bundle: later_proof(world, bundle), "put right"))


def later_proof(world, bundle):
    """The proof of entry 1 from a bundle that was made when the log was longer."""
    world.add("later", b"later")
    shutil.copy(world.export([1], "later") / "proof/1.tlog-proof", bundle / "proof/1.tlog-proof")


TESTS = [value for value in list(globals().values())
         if callable(value) and getattr(value, "__module__", None) == __name__ and value.__name__.startswith(("each_", "a_"))]


def run_test(binaries, name):
    """Whether the test holds, and all that it printed."""
    folder, start, text = Path(tempfile.mkdtemp(prefix="exhibit-second-")), time.monotonic(), io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            world = World(folder, binaries)
            globals()[name](world)
            expect(not world.failures, f"{len(world.failures)} of {world.cells} bundles")
            print(f"ok      {name} ({world.cells} bundles, {world.errors} refused with an error, {time.monotonic() - start:.1f} s)")
            held = True
        except Exception:
            held = False
            print(f"FAILED  {name}")
            traceback.print_exc(file=sys.stdout)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return held, text.getvalue()


def main():
    binaries = Path(sys.argv[1]).resolve()
    chosen = [test.__name__ for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        for held, text in pool.map(run_test, [binaries] * len(chosen), chosen):
            print(text, end="", flush=True)
            failed += not held
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
