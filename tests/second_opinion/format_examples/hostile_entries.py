"""Entries that lie about themselves: their members, bytes, labels and keys."""
from build import Vault, bundle
from good import PLAIN, Case, of_bundle
from pieces import ORIGIN, Key, b64, note
from vectors import sha256


def member(key, value):
    return lambda entry: entry.update({key: value})


def without(key):
    return lambda entry: entry.pop(key)


def moved_last(key):
    return lambda entry: entry.update({key: entry.pop(key)})


def as_text(change):
    """Changes an entry's bytes after they were made, and signs again."""
    def finish(vault, number):
        text = vault.entries[number].split(b"\n\n")[0] + b"\n"
        vault.entries[number] = note(change(text), vault.keys["k1"])
    return finish


def as_bytes(change):
    def finish(vault, number):
        vault.entries[number] = change(vault.entries[number])
    return finish


def labels(*values):
    return b64(b"".join(bytes([one]) * 16 for one in values))


ENTRY_LIES = (
    ("an unknown type", "entry-malformed", member("type", "hologram")),
    ("version 2 without an upgrade", "entry-malformed", member("v", 2)),
    ("version true", "entry-malformed", member("v", True)),
    ("a member that is missing", "entry-malformed", without("header")),
    ("a member too many", "entry-malformed", member("size", 3)),
    ("another order", "entry-malformed", moved_last("labels")),
    ("no law", "entry-malformed", without("law")),
    ("a law in the future", "entry-law", member("law", 9)),
    ("itself as law", "entry-law", member("law", 3)),
    ("an item as law", "entry-law", member("law", 1)),
    ("an older law", "entry-law", member("law", 0)),
    ("another prev", "entry-chain", member("prev", "ab" * 32)),
    ("another origin", "entry-origin", member("origin", "x8.example")),
    ("an earlier position", "entry-position", member("seq", 1)),
    ("a second genesis", "entry-malformed", member("type", "genesis")),
    ("milliseconds", "entry-malformed", member("time", "2026-11-28T23:00:00.000Z")),
    ("a leap second", "entry-malformed", member("time", "2026-11-28T23:59:60Z")),
    ("a day that is not", "entry-malformed", member("time", "2026-02-29T00:00:00Z")),
    ("a year before 1970", "entry-malformed", member("time", "1969-12-31T23:59:59Z")),
    ("a zone", "entry-malformed", member("time", "2026-11-28T23:00:00+00:00")),
    ("three labels", "entry-labels", member("labels", labels(0, 1, 2))),
    ("five labels", "entry-labels", member("labels", labels(0, 1, 2, 3, 4))),
    ("labels out of order", "entry-labels", member("labels", labels(0, 2, 1, 3))),
    ("a label twice", "entry-labels", member("labels", labels(0, 1, 1, 3))),
    ("labels without padding", "entry-malformed", lambda entry: entry.update(labels=entry["labels"].rstrip("="))),
    ("a hash in upper case", "entry-malformed", lambda entry: entry.update(header=entry["header"].upper() if entry["header"].upper() != entry["header"] else "AB" * 32)),
    ("an actor who is not known", "entry-signer", member("actor", f"{ORIGIN}/k9+00000000")),
    ("a cosigner on an item", "entry-malformed", member("accepted", [])),
    ("an accepted item that nobody collected", "entry-malformed", lambda entry: {**dict(list(entry.items())[:8]), "accepted": ["retired"], **dict(list(entry.items())[8:])}),
)
ENTRY_BYTES = (
    ("white space in it", "entry-malformed", as_text(lambda text: text.replace(b'{"v":1,', b'{"v": 1,'))),
    ("a number with an exponent", "entry-malformed", as_text(lambda text: text.replace(b'"v":1,', b'"v":1e0,'))),
    ("a number with a zero before it", "entry-malformed", as_text(lambda text: text.replace(b'"seq":3,', b'"seq":03,'))),
    ("a member twice", "entry-malformed", as_text(lambda text: text.replace(b'"v":1,', b'"v":1,"v":1,'))),
    ("a byte order mark", "entries-malformed-or-more", as_text(lambda text: b"\xef\xbb\xbf" + text)),
    ("two lines of text", "entry-malformed", as_text(lambda text: text + b"more\n")),
    ("an extra signature", "entry-malformed", as_bytes(lambda data: data + data.split(b"\n\n")[1])),
    ("no signature", "entry-malformed", as_bytes(lambda data: data.split(b"\n\n")[0] + b"\n\n")),
    ("a wrong signature", "entry-signature", as_bytes(lambda data: data.replace(b'"law":2', b'"law":2').replace(b"ransom", b"ransom")[:-6] + (b"AAAA=\n" if not data.endswith(b"AAAA=\n") else b"BBBB=\n"))),
    ("a signature of an id too many", "entry-malformed", as_bytes(lambda data: data.replace("\u2014 ".encode(), "\u2014  ".encode()))),
    ("a tab", "entry-malformed", as_text(lambda text: text.replace(b'"item"', b'"item"\t'))),
    ("CRLF", "entry-malformed", as_bytes(lambda data: data.replace(b"\n", b"\r\n"))),
    ("a byte that is no UTF-8", "entry-malformed", as_text(lambda text: text.replace(b'"item"', b'"it\xffem"'))),
)


