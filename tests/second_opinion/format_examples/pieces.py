"""The pieces that the examples of docs/FORMAT.md are made of: keys, notes, sealed files, fields. No program of Exhibit is used.

All but ML-DSA is deterministic: the same seed gives the same bytes.
"""
import base64
import hashlib
import hmac
import json
import struct
from collections import namedtuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import ml_dsa
from vectors import hkdf, padme, root_of, sha256

ORIGIN = "x7.example/q4d2"
TIME = "2026-11-28T23:00:00Z"
LAW = {"genesis", "custodian", "suspend", "rule", "reader", "log-key", "recovery", "upgrade", "closed"}
NO_SEALED_FILE = {"timestamp", "run"}
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
ML_DSA = ml_dsa.maker()
HAS_ML_DSA = ML_DSA is not None  # else there are fewer examples
CAN_CHECK_ML_DSA = ml_dsa.openssl_knows()
CHUNK = 65_536
FRAME = 1 << 20

Sealed = namedtuple("Sealed", "header payload layout file_key lines")


def b64(data):
    return base64.b64encode(data).decode()


def raw64(data):
    return b64(data).rstrip("=")


def hexed(data):
    return sha256(data).hex()


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def leaf(data):
    return sha256(b"\0" + data)


class Spelled(dict):
    """An object that is written in bytes of its own, which may say something else than its members."""

    def __init__(self, value, data):
        super().__init__(value)
        self.data = data


def edited(value, edit):
    """An object after a hook, which gives another one or changes it in place."""
    result = edit(value) if edit else None
    return result if isinstance(result, dict) else value


class Random:
    """Bytes that look random, and are the same each time."""

    def __init__(self, seed):
        self.seed, self.count = seed.encode(), 0

    def __call__(self, length):
        self.count += 1
        return hashlib.shake_256(self.seed + b"/%d" % self.count).digest(length)


def bech32(prefix, data):
    values, bits, held = [], 0, 0
    for byte in data:
        held, bits = held << 8 | byte, bits + 8
        while bits >= 5:
            bits -= 5
            values.append(held >> bits & 31)
    if bits:
        values.append(held << 5 - bits & 31)
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= constant if top >> bit & 1 else 0
    check ^= 1
    return prefix + "1" + "".join(BECH32[value] for value in values + [check >> 5 * (5 - at) & 31 for at in range(6)])


class Key:
    """An Ed25519 note key."""

    def __init__(self, name, seed, kind=1):
        self.name, self.seed, self.private, self.kind = name, seed, Ed25519PrivateKey.from_private_bytes(seed), kind
        public = bytes([kind]) + self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha256(name.encode() + b"\n" + public)[:4]
        self.actor = f"{name}+{self.id.hex()}"
        self.text = f"{self.actor}+{b64(public)}"

    def line(self, text):
        return f"\u2014 {self.name} {b64(self.id + self.private.sign(text))}\n".encode()

    def cosignature(self, text, time):
        signature = self.private.sign(b"cosignature/v1\ntime %d\n" % time + text)
        return f"\u2014 {self.name} {b64(self.id + time.to_bytes(8, 'big') + signature)}\n".encode()


class MlDsaKey:
    """An ML-DSA-44 key of a log (tlog-cosignature, type 06). Its lines make no claim of a time."""

    def __init__(self, name, seed):
        self.name, self.private = name, ML_DSA(seed)
        public = b"\6" + self.private.public
        self.id = sha256(name.encode() + b"\n" + public)[:4]
        self.actor = f"{name}+{self.id.hex()}"
        self.text = f"{self.actor}+{b64(public)}"

    def line(self, text, time=0):
        origin, size, root = text.decode().split("\n")[:3]
        message = (b"subtree/v1\n\0" + bytes([len(self.name)]) + self.name.encode() + time.to_bytes(8, "big") + bytes([len(origin)]) + origin.encode()
                   + bytes(8) + int(size).to_bytes(8, "big") + base64.b64decode(root))
        return f"\u2014 {self.name} {b64(self.id + time.to_bytes(8, 'big') + self.private.sign(message))}\n".encode()


class Recipient:
    """An age X25519 key pair."""

    def __init__(self, seed):
        self.seed, self.private = seed, X25519PrivateKey.from_private_bytes(seed)
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.text = bech32("age", self.public)
        self.identity = bech32("age-secret-key-", seed).upper()


def note(value, *keys):
    """A signed note of one line of JSON, or of a text."""
    text = value if isinstance(value, bytes) else value.data if isinstance(value, Spelled) else (compact(value) + "\n").encode()
    return text + b"\n" + b"".join(key.line(text) for key in keys)


