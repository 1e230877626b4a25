"""A vault on an object store: the real program against a small server of our own (object_server.py), which loses, delays,
repeats and refuses what a test chooses."""
import hashlib
import json
import os
import random
import shutil
import time

from object_server import ObjectServer, kill_at
from world import ORIGIN, expect

QUICK = {"seconds": 3, "patience": 2}


def remote(world, server, **settings):
    """From here on the world's vault is there."""
    world.environment |= {**server.environment(), "EXHIBIT_VAULT": server.url(**{**QUICK, **settings})}


def make(world, server, *more, **settings):
    remote(world, server, **settings)
    recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
    return world.json("init", world.environment["EXHIBIT_VAULT"], "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                      "--no-passphrase", "--classical", "--make-buckets", *more)


def on_another_machine(world, name, *keys):
    """A state of its own, with nothing of the first but these files of keys/."""
    (first,) = (world.folder / "home/state/exhibit/vaults").iterdir()
    second = world.folder / name / "exhibit/vaults" / first.name / "keys"
    second.mkdir(parents=True)
    for key in keys:
        shutil.copy(first / "keys" / key, second / key)
    return {"XDG_STATE_HOME": str(world.folder / name)}


def contents(world, **environment):
    """The originals of all items, each read by itself."""
    rows = json.loads(world.run("list", "-i", "reader.txt", "--json", **environment).stdout)
    return [world.run("cat", str(row["entry"]), "-i", "reader.txt", **environment).stdout
            for row in rows if row["type"] == "item"]


def a_vault_on_an_object_store_does_what_one_in_a_folder_does(world):
    with ObjectServer() as server:
        made = make(world, server)
        world.write("in/small", b"a few bytes")
        world.write("in/large", bytes(range(256)) * 40_000)  # more than one pack
        world.run("add", "in")
        world.run("note", "1", "--text", "seen")
        expect(sorted(map(len, contents(world))) == [11, 10_240_000])
        world.run("verify", "--fingerprint", made["fingerprint"])
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
        world.run("status")
        world.run("checkpoint")
        world.run("export", "1", "--out", "bundle", "--purpose", "test", "-i", "reader.txt")
        world.run("bundle", "--fingerprint", made["fingerprint"], program=world.verify_program)
        # A machine that has nothing reads with the identity alone, and verifies.
        fresh = {"XDG_STATE_HOME": str(world.folder / "fresh")}
        world.run("list", "-i", "reader.txt", **fresh)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], **fresh)


def a_store_that_does_not_hold_is_refused_by_name(world):
    for server, words in ((ObjectServer(careless=True), b"double create"), (ObjectServer(weak=("delete",)), b"locked delete"),
                          (ObjectServer(weak=("2106",)), b"retention far ahead"),
                          (ObjectServer(weak=("bypass",)), b"lock passed over")):
        with server:
            remote(world, server)
            said = world.run("init", world.environment["EXHIBIT_VAULT"], "--origin", ORIGIN, "--name", "T", "--no-passphrase",
                             "--reader", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "--make-buckets",
                             "--classical", expect=1)
            expect(words in said.stderr, said.stderr)
    with ObjectServer(weak=("2106",)) as server:
        made = make(world, server, "--accept-weak-lock")
        # What a vault does not use is tried too, and recorded.
        other = ["lock of multipart", "lock of copy", "default lock", "If-Match in quotes"]
        expect([one["name"] for one in made["trials"] if not one["holds"]] == ["retention far ahead", *other], made["trials"])
        settings = json.loads(server.buckets["evidence-log"][1]["case/settings"][0].body)
        expect((settings["weak"], settings["other"]) == (["retention far ahead"], other), settings)
        note = world.json("show", "1", "-i", "reader.txt")
        expect("retention far ahead" in json.dumps(note), note)


def two_machines_add_at_once_and_nothing_is_lost_or_there_twice(world):
    with ObjectServer() as server:
        made = make(world, server)
        second = on_another_machine(world, "second", "log.key", "label.key", "reader.age")
        writers = []
        for number in range(6):
            world.write(f"in-{number}/file", b"item %d" % number)
            home = second if number % 2 else {}
            writers.append(world.start("add", f"in-{number}", "--wait", "60", env={**world.environment, **home}))
        for writer in writers:
            expect(writer.wait(timeout=120) == 0, "a writer failed")
        expect(sorted(contents(world)) == [b"item %d" % number for number in range(6)])
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
        world.run("verify", "--fingerprint", made["fingerprint"], **second)


FAULTS = ["lost", "unanswered", "cut", "twice", 500, 503, 412, ("late", 0.3)]


def each_request_of_an_add_fails_once(world):
    """In one way, which a printed number chooses; with EXHIBIT_ALL in every way."""
    seed = int(os.environ.get("EXHIBIT_TEST_SEED", random.randrange(10**6)))
    print(f"EXHIBIT_TEST_SEED={seed}")
    with ObjectServer() as server:
        made = make(world, server)
        world.write("in/first", b"first")
        world.run("add", "in/first")
        begin = len(server.requests)
        world.write("in/second", b"second")
        world.run("add", "in/second")
        requests = len(server.requests) - begin
        known = {b"first", b"second"}
        every = [(at, fault) for at in range(requests) for fault in FAULTS]
        for at, fault in every if os.environ.get("EXHIBIT_ALL") else [every[n] for n in range(seed % 7, len(every), 7)]:
            content = b"%d %s" % (at, str(fault).encode())
            world.write("in/next", content)
            start = len(server.requests)
            server.fault = lambda _m, _b, _k, number: fault if number == start + at else None
            done = world.start("add", "in/next", stdout=-1, stderr=-1)
            done.communicate(timeout=120)
            server.fault = None
            server.settle()
            there = contents_by_fields(world)
            expect(len(there) == len(set(there)), f"an item is there twice after {fault} at request {at}")
            if done.returncode == 0:
                expect(content in there, f"acknowledged and lost: {fault} at request {at}")
            expect(known <= set(there), f"{known - set(there)} were lost")
            known = set(there)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])


