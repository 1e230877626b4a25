"""A part of the vault for somebody else: chosen, opened by stock tools, and with what is missing named."""
import json
import os
import random
import subprocess

from world import NOT_ANCHORED, NOTE, expect, flip


def stock_tools_open_what_is_exported(world):
    world.init()
    sizes = [0, 1, 65535, 65536, 65537, 1048575, 1048576, 1048577, 3_000_017]
    for size in sizes:
        world.write(f"in/{size:09d}", random.Random(size).randbytes(size))
    world.run("add", "in")
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    numbers = f"1-{len(sizes)}"
    world.run("export", numbers, "--out", "plain", "--manifest", "sha512", "-i", "reader.txt")
    world.run("export", numbers, "--out", "sealed/", "--recipient", friend, "-i", "reader.txt")
    for number, size in enumerate(sizes, 1):
        original = world.read(f"in/{size:09d}")
        expect(world.read(f"plain/data/{number}") == original, size)
        frames = world.tool("age", "-d", "-i", "friend.txt", f"sealed/data/{number}.age")
        expect(world.tool("zstd", "-dc", stdin=frames) == original, size)
    for bundle, hashes in (("plain", ("sha256", "sha512")), ("sealed", ("sha256",))):
        expect((world.folder / bundle / "manifest-sha512.txt").exists() == ("sha512" in hashes))
        for one in hashes:
            for manifest in (f"manifest-{one}.txt", f"tagmanifest-{one}.txt"):
                subprocess.run([f"{one}sum", "--check", "--quiet", "--strict", manifest], cwd=world.folder / bundle, check=True)
    world.run("verify-bundle", "sealed", expect=NOT_ANCHORED)
    world.run("verify-bundle", "sealed", "-i", "friend.txt", expect=NOT_ANCHORED)
    # The vault's own secret half opens with `age` as well.
    vault_key = world.tool("age", "-d", "-i", "reader.txt", "vault/keys/reader.age")
    expect(vault_key.startswith(b"AGE-SECRET-KEY-1"))


def verify_by_its_text(world, bundle, *fingerprint):
    """The exit status of VERIFY.txt, run as it says, and what it prints."""
    result = subprocess.run(["bash", "VERIFY.txt", *fingerprint], cwd=world.folder / bundle, capture_output=True,
                            env=world.environment)
    return result.returncode, (result.stdout + result.stderr).decode()


def a_bundle_says_how_it_is_checked_and_that_works(world):
    made = world.init()
    world.admit("bob")
    world.write("in/a b.txt", NOTE)
    world.write("in/$(touch owned)`touch owned`;'\"\n--", b"hostile")
    world.write("in/disk.img", random.Random(1).randbytes(3_000_000))
    world.write("in/empty", b"")
    world.run("add", "in", "--case", "IR-1")
    world.run("hold", "2", "--authority", "a court", "--reason", "a $(touch owned) suit", "--key", "bob.key")
    world.run("note", "3", "--text", "looked at")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.run("export", "2-5", "--out", "plain", "-i", "reader.txt")
    expect(verify_by_its_text(world, "plain", made["fingerprint"]) == (0, "as of entry 10, all that was checked holds\n"))
    status, said = verify_by_its_text(world, "plain")
    expect(status == NOT_ANCHORED and "whose vault it is was not checked" in said, said)
    expect(verify_by_its_text(world, "plain", "0" * 64)[0] == 3)
    expect(not list(world.folder.rglob("owned")))
    for name in ("data/2", "log/entries", "log/fields", "log/checkpoint", "bundle.note", "manifest-sha256.txt"):
        path = world.folder / "plain" / name
        good = path.read_bytes()
        flip(path)
        status, said = verify_by_its_text(world, "plain", made["fingerprint"])
        expect(status == 3 and "does not hold" in said, f"{name}: {said}")
        path.write_bytes(good)
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "2", "--out", "sealed", "--recipient", friend, "-i", "reader.txt")
    status, said = verify_by_its_text(world, "sealed", made["fingerprint"])
    expect(status == 0, said)


