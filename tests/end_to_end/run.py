#!/usr/bin/env python3
"""The real programs, as a user runs them: commands, exit codes, what stdout and stderr say, and what
the stock tools `age`, `zstd` and `sha256sum` make of their output.

    run.py BIN_FOLDER [NAME...]

Each test is a function whose name says what must hold; it gets a World, a folder of its own with a
home of its own. Needs only Python's standard library and the stock tools.
"""
import gzip
import hashlib
import http.server
import inspect
import json
import os
import random
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path

sys.dont_write_bytecode = True
import cases  # noqa: E402  (beside this file)
import containers  # noqa: E402
import hostile  # noqa: E402
import mirrors  # noqa: E402
import receipts  # noqa: E402
import secrets_kept  # noqa: E402
import strangers  # noqa: E402
import surroundings  # noqa: E402
import verdicts  # noqa: E402
import words  # noqa: E402
from servers import Served, WitnessServer  # noqa: E402
from world import NOT_ANCHORED, NOTE, ORIGIN, World, expect  # noqa: E402

def the_whole_way_from_init_to_a_verified_bundle(world):
    made = world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 5000)
    added = world.json("add", "in", "--case", "IR-1", "--tag", "x", "--digest", "md5,sha1")
    expect([item["kind"] for item in added["items"]] == ["log", "ransom-message"])
    expect(added["checkpoint"]["size"] == 3)
    listed = world.json("list", "-i", "reader.txt", "--kind", "log")
    expect(len(listed) == 1 and listed[0]["metadata"]["path"] == "in/auth.log")
    expect(listed[0]["metadata"]["digests"]["md5"]
           == hashlib.md5((world.folder / "in/auth.log").read_bytes()).hexdigest())
    expect(world.cat(2) == NOTE)
    for depth in (["--log"], [], ["--content", "-i", "reader.txt"]):
        report = world.json("verify", "--fingerprint", made["fingerprint"], *depth)
        expect(report["ok"] and not report["findings"])
    world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", "--fingerprint", made["fingerprint"], program=world.verify_program)
    world.run("verify-bundle", "bundle", "--fingerprint", "0" * 64, expect=3)


