"""Fields that lie, and fields that must be told and are not."""
import json
import re

from build import Vault, bundle
from good import PLAIN, of_bundle
from lies import matched, of_one, replaced
from pieces import field_line, hexed, key_of
from vectors import sha256

SALT = "000102030405060708090a0b0c0d0e0f"


def with_line(text):
    """Adds a line, as it is, to the sealed list, in its place by key."""
    def edit(lines):
        key = re.search(r'^\["[^"]*","([^"]*)"', text)
        at = sum(key_of(line) < (key[1] if key else "~") for line in lines)
        return [*lines[:at], (text + "\n").encode(), *lines[at:]]
    return edit


def lying_lines(name, finding, edit):
    """An item whose sealed list itself is wrong, told whole."""
    vault = Vault(name)
    vault.item()
    number = len(vault.entries)
    lines = edit(vault.lines([("name", "x"), ("size", 2), ("sha256", hexed(b"x\n")), ("source", "fs01"),
                              ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})]))
    listed = b"".join(f"{hexed(line)}  {claimed_key(line)}\n".encode() for line in lines)
    sealed = vault.seal(vault.lines([("name", "x")]), b"x\n")
    own = {**vault.sealed_members(sealed), "fields": hexed(listed)}
    vault.add("item", own, sealed=sealed)
    vault.content[number] = b"x\n"
    block = f"= {number} {len(lines)}\n".encode() + b"".join(lines)
    def log(parts):
        parts["fields"] = parts["fields"].replace(f"= {number + 1} ".encode(), block + f"= {number + 1} ".encode(), 1)
    files = bundle(vault, [1, number], names={1: PLAIN}, blocks=[1, number + 1, number + 2], log=log)
    return of_bundle(name, vault, files, 3, finding)


def claimed_key(line):
    match = re.match(rb'\["[^"]*","([^"]*)"', line)
    return match[1].decode() if match else "x"


LYING_LINES = (
    ("fields, a key twice", "fields-order", with_line(f'["{SALT}","size",3]')),
    ("fields, a key that is not a word", "fields-malformed", with_line(f'["{SALT}","Size",3]')),
    ("fields, white space", "fields-malformed", with_line(f'["{SALT}", "other",3]')),
    ("fields, a short salt", "fields-malformed", with_line(f'["{SALT[2:]}","other",3]')),
    ("fields, a salt in upper case", "fields-malformed", with_line(f'["{SALT.upper()}","other",3]')),
    ("fields, a fraction", "fields-malformed", with_line(f'["{SALT}","other",1.5]')),
    ("fields, an exponent", "fields-malformed", with_line(f'["{SALT}","other",1e3]')),
    ("fields, minus zero", "fields-malformed", with_line(f'["{SALT}","other",-0]')),
    ("fields, a number past the limit", "fields-malformed", with_line(f'["{SALT}","other",{2 ** 53}]')),
    ("fields, a number below the limit", "fields-malformed", with_line(f'["{SALT}","other",{-2 ** 53}]')),
    ("fields, a value too deep", "fields-malformed", with_line(f'["{SALT}","other",[[[[1]]]]]')),
    ("fields, an object with a key twice", "fields-malformed", with_line(f'["{SALT}","other",{{"a":1,"a":2}}]')),
    ("fields, an object with a number as key", "fields-malformed", with_line(f'["{SALT}","other",{{"1":1}}]')),
    ("fields, an object with a key of two underscores", "fields-malformed", with_line(f'["{SALT}","other",{{"__proto__":1}}]')),
    ("fields, a surrogate", "fields-malformed", with_line(f'["{SALT}","other","\\ud800"]')),
    ("fields, an escape that is not needed", "fields-malformed", with_line(f'["{SALT}","other","\\u0041"]')),
    ("fields, a slash that is escaped", "fields-malformed", with_line(f'["{SALT}","other","a\\/b"]')),
    ("fields, an escape in upper case", "fields-malformed", with_line(f'["{SALT}","other","\\u001F"]')),
    ("fields, four members", "fields-malformed", with_line(f'["{SALT}","other",1,2]')),
    ("fields, a line that is too long", "fields-malformed", with_line(f'["{SALT}","other","{"x" * 65_536}"]')),
    ("fields, too many", "fields-malformed", lambda lines: sorted([*lines, *(field_line(sha256(b"%d" % at)[:16], f"x-{at:03}", at) for at in range(252))], key=lambda line: key_of(line).encode())),
    ("fields, out of order", "fields-order", lambda lines: lines[::-1]),
    ("fields, a salt twice", "fields-salt", lambda lines: [*lines[:-1], field_line(bytes.fromhex(json.loads(lines[0])[0]), "state", json.loads(lines[-1])[2])]),
    ("fields, a state without whole", "fields-malformed", lambda lines: [*lines[:-1], field_line(bytes(16), "state", {"changed": False, "claims": "none", "derived": False, "content": "here"})]),
    ("fields, a state with a word of its own", "fields-malformed", lambda lines: [*lines[:-1], field_line(bytes(16), "state", {"whole": True, "changed": False, "claims": "some", "derived": False, "content": "here"})]),
    ("fields, a name in base64 that is UTF-8", "fields-malformed", lambda lines: [field_line(bytes(16), "name", {"base64": "eA=="}), *lines[1:]]),
    ("fields, a digest in upper case", "fields-malformed", lambda lines: [lines[0], field_line(bytes(16), "sha256", "AB" * 32), *lines[2:]]),
    ("fields, a negative size", "fields-malformed", lambda lines: [*lines[:2], field_line(bytes(16), "size", -1), *lines[3:]]),
    ("fields, cases out of order", "fields-malformed", with_line(f'["{SALT}","case",["b","a"]]')),
    ("fields, the seed of the parts is told", "field-told", with_line(f'["{SALT}","parts-seed","{"ab" * 32}"]')),
)


