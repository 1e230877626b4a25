"""What was seen before: checkpoints that were kept, vaults that were restored, and readers who are shown two histories."""
import json
import shutil
from pathlib import Path

from world import NOT_ANCHORED, ORIGIN, expect


def a_kept_checkpoint_shows_what_became_of_the_log(world):
    world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    kept = world.run("checkpoint").stdout
    expect(kept.startswith(b"test.example/case-1\n2\n"), kept)
    world.run("checkpoint", "--out", "kept")
    expect(world.read("kept") == kept)
    expect(b"kept" in world.run("checkpoint", "--out", "kept", expect=1).stderr)
    shutil.copytree(world.folder / "vault", world.folder / "older")
    world.write("in/b", b"two")
    world.run("add", "in/b")
    now = world.json("checkpoint", "--out", "later")
    expect(now["checkpoint"]["size"] == 3 and now["note"].encode() == world.read("later"))
    report = world.json("verify", "--after", "kept")
    expect(report["ok"] and report["replayed_from"] == 2 and report["checked"]["entries"] == 1)
    expect(report["checked"]["items"] == 1 and report["extends"][0]["checkpoint"]["size"] == 2, report)
    shown = world.run("verify", "--log", "--after", "kept", "--after", "later").stdout
    expect(b"extends      kept: size 2" in shown and b"were not replayed" in shown, shown)
    world.run("--pin", "kept", "list")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "older").rename(world.folder / "vault")
    fresh = {"XDG_STATE_HOME": str(world.folder / "fresh")}
    world.run("verify", "--log", expect=NOT_ANCHORED, **fresh)
    report = json.loads(world.run("verify", "--after", "later", "--json", expect=3, **fresh).stdout)
    expect(report["findings"][0]["property"] == "consistency" and "rolled back" in report["findings"][0]["message"])
    refused = world.run("list", "--pin", "later", expect=3, **fresh).stderr
    expect(b"size 2, root" in refused and b"size 3, root" in refused and b"fork-proof" in refused, refused)


def a_check_of_the_log_goes_on_from_where_this_users_last_one_ended(world):
    def begins_at(*arguments, **options):
        report = world.json("verify", *arguments, **options)
        expect(not report["findings"], report)
        return report.get("replayed_from", 0), report["checked"]["entries"]

    world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    expect(begins_at("--log") == (0, 2))
    expect(begins_at("--log") == (2, 0))
    world.write("in/b", b"two")
    world.run("add", "in/b")
    shown = world.run("verify", "--log").stdout
    expect(b"entries 0 to 1 were verified when" in shown and b"were not replayed" in shown, shown)
    expect(b"index" not in shown, shown)  # this user's notes say which entries change who may sign
    world.run("custodian", "list")
    # Whoever asks for the whole gets it, as does another user; and what reads sealed files, too.
    expect(begins_at("--log", "--whole") == (0, 3))
    expect(begins_at() == (0, 3))
    other = {"XDG_STATE_HOME": str(world.folder / "other")}
    expect(begins_at("--log", expect=NOT_ANCHORED, **other) == (0, 3))
    expect(begins_at("--log", **other) == (3, 0))
    # Notes that are damaged are said to be, and are made anew.
    (notes,) = (world.folder / "other/exhibit/verified").iterdir()
    notes.write_bytes(notes.read_bytes()[:-1])
    said = world.run("verify", "--log", **other)
    expect(b"the log is read from its beginning" in said.stderr and b"not replayed" not in said.stdout, said)
    expect(begins_at("--log", **other) == (3, 0))
    # A log that does not extend what was verified is refused, whatever else this user knows of it.
    verified = next(Path(world.environment["XDG_STATE_HOME"]).rglob("*.vault"))
    kept = verified.read_bytes()
    world.write("in/c", b"three")
    shutil.copytree(world.folder / "vault", world.folder / "fork")
    world.run("add", "in/c")
    expect(begins_at("--log") == (3, 1))
    newer = verified.read_bytes()
    expect(newer != kept)
    third = {"XDG_STATE_HOME": str(world.folder / "third")}
    (world.folder / "third/exhibit/verified").mkdir(parents=True)
    (world.folder / "third/exhibit/verified" / verified.name).write_bytes(newer)
    report = json.loads(world.run("--vault", "fork", "verify", "--log", "--json", expect=3, **third).stdout)
    expect(report["findings"][0]["property"] == "consistency", report)


