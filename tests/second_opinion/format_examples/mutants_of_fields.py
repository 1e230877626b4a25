"""Fields of items and acts, each value and line spelled otherwise, and the names below data/ that fields give."""
import base64
import functools
import hashlib
import re

import spellings
from build import Vault, bundle
from good import PLAIN, of_bundle
from mutants_of_entries import STATE, base, fork, in_turn
from pieces import TIME, compact, field_line, hexed
from spellings import change_json, encode

# Fields.

ITEM = {"sha256": hexed(b"x\n"), "size": 2, "state": STATE, "sha512": None, "sha1": None, "md5": None, "name": "x", "path": "share/x", "source": "fs01", "case": ["a", "b"],
        "parts": {"by": "lines", "count": 1, "root": "ab" * 32}, "kind": "log", "description": "x", "tags": ["a"], "times": {"modified": TIME, "born": None}, "retain-until": TIME, "partial": {"why": "x", "bytes": 1, "exit": 0},
        "system": {"uid": 0, "xattrs": ["a", {"base64": "/w=="}]}, "claimed": [{"algorithm": "md5", "value": "x", "matched": True}], "own": {"a": [1, {"b": None}]}}
NAMES = (*({"base64": one} for one in ("/w==", "", "eA==", "/x==", "/w", "/w=", "7aCA", "wIA=", "//8=", "9JCAgA==", "/w==\n", 1)), {"base64": "/w==", "x": 1}, {}, {"Base64": "/w=="}, [], "", " ", "a/b", "..", "x" * 300, "\ufeff", "\u0000",
         "\ud800", "7", "7.age", "con", "CON.txt", "x.", " x", "a\nb", "\u202e", "LPT\u00b9", "aux ", "nul .txt", "com10", "COM0", "a//b", "/", "//", "./a", "a/./b", "a/../b", "~", "\u00df", "\u212a", "A/b", "share/X")
DEEP = ("[[[1]]]", "[[[[1]]]]", "[[[]]]", "[[[[]]]]", '{"a":{"b":{"c":1}}}', '{"a":{"b":{"c":{}}}}', '{"a":[{"b":[]}]}', '[{"a":[1]}]', '[{"a":[[]]}]', '{"' + "a" * 64 + '":1}', '{"' + "a" * 65 + '":1}', '{"a-_9":1}', '{"_a":1}', '{"-a":1}', '{"9":1}', '{"A":1}',
        '{"":1}', '{"a":1,"a":1}', '{"b":1,"a":1}', '{"\\u0061":1}', '{"a":1,}', "[1,]", "[1 ]", "[,1]", '{"__proto__":1}', '{"constructor":1}', '{"a.b":1}', '{"\u00e9":1}', "[null,true,false]", "[-1]", "[-0]", "9007199254740991", "9007199254740992", "-9007199254740991",
        "-9007199254740992", "1E3", "1.0", "\"\\ud800\"", "\"\\u0000\"", "\"\\b\\t\\n\\f\\r\"", "\"\\u0008\"", "\"\\u000B\"", "\"\\u000b\"", "\"\x7f\"", "\"\\u007f\"", "\"\\/\"", "\"\u2028\"", "\"\\u2028\"", "\"\ufeff\"", "undefined", "nan", "-Infinity", "0x1", "1_000", "'a'", "[1]]")


def of_item_lines(change, content=b"x\n", hide=None, names=None):
    """A bundle of an item with any lines."""
    vault = fork(first_vault())
    lines = change(vault)
    sealed = vault.seal([line for line in lines], content)
    listed = b"".join(listed_line(line) for line in lines)
    number = vault.add("item", {**vault.sealed_members(sealed_of(vault, content)), "fields": hexed(listed)}, sealed=sealed)
    vault.content[number] = content
    block = b"= %d %d\n" % (number, len(lines)) + b"".join(lines)
    end = number + 2
    def log(parts):
        parts["fields"] = block + parts["fields"]
    return of_bundle("fields", vault, bundle(vault, [number], names={number: names} if names else {}, blocks=[number + 1, end], log=log))


@functools.lru_cache(None)
def first_vault():
    return Vault("fields")


def sealed_of(vault, content):
    return vault.seal(vault.lines([("name", "x")]), content)


