"""Sealed files: layouts, headers and plaintexts, of which one part is spelled otherwise."""
import functools
import re

from build import bundle
from good import of_bundle, vault_recipient
from hostile_files import change_frame
from mutants_of_bundles import bundle_of, honest_files, vault_of_log
from mutants_of_entries import STATE, fork, in_turn
from mutants_of_fields import first_vault
from pieces import b64, hexed
from spellings import change_json, change_lines, encode, of_text_line

# Sealed bundles: layouts, headers, plaintexts.

READER = vault_recipient("reader")
BESIDE = {"identity.txt": READER.identity.encode() + b"\n"}


def of_sealed(name, vault, files, opened):
    return of_bundle(name, vault, files, arguments="-i identity.txt" if opened else "", beside=BESIDE if opened else {})


def of_layout(data):
    vault = fork(first_vault())
    sealed = vault.seal(vault.lines([("size", 2), ("sha256", hexed(b"x\n")), ("state", STATE)]), b"x\n")._replace(layout=data)
    number = vault.add("item", sealed=sealed)
    return of_sealed("layout", vault, bundle(vault, [number], receivers=[READER]), False)


def of_header(change, where="data", receivers=1):
    """A bundle whose header for the receivers, or the vault's own, is spelled otherwise."""
    vault = fork(first_vault())
    lines = vault.lines([("size", 2), ("sha256", hexed(b"x\n")), ("state", STATE)])
    sealed = vault.seal(lines, b"x\n")
    if where == "own":
        sealed = sealed._replace(header=change(sealed.header))
    number = vault.add("item", sealed=sealed)
    def data(files):
        for name, one in files.items():
            end = one.index(b"\n---") + one[one.index(b"\n---") + 1:].index(b"\n") + 2
            files[name] = (change(one[:end]) if where == "data" else one[:end]) + one[end:]
    return of_sealed("header", vault, bundle(vault, [number], receivers=[READER], data=data, recipients=["r"] * receivers), False)


def stanza(kind, *arguments, body=bytes(32)):
    return f"-> {' '.join([kind, *arguments])}\n{b64(body).rstrip('=')}\n".encode()


def raw64(data):
    return b64(data).rstrip("=")


def add_stanza(data, at=1):
    """A header with one stanza more, in its place."""
    def change(header):
        pieces = re.split(rb"(?m)^(?=->|---)", header)
        return b"".join([*pieces[:at], data, *pieces[at:]])
    return change


STANZAS = (
    ("ssh-ed25519", stanza("ssh-ed25519", raw64(bytes(4)), raw64(bytes(range(32))))), ("ssh-ed25519 of a short share", stanza("ssh-ed25519", raw64(bytes(4)), raw64(bytes(31)))), ("ssh-ed25519 of three bytes", stanza("ssh-ed25519", raw64(bytes(3)), raw64(bytes(32)))),
    ("ssh-ed25519 of one argument", stanza("ssh-ed25519", raw64(bytes(32)))), ("ssh-rsa", stanza("ssh-rsa", raw64(bytes(4)))), ("scrypt", stanza("scrypt", raw64(bytes(16)), "10")), ("mlkem768x25519", stanza("mlkem768x25519", raw64(bytes(1120)))),
    ("X25519 once more", stanza("X25519", raw64(bytes(range(32))))), ("X25519 of zeros", stanza("X25519", raw64(bytes(32)))), ("X25519 of 31", stanza("X25519", raw64(bytes(31)))), ("X25519 of 33", stanza("X25519", raw64(bytes(33)))), ("X25519 padded", stanza("X25519", b64(bytes(range(32))))),
    ("X25519 without", stanza("X25519")), ("X25519 with two", stanza("X25519", raw64(bytes(32)), "x")), ("x25519", stanza("x25519", raw64(bytes(32)))), ("X25519 of another body", stanza("X25519", raw64(bytes(range(32))), body=bytes(31))),
    ("X25519 of a long body", stanza("X25519", raw64(bytes(range(32))), body=bytes(48))), ("X25519 of a body of two lines", stanza("X25519", raw64(bytes(range(32))), body=bytes(48)) + b"AAAA\n"), ("X25519 of an empty body", b"-> X25519 " + raw64(bytes(32)).encode() + b"\n\n"),
    ("grease", b"-> x-grease\n\n"), ("a stanza without a name", b"-> \nAAAA\n"), ("a stanza of two blanks", b"->  X25519 " + raw64(bytes(range(32))).encode() + b"\n" + raw64(bytes(32)).encode() + b"\n"),
    ("a blank behind it", b"-> X25519 " + raw64(bytes(range(32))).encode() + b" \n" + raw64(bytes(32)).encode() + b"\n"), ("other unused bits", b"-> X25519 " + raw64(bytes(32)).encode()[:-1] + b"B\n" + raw64(bytes(32)).encode() + b"\n"),
    ("other unused bits of the body", b"-> X25519 " + raw64(bytes(32)).encode() + b"\n" + raw64(bytes(32)).encode()[:-1] + b"B\n"), ("CRLF", b"-> X25519 " + raw64(bytes(32)).encode() + b"\r\n" + raw64(bytes(32)).encode() + b"\r\n"))


def of_stanzas(count, data):
    """With so many more, and an export that says so."""
    return of_header(add_stanza(data * count), receivers=1 + count)