def contents_by_fields(world, folder="in"):
    """The originals, told by their digests among those that were written here, without an entry that says they were read."""
    world.digests = getattr(world, "digests", {})
    for path in (world.folder / folder).rglob("*"):
        data = path.read_bytes()
        world.digests[hashlib.sha256(data).hexdigest()] = data
    return [world.digests[fields["sha256"]] for fields in world.items()]


def a_writer_that_is_killed_at_any_request_leaves_what_was_acknowledged(world):
    with ObjectServer() as server:
        made = make(world, server)
        world.write("in/first", b"first")
        begin = len(server.requests)
        world.run("add", "in/first")
        requests = len(server.requests) - begin
        known = {b"first"}
        for at in range(requests):
            world.write("in/next", b"killed at %d" % at)
            kill_at(server, len(server.requests) + at, lambda: world.start("add", "in/next", stdout=-1, stderr=-1))
            world.write("in/after", b"after %d" % at)
            world.run("add", "in/after")
            there = contents_by_fields(world)
            expect(len(there) == len(set(there)), f"an item is there twice after a kill at request {at}")
            expect(known <= set(there) and b"after %d" % at in there, f"an item was lost after a kill at request {at}")
            known = set(there)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])


def a_log_that_an_operator_changed_is_named(world):
    with ObjectServer() as server:
        made = make(world, server)
        for name in ("a", "b", "c"):
            world.write(f"in/{name}", name.encode())
            world.run("add", f"in/{name}")
        log, data = server.buckets["evidence-log"][1], server.buckets["evidence"][1]
        last = sorted(key for key in log if "/log/" in key)[-1]
        kept = log.pop(last)
        said = world.run("verify", "--fingerprint", made["fingerprint"], expect=3)
        expect(b"is gone" in said.stderr + said.stdout, said.stderr)
        said = world.run("add", "in/a", expect=3)
        expect(b"put back from its copy" in said.stderr, said.stderr)
        log[last] = kept
        world.run("verify", "--fingerprint", made["fingerprint"])
        # Past the lock, as who runs the cluster can: the log's end and its copies and heads.
        copies = [(data, key) for key in data if key.endswith(last.rsplit("/", 1)[1])] + [(log, last)]
        taken = [(place, key, place.pop(key)) for place, key in copies]
        said = world.run("verify", "--fingerprint", made["fingerprint"], expect=3)
        for place, key, versions in taken:
            place[key] = versions
        world.run("verify", "--fingerprint", made["fingerprint"])
        # The newest version decides nothing where the log names another.
        pack = next(key for key in data if "/pay/" in key)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
        data[pack][0].body = bytes(len(data[pack][0].body))
        said = world.run("verify", "--fingerprint", made["fingerprint"], expect=3)


def wrong_credentials_and_a_server_that_is_away_are_told_apart(world):
    with ObjectServer() as server:
        make(world, server)
        said = world.run("list", expect=1, AWS_SECRET_ACCESS_KEY="wrong")
        expect(b"403" in said.stderr and b"SignatureDoesNotMatch" in said.stderr, said.stderr)
        said = world.run("list", expect=1, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
        expect(b"no credentials" in said.stderr, said.stderr)
        server.read_only = True
        world.write("in/a", b"a")
        said = world.run("add", "in", expect=1)
        expect(b"403" in said.stderr, said.stderr)
        world.run("list")
        server.read_only = False
        said = world.run("--vault", server.url("nowhere", **QUICK), "list", expect=1)
        expect(b"no vault in" in said.stderr, said.stderr)
    said = world.run("list", expect=1)
    expect(b"exhibit: error" in said.stderr, said.stderr)
    for wrong in ("s3://", "s3://host", "s3://user@host/bucket", "s3://host/bucket?colour=red", "s3://host/BUCKET/x"):
        world.run("--vault", wrong, "list", expect=1)


def a_server_without_tls_is_not_asked_again(world):
    """Which https needs. Asking for a minute would not give it one, and a user at 3 a.m. would wait."""
    with ObjectServer() as server:
        make(world, server)
        begin = time.monotonic()
        place = world.environment["EXHIBIT_VAULT"].replace("scheme=http", "scheme=https").replace("patience=2", "patience=60")
        failed = world.run("status", expect=1, EXHIBIT_VAULT=place).stderr
        expect(b"speaks no TLS" in failed and b"?scheme=http" in failed, failed)
        expect(time.monotonic() - begin < 30, "it was asked again and again")


def requests_of_an_act_are_few(world):
    """docs/PERFORMANCE.md says these numbers: a bill is requests."""
    with ObjectServer() as server:
        make(world, server)
        world.write("in/a", b"a")
        world.run("add", "in/a")

        def counted(*command):
            begin = len(server.requests)
            world.run(*command)
            return sum(server.counted(begin).values())
        world.write("in/b", b"b")
        counts = {"add of one item": counted("add", "in/b"), "note": counted("note", "1", "--text", "x"),
                  "list": counted("list")}
        for number in range(200):
            world.write(f"many/{number}", b"%d" % number)
        counts["add of 200 items"] = counted("add", "many")
        most = {"add of one item": 24, "note": 24, "list": 6, "add of 200 items": 24}
        print(counts)
        for what, count in counts.items():
            expect(count <= most[what], f"{what}: {count} requests")
