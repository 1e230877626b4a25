"""What is kept for a loss: kits and drills, passphrases that change, and the state of a vault at a glance."""
import hashlib
import json
import os
import shutil
import stat

from terminal import Terminal
from world import NOT_ANCHORED, NOTE, ORIGIN, expect, flip


def vault_with_a_kit(world, *more):
    made = world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    world.run("kit", "--out", "kit", "-i", "reader.txt", *more)
    return made


def elsewhere(here):
    """Another machine: a home of its own, and no vault."""
    home = here.folder / "elsewhere"
    return {"EXHIBIT_VAULT": str(home / "no-vault"), "HOME": str(home), "XDG_STATE_HOME": str(home / "state"),
            "XDG_CONFIG_HOME": str(home / "config")}


def check(world, *more, expect=0, **environment):
    return json.loads(world.run("kit", "--check", "kit", "--json", *more, expect=expect,
                                **{**elsewhere(world), **environment}).stdout)


def a_kit_opens_on_another_machine_and_opens_no_evidence(world):
    made = vault_with_a_kit(world)
    (world.folder / "vault").rename(world.folder / "lost")
    told = check(world, "-i", "reader.txt", "--fingerprint", made["fingerprint"])
    expect(told["ok"] and told["opens"] and told["verdict"] == "holds" and told["as_of"] == 1, told)
    expect(any("could sign" in one for one in told["shown"]), told)
    expect(any("the evidence is whole" in one for one in told["not_shown"]), told)
    text = world.run("kit", "--check", "kit", "-i", "reader.txt", expect=NOT_ANCHORED, **elsewhere(world)).stdout
    expect(b"whose vault it is was not checked" in text, text)
    expect(not check(world, expect=NOT_ANCHORED)["opens"])
    world.run("keygen", "--no-passphrase", "-o", "stranger.txt")
    told = check(world, "-i", "stranger.txt", expect=6)
    expect(told["verdict"] == "wrong-key" and not told["faults"], told)
    told = check(world, "-i", "reader.txt", "--fingerprint", "00" * 32, expect=3)
    expect(told["verdict"] == "changed", told)
    # Stock tools find the same.
    world.tool("sh", "-c", "cd kit && sha256sum --quiet -c SHA256SUMS")
    expect(world.tool("age", "-d", "-i", "reader.txt", "kit/keys/reader.age").startswith(b"AGE-SECRET-KEY-1"))
    expect(world.tool("age", "-d", "-i", "reader.txt", "kit/keys/recovery.age").startswith(b"PRIVATE+KEY+"))
    world.run("--proof", "kit/law.proof", "--fingerprint", made["fingerprint"], program=world.verify_program)
    # Nothing of the evidence, and no key that signs, is in it.
    for path in (world.folder / "kit").rglob("*"):
        if path.is_file():
            expect(stat.S_IMODE(path.stat().st_mode) == 0o600, path)
            expect(b"bitcoin" not in path.read_bytes() and b"PRIVATE+KEY" not in path.read_bytes(), path)


def a_kit_and_a_copy_of_the_vault_mend_a_loss(world):
    """Every custodian's key, and the files of keys/, are lost. What is left is a copy of the rest, the kit and the log key."""
    made = vault_with_a_kit(world)
    os.remove(made["files"]["custodian_key"])
    for name in ("reader.age", "recovery.age"):
        (world.folder / "vault/keys" / name).unlink()
        shutil.copy(world.folder / "kit/keys" / name, world.folder / "vault/keys" / name)
    world.run("recover", "-i", "reader.txt", "--name", "Carol", "--reason", "the office burned", "--no-passphrase",
              "--confirm", ORIGIN)
    world.run("note", "1", "--text", "recovered")
    expect(world.json("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"],
                      "--after", "kit/checkpoint")["ok"])
    expect(world.cat(1) == NOTE)
    # The kit is of before: the recovery key that was used is no more, and the status says so.
    expect(world.json("status")["kit"]["newer_type"] == "recovery")


