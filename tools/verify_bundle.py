#!/usr/bin/env python3
"""A second opinion on a bundle of evidence: checks all that docs/FORMAT.md says of one.

    verify_bundle.py PATH [--fingerprint HEX] [-i IDENTITY] [--json]

Written from that document and the specifications it names, not from Exhibit's source, so that one
mistake does not make both wrong. Needs Python 3.9 and, where there is a key, `age` and `zstd`.
Exit status: 0 all of it holds; 3 something does not; 5 it holds, but no fingerprint was given, so that nothing says
whose vault this is; 6 the identity opens nothing of it; 2 usage; 1 it is no bundle, or could not be read.
"""
import argparse
import base64
import bisect
import collections
import contextlib
import datetime
import functools
import hashlib
import hmac
import json
import os
import re
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
import zlib

HOLDS, NOT_READ, CHANGED, NOT_ANCHORED, WRONG_KEY = 0, 1, 3, 5, 6      # exit statuses, and their words in JSON
VERDICTS = {HOLDS: "holds", NOT_READ: "not-read", CHANGED: "changed", NOT_ANCHORED: "not-anchored", WRONG_KEY: "wrong-key"}

ENTRY_LIMIT = 65_535            # FORMAT.md, Entry
SIGNATURES_LIMIT = 100
NOTE_LIMIT = 8 * 1024           # FORMAT.md, Bundle
BAG_INFO_LIMIT = 1 << 20          # FORMAT.md, Bundle
SMALL_FILE_LIMIT = 65_535       # headers, proofs, keys: far more than any of them needs
MANIFEST_LIMIT = 64 << 20
TAIL_LIMIT = 16 << 20           # of the metadata and the content in its chunk, held in memory
FILES_LIMIT = 1_000_000
FRAME = 1 << 20                 # bytes of the original in each zstd frame
BLOCK = 128 << 10               # that a block of one stores and gives, at the most
CHUNK, CHUNK_SEALED = 65_536, 65_552
TAG = CHUNK_SEALED - CHUNK
NONCE = 16
BLOCK_CHUNKS = 16
METADATA_LIMIT, TEXT_LIMIT, TAGS_LIMIT = 1 << 20, 65_536, 256      # FORMAT.md, Sealed file
ZERO_HASH = "0" * 64
MANIFEST_HASHES = {"sha256": 64, "sha512": 128}     # and their digits
LISTED_NOWHERE = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt", "bundle.note")

NUMBER = r"(?:0|[1-9][0-9]{0,18})"
PLACES = {                      # FORMAT.md, Bundle: whatever else lies in a bundle is a finding
    "bag": r"bagit\.txt|bag-info\.txt|(?:tag)?manifest-sha(?:256|512)\.txt",
    "note": r"bundle\.note",
    "for people": r"VERIFY\.txt|items\.csv|omissions\.json|certificate\.txt|custody\.jsonld|report\.html|policy\.txt",     # proves nothing
    "sealed": rf"data/({NUMBER})\.age",
    "original": rf"data/({NUMBER})-[A-Za-z0-9._-]{{1,100}}",
    "entry": rf"proof/({NUMBER})\.entry",
    "proof": rf"proof/({NUMBER})\.tlog-proof",
    "header": rf"proof/({NUMBER})\.header",
    "metadata": rf"proof/({NUMBER})\.metadata\.json",
    "vkey": r"proof/log\.vkey",
    "identity": r"proof/identity\.txt",
}
COMPANION = re.compile(rf"bag-info\.txt|{PLACES['for people']}")
OF_ENTRY = re.compile("|".join(f"(?:{PLACES[place]})" for place in ("sealed", "original", "entry", "proof", "header", "metadata")))

# FORMAT.md, What an operating system leaves. Windows and macOS treat their names in any case, Linux in one.
FOREIGN_FILE = re.compile(
    r"(?i:\.DS_Store|\._.+|\.localized|\.apdisk|\.VolumeIcon\.icns|Icon\r|Thumbs\.db|ehthumbs\.db|ehthumbs_vista\.db|desktop\.ini)"
    r"|\.directory|\.nfs.+|\.fuse_hidden.+", re.ASCII | re.DOTALL)
FOREIGN_FOLDER = re.compile(
    r"lost\+found|\.Trash|\.Trash-.+|@eaDir|#recycle|(?i:\.Trashes|\.fseventsd|\.Spotlight-V100|\.DocumentRevisions-V100"
    r"|\.TemporaryItems|\.AppleDouble|__MACOSX|System Volume Information|\$RECYCLE\.BIN|RECYCLER)", re.ASCII | re.DOTALL)


class Finding(Exception):
    """Something that does not hold: a name that stays the same across versions, what was seen, and of which file."""

    def __init__(self, name, text, file=None):
        super().__init__(f"{name}: {text}")
        self.name, self.text, self.file = name, text, file


class CannotRun(Exception):
    """The check itself failed, which says nothing about the bundle."""


def shown(text):
    """Text of the bundle, harmless on a terminal and not endless."""
    return ascii(text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else str(text))[1:-1][:160]


def require(condition, name, text):
    if not condition:
        raise Finding(name, text)


# Ed25519 (RFC 8032, section 5.1), with libsodium's strictness: S, A and R in their one encoding, A and R
# not of small order. A lenient verifier accepts signatures that others refuse.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)          # extended coordinates X, Y, Z, T


def point_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_multiply(scalar, point):
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def point_decode(data):
    """The point of 32 bytes, or None: not on the curve, not canonical, or of small order."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    point = (x, y, 1, x * y % P)
    return None if point_equal(point_multiply(8, point), NEUTRAL) else point


BASE = point_decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    a, r = point_decode(public), point_decode(signature[:32])
    if s >= L or a is None or r is None:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return point_equal(point_multiply(s, BASE), point_add(r, point_multiply(h, a)))


# What age wraps a file key with (c2sp.org/age): X25519 (RFC 7748), HKDF (RFC 5869), ChaCha20-Poly1305 (RFC 8439).

def x25519(secret, point):
    k = int.from_bytes(secret, "little") & ~7 & (1 << 255) - 1 | 1 << 254
    u = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swapped = 1, 0, u, 1, 0
    for at in reversed(range(255)):
        bit = k >> at & 1
        if bit != swapped:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x2, z2, x3, z3 = aa * bb % P, e * (aa + 121665 * e) % P, (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def hkdf(secret, salt, info):
    return hmac.digest(hmac.digest(salt or bytes(32), secret, "sha256"), info + b"\1", "sha256")


def chacha20_block(key, counter):
    """With a nonce of zeros: age makes a key for each wrapping."""
    def words(data):
        return [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]
    start_state = words(b"expand 32-byte k" + key + counter.to_bytes(4, "little") + bytes(12))
    state = start_state[:]

    def quarter(a, b, c, d):
        for left, right, out, shift in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[left] = state[left] + state[right] & 0xFFFFFFFF
            mixed = state[out] ^ state[left]
            state[out] = (mixed << shift | mixed >> 32 - shift) & 0xFFFFFFFF
    for _ in range(10):
        for column in range(4):
            quarter(column, column + 4, column + 8, column + 12)
        for row in range(4):
            quarter(row, 4 + (row + 1) % 4, 8 + (row + 2) % 4, 12 + (row + 3) % 4)
    return b"".join((one + first & 0xFFFFFFFF).to_bytes(4, "little") for one, first in zip(state, start_state))


def poly1305(key, data):
    r, number = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF, 0
    for at in range(0, len(data), 16):
        number = (number + int.from_bytes(data[at:at + 16] + b"\1", "little")) * r % (2**130 - 5)
    return (number + int.from_bytes(key[16:], "little") & 2**128 - 1).to_bytes(16, "little")


def unwrap_file_key(key, body):
    """The 16 bytes that a stanza's body holds under this key, or None."""
    sealed, tag = body[:16], body[16:]
    lengths = (0).to_bytes(8, "little") + len(sealed).to_bytes(8, "little")
    if len(body) != 32 or poly1305(chacha20_block(key, 0)[:32], sealed + lengths) != tag:
        return None
    return bytes(a ^ b for a, b in zip(sealed, chacha20_block(key, 1)))


def open_header(stanzas, secrets):
    """The file key that a header's X25519 stanzas hold for one of these identities, or None."""
    for secret in secrets:
        recipient = x25519(secret, (9).to_bytes(32, "little"))
        for kind, arguments, body in stanzas:
            if kind == "X25519":
                shared = x25519(secret, arguments[0])
                if any(shared):
                    file_key = unwrap_file_key(hkdf(shared, arguments[0] + recipient, b"age-encryption.org/v1/X25519"), body)
                    if file_key is not None:
                        return file_key
    return None


def header_mac_fits(header, file_key):
    """Whether the header commits to this file key."""
    covered, _, mac = header[:-1].rpartition(b" ")
    wanted = hmac.digest(hkdf(file_key, b"", b"header"), covered, "sha256")
    return hmac.compare_digest(base64.b64encode(wanted).rstrip(b"="), mac)


# Encodings: one spelling each.

def base64_decode(text, length=None, padded=True):
    """The bytes of canonical base64, or None."""
    try:
        data = base64.b64decode(text + ("" if padded else "=" * (-len(text) % 4)), validate=True)
    except ValueError:
        return None
    again = base64.b64encode(data).decode()
    if (again if padded else again.rstrip("=")) != text or (length is not None and len(data) != length):
        return None
    return data


def bech32_decode(text, prefix):
    """The 32 bytes of an age recipient or identity (BIP 173), or None."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    if not text.startswith(prefix + "1") or any(c not in alphabet for c in text[len(prefix) + 1:]):
        return None
    values = [alphabet.index(c) for c in text[len(prefix) + 1:]]
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= constant if top >> bit & 1 else 0
    # 32 bytes are 52 values of 5 bits, of which the last has 4 bits that must be zero; 6 values check.
    if check != 1 or len(values) != 58 or values[51] & 15:
        return None
    number = 0
    for value in values[:52]:
        number = number << 5 | value
    return (number >> 4).to_bytes(32, "big")


def json_decode(data, name):
    """The value of JSON in its one form: no white space, keys once, whole numbers, text as UTF-8."""
    def refuse(_):
        raise ValueError
    try:
        value = json.loads(data.decode("utf-8"), parse_float=refuse, parse_constant=refuse)
        again = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError):
        raise Finding(name, "is not JSON") from None
    require(again == data, name, "is JSON, but not in its one form")
    return value


def is_count(value):
    return type(value) is int and 0 <= value < 2**64


def is_positive(value):
    return is_count(value) and value > 0


def is_text(value):
    return type(value) is str


def is_hash(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_time(value):
    if not is_text(value) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", value):
        return False
    try:
        # RFC 3339 has a year 0, a leap year as 2000 is; Python has not.
        datetime.datetime.strptime(re.sub("^0000", "2000", value[:19]), "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return True


# The tree (RFC 6962, section 2.1).

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class TreeHash:
    """The root over leaves that come one by one; keeps one hash for each full subtree."""

    def __init__(self):
        self.count, self.full = 0, []

    def add(self, leaf):
        self.count += 1
        rest = self.count
        while rest & 1 == 0:
            leaf, rest = node_hash(self.full.pop(), leaf), rest >> 1
        self.full.append(leaf)

    def root(self):
        root = self.full[-1]
        for left in reversed(self.full[:-1]):
            root = node_hash(left, root)
        return root


def root_of_path(leaf, index, size, path):
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2), or None if it is too short
    or too long."""
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = node_hash(sibling, leaf)
            while index & 1 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


# Notes (c2sp.org/signed-note), checkpoints (tlog-checkpoint) and proofs (tlog-proof).

Key = collections.namedtuple("Key", "name id public")
Signature = collections.namedtuple("Signature", "name id data")
Checkpoint = collections.namedtuple("Checkpoint", "origin size root")
Proof = collections.namedtuple("Proof", "index path checkpoint")


def is_key_name(name):
    return 0 < len(name.encode()) <= 255 and "+" not in name and not any(c.isspace() or c < " " or c == "\x7f" for c in name)


@functools.lru_cache(4096)
def is_curve_key(public):
    """A point in its one encoding and of the order L: no other could sign, or its owner could deny it."""
    point = point_decode(public)
    return point is not None and point_equal(point_multiply(L, point), NEUTRAL)


def key_id(name, public):
    return hashlib.sha256(name.encode() + b"\n\1" + public).digest()[:4]


def parse_key(text, finding):
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    data = base64_decode(encoded, 33)
    require(is_key_name(name) and data is not None and data[0] == 1, finding, f"{shown(text)} is not an Ed25519 note key")
    require(identity == key_id(name, data[1:]).hex(), finding, f"{shown(text)} has a wrong key id")
    require(is_curve_key(data[1:]), finding, f"{shown(text)} is no point of the curve, or of small order")
    return Key(name, key_id(name, data[1:]), data[1:])


def parse_note(data, finding):
    """The text and the signatures of a note."""
    text, gap, tail = data.rpartition(b"\n\n")
    require(gap and text and tail.endswith(b"\n"), finding, "is not a signed note")
    require(not any(byte < 0x20 and byte != 0x0A for byte in data), finding, "has control characters")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Finding(finding, "is not UTF-8") from None
    signatures = []
    require(tail.count(b"\n") <= SIGNATURES_LIMIT, finding, f"has more than {SIGNATURES_LIMIT} signatures")
    for line in tail.decode("utf-8").split("\n")[:-1]:
        match = re.fullmatch(r"\u2014 ([^ ]+) ([^ ]+)", line)
        blob = match and base64_decode(match[2])
        require(match and is_key_name(match[1]) and blob and len(blob) > 4, finding, "has a malformed signature line")
        signatures.append(Signature(match[1], blob[:4], blob[4:]))
    return text + b"\n", signatures


