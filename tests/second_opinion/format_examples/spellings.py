"""Other spellings of what docs/FORMAT.md has one spelling of: numbers, texts, times, hex, base64, item sets, keys, objects, lines.

Each is the bytes of JSON, or of a line, that stand where an honest value stood. Some are right again, with another value: at a limit.
"""
import base64
import json
import re

from pieces import BECH32, Key, b64, bech32, compact
from vectors import sha256

MOST = 2**53 - 1


class Raw:
    """Bytes in the place of a value."""

    def __init__(self, data):
        self.data = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")


class Pairs(list):
    """Keys and values of an object, where a key may come twice, and be Raw."""


def encode(value):
    """JSON in its one form, around what is Raw."""
    if isinstance(value, Raw):
        return value.data
    if isinstance(value, Pairs) or type(value) is dict:
        pairs = value if isinstance(value, Pairs) else value.items()
        return b"{" + b",".join(encode(key) + b":" + encode(one) for key, one in pairs) + b"}"
    if type(value) is list:
        return b"[" + b",".join(map(encode, value)) + b"]"
    return compact(value).encode()


def texts(*values):
    return [Raw(compact(value)) for value in values]


def raws(*values):
    return list(map(Raw, values))


# Values that are of no kind where another belongs.
STRANGERS = ("null", "true", "false", "0", "1", '""', '"x"', "[]", "{}", "[[]]", '{"a":1}', '["x"]', "NaN", "Infinity", "-1", "1.5", '"null"', "nul", "True")


def numbers(value):
    own = str(value)
    yield from raws(*map(str, (
        f"0{own}", f"+{own}", f"{own}.0", f"{own}e0", f"{own}E0", f"{own}e+0", f"{own}.", f"0x{own}", f'"{own}"', f"-{own}", f" {own}", f"{own} ", f"[{own}]", f"{own}n",
        f"{own}\u00a0", "-0", "0", "1", "2", value + 1, value - 1, MOST, MOST + 1, -MOST, -MOST - 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64, value + 2**32, value + 2**53,
        value + 2**64, "9" * 400, "1e400", f"{MOST}.0", "\uff11", "\u0661", ".5", "1_0")))


def spelled_texts(value):
    """One text in other escapes, and other texts near it."""
    own = compact(value)[1:-1]
    first, rest = own[:1], own[1:]
    if first and first not in '\\':
        yield from raws(f'"\\u{ord(first):04x}{rest}"', f'"\\u{ord(first):04X}{rest}"', f'"\\{first}{rest}"')
    yield from raws(*(f'"{own}{more}"' for more in ("\\/", "/", "\\u0000", "\0", "\t", "\\t", "\\u0009", "\\n", "\n", "\\r", "\r", "\\b", "\\u0008", "\\f", "\\u000c",
                                                     "\\u000C", "\\u001f", "\\u001F", "\x1f", "\x7f", "\\u007f", "\x80", "\x85", "\u2028", "\\u2028", "\ufeff", "\\ufeff",
                                                     "\ud800", "\\ud800", "\\udc00\\ud800", "\\ud83d\\ude00", "\U0001f600", "\uffff", "\U0010ffff", " ", "\u00a0", "\\",
                                                     "\\x41", "\\'", "'", "\\u12", '\\"', "&", "\u0301", "__proto__")))
    yield from raws(f"'{own}'", own, f'"{own}', f'""{own}"', f'"{own}" ', f' "{own}"', f'"\ufeff{own}"', f'" {own}"', f'"{own.upper()}"', f'"{own.lower()}"',
                    f'"{own.capitalize()}"', f'"{rest}"', f'"{own[:-1]}"', f'"{own}{own}"', f'["{own}"]', '""', '" "', '"x"', '"__proto__"', '"constructor"',
                    '"toString"', '"0"', '"-"')
    yield from raws(b'"' + own.encode() + b'\xff"', b'"' + own.encode() + b'\xc0\x80"', b'"' + own.encode() + b'\xf4\x90\x80\x80"', b'"' + own.encode() + b'\xc3"')