def listed_line(line):
    """As the list has it, whatever stands on the line."""
    key = re.match(rb'\s*\[\s*"[^"]*"\s*,\s*"([^"]*)"', line)
    return f"{hexed(line)}  ".encode() + (key[1] if key else b"x") + b"\n"


def lines_with(key, data, without=()):
    """The least lines of an item, and one whose value has these bytes."""
    def change(vault):
        told = {"sha256": hexed(b"x\n"), "size": 2, "state": STATE}
        told.pop(key, None)
        lines = [*(field_line(vault.random(16), one, value) for one, value in told.items() if one not in without), b'["' + vault.random(16).hex().encode() + b'","' + key.encode() + b'",' + data + b"]\n"]
        return sorted(lines, key=lambda line: listed_line(line)[66:])
    return change


def with_salt(make):
    def change(vault):
        lines = lines_with("own", b"1")(vault)
        at = next(at for at, line in enumerate(lines) if b'"own"' in line)
        lines[at] = make(lines[at], lines)
        return sorted(lines, key=lambda line: listed_line(line)[66:])
    return change


def key_of_length(count):
    return lambda vault: sorted(lines_with("k" * count, b"1")(vault), key=lambda line: listed_line(line)[66:])


def field_rows():
    for key in ("name", "path", "source", "case"):
        for value in NAMES:
            data = spellings.texts(value)[0].data if not isinstance(value, dict) else encode(value)
            yield f"{key}, {value!r}"[:80], functools.partial(of_item_lines, lines_with(key, data))
    for data in DEEP:
        for key in ("own", "tags", "description"):
            yield f"{key}, {data[:60]}", functools.partial(of_item_lines, lines_with(key, data.encode("utf-8", "surrogatepass")))
    for value in (["a"], ["a", "b"], ["b", "a"], ["a", "a"], [], [f"{at:03}" for at in range(64)], [f"{at:03}" for at in range(65)], ["a", 1], ["\uffff", "\U00010000"], ["\U00010000", "\uffff"], ["A", "a"], ["", "a"]):
        yield f"case, {value!r}"[:80], functools.partial(of_item_lines, lines_with("case", encode(value)))
    for size in (2**43, 2**43 + 1, 2**53 - 1, 3, 0):
        yield f"size {size}", functools.partial(of_item_lines, lines_with("size", str(size).encode()))
    for total in (65_534, 65_535, 65_536):
        yield f"a line of {total}", functools.partial(of_item_lines, lines_with("own", b'"' + b"x" * (total - len('["' + "0" * 32 + '","own",""]\n')) + b'"'))
    for count in (1, 31, 32, 33):
        yield f"a key of {count}", functools.partial(of_item_lines, key_of_length(count))
    for key in ("Own", "own_", "\u00e9", "", "o n", "-", "0", "own\\u0061", "__proto__", "constructor"):
        yield f"the key {key!r}", functools.partial(of_item_lines, lines_with(key, b"1"))
    for what, make in (
            ("a salt twice", lambda line, lines: line.replace(line[2:34], next(one for one in lines if one != line)[2:34])), ("a salt in upper case", lambda line, lines: b'["' + b"AB" * 16 + line[34:]), ("a salt of zeros", lambda line, lines: b'["' + b"0" * 32 + line[34:]),
            ("a short salt", lambda line, lines: b'["' + line[4:]), ("a long salt", lambda line, lines: b'["00' + line[2:]), ("a number as salt", lambda line, lines: b"[1" + line[35:]), ("a salt escaped", lambda line, lines: b'["\\u0030' + line[3:]),
            ("CRLF", lambda line, lines: line[:-1] + b"\r\n"), ("a blank behind", lambda line, lines: line[:-1] + b" \n"), ("a blank before", lambda line, lines: b" " + line), ("a blank within", lambda line, lines: line.replace(b",", b", ", 1)),
            ("a fourth place", lambda line, lines: line[:-2] + b",1]\n"), ("two places", lambda line, lines: line[:-4] + b"]\n"), ("an object", lambda line, lines: b"{" + line[1:-2] + b"}\n"), ("a NUL", lambda line, lines: line[:-1] + b"\0\n"),
            ("a comma", lambda line, lines: line[:-2] + b",]\n"), ("a byte order mark", lambda line, lines: b"\xef\xbb\xbf" + line), ("the list line", lambda line, lines: listed_line(line)), ("nothing", lambda line, lines: b"\n")):
        yield what, functools.partial(of_item_lines, with_salt(make))
    for count in (255, 256, 257):
        yield f"{count} lines", functools.partial(of_item_lines, lambda vault, count=count: sorted(lines_with("own", b"1")(vault) + [field_line(vault.random(16), f"x-{at:03}", at) for at in range(count - 4)], key=lambda line: listed_line(line)[66:]))
    for total in (1 << 20, (1 << 20) + 1):
        yield f"lines of {total} bytes in all", functools.partial(of_item_lines, lambda vault, total=total: many_lines(vault, total))
    for hidden in (1 << 20, (1 << 20) + 1):
        yield f"lines of {hidden} bytes, one of them hidden", functools.partial(of_item_lines, lambda vault, hidden=hidden: many_lines(vault, hidden))


