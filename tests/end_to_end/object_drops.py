"""A drop that is a bucket: a collector with an account that may only add, what becomes of it when requests go wrong, and what a
thief of that account can do."""
import json
import os
from functools import partial

from object_faults import chooser
from object_server import ObjectServer, kill_at
from object_store import FAULTS, contents_by_fields, make
from s3_client import S3Client
from world import expect, settle

DROPPER, SECRET = "EXHIBITDROPPER000001", "dropper/test+secret000000000000000000001"
ACCOUNTS = {DROPPER: (SECRET, "evidence/case/drops/dropper/")}
ALL = bool(os.environ.get("EXHIBIT_ALL"))
# What take-in says of a collection that was cut short, and whose numbers are all there all the same.
HONEST = ("never finished", "times: the first is looked at")


def dropper(world, home="away"):
    """The environment of a machine that has the dropper's account, and nothing of the vault."""
    return {"AWS_ACCESS_KEY_ID": DROPPER, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1", "EXHIBIT_VAULT": "none",
            "HOME": str(world.folder / home), "XDG_STATE_HOME": str(world.folder / home)}


def place(server, name="dropper"):
    return server.url(f"case/drops/{name}", seconds=3, patience=2)


def thief(server):
    return S3Client(server.port, DROPPER, SECRET)


def collector(world, name="stick", *more):
    world.run("collector", "new", name, "--out", name, "--no-passphrase", *more)
    return ["collect", "--collector", name, "--source", name]


def dropped(server, ending):
    return sorted(key for key in server.buckets["evidence"][1] if "/drops/" in key and key.endswith(ending))


def as_it_is(server):
    return {bucket: {key: [one.body for one in versions] for key, versions in objects.items() if "/drops/" in key}
            for bucket, (_, objects) in server.buckets.items()}


def a_collector_drops_into_a_bucket_and_all_of_it_is_taken_in_once(world):
    with ObjectServer(accounts=ACCOUNTS) as server:
        made = make(world, server)
        collect, large = collector(world), os.urandom(21 << 20)
        world.write("in/small", b"a few bytes")
        world.write("in/empty", b"")
        world.write("in/large", large)
        settle()
        begin = len(server.requests)
        items = world.json(*collect, "in", "--drop", place(server), **dropper(world))["items"]
        expect([item["number"] for item in items] == [1, 2, 3], items)
        # Nothing is asked of a bucket that the account may not read.
        expect(set(server.counted(begin)) == {"PUT"}, server.counted(begin))
        expect([key.rsplit(".", 1)[1] for key in dropped(server, "") if ".age." in key] == ["1", "2", "3"], dropped(server, ""))
        expect(not any(b"a few bytes" in body for objects in as_it_is(server).values() for bodies in objects.values()
                       for body in bodies))
        # It goes on where it ended, by what the collector's folder says.
        begin = len(server.requests)
        again = world.json(*collect, "in", "--drop", place(server), "--resume", **dropper(world))
        expect(again["already"] == 3 and not again["items"], again)
        expect(len(server.requests) == begin, server.requests[begin:])
        world.write("in/more", b"more")
        settle()
        world.run(*collect, "in", "--drop", place(server), "--resume", **dropper(world))

        before = as_it_is(server)
        taken = world.json("take-in", place(server))
        expect(len(taken["items"]) == 4 and taken["runs"] == 2 and not taken["refused"] and not taken["remarks"], taken)
        expect(sorted(contents_by_fields(world)) == sorted([b"", b"a few bytes", b"more", large]))
        # What is above a drop is none. Nothing twice; and the bucket is as it was.
        above = world.run("take-in", server.url("case/drops", seconds=3, patience=2), expect=1).stderr
        expect(b"is no drop" in above and b"one for each collector" in above, above)
        again = world.json("take-in", place(server))
        expect(again["already"] == 4 and not again["items"] and not again["remarks"], again)
        expect(as_it_is(server) == before, "a take-in changed the drop")
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])


def a_program_without_a_network_says_who_has_one(world):
    world.init()
    collect = collector(world)
    world.write("in/a", b"a")
    said = world.run(*collect[1:], "in", "--drop", "s3://host/bucket/x", program=world.collect_program, expect=1)
    expect(b"has no network" in said.stderr and b"exhibit collect --drop s3://" in said.stderr, said.stderr)
    said = world.run("take-in", "s3://host", expect=1)
    expect(b"names no bucket" in said.stderr, said.stderr)


