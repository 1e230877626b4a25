"""One look at a vault: what there is, what left it, what to do next, and what is wrong with the surroundings."""
import json
import os
import time

from world import NOTE, expect


def areas(told):
    return {row["area"]: row["grade"] for row in told["symptoms"]}


def status_says_what_to_do_next_until_nothing_is_left(world):
    world.init()
    steps = [step.split(":")[0] for step in world.json("status")["next"]]
    expect("take evidence in" in steps and any(step.startswith("make a kit") for step in steps), steps)
    world.run("kit", "--out", "kit")
    world.write("note", NOTE)
    world.run("add", "note")
    told = world.json("status")
    expect("verified" not in told and any("exhibit verify" in step for step in told["next"]), told["next"])
    expect(b"never by this user" in world.run("status").stdout)
    world.run("verify", "--log")
    told = world.json("status")
    expect(told["verified"]["how"] == "log" and told["verified"]["size"] == 2 and 0 <= told["verified"]["seconds_since"] < 300, told)
    # What covers less does not count, and what does not hold neither.
    world.run("verify", "1")
    expect(world.json("status")["verified"]["how"] == "log")
    world.run("verify", "--content", "-i", "reader.txt")
    expect(world.json("status")["verified"]["how"] == "content")
    expect(not any("exhibit verify" in step for step in world.json("status")["next"]))


def status_says_what_left_and_when(world):
    world.init()
    world.write("note", NOTE)
    world.run("add", "note")
    expect(b"nothing was read or exported" in world.run("status").stdout)
    world.cat(1)
    told = world.json("status", "-i", "reader.txt")["left"]
    expect(told["accesses"] == 1 and "exported" not in told, told)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt", "--purpose", "trial")
    # Which of the accesses was an export is sealed.
    expect("exported" not in world.json("status")["left"])
    told = world.json("status", "-i", "reader.txt")["left"]
    expect(told["exported"]["entry"] == 4 and told["accesses"] == 3, told)
    world.run("publish", "www")
    told = world.json("status")["left"]["published"]
    expect(told["how"].endswith("/www") and told["size"] == 5, told)
    # The notes are of this vault, and not of another one with its origin.
    os.rename(world.folder / "vault", world.folder / "old")
    world.run("init", "vault", "--origin", "test.example/case-1", "--no-passphrase", "--key", "other.key", "--reader",
              world.run("keygen", "--no-passphrase", "-o", "r2.txt").stdout.decode().strip(), XDG_STATE_HOME=str(world.folder / "other-state"))
    expect("published" not in world.json("status", XDG_STATE_HOME=str(world.folder / "other-state"))["left"])


def the_screen_groups_the_fingerprint_and_any_form_of_it_is_taken(world):
    made = world.init()
    lines = world.run("status").stdout.decode().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("fingerprint"))
    shown = (lines[at][14:] + " " + lines[at + 1].strip()).strip()
    expect(shown.replace(" ", "") == made["fingerprint"], shown)
    hexes = made["fingerprint"]
    for form in (shown, hexes.upper(), ":".join(hexes[i:i + 2] for i in range(0, 64, 2)), "-".join(hexes[i:i + 4] for i in range(0, 64, 4)),
                 shown.replace(" ", "\n")):
        expect(world.json("verify", "--fingerprint", form)["ok"], form)
    world.run("verify", "--fingerprint", hexes[:-1], expect=1)
    world.run("verify", "--fingerprint", ("1" if hexes[0] == "0" else "0") + hexes[1:], expect=3)


def doctor_is_content_with_a_good_vault_and_silent_when_asked(world):
    made = world.init()
    os.chmod(world.folder / "vault", 0o700)
    told = world.json("doctor")
    expect(told["worst"] in ("fine", "remark"), told)
    expect(areas(told)["vault"] == "fine" and areas(told)["keys"] == "fine" and areas(told)["signing key"] == "fine", told)
    expect(world.run("doctor", "-q").stdout == b"")
    expect(made["fingerprint"] == world.json("status")["fingerprint"])


