"""Shredding in a vault on an object store, where bytes are locked: refused by every reader at once, let go when their locks end,
deleted then and not before; and nothing else goes with them."""
import datetime
import json

from object_locks import age
from object_server import ObjectServer, kill_at
from object_store import QUICK, contents, make, on_another_machine
from world import expect, until

DAYS = 30
SMALL = {"a": b"first " * 50, "b": b"the content that must go " * 20, "c": b"third " * 70}


def vault(world, server, *more):
    """Three small items in one object; one of which the end lies in that object, too."""
    made = make(world, server, "--payload-lock-days", str(DAYS), *more)
    world.write("in/0-large", bytes(range(256)) * 36_000)
    for name, content in SMALL.items():
        world.write(f"in/{name}", content)
    world.run("add", "in")
    return made, server.buckets["evidence"][1]


def numbers(here):
    """Of the items, by their names."""
    return {row["fields"]["name"]: row["entry"] for row in here.json("list", "-i", "reader.txt") if "fields" in row}


def shred(world, number, **more):
    return world.run("shred", str(number), "--authority", "a court", "--reason", "an order", "--confirm", str(number), **more)


def places(server, number, prefix="case"):
    """What the commits say of where an item lay at first: (name of an object, offset, bytes)."""
    log = server.buckets["evidence-log"][1]
    for key in sorted(log):
        if f"{prefix}/log/" not in key:
            continue
        record = json.loads(log[key][0].body.split(b"\n", 1)[0])
        for entry, under, _, _, _, extents, _ in record["sealed"]:
            if (entry, under) == (number, ""):
                return [(f"{prefix}/{record['objects'][at][0]}", offset, count) for at, offset, count in extents]
    raise AssertionError(f"item {number} has no place")


def pieces(server, number):
    """The bytes of it: header, payload, hashes of blocks."""
    data = server.buckets["evidence"][1]
    return [data[name][0].body[offset:offset + count] for name, offset, count in places(server, number)]


def is_stored(data, piece):
    return any(piece in version.body for versions in data.values() for version in versions)


def is_shredded(world, number, **environment):
    (shown,) = json.loads(world.run("show", str(number), "-i", "reader.txt", "--json", **environment).stdout)
    return shown.get("shredded", False)


def expect_refused(world, number, **environment):
    for command in (["cat", number], ["export", number, "--out", "no-bundle", "--purpose", "test"]):
        said = world.run(*map(str, command), "-i", "reader.txt", expect=1, **environment)
        expect(b"shredded" in said.stderr or b"destroyed" in said.stderr, said.stderr)
    expect(is_shredded(world, number, **environment), f"item {number} is not said to be shredded")


def verified(world, made, **environment):
    said = world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], **environment)
    return said.stdout + said.stderr


def what_is_shredded_is_refused_at_once_and_goes_when_its_lock_has_ended(world):
    with ObjectServer() as server:
        made, data = vault(world, server)
        number = numbers(world)["b"]
        gone, objects = pieces(server, number), {name for name, _, _ in places(server, number)}
        stays = [piece for name, at in numbers(world).items() if name != "b" for piece in pieces(server, at)]
        said = shred(world, number)
        expect(b"its bytes stay in the bucket until their locks end, at the latest 20" in said.stderr, said.stderr)
        expect_refused(world, number)
        others = sorted([bytes(range(256)) * 36_000, SMALL["a"], SMALL["c"]])
        expect(sorted(contents_but(world, number)) == others)
        said = verified(world, made)
        expect(f"the sealed file of entry {number}. ".encode() in said and b"locked until" in said, said)
        # A fresh machine is refused, too, though all bytes are there.
        fresh = {"XDG_STATE_HOME": str(world.folder / "fresh")}
        expect(all(is_stored(data, piece) for piece in gone))
        expect(is_shredded(world, number, **fresh))

        age(data, 21)
        done = world.json("retain")
        expect(done["renewed"] > 0 and done["spent"]["locked"] == len(objects) and done["spent"]["deleted"] == 0, done)
        expect(done["spent"]["waiting"] == [number], done)
        status = world.json("status")["spent"]
        expect((status["objects"], status["there"], status["ended"]) == (len(objects), len(objects), 0), status)
        age(data, 10)  # the locks of what is spent have ended, and others go on
        said = verified(world, made)
        expect(b"whose locks have ended. Delete them: exhibit retain" in said, said)
        status = world.json("status")
        expect(status["spent"]["ended"] == len(objects), status)
        expect(any("delete what was destroyed" in step for step in status["next"]), status)
        expect(b"can be deleted" in world.run("status").stdout)
        dry = world.json("retain", "--dry-run")["spent"]
        expect((dry["ended"], dry["deleted"]) == (len(objects), 0) and objects <= set(data), dry)
        done = world.json("retain")
        expect((done["spent"]["deleted"], done["spent"]["destroyed"], done["ok"]) == (len(objects), [number], True), done)
        expect(not any(data[name] for name in objects), "an object is there")
        expect(not any(is_stored(data, piece) for piece in gone), "bytes of what was shredded are there")
        expect(all(is_stored(data, piece) for piece in stays), "bytes of another item are gone")
        said = verified(world, made)
        expect(f"gone from the bucket: the sealed file of entry {number}".encode() in said, said)
        expect(sorted(contents_but(world, number)) == others)
        expect(world.json("status")["spent"]["gone"] == len(objects))
        expect(b"gone" in world.run("status").stdout)
        done = world.json("retain")
        expect((done["spent"]["gone"], done["spent"]["ended"]) == (len(objects), 0), done)


