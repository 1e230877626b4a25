"""Files of a bag, and sealed files: layouts, headers and plaintexts."""
import json

from build import Vault, bundle, manifest_of
from good import PLAIN, Case, of_bundle, vault_recipient
from hostile_entries import member, moved_last
from lies import matched, of_one, replaced
from pieces import compact, edited, hexed, layout_line, leaf
from vectors import root_of


def files_of_bag():
    for name, finding, hooks in (
            ("log/files, a line too many", "file-entry", {"log": lambda parts: parts.update(files=parts["files"] + b"9  nine\n")}),
            ("log/files, a file of an act", "file-entry", {"log": lambda parts: parts.update(files=b"0  zero\n" + parts["files"])}),
            ("log/files, empty", "file-unknown", {"log": lambda parts: parts.update(files=b"")}),
            ("log/files, a line twice", "files-malformed", {"log": lambda parts: parts.update(files=parts["files"] * 2)}),
            ("log/files, one blank", "files-malformed", {"log": replaced("files", b"1  ", b"1 ")}),
            ("log/files, a leading zero", "files-malformed", {"log": replaced("files", b"1  ", b"01  ")}),
            ("log/files, cut", "files-malformed", {"log": lambda parts: parts.update(files=parts["files"][:-1])}),
            ("log/files, a name that is not its own", "file-name", {"names": {1: "fs01/invoice.txt"}}),
            ("log/files, a path that leaves", "manifest-malformed", {"names": {1: "../x"}, "status": 3}),
            ("an original of other bytes", "original-mismatch", {"data": lambda files: files.update({f"data/{PLAIN}": b"x" * 164})}),
            ("an original of another length", "original-mismatch", {"data": lambda files: files.update({f"data/{PLAIN}": b"x"})}),
            ("an original too many", "file-unknown", {"data": lambda files: files.update({"data/extra": b"x"})}),
            ("an original that is missing", "file-missing", {"data": lambda files: files.pop(f"data/{PLAIN}")}),
            ("an original that was changed afterwards", "manifest-mismatch", {"after": replaced(f"data/{PLAIN}", b"Hello", b"Hallo")}),
            ("an original that was dropped afterwards", "file-missing", {"after": lambda files: files.pop(f"data/{PLAIN}")}),
            ("a file that is not listed", "file-unlisted", {"after": lambda files: files.update({"data/extra": b"x"})}),
            ("a file that has no place", "unknown-file", {"tags": lambda files: files.update({"log/extra": b"x"})}),
            ("a file of log/ that is missing", "file-missing", {"log": lambda parts: parts.pop("hashes")}),
            ("log/headers in a plain bundle", "file-missing", {"log": lambda parts: parts.update(headers=b"")}),
            ("log/layouts in a plain bundle", "file-missing", {"log": lambda parts: parts.update(layouts=b"")}),
            ("bagit.txt of another version", "bagit-malformed", {"tags": replaced("bagit.txt", b"1.0", b"0.97")}),
            ("a Payload-Oxum that does not fit", "oxum-mismatch", {"tags": replaced("bag-info.txt", b".1", b".2")}),
            ("a manifest that was changed afterwards", "manifest-mismatch", {"after": lambda files: files.update({"manifest-sha256.txt": files["manifest-sha256.txt"].upper()})}),
            ("a tag manifest that was changed afterwards", "note-manifest", {"after": lambda files: files.update({"tagmanifest-sha256.txt": files["tagmanifest-sha256.txt"].replace(b"  ", b" *", 1)})}),
            ("a tag manifest that lists a file twice", "manifest-malformed", {"after": lambda files: files.update({"tagmanifest-sha256.txt": files["tagmanifest-sha256.txt"] * 2})}),
            ("SHA-512 of the payload alone", "file-missing", {"tags": lambda files: files.update({"manifest-sha512.txt": b"x"})}),
            ("SHA-512 that does not fit", "manifest-mismatch", {"sha512": True, "tags": lambda files: files.update({"manifest-sha512.txt": manifest_of({f"data/{PLAIN}": b"x"}, "sha512")})}),
            ("no note", "file-missing", {"after": lambda files: files.pop("bundle.note")}),
            ("a companion that was changed", "manifest-mismatch", {"tags": lambda files: files.update({"items.csv": b"x\n"}), "after": lambda files: files.update({"items.csv": b"y\n"})})):
        yield of_one(name, finding, **hooks)
    vault = Vault("told")
    vault.item()
    vault.item(content=b"second\n")
    yield of_bundle("an item that is told, and its original is not here", vault, bundle(vault, [1], names={1: PLAIN}, also=[2]), 3, "original-missing")
    vault = Vault("elsewhere")
    vault.item(fields={"state": {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "elsewhere"}}.items())
    yield of_bundle("an item that is elsewhere, and has a file", vault, bundle(vault, [1], names={1: PLAIN}), 3, "original-mismatch")
    yield Case("a folder that is no bag", 1, "-", "bundle", {"bundle/readme.txt": b"x"})
    yield Case("a bag that is no bundle", 1, "-", "bundle", {"bundle/bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"})
    vault = Vault("renamed")
    vault.item()
    files = bundle(vault, [1], names={1: PLAIN})
    files["data/fs01/share/readme.tx"] = files.pop(f"data/{PLAIN}")
    yield of_bundle("an original under another name", vault, files, 1)