def verify_note(text, signatures, key, finding):
    """Every signature in the key's name and id must hold, and there must be one; others' are ignored."""
    own = [s for s in signatures if (s.name, s.id) == (key.name, key.id)]
    require(own, finding, f"is not signed by {shown(key.name)}+{key.id.hex()}")
    require(all(ed25519_verify(key.public, text, one.data) for one in set(own)), finding, f"has a wrong signature of {shown(key.name)}")


def parse_decimal(text):
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 2**64 else None


def parse_checkpoint(text):
    """Exactly three lines: Exhibit writes no extension lines, and a line that nobody reads proves nothing."""
    lines = text.decode("utf-8").split("\n")
    require(len(lines) == 4 and not lines[3], "checkpoint-malformed", "does not have three lines")
    size, root = parse_decimal(lines[1]), base64_decode(lines[2], 32)
    require(lines[0] and size is not None and root is not None, "checkpoint-malformed", "is not origin, size and root")
    require(size or root == EMPTY_ROOT, "checkpoint-malformed", "has the size 0, and another root than the empty tree's")
    return Checkpoint(lines[0], size, root)


def parse_proof(data):
    head, gap, checkpoint = data.partition(b"\n\n")
    require(gap, "proof-malformed", "has no checkpoint")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Finding("proof-malformed", "is not ASCII") from None
    require(lines[0] == "c2sp.org/tlog-proof@v1", "proof-malformed", "is not a tlog-proof of version 1")
    if len(lines) > 1 and lines[1].startswith("extra "):  # opaque, and not to be relied on
        require(base64_decode(lines.pop(1)[6:]) is not None, "proof-malformed", "has malformed extra data")
    require(len(lines) > 1 and lines[1].startswith("index "), "proof-malformed", "has no index")
    index = parse_decimal(lines[1][6:])
    path = [base64_decode(line, 32) for line in lines[2:]]
    require(index is not None and None not in path and len(path) <= 64, "proof-malformed", "has a malformed index or hash")
    return Proof(index, path, checkpoint)


# Entries (FORMAT.md, Entry): the form of each, whatever may have been allowed.

ROLES = ("collector", "custodian", "witness")
NEED_TWO = ("custodian", "release", "shred", "reader", "reseal")    # what a rule can name
OUTCOMES = ("accepted", "refused", "abandoned")
SEALED_TYPES = ("item", "omission", "note", "case")     # whose entries have a sealed file
TYPES_WITH_ACTS = ("custodian", "access")       # of which each act has its own fields
ITEMS_LIMIT = 65_536
READERS_LIMIT = 64
RESEAL_LIMIT = 1_000            # items of one entry
COLLECTED_LIMIT = 8_192
RECEIPT_LIMIT = 24 * 1024
STATEMENT_LIMIT = 24 * 1024


def is_line(value, limit=1024):
    """One line of text: neither empty nor too long, and no control characters."""
    data = value.encode("utf-8") if is_text(value) else b""
    return 0 < len(data) <= limit and not any(byte < 0x20 or byte == 0x7F for byte in data)


def is_name(value):
    return is_line(value, 256)


def is_actor(value):
    """A key's name and id. The id's eight digits follow the only plus."""
    return is_text(value) and re.fullmatch(r"[^+]+\+[0-9a-f]{8}", value) is not None and is_key_name(value[:-9])


def is_key(value):
    try:
        return is_text(value) and bool(parse_key(value, ""))
    except Finding:
        return False


def is_recipient(value):
    return is_text(value) and bech32_decode(value, "age") is not None


def is_recipients(value):
    return type(value) is list and value and all(map(is_name, value))


def is_choice(order, value):
    """Some of the words, each once and in their order."""
    return type(value) is list and value == [word for word in order if word in value]


def is_roles(value):
    return is_choice(ROLES, value) and bool(value)


def is_payload(value):
    """FORMAT.md, Blocks: between the nonce and the tail are whole chunks; the last chunk is not empty."""
    if not has_form(value, {"bytes": is_count, "tail": is_count, "root": is_hash}):
        return False
    content, tail = value["bytes"] - NONCE - value["tail"], value["tail"]
    return content >= 0 and content % CHUNK_SEALED == 0 and tail > TAG and not 0 < tail % CHUNK_SEALED <= TAG


def parse_items(text):
    """The ranges of a set of positions, first and last of each, or None if it is not in its one spelling."""
    ranges, count = [], 0
    for part in text.split(","):
        first, dash, last = part.partition("-")
        first, last = parse_decimal(first), parse_decimal(last if dash else first)
        if first is None or last is None or (dash and last <= first) or (ranges and first <= ranges[-1][1] + 1):
            return None
        ranges.append((first, last))
        count += last - first + 1
    return ranges if count <= ITEMS_LIMIT else None


def is_items(value):
    return is_text(value) and parse_items(value) is not None


def is_range(value):
    """A number, from 1, or two that ascend. It may be long: nothing is counted out."""
    match = re.fullmatch("([1-9][0-9]{0,19})(?:-([1-9][0-9]{0,19}))?", value) if is_text(value) else None
    return bool(match) and int(match[2] or match[1]) < 2**64 and (match[2] is None or int(match[1]) < int(match[2]))


def has_form(value, form):
    """An object with the keys of the form in their order and no others. Those with a `?` may be missing."""
    names = [key.rstrip("?") for key in form]
    return type(value) is dict and list(value) == [name for name in names if name in value] \
        and all(name in value or key != name for key, name in zip(form, names)) \
        and all(is_right(value[name]) for name, is_right in zip(names, form.values()) if name in value)


def is_custodian(value):
    return has_form(value, {"name": is_name, "key": is_key, "roles": is_roles, "organisation?": is_name, "contact?": is_name})


def is_readers(value):
    return type(value) is list and 0 < len(value) <= READERS_LIMIT \
        and all(has_form(one, {"recipient": is_recipient, "name?": is_name}) for one in value) \
        and len({one["recipient"] for one in value}) == len(value)


def is_base64(value):
    """What a token is made of. What it says is for an RFC 3161 verifier; a bundle does not depend on it."""
    return is_text(value) and bool(value) and base64_decode(value) is not None


COMMON_FORM = {
    "v": is_count, "type": lambda value: value in TYPES, "origin": lambda value: is_text(value) and is_key_name(value),
    "seq": is_count, "prev": is_hash, "time": is_time, "actor": is_actor, "cosigner?": is_actor}
COMMON = [key for key in COMMON_FORM if not key.endswith("?")]
SEALED_FORM = {"header": is_hash, "payload": is_payload}
FORMS = {
    "genesis": {"recipient": is_recipient, "readers?": is_readers, "log": is_key, "custodian": is_custodian},
    "item": {**SEALED_FORM, "collected?": is_text},
    "omission": {"count": is_positive, **SEALED_FORM},
    "custodian admit": {"act": is_text, "custodian": is_custodian},
    "custodian retire": {"act": is_text, "key": is_actor, "reason": is_line, "compromised_since?": is_time},
    "custodian rotate": {"act": is_text, "key": is_key},
    "transfer": {"outcome": OUTCOMES.__contains__, "statement": is_text},
    "access read": {"act": is_text, "items": is_items, "purpose": is_line},
    "access export": {"act": is_text, "items": is_items, "purpose": is_line, "recipients?": is_recipients},
    "access export-failed": {"act": is_text, "items": is_items, "purpose": is_line},
    "note": {"items": is_items, **SEALED_FORM},
    "hold": {"items": is_items, "authority": is_line, "reason": is_line},
    "release": {"items": is_items, "authority": is_line, "reason": is_line},
    "shred": {"item": is_count, "authority": is_line, "reason": is_line},
    "rule": {"two": functools.partial(is_choice, NEED_TWO)},
    "timestamp": {"checkpoint?": is_text, "renews?": is_count, "token": is_base64},
    "recovery": {"lost": is_text, "reason": is_line},
    "log-key": {"log": is_key, "compromised_since?": is_time},
    "reader": {"readers": is_readers, "key_file": is_hash},
    "reseal": {"recipient": is_recipient, "key_file?": is_hash, "items?": is_items, "headers?": is_base64},
    "receipt": {"receipt": is_text},
    "case": SEALED_FORM,
}
TYPES = {form.split()[0] for form in FORMS}
STATEMENT_FORM = {
    "v": is_count, "statement": lambda value: value == "transfer", "origin": is_text, "items": is_items, "leaves": is_hash,
    "released_by": is_actor, "received_by": is_actor, "time": is_time, "purpose": is_line, "authority?": is_line,
    "condition?": is_line, "location?": is_line, "transport?": is_line}

COLLECTED_FORM = {
    "v": is_count, "statement": lambda value: value == "collected", "origin": is_text, "collector": is_actor, "number": is_positive,
    "recipient": is_recipient, "time": is_time, **SEALED_FORM}

RECEIPT_FORM = {
    "v": is_count, "statement": lambda value: value == "receipt", "origin": is_text, "bundle": is_hash, "checkpoint": is_text,
    "made_by": is_actor, "made": is_time, "received_by": is_key, "time": is_time, "outcome": ("holds", "fails").__contains__,
    "depth": ("sealed", "content").__contains__,
    "believed?": lambda value: is_choice(("fingerprint", "policy"), value) and bool(value),
    "items": is_items, "failed?": is_items, "finding?": is_line}

NOTE_FORM = {
    "v": is_count, "statement": lambda value: value == "bundle", "origin": is_text, "size": is_count, "range": is_range,
    "sealed_files": is_count, "made_by": is_line, "time": is_time, "sha256": is_hash,
    "sha512": lambda value: is_text(value) and re.fullmatch("[0-9a-f]{128}", value) is not None}


def form_of(entry):
    """The name of the form that the entry says it has."""
    kind = entry.get("type")
    return f"{kind} {entry.get('act')}" if kind in TYPES_WITH_ACTS else str(kind)


def parse_statement_line(text, finding):
    """The object on the one line that a note of Exhibit signs."""
    require(text.count(b"\n") == 1, finding, "has more than one line")
    value = json_decode(text[:-1], finding)
    require(type(value) is dict, finding, "is not an object")
    require(type(value.get("v")) is int and value["v"] == 1, finding, f"has the unknown version {shown(value.get('v'))}")
    return value


def parse_entry(data):
    """The statement of an entry, its text and its signatures."""
    text, signatures = parse_note(data, "entry-malformed")
    entry = parse_statement_line(text, "entry-malformed")
    form = form_of(entry)
    require(is_text(entry.get("type")) and form in FORMS, "entry-malformed", f"has the unknown type {shown(form)}")
    require(has_form(entry, {**COMMON_FORM, **FORMS[form]}), "entry-malformed",
            "does not have the keys of its type in their order, or a value that is not of its key's form")
    require(form != "timestamp" or ("checkpoint" in entry) != ("renews" in entry), "entry-malformed",
            "stamps neither or both of a checkpoint and a token")
    if form == "reseal":
        check_reseal_form(entry)
    require(form != "log-key" or "cosigner" not in entry, "entry-cosigner", "has a cosigner, which a log-key never has")
    wanted = 3 if form == "log-key" else 2 if "cosigner" in entry else 1
    require(len(signatures) == wanted, "entry-malformed", f"has {len(signatures)} signatures instead of {wanted}")
    return entry, text, signatures


def check_reseal_form(entry):
    """A digest for each item, and neither of the two alone; or at least another key file."""
    require(("items" in entry) == ("headers" in entry) and ("items" in entry or "key_file" in entry), "entry-malformed",
            "names items without headers, headers without items, or neither and no key file")
    if "items" in entry:
        count = sum(last - first + 1 for first, last in parse_items(entry["items"]))
        require(count <= RESEAL_LIMIT and len(base64_decode(entry["headers"])) == 32 * count, "entry-malformed",
                f"does not have a digest for each of 1 to {RESEAL_LIMIT} items")


def parse_collected(entry):
    """What the collector said of the item, its text and its signature."""
    text, signatures = parse_note(entry["collected"].encode("utf-8"), "collected-malformed")
    require(len(entry["collected"].encode("utf-8")) <= COLLECTED_LIMIT, "collected-malformed", "is too long")
    statement = parse_statement_line(text, "collected-malformed")
    require(has_form(statement, COLLECTED_FORM), "collected-malformed",
            "does not have the keys of a collector's statement in their order, or a value that is not of its key's form")
    require(len(signatures) == 1, "collected-malformed", f"has {len(signatures)} signatures instead of 1")
    return statement, text, signatures


def parse_transfer(entry):
    """The statement of a transfer, its text and its signatures: the releaser's, and the receiver's if he accepted."""
    require(len(entry["statement"].encode("utf-8")) <= STATEMENT_LIMIT, "statement-malformed", "is too long")
    text, signatures = parse_note(entry["statement"].encode("utf-8"), "statement-malformed")
    statement = parse_statement_line(text, "statement-malformed")
    require(has_form(statement, STATEMENT_FORM), "statement-malformed",
            "does not have the keys of a transfer in their order, or a value that is not of its key's form")
    wanted = 2 if entry["outcome"] == "accepted" else 1
    require(len(signatures) == wanted, "statement-malformed", f"has {len(signatures)} signatures instead of {wanted}")
    return statement, text, signatures


def parse_receipt(entry):
    """What a receiver said of a bundle, its text and its signature."""
    data = entry["receipt"].encode("utf-8")
    require(len(data) <= RECEIPT_LIMIT, "receipt-malformed", "is too long")
    text, signatures = parse_note(data, "receipt-malformed")
    receipt = parse_statement_line(text, "receipt-malformed")
    require(has_form(receipt, RECEIPT_FORM), "receipt-malformed",
            "does not have the keys of a receipt in their order, or a value that is not of its key's form")
    require((receipt["outcome"] == "fails") == ("finding" in receipt), "receipt-malformed", "fails without a finding, or holds with one")
    require("failed" not in receipt or "finding" in receipt, "receipt-malformed", "holds, and names what failed")
    whole = parse_items(receipt["items"])
    require(all(any(low <= first and last <= high for low, high in whole) for first, last in parse_items(receipt.get("failed", receipt["items"]))),
            "receipt-malformed", "says that what was not received failed")
    return receipt, text, signatures