def contents_but(world, *shredded, **environment):
    rows = json.loads(world.run("list", "-i", "reader.txt", "--json", **environment).stdout)
    return [world.run("cat", str(row["entry"]), "-i", "reader.txt", **environment).stdout
            for row in rows if row["type"] == "item" and row["entry"] not in shredded]


def several_are_shredded_one_after_another_and_what_is_left_moves_each_time(world):
    with ObjectServer() as server:
        made, data = vault(world, server)
        by_name = numbers(world)
        pieces_of = {name: pieces(server, at) for name, at in by_name.items()}
        for name in ("a", "0-large", "b"):
            shred(world, by_name[name])
            verified(world, made)
        # What is held stays, and its locks are renewed.
        world.run("hold", str(by_name["c"]), "--authority", "a court", "--reason", "an order")
        said = world.run("shred", str(by_name["c"]), "--authority", "x", "--reason", "y", "--confirm", str(by_name["c"]), expect=1)
        expect(b"is held" in said.stderr, said.stderr)
        age(data, 25)
        expect(world.json("retain")["renewed"] > 0)
        age(data, 25)
        done = world.json("retain")
        expect(done["spent"]["destroyed"] == sorted(by_name[name] for name in ("a", "0-large", "b")), done)
        for name in ("a", "0-large", "b"):
            expect(not any(is_stored(data, piece) for piece in pieces_of[name]), name)
        expect(contents_but(world, *(by_name[name] for name in ("a", "0-large", "b"))) == [SMALL["c"]])
        verified(world, made)


def two_machines_shred_what_lies_together_at_once(world):
    with ObjectServer() as server:
        made, data = vault(world, server)
        by_name = numbers(world)
        gone = pieces(server, by_name["a"]) + pieces(server, by_name["b"])
        second = on_another_machine(world, "second", "log.key", "label.key", "reader.age")
        writers = [world.start("shred", str(by_name[name]), "--authority", "a court", "--reason", "an order", "--confirm",
                               str(by_name[name]), "--wait", "60", env={**world.environment, **home})
                   for name, home in (("a", {}), ("b", second))]
        expect(all(writer.wait(timeout=120) == 0 for writer in writers), "a writer failed")
        expect(sorted(map(len, contents_but(world, by_name["a"], by_name["b"]))) == [len(SMALL["c"]), 9_216_000])
        age(data, 25)
        world.run("retain")
        age(data, 10)
        world.run("retain")
        # Who lost the race had placed anew what the other shredded: no commit names those objects, and they stay as all such do.
        named = {f"case/{one[0]}" for key, versions in server.buckets["evidence-log"][1].items() if "/log/" in key
                 for one in json.loads(versions[0].body.split(b"\n", 1)[0])["objects"]}
        others = {key: versions for key, versions in data.items() if key not in named and ("/pay/" in key or "/hdr/" in key)}
        left = {key: versions for key, versions in data.items() if key not in others}
        expect(not any(is_stored(left, piece) for piece in gone), "bytes of what was shredded are there")
        now = datetime.datetime.now(datetime.timezone.utc)
        expect(all(version.until <= now for versions in others.values() for version in versions), "they were renewed")
        verified(world, made, **second)


def a_shred_that_is_killed_at_any_request_is_done_or_not_and_nothing_else_goes(world):
    with ObjectServer() as server:
        made, _ = vault(world, server)
        seen, victim = set(), added(world, 0)
        begin = len(server.requests)
        shred(world, victim)
        requests = len(server.requests) - begin
        print(f"{requests} requests")
        for at in range(1, requests, 3):
            victim = added(world, at)
            kill_at(server, len(server.requests) + at,
                    lambda victim=victim: world.start("shred", str(victim), "--authority", "a court", "--reason", "an order",
                                                      "--confirm", str(victim), stdout=-1, stderr=-1))
            world.run("note", str(numbers(world)["c"]), "--text", "the next writer")
            is_done = is_shredded(world, victim)
            seen.add(is_done)
            if is_done:
                expect_refused(world, victim)
            else:
                expect(world.run("cat", str(victim), "-i", "reader.txt").stdout == b"one more %d" % at, at)
        expect(seen == {True, False}, f"no kill before the commit, or none after it: {seen}")
        verified(world, made)