def a_selection_takes_what_list_shows(world):
    world.init()
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 50)
    world.write("in/note.txt", NOTE)
    world.run("add", "in", "--case", "IR 1", "--tag", "x")
    world.run("add", "in/note.txt", "--case", "IR-2")
    common = ["-i", "reader.txt", "--out"]

    def numbers(bundle):
        world.run(bundle, program=world.verify_program, expect=NOT_ANCHORED)
        return sorted(int(line.split()[0]) for line in (world.folder / bundle / "log/files").read_text().splitlines())
    world.run("export", "--select", "kind=ransom-message", *common, "notes")
    expect(numbers("notes") == [2, 3])
    world.run("export", "--select", ' case="IR 1"  tag=x kind=log', *common, "logs")
    expect(numbers("logs") == [1])
    world.run("export", "--select", "case=IR-2", "--select", "since=2020-01-01 until=2199-01-01", *common, "two")
    expect(numbers("two") == [3])
    world.run("export", "1", "--select", "case=IR-2", *common, "both")
    expect(numbers("both") == [1, 3])
    told = world.run("both", program=world.verify_program, expect=NOT_ANCHORED).stdout
    expect(b"nothing is told of positions 2, 4-9" in told, told)
    before = len(world.json("log"))
    refused = world.run("export", "--select", "kind=email", *common, "none", expect=1)
    expect(b"no item matches kind=email" in refused.stderr, refused.stderr)
    for words, says in (("colour=red", b"no \"colour\" to select by"), ("kind", b"is no name=value"), ("kind=log kind=log", b"is given twice"),
                        ('case="IR 1', b"does not end"), ('case="IR"1', b"follow the closing quote"), ("tag=", b"has no value"),
                        ("kind=thing", b"thing"), ("since=yesterday", b"yesterday"), ("x kind=log", b"is no name=value")):
        refused = world.run("export", "--select", words, *common, "none", expect=1)
        expect(says in refused.stderr, (words, refused.stderr))
    expect(b"no items to export" in world.run("export", *common, "none", expect=1).stderr)
    expect(len(world.json("log")) == before and not (world.folder / "none").exists(), "what is refused is not recorded")


def a_partial_export_lists_what_is_missing(world):
    world.init()
    for name in ("a", "b", "c"):
        world.write(f"in/{name}.txt", NOTE + name.encode())
    world.run("add", "in")
    world.run("shred", "2", "--authority", "a law", "--reason", "over", "--confirm", "2")
    common = ["-i", "reader.txt", "--out", "bundle"]
    before = len(world.json("log"))
    expect(b"item 2 was shredded" in world.run("export", "1-3", *common, expect=1).stderr)
    world.run("export", "2", "--partial", *common, expect=3)
    expect(len(world.json("log")) == before and not (world.folder / "bundle").exists(), "nothing was recorded")
    said = world.run("export", "1-3", "--partial", *common)
    expect(b"2 items, 1 missing (omissions.json)" in said.stdout and b"left out: item 2: shredded" in said.stderr, said)
    omissions = json.loads(world.read("bundle/omissions.json"))
    expect(omissions["complete"] is False and omissions["missing"] == [{"item": 2, "why": "shredded"}])
    expect("2" in omissions["not_in_bundle"], omissions)
    expect("Exhibit-Completeness: partial\n" in (world.folder / "bundle/bag-info.txt").read_text())
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")


def export_overwrites_nothing_and_a_damaged_item_does_not_leave(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    world.write("there/file", b"x")
    refused = world.run("export", "1", "--out", "there", "-i", "reader.txt", expect=1)
    expect(b"is there already" in refused.stderr)
    world.run("export", "0", "--out", "bundle", "-i", "reader.txt", expect=1)
    world.run("export", "7", "--out", "bundle", "-i", "reader.txt", expect=1)
    expect(not [p for p in world.folder.iterdir() if "bundle" in p.name])
    # Damaged in the store: found while it is written, after the act that announces it; recorded, and told how to go on.
    world.write("large", os.urandom(3_000_000))
    world.run("add", "large")
    flip(world.folder / "vault/store/packs/000001")
    before = len(world.json("log"))
    refused = world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt", expect=3)
    expect(b"not exported: entry 2: block" in refused.stderr and b"--partial" in refused.stderr, refused.stderr)
    expect(not [p for p in world.folder.iterdir() if "bundle" in p.name])
    expect(len(world.json("log")) == before + 2 and world.history(1)[-1].endswith(" failed: tampered"), world.history(1))
    world.run("export", "1-2", "--out", "bundle", "--partial", "-i", "reader.txt")
    expect([one["item"] for one in json.loads(world.read("bundle/omissions.json"))["missing"]] == [2])
