"""What damage and forgers make of a file: bytes, lines, numbers, and objects of JSON that are signed anew."""
import base64
import json
import re

ODD_NUMBERS = (b"0", b"-1", b"18446744073709551615", b"18446744073709551616", b"9" * 400, b"1e999", b"00", b"4611686018427387904")
ODD_TEXTS = ("", "\u0000", "\u202e\u009b2J", "\ud800", "x" * 70_000, "../../etc/passwd", "-", "\u2028", "1-65536", "a\nb", "age1" + "q" * 58)
ODD_VALUES = (None, True, 0, -1, 2**64, 1.5, [], {}, [[[]]], *ODD_TEXTS)


def of_bytes(chance, data):
    """One change of bytes or lines."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 1, 16, 1000)))
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    numbers = list(re.finditer(rb"[0-9]+", data)) or [re.search(rb"", data)]
    number = chance.choice(numbers)

    def flip():
        return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1:] if at < len(data) else data + b"\x80"

    def swap_lines():
        lines[one], lines[other] = lines[other], lines[one]
        return b"\n".join(lines)
    return chance.choice((
        flip, flip, flip, lambda: data[:at], lambda: data[at:], lambda: data[:at] + data[end:], lambda: data[:at] + data[at:end] * 2 + data[end:],
        lambda: data[:at] + chance.choice((b"\x00", b"\xff\xfe", b"\r", b"\x1b[2J", b" ", b"\n", b"\n\n", b"\xed\xa0\x80")) + data[at:],
        lambda: b"", lambda: data + b"\n", lambda: data + data, lambda: data + bytes(2 << 20), lambda: data.replace(b"\n", b"\r\n"),
        lambda: chance.randbytes(chance.randrange(1, 300)), swap_lines, lambda: b"\n".join(lines[:one] + lines[one + 1:]),
        lambda: b"\n".join(lines[:one] + [lines[one]] + lines[one:]), lambda: b"[" * 100_000,
        lambda: data[:number.start()] + chance.choice(ODD_NUMBERS) + data[number.end():],
        lambda: data[:number.start()] + chance.choice(ODD_NUMBERS) + data[number.end():]))()


def of_object(chance, value):
    """One change of an object: a key goes, comes, changes its place, its value or its kind."""
    value = dict(value)
    keys = list(value)
    key, other = chance.choice(keys), chance.choice(keys)

    def swap():
        value[key], value[other] = value[other], value[key]
        return value
    return chance.choice((
        lambda: {name: one for name, one in value.items() if name != key}, lambda: {**value, "more": 1}, lambda: dict(reversed(value.items())),
        swap, lambda: {**value, key: chance.choice(ODD_VALUES)}, lambda: {**value, key: chance.choice(ODD_VALUES)},
        lambda: {**value, key: chance.choice(ODD_VALUES)}, lambda: {**value, key: json.dumps(value)}))()


def of_note(chance, data, signers):
    """A signed note whose line of JSON is another one, signed again by those who signed it. Lines that lie before it, as fields do
    before a statement, stay."""
    text, _, lines = data.partition(b"\n\n")
    before, _, text = text.rpartition(b"\n")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if type(value) is not dict or not value:
        return of_bytes(chance, data)
    value = of_object(chance, value)
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass") + b"\n"
    names = [entry.split(b" ")[1].decode(errors="replace") for entry in lines.splitlines() if entry.count(b" ") == 2]
    return (before + b"\n" if before else b"") + line + b"\n" + b"".join(one.line(line) for one in signers if one.name in names)


def of_base64(chance, data):
    """Of what lies in base64 in it, as a key does."""
    found = list(re.finditer(rb"[A-Za-z0-9+/]{20,}={0,2}", data))
    if not found:
        return of_bytes(chance, data)
    one = chance.choice(found)
    raw = base64.b64decode(one[0] + b"=" * (-len(one[0]) % 4), validate=False) if len(one[0]) % 4 != 1 else b""
    return data[:one.start()] + base64.b64encode(of_bytes(chance, raw)[:200_000]) + data[one.end():]


def make(chance, data, signers=()):
    """One mutant, of one to three changes."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        if signers and chance.random() < 0.5:
            data = of_note(chance, data, signers)
        elif chance.random() < 0.15:
            data = of_base64(chance, data)
        else:
            data = of_bytes(chance, data)
    return data
