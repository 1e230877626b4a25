"""A copy of a vault in a folder and on an object store: the same log, byte for byte; brought up to date, gone on with after a
kill, refused where it has another history; and a vault that moves there and back."""
import json
import os
import shutil
import signal
import subprocess
import time

from object_server import ObjectServer, kill_at
from object_store import QUICK
from world import Skipped, expect, flip, until

TAMPERED, BUSY, OLDER, INTERRUPTED = 3, 4, 7, 130


def filled(here):
    made = here.init()
    here.write("in/small", b"a few bytes")
    here.write("in/large", os.urandom(3_300_000))
    here.run("add", "in")
    here.run("note", "1", "--text", "seen")
    return made["fingerprint"]


def at(place, **more):
    return {"EXHIBIT_VAULT": str(place), **more}


def heads_and_entries(world, **environment):
    """The signed head and all entries, as they are printed byte for byte."""
    world.run("checkpoint", "--out", "head", **environment)
    head = world.read("head")
    (world.folder / "head").unlink()
    return head, world.run("log", "--json", **environment).stdout


def stranger(world, name):
    """Who has seen nothing, and so not how long the vault is."""
    return {"XDG_STATE_HOME": str(world.folder / name)}


def a_copy_in_a_folder_is_the_same_vault_and_nobody_adds_to_it(world):
    fingerprint = filled(world)
    done = world.json("replicate", "--to", "copy", "--fingerprint", fingerprint)
    expect((done["before"], done["copied"]["entries"], done["remarks"]) == (0, 4, []), done)
    expect(done["fingerprint"] == fingerprint)
    expect(not list(world.folder.glob(".copy*")), "what it was made as is left")
    expect(heads_and_entries(world) == heads_and_entries(world, **at("copy")))
    for vault in ("vault", "copy"):
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at(vault))
    expect(sorted(p.name for p in (world.folder / "copy/keys").iterdir()) == ["SHA256SUMS", "reader.age", "recovery.age"])
    said = world.run("add", "in/small", expect=1, **at("copy"))
    expect(b"a copy that `exhibit replicate` made has no log key" in said.stderr, said.stderr)
    expect(b"this is a copy" in world.run("doctor", **at("copy")).stdout)
    said = world.run("replicate", "--to", "copy")
    expect(b"nothing: it was up to date" in said.stdout, said.stdout)
    world.write("in/next", b"next")
    world.run("add", "in/next")
    said = world.run("-q", "replicate", "--to", "copy")
    expect(said.stdout + said.stderr == b"", said)
    expect(heads_and_entries(world) == heads_and_entries(world, **at("copy")))
    world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at("copy"))
    status = world.json("status")
    expect(status["left"]["copied"]["size"] == 5 and status["left"]["copied"]["how"].endswith("/copy"), status["left"])
    expect(b"copied" in world.run("status").stdout)


def what_was_shredded_goes_in_a_copy(world):
    fingerprint = filled(world)
    world.run("replicate", "--to", "copy")
    world.run("shred", "1", "--authority", "a court", "--reason", "an order", "--confirm", "1")
    done = world.json("replicate", "--to", "copy")
    expect(done["destroyed"] == 1, done)
    world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at("copy"))
    with ObjectServer() as server:
        world.environment |= server.environment()
        # What is copied after it was shredded has nothing to lose.
        done = world.json("replicate", "--to", server.url(**QUICK), "--make-buckets")
        expect(done["destroyed"] == 0, done)
        world.run("shred", "2", "--authority", "a court", "--reason", "an order", "--confirm", "2")
        said = world.run("-q", "replicate", "--to", server.url(**QUICK))
        expect(b"its bytes stay in the bucket until" in said.stderr, said.stderr)
        expect(world.json("replicate", "--to", server.url(**QUICK))["destroyed"] == 0)
        world.run("verify", "--fingerprint", fingerprint, **at(server.url(**QUICK)))