def a_kit_that_was_changed_is_found(world):
    made = vault_with_a_kit(world)
    refused = world.run("kit", "--out", "kit", expect=1).stderr
    expect(b"is there already" in refused, refused)
    anchored = ["-i", "reader.txt", "--fingerprint", made["fingerprint"]]
    shutil.copytree(world.folder / "kit", world.folder / "good")
    for name in ("README.txt", "print.html", "checkpoint", "fingerprint", "law.proof", "keys/reader.age", "keys/recovery.age"):
        flip(world.folder / "kit" / name)
        told = json.loads(world.run("kit", "--check", "kit", *anchored, "--json", expect=3, **elsewhere(world)).stdout)
        expect(any(name in fault for fault in told["faults"]), (name, told))
        shutil.copy(world.folder / "good" / name, world.folder / "kit" / name)
    # Who changes the sums as well is found by what the log names.
    world.write("kit/keys/recovery.age", world.tool("age", "-a", "-R", "/dev/stdin", "-o", "-", "reader.txt",
                                                    stdin=world.tool("age-keygen", "-y", "reader.txt")))
    sums = world.read("kit/SHA256SUMS").decode().splitlines()
    digest = hashlib.sha256(world.read("kit/keys/recovery.age")).hexdigest()
    world.write("kit/SHA256SUMS", "".join(f"{digest if line.endswith('keys/recovery.age') else line[:64]}{line[64:]}\n"
                                          for line in sums).encode())
    told = check(world, *anchored, expect=3)
    expect(any("keys/recovery.age" in fault for fault in told["faults"]), told)
    world.run("kit", "--check", "in", expect=1, **elsewhere(world))
    world.run("kit", "--check", "nothing", expect=1, **elsewhere(world))
    world.run("kit", expect=1)
    world.run("kit", "--out", "a", "--check", "b", expect=2)


def a_kit_of_a_passphrase_has_the_sealed_signing_keys_too(world):
    world.write("phrase", b"correct horse battery\n")
    os.chmod(world.folder / "phrase", 0o600)
    phrase = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "phrase")}
    made = json.loads(world.run("init", "vault", "--origin", ORIGIN, "--json", **phrase).stdout)
    told = json.loads(world.run("kit", "--out", "kit", "--json", **phrase).stdout)
    expect({"keys/log.key", "keys/label.key"} <= set(told["files"]) and not told["left_out"], told)
    told = check(world, "--fingerprint", made["fingerprint"], **phrase)
    expect(told["opens"] and any("is the log's key" in one for one in told["shown"]), told)
    told = check(world, "--fingerprint", made["fingerprint"])
    expect(not told["opens"] and any("keys/reader.age opens" in one for one in told["not_shown"]), told)