def doctor_names_what_is_wrong_and_its_status_says_how_bad(world):
    world.init()
    os.chmod(world.folder / "vault" / "keys", 0o755)
    told = world.json("doctor", expect=1)
    rows = [row for row in told["symptoms"] if row["area"] == "permissions"]
    expect(rows[0]["grade"] == "trouble" and "keys" in rows[0]["what"] and "chmod" in rows[0]["hint"], rows)
    os.chmod(world.folder / "vault" / "keys", 0o700)
    os.chmod(world.folder / "vault", 0o700)
    # A passphrase file that others can read.
    world.write("secret", b"a long passphrase\n")
    os.chmod(world.folder / "secret", 0o644)
    expect(areas(world.json("doctor", expect=1, EXHIBIT_PASSPHRASE_FILE=str(world.folder / "secret")))["passphrase"] == "trouble")
    os.chmod(world.folder / "secret", 0o600)
    expect(areas(world.json("doctor", EXHIBIT_PASSPHRASE_FILE=str(world.folder / "secret")))["passphrase"] == "fine")
    # A signing key that was retired, or is not there.
    world.admit("bob")
    key = next(row["actor"] for row in world.json("custodian", "list") if row["actor"].split("/")[-1].startswith("k2"))
    expect(areas(world.json("doctor", "--key", "bob.key"))["signing key"] == "fine")
    world.run("custodian", "retire", key, "--reason", "left")
    expect(areas(world.json("doctor", "--key", "bob.key", expect=1))["signing key"] == "trouble")
    expect(areas(world.json("doctor", "--key", "none.key"))["signing key"] == "remark")
    # A damaged file of keys/ is more than trouble; so is a vault that was rolled back.
    path = world.folder / "vault" / "keys" / "reader.age"
    good = path.read_bytes()
    path.write_bytes(good[:-30] + bytes([good[-30] ^ 1]) + good[-29:])
    told = world.json("doctor", expect=3)
    expect(told["worst"] == "damage" and areas(told)["vault"] == "fine", told)
    path.write_bytes(good)
    world.json("doctor")
    path.unlink()
    expect("trouble" in {row["grade"] for row in world.json("doctor", expect=1)["symptoms"] if row["area"] == "keys"})


def doctor_without_a_vault_says_so_and_works(world):
    told = world.json("doctor", "--vault", "nowhere")
    expect(areas(told)["vault"] == "remark" and areas(told)["program"] == "fine", told)


def doctor_calls_a_rolled_back_vault_damage(world):
    world.init()
    world.tool("cp", "-a", "vault", "older")
    world.write("note", NOTE)
    world.run("add", "note")
    told = world.json("doctor", "--vault", "older", expect=3)
    expect(areas(told)["vault"] == "damage", told)


def collectors_are_listed_and_retired_by_name(world):
    world.init()
    expect(world.json("collector", "list") == [])
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    world.write("note", NOTE)
    world.run("collect", "note", "--collector", "stick", "--drop", "drop")
    world.run("take-in", "drop")
    told = world.json("collector", "list", "-i", "reader.txt")
    expect(len(told) == 1 and told[0]["name"] == "fs01" and told[0]["last_number"] == 1 and told[0]["admitted"], told)
    expect(0 <= told[0]["seconds_since"] < 300, told)
    expect("name" not in world.json("collector", "list")[0], "names are sealed")
    expect(b"no collector is admitted" in world.run("collector", "retire", "fs02", "--reason", "x", expect=1).stderr)
    # Without a key its name is not known; its handle is.
    world.run("collector", "retire", "fs01", "--reason", "x", expect=1)
    retired = world.json("collector", "retire", "fs01", "--reason", "shut down", "-i", "reader.txt")
    expect(retired["type"] == "custodian" and retired["act"] == "retire", retired)
    expect(not world.json("collector", "list")[0]["admitted"])
    # A custodian is no collector.
    world.run("collector", "retire", "k1", "--reason", "x", expect=1)


def the_log_key_is_told_when_it_is_asked_for(world):
    made = world.init()
    expect(world.run("checkpoint", "--log-key").stdout.decode().strip() == made["log_key"])
    expect(world.json("status")["log_key"] == made["log_key"])
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.run("checkpoint", "--log-key", "-o", "log.vkey")
    expect(world.read("log.vkey").decode().strip() not in ("", made["log_key"]))
    world.run("witness", "init", "w", "--name", "witness.example/w", "--log", "log.vkey", "--no-passphrase")