def told_fields():
    for key in ("sha256", "size", "state"):
        yield of_one(f"an item that hides {key}", "field-hidden", hide={1: {key}})
    for key in ("act", "manifest", "checked", "export"):
        yield of_one(f"an exported act that hides {key}", "field-hidden", hide={3: {key}})
    yield of_one("an export act that hides its act", "field-hidden", hide={2: {"act"}})
    yield of_one("an item without a block", "field-hidden", blocks=[2, 3])
    yield of_one("an exported act without a block", "field-hidden", blocks=[1, 2])
    for name, finding, hook in (
            ("a line that was changed", "fields-mismatch", replaced("fields", b'"kind","ransom-message"', b'"kind","notice"')),
            ("a list line that was changed", "fields-mismatch", matched("fields", rb"^= 1 .*?\n(\[.*?\n)", lambda match: match[0].replace(match[1], b"0" * 64 + b"  acquired\n"))),
            ("a line that is missing", "fields-malformed", matched("fields", rb'^\["[0-9a-f]*","kind".*?\n', b"")),
            ("a line that is missing, counted", "fields-mismatch", lambda parts: (matched("fields", rb'^\["[0-9a-f]*","kind".*?\n', b"")(parts), matched("fields", rb"^= 1 10\n", b"= 1 9\n")(parts))),
            ("a list line in upper case", "fields-malformed", matched("fields", rb"^= 1 .*?\n(\[.*?\n)", lambda match: match[0].replace(match[1], b"AB" * 32 + b"  acquired\n"))),
            ("a list line with one blank", "fields-malformed", matched("fields", rb"^= 1 .*?\n(\[.*?\n)", lambda match: match[0].replace(match[1], b"ab" * 32 + b" acquired\n"))),
            ("fields of an entry that is not told", "fields-entry", matched("fields", rb"\Z", b"= 9 1\n" + b"ab" * 32 + b"  name\n")),
            ("fields of an entry twice", "fields-malformed", lambda parts: parts.update(fields=parts["fields"] + parts["fields"])),
            ("fields in no block", "fields-malformed", lambda parts: parts.update(fields=b"x\n" + parts["fields"])),
            ("fields with a leading zero", "fields-malformed", replaced("fields", b"= 1 10", b"= 01 10")),
            ("fields that end within a line", "fields-malformed", lambda parts: parts.update(fields=parts["fields"][:-1])),
            ("a block of no lines", "fields-malformed", matched("fields", rb"^= 1 .*?(?=^= 2)", b"= 1 0\n"))):
        yield of_one(f"fields, {name}", finding, log=hook)
    vault = Vault("a line of another entry")
    vault.item()
    vault.item(content=b"other\n")
    other = next(line for line in vault.sealed[2].lines if key_of(line) == "sha256")
    own = next(line for line in vault.sealed[1].lines if key_of(line) == "sha256")
    yield of_bundle("fields, a line of another entry", vault, bundle(vault, [1], log=replaced("fields", own, other)), 3, "fields-mismatch")
    vault = Vault("limits")
    vault.item(fields=[(f"x-{at:03}", at) for at in range(246)])
    vault.item(fields=[("x", "y" * (65_535 - 44))])
    yield of_bundle("fields, as many and as long as they may be", vault, bundle(vault, [1, 2]))
