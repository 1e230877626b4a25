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
import hashlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
import histories  # noqa: E402
from forging import (  # noqa: E402
    ACCEPT, NOTE, ORIGIN, REFUSE, SIGNERS, Forger, Signer, compact, expect, files_of, less, reordered, replace, second, sign,
    sign_bundle, with_keys, write_manifests)

NOT_READ, NOT_ANCHORED, WRONG_KEY = second.NOT_READ, second.NOT_ANCHORED, second.WRONG_KEY


class World:
    """A vault of three items with plain keys, and what is needed to tamper with its bundles."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(folder / "home/config"), "XDG_STATE_HOME": str(folder / "home/state"),
            "EXHIBIT_VAULT": str(folder / "vault"), "EXHIBIT_PURPOSE": "a test", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
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

    def add(self, name, content, *more):
        path = os.path.join(b"in", os.fsencode(name))
        (self.folder / "in").mkdir(exist_ok=True)
        (self.folder / os.fsdecode(path)).write_bytes(content)
        self.exhibit("add", path, "--quiet", *more)

    def export(self, numbers, out, *more):
        self.exhibit("export", *map(str, numbers), "--out", out, "-i", "reader.txt", *more)
        return self.folder / out

    def judge(self, name, bundle, *options, verdict=None, anchored=True):
        """Both verifiers' verdicts; `verdict` where the test knows which it must be, else they must agree. The fingerprint
        is brought, unless the test says otherwise: without one nothing is ever accepted."""
        self.cells += 1
        if "--fingerprint" not in options and anchored and (Path(bundle) / "proof/0.entry").is_file():
            options = (*options, "--fingerprint", second.leaf_hash((Path(bundle) / "proof/0.entry").read_bytes()).hex())
        first = subprocess.Popen([self.binaries / "exhibit-verify", str(bundle), *options], cwd=self.folder, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = io.StringIO()
        # Within this process, because starting Python takes longer than the check.
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            code = second.main([str(bundle), *map(str, options)])
        said = [first.communicate(timeout=120)[0].decode(errors="replace"), text.getvalue()]
        codes = [first.returncode, code]
        self.errors += code == NOT_READ
        wanted = [[one] * 2 for one in second.VERDICTS] if verdict is None else [[verdict] * 2]
        if codes not in wanted or "internal error" in said[1]:
            self.failures.append(name)
            print(f"DIFFER  {name}: exhibit-verify {codes[0]}, verify_bundle.py {codes[1]}, wanted {wanted}\n"
                  + "".join(f"    {line}\n" for text in said for line in text.splitlines()[:6]), end="")
        return codes[0]

    def findings(self, bundle):
        """What exhibit-verify finds."""
        result = subprocess.run([self.binaries / "exhibit-verify", str(bundle), "--json"], cwd=self.folder, env=self.environment,
                                capture_output=True, timeout=120)
        expect(result.returncode in (NOT_ANCHORED, REFUSE), result.stderr)
        return json.loads(result.stdout)["findings"]

    def changed(self, good, change, manifests="as they were"):
        """A copy of the bundle with a change."""
        bundle = self.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(good, bundle, symlinks=True)
        change(bundle)
        if manifests == "put right":
            for key in [*self.folder.glob("*.key"), *self.folder.glob("home/config/exhibit/keys/**/*.key")]:
                Signer.of_file(key)
            write_manifests(bundle)
        return bundle


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
            is_manifest = "manifest-" in name or name == "bundle.note"
            for manifests in ["as they were"] * (twice or is_manifest) + ["put right"] * (not is_manifest):
                cell = f"{name}: {what}, manifests {manifests}"
                if world.judge(cell, world.changed(good, change, manifests), *options) == ACCEPT:
                    accepted.append(cell)
    # What no entry speaks of a custodian may change; and a bare line feed may come or go beside an identity.
    people = "|".join(map(re.escape, ["bag-info.txt", "VERIFY.txt", "items.csv", "omissions.json", "certificate.txt", "custody.jsonld", "report.html", "policy.txt"]))
    odd = [cell for cell in accepted
           if not re.match(f"({people}): .*put right|proof/identity.txt: (last byte gone|a line feed more), .*put right", cell)]
    expect(not odd, f"accepted: {odd}")


def each_file_of_a_plain_bundle(world):
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    good = world.export([1, 2], "good")
    matrix(world, good, ("--fingerprint", world.made["fingerprint"]), lambda name: "2" not in re.sub("256|512", "", name))


def each_file_of_a_sealed_bundle(world):
    world.add("a.txt", NOTE)
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    good = world.export([1], "good", "--recipient", friend)
    world.judge("without a key", good, verdict=ACCEPT)
    world.judge("without a key or a fingerprint", good, anchored=False, verdict=NOT_ANCHORED)
    world.judge("with the reader's key", good, "-i", world.folder / "reader.txt", verdict=WRONG_KEY)
    world.judge("with the reader's key, and changed", world.changed(good, flip("data/1.age", 0.9)), "-i", world.folder / "reader.txt",
                verdict=REFUSE)
    world.judge("with both keys", good, "-i", world.folder / "reader.txt", "-i", world.folder / "friend.txt", verdict=ACCEPT)
    matrix(world, good, ("-i", world.folder / "friend.txt"), lambda name: name.startswith(("data/", "proof/1.header")))


# What a custodian could sign: the forger has all keys, and every hash and signature fits.

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
    yield "a collector alone, who may not hand over", "genesis", custodian(roles=["collector"]), REFUSE
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


def raw_frame(descriptor, *header, content=NOTE, before=b""):
    """A zstd frame made by hand (RFC 8878, 3.1.1): the bytes of its header behind the descriptor, blocks, and a raw one."""
    return b"\x28\xb5\x2f\xfd" + bytes([descriptor]) + b"".join(header) + before + (len(content) << 3 | 1).to_bytes(3, "little") + content


def frame_cells():
    one, four = bytes([len(NOTE)]), len(NOTE).to_bytes(4, "little")
    yield "a frame of one raw block", raw_frame(0x20, one), ACCEPT
    yield "a frame with the bit that is unused", raw_frame(0x30, one), REFUSE
    yield "a frame with the bit that is reserved", raw_frame(0x28, one), REFUSE
    for flag, size in ((1, 1), (2, 2), (3, 4)):
        yield f"a frame with a dictionary of id 0 in {size} bytes", raw_frame(0x20 | flag, bytes(size), one), REFUSE
    for window, verdict in ((0x00, ACCEPT), (0x50, ACCEPT), (0x51, REFUSE), (0x68, REFUSE), (0xFF, REFUSE)):
        yield f"a frame with the window {window:02x}", raw_frame(0x80, bytes([window]), four), verdict
    yield "a frame that says its size in eight bytes", raw_frame(0xE0, four, bytes(4)), ACCEPT
    yield "a byte repeated no times", raw_frame(0x20, one, before=b"\x02\0\0x"), ACCEPT
    yield "an empty block", raw_frame(0x20, one, before=b"\0\0\0"), ACCEPT
    yield "a byte repeated more often than the frame is long", raw_frame(0x20, one, before=(94 << 3 | 2).to_bytes(3, "little") + b"x"), REFUSE
    yield "a block of the type that is reserved", raw_frame(0x20, one, before=b"\x06\0\0"), REFUSE


def content_cells(forger):
    for what, frame, verdict in frame_cells():
        yield what, "frames", lambda _, frame=frame: [frame], verdict
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
    allowed = {     # by RFC 8493, and other tools write so
        "upper case": lambda text: text[:64].upper() + text[64:], "one space": replace(b"  ", b" "), "a star": replace(b"  ", b" *"),
        "a tab": replace(b"  ", b"\t"), "three spaces": replace(b"  ", b"   "),
        "carriage returns": lambda text: text.replace(b"\n", b"\r\n"), "lines in another order": lambda text: b"".join(
            reversed(text.splitlines(keepends=True)))}
    manifests = {
        "a line twice": lambda text: text + text[:text.index(b"\n") + 1], "two stars": replace(b"  ", b" **"), "no blank": replace(b"  ", b""),
        "two carriage returns": lambda text: text.replace(b"\n", b"\r\r\n"),
        "no line feed at the end": lambda text: text[:-1], "an empty line": lambda text: text + b"\n",
        "a dot in front": replace(b"  data/", b"  ./data/"), "two dots": replace(b"  data/", b"  data/../data/"),
        "an absolute name": lambda text: text + b"0" * 64 + b"  /etc/hostname\n",
        "a tag file": lambda text: text + hashlib.sha256(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n").hexdigest().encode()
        + b"  bagit.txt\n"}
    for what, change in manifests.items():
        yield f"the manifest has {what}", "after", in_manifest(change), REFUSE
    for what, change in allowed.items():
        yield f"the manifest has {what}", "after", in_manifest(change), ACCEPT
    yield "an empty folder", "after", lambda bundle: (bundle / "data/empty").mkdir(), ACCEPT
    yield from foreign_cells()


def foreign_cells():
    """What an operating system leaves, and what only looks like it."""
    def lay(name, folder=False):
        def after(bundle):
            path = bundle / name
            path.mkdir(parents=True) if folder else (path.parent.mkdir(parents=True, exist_ok=True), path.write_bytes(b"junk"))
        return after
    for name in (".DS_Store", "data/.ds_store", "proof/._0.entry", "Thumbs.db", "data/THUMBS.DB", "desktop.ini", "ehthumbs.db", ".directory",
                 "data/.nfs0001", "lost+found/5", "System Volume Information/x", ".Trash-1000/info/x", ".Trashes/5/x", "$RECYCLE.BIN/S-1/x",
                 "__MACOSX/data/1.age", ".fseventsd/x", ".Spotlight-V100/y/z", "@eaDir/x", "Icon\r", "data/.fuse_hidden01"):
        yield f"{name} beside it", "after", lay(name), ACCEPT
    for name in ("lost+found", "a/b/c", "data/System Volume Information", ".DS_Store", "proof/1.entry.d"):
        yield f"the folder {name} beside it", "after", lay(name, folder=True), ACCEPT
    for name in ("lost+found", "DS_Store", "data/3-.DS_Store", ".DS_Store/x", "Thumbs.db.exe", "LOST+FOUND/5", ".NFS0001", "._", "lost+found2/x", "data/2.age"):
        yield f"{name}, which no system leaves", "after", lay(name), REFUSE
    yield "a link called .DS_Store", "after", lambda bundle: os.symlink("/etc/passwd", bundle / ".DS_Store"), REFUSE
    yield "a folder's link called lost+found", "after", lambda bundle: os.symlink("/etc", bundle / "lost+found"), REFUSE
    yield "a .DS_Store that is listed", "files", lambda files: {**files, "data/.DS_Store": b"x"}, REFUSE


def broken_ways(rng, data):
    """Ways in which a file can be broken that whoever wrote a parser may not have thought of."""
    lines = data.split(b"\n")
    at = rng.randrange(len(lines))
    yield "cut", data[:rng.randrange(len(data) + 1)]
    yield "a line gone", b"\n".join(lines[:at] + lines[at + 1:])
    yield "a line's words gone", b"\n".join([*lines[:at], lines[at].split(b" ")[0], *lines[at + 1:]])
    yield "an empty line", b"\n".join([*lines[:at], b"", *lines[at:]])
    yield "other bytes", bytes(byte if rng.random() > 0.02 else rng.randrange(256) for byte in data)
    yield "long", data + bytes([rng.randrange(256)]) * 70_000
    yield "numbers without end", re.sub(rb"[0-9]+", lambda match: match[0] * 40 if rng.random() < 0.3 else match[0], data)
    yield "nested", data.replace(b"{", b"[{", rng.randrange(3)).replace(b'"', b"[", rng.randrange(2))
    yield "not UTF-8", data.replace(b"e", b"\xff", 1)
    yield "half of a pair", data.replace(b'":"', b'":"\\ud800', 1)


def a_broken_file_is_a_finding_and_never_a_mistake_of_the_check(world):
    """Whatever stands in a bundle, a verifier ends with findings or a message; and both say the same."""
    world.add("a.txt", NOTE)
    world.add("b.txt", NOTE * 2)
    plain = world.export([1, 2], "plain")
    sealed = world.export([1, 2], "sealed", "--recipient", world.recipient)
    rng = random.Random(7)
    for good, options in ((plain, ()), (sealed, ("-i", world.folder / "reader.txt"))):
        for name in files_of(good):
            for what, data in broken_ways(rng, (good / name).read_bytes()):
                if "2" in re.sub("256|512", "", name) or data == (good / name).read_bytes():
                    continue
                for manifests in ("as they were", "put right"):
                    bundle = world.changed(good, lambda bundle, data=data: (bundle / name).write_bytes(data), manifests)
                    world.judge(f"{name}: {what}, manifests {manifests}", bundle, *options)


def a_sealed_file_is_for_as_many_as_an_entry_names(world):
    world.add("a.txt", NOTE)
    friends = []
    for name in ("friend", "other"):
        world.tool("age-keygen", "-o", f"{name}.txt")
        friends.append(world.tool("age-keygen", "-y", f"{name}.txt").decode().strip())
    one = world.export([1], "one", "--recipient", friends[0])
    two = world.export([1], "two", "--recipient", friends[0], "--recipient", friends[1])
    world.judge("for two, as its entry says", two, "-i", world.folder / "other.txt", verdict=ACCEPT)

    def resealed(bundle):
        """The header with both stanzas, in a bundle whose entry names one."""
        header, payload = (two / "data/1.age").read_bytes(), (one / "data/1.age").read_bytes()
        end = payload.index(b"\n", payload.index(b"\n--- ") + 1) + 1
        (bundle / "data/1.age").write_bytes(header[:header.index(b"\n", header.index(b"\n--- ") + 1) + 1] + payload[end:])
    for option in ((), ("-i", world.folder / "other.txt")):
        world.judge("for two where its entry names one", world.changed(one, resealed, "put right"), *option, verdict=REFUSE)


def an_original_header_is_for_the_same_key(world):
    """The entry commits to the header, and the header's MAC to the file key: one ciphertext is no two items."""
    forger, kept = Forger(world), []

    def another_mac(header):
        kept.append(header)
        return header[:header.rindex(b" ") + 1] + base64.b64encode(bytes(32)).rstrip(b"=") + b"\n"

    def made(**steps):
        return forger.make(header=another_mac, files=lambda files: {
            **files, "data/1.age": kept[-1] + files["data/1.age"][len(kept[-1]):]}, **steps)
    world.judge("another mac in the original header alone", made(), verdict=REFUSE)
    verifier = second.Verifier(str(made()), None, [])
    verifier.run()
    expect([one["name"] for one in verifier.findings] == ["header-mac"], verifier.findings)