def header_rows():
    for where in ("data", "own"):
        for what, data in STANZAS:
            for at in (1, 2):
                yield f"{where}, {what} at {at}", functools.partial(of_header, add_stanza(data, at), where)
    for what, data in STANZAS:
        yield f"{what}, and two are asked for", functools.partial(of_stanzas, 1, data)
    for count in (62, 63, 64):
        for kind in (7, 0):
            yield f"{count} stanzas more of {STANZAS[kind][0]}", functools.partial(of_stanzas, count, STANZAS[kind][1])
    for what, data in of_text_line(b'{"bytes":4128,"tail":4112,"root":"' + b"ab" * 32 + b'"}\n'):
        yield f"layout, {what}", functools.partial(of_layout, data)
    for size, tail in LAYOUTS:
        yield f"a layout of {size} and {tail}", functools.partial(of_layout, encode({"bytes": size, "tail": tail, "root": "ab" * 32}) + b"\n")


LAYOUTS = ((4128, 4112), (4129, 4112), (4127, 4111), (16 + 4112 + 256, 4112 + 256), (16 + 65_552 + 16, 16), (16 + 65_552 + 17, 17), (16 + 65_552, 65_552), (16 + 65_552 * 320, 65_552 * 320), (16 + 65_552 * 319, 65_552 * 319), (16 + 65_552 * 320, 65_552),
           (16, 0), (2**53 - 1, 4112), (16 + 17, 17), (16 + 2 * 65_552, 65_552), (16 + 2 * 65_552, 2 * 65_552), (16 + 20_971_520, 20_971_520), (16 + 20_971_521, 20_971_521))


def headers(chance):
    seen = {}
    for where in ("data", "own"):
        of_header(lambda data, where=where: seen.setdefault(where, data), where)
    for row in in_turn(chance, list(header_rows())):
        yield row
        for where, data in seen.items():
            what, new = change_lines(chance, data)
            yield f"{where}, {what}", functools.partial(of_header, lambda _, new=new: new, where)
        what, data = change_json(chance, {"bytes": 4128, "tail": 4112, "root": "ab" * 32})
        yield f"layout, {what}", functools.partial(of_layout, data + b"\n")
        name = chance.choice(("layouts", "headers"))
        what, data = change_lines(chance, honest_files(True)[f"log/{name}"])
        yield f"log/{name}, {what}", functools.partial(of_sealed_log, name, lambda _, data=data: data)


def of_sealed_log(name, change):
    vault = fork(vault_of_log())
    files = bundle_of(vault, receivers=[READER], names={}, log=lambda parts: parts.update({name: change(parts[name])}))
    return of_sealed(name, vault, files, False)


def of_plaintext(edit, content=b"x\n"):
    vault = fork(first_vault())
    number = vault.item(content=content, edit_plaintext=edit)
    return of_sealed("plaintext", vault, bundle(vault, [number], receivers=[READER]), True)


def byte_of(part, at, change):
    def edit(parts):
        data = bytearray(parts[part])
        data[at] = change(data[at]) & 255
        parts[part] = bytes(data)
    return edit


def plaintext_rows():
    for part, places in (("fields", range(-12, 12)), ("end", range(9)), ("zeros", (0, 1, -1, -2))):
        for at in places:
            for what, change in (("more", lambda one: one + 1), ("less", lambda one: one - 1), ("a bit", lambda one: one ^ 128)):
                yield f"{part}, byte {at}, {what}", functools.partial(of_plaintext, byte_of(part, at, change))
    for row in range(3):
        for column in range(2):
            for more in (1, -1, 256):
                yield f"row {row}, {column}, {more}", functools.partial(of_plaintext, lambda parts, row=row, column=column, more=more: parts["rows"].__setitem__(
                    row, tuple((one + more) % 2**32 if at == column else one for at, one in enumerate(parts["rows"][row]))))
    for bit in range(8):
        yield f"the frame's descriptor, bit {bit}", functools.partial(of_plaintext, change_frame(lambda frame, bit=bit: frame[:4] + bytes([frame[4] ^ 1 << bit]) + frame[5:]))
    for window in range(0, 256, 5):
        for size in (2, 1000, 200_000):
            yield f"a window of {window:#x} for {size} bytes", functools.partial(of_plaintext, change_frame(lambda frame, window=window, size=size: windowed(frame, window, size)), bytes(size))
    for kind in range(4):
        for length in (0, 1, 2, 3, 0x1FFFF, 0x20000, 0x20001, 0x1FFFFF):
            yield f"a block of type {kind} and length {length}", functools.partial(of_plaintext, change_frame(lambda frame, kind=kind, length=length: frame[:6] + (length << 3 | kind << 1).to_bytes(3, "little") + frame[6:]))
    for size in (0, 1, 2, 65_535, 65_536, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 2 << 20, 300_000):
        yield f"{size} bytes", functools.partial(of_plaintext, None, bytes(size))


def plaintexts(chance):
    return in_turn(chance, list(plaintext_rows()))


def windowed(frame, window, size):
    """The frame with a window of its own, and its size in four bytes."""
    head = 5 + (1 if frame[4] >> 6 == 0 else 2 if frame[4] >> 6 == 1 else 4)
    return frame[:4] + bytes([0x80, window]) + size.to_bytes(4, "little") + frame[head:]
