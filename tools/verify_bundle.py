#!/usr/bin/env python3
"""A second opinion on a bundle of evidence, or on a proof of one item: checks all that docs/FORMAT.md says of them.

    verify_bundle.py BUNDLE [--fingerprint HEX | --policy FILE] [-i IDENTITY] [--roots PEM] [--case-key FILE] [--json]
    verify_bundle.py --find BUNDLE FILE...          and the same options: whether loose files were taken in
    verify_bundle.py --proof FILE [ORIGINAL...]     and the same options

Written from that document and the specifications it names, not from Exhibit's source, so that one mistake does not make
both wrong. Needs Python 3.9; `age` and `zstd` where there is a key, and `openssl` where roots are named, or keys are of type ML-DSA-44.
Exit status: 0 all of it holds; 3 something does not; 1 it is no bundle, or could not be read; 2 usage; 5 it holds, and nothing
was brought that says whose vault this is; 6 the identity opens nothing of it; 8 a newer version is needed. With --find 1, too,
if the bundle holds and one of the files is not found.
"""
import argparse
import base64
import bisect
import codecs
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

HOLDS, NOT_READ, CHANGED, NOT_ANCHORED, WRONG_KEY, NEWER = 0, 1, 3, 5, 6, 8     # exit statuses, and their words in JSON
VERDICTS = {HOLDS: "holds", NOT_READ: "not-read", CHANGED: "changed", NOT_ANCHORED: "not-anchored", WRONG_KEY: "wrong-key",
            NEWER: "newer"}

# FORMAT.md, Limits.
MOST = 2**53 - 1
NOTE_LIMIT = 65_535             # an entry, a checkpoint, any note
SIGNATURES_LIMIT = 100
ORIGIN_LIMIT, KEY_NAME_LIMIT = 200, 255
ITEMS_LIMIT = 65_536
FIELD_LINE_LIMIT, FIELD_COUNT_LIMIT, FIELDS_LIMIT, FIELD_DEPTH = 65_535, 256, 1 << 20, 3
DEPTH = 64                      # of arrays and objects that are passed over
ORIGINAL_LIMIT = 1 << 43
FRAME, LATE_FRAME, EARLY_FRAMES = 1 << 20, 4 << 20, 65_536
PADDING_FRAME = 1 << 30
TAIL_LIMIT = 20_971_520
HEADER_LIMIT, STANZAS_LIMIT = 131_072, 64
PARTS_LIMIT, PART_LINE, PART_BLOCK = 1 << 20, 65_536, 4096
STATEMENT_LIMIT, RECEIPT_LIMIT = 8_192, 24_576
TOKEN_LIMIT, TIMESTAMPS_LIMIT = 32_768, 16
RESEAL_LIMIT = 1_000
FILES_LIMIT = 1_000_000
BAG_INFO_LIMIT, MANIFEST_LIMIT = 1 << 20, 1 << 28
PATH_LIMIT, PATH_PARTS = 1_024, 66
LOG_FILE_LIMIT = 1 << 31
PROOF_LIMIT = 1 << 24
SMALL_FILE_LIMIT = 65_535

BLOCK = 128 << 10               # that a block of a zstd frame stores and gives, at the most
CHUNK, CHUNK_SEALED = 65_536, 65_552
TAG = CHUNK_SEALED - CHUNK
NONCE = 16
BLOCK_CHUNKS = 16
SMALLEST = 4_096                # bytes of a plaintext
ZERO_HASH = "0" * 64
HEX_DIGITS = {"sha256": 64, "sha512": 128, "sha1": 40, "md5": 32}
LISTED_NOWHERE = ("tagmanifest-sha256.txt", "tagmanifest-sha512.txt", "bundle.note")

# FORMAT.md, Bundle: whatever else is there is a finding.
BAG_FILES = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")
BAG_FILES_512 = ("manifest-sha512.txt", "tagmanifest-sha512.txt")
LOG_FILES = ("log/entries", "log/hashes", "log/fields", "log/files", "log/checkpoint")
SEALED_FILES = ("log/layouts", "log/headers")
COMPANIONS = ("VERIFY.txt", "report.html", "items.csv", "custody.jsonld", "certificate.txt", "omissions.json", "policy.txt")
PLACES = {*BAG_FILES, *BAG_FILES_512, *LOG_FILES, *SEALED_FILES, *COMPANIONS, "log/timestamps", "bundle.note"}

# FORMAT.md, What an operating system leaves. Windows and macOS treat their names in any case, Linux in one.
FOREIGN_FILE = re.compile(
    r"(?i:\.DS_Store|\._.+|\.localized|\.apdisk|\.VolumeIcon\.icns|Icon\r|Thumbs\.db|ehthumbs\.db|ehthumbs_vista\.db|desktop\.ini"
    r"|Thumbs\.db:encryptable|\.LSOverride|\.metadata_never_index|\.com\.apple\.timemachine\.donotpresent)"
    r"|\.directory|\.nfs.+|\.fuse_hidden.+|\.hidden|\.~lock\..+#|~\$.+|.+~|\..+\.swp", re.ASCII | re.DOTALL)
FOREIGN_FOLDER = re.compile(
    r"lost\+found|\.Trash|\.Trash-.+|@eaDir|#recycle|(?i:\.Trashes|\.fseventsd|\.Spotlight-V100|\.DocumentRevisions-V100"
    r"|\.TemporaryItems|\.AppleDouble|__MACOSX|System Volume Information|\$RECYCLE\.BIN|RECYCLER"
    r"|\.AppleDB|\.AppleDesktop|Network Trash Folder|Temporary Items|found\.[0-9]{3})", re.ASCII | re.DOTALL)


class Finding(Exception):
    """Something that does not hold: a name that stays the same across versions, what was seen, and of which file."""

    def __init__(self, name, text, file=None):
        super().__init__(f"{name}: {text}")
        self.name, self.text, self.file = name, text, file


class CannotRun(Exception):
    """The check itself failed, which says nothing about the bundle."""


class Newer(Exception):
    """From this position on a newer version is needed."""

    def __init__(self, position, why):
        super().__init__(why)
        self.position, self.why = position, why


def shown(text):
    """Text of the bundle, harmless on a terminal and not endless."""
    return ascii(text.decode("utf-8", "surrogateescape") if isinstance(text, bytes) else str(text))[1:-1][:160]


def not_whole(told):
    """What an item that is not whole lacks, as its fields tell it."""
    partial = told.get("partial")
    if not isinstance(partial, dict):
        return "not whole"
    return "has gaps, where it could not be read" if partial.get("why") == "unreadable" else "cut short"


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


# Encodings: one spelling each (FORMAT.md, Conventions).

def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


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


BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32_decode(text, prefix, length):
    """So many bytes of an age recipient or identity (BIP 173), or None."""
    if not text.startswith(prefix + "1") or any(c not in BECH32 for c in text[len(prefix) + 1:]):
        return None
    values = [BECH32.index(c) for c in text[len(prefix) + 1:]]
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= constant if top >> bit & 1 else 0
    count = -(-length * 8 // 5)
    if check != 1 or len(values) != count + 6:
        return None
    number = 0
    for value in values[:count]:
        number = number << 5 | value
    unused = count * 5 - length * 8
    return None if number & (1 << unused) - 1 else (number >> unused).to_bytes(length, "big")


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
    require(has_bounds(value, DEPTH + 1), name, "has a number that is too large, or is too deep")
    return value


def has_bounds(value, depth):
    """Numbers and depth of what may be passed over without knowing it (FORMAT.md, Conventions)."""
    if type(value) is int:
        return -MOST <= value <= MOST
    if type(value) in (list, dict):
        return depth > 0 and all(has_bounds(one, depth - 1) for one in (value.values() if type(value) is dict else value))
    return True


def is_number(value):
    return type(value) is int and 0 <= value <= MOST


def is_positive(value):
    return is_number(value) and value > 0


def is_text(value):
    return type(value) is str


def is_word(value):
    return is_text(value) and re.fullmatch("[a-z0-9-]{1,32}", value) is not None


def is_hex(value, digits):
    return is_text(value) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None


def is_hash(value):
    return is_hex(value, 64)


def is_bool(value):
    return type(value) is bool


def is_true(value):
    return value is True


def is_time(value):
    if not is_text(value) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value, re.ASCII):
        return False
    try:
        return datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").year >= 1970 and value[17:19] <= "59"
    except ValueError:
        return False


def is_word_line(value, most=1024):
    """One line of text: neither empty nor too long, and no control characters."""
    data = value.encode("utf-8") if is_text(value) else b""
    return 0 < len(data) <= most and not any(byte < 0x20 or byte == 0x7F for byte in data)


def is_base64(value):
    return is_text(value) and bool(value) and base64_decode(value) is not None


def is_choice(order, value):
    """Some of the words, each once and in their order."""
    return type(value) is list and value == [word for word in order if word in value]


def parse_number(text):
    """A number's one spelling, or None."""
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,15}", text, re.ASCII) and int(text) <= MOST else None


def parse_items(text):
    """The ranges of an item set, first and last of each, or None if it is not in its one spelling."""
    ranges, count = [], 0
    for part in text.split(","):
        first, dash, last = part.partition("-")
        first, last = parse_number(first), parse_number(last if dash else first)
        if first is None or last is None or (dash and last <= first) or (ranges and first <= ranges[-1][1] + 1):
            return None
        ranges.append((first, last))
        count += last - first + 1
    return ranges if count <= ITEMS_LIMIT else None


def is_items(value):
    return is_text(value) and parse_items(value) is not None


def count_of(ranges):
    return sum(last - first + 1 for first, last in ranges)


def positions_of(ranges):
    return [number for first, last in ranges for number in range(first, last + 1)]


def overlap(ranges, others):
    """Whether two sets, each ascending, have a position in common."""
    left, right = iter(ranges), iter(others)
    one, other = next(left, None), next(right, None)
    while one and other:
        if one[1] < other[0]:
            one = next(left, None)
        elif other[1] < one[0]:
            other = next(right, None)
        else:
            return True
    return False


def subtract(ranges, others):
    """What is left of a set without the others."""
    left = []
    for first, last in ranges:
        for low, high in others:
            if high < first or low > last:
                continue
            if low > first:
                left.append((first, low - 1))
            first = high + 1
        if first <= last:
            left.append((first, last))
    return left


def has_form(value, form):
    """An object with the keys of the form in their order and no others. Those with a `?` may be missing."""
    names = [key.rstrip("?") for key in form]
    return type(value) is dict and list(value) == [name for name in names if name in value] \
        and all(name in value or key != name for key, name in zip(form, names)) \
        and all(is_right(value[name]) for name, is_right in zip(names, form.values()) if name in value)


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


def largest_untold(told, begin, end):
    """The largest subtrees of [begin, end) without a told position, as (level, index), in order of position.
    `told` is sorted."""
    first = bisect.bisect_left(told, begin)
    if first == len(told) or told[first] >= end:
        level = (end - begin - 1).bit_length()
        return [(level, begin >> level)]
    if end - begin == 1:
        return []
    middle = begin + (1 << (end - begin - 1).bit_length() - 1)
    return largest_untold(told, begin, middle) + largest_untold(told, middle, end)


def partial_root(told, leaves, hashes, begin, end):
    """The root over [begin, end), from the leaves that are told and the hashes of the largest other subtrees."""
    first = bisect.bisect_left(told, begin)
    if first == len(told) or told[first] >= end:
        level = (end - begin - 1).bit_length()
        return hashes[level, begin >> level]
    if end - begin == 1:
        return leaves[begin]
    middle = begin + (1 << (end - begin - 1).bit_length() - 1)
    return node_hash(partial_root(told, leaves, hashes, begin, middle), partial_root(told, leaves, hashes, middle, end))


def root_with_hashes(told, leaves, size, lines, finding):
    """The root over leaves that are told, and `level index hex` lines for all else: exactly those that are needed."""
    wanted = largest_untold(told, 0, size)
    require(len(lines) == len(wanted), finding, f"has {len(lines)} hashes instead of {len(wanted)}")
    hashes = {}
    for line, place in zip(lines, wanted):
        match = re.fullmatch("([0-9]+) ([0-9]+) ([0-9a-f]{64})", line, re.ASCII)
        require(match and (match[1], match[2]) == tuple(map(str, place)), finding,
                f"has {shown(line)} where the hash of level {place[0]} and index {place[1]} belongs")
        hashes[place] = bytes.fromhex(match[3])
    return partial_root(told, leaves, hashes, 0, size)


# Keys and notes (c2sp.org/signed-note), checkpoints (tlog-checkpoint).

ED25519, COSIGNER, ML_DSA = 1, 4, 6
Key = collections.namedtuple("Key", "name id kind public")
Signature = collections.namedtuple("Signature", "name id data")
Checkpoint = collections.namedtuple("Checkpoint", "origin size root")
KEY_NAME = re.compile(r"[!-*,-~]{1,%d}" % KEY_NAME_LIMIT)
PUBLIC_BYTES = {ED25519: 32, COSIGNER: 32, ML_DSA: 1312}
ML_DSA_SIGNATURE = 8 + 2420
# What comes before such a key in a SubjectPublicKeyInfo: its algorithm, 2.16.840.1.101.3.4.3.17.
ML_DSA_PREFIX = bytes.fromhex("30820532300b060960864801650304031103820521 00")


def is_origin(value):
    return is_text(value) and len(value) <= ORIGIN_LIMIT and re.fullmatch(r"[A-Za-z0-9][!-*,-~]*", value) is not None


def is_actor(value):
    """A key's name and id. The id's eight digits follow the only plus."""
    return is_text(value) and re.fullmatch(r"[!-*,-~]{1,%d}\+[0-9a-f]{8}" % KEY_NAME_LIMIT, value) is not None


@functools.lru_cache(4096)
def is_curve_key(public):
    """A point in its one encoding and of the order L: no other could sign, or its owner could deny it."""
    point = point_decode(public)
    return point is not None and point_equal(point_multiply(L, point), NEUTRAL)


def parse_key(text, finding, kinds=(ED25519,)):
    name, _, rest = text.partition("+")
    identity, _, encoded = rest.partition("+")
    data = base64_decode(encoded)
    require(KEY_NAME.fullmatch(name) and data and data[0] in kinds and len(data) == 1 + PUBLIC_BYTES[data[0]], finding,
            f"{shown(text)} is not a key of a type that belongs here")
    own = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    require(identity == own.hex(), finding, f"{shown(text)} has a wrong key id")
    require(data[0] == ML_DSA or is_curve_key(data[1:]), finding, f"{shown(text)} is no point of the curve, or of small order")
    return Key(name, own, data[0], data[1:])


def is_key(value, kinds=(ED25519,)):
    try:
        return is_text(value) and bool(parse_key(value, "", kinds))
    except Finding:
        return False


def actor_of(key):
    return f"{key.name}+{key.id.hex()}"


def name_of(actor):
    return actor[:-9]


def is_handle(name, origin):
    return name.startswith(f"{origin}/k") and bool(parse_number(name[len(origin) + 2:]))


def parse_note(data, finding, most=NOTE_LIMIT):
    """The text and the signatures of a note."""
    require(len(data) <= most, finding, f"has more than {most} bytes")
    text, gap, tail = data.rpartition(b"\n\n")
    require(gap and text and tail.endswith(b"\n"), finding, "is not a signed note")
    require(not re.search(rb"[\x00-\x09\x0b-\x1f]", data), finding, "has control characters")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise Finding(finding, "is not UTF-8") from None
    signatures = []
    require(tail.count(b"\n") <= SIGNATURES_LIMIT, finding, f"has more than {SIGNATURES_LIMIT} signatures")
    for line in tail.decode("utf-8").split("\n")[:-1]:
        match = re.fullmatch(r"\u2014 ([^ ]+) ([^ ]+)", line)
        blob = match and base64_decode(match[2])
        require(match and KEY_NAME.fullmatch(match[1]) and blob and len(blob) > 4, finding, "has a malformed signature line")
        signatures.append(Signature(match[1], blob[:4], blob[4:]))
    return text + b"\n", signatures


def verify_signers(text, signatures, keys, finding):
    """Each signature is that of the key in the same place, and there are no others."""
    require(len(signatures) == len(keys), finding, f"has {len(signatures)} signatures instead of {len(keys)}")
    for signature, key in zip(signatures, keys):
        require((signature.name, signature.id) == (key.name, key.id), finding, f"is not signed by {shown(actor_of(key))}")
        require(ed25519_verify(key.public, text, signature.data), finding, f"has a wrong signature of {shown(actor_of(key))}")