def other_histories_and_other_places_are_refused(world):
    filled(world)
    world.run("replicate", "--to", "copy")
    shutil.copytree(world.folder / "vault", world.folder / "fork")
    world.run("note", "1", "--text", "here")
    world.run("replicate", "--to", "ahead")
    there = stranger(world, "there")
    said = world.run("replicate", "--to", "ahead", expect=OLDER, **at("copy", **there))
    expect(b"is ahead of the vault" in said.stderr, said.stderr)
    expect(json.loads(world.run("replicate", "--to", "ahead", "--json", expect=OLDER, **at("copy", **there)).stdout)["is_ahead"])
    # Two that were added to by the same keys.
    world.run("note", "1", "--text", "there", **at("fork", **there))
    before = {p: p.read_bytes() for p in (world.folder / "fork").rglob("*") if p.is_file() and p.name != "LOCK"}
    said = world.run("replicate", "--to", "fork", expect=TAMPERED)
    expect(b"fork has another history of this vault" in said.stderr and b"two histories" in said.stderr, said.stderr)
    world.run("note", "1", "--text", "and on", **at("fork", **there))
    before = {p: p.read_bytes() for p in (world.folder / "fork").rglob("*") if p.is_file() and p.name != "LOCK"}
    world.run("replicate", "--to", "fork", expect=TAMPERED)
    after = {p: p.read_bytes() for p in (world.folder / "fork").rglob("*") if p.is_file() and p.name != "LOCK"}
    expect(after == before, "what was refused was written to")
    # Another vault, something else, nothing that can be.
    world.run("init", "other", "--origin", "test.example/other", "--name", "T", "--no-passphrase", "--classical", "--reader",
              "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
    said = world.run("replicate", "--to", "other", expect=1)
    expect(b"test.example/other" in said.stderr, said.stderr)
    for place, words in (("in", b"is no vault"), ("vault", b"is the vault that is to be copied"),
                         ("vault/copy", b"lie in one another"), ("reader.txt", b"is no vault"), ("s3://host", b"s3://")):
        said = world.run("replicate", "--to", place, expect=1)
        expect(words in said.stderr, said.stderr)
    world.run("replicate", expect=2)
    world.run("replicate", "--to", "next", "--fingerprint", "00" * 32, expect=TAMPERED)
    expect(not (world.folder / "next").exists(), "what was refused got a name")
    # A vault that is damaged is not copied, and the copy shows what it had.
    pack = world.folder / "vault/store/packs/000001"
    world.write("in/more", os.urandom(500_000))
    world.run("add", "in/more")
    flip(pack, -250_000)
    said = world.run("replicate", "--to", "copy", expect=TAMPERED)
    expect(b"entry " in said.stderr, said.stderr)
    world.run("verify", "--content", "-i", "reader.txt", expect=5, **at("copy", **stranger(world, "other-state")))


def a_vault_comes_back_from_its_buckets_alone(world):
    fingerprint = filled(world)
    with ObjectServer() as server:
        world.environment |= server.environment()
        bucket, second = server.url(**QUICK), server.url("second", **QUICK)
        said = world.run("replicate", "--to", bucket, expect=1)  # there are no buckets
        expect(b"could not be tried" in said.stderr, said.stderr)
        world.run("replicate", "--to", bucket, "--make-buckets", "--lock-days", "30", "--payload-lock-days", "30")
        world.run("note", "2", "--text", "more")
        begin = len(server.requests)
        done = world.json("replicate", "--to", bucket)
        expect((done["before"], done["copied"]["entries"]) == (4, 1), done)
        requests = len(server.requests) - begin
        print(f"{requests} requests for one entry")
        expect(requests <= 40, f"{requests} requests")
        same = heads_and_entries(world)
        expect(same == heads_and_entries(world, **at(bucket)))
        # A fresh machine, with credentials and a reader's identity.
        fresh = stranger(world, "fresh")
        world.run("replicate", "--to", "rebuilt", **at(bucket, **fresh))
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at("rebuilt", **fresh))
        expect(same == heads_and_entries(world, **at("rebuilt", **fresh)))
        # From buckets to buckets.
        world.run("replicate", "--to", second, **at(bucket, **fresh))
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at(second, **stranger(world, "third")))
        expect(same == heads_and_entries(world, **at(second, **fresh)))


def a_vault_moves_to_a_bucket_and_back(world):
    fingerprint = filled(world)
    with ObjectServer() as server:
        world.environment |= server.environment()
        bucket = server.url(**QUICK)
        done = world.json("replicate", "--to", bucket, "--make-buckets", "--move")
        expect(done["moved_keys"] == 2, done)
        said = world.run("add", "in/small", expect=1)
        expect(b"no log key" in said.stderr, said.stderr)
        world.write("in/there", b"there")
        world.run("add", "in/there", **at(bucket))
        # What was here is a copy now, and can be brought up to date; or be moved back to.
        world.run("replicate", "--to", "vault", **at(bucket))
        expect(heads_and_entries(world) == heads_and_entries(world, **at(bucket)))
        world.run("note", "1", "--text", "last there", **at(bucket))
        said = world.run("replicate", "--to", "vault", "--move", **at(bucket))
        expect(b"other machines" in said.stderr, said.stderr)
        world.write("in/back", b"back")
        world.run("add", "in/back")
        world.run("add", "in/back", expect=TAMPERED, **at(bucket))  # it is behind what this user has seen
        world.run("replicate", "--to", bucket)
        expect(heads_and_entries(world) == heads_and_entries(world, **at(bucket)))
        for vault in ("vault", bucket):
            world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at(vault))