TIMES = ("1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2024-02-29T00:00:00Z",
         "2023-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z",
         "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-11-28T24:00:00Z", "2026-11-28T23:60:00Z", "2026-11-28T23:59:60Z", "2026-11-28T23:59:61Z",
         "2026-11-28T23:00:00.0Z", "2026-11-28T23:00:00,0Z", "2026-11-28T23:00:00+00:00", "2026-11-28T23:00:00-00:00", "2026-11-28T23:00:00", "2026-11-28 23:00:00Z",
         "2026-11-28t23:00:00z", "2026-11-28T23:00Z", "2026-1-28T23:00:00Z", "2026-11-28T 3:00:00Z", "+2026-11-28T23:00:00Z", "2026-11-28T23:00:00ZZ", "20261128T230000Z",
         "2026-W48-6T23:00:00Z", "\uff12\uff10\uff12\uff16-11-28T23:00:00Z", "\u0662026-11-28T23:00:00Z", "2026-11-28T23:00:0\u0660Z", "2026-11-28T-1:00:00Z",
         "2026-11-28T23:00:00Z\n", "2026-11-28T23:00:00\u017b", "9999-12-31T23:59:60Z", "2038-01-19T03:14:08Z", "2262-04-12T00:00:00Z", "1970-01-01T00:00:01Z")


def hexes(value):
    yield from texts(value.upper(), value[:-1], value + "0", value[:-2], value + "00", "", value[:-1] + "g", value[:-1] + " ", "0x" + value[2:], value[:-1] + value[-1].upper(),
                     "0" * len(value), "f" * len(value), "F" * len(value), value[::-1], value + "\n", value[:-1] + "\uff10", value[:-1] + "\u0660", value * 2,
                     value[:32] + "\0" + value[33:])


def base64s(value):
    data = base64.b64decode(value)
    again = base64.b64encode
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    if value.endswith("="):
        at = len(value.rstrip("=")) - 1
        yield from texts(value[:at] + last[last.index(value[at]) + 1] + value[at + 1:])
    yield from texts(value.rstrip("="), value + "=", value + "==", value.replace("+", "-").replace("/", "_"), "-" + value[1:], value + "\n", value[:4] + "\n" + value[4:],
                     value[:4] + " " + value[4:], " " + value, "", "=", "====", value[:-1], value[4:], value + "AAAA", "AAAA", "A", "AA==", "AB==", "AAA=", "AAB=", "A=AA",
                     "\uff21" + value[1:], *(again(one).decode() for one in (data[:-1], data + b"\0", data[::-1], bytes(len(data)), data * 2, data + bytes(16), data[16:], data[:16])))


ITEM_SETS = ("0", "1", "1,2", "1-2", "2-1", "1-1", "1,1", "1-2,2", "1-2,3", "1-2,4", "2,1", "1-", "-1", ",1", "1,", "1,,2", "01", "1-02", "1 ,2", "1, 2", " 1", "1 ", "1\n", "1--2",
             "1-2-3", "", ",", "-", "+1", "1\u20132", "\uff11", "\u0661", "1;2", "0-65535", "0-65536", "0-65534,65536", "1-65537", "1-65537,65539", f"{MOST}", f"{MOST + 1}",
             f"0,{MOST}", f"{2**64 + 1}", f"1-{2**64}", f"0-{MOST}", "1e0", "0x1", "1.0", "all", ",".join(map(str, range(0, 1200, 2))), "0,1", "0-1", "0-1,3")
P = 2**255 - 19


def key_text(name, data, identity=None):
    identity = identity or sha256(name.encode("utf-8", "surrogatepass") + b"\n" + data)[:4].hex()
    return f"{name}+{identity}+{base64.b64encode(data).decode()}"


POINTS = {"neutral": (1).to_bytes(32, "little"), "order 2": (P - 1).to_bytes(32, "little"), "order 4": bytes(32), "order 8": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          "not canonical": (P + 1).to_bytes(32, "little"), "neutral, signed": ((1 << 255) + 1).to_bytes(32, "little"), "y 2": (2).to_bytes(32, "little"), "y 3": (3).to_bytes(32, "little"),
          "y 4": (4).to_bytes(32, "little"), "y 5": (5).to_bytes(32, "little"), "y 6": (6).to_bytes(32, "little"), "all ones": b"\xff" * 32, "base": (4 * pow(5, P - 2, P) % P).to_bytes(32, "little"),
          "p": P.to_bytes(32, "little"), "p + 3": (P + 3).to_bytes(32, "little")}


