#!/usr/bin/env python3
"""Compares what seal/ and the Python verifier say of sealed files' plaintexts, layouts and headers, on random mutants.

  tests/seal/agreement/run.py VERDICTS VERIFY_BUNDLE [--count N] [--seed S]

VERDICTS is the program made of verdicts.cc, VERIFY_BUNDLE the verifier's source. Prints each difference, and exits 1 if
there is one. The Python verifier's decompression is the command zstd's: without it the comparison is skipped (77).
"""
import argparse
import base64
import hashlib
import importlib.util
import io
import os
import random
import shutil
import struct
import subprocess
import sys

MEBIBYTE = 1 << 20


class Verdicts:
    """The C++ side."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, kind, data):
        self.process.stdin.write(kind.encode() + struct.pack(">I", len(data)) + data)
        self.process.stdin.flush()
        word, _, rest = self.process.stdout.readline().decode("utf-8", "replace").rstrip("\n").partition(" ")
        if word not in ("ok", "no"):
            sys.exit(f"the program ended at a record of kind {kind}")
        return word == "ok", rest


def load(path):
    spec = importlib.util.spec_from_file_location("verifier", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["verifier"] = module
    spec.loader.exec_module(module)
    return module


def python_plaintext(verifier, data):
    seen = verifier.Plaintext()
    try:
        seen.feed(data)
        seen.finish()
        seen.check_padding()
    except verifier.Finding as finding:
        return False, str(finding)
    zstd = subprocess.run(["zstd", "-dcq"], input=data[:seen.content_end], capture_output=True)
    if zstd.returncode or len(zstd.stdout) != seen.size:
        return False, "cannot be decompressed"
    return True, hashlib.sha256(zstd.stdout).hexdigest() + " " + hashlib.sha256(seen.fields).hexdigest()


def python_layout(verifier, data):
    try:
        layout = verifier.parse_layout(data)
    except verifier.Finding as finding:
        return False, str(finding)
    return True, f"{layout.bytes} {layout.tail}"


def python_header(verifier, data):
    file = io.BytesIO(data)
    try:
        _, stanzas = verifier.read_header(file, "header")
    except verifier.Finding as finding:
        return False, str(finding)
    return (False, "something follows") if file.read(1) else (True, str(len(stanzas)))


def little(number):
    return struct.pack("<I", number & 0xFFFFFFFF)


def frames_of(data):
    """Where the skippable frames of an honest plaintext begin, and the end of its content."""
    count = struct.unpack("<I", data[-9:-5])[0]
    table = len(data) - 17 - 8 * count
    places, at = [], 0
    for row in range(count):
        length = struct.unpack("<I", data[table + 8 + 8 * row:table + 12 + 8 * row])[0]
        places.append((at, length))
        at += length
    return places + [(table, len(data) - table)]


def with_table(frames, holds):
    rows = b"".join(little(len(frame)) + little(held) for frame, held in zip(frames, holds))
    table = b"\x5e\x2a\x4d\x18" + little(len(rows) + 9) + rows + little(len(frames)) + b"\0" + b"\xb1\xea\x92\x8f"
    return b"".join(frames) + table


def mutate_plaintext(rng, data):
    """One change, of bytes anywhere or of the structure with a table that fits."""
    places = frames_of(data)
    kind = rng.randrange(8)
    changed = bytearray(data)
    if kind == 0:                                     # a bit anywhere
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    elif kind <= 2:                                   # bytes at a beginning: of a frame, or a row
        at, length = rng.choice(places)
        at += min(rng.randrange(24), length - 1)
        changed[at] = rng.choice((0, 1, 2, 3, 0x20, 0x40, 0x60, 0x80, 0xA0, 0xE0, 0xFF, changed[at] ^ 1 << rng.randrange(8)))
    elif kind == 3:                                   # a byte in the first 40 of the content, where headers are
        changed[rng.randrange(40)] ^= 1 << rng.randrange(8)
    elif kind == 4:                                   # a piece that is missing, there twice, or more
        at, size = rng.randrange(len(changed)), rng.choice((1, 4, 8, 100))
        changed[at:at + rng.choice((0, size))] = rng.choice((b"", bytes(changed[at:at + size]), bytes(size)))
    elif kind == 5:                                   # frames in another order, missing or twice; the table fits
        frames = [data[at:at + length] for at, length in places[:-1]]
        holds = [struct.unpack("<I", data[places[-1][0] + 12 + 8 * row:places[-1][0] + 16 + 8 * row])[0] for row in range(len(frames))]
        order = list(range(len(frames)))
        a, b = rng.randrange(len(order)), rng.randrange(len(order))
        rng.choice((lambda: order.pop(a), lambda: order.insert(a, order[b]), lambda: order.__setitem__(slice(None), order[::-1])))()
        return with_table([frames[i] for i in order], [holds[i] for i in order])
    elif kind == 6:                                   # more or less padding, dealt anew; the table fits
        frames = [data[at:at + length] for at, length in places[:-1]]
        holds = [struct.unpack("<I", data[places[-1][0] + 12 + 8 * row:places[-1][0] + 16 + 8 * row])[0] for row in range(len(frames))]
        zeros = max(0, len(frames[-2]) - 8 + rng.choice((0, -1, 1, -16, 16, 256, 4096, -256)))
        cut = rng.choice((zeros, zeros, 0, zeros // 2))
        padding = [b"\x51\x2a\x4d\x18" + little(cut) + bytes(cut)]
        if cut < zeros or rng.randrange(4) == 0:
            rest = max(0, zeros - cut - rng.choice((0, 16)))
            padding.append(b"\x51\x2a\x4d\x18" + little(rest) + bytes(rest))
        frames[-2:-1], holds[-2:-1] = padding, [0] * len(padding)
        return with_table(frames, holds)
    else:                                             # a number in a row
        at, length = places[-1]
        at += 4 * rng.randrange(length // 4)
        changed[at:at + 4] = little(int.from_bytes(changed[at:at + 4], "little") + rng.choice((-1, 1, 8, -8, 1 << 20, 1 << 31)))
    return bytes(changed)


def handmade_frames(rng):
    """One content frame by hand: descriptor, window, sizes and blocks as an attacker likes them."""
    descriptor = rng.choice((0x20, 0x60, 0xA0, 0xE0, 0x80, 0x40, 0xC0, rng.randrange(256)))
    single, flag = descriptor >> 5 & 1, descriptor >> 6
    blocks, size = b"", 0
    limit = rng.choice((1, 2, 200, 1024, 5000, 131072))
    for last in [0] * rng.randrange(3) + [1]:
        kind, length = rng.choice((0, 0, 1, 1, rng.randrange(4))), rng.choice((0, 1, 2, limit, limit + 1, rng.randrange(limit + 1)))
        stored = bytes(rng.randrange(256) for _ in range(1)) * (1 if kind == 1 else length)
        blocks += struct.pack("<I", last | kind << 1 | length << 3)[:3] + stored
        size += length
    stated = size if rng.randrange(8) else size + rng.choice((-1, 1))
    width = (1 if single else 0, 2, 4, 8)[flag]
    header = b"\x28\xb5\x2f\xfd" + bytes([descriptor])
    if not single:
        header += bytes([rng.choice((0, 1, 7, 8, 0x38, 0x40, 0x50, 0x51, 0x58, rng.randrange(256)))])
    header += bytes((0, 1, 2, 4)[descriptor & 3])
    value = stated - (256 if width == 2 else 0)
    frame = header + (value & (1 << 8 * width) - 1).to_bytes(width, "little") + blocks
    if descriptor & 4:
        frame += bytes(4)
    return frame, (value & (1 << 8 * width) - 1) + (256 if width == 2 else 0) if width else 0


def padded_plaintext(verifier, frames, holds, fields):
    content = sum(map(len, frames))
    bare = content + 8 + len(fields) + 8 + 8 * (len(frames) + 2) + 9
    zeros = verifier.padded(bare) - bare
    padding = b"\x51\x2a\x4d\x18" + little(zeros) + bytes(zeros)
    return with_table([*frames, padding, fields], [*holds, 0, 0])


def mutate_layout(rng, verifier):
    plain = rng.choice((4096, 4352, 65536, 67584, 71680, 1081344, verifier.padded(rng.randrange(1, 1 << rng.randrange(13, 44)))))
    plain += rng.choice((0, 0, 0, 1, -1, 16, 256))
    chunks = -(-plain // 65536)
    tail_chunks = rng.randrange(1, min(chunks, rng.choice((2, 20, 400))) + 1)
    last = plain - (chunks - 1) * 65536 + 16
    total, tail = 16 + plain + 16 * chunks, (tail_chunks - 1) * 65552 + last
    tail += rng.choice((0, 0, 0, 0, 1, -1, 65552, 16))
    total += rng.choice((0, 0, 0, 0, 1, -1, 65552))
    total = rng.choice((total,) * 12 + (0, 15, 16, 2**53 - 1, 2**53, 2**64))
    line = f'{{"bytes":{total},"tail":{tail},"root":"{"ab" * 32}"}}\n'
    if rng.randrange(3) == 0:
        at = rng.randrange(len(line))
        line = line[:at] + rng.choice(("", " ", "0", line[at] * 2, "A", "-", "\t", "é", "\x00")) + line[at + rng.randrange(2):]
    return line.encode()


def b64(data):
    return base64.b64encode(data).decode().rstrip("=")


def mutate_header(rng):
    def stanza():
        kind = rng.choice(("X25519", "X25519", "ssh-ed25519", "mlkem768x25519", "scrypt", "x"))
        arguments = {"X25519": (32,), "ssh-ed25519": (4, 32), "mlkem768x25519": (1120,), "scrypt": (16,), "x": ()}[kind]
        words = [kind] + [b64(bytes(rng.randrange(256) for _ in range(one + (rng.randrange(40) == 0)))) for one in arguments]
        body = b64(bytes(rng.randrange(256) for _ in range(32 + rng.choice((0,) * 20 + (1, -1, 16, 64)))))
        lines = [body[at:at + 64] for at in range(0, len(body) + 1, 64)]
        return "-> " + " ".join(words) + "\n" + "\n".join(lines) + "\n"

    kind = rng.randrange(5)
    one = stanza()
    stanzas = one * rng.choice((1, 2, 63, 64, 65)) if kind == 0 else "".join(stanza() for _ in range(rng.choice((0, 1, 1, 1, 2, 3))))
    text = "age-encryption.org/v1\n" + stanzas + "--- " + b64(bytes(rng.randrange(256) for _ in range(32))) + "\n"
    if kind >= 3:
        at = rng.randrange(len(text))
        text = text[:at] + rng.choice(("", " ", "\n", "\r", "=", "A", "-", "\x7f", "é", "+")) + text[at + rng.randrange(2):]
    return text.encode()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("verdicts")
    parser.add_argument("verifier")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    if not shutil.which("zstd"):
        print("SKIPPED: the command zstd is not installed")
        return 77
    rng, verifier, verdicts = random.Random(options.seed), load(options.verifier), Verdicts(options.verdicts)
    print(f"seed {options.seed}")
    log = b"".join(b"2025-03-14T02:17:%02dZ sshd[%d]: Accepted publickey for backup\n" % (i % 60, i * 7919 % 32768) for i in range(40000))
    originals = [b"", b"x", log[:300], log[:3000], os.urandom(2000), bytes(5000), log[:70000], log[:MEBIBYTE + 2000]]
    plaintexts = [bytes.fromhex(verdicts.ask("W", one)[1]) for one in originals]
    fields = plaintexts[0][slice(*(lambda p: (p[0], sum(p)))(frames_of(plaintexts[0])[2]))]
    taken, differences = {}, 0

    def compare(name, kind, data, python):
        nonlocal differences
        ours, theirs = verdicts.ask(kind, data), python(verifier, data)
        both = taken.setdefault(name, [0, 0])
        both[ours[0]] += 1
        if ours[0] != theirs[0] or ours[0] and ours[1] != theirs[1]:
            differences += 1
            print(f"{name}: C++ says {ours}, Python says {theirs}: {data[:120].hex()}{'…' if len(data) > 120 else ''}")

    for data in plaintexts:
        compare("plaintext", "P", data, python_plaintext)
    for number in range(options.count):
        data = rng.choice(plaintexts[:-1] if number % 20 else plaintexts)
        compare("plaintext", "P", mutate_plaintext(rng, data), python_plaintext)
        frame, held = handmade_frames(rng)
        compare("frame by hand", "P", padded_plaintext(verifier, [frame], [held & 0xFFFFFFFF], fields), python_plaintext)
        compare("layout", "L", mutate_layout(rng, verifier), python_layout)
        compare("header", "H", mutate_header(rng), python_header)
        length = rng.randrange(1, 1 << rng.randrange(1, 53))
        if verdicts.ask("N", str(length).encode())[1] != str(verifier.padded(length)):
            differences += 1
            print(f"padded({length}) differs")
    for name, (refused, accepted) in taken.items():
        print(f"{name}: {accepted} taken, {refused} refused")
    print(f"{differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