def entries():
    for name, finding, edit in ENTRY_LIES:
        vault = Vault(name)
        vault.item()
        vault.admit("k2", 2)
        vault.item(content=b"lies\n", edit=edit)
        vault.item(content=b"after\n")
        yield of_bundle(f"an entry with {name}", vault, bundle(vault, [1], names={1: PLAIN}, whole=True), 3, finding)
    for name, finding, finish in ENTRY_BYTES:
        vault = Vault(name)
        vault.item()
        vault.admit("k2", 2)
        number = vault.item(content=b"lies\n")
        finish(vault, number)
        finding = finding if "or-more" not in finding else "entry-malformed"
        yield of_bundle(f"an entry with {name}", vault, bundle(vault, [1], names={1: PLAIN}, whole=True), 3, finding)
    vault = Vault("long")
    vault.item()
    vault.add("statement", {"items": ",".join(str(2 * at) for at in range(1, 12_000))}, [("act", "long")])
    yield of_bundle("an entry that is too long", vault, bundle(vault, [1], names={1: PLAIN}, whole=True), 3, "entry-malformed")
    for name, edit in (("a person who is not 1", lambda value: value["custodian"].update(person=2)), ("3 labels an entry", member("label_count", 3)),
                       ("65 labels an entry", member("label_count", 65)), ("no roles", lambda value: value["custodian"].update(roles=[])),
                       ("roles out of order", lambda value: value["custodian"].update(roles=["custodian", "collector"])),
                       ("a recipient of the other suite", member("suite", 2)), ("two Ed25519 log keys", lambda value: value.update(log=value["log"] * 2)),
                       ("no log key", member("log", [])), ("a recipient with a changed checksum", lambda value: value.update(recipient=value["recipient"][:-1] + ("q" if value["recipient"][-1] != "q" else "p"))),
                       ("suite 0", member("suite", 0)), ("a key of small order", small_order), ("a handle that is a name", named_handle), ("a log key of another name", other_log)):
        vault = Vault(name, genesis=edit)
        yield of_bundle(f"a genesis with {name}", vault, genesis_bundle(vault), 3, "entry-malformed")
    vault = Vault("not first")
    vault.item()
    yield of_bundle("a bundle without its genesis", vault, bundle(vault, [1], names={1: PLAIN}, told=[1, 2, 3]), 3, "genesis-missing")
    vault = Vault("other vault")
    vault.item()
    files = bundle(vault, [1], names={1: PLAIN})
    yield Case("another vault's fingerprint", 3, "fingerprint-mismatch", "bundle --fingerprint " + "ab" * 32, {f"bundle/{path}": data for path, data in files.items()})


def genesis_bundle(vault):
    vault.item()
    return bundle(vault, [1], names={1: PLAIN}, whole=True)


def key_text(name, public):
    data = b"\1" + public
    return f"{name}+{sha256(name.encode() + bytes([10]) + data)[:4].hex()}+{b64(data)}"


def small_order(value):
    value["custodian"]["key"] = key_text(f"{ORIGIN}/k1", bytes([1]) + bytes(31))


def named_handle(value):
    value["custodian"]["key"] = Key(f"{ORIGIN}/Alice", bytes(32)).text


def other_log(value):
    value["log"] = [Key("another.example", bytes(32)).text]
