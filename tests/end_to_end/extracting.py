"""The originals out of a bundle and out of a vault: as they were, under names that do no harm, and nothing that does not hold."""
import json
import os
import stat

from world import NOT_ANCHORED, NOTE, expect, flip

READ = ["-i", "reader.txt", "--purpose", "triage"]


def tree(folder):
    """The files below a folder, by their names."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if not path.is_dir()}


def extract(world, bundle, to, *more, **options):
    return world.run(bundle, "--extract-to", to, *more, program=world.verify_program, **options)


def awkward_evidence(world, source):
    world.write("in/share/note.txt", NOTE)
    world.write("in/share/a:b?.txt", b"colon\n")
    world.write(b"in/\xff\xfe", b"no UTF-8\n")
    world.write("in/bin/su", b"#!/bin/sh\n")
    os.chmod(world.folder / "in/bin/su", 0o4711)
    os.utime(world.folder / "in/bin/su", ns=(1_600_000_000_987_654_321, 1_700_000_000_123_456_789))
    os.symlink("/etc/passwd", world.folder / "in/link")
    world.run("add", "in", "--source", source)


EXPECTED = {"fs01/in/share/note.txt": NOTE, "fs01/in/share/a=3Ab=3F.txt": b"colon\n", "fs01/in/=FF=FE": b"no UTF-8\n",
            "fs01/in/bin/su": b"#!/bin/sh\n", "fs01/in/link": b"/etc/passwd"}


def expect_the_tree(folder):
    found = tree(folder)
    renamed = [json.loads(line) for line in found.pop("renamed.jsonl").splitlines()]
    expect(found == EXPECTED, found)
    expect({row["file"] for row in renamed} == {"fs01/in/share/a=3Ab=3F.txt", "fs01/in/=FF=FE", "fs01/in/link"}, renamed)
    expect([row["path"] for row in renamed if "base64" in row["path"]], renamed)
    expect([row["link-target"] for row in renamed if row["file"].endswith("link")] == ["/etc/passwd"], renamed)
    su = os.lstat(folder / "fs01/in/bin/su")
    expect(stat.S_IMODE(su.st_mode) == 0o711 and su.st_mtime_ns == 1_700_000_000_123_456_789, su)
    expect(stat.S_ISREG(os.lstat(folder / "fs01/in/link").st_mode))
    expect(stat.S_IMODE(os.stat(folder).st_mode) == 0o700)


def one_tree_comes_out_of_a_bundle_a_container_and_a_vault(world):
    made = world.init()
    awkward_evidence(world, "fs01")
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "1-5", "--out", "plain", *READ)
    world.run("export", "1-5", "--out", "plain.zip", *READ)
    world.run("export", "1-5", "--out", "sealed.tar", "--recipient", friend, *READ)
    said = extract(world, "plain", "a", "--fingerprint", made["fingerprint"]).stdout.decode()
    expect("a: 5 originals" in said and "a/renamed.jsonl" in said and said.splitlines()[-1].startswith("verified: "), said)
    extract(world, "plain.zip", "b", expect=NOT_ANCHORED)
    extract(world, "sealed.tar", "c", "-i", "friend.txt", expect=NOT_ANCHORED)
    before = len(world.json("log"))
    world.run("restore", "1-5", "--to", "d", *READ)
    for folder in "abcd":
        expect_the_tree(world.folder / folder)
    told = world.json("history", "1", "-i", "reader.txt")
    expect(len(world.json("log")) == before + 1 and "triage" in json.dumps(told), told)


def nothing_is_extracted_twice_or_without_a_key(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "1", "--out", "sealed", "--recipient", friend, *READ)
    said = extract(world, "sealed", "out", expect=1).stdout
    expect(b"nothing was written: the bundle is sealed" in said and not (world.folder / "out").exists(), said)
    world.write("out/mine", b"mine")
    before = len(world.json("log"))
    for refused in (extract(world, "sealed", "out", "-i", "friend.txt", expect=1), world.run("restore", "1", "--to", "out", *READ, expect=1)):
        expect(b"out is there already" in refused.stderr, refused.stderr)
    expect(world.read("out/mine") == b"mine" and len(world.json("log")) == before)
    expect(b"has an original" in world.run("restore", "0", "--to", "new", *READ, expect=1).stderr)
    expect(not (world.folder / "new").exists() and len(world.json("log")) == before)


def what_was_changed_stays_inside(world):
    world.init()
    for name in ("a", "b", "c"):
        world.write(f"in/{name}.txt", NOTE + name.encode())
    world.run("add", "in", "--source", "fs01")
    world.run("export", "1-3", "--out", "plain", *READ)
    flip(world.folder / "plain/data/fs01/in/b.txt")
    said = extract(world, "plain", "out", expect=3).stdout.decode()
    expect("2 of 3 items hold" in said and "out: 2 originals" in said, said)
    expect(sorted(tree(world.folder / "out")) == ["fs01/in/a.txt", "fs01/in/c.txt"], tree(world.folder / "out"))
    # Another digit in a hash: the entry can be read, and is not the one that the log's root covers.
    entries = world.read("plain/log/entries")
    digit = entries.index(b'"payload":"') + len(b'"payload":"')
    world.write("plain/log/entries", entries[:digit] + (b"1" if entries[digit:digit + 1] == b"0" else b"0") + entries[digit + 1:])
    said = extract(world, "plain", "none", expect=3).stdout.decode()
    expect("nothing was written" in said and not (world.folder / "none").exists(), said)
    # Out of a vault likewise: one damaged item keeps the others not inside.
    world.write("large", os.urandom(3_000_000))
    world.run("add", "large")
    flip(world.folder / "vault/store/packs/000001")
    number = max(row["entry"] for row in world.json("list", "-i", "reader.txt"))
    said = world.run("restore", "1", str(number), "--to", "vaults", *READ, expect=3).stdout.decode()
    expect(f"not written  item {number}" in said and list(tree(world.folder / "vaults")) == ["fs01/in/a.txt"], said)


def loose_files_are_found_by_their_bytes(world):
    made = world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.txt", b"second\n")
    world.run("add", "in", "--source", "fs01")
    world.run("export", "1-2", "--out", "plain", *READ)
    world.write("downloads/x.bin", NOTE)
    world.write("downloads/other", b"something else\n")
    here, anchored = "downloads/x.bin", ["--fingerprint", made["fingerprint"]]
    found = world.run("--find", "plain", here, *anchored, program=world.verify_program).stdout.decode()
    expect("taken in   downloads/x.bin: entry 1, as fs01/in/a.txt" in found, found)
    other = world.second_opinion_of("--find", "plain", here, *anchored, expect=0).stdout.decode()
    expect(found.splitlines()[0] == other.splitlines()[0], (found, other))
    for more in (["downloads/other"], ["downloads/nothing"], ["in"]):
        told = world.run("--find", "plain", here, *more, *anchored, program=world.verify_program, expect=1).stdout.decode()
        world.second_opinion_of("--find", "plain", here, *more, *anchored, expect=1)
        expect("taken in   downloads/x.bin" in told and ("not found" in told or "not read" in told), told)
    told = world.json("--find", "plain", here, "downloads/other", *anchored, program=world.verify_program, expect=1)
    expect(not told["ok"] and told["verdict"] == "holds", told)
    expect([[one["entry"] for one in row["taken_in"]] for row in told["found"]] == [[1], []], told["found"])
    # The good copy of what was damaged on the way.
    flip(world.folder / "plain/data/fs01/in/a.txt")
    told = world.run("--find", "plain", here, *anchored, program=world.verify_program, expect=3).stdout.decode()
    expect("taken in   downloads/x.bin: entry 1" in told, told)
    expect(b"no file to look for" in world.run("--find", "plain", program=world.verify_program, expect=1).stderr)


def who_has_a_cases_key_and_the_log_knows_what_is_missing(world):
    made = world.init()
    for number in range(6):
        world.write(f"in/{number}.txt", NOTE + bytes([number]))
    world.run("add", "in", "--case", "IR-1")
    world.write("else.txt", b"of another case\n")
    world.run("add", "else.txt", "--case", "IR-2")
    world.run("export", "1-6", "--out", "all", *READ)
    world.run("export", "1-4", "--out", "part", *READ)
    world.run("publish", "older")
    world.write("late.txt", b"late\n")
    world.run("add", "late.txt", "--case", "IR-1")
    world.run("publish", "published")
    late = max(row["entry"] for row in world.json("list", "-i", "reader.txt"))
    world.run("case", "key", "IR-1", "-o", "ir-1.case-key")
    common = ["--fingerprint", made["fingerprint"], "--case-key", "ir-1.case-key"]

    def told(bundle, log, **options):
        return world.run(bundle, *common, "--log", log, program=world.verify_program, **options).stdout.decode()
    expect("6 of 6 labelled items are here; of all in the log up to entry" in told("all", "older"))
    expect(f"6 of 7 labelled items are here; missing: {late}; of all in the log" in told("all", "published"))
    expect(f"missing: 5-6, {late}" in told("part", "published"))
    case = world.json("all", *common, "--log", "published", program=world.verify_program)["cases"][0]
    expect(case["missing"] == [late] and case["log_size"] == len(world.json("log")), case)
    expect("6 of 7" in world.run("verify-bundle", "all", *common, "--log", "published").stdout.decode())
    # What there is no log at is asked for nothing.
    refused = world.run("all", *common, "--log", "https://example.org/log", program=world.verify_program, expect=1)
    expect(b"has no network" in refused.stderr, refused.stderr)
    refused = world.run("all", "--log", "published", program=world.verify_program, expect=1)
    expect(b"--case-key" in refused.stderr, refused.stderr)
    (world.folder / "published/checkpoint").unlink()
    world.run("all", *common, "--log", "published", program=world.verify_program, expect=1)