def parse_checkpoint(text):
    """Exactly three lines."""
    lines = text.decode("utf-8").split("\n")
    require(len(lines) == 4 and not lines[3], "checkpoint-malformed", "does not have three lines")
    size, root = parse_number(lines[1]), base64_decode(lines[2], 32)
    require(is_origin(lines[0]) and size is not None and root is not None, "checkpoint-malformed", "is not origin, size and root")
    require(size or root == EMPTY_ROOT, "checkpoint-malformed", "has the size 0, and another root than the empty tree's")
    return Checkpoint(lines[0], size, root)


def run_openssl(*arguments, **files):
    """Its exit status, with files of these contents named in its arguments; None where there is no openssl."""
    with tempfile.TemporaryDirectory(prefix="exhibit-") as place:
        for name, data in files.items():
            with open(os.path.join(place, name), "wb") as file:
                file.write(data)
        try:
            return subprocess.run(["openssl", *arguments], cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode
        except OSError:
            return None


@functools.lru_cache(1)
def has_ml_dsa():
    """Whether openssl reads such a key: 3.5 and newer do."""
    return run_openssl("pkey", "-pubin", "-inform", "DER", "-in", "key", "-noout", key=ML_DSA_PREFIX + bytes(1312)) == 0


def ml_dsa_verify(key, text, data):
    """A line's bytes over the text of a checkpoint (tlog-cosignature): the subtree from 0 to its size, at a time."""
    lines = text.decode("utf-8").split("\n")
    size, root = parse_number(lines[1]) if len(lines) == 4 else None, base64_decode(lines[2], 32) if len(lines) == 4 else None
    if size is None or root is None or len(data) != ML_DSA_SIGNATURE:
        return False
    name, origin = key.name.encode(), lines[0].encode()
    message = (b"subtree/v1\n\0" + bytes([len(name)]) + name + data[:8] + bytes([len(origin)]) + origin + bytes(8) +
               size.to_bytes(8, "big") + root)
    return run_openssl("pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin", "-in", "message", "-sigfile", "signature",
                       key=ML_DSA_PREFIX + key.public, message=message, signature=data[8:]) == 0


def verify_checkpoint(text, signatures, keys, finding):
    """Each key of the log has exactly one line, which holds. Gives the names of keys that could not be checked."""
    unchecked = []
    for key in keys:
        own = [one for one in signatures if (one.name, one.id) == (key.name, key.id)]
        require(len(own) == 1, finding, f"has {len(own)} signatures of {shown(actor_of(key))} instead of one")
        if key.kind == ML_DSA:
            require(len(own[0].data) == ML_DSA_SIGNATURE and own[0].data[:8] == bytes(8), finding, "has an ML-DSA-44 signature of another length, or with a time")
            if has_ml_dsa():
                require(ml_dsa_verify(key, text, own[0].data), finding, f"has a wrong signature of {shown(actor_of(key))}")
            else:
                unchecked.append(actor_of(key))
        else:
            require(ed25519_verify(key.public, text, own[0].data), finding, f"has a wrong signature of {shown(actor_of(key))}")
    return unchecked


# Fields (FORMAT.md, Fields).

FieldLine = collections.namedtuple("FieldLine", "salt key value")


def is_value(value, depth=FIELD_DEPTH):
    if value is None or type(value) in (bool, str):
        return True
    if type(value) is int:
        return -MOST <= value <= MOST
    if depth == 0:
        return False
    if type(value) is list:
        return all(is_value(one, depth - 1) for one in value)
    return all(re.fullmatch("[a-z][a-z0-9_-]{0,63}", key) for key in value) and all(is_value(one, depth - 1) for one in value.values())


def is_name_value(value):
    """Text, or the base64 of bytes that are no UTF-8."""
    if is_text(value):
        return True
    raw = base64_decode(value["base64"]) if has_form(value, {"base64": is_text}) else None
    try:
        return raw is not None and raw.decode("utf-8") is None
    except UnicodeDecodeError:
        return True


def name_bytes(value):
    return value.encode("utf-8") if is_text(value) else base64.b64decode(value["base64"])


def is_case_value(value):
    return is_text(value) or (type(value) is list and 2 <= len(value) <= 64 and all(map(is_text, value))
                              and value == sorted(set(value), key=lambda one: one.encode("utf-8")))


STATE_FORM = {"whole": is_bool, "changed": is_bool, "claims": ("none", "matched", "differ").__contains__, "derived": is_bool,
              "content": ("here", "elsewhere").__contains__}
ITEM_FIELDS = {     # those that a verifier reads
    **{name: functools.partial(is_hex, digits=digits) for name, digits in HEX_DIGITS.items()},
    "state": lambda value: has_form(value, STATE_FORM), "size": lambda value: is_number(value) and value <= ORIGINAL_LIMIT,
    "name": is_name_value, "path": is_name_value, "source": is_name_value, "case": is_case_value,
    "parts": lambda value: has_form(value, {"by": ("lines", "4096").__contains__, "count": is_positive, "root": is_hash}),
    "parts-seed": is_hash}
ITEMS_KEYS = ("items", *(f"items-{number}" for number in range(2, 10)))
NAMING_FIELDS = dict.fromkeys(ITEMS_KEYS, is_items)
ACCESS_ACTS = ("read", "prove", "export", "exported", "export-failed")
FIELD_FORMS = {
    "item": ITEM_FIELDS, "omission": ITEM_FIELDS, "note": {**ITEM_FIELDS, **NAMING_FIELDS},
    "access": {**NAMING_FIELDS, "act": ACCESS_ACTS.__contains__, "export": is_number, "manifest": is_hash, "checked": is_bool,
               "recipients": lambda value: type(value) is list and 0 < len(value) <= STANZAS_LIMIT
               and all(is_word_line(one, 256) for one in value)},
    "transfer": NAMING_FIELDS, "receipt": NAMING_FIELDS, "statement": {"act": is_word}}


def parse_field_line(line):
    """A field's line with its line feed."""
    require(len(line) <= FIELD_LINE_LIMIT and line.endswith(b"\n"), "fields-malformed", "has a line that is too long or has no end")
    value = json_decode(line[:-1], "fields-malformed")
    require(type(value) is list and len(value) == 3 and is_hex(value[0], 32) and is_word(value[1]) and is_value(value[2]),
            "fields-malformed", f"has a line that is no field: {shown(line)}")
    return FieldLine(*value)


class Fields:
    """The places of an entry's list: what is told, and which keys are hidden."""

    def __init__(self, lines):
        require(0 < len(lines) <= FIELD_COUNT_LIMIT and sum(map(len, lines)) <= FIELDS_LIMIT, "fields-malformed",
                "has no fields, too many, or too long ones")
        self.told, self.hidden, self.listed, salts = {}, set(), [], set()
        for line in lines:
            if line.startswith(b"["):
                one = parse_field_line(line)
                require(one.salt not in salts, "fields-salt", f"has the salt {one.salt} twice")
                salts.add(one.salt)
                self.listed.append((one.key, sha256_hex(line)))
                self.told[one.key] = one.value
            else:
                match = re.fullmatch(rb"([0-9a-f]{64})  ([a-z0-9-]{1,32})\n", line)
                require(match, "fields-malformed", f"has the line {shown(line)}")
                self.listed.append((match[2].decode(), match[1].decode()))
                self.hidden.add(match[2].decode())
        keys = [key for key, _ in self.listed]
        require(all(one < other for one, other in zip(keys, keys[1:])), "fields-order", "has a key twice or out of order")

    def digest(self):
        return sha256_hex("".join(f"{digest}  {key}\n" for key, digest in self.listed).encode())

    def check_forms(self, kind):
        for key, is_right in FIELD_FORMS.get(kind, {}).items():
            require(key not in self.told or is_right(self.told[key]), "fields-malformed", f"has a {key} of another form")

    def items(self):
        """All that `items`, `items-2` … name, or None where not all of it is told."""
        ranges = []
        for key in ITEMS_KEYS:
            if key in self.hidden:
                return None
            if key in self.told:
                more = parse_items(self.told[key])
                require(not ranges or more[0][0] > ranges[-1][1], "fields-malformed", f"has {key} that is not after the items before")
                ranges += more
        return ranges or None


# Entries (FORMAT.md, Entry): the form of each, whatever may have been allowed.

ROLES = ("collector", "custodian", "witness")
RULED = ("custodian", "retire", "lift", "log-key", "lost-head", "reader", "reseal", "release", "shred")     # what a rule can name
ACCEPTED = ("earlier-key", "retired")
SUITES = {1: ("age", 32), 2: ("age1pq", 1216)}      # the prefix and the bytes of a recipient
NO_SEALED_FILE = ("timestamp", "run")
WITH_CONTENT = ("item", "omission")
LAW_TYPES = ("genesis", "custodian", "suspend", "rule", "reader", "log-key", "recovery", "upgrade", "closed")
Entry = collections.namedtuple("Entry", "number data leaf value form text signatures")


def suite_of(recipient):
    """1 or 2 by the kind of an age recipient, or None."""
    for suite, (prefix, length) in SUITES.items():
        if is_text(recipient) and bech32_decode(recipient, prefix, length) is not None:
            return suite
    return None


def is_custodian(value):
    return has_form(value, {"person": is_positive, "key": is_key, "roles": lambda roles: is_choice(ROLES, roles) and bool(roles)})


def is_first_custodian(value):
    return is_custodian(value) and "custodian" in value["roles"]


def is_log(value):
    """One Ed25519 key, and one of ML-DSA-44 or none."""
    return type(value) is list and 1 <= len(value) <= 2 and is_key(value[0]) and all(is_key(one, (ML_DSA,)) for one in value[1:])


def is_two(value):
    return is_choice(RULED, value) and (not value or "custodian" in value)


def is_continues(value):
    return has_form(value, {"fingerprint": is_hash, "size": is_positive, "root": is_hash})


COMMON_FORM = {"v": is_number, "type": is_text, "origin": is_origin, "seq": is_number, "prev": is_hash, "law": is_number,
               "time": is_time, "actor": is_actor, "cosigner?": is_actor}
SEALED_FORM = {"labels": is_base64, "header": is_hash, "key": is_hash, "payload": is_hash, "fields": is_hash}
TYPES_WITH_ACTS = ("custodian", "suspend")      # of which each act has its own members
FORMS = {
    "genesis": {"suite": is_positive, "label_count": lambda value: is_number(value) and 4 <= value <= 64, "pad": is_positive,
                "recipient": suite_of, "log": is_log, "custodian": is_first_custodian, "key_file?": is_hash, "recovery?": is_key,
                "continues?": is_continues},
    "item": {"collected?": is_text, "accepted?": lambda value: is_choice(ACCEPTED, value) and bool(value)},
    "omission": {}, "note": {}, "case": {}, "access": {},
    "transfer": {"outcome": ("accepted", "refused", "abandoned").__contains__, "statement": is_text},
    "receipt": {"statement": is_text},
    "hold": {"items": is_items},
    "release": {"hold": is_number, "items": is_items},
    "shred": {"items": is_items},
    "custodian admit": {"act": is_text, "custodian": is_custodian},
    "custodian retire": {"act": is_text, "retired": is_actor, "compromised_since?": is_time},
    "custodian rotate": {"act": is_text, "new_key": is_key},
    "custodian succeed": {"act": is_text, "statement": is_text},
    "suspend suspend": {"act": is_text, "person": is_positive},
    "suspend lift": {"act": is_text, "suspend": is_number, "person": is_positive},
    "rule": {"two": is_two, "recovery?": is_true},
    "reader": {"key_file": is_hash, "recovery?": is_key},
    "reseal": {"recipient?": suite_of, "key_file?": is_hash, "items?": is_items, "headers?": is_base64, "destroy?": is_true},
    "log-key": {"log": is_log, "compromised_since?": is_time},
    "recovery": {"custodian": is_first_custodian, "recovery?": is_key},
    "lost-head": {"lost": is_text},
    "timestamp": {"checkpoint?": is_text, "renews?": is_number, "token": is_base64},
    "run": {"statement": is_text},
    "statement": {"items?": is_items},
    "closed": {"successor?": is_hash}}


def form_of(value):
    """The name of the form that an entry says it has."""
    return f"{value.get('type')} {value.get('act')}" if value.get("type") in TYPES_WITH_ACTS else str(value.get("type"))


def is_law(value):
    return value["type"] in LAW_TYPES or (value["type"] == "reseal" and "recipient" in value)


def parse_statement_line(text, finding):
    """The object on the one line that a note of Exhibit signs."""
    require(text.count(b"\n") == 1, finding, "has more than one line")
    value = json_decode(text[:-1], finding)
    require(type(value) is dict, finding, "is not an object")
    return value


def check_version(value, finding):
    require(is_number(value.get("v")) and value["v"] == 1, finding, f"has the unknown version {shown(value.get('v'))}")


def refuse_newer_genesis(value):
    """FORMAT.md, Hooks: an honest vault of a later version."""
    def is_later(key, known):
        return is_number(value.get(key)) and value[key] > known
    if value.get("type") == "genesis":
        for key, known in (("v", 1), ("suite", max(SUITES)), ("pad", 1)):
            if is_later(key, known) and (key == "v" or value.get("v") == 1):
                raise Newer(0, f"it has the {key} {value[key]}")


def parse_entry(data):
    """An entry by its bytes alone."""
    text, signatures = parse_note(data, "entry-malformed")
    value = parse_statement_line(text, "entry-malformed")
    if value.get("type") == "genesis" and value.get("seq") == 0:
        refuse_newer_genesis(value)
    check_version(value, "entry-malformed")
    form = form_of(value)
    if form == "upgrade":
        return parse_upgrade(data, text, value, signatures)
    require(form in FORMS, "entry-malformed", f"has the unknown type {shown(form)}")
    sealed = {} if form in NO_SEALED_FILE else SEALED_FORM
    require(has_form(value, {**COMMON_FORM, **FORMS[form], **sealed}), "entry-malformed",
            "does not have the members of its type in their order, or a value that is not of its member's form")
    check_members(form, value)
    if sealed:
        check_labels(value)
    check_carried(form, value)
    wanted = 1 + ("cosigner" in value) + (2 if form == "log-key" else 0)
    require(len(signatures) == wanted, "entry-malformed", f"has {len(signatures)} signatures instead of {wanted}")
    return Entry(value["seq"], data, leaf_hash(data), value, form, text, signatures)


def parse_upgrade(data, text, value, signatures):
    """Its members up to `version`; what follows is for those who know it."""
    members = list(value)
    known = dict(list(value.items())[:members.index("version") + 1]) if "version" in members else {}
    require(has_form(known, {**COMMON_FORM, "version": lambda version: is_number(version) and version > 1}), "entry-malformed",
            "is no upgrade")
    return Entry(value["seq"], data, leaf_hash(data), value, "upgrade", text, signatures)


def check_members(form, value):
    """What members ask of one another."""
    bad = functools.partial(require, name="entry-malformed")
    origin = value["origin"]
    if form == "genesis":
        bad(suite_of(value["recipient"]) == value["suite"], text="has a recipient of another suite")
        bad(value["custodian"]["person"] == 1, text="has a first person whose number is not 1")
    bad(all(parse_key(key, "", (ED25519, ML_DSA)).name == origin for key in value.get("log", [])), text="has a log key of another name than the origin")
    if form in ("genesis", "reader", "recovery") and "recovery" in value:
        bad(parse_key(value["recovery"], "").name == f"{origin}/recovery", text="has a recovery key of another name")
    if "custodian" in value:
        bad(is_handle(parse_key(value["custodian"]["key"], "").name, origin), text="has a key whose name is no handle")
    bad("accepted" not in value or "collected" in value, text="accepts what nobody collected")
    if form == "timestamp":
        bad(("checkpoint" in value) != ("renews" in value), text="stamps neither or both of a checkpoint and a token")
        bad(len(base64_decode(value["token"])) <= TOKEN_LIMIT, text="has a token that is too long")
    if form == "reseal":
        check_reseal(value)


def check_reseal(value):
    """A digest for each item, and neither of the two alone; or at least another key or key file."""
    require(("items" in value) == ("headers" in value) and any(key in value for key in ("items", "key_file", "recipient")), "entry-malformed",
            "names items without headers, headers without items, or nothing")
    require("destroy" not in value or "items" in value, "entry-malformed", "destroys no header")
    if "items" in value:
        count = count_of(parse_items(value["items"]))
        require(count <= RESEAL_LIMIT and len(base64_decode(value["headers"])) == 32 * count, "entry-malformed",
                f"does not have a digest for each of 1 to {RESEAL_LIMIT} items")


def check_labels(value):
    """4 to 64, ascending, no two equal."""
    data = base64_decode(value["labels"])
    labels = [data[at:at + 16] for at in range(0, len(data), 16)]
    require(len(data) % 16 == 0 and 4 <= len(labels) <= 64 and all(one < other for one, other in zip(labels, labels[1:])), "entry-labels",
            "does not have 4 to 64 labels in ascending order")


# Statements that entries carry (FORMAT.md, Statements).

STATEMENT_FORMS = {
    "collected": {"collector": is_actor, "number": is_positive, "prev": is_hash, "next?": is_key, "recipient": suite_of, "time": is_time,
                  **SEALED_FORM},
    "closed": {"collector": is_actor, "up_to": is_number, "prev": is_hash, "next?": is_key, "time": is_time},
    "transfer": {"released_by": is_actor, "received_by": is_actor, "time": is_time, "fields": is_hash},
    "receipt": {"bundle": is_hash, "checkpoint": is_text, "made_by": is_actor, "made": is_time, "received_by": is_key, "time": is_time,
                "outcome": ("holds", "fails").__contains__, "fields": is_hash}}
Statement = collections.namedtuple("Statement", "value text signatures digest")


def parse_statement(note, kinds, finding):
    data = note.encode("utf-8")
    text, signatures = parse_note(data, finding, RECEIPT_LIMIT if kinds == ("receipt",) else STATEMENT_LIMIT)
    value = parse_statement_line(text, finding)
    check_version(value, finding)
    kind = value.get("statement")
    require(is_text(kind) and kind in kinds, finding, f"is no statement of {' or '.join(kinds)}")
    common = {"v": is_number, "statement": is_text, "origin": is_origin, "fingerprint": is_hash}
    require(has_form(value, {**common, **STATEMENT_FORMS[kind]}), finding,
            f"does not have the members of a {kind} statement in their order, or a value that is not of its member's form")
    if "next" in value:
        require(parse_key(value["next"], finding).name == name_of(value["collector"]), finding, "has a next key of another name")
    return Statement(value, text, signatures, sha256_hex(data))


CARRIED = {     # the member of an entry that is a statement, of which kinds, and the finding where it is none
    "item": ("collected", ("collected",), "collected-malformed"), "run": ("statement", ("closed",), "collected-malformed"),
    "custodian succeed": ("statement", ("collected", "closed"), "collected-malformed"),
    "transfer": ("statement", ("transfer",), "statement-malformed"), "receipt": ("statement", ("receipt",), "receipt-malformed")}


def check_carried(form, value):
    """The notes within an entry are of their form, too."""
    member, kinds, finding = CARRIED.get(form, ("", (), ""))
    said = parse_statement(value[member], kinds, finding).value if member in value else {}
    require(form != "custodian succeed" or "next" in said, finding, "names no next key")
    for note in (value.get("lost"), value.get("checkpoint"), said.get("checkpoint")):
        if note is not None:
            text, signatures = parse_note(note.encode("utf-8"), "entry-checkpoint")
            parse_checkpoint(text)
            require(len(signatures) == 1, "entry-checkpoint", f"has {len(signatures)} signatures instead of the log's")


# Custody (FORMAT.md, Who may sign what): the rules, replayed over the entries in order of position.

Member = collections.namedtuple("Member", "key roles person admitted_by since")
Suspension = collections.namedtuple("Suspension", "by stopped")     # by: a person, or None for a recovery
Stamp = collections.namedtuple("Stamp", "size time")

ALSO_COLLECTORS = ("item", "omission", "custodian rotate", "custodian succeed", "timestamp", "run")
MAY_COSIGN = ("release", "shred", "custodian admit", "custodian retire", "suspend lift", "rule", "reader", "reseal", "log-key", "lost-head",
              "upgrade", "closed")
STOPPED_TYPES = ("shred", "release")        # that a stopped person signs as little as a law entry
CHANGES_WAY_OUT = ("suspend suspend", "custodian retire", "rule", "reader")
NAMING = ("hold", "release", "shred", "reseal", "statement")


class LogKeys:
    """Which keys sign checkpoints of which size (FORMAT.md, Checkpoint and proof)."""

    def __init__(self, first, time):
        self.rows = [(0, first, time)]

    def replace(self, number, keys, time):
        self.rows.append((number, keys, time))

    def of(self, size):
        return [keys for since, keys, _ in self.rows if since < size or since == 0][-1]

    def present(self):
        return self.rows[-1][1]

    def open(self, note, finding):
        """The checkpoint of a note that has the log's Ed25519 signature of its size, and no other."""
        text, signatures = parse_note(note.encode("utf-8"), finding)
        checkpoint = parse_checkpoint(text)
        verify_signers(text, signatures, self.of(checkpoint.size)[:1], finding)
        return checkpoint


class Custody:
    """Who may sign and what may be done with which item, as far as the entries until here tell."""

    def __init__(self, genesis, fields):
        value = genesis.value
        self.origin, self.fingerprint, self.label_count = value["origin"], genesis.leaf.hex(), value["label_count"]
        self.fields, self.remarks = fields, []          # the fields told, by position
        self.log_keys = LogKeys([parse_key(one, "", (ED25519, ML_DSA)) for one in value["log"]], value["time"])
        self.vault_keys = [(0, value["recipient"])]
        self.recovery = parse_key(value["recovery"], "") if "recovery" in value else None
        self.members, self.former = {}, {}      # by actor; those who are admitted, and all who ever were
        self.publics, self.actors, self.handles, self.highest = set(), set(), {}, 0
        self.two, self.suspensions, self.suspended_before = [], {}, set()
        self.holds, self.shredded, self.statements, self.collected = {}, [], set(), set()
        self.stamps, self.signed_by, self.compromised, self.recoveries = {}, {}, [], []
        self.leaves, self.sealed, self.closed_at, self.last_time, self.positions = {}, set(), None, None, []
        self.first = actor_of(parse_key(value["custodian"]["key"], ""))

    # The way of each entry.

    def follow(self, entry):
        """Checks an entry against all before it, and does what it says. What it breaks a rule for is not done."""
        value, form = entry.value, entry.form
        self.positions.append(entry.number)
        self.leaves[entry.number] = entry.leaf
        if form not in NO_SEALED_FILE and form != "upgrade":
            self.sealed.add(entry.number)
            require(len(base64_decode(value["labels"])) == 16 * self.label_count, "entry-labels", f"does not have {self.label_count} labels")
        self.watch_clock(entry)
        require(self.closed_at is None, "custody-rule", f"follows entry {self.closed_at}, which closed the vault")
        if form == "genesis":
            self.begin(entry)
        else:
            keys = self.signers(entry)
            verify_signers(entry.text, entry.signatures, keys, "entry-signature")
            if form in NAMING and "items" in value:
                self.check_items(form, value)
            self.change(entry)
            self.remark_signers(entry)
        for actor in {value["actor"], value.get("cosigner", value["actor"])}:
            self.signed_by.setdefault(actor, []).append(entry.number)

    def change(self, entry):
        """Does what the entry says. After it somebody can lift each suspension that is in force."""
        do = getattr(self, f"do_{entry.form.replace(' ', '_').replace('-', '_')}", None)
        if do is None:
            return
        before = dict(self.members), dict(self.suspensions), set(self.suspended_before), self.two, self.recovery
        do(entry)
        self.end_suspensions()
        if self.suspensions and entry.form in CHANGES_WAY_OUT and not self.has_way_out():
            self.members, self.suspensions, self.suspended_before, self.two, self.recovery = before
            raise Finding("custody-rule", "leaves nobody who could lift the suspension")

    def end_suspensions(self):
        """A suspension ends for who has no key any more, and for all if its maker has none."""
        known = {member.person for member in self.members.values()}
        for number, one in list(self.suspensions.items()):
            left = one.stopped & known if one.by in known or one.by is None else set()
            if left:
                self.suspensions[number] = one._replace(stopped=left)
            else:
                del self.suspensions[number]

    def has_way_out(self):
        wanted = 2 if "lift" in self.two else 1
        return len(self.persons() - self.stopped()) >= wanted or self.recovery is not None

    def watch_clock(self, entry):
        time = entry.value["time"]
        if self.last_time and time < self.last_time:
            self.remarks.append(f"entry {entry.number} says an earlier time than one before it")
        self.last_time = time

    def begin(self, entry):
        value = entry.value
        require(value["actor"] == self.first and "cosigner" not in value, "entry-signer", "is not signed by its own custodian alone")
        key = parse_key(value["custodian"]["key"], "")
        verify_signers(entry.text, entry.signatures, [key], "entry-signature")
        self.admit(entry, value["custodian"], None)

    # Who signs.

    def signers(self, entry):
        """The keys that must have signed, in their order."""
        value, form = entry.value, entry.form
        if form == "recovery":
            return self.recovery_signers(value)
        actor = self.member(value["actor"])
        roles = {"custodian", "collector"} if form in ALSO_COLLECTORS and "accepted" not in value else {"custodian"}
        require(roles & set(actor.roles), "entry-signer", f"is of one who may not sign a {form}")
        if form == "custodian rotate":
            self.refuse_stopped(entry, actor.person)
            new = parse_key(value["new_key"], "")
            require(value.get("cosigner") == actor_of(new), "entry-cosigner", "is not signed by the new key")
            return [actor.key, new]
        keys = [actor.key]
        cosigner = None
        if "cosigner" in value:
            require(form in MAY_COSIGN, "entry-cosigner", f"has a cosigner, which a {form} never has")
            cosigner = self.member(value["cosigner"])
            require("custodian" in cosigner.roles, "entry-cosigner", f"{shown(value['cosigner'])} is not a custodian")
            require(cosigner.person != actor.person, "entry-cosigner", "is signed twice by one person")
            keys.append(cosigner.key)
        if form == "suspend lift":
            self.check_lift(value, actor, cosigner)
        else:
            for one in (actor, cosigner):
                if one:
                    self.refuse_stopped(entry, one.person)
            require(cosigner or not self.needs_two(entry), "entry-cosigner", "is signed by one where two are needed")
        if form == "log-key":
            keys += [self.log_keys.present()[0], parse_key(value["log"][0], "")]
        return keys

    def recovery_signers(self, value):
        require(self.recovery, "entry-signer", "is a recovery where no recovery key is in force")
        require(value["actor"] == actor_of(self.recovery), "entry-signer", "is not signed by the recovery key")
        new = parse_key(value["custodian"]["key"], "")
        require(value.get("cosigner") == actor_of(new), "entry-cosigner", "is not signed by the key that it admits")
        return [self.recovery, new]

    def member(self, actor, role=None):
        member = self.members.get(actor)
        require(member, "entry-signer", f"{shown(actor)} is not admitted there")
        require(role is None or role in member.roles, "entry-signer", f"{shown(actor)} is not a {role}")
        return member

    def persons(self):
        """Those who have the role of a custodian."""
        return {member.person for member in self.members.values() if "custodian" in member.roles}

    def stopped(self, but=None):
        """The persons whom suspensions stop, but for one of these."""
        stopped = set()
        for number, one in self.suspensions.items():
            if number != but:
                stopped |= one.stopped | ({one.by} if one.by else set())
        return stopped

    def refuse_stopped(self, entry, person):
        value = entry.value
        if person in self.stopped():
            require(not is_law(value) and entry.form not in STOPPED_TYPES and "destroy" not in value, "custody-rule",
                    f"is signed by person {person}, who is stopped")

    def needs_two(self, entry):
        value, form = entry.value, entry.form
        if form == "custodian retire":
            own = self.members[value["actor"]].person
            retired = value["retired"]
            other = retired in self.members and self.members[retired].person != own
            return ("retire" in self.two and other) or self.casts_doubt(retired, value)
        if form == "rule":
            return bool(self.two) or "recovery" in value
        if form == "reader":
            return "reader" in self.two or (bool(self.two) and ("recovery" in value or self.recovery is not None))
        if form == "reseal":
            return "reseal" in self.two or ("destroy" in value and len(self.persons()) > 1)
        if form == "log-key":
            return "log-key" in self.two or self.casts_doubt(None, value)
        if form in ("upgrade", "closed", "custodian admit"):
            return bool(self.two)
        return form in self.two

    def casts_doubt(self, actor, value):
        """FORMAT.md, Keys that others had too: whether the time is before what was proven already. None is the log's key."""
        since = value.get("compromised_since")
        if since is None:
            return False
        if actor is None:
            number, _, admitted = self.log_keys.rows[-1]
            times = [stamp.time for stamp in self.stamps.values() if stamp.size > number and stamp.time]
        elif actor in self.members:
            admitted, first = self.members[actor].since, min(self.signed_by.get(actor, [MOST]))
            times = [stamp.time for stamp in self.stamps.values() if stamp.size > first and stamp.time]
        else:
            return False
        return since < admitted or any(since < time for time in times[-1:])

    def check_lift(self, value, actor, cosigner):
        suspension = self.suspensions.get(value["suspend"])
        require(suspension and value["person"] in suspension.stopped, "custody-rule", "lifts a suspension that is not in force")
        stopped = self.stopped()
        require(cosigner is None or cosigner.person not in stopped, "custody-rule", "is cosigned by one who is stopped")
        if actor.person == suspension.by:
            require(actor.person not in self.stopped(but=value["suspend"]), "custody-rule", "is taken back by one whom another suspension stops")
            require(cosigner or "lift" not in self.two, "entry-cosigner", "is signed by one where two are needed")
            return
        require(actor.person not in stopped, "custody-rule", f"is signed by person {actor.person}, who is stopped")
        require(cosigner or self.persons() - stopped == {actor.person}, "entry-cosigner", "is lifted by one where two could")

    # What entries change.

    def admit(self, entry, custodian, by):
        key = parse_key(custodian["key"], "")
        self.new_key(key)
        require(key.name not in self.handles, "custody-rule", f"has the handle {shown(key.name)}, which was somebody's before")
        require(custodian["person"] <= self.highest + 1, "custody-rule", f"names person {custodian['person']} after {self.highest}")
        self.take_key(key, custodian["roles"], custodian["person"], by, entry.value["time"])

    def new_key(self, key):
        log = {one.public for _, keys, _ in self.log_keys.rows for one in keys}
        require(key.public not in self.publics | log and actor_of(key) not in self.actors, "custody-rule",
                f"{shown(actor_of(key))} was known before")

    def take_key(self, key, roles, person, by, since):
        self.publics.add(key.public)
        self.actors.add(actor_of(key))
        self.handles[key.name] = person
        self.highest = max(self.highest, person)
        self.members[actor_of(key)] = self.former[actor_of(key)] = Member(key, roles, person, by, since)

    def do_custodian_admit(self, entry):
        self.admit(entry, entry.value["custodian"], entry.value["actor"] if "cosigner" not in entry.value else None)

    def do_custodian_retire(self, entry):
        key = entry.value["retired"]
        member = self.members.get(key)
        require(member, "custody-rule", f"retires {shown(key)}, who is not admitted")
        rest = {one.person for actor, one in self.members.items() if actor != key and "custodian" in one.roles}
        require(rest, "custody-rule", "retires the last custodian")
        if "custodian" in member.roles:
            require(not self.two or len(rest) > 1, "custody-rule", "leaves one person where a rule asks for two")
        del self.members[key]
        self.note_compromise(key, entry)

    def do_custodian_rotate(self, entry):
        self.succeed(entry.value["actor"], parse_key(entry.value["new_key"], ""))

    def do_custodian_succeed(self, entry):
        statement = parse_statement(entry.value["statement"], ("collected", "closed"), "collected-malformed")
        self.check_own(statement, "collected-origin")
        require("next" in statement.value, "collected-malformed", "names no next key")
        collector = self.collector(statement.value["collector"])
        verify_signers(statement.text, statement.signatures, [collector.key], "collected-signature")
        self.succeed(statement.value["collector"], parse_key(statement.value["next"], ""))

    def succeed(self, old, new):
        member = self.members[old]
        require(new.name == member.key.name, "custody-rule", "has a new key of another handle")
        self.new_key(new)
        del self.members[old]
        self.take_key(new, member.roles, member.person, member.admitted_by, member.since)

    def do_suspend_suspend(self, entry):
        by, person = self.members[entry.value["actor"]].person, entry.value["person"]
        require(person != by and person in {member.person for member in self.members.values()}, "custody-rule",
                "suspends nobody who is admitted, or its signer")
        require(person not in self.stopped(), "custody-rule", f"suspends person {person}, who is stopped")
        require((by, person) not in self.suspended_before, "custody-rule", f"suspends person {person} a second time")
        self.suspensions[entry.number] = Suspension(by, {person})
        self.suspended_before.add((by, person))

    def do_suspend_lift(self, entry):
        one = self.suspensions[entry.value["suspend"]]
        self.suspensions[entry.value["suspend"]] = one._replace(stopped=one.stopped - {entry.value["person"]})

    def do_rule(self, entry):
        two = entry.value["two"]
        require(not two or len(self.persons()) > 1, "custody-rule", "asks for two persons where there is one")
        require("recovery" not in entry.value or (two and self.recovery), "custody-rule", "keeps a recovery key that is not there, or that no rule ends")
        self.two = two
        if two and "recovery" not in entry.value:
            self.recovery = None

    def do_reader(self, entry):
        self.recovery = self.new_recovery(entry)

    def new_recovery(self, entry):
        if "recovery" not in entry.value:
            return None
        return parse_key(entry.value["recovery"], "")

    def do_recovery(self, entry):
        value = entry.value
        require(value["custodian"]["person"] == self.highest + 1, "custody-rule", "does not admit a new person")
        others = self.persons()
        self.admit(entry, value["custodian"], None)
        self.suspensions = {entry.number: Suspension(None, set(others))} if others else {}
        self.two, self.recovery = [], self.new_recovery(entry)
        self.recoveries.append(entry.number)

    def do_reseal(self, entry):
        """To a new key of the vault, or more items to the present one."""
        value = entry.value
        since, present = self.vault_keys[-1]
        if "recipient" in value:
            require(value["recipient"] not in {key for _, key in self.vault_keys}, "custody-rule", "has a key that was the vault's before")
            require(suite_of(value["recipient"]) >= suite_of(present), "custody-rule", "goes back from a hybrid key")
            self.vault_keys.append((entry.number, value["recipient"]))
        elif "items" in value:
            last = parse_items(value["items"])[-1][1]
            require(last < since, "custody-item", f"reseals item {last}, which is sealed to this key")

    def do_log_key(self, entry):
        keys = [parse_key(one, "", (ED25519, ML_DSA)) for one in entry.value["log"]]
        before = self.log_keys.present()
        known = {key.public for _, row, _ in self.log_keys.rows for key in row} - {key.public for key in before[1:]}
        require(not any(key.public in known or key.public in self.publics for key in keys), "custody-rule", "has a key that was known before")
        require(len(keys) >= len(before), "custody-rule", "has no ML-DSA-44 key, where the log had one")
        self.note_compromise(actor_of(before[0]), entry)
        self.log_keys.replace(entry.number, keys, entry.value["time"])

    def do_lost_head(self, entry):
        checkpoint = self.log_keys.open(entry.value["lost"], "entry-checkpoint")
        require(checkpoint.origin == self.origin, "entry-checkpoint", f"is of {shown(checkpoint.origin)}")

    def do_timestamp(self, entry):
        value = entry.value
        if "renews" in value:
            known = value["renews"] in self.stamps or (value["renews"] < entry.number and value["renews"] not in self.positions)
            require(known, "custody-rule", f"renews entry {value['renews']}, which is no timestamp")
            self.stamps[entry.number] = Stamp(0, None)
            return
        checkpoint = self.log_keys.open(value["checkpoint"], "entry-checkpoint")
        require(checkpoint.origin == self.origin, "entry-checkpoint", f"is of {shown(checkpoint.origin)}")
        require(0 < checkpoint.size <= entry.number, "custody-rule", "stamps a checkpoint that is not one before it")
        token = read_token(base64_decode(value["token"]))
        self.stamps[entry.number] = Stamp(checkpoint.size, token.time if token else None)

    def do_closed(self, entry):
        self.closed_at = entry.number

    # Items and statements.

    def check_items(self, form, value):
        ranges = parse_items(value["items"])
        last = self.positions[-1]
        require(ranges[-1][1] < last, "custody-item", f"names entry {ranges[-1][1]}, which is not earlier")
        for first, end in ranges:
            for number in self.positions[bisect.bisect_left(self.positions, first):bisect.bisect_right(self.positions, end)]:
                require(number in self.sealed, "custody-item", f"names entry {number}, which has no sealed file")
        require(form not in ("hold", "shred", "reseal") or not overlap(ranges, self.shredded), "custody-item",
                f"is a {form} of what is shredded")

    def do_hold(self, entry):
        self.holds[entry.number] = parse_items(entry.value["items"])

    def do_release(self, entry):
        hold, ranges = entry.value["hold"], parse_items(entry.value["items"])
        require(hold < entry.number, "custody-item", f"releases hold {hold}, which is not earlier")
        if hold not in self.holds:
            require(hold not in self.positions, "custody-item", f"releases entry {hold}, which is no hold")
            return      # it is not told
        require(not subtract(ranges, self.holds[hold]), "custody-item", f"releases what hold {hold} does not hold")
        self.holds[hold] = subtract(self.holds[hold], ranges)

    def do_shred(self, entry):
        ranges = parse_items(entry.value["items"])
        for number, held in self.holds.items():
            require(not overlap(ranges, held), "custody-item", f"shreds what hold {number} holds")
        self.shredded = sorted(subtract(self.shredded, ranges) + ranges)

    def check_own(self, statement, finding):
        require((statement.value["origin"], statement.value["fingerprint"]) == (self.origin, self.fingerprint), finding,
                "is a statement for another vault")

    def collector(self, actor):
        member = self.member(actor)
        require({"custodian", "collector"} & set(member.roles), "entry-signer", "is of one who may not collect")
        return member

    def do_item(self, entry):
        """An item that was sealed elsewhere: by whom, and its number in that series, which is used once."""
        value = entry.value
        if "collected" not in value:
            return
        statement = parse_statement(value["collected"], ("collected",), "collected-malformed")
        said = statement.value
        self.check_own(statement, "collected-origin")
        require(all(said[key] == value[key] for key in SEALED_FORM), "collected-item", "is of another sealed file")
        key = self.collecting_key(said, value.get("accepted", []))
        verify_signers(statement.text, statement.signatures, [key], "collected-signature")
        number = name_of(said["collector"]), said["number"]
        require(number not in self.collected, "custody-rule", f"has number {said['number']} of its collector again")
        self.collected.add(number)

    def collecting_key(self, said, accepted):
        """The collector's key. What is not as it should be is said by `accepted`, and nothing else is."""
        present = self.vault_keys[-1][1]
        require((said["recipient"] != present) == ("earlier-key" in accepted), "collected-item", "is of an item sealed to another key, and does not say so, or says so wrongly")
        require(said["recipient"] in {key for _, key in self.vault_keys}, "collected-item", "is of an item sealed to a key that the vault never had")
        is_admitted = said["collector"] in self.members
        require(is_admitted != ("retired" in accepted), "entry-signer", "is of a collector who is not admitted, and does not say so, or says so wrongly")
        if is_admitted:
            return self.collector(said["collector"]).key
        former = self.former.get(said["collector"])
        require(former and {"custodian", "collector"} & set(former.roles), "entry-signer", "is of a collector who never was admitted")
        return former.key

    def do_run(self, entry):
        statement = parse_statement(entry.value["statement"], ("closed",), "collected-malformed")
        self.check_own(statement, "collected-origin")
        actor = statement.value["collector"]
        member = self.members.get(actor) or self.former.get(actor)
        require(member and {"custodian", "collector"} & set(member.roles), "entry-signer", "is of a collector who never was admitted")
        verify_signers(statement.text, statement.signatures, [member.key], "collected-signature")
        self.use_once(statement)

    def use_once(self, statement):
        require(statement.text not in self.statements, "custody-rule", "has a statement that was used before")
        self.statements.add(statement.text)

    def do_transfer(self, entry):
        value = entry.value
        statement = parse_statement(value["statement"], ("transfer",), "statement-malformed")
        self.check_own(statement, "statement-origin")
        require(statement.value["fields"] == value["fields"], "statement-fields", "has other fields than its entry")
        parties = [self.member(statement.value[key], "custodian") for key in ("released_by", "received_by")]
        require(parties[0].person != parties[1].person, "statement-signer", "is of one person alone")
        keys = [party.key for party in parties]
        verify_signers(statement.text, statement.signatures, keys if value["outcome"] == "accepted" else keys[:1], "statement-signature")
        self.check_leaves(entry)
        self.use_once(statement)

    def check_leaves(self, entry):
        fields = self.fields.get(entry.number)
        items = fields.items() if fields else None
        if not items or "leaves" not in fields.told:
            return
        require(items[-1][1] < entry.number, "custody-item", "names an item that is not earlier")
        numbers = positions_of(items)
        if all(number in self.leaves for number in numbers):
            tree = TreeHash()
            for number in numbers:
                tree.add(self.leaves[number])
            require(tree.root().hex() == fields.told["leaves"], "statement-leaves", "has other leaves than its items")

    def do_receipt(self, entry):
        value = entry.value
        statement = parse_statement(value["statement"], ("receipt",), "receipt-malformed")
        said = statement.value
        self.check_own(statement, "receipt-origin")
        require(said["fields"] == value["fields"], "statement-fields", "has other fields than its entry")
        key = parse_key(said["received_by"], "receipt-malformed")
        require(key.name == f"{self.origin}/receiver", "receipt-malformed", "is signed under another name than the receiver's")
        verify_signers(statement.text, statement.signatures, [key], "receipt-signature")
        checkpoint = self.log_keys.open(said["checkpoint"], "entry-checkpoint")
        require(checkpoint.origin == self.origin and checkpoint.size <= entry.number, "custody-rule", "is of a checkpoint that is not one before it")
        require(said["made_by"] in self.actors, "custody-rule", f"is of a bundle by {shown(said['made_by'])}, who is not known there")
        self.use_once(statement)

    # What is remarked.

    def note_compromise(self, key, entry):
        if "compromised_since" in entry.value:
            self.compromised.append((key, entry.value["compromised_since"], entry.number))

    def valid_only_if_before(self):
        """FORMAT.md, Keys that others had too: nothing here shows when an entry was made."""
        for key, since, number in self.compromised:
            entries = self.signed_by.get(key, [])
            if entries:
                yield (f"entry {number} says that others had {shown(key)} since {since}: valid only if made before that: "
                       f"{'entries' if len(entries) > 1 else 'entry'} {listing(entries)}")

    def remark_signers(self, entry):
        value = entry.value
        cosigner = self.members.get(value.get("cosigner"))
        if cosigner and cosigner.admitted_by == value["actor"] and entry.form in MAY_COSIGN:
            self.remarks.append(f"entry {entry.number}: its cosigner was admitted by its actor alone")
        actor = self.members.get(value["actor"])
        suspended = {person for one in self.suspensions.values() for person in one.stopped}
        if actor and actor.person in suspended:
            self.remarks.append(f"entry {entry.number} is by person {actor.person}, who is suspended")


# Sealed files (FORMAT.md, Sealed file).

STANZAS = {"X25519": ((32,), "X25519"), "ssh-ed25519": ((4, 32), "X25519"), "mlkem768x25519": ((1120,), "mlkem768x25519")}
Layout = collections.namedtuple("Layout", "bytes tail root")


def read_header(file, finding, kinds=tuple(STANZAS)):
    """The header's exact bytes and its stanzas; leaves the file at the first byte after it."""
    lines, total, stanzas = [], 0, []

    def line():
        nonlocal total
        data = file.readline(4096)
        total += len(data)
        require(data.endswith(b"\n") and total <= HEADER_LIMIT, finding, "does not begin with an age header")
        lines.append(data)
        return data[:-1].decode("ascii", "replace")

    require(line() == "age-encryption.org/v1", finding, "is not an age file of version 1")
    while not (current := line()).startswith("---"):
        arrow, _, rest = current.partition(" ")
        kind, *words = rest.split(" ")
        require(arrow == "->" and kind in kinds, finding, f"has a recipient that is not {' or '.join(kinds)}")
        arguments = [base64_decode(one, size, padded=False) for one, size in zip(words, STANZAS[kind][0])]
        require(len(words) == len(STANZAS[kind][0]) and None not in arguments, finding, "has a malformed recipient")
        body = base64_decode(line(), 32, padded=False)
        require(body is not None, finding, "has a malformed file key")
        stanzas.append((kind, arguments, body))
        require(len(stanzas) <= STANZAS_LIMIT, finding, f"has more than {STANZAS_LIMIT} recipients")
    mac = current[4:] if current.startswith("--- ") else ""
    require(stanzas and base64_decode(mac, 32, padded=False) is not None, finding, "has no recipient or a malformed mac")
    require(len({STANZAS[kind][1] for kind, _, _ in stanzas}) == 1, finding, "has hybrid recipients beside others")
    return b"".join(lines), stanzas


def key_commitment(file_key):
    return hkdf(file_key, b"", b"exhibit key commitment").hex()


def plain_size(sealed):
    """Bytes of plaintext in chunks: each loses its tag (c2sp.org/age, Payload)."""
    return sealed - TAG * -(-sealed // CHUNK_SEALED)


def padded(length):
    """FORMAT.md, Padding."""
    if length <= SMALLEST:
        return SMALLEST
    exponent = length.bit_length() - 1
    free = exponent - exponent.bit_length()
    return length + (1 << free) - 1 >> free << free


def parse_layout(line):
    value = json_decode(line[:-1], "layout-malformed") if line.endswith(b"\n") else None
    require(has_form(value, {"bytes": is_number, "tail": is_number, "root": is_hash}), "layout-malformed", "is no layout")
    content, tail = value["bytes"] - NONCE - value["tail"], value["tail"]
    require(content >= 0 and content % CHUNK_SEALED == 0 and TAG < tail <= TAIL_LIMIT and not 0 < tail % CHUNK_SEALED <= TAG,
            "layout-malformed", "has a length or a tail that no payload has")
    plain = plain_size(value["bytes"] - NONCE)
    require(plain >= SMALLEST and padded(plain) == plain, "layout-malformed", "is of a plaintext that is not padded")
    return Layout(value["bytes"], tail, value["root"])


def check_payload(file, layout, size):
    """FORMAT.md, Blocks and layout: what follows the header."""
    require(size == layout.bytes, "payload-size", f"has a payload of {size} bytes instead of {layout.bytes}")
    tree, left, block = TreeHash(), layout.bytes - layout.tail, NONCE
    while left:
        tree.add(read_leaf(file, block))
        left -= block
        block = min(left, BLOCK_CHUNKS * CHUNK_SEALED)
    tree.add(read_leaf(file, layout.tail))
    require(tree.root().hex() == layout.root, "payload-root", "is not the payload that the entry names")


def read_leaf(file, size):
    digest = hashlib.sha256(b"\0")
    while size:
        data = file.read(min(size, 1 << 20))
        require(data, "payload-size", "ends early")
        digest.update(data)
        size -= len(data)
    return digest.digest()


# What is inside (FORMAT.md, Plaintext). Decryption and decompression are the stock tools'.

CONTENT, PADDING, FIELDS, SEEK_TABLE = b"\x28\xb5\x2f\xfd", b"\x51\x2a\x4d\x18", b"\x50\x2a\x4d\x18", b"\x5e\x2a\x4d\x18"
SEEK_MAGIC = b"\xb1\xea\x92\x8f"


class Plaintext:
    """Follows the frames of a plaintext as its bytes come. `walk` is a coroutine: it yields how many bytes it wants, or how
    many to pass over as a negative number. So nothing hides between frames."""

    def __init__(self):
        self.frames = []            # length and held bytes of each: the seek table's rows
        self.at, self.content_end, self.size, self.count, self.last = 0, 0, 0, 0, None
        self.zeros, self.fields, self.fields_at = [], b"", 0
        self.buffer, self.walk = bytearray(), self._walk()
        self.wants, self.done = next(self.walk), False

    def feed(self, data):
        self.buffer += data
        while not self.done and self.buffer and len(self.buffer) >= self.wants:
            taken = min(abs(self.wants), len(self.buffer))
            piece = bytes(self.buffer[:taken]) if self.wants > 0 else b""
            del self.buffer[:taken]
            self.at += taken
            if self.wants < 0 and self.wants + taken:
                self.wants += taken
                return
            self._advance(piece)
        require(not self.done or not self.buffer, "seek-table", "has bytes after the seek table")

    def _advance(self, piece):
        try:
            self.wants = self.walk.send(piece)
            while self.wants == 0:
                self.wants = self.walk.send(b"")
        except StopIteration:
            self.done = True

    def finish(self):
        require(self.done, "content-malformed", "ends within its frames")

    def _walk(self):
        magic = yield 4
        while magic == CONTENT:
            start = self.at - 4
            held = yield from self._content_frame()
            self._count(start, held)
            magic = yield 4
        self.content_end = self.at - 4
        require(self.count, "content-malformed", "has no content frame")
        require(magic == PADDING, "padding", "has no padding after the content")
        while magic == PADDING:
            start = self.at - 4
            length = int.from_bytes((yield 4), "little")
            require(length + 8 <= PADDING_FRAME, "padding", "has a padding frame that is too long")
            yield from self._zeros(length)
            self.zeros.append(length)
            self.frames.append((self.at - start, 0))
            magic = yield 4
        require(magic == FIELDS, "fields-malformed", "has no fields after the padding")
        yield from self._fields_frame()
        require((yield 4) == SEEK_TABLE, "seek-table", "has no seek table after the fields")
        yield from self._seek_table()

    def _content_frame(self):
        """The bytes that a zstd frame says it holds (RFC 8878, section 3.1.1)."""
        descriptor = (yield 1)[0]
        require(descriptor & 0x1F == 0, "content-malformed", "has a zstd frame with a dictionary, a checksum or a reserved bit")
        single, flag = descriptor >> 5 & 1, descriptor >> 6
        window = 0 if single else (yield 1)[0]
        window = (1 << 10 + (window >> 3)) // 8 * (8 + (window & 7))
        width = (1 if single else 0, 2, 4, 8)[flag]
        require(width, "content-malformed", "has a zstd frame that does not say its size")
        size = int.from_bytes((yield width), "little") + (256 if width == 2 else 0)
        window = size if single else window
        most = FRAME if self.count < EARLY_FRAMES else LATE_FRAME
        require(size <= most and min(size, BLOCK) <= window <= most, "content-malformed", "has a zstd frame with a size or window that it may not have")
        last, limit = 0, min(window, BLOCK)
        while not last:
            block = int.from_bytes((yield 3), "little")
            last, kind = block & 1, block >> 1 & 3
            require(kind != 3 and (kind != 2 or block >> 3) and max(block >> 3, kind == 1) <= limit, "content-malformed",
                    "has a zstd block of a reserved type, an empty compressed one, or one that is too large")
            yield -(1 if kind == 1 else block >> 3)
        return size

    def _count(self, start, held):
        """Full frames but the last; the last is empty only when the original is."""
        full = FRAME if self.count <= EARLY_FRAMES else LATE_FRAME
        require(self.count == 0 or (self.last == full and held), "content-malformed", "has a frame that is not full, before the last")
        self.count, self.last, self.size = self.count + 1, held, self.size + held
        self.frames.append((self.at - start, held))

    def _zeros(self, length):
        while length:
            piece = yield min(length, CHUNK)
            require(not any(piece), "padding", "has a padding that is not zero")
            length -= len(piece)

    def _fields_frame(self):
        self.fields_at = self.at - 4
        length = int.from_bytes((yield 4), "little") - 8
        require(0 < length <= FIELDS_LIMIT, "fields-malformed", "has fields that are too long, or none")
        self.fields = yield length
        require(self.fields.endswith(b"\n"), "fields-malformed", "has fields that end within a line")
        require((yield 8) == length.to_bytes(4, "little") + b"EXHM", "fields-malformed", "has a fields frame with two lengths")
        self.frames.append((self.at - self.fields_at, 0))

    def _seek_table(self):
        count = len(self.frames)
        require(int.from_bytes((yield 4), "little") == 8 * count + 9, "seek-table", "has a seek table of another length")
        for row in self.frames:
            require(struct.unpack("<II", (yield 8)) == row, "seek-table", "has a seek table that says something else than its frames")
        require((yield 9) == struct.pack("<IB", count, 0) + SEEK_MAGIC, "seek-table", "has a seek table with another end")

    def check_padding(self):
        """The zeros are as many as the rule says, and dealt as it says."""
        full, zeros, frames = PADDING_FRAME - 8, sum(self.zeros), len(self.zeros)
        bare = self.at - zeros
        count = frames      # of padding frames that the rule wants
        for count in range(1, frames + 1):
            without = bare - 16 * (frames - count)
            if padded(without) - without <= count * full:
                break
        dealt, left = [], padded(bare) - bare
        for _ in range(frames):
            dealt.append(min(left, full))
            left -= dealt[-1]
        require(count == frames and not left and dealt == self.zeros, "padding", "is not padded as it must be")


class PartsTree:
    """FORMAT.md, Parts: the root over an original that comes in pieces."""

    def __init__(self, by, seed):
        self.by, self.seed, self.tree, self.left = by, bytes.fromhex(seed), TreeHash(), b""

    def feed(self, data):
        self.left += data
        at = 0
        while (end := self._end(at)) is not None:
            self._add(self.left[at:end])
            at = end
        self.left = self.left[at:]

    def _end(self, at):
        """Where the part that begins here ends, or None as long as that is not known."""
        if self.by == "4096":
            return at + PART_BLOCK if len(self.left) >= at + PART_BLOCK else None
        end = self.left.find(b"\n", at, at + PART_LINE) + 1
        return end or (at + PART_LINE if len(self.left) >= at + PART_LINE else None)

    def _add(self, part):
        self.tree.add(part_leaf(part_salt(self.seed, self.tree.count), part))

    def finish(self):
        if self.left:
            self._add(self.left)
        self.left = b""
        return {"by": self.by, "count": self.tree.count, "root": self.tree.root().hex() if self.tree.count else ZERO_HASH}


def part_salt(seed, index):
    return hmac.digest(seed, index.to_bytes(8, "big"), "sha256")[:16]


def part_leaf(salt, part):
    return leaf_hash(salt + part)


class Decompressor:
    """`zstd -dc`, fed with frames; hashes what comes out, and stops where it is more than it may be."""

    def __init__(self, most, parts):
        self.process, self.most, self.parts = start(["zstd", "-dcq"]), most, parts
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
            if self.parts:
                self.parts.feed(data)

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
    return bech32_decode(line.lower(), "age-secret-key-", 32) if line == line.upper() else None


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


def check_identity(path):
    """Whether `age` takes the reader's identity at all: if not, that is no fault of the bundle."""
    if start(["age", "-e", "-i", path, "-o", os.devnull], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).wait():
        raise CannotRun(f"age does not take the identity {shown(path)}")


class SealedFile:
    """A sealed file, opened by `age` with the reader's identities."""

    def __init__(self, open_file, identities):
        self.open_file, self.arguments = open_file, [part for one in identities for part in ("-i", one)]

    def can_be_opened(self):
        """Whether `age` finds a key for this file."""
        with self.open_file() as file:
            age = start(["age", "-d", *self.arguments], stdin=file, stderr=subprocess.PIPE)
        try:
            return bool(age.stdout.read(1)) or b"no identity matched" not in age.stderr.read(1 << 16)
        finally:
            age.kill()
            age.stdout.close()
            age.stderr.close()
            age.wait()

    def plaintext(self):
        """In pieces."""
        with self.open_file() as file:
            age = start(["age", "-d", *self.arguments], stdin=file)
        try:
            while data := age.stdout.read(1 << 18):
                yield data
            require(age.wait() == 0, "content-decryption", "cannot be decrypted with this key")
        finally:
            age.kill()
            age.stdout.close()
            age.wait()

    def measure(self, layout):
        """The frames, the fields and their places. Nothing is unpacked yet: a few bytes can state a gigabyte."""
        seen, plain = Plaintext(), plain_size(layout.bytes - NONCE)
        with contextlib.closing(self.plaintext()) as pieces:
            for data in pieces:
                seen.feed(data)
        seen.finish()
        require(seen.at == plain, "content-decryption", "holds another number of bytes than its layout says")
        seen.check_padding()
        tail_at = plain - plain_size(layout.tail)
        require(tail_at <= seen.fields_at < tail_at + CHUNK, "payload-layout", "has a tail that does not begin at the chunk of the fields")
        return seen

    def unpack(self, content_end, most, parts):
        """How much the content frames give, if not more than they may, and its digests."""
        unpacked, left = Decompressor(most, parts), content_end
        try:
            with contextlib.closing(self.plaintext()) as pieces:
                for data in pieces:
                    unpacked.feed(data[:left])
                    left -= min(left, len(data))
            unpacked.finish()
        finally:
            unpacked.kill()
        return unpacked.size, {name: one.hexdigest() for name, one in unpacked.digests.items()}


# Timestamps (RFC 3161): what a token says. Whether to believe it is openssl's to say.

Token = collections.namedtuple("Token", "imprint time")
SIGNED_DATA, TST_INFO, SHA256_OID = (bytes.fromhex(one) for one in ("2a864886f70d010702", "2a864886f70d0109100104", "608648016503040201"))


def der_parts(data):
    """Tag and content of each value in DER, or None."""
    parts = []
    while data:
        if len(data) < 2:
            return None
        length, begin = data[1], 2
        if length & 0x80:
            count = length & 0x7F
            length, begin = int.from_bytes(data[2:2 + count], "big"), 2 + count
            if not 0 < count <= 4 or length < 0x80 or length >> 8 * (count - 1) == 0:
                return None
        if len(data) < begin + length:
            return None
        parts.append((data[0], data[begin:begin + length]))
        data = data[begin + length:]
    return parts


def der_open(data, *tags):
    """The contents of the values with these tags, which begin the data, or None."""
    parts = der_parts(data)
    return [content for _, content in parts] if parts and [tag for tag, _ in parts][:len(tags)] == list(tags) else None


def read_token(data):
    """Imprint and time of a TimeStampToken, or None where it is none."""
    outer = der_parts(data)
    content = der_open(outer[0][1], 0x06, 0xA0) if outer and len(outer) == 1 and outer[0][0] == 0x30 else None
    signed = der_open(content[1], 0x30) if content and content[0] == SIGNED_DATA else None
    inside = der_open(signed[0], 0x02, 0x31, 0x30) if signed and len(signed) == 1 else None
    info = der_open(inside[2], 0x06, 0xA0) if inside else None
    octets = der_open(info[1], 0x04) if info and info[0] == TST_INFO else None
    sequence = der_open(octets[0], 0x30) if octets else None
    tst = der_open(sequence[0], 0x02, 0x06, 0x30, 0x02, 0x18) if sequence and len(sequence) == 1 else None
    imprint = der_open(tst[2], 0x30, 0x04) if tst and tst[0] == b"\1" else None
    algorithm = der_open(imprint[0], 0x06) if imprint else None
    time = re.fullmatch(rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]*[1-9])?Z", tst[4]) if algorithm else None
    if not time or algorithm[0] != SHA256_OID or len(imprint[1]) != 32:
        return None
    text = "%s-%s-%sT%s:%s:%sZ" % tuple(part.decode() for part in time.groups())
    return Token(imprint[1], text) if is_time(text) else None


def check_token_with_roots(token, time, stamped, roots):
    """Whether openssl believes it, with these roots and at the token's own time."""
    moment = int(datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp())
    with tempfile.TemporaryDirectory(prefix="exhibit-") as place:
        paths = [os.path.join(place, name) for name in ("token", "stamped")]
        for path, data in zip(paths, (token, stamped)):
            with open(path, "wb") as file:
                file.write(data)
        openssl = start(["openssl", "ts", "-verify", "-token_in", "-in", paths[0], "-data", paths[1], "-CAfile", roots, "-attime", str(moment)],
                        stdin=subprocess.DEVNULL)
        said = openssl.stdout.read(1 << 16)
        openssl.stdout.close()
        require(openssl.wait() == 0 and b"Verification: OK" in said, "timestamp", f"the timestamp of {time} does not hold with these roots")


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
                raise self.container.refuse(name, "the name is there already, as after tar -r, or differs only in upper and lower case; "
                                                  "pack it anew into a new file")
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
            parts = lower(path).split("/")
            if any("/".join(parts[:count]) in files for count in range(1, len(parts))):
                raise self.container.refuse(path, "it lies in what is a file")
        return placed

    def check_name(self, name):
        parts = name.split("/")
        for wrong, why in ((len(os.fsencode(name)) > 1024, "its name is too long"),
                           (name.startswith("/"), "its name is absolute, as after tar -P; pack it anew without that"),
                           (re.search(r"[\\:]", name), "its name has a \\ or :, as from old .NET programs; pack it anew with another tool"),
                           (name.startswith("../"), "its name leaves the folder, as after zip -r handover.zip ../handover; pack it anew there"),
                           (not all(parts) or {".", ".."} & {*parts}, "its name leaves the folder")):
            if wrong:
                raise self.container.refuse(name, why)

    def check_path(self, name, path):
        for wrong, why in ((not re.fullmatch("[ -~]+", path) or "%" in path, "its name is not of printable ASCII alone, or has a %"),
                           (path.count("/") >= PATH_PARTS, "it lies deeper than a bundle's files"),
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
            raise CannotRun(f"{shown(folder)} is not a folder" if os.path.lexists(folder) else f"{shown(folder)} does not exist")
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
            if not names and below not in ("", "data", "log"):
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
        if not there & {"bundle.note", "log/entries", "log/checkpoint"} and not any(name == "log" for name, _ in self.unread):
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
                self.renamed[name], self.sizes[name] = other, self.sizes.pop(other)
                self.unread.append((name, f"is here under another name, {shown(other)}: give it back its own"))

    def _hashes_if_readable(self, name):
        try:
            return self.hashes(name)
        except (Finding, OSError):
            return None

    def _listed_anywhere(self):
        """Every name that a manifest speaks of, whatever else is wrong with that, with its hashes by algorithm."""
        names = {}
        for manifest, algorithm, _ in self.manifests():
            try:
                lines = list(manifest_lines(self.read(manifest, MANIFEST_LIMIT), algorithm))
            except (Finding, OSError):
                continue
            for value, name in lines:
                if name:
                    names.setdefault(name, {})[algorithm] = value
        return names

    def manifests(self):
        """Each manifest that must be here, its algorithm, and which files it lists."""
        def is_payload(name):
            return name.startswith("data/")

        def is_tag(name):
            return not is_payload(name) and not name.startswith("tagmanifest-") and name != "bundle.note"
        found = [("manifest-sha256.txt", "sha256", is_payload), ("tagmanifest-sha256.txt", "sha256", is_tag)]
        if any(name in self.sizes for name in BAG_FILES_512):
            found += [("manifest-sha512.txt", "sha512", is_payload), ("tagmanifest-sha512.txt", "sha512", is_tag)]
        return found

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
        """Those of the manifests, by algorithm."""
        return {algorithm: self.digest(name, algorithm) for algorithm in {algorithm for _, algorithm, _ in self.manifests()}}

    def digest(self, name, algorithm):
        """Read once for each algorithm, however many ask."""
        if (name, algorithm) not in self.known:
            digest = hashlib.new(algorithm)
            with self.open(name) as file:
                while data := file.read(1 << 20):
                    digest.update(data)
            self.known[name, algorithm] = digest.hexdigest()
        return self.known[name, algorithm]


def letters_of(name):
    """How two names are alike that a medium made of one: letters and digits, without case or a version (";1")."""
    return lower(re.sub("[^A-Za-z0-9]", "", name.split(";")[0]))


def is_in_foreign_folder(name):
    return any(map(FOREIGN_FOLDER.fullmatch, name.split("/")[:-1]))


def manifest_lines(data, algorithm):
    """Hash and name of each line as RFC 8493, section 2.1.3, allows them; a name of None for what is no such line."""
    pattern = re.compile(rb"([0-9a-fA-F]{%d})[ \t]+\*?([^ \t].*?)\r?" % HEX_DIGITS[algorithm], re.DOTALL)
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


def is_path(name):
    """A path that stays below its folder, and not a long one."""
    parts = name.split("/")
    return len(name) <= PATH_LIMIT and len(parts) <= PATH_PARTS and all(parts) and not {".", ".."} & {*parts}


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
        if not re.fullmatch(r"[ -~]+", name) or re.search(r"[%\\:]", name) or not belongs(name) or not is_path(name):
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
            holds = bag.digest(name, algorithm) == wanted
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
    oxum = [line.split(b":", 1)[1].strip(b" \t\r") for line in lines if line.lower().startswith(b"payload-oxum:")]
    wanted = f"{sum(data)}.{len(data)}".encode()
    if any(one != wanted for one in oxum):
        raise Finding("oxum-mismatch", f"data/ does not hold {shown(b' '.join(oxum))}", "bag-info.txt")


# Files of log/ (FORMAT.md, Bundle).

def text_lines(data, finding):
    """Lines of ASCII, each with its end."""
    require(not data or data.endswith(b"\n"), finding, "ends within a line")
    try:
        return data.decode("ascii").split("\n")[:-1]
    except UnicodeDecodeError:
        raise Finding(finding, "is not ASCII") from None


def split_entries(data):
    """The bytes of each entry: a line that begins with { begins one."""
    if not data:
        return []
    require(data.startswith(b"{"), "entries-malformed", "log/entries does not begin with an entry")
    starts = [0, *(match.start() + 1 for match in re.finditer(rb"\n\{", data)), len(data)]
    return [data[begin:end] for begin, end in zip(starts, starts[1:])]


def split_blocks(data, pattern, finding):
    """Blocks under lines that fit the pattern: its match, and the lines below, each with its end."""
    require(not data or data.endswith(b"\n"), finding, "ends within a line")
    blocks, before = [], -1
    for line in data.split(b"\n")[:-1]:
        if not line.startswith(b"= "):
            require(blocks, finding, f"begins with {shown(line)}")
            blocks[-1][1].append(line + b"\n")
            continue
        match = re.fullmatch(pattern, line)
        number = parse_number(match[1].decode()) if match else None
        require(number is not None and number > before, finding, f"has the line {shown(line)}, which is malformed or not in order")
        blocks.append((match, []))
        before = number
    return [(int(match[1]), match, lines) for match, lines in blocks]


def parse_field_blocks(data):
    fields = {}
    for number, match, lines in split_blocks(data, rb"= ([0-9]+) ([0-9]+)", "fields-malformed"):
        require(parse_number(match[2].decode()) == len(lines), "fields-malformed", f"has {len(lines)} lines of entry {number} instead of {shown(match[2])}")
        fields[number] = lines
    return fields


def parse_files(data):
    """Which file below data/ is whose."""
    require(not data or data.endswith(b"\n"), "files-malformed", "log/files ends within a line")
    files, names, before = {}, set(), -1
    for line in data.split(b"\n")[:-1]:
        match = re.fullmatch(rb"([0-9]+)  ([ -~]+)", line)
        number = parse_number(match[1].decode()) if match else None
        require(number is not None and number > before, "files-malformed", f"log/files has the line {shown(line)}, which is malformed or not in order")
        before, name = number, match[2].decode()
        require(name not in names, "files-malformed", f"log/files names {shown(name)} twice")
        names.add(name)
        files[number] = name
    return files


DEVICE_NAMES = re.compile(rb"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])")


def safe_part(part, number, is_source):
    """FORMAT.md, Names below data/."""
    def escape(byte):
        return b"=%02X" % byte
    last = len(part) - 1
    pieces = []
    for at, byte in enumerate(part):
        character = bytes([byte])
        is_plain = re.fullmatch(rb"[A-Za-z0-9._-]", character) is not None
        is_inside = byte == 0x20 and 0 < at < last
        pieces.append(character if (is_plain and not (byte == 0x2E and at == last)) or is_inside else escape(byte))
    if DEVICE_NAMES.fullmatch(part.split(b".")[0].rstrip(b" ")) or (is_source and re.fullmatch(rb"[0-9]+(\.age)?", part)):
        pieces[0] = escape(part[0])
    if sum(map(len, pieces)) > 200:
        end = b"~%d" % number
        while sum(map(len, pieces)) + len(end) > 200:
            pieces.pop()
        pieces.append(end)
    return b"".join(pieces).decode()


def safe_name(source, path, number):
    """Where an original belongs below data/, or None."""
    parts = [part for part in name_bytes(path).split(b"/") if part]
    source = name_bytes(source)
    if not source or not parts:
        return None
    name = "/".join([safe_part(source, number, True), *(safe_part(part, number, False) for part in parts)])
    return name if len("data/" + name) <= PATH_LIMIT and name.count("/") + 2 <= PATH_PARTS else None


# The log, as far as a bundle or a proof tells it.

class History:
    """Entries told, in order: their forms, chain, law and rules; then the tree and the checkpoint."""

    def __init__(self, attempt, report, fingerprint):
        self.attempt, self.report, self.fingerprint = attempt, report, fingerprint
        self.entries, self.leaves, self.fields, self.blocks = {}, {}, {}, {}
        self.custody, self.found, self.newer, self.whole = None, None, None, True
        self.checkpoint, self.signatures, self.text, self.unchecked, self.proven = None, [], b"", [], False
        self.last, self.last_law, self.unread = None, 0, set()

    def read(self, entries, blocks):
        self.blocks = blocks
        for piece in split_entries(entries):
            where = "" if self.last is None else f"after entry {self.last}"
            if not self.attempt(where, self.take, piece):
                self.whole = False
                if self.custody is None:
                    return
        require(self.custody, "genesis-missing", "no entry is told")
        for number in blocks:
            if number not in self.entries and not self.is_newer(number):
                self.report(Finding("fields-entry", "has fields, and is not told"), f"entry {number}")

    def is_newer(self, number):
        return self.newer is not None and number >= self.newer.position

    def take(self, piece):
        if self.newer:
            self.take_newer(piece)
            return
        try:
            entry = parse_entry(piece)
        except Newer as newer:
            self.newer = newer
            raise
        except Finding as finding:
            self.pass_over_unread(piece, finding)
            return
        number = entry.number
        require(self.last is None or number > self.last, "entry-position", f"says that it is entry {number}")
        if self.custody is None:
            self.take_genesis(entry)
        where = f"entry {number}"
        before = self.leaves.get(number - 1)
        self.last = number
        self.leaves[number] = entry.leaf
        self.entries[number] = entry
        self.attempt(where, self.check_place, entry, before)
        if number in self.blocks and entry.form != "upgrade":      # of which nobody knows here what its fields are
            self.attempt(where, self.take_fields, entry)
        self.attempt(where, self.custody.follow, entry)
        if is_law(entry.value):
            self.last_law = number
        if entry.form == "upgrade":
            self.newer = Newer(number, f"entry {number} asks for version {entry.value['version']}")

    def take_genesis(self, entry):
        require(entry.number == 0 and entry.form == "genesis", "genesis-missing", f"begins with entry {entry.number} of type {entry.form}")
        require(entry.value["prev"] == ZERO_HASH, "genesis-malformed", "does not begin a log")
        self.found = entry.leaf.hex()
        self.custody = Custody(entry, self.fields)
        if self.fingerprint not in (None, self.found):
            self.report(Finding("fingerprint-mismatch", f"the vault's fingerprint is {self.found}"), "entry 0")

    def pass_over_unread(self, piece, finding):
        """Nobody can tell its type, so a later entry may name it as its law. Its position is known only if it says one."""
        if self.custody is None:
            raise finding
        self.whole = False
        try:
            number = parse_statement_line(parse_note(piece, "")[0], "").get("seq")
        except Finding:
            number = None
        is_later = is_number(number) and number > self.last
        self.unread.add(number if is_later else self.last + 1)
        self.report(finding, f"entry {number}" if is_later else f"after entry {self.last}")

    def take_newer(self, piece):
        """Its bytes count in the tree, and nothing else of it is read."""
        text, _ = parse_note(piece, "entry-malformed")
        value = parse_statement_line(text, "entry-malformed")
        number = value.get("seq")
        require(is_number(number) and number > self.last, "entry-position", "has no position, or one that is not after the entry before")
        self.last, self.leaves[number] = number, leaf_hash(piece)

    def check_place(self, entry, before):
        value = entry.value
        require((entry.form == "genesis") == (entry.number == 0), "entry-type", "is a genesis that is not entry 0")
        require(value["origin"] == self.custody.origin, "entry-origin", f"is of {shown(value['origin'])}")
        require(before is None or value["prev"] == before.hex(), "entry-chain", f"does not follow entry {entry.number - 1}")
        if value["law"] in self.unread:
            self.last_law = max(self.last_law, value["law"])
        require(value["law"] == self.last_law, "entry-law", f"has the law {value['law']}, and the last law entry told before it is {self.last_law}")

    def take_fields(self, entry):
        fields = Fields(self.blocks[entry.number])
        require("fields" in entry.value and fields.digest() == entry.value["fields"], "fields-mismatch", "has other fields than its entry says")
        fields.check_forms(entry.value["type"])
        require("parts-seed" not in fields.told, "field-told", "tells parts-seed, which gives hidden parts away")
        fields.items()
        self.fields[entry.number] = fields

    def must_tell(self, number, keys):
        fields = self.fields.get(number)
        require(fields, "field-hidden", f"does not tell {', '.join(keys)}")
        for key in keys:
            require(key in fields.told, "field-hidden", f"does not tell {key}")
        return fields.told

    def check_tree(self, checkpoint, hashes):
        """The entries told and the hashes of the rest give the root that the log signed."""
        self.text, self.signatures = parse_note(checkpoint, "checkpoint-malformed")
        self.checkpoint = parse_checkpoint(self.text)
        size = self.checkpoint.size
        require(self.checkpoint.origin == self.custody.origin, "checkpoint-origin", f"is of {shown(self.checkpoint.origin)}")
        if not self.newer:
            self.unchecked = verify_checkpoint(self.text, self.signatures, self.custody.log_keys.of(size), "checkpoint-signature")
        if not self.whole:
            return      # what is missing in the tree was said
        require(self.last == size - 1, "entry-last", f"the last entry told is {self.last}, and the checkpoint has {size} entries")
        told = sorted(self.leaves)
        root = root_with_hashes(told, self.leaves, size, text_lines(hashes, "hashes-malformed"), "hashes-malformed")
        require(root == self.checkpoint.root, "tree-root", "the entries and hashes do not give the checkpoint's root")
        self.proven = True

    def stamped(self):
        """What a timestamp is over: the checkpoint with the log's own Ed25519 line."""
        key = self.custody.log_keys.of(self.checkpoint.size)[0]
        lines = [one for one in self.signatures if (one.name, one.id) == (key.name, key.id)]
        return self.text + "".join(f"\n\u2014 {one.name} {base64.b64encode(one.id + one.data).decode()}\n" for one in lines[:1]).encode()

    def check_timestamps(self, data, roots):
        """The times that tokens say, of those that hold."""
        lines = text_lines(data, "timestamp")
        require(1 <= len(lines) <= TIMESTAMPS_LIMIT, "timestamp", f"has {len(lines)} timestamps")
        times = []
        for line in lines:
            token = base64_decode(line)
            require(token and len(token) <= TOKEN_LIMIT, "timestamp", "has a line that is no token")
            said = read_token(token)
            require(said and said.imprint == hashlib.sha256(self.stamped()).digest(), "timestamp", "has a token that is malformed or over something else")
            if roots:
                check_token_with_roots(token, said.time, self.stamped(), roots)
            times.append(said.time)
        return times

    def not_here(self):
        """The positions of the log of which nothing is told, as ranges."""
        ranges, begin = [], 0
        if self.checkpoint is None or self.checkpoint.size > MOST:
            return []
        for number in [*sorted(one for one in self.leaves if one < self.checkpoint.size), self.checkpoint.size]:
            if number > begin:
                ranges.append(str(begin) if number == begin + 1 else f"{begin}-{number - 1}")
            begin = number + 1
        return ranges


# What the verifier brought (c2sp.org/tlog-policy, tlog-cosignature).

class Policy:
    """Which logs are believed, and whose cosignatures."""

    def __init__(self, path):
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        with open(path, "rb") as file:
            lines = file.read(1 << 20).decode("utf-8", "replace").split("\n")
        for number, line in enumerate(lines, 1):
            words = line.replace("\t", " ").split()
            if words and not words[0].startswith("#"):
                try:
                    self.take(words)
                except (IndexError, ValueError, Finding):
                    # Not the line itself: a file that was taken for a policy may be a key.
                    raise CannotRun(f"line {number} of {shown(path)} is no line of a policy") from None
        if self.quorum is None:
            raise CannotRun(f"{shown(path)} has no quorum")

    def take(self, words):
        kind, name = words[0], words[1]
        known = {*self.witnesses, *self.groups}
        if kind == "log":
            self.logs.append(parse_key(name, ""))
        elif kind == "witness" and name not in known and name != "none":
            self.witnesses[name] = parse_key(words[2], "", (COSIGNER, ML_DSA))
            if self.witnesses[name].kind == ML_DSA and not has_ml_dsa():
                raise CannotRun(f"the key of the witness {shown(name)} is of type 06, ML-DSA-44, which needs openssl 3.5 or newer to check")
        elif kind == "group" and name not in known and name != "none":
            members = words[3:]
            count = {"all": len(members), "any": 1}.get(words[2]) or int(words[2])
            if not 1 <= count <= len(members) or not {*members} <= known:
                raise ValueError
            self.groups[name] = count, members
        elif kind == "quorum" and self.quorum is None and (name == "none" or name in known):
            self.quorum = name
        else:
            raise ValueError

    def seen(self, history):
        """Which witnesses cosigned the checkpoint, and when."""
        seen = {}
        for name, key in self.witnesses.items():
            for one in history.signatures:
                if key.kind == COSIGNER and (one.name, one.id) == (key.name, key.id):
                    seconds = int.from_bytes(one.data[:8], "big")
                    message = b"cosignature/v1\ntime %d\n" % seconds + history.text
                    require(len(one.data) == 72 and ed25519_verify(key.public, message, one.data[8:]), "cosignature",
                            f"the checkpoint has a wrong cosignature of {shown(key.name)}")
                    seen[name] = seconds
                elif key.kind == ML_DSA and (one.name, one.id) == (key.name, key.id):
                    require(ml_dsa_verify(key, history.text, one.data), "cosignature", f"the checkpoint has a wrong cosignature of {shown(key.name)}")
                    seen[name] = int.from_bytes(one.data[:8], "big")
        return seen

    def is_met(self, name, seen):
        if name in self.groups:
            count, members = self.groups[name]
            return sum(self.is_met(one, seen) for one in members) >= count
        return name == "none" or name in seen

    def check(self, history):
        keys = history.custody.log_keys.of(history.checkpoint.size)
        require(keys[0] in self.logs, "policy-log", "the policy names no log of this origin and key")
        seen = self.seen(history)
        require(self.is_met(self.quorum, seen), "policy-quorum", "fewer witnesses than the policy asks for have cosigned the checkpoint")
        return seen


# The verifier.

class Verifier:
    """What a bundle and a proof have in common."""

    def __init__(self, arguments):
        self.fingerprint, self.roots, self.case_key = arguments.fingerprint, arguments.roots, arguments.case_key
        self.policy = Policy(arguments.policy) if arguments.policy else None
        self.findings, self.unread, self.foreign, self.notes = [], [], [], []
        self.items, self.unopened, self.opened, self.has_key = {}, [], 0, False
        self.seen, self.times = {}, []
        self.history = History(self.attempt, self.report, self.fingerprint)

    def entry_of_file(self, name):
        """"entry 3", whose file this is; nothing of a proof, which has none."""
        return ""

    def attempt(self, where, check, *arguments):
        """One check; whether it held. A failed one stops what is built on it and nothing else."""
        try:
            check(*arguments)
            return True
        except Finding as finding:
            self.report(finding, where)
        except Newer:
            return False
        except OSError as error:
            self.unread.append((error.filename or where, error.strerror))
        return False

    def report(self, finding, where=""):
        where = where or self.entry_of_file(finding.file)
        self.findings.append({"name": finding.name, "where": where, "text": finding.text,
                              "companion": finding.file in COMPANIONS or finding.file == "bag-info.txt"})

    def entry_of_file(self, name):
        return ""

    def check_log(self, part):
        """Entries, fields, tree, witnesses and times. `part` gives the bytes of a file of log/, or None."""
        try:
            blocks = parse_field_blocks(part("fields"))
        except Finding as finding:
            self.report(finding)
            blocks = {}
        self.attempt("", self.history.read, part("entries"), blocks)
        if not self.history.custody:
            return
        if self.attempt("", self.history.check_tree, part("checkpoint"), part("hashes")):
            self.attempt("", self.check_who_saw, part("timestamps"))
        for one in self.history.unchecked:
            self.notes.append(f"the signature of {shown(one)} was not checked: ML-DSA-44 needs openssl 3.5 or newer")
        self.notes += self.history.custody.remarks
        self.notes += self.history.custody.valid_only_if_before()
        for number in self.history.custody.recoveries:
            self.notes.append(f"entry {number} is a recovery: from there on the vault is in the hands of who had its recovery key")
        if self.roots:
            self.notes += [f"entry {number}: what this timestamp proves is not judged in a bundle (exhibit verify-log does, of the published log)"
                           for number, entry in self.history.entries.items() if entry.value["type"] == "timestamp"]
        if self.case_key:
            self.notes.append(self.tell_case())

    def check_who_saw(self, timestamps):
        if self.policy and not self.history.newer:
            self.seen = self.policy.check(self.history)
        if timestamps is not None and not self.history.newer:
            self.times = self.history.check_timestamps(timestamps, self.roots)

    def tell_case(self):
        """Which of the entries told have the label of the verifier's case."""
        key, history = self.case_key, self.history
        if key["fingerprint"] != history.found:
            return "the case key is of another vault"
        def label(entry):
            message = b"exhibit-label\n" + bytes.fromhex(history.found) + bytes.fromhex(entry.value["header"])
            return hmac.digest(bytes.fromhex(key["key"]), message, "sha256")[:16]
        labelled = []
        for number, entry in history.entries.items():
            data = base64_decode(entry.value.get("labels", "")) or b""
            if number and label(entry) in (data[at:at + 16] for at in range(0, len(data), 16)):
                labelled.append(number)
        for number, fields in history.fields.items():
            named = fields.told.get("case", [])
            if number and number not in labelled and key["case"] in (named if isinstance(named, list) else [named]):
                self.notes.append(f"entry {number}: it says that it is of case {shown(key['case'])}, and has no label of that case")
        content = [number for number in labelled if history.entries[number].value["type"] in WITH_CONTENT]
        missing = [number for number in content if number not in self.items]
        if history.not_here() or not history.proven:
            return f"case {shown(key['case'])}: {len(content)} items are labelled, of the entries told; of those not told nothing is known"
        if missing:
            return f"case {shown(key['case'])}: {len(content) - len(missing)} of {len(content)} items are here; missing: {listing(missing)}"
        return f"case {shown(key['case'])}: complete, {len(content)} of {len(content)} items are here"


class BundleVerifier(Verifier):
    def __init__(self, folder, arguments):
        super().__init__(arguments)
        self.bag = Bag(folder)
        self.unread = self.bag.unread
        self.identities = arguments.identity
        self.secrets, self.all_are_x25519 = read_secrets(self.identities)
        self.has_key, self.files, self.layouts, self.headers = bool(self.identities), {}, {}, {}
        self.is_sealed = "log/layouts" in self.bag.sizes
        self.note, self.stanza_count = None, None
        self.opened_fields = {}     # of sealed files, by their entries

    def entry_of_file(self, name):
        for number, own in self.files.items():
            if name == f"data/{own}":
                return f"entry {number}"
        return ""

    def run(self):
        for finding in self.bag.findings:
            self.report(finding)
        self.check_places()
        self.attempt("", check_bagit, self.bag)
        self.attempt("", self.read_files)
        for manifest in self.bag.manifests():
            self.attempt("", self.check_manifest, *manifest)
        if not self.findings:   # of what is missing or changed the sum is, too
            self.attempt("", check_oxum, self.bag)
        self.check_log(self.part)
        if self.history.custody and not self.is_of_newer_genesis():
            self.attempt("", self.check_note)
            self.check_files()

    def is_of_newer_genesis(self):
        return self.history.newer is not None and self.history.newer.position == 0

    def part(self, name):
        """The bytes of a file of log/, or None where it is missing and may be."""
        if name == "timestamps" and "log/timestamps" not in self.bag.sizes:
            return None
        try:
            return self.bag.read(f"log/{name}", LOG_FILE_LIMIT)
        except Finding as finding:
            self.report(finding)
            return b""

    def check_places(self):
        """Whatever else is there has no place in a bundle."""
        for name in sorted(self.bag.sizes):
            if name not in PLACES and not name.startswith("data/"):
                self.report(Finding("unknown-file", f"{shown(name)} has no place in a bundle", name))
        needed = [*BAG_FILES, *LOG_FILES, "bundle.note", *(SEALED_FILES if self.is_sealed else ())]
        for pair in (BAG_FILES_512, SEALED_FILES):
            needed += pair if any(name in self.bag.sizes for name in pair) else ()
        for name in dict.fromkeys(needed):
            if name not in self.bag.sizes and name not in ("tagmanifest-sha256.txt", "bundle.note"):
                self.report(Finding("file-missing", f"{shown(name)} is missing", name))

    def check_manifest(self, *which):
        for finding in check_manifest(self.bag, *which):
            self.report(finding)

    def read_files(self):
        self.files = parse_files(self.bag.read("log/files", LOG_FILE_LIMIT))

    # Who made it.

    def check_note(self):
        text, signatures = parse_note(self.bag.read("bundle.note", NOTE_LIMIT), "note-malformed", STATEMENT_LIMIT)
        note = parse_statement_line(text, "note-malformed")
        check_version(note, "note-malformed")
        require(has_form(note, NOTE_FORM) and note["statement"] == "bundle", "note-malformed",
                "does not have the members of a bundle's statement in their order, or a value that is not of its member's form")
        require(note["tagmanifest"] == self.bag.digest("tagmanifest-sha256.txt", "sha256"), "note-manifest", "is of another tagmanifest-sha256.txt")
        has_512 = "tagmanifest-sha512.txt" in self.bag.sizes
        require(has_512 == ("tagmanifest_sha512" in note), "note-manifest", "names tagmanifest-sha512.txt where it is not, or does not where it is")
        if has_512:
            require(note["tagmanifest_sha512"] == self.bag.digest("tagmanifest-sha512.txt", "sha512"), "note-manifest", "is of another tagmanifest-sha512.txt")
        history, custody = self.history, self.history.custody
        require((note["origin"], note["fingerprint"]) == (custody.origin, history.found), "note-log", "is of another vault")
        require(history.checkpoint is None or note["size"] == history.checkpoint.size, "note-log", f"is of a log of {note['size']} entries")
        self.note = note
        if history.newer:
            return
        signer = custody.member(note["made_by"], "custodian")
        verify_signers(text, signatures, [signer.key], "note-signature")
        self.check_exported(note)

    def check_exported(self, note):
        """The act to which the note is bound, and the one that this act names."""
        history, exported = self.history, note["export"]
        for number, what in ((exported, "the note names"),):
            require(number in history.entries and history.entries[number].form == "access", "note-export", f"{what} entry {number}, which is no access that is told")
        require(history.entries[exported].value["actor"] == note["made_by"], "note-export", "is by another than the act that it names")
        told = history.must_tell(exported, ("act", "export", "manifest", "checked"))
        require(told["act"] == "exported", "note-export", f"names a {told['act']}")
        require(told["manifest"] == self.bag.digest("manifest-sha256.txt", "sha256"), "note-export", "names an act that exported another manifest")
        require(self.is_sealed or told["checked"] is True, "note-export", "is of a plain bundle whose originals were not checked")
        begun = told["export"]
        require(begun < exported and begun in history.entries and history.entries[begun].form == "access", "note-export",
                f"names an act that ends entry {begun}, which is no earlier access that is told")
        require(name_of(history.entries[begun].value["actor"]) == name_of(note["made_by"]), "note-export", "ends an act of somebody else")
        first = history.must_tell(begun, ("act", "recipients") if self.is_sealed else ("act",))
        require(first["act"] == "export", "note-export", f"ends a {first['act']}")
        self.stanza_count = len(first["recipients"]) if self.is_sealed else None
        items = history.fields[exported].items()
        if items is not None:
            elsewhere = {number for number, fields in history.fields.items() if self.is_elsewhere(number, fields)}
            require(positions_of(items) == sorted({*self.files, *elsewhere}), "note-items", "is of other items than are here")

    def is_elsewhere(self, number, fields):
        return self.history.entries[number].value["type"] in WITH_CONTENT and fields.told.get("state", {}).get("content") == "elsewhere"

    # The evidence.

    def check_files(self):
        named = {f"data/{name}" for name in self.files.values()}
        for name in sorted(self.bag.sizes):
            if name.startswith("data/") and name not in named:
                self.report(Finding("file-unknown", f"log/files does not name {shown(name)}", name))
        if self.is_sealed:
            self.attempt("", self.read_layouts)
            self.attempt("", self.read_headers)
        for number, name in self.files.items():
            if not self.history.is_newer(number):
                self.items[number] = self.attempt(f"entry {number}", self.check_file, number, name)
        if not self.is_sealed:
            self.check_blocks_have_files()
        self.note_states()

    def note_states(self):
        """What an original is not, as its fields tell it."""
        for number, fields in self.history.fields.items():
            state = fields.told.get("state")
            if self.history.entries[number].value["type"] not in WITH_CONTENT or not isinstance(state, dict):
                continue
            words = {not_whole(fields.told): not state["whole"], "changed while it was read": state["changed"],
                     "made of another item": state["derived"], "kept elsewhere": state["content"] == "elsewhere"}
            self.notes += [f"entry {number}: {word}, when it was taken in" for word, is_so in words.items() if is_so]

    def check_blocks_have_files(self):
        for number, fields in self.history.fields.items():
            is_content = self.history.entries[number].value["type"] in WITH_CONTENT
            if is_content and number not in self.files and not self.is_elsewhere(number, fields):
                self.report(Finding("original-missing", "is told, and its original is not here"), f"entry {number}")

    def check_file(self, number, name):
        entry = self.history.entries.get(number)
        require(entry, "file-entry", f"has a file, {shown(name)}, and is not told")
        require(entry.value["type"] in WITH_CONTENT, "file-entry", f"has a file, {shown(name)}, and is a {entry.form}")
        require(f"data/{name}" in self.bag.sizes, "file-missing", f"{shown(name)} is missing")
        if self.is_sealed:
            self.check_sealed(entry, name)
        else:
            self.check_original(entry, name)

    def check_original(self, entry, name):
        told = self.history.must_tell(entry.number, ("sha256", "size", "state"))
        require(told["state"]["content"] == "here", "original-mismatch", "is elsewhere, and has a file")
        allowed = {str(entry.number)}
        if "source" in told and "path" in told:
            allowed.add(safe_name(told["source"], told["path"], entry.number))
        require(name in allowed, "file-name", f"{shown(name)} is not how the original is called")
        require(self.bag.sizes[f"data/{name}"] == told["size"], "original-mismatch", f"{shown(name)} has another size than was sealed")
        for algorithm in HEX_DIGITS:
            if algorithm in told:
                require(self.bag.digest(f"data/{name}", algorithm) == told[algorithm], "original-mismatch",
                        f"{shown(name)} has another {algorithm} than was sealed")

    def read_layouts(self):
        blocks = split_blocks(self.bag.read("log/layouts", LOG_FILE_LIMIT), rb"= ([0-9]+)", "layout-malformed")
        require([number for number, _, _ in blocks] == list(self.files), "layout-malformed", "log/layouts is not of the items of log/files")
        for number, _, lines in blocks:
            require(len(lines) == 1, "layout-malformed", f"log/layouts has {len(lines)} lines of entry {number}")
            self.layouts[number] = lines[0]

    def read_headers(self):
        for number, _, lines in split_blocks(self.bag.read("log/headers", LOG_FILE_LIMIT), rb"= ([0-9]+)", "header-malformed"):
            require(number in self.files, "header-malformed", f"log/headers has a header of entry {number}, which has no file")
            self.headers[number] = b"".join(lines)

    def check_sealed(self, entry, name):
        require(name == f"{entry.number}.age", "file-name", f"{shown(name)} is not how the sealed file is called")
        require(entry.number in self.layouts, "layout-malformed", "has no layout")
        line = self.layouts[entry.number]
        layout = parse_layout(line)
        require(sha256_hex(line) == entry.value["payload"], "layout-mismatch", "has another layout than its entry says")
        if entry.number in self.headers:
            require(sha256_hex(self.headers[entry.number]) == entry.value["header"], "header-mismatch", "has another header than its entry says")
            self.check_own_header(self.headers[entry.number])
        with self.bag.open(f"data/{name}") as file:
            header, stanzas = read_header(file, "sealed-malformed")
            require(self.stanza_count in (None, len(stanzas)), "sealed-recipients",
                    f"is for {len(stanzas)} receivers, and the export names {self.stanza_count}")
            check_payload(file, layout, self.bag.sizes[f"data/{name}"] - len(header))
        if self.has_key:
            self.check_content(entry, name, layout, stanzas)

    def find_files(self, paths):
        """For each loose file why it could not be read, and the entries that it is the original of (FORMAT.md, Loose files)."""
        fields = {**self.opened_fields, **self.history.fields} if self.history.proven else {}
        told = [(number, fields[number].told) for number in sorted(fields) if self.history.entries[number].value["type"] in WITH_CONTENT]
        found = []
        for path in paths:
            try:
                size, digests = digests_of_file(path)
            except OSError as error:
                found.append((path, f"{shown(path)}: {error.strerror}", []))
                continue
            taken = [(number, one) for number, one in told if one.get("size", size) == size
                     and (one["sha256"] == digests["sha256"] if "sha256" in one else one.get("sha512") == digests["sha512"])]
            found.append((path, None, taken))
        return found

    @staticmethod
    def check_own_header(header):
        """A vault's header has one stanza, of the kind of its recipient."""
        with tempfile.TemporaryFile() as file:
            file.write(header)
            file.seek(0)
            stanzas = read_header(file, "header-malformed", ("X25519", "mlkem768x25519"))[1]
            require(len(stanzas) == 1 and not file.read(1), "header-malformed", "log/headers has a header that is not for one recipient")

    def check_content(self, entry, name, layout, stanzas):
        sealed = SealedFile(lambda: self.bag.open(f"data/{name}"), self.identities)
        file_key = open_header(stanzas, self.secrets)
        if file_key is None:
            if self.all_are_x25519 or not sealed.can_be_opened():
                self.unopened.append(entry.number)
                return
            self.notes.append(f"entry {entry.number}: its commitment to the key cannot be checked with this kind of identity")
        else:
            require(key_commitment(file_key) == entry.value["key"], "key-commitment", "is sealed with another key than its entry says")
        self.opened += 1
        seen = sealed.measure(layout)
        fields = Fields([line + b"\n" for line in seen.fields.split(b"\n")[:-1]])
        require(not fields.hidden and fields.digest() == entry.value["fields"], "fields-mismatch", "holds other fields than its entry says")
        fields.check_forms(entry.value["type"])
        for key in ("sha256", "size", "state"):
            require(key in fields.told, "fields-malformed", f"has no field {key}")
        self.opened_fields[entry.number] = fields
        self.compare_content(sealed, seen, fields.told)

    def compare_content(self, sealed, seen, told):
        if told["state"]["content"] == "elsewhere":
            require(seen.size == 0, "content-size", "is elsewhere, and holds content")
            return
        require(seen.size == told["size"], "content-size", f"has frames of {seen.size} bytes and its fields say {told['size']}")
        parts = PartsTree(told["parts"]["by"], told["parts-seed"]) if {"parts", "parts-seed"} <= told.keys() else None
        size, digests = sealed.unpack(seen.content_end, told["size"], parts)
        require(size == told["size"], "content-size", f"has {size} bytes and its fields say {told['size']}")
        for algorithm in HEX_DIGITS:
            require(algorithm not in told or digests[algorithm] == told[algorithm], "content-digest", f"does not have the {algorithm} of its fields")
        require(parts is None or parts.finish() == told["parts"], "parts", "has other parts than its fields say")


NOTE_FORM = {
    "v": is_number, "statement": is_text, "origin": is_origin, "fingerprint": is_hash, "size": is_number, "export": is_number,
    "made_by": is_actor, "time": is_time, "tagmanifest": is_hash, "tagmanifest_sha512?": lambda value: is_hex(value, 128)}


def digests_of_file(path):
    digests, size = {name: hashlib.new(name) for name in ("sha256", "sha512")}, 0
    with open(path, "rb") as file:
        while data := file.read(1 << 20):
            size += len(data)
            for digest in digests.values():
                digest.update(data)
    return size, {name: digest.hexdigest() for name, digest in digests.items()}


def place_of(told):
    """The entry's source and path, as far as they are told."""
    path = told.get("path", told.get("name"))
    if path is None:
        return None
    source, path = (name_bytes(told["source"]) if "source" in told else b""), name_bytes(path)
    return source + (b"/" if source and not path.startswith(b"/") else b"") + path


def acquired_at(told):
    value = told.get("acquired")
    return value["at"] if type(value) is dict and is_text(value.get("at")) else None


def describe_taken_in(number, told):
    place, time = place_of(told), acquired_at(told)
    words = [f"entry {number}"] + [f"as {shown(place)}"] * bool(place) + [f"at {shown(time or '')}"] * bool(time)
    return ", ".join(words + ["made of other evidence"] * bool(told.get("state", {}).get("derived")))


# A proof file (FORMAT.md, Proof file).

SECTIONS = ("entries", "hashes", "fields", "checkpoint", "timestamps", "parts", "part-hashes")
HIDDEN_WITH_PARTS = (*HEX_DIGITS, "claimed", "size")


def split_sections(data):
    first = b"exhibit-proof@v1\n"
    require(data.startswith(first), "proof-malformed", "is no proof of version 1")
    sections, name = {}, None
    for line in data[len(first):].split(b"\n")[:-1]:
        if line.startswith(b"== "):
            name = line[3:].decode("ascii", "replace")
            require(name in SECTIONS and name not in sections, "proof-malformed", f"has the section {shown(name)}")
            sections[name] = []
        else:
            require(name, "proof-malformed", "has lines before its first section")
            sections[name].append(line + b"\n")
    optional = ("timestamps", "parts", "part-hashes")
    require(data.endswith(b"\n") and list(sections) == [one for one in SECTIONS if one in sections], "proof-malformed", "has sections in another order")
    require(all(one in sections or one in optional for one in SECTIONS) and ("parts" in sections) == ("part-hashes" in sections),
            "proof-malformed", "lacks a section")
    return {name: b"".join(lines) for name, lines in sections.items()}


class ProofVerifier(Verifier):
    def __init__(self, path, originals, arguments):
        super().__init__(arguments)
        self.path, self.originals, self.bag, self.files, self.note = path, originals, None, {}, None

    def run(self):
        with open(self.path, "rb") as file:
            data = file.read(PROOF_LIMIT + 1)
        if not data.startswith(b"exhibit-proof@"):
            raise CannotRun(f"{shown(self.path)} is no proof file")
        require(len(data) <= PROOF_LIMIT, "proof-malformed", f"has more than {PROOF_LIMIT} bytes")
        sections = split_sections(data)
        self.check_log(sections.get)
        if not self.history.custody or self.history.newer:
            return
        for number in self.blocks_with_content():
            self.items[number] = self.attempt(f"entry {number}", self.check_item, number, "parts" in sections)
        if "parts" in sections:
            self.attempt("", self.check_parts, sections["parts"], sections["part-hashes"])
        for path in self.originals:
            self.attempt("", self.find_original, path)
        if not self.originals:
            self.notes.append("no original was given: what is proven is the entry and its fields")

    def blocks_with_content(self):
        return [number for number in self.history.fields if self.history.entries[number].value["type"] in WITH_CONTENT]

    def check_item(self, number, with_parts):
        self.history.must_tell(number, ("parts", "state") if with_parts else ("sha256", "size", "state") if self.originals else ("state",))

    def find_original(self, path):
        digest, size = hashlib.sha256(), 0
        with open(path, "rb") as file:
            while data := file.read(1 << 20):
                digest.update(data)
                size += len(data)
        for number in self.blocks_with_content():
            told = self.history.fields[number].told
            if (told.get("sha256"), told.get("size")) == (digest.hexdigest(), size):
                self.notes.append(f"{shown(path)} is the original of entry {number}")
                return
        raise Finding("original-mismatch", f"{shown(path)} is no original that is proven")

    def check_parts(self, parts, hashes):
        blocks = self.blocks_with_content()
        require(len(blocks) == 1 and len(self.history.fields) == 1, "parts", "has parts, and not one item alone")
        fields = self.history.fields[blocks[0]]
        told = self.history.must_tell(blocks[0], ("parts", "state"))
        count = told["parts"]["count"]
        most = PARTS_LIMIT if told["parts"]["by"] == "lines" else ORIGINAL_LIMIT // PART_BLOCK
        require(count <= most, "parts", f"has {count} parts")
        leaves = {}
        for line in text_lines(parts, "parts"):
            match = re.fullmatch("= ([0-9]+) ([0-9a-f]{32}) ([^ ]+)", line)
            index, part = (parse_number(match[1]), base64_decode(match[3])) if match else (None, None)
            require(part and index is not None and index < count and (not leaves or index > max(leaves)), "parts",
                    f"has the line {shown(line)}, which is malformed or not in order")
            self.check_part(told["parts"]["by"], part, index == count - 1)
            leaves[index] = part_leaf(bytes.fromhex(match[2]), part)
        require(leaves, "parts", "shows no part")
        if len(leaves) < count:
            for key in HIDDEN_WITH_PARTS:
                require(key not in fields.told, "field-told", f"tells {key}, which gives hidden parts away")
        root = root_with_hashes(sorted(leaves), leaves, count, text_lines(hashes, "parts"), "parts")
        require(root.hex() == told["parts"]["root"], "parts", "the parts and hashes do not give the root that the fields say")

    @staticmethod
    def check_part(by, part, is_last):
        if by == "4096":
            require(len(part) == PART_BLOCK or (is_last and len(part) < PART_BLOCK), "parts", "has a block of another size")
        else:
            inside = part.find(b"\n", 0, len(part) - 1)
            ends = part.endswith(b"\n") or len(part) == PART_LINE or is_last
            require(len(part) <= PART_LINE and inside < 0 and ends, "parts", "has a part that is no line")


# What it comes to.

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
        self.verifier, self.anchored = verifier, verifier.fingerprint is not None or verifier.policy is not None
        proving = [one for one in verifier.findings if not one["companion"]]
        self.failed = sorted({int(one["where"][6:]) for one in proving if one["where"].startswith("entry ")})
        unread = {int(entry[6:]) for name, _ in verifier.unread if (entry := verifier.entry_of_file(name))}
        self.count, self.holding = len(verifier.items), len({*verifier.items} - {*self.failed} - unread)
        self.elsewhere = [one for one in proving if not one["where"].startswith("entry ")]
        self.companions = [one for one in verifier.findings if one["companion"]]
        self.verdict = self.find_status()
        self.found = None       # of loose files

    @property
    def status(self):
        is_all_found = all(taken for _, _, taken in self.found or [])
        return self.verdict if is_all_found or self.verdict not in (HOLDS, NOT_ANCHORED) else NOT_READ

    def find_status(self):
        verifier = self.verifier
        if verifier.findings:
            return CHANGED
        if verifier.unread:
            return NOT_READ
        if verifier.history.newer:
            return NEWER
        if verifier.unopened and not verifier.opened:
            return WRONG_KEY
        return HOLDS if self.anchored else NOT_ANCHORED

    def sentence(self):
        verifier = self.verifier
        nameless = "" if self.anchored else "; whose vault this is was not checked"
        if self.verdict == CHANGED:
            parts = [f"{self.holding} of {self.count} items hold"] if self.count and verifier.history.proven else []
            parts += [f"{plural(len(self.failed), 'entry', 'entries', False)} {listing(self.failed)} not as signed"] if self.failed else []
            parts += [plural(len(self.elsewhere), "finding", "findings") + " of the bundle itself"] if self.elsewhere else []
            parts += [plural(len(self.companions), "finding", "findings") + " of files for people, which prove nothing"] if self.companions else []
            return f"verification failed: {'; '.join(parts)}{nameless}"
        if self.verdict == NOT_READ:
            return f"not verified: {len(verifier.unread)} things could not be read; nothing was found to be wrong{nameless}"
        if self.verdict == NEWER:
            position = verifier.history.newer.position
            before = f"verified up to entry {position - 1}" if position else "nothing was verified"
            return f"a newer version is needed: {verifier.history.newer.why}; {before}{nameless}"
        if self.verdict == WRONG_KEY:
            return (f"not opened: the identity opens none of the {len(verifier.unopened)} sealed files; nothing of what was checked "
                    f"was changed{nameless}")
        if self.verdict == NOT_ANCHORED:
            return ("consistent with itself; whose vault this is was not checked (compare the fingerprint with the one that was "
                    f"written down when it was made, or give that: --fingerprint HEX); {self.reach()}")
        return f"verified: nothing was changed or slipped in; {self.reach()}"

    def reach(self):
        """As of when, seen by whom, and of what."""
        verifier, history = self.verifier, self.verifier.history
        words = [f"as of entry {history.checkpoint.size - 1}"]
        if verifier.seen:
            name, seconds = max(verifier.seen.items(), key=lambda one: one[1])
            when = datetime.datetime.fromtimestamp(min(seconds, 253402300799), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            words.append(f"newest seen by {shown(name)} at {when}")
        else:
            words.append("newest seen by nobody that was named")
        words += [f"not later than {min(verifier.times)}{'' if verifier.roots else ' by an authority that was not checked'}"] if verifier.times else []
        words.append("what came later is not known")
        missing = ", ".join(history.not_here()[:20])
        words.append(f"nothing is told of positions {missing}" if missing else "every position is told")
        if verifier.unopened:
            words.append(f"entries {listing(verifier.unopened)} were not opened by the key at hand")
        return "; ".join(words)

    def json(self):
        verifier, history = self.verifier, self.verifier.history
        found = [] if self.found is None else [("found", [self.json_of_found(*one) for one in self.found])]
        return {"ok": self.status == HOLDS, "verdict": VERDICTS[self.verdict], "says": self.sentence(), "fingerprint": history.found,
                "as_of": history.checkpoint.size - 1 if history.checkpoint else None,
                "counts": {"items": self.count, "items_that_hold": self.holding}, "failed": self.failed,
                "not_opened": verifier.unopened, "not_in_bundle": history.not_here(), "foreign": list(map(shown, verifier.foreign)),
                "findings": verifier.findings, "undecided": [f"{shown(name)}: {why}" for name, why in verifier.unread],
                "notes": verifier.notes, **dict(found)}

    @staticmethod
    def json_of_found(path, problem, taken):
        return {"file": shown(path), **({"not_read": problem} if problem else {}), "taken_in": [{"entry": number} for number, _ in taken]}

    def found_lines(self):
        for path, problem, taken in self.found or []:
            if problem:
                yield f"not read   {problem}"
            elif not taken:
                yield f"not found  {shown(path)}: nothing that is told here says that it was taken in"
            for number, told in taken:
                yield f"taken in   {shown(path)}: {describe_taken_in(number, told)}"


def print_result(result, as_json):
    verifier = result.verifier
    if as_json:
        print(json.dumps(result.json(), indent=2))
        return
    for line in result.found_lines():
        print(line)
    for one in verifier.findings:
        print(f"{one['name']}: {one['where'] + ': ' if one['where'] else ''}{one['text']}")
    for name, why in verifier.unread:
        print(f"undecided: {shown(name)}: {why}")
    for name in verifier.foreign[:20]:
        what = "a folder that an operating system leaves, or an empty one" if name.endswith("/") else "a file that an operating system leaves"
        print(f"note: {shown(name)} is {what}; it is not counted as part of the bundle")
    for note in verifier.notes:
        print(f"note: {note}")
    if verifier.history.found:
        print(f"fingerprint: {verifier.history.found}")
    print(result.sentence())


def parse_arguments(words):
    parser = argparse.ArgumentParser(description="Checks a bundle of evidence, or a proof, as docs/FORMAT.md describes it.")
    parser.add_argument("path", metavar="PATH", help="the bundle: a folder, or a .tar or .zip around it; with --proof the proof file")
    parser.add_argument("originals", metavar="FILE", nargs="*", help="with --proof: originals that it proves; with --find: loose files")
    parser.add_argument("--proof", action="store_true", help="PATH is a proof file")
    parser.add_argument("--find", action="store_true", help="say of each FILE whether it was taken in, and as which entry")
    parser.add_argument("--fingerprint", metavar="HEX", help="the vault's fingerprint, brought from elsewhere")
    parser.add_argument("--policy", metavar="FILE", help="a tlog-policy, brought from elsewhere")
    parser.add_argument("--roots", metavar="PEM", help="roots of timestamp authorities, brought from elsewhere")
    parser.add_argument("--case-key", metavar="FILE", help="the key of a case")
    parser.add_argument("-i", "--identity", metavar="IDENTITY", action="append", default=[], help="an age identity file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_intermixed_args(words)
    if "" in (arguments.path, arguments.fingerprint, arguments.policy, arguments.roots, arguments.case_key, *arguments.originals, *arguments.identity):
        parser.error("there is nothing between the quotes: is a variable unset?")
    if arguments.fingerprint is not None:
        # As people write it: in groups, with colons or dashes between, in capitals.
        arguments.fingerprint = re.sub(r"[ \t\r\n:-]", "", arguments.fingerprint).lower()
    if arguments.originals and not arguments.proof and not arguments.find:
        parser.error("originals are checked with a proof file, --proof, or looked for, --find")
    if arguments.find and (arguments.proof or not arguments.originals):
        parser.error("--find is given a bundle and files")
    return arguments


def plain_text(data):
    """A file that people bring, without what editors and shells of Windows put into it."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")):
        if data.startswith(mark):
            data = data[len(mark):].decode(encoding, "replace").encode()
            break
    return re.sub(rb"[ \t\r]+(?=\n|$)", b"", data)


def check_roots(path):
    with open(path, "rb") as file:
        if not re.search(rb"-----BEGIN (X509 )?CERTIFICATE-----", file.read(1 << 20)):
            raise CannotRun(f"{shown(path)} holds no certificate in PEM")


def read_case_key(path):
    with open(path, "rb") as file:
        data = plain_text(file.read(1 << 16))
    form = {"v": lambda value: value == 1, "fingerprint": is_hash, "case": is_text, "key": is_hash}
    try:
        value = json_decode(data.rstrip(b"\n"), "case-key")
    except Finding:
        value = None
    if not has_form(value, form):
        raise CannotRun(f"{shown(path)} is no case key")
    return value


def check(arguments):
    """What the check came to, or the status of what kept it from being made."""
    if arguments.fingerprint is not None and not is_hash(arguments.fingerprint):
        raise CannotRun("a fingerprint is 64 hexadecimal digits")
    if arguments.roots:
        check_roots(arguments.roots)
    arguments.case_key = read_case_key(arguments.case_key) if arguments.case_key else None
    for identity in arguments.identity:
        check_identity(identity)
    if arguments.proof:
        verifier = ProofVerifier(arguments.path, arguments.originals, arguments)
        verifier.run()
        return Result(verifier)
    with tempfile.TemporaryDirectory(prefix="exhibit-", dir=os.environ.get("TMPDIR", "/var/tmp")) as place:
        container = Container(arguments.path, place) if os.path.isfile(arguments.path) else None
        folder = container.unpack() if container else arguments.path
        verifier = BundleVerifier(folder, arguments)
        verifier.run()
        verifier.foreign = verifier.bag.foreign + (container.foreign if container else [])
        result = Result(verifier)
        if arguments.find:
            result.found = verifier.find_files(arguments.originals)
        return result


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
        return print_failure(CHANGED, f"{finding.name}: {finding.text}\nfailed: what is in it was not looked at", arguments.json)
    except CannotRun as reason:
        return print_failure(NOT_READ, f"could not run: {reason}", arguments.json)
    except OSError as error:
        return print_failure(NOT_READ, f"could not run: {shown(error.filename or '')}: {error.strerror}", arguments.json)
    except Exception:   # a mistake here, which says nothing about the bundle
        traceback.print_exc()
        return print_failure(NOT_READ, "internal error: this check has a mistake, and nothing is known of the bundle", arguments.json)


if __name__ == "__main__":
    sys.exit(main())
