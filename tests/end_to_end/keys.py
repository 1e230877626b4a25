"""Who can read and who can sign: readers, passphrases, keys that are replaced, and keys that were stolen."""
import hashlib
import json
import os
import shutil
import stat
from pathlib import Path

from servers import Authority
from world import NOT_ANCHORED, NOTE, ORIGIN, expect


def nothing_is_readable_without_a_key(world):
    world.init()
    secret = b"PATIENT-4711-DIAGNOSIS"
    world.write("in/secret-name-4711.txt", secret * 10)
    world.run("add", "in", "--description", "described-4711", "--case", "case-4711")
    for path in (world.folder / "vault").rglob("*"):
        if path.is_file():
            expect(b"4711" not in path.read_bytes(), path)
    listed = world.json("list")
    expect("fields" not in listed[0])
    world.run("verify")
    world.run("cat", "1", expect=1)
    stranger = world.run("keygen", "--no-passphrase", "-o", "stranger.txt")
    expect(stranger.stdout.startswith(b"age1"))
    result = world.run("cat", "1", "-i", "stranger.txt", expect=6)
    expect(b"not sealed to this key" in result.stderr)


def a_damaged_key_file_is_named_while_there_is_a_copy(world):
    """Nobody needs keys/reader.age to add; who needs it one day finds out too late."""
    world.init()
    world.write("in", b"x")
    file = world.folder / "vault" / "keys" / "reader.age"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(whole[200:201], b"A" if whole[200:201] != b"A" else b"B"))
    says = b"keys/reader.age is not what was written"
    expect(says in world.run("add", "in").stderr)
    expect(says not in world.run("-q", "add", "in").stderr)
    file.write_bytes(whole)
    expect(says not in world.run("add", "in").stderr)


def keys_are_for_their_owner_only(world):
    made = world.init()
    for path in made["files"].values():
        mode = stat.S_IMODE((world.folder / path).stat().st_mode)
        expect(mode == 0o600, f"{path} {mode:o}")
    key = Path(made["files"]["custodian_key"])
    key.chmod(0o644)
    world.write("in", b"x")
    refused = world.run("add", "in", expect=1)
    expect(b"can be read by others" in refused.stderr)
    world.run("keygen", "--no-passphrase", "--signing", "-o", "mallory.key")
    refused = world.run("add", "in", "--key", "mallory.key", expect=1)
    expect(b"never admitted" in refused.stderr)


def a_key_s_file_may_end_its_line_as_any_system_does(world):
    """One reader of verifier keys, whatever command asks: what one takes, all take."""
    world.init()
    printed = world.run("keygen", "--no-passphrase", "--signing", "-o", "bob.key").stdout.strip()
    for number, end in enumerate((b"", b"\n", b"\r\n", b"\n\n", b"\r\n\r\n")):
        name = f"bob{number}.vkey"
        world.write(name, printed + end)
        cosigner = world.run("witness", "init", f"w{number}", "--name", f"witness.example/w{number}", "--log", name, "--no-passphrase", "-q").stdout.strip()
        world.write(f"cosigner{number}.vkey", cosigner + end)
        world.run("checkpoint", "--witness-request", f"request{number}", "--witness-key", f"cosigner{number}.vkey")
        admitted = world.run("custodian", "add", name, "--role", "custodian", "--name", "Bob", expect=0 if number == 0 else 1)
        expect(number == 0 or b"a key is admitted once" in admitted.stderr, admitted.stderr)
    refused = world.run("checkpoint", "--witness-request", "none", "--witness-key", "bob0.vkey", expect=1).stderr
    expect(b"must be of type 0x04 or 0x06, not 0x01" in refused, refused)
    for command in (["witness", "init", "w", "--name", "witness.example/w", "--no-passphrase", "--log"],
                    ["custodian", "add", "--role", "custodian", "--name", "Bob"], ["fork-proof", "--check", "vault/HEAD", "--log-key"]):
        world.write("two.vkey", printed + b"\n" + printed + b"\n")
        for name, says in (("two.vkey", b"two.vkey"), ("bob.key", b"is a signing key; a verifier key is needed"),
                           ("reader.txt", b"is an age identity; a verifier key is needed"), ("nothing", b"neither a key nor a file")):
            refused = world.run(*command, name, expect=1).stderr
            expect(says in refused, (command, name, refused))


