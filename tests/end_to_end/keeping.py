"""How long evidence is kept: holds, dates of retention, and shredding, which leaves the entry and nothing else."""
import os

from world import NOT_ANCHORED, expect


def what_is_shredded_is_gone_and_its_entry_stays(world):
    world.init()
    secret = b"patient 4711: " + os.urandom(40)
    world.write("in/a.txt", b"kept")
    world.write("in/b.txt", secret)
    world.write("big.bin", os.urandom(3 << 20))
    world.run("add", "in")
    world.run("add", "big.bin")
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "2-3", "--out", "before", "--recipient", friend, "-i", "reader.txt")
    sealed = [world.read(f"before/data/{item}.age") for item in (2, 3)]
    headers = [part.split(b"\n", 1)[1] for part in world.read("before/log/headers").split(b"= ")[1:]]
    stored = lambda: b"".join(path.read_bytes() for path in sorted((world.folder / "vault/store").rglob("*")) if path.is_file())
    for part in [one[-64:] for one in sealed + headers]:
        expect(part in stored(), "the store does not hold what it should")
    why = ["--authority", "policy 4.2", "--reason", "six years have passed"]
    expect(b"--confirm 2" in world.run("shred", "2", *why, expect=1).stderr)
    expect(b"is not 2" in world.run("shred", "2", *why, "--confirm", "1", expect=1).stderr)
    world.run("hold", "2", *why)
    expect(b"is held" in world.run("shred", "2", *why, "--confirm", "2", expect=1).stderr)
    world.run("release", "2", *why)
    shredded = world.json("shred", "2", *why, "--confirm", "2")
    world.run("shred", "3", *why, "--confirm", "3")
    for part in [one[-64:] for one in sealed + headers]:
        expect(part not in stored(), "the store still holds what was shredded")
    expect(b"is shredded" in world.run("shred", "2", *why, "--confirm", "2", expect=1).stderr)
    report = world.json("verify", "--content", "-i", "reader.txt")
    expect(report["ok"] and report["checked"]["items"] == 1, report)
    expect(shredded["type"] == "shred" and any("entry 2: its sealed file was shredded" in one for one in report["remarks"]), report["remarks"])
    world.run("cat", "2", "-i", "reader.txt", expect=1)
    expect(world.run("list", "-i", "reader.txt").stdout.count(b"\n") >= 1)
    expect(world.cat(1) == b"kept")
    world.run("before", program=world.verify_program, expect=NOT_ANCHORED)
    world.run("add", "in/a.txt")
    expect(world.json("verify")["ok"])


def what_need_not_be_kept_is_listed_and_what_is_held_says_so(world):
    world.init()
    for name in ("a.txt", "b.txt", "c.txt"):
        world.write(name, name.encode())
    world.run("add", "a.txt", "--retain-until", "2026-01-01")
    world.run("add", "b.txt", "--retain", "hipaa")
    world.run("add", "c.txt")
    def due(*more):
        return [row["entry"] for row in world.json("list", "--due", "-i", "reader.txt", *more)]
    expect(due() == [1] and due("--as-of", "2025-12-31") == [])
    expect(due("--as-of", "2999-01-01") == [1, 2])
    expect(due("--as-of", "2999-01-01", "--rule", "hipaa") == [1, 2, 3])
    world.run("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    expect(b"(kept until 2026-01-01)  (held)" in world.run("list", "--due", "-i", "reader.txt").stdout)
    expect(world.json("list", "-i", "reader.txt")[0]["holds"] == 1)
    expect(b"known are: hipaa" in world.run("add", "a.txt", "--retain", "forever", expect=1).stderr)
    world.run("list", "--as-of", "2026-01-01", expect=2)