def in_manifest(change):
    """Changes manifest-sha256.txt and its hashes in the others."""
    def after(bundle):
        manifest = bundle / "manifest-sha256.txt"
        before = manifest.read_bytes()
        manifest.write_bytes(change(before))
        for algorithm in second.MANIFEST_HASHES:
            tags = bundle / f"tagmanifest-{algorithm}.txt"
            tags.write_text(tags.read_text().replace(hashlib.new(algorithm, before).hexdigest(),
                                                     hashlib.new(algorithm, manifest.read_bytes()).hexdigest()))
        sign_bundle(bundle)
    return after


def note_cells(forger):
    def signed(signer=None, **more):
        return lambda bundle: sign_bundle(bundle, signer, **more)

    def changed(change):
        return lambda bundle: (bundle / "bundle.note").write_bytes(change((bundle / "bundle.note").read_bytes()))

    def relined(change):
        """Signed anew over the changed line."""
        return changed(lambda note: forger.custodian.note(change(note.partition(b"\n\n")[0] + b"\n")))
    yield "no note", lambda bundle: (bundle / "bundle.note").unlink(), REFUSE
    yield "an empty note", changed(lambda note: b""), REFUSE
    yield "signed by another", signed(forger.other), REFUSE
    yield "signed by the log's key", signed(forger.log), REFUSE
    yield "signed by another who says that he is the custodian", signed(forger.other, made_by=forger.custodian.actor), REFUSE
    yield "signed by the custodian, who says that he is another", signed(forger.custodian, made_by=forger.other.actor), REFUSE
    yield "signed by two", changed(lambda note: note + forger.other.line(note.partition(b"\n\n")[0] + b"\n")), REFUSE
    yield "signed twice", changed(lambda note: note + note[note.rindex(b"\xe2\x80\x94"):]), REFUSE
    yield "another manifest", signed(sha256="0" * 64), REFUSE
    yield "another manifest of SHA-512", signed(sha512="0" * 128), REFUSE
    yield "a SHA-512 in upper case", signed(sha512="A" * 128), REFUSE
    yield "another origin", signed(origin="test.example/case-2"), REFUSE
    yield "a larger log", signed(size=3), REFUSE
    yield "a smaller log", signed(size=1), REFUSE
    yield "no sealed file", signed(sealed_files=0), REFUSE
    yield "more sealed files", signed(sealed_files=2), REFUSE
    yield "another range", signed(range="1-2"), REFUSE
    yield "the range again", signed(range="1"), ACCEPT
    for text in ("", "0", "01", "1-1", "1-0", "2-1", "1,2", "1-", "-1", "1-99999999999999999999", "99999999999999999999", " 1", 1):
        yield f"a range of {text!r}", signed(range=text), REFUSE
    yield "a time to come", signed(time="9999-12-31T23:59:59.999Z"), ACCEPT
    yield "no time of day", signed(time="2026-11-24"), REFUSE
    yield "a version to come", signed(v=2), REFUSE
    yield "another statement", signed(statement="transfer"), REFUSE
    yield "one key more", signed(more=1), REFUSE
    yield "true for a number", signed(sealed_files=True), REFUSE
    yield "another order", relined(lambda line: compact(reordered(json.loads(line))) + b"\n"), REFUSE
    yield "white space", relined(replace(b'":1,', b'": 1,')), REFUSE
    yield "two lines", relined(lambda line: line + b"more\n"), REFUSE
    yield "a line of nine thousand bytes", relined(lambda line: b'{"x":"' + b"a" * 9000 + b'",' + line[1:]), REFUSE
    yield "a manifest changed behind it", lambda bundle: (bundle / "tagmanifest-sha256.txt").write_bytes(
        b"".join(reversed((bundle / "tagmanifest-sha256.txt").read_bytes().splitlines(keepends=True)))), REFUSE
    yield "the note is a link", lambda bundle: link("bundle.note")(bundle), REFUSE
    yield "a note in a folder", lambda bundle: shutil.copy(bundle / "bundle.note", bundle / "proof/bundle.note"), REFUSE


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