def keys(value):
    name, identity, encoded = value.split("+", 2)
    data = base64.b64decode(encoded)
    yield from texts(f"{name}+{identity.upper()}+{encoded}", f"{name}+00000000+{encoded}", f"{name}+{identity}", f"{name}+{identity}+", f"+{identity}+{encoded}", f"{name}+{identity}+{encoded}+",
                     f"{name}++{encoded}", f"{name}+{identity[:-1]}+{encoded}", f"{name} +{identity}+{encoded}", value + "\n", value + " ", " " + value, f"{name}+{identity}+ {encoded}")
    yield from texts(*(f"{name}+{identity}+{json.loads(one.data)}" for one in base64s(encoded)))
    yield from texts(*(key_text(name, one) for one in (b"\0" + data[1:], b"\2" + data[1:], b"\4" + data[1:], b"\6" + data[1:], b"\xff" + data[1:], data[:-1], data + b"\0", data[:1], b"\6" + bytes(1312))))
    yield from texts(*(key_text(name, data[:1] + point) for point in POINTS.values()))
    yield from texts(*(key_text(one, data) for one in names(name)))


def names(name):
    return ("x", name + "1", name + "/", name.upper(), "x" * 255, "x" * 256, name + "\u00e9", name + "\x7f", name + " x", name + "=", name + ",", "\u2014", name[:-1], name + "0",
            name[:-1] + "01", name[:-1] + "0", name[:-1] + "9007199254740991", name[:-1] + "9007199254740992", name[:-1] + "99", name[:-1] + "+", name + "\t", name.replace("/", "//"))


def actors(value):
    name, identity = value.rsplit("+", 1)
    yield from texts(f"{name}+{identity.upper()}", f"{name}+00000000", name, f"{name}+", f"+{identity}", f"{name}+{identity[:-1]}", f"{name}+{identity}0", f"{name}++{identity}", f"{name} {identity}",
                     value + "\n", value + "+", *(f"{one}+{identity}" for one in names(name)), f"{name}+{identity[:-1]}g", f"{name}+{identity[:-1]}\uff10")


def bech32_with(prefix, values, constant=1):
    """Any five-bit values under a right checksum."""
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, one in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= one if top >> bit & 1 else 0
    check ^= constant
    return prefix + "1" + "".join(BECH32[value] for value in values + [check >> 5 * (5 - at) & 31 for at in range(6)])


def recipients(value):
    prefix = value.split("1")[0]
    body = [BECH32.index(one) for one in value[len(prefix) + 1:-6]]
    yield from texts(value.upper(), value[:-1], value + "q", value[:-1] + ("q" if value[-1] != "q" else "p"), value[:10] + value[10:].upper(), "1" + value, value + "\n", " " + value,
                     bech32_with(prefix, body, 0x2BC830A3), bech32_with(prefix, [*body[:-1], body[-1] ^ 1]), bech32_with(prefix, [*body[:-1], body[-1] ^ 8]), bech32_with(prefix, [*body, 0]),
                     bech32_with(prefix, body[:-1]), bech32_with("age-", body), bech32_with("bge", body), bech32_with("AGE", body), bech32_with("age1", body), bech32("age", bytes(31)),
                     bech32("age", bytes(33)), bech32("age", bytes(32)), bech32("age", bytes([1]) + bytes(31)), bech32("age", b"\xff" * 32), bech32("age", bytes(range(32))), bech32("age1pq", bytes(1216)),
                     bech32("age1pq", bytes(1215)), bech32("age1pq", bytes(1217)), bech32("age1pq", bytes(32)), bech32("age", bytes(1216)), "age1", "age1pq1", "ssh-ed25519 AAAA")


NAMED = {"items": lambda _: texts(*ITEM_SETS), "labels": base64s, "headers": base64s, "token": base64s}
ORIGINS = ("x", "X", "0", "-x", ".x", "_x", "/x", "x+y", "x~", "x\x7f", "x y", "x!", "\u00e9", "x\u00e9", "x" * 200, "x" * 201, "x/", "x//y", "https://x", "", "x\\", 'x"', "x'", "~", "x\t", "x" * 100 + "/k1",
           "x,y", "\u0661x", "x\u0661", "x/k1", "x*", "*x")