def verify_signers(text, signatures, keys, finding):
    """Each signature is that of the key in the same place."""
    require(len(signatures) == len(keys), finding, f"has {len(signatures)} signatures instead of {len(keys)}")
    for signature, key in zip(signatures, keys):
        verify_note(text, [signature], key, finding)


# Custody (FORMAT.md, Who may sign what): the rules, replayed over the entries in order of position.

Member = collections.namedtuple("Member", "key roles")

ALONE = {   # who signs an act that never has a cosigner
    "item": ("custodian", "collector"), "omission": ("custodian", "collector"), "custodian retire": ("custodian",),
    "transfer": ("custodian",), "access read": ("custodian",), "access export": ("custodian",), "note": ("custodian",),
    "hold": ("custodian",), "timestamp": ("custodian", "collector"), "recovery": ("custodian",), "log-key": ("custodian",),
    "receipt": ("custodian",), "case": ("custodian",)}
WITH_ANOTHER = {    # who may have one, and what a rule calls it
    "custodian admit": "custodian", "release": "release", "shred": "shred", "reader": "reader",
    "reseal": "reseal", "rule": None}
UNTOUCHABLE = ("hold", "access read", "access export", "transfer", "shred", "reseal")     # what cannot be done to a shredded item


def actor_of(key):
    return f"{key.name}+{key.id.hex()}"


class Counts:
    """A number for each position, kept as where it changes: a short entry can name many items, and many entries
    do, so that a set of items would make a small bundle a large one."""

    def __init__(self):
        self.starts, self.numbers = [0], [0]

    def over(self, first, last):
        return self.numbers[bisect.bisect_right(self.starts, first) - 1:bisect.bisect_right(self.starts, last)]

    def add(self, first, last, number):
        begin, end = self._split(first), self._split(last + 1)
        self.numbers[begin:end] = [one + number for one in self.numbers[begin:end]]

    def _split(self, at):
        """The place at which a position begins."""
        place = bisect.bisect_left(self.starts, at)
        if place == len(self.starts) or self.starts[place] != at:
            self.starts.insert(place, at)
            self.numbers.insert(place, self.numbers[place - 1])
        return place


class LogKeys:
    """Which key signs checkpoints of which size (FORMAT.md, Checkpoint and proof)."""

    def __init__(self, first):
        self.rows = [(0, first)]

    def replace(self, number, key):
        self.rows.append((number, key))

    def of(self, size):
        return [key for since, key in self.rows if since < size or since == 0][-1]

    def open(self, note, finding):
        """The checkpoint of a note, signed by the key of its size."""
        text, signatures = parse_note(note, finding)
        checkpoint = parse_checkpoint(text)
        verify_note(text, signatures, self.of(checkpoint.size), finding)
        return checkpoint, text, signatures


def learn_log_keys(first, entries):
    """The keys that entries put in the place of one another: each is signed by the one before and by its own."""
    keys = LogKeys(first)
    for number, data in entries:
        try:
            entry, text, signatures = parse_entry(data)
            if entry["type"] != "log-key" or number == 0:
                continue
            new = parse_key(entry["log"], "entry-malformed")
            require(new.public not in {key.public for _, key in keys.rows}, "custody-rule", "was the log's before")
            for key in (keys.rows[-1][1], new):
                verify_note(text, signatures, key, "entry-signature")
            keys.replace(number, new)
        except Finding:
            continue    # what is wrong with it is said where the entry is checked
    return keys


class Custody:
    """Who may sign and what may be done with which item, as far as the entries until here tell."""

    def __init__(self, custodian, log_key, recipient):
        self.log_keys, self.stamps = LogKeys(log_key), {}
        # Actor to entries; key, since when, and the entry that says so.
        self.signed_by, self.compromised = {actor_of(parse_key(custodian["key"], "genesis-malformed")): [0]}, []
        self.vault_keys, self.collected = [(0, recipient)], set()
        self.members, self.known_keys, self.known_actors = {}, set(), set()
        self.two, self.holds, self.shredded, self.statements = [], Counts(), Counts(), set()
        self.positions, self.leaves, self.sealed = [], {}, set()   # of the entries of the bundle
        self.admit(parse_key(custodian["key"], "genesis-malformed"), custodian["roles"])

    def take(self, number, entry, leaf):
        """Makes an entry known to later ones, so that they can name it."""
        self.positions.append(number)
        self.leaves[number] = leaf
        if entry["type"] in SEALED_TYPES:
            self.sealed.add(number)

    def follow(self, entry, text, signatures):
        """Checks an entry against all before it, and does what it says. What it breaks a rule for is not done."""
        form = form_of(entry)
        verify_signers(text, signatures, self.signers(form, entry), "entry-signature")
        log_key = actor_of(self.log_keys.rows[-1][1])
        if entry["type"] == "custodian":
            self.change_members(entry)
        elif form == "rule":
            require(not entry["two"] or len(self.custodians()) > 1, "custody-rule", "asks for two custodians where there is one")
            self.two = entry["two"]
        elif form == "transfer":
            self.transfer(entry)
        elif form == "timestamp":
            self.stamp(entry)
        elif form == "recovery":
            self.own_checkpoint(entry, entry["lost"])
        elif form == "log-key":
            self.replace_log_key(entry)
        elif form == "item":
            self.collect(entry)
        elif form == "reseal":
            self.reseal(entry)
        elif form == "receipt":
            self.receipt(entry)
        elif form not in ("omission", "reader", "case"):
            self.change_items(form, parse_items(str(entry["item"]) if form == "shred" else entry["items"]))
        self.note_signers(form, entry)
        if "compromised_since" in entry:
            key = entry["key"] if form == "custodian retire" else log_key
            self.compromised.append((key, entry["compromised_since"], entry["seq"]))

    def note_signers(self, form, entry):
        signers = {entry["actor"], entry.get("cosigner", entry["actor"])}
        if form == "transfer":
            statement = parse_transfer(entry)[0]
            signers.add(statement["released_by"])
            if entry["outcome"] == "accepted":
                signers.add(statement["received_by"])
        for actor in signers:
            self.signed_by.setdefault(actor, []).append(entry["seq"])

    def valid_only_if_before(self):
        """FORMAT.md, Keys that others had too: nothing in a bundle shows when an entry was made."""
        for key, since, number in self.compromised:
            entries = self.signed_by.get(key, [])
            if entries:
                yield (f"entry {number} says that others had {shown(key)} since {since}: valid only if made before that: "
                       f"{'entries' if len(entries) > 1 else 'entry'} {', '.join(map(str, entries))}")

    # Who signs.

    def signers(self, form, entry):
        """The keys that must have signed, in their order."""
        actor = self.member(entry["actor"])
        if form == "custodian rotate":
            require({"custodian", "collector"} & set(actor.roles), "entry-signer", "is of one who has no key to replace")
            new = parse_key(entry["key"], "entry-malformed")
            require(entry.get("cosigner") == actor_of(new), "entry-cosigner", "is not signed by the new key")
            return [actor.key, new]
        require(set(ALONE.get(form, ("custodian",))) & set(actor.roles), "entry-signer", f"is of one who may not sign a {form}")
        if form == "log-key":
            return [actor.key, self.log_keys.rows[-1][1], parse_key(entry["log"], "entry-malformed")]
        if "cosigner" not in entry:
            require(not self.needs_two(form), "entry-cosigner", "is signed by one where a rule asks for two")
            return [actor.key]
        require(form in WITH_ANOTHER, "entry-cosigner", f"has a cosigner, which a {form} never has")
        require(entry["cosigner"] != entry["actor"], "entry-cosigner", "is signed twice by the same")
        return [actor.key, self.member(entry["cosigner"], "custodian").key]

    def needs_two(self, form):
        return bool(self.two) if form == "rule" else WITH_ANOTHER.get(form) in self.two

    def member(self, actor, role=None):
        member = self.members.get(actor)
        require(member, "entry-signer", f"{shown(actor)} is not admitted there")
        require(role is None or role in member.roles, "entry-signer", f"{shown(actor)} is not a {role}")
        return member

    def custodians(self):
        return [actor for actor, member in self.members.items() if "custodian" in member.roles]

    # What it changes.

    def change_members(self, entry):
        if entry["act"] == "admit":
            self.admit(parse_key(entry["custodian"]["key"], "entry-malformed"), entry["custodian"]["roles"])
        elif entry["act"] == "retire":
            self.member(entry["key"])
            require(self.custodians() != [entry["key"]], "custody-rule", "retires the last custodian")
            del self.members[entry["key"]]
        else:
            self.admit(parse_key(entry["key"], "entry-malformed"), self.members[entry["actor"]].roles)
            del self.members[entry["actor"]]

    def collect(self, entry):
        """An item that was sealed elsewhere: by whom, and its number in his series, which is used once."""
        if "collected" not in entry:
            return
        statement, text, signatures = parse_collected(entry)
        require(statement["origin"] == entry["origin"], "collected-origin", f"is of {shown(statement['origin'])}")
        require((statement["header"], statement["payload"]) == (entry["header"], entry["payload"]), "collected-item",
                "is of another sealed file")
        require(statement["recipient"] == self.vault_keys[-1][1], "collected-item", "is of an item sealed to another key")
        collector = self.member(statement["collector"])
        require({"custodian", "collector"} & set(collector.roles), "entry-signer", "is of one who may not collect")
        verify_signers(text, signatures, [collector.key], "collected-signature")
        number = statement["collector"], statement["number"]
        require(number not in self.collected, "custody-rule", f"has number {statement['number']} of its collector again")
        self.collected.add(number)

    def reseal(self, entry):
        """To a new key of the vault, or more items to the present one."""
        since, present = self.vault_keys[-1]
        ranges = parse_items(entry["items"]) if "items" in entry else []
        if ranges:
            self.change_items("reseal", ranges)
        if entry["recipient"] == present:
            require(not ranges or ranges[-1][1] < since, "custody-item", f"reseals item {ranges and ranges[-1][1]}, which is sealed to this key")
        else:
            require(entry["recipient"] not in {key for _, key in self.vault_keys}, "custody-rule", "has a key that was the vault's before")
            self.vault_keys.append((entry["seq"], entry["recipient"]))

    def own_checkpoint(self, entry, note):
        """A checkpoint that this log signed, at its size."""
        checkpoint, _, signatures = self.log_keys.open(note.encode("utf-8"), "entry-checkpoint")
        require(checkpoint.origin == entry["origin"], "entry-checkpoint", f"is of {shown(checkpoint.origin)}")
        return checkpoint, signatures

    def stamp(self, entry):
        if "renews" in entry:
            require(entry["renews"] in self.stamps, "custody-rule", f"renews entry {entry['renews']}, which is no timestamp")
        else:
            checkpoint, signatures = self.own_checkpoint(entry, entry["checkpoint"])
            require(len(signatures) == 1, "entry-checkpoint", "has other signatures than the log's, which are not stamped")
            require(0 < checkpoint.size <= entry["seq"], "custody-rule", "stamps a checkpoint that is not one before it")
        self.stamps[entry["seq"]] = entry["token"]

    def replace_log_key(self, entry):
        new = parse_key(entry["log"], "entry-malformed")
        require(new.name == entry["origin"], "custody-rule", "has a log key of another name than the origin")
        require(new.public not in {key.public for _, key in self.log_keys.rows}, "custody-rule", "has a key that was the log's before")
        require(new.public not in self.known_keys, "custody-rule", "has a key that was a custodian's")
        self.log_keys.replace(entry["seq"], new)

    def admit(self, key, roles):
        """A key is admitted once, whatever its name; and an actor is one key."""
        require(key.public not in self.known_keys and actor_of(key) not in self.known_actors,
                "custody-rule", f"{shown(actor_of(key))} was admitted before")
        self.known_keys.add(key.public)
        self.known_actors.add(actor_of(key))
        self.members[actor_of(key)] = Member(key, roles)

    def among(self, ranges):
        """The named items that are in the bundle, whose entries can tell whether they are items at all."""
        require(ranges[-1][1] < self.positions[-1], "custody-item", f"names entry {ranges[-1][1]}, which is not earlier")
        found = []
        for first, last in ranges:
            found += self.positions[bisect.bisect_left(self.positions, first):bisect.bisect_right(self.positions, last)]
        for number in found:
            require(number in self.sealed, "custody-item", f"names entry {number}, which has no sealed file")
        return found

    def change_items(self, form, ranges):
        """What was done with an item before is told by other entries, whether or not it is in the bundle."""
        self.among(ranges)
        for first, last in ranges:
            held, shredded = self.holds.over(first, last), self.shredded.over(first, last)
            require(form not in UNTOUCHABLE or not any(shredded), "custody-item", f"is a {form} of what is shredded, in {first}-{last}")
            require(form != "shred" or not any(held), "custody-item", f"shreds item {first}, which is held")
            require(form != "release" or all(held), "custody-item", f"releases what is not held, in {first}-{last}")
        counts, number = {"hold": (self.holds, 1), "release": (self.holds, -1), "shred": (self.shredded, 1)}.get(form, (None, 0))
        for first, last in ranges if counts else ():
            counts.add(first, last, number)

    def transfer(self, entry):
        statement, text, signatures = parse_transfer(entry)
        require(statement["origin"] == entry["origin"], "statement-origin", f"is of {shown(statement['origin'])}")
        require(statement["released_by"] != statement["received_by"], "statement-signer", "is of one custodian alone")
        parties = [self.member(statement[key], "custodian").key for key in ("released_by", "received_by")]
        verify_signers(text, signatures, parties[:len(signatures)], "statement-signature")
        require(text not in self.statements, "custody-rule", "has a statement that was used before")
        ranges = parse_items(statement["items"])
        self.change_items("transfer", ranges)
        items = self.among(ranges)
        if len(items) == sum(last - first + 1 for first, last in ranges):
            require(self.root_over(items) == statement["leaves"], "statement-leaves", "has other leaves than its items")
        self.statements.add(text)

    def receipt(self, entry):
        receipt, text, signatures = parse_receipt(entry)
        require(receipt["origin"] == entry["origin"], "receipt-origin", f"is of {shown(receipt['origin'])}")
        verify_signers(text, signatures, [parse_key(receipt["received_by"], "receipt-malformed")], "receipt-signature")
        checkpoint, log_signatures = self.own_checkpoint(entry, receipt["checkpoint"])
        require(len(log_signatures) == 1, "entry-checkpoint", "has other signatures than the log's")
        require(checkpoint.size <= entry["seq"], "custody-rule", "is of a checkpoint that is not one before it")
        require(receipt["made_by"] in self.known_actors, "custody-rule", f"is of a bundle by {shown(receipt['made_by'])}, who is not known there")
        require(text not in self.statements, "custody-rule", "has a receipt that was used before")
        self.change_items("receipt", parse_items(receipt["items"]))
        self.statements.add(text)

    def root_over(self, items):
        tree = TreeHash()
        for item in items:
            tree.add(self.leaves[item])
        return tree.root().hex()