def each_request_of_a_collection_fails_once_and_the_next_run_goes_on(world):
    """In some ways, which a printed number chooses; with EXHIBIT_ALL in every way. Killed at each, too."""
    choice, number = chooser(), 0
    with ObjectServer(accounts=ACCOUNTS) as server:
        world.init()
        world.environment |= server.environment()
        server.buckets["evidence"] = (True, {})
        collect = collector(world)

        def fresh():
            nonlocal number
            number += 1
            world.write(f"in/{number}-small", b"small %d" % number)
            world.write(f"in/{number}-large", b"%d" % number + os.urandom(9 << 20))
            settle()
        run = [*collect, "in", "--drop", place(server), "--resume"]
        fresh()
        world.run(*run, **dropper(world))
        fresh()
        begin = len(server.requests)
        world.run(*run, **dropper(world))
        requests = len(server.requests) - begin
        every = [(at, fault) for at in range(requests) for fault in [*FAULTS, (507, "InsufficientStorage"), "killed"]]
        for at, fault in every if ALL else choice.sample(every, 12):
            fresh()
            number_of_request = len(server.requests) + at
            run_it = partial(world.start, *run, stdout=-1, stderr=-1, env={**world.environment, **dropper(world)})
            if fault == "killed":
                kill_at(server, number_of_request, run_it)
                said = "killed"
            else:
                server.fault = lambda _m, _b, _k, asked, this=number_of_request, fault=fault: fault if asked == this else None
                child = run_it()
                said = f"{child.communicate(timeout=120)}, exit {child.returncode}"
            server.fault = None
            server.settle()
            where = f"{fault} at request {at} of {requests}: {said}"
            world.run(*run, **dropper(world))
            taken = world.json("take-in", place(server))
            odd = [one for one in taken["remarks"] if not any(words in one for words in HONEST)]
            expect(not taken["refused"] and not odd, f"{where}: {taken['refused']}, {odd}")
            there = contents_by_fields(world)
            expect(len(there) == len(set(there)) == 2 * number, f"{len(there)} of {2 * number} are there: {where}")
        print(f"{requests} requests")
        expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
        expect(not any("not in the log" in one for one in world.json("verify")["remarks"]))


def what_a_bucket_did_not_take_is_named_and_leaves_no_number_behind(world):
    with ObjectServer(accounts=ACCOUNTS) as server:
        world.init()
        world.environment |= server.environment()
        server.buckets["evidence"] = (True, {})
        collect = collector(world)
        world.write("in/a", b"a")
        settle()
        run = [*collect, "in", "--drop", place(server), "--resume"]
        for fault, words in {(403, "AccessDenied"): b"AccessDenied", (403, "QuotaExceeded"): b"QuotaExceeded",
                             "hang": b"exhibit: error", (507, "InsufficientStorage"): b"InsufficientStorage"}.items():
            for ending in (".age", ".collected", ".closed"):
                server.fault = lambda _m, _b, key, _n, ending=ending, fault=fault: fault if key.endswith(ending) else None
                said = world.run(*run, expect=1, **dropper(world))
                expect(words in said.stderr, said.stderr)
            server.fault = None
            world.run(*run, **dropper(world))
            world.write("in/a", b"a" + os.urandom(4))  # another one
            settle()
        taken = world.json("take-in", place(server))
        expect(len(taken["items"]) == 4 and not taken["refused"], taken)
        expect(all(any(words in one for words in HONEST) for one in taken["remarks"]), taken["remarks"])