def value_in(chance, key, value):
    """One value of a field, spelled otherwise on its line."""
    what, data = change_json(chance, value)
    return (what, data) if b"\n" not in data else value_in(chance, key, value)


def fields(chance):
    for row in in_turn(chance, list(field_rows())):
        yield row
        for _ in range(4):
            key = chance.choice(list(ITEM))
            what, data = value_in(chance, key, hashlib.new(key, b"x\n").hexdigest() if key in ("sha512", "sha1", "md5") else ITEM[key])
            yield f"{key}, {what}", functools.partial(of_item_lines, lines_with(key, data))


def many_lines(vault, total):
    lines = lines_with("own", b"1")(vault)
    left, at = total - sum(map(len, lines)), 0
    while left:
        frame = len('["' + "0" * 32 + f'","x-{at:03}",""]\n')
        length = min(60_000, left)
        if 0 < left - length <= frame:
            length -= frame + 1
        lines.append(field_line(vault.random(16), f"x-{at:03}", "y" * (length - frame)))
        left, at = left - length, at + 1
    return sorted(lines, key=lambda line: listed_line(line)[66:])


ACT_FIELDS = {
    "note": {"items": "1", "items-2": "2-3", "text": "x", "state": STATE, "size": 2, "sha256": "ab" * 32, "name": "x", "case": ["a", "b"]},
    "access": {"act": "read", "items": "1", "items-9": "2", "purpose": "x", "recipients": ["a", "b"], "export": 3, "manifest": "ab" * 32, "checked": True, "why": "x"},
    "statement": {"act": "valued", "worth": -3}, "case": {"case": ["a", "b"], "occurred": TIME, "notice-days": 3, "events": [{"time": TIME, "what": "x"}], "forget": True},
    "hold": {"authority": "a", "reason": "b"}, "upgrade": {"reason": "x"}, "rule": {"reason": "x"}}
WORD_LINES = ("", " ", "x" * 256, "x" * 257, "\u00e9" * 128, "\u00e9" * 128 + "x", "\t", "a\nb", "\x7f", "\x80", "\x9f", "\u2028", "\ufeff", "\u202e", "\u00a0", "\x1f", "\x00", "\U0001f600" * 64, "\U0001f600" * 64 + "x", "\ud800")


def of_act_lines(kind, key, data):
    """An act as the last entry, one of whose fields has these bytes."""
    vault = fork(base("people"))
    end = len(vault.entries) - 1
    lines = [field_line(vault.random(16), one, value) for one, value in ACT_FIELDS[kind].items() if one != key]
    lines.append(b'["' + vault.random(16).hex().encode() + b'","' + key.encode() + b'",' + data + b"]\n")
    lines.sort(key=lambda line: listed_line(line)[66:])
    sealed = vault.seal(lines)
    own = {"hold": {"items": "2"}, "rule": {"two": []}, "upgrade": {"version": 2}}.get(kind, {})
    number = vault.add(kind, {**own, **vault.sealed_members(sealed_of(vault, b"")), "fields": hexed(b"".join(map(listed_line, lines)))}, sealed=sealed)
    block = b"= %d %d\n" % (number, len(lines)) + b"".join(lines)
    return of_bundle(kind, vault, bundle(vault, [1], names={1: PLAIN}, begin=end - 1, end=end, log=lambda parts: parts.update(fields=parts["fields"] + block)))