LAYOUTS = (
    ("a payload longer by one", "layout-malformed", member("bytes", 4129)),
    ("a payload longer by a chunk", "payload-size", lambda value: value.update(bytes=4128 + 65_552, tail=4112)),
    ("a tail longer than the payload", "layout-malformed", member("tail", 8224)),
    ("a tail of a chunk that is too short", "layout-malformed", lambda value: value.update(bytes=16 + 65_552 + 16, tail=65_552 + 16)),
    ("no tail", "layout-malformed", member("tail", 0)),
    ("a tail that is too long", "layout-malformed", lambda value: value.update(bytes=16 + 65_552 * 320, tail=65_552 * 320)),
    ("a plaintext that is not padded", "layout-malformed", lambda value: value.update(bytes=16 + 4097 + 16, tail=4097 + 16)),
    ("a plaintext that is too short", "layout-malformed", lambda value: value.update(bytes=16 + 2048 + 16, tail=2048 + 16)),
    ("another root", "payload-root", member("root", "ab" * 32)),
    ("a root in upper case", "layout-malformed", member("root", "AB" * 32)),
    ("a number past the limit", "layout-malformed", member("bytes", 2**53)),
    ("another order", "layout-malformed", moved_last("bytes")),
    ("a member too many", "layout-malformed", member("name", "x")),
)


def zero_padding(parts):
    parts["zeros"] = parts["zeros"][:-1] + b"x"


def short_padding(parts):
    """Padded to the next class: as long as a padded plaintext is, and not this one's."""
    parts["zeros"] += bytes(256)
    parts["rows"][-2] = (parts["rows"][-2][0] + 256, 0)


def change_row(at, row):
    def edit(parts):
        parts["rows"][at] = (parts["rows"][at][0] + row[0], parts["rows"][at][1] + row[1])
    return edit


def change_end(old, new):
    return lambda parts: parts.update(end=parts["end"].replace(old, new, 1))


def change_frame(change):
    def edit(parts):
        frame, held = parts["frames"][0]
        changed = change(frame)
        parts["frames"][0] = changed, held
        parts["rows"][0] = len(changed), held
        difference = len(changed) - len(frame)
        parts["zeros"] = parts["zeros"][:len(parts["zeros"]) - difference] if difference > 0 else parts["zeros"] + bytes(-difference)
        parts["rows"][1] = 8 + len(parts["zeros"]), 0
    return edit


def other_fields(parts):
    fields = parts["fields"]
    parts["fields"] = fields.replace(b'"kind"', b'"kine"', 1)