def of_value(value, name=""):
    """Other spellings of a leaf of JSON, by what it looks like and what it is called."""
    yield from raws(*STRANGERS)
    if type(value) is int:
        yield from numbers(value)
    elif type(value) is str:
        yield from spelled_texts(value)
        if name in NAMED:
            yield from NAMED[name](value)
        elif re.fullmatch("[0-9]{4}-.*Z", value):
            yield from texts(*TIMES)
        elif re.fullmatch("[0-9a-f]{32,128}", value):
            yield from hexes(value)
        elif re.fullmatch(r"[!-~]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", value):
            yield from keys(value)
        elif re.fullmatch(r"[!-~]+\+[0-9a-f]{8}", value):
            yield from actors(value)
        elif value.startswith("age1"):
            yield from recipients(value)
        elif name == "origin":
            yield from texts(*ORIGINS)


def nodes(value, path=()):
    """All values within one, each with its path, itself first."""
    yield path, value
    for key, one in value.items() if type(value) is dict else enumerate(value) if type(value) is list else ():
        yield from nodes(one, (*path, key))


def put(value, path, new):
    """A copy with another value at this path."""
    if not path:
        return new
    if type(value) is dict:
        return {key: put(one, path[1:], new) if key == path[0] else one for key, one in value.items()}
    return [put(one, path[1:], new) if at == path[0] else one for at, one in enumerate(value)]


def of_object(value):
    """Members that are missing, twice, unknown, in another order, null."""
    pairs = list(value.items())
    for at, (key, one) in enumerate(pairs):
        yield f"without {key}", Pairs(pairs[:at] + pairs[at + 1:])
        yield f"{key} twice", Pairs(pairs[:at + 1] + pairs[at:])
        yield f"{key} twice, at the end", Pairs([*pairs, (key, one)])
        yield f"{key} twice, at the begin and changed", Pairs([(key, None), *pairs])
        yield f"{key} last", Pairs(pairs[:at] + pairs[at + 1:] + [(key, one)])
        yield f"{key} in upper case", Pairs(pairs[:at] + [(key.upper(), one)] + pairs[at + 1:])
        yield f"{key} escaped", Pairs(pairs[:at] + [(Raw(f'"\\u{ord(key[0]):04x}{key[1:]}"'), one)] + pairs[at + 1:])
        yield f"{key} without quotes", Pairs(pairs[:at] + [(Raw(key), one)] + pairs[at + 1:])
        yield f"{key} after a blank", Pairs(pairs[:at] + [(Raw(f' "{key}"'), one)] + pairs[at + 1:])
        yield f"{key} before a blank", Pairs(pairs[:at] + [(Raw(f'"{key}" '), one)] + pairs[at + 1:])
        yield f"{key} with a NUL", Pairs(pairs[:at] + [(Raw(f'"{key}\\u0000"'), one)] + pairs[at + 1:])
        yield f"an unknown member before {key}", Pairs(pairs[:at] + [("x", 1)] + pairs[at:])
        yield f"an empty member before {key}", Pairs(pairs[:at] + [("", 1)] + pairs[at:])
        if at:
            yield f"{key} first", Pairs([(key, one)] + pairs[:at] + pairs[at + 1:])
            yield f"{key} before {pairs[at - 1][0]}", Pairs(pairs[:at - 1] + [pairs[at], pairs[at - 1]] + pairs[at + 1:])
    yield "an unknown member", Pairs([*pairs, ("x", 1)])
    yield "__proto__", Pairs([*pairs, ("__proto__", {})])
    yield "__proto__ first", Pairs([("__proto__", {}), *pairs])
    yield "constructor", Pairs([*pairs, ("constructor", None)])
    yield "a number as a key", Pairs([*pairs, ("1", 1)])
    yield "no members", {}
    yield "a list of its values", list(value.values())
    yield "a comma at the end", Raw(encode(value)[:-1] + b",}")
    yield "a blank at the end", Raw(encode(value)[:-1] + b" }")
    yield "an object in a list", [value]


def of_list(value):
    for at, one in enumerate(value):
        yield f"without place {at}", value[:at] + value[at + 1:]
        yield f"place {at} twice", value[:at + 1] + value[at:]
        yield f"null at {at}", value[:at] + [None] + value[at:]
    yield "backwards", value[::-1]
    yield "empty", []
    yield "with a blank", Raw(encode(value).replace(b",", b", ") if len(value) > 1 else b"[ ]")
    yield "with a comma", Raw(encode(value)[:-1] + b",]")
    yield "sorted", sorted(value, key=str)
    yield "as an object", {str(at): one for at, one in enumerate(value)}
    for stranger in STRANGERS:
        yield f"with {stranger}", [*value, Raw(stranger)]