def act_field_rows():
    for text in WORD_LINES:
        yield f"recipients, {text!r}"[:80], functools.partial(of_act_lines, "access", "recipients", b"[" + spellings.texts(text)[0].data + b"]")
    for count in (0, 1, 64, 65):
        yield f"{count} recipients", functools.partial(of_act_lines, "access", "recipients", encode(["r"] * count))
    for kind in ("note", "access"):
        for items in spellings.ITEM_SETS:
            for key in ("items", "items-2", "items-9", "items-1", "items-10"):
                yield f"{kind}, {key}, {items[:40]!r}", functools.partial(of_act_lines, kind, key, compact(items).encode())
    for word in ("x" * 32, "x" * 33, "", "X", "a_b", "-", "\u00e9", "a b"):
        yield f"statement, the act {word!r}", functools.partial(of_act_lines, "statement", "act", compact(word).encode())


def act_fields(chance):
    for row in in_turn(chance, list(act_field_rows())):
        yield row
        for _ in range(3):
            kind = chance.choice(list(ACT_FIELDS))
            key = chance.choice(list(ACT_FIELDS[kind]))
            what, data = value_in(chance, key, ACT_FIELDS[kind][key])
            yield f"{kind}, {key}, {what}", functools.partial(of_act_lines, kind, key, data)


# Names below data/.

def of_name(source, path, name=None):
    def change(vault):
        told = {"path": path, "sha256": hexed(b"x\n"), "size": 2, "source": source, "state": STATE}
        return [field_line(vault.random(16), one, value) for one, value in sorted(told.items())]
    return of_item_lines(change, names=name)


def name_rows():
    for source in ("fs01", "7", "7.age", "7.AGE", "con", "a b", " a", "a.", "..", "\u00e9", "x" * 201, "x" * 200, "a/b", "", {"base64": "/w=="}, "0", "00", "aux.1", "7.age.x"):
        for path in ("x", "a/x", "CON", "com1.txt", "LPT9 .x", "x.", " x ", "\u00e9" * 66, "\u00e9" * 67, "y" * 200, "y" * 201, "y" * 199 + "\u00e9", "a//b", "/x", "x/", "..", ".", "a/./b", "a/../b", "", "/", "con.", "nul ", "CLOCK$", "a:b", "a\\b", "a\0b", "a\x7fb", {"base64": "/w=="}):
            safe = safe_name(source, path)
            for name in ((None, safe) if safe else (None,)):
                yield f"{source!r}, {path!r} as {name!r}"[:120], functools.partial(of_name, source, path, name)
    for total in (1_023, 1_024, 1_025):
        body = "/".join(["z" * 99] * 12)[:total - len("data/fs01/")].rstrip("/")
        body += "z" * (total - len("data/fs01/") - len(body))
        for name in (None, f"fs01/{body}"):
            yield f"a path of {total} as {name and 'itself'}", functools.partial(of_name, "fs01", body, name)
    for parts in (64, 65, 66):
        body = "/".join("z" * (parts - 1))
        for name in (None, f"fs01/{body}"):
            yield f"a path of {parts + 1} parts as {name and 'itself'}", functools.partial(of_name, "fs01", body, name)


def names(chance):
    return in_turn(chance, list(name_rows()))


def safe_name(source, path, number=1):
    """FORMAT.md, Names below data/, written once more: what the mutants are called."""
    def raw(one):
        return base64.b64decode(one["base64"]) if isinstance(one, dict) else one.encode()
    def part(data, is_source):
        own = b"".join(bytes([byte]) if chr(byte).isascii() and (chr(byte).isalnum() or byte in b"._- ") and not (byte == 0x20 and at in (0, len(data) - 1)) and not (byte == 0x2E and at == len(data) - 1)
                       else b"=%02X" % byte for at, byte in enumerate(data))
        if re.fullmatch(rb"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])", own.split(b".")[0].rstrip(b" ")) or (is_source and re.fullmatch(rb"[0-9]+(\.age)?", own)):
            own = b"=%02X" % own[0] + own[1:]
        end = b"~%d" % number
        if len(own) > 200:
            cut = 200 - len(end)
            at = next((at for at in range(cut - 2, cut) if own[at:at + 1] == b"="), cut)
            own = own[:at] + end
        return own.decode()
    parts = [raw(source), *(one for one in raw(path).split(b"/") if one)]
    if not parts[0] or len(parts) < 2:
        return None
    return "/".join(part(one, at == 0) for at, one in enumerate(parts))
