"""Bundles and proofs that hold, of every kind that docs/FORMAT.md has, and those that older programs must not judge."""
import base64
import io
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from build import Vault, bundle, proof
from collections import namedtuple
from pathlib import Path
from pieces import HAS_ML_DSA, TIME, Recipient, compact, hexed, parts_of
from vectors import sha256


# `files` are what the verifier gets: for a bundle below bundle/, else beside it; `arguments` how it is called there.
Case = namedtuple("Case", "name status finding arguments files")
PLAIN = "fs01/share/README.txt"


def of_bundle(name, vault, files, status=0, finding="-", arguments="", beside=None):
    words = f"bundle --fingerprint {vault.fingerprint.hex()} {arguments}".strip()
    return Case(name, status, finding, words, {**{f"bundle/{path}": data for path, data in files.items()}, **(beside or {})})


def of_proof(name, vault, data, original=None, status=0, finding="-", arguments="--fingerprint"):
    anchor = f" --fingerprint {vault.fingerprint.hex()}" if arguments else ""
    return Case(name, status, finding, f"--proof proof{' original' if original is not None else ''}{anchor}",
                {"proof": data, **({"original": original} if original is not None else {})})


def plain():
    vault = Vault("plain")
    vault.item()
    files = bundle(vault, [1], names={1: PLAIN})
    yield of_bundle("plain", vault, files)
    yield Case("plain, nothing brought", 5, "-", "bundle", {f"bundle/{path}": data for path, data in files.items()})


def tree():
    """Names that need escapes, names that are taken, items whose source or path is not told."""
    vault, names = Vault("tree"), {}
    def put(expected, hide=None, **own):
        number = vault.item(content=f"item {len(vault.entries)}\n".encode(), **own)
        names[number] = expected if expected else str(number)
        return number
    put("fs01/share/README.txt")
    put(None)                                                     # the same path again
    put("fs01/a b/=20lead/dot=2E/=43ON.txt", path="a b/ lead/dot./CON.txt")
    put("fs01/=FF=FE", path={"base64": "//4="}, name={"base64": "//4="})
    put("fs01/" + "=C3=BC" * 33 + "~5", path="ü" * 100)
    put("=37/x", source="7", path="/x")
    put("host=3A1/C=3A=5CUsers", source="host:1", path="C:\\Users")
    put("fs01/.bashrc", path="//.bashrc")
    put(None, path="..", without=("source",))
    put("fs01/com1x/=6Cpt9", path="com1x/lpt9")
    put("fs01/zero", path="zero", fields={"size": 0, "sha256": hexed(b"")}.items())
    vault.content[11] = b""
    yield of_bundle("plain, a tree of names", vault, bundle(vault, sorted(names), names=names))


def hidden():
    vault = Vault("hidden")
    vault.item()
    vault.item(content=b"second\n", path="two.txt")
    hide = {1: {"acquired", "times", "kind", "name"}, 2: {"path", "source", "name", "case", "times", "acquired", "kind"}, 3: {"purpose", "items"}, 4: {"items"}}
    yield of_bundle("plain, hidden fields", vault, bundle(vault, [1, 2], names={1: PLAIN}, hide=hide))


def sealed():
    for name, count, size in (("sealed", 1, 200), ("sealed, two receivers", 2, 200), ("sealed, three frames and blocks", 1, 2_700_001), ("sealed, an empty item", 1, 0)):
        vault = Vault(name)
        vault.item(content=vault.random(size))
        readers = [vault_recipient(f"reader {at}") for at in range(count)]
        files = bundle(vault, [1], receivers=readers)
        beside = {"identity.txt": readers[-1].identity.encode() + b"\n", "other.txt": vault_recipient("other").identity.encode() + b"\n"}
        yield of_bundle(f"{name}, opened", vault, files, arguments="-i identity.txt", beside=beside)
        if count == 1 and size == 200:
            yield of_bundle(f"{name}, not opened", vault, files, beside=beside)
            yield of_bundle(f"{name}, another key", vault, files, 6, arguments="-i other.txt", beside=beside)
    vault = Vault("no headers")
    vault.item()
    reader = vault_recipient("reader")
    files = bundle(vault, [1], receivers=[reader], log=lambda parts: parts.update(headers=b""))
    yield of_bundle("sealed, original headers destroyed", vault, files, arguments="-i identity.txt", beside={"identity.txt": reader.identity.encode()})