PLAINTEXTS = (
    ("padding that is not zero", "padding", zero_padding),
    ("padding of the next class", "padding", short_padding),
    ("a seek table with another length of a frame", "seek-table", change_row(0, (1, 0))),
    ("a seek table with another size of a frame", "seek-table", change_row(0, (0, 1))),
    ("a seek table that gives the padding content", "seek-table", change_row(1, (0, 1))),
    ("a seek table with another length of the fields", "seek-table", change_row(2, (1, 0))),
    ("a seek table with checksums", "seek-table", change_end(b"\0\xb1", b"\x80\xb1")),
    ("a seek table with another count", "seek-table", change_end(b"\3\0\0\0", b"\2\0\0\0")),
    ("a seek table with another magic", "seek-table", change_end(b"\xb1\xea", b"\xb2\xea")),
    ("a frame with a checksum", "content-malformed", change_frame(lambda frame: frame[:4] + bytes([frame[4] | 4]) + frame[5:] + bytes(4))),
    ("a frame with a dictionary", "content-malformed", change_frame(lambda frame: frame[:4] + bytes([frame[4] | 1]) + b"\0" + frame[5:])),
    ("a frame with the unused bit", "content-malformed", change_frame(lambda frame: frame[:4] + bytes([frame[4] | 16]) + frame[5:])),
    ("a frame with the reserved bit", "content-malformed", change_frame(lambda frame: frame[:4] + bytes([frame[4] | 8]) + frame[5:])),
    ("a frame without its size", "content-malformed", change_frame(lambda frame: frame[:4] + b"\0\x58" + frame[6:])),
    ("a frame with a window of 8 MiB", "content-malformed", change_frame(lambda frame: frame[:4] + b"\x80\x68" + (164).to_bytes(4, "little") + frame[6:])),
    ("a frame with a compressed block of no bytes", "content-malformed", change_frame(lambda frame: frame[:6] + b"\4\0\0" + frame[6:])),
    ("a frame with a block of type 3", "content-malformed", change_frame(lambda frame: frame[:6] + b"\6\0\0" + frame[6:])),
    ("a frame that says more than it holds", "seek-table", change_frame(lambda frame: frame[:5] + bytes([frame[5] + 1]) + frame[6:])),
    ("a second frame that is empty", "content-malformed", lambda parts: (parts["frames"].append((parts["frames"][0][0][:4] + b"\x20\0\1\0\0", 0)),
                                                                        parts["rows"].insert(1, (9, 0)),
                                                                        parts.update(zeros=parts["zeros"][:-17], end=parts["end"].replace(b"\3", b"\4", 1)),
                                                                        parts["rows"].__setitem__(2, (8 + len(parts["zeros"]), 0)))),
    ("fields of other lines", "fields-mismatch", other_fields),
    ("a fields frame with two lengths", "fields-malformed", lambda parts: parts.update(fields=parts["fields"][:-8] + bytes(4) + b"EXHM")),
    ("a fields frame with another end", "fields-malformed", lambda parts: parts.update(fields=parts["fields"][:-4] + b"EXHX")),
)


def sealed_bundle(name, vault, finding, status=3, items=(1,), **hooks):
    reader = vault_recipient("reader")
    files = bundle(vault, list(items), receivers=[reader], **hooks)
    return of_bundle(f"sealed, {name}", vault, files, status, finding, arguments="-i identity.txt", beside={"identity.txt": reader.identity.encode() + b"\n"})