def a_bundle_is_signed_by_who_made_it(world):
    forge(world, lambda forger: ((what, "after", change, verdict) for what, change, verdict in note_cells(forger)))


def a_bag_holds_what_it_lists_and_what_belongs_there(world):
    forge(world, file_cells)


def make_history(world):
    """With the program: a collector comes, adds and goes, a custodian comes, the first one takes a new key."""
    for name in ("carol", "bob", "tester-2"):
        key = world.exhibit("keygen", "--signing", name, "--no-passphrase", "-o", f"{name}.key")
        (world.folder / f"{name}.vkey").write_bytes(key)
    world.add("a.txt", NOTE)                                                                                  # 1
    world.exhibit("custodian", "add", "carol.vkey", "--role", "collector", "--organisation", "Acme IR")       # 2
    world.add("b.txt", NOTE * 2, "--key", "carol.key")                                                        # 3
    world.exhibit("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "Bob Analyst")             # 4
    world.exhibit("hold", "1", "3", "--authority", "a court", "--reason", "a suit")                           # 5
    actor = "+".join((world.folder / "carol.vkey").read_text().split("+")[:2])
    world.exhibit("custodian", "retire", actor, "--reason", "left")                                           # 6
    world.exhibit("release", "1", "--authority", "a court", "--reason", "settled", "--cosigner-key", "bob.key")  # 7
    world.exhibit("custodian", "rotate", "--new-key", "tester-2.key")                                         # 8
    world.add("c.txt", NOTE * 3, "--key", "tester-2.key")                                                     # 9


def without(*numbers):
    """The bundle as if it had been made without these entries, and whatever is of them."""
    def change(bundle):
        for number in numbers:
            for path in [*bundle.glob(f"proof/{number}.*"), *bundle.glob(f"data/{number}[.-]*")]:
                path.unlink()
    return change


def both(*changes):
    def change(bundle):
        for one in changes:
            one(bundle)
    return change


def act_swap(number, other):
    return both(*(swap(f"proof/{number}.{part}", f"proof/{other}.{part}") for part in ("entry", "tlog-proof")))


def change_last_signature(data):
    at = data.rindex(b" ") + 20
    return data[:at] + (b"A" if data[at:at + 1] != b"A" else b"B") + data[at + 1:]


def history_cells(bundle):
    yield "a collector's admission is left out", without(2), REFUSE
    yield "a collector and all of his are left out", without(2, 3, 6), ACCEPT
    yield "a collector's admission and item are left out, and not his retirement", without(2, 3), REFUSE
    yield "a retirement is left out", without(6), ACCEPT
    yield "a hold is left out", without(5), REFUSE
    yield "a hold and its release are left out", without(5, 7), ACCEPT
    yield "a release is left out", without(7), ACCEPT
    yield "a cosigner's admission is left out", without(4), REFUSE
    yield "a replacement is left out", without(8), REFUSE
    yield "a replacement and what the new key signed are left out", without(8, 9, 10, 11), ACCEPT
    yield "all items are left out", without(1, 3, 9), REFUSE
    yield "all acts are left out", without(2, 4, 5, 6, 7, 8), REFUSE
    yield "all acts and what needs them are left out", without(*range(2, 12)), ACCEPT
    yield "a hold and its release swapped", act_swap(5, 7), REFUSE
    yield "a retirement and an admission swapped", act_swap(2, 6), REFUSE
    yield "a hold in its release's place, and no release", both(without(7), rename("proof/5.entry", "proof/7.entry"),
                                                                rename("proof/5.tlog-proof", "proof/7.tlog-proof")), REFUSE
    yield "two acts' proofs swapped", swap("proof/5.tlog-proof", "proof/7.tlog-proof"), REFUSE
    for number, act in ((2, "an admission"), (5, "a hold"), (6, "a retirement"), (7, "a release"), (8, "a replacement")):
        name = f"proof/{number}.entry"
        yield f"{act} without its entry", drop(name), REFUSE
        yield f"{act} without its proof", drop(f"proof/{number}.tlog-proof"), REFUSE
        yield f"{act} with another signature", edit(name, change_last_signature), REFUSE
        yield f"{act} at another time", edit(name, replace(b'"time":"2', b'"time":"3')), REFUSE
        yield f"{act} with a sealed file", beside("data/1.age", f"data/{number}.age"), REFUSE
        yield f"{act} with a header", beside("proof/1.header", f"proof/{number}.header"), REFUSE
        yield f"{act} with metadata", beside("proof/1.header", f"proof/{number}.metadata.json"), REFUSE
        yield f"{act} with an original", beside("data/1.age", f"data/{number}-a.txt"), REFUSE
    bob = re.search(rb'"cosigner":"([^"]*)"', (bundle / "proof/7.entry").read_bytes())[1]
    genesis = re.search(rb'"actor":"([^"]*)"', (bundle / "proof/0.entry").read_bytes())[1]
    yield "another cosigner", edit("proof/7.entry", replace(b'"cosigner":"' + bob, b'"cosigner":"' + genesis)), REFUSE
    yield "no cosigner", edit("proof/7.entry", lambda data: data.replace(b',"cosigner":"' + bob + b'"', b"")
                              [:data.rindex("\u2014".encode()) - len(b',"cosigner":""' + bob)]), REFUSE
    yield "another new key", edit("proof/8.entry", replace(b'"key":"tester-2', b'"key":"tester-3')), REFUSE
    yield "another role", edit("proof/2.entry", replace(b'"collector"', b'"custodian"')), REFUSE
    yield "a wider hold", edit("proof/5.entry", replace(b'"1,3"', b'"1-3"')), REFUSE


def a_history_made_by_the_program(world):
    make_history(world)
    key = ("-i", world.folder / "reader.txt")
    signer = ("--key", "tester-2.key")  # the one that the history ends with
    plain = world.export([1, 3, 9], "plain", *signer)
    world.judge("plain", plain, "--fingerprint", world.made["fingerprint"], verdict=ACCEPT)
    expect(len(list(plain.glob("proof/*.entry"))) == 11, "the bundle has all entries, and that of its making")
    sealed = world.export([1, 3, 9], "sealed", "--recipient", world.recipient, *signer)
    world.judge("sealed, with a key", sealed, *key, verdict=ACCEPT)
    world.judge("one item", world.export([1], "one", *signer), verdict=ACCEPT)
    # Nothing of an act is encrypted, and without a key the variants are cheap to judge.
    for what, change, verdict in history_cells(sealed):
        code = world.judge(what, world.changed(sealed, change, "put right"), verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")


def recount(world, cells):
    forger = Forger(world)
    for what, history, *change, verdict in cells(forger):
        bundle = history(histories.History(forger)).write(*change)
        code = world.judge(what, bundle, verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")


def an_act_is_done_by_those_who_may(world):
    recount(world, histories.role_cells)


def a_key_comes_once_and_goes_once(world):
    recount(world, histories.key_cells)


def a_rule_of_two_binds_all_that_it_names(world):
    recount(world, histories.rule_cells)


def an_item_is_named_for_what_can_be_done_to_it(world):
    recount(world, histories.item_cells)


def a_reader_is_listed_by_a_custodian(world):
    recount(world, histories.reader_cells)


def a_new_key_of_the_vault_comes_in_the_open(world):
    recount(world, histories.reseal_cells)


def an_item_that_was_collected_is_signed_there(world):
    recount(world, histories.collected_cells)


def a_receipt_is_signed_by_whoever_it_names(world):
    recount(world, histories.receipt_cells)


def a_transfer_is_between_two_who_signed_it(world):
    recount(world, histories.transfer_cells)


def an_act_has_one_form(world):
    recount(world, histories.form_cells)


def a_value_of_an_act_has_one_form(world):
    recount(world, histories.value_cells)


def a_cosigner_is_named_and_signs_behind(world):
    recount(world, histories.cosigner_cells)


def an_act_lies_in_a_bundle_without_a_sealed_file(world):
    recount(world, histories.part_cells)


def a_random_history_is_blamed_for_the_same_entries(world):
    """An act that broke a rule changes nothing behind it, so the two must not only refuse, but name the same."""
    forger, blamed, entries = Forger(world), 0, 0
    for seed in range(12):
        history = histories.wander(random.Random(seed), forger)
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


def a_tail_begins_with_the_chunk_of_the_metadata(world):
    original = os.urandom(150_000)
    forger = Forger(world)
    world.judge("as it should", forger.make(original), verdict=ACCEPT)
    world.judge("a chunk early", forger.make(original, shape=lambda shape: {**shape, "tail": shape["tail"] + 65_552}), verdict=REFUSE)


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
         if callable(value) and getattr(value, "__module__", None) == __name__ and value.__name__.startswith(("each_", "a_", "an_"))]


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