def change_json(chance, value):
    """One value of a tree, spelled otherwise: a name, and the bytes."""
    path, one = chance.choice(list(nodes(value)))
    if type(one) in (dict, list) and chance.random() < 0.1:
        changes = [(repr(new.data), new) for new in raws(*STRANGERS)]
    elif type(one) in (dict, list):
        changes = list((of_object if type(one) is dict else of_list)(one))
    else:
        changes = [(repr(new.data[:60]), new) for new in of_value(one, str(path[-1]) if path else "")]
    what, new = chance.choice(changes)
    return f"{'/'.join(map(str, path))}: {what}", encode(put(value, path, new))


def of_text_line(data):
    """Bytes of a line of JSON with its line feed, around it."""
    text = data[:-1]
    for what, new in (("a blank before", b" " + data), ("a blank behind", text + b" \n"), ("a tab behind", text + b"\t\n"), ("CRLF", text + b"\r\n"), ("CR", text + b"\r"), ("no end", text),
                      ("a line before", b"\n" + data), ("a line behind", data + b"\n"), ("a byte order mark", b"\xef\xbb\xbf" + data), ("a NUL", text + b"\0\n"), ("twice", data * 2), ("twice in one", text + data),
                      ("empty", b"\n"), ("nothing", b""), ("UTF-16", data.decode().encode("utf-16-le")), ("a comment", text + b"//\n"), ("half", text[:len(text) // 2] + b"\n"), ("a form feed", text + b"\x0c\n"),
                      ("U+0085", text + b"\xc2\x85\n"), ("U+2028", text + b"\xe2\x80\xa8\n"), ("a list", b"[" + text + b"]\n"), ("a byte that is no UTF-8", text + b"\xff\n"), ("null", b"null\n"),
                      ("a text", compact(text.decode()).encode() + b"\n")):
        yield what, new


LINE_ENDS = (b"\r\n", b"\r", b"", b"\n\n", b" \n", b"\t\n", b"\x0b", b"\x0c", b"\x1c\n", b"\xc2\x85", b"\xe2\x80\xa8", b"\0\n", b"\xff\n", b"\n\r")
TOKEN = re.compile(rb"[0-9a-f]{64}|[0-9]+|[A-Za-z0-9+/]{16,}={0,2}| +|[^ 0-9\n]+")


def joined(lines):
    return b"".join(line + b"\n" for line in lines)


def of_lines(data):
    yield "empty", b""
    yield "a byte order mark", b"\xef\xbb\xbf" + data
    yield "one line feed", b"\n"
    yield "a line feed too many", data + b"\n"
    yield "a line feed before", b"\n" + data
    yield "no last line feed", data[:-1]
    yield "all CRLF", data.replace(b"\n", b"\r\n")
    yield "upper case", data.upper()


def of_line(lines, at):
    yield f"line {at} is missing", joined(lines[:at] + lines[at + 1:])
    yield f"line {at} twice", joined(lines[:at + 1] + lines[at:])
    yield f"an empty line before {at}", joined(lines[:at] + [b""] + lines[at:])
    if at:
        yield f"line {at} before {at - 1}", joined(lines[:at - 1] + [lines[at], lines[at - 1]] + lines[at + 1:])
    for end in LINE_ENDS:
        yield f"line {at} ends in {end}", joined(lines[:at]) + lines[at] + end + joined(lines[at + 1:])


def change_lines(chance, data):
    """Lines of words: other ends, twice, missing, in another order, or a word spelled otherwise. A name, and the bytes."""
    lines = data.split(b"\n")[:-1]
    kind, at = chance.random(), chance.randrange(max(1, len(lines)))
    if kind < 0.1 or not lines:
        return chance.choice(list(of_lines(data)))
    if kind < 0.4 or not lines[at]:
        return chance.choice(list(of_line(lines, at)))
    found = chance.choice(list(TOKEN.finditer(lines[at])))
    new = chance.choice(words(found[0]))
    return f"line {at}, {found[0][:40]} as {new[:60]}", joined(lines[:at]) + lines[at][:found.start()] + new + lines[at][found.end():] + b"\n" + joined(lines[at + 1:])


def words(word):
    """One word of a line, otherwise."""
    if word.isspace():
        return (b"", b" " * (len(word) + 1), b"\t", b" \t", b"\xc2\xa0", b" *", b"\x0b", b"  *", b" \\", b"   ")
    if re.fullmatch(rb"[0-9a-f]{64}", word):
        return (word.upper(), word[:-1], word + b"0", word[:-2], b"0" * 64, word[::-1], b"", word[:32], word + word, word[:-1] + word[-1:].upper(), word[:-1] + b"g")
    if word.isdigit():
        own = word.decode()
        return tuple(one.encode() for one in (f"0{own}", f"+{own}", f"-{own}", f"{own}.0", f"{own}e0", f"0x{own}", str(int(own) + 1), str(int(own) + 2**32), str(int(own) + 2**53), str(int(own) + 2**64),
                                              str(MOST), str(MOST + 1), "0", "", "\uff11", "\u0661", f"{own} ", f"{own},", "-0", "-1", str(2**63), "9" * 60))
    if re.fullmatch(rb"[A-Za-z0-9+/]{16,}={0,2}", word) and len(word) % 4 == 0:
        return tuple(json.loads(one.data).encode("utf-8", "surrogatepass") for one in base64s(word.decode()))
    return (word.upper(), word.lower(), word + b"x", b"x" + word, b"", word + word, word[:-1], word.swapcase(), word + b"\xc3\xa9", word + b"\xff", word + b"\0", word + b"/", b"./" + word, b"../" + word,
            word + b":", word.replace(b"/", b"\\"), word.replace(b"/", b"//"), word + b".", word + b"%0A", word[:1] + b"\x7f" + word[1:])


# Notes: their signature lines.

ORDER = 2**252 + 27742317777372353535851937790883648493


def signature(change):
    """Changes the bytes behind the id of the first signature."""
    def edit(data):
        text, lines = data.split(b"\n\n")
        head, blob, *rest = re.split(rb"(?<= )([^ \n]+)(?=\n)", lines, maxsplit=1)
        raw = base64.b64decode(blob)
        return text + b"\n\n" + head + base64.b64encode(raw[:4] + change(raw[4:])) + b"".join(rest)
    return edit


def first_line(change):
    def edit(data):
        text, lines = data.split(b"\n\n")
        first, _, rest = lines.partition(b"\n")
        return text + b"\n\n" + change(first + b"\n") + rest
    return edit


def swapped_lines(data):
    text, lines = data.split(b"\n\n")
    return text + b"\n\n" + b"".join(line + b"\n" for line in lines.split(b"\n")[:-1][::-1])


def blob_of(change):
    def edit(line):
        head, blob = line[:-1].rsplit(b" ", 1)
        return head + b" " + change(blob) + b"\n"
    return first_line(edit)


OTHER = Key("other.example", bytes(range(32)))
NOTES = (
    ("S above the order", signature(lambda one: one[:32] + (int.from_bytes(one[32:], "little") + ORDER).to_bytes(32, "little"))),
    ("R of small order", signature(lambda one: POINTS["order 8"] + one[32:])), ("R not canonical", signature(lambda one: POINTS["p + 3"] + one[32:])),
    ("all zeros", signature(lambda one: bytes(64))), ("a signature of 63 bytes", signature(lambda one: one[:63])), ("a signature of 65 bytes", signature(lambda one: one + b"\0")),
    ("no bytes of a signature", signature(lambda one: b"")), ("one byte of a signature", signature(lambda one: b"x")), ("a changed signature", signature(lambda one: one[:5] + bytes([one[5] ^ 1]) + one[6:])),
    ("a minus for the dash", first_line(lambda line: line.replace("\u2014".encode(), b"-"))), ("an en dash", first_line(lambda line: line.replace("\u2014".encode(), "\u2013".encode()))),
    ("two blanks", first_line(lambda line: line.replace(b" ", b"  ", 1))), ("a blank behind", first_line(lambda line: line[:-1] + b" \n")), ("two blanks before the signature", first_line(lambda line: b"  ".join(line.rsplit(b" ", 1)))),
    ("a tab", first_line(lambda line: b"\t".join(line.rsplit(b" ", 1)))), ("a blank before", first_line(lambda line: b" " + line)), ("no blank", first_line(lambda line: line.replace(b" ", b"", 1))),
    ("the line twice", first_line(lambda line: line * 2)), ("another's line before", first_line(lambda line: OTHER.line(b"x\n") + line)), ("another's line", first_line(lambda line: OTHER.line(b"x\n"))),
    ("lines backwards", swapped_lines), ("another's line behind", lambda data: data + OTHER.line(b"x\n")), ("no line", lambda data: data.split(b"\n\n")[0] + b"\n\n"), ("an empty line more", lambda data: data.replace(b"\n\n", b"\n\n\n")),
    ("an empty line behind", lambda data: data + b"\n"), ("no last line feed", lambda data: data[:-1]), ("CRLF", lambda data: data.replace(b"\n", b"\r\n")), ("CRLF behind", lambda data: data[:-1] + b"\r\n"),
    ("another name", first_line(lambda line: line.replace(b"x7.", b"x8."))), ("a name with a plus", first_line(lambda line: line.replace(b"x7.", b"x7+"))), ("a name in UTF-8", first_line(lambda line: line.replace(b"x7.", "\u00e97.".encode()))),
    ("an empty name", first_line(lambda line: re.sub(b" [^ ]+ ", b"  ", line))), ("a name of 255", first_line(lambda line: re.sub(b" [^ ]+ ", b" " + b"x" * 255 + b" ", line))), ("a line of others with a name of 256", lambda data: data + ("\u2014 " + "x" * 256 + " " + b64(bytes(68)) + "\n").encode()),
    ("a line of others with an empty signature", lambda data: data + ("\u2014 x " + b64(bytes(4)) + "\n").encode()), ("a line of others of one byte", lambda data: data + ("\u2014 x " + b64(bytes(5)) + "\n").encode()),
    ("a line of others with a tab", lambda data: data + ("\u2014 x\ty " + b64(bytes(68)) + "\n").encode()), ("a line of others with U+007F", lambda data: data + ("\u2014 x\x7fy " + b64(bytes(68)) + "\n").encode()),
    ("a line of others with U+00A0", lambda data: data + ("\u2014 x\u00a0y " + b64(bytes(68)) + "\n").encode()), ("a line of others of U+FEFF", lambda data: data + ("\ufeff\u2014 x " + b64(bytes(68)) + "\n").encode()),
    ("a line of others with a plus", lambda data: data + ("\u2014 x+y " + b64(bytes(68)) + "\n").encode()), ("a line of others without padding", lambda data: data + ("\u2014 x " + b64(bytes(68)).rstrip("=") + "\n").encode()),
    ("99 lines more", lambda data: data + OTHER.line(b"x\n") * 99), ("100 lines more", lambda data: data + OTHER.line(b"x\n") * 100), ("98 lines more", lambda data: data + OTHER.line(b"x\n") * 98),
    ("97 lines more", lambda data: data + OTHER.line(b"x\n") * 97),
    *((f"65,{535 + more} bytes", lambda data, more=more: filled(data, 65_535 + more)) for more in (-1, 0, 1)),
    *((f"the signature as {name}", blob_of(change)) for name, change in (
        ("unpadded", lambda one: one.rstrip(b"=")), ("padded more", lambda one: one + b"="), ("cut", lambda one: one[:-4]), ("url-safe", lambda one: one.replace(b"+", b"-").replace(b"/", b"_")), ("longer", lambda one: one + b"AAAA"),
        ("with a blank", lambda one: one[:8] + b" " + one[8:]), ("an empty one", lambda one: b""), ("one with other unused bits", lambda one: one[:-2] + bytes([one[-2] + 1]) + one[-1:] if one.endswith(b"=") else one + b"x"),
        ("one of another id", lambda one: b64(b"\0\0\0\0" + base64.b64decode(one)[4:]).encode()), ("three bytes", lambda one: b"AAAA"), ("four bytes", lambda one: b"AAAAAA=="))))


def filled(data, size):
    """Of this size by a line of others whose signature is long."""
    line = len(("\u2014 x  \n").encode())
    room = size - len(data) - line
    room, name = room // 4 * 4, "x" + "y" * (room % 4)
    return data + f"\u2014 {name} {b64(bytes(room // 4 * 3))}\n".encode()