def added(world, number):
    """One more item, together with another one."""
    for name in ("victim", "other"):
        world.write(f"more-{number}/{name}", b"one more %d" % number)
    world.run("add", f"more-{number}")
    return [row["entry"] for row in world.json("list", "-i", "reader.txt") if row["type"] == "item"][-1]


def the_headers_that_a_reseal_destroys_go_and_what_lies_with_them_stays(world):
    with ObjectServer() as server:
        made, data = vault(world, server)
        headers = [pieces(server, at)[0] for at in numbers(world).values()]
        said = world.run("reseal", "--destroy", "-i", "reader.txt", "--reason", "the key was copied", "--yes")
        expect(b"its bytes stay in the bucket until their locks end" in said.stderr, said.stderr)
        expect(len(contents(world)) == 4)
        said = verified(world, made)
        expect(b"earlier headers of entries 0-4. " in said, said)
        expect(all(is_stored(data, header) for header in headers))
        age(data, 25)
        world.run("retain")
        age(data, 10)
        done = world.json("retain")
        expect(done["spent"]["deleted"] > 0, done)
        expect(not any(is_stored(data, header) for header in headers), "a header is there")
        expect(len(contents(world)) == 4)
        verified(world, made)
        # And once more, with a shred after it.
        shred(world, numbers(world)["a"])
        world.run("reseal", "--destroy", "-i", "reader.txt", "--reason", "again", "--yes")
        age(data, 25)
        world.run("retain")
        age(data, 10)
        world.run("retain")
        verified(world, made)


def a_copy_in_buckets_refuses_what_was_shredded_and_lets_it_go(world):
    made = world.init()
    for name, content in SMALL.items():
        world.write(f"in/{name}", content)
    world.run("add", "in")
    with ObjectServer() as server:
        world.environment |= server.environment()
        first, second = server.url(**QUICK), server.url("second", **QUICK)
        copy, further = {"EXHIBIT_VAULT": first}, {"EXHIBIT_VAULT": second}
        made_so = ("--make-buckets", "--payload-lock-days", str(DAYS))
        world.run("replicate", "--to", first, *made_so)
        world.run("replicate", "--to", second, *made_so, **copy)
        number = numbers(world)["b"]
        gone = pieces(server, number)
        shred(world, number)
        said = world.run("-q", "replicate", "--to", first)
        expect(b"its bytes stay in the bucket until" in said.stderr, said.stderr)
        expect(json.loads(world.run("replicate", "--to", second, "--json", **copy).stdout)["destroyed"] == 1)
        data = server.buckets["evidence"][1]
        expect(is_stored(data, gone[0]))
        for place in (copy, further):
            said = world.run("cat", str(number), "-i", "reader.txt", expect=1, **place)
            expect(said.stdout == b"", said)
            expect(is_shredded(world, number, **place), place)
            verified(world, made, **place)
        # What is copied after it was shredded has nothing to lose; and a folder gets nothing of it from a bucket.
        world.run("replicate", "--to", "folder", **copy)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], EXHIBIT_VAULT="folder")
        age(data, 25)
        for place in (copy, further):
            world.run("retain", **place)
        age(data, 10)
        for place in (copy, further):
            world.run("retain", **place)
            verified(world, made, **place)
        expect(not any(is_stored(data, piece) for piece in gone), "bytes of what was shredded are there")


def what_is_not_as_the_log_says_is_not_deleted(world):
    with ObjectServer() as server:
        made, data = vault(world, server)
        number = numbers(world)["b"]
        objects = {name for name, _, _ in places(server, number)}
        before = set(data)
        shred(world, number)
        moved = [key for key in set(data) - before if "/pay/" in key or "/hdr/" in key]
        age(data, 25)
        world.run("retain")
        age(data, 10)
        # An account that may not delete is told so, and it is no failure: another one does it.
        server.fault = lambda method, *_: 403 if method == "DELETE" else None
        said = world.run("retain")
        expect(b"these credentials may not" in said.stdout, said)
        expect(world.json("retain")["spent"]["not_permitted"] == len(objects))
        server.fault = None
        # Somebody who runs the store changed what was placed anew.
        bodies = {key: data[key][0].body for key in moved}
        for key in moved:
            data[key][0].body = bytes(len(bodies[key]))
        said = world.run("retain", "--sweep", expect=3)
        expect(b"is not the same where the log says that it is now" in said.stderr and b"locked anew" in said.stderr, said.stderr)
        kept = [name for name in objects if data[name]]
        expect(kept and all(is_locked(data[name][0]) for name in kept), kept)
        for key in moved:
            data[key][0].body = bodies[key]
        age({name: data[name] for name in kept}, DAYS + 1)
        done = world.json("retain", "--sweep")
        expect(done["spent"]["deleted"] == len(kept) and "renewed" not in done, done)
        verified(world, made)


def is_locked(version):
    return version.until is not None and version.until > version.put
