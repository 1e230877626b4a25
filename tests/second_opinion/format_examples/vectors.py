#!/usr/bin/env python3
"""Computes the test vectors of docs/FORMAT.md, and prints them as they stand there.

    vectors.py            print them
    vectors.py --check    exit 1 unless docs/FORMAT.md holds each of these lines
"""
import base64
import hashlib
import hmac
import sys
from pathlib import Path

FORMAT = Path(__file__).resolve().parents[3] / "docs" / "FORMAT.md"


def sha256(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha256(b"\1" + left + right)


def root_of(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(root_of(leaves[:split]), root_of(leaves[split:]))


def hkdf(secret, salt, info, length=32):
    """RFC 5869 with SHA-256, for at most 32 bytes."""
    return hmac.digest(hmac.digest(salt or bytes(32), secret, "sha256"), info + b"\1", "sha256")[:length]


def padme(length):
    """The padded length of `length` bytes, at least 4,096."""
    if length <= 4096:
        return 4096
    exponent = length.bit_length() - 1
    free = exponent - exponent.bit_length()
    return (length + (1 << free) - 1) >> free << free


def part_salt(seed, index):
    return hmac.digest(seed, index.to_bytes(8, "big"), "sha256")[:16]


def lines():
    """Name and value of each vector."""
    size_line = b'["000102030405060708090a0b0c0d0e0f","size",164]\n'
    name_line = '["101112131415161718191a1b1c1d1e1f","name","Übersicht.txt"]\n'.encode()
    field_list = f"{sha256(name_line).hex()}  name\n{sha256(size_line).hex()}  size\n".encode()
    yield "field line hash, size", sha256(size_line).hex()
    yield "field line hash, name", sha256(name_line).hex()
    yield "fields", sha256(field_list).hex()
    layout = f'{{"bytes":4128,"tail":4112,"root":"{"ab" * 32}"}}\n'.encode()
    yield "payload", sha256(layout).hex()
    yield "key", hkdf(bytes(range(16)), b"", b"exhibit key commitment").hex()
    secret = bytes(range(32))
    case_key = hmac.digest(secret, b"exhibit-case\nIR-2025-014", "sha256")
    yield "case key", case_key.hex()
    fingerprint, header = sha256(b"fingerprint"), sha256(b"header")
    yield "label", hmac.digest(case_key, b"exhibit-label\n" + fingerprint + header, "sha256")[:16].hex()
    seed = bytes(range(32, 64))
    yield "part salt 0", part_salt(seed, 0).hex()
    parts = [b"one\n", b"two\n", b"three"]
    leaves = [sha256(b"\0" + part_salt(seed, at) + part) for at, part in enumerate(parts)]
    yield "part leaf 0", leaves[0].hex()
    yield "parts root", root_of(leaves).hex()
    yield "key id", sha256(b"x7.example/q4d2/k1\n\1" + bytes(range(32)))[:4].hex()
    yield "entry leaf", sha256(b"\0" + b"entry\n").hex()
    for length in (1, 4096, 4097, 5000, 70_000, 1_048_577, 1 << 30, (1 << 30) + 1):
        yield f"padded {length}", str(padme(length))
    yield "labels", base64.b64encode(b"".join(bytes([at]) * 16 for at in range(4))).decode()


def rows():
    return [f"| `{name}` | `{value}` |" for name, value in lines()]


def main():
    if "--check" not in sys.argv[1:]:
        print("\n".join(rows()))
        return 0
    text = FORMAT.read_text(encoding="utf-8").splitlines()
    missing = [row for row in rows() if row not in text]
    print("\n".join(f"not in docs/FORMAT.md: {row}" for row in missing) or "docs/FORMAT.md has these vectors")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