def vault_recipient(seed):
    return Recipient(sha256(seed.encode()))


def acts():
    vault = Vault("acts")
    vault.item()
    vault.item(content=b"second\n", path="two.txt")
    hold = vault.add("hold", {"items": "1-2"}, [("authority", "a court"), ("reason", "a trial")])
    vault.add("note", fields=[("items", "1"), ("text", "it is of the second wave"), ("kind", "notice")])
    vault.add("release", {"hold": hold, "items": "2"})
    vault.add("shred", {"items": "2"})
    vault.admit("k2", 2)
    vault.transfer()
    vault.transfer(outcome="refused", fields=[("items", "1"), ("purpose", "again")])
    vault.add("case", fields=[("case", "IR-2025-014"), ("discovered", TIME), ("notice-days", 60)])
    vault.receipt(b"a note of a bundle before")
    vault.add("lost-head", {"lost": vault.checkpoint(3).decode()})
    vault.add("omission", fields=[("count", 1), ("size", 37), ("sha256", hexed(b'{"path":"/x","why":"no-permission"}\n\n')),
                                  ("state", {"whole": True, "changed": False, "claims": "none", "derived": False, "content": "here"})],
              content=b'{"path":"/x","why":"no-permission"}\n\n')
    vault.add("statement", {"items": "1"}, [("act", "valued"), ("worth", -3), ("nested", {"a": [1, {"b": None}]})])
    omission = 13
    yield of_bundle("plain, several acts", vault, bundle(vault, [1, omission], names={1: PLAIN}, also=[3, 4, 5, 6, 8, 9, 10, 11, 14]))
    yield of_bundle("plain, the whole log", vault, bundle(vault, [1], names={1: PLAIN}, whole=True))


def quorum():
    vault = Vault("quorum")
    vault.item()
    vault.admit("k2", 2)
    vault.admit("k3", 3, cosigner="k2")
    vault.add("rule", {"two": ["custodian", "retire", "lift", "log-key", "lost-head", "reader", "reseal", "release", "shred"], "recovery": True}, cosigner="k2")
    vault.admit("k4", 4, cosigner="k3")
    vault.add("shred", {"items": "1"}, by="k2", cosigner="k4")
    vault.add("custodian", {"act": "retire", "retired": vault.keys["k3"].actor}, cosigner="k2")
    vault.rotate_log(cosigner="k4")
    vault.item(content=b"third\n")
    vault.add("reader", {"key_file": "ab" * 32, "recovery": vault.keys["recovery"].text}, [("reader-1", {"recipient": vault.recipient.text})], cosigner="k2")
    vault.add("rule", {"two": []}, cosigner="k4")
    vault.add("shred", {"items": "7"})
    yield of_bundle("plain, a quorum", vault, bundle(vault, [9], names={9: PLAIN}, by="k2"))


def retired():
    vault = Vault("retired")
    vault.item()
    vault.admit("k2", 2)
    vault.admit("k3", 2, roles=("collector",))
    vault.rotate("k1")
    vault.rotate("k3")
    vault.item(content=b"by the collector\n", by="k3")
    vault.add("custodian", {"act": "retire", "retired": vault.keys["k1"].actor, "compromised_since": "2026-11-28T23:59:59Z"}, by="k2")
    yield of_bundle("plain, rotated and retired keys", vault, bundle(vault, [1], names={1: PLAIN}, by="k2"))


def suspended():
    vault = Vault("suspended")
    vault.item()
    for person in (2, 3):
        vault.admit(f"k{person}", person)
    suspension = vault.add("suspend", {"act": "suspend", "person": 1}, by="k2")
    vault.item(content=b"while suspended\n")
    yield of_bundle("plain, a suspension in force", vault, bundle(vault, [5], names={5: PLAIN}, by="k1"))
    vault.add("suspend", {"act": "lift", "suspend": suspension, "person": 1}, by="k3")
    vault.add("suspend", {"act": "suspend", "person": 3})
    vault.add("suspend", {"act": "lift", "suspend": len(vault.entries) - 1, "person": 3})
    vault.admit("k4", 4)
    yield of_bundle("plain, a suspension lifted and one taken back", vault, bundle(vault, [5], names={5: PLAIN}))