def a_thief_of_the_account_adds_what_is_refused_and_changes_nothing(world):
    with ObjectServer(accounts=ACCOUNTS) as server:
        made = make(world, server)
        collect, robber = collector(world), thief(server)
        world.write("in/a", b"evidence")
        world.write("in/b", os.urandom(9 << 20))
        settle()
        world.run(*collect, "in", "--drop", place(server), **dropper(world))
        names = {ending: f"/evidence/{dropped(server, ending)[0]}" for ending in (".collected", ".closed", ".age", ".age.1")}
        drop = "/evidence/case/drops/dropper"

        # It reads nothing, lists nothing, deletes nothing, locks nothing, and puts nowhere else.
        for status, *_ in (robber.get(names[".collected"]), robber.get("/evidence", {"prefix": "case/"}),
                           robber.get("/evidence", {"versions": "", "prefix": "case/"}), robber.delete(names[".age"]),
                           robber.delete(names[".age"], {"versionId": "v1"}), robber.put("/evidence/case/pay/0000000000000000"),
                           robber.put("/evidence/case/drops/other/x"), robber.put("/evidence-log/case/log/9999999999999999"),
                           robber.put(names[".age"], b"<x/>", {"retention": ""}), robber.put("/evidence", b"{}", {"policy": ""})):
            expect(status == 403, status)

        # What it adds is named and refused: files that are none, a stranger's item, false words in the collector's name.
        stranger = collector(world, "stranger", "--no-admit")
        world.write("false/a", b"forged")
        world.run(*stranger, "false", "--drop", place(server), **dropper(world))
        run, stem = "/0123456789abcdef", names[".collected"].rsplit("/", 1)[1].removesuffix(".collected")
        objects = server.buckets["evidence"][1]
        statement = objects[names[".collected"].removeprefix("/evidence/")][0].body
        for name, body in ((f"{drop}/README", b"pay"), (f"{drop}{run}/{stem}0.collected", statement),
                           (f"{drop}{run}/{stem}.collected", statement.replace(b'"number":1', b'"number":7')),
                           (f"{drop}{run}/{stem}.age", b"nothing")):
            expect(robber.put(name, body)[0] == 200)
        # Where it learned a name, it puts others over what is there: the bucket keeps the first.
        for name in names.values():
            expect(robber.put(name, b"changed")[0] == 200)
        # Copies of what is there already are no new items.
        for ending in (".collected", ".age"):
            body = objects[names[ending].removeprefix("/evidence/")][0].body
            expect(robber.put(f"{drop}/fedcba9876543210/{stem}{ending}", body)[0] == 200)

        said = world.run("take-in", place(server), "--json", expect=1)
        taken = json.loads(said.stdout)
        expect(sorted(item["number"] for item in taken["items"]) == [1, 2] and taken["already"] == 1, taken)
        reasons = " ".join(one["reason"] for one in taken["refused"])
        expect(len(taken["refused"]) == 4 and "never admitted" in reasons and "its name does not say" in reasons, taken["refused"])
        expect(sum("times: the first is looked at" in one for one in taken["remarks"]) == 4, taken["remarks"])
        expect(any("README has no place in a drop" in one for one in taken["remarks"]), taken["remarks"])
        expect(sorted(contents_by_fields(world)) == sorted([b"evidence", (world.folder / "in/b").read_bytes()]))

        # Somebody with more rights hides it by a delete marker: it is there all the same.
        world.write("in/c", b"third")
        world.run(*collect, "in", "--resume", "--drop", place(server), **dropper(world))
        owner = S3Client(server.port, *list(server.environment().values())[:2])
        expect(owner.delete(f"/evidence/{[key for key in dropped(server, '.collected') if key.endswith('-3.collected')][0]}")[0] == 204)
        taken = json.loads(world.run("take-in", place(server), "--json", expect=1).stdout)
        expect([item["number"] for item in taken["items"]] == [3], taken)
        expect(any("was deleted" in one for one in taken["remarks"]), taken["remarks"])
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])

        # A bucket without versions keeps no first one: what was put over an item is refused by name, and the gap is named.
        server.buckets["plain"] = (False, {})
        plain = server.url("x", seconds=3, patience=2).replace("/evidence/", "/plain/")
        world.write("in/d", b"fourth")
        world.run(*collect, "in/d", "--drop", plain)
        (name,) = [key for key in server.buckets["plain"][1] if key.endswith(".age")]
        expect(owner.put(f"/plain/{name}", b"changed", headers={"if-none-match": "*"})[0] == 412)
        expect(owner.put(f"/plain/{name}", b"changed")[0] == 200)
        said = world.run("take-in", plain, expect=1)
        expect(b"not taken in" in said.stderr and b"header" in said.stderr, said.stderr)