# Sealed files.

def zstd_frame(data):
    """Data in raw blocks, as one segment."""
    size = len(data)
    if size < 256:
        head = bytes([0x20, size])
    elif size < 65_792:
        head = bytes([0x60]) + struct.pack("<H", size - 256)
    else:
        head = bytes([0xA0]) + struct.pack("<I", size)
    blocks, at = b"", 0
    while True:
        piece = data[at:at + (128 << 10)]
        at += len(piece)
        blocks += ((at >= size) | len(piece) << 3).to_bytes(3, "little") + piece
        if at >= size:
            return b"\x28\xb5\x2f\xfd" + head + blocks


def skippable(magic, data):
    return bytes([magic]) + b"\x2a\x4d\x18" + struct.pack("<I", len(data)) + data


def content_frames(content):
    pieces = [content[at:at + FRAME] for at in range(0, len(content), FRAME)] or [b""]
    return [(zstd_frame(piece), len(piece)) for piece in pieces]


def plaintext_of(content, lines, edit=None):
    """Content, padding, fields, seek table. `edit` changes the parts: frames, zeros, fields, rows, last bytes."""
    fields = b"".join(lines)
    parts = {"frames": content_frames(content), "zeros": None, "fields": skippable(0x50, fields + struct.pack("<I", len(fields)) + b"EXHM"),
             "rows": None, "end": struct.pack("<I", 0) + b"\0" + b"\xb1\xea\x92\x8f"}
    count = len(parts["frames"])
    bare = sum(len(frame) for frame, _ in parts["frames"]) + 8 + len(parts["fields"]) + 8 + 8 * (count + 2) + 9
    parts["zeros"] = bytes(padme(bare) - bare)
    parts["rows"] = [*((len(frame), held) for frame, held in parts["frames"]), (8 + len(parts["zeros"]), 0), (len(parts["fields"]), 0)]
    parts["end"] = struct.pack("<I", count + 2) + parts["end"][4:]
    if edit:
        edit(parts)
    table = b"".join(struct.pack("<II", *row) for row in parts["rows"]) + parts["end"]
    before = b"".join(frame for frame, _ in parts["frames"]) + skippable(0x51, parts["zeros"])
    return before + parts["fields"] + skippable(0x5E, table), len(before)


def header_for(random, file_key, recipients):
    stanzas = b"age-encryption.org/v1\n"
    for public in recipients:
        ephemeral = X25519PrivateKey.from_private_bytes(random(32))
        share = ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        wrap = hkdf(ephemeral.exchange(X25519PublicKey.from_public_bytes(public)), share + public, b"age-encryption.org/v1/X25519")
        stanzas += f"-> X25519 {raw64(share)}\n{raw64(ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None))}\n".encode()
    mac = hmac.digest(hkdf(file_key, b"", b"header"), stanzas + b"---", "sha256")
    return stanzas + f"--- {raw64(mac)}\n".encode()


def payload_for(nonce, file_key, plaintext):
    cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
    chunks = [plaintext[at:at + CHUNK] for at in range(0, len(plaintext), CHUNK)]
    sealed = [cipher.encrypt(at.to_bytes(11, "big") + bytes([at == len(chunks) - 1]), chunk, None) for at, chunk in enumerate(chunks)]
    return nonce + b"".join(sealed)


def layout_for(payload, fields_at):
    """The layout line: blocks of 16 chunks, and the tail from the chunk that holds the fields' first byte."""
    sealed = CHUNK + 16
    tail_at = 16 + fields_at // CHUNK * sealed
    blocks = [payload[:16], *(payload[at:min(at + 16 * sealed, tail_at)] for at in range(16, tail_at, 16 * sealed)), payload[tail_at:]]
    return layout_line(len(payload), len(payload) - tail_at, root_of([leaf(block) for block in blocks]))


def layout_line(size, tail, root):
    return (compact({"bytes": size, "tail": tail, "root": root.hex()}) + "\n").encode()


# Fields.

def field_line(salt, key, value):
    return (compact([salt.hex(), key, value]) + "\n").encode()


def key_of(line):
    return json.loads(line)[1]


def list_line(line):
    return f"{hexed(line)}  {key_of(line)}\n".encode()


def fields_digest(lines):
    return hexed(b"".join(map(list_line, lines)))


def parts_of(content, by="lines"):
    if by == "4096":
        return [content[at:at + 4096] for at in range(0, len(content), 4096)]
    lines = content.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return [line[at:at + 65_536] for line in lines for at in range(0, len(line), 65_536)]