def recovery():
    vault = Vault("recovery")
    vault.item()
    vault.admit("k2", 2)
    new = vault.keys["k3"] = vault.key("k3")
    at = vault.add("recovery", {"custodian": {"person": 3, "key": new.text, "roles": ["custodian"]}}, by="recovery", cosigner="k3")
    vault.add("suspend", {"act": "lift", "suspend": at, "person": 2}, by="k3")
    vault.add("suspend", {"act": "lift", "suspend": at, "person": 1}, by="k3", cosigner="k2")
    vault.add("custodian", {"act": "retire", "retired": vault.keys["k1"].actor}, by="k2")
    yield of_bundle("plain, a recovery", vault, bundle(vault, [1], names={1: PLAIN}, by="k3"))


def keys():
    vault = Vault("keys")
    vault.item()
    other = vault_recipient("second vault key")
    vault.add("reseal", {"recipient": other.text, "key_file": "cd" * 32, "items": "1", "headers": base64.b64encode(bytes(32)).decode()})
    vault.recipient = other
    vault.item(content=b"to the second key\n")
    vault.add("reseal", {"items": "0", "headers": base64.b64encode(bytes(32)).decode(), "destroy": True})
    vault.rotate_log()
    vault.add("reader", {"key_file": "ef" * 32})
    yield of_bundle("plain, other keys of the vault and the log", vault, bundle(vault, [1, 3], names={1: PLAIN}))


def collected():
    vault = Vault("collected")
    vault.admit("k2", 2, roles=("collector",))
    first = vault.collected("k2", 1, "0" * 64)
    vault.take_in(first)
    following = vault.key("k2")
    second = vault.collected("k2", 2, hexed(first[2]), following=following)
    vault.take_in(second)
    vault.add("custodian", {"act": "succeed", "statement": second[2].decode()})
    vault.keys["k2"] = following
    third = vault.collected("k2", 3, hexed(second[2]))
    vault.take_in(third)
    closed = vault.statement("closed", {"collector": following.actor, "up_to": 3, "prev": hexed(third[2]), "time": TIME}, following)
    vault.add("run", {"statement": closed.decode()})
    old = vault.recipient
    vault.recipient = vault_recipient("a later vault key")
    vault.add("reseal", {"recipient": vault.recipient.text})
    late = vault.collected("k2", 4, hexed(closed), recipient=old.text)
    vault.add("custodian", {"act": "retire", "retired": following.actor})
    vault.take_in(late, accepted=["earlier-key", "retired"])
    yield of_bundle("plain, collected items and a closed run", vault, bundle(vault, [2, 3, 5, 9], also=[6]))


def parts():
    vault = Vault("parts")
    text = b"".join(b"line %d\n" % at for at in range(11)) + b"x" * 70_000 + b"\nlast"
    number = vault.item(content=text, parts="lines")
    blocks = vault.item(content=vault.random(10_000), parts="4096")
    reader = vault_recipient("reader")
    yield of_bundle("sealed, parts", vault, bundle(vault, [number, blocks], receivers=[reader]), arguments="-i identity.txt",
                    beside={"identity.txt": reader.identity.encode()})
    secret = {"parts-seed", "sha256", "size"}
    yield of_proof("proof, some lines", vault, proof(vault, number, hide=secret, shown_parts=[3, 4, 13]))
    yield of_proof("proof, all lines", vault, proof(vault, number, hide={"parts-seed"}, shown_parts=range(len(parts_of(text)))))
    yield of_proof("proof, a block", vault, proof(vault, blocks, hide=secret, shown_parts=[2], by="4096"))
    yield of_proof("proof, an original", vault, proof(vault, number), original=text)
    yield of_proof("proof, no original", vault, proof(vault, number))
    yield of_proof("proof, nothing brought", vault, proof(vault, number), original=text, status=5, arguments="")
    yield of_proof("proof, an act", vault, proof(vault, 0))