def custody_is_recorded_by_whoever_acts(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    vkey = world.run("keygen", "--signing", "bob", "--no-passphrase", "-o", "bob.key").stdout
    world.write("bob.vkey", vkey)
    admitted = world.json("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "Bob Analyst")
    expect(admitted["entry"] == 2 and admitted["type"] == "custodian")
    why = ["--authority", "12 Cv 3", "--reason", "litigation"]
    expect(world.json("hold", "1", *why, "--key", "bob.key")["entry"] == 3)
    expect(world.json("release", "1", *why, "--cosigner-key", "bob.key")["entry"] == 4)
    refused = world.run("release", "1", *why, expect=1)
    expect(b"item 1 is not held" in refused.stderr, refused.stderr)
    world.run("keygen", "--signing", "bob2", "--no-passphrase", "-o", "bob2.key")
    world.run("custodian", "rotate", "--key", "bob.key", "--new-key", "bob2.key")
    expect(b"was replaced by bob2+" in world.run("hold", "1", *why, "--key", "bob.key", expect=1).stderr)
    rows = {row["actor"].split("+")[0]: row for row in world.json("custodian", "list")}
    expect(rows["bob"]["until"] == 5 and rows["bob2"]["since"] == 5 and rows["bob2"]["name"] == "Bob Analyst")
    world.run("custodian", "retire", rows["bob2"]["actor"], "--reason", "left")
    expect(b"is the last custodian" in world.run("custodian", "retire", rows["Tester"]["actor"], "--reason", "x",
                                                 expect=1).stderr)
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
    expect(world.history(1) == ["taken in", "read: triage", "exported, plain: request of the FBI"])
    # The bundle tells of its own making.
    expect("export" in (world.folder / "bundle/proof/3.entry").read_text())
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
    expect(world.history(1)[-1].startswith("not exported: "), world.history(1))
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def notes_stand_behind_the_metadata_and_are_sealed(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in", "--description", "first")
    hostile = "the clock was 90 s slow \x1b[2J\n\u202e"
    expect(world.json("note", "1", "--text", hostile)["entry"] == 2)
    world.run("note", "1", "--file", "-", stdin=b"a second one")
    shown = world.json("show", "1", "-i", "reader.txt")[0]
    expect(shown["metadata"]["description"] == "first")
    expect([note["text"] for note in shown["notes"]] == [hostile, "a second one"])
    expect([note["entry"] for note in shown["notes"]] == [2, 3])
    text = world.run("show", "1", "-i", "reader.txt").stdout
    expect(b"\x1b" not in text and b"a second one" in text)
    expect(world.history(1) == ["taken in", "noted on 1", "noted on 1"])
    expect(world.history(1, "-i", "reader.txt")[2] == "noted on 1: a second one")
    expect(b"second" not in world.run("log").stdout)
    world.run("note", "1", expect=1)
    world.run("note", "9", "--text", "x", expect=1)
    world.run("note", "1", "--file", "-", stdin=b"\xff", expect=1)
    # A note goes with its item.
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    expect((world.folder / "bundle/data/3-note.txt").read_bytes() == b"a second one")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)


def what_is_shredded_is_gone_and_its_entry_stays(world):
    world.init()
    secret = b"patient 4711: " + os.urandom(40)
    world.write("in/a.txt", b"kept")
    world.write("in/b.txt", secret)
    world.write("big.bin", os.urandom(3 << 20))
    world.run("add", "in")
    world.run("add", "big.bin")
    world.run("export", "2-3", "--out", "before", "-i", "reader.txt")
    sealed = [(world.folder / f"before/data/{item}.age").read_bytes() for item in (2, 3)]
    headers = [(world.folder / f"before/proof/{item}.header").read_bytes() for item in (2, 3)]
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
    expect(b"was shredded under" in world.run("shred", "2", *why, "--confirm", "2", expect=1).stderr)
    report = world.json("verify", "--content", "-i", "reader.txt")
    expect(report["ok"] and report["checked"]["items"] == 1, report)
    expect(f"item 2: shredded under entry {shredded['entry']}" in report["remarks"], report["remarks"])
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


def a_rule_of_two_holds_for_what_it_names(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    expect(b"no act needs two" in world.run("rule").stdout)
    expect(b"could not be kept" in world.run("rule", "--two", "shred", expect=1).stderr)
    world.admit("bob")
    world.run("rule", "--two", "shred,admit")
    expect(world.json("rule")["two"] == ["custodian", "shred"])
    why = ["--authority", "policy", "--reason", "over"]
    alone = world.run("shred", "1", *why, "--confirm", "1", expect=1)
    expect(b"asks for two custodians to shred" in alone.stderr, alone.stderr)
    world.run("rule", "--none", expect=1)
    world.run("rule", "--two", "hold", expect=1)
    world.run("shred", "1", *why, "--confirm", "1", "--cosigner-key", "bob.key")
    world.run("rule", "--none", "--cosigner-key", "bob.key")
    expect(world.json("rule")["two"] == [] and world.json("verify")["ok"])


def readers_come_and_go_and_the_log_says_so(world):
    world.init()
    world.write("in/note.txt", NOTE)
    world.run("add", "in")
    bob = world.run("keygen", "--no-passphrase", "-o", "bob.txt").stdout.decode().strip()
    carol = world.run("keygen", "--no-passphrase", "-o", "carol.txt").stdout.decode().strip()
    expect(len(world.json("reader", "list")["readers"]) == 1)
    # Only who reads already can let others read.
    refused = world.run("reader", "add", bob, "-i", "bob.txt", expect=6)
    expect(b"not sealed to this key" in refused.stderr, refused.stderr)
    expect(not (world.folder / "vault/keys/reader.age.next").exists())
    world.run("reader", "add", bob, "--name", "Bob Analyst", "-i", "reader.txt")
    expect(world.run("cat", "1", "-i", "bob.txt").stdout == NOTE)
    world.run("reader", "add", bob, "-i", "reader.txt", expect=1)
    world.run("reader", "add", carol, "-i", "bob.txt")
    listed = world.json("reader", "list")
    expect([one.get("name") for one in listed["readers"]] == [None, "Bob Analyst", None], listed)
    expect(listed["readers"][1]["since"] == 2 and listed["key_file"] == "as the log names it", listed)
    told = world.run("reader", "remove", "Bob Analyst", "-i", "reader.txt").stderr
    expect(b"can still read" in told and b"exhibit reseal" in told, told)
    world.run("cat", "1", "-i", "bob.txt", expect=6)
    expect(world.run("cat", "1", "-i", "carol.txt").stdout == NOTE)
    expect(b"until entry" in world.run("reader", "list").stdout)
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
    world.run("rule", "--two", "reader,reseal")
    expect(b"two custodians" in world.run("reader", "add", bob, "-i", "reader.txt", expect=1).stderr)
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
    resealed = world.json("reseal", **phrase)
    expect(resealed["items"] == 1)
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
    shutil.copy(world.folder / "vault/keys/reader.age", world.folder / "old.age")
    old = world.json("reader", "list")["recipient"]
    proof = (world.folder / "before/proof/1.entry").read_bytes()
    done = world.json("reseal", "-i", "reader.txt")
    expect(done["items"] == 3 and done["recipient"] != old, done)
    expect(world.cat(1) == NOTE)
    expect(hashlib.sha256(world.cat(2)).digest() == hashlib.sha256((world.folder / "in/b.bin").read_bytes()).digest())
    world.write("later.txt", b"later")
    world.run("add", "later.txt")
    rows = world.json("list", "-i", "reader.txt")
    expect([row["metadata"]["name"] for row in rows] == ["a.txt", "b.bin", "later.txt"], rows)
    expect([note["text"] for note in world.json("show", "1", "-i", "reader.txt")[0]["notes"]] == ["first"])
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    expect("sealed to another key of the vault: 3 items" in world.history(1), world.history(1))
    # Bundles of before and of now verify, by both verifiers, and hold the same entry.
    numbers = [str(row["entry"]) for row in rows]
    world.run("export", *numbers, "--out", "after", "-i", "reader.txt")
    for bundle in ("before", "after"):
        world.run(bundle, program=world.verify_program, expect=NOT_ANCHORED)
        world.second_opinion(bundle)
    expect((world.folder / "after/proof/1.entry").read_bytes() == proof)
    # The old key opens what was sealed to it and nothing that came later.
    present = (world.folder / "vault/keys/reader.age").read_bytes()
    (world.folder / "vault/keys/reader.age").write_bytes((world.folder / "old.age").read_bytes())
    expect(world.cat(1) == NOTE)
    world.run("cat", numbers[-1], "-i", "reader.txt", expect=1)
    expect(b"not the file that the log names" in world.run("reader", "list").stderr)
    (world.folder / "vault/keys/reader.age").write_bytes(present)
    world.run("shred", "2", "--authority", "a", "--reason", "b", "--confirm", "2")
    expect(world.json("reseal", "-i", "reader.txt")["items"] == 3)
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    world.run("reseal", "-i", "reader.txt", "--key", "missing", expect=1)
    world.admit("collector", "collector")
    expect(b"holds no role" in world.run("reseal", "-i", "reader.txt", "--key", "collector.key", expect=1).stderr)


def a_stolen_collector_reads_nothing_and_what_it_sealed_is_taken_in_once(world):
    world.init()
    made = world.json("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    expect(made["entry"] == 1)
    expect(sorted(p.name for p in (world.folder / "stick").iterdir()) == ["collector.key", "next", "vault"])
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
    expect(world.history(2)[0].startswith("taken in; collected by fs01+"), world.history(2))
    expect(world.json("show", "2", "-i", "reader.txt")[0]["metadata"]["source"] == "fs01")
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    world.run("export", "2-4", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")

    # What is damaged, foreign or hostile is named, and the rest goes on.
    def bad(change, words):
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

    def flip(at):
        return lambda data: (lambda at: data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])(at % len(data))
    bad(edit(".age", lambda data: data[:-1]), "bytes")
    bad(edit(".age", lambda data: data + b"x"), "bytes")
    bad(edit(".age", flip(-1)), "payload is not the one")
    bad(edit(".age", flip(60)), "header")
    bad(edit(".age", lambda data: b""), "header")
    bad(edit(".collected", flip(-10)), "")
    bad(edit(".collected", lambda data: data[:-1]), "")
    bad(edit(".collected", lambda data: data.replace(b'"number":', b'"number":1')), "its name does not say")
    bad(lambda stem: Path(f"{stem}.age").unlink(), "No such file")
    bad(lambda stem: (Path(f"{stem}.age").unlink(), os.symlink("/etc/hostname", f"{stem}.age")), "sealed file")
    bad(lambda stem: (Path(f"{stem}.age").unlink(), os.mkfifo(f"{stem}.age")), "no plain file")
    told = bad(lambda stem: Path(f"{stem}.collected").unlink(), None)
    expect(any("never finished" in remark for remark in told["remarks"]), told)
    expect(any("neither in this drop nor in the log" in remark for remark in told["remarks"]), told)
    hostile = "\x1b[2J..x"
    told = bad(lambda stem: [(stem.parent / name).write_bytes(b"x") for name in (hostile, "0-1.age", "x.collected", "abc.part")], None)
    expect(len([one for one in told["remarks"] if "not taken in" in one]) == 4, told)
    expect(b"\x1b" not in world.run("take-in", "drop").stderr)
    remark = [one for one in world.json("verify")["remarks"] if "are not in the log" in one]
    expect(len(remark) == 1 and "fs01+" in remark[0], remark)

    # Another vault's collector, one who was not admitted, one who was retired.
    world.run("init", "other", "--origin", "test.example/other", "--name", "Other", "--key", "other.key", "--reader",
              world.json("reader", "list")["readers"][0]["recipient"], "--no-passphrase")
    world.run("--vault", "other", "collector", "new", "fs02", "--out", "foreign", "--no-passphrase", "--key", "other.key")
    world.run("collect", "more.txt", "--collector", "foreign", "--drop", "foreign-drop", **away)
    expect(b"of another vault" in world.run("take-in", "foreign-drop", expect=1).stderr)
    printed = world.run("collector", "new", "fs03", "--out", "stranger", "--no-passphrase", "--no-admit").stdout.decode()
    world.run("collect", "more.txt", "--collector", "stranger", "--drop", "stranger-drop", **away)
    expect(b"is not admitted" in world.run("take-in", "stranger-drop", expect=1).stderr)
    key = printed.split("'")[1]
    world.run("custodian", "add", key, "--role", "collector")
    world.run("take-in", "stranger-drop")
    world.run("collect", "more.txt", "--collector", "stranger", "--drop", "late-drop", **away)
    world.run("custodian", "retire", key, "--reason", "stolen")
    expect(b"was retired" in world.run("take-in", "late-drop", expect=1).stderr)
    # Sealed to the key before.
    world.run(*collect, "more.txt", **away)
    world.run("reseal", "-i", "reader.txt")
    shutil.rmtree(drop)
    world.run(*collect, "more.txt", **away)
    refused = world.run("take-in", "drop", expect=1)
    expect(b"collector new" in refused.stderr, refused.stderr)
    # A collector collects into a vault as well, and a passphrase is asked for where there is one.
    world.run("take-in", "missing", expect=1)
    world.run("collect", "more.txt", "--collector", "in", "--drop", "drop", expect=1, **away)
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def items_change_hands_by_files_between_two_homes(world):
    made = world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.txt", b"another")
    world.run("add", "in")
    world.admit("bob")
    words = ["--purpose", "analysis", "--condition", "sealed", "--location", "Boston", "--transport", "courier"]
    world.run("transfer", "1-2", "--to", "bob", *words, "--out", "out.transfer")
    world.run("transfer", "1", "--to", "nobody", *words, "--out", "x", expect=1)
    world.run("transfer", "1", "--to", "bob", *words, "--out", "out.transfer", expect=1)
    # The receiver has another home, the statement, and a bundle.
    world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt")
    elsewhere = {"HOME": str(world.folder / "bob"), "XDG_CONFIG_HOME": str(world.folder / "bob/config"),
                 "XDG_STATE_HOME": str(world.folder / "bob/state"), "EXHIBIT_VAULT": str(world.folder / "none")}
    receive = ["receive", "out.transfer", "--bundle", "bundle", "--fingerprint", made["fingerprint"], "--key", "bob.key"]
    damaged = world.folder / "damaged"
    shutil.copytree(world.folder / "bundle", damaged)
    (damaged / "data/1.age").write_bytes(b"no")
    world.run(*receive[:3], "damaged", "--key", "bob.key", "--out", "s", expect=3, **elsewhere)
    world.run(*receive, "--out", "signed.transfer", **elsewhere)
    stranger = world.run("keygen", "--signing", "eve", "--no-passphrase", "-o", "eve.key")
    expect(stranger and world.run(*receive[:-1], "eve.key", "--out", "s", expect=1, **elsewhere))
    # Back home it enters the log with both signatures, once.
    world.run("receive", "signed.transfer")
    expect("handed over from Tester" in world.history(1)[-1], world.history(1))
    expect(b"in the log already" in world.run("receive", "signed.transfer", expect=1).stderr)
    # Within the vault, the receiver signs and it enters at once; refused and abandoned ones are told too.
    for name, end in (("second", ["receive"]), ("third", ["receive", "--refuse"]), ("fourth", ["transfer", "--abandon"])):
        world.run("transfer", "2", "--to", "bob", *words, "--out", name)
        if end == ["receive"]:
            expect(b"received by bob" in world.run("receive", name, expect=1).stderr)
        world.run(*end, name, "--key", "bob.key")
    told = " | ".join(world.history(2))
    expect("refused" in told and "abandoned" in told and told.count("handed over") == 2, told)
    forged = (world.folder / "signed.transfer").read_bytes().replace(b"analysis", b"analyses")
    world.write("forged.transfer", forged)
    expect(world.run("receive", "forged.transfer", expect=1).returncode == 1)
    # What somebody else forged is refused before it is stored, and the log goes on.
    once_more = (world.folder / "fourth").read_bytes()
    world.write("forged.refusal", once_more.replace(b"analysis", b"analyses"))
    for way in (["receive", "forged.refusal", "--refuse"], ["transfer", "--abandon", "forged.refusal"]):
        expect(b"does not fit" in world.run(*way, expect=3).stderr)
    world.run("note", "2", "--text", "the log goes on")
    expect(world.json("verify")["ok"])


def a_kept_checkpoint_shows_what_became_of_the_log(world):
    world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    kept = world.run("checkpoint").stdout
    expect(kept.startswith(b"test.example/case-1\n2\n"), kept)
    world.run("checkpoint", "--out", "kept")
    expect((world.folder / "kept").read_bytes() == kept)
    expect(b"kept" in world.run("checkpoint", "--out", "kept", expect=1).stderr)
    shutil.copytree(world.folder / "vault", world.folder / "older")
    world.write("in/b", b"two")
    world.run("add", "in/b")
    now = world.json("checkpoint", "--out", "later")
    expect(now["size"] == 3 and now["checkpoint"].encode() == (world.folder / "later").read_bytes())
    report = world.json("verify", "--since", "kept")
    expect(report["ok"] and report["replayed_from"] == 2 and report["checked"]["entries"] == 1)
    expect(report["checked"]["items"] == 1 and report["extends"][0]["size"] == 2, report)
    shown = world.run("verify", "--log", "--since", "kept", "--since", "later").stdout
    expect(b"extends      kept: size 2" in shown and b"were not replayed" in shown, shown)
    world.run("--pin", "kept", "list")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "older").rename(world.folder / "vault")
    fresh = {"XDG_STATE_HOME": str(world.folder / "fresh")}
    world.run("verify", "--log", expect=NOT_ANCHORED, **fresh)
    report = json.loads(world.run("verify", "--since", "later", "--json", expect=3, **fresh).stdout)
    expect(report["findings"][0]["property"] == "consistency" and "rolled back" in report["findings"][0]["message"])
    refused = world.run("list", "--pin", "later", expect=3, **fresh).stderr
    expect(b"size 2, root" in refused and b"size 3, root" in refused and b"fork-proof" in refused, refused)


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
    expect(done["entries"] == [2] and done["lost"][0]["size"] == 4, done)
    expect(Path(done["lost"][0]["evidence"]).read_bytes() == (world.folder / "lost").read_bytes())
    expect(b"was lost: disk failed" in world.run("verify").stdout)
    expect(b"nothing is to be recovered" in world.run(*why, "--confirm", ORIGIN, expect=1).stderr)
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


def a_published_log_is_verified_by_anybody_and_only_what_is_new_is_read(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    world.run("publish", "www/log")
    expect((world.folder / "www/log/tile/0/000.p/2").stat().st_size == 64)
    reader = {"XDG_STATE_HOME": str(world.folder / "reader"), "EXHIBIT_VAULT": "/nonexistent"}
    with Served(world.folder / "www", {"/moved/checkpoint": "/log/checkpoint"}) as served:
        first = json.loads(world.run("verify-log", f"{served.url}/log", "--fingerprint", made["fingerprint"], "--json", **reader).stdout)
        expect(first["ok"] and first["checked"]["entries"] == 2, first)
        for name in ("b", "c"):
            world.write(f"in/{name}", name.encode())
            world.run("add", f"in/{name}")
        grown = world.json("publish", "www/log")
        expect(grown["before"] == 2 and grown["checkpoint"]["size"] == 4)
        second = json.loads(world.run("verify-log", f"{served.url}/log", "--json", **reader).stdout)
        expect(second["ok"] and second["replayed_from"] == 2 and second["checked"]["entries"] == 2, second)
        expect("kept in" in second["taken_on_trust"][0])
        whole = json.loads(world.run("verify-log", "www/log", "--whole", "--json", **reader).stdout)
        expect(whole["checked"]["entries"] == 4)
        packed = json.loads(world.run("verify-log", f"{served.url}/packed/log", "--whole", "--json", **reader).stdout)
        expect(packed["ok"] and packed["checked"]["entries"] == 4, packed)
        expect(b"redirect" in world.run("verify-log", f"{served.url}/moved", expect=1, **reader).stderr)
        expect(b"404" in world.run("verify-log", f"{served.url}/nowhere", expect=1, **reader).stderr)
    world.run("verify-log", "file:///etc", expect=1)
    world.run("verify-log", "www/log", "--fingerprint", "0" * 64, expect=3)
    # An older copy of the same log, shown to who saw a newer one.
    shutil.copytree(world.folder / "www/log", world.folder / "later")
    shutil.rmtree(world.folder / "www")
    world.write("in/d", b"d")
    world.run("add", "in/d")
    world.run("publish", "later")
    world.run("verify-log", "later", **reader)
    shutil.rmtree(world.folder / "later/tile")
    world.run("verify-log", "later", expect=3, **reader)
    world.run("publish", "again")
    world.run("verify-log", "again", **reader)


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
    world.run("verify-log", "www2", "--since", "www/checkpoint", expect=3, **stranger)


def status_of_bomb(url):
    """What a server says to a small body that unpacks to a large one."""
    request = urllib.request.Request(url, gzip.compress(bytes(30_000_000)), {"Content-Encoding": "gzip"})
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code


def witnesses_see_one_history_by_file_and_over_http(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    keys = {}
    for name in ("w1", "w2"):
        keys[name] = world.run("witness", "init", name, "--name", f"witness.example/{name}", "--log", made["log_key"],
                               "--no-passphrase", "-q").stdout.decode().strip()
    world.write("policy", f"log {made['log_key']}\nwitness w1 {keys['w1']}\nwitness w2 {keys['w2']}\n"
                          "group both all w1 w2\nquorum both\n".encode())
    expect(b"quorum" in world.run("verify", "--policy", "policy", expect=3).stdout)
    # By file, as over an air gap.
    world.run("checkpoint", "--witness-request", "request", "-q")
    world.run("witness", "sign", "w1", "--request", "request", "--out", "answer")
    # An answer that has no place is not made: the witness would have moved on without one.
    expect(b"nothing was signed" in world.run("witness", "sign", "w1", "--request", "request", "--out", "answer", expect=1).stderr)
    world.run("checkpoint", "--witness", "answer", expect=1)  # no key to check it with
    noted = world.run("checkpoint", "--witness", "answer", "--witness-key", keys["w1"]).stdout
    expect(b"witness.example/w1" in noted, noted)
    expect(b"quorum" in world.run("verify", "--policy", "policy", expect=3).stdout)
    # Over HTTP.
    server = subprocess.Popen([str(world.exhibit_program), "witness", "serve", "w2", "--listen", "127.0.0.1:0"],
                              cwd=world.folder, env=world.environment, stderr=subprocess.PIPE)
    try:
        line = server.stderr.readline().decode()
        url = line.split("at ")[1].strip().removesuffix("/add-checkpoint")
        expect(status_of_bomb(f"{url}/add-checkpoint") == 415)
        world.run("checkpoint", "--witness", url, "--witness-key", keys["w2"])
        report = world.json("verify", "--policy", "policy")
        expect(report["ok"] and [w["name"] for w in report["witnesses"]] == ["w1", "w2"], report)
        # What a witness cosigned travels with what is handed on.
        world.run("publish", "www")
        world.run("verify-log", "www", "--policy", "policy")
        shutil.copytree(world.folder / "vault", world.folder / "fork")
        world.write("in/b", b"two")
        world.run("add", "in/b")
        world.run("verify", "--policy", "policy", expect=3)  # the new head has no cosignatures yet
        world.write("policy2", (world.folder / "policy").read_bytes().replace(keys["w2"].encode(), f"{keys['w2']} {url}".encode()))
        world.run("checkpoint", "--policy", "policy2")       # asks those that have a URL, from where they are
        world.run("checkpoint", "--witness-request", "request2", "--old", "2", "-q")
        world.run("witness", "sign", "w1", "--request", "request2", "--out", "answer2")
        world.run("checkpoint", "--witness", "answer2", "--policy", "policy")
        world.run("verify", "--policy", "policy")
        # An export is recorded, so it is made at a head that nobody has cosigned yet; a policy says so.
        world.write("log-alone", f"log {made['log_key']}\nquorum none\n".encode())
        world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
        world.run("verify-bundle", "bundle", "--policy", "log-alone")
        expect(b"quorum" in world.run("bundle", "--policy", "policy", program=world.verify_program, expect=3).stdout)
        # Another history is shown to neither.
        other = {"XDG_STATE_HOME": str(world.folder / "forger"), "EXHIBIT_VAULT": str(world.folder / "fork")}
        for name in ("x", "y"):
            world.write(f"in/{name}", name.encode())
            world.run("add", f"in/{name}", **other)
        refused = world.run("checkpoint", "--witness", url, "--witness-key", keys["w2"], expect=3, **other)
        expect(b"422" in refused.stderr, refused.stderr)
        world.run("checkpoint", "--witness-request", "request3", "--old", "3", "-q", **other)
        expect(b"does not extend" in world.run("witness", "sign", "w1", "--request", "request3", expect=3).stderr)
        world.run("verify", "--policy", "policy", expect=3, **other)
    finally:
        server.send_signal(signal.SIGINT)
        expect(server.wait(timeout=20) == 0)
    expect(b"--old 3" in world.run("witness", "sign", "w1", "--request", "request", expect=3).stderr)
    # A policy in which one key counts twice is none.
    world.write("twice", f"log {made['log_key']}\nwitness w1 {keys['w1']}\nwitness w2 {keys['w1']}\nquorum none\n".encode())
    world.run("verify", "--policy", "twice", expect=1)


def a_bundle_carries_the_cosignatures_that_its_receiver_asks_for(world):
    made = world.init()
    world.write("in/a", b"one")
    world.write("in/b", b"two")
    world.run("add", "in")
    keys = {name: world.run("witness", "init", name, "--name", f"witness.example/{name}", "--log", made["log_key"],
                            "--no-passphrase", "-q").stdout.decode().strip() for name in ("w1", "w2", "w3")}
    receiver = f"log {made['log_key']}\n" + "".join(f"witness {name} {key}\n" for name, key in keys.items())
    receiver += "group two 2 w1 w2 w3\nquorum two\n"
    world.write("receiver", receiver.encode())
    check = ["bundle", "--policy", "receiver", "--fingerprint", made["fingerprint"]]

    def checked(bundle):
        world.second_opinion(bundle)
        report = json.loads(world.run(bundle, *check[1:], "--json", program=world.verify_program).stdout)
        expect(report["ok"], report)
        return [witness["name"] for witness in report["witnesses"]]

    with WitnessServer(world, "w1") as w1:
        with WitnessServer(world, "w2") as w2:
            asked = receiver.replace(keys["w1"], f"{keys['w1']} {w1.url}").replace(keys["w2"], f"{keys['w2']} {w2.url}")
            world.write("asked", asked.encode())
            world.run("export", "1", "--out", "bundle", "-i", "reader.txt", "--policy", "asked")
            expect(checked("bundle") == ["w1", "w2"])
            expect((world.folder / "bundle/policy.txt").read_text() == asked)
            world.run("export", "1", "--out", "named", "-i", "reader.txt", "--witness", w1.url, "--witness-key", keys["w1"],
                      "--witness", w2.url, "--witness-key", keys["w2"])
            expect(checked("named") == ["w1", "w2"] and not (world.folder / "named/policy.txt").exists())
        # One of three is left: no quorum, no bundle, and the log says so.
        refused = world.run("export", "1", "--out", "none", "-i", "reader.txt", "--policy", "asked", expect=1)
        expect(b"witness" in refused.stderr and not (world.folder / "none").exists(), refused.stderr)
        expect(world.history(1)[-1].startswith("not exported: "))
        # Without one that is not needed it goes on, and says who did not answer.
        world.write("asked-any", asked.replace("two 2", "two any").encode())
        said = world.run("export", "1", "--out", "any", "-i", "reader.txt", "--policy", "asked-any").stderr
        expect(w2.url.encode() in said, said)
        world.run("any", "--policy", "receiver", program=world.verify_program, expect=3)
    # By file: the export is announced, the witnesses cosign the log with that in it, and the bundle is made of then.
    entry = world.run("export", "1", "--announce", "-q").stdout.decode().split()[0]
    export = ["export", "1", "--announced", entry, "--out", "by-file", "-i", "reader.txt"]
    expect(b"has cosignatures" in world.run(*export, expect=1).stderr)
    for name in ("w2", "w3"):
        world.run("checkpoint", "--witness-request", f"request-{name}", "-q")
        answer = json.loads(world.run("witness", "sign", name, "--request", f"request-{name}", "--json",
                                      expect=3 if name == "w2" else 0).stdout)
        if answer["status"] == 409:
            world.run("checkpoint", "--witness-request", f"again-{name}", "--old", answer["answer"].strip(), "-q")
            answer = json.loads(world.run("witness", "sign", name, "--request", f"again-{name}", "--json").stdout)
        world.write(f"answer-{name}", answer["answer"].encode())
    world.run("checkpoint", "--witness", "answer-w2", "--witness", "answer-w3", "--policy", "receiver")
    world.run("add", "in/b")   # the log goes on meanwhile
    expect(b"does not announce" in world.run("export", "2", *export[2:], expect=1).stderr)
    # What no policy of the receiver's would accept is not made, and the log says so behind the announcement.
    world.write("all", receiver.replace("two 2", "two all").encode())
    refused = world.run("export", "1", "--announced", entry, "--out", "strict", "-i", "reader.txt", "--policy", "all", expect=3)
    expect(b"not exported: " in refused.stderr and not (world.folder / "strict").exists(), refused.stderr)
    expect(world.history(1)[-1].startswith("not exported: "))
    expect(b"does not announce" in world.run(*export, "--recipient", world.tool("age-keygen", "-y", "reader.txt").decode().strip(),
                                             expect=1).stderr)
    before = world.json("checkpoint")["size"]
    world.run(*export, "--policy", "receiver")
    expect(checked("by-file") == ["w2", "w3"])
    expect(world.json("checkpoint")["size"] == before, "an announced export was recorded twice")
    world.run("export", "1", expect=1)  # no folder


def a_stolen_key_leaves_three_answers(world):
    world.init()
    world.admit("bob", "collector")
    world.write("in/a", b"one")
    world.write("in/b", b"two")
    world.write("in/c", b"three")
    world.run("add", "in/a", "--key", "bob.key")                       # entry 2
    tsa = world.folder / "tsa"
    tsa.mkdir()
    world.tool("sh", Path(__file__).resolve().parents[1] / "support/make_tsa.sh", tsa)
    world.run("timestamp", "request", "--out", "head.tsq")
    subprocess.run(["openssl", "ts", "-reply", "-config", "p256.cnf", "-section", "tsa", "-queryfile", "../head.tsq",
                    "-out", "../head.tsr"], cwd=tsa, check=True, capture_output=True)
    world.run("timestamp", "add", "head.tsr", "--checkpoint", "head.checkpoint")   # entry 3
    world.run("add", "in/b", "--key", "bob.key")                       # entry 4
    shutil.copytree(world.folder / "vault", world.folder / "other")
    actor = [row["actor"] for row in world.json("custodian", "list") if row["name"] == "bob"][0]
    world.run("custodian", "retire", actor, "--reason", "x", "--compromised-since", "yesterday", expect=1)
    world.run("custodian", "retire", actor, "--reason", "laptop stolen", "--compromised-since", "2098-01-01T00:00:00Z")
    row = [row for row in world.json("custodian", "list") if row["name"] == "bob"][0]
    expect(row["compromised_since"] == "2098-01-01T00:00:00.000Z", row)
    told = world.json("verify", "--tsa-root", "tsa/root.crt")
    expect(told["ok"] and told["compromised_keys"] == [
        {"key": actor, "of": "custodian", "since": "2098-01-01T00:00:00.000Z", "entry": 5, "valid": 1,
         "valid_only_if_before": [4], "invalid": []}], told)
    text = world.run("verify", "--tsa-root", "tsa/root.crt").stdout.decode()
    expect("1 entry signed by it is proven to be from before, by the timestamp in entry 3" in text, text)
    expect("1 entry signed by it is valid only if before 2098-01-01T00:00:00.000Z: 4" in text, text)
    expect(world.json("verify")["compromised_keys"][0]["valid_only_if_before"] == [2, 4])
    world.run("publish", "www")
    expect(world.json("verify-log", "www", "--tsa-root", "tsa/root.crt")["compromised_keys"][0]["valid"] == 1)
    # What is handed over says so too, to both verifiers.
    world.run("export", "2", "4", "--out", "bundle", "-i", "reader.txt")
    told = json.loads(world.run("bundle", "--json", program=world.verify_program, expect=NOT_ANCHORED).stdout)
    expect(told["compromised_keys"][0]["valid_only_if_before"] == [2, 4], told)
    other = world.second_opinion("bundle").stdout.decode()
    expect("valid only if made before that: entries 2, 4" in other, other)
    # Had it been stolen before the stamp, what stands behind the stamp would be anybody's.
    thief = {"EXHIBIT_VAULT": str(world.folder / "other"), "XDG_STATE_HOME": str(world.folder / "state2")}
    world.run("custodian", "retire", actor, "--reason", "laptop stolen", "--compromised-since", "2020-01-01", **thief)
    told = json.loads(world.run("verify", "--tsa-root", "tsa/root.crt", "--json", expect=3, **thief).stdout)
    expect(told["compromised_keys"][0]["invalid"] == [4] and [f["entry"] for f in told["findings"]] == [4], told)
    expect(world.json("verify", **thief)["ok"])
    # The log's key.
    world.run("rotate-log-key", "--no-passphrase", "--compromised-since", "2098-01-01")
    told = world.json("verify", "--tsa-root", "tsa/root.crt")
    expect(told["ok"] and told["compromised_keys"][1]["of"] == "log" and told["compromised_keys"][1]["valid"] == 3, told)


def timestamps_in_the_log_bound_when_its_entries_were_made(world):
    world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    tsa = world.folder / "tsa"
    tsa.mkdir()
    world.tool("sh", Path(__file__).resolve().parents[1] / "support/make_tsa.sh", tsa)

    def reply(authority, request):
        return subprocess.run(["openssl", "ts", "-reply", "-config", f"{authority}.cnf", "-section", "tsa", "-queryfile",
                               "/dev/stdin"], cwd=tsa, input=request, check=True, capture_output=True).stdout

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = reply("p256", body) if self.headers["Content-Type"] == "application/timestamp-query" else b""
            self.send_response(200 if answer else 400)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    # By file.
    world.run("timestamp", "request", "--out", "head.tsq")
    world.write("head.tsr", reply("rsa", (world.folder / "head.tsq").read_bytes()))
    add = ["timestamp", "add", "head.tsr", "--checkpoint", "head.checkpoint", "--request", "head.tsq"]
    world.run(*add, "--roots", "tsa/foreign.crt", expect=1)
    added = world.json(*add, "--roots", "tsa/root.crt")
    expect(added["entry"] == 2 and added["type"] == "timestamp")
    expect(b"other bytes" in world.run("timestamp", "add", "head.tsr", expect=3).stderr)  # the head has moved on
    told = world.json("verify")
    expect(told["timestamps"] == [{"entry": 2, "covers": 2, "says": told["timestamps"][0]["says"], "holds": False}], told)
    expect(b"timestamp add" not in world.run("verify").stdout and b"--tsa-root" in world.run("verify").stdout)
    told = world.json("verify", "--tsa-root", "tsa/root.crt")
    rows = {row["question"]: row for row in told["proven"]}
    expect(told["ok"] and told["timestamps"][0]["holds"], told)
    expect(rows["not later"]["state"] == "in part" and "entries 0 to 1" in rows["not later"]["by"], rows)
    expect("behind entry 2" in rows["not earlier"]["by"])
    stranger = world.json("verify", "--tsa-root", "tsa/foreign.crt")
    expect(stranger["ok"] and "proves nothing to you" in stranger["remarks"][0], stranger)
    # From the authority itself, and the first token stamped again.
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        world.run("timestamp", "add", "--tsa", url, "--roots", "tsa/root.crt")
        world.run("timestamp", "add", "--tsa", url, "--renew", "2", "--roots", "tsa/root.crt")
        world.run("timestamp", "add", "--tsa", url, "--renew", "1", expect=1)
    finally:
        server.shutdown()
        server.server_close()
    world.run("timestamp", "request", "--renew", "3", "--out", "again.tsq")
    world.write("again.tsr", reply("below", (world.folder / "again.tsq").read_bytes()))
    world.run("timestamp", "add", "again.tsr", "--renew", "3", "--request", "again.tsq")
    told = world.json("verify", "--tsa-root", "tsa/root.crt")
    expect(told["ok"] and [(s["entry"], s["covers"], s["holds"]) for s in told["timestamps"]]
           == [(2, 2, True), (3, 3, True), (4, 2, True), (5, 3, True)], told)
    world.run("publish", "www")
    told = world.json("verify-log", "www", "--tsa-root", "tsa/root.crt")
    expect(told["ok"] and all(stamp["holds"] for stamp in told["timestamps"]))
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")
    # What openssl says of what we made.
    entry = world.json("log", "3")[0]["note"]
    import base64
    token = json.loads(entry.split("\n")[0])
    world.write("token.der", base64.b64decode(token["token"]))
    world.write("stamped", token["checkpoint"].encode())
    world.tool("openssl", "ts", "-verify", "-data", "stamped", "-in", "token.der", "-token_in", "-CAfile", "tsa/root.crt")


def the_log_key_is_replaced_and_everybody_follows(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    world.run("publish", "www")
    world.run("checkpoint", "--out", "before")
    reader = {"XDG_STATE_HOME": str(world.folder / "reader")}
    world.run("verify-log", "www", expect=NOT_ANCHORED, **reader)
    old_secret = (world.folder / "vault/keys/log.key").read_bytes()
    rotated = world.json("rotate-log-key", "--no-passphrase")
    expect(rotated["entry"] == 2 and rotated["log_key"] != made["log_key"])
    for path in (world.folder / "vault/keys").iterdir():
        expect(old_secret.strip() not in path.read_bytes())
    world.write("in/b", b"two")
    world.run("add", "in/b")
    report = world.json("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], "--since", "before")
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


def stock_tools_open_what_is_exported(world):
    world.init()
    sizes = [0, 1, 65535, 65536, 65537, 1048575, 1048576, 1048577, 3_000_017]
    for size in sizes:
        world.write(f"in/{size:09d}", random.Random(size).randbytes(size))
    world.run("add", "in")
    world.tool("age-keygen", "-o", "friend.txt")
    friend = world.tool("age-keygen", "-y", "friend.txt").decode().strip()
    numbers = f"1-{len(sizes)}"
    world.run("export", numbers, "--out", "plain", "-i", "reader.txt")
    world.run("export", numbers, "--out", "sealed/", "--recipient", friend, "-i", "reader.txt")
    for number, size in enumerate(sizes, 1):
        original = (world.folder / f"in/{size:09d}").read_bytes()
        for bundle, identity in (("plain", "plain/proof/identity.txt"), ("sealed", "friend.txt")):
            frames = world.tool("age", "-d", "-i", identity, f"{bundle}/data/{number}.age")
            expect(world.tool("zstd", "-dc", stdin=frames) == original, f"{bundle} {size}")
    for bundle in ("plain", "sealed"):
        for one in ("sha256", "sha512"):
            for manifest in (f"manifest-{one}.txt", f"tagmanifest-{one}.txt"):
                subprocess.run([f"{one}sum", "--check", "--quiet", "--strict", manifest], cwd=world.folder / bundle, check=True)
    world.run("verify-bundle", "sealed", expect=NOT_ANCHORED)
    world.run("verify-bundle", "sealed", "-i", "friend.txt", expect=NOT_ANCHORED)
    # The vault's own secret half opens with `age` as well.
    vault_key = world.tool("age", "-d", "-i", "reader.txt", "vault/keys/reader.age")
    expect(vault_key.startswith(b"AGE-SECRET-KEY-1"))


def odd_names_come_back_as_they_were_and_reach_no_terminal(world):
    world.init()
    names = [b"with space", b"-leading-dash", b"new\nline", b"tab\tbell\x07", b"esc\x1b[31mred", b"\xff\xfe raw",
             b"n" * 255, "bidi\u202eexe.txt".encode(), b"..data", "\u65e5\u672c\u8a9e".encode(), b"'quote\"\\"]
    for name in names:
        world.write(b"in/" + name, b"content of " + name)
    world.run("add", "in", "--quiet")
    shown = world.run("list", "-i", "reader.txt").stdout
    expect(not any(byte < 0x20 and byte != 0x0A for byte in shown) and b"\x7f" not in shown)
    expect("\u202e".encode() not in shown)
    expect(shown.count(b"\n") == len(names))
    found = set()
    for row in world.json("list", "-i", "reader.txt"):
        metadata = row["metadata"]
        if "name_raw" in metadata:
            import base64
            found.add(base64.b64decode(metadata["name_raw"]))
        else:
            found.add(metadata["name"].encode())
        world.cat(row["entry"])
    expect(found == set(names))
    world.run("export", f"1-{len(names)}", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    for file in (world.folder / "bundle/data").iterdir():
        expect(all(c.isalnum() or c in "._-" for c in file.name), file.name)


def what_cannot_be_taken_in_is_named_and_recorded(world):
    world.init()
    world.write("in/good", b"good")
    os.mkfifo(world.folder / "in/pipe")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(world.folder / "in/socket"))
    os.symlink("/etc/passwd", world.folder / "in/link")
    result = world.run("add", "in", "missing", expect=1)
    for word in (b"in/pipe is a pipe", b"in/socket is a socket", b"missing"):
        expect(word in result.stderr, word)
    rows = world.json("list", "-i", "reader.txt")
    expect([row["type"] for row in rows] == ["item", "item", "omission"])
    link = rows[1]["metadata"]
    expect(link["file_type"] == "symbolic-link" and link["link_target"] == "/etc/passwd")
    expect(world.cat(2) == b"/etc/passwd")
    omissions = [json.loads(line) for line in world.cat(3).splitlines()]
    expect({o["path"] for o in omissions} == {"in/pipe", "in/socket", "missing"})
    world.run("verify", "--content", "-i", "reader.txt")


def a_wrong_hash_is_refused_unless_it_is_to_be_kept(world):
    world.init()
    world.write("in/a", b"a")
    world.write("in/b", b"b")
    sums = world.tool("sha256sum", "in/a", "in/b").decode()
    (world.folder / "good.txt").write_text(sums)
    wrong = sums.replace(hashlib.sha256(b"b").hexdigest(), "0" * 64)
    (world.folder / "wrong.txt").write_text(wrong)
    added = world.json("add", "in", "--hashes", "good.txt")
    expect(all(item["claimed"][0]["matched"] for item in added["items"]))
    result = world.run("add", "in", "--hashes", "wrong.txt", expect=1)
    expect(b"in/b" in result.stderr and b"0" * 64 in result.stderr)
    kept = world.json("add", "in/b", "--hashes", "wrong.txt", "--keep-mismatched")
    expect(kept["items"][0]["claimed"] == [{"algorithm": "sha256", "value": "0" * 64, "matched": False}])


def the_list_of_hashdeep_is_compared_too(world):
    world.init()
    world.write("in/a", b"a")
    world.write("in/b", b"b")
    lines = ["%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename", "## Invoked from: /mnt", "## $ hashdeep -r in", "##"]
    for name in (b"a", b"b"):
        lines.append(f"1,{hashlib.md5(name).hexdigest()},{hashlib.sha256(name).hexdigest()},in/{name.decode()}")
    (world.folder / "good.txt").write_text("\n".join(lines) + "\n")
    added = world.json("add", "in", "--hashes", "good.txt")
    for item in added["items"]:
        expect([(claim["algorithm"], claim["matched"]) for claim in item["claimed"]] == [("md5", True), ("sha256", True)]
               or [(claim["algorithm"], claim["matched"]) for claim in item["claimed"]]
               == [("sha256", True), ("md5", True)], item["claimed"])
    wrong = "\n".join(lines).replace(hashlib.md5(b"b").hexdigest(), "f" * 32) + "\n"
    (world.folder / "wrong.txt").write_text(wrong)
    result = world.run("add", "in", "--hashes", "wrong.txt", expect=1)
    expect(b"in/b" in result.stderr and b"f" * 32 in result.stderr)


def a_file_that_grows_while_it_is_read_is_marked(world):
    world.init()
    path = world.write("in/growing.log", os.urandom(1 << 20) * 64)
    stop = threading.Event()

    def grow():
        with open(path, "ab", buffering=0) as file:
            while not stop.wait(0.002):
                file.write(b"one more line\n")

    grower = threading.Thread(target=grow)
    grower.start()
    try:
        result = world.run("add", "in/growing.log")
    finally:
        stop.set()
        grower.join()
    expect(b"changed while it was read" in result.stdout, result.stdout)
    metadata = world.json("show", "1", "-i", "reader.txt")[0]["metadata"]
    expect(metadata["changed_while_read"] is True)
    # What was read is what the digests are of, and is the beginning of what the file became.
    content = world.cat(1)
    expect(hashlib.sha256(content).hexdigest() == metadata["digests"]["sha256"])
    expect(Path(os.fsdecode(path)).read_bytes().startswith(content))
    world.run("verify", "--content", "-i", "reader.txt")


def a_block_device_is_evidence_where_that_is_asked_for(world):
    image = world.write("image", os.urandom(1 << 20) * 3)
    attached = subprocess.run(["losetup", "--find", "--show", "--read-only", image], capture_output=True)
    if attached.returncode != 0:
        print("  SKIPPED: no loop device can be had here")
        return
    device = attached.stdout.decode().strip()
    try:
        world.init()
        refused = world.run("add", device, expect=1)
        expect(b"--raw-device" in refused.stderr)
        added = world.json("add", device, "--raw-device", "--kind", "image")
        expect(added["items"][0]["size"] == 3 << 20 and added["items"][0]["kind"] == "image", added)
        number = added["items"][0]["entry"]
        expect(world.cat(number) == (world.folder / "image").read_bytes())
        metadata = world.json("show", str(number), "-i", "reader.txt")[0]["metadata"]
        expect(metadata["file_type"] == "device" and "changed_while_read" not in metadata)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)


def the_standard_input_is_evidence_too(world):
    world.init()
    content = random.Random(1).randbytes(5_000_000)
    added = world.json("add", "-", "--name", "dump.raw", stdin=content)
    expect(added["items"][0]["size"] == len(content) and added["items"][0]["kind"] == "image")
    expect(world.cat(1) == content)
    result = world.run("add", "-", stdin=b"x", expect=1)
    expect(b"--name" in result.stderr)


def nothing_is_readable_without_a_key(world):
    world.init()
    secret = b"PATIENT-4711-DIAGNOSIS"
    world.write("in/secret-name-4711.txt", secret * 10)
    world.run("add", "in", "--description", "described-4711", "--case", "case-4711")
    for path in (world.folder / "vault").rglob("*"):
        if path.is_file():
            expect(b"4711" not in path.read_bytes(), path)
    listed = world.json("list")
    expect("metadata" not in listed[0])
    world.run("verify")
    world.run("cat", "1", expect=1)
    stranger = world.run("keygen", "--no-passphrase", "-o", "stranger.txt")
    expect(stranger.stdout.startswith(b"age1"))
    result = world.run("cat", "1", "-i", "stranger.txt", expect=6)
    expect(b"not sealed to this key" in result.stderr)


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


def init_refuses_what_is_there_and_leaves_no_mess(world):
    world.init()
    again = world.run("init", "vault2", "--origin", ORIGIN, "--reader", world.tool("age-keygen", "-y", "reader.txt").decode().strip(),
                      "--no-passphrase", expect=1)
    expect(b"before" in again.stderr and not (world.folder / "vault2").exists())
    world.write("full/file", b"x")
    refused = world.run("init", "full", "--origin", "other.example/x", "--reader",
                        world.tool("age-keygen", "-y", "reader.txt").decode().strip(), "--no-passphrase", expect=1)
    expect(b"not an empty folder" in refused.stderr)
    expect(sorted(p.name for p in world.folder.iterdir()) == ["full", "home", "reader.txt", "vault"])
    for bad in ("has space", "plus+plus", ""):
        world.run("init", "v", "--origin", bad, "--no-passphrase", expect=1)


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
    world.run("keygen", "--no-passphrase", "--signing", "mallory", "-o", "mallory.key")
    refused = world.run("add", "in", "--key", "mallory.key", expect=1)
    expect(b"not admitted" in refused.stderr)


def exit_codes_are_as_documented(world):
    expect(b"A first vault" in world.run().stdout)
    world.run("--help")
    world.run("version")
    for wrong in (["nonsense"], ["add"], ["verify", "--nonsense"], ["init", "x"]):
        world.run(*wrong, expect=2)
    missing = world.run("list", expect=1)
    expect(b"no vault in " in missing.stderr and b"exhibit init" in missing.stderr)
    world.init()
    world.run("show", "99", expect=1)
    world.run("show", "abc", expect=1)
    world.write("in", b"x")
    # A writer that waits for its input holds the lock.
    writer = subprocess.Popen([world.exhibit_program, "add", "-", "--name", "slow"], cwd=world.folder,
                              env=world.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    time.sleep(1)
    busy = world.run("add", "in", expect=4)
    expect(b"--wait" in busy.stderr and str(writer.pid).encode() in busy.stderr)
    world.run("verify")
    world.run("add", "in", "--wait", "0.3", expect=4)
    writer.communicate(b"late")
    expect(writer.returncode == 0)
    world.run("add", "in")


def verify_by_its_text(world, bundle, **environment):
    """What VERIFY.txt prints, run as it says."""
    result = subprocess.run(["bash", "VERIFY.txt"], cwd=world.folder / bundle, capture_output=True,
                            env={**world.environment, **environment})
    return (result.stdout + result.stderr).decode()


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
    world.run("rotate-log-key", "--no-passphrase")
    world.run("export", "2-5", "--out", "plain", "-i", "reader.txt")
    said = verify_by_its_text(world, "plain")
    wanted = ["ok: the files have their SHA-256", "ok: the files have their SHA-512", made["fingerprint"],
              "ok: the lists of files are signed by ", "ok: 10 entries are signed, and stand in the log of 10 entries",
              *(f"ok: item {n}" for n in (2, 3, 4, 5, 7))]
    expect(all(line in said for line in wanted) and "FAILED" not in said and said.count("\n") == len(wanted), said)
    expect(not list(world.folder.rglob("owned")))
    for name, words in (("data/2.age", "FAILED: entry 2: data/2.age"), ("proof/3.entry", "FAILED: entry 3"), ("proof/4.header", "its header"),
                        ("proof/6.entry", "FAILED: entry 6"), ("bundle.note", "FAILED: "), ("manifest-sha512.txt", "WARNING")):
        path = world.folder / "plain" / name
        good = path.read_bytes()
        path.write_bytes(good[:len(good) // 2] + bytes([good[len(good) // 2] ^ 1]) + good[len(good) // 2 + 1:])
        said = verify_by_its_text(world, "plain")
        expect(words in said or "Error" in said and "ok: the lists" not in said, f"{name}: {said}")
        path.write_bytes(good)
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "2", "--out", "sealed", "--recipient", friend, "-i", "reader.txt")
    said = verify_by_its_text(world, "sealed")
    expect("not opened: there is no identity.txt" in said and "ok: the lists of files" in said, said)
    said = verify_by_its_text(world, "sealed", identity=str(world.folder / "friend.txt"))
    numbers = [json.loads((world.folder / "plain/proof/2.metadata.json").read_bytes())]
    expect(numbers[0]["digests"]["sha256"] in said.split("\n") and (world.folder / "plain/proof/2.metadata.json").read_text() in said, said)


def a_selection_takes_what_list_shows(world):
    world.init()
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 50)
    world.write("in/note.txt", NOTE)
    world.run("add", "in", "--case", "IR 1", "--tag", "x")
    world.run("add", "in/note.txt", "--case", "IR-2")
    common = ["-i", "reader.txt", "--out"]

    def numbers(bundle):
        world.run(bundle, program=world.verify_program, expect=NOT_ANCHORED)
        return sorted(int(path.stem) for path in (world.folder / bundle / "data").glob("*.age"))
    world.run("export", "--select", "kind=ransom-message", *common, "notes")
    expect(numbers("notes") == [2, 3])
    world.run("export", "--select", ' case="IR 1"  tag=x kind=log', *common, "logs")
    expect(numbers("logs") == [1])
    world.run("export", "--select", "case=IR-2", "--select", "since=2020-01-01 until=2199-01-01", *common, "two")
    expect(numbers("two") == [3])
    world.run("export", "1", "--select", "case=IR-2", *common, "both")
    expect(numbers("both") == [1, 3])
    told = world.run("both", program=world.verify_program, expect=NOT_ANCHORED).stdout
    expect(b"position 2 of the log is not in this bundle" in told, told)
    before = len(world.json("log"))
    refused = world.run("export", "--select", "kind=email", *common, "none", expect=1)
    expect(b"no item matches kind=email" in refused.stderr, refused.stderr)
    for words, says in (("colour=red", b"no \"colour\" to select by"), ("kind", b"is no name=value"), ("kind=log kind=log", b"stands twice"),
                        ('case="IR 1', b"does not end"), ('case="IR"1', b"behind the quote"), ("tag=", b"has no value"),
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
    expect(b"item 2 was shredded under entry 4" in world.run("export", "1-3", *common, expect=1).stderr)
    world.run("export", "2", "--partial", *common, expect=3)
    expect(len(world.json("log")) == before and not (world.folder / "bundle").exists(), "nothing was recorded")
    said = world.run("export", "1-3", "--partial", *common)
    expect(b"2 items, 1 missing (omissions.json)" in said.stdout and b"left out: item 2: shredded under entry 4" in said.stderr, said)
    omissions = json.loads((world.folder / "bundle/omissions.json").read_bytes())
    expect(omissions["complete"] is False and omissions["missing"] == [{"item": 2, "why": "shredded under entry 4"}])
    expect(omissions["range"] == "1-3" and omissions["not_in_bundle"] == ["2"])
    expect("Exhibit-Completeness: partial\n" in (world.folder / "bundle/bag-info.txt").read_text())
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")


def every_flipped_byte_of_a_bundle_is_found(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    bundle = world.folder / "bundle"
    # A flip in each file at its beginning, middle and end here; all bytes of the small files that
    # prove something in the manifest-fixing test below.
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        good = path.read_bytes()
        for at in sorted({0, len(good) // 2, len(good) - 1}):
            path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])
            result = subprocess.run(
                [world.verify_program, "bundle"], cwd=world.folder, capture_output=True, env=world.environment)
            expect(result.returncode in (1, 3), f"{path.name} byte {at}: exit {result.returncode}")
        path.write_bytes(good)
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)


def write_manifests(bundle):
    """Makes the manifests fit whatever stands in the bundle: what a forger does first."""
    hashes = ("sha256", "sha512")

    def write(kind, names):
        for one in hashes:
            (bundle / f"{kind}-{one}.txt").write_text(
                "".join(f"{hashlib.new(one, (bundle / n).read_bytes()).hexdigest()}  {n}\n" for n in sorted(names)))
    files = [str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file()]
    write("manifest", [f for f in files if f.startswith("data/")])
    write("tagmanifest", [f for f in files if not f.startswith(("data/", "tagmanifest-")) and f != "bundle.note"])


def a_forger_who_rewrites_the_manifests_is_found(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.txt", NOTE * 2)
    world.run("add", "in")
    world.run("export", "1-2", "--out", "good", "-i", "reader.txt")
    bundle = world.folder / "bundle"

    def forged(change, words):
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(world.folder / "good", bundle)
        change()
        write_manifests(bundle)
        result = world.run("bundle", program=world.verify_program, expect=3)
        expect(words in result.stdout, f"{words} not in {result.stdout}")

    def flip(name, at):
        path = bundle / name
        data = bytearray(path.read_bytes())
        data[at] ^= 1
        path.write_bytes(data)

    def swap(a, b):
        (bundle / a).rename(bundle / "t")
        (bundle / b).rename(bundle / a)
        (bundle / "t").rename(bundle / b)

    forged(lambda: flip("data/1-a.txt", 3), b"is not the original that was sealed")
    forged(lambda: flip("data/1.age", -1), b"entry 1")
    forged(lambda: flip("data/1.age", 40), b"entry 1")
    forged(lambda: flip("proof/1.entry", 20), b"entry 1")
    forged(lambda: flip("proof/1.header", 40), b"not the one that the entry names")
    forged(lambda: flip("proof/1.metadata.json", 12), b"metadata")
    forged(lambda: flip("proof/1.tlog-proof", 60), b"entry 1")
    forged(lambda: flip("proof/0.entry", 20), b"entry 0")
    forged(lambda: flip("proof/log.vkey", 5), b"log.vkey")
    forged(lambda: swap("proof/1.entry", "proof/2.entry"), b"says that it is entry 2")
    forged(lambda: swap("data/1.age", "data/2.age"), b"entry 1")
    forged(lambda: swap("proof/1.header", "proof/2.header"), b"entry 1")
    forged(lambda: swap("proof/1.tlog-proof", "proof/2.tlog-proof"), b"another position")
    forged(lambda: (bundle / "proof/1.entry").unlink(), b"entry 1")
    forged(lambda: (bundle / "proof/1.tlog-proof").unlink(), b"entry 1")
    forged(lambda: (bundle / "data/1.age").unlink(), b"entry 1")
    forged(lambda: (bundle / "data/1-a.txt").unlink(), b"is missing")
    forged(lambda: (bundle / "data/extra").write_bytes(b"x"), b"has no place in a bundle")
    forged(lambda: (bundle / "data/1.age").write_bytes((bundle / "data/1.age").read_bytes()[:-1]), b"entry 1")
    # What no other check looks at, and the manifests fit: the signature over them does not.
    forged(lambda: (bundle / "items.csv").write_bytes(b"x"), b"bundle.note: is of other tag manifests than these")
    # Without new manifests: additional files, and links instead of files.
    shutil.rmtree(bundle)
    shutil.copytree(world.folder / "good", bundle)
    (bundle / "extra").write_bytes(b"x")
    expect(b"is not listed" in world.run("bundle", program=world.verify_program, expect=3).stdout)
    (bundle / "extra").unlink()
    (bundle / "data/1-a.txt").unlink()
    os.symlink("/etc/hostname", bundle / "data/1-a.txt")
    world.run("bundle", program=world.verify_program, expect=3)


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
    # Damaged in the store: found before anything is written, recorded, and told how to go on.
    world.write("large", os.urandom(3_000_000))
    world.run("add", "large")
    stored = world.folder / "vault/store/packs/000001"
    data = stored.read_bytes()
    stored.write_bytes(data[:len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1:])
    before = len(world.json("log"))
    refused = world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt", expect=3)
    expect(b"not exported: entry 2: block" in refused.stderr and b"--partial" in refused.stderr, refused.stderr)
    expect(not [p for p in world.folder.iterdir() if "bundle" in p.name])
    expect(len(world.json("log")) == before + 1 and world.history(1)[-1].startswith("not exported: "), world.history(1))
    world.run("export", "1-2", "--out", "bundle", "--partial", "-i", "reader.txt")
    expect([one["item"] for one in json.loads((world.folder / "bundle/omissions.json").read_bytes())["missing"]] == [2])


def a_kill_at_any_moment_loses_nothing_that_was_acknowledged(world):
    world.init()
    seed = int(os.environ.get("EXHIBIT_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"  seed {seed} (replay with EXHIBIT_TEST_SEED)")
    chance = random.Random(seed)
    contents = {}
    for number in range(60):
        content = chance.randbytes(4_000_000 if number % 10 == 9 else 2000)
        contents[f"in/{number:03d}"] = content
        world.write(f"in/{number:03d}", content)
    acknowledged = 0
    for _ in range(10):
        child = subprocess.Popen([world.exhibit_program, "--quiet", "add", "in"], cwd=world.folder,
                                 env=world.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.02, 1.2))
        child.send_signal(signal.SIGKILL)
        for line in child.communicate()[0].splitlines(keepends=True):
            fields = line.split(b"  ")
            if line.endswith(b"\n") and len(fields) == 5:
                acknowledged = max(acknowledged, int(fields[0]) + 1)
        report = world.json("verify", "--content", "-i", "reader.txt")
        expect(report["ok"], report["findings"])
        expect(report["checkpoint"]["size"] >= acknowledged, "an acknowledged item is gone")
    world.run("add", "in", "--quiet")
    for row in world.json("list", "-i", "reader.txt"):
        expect(hashlib.sha256(contents[row["metadata"]["path"]]).hexdigest() == row["metadata"]["digests"]["sha256"])
    world.run("verify", "--content", "-i", "reader.txt")


def reading_beside_a_writer_gives_no_false_alarm(world):
    world.init()
    for number in range(300):
        world.write(f"in/{number}", os.urandom(3000))
    writer = subprocess.Popen([world.exhibit_program, "--quiet", "add", "in", "in", "in", "in"], cwd=world.folder,
                              env=world.environment, stdout=subprocess.DEVNULL)
    rounds = 0
    while writer.poll() is None or rounds == 0:
        world.run("verify")
        rounds += 1
    expect(writer.wait() == 0)
    expect(world.json("verify")["checkpoint"]["size"] == 1201)


def a_trusted_timestamp_of_the_head_holds_and_of_another_head_does_not(world):
    world.init()
    tsa = world.folder / "tsa"
    tsa.mkdir()
    world.tool("sh", Path(__file__).resolve().parents[1] / "support/make_tsa.sh", tsa)

    def answer(authority, request, to):
        subprocess.run(["openssl", "ts", "-reply", "-config", f"{authority}.cnf", "-section", "tsa", "-queryfile",
                        world.folder / request, "-out", world.folder / to], cwd=tsa, check=True, capture_output=True)

    made = world.json("timestamp", "request", "--out", "head.tsq")
    expect(made["size"] == 1 and made["checkpoint"] == "head.checkpoint")
    stamped = (world.folder / "head.checkpoint").read_bytes()
    expect(stamped == (world.folder / "vault/HEAD").read_bytes())
    expect(hashlib.sha256(stamped).hexdigest() == made["sha256"])
    world.run("timestamp", "request", "--out", "head.tsq", expect=1)
    expect((world.folder / "head.checkpoint").read_bytes() == stamped)
    answer("rsa", "head.tsq", "head.tsr")
    check = ["timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt"]
    world.run(*check)
    key = json.loads(world.run("log", "0").stdout.split(b"\n")[0])["log"]
    told = world.json(*check, "--request", "head.tsq", "--policy", "1.3.6.1.4.1.99999.1.1", "--log-key", key)
    expect(told["holds"] and told["nonce"] == "checked" and told["log_signature"] == "good", told)
    expect(abs(time.time() - time.mktime(time.strptime(told["time"][:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone) < 120, told)
    expect(told["authority"] == "CN=Test Authority RSA,O=Test" and len(told["certificates"]) == 2, told)
    for source in (["-data", "head.checkpoint"], ["-queryfile", "head.tsq"]):
        world.tool("openssl", "ts", "-verify", *source, "-in", "head.tsr", "-CAfile", "tsa/root.crt")

    # A cosigned copy is stamped as well; another head, root, policy or nonce is not.
    cosigned = stamped + "\u2014 witness.example/w ".encode() + b"A" * 104 + b"\n"
    world.write("cosigned", cosigned)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "cosigned", "--roots", "tsa/root.crt")
    world.run(*check, "--policy", "1.2.3", expect=3)
    failed = world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/foreign.crt", expect=3)
    expect(b"none of the roots" in failed.stderr, failed.stderr)
    world.run(*check[:-1], "tsa/foreign.crt", "tsa/root.crt")
    world.run("timestamp", "request", "--checkpoint", "cosigned", "--out", "again.tsq")
    expect((world.folder / "again.checkpoint").read_bytes() == stamped)
    expect(b"nonce" in world.run(*check, "--request", "again.tsq", expect=3).stderr)
    world.write("note", NOTE)
    world.run("add", "note")
    world.run("timestamp", "request", "--out", "next")
    expect((world.folder / "next.checkpoint").exists())
    other = world.json("timestamp", "verify", "head.tsr", "--checkpoint", "next.checkpoint", "--roots", "tsa/root.crt", expect=3)
    expect(not other["holds"] and "other bytes" in other["why"], other)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "next.checkpoint", "--roots", "tsa/root.crt",
              "--request", "head.tsq", expect=1)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", expect=2)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "missing", expect=1)

    # Whatever stands in the place of the answer is a token that does not hold.
    good = (world.folder / "head.tsr").read_bytes()
    for name, content in (("long.tsr", good + b"x"), ("short.tsr", good[:-1]), ("empty.tsr", b""), ("big.tsr", b"0" * 100_000)):
        world.write(name, content)
        world.run("timestamp", "verify", name, "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt", expect=3)


def ctrl_c_leaves_no_mess(world):
    world.init()
    world.write("big", os.urandom(1 << 20) * 200)
    child = subprocess.Popen([world.exhibit_program, "add", "big"], cwd=world.folder, env=world.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # In the middle of it: once payload is staged, however long the program took to get there.
    packs = world.folder / "vault/store/packs"
    deadline = time.monotonic() + 120
    while not list(packs.glob("*")) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    child.communicate()
    expect(child.returncode in (130, 0), child.returncode)
    report = world.json("verify")
    expect(report["ok"])
    if child.returncode == 130:
        expect(report["checkpoint"]["size"] == 1)
        expect(not list(packs.glob("*")), "a pack was left that no entry names")


def memory_stays_below_256_mib_whatever_the_size(world):
    if "asan" in str(world.exhibit_program) or "tsan" in str(world.exhibit_program):
        print("  SKIPPED: sanitizers use memory of their own")
        return
    world.init()
    with open(world.folder / "big", "wb") as file:
        block = os.urandom(1 << 20)
        for _ in range(700):
            file.write(block)
    import resource
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    world.run("add", "big")
    world.run("verify", "--content", "-i", "reader.txt")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    expect(peak < 256 * 1024 or peak == before, f"{peak} KiB")


def tests_of(module):
    """What takes a World and nothing else."""
    return [value for value in list(vars(module).values())
            if inspect.isfunction(value) and value.__module__ == module.__name__
            and list(inspect.signature(value).parameters) == ["world"]]


TESTS = [test for module in (sys.modules[__name__], containers, mirrors, receipts, strangers, cases, hostile, secrets_kept, surroundings,
                               verdicts, words)
         for test in tests_of(module)]


def main():
    binaries = Path(sys.argv[1]).resolve()
    chosen = [test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]
    failed = 0
    for test in chosen:
        folder = Path(tempfile.mkdtemp(prefix="exhibit-e2e-"))
        start = time.monotonic()
        try:
            test(World(folder, binaries))
            print(f"ok      {test.__name__} ({time.monotonic() - start:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED  {test.__name__}", flush=True)
            traceback.print_exc(file=sys.stdout)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