def check_after(world, fingerprint, place, number, word):
    """What is shown after a kill verifies; the same command ends it."""
    fresh = stranger(world, f"{word}-{number}")
    seen = subprocess.run([world.exhibit_program, "--vault", place, "verify", "--content", "-i", "reader.txt", "--fingerprint",
                           fingerprint], cwd=world.folder, env={**world.environment, **fresh}, capture_output=True, check=False)
    shown = seen.returncode == 0
    nothing = b"no vault" in seen.stderr or b"holds no signed checkpoint" in seen.stderr
    expect(shown or nothing, f"{word} {number}: {seen.stderr.decode()}{seen.stdout.decode()[-2000:]}")
    world.run("replicate", "--to", place)
    world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", fingerprint, **at(place))
    return shown


def a_copy_in_a_folder_that_is_killed_is_gone_on_with(world):
    fingerprint = filled(world)
    world.run("replicate", "--to", "copy")
    world.write("in/one", os.urandom(2_000_000))
    world.run("add", "in/one")
    begin = time.monotonic()
    world.run("replicate", "--to", "whole")
    longest = time.monotonic() - begin
    killed = 0
    for number in range(12):
        shutil.rmtree(world.folder / "copy" if number % 2 else world.folder / "new", ignore_errors=True)
        place = "copy" if number % 2 else "new"
        child = world.start("replicate", "--to", place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(longest * number / 11)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
            killed += 1
        check_after(world, fingerprint, place, number, "killed")
        expect(not list(world.folder.glob(".*.copying")), "it is left under its other name")
    print(f"{killed} of 12 were killed")
    expect(killed > 0, "no kill came in the middle")


def a_copy_into_buckets_that_is_killed_at_any_request_is_gone_on_with(world):
    fingerprint = filled(world)
    with ObjectServer() as server:
        world.environment |= server.environment()
        world.run("replicate", "--to", server.url("first", **QUICK), "--make-buckets")
        begin = len(server.requests)
        world.run("replicate", "--to", server.url("counted", **QUICK))
        requests = len(server.requests) - begin
        shown = 0
        every = range(requests) if os.environ.get("EXHIBIT_ALL") else range(requests - 45, requests, 4)
        for at_request in every:
            place = server.url(f"killed-{at_request}", **QUICK)
            kill_at(server, len(server.requests) + at_request,
                    lambda place=place: world.start("replicate", "--to", place, stdout=-1, stderr=-1))
            shown += check_after(world, fingerprint, place, at_request, "request")
        print(f"{shown} of {len(every)} showed something that holds")
        expect(shown > 0, "nothing was shown before the end")


def who_copies_is_alone_and_hears_ctrl_c(world):
    filled(world)
    with ObjectServer() as server:
        world.environment |= server.environment()
        bucket = server.url(**QUICK)
        world.run("replicate", "--to", bucket, "--make-buckets")
        world.run("note", "1", "--text", "more")
        held = []

        def fault(method, _bucket, key, _number):
            if method == "PUT" and "/log/" in key:
                held.append(key)
                return "hang"
            return None
        server.fault = fault
        child = world.start("replicate", "--to", server.url(seconds=60, patience=60), stdout=-1, stderr=-1)
        until(lambda: held or child.poll() is not None, "it sends the commit")
        said = world.run("replicate", "--to", bucket, expect=BUSY)
        expect(b"is writing to the copy" in said.stderr, said.stderr)
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
        expect(child.returncode == INTERRUPTED, child.returncode)
        server.fault = None
        world.run("replicate", "--to", bucket)
        expect(heads_and_entries(world) == heads_and_entries(world, **at(bucket)))


def a_full_disk_leaves_a_copy_that_can_be_gone_on_with(world):
    fingerprint = filled(world)
    limit = ["bash", "-c", 'ulimit -f 1000; exec "$0" "$@"']
    child = subprocess.run([*limit, world.exhibit_program, "replicate", "--to", "copy"], cwd=world.folder,
                           env=world.environment, capture_output=True, check=False)
    if child.returncode == 0:
        raise Skipped("the shell limits no files")
    expect(child.returncode == 1, child)
    expect(not (world.folder / "copy").exists(), "half of a copy has its name")
    check_after(world, fingerprint, "copy", 0, "full")