def case_key():
    vault = Vault("case")
    vault.item()
    vault.item(content=b"of another case\n", case="other")
    vault.item(content=b"of two\n", case=["IR-2025-014", "other"], cases=["IR-2025-014", "other"])
    key = compact({"v": 1, "fingerprint": vault.fingerprint.hex(), "case": "IR-2025-014", "key": vault.case_key("IR-2025-014").hex()}) + "\n"
    yield of_bundle("plain, complete for a case", vault, bundle(vault, [1, 3], whole=True), arguments="--case-key case.key", beside={"case.key": key.encode()})


def extras():
    vault = Vault("extras")
    vault.item(fields={"a-key-of-tomorrow": {"deep": [[1]]}, "tags": ["a", "b"]}.items())
    elsewhere = vault.item(content=b"x" * 10, fields={"state": {"whole": True, "changed": False, "claims": "matched", "derived": False, "content": "elsewhere"},
                                                     "kept-at": "safe 3"}.items())
    vault.content[elsewhere] = None
    def exported(fields):
        return {**fields, "items": f"1-{elsewhere}"}
    companions = {"report.html": b"<!doctype html>\n", "VERIFY.txt": b"# how\n", "items.csv": b"\n", "policy.txt": b"quorum none\n"}
    files = bundle(vault, [1], names={1: PLAIN}, also=[elsewhere], sha512=True, exported=exported, tags=lambda files: files.update(companions),
                   after=lambda files: files.update({name: b"x" for name in LEFT_BY_SYSTEMS}))
    yield of_bundle("plain, companions, SHA-512, content elsewhere", vault, files)


def witnessed():
    vault = Vault("witnessed")
    vault.item()
    files = bundle(vault, [1], names={1: PLAIN}, cosigned=1_795_000_000)
    policy = f"log {vault.log.text}\nwitness w1 {vault.witness.text}\nquorum w1\n".encode()
    yield Case("plain, by a policy", 0, "-", "bundle --policy policy", {**{f"bundle/{path}": data for path, data in files.items()}, "policy": policy})
    files = bundle(vault, [1], names={1: PLAIN})
    yield Case("plain, a policy that is not met", 3, "policy-quorum", "bundle --policy policy",
               {**{f"bundle/{path}": data for path, data in files.items()}, "policy": policy})


def ml_dsa():
    if not HAS_ML_DSA:
        return
    vault = Vault("ml-dsa", ml_dsa=True)
    vault.item()
    yield of_bundle("plain, a log with ML-DSA-44", vault, bundle(vault, [1], names={1: PLAIN}))