# age headers (c2sp.org/age). The vault's are for X25519 recipients alone; a receiver may have an SSH key.

STANZAS = {"X25519": (32,), "ssh-ed25519": (4, 32)}     # the bytes of their arguments
RECIPIENTS_LIMIT = 64


def read_header(file, finding, kinds=("X25519",)):
    """The header's exact bytes and its stanzas, and leaves the file at the first byte after it."""
    lines, total, stanzas = [], 0, []

    def line():
        nonlocal total
        data = file.readline(128)
        total += len(data)
        require(data.endswith(b"\n") and total <= SMALL_FILE_LIMIT, finding, "does not begin with an age header")
        lines.append(data)
        return data[:-1].decode("ascii", "replace")

    require(line() == "age-encryption.org/v1", finding, "is not an age file of version 1")
    while not (current := line()).startswith("---"):
        arrow, _, rest = current.partition(" ")
        kind, *words = rest.split(" ")
        require(arrow == "->" and kind in kinds, finding, f"has a recipient that is not {' or '.join(kinds)}")
        arguments = [base64_decode(one, size, padded=False) for one, size in zip(words, STANZAS[kind])]
        require(len(words) == len(STANZAS[kind]) and None not in arguments, finding, "has a malformed recipient")
        body = base64_decode(line(), 32, padded=False)
        require(body is not None, finding, "has a malformed file key")
        stanzas.append((kind, arguments, body))
        require(len(stanzas) <= RECIPIENTS_LIMIT, finding, f"has more than {RECIPIENTS_LIMIT} recipients")
    mac = current[4:] if current.startswith("--- ") else ""
    require(stanzas and base64_decode(mac, 32, padded=False) is not None, finding, "has no recipient or a malformed mac")
    return b"".join(lines), stanzas


# A bundle in a container (FORMAT.md, Containers).

def is_foreign(path, is_folder=False):
    *folders, last = path.split("/")
    return any(map(FOREIGN_FOLDER.fullmatch, folders)) or bool((FOREIGN_FOLDER if is_folder else FOREIGN_FILE).fullmatch(last))


def lower(text):
    return re.sub("[A-Z]+", lambda found: found[0].lower(), text)


Packed = collections.namedtuple("Packed", "name is_folder offset packed size crc deflated")


class ContainerBytes:
    """The bytes of a container, none of which is read twice or not at all."""

    def __init__(self, path):
        self.path, self.file, self.size = path, open(path, "rb"), os.stat(path).st_size

    def at(self, offset, count):
        require(offset + count <= self.size, "container", "the container is damaged")
        self.file.seek(offset)
        data = self.file.read(count)
        require(len(data) == count, "container", "the container became shorter")
        return data

    def is_zero_from(self, offset):
        self.file.seek(offset)
        return not any(piece.strip(b"\0") for piece in iter(lambda: self.file.read(1 << 20), b""))

    def cannot(self, why):
        return CannotRun(f"{shown(self.path)} cannot be read in this form: {why}; unpack it with your own tool, and check the folder that it makes")

    @staticmethod
    def refuse(name, why):
        return Finding("container", f"refused: {shown(name)}: {why}")


class Tar(ContainerBytes):
    WEIGHTLESS = re.compile(rb"comment|[mac]time|[ug]id|[ug]name|SCHILY\.(?:dev|ino|nlink|fflags)|LIBARCHIVE\.creationtime"
                            rb"|(?:SCHILY\.xattr|SCHILY\.acl|LIBARCHIVE\.xattr|RHT\.security)\..*", re.DOTALL)

    def members(self):
        at, longer, pax, count = 0, None, None, 0
        while True:
            if at + 512 > self.size:
                raise self.cannot("it is no tar, or was cut off")
            block = self.at(at, 512)
            if not any(block):
                break
            if at == 0 and not self.is_header(block):
                raise self.cannot("it is no tar")
            name, is_full, kind, size = self.header(block)
            at += 512
            if at + size > self.size:
                raise self.cannot("it was cut off")
            if kind in "Lxg":
                if longer or pax:
                    raise self.refuse(name, "a file has two names, or two headers of pax")
                if size > (4096 if kind == "L" else 1 << 20):
                    raise self.cannot("the header before a file is too long")
                data = self.at(at, size)
                if kind == "L":
                    longer = data[:-1] if data.endswith(b"\0") else data
                    if not longer or b"\0" in longer:
                        raise self.refuse(name, "a long name that is none")
                else:
                    pax = self.pax(name, data)
                    if kind == "g":
                        if set(pax) - {b"comment"}:
                            raise self.cannot("it sets for all files what each file has to say")
                        pax = None
            elif kind in "0\0" "5":
                count += 1
                if count > FILES_LIMIT:
                    raise self.cannot(f"more than {FILES_LIMIT} files")
                yield self.member(name, is_full, kind, size, at, longer, pax)
                longer = pax = None
            else:
                raise self.cannot("it holds a file of a type that we do not read")
            at += size
            fill = -size % 512
            if at + fill > self.size:
                raise self.cannot("it was cut off")
            if any(self.at(at, fill)):
                raise self.refuse(name, "there are bytes between it and the next file")
            at += fill
        if longer or pax is not None:
            raise self.refuse(self.path, "its last header belongs to no file")
        if at + 1024 > self.size:
            raise self.cannot("it was cut off")
        if not self.is_zero_from(at):
            raise self.refuse(self.path, "bytes follow its end")

    def member(self, name, is_full, kind, size, at, longer, pax):
        is_folder = kind == "5"
        longer = (pax or {}).get(b"path", longer)
        if longer is not None and longer != name:
            beginning = name[:-1] if is_folder and name.endswith(b"/") else name
            ascii_name = re.sub(rb"[\xc0-\xff]", b"?", re.sub(rb"[\x80-\xbf]", b"", longer))
            if name != ascii_name and not (is_full and (longer.startswith(beginning) or ascii_name.startswith(beginning))):
                raise self.cannot(f"{shown(name)} has two names")
            name = longer
        if (pax or {}).get(b"size", size) != size:
            raise self.refuse(name, "its two sizes differ")
        if is_folder and size:
            raise self.refuse(name, "a folder with bytes of its own")
        if not is_folder and name.endswith(b"/"):
            raise self.refuse(name, "a file that is named as a folder")
        return Packed(name[:-1] if name.endswith(b"/") else name, is_folder, at, size, size, None, False)

    @staticmethod
    def is_header(block):
        """As the most lenient reader takes it."""
        said = re.match(rb" *([0-7]*)", block[148:156])[1]
        rest = block[:148] + b" " * 8 + block[156:]
        return len(block) == 512 and any(block) and int(said or b"0", 8) in (sum(rest), sum(byte - 256 * (byte > 127) for byte in rest))

    def header(self, block):
        def text(start, size):
            value, _, rest = block[start:start + size].partition(b"\0")
            return None if any(rest) else value

        def octal(start, size):
            found = re.fullmatch(rb"([0-7]*)[ \0]+", block[start:start + size])
            return None if found is None else int(found[1] or b"0", 8)

        shown_name = block[:100].split(b"\0")[0]
        if octal(148, 8) != sum(block[:148]) + 8 * 32 + sum(block[156:]):
            raise self.refuse(shown_name, "its header is not what was written")
        kind = chr(block[156])
        if kind in "12346":
            raise self.refuse(shown_name, "it is a link, or neither a plain file nor a folder")
        is_posix = block[257:265] == b"ustar\00000"
        if not is_posix and block[257:265] != b"ustar  \0":
            raise self.cannot("its headers are of a form older than POSIX's and GNU's")
        prefix = text(345, 155) if is_posix else b""
        for start, size in (100, 8), (108, 8), (116, 8), (136, 12), (329, 8), (337, 8):
            if block[start] not in (0x80, 0xff) and octal(start, size) is None:
                raise self.refuse(shown_name, "its header holds something else for a number")
        if None in (text(0, 100), prefix, text(265, 32), text(297, 32)) or any(block[157:257]) or any(block[500 if is_posix else 345:]):
            raise self.cannot("a header holds more than a name and a size")
        if block[124] == 0x80:
            size = int.from_bytes(block[125:136], "big")
            size = size if size < 1 << 63 else None
        else:
            size = None if block[124] in b"\0 " else octal(124, 12)
        if size is None:
            raise self.refuse(shown_name, "its size is no number")
        name = prefix + b"/" + text(0, 100) if prefix else text(0, 100)
        return name, len(shown_name) >= 97, kind, size

    def pax(self, name, data):
        records = {}
        while data:
            length = re.match(rb"([1-9][0-9]{0,18}) ", data)
            end = int(length[1]) if length else 0
            key, equals, value = data[length.end() if length else 0:max(end - 1, 0)].partition(b"=")
            if not length or end > len(data) or data[end - 1:end] != b"\n" or not equals or not key or re.search(rb"[\0-\x1f\x7f]", key):
                raise self.refuse(name, "its pax header is malformed")
            if key in records:
                raise self.refuse(name, "a pax header that says something twice")
            records[key] = value
            if key == b"path":
                if not value or b"\0" in value:
                    raise self.refuse(name, "its pax header has a path that is not one")
            elif key == b"size":
                if not re.fullmatch(rb"0|[1-9][0-9]{0,19}", value) or int(value) >= 1 << 64:
                    raise self.refuse(name, "its pax header has a size that is not a number")
                records[key] = int(value)
            elif not self.WEIGHTLESS.fullmatch(key):
                raise self.cannot("a pax header says what is not read")
            data = data[end:]
        return records


