"""A published log in a bucket: written while requests go wrong, read by who has another account, and never put over."""
from object_faults import chooser
from object_server import ObjectServer
from object_store import FAULTS
from world import expect


def published(server, name="public"):
    return server.url("log", seconds=3, patience=2).replace("/evidence/", f"/{name}/")


def made(world, server, locking=False):
    """A vault in a folder, and a bucket that its log can be published into; the vault's fingerprint."""
    world.init()
    world.environment |= server.environment()
    server.buckets["public"] = (locking, {})
    world.write("in/a", b"a")
    world.run("add", "in")
    return world.json("verify", "--log")["fingerprint"]


def files(server):
    return {key: [one.body for one in versions] for key, versions in server.buckets["public"][1].items()}


def grow(world, count):
    for number in range(count):
        world.write(f"more/{number}", b"%d" % number)
    world.run("add", "more", "-q")


def a_log_in_a_bucket_is_the_one_in_a_folder_and_grows(world):
    with ObjectServer() as server:
        fingerprint = made(world, server)
        done = world.json("publish", published(server))
        expect(done["before"] == 0 and done["files"] == 3, done)
        world.run("verify-log", published(server), "--fingerprint", fingerprint)
        grow(world, 300)
        begin = len(server.requests)
        world.run("publish", published(server))
        puts = [key for method, _, key in server.requests[begin:] if method == "PUT"]
        expect(puts[-1] == "log/checkpoint" and puts.count("log/checkpoint") == 1, puts)
        world.run("publish", "folder")
        there = {key.removeprefix("log/"): bodies[0] for key, bodies in files(server).items()}
        for path in (world.folder / "folder").rglob("*"):
            if path.is_file():
                expect(there.get(str(path.relative_to(world.folder / "folder"))) == path.read_bytes(), path)
        expect(world.json("verify-log", published(server), "--fingerprint", fingerprint)["checkpoint"]["size"] == 302)
        # Nothing new is nothing put; and it says when it was published.
        begin = len(server.requests)
        expect(world.json("publish", published(server))["files"] == 0)
        expect(server.counted(begin).get("PUT", 0) == 0, server.requests[begin:])
        expect("s3://" in world.run("status").stdout.decode(), world.run("status").stdout)


def each_request_of_publishing_fails_once_and_the_copy_is_never_wrong(world):
    choice = chooser()
    with ObjectServer() as server:
        fingerprint = made(world, server)
        world.run("publish", published(server))
        for round_ in range(12):
            world.run("note", "1", "--text", f"round {round_}")
            start, at, fault = len(server.requests), choice.randrange(10), choice.choice([*FAULTS, (403, "AccessDenied")])
            server.fault = lambda _m, _b, _k, number: fault if number == start + at else None
            child = world.start("publish", published(server), stdout=-1, stderr=-1)
            said = child.communicate(timeout=120)
            server.fault = None
            server.settle()
            # What is there is a whole log, of now or of before.
            world.run("verify-log", published(server), "--fingerprint", fingerprint, XDG_STATE_HOME=str(world.folder / str(round_)))
            size = world.json("log")[-1]["entry"] + 1
            expect(child.returncode != 0 or b"size %d" % size in said[0], f"{fault} at {at}: {said}")
            world.run("publish", published(server))
            world.run("verify-log", published(server), "--fingerprint", fingerprint)


def what_was_changed_or_lost_in_the_bucket_is_named(world):
    with ObjectServer() as server:
        fingerprint = made(world, server)
        world.run("publish", published(server))
        objects = server.buckets["public"][1]
        (tile,) = [key for key in objects if "tile/0/" in key]
        kept = objects[tile][0].body
        objects[tile][0].body = bytes(len(kept))
        world.run("verify-log", published(server), "--fingerprint", fingerprint, expect=3)
        # Another publication leaves it as it is, and says so.
        objects["log/checkpoint"], checkpoint = [], objects["log/checkpoint"]
        said = world.run("publish", published(server), expect=3)
        expect(b"is there with other bytes" in said.stderr, said.stderr)
        objects["log/checkpoint"] = checkpoint
        objects[tile][0].body = kept
        world.run("verify-log", published(server), "--fingerprint", fingerprint)
        # A store that does not answer, or refuses, says nothing of the log.
        for fault in (500, (403, "AccessDenied"), "lost"):
            server.fault = lambda *_: fault
            world.run("verify-log", published(server), "--whole", "--fingerprint", fingerprint, expect=1)
        server.fault = None
        # An older copy of a log that was seen is told from another history.
        before = {key: list(versions) for key, versions in objects.items()}
        world.run("note", "1", "--text", "later")
        world.run("publish", published(server))
        world.run("verify-log", published(server), "--fingerprint", fingerprint)
        objects.clear()
        objects.update(before)
        world.run("verify-log", published(server), "--fingerprint", fingerprint, expect=7)
        said = world.run("verify-log", published(server), "--ca-file", "x", expect=1)
        expect(b"ca-file=FILE" in said.stderr, said.stderr)