def passphrases_open_and_wrong_ones_do_not(world):
    world.write("right", b"correct horse battery\n")
    world.write("wrong", b"incorrect horse battery\n")
    world.write("short", b"short\n")
    for name in ("right", "wrong", "short"):
        (world.folder / name).chmod(0o600)
    right = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "right")}
    wrong = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "wrong")}
    refused = world.run("init", "vault", "--origin", ORIGIN, expect=1, EXHIBIT_PASSPHRASE_FILE=str(world.folder / "short"))
    expect(b"shorter" in refused.stderr and not (world.folder / "vault").exists())
    world.run("init", "vault", "--origin", ORIGIN, **right)
    world.write("in", NOTE)
    refused = world.run("add", "in", expect=1, **wrong)
    expect(b"passphrase is wrong" in refused.stderr)
    world.run("add", "in", EXHIBIT_PASSPHRASE_COMMAND="cat right")
    expect(world.run("cat", "1", **right).stdout == NOTE)
    world.run("cat", "1", expect=6, **wrong)
    (world.folder / "right").chmod(0o644)
    refused = world.run("cat", "1", expect=1, **right)
    expect(b"can be read or written by others" in refused.stderr)


def readers_come_and_go_and_the_log_says_so(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    bob = world.run("keygen", "--no-passphrase", "-o", "bob.txt").stdout.decode().strip()
    carol = world.run("keygen", "--no-passphrase", "-o", "carol.txt").stdout.decode().strip()
    expect(len(world.json("reader", "list", "-i", "reader.txt")["readers"]) == 1)
    expect("readers" not in world.json("reader", "list"), "who reads is sealed")
    # Only who reads already can let others read.
    refused = world.run("reader", "add", bob, "-i", "bob.txt", expect=6)
    expect(b"not sealed to this key" in refused.stderr, refused.stderr)
    expect(not (world.folder / "vault/keys/reader.age.next").exists())
    world.run("reader", "add", bob, "--name", "Bob Analyst", "-i", "reader.txt")
    expect(world.run("cat", "1", "-i", "bob.txt").stdout == NOTE)
    world.run("reader", "add", bob, "-i", "reader.txt", expect=1)
    world.run("reader", "add", carol, "-i", "bob.txt")
    listed = world.json("reader", "list", "-i", "carol.txt")
    expect([one.get("name") for one in listed["readers"]] == [None, "Bob Analyst", None], listed)
    expect(listed["key_file"] == "as the log names it", listed)
    told = world.run("reader", "remove", "Bob Analyst", "-i", "reader.txt").stderr
    expect(b"can still read" in told and b"exhibit reseal" in told, told)
    world.run("cat", "1", "-i", "bob.txt", expect=6)
    expect(world.run("cat", "1", "-i", "carol.txt").stdout == NOTE)
    world.run("reader", "remove", "nobody", "-i", "reader.txt", expect=1)
    world.run("reader", "remove", carol, "-i", "reader.txt")
    last = world.run("reader", "remove", listed["readers"][0]["recipient"], "-i", "reader.txt", expect=1)
    expect(b"nobody would be left" in last.stderr, last.stderr)
    # What the stock tool makes of the file.
    expect(world.tool("age", "-d", "-i", "reader.txt", "vault/keys/reader.age").startswith(b"AGE-SECRET-KEY-1"))
    # A custodian's act: a collector's key does not do, nor one where two are asked for.
    world.admit("collector", "collector")
    world.run("reader", "add", bob, "-i", "reader.txt", "--key", "collector.key", expect=1)
    world.admit("second")
    world.run("rule", "--two", "reader,reseal", "--reason", "two look", "--cosigner-key", "second.key")
    expect(b"two persons" in world.run("reader", "add", bob, "-i", "reader.txt", expect=1).stderr)
    world.run("reader", "add", bob, "-i", "reader.txt", "--cosigner-key", "second.key")
    expect(world.json("verify", "--content", "-i", "bob.txt")["ok"])
    world.run("export", "1", "--out", "bundle", "-i", "bob.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")


def a_passphrase_gives_its_place_to_readers_only_when_asked(world):
    world.write("phrase", b"correct horse battery\n")
    os.chmod(world.folder / "phrase", 0o600)
    phrase = {"EXHIBIT_PASSPHRASE_FILE": str(world.folder / "phrase")}
    world.run("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--no-passphrase", **phrase)
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    expect(world.json("reader", "list")["passphrase"] is True)
    resealed = world.json("reseal", "--reason", "a reader left", **phrase)
    expect(resealed["items"] == 2)    # entry 0 has a sealed file, too
    expect(world.run("cat", "1", **phrase).stdout == NOTE)
    bob = world.run("keygen", "--no-passphrase", "-o", "bob.txt").stdout.decode().strip()
    refused = world.run("reader", "add", bob, expect=1, **phrase)
    expect(b"--only" in refused.stderr, refused.stderr)
    world.run("reader", "add", bob, "--only", **phrase)
    world.run("cat", "1", expect=1, **phrase)
    expect(world.run("cat", "1", "-i", "bob.txt").stdout == NOTE)


def a_vault_moves_to_a_new_key_and_takes_everything_along(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.bin", os.urandom(3 << 20))
    world.run("add", "in")
    world.run("note", "1", "--text", "first")
    world.run("export", "1-2", "--out", "before", "-i", "reader.txt")
    kept = world.json("log", "1")
    shutil.copy(world.folder / "vault/keys/reader.age", world.folder / "old.age")
    old = world.json("reader", "list")["recipient"]
    done = world.json("reseal", "--reason", "a reader left", "-i", "reader.txt")
    expect(done["items"] == 6 and done["recipient"] != old, done)
    expect(world.cat(1) == NOTE)
    expect(hashlib.sha256(world.cat(2)).digest() == hashlib.sha256(world.read("in/b.bin")).digest())
    world.write("later.txt", b"later")
    world.run("add", "later.txt")
    rows = world.json("list", "-i", "reader.txt")
    expect([row["fields"]["name"] for row in rows] == ["a.txt", "b.bin", "later.txt"], rows)
    expect([note["fields"]["text"] for note in world.json("show", "1", "-i", "reader.txt")[0]["notes"]] == ["first"])
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    expect(any("the vault has another key" in what for what in world.history(1)), world.history(1))
    # Bundles of before and of now verify, by both verifiers, and hold the same entry.
    numbers = [str(row["entry"]) for row in rows]
    world.run("export", *numbers, "--out", "after", "-i", "reader.txt")
    for bundle in ("before", "after"):
        world.run(bundle, program=world.verify_program, expect=NOT_ANCHORED)
        world.second_opinion(bundle)
    expect(world.json("log", "1") == kept)
    # The old key opens what was sealed to it and nothing that came later.
    present = world.read("vault/keys/reader.age")
    (world.folder / "vault/keys/reader.age").write_bytes(world.read("old.age"))
    expect(world.cat(1) == NOTE)
    world.run("cat", numbers[-1], "-i", "reader.txt", expect=1)
    expect(b"not the file that the log names" in world.run("reader", "list").stderr)
    (world.folder / "vault/keys/reader.age").write_bytes(present)
    world.run("shred", "2", "--authority", "a", "--reason", "b", "--confirm", "2")
    world.json("reseal", "--reason", "a reader left", "-i", "reader.txt")
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    world.run("reseal", "--reason", "a reader left", "-i", "reader.txt", "--key", "missing", expect=1)
    world.admit("collector", "collector")
    expect(b"holds no role" in world.run("reseal", "--yes", "--reason", "a reader left", "-i", "reader.txt", "--key", "collector.key", expect=1).stderr)


def the_log_key_is_replaced_and_everybody_follows(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    world.run("publish", "www")
    world.run("checkpoint", "--out", "before")
    reader = {"XDG_STATE_HOME": str(world.folder / "reader")}
    world.run("verify-log", "www", expect=NOT_ANCHORED, **reader)
    old_secret = world.read("vault/keys/log.key")
    rotated = world.json("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    expect(rotated["entry"] == 2 and rotated["log_key"] != made["log_key"])
    for path in (world.folder / "vault/keys").iterdir():
        expect(old_secret.strip() not in path.read_bytes())
    world.write("in/b", b"two")
    world.run("add", "in/b")
    report = world.json("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], "--after", "before")
    expect(report["ok"] and report["replayed_from"] == 2, report)
    world.run("--pin", "before", "list")
    world.run("publish", "www")
    world.run("verify-log", "www", **reader)
    world.run("verify-log", "www", expect=NOT_ANCHORED, XDG_STATE_HOME=str(world.folder / "stranger"))
    world.write("old-policy", f"log {made['log_key']}\nquorum none\n".encode())
    world.write("policy", f"log {made['log_key']}\nlog {rotated['log_key']}\nquorum none\n".encode())
    world.run("verify", "--policy", "old-policy", expect=3)
    world.run("verify", "--policy", "policy")
    world.run("export", "1", "3", "--out", "bundle", "-i", "reader.txt")
    world.run("verify-bundle", "bundle", "--fingerprint", made["fingerprint"], "--policy", "policy")
    world.second_opinion("bundle")
    # Who has the old key makes no head of now.
    world.write("vault/keys/log.key", old_secret)
    world.run("add", "in/b", expect=1)


def a_stolen_key_leaves_three_answers(world):
    world.init()
    world.admit("bob", "collector")
    world.write("in/a", b"one")
    world.write("in/b", b"two")
    world.write("in/c", b"three")
    world.run("add", "in/a", "--key", "bob.key")                       # entry 2
    authority = Authority(world)
    world.run("timestamp", "request", "--out", "head.tsq")
    world.write("head.tsr", authority.reply("p256", world.read("head.tsq")))
    world.run("timestamp", "add", "head.tsr", "--checkpoint", "head.checkpoint")   # entry 3
    world.run("add", "in/b", "--key", "bob.key")                       # entry 4
    world.admit("second")                                              # entry 5
    shutil.copytree(world.folder / "vault", world.folder / "other")
    actor = [row["actor"] for row in world.json("custodian", "list") if row["person"] == 2][0]
    world.run("custodian", "retire", actor, "--reason", "x", "--compromised-since", "yesterday", expect=1)
    world.run("custodian", "retire", actor, "--reason", "laptop stolen", "--compromised-since", "2098-01-01T00:00:00Z")
    row = [row for row in world.json("custodian", "list") if row["person"] == 2][0]
    expect(row["compromised_since"] == "2098-01-01T00:00:00Z", row)
    told = world.json("verify", "--roots", "tsa/root.crt")
    expect(told["ok"] and told["compromised_keys"] == [
        {"key": actor, "of": "custodian", "since": "2098-01-01T00:00:00Z", "entry": 6, "valid": 1,
         "valid_only_if_before": [4], "invalid": []}], told)
    text = world.run("verify", "--roots", "tsa/root.crt").stdout.decode()
    expect("1 entry signed by it is proven to be from before, by the timestamp in entry 3" in text, text)
    expect("1 entry signed by it is valid only if before 2098-01-01T00:00:00Z: 4" in text, text)
    expect(world.json("verify")["compromised_keys"][0]["valid_only_if_before"] == [2, 4])
    world.run("publish", "www")
    expect(world.json("verify-log", "www", "--roots", "tsa/root.crt")["compromised_keys"][0]["valid"] == 1)
    # What is handed over says so too, to both verifiers.
    world.run("export", "2", "4", "--out", "bundle", "-i", "reader.txt")
    told = json.loads(world.run("bundle", "--json", program=world.verify_program, expect=NOT_ANCHORED).stdout)
    expect(told["compromised_keys"][0]["valid_only_if_before"] == [2, 4], told)
    other = world.second_opinion("bundle").stdout.decode()
    expect("valid only if made before that: entries 2, 4" in other, other)
    # Had it been stolen before the stamp, what stands behind the stamp would be anybody's.
    thief = {"EXHIBIT_VAULT": str(world.folder / "other"), "XDG_STATE_HOME": str(world.folder / "state2")}
    early = ["custodian", "retire", actor, "--reason", "laptop stolen", "--compromised-since", "2020-01-01"]
    expect(b"two persons" in world.run(*early, expect=1, **thief).stderr, "one alone casts no doubt on what was proven")
    world.run(*early, "--cosigner-key", "second.key", **thief)
    told = json.loads(world.run("verify", "--roots", "tsa/root.crt", "--json", expect=3, **thief).stdout)
    expect(told["compromised_keys"][0]["invalid"] == [4] and [f["entry"] for f in told["findings"]] == [4], told)
    expect(world.json("verify", **thief)["ok"])
    # The log's key.
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase", "--compromised-since", "2098-01-01")
    told = world.json("verify", "--roots", "tsa/root.crt")
    expect(told["ok"] and told["compromised_keys"][1]["of"] == "log" and told["compromised_keys"][1]["valid"] == 3, told)


def who_sees_the_vault_for_the_first_time_confirms_whom_its_key_is_sealed_to(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    shutil.copy(world.folder / "vault/HEAD", world.folder / "kept")
    second = world.run("keygen", "--no-passphrase", "-o", "second.txt").stdout.decode().strip()
    file = world.read("vault/keys/reader.age")
    number = 0
    for command in (["reseal", "--reason", "x"], ["reader", "add", second], ["reader", "recovery-key"]):
        number += 1
        fresh = {"XDG_STATE_HOME": str(world.folder / f"state-{number}")}
        error = world.run(*command, "-i", "reader.txt", expect=1, **fresh).stderr.decode()
        expect("for the first time; its fingerprint is" in error and "age1" in error and "--pin FILE" in error, error)
        expect(world.read("vault/keys/reader.age") == file, command)
        # Who brings a head that was kept, and who says so, goes on.
        kept = {"XDG_STATE_HOME": str(world.folder / f"state-{number}-kept")}
        shutil.copytree(world.folder / "vault", world.folder / f"vault-{number}")
        world.run(*command, "-i", "reader.txt", "--pin", "kept", "--vault", f"vault-{number}", **kept)
        said = {"XDG_STATE_HOME": str(world.folder / f"state-{number}-said")}
        shutil.copytree(world.folder / "vault", world.folder / f"vault-{number}-said")
        world.run(*command, "-i", "reader.txt", "--yes", "--vault", f"vault-{number}-said", **said)
        world.run("cat", "1", "-i", "reader.txt", "--vault", f"vault-{number}-said", **said)
    # Who saw it before is not asked, nor who names all readers.
    world.run("reseal", "--reason", "x", "-i", "reader.txt")
    world.run("reader", "add", second, "--only", "-i", "reader.txt", XDG_STATE_HOME=str(world.folder / "state-only"))
