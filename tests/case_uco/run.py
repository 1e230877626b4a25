#!/usr/bin/env python3
"""custody.jsonld against the shapes of CASE 1.4.0 and UCO 1.4.0, as they were published (shapes.ttl; extract.py says
how it is made), by a validator that is tested here, too (shacl.py).

    run.py BIN_FOLDER [NAME...]

Exit status 77 where there is no rdflib: ctest reports the test as skipped.
"""
import inspect
import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
try:
    import rdflib
except ImportError:
    # Debian's package is for Debian's Python, which need not be the first in the PATH.
    if sys.executable != "/usr/bin/python3" and Path("/usr/bin/python3").exists():
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    print("skipped: there is no rdflib (Debian: python3-rdflib)")
    sys.exit(77)

HERE = Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent / "end_to_end"), str(HERE.parent / "support")]
from mutations import MUTATIONS, mutate  # noqa: E402
from shacl import Unsupported, Validator, read_graph, read_shapes  # noqa: E402
from world import NOTE, World, expect  # noqa: E402

SHAPES = read_shapes(HERE / "shapes.ttl")
NAMES = [b"with space", b"-leading-dash", b"new\nline", b"tab\tbell\x07", b"esc\x1b[31mred", b"\xff\xfe raw", b"no\xef\xbf\xbfcharacter", b"\xed\xa0\x80",
         "bidi\u202eexe.txt".encode(), "\u65e5\u672c\u8a9e".encode(), b"'quote\"\\", b"@id", b"http:", b"\xef\xbf\xbd"]
ALL_METADATA = [
    "--kind", "log", "--description", 'said "so" \u2026', "--tag", "a", "--tag", "b", "--case", "IR-1", "--source", "fs01",
    "--acquired-at", "2025-02-18T02:03:04.5Z", "--acquired-by", "Zo\u00eb", "--clock-offset", "-90", "--tool", "dd 9.1",
    "--method", "copied", "--retain-until", "2031-01-01T00:00Z", "--digest", "sha512,md5,sha1"]


def findings(text):
    return Validator(SHAPES, read_graph(text)).findings()


def validate(text):
    """Whatever is not a violation is told and let pass."""
    found = findings(text)
    for finding in found:
        print(f"        {finding}")
    expect(not [finding for finding in found if finding.severity == "Violation"], "the graph is not valid")


# What a bundle of all items tells, and what the history of one does besides. A sealed bundle tells of acts whose items are
# public.
SEALED_ACTS = {"taken-in", "hold", "release", "reseal"}
PLAIN_ACTS = SEALED_ACTS | {"note", "custody-transfer", "receipt", "export", "exported"}
HISTORY_ACTS = PLAIN_ACTS | {"read", "export-failed"}
SHREDDED = "4"


def nodes_of(text):
    """Its text without the context."""
    return text.partition('"@graph"')[2]


def acts_in(text):
    return {node["name"] for node in json.loads(text)["@graph"] if node["@type"] == "InvestigativeAction"}


def live(world):
    """Every act that the graph can tell, by several people, and all that can be known of items. Returns the items."""
    fingerprint = world.init()["fingerprint"]
    for name in NAMES:
        world.write(b"in/" + name, b"content of " + name)
    world.write("all.log", NOTE)
    world.write("empty", b"")
    world.tool("touch", "-d", "1969-12-31T23:59:59.25Z", "empty")
    world.run("add", "in", "empty", "--case", "IR-2")
    world.run("add", "all.log", *ALL_METADATA)
    world.run("add", "-", "--name", "from stdin", stdin=b"x" * 100)
    world.run("collector", "new", "stick1", "--out", "stick", "--no-passphrase")
    world.run("collect", "all.log", "--collector", "stick", "--drop", "drop", "--source", "fs02")
    world.run("take-in", "drop")
    items = [str(row["entry"]) for row in world.json("list")]

    world.admit("bob")
    bob = world.read("bob.vkey").decode().split("+")[0]
    world.write("carol.vkey", world.run("keygen", "--signing", "--no-passphrase", "-o", "carol.key").stdout)
    world.run("custodian", "add", "carol.vkey", "--role", "custodian", "--name", "Carol", "--organisation", "Acme \u202e IR",
              "--contact", "carol@acme.example")
    why = ["--authority", "12 Cv 3", "--reason", "a suit"]
    world.run("note", "1-3", "--text", "a note", "--key", "carol.key")
    world.run("note", items[-1], "--text", "another", "--key", "carol.key")
    world.run("hold", "1-2", *why, "--key", "bob.key")
    world.run("release", "2", *why, "--cosigner-key", "bob.key")
    world.run("cat", "1", "-i", "reader.txt", "--purpose", "triage \u202e")
    words = ["--purpose", "analysis", "--condition", "sealed", "--location", "Boston", "--transport", "courier"]
    for name, end in (("1", ["receive"]), ("2", ["receive"]), ("3", ["receive", "--refuse"]), ("4", ["transfer", "--abandon"])):
        world.run("transfer", "1-2", "--to", bob, *words, "--out", name)
        world.run(*end, name, "--key", "bob.key")
    world.run("keygen", "--signing", "--handle", bob, "--no-passphrase", "-o", "bob2.key")
    world.run("custodian", "rotate", "--key", "bob.key", "--new-key", "bob2.key", "--reason", "a new machine")
    world.run("note", "2", "--text", "signed with a new key", "--key", "bob2.key")
    # A bundle is received, and another one cannot be written.
    world.run("export", "1-3", "--out", "first", "-i", "reader.txt")
    world.run("keygen", "--signing", "--handle", "agent", "--no-passphrase", "-o", "agent.key")
    world.run("verify-bundle", "first", "--fingerprint", fingerprint, "--receipt", "receipt", "--key", "agent.key")
    world.run("receive", "receipt")
    world.run("export", "1", "--out", "missing/folder", "-i", "reader.txt", expect=1)
    world.run("reseal", "--yes", "-i", "reader.txt", "--reason", "a reader left")
    world.run("shred", SHREDDED, *why, "--confirm", SHREDDED)
    return items


