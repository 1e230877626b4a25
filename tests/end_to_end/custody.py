"""Who did what: acts, reading, notes and hand-overs, each signed in the log by whoever did it."""
import shutil

from world import NOT_ANCHORED, NOTE, ORIGIN, expect


def custody_is_recorded_by_whoever_acts(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    vkey = world.run("keygen", "--signing", "--no-passphrase", "-o", "bob.key").stdout
    world.write("bob.vkey", vkey)
    admitted = world.json("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "Bob Analyst")
    expect(admitted["entry"] == 2 and admitted["type"] == "custodian")
    why = ["--authority", "12 Cv 3", "--reason", "litigation"]
    expect(world.json("hold", "1", *why, "--key", "bob.key")["entry"] == 3)
    expect(world.json("release", "1", *why, "--cosigner-key", "bob.key")["entry"] == 4)
    refused = world.run("release", "1", *why, expect=1)
    expect(b"item 1 is not held" in refused.stderr, refused.stderr)
    handle = f"{ORIGIN}/k2"
    world.run("keygen", "--signing", "--handle", handle, "--no-passphrase", "-o", "bob2.key")
    world.run("custodian", "rotate", "--key", "bob.key", "--new-key", "bob2.key", "--reason", "yearly")
    expect(b"was replaced in entry 5 by " in world.run("hold", "1", *why, "--key", "bob.key", expect=1).stderr)
    rows = world.json("custodian", "list", "-i", "reader.txt")
    before, after = sorted((row for row in rows if row["actor"].startswith(handle)), key=lambda row: row["since"])
    expect(before["until"] == 5 and after["since"] == 5 and after["name"] == "Bob Analyst" and after["person"] == 2)
    expect("name" not in world.json("custodian", "list")[0], "names are sealed")
    world.run("custodian", "retire", after["actor"].split("/")[-1], "--reason", "left")
    first = next(row["actor"] for row in rows if row["person"] == 1)
    expect(b"the last custodian" in world.run("custodian", "retire", first, "--reason", "x", expect=1).stderr)
    expect(all(entry["signature"] == "good" for entry in world.json("log")))
    report = world.json("verify")
    expect(report["ok"] and report["checked"]["entries"] == 7)


def reading_content_is_recorded_before_a_byte_comes_out(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    read = world.run("cat", "1", "-i", "reader.txt", "--purpose", "triage")
    expect(read.stdout == NOTE)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt", "--purpose", "request of the FBI")
    told = world.history(1)
    expect(told[:3] == ["taken in: note.txt", "read 1: triage", "exported 1, plain: request of the FBI"], told)
    expect(told[3].startswith("the export of entry 3 is written"), told)
    # Nothing of it is public, and the bundle tells of its own making.
    expect(b"triage" not in world.run("log").stdout and len(world.json("history", "1")) == 1)
    expect("request of the FBI" in (world.folder / "bundle/log/fields").read_text())
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    # Without a purpose, or without a key that may sign the record, nothing comes out.
    silent = world.run("cat", "1", "-i", "reader.txt", expect=1, EXHIBIT_PURPOSE="")
    expect(silent.stdout == b"" and b"--purpose" in silent.stderr, silent.stderr)
    world.admit("collector", "collector")
    refused = world.run("cat", "1", "-i", "reader.txt", "--key", "collector.key", expect=1)
    expect(refused.stdout == b"" and b"holds no role" in refused.stderr, refused.stderr)
    # What is refused from the start leaves no record; an export that fails later leaves one of its failure.
    before = world.history(1)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt", expect=1)
    world.run("cat", "2", "-i", "reader.txt", expect=1)
    expect(world.history(1) == before)
    world.run("export", "1", "--out", "missing/folder", "-i", "reader.txt", expect=1)
    expect("failed" in world.history(1)[-1], world.history(1))
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def notes_stand_behind_the_metadata_and_are_sealed(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in", "--description", "first")
    hostile = "the clock was 90 s slow \x1b[2J\n\u202e"
    expect(world.json("note", "1", "--text", hostile)["entry"] == 2)
    world.run("note", "1", "--file", "-", stdin=b"a second one")
    shown = world.json("show", "1", "-i", "reader.txt")[0]
    expect(shown["fields"]["description"] == "first")
    expect([note["fields"]["text"] for note in shown["notes"]] == [hostile, "a second one"])
    expect([note["entry"] for note in shown["notes"]] == [2, 3])
    text = world.run("show", "1", "-i", "reader.txt").stdout
    expect(b"\x1b" not in text and b"a second one" in text)
    expect(world.history(1)[2] == "noted on 1: a second one")
    expect(b"second" not in world.run("log").stdout)
    world.run("note", "1", expect=1)
    world.run("note", "9", "--text", "x", expect=1)
    world.run("note", "1", "--file", "-", stdin=b"\xff", expect=1)
    # A note goes with its item.
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    expect(b"a second one" in world.read("bundle/log/fields"))
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)


def a_rule_of_two_holds_for_what_it_names(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    expect(b"no act needs two" in world.run("rule").stdout)
    because = ["--reason", "nobody destroys alone"]
    expect(b"two persons" in world.run("rule", "--two", "shred", *because, expect=1).stderr)
    world.admit("bob")
    world.run("rule", "--two", "shred", expect=1)
    world.run("rule", "--two", "shred", *because)
    expect(world.json("rule")["two"] == ["custodian", "shred"])
    why = ["--authority", "policy", "--reason", "over"]
    alone = world.run("shred", "1", *why, "--confirm", "1", expect=1)
    expect(b"asks for two persons to shred" in alone.stderr, alone.stderr)
    world.run("rule", "--none", *because, expect=1)
    world.run("rule", "--two", "hold", *because, expect=1)
    world.run("shred", "1", *why, "--confirm", "1", "--cosigner-key", "bob.key")
    world.run("rule", "--none", *because, "--cosigner-key", "bob.key")
    expect(world.json("rule")["two"] == [] and world.json("verify")["ok"])


def items_change_hands_by_files_between_two_homes(world):
    made = world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.txt", b"another")
    world.run("add", "in")
    world.admit("bob")
    words = ["--purpose", "analysis", "--condition", "sealed", "--location", "Boston", "--transport", "courier"]
    world.run("transfer", "1-2", "--to", "bob", "-i", "reader.txt", *words, "--out", "out.transfer")
    world.run("transfer", "1", "--to", "nobody", *words, "--out", "x", expect=1)
    world.run("transfer", "1", "--to", "k2", *words, "--out", "out.transfer", expect=1)
    # The receiver has another home, the statement, and a bundle.
    world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt")
    elsewhere = {"HOME": str(world.folder / "bob"), "XDG_CONFIG_HOME": str(world.folder / "bob/config"),
                 "XDG_STATE_HOME": str(world.folder / "bob/state"), "EXHIBIT_VAULT": str(world.folder / "none")}
    receive = ["receive", "out.transfer", "--bundle", "bundle", "--fingerprint", made["fingerprint"], "--key", "bob.key"]
    damaged = world.folder / "damaged"
    shutil.copytree(world.folder / "bundle", damaged)
    (damaged / "data/1").write_bytes(b"no")
    world.run(*receive[:3], "damaged", "--key", "bob.key", "--out", "s", expect=3, **elsewhere)
    world.run(*receive, "--out", "signed.transfer", **elsewhere)
    stranger = world.run("keygen", "--signing", "--handle", f"{ORIGIN}/k9", "--no-passphrase", "-o", "eve.key")
    expect(stranger and world.run(*receive[:-1], "eve.key", "--out", "s", expect=1, **elsewhere))
    # Back home it enters the log with both signatures, once.
    world.run("receive", "signed.transfer")
    expect("handed over from Tester to bob 1-2: analysis" in world.history(1)[-1], world.history(1))
    expect(b"in the log already" in world.run("receive", "signed.transfer", expect=1).stderr)
    # Within the vault, the receiver signs and it enters at once; refused and abandoned ones are told too.
    for name, end in (("second", ["receive"]), ("third", ["receive", "--refuse"]), ("fourth", ["transfer", "--abandon"])):
        world.run("transfer", "2", "--to", "k2", *words, "--out", name)
        if end == ["receive"]:
            expect(b"is to be received by" in world.run("receive", name, expect=1).stderr)
        world.run(*end, name, "--key", "bob.key")
    told = " | ".join(world.history(2))
    expect("refused" in told and "abandoned" in told and told.count("handed over") == 2, told)
    forged = world.read("signed.transfer").replace(b"analysis", b"analyses")
    world.write("forged.transfer", forged)
    world.run("receive", "forged.transfer", expect=3)
    # What somebody else forged is refused before it is stored, and the log goes on.
    once_more = world.read("fourth")
    world.write("forged.refusal", once_more.replace(b"analysis", b"analyses"))
    for way in (["receive", "forged.refusal", "--refuse"], ["transfer", "--abandon", "forged.refusal"]):
        expect(b"not those that it was signed over" in world.run(*way, expect=3).stderr)
    world.run("note", "2", "--text", "the log goes on")
    expect(world.json("verify")["ok"])
