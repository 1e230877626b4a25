"""Which items a command is about: filters, all, and ranges that skip acts."""
import hashlib

from world import NOTE, expect


def a_case(world):
    """Items 1 to 3, an act 4, item 5."""
    world.init()
    world.write("a/auth.log", b"one\n")
    world.write("a/b/auth.log", b"two\n")
    world.write("a/note.txt", NOTE)
    world.run("add", "a/auth.log", "--source", "fs01")
    world.run("add", "a/b/auth.log", "--source", "fs02")
    world.run("add", "a/note.txt", "--source", "fs01")
    world.run("note", "1", "--text", "seen")
    world.run("add", "a/auth.log", "--source", "fs03")


def numbers(world, *filters):
    return [row["entry"] for row in world.json("list", "-i", "reader.txt", *filters)]


def items_are_found_by_source_name_and_digest(world):
    a_case(world)
    expect(numbers(world, "--source", "fs01") == [1, 3])
    expect(numbers(world, "--source", "fs") == [])
    expect(numbers(world, "--name", "auth.log") == [1, 2, 5])
    expect(numbers(world, "--name", "*.txt") == [3])
    expect(numbers(world, "--name", "*/b/auth.log") == [2])
    digest = hashlib.sha256(b"one\n").hexdigest()
    expect(numbers(world, "--sha256", digest) == [1, 5] == numbers(world, "--sha256", digest.upper()))
    expect(numbers(world, "--sha256", digest, "--source", "fs03") == [5])
    world.run("list", "--sha256", "12", "-i", "reader.txt", expect=1)
    world.run("list", "--source", "fs01", expect=1)  # sealed
    world.run("export", "--select", f"sha256={digest} source=fs03", "--out", "one", "-i", "reader.txt", "--purpose", "x")
    world.run("restore", "--select", "name=*.txt", "--to", "tree", "-i", "reader.txt", "--purpose", "x")
    expect((world.folder / "tree" / "fs01").exists() and len([f for f in (world.folder / "tree").rglob("*.txt")]) == 1)
    expect(world.run("cat", "--select", "name=note.txt", "-i", "reader.txt", "--purpose", "x").stdout == NOTE)
    many = world.run("cat", "--select", "name=auth.log", "-i", "reader.txt", "--purpose", "x", expect=1).stderr
    expect(b"cat takes one entry, and these are 3: 1-2, 5" in many, many)
    world.run("cat", "-i", "reader.txt", "--purpose", "x", expect=1)
    world.run("cat", "1", "--select", "name=note.txt", "-i", "reader.txt", "--purpose", "x", expect=1)


def acts_in_a_range_are_left_out_and_said(world):
    a_case(world)
    told = world.run("export", "1-5", "--out", "range", "-i", "reader.txt", "--purpose", "x")
    expect(b"4 is an act, and no evidence: left out of the range" in told.stderr and b"4 items" in told.stdout, told)
    # An act that is named by itself is a mistake.
    expect(b"entry 4 is an act" in world.run("export", "4", "--out", "no", "-i", "reader.txt", "--purpose", "x", expect=1).stderr)
    told = world.run("hold", "1-5", "--authority", "court", "--reason", "trial")
    expect(b"left out of the range" in told.stderr, told.stderr)
    expect([row["entry"] for row in world.json("list") if row.get("holds")] == [1, 2, 3, 5])
    world.run("release", "1-5", "--authority", "court", "--reason", "over")
    world.run("transfer", "1-5", "--to", "k1", "--purpose", "x", "--out", "t", "-i", "reader.txt")
    expect(b"nothing that is named is an item" in world.run("hold", "6-8", "--authority", "c", "--reason", "r", expect=1).stderr)
    world.run("hold", "1-99", "--authority", "c", "--reason", "r", expect=1)


def all_is_all_that_there_is(world):
    a_case(world)
    world.run("shred", "3", "--authority", "court", "--reason", "ordered", "--confirm", "3")
    told = world.run("export", "--all", "--out", "all", "-i", "reader.txt", "--purpose", "x")
    expect(b"3 was shredded: left out" in told.stderr and b"3 items" in told.stdout, told)
    world.run("restore", "--all", "--to", "tree", "-i", "reader.txt", "--purpose", "x")
    expect(sum(1 for file in (world.folder / "tree").rglob("auth.log")) == 3)
    world.run("restore", "--to", "none", "-i", "reader.txt", "--purpose", "x", expect=1)


def output_that_is_quiet_is_silent_when_all_is_well(world):
    a_case(world)
    for command in (["verify"], ["publish", "www"], ["export", "1", "--out", "q", "-i", "reader.txt", "--purpose", "x"],
                    ["checkpoint", "-o", "head"], ["restore", "1", "--to", "r", "-i", "reader.txt", "--purpose", "x"]):
        told = world.run(*command, "-q")
        expect(told.stdout == b"" and told.stderr == b"", (command, told))
    world.run("publish", "www", "-q")
    expect(world.run("verify-log", "www", "-q").stdout == b"")
    # Whoever sees it for the first time, and brought nothing, is told.
    told = world.run("verify", "-q", expect=5, XDG_STATE_HOME=str(world.folder / "stranger")).stdout
    expect(told.startswith(b"consistent with itself") and told.count(b"\n") == 1, told)