class Life:
    """One vault for all tests, and what was exported of it."""

    def __init__(self, folder, binaries):
        self.world = World(folder, binaries)
        self.items = live(self.world)
        self.plain = self.exported("plain", self.items)
        self.small = self.exported("small", self.items[-3:])  # for what is done to it often

    def exported(self, out, items, *more):
        self.world.run("export", *items, "--partial", "--out", out, "-i", "reader.txt", *more)
        return (self.world.folder / out / "custody.jsonld").read_text()


def a_plain_bundle_is_valid(life):
    expect(acts_in(life.plain) == PLAIN_ACTS, acts_in(life.plain))
    # All of an item's metadata is there to be looked at.
    for word in ("fileName", "filePath", "modifiedTime", "accessedTime", "metadataChangeTime", "sizeInBytes", "SHA256", "SHA512",
                 "SHA1", "MD5", "participant", "wasInformedBy", "acquired by", "collected by", "Organization", "Affiliated_With",
                 "carol@acme.example"):
        expect(word in nodes_of(life.plain), word)
    validate(life.plain)


def a_sealed_bundle_is_valid(life):
    recipient = life.world.run("keygen", "--no-passphrase", "-o", "other.txt").stdout.decode().strip()
    text = life.exported("sealed", life.items, "--recipient", recipient)
    expect(acts_in(text) == SEALED_ACTS and "fileName" not in nodes_of(text) and "sealed: entry 1" in text, acts_in(text))
    validate(text)


def an_item_s_history_is_valid(life):
    for more, acts in (([], SEALED_ACTS), (["-i", "reader.txt"], HISTORY_ACTS)):
        for item in ("1", SHREDDED):
            text = life.world.run("history", item, "--case-uco", *more).stdout.decode()
            expect(("shred" in acts_in(text)) == (item == SHREDDED), acts_in(text))
            expect(item == SHREDDED or acts_in(text) == acts - {"release"}, acts_in(text))
            validate(text)


def the_example_in_the_documents_is_valid(life):
    validate((HERE.parents[1] / "docs/example/bundle/custody.jsonld").read_text())


def each_mistake_in_a_graph_is_found(life):
    """Each mutation makes what it is expected to make, and the graph without it does not."""
    before = {(finding.severity, finding.constraint) for finding in findings(life.small)}
    for name, (expected, _) in MUTATIONS.items():
        found = [(f.severity, f.constraint, str(f.path or "").split("/")[-1]) for f in findings(mutate(life.small, name))]
        expect(expected in found and expected[:2] not in before, (name, expected, found))
    print(f"        {len(MUTATIONS)} mistakes")


def what_json_ld_passes_over_is_refused(life):
    for before, after in (('"name":', '"nam":'), ('"name":', '"uco-core:name":'), ('"@type":"Person"', '"@type":"Person","@type":"Person"'),
                          ('"uco-core:name"', '"uco_core:name"'), ('"f":{"@id":"kb:', '"f":{"@id":"kc:'),
                          ('{"@context":{', '{"more":1,"@context":{')):
        expect(before in life.small)
        try:
            read_graph(life.small.replace(before, after, 1))
        except ValueError:
            continue
        raise AssertionError(f"{after} was let pass")


def shapes_that_are_not_understood_are_an_error(life):
    head = ("@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
            "@prefix e: <http://example.org/> . e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property [ ")
    Validator(rdflib.Graph().parse(data=head + "sh:path e:p ; sh:minCount 1 ] .", format="turtle"), rdflib.Graph())
    for words in ('sh:path e:p ; sh:pattern "a"', "sh:path e:p ; sh:closed true", "sh:path [ sh:inversePath e:p ]",
                  "sh:path ( e:p e:q )", "sh:path e:p ; sh:datatype xsd:gYear", "sh:path e:p ; sh:severity e:Fatal",
                  "sh:path e:p ; sh:deactivated true", "a sh:Shape ; sh:path e:p", "sh:path e:p ; sh:nodeKind sh:Any",
                  'sh:path e:p ; sh:sparql [ sh:select "SELECT $this WHERE { $this $PATH 1 }" ]',
                  'sh:path e:p ; sh:sparql [ sh:ask "ASK {}" ]'):
        try:
            Validator(rdflib.Graph().parse(data=head + words + " ] .", format="turtle"), rdflib.Graph())
        except Unsupported:
            continue
        raise AssertionError(f"{words} was let pass")


TESTS = [value for value in list(globals().values()) if inspect.isfunction(value) and value.__module__ == "__main__"
         and list(inspect.signature(value).parameters) == ["life"]]


def main():
    chosen = [test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]
    failed = 0
    with tempfile.TemporaryDirectory(prefix="exhibit-case-uco-") as folder:
        life = Life(Path(folder), Path(sys.argv[1]).resolve())
        for test in chosen:
            begun = time.monotonic()
            try:
                test(life)
                print(f"ok      {test.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception:
                failed += 1
                traceback.print_exc(file=sys.stdout)
                print(f"FAILED  {test.__name__}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