def packed():
    """A bundle in one file."""
    vault = Vault("packed")
    vault.item()
    files = bundle(vault, [1], names={1: PLAIN})
    tar, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(f"hand-over/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(f"hand-over/{path}"), data)
    anchor = f"--fingerprint {vault.fingerprint.hex()}"
    yield Case("plain, in a tar", 0, "-", f"bundle.tar {anchor}", {"bundle.tar": tar.getvalue()})
    yield Case("plain, in a zip", 0, "-", f"bundle.zip {anchor}", {"bundle.zip": zipped.getvalue()})
    yield Case("plain, in a tar with more behind its end", 3, "container", f"bundle.tar {anchor}", {"bundle.tar": tar.getvalue() + tar.getvalue()})
    yield Case("plain, in a zip behind a tar", 1, "-", f"bundle.zip {anchor}", {"bundle.zip": tar.getvalue() + zipped.getvalue()})


def stamped():
    """A real token, from an authority that openssl plays. Its bytes differ each time."""
    vault = Vault("stamped")
    vault.item()
    with tempfile.TemporaryDirectory() as place:
        authority = Authority(Path(place))
        vault.add("timestamp", {"checkpoint": vault.checkpoint(1).decode(), "token": base64.b64encode(authority.stamp(vault.checkpoint(1))).decode()})
        def add_token(parts):
            token = authority.stamp(parts["checkpoint"])
            parts["timestamps"] = base64.b64encode(token) + b"\n"
        files = bundle(vault, [1], names={1: PLAIN}, log=add_token)
        yield of_bundle("plain, a timestamp", vault, files, arguments="--roots root.pem", beside={"root.pem": (Path(place) / "root.pem").read_bytes()})
        yield of_bundle("plain, a timestamp of another root", vault, files, 3, "timestamp", arguments="--roots root.pem",
                        beside={"root.pem": Authority(Path(place) / "other").root()})
        def other(parts):
            parts["timestamps"] = base64.b64encode(authority.stamp(b"another")) + b"\n"
        yield of_bundle("plain, a timestamp of another checkpoint", vault, bundle(vault, [1], names={1: PLAIN}, log=other), 3, "timestamp")


class Authority:
    """A timestamp authority of openssl."""

    CONFIG = """[tsa]
serial = {place}/serial
signer_cert = {place}/root.pem
signer_key = {place}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
crypto_device = builtin
"""

    def __init__(self, place):
        self.place = place
        place.mkdir(exist_ok=True)
        (place / "serial").write_text("01\n")
        (place / "config").write_text(self.CONFIG.format(place=place))
        self.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Test Authority", "-days", "36500", "-keyout", "key.pem", "-out", "root.pem",
                 "-addext", "extendedKeyUsage=critical,timeStamping")

    def run(self, *words):
        subprocess.run(["openssl", *words], cwd=self.place, check=True, capture_output=True)

    def root(self):
        return (self.place / "root.pem").read_bytes()

    def stamp(self, data):
        (self.place / "data").write_bytes(data)
        self.run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
        self.run("ts", "-reply", "-config", "config", "-section", "tsa", "-queryfile", "query", "-token_out", "-out", "token")
        return (self.place / "token").read_bytes()


LEFT_BY_SYSTEMS = ("data/.DS_Store", "log/Thumbs.db", "log/thumbs.DB:Encryptable", "data/.~lock.a.txt#", "data/~$a.docx", "data/a~", "data/.a.swp", "data/.hidden",
                   ".LSOverride", ".metadata_never_index", ".com.apple.timemachine.donotpresent", ".AppleDB/a", "data/Network Trash Folder/a", "Temporary Items/a", "FOUND.000/FILE0000.CHK")


def nested(depth):
    """Arrays within one another."""
    return [nested(depth - 1)] if depth > 1 else []


def tomorrow():
    """What today's verifiers do not judge: status 8, and never 0."""
    vault = Vault("tomorrow")
    vault.item()
    def upgrade(value):
        value.update(version=2, anything={"new": [True], "low": -(2 ** 53 - 1), "7": 0}, deep=nested(64), **{"9": {}, "8": []})
    vault.add("upgrade", edit=upgrade)
    vault.add("hologram", edit=lambda value: value.update(v=2, seen=3))
    vault.sealed.pop(2, None)
    yield of_bundle("after an upgrade", vault, bundle(vault, [1], names={1: PLAIN}), 8)
    for name, edit in (("version", lambda value: value.update(v=2, other=1)), ("suite", lambda value: value.update(suite=3)), ("padding", lambda value: value.update(pad=2))):
        vault = Vault(name, genesis=edit)
        vault.item()
        yield of_bundle(f"a genesis of another {name}", vault, bundle(vault, [1], names={1: PLAIN}), 8)
    vault = Vault("closed", continues={"fingerprint": "ab" * 32, "size": 9, "root": "cd" * 32})
    vault.item()
    begin = vault.add("access", fields=[("act", "export"), ("items", "1"), ("purpose", "the last"), ("recipients", ["one"])])
    yield of_bundle("plain, a vault that was closed", vault, bundle(vault, [1], names={1: PLAIN}, begin=begin,
                    between=lambda vault: vault.add("closed", {"successor": "ef" * 32})))


GOOD = (plain, tree, hidden, sealed, acts, quorum, retired, suspended, recovery, keys, collected, parts, case_key, extras, witnessed, ml_dsa, packed, tomorrow)


def cases():
    for make in GOOD:
        yield from make()
    if shutil.which("openssl"):
        yield from stamped()