def a_restored_vault_goes_on_only_when_somebody_says_so(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    shutil.copytree(world.folder / "vault", world.folder / "older")
    for name in ("b", "c"):
        world.write(f"in/{name}", name.encode())
        world.run("add", f"in/{name}")
    world.run("checkpoint", "--out", "lost")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "older").rename(world.folder / "vault")
    refused = world.run("list", expect=3).stderr
    expect(b"size 2, root" in refused and b"size 4, root" in refused and b"fork-proof" in refused, refused)
    proof = world.json("fork-proof", "--out", "smaller")
    expect(not proof["contradiction"] and proof["kind"] == "two-sizes")
    world.write("log.vkey", made["log_key"].encode() + b"\n")
    world.run("fork-proof", "--check", "smaller", "--log-key", "log.vkey", expect=3)
    why = ["recover-head", "--reason", "disk failed"]
    expect(b"not confirmed" in world.run(*why, "--confirm", "yes", expect=1).stderr)
    done = world.json(*why, "--confirm", ORIGIN)
    expect(done["entries"] == [2] and done["lost"][0]["checkpoint"]["size"] == 4, done)
    expect(Path(done["lost"][0]["evidence"]).read_bytes() == world.read("lost"))
    expect(b"was lost" in world.run("verify").stdout)
    expect(world.json("show", "2", "-i", "reader.txt")[0]["fields"]["reason"] == "disk failed")
    expect(b"there is nothing to recover" in world.run(*why, "--confirm", ORIGIN, expect=1).stderr)
    expect(b"nothing contradicts" in world.run("fork-proof", expect=1).stderr)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")
    # Whoever kept the lost head still sees it, and can show it to anybody.
    world.run("--pin", "lost", "list", expect=3)
    for name in ("b", "c"):
        world.run("add", f"in/{name}")
    proof = world.run("fork-proof", "--against", "lost", "-q").stdout
    world.write("fork", proof)
    world.run("publish", "www")
    checked = world.json("fork-proof", "--check", "fork", "--log-key", made["log_key"], "--log", "www")
    expect(checked["proven"] and checked["kind"] == "two-pasts" and checked["smaller"]["size"] == 4, checked)
    # Without the log nothing says that this was still its key.
    checked = world.json("fork-proof", "--check", "fork", "--log-key", made["log_key"], expect=5)
    expect(checked["contradiction"] and not checked["proven"], checked)
    world.write("fork", proof.replace(b"hash ", b"hash A", 1))
    world.run("fork-proof", "--check", "fork", "--log-key", "log.vkey", expect=3)
    world.run("fork-proof", "--check", "fork", expect=1)


def readers_who_are_shown_two_histories_find_out(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    shutil.copytree(world.folder / "vault", world.folder / "fork")
    world.write("in/b", b"two")
    world.run("add", "in/b")
    world.run("publish", "www")
    reader = {"XDG_STATE_HOME": str(world.folder / "reader")}
    world.run("verify-log", "www", expect=NOT_ANCHORED, **reader)
    # The same keys, another end; a machine that keeps no head signs it.
    other = {"XDG_STATE_HOME": str(world.folder / "forger"), "EXHIBIT_VAULT": str(world.folder / "fork")}
    for name in ("x", "y"):
        world.write(f"in/{name}", name.encode())
        world.run("add", f"in/{name}", **other)
    world.run("publish", "www", expect=3, **other)
    world.run("publish", "www2", **other)
    stranger = {"XDG_STATE_HOME": str(world.folder / "stranger")}
    world.run("verify-log", "www2", expect=NOT_ANCHORED, **stranger)
    refused = world.run("verify-log", "www2", expect=3, **reader)
    expect(b"not the one that was seen before" in refused.stdout, refused.stdout)
    # Side by side, the two heads are evidence for anybody.
    proof = world.run("fork-proof", "--against", "www/checkpoint", "-q", **other).stdout
    world.write("proof", proof)
    told = world.json("fork-proof", "--check", "proof", "--log-key", made["log_key"], "--log", "www2")
    expect(told["proven"] and told["kind"] == "two-pasts", told)
    # And whoever exchanges a head with the other reader sees it before any proof.
    world.run("verify-log", "www2", "--pin", "www/checkpoint", expect=3, **stranger)