class Zip(ContainerBytes):
    BEHIND, KNOWN_FLAGS = 1 << 3, 1 << 1 | 1 << 2 | 1 << 3 | 1 << 11
    WEIGHTLESS = {0x5455, 0x5855, 0x7855, 0x7875, 0x000a}

    def members(self):
        count, offset, list_end = self.find_list()
        at, next_file = offset, 0
        for _ in range(count):
            name, said, file_offset, attributes, at = self.listed(at, list_end)
            member, next_file = self.member(name, said, file_offset, attributes, next_file, offset)
            yield member
        if at != list_end or next_file != offset:
            raise self.refuse(self.path, "bytes that its list does not name")
        if self.size >= 512 and Tar.is_header(self.at(0, 512)):
            raise self.refuse(self.path, "it is a tar, too")

    def find_list(self):
        end = self.size - 22
        last = self.at(end, 22) if end >= 0 else b""
        if last[:4] != b"PK\5\6" or last[20:]!= b"\0\0":
            raise self.cannot("it is no zip, was cut off, or has a comment")
        part, here, count, size, offset = struct.unpack("<IHHII", last[4:20])
        if part or here != count:
            raise self.cannot("it is a part of several")
        found = count, size, offset
        locator = self.at(end - 20, 20) if end >= 76 else b""
        if locator[:4] == b"PK\6\7":
            end -= 76
            mark, length, _, part, here, *found = struct.unpack("<4sQIQQQQQ", self.at(end, 56))
            if (mark != b"PK\6\6" or length != 44 or part or here != found[0] or struct.unpack("<IQI", locator[4:]) != (0, end, 1)
                    or any(short not in (long, ones) for short, long, ones in zip((count, size, offset), found, (0xffff, 0xffffffff, 0xffffffff)))):
                raise self.refuse(self.path, "its two ends differ")
        count, size, offset = found
        if offset + size != end:
            raise self.refuse(self.path, "its list of files is not where its end says")
        if count > FILES_LIMIT:
            raise self.cannot(f"more than {FILES_LIMIT} files")
        return count, offset, end

    def listed(self, at, end):
        if end - at < 46:
            raise self.refuse(self.path, "its list of files is shorter than it says")
        (mark, _, version, flags, method, _, crc, packed, size, name_size, extra_size, comment_size, part, _, attributes,
         offset) = struct.unpack("<4sHHHHIIIIHHHHHII", self.at(at, 46))
        if mark != b"PK\1\2" or end - at - 46 < name_size + extra_size:
            raise self.refuse(self.path, "its list of files is shorter than it says")
        name = self.at(at + 46, name_size)
        if comment_size or part:
            raise self.cannot("a file has a comment, or lies in another part")
        zip64 = self.extra(name, self.at(at + 46 + name_size, extra_size))
        size, packed, offset = self.widen(name, zip64, size, packed, offset)
        if not name or b"\0" in name:
            raise self.refuse(name, "a name that is none")
        if flags & ~self.KNOWN_FLAGS or version > 45 or method not in (0, 8):
            raise self.cannot("a file is encrypted, or packed in a way that we do not read")
        if method == 0 and packed != size:
            raise self.refuse(name, "stored, and its two sizes differ")
        return name, (flags, method, crc, packed, size), offset, attributes, at + 46 + name_size + extra_size

    def member(self, name, said, offset, attributes, at, end):
        if offset != at:
            raise self.refuse(name, "it does not begin where the file before it ends")
        if end - at < 30:
            raise self.refuse(name, "its two headers differ")
        mark, version, flags, method, _, crc, packed, size, name_size, extra_size = struct.unpack("<4sHHHIIIIHH", self.at(at, 30))
        if mark != b"PK\3\4" or end - at - 30 < name_size + extra_size:
            raise self.refuse(name, "its two headers differ")
        front_name = self.at(at + 30, name_size)
        zip64 = self.extra(name, self.at(at + 30 + name_size, extra_size))
        size, packed = self.widen(name, zip64, size, packed)
        at += 30 + name_size + extra_size
        if said[0] & self.BEHIND:
            crc, packed, size = crc or said[2], packed or said[3], size or said[4]
        if front_name != name or (flags, method, crc, packed, size) != said or version > 45:
            raise self.refuse(name, "its two headers differ")
        is_folder, mode = name.endswith(b"/"), stat.S_IFMT(attributes >> 16)
        if mode not in (0, stat.S_IFREG, stat.S_IFDIR) or attributes & 0x448:
            raise self.refuse(name, "it is a link, or neither a plain file nor a folder")
        if ((mode == stat.S_IFDIR or attributes & 0x10) and not is_folder) or (mode == stat.S_IFREG and is_folder):
            raise self.refuse(name, "it is named as a file and marked as a folder, or the reverse")
        if is_folder and (size or crc):
            raise self.refuse(name, "a folder with bytes of its own")
        if end - at < packed:
            raise self.refuse(name, "it is longer than the container")
        member = Packed(name[:-1] if is_folder else name, is_folder, at, packed, size, crc, method == 8)
        at += packed
        if flags & self.BEHIND:
            if method == 0 and size:
                raise self.cannot("a file is stored, and its size comes after its data")
            form = "<4sIQQ" if zip64 is not None else "<4sIII"
            if end - at < struct.calcsize(form) or struct.unpack(form, self.at(at, struct.calcsize(form))) != (b"PK\7\x08", crc, packed, size):
                raise self.refuse(name, "its two headers differ")
            at += struct.calcsize(form)
        return member, at

    def extra(self, name, data):
        """The record of zip64, or None."""
        kinds = {}
        while data:
            kind, length = struct.unpack("<HH", data[:4]) if len(data) >= 4 else (0, 1 << 16)
            value, data = data[4:4 + length], data[4 + length:]
            if len(value) != length or kind in kinds:
                raise self.refuse(name, "its extra field is none, or says something twice")
            kinds[kind] = value
            is_same = kind == 0x7075 and value == b"\1" + struct.pack("<I", zlib.crc32(name)) + name
            if kind != 1 and kind not in self.WEIGHTLESS and not is_same and (kind, value) != (0xcafe, b""):
                raise self.cannot("a file has an extra field that is not read")
        return kinds.get(1)

    def widen(self, name, zip64, *numbers):
        wide, left = [], zip64 or b""
        for number in numbers:
            if number == 0xffffffff:
                number, left = (struct.unpack("<Q", left[:8])[0], left[8:]) if len(left) >= 8 else (number, b"short")
            wide.append(number)
        if left:
            raise self.cannot("an extra field has other numbers than are asked for")
        return wide


class Container:
    """A tar or a zip, read byte for byte, whose bundle is unpacked into a folder made for it."""

    DEVICE = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE | re.DOTALL)
    OTHERS = (b"\x1f\x8b", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!")

    def __init__(self, path, into):
        self.into, self.foreign, self.left = into, [], []
        begins = ContainerBytes(path).at(0, min(512, os.stat(path).st_size))
        form = {".tar": Tar, ".zip": Zip}.get(lower(os.path.splitext(path)[1]))
        self.container = (form or ContainerBytes)(path)
        is_zip = begins.startswith(b"PK\3\4")
        if form is None or begins.startswith(self.OTHERS):
            raise self.container.cannot("it is no .tar and no .zip")
        if (form is Tar and is_zip) or (form is Zip and not is_zip and Tar.is_header(begins)):
            raise self.container.cannot("it is of another form than its name says")

    def unpack(self):
        """Gives the folder of the bundle. Raises Finding, or CannotRun for what cannot be read."""
        placed = self.place(list(self.container.members()))
        if sum(member.size for member in [*(member for _, member in placed), *self.left]) > 64 * self.container.size + (16 << 20):
            raise self.container.cannot("it unpacks to more than 64 times its size")
        for path, member in placed:
            self.write(os.path.join(self.into, path), member)
        for member in self.left:        # not kept, but read: what another tool calls damaged does not hold
            for _ in self.content(member):
                pass
        return self.into

    def place(self, members):
        """The bundle's files, by their paths in it."""
        names = [os.fsdecode(member.name)[2 * member.name.startswith(b"./"):] for member in members]
        tops = [name[:-9] for name, member in zip(names, members)
                if not member.is_folder and ("/" + name).endswith("/bagit.txt") and not is_foreign(name, False)]
        top = min(tops, key=lambda folder: folder.count("/"), default=None)
        seen, placed = set(), []
        for name, member in zip(names, members):
            if member.is_folder and name in ("", "."):
                continue
            self.check_name(name)
            if lower(name) in seen:
                raise self.container.refuse(name, "the name is there already, or differs only in upper and lower case")
            seen.add(lower(name))
            if is_foreign(name, member.is_folder):
                self.foreign += [] if member.is_folder else [name]
                self.left += [] if member.is_folder else [member]
            elif top is not None and name.startswith(top):
                self.check_path(name, name[len(top):])
                placed += [] if member.is_folder else [(name[len(top):], member)]
            elif top is not None and not (member.is_folder and top.startswith(name + "/")):
                raise self.container.cannot(f"it holds more than a bundle: {shown(name)} lies beside it")
        if top is None:
            raise self.container.cannot("it holds no bundle: there is no bagit.txt in it")
        files = {lower(path) for path, _ in placed}
        for path, _ in placed:
            if "/" in path and lower(path.split("/")[0]) in files:
                raise self.container.refuse(path, "it lies in what is a file")
        return placed

    def check_name(self, name):
        parts = name.split("/")
        for wrong, why in ((len(os.fsencode(name)) > 1024, "its name is too long"),
                           (re.search(r"[\\:]", name), "its name has a \\ or :"),
                           (not all(parts) or {".", ".."} & {*parts}, "its name leaves the folder")):
            if wrong:
                raise self.container.refuse(name, why)

    def check_path(self, name, path):
        for wrong, why in ((not re.fullmatch("[ -~]+", path) or "%" in path, "its name is not of printable ASCII alone, or has a %"),
                           (path.count("/") > 1, "it lies deeper than a bundle's files"),
                           (any(map(self.DEVICE.fullmatch, path.split("/"))), "its name is a device's on some systems")):
            if wrong:
                raise self.container.refuse(name, why)

    def write(self, path, member):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "xb") as target:
            for data in self.content(member):
                target.write(data)

    def content(self, member):
        """Its bytes, piece by piece: as many as the container says, and with its checksum."""
        unpacker, crc, left = zlib.decompressobj(-15) if member.deflated else None, 0, member.size
        for start in range(0, member.packed, 1 << 20):
            piece = self.container.at(member.offset + start, min(1 << 20, member.packed - start))
            for data in self.inflate(member, unpacker, piece) if unpacker else [piece]:
                left -= len(data)
                if left < 0:
                    raise self.damaged(member)
                crc = zlib.crc32(data, crc)
                yield data
        if left or (unpacker and not unpacker.eof) or member.crc not in (None, crc):
            raise self.damaged(member)

    def inflate(self, member, unpacker, piece):
        try:
            while True:
                if unpacker.eof:
                    raise self.damaged(member)
                data = unpacker.decompress(piece, 1 << 20)
                yield data
                piece = unpacker.unconsumed_tail
                if unpacker.unused_data:
                    raise self.damaged(member)
                if not piece and len(data) < 1 << 20:
                    return
                if unpacker.eof:
                    return
        except zlib.error:
            raise self.damaged(member) from None

    def damaged(self, member):
        return self.container.refuse(member.name, "it is damaged: its unpacked bytes do not fit the container's checksum and size")


# Files of the bundle.

