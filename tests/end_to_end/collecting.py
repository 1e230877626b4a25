"""A collector on another machine: it writes and cannot read, and what it left in a drop is taken in once."""
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path

from world import NOT_ANCHORED, NOTE, expect, flipped, settle


def a_stolen_collector_reads_nothing_and_what_it_sealed_is_taken_in_once(world):
    world.init()
    made = world.json("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    expect(made["entry"] == 1)
    expect(sorted(p.name for p in (world.folder / "stick").iterdir()) == ["cases", "collector.key", "state", "vault"])
    # The other machine: nothing of the vault's, and a home of its own.
    (world.folder / "machine").mkdir()
    away = {"HOME": str(world.folder / "machine"), "EXHIBIT_VAULT": str(world.folder / "machine/none"),
            "XDG_STATE_HOME": str(world.folder / "machine/state"), "XDG_CONFIG_HOME": str(world.folder / "machine/config")}
    large = os.urandom(9 << 20)
    world.write("logs/a.txt", NOTE)
    world.write("logs/b.txt", b"")
    world.write("logs/large.bin", large)
    collect = ["collect", "--collector", "stick", "--drop", "drop"]
    items = world.json(*collect, "logs", "--source", "fs01", **away)["items"]
    expect([item["number"] for item in items] == [1, 2, 3], items)
    drop = world.folder / "drop"
    expect(not any(NOTE[:20] in path.read_bytes() or b"a.txt" in path.read_bytes() for path in drop.iterdir()))
    # All that the thief has opens none of it.
    world.tool("age-keygen", "-o", "thief.txt")
    sealed = next(drop.glob("*-1.age"))
    for identity in ("thief.txt", "stick/collector.key"):
        failed = subprocess.run(["age", "-d", "-i", identity, sealed], cwd=world.folder, capture_output=True)
        expect(failed.returncode != 0 and not failed.stdout)
    # Copied away and taken in twice: once in the log, by whom it was collected, and at the vault's position.
    shutil.copytree(drop, world.folder / "copy")
    taken = world.json("take-in", "drop")
    expect([(one["entry"], one["number"]) for one in taken["items"]] == [(2, 1), (3, 2), (4, 3)], taken)
    again = world.json("take-in", "copy")
    expect(again["already"] == 3 and not again["items"] and not again["refused"], again)
    expect(world.cat(2) == NOTE and world.cat(3) == b"" and world.cat(4) == large)
    expect("collected by fs01" in world.history(2)[0], world.history(2))
    expect(world.json("show", "2", "-i", "reader.txt")[0]["fields"]["source"] == "fs01")
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    world.run("export", "2-4", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")

    # Who finds the folder in use is told of that, and of no vault.
    with open(world.folder / "stick/LOCK", "r+b") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        busy = world.run(*collect, "logs", expect=4, **away).stderr
    expect(b"is collecting with this folder: stick/LOCK is locked" in busy and b"vault" not in busy and b"--wait" not in busy, busy)

    # What is damaged, foreign or hostile is named, and the rest goes on.
    def bad(change, words):
        expect(words != "", "no words are in every message")
        shutil.rmtree(drop, ignore_errors=True)
        world.write("more.txt", b"more")
        first = world.json(*collect, "more.txt", "more.txt", **away)["items"][0]["number"]
        stems = sorted((path.with_suffix("") for path in drop.glob("*.collected")), key=lambda p: int(p.name.split("-")[1]))
        change(stems[0])
        result = world.run("take-in", "drop", "--json", expect=0 if words is None else 1)
        told = json.loads(result.stdout)
        expect([one["number"] for one in told["items"]][-1:] == [first + 1], told)
        if words is not None:
            expect(len(told["refused"]) == 1 and words in told["refused"][0]["reason"], told)
        return told

    def edit(suffix, function):
        def change(stem):
            path = Path(f"{stem}{suffix}")
            path.write_bytes(function(path.read_bytes()))
        return change

    bad(edit(".age", lambda data: data[:-1]), "bytes")
    bad(edit(".age", lambda data: data + b"x"), "bytes")
    bad(edit(".age", lambda data: flipped(data, -1)), "payload is not the one")
    bad(edit(".age", lambda data: flipped(data, 60)), "header")
    bad(edit(".age", lambda data: b""), "an empty file")
    # Another character of the signature's base64, which is a signature still.
    bad(edit(".collected", lambda data: data[:-10] + (b"B" if data[-10:-9] == b"A" else b"A") + data[-9:]), "does not fit")
    bad(edit(".collected", lambda data: data[:-1]), "line feed")
    bad(edit(".collected", lambda data: data.replace(b'"number":', b'"number":1')), "its name does not say")
    bad(lambda stem: Path(f"{stem}.age").unlink(), "is missing")
    bad(lambda stem: (Path(f"{stem}.age").unlink(), os.symlink("/etc/hostname", f"{stem}.age")), "no plain file")
    bad(lambda stem: (Path(f"{stem}.age").unlink(), os.mkfifo(f"{stem}.age")), "no plain file")
    told = bad(lambda stem: Path(f"{stem}.collected").unlink(), "its collector's statement")
    expect(any("neither in this drop nor in the log" in remark for remark in told["remarks"]), told)
    hostile = "\x1b[2J..x"
    told = bad(lambda stem: [(stem.parent / name).write_bytes(b"x") for name in (hostile, "0-1.age", "x.collected", "abc.part")], None)
    expect(len([one for one in told["remarks"] if "not taken in" in one]) == 4, told)
    expect(b"\x1b" not in world.run("take-in", "drop").stderr)
    remark = [one for one in world.json("verify")["remarks"] if "are not in the log" in one]
    expect(len(remark) == 1 and "k2" in remark[0], remark)

    # Another vault's collector, one who was not admitted, one who was retired.
    world.run("init", "other", "--origin", "test.example/other", "--name", "Other", "--key", "other.key", "--reader",
              world.json("reader", "list", "-i", "reader.txt")["readers"][0]["recipient"], "--no-passphrase")
    world.run("--vault", "other", "collector", "new", "fs02", "--out", "foreign", "--no-passphrase", "--key", "other.key")
    world.run("collect", "more.txt", "--collector", "foreign", "--drop", "foreign-drop", **away)
    error = world.run("take-in", "foreign-drop", expect=1).stderr
    expect(b"was never admitted" in error or b"another vault" in error, error)
    printed = world.run("collector", "new", "fs03", "--out", "stranger", "--no-passphrase", "--no-admit").stdout.decode()
    world.run("collect", "more.txt", "--collector", "stranger", "--drop", "stranger-drop", **away)
    expect(b"was never admitted" in world.run("take-in", "stranger-drop", expect=1).stderr)
    key = printed.split("'")[1]
    world.run("custodian", "add", key, "--role", "collector", "--name", "fs03")
    world.run("take-in", "stranger-drop")
    world.run("collect", "more.txt", "--collector", "stranger", "--drop", "late-drop", **away)
    world.run("custodian", "retire", key, "--reason", "stolen")
    expect(b"--accept-retired" in world.run("take-in", "late-drop", expect=1).stderr)
    world.run("take-in", "late-drop", "--accept-retired", expect=2)
    world.run("take-in", "late-drop", "--accept-retired", "--reason", "collected before it was stolen")
    # Sealed to the key before.
    world.run(*collect, "more.txt", **away)
    # A drop is on the road: that is asked first, and nobody answers here.
    asked = world.run("reseal", "--reason", "a reader left", "-i", "reader.txt", expect=1).stderr
    expect(b"take in the drops that are on the road first" in asked and b"--yes" in asked, asked)
    world.run("reseal", "--yes", "--reason", "a reader left", "-i", "reader.txt")
    asked = world.run("reseal", "--retire-earlier", "--reason", "nothing is to come", "-i", "reader.txt", expect=1).stderr
    expect(b"can never be opened" in asked, asked)
    shutil.rmtree(drop)
    world.run(*collect, "more.txt", **away)
    refused = world.run("take-in", "drop", expect=1)
    expect(b"--accept-earlier-key" in refused.stderr or b"earlier" in refused.stderr, refused.stderr)
    world.run("take-in", "drop", "--accept-earlier-key", "--reason", "sealed before the key was changed")
    # A collector collects into a vault as well, and a passphrase is asked for where there is one.
    world.run("take-in", "missing", expect=1)
    world.run("collect", "more.txt", "--collector", "in", "--drop", "drop", expect=1, **away)
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def the_small_program_does_what_the_command_does_and_leaves_nothing_on_the_machine(world):
    world.init()
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    world.write("logs/a.txt", NOTE)
    world.write("logs/b.txt", b"b")
    settle()
    machine = world.folder / "machine"
    machine.mkdir()
    # A configuration of the machine says nothing to it.
    world.write("machine/config/exhibit/config.toml", b"case = 'of the machine'\nsource = 'the machine'\n")
    away = {"HOME": str(machine), "XDG_STATE_HOME": str(machine / "state"), "XDG_CONFIG_HOME": str(machine / "config")}
    collect = ["logs", "--collector", "stick", "--drop", "drop"]
    items = world.json(*collect, program=world.collect_program, **away)["items"]
    expect([item["number"] for item in items] == [1, 2], items)
    # The one goes on where the other was.
    again = world.json("collect", *collect, "--resume", **{**away, "XDG_CONFIG_HOME": str(machine / "none")})
    expect(again["already"] == 2 and not again["items"], again)
    again = world.json(*collect, "--resume", program=world.collect_program, **away)
    expect(again["already"] == 2 and not again["items"], again)
    expect([path.name for path in machine.rglob("*") if path.is_file()] == ["config.toml"], list(machine.rglob("*")))
    world.run("take-in", "drop")
    expect(len(world.items()) == 2 and not any("source" in item for item in world.items()), world.items())
    # Usage, and what is not there.
    said = world.run("logs", "--drop", "drop", program=world.collect_program, expect=2).stderr
    expect(b"--collector" in said, said)
    said = world.run("nothere", *collect[1:], program=world.collect_program, expect=2).stderr
    expect(b"nothere does not exist" in said, said)
    said = world.run("-", *collect[1:], program=world.collect_program, expect=2, stdin=b"x").stderr
    expect(b"give it one: exhibit-collect - --name auth.log" in said, said)