def the_status_reminds_of_a_kit_and_says_what_waits(world):
    made = world.init()
    told = world.json("status")
    expect(told["origin"] == ORIGIN and told["fingerprint"] == made["fingerprint"] and told["size"] == 1, told)
    expect(told["kit"] == {"made": False} and told["keys"]["whole"] and told["recovery_key"] and not told["collectors"], told)
    expect(b"exhibit kit --out DIR" in world.run("status").stdout)
    world.run("kit", "--out", "kit")
    expect(world.json("status")["kit"] == {"made": True, "size": 1, "older": False})
    world.write("in/a", b"one")
    world.run("add", "in")
    world.run("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    expect(not world.json("status")["kit"]["older"], "what is held is no matter of a kit")
    world.admit("second")
    told = world.json("status")
    expect(told["kit"]["older"] and told["kit"]["newer_type"] == "custodian", told)
    expect(told["holds"] == [{"entry": 2, "items": 1}], told)
    world.run("suspend", "2", "--reason", "the laptop was stolen")
    world.run("case", "set", "--discovered", "2025-02-20")
    told = world.json("status", "-i", "reader.txt")
    expect(told["suspensions"] == [{"entry": 4, "stopped": [2], "by": 1}], told)
    expect(told["notices"][0]["due"].startswith("2025-04-21") and told["notices"][0]["days"] < 0, told)
    expect("notices" not in world.json("status"), "dates are sealed")
    text = world.run("status", "-i", "reader.txt").stdout.decode()
    expect("person 2 (second)" in text and "was due 2025-04-21" in text and len(text.splitlines()) < 25, text)
    flip(world.folder / "vault/keys/label.key")
    expect(world.json("status", expect=3)["keys"]["whole"] is False)


def the_status_says_what_each_collector_owes(world):
    world.init()
    world.run("collector", "new", "fs01", "--out", "fs01", "--no-passphrase")
    expect(world.json("status")["collectors"][0]["next_number"] == 1)
    away = {"XDG_STATE_HOME": str(world.folder / "away")}
    for number in (1, 2):
        world.write(f"file{number}", b"evidence %d" % number)
        world.run("collect", f"file{number}", "--collector", "fs01", "--drop", f"drop{number}", **away)
    world.run("take-in", "drop2")
    row = world.json("status")["collectors"][0]
    expect(row["missing"] == [[1, 1]] and row["next_number"] == 3 and row["broken"], row)
    world.run("take-in", "drop1")
    row = world.json("status")["collectors"][0]
    expect(row["missing"] == [] and not row["broken"] and not row["open_run"] and row["admitted"], row)


def passphrases_change_and_the_old_ones_open_nothing(world):
    for name, words in (("old", b"correct horse battery\n"), ("new", b"staple battery horse\n"), ("short", b"short\n")):
        world.write(name, words)
        os.chmod(world.folder / name, 0o600)
    old = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "old")}
    new = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "new")}
    change = {**old, "EXHIBIT_NEW_PASSPHRASE_FILE": str(world.folder / "new")}
    made = json.loads(world.run("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--json", **old).stdout)
    world.write("in", NOTE)
    world.run("add", "in", **old)
    shutil.copy(world.folder / "vault/keys/reader.age", world.folder / "reader-before.age")
    refused = world.run("passphrase", "own", expect=1, **old)
    expect(b"EXHIBIT_NEW_PASSPHRASE_FILE" in refused.stderr, refused.stderr)
    world.run("passphrase", "own", expect=1, **{**old, "EXHIBIT_NEW_PASSPHRASE_FILE": str(world.folder / "short")})
    world.run("add", "in", **old)
    # The vault's key first, while all signing keys are still under the old one.
    done = json.loads(world.run("passphrase", "reader", "--json", **change).stdout)
    expect(done["type"] == "reader", done)
    world.run("passphrase", "log", **change)
    world.run("passphrase", "own", **change)
    world.run("cat", "1", expect=6, **old)
    world.run("add", "in", expect=1, **old)
    world.run("add", "in", **new)
    expect(world.run("cat", "1", **new).stdout == NOTE)
    told = json.loads(world.run("verify", "--content", "--json", "--fingerprint", made["fingerprint"], **new).stdout)
    expect(told["ok"] and not told["findings"], told)
    for folder in (world.folder / "vault/keys", (world.folder / made["files"]["custodian_key"]).parent):
        expect(not [path for path in folder.iterdir() if ".n" in path.name], list(folder.iterdir()))
    # Without one, and back.
    world.run("passphrase", "own", "--no-passphrase", **new)
    expect((world.folder / made["files"]["custodian_key"]).read_bytes().startswith(b"PRIVATE+KEY+"))
    # Readers have no passphrase to change.
    world.run("--vault", "other", "passphrase", "log", expect=1, **change)
    bob = world.run("keygen", "--no-passphrase", "-o", "bob.txt").stdout.decode().strip()
    world.run("reader", "add", bob, "--only", **new)
    refused = world.run("passphrase", "reader", expect=1, **{**new, "EXHIBIT_NEW_PASSPHRASE_FILE": str(world.folder / "old")})
    expect(b"sealed to readers" in refused.stderr, refused.stderr)


def on_a_terminal_each_passphrase_is_asked_for_and_so_are_drops_on_the_road(world):
    world.init()
    world.run("collector", "new", "fs01", "--out", "fs01", "--no-passphrase")
    with Terminal(world, "passphrase", "own") as terminal:
        terminal.expect("New passphrase for signing key")
        terminal.type("correct horse battery")
        terminal.expect("The same again")
        terminal.type("correct horse battery")
        terminal.finish()
    with Terminal(world, "reseal", "--reason", "a reader left", "-i", "reader.txt") as terminal:
        terminal.expect("assphrase of vault " + ORIGIN)
        terminal.type("correct horse battery")
        terminal.expect("Type yes to go on")
        terminal.type("no")
        terminal.finish(status=1)
    with Terminal(world, "passphrase", "own", "--no-passphrase") as terminal:
        terminal.expect("assphrase of vault " + ORIGIN)
        terminal.type("correct horse battery")
        terminal.finish()
    with Terminal(world, "reseal", "--reason", "a reader left", "-i", "reader.txt") as terminal:
        terminal.expect("/k2")
        terminal.expect("Type yes to go on")
        terminal.type("yes")
        terminal.finish()
    expect(world.json("status")["kit"] == {"made": False})