class Bag:
    """The plain files below the bundle's folder. Nothing outside is opened, and no link followed."""

    def __init__(self, folder):
        self.folder, self.sizes, self.findings, self.unread, self.foreign, self.known = folder, {}, [], [], [], {}
        self.renamed = {}
        if not os.path.isdir(folder):
            raise CannotRun(f"{shown(folder)} is not a folder")
        self.others, self.emptied, pending = [], [], [""]
        while pending:
            below = pending.pop()
            try:
                with os.scandir(os.path.join(folder, below)) as entries:
                    names = [(os.path.join(below, entry.name), entry.stat(follow_symlinks=False)) for entry in entries]
            except OSError as error:
                if not below:
                    raise
                self.unread.append((below, error.strerror))
                continue
            if not names and below not in ("", "data", "proof"):
                self.foreign.append(f"{below}/")
            for name, status in names:
                self._take(name, status, pending)
        self._check_it_is_a_bundle()
        self._set_foreign_aside()
        self._find_renamed()

    def _check_it_is_a_bundle(self):
        """What a bundle has and no other bag; then whatever else is missing is a finding."""
        there = {*self.sizes, *self.others}
        names = sorted(os.listdir(self.folder), key=os.fsencode)
        letters = {letters_of(name): name for name in reversed(names)}      # of those alike the first
        for own in LISTED_NOWHERE:     # which no hash finds
            if own not in names and letters_of(own) in letters:
                raise CannotRun(f"{shown(self.folder)} cannot be read in this form: {own} is here under another name, "
                                f"{shown(letters[letters_of(own)])}; a medium or a tool changed names: give the files back their own, or "
                                "carry the bundle as one .tar or .zip")
        if not there & {"bundle.note", "proof/log.vkey", "proof/0.entry"} and not any(name == "proof" for name, _ in self.unread):
            raise CannotRun(f"{shown(self.folder)} is a BagIt bag, but not an exhibit bundle" if "bagit.txt" in there
                            else f"{shown(self.folder)} is not a bag of BagIt 1.0")

    def _take(self, name, status, pending):
        if len(self.sizes) + len(self.others) + len(pending) > FILES_LIMIT:
            raise CannotRun(f"there are more than {FILES_LIMIT} files")
        if stat.S_ISDIR(status.st_mode):
            pending.append(name)
        elif stat.S_ISREG(status.st_mode):
            self.sizes[name] = status.st_size
        else:
            self.others.append(name)

    def _set_foreign_aside(self):
        """What a system left, unless a manifest lists it: what is signed for is checked."""
        listed = self._listed_anywhere()
        foreign = {name for name in self.sizes if is_foreign(name) and name not in listed}
        foreign |= {name for name in self.others if is_in_foreign_folder(name) and name not in listed}
        closed = {name for name, _ in self.unread if is_in_foreign_folder(f"{name}/")}
        self.foreign = sorted({*self.foreign, *foreign, *(f"{name}/" for name in closed)})
        self.sizes = {name: size for name, size in self.sizes.items() if name not in foreign}
        self.unread = [one for one in self.unread if one[0] not in closed]
        self.findings += [Finding("not-a-file", f"{shown(name)} is a link or a special file", name) for name in self.others if name not in foreign]

    def _find_renamed(self):
        """What is listed and not here is looked for, by its hashes, among what is here and listed nowhere: a medium may
        have changed its name. A manifest that is found so tells of more."""
        while True:
            listed, found = self._listed_anywhere(), {}
            missing = sorted({*listed} - {*self.sizes} - {*self.others})
            unlisted = sorted(name for name in self.sizes if name not in listed and name not in LISTED_NOWHERE) if missing else []
            hashes = {name: self._hashes_if_readable(name) for name in unlisted}
            by_hash, taken = {}, set()
            for other in unlisted:
                for value in (hashes[other] or {}).items():
                    by_hash.setdefault(value, []).append(other)
            for name in missing:
                wanted = listed[name]
                others = by_hash.get(min(wanted.items()), [])
                while others and others[0] in taken:
                    others.pop(0)
                if others and wanted.items() <= hashes[others[0]].items():
                    found[name] = others[0]
                    taken.add(others[0])
            if not found:
                return
            for name, other in found.items():
                self.renamed[name], self.sizes[name], self.known[name] = other, self.sizes.pop(other), self.known[other]
                self.unread.append((name, f"is here under another name, {shown(other)}: give it back its own"))

    def _hashes_if_readable(self, name):
        try:
            return self.hashes(name)
        except (Finding, OSError):
            return None

    def _listed_anywhere(self):
        """Every name that a manifest speaks of, whatever else is wrong with that, with its hashes by algorithm."""
        names = {}
        for algorithm in MANIFEST_HASHES:
            for manifest in (f"manifest-{algorithm}.txt", f"tagmanifest-{algorithm}.txt"):
                try:
                    lines = list(manifest_lines(self.read(manifest, MANIFEST_LIMIT), algorithm))
                except (Finding, OSError):
                    continue
                for value, name in lines:
                    if name:
                        names.setdefault(name, {})[algorithm] = value
        return names

    def open(self, name):
        if name not in self.sizes:
            raise Finding("file-missing", f"{shown(name)} is missing", name)
        handle = os.open(os.path.join(self.folder, self.renamed.get(name, name)), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        file = os.fdopen(handle, "rb")
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            file.close()
            raise Finding("not-a-file", f"{shown(name)} is a link or a special file")
        return file

    def read(self, name, limit):
        with self.open(name) as file:
            data = file.read(limit + 1)
        require(len(data) <= limit, "file-too-large", f"{shown(name)} has more than {limit} bytes")
        return data

    def hashes(self, name):
        """Those of the manifests, by algorithm: read once, however many ask."""
        if name not in self.known:
            digests = {algorithm: hashlib.new(algorithm) for algorithm in MANIFEST_HASHES}
            with self.open(name) as file:
                while data := file.read(1 << 20):
                    for digest in digests.values():
                        digest.update(data)
            self.known[name] = {algorithm: digest.hexdigest() for algorithm, digest in digests.items()}
        return self.known[name]


def letters_of(name):
    """How two names are alike that a medium made of one: letters and digits, without case or a version (";1")."""
    return lower(re.sub("[^A-Za-z0-9]", "", name.split(";")[0]))


def is_in_foreign_folder(name):
    return any(map(FOREIGN_FOLDER.fullmatch, name.split("/")[:-1]))


def manifest_lines(data, algorithm):
    """Hash and name of each line as RFC 8493, section 2.1.3, allows them; a name of None for what is no such line."""
    pattern = re.compile(rb"([0-9a-fA-F]{%d})[ \t]+\*?([^ \t].*?)\r?" % MANIFEST_HASHES[algorithm], re.DOTALL)
    for line in data.split(b"\n")[:-1]:
        match = pattern.fullmatch(line)
        name = match[2].decode("utf-8", "surrogateescape") if match else None
        yield (match[1].decode().lower(), name) if match else (line, None)


def differs_by_line_ends(bag, name, algorithm, wanted):
    """Whether a transfer tool made CRLF of the file's line feeds, or the other way round."""
    if bag.sizes[name] > MANIFEST_LIMIT:
        return False
    data = bag.read(name, MANIFEST_LIMIT)
    other = data.replace(b"\r\n", b"\n") if b"\r\n" in data else data.replace(b"\n", b"\r\n")
    return hashlib.new(algorithm, other).hexdigest() == wanted


def check_manifest(bag, manifest, algorithm, belongs):
    """RFC 8493, sections 2.1.3 and 2.2.1: every file listed once, none else, every hash equal."""
    listed, data, bad = {}, bag.read(manifest, MANIFEST_LIMIT), functools.partial(Finding, "manifest-malformed", file=manifest)
    if data and not data.endswith(b"\n"):
        raise bad(f"{manifest} ends within a line: it was cut")
    for value, name in manifest_lines(data, algorithm):
        if name is None:
            raise bad(f"{manifest} has the line {shown(value)}")
        if name in listed:
            raise bad(f"{manifest} lists {shown(name)} twice")
        if not re.fullmatch("[!-~]+", name) or not belongs(name):
            raise bad(f"{manifest} lists {shown(name)}, which it must not")
        listed[name] = value
    for name in sorted(bag.sizes):
        if belongs(name) and name not in listed:
            yield Finding("file-unlisted", f"{shown(name)} is not listed in {manifest}", name)
    for name, wanted in sorted(listed.items()):
        if name not in bag.sizes:
            yield Finding("file-missing", f"{shown(name)} is listed in {manifest} and missing", name)
            continue
        try:
            holds = bag.hashes(name)[algorithm] == wanted
        except OSError as error:
            bag.unread.append((name, error.strerror))
            continue
        if not holds:
            why = ": its line ends were converted on the way" if differs_by_line_ends(bag, name, algorithm, wanted) else ""
            yield Finding("manifest-mismatch", f"{shown(name)} does not have the hash of {manifest}{why}", name)


def check_bagit(bag):
    """It has one form (RFC 8493, section 2.1.1)."""
    text = bag.read("bagit.txt", SMALL_FILE_LIMIT)
    why = ": its line ends were converted on the way" if b"\r\n" in text else ""
    require(text == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bagit-malformed",
            f"bagit.txt is not that of BagIt 1.0 in UTF-8{why}")


def check_oxum(bag):
    """The rest of bag-info.txt is for people."""
    data = [size for name, size in bag.sizes.items() if name.startswith("data/")]
    lines = bag.read("bag-info.txt", BAG_INFO_LIMIT).split(b"\n")
    oxum = [line.split(b":", 1)[1].strip() for line in lines if line.lower().startswith(b"payload-oxum:")]
    wanted = f"{sum(data)}.{len(data)}".encode()
    if any(one != wanted for one in oxum):
        raise Finding("oxum-mismatch", f"data/ does not hold {shown(b' '.join(oxum))}", "bag-info.txt")


# What is inside (FORMAT.md, Sealed file). Decryption and decompression are the stock tools'.

def walk_frames(sizes):
    """Follows zstd frames by their headers (RFC 8878, section 3.1.1), as a coroutine: it yields how many
    bytes it wants, or how many to pass over as a negative number. So nothing hides between frames."""
    while True:
        magic = yield 4
        require(magic == b"\x28\xb5\x2f\xfd", "content-malformed", "is not zstd frames alone")
        descriptor = (yield 1)[0]
        require(descriptor & 0x1F == 0, "content-malformed", "has a zstd frame with a dictionary, a checksum or a reserved bit")
        single, flag = descriptor >> 5 & 1, descriptor >> 6
        window = 0 if single else (yield 1)[0]
        window = (1 << 10 + (window >> 3)) // 8 * (8 + (window & 7))
        width = (1 if single else 0, 2, 4, 8)[flag]
        require(width, "content-malformed", "has a zstd frame that does not say its size")
        size = int.from_bytes((yield width), "little") + (256 if width == 2 else 0)
        sizes.add(size)
        window = size if single else window
        require(min(size, BLOCK) <= window <= FRAME, "content-malformed", "has a zstd frame with a window too large or too small")
        last, most = 0, min(window, BLOCK)
        while not last:
            block = int.from_bytes((yield 3), "little")
            last, kind = block & 1, block >> 1 & 3
            require(kind != 3 and max(block >> 3, kind == 1) <= most, "content-malformed",
                    "has a zstd block of a reserved type, or too large a one")
            yield -(1 if kind == 1 else block >> 3)


class FrameSizes:
    """What the frames so far say of their content."""

    def __init__(self):
        self.count, self.last, self.total = 0, None, 0

    def add(self, size):
        # Full frames but the last; the last is empty only when the original is.
        require(size <= FRAME and (self.count == 0 or (self.last == FRAME and size)),
                "content-malformed", "is not zstd frames of 1 MiB each")
        self.count, self.last, self.total = self.count + 1, size, self.total + size


class FrameCheck:
    """Feeds walk_frames from pieces of any size."""

    def __init__(self):
        self.sizes, self.buffer = FrameSizes(), bytearray()
        self.walk = walk_frames(self.sizes)
        self.wants = next(self.walk)

    def feed(self, data):
        self.buffer += data
        while self.buffer and len(self.buffer) >= self.wants:
            if self.wants < 0:
                passed = min(-self.wants, len(self.buffer))
                del self.buffer[:passed]
                self.wants += passed
                if self.wants:
                    return
                taken = b""
            else:
                taken = bytes(self.buffer[:self.wants])
                del self.buffer[:self.wants]
            self._advance(taken)

    def _advance(self, taken):
        self.wants = self.walk.send(taken)
        while self.wants == 0:
            self.wants = self.walk.send(b"")

    def finish(self):
        require(self.sizes.count and self.wants == 4 and not self.buffer, "content-malformed", "ends within a zstd frame")


METADATA = ["v", "name", "name_raw", "path", "path_raw", "kind", "description", "tags", "case", "source", "file_type",
            "link_target", "link_target_raw", "size", "modified", "acquired_at", "acquired_by", "clock_offset_ms", "tool",
            "method", "retain_until", "changed_while_read", "digests", "claimed"]
KINDS = ("log", "ransom-message", "notice", "email", "capture", "image", "other")
FILE_TYPES = ("regular", "symbolic-link", "stream", "device")
HEX_DIGITS = {"sha256": 64, "sha1": 40, "md5": 32}  # in their order


def is_digest(name, value):
    return is_text(name) and name in HEX_DIGITS and is_text(value) and re.fullmatch(f"[0-9a-f]{{{HEX_DIGITS[name]}}}", value) is not None


def is_digests(value):
    return type(value) is dict and "sha256" in value and list(value) == [name for name in HEX_DIGITS if name in value] \
        and all(is_digest(*one) for one in value.items())


def is_claimed(value):
    return type(value) is list and value and all(
        type(one) is dict and list(one) == ["algorithm", "value", "matched"] and is_digest(one["algorithm"], one["value"])
        and type(one["matched"]) is bool for one in value)


def is_short(value):
    return is_text(value) and len(value.encode("utf-8")) <= TEXT_LIMIT


def is_tags(value):
    return type(value) is list and 0 < len(value) <= TAGS_LIMIT and all(is_short(tag) and tag for tag in value) \
        and len(set(value)) == len(value)


METADATA_FORMS = {
    **dict.fromkeys(("description", "case", "source", "acquired_by", "tool", "method"), is_short),
    "v": is_count, "size": is_count, "modified": is_time, "acquired_at": is_time, "retain_until": is_time, "digests": is_digests, "claimed": is_claimed,
    "tags": is_tags, "changed_while_read": lambda value: value is True, "kind": KINDS.__contains__,
    "file_type": FILE_TYPES.__contains__, "clock_offset_ms": lambda value: type(value) is int and -2**63 <= value < 2**63}


def parse_metadata(data):
    require(len(data) <= METADATA_LIMIT, "metadata-malformed", f"is longer than {METADATA_LIMIT} bytes")
    value, bad = json_decode(data, "metadata-malformed"), "metadata-malformed"
    require(type(value) is dict and type(value.get("v")) is int and value["v"] == 1, bad, "is not metadata of version 1")
    require(list(value) == [key for key in METADATA if key in value], bad, "has an unknown key or another order")
    require(all(key in value for key in ("name", "kind", "file_type", "size", "digests")), bad, "lacks a key that it must have")
    for key, one in value.items():
        require(METADATA_FORMS.get(key, is_text)(one), bad, f"has a malformed {key}")
    for key in ("name", "path", "link_target"):
        require(f"{key}_raw" not in value or is_raw_form(value.get(key), value[f"{key}_raw"]), bad, f"has a malformed {key}_raw")
        require(len(raw_bytes(value, key)) <= TEXT_LIMIT, bad, f"has a {key} that is too long")
    require(value["name"], bad, "has an empty name")
    return value


def is_raw_form(text, encoded):
    """`…_raw` are bytes that are not UTF-8; the text beside it has U+FFFD for each byte that is not."""
    raw = base64_decode(encoded)
    if raw is None:
        return False
    escaped = raw.decode("utf-8", "surrogateescape")
    lossy = re.sub("[\udc80-\udcff]", "\ufffd", escaped)
    return lossy != escaped and text == lossy


def raw_bytes(metadata, key):
    return base64.b64decode(metadata[f"{key}_raw"]) if f"{key}_raw" in metadata else metadata.get(key, "").encode("utf-8")


def safe_name(metadata):
    """FORMAT.md, Bundle: how the original of an item is called."""
    return re.sub(rb"[^A-Za-z0-9._-]", b"_", raw_bytes(metadata, "name"))[:100].decode()


class Decompressor:
    """`zstd -dc`, fed with frames; hashes what comes out, and stops where it is more than it may be."""

    def __init__(self, most):
        self.process, self.most = start(["zstd", "-dcq"]), most
        self.size, self.digests = 0, {name: hashlib.new(name) for name in HEX_DIGITS}
        self.reader = threading.Thread(target=self._drain, daemon=True)
        self.reader.start()

    def _drain(self):
        while data := self.process.stdout.read(1 << 18):
            self.size += len(data)
            if self.size > self.most:
                self.process.kill()
                return
            for digest in self.digests.values():
                digest.update(data)

    def feed(self, data):
        try:
            self.process.stdin.write(data)
        except BrokenPipeError:
            raise Finding("content-malformed", "cannot be decompressed") from None

    def finish(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.reader.join()
        require(self.process.wait() == 0, "content-malformed", "cannot be decompressed")

    def kill(self):
        self.process.kill()
        self.reader.join()
        self.process.wait()


def start(command, **more):
    try:
        return subprocess.Popen(command, **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, **more})
    except OSError as error:
        raise CannotRun(f"{command[0]} does not start: {error.strerror}") from None


def identity_secret(line):
    """The 32 bytes of an X25519 identity, or None."""
    return bech32_decode(line.lower(), "age-secret-key-") if line == line.upper() else None


def read_secrets(paths):
    """The X25519 identities in these files, and whether there are no others: `age` knows more kinds than this."""
    secrets, others = [], False
    for path in paths:
        with open(path, "rb") as file:
            lines = [line.strip() for line in file.read(1 << 20).decode("utf-8", "replace").splitlines()]
        for line in lines:
            if line and not line.startswith("#"):
                secret = identity_secret(line)
                secrets += [secret] if secret else []
                others = others or secret is None
    return secrets, not others


def opens(bag, name, key_arguments, key_files):
    """Whether `age` finds a key for this file."""
    with bag.open(name) as file:
        age = start(["age", "-d", *key_arguments], stdin=file, pass_fds=key_files, stderr=subprocess.PIPE)
    try:
        return bool(age.stdout.read(1)) or b"no identity matched" not in age.stderr.read(1 << 16)
    finally:
        age.kill()
        age.stdout.close()
        age.stderr.close()
        age.wait()


def check_identity(path):
    """Whether `age` takes the reader's identity at all: if not, that is no fault of the bundle."""
    if start(["age", "-e", "-i", path, "-o", os.devnull], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).wait():
        raise CannotRun(f"age does not take the identity {shown(path)}")


def plain_size(sealed):
    """Bytes of plaintext in chunks: each loses its tag (c2sp.org/age, Payload)."""
    return sealed - TAG * -(-sealed // CHUNK_SEALED)


def split_metadata(tail):
    """The content before the metadata frame in the tail, and the metadata."""
    length = int.from_bytes(tail[-8:-4], "little")
    require(len(tail) >= 16 and tail[-4:] == b"EXHM" and length + 16 <= len(tail), "metadata-malformed", "does not end with metadata")
    frame = tail[len(tail) - length - 16:]
    require(frame[:4] == b"\x50\x2a\x4d\x18" and int.from_bytes(frame[4:8], "little") == length + 8,
            "metadata-malformed", "has a metadata frame with two lengths")
    # FORMAT.md, Blocks: the tail begins with the chunk that holds the metadata frame's first byte.
    before = tail[:len(tail) - len(frame)]
    require(len(before) < CHUNK, "payload-layout", "has a tail that begins before the metadata's chunk")
    return before, frame[8:-8]


def decrypt(bag, name, key_arguments, key_files):
    """The plaintext, in pieces."""
    with bag.open(name) as file:
        age = start(["age", "-d", *key_arguments], stdin=file, pass_fds=key_files)
    try:
        while data := age.stdout.read(1 << 18):
            yield data
        require(age.wait() == 0, "content-decryption", "cannot be decrypted with this key")
    finally:
        age.kill()
        age.stdout.close()
        age.wait()


def measure_content(bag, name, payload, key_arguments, key_files):
    """The metadata, which are at the end; how long the frames before them are, and how much these say they hold.
    Nothing is unpacked yet: a few bytes can state a gigabyte."""
    require(payload["tail"] <= TAIL_LIMIT, "payload-layout", "has a tail that is too large")
    tail_size = plain_size(payload["tail"])
    content_size = left = plain_size(payload["bytes"] - NONCE) - tail_size
    frames, tail = FrameCheck(), bytearray()
    with contextlib.closing(decrypt(bag, name, key_arguments, key_files)) as pieces:
        for data in pieces:
            content, rest = data[:left], data[left:]
            left -= len(content)
            tail += rest
            require(len(tail) <= tail_size, "content-decryption", "holds more than its chunks can")
            frames.feed(content)
    require(left == 0 and len(tail) == tail_size, "content-decryption", "holds less than its chunks")
    before, metadata = split_metadata(bytes(tail))
    frames.feed(before)
    frames.finish()
    return metadata, content_size + len(before), frames.sizes.total


def unpack_content(bag, name, content_size, most, key_arguments, key_files):
    """How much the frames give, if not more than they may, and its digests."""
    unpacked, left = Decompressor(most), content_size
    try:
        with contextlib.closing(decrypt(bag, name, key_arguments, key_files)) as pieces:
            for data in pieces:
                unpacked.feed(data[:left])
                left -= min(left, len(data))
        unpacked.finish()
    finally:
        unpacked.kill()
    return unpacked.size, {name: one.hexdigest() for name, one in unpacked.digests.items()}


# The verifier.

def take_named(ranges, numbers):
    """Takes what the ranges name out of a sorted list, and gives it."""
    taken = []
    for first, last in ranges:
        begin, end = bisect.bisect_left(numbers, first), bisect.bisect_right(numbers, last)
        taken += numbers[begin:end]
        del numbers[begin:end]
    return taken


class Verifier:
    def __init__(self, folder, fingerprint, identities):
        self.bag, self.fingerprint, self.identities = Bag(folder), fingerprint, identities
        self.findings, self.items, self.acts, self.notes = [], [], [], []
        self.unopened, self.opened, self.exports, self.recipients = [], 0, [], {}
        self.secrets, self.all_are_x25519 = read_secrets(identities)
        self.entries, self.leaves, self.signed, self.checkpoint = {}, {}, {}, None
        self.found = None
        self.places = {place: {} for place in PLACES}

    def attempt(self, where, check, *arguments):
        """One check; whether it held. A failed one stops what is built on it and nothing else."""
        try:
            check(*arguments)
            return True
        except Finding as finding:
            self.report(finding, where)
        except OSError as error:
            self.bag.unread.append((error.filename or where, error.strerror))
        return False

    def report(self, finding, where=""):
        match = OF_ENTRY.fullmatch(finding.file or "")
        where = where or (f"entry {next(filter(None, match.groups()))}" if match else "")
        self.findings.append({"name": finding.name, "where": where, "text": finding.text,
                              "companion": bool(COMPANION.fullmatch(finding.file or ""))})

    def run(self):
        for finding in self.bag.findings:
            self.report(finding)
        self.sort_files()
        self.attempt("", check_bagit, self.bag)
        self.attempt("", self.check_manifests)
        if not self.findings:   # of what is missing or changed the sum is, too
            self.attempt("", check_oxum, self.bag)
        if self.attempt("entry 0", self.check_genesis):
            for number in self.numbers():
                self.check_number(number)
            self.attempt("", self.check_log_key)
            self.attempt("", self.check_something_sealed)
            self.check_recipients()
            self.attempt("", self.check_note)
            self.attempt("", self.check_plain_parts)
            self.notes += self.custody.valid_only_if_before()
        self.attempt("", self.check_key_file)

    def sort_files(self):
        for name in sorted(self.bag.sizes):
            for place, pattern in PLACES.items():
                if match := re.fullmatch(pattern, name):
                    self.places[place].setdefault(int(match[1]) if match.lastindex else None, []).append(name)
                    break
            else:
                self.report(Finding("unknown-file", f"{shown(name)} has no place in a bundle", name))

    def check_manifests(self):
        def is_payload(name):
            return name.startswith("data/")

        def is_tag(name):
            return not is_payload(name) and not name.startswith("tagmanifest-") and name != "bundle.note"
        for algorithm in MANIFEST_HASHES:
            for manifest, belongs in ((f"manifest-{algorithm}.txt", is_payload), (f"tagmanifest-{algorithm}.txt", is_tag)):
                self.attempt("", self.check_manifest, manifest, algorithm, belongs)

    def check_manifest(self, *which):
        for finding in check_manifest(self.bag, *which):
            self.report(finding)

    def check_genesis(self):
        data = self.bag.read("proof/0.entry", ENTRY_LIMIT)
        entry, text, signatures = parse_entry(data)
        require(entry["type"] == "genesis", "genesis-malformed", f"is of type {entry['type']}")
        require(entry["seq"] == 0 and entry["prev"] == ZERO_HASH, "genesis-malformed", "does not begin a log")
        custodian = parse_key(entry["custodian"]["key"], "genesis-malformed")
        self.log = parse_key(entry["log"], "genesis-malformed")
        require(self.log.name == entry["origin"], "genesis-malformed", "has a log key of another name than the origin")
        require(entry["actor"] == actor_of(custodian), "entry-signer", f"{shown(entry['actor'])} is not its custodian")
        verify_signers(text, signatures, [custodian], "entry-signature")
        self.origin, self.log_text, self.found = entry["origin"], entry["log"], leaf_hash(data).hex()
        require(self.fingerprint in (None, self.found), "fingerprint-mismatch", f"the vault's fingerprint is {self.found}")
        self.entries[0], self.leaves[0] = entry, leaf_hash(data)
        self.custody = Custody(entry["custodian"], self.log, entry["recipient"])
        self.custody.take(0, entry, self.leaves[0])
        self.log_keys = learn_log_keys(self.log, self.all_entries())
        self.check_proof(0)

    def all_entries(self):
        """The entries of the bundle in their order, as far as they can be read."""
        found = []
        for number in sorted(self.places["entry"]):
            try:
                found.append((number, self.bag.read(f"proof/{number}.entry", ENTRY_LIMIT)))
            except Finding:
                continue
        return found

    def check_log_key(self):
        """The key of the checkpoint is one that an entry which may stand made the log's."""
        if self.checkpoint is not None:
            size = self.checkpoint[1].size
            require(self.custody.log_keys.of(size) == self.log_keys.of(size), "checkpoint-signature",
                    "is signed by a key that no entry may have made the log's")

    def check_key_file(self):
        """A hint that nothing here is based on, but that must not mislead others."""
        require(self.bag.read("proof/log.vkey", SMALL_FILE_LIMIT) == f"{getattr(self, 'log_text', '')}\n".encode(),
                "vkey-mismatch", "proof/log.vkey is not the key that the genesis names")

    def numbers(self):
        """Every entry of which there is any part, in order: a dropped part must be missed."""
        parts = ("sealed", "original", "entry", "proof", "header", "metadata")
        self.refuse_sealed_parts(0)
        return sorted({number for part in parts for number in self.places[part]} - {0})

    def refuse_sealed_parts(self, number):
        for part in ("sealed", "original", "header", "metadata"):
            for name in self.places[part].get(number, []):
                self.report(Finding("unknown-file", f"{shown(name)} is of an entry that has no sealed file"), f"entry {number}")

    def check_number(self, number):
        where = f"entry {number}"
        if not self.attempt(where, self.check_entry, number):
            return
        allowed = self.attempt(where, self.check_custody, number)
        proved = self.attempt(where, self.check_proof, number)
        kind = self.entries[number]["type"]
        if kind not in SEALED_TYPES:
            self.refuse_sealed_parts(number)
            self.acts.append({"entry": number, "type": kind, "allowed": allowed, "proved": proved})
            return
        matches = self.attempt(where, self.check_header, number)
        whole = self.attempt(where, self.check_payload, number)
        opened = whole and matches and self.attempt(where, self.check_content, number)
        self.items.append({"entry": number, "type": kind, "allowed": allowed, "proved": proved, "header": matches,
                           "payload": whole, "opened": bool(opened and self.has_key())})

    def check_something_sealed(self):
        require(self.items, "no-items", "the bundle holds no sealed file")

    def check_note(self):
        """Who made the bundle: a custodian, as its entries leave it, over both tag manifests."""
        text, signatures = parse_note(self.bag.read("bundle.note", NOTE_LIMIT), "note-malformed")
        note = parse_statement_line(text, "note-malformed")
        require(has_form(note, NOTE_FORM), "note-malformed",
                "does not have the keys of a bundle's statement in their order, or a value that is not of its key's form")
        signer = self.custody.member(note["made_by"], "custodian")
        verify_signers(text, signatures, [signer.key], "note-signature")
        for algorithm in MANIFEST_HASHES:
            require(note[algorithm] == self.bag.hashes(f"tagmanifest-{algorithm}.txt")[algorithm], "note-manifest",
                    f"is of another tagmanifest-{algorithm}.txt")
        require(note["origin"] == self.origin, "note-log", f"is of {shown(note['origin'])}")
        require(self.checkpoint is None or note["size"] == self.checkpoint[1].size, "note-log", f"is of a log of {note['size']} entries")
        require(note["sealed_files"] == sum(number > 0 for number in self.places["sealed"]), "note-items",
                f"says that there are {note['sealed_files']} sealed files")
        first, _, last = note["range"].partition("-")
        require(int(last or first) < note["size"], "note-items", "has a range beyond the log's end")

    def not_here(self):
        """The positions of the log of which the bundle has nothing, as ranges."""
        ranges, begin = [], 0
        if self.checkpoint is None:
            return []
        parts = ("sealed", "original", "entry", "proof", "header", "metadata")
        there = {number for part in parts for number in self.places[part] if number < self.checkpoint[1].size}
        for number in [*sorted(there), self.checkpoint[1].size]:
            if number > begin:
                ranges.append(str(begin) if number == begin + 1 else f"{begin}-{number - 1}")
            begin = number + 1
        return ranges

    def check_recipients(self):
        """A sealed file has as many stanzas as one of the exports in the bundle that name it has recipients."""
        odd = []
        for count in set(self.recipients.values()):
            left = sorted(number for number, one in self.recipients.items() if one == count)
            for ranges, wanted in self.exports:
                if wanted == count:
                    take_named(ranges, left)
            odd += left
        odd.sort()
        for number in sorted(named for ranges, _ in self.exports for named in take_named(ranges, odd)):
            self.report(Finding("sealed-recipients", f"is for {self.recipients[number]} receivers, and no entry that exports it names as many"),
                        f"entry {number}")

    def check_entry(self, number):
        """The entry's own form, and its place after the one before."""
        data = self.bag.read(f"proof/{number}.entry", ENTRY_LIMIT)
        entry, text, signatures = parse_entry(data)
        require(entry["type"] != "genesis", "entry-type", "is a second genesis")
        require(entry["origin"] == self.origin, "entry-origin", f"is of {shown(entry['origin'])}")
        require(entry["seq"] == number, "entry-position", f"says that it is entry {entry['seq']}")
        before = self.leaves.get(number - 1)
        require(before is None or entry["prev"] == before.hex(), "entry-chain", f"does not follow entry {number - 1}")
        self.entries[number], self.leaves[number] = entry, leaf_hash(data)
        self.signed[number] = text, signatures

    def check_custody(self, number):
        """The entry among the others: its signatures by those who might, and what it does."""
        self.custody.take(number, self.entries[number], self.leaves[number])
        entry = self.entries[number]
        self.custody.follow(entry, *self.signed.pop(number))
        if form_of(entry) == "access export":
            self.exports.append((parse_items(entry["items"]), len(set(entry.get("recipients", ["its own"])))))

    def check_proof(self, number):
        proof = parse_proof(self.bag.read(f"proof/{number}.tlog-proof", SMALL_FILE_LIMIT))
        require(proof.index == number, "proof-position", f"proves entry {proof.index}")
        if self.checkpoint is None or proof.checkpoint != self.checkpoint[0]:
            text, signatures = parse_note(proof.checkpoint, "checkpoint-malformed")
            checkpoint = parse_checkpoint(text)
            require(checkpoint.origin == self.origin, "checkpoint-origin", f"is of {shown(checkpoint.origin)}")
            verify_note(text, signatures, self.log_keys.of(checkpoint.size), "checkpoint-signature")
            # Two checkpoints might be of two histories; a bundle is made at one.
            require(self.checkpoint is None or self.checkpoint[1] == checkpoint, "checkpoint-differs", "is not that of the other proofs")
            self.checkpoint = (proof.checkpoint, checkpoint)
        checkpoint = self.checkpoint[1]
        require(number < checkpoint.size, "proof-position", f"is beyond the log's {checkpoint.size} entries")
        require(root_of_path(self.leaves[number], number, checkpoint.size, proof.path) == checkpoint.root,
                "proof-root", "does not lead to the checkpoint's root")

    def check_header(self, number):
        name = f"proof/{number}.header"
        require(hashlib.sha256(self.bag.read(name, SMALL_FILE_LIMIT)).hexdigest() == self.entries[number]["header"],
                "header-mismatch", f"{name} is not the header that the entry names")
        with self.bag.open(name) as file:
            stanzas = read_header(file, "header-malformed")[1]
            require(not file.read(1) and len(stanzas) == 1, "header-malformed", f"{name} is not one header for one recipient")

    def check_payload(self, number):
        """FORMAT.md, Blocks: the nonce, blocks of 16 chunks, the tail."""
        name, payload, tree = f"data/{number}.age", self.entries[number]["payload"], TreeHash()
        with self.bag.open(name) as file:
            header, stanzas = read_header(file, "sealed-malformed", tuple(STANZAS))
            self.recipients[number] = len(stanzas)
            require(self.bag.sizes[name] == len(header) + payload["bytes"], "payload-size", f"{name} has not the size that the entry names")
            left = payload["bytes"] - payload["tail"]
            block = NONCE
            while left:
                tree.add(self.read_leaf(file, block))
                left -= block
                block = min(left, BLOCK_CHUNKS * CHUNK_SEALED)
            tree.add(self.read_leaf(file, payload["tail"]))
        require(tree.root().hex() == payload["root"], "payload-root", f"{name} is not the payload that the entry names")

    @staticmethod
    def read_leaf(file, size):
        digest = hashlib.sha256(b"\0")
        while size:
            data = file.read(min(size, 1 << 20))
            require(data, "payload-size", "ends early")
            digest.update(data)
            size -= len(data)
        return digest.digest()

    def is_plain(self):
        return bool(self.places["identity"] or self.places["original"] or self.places["metadata"])

    def has_key(self):
        return bool(self.identities or self.places["identity"])

    def check_plain_parts(self):
        if not self.is_plain():
            if not self.identities:
                self.notes.append("the bundle is sealed and no identity was given: nothing was decrypted")
            return
        text = self.bag.read("proof/identity.txt", 4096)
        self.parse_identity(text)

    @staticmethod
    def parse_identity(text):
        """The X25519 identities among comments. Other kinds could make `age` run programs or ask questions."""
        lines = [line for line in text.decode("ascii", "replace").replace("\r\n", "\n").split("\n") if line and line[0] != "#"]
        for line in lines:
            require(line == line.upper() and bech32_decode(line.lower(), "age-secret-key-") is not None,
                    "identity-malformed", "proof/identity.txt has a line that is not an age identity")
        require(lines, "identity-malformed", "proof/identity.txt holds no identity")
        return "".join(f"{line}\n" for line in lines).encode()

    def check_content(self, number):
        originals, plain = self.places["original"].get(number, []), self.is_plain()
        require(not plain or len(originals) == 1, "original-missing" if not originals else "original-twice",
                f"there are {len(originals)} originals instead of one")
        if not self.has_key() or not self.check_key(number):
            return
        name = f"data/{number}.age"
        metadata, content_size, size = self.with_key(
            lambda *keys: measure_content(self.bag, name, self.entries[number]["payload"], *keys))
        known = parse_metadata(metadata)
        require(size == known["size"], "content-size", f"has frames of {size} bytes and its metadata say {known['size']}")
        size, digests = self.with_key(lambda *keys: unpack_content(self.bag, name, content_size, known["size"], *keys))
        require(size == known["size"], "content-size", f"has {size} bytes and its metadata say {known['size']}")
        for algorithm, wanted in known["digests"].items():
            require(digests[algorithm] == wanted, "content-digest", f"does not have the {algorithm} of its metadata")
        if plain:
            require(originals[0] == f"data/{number}-{safe_name(known)}", "original-missing",
                    f"{shown(originals[0])} is not how the original is called")
            require(self.bag.read(f"proof/{number}.metadata.json", TAIL_LIMIT) == metadata,
                    "metadata-mismatch", "proof/ has other metadata than were sealed")
            require(self.bag.sizes[originals[0]] == size and self.bag.hashes(originals[0])["sha256"] == digests["sha256"],
                    "original-mismatch", f"{shown(originals[0])} is not the original that was sealed")

    def check_key(self, number):
        """Whether the sealed file is for the key at hand. If so, the original header commits to the same file key, so
        that one ciphertext is not opened as two items."""
        with self.bag.open(f"data/{number}.age") as file:
            stanzas = read_header(file, "sealed-malformed", tuple(STANZAS))[1]
        text = self.parse_identity(self.bag.read("proof/identity.txt", 4096)) if self.places["identity"] else b""
        own = [identity_secret(line) for line in text.decode().splitlines()]
        file_key = open_header(stanzas, [*own, *self.secrets])
        if file_key is None:
            require(not self.is_plain(), "content-decryption", "is not for the bundle's own identity")
            if self.all_are_x25519 or not self.with_key(lambda *keys: opens(self.bag, f"data/{number}.age", *keys)):
                self.unopened.append(number)
                return False
            self.notes.append(f"entry {number}: whether its original header is for the same key cannot be told with this kind of identity")
        else:
            require(header_mac_fits(self.bag.read(f"proof/{number}.header", SMALL_FILE_LIMIT), file_key), "header-mac",
                    f"proof/{number}.header is for another key than the sealed file")
        self.opened += 1
        return True

    def with_key(self, use):
        """The bundle's own identity goes to `age` through a pipe: what was checked is what is used."""
        arguments = [part for identity in self.identities for part in ("-i", identity)]
        if not self.places["identity"]:
            return use(arguments, ())
        text = self.parse_identity(self.bag.read("proof/identity.txt", 4096))
        read_end, write_end = os.pipe()
        try:
            with os.fdopen(write_end, "wb") as pipe:
                pipe.write(text)
            return use([*arguments, "-i", f"/dev/fd/{read_end}"], (read_end,))
        finally:
            os.close(read_end)


def listing(numbers):
    """"7, 9-12"; of many the first."""
    ranges = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    return ", ".join(words[:20]) + (" and more" if len(words) > 20 else "")


def plural(count, one, many, told=True):
    return f"{count} " * told + (one if count == 1 else many)


class Result:
    """What the findings come to: a status, and one sentence that says no more than was checked."""

    def __init__(self, verifier):
        self.verifier, self.anchored = verifier, verifier.fingerprint is not None
        evidence = {item["entry"] for item in verifier.items if item["type"] == "item"}
        evidence |= {number for number in verifier.places["sealed"] if number and number not in verifier.entries}
        proving = [one for one in verifier.findings if not one["companion"]]
        self.failed = sorted({int(one["where"][6:]) for one in proving if one["where"].startswith("entry ")})
        self.count, self.holding = len(evidence), len(evidence - set(self.failed))
        self.elsewhere = [one for one in proving if not one["where"].startswith("entry ")]
        self.companions = [one for one in verifier.findings if one["companion"]]
        self.status = (CHANGED if verifier.findings else NOT_READ if verifier.bag.unread
                       else WRONG_KEY if verifier.unopened and not verifier.opened
                       else HOLDS if self.anchored else NOT_ANCHORED)

    def sentence(self):
        nameless = "" if self.anchored else "; whose vault this is was not checked"
        if self.status == CHANGED:
            parts = [f"{self.holding} of {self.count} items hold"] if self.count and not self.is_of_the_log() else []
            parts += [f"{plural(len(self.failed), 'entry', 'entries', False)} {listing(self.failed)} not as signed"] if self.failed else []
            parts += [plural(len(self.elsewhere), "finding", "findings") + " of the bundle itself"] if self.elsewhere else []
            parts += [plural(len(self.companions), "finding", "findings") + " of files for people, which prove nothing"] if self.companions else []
            return f"verification failed: {'; '.join(parts)}{nameless}"
        if self.status == NOT_READ:
            return f"not verified: {len(self.verifier.bag.unread)} things could not be read; nothing was found to be wrong{nameless}"
        if self.status == WRONG_KEY:
            return (f"not opened: the identity opens none of the {len(self.verifier.unopened)} sealed files; nothing of what was checked "
                    f"was changed{nameless}")
        if self.status == NOT_ANCHORED:
            return ("consistent with itself; whose vault this is was not checked (compare the fingerprint with the one that was "
                    f"written down when it was made, or give that: --fingerprint HEX); {self.reach()}")
        return f"verified: nothing was changed or slipped in; {self.reach()}"

    def is_of_the_log(self):
        """So that no item can be said to hold."""
        return self.verifier.found is None or self.verifier.checkpoint is None or "0" in {one["where"][6:] for one in self.verifier.findings}

    def reach(self):
        missing = ", ".join(self.verifier.not_here()[:20])
        text = f"positions {missing} of the log are not in this bundle" if missing else "the bundle has every position of the log"
        if self.verifier.unopened:
            return f"{text}; entries {listing(self.verifier.unopened)} were not opened by the key at hand"
        return text if self.verifier.has_key() else f"{text}; contents were not opened"

    def json(self):
        verifier = self.verifier
        return {"ok": self.status == HOLDS, "verdict": VERDICTS[self.status], "says": self.sentence(), "fingerprint": verifier.found,
                "counts": {"items": self.count, "items_that_hold": self.holding}, "failed": self.failed,
                "not_opened": verifier.unopened, "not_in_bundle": verifier.not_here(), "foreign": list(map(shown, verifier.bag.foreign)),
                "items": verifier.items, "acts": verifier.acts, "findings": verifier.findings,
                "undecided": [f"{shown(name)}: {why}" for name, why in verifier.bag.unread], "notes": verifier.notes}


def print_result(result, as_json):
    verifier = result.verifier
    if as_json:
        print(json.dumps(result.json(), indent=2))
        return
    for one in verifier.findings:
        print(f"{one['name']}: {one['where'] + ': ' if one['where'] else ''}{one['text']}")
    for name, why in verifier.bag.unread:
        print(f"undecided: {shown(name)}: {why}")
    for name in verifier.bag.foreign[:20]:
        what = "a folder that an operating system leaves, or an empty one" if name.endswith("/") else "a file that an operating system leaves"
        print(f"note: {shown(name)} is {what}; it is not counted as part of the bundle")
    for note in verifier.notes:
        print(f"note: {note}")
    if verifier.found:
        print(f"fingerprint: {verifier.found}")
    print(result.sentence())


def parse_arguments(words):
    parser = argparse.ArgumentParser(description="Checks a bundle of evidence as docs/FORMAT.md describes it.")
    parser.add_argument("path", metavar="PATH", help="the bundle: a folder, or a .tar or .zip around it")
    parser.add_argument("--fingerprint", metavar="HEX", help="the vault's fingerprint, brought from elsewhere")
    parser.add_argument("-i", "--identity", metavar="IDENTITY", action="append", default=[], help="an age identity file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args(words)
    if arguments.fingerprint is not None and not is_hash(arguments.fingerprint):
        parser.error("a fingerprint is 64 hexadecimal digits")
    return arguments


def check(arguments):
    """What the bundle's check came to, or the status of what kept it from being made."""
    for identity in arguments.identity:
        check_identity(identity)
    with tempfile.TemporaryDirectory(prefix="exhibit-", dir=os.environ.get("TMPDIR", "/var/tmp")) as place:
        container = Container(arguments.path, place) if os.path.isfile(arguments.path) else None
        folder = container.unpack() if container else arguments.path
        verifier = Verifier(folder, arguments.fingerprint, arguments.identity)
        verifier.run()
        verifier.bag.foreign += container.foreign if container else []
        return Result(verifier)


def print_failure(status, text, as_json):
    if as_json:
        print(json.dumps({"ok": False, "verdict": VERDICTS[status], "says": text}, indent=2))
    print(text, file=sys.stderr)
    return status


def main(words=None):
    arguments = parse_arguments(words)
    try:
        result = check(arguments)
        print_result(result, arguments.json)
        return result.status
    except Finding as finding:
        return print_failure(CHANGED, f"{finding.name}: {finding.text}\nfailed: what is in the container was not looked at", arguments.json)
    except CannotRun as reason:
        return print_failure(NOT_READ, f"could not run: {reason}", arguments.json)
    except OSError as error:
        return print_failure(NOT_READ, f"could not run: {shown(error.filename or '')}: {error.strerror}", arguments.json)
    except Exception:   # a mistake here, which says nothing about the bundle
        traceback.print_exc()
        return print_failure(NOT_READ, "internal error: this check has a mistake, and nothing is known of the bundle", arguments.json)


if __name__ == "__main__":
    sys.exit(main())