def sealed_files():
    for name, finding, change in LAYOUTS:
        vault = Vault(name)
        lines = vault.lines([("name", "x"), ("size", 2), ("sha256", hexed(b"x\n")), ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})])
        sealed = vault.seal(lines, b"x\n")
        value = json.loads(sealed.layout)
        sealed = sealed._replace(layout=(compact(edited(value, change)) + "\n").encode())
        vault.add("item", sealed=sealed)
        yield sealed_bundle(f"a layout with {name}", vault, finding)
    for name, finding, hook in (
            ("another layout than signed", "layout-mismatch", matched("layouts", rb'"root":"..', b'"root":"00')),
            ("no layout", "layout-malformed", lambda parts: parts.update(layouts=b"= 1\n")),
            ("a layout of another item", "layout-malformed", replaced("layouts", b"= 1", b"= 2")),
            ("no layouts of its items", "layout-malformed", lambda parts: parts.update(layouts=b"")),
            ("a layout that is cut", "layout-malformed", lambda parts: parts.update(layouts=parts["layouts"][:-1])),
            ("another header than signed", "header-mismatch", matched("headers", rb"^--- ..", b"--- AA")),
            ("a header of an item that is not here", "header-malformed", lambda parts: parts.update(headers=parts["headers"] + parts["headers"].replace(b"= 1", b"= 7", 1)))):
        vault = Vault(name)
        vault.item()
        yield sealed_bundle(name, vault, finding, log=hook)
    for name, finding, hook in (
            ("a payload that was changed", "payload-root", lambda files: files.update({"data/1.age": files["data/1.age"][:-1] + bytes([files["data/1.age"][-1] ^ 1])})),
            ("a payload that was cut", "payload-size", lambda files: files.update({"data/1.age": files["data/1.age"][:-1]})),
            ("a payload with a byte too many", "payload-size", lambda files: files.update({"data/1.age": files["data/1.age"] + b"x"})),
            ("a stanza that nobody knows", "sealed-malformed", matched("data/1.age", rb"-> X25519 ", b"-> x grease\n\n-> X25519 ")),
            ("a stanza with two arguments", "sealed-malformed", matched("data/1.age", rb"(-> X25519 [^\n]*)", rb"\1 x")),
            ("a MAC that was changed", "content-decryption", matched("data/1.age", rb"^--- .", lambda match: b"--- A" if match[0] != b"--- A" else b"--- B")),
            ("a header of version 2", "sealed-malformed", replaced("data/1.age", b"/v1", b"/v2"))):
        vault = Vault(name)
        vault.item()
        yield sealed_bundle(name, vault, finding, data=hook)
    for name, finding, edit in PLAINTEXTS:
        vault = Vault(name)
        vault.item(edit_plaintext=edit)
        yield sealed_bundle(name, vault, finding)
    for name, finding, fields in (
            ("a size that is larger", "content-size", {"size": 165}), ("a size that is smaller", "content-size", {"size": 163}),
            ("another digest", "content-digest", {"sha256": "ab" * 32}), ("another MD5", "content-digest", {"md5": "ab" * 16}),
            ("other parts", "parts", {"parts": {"by": "lines", "count": 8, "root": "ab" * 32}, "parts-seed": "cd" * 32}),
            ("no state", "fields-malformed", {"state": None})):
        vault = Vault(name)
        vault.item(fields={key: value for key, value in fields.items() if value is not None}.items(), without=[key for key, value in fields.items() if value is None])
        yield sealed_bundle(name, vault, finding)
    vault = Vault("commitment")
    vault.item(edit=member("key", "ab" * 32))
    yield sealed_bundle("another commitment to the key", vault, "key-commitment")
    vault = Vault("two of one")
    vault.item()
    yield sealed_bundle("for more receivers than its export says", vault, "sealed-recipients", recipients=["one", "two"])
    vault = Vault("recipients hidden")
    vault.item()
    yield sealed_bundle("an export that hides its recipients", vault, "field-hidden", hide={2: {"recipients"}})
    vault = Vault("name")
    vault.item()
    yield sealed_bundle("a file of another name", vault, "file-name", data=lambda files: files.update({"data/1": files.pop("data/1.age")}),
                        log=replaced("files", b"1.age", b"1"))
    vault = Vault("two stanzas in the vault")
    lines = vault.lines([("name", "x"), ("size", 2), ("sha256", hexed(b"x\n")), ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})])
    vault.add("item", sealed=vault.seal(lines, b"x\n", recipients=[vault.recipient.public, vault_recipient("a thief").public]))
    yield sealed_bundle("a vault's header for two", vault, "header-malformed")
    vault = Vault("early tail")
    content = vault.random(300_000)
    lines = vault.lines([("name", "x"), ("size", len(content)), ("sha256", hexed(content)), ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})])
    sealed = vault.seal(lines, content)
    layout = json.loads(sealed.layout)
    tail_at = layout["bytes"] - layout["tail"] - 65_552
    blocks = [sealed.payload[:16], sealed.payload[16:tail_at], sealed.payload[tail_at:]]
    vault.add("item", sealed=sealed._replace(layout=layout_line(layout["bytes"], layout["tail"] + 65_552, root_of([leaf(block) for block in blocks]))))
    yield sealed_bundle("a tail that begins a chunk early", vault, "payload-layout")
    vault = Vault("bomb")
    vault.item(content=bytes(1 << 20), fields={"size": 5, "sha256": hexed(bytes(5))}.items())
    yield sealed_bundle("content that is larger than it says", vault, "content-size")
