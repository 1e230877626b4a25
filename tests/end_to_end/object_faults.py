"""A vault on an object store, while requests go wrong: every command that writes, and several writers at once. Each test takes
some of the faults, which a printed number chooses; with EXHIBIT_ALL all of them."""
import os
import random

from object_server import ObjectServer
from object_store import FAULTS, contents_by_fields, make, on_another_machine
from world import expect

ALL = bool(os.environ.get("EXHIBIT_ALL"))


def chooser():
    seed = int(os.environ.get("EXHIBIT_TEST_SEED", random.randrange(10**6)))
    print(f"EXHIBIT_TEST_SEED={seed}")
    return random.Random(seed)


def entries(world, **environment):
    return [row["leaf_hash"] for row in world.json("log", **environment)]


def commands(on):
    """Those that write, by name: what makes ready for one, and its arguments. Each can be run again, with another number."""
    def collect(number):
        on.write(f"collected/{number}", b"%d" % number)
        on.run("collect", "--collector", "host", "--drop", f"drop-{number}", f"collected/{number}")
        return ["take-in", f"drop-{number}"]

    def new_key(number):
        vkey = on.run("keygen", "--signing", "--no-passphrase", "-o", f"k-{number}")
        on.write(f"k-{number}.vkey", vkey.stdout)
        return ["custodian", "add", f"k-{number}.vkey", "--role", "collector", "--name", f"host {number}"]

    def shred(number):
        for name in ("victim", "neighbour"):
            on.write(f"shred-{number}/{name}", b"%d" % number)
        on.run("add", f"shred-{number}")
        victim = [row["entry"] for row in on.json("list", "-i", "reader.txt") if row["type"] == "item"][-1]
        return ["shred", str(victim), "--authority", "a court", "--reason", f"order {number}", "--confirm", str(victim)]

    def new_reader(number):
        recipient = on.run("keygen", "--no-passphrase", "-o", f"reader-{number}.txt").stdout.decode().strip()
        return ["reader", "add", recipient, "--name", f"reader {number}", "-i", "reader.txt"]
    return {
        "note": lambda number: ["note", "1", "--text", f"seen {number}"],
        "cat": lambda number: ["cat", "1", "-i", "reader.txt"],
        "hold": lambda number: ["hold", "1", "--authority", "a court", "--reason", f"order {number}"],
        "case set": lambda number: ["case", "set", "--event", f"2025-02-19T03:00Z message {number}"],
        "export": lambda number: ["export", "1", "--out", f"bundle-{number}", "--purpose", "test", "-i", "reader.txt"],
        "shred": shred,
        "take-in": collect,
        "custodian add": new_key,
        "reader add": new_reader,
        "rotate-log-key": lambda number: ["rotate-log-key", "--reason", f"{number}", "--no-passphrase"],
    }


def each_request_of_each_writing_command_fails_once(world):
    choice, number = chooser(), 0
    with ObjectServer() as server:
        made = make(world, server)
        world.write("in/first", b"first")
        world.run("add", "in/first")
        world.run("collector", "new", "host", "-o", "host", "--no-passphrase")
        for name, prepare in commands(world).items():
            number += 1
            arguments = prepare(number)
            world.run("note", "1", "--text", f"{name} is next")  # ends what the command before it began
            known, begin = entries(world), len(server.requests)
            world.run(*arguments)
            requests = len(server.requests) - begin
            after = entries(world)
            expect(after[:len(known)] == known and len(after) > len(known), name)
            adds, known, owed = len(after) - len(known), after, 0
            every = [(at, fault) for at in range(requests) for fault in FAULTS]
            for at, fault in every if ALL else choice.sample(every, 3):
                number += 1
                arguments, ready = prepare(number), entries(world)
                expect(ready[:len(known)] == known, f"entries were lost: {name}")
                if len(ready) > len(known):  # what makes ready adds, too, and ends what was begun
                    known, owed = ready, 0
                start = len(server.requests)
                server.fault = lambda _m, _b, _k, asked: fault if asked == start + at else None
                command = world.start(*arguments, stdout=-1, stderr=-1)
                said = command.communicate(timeout=120)
                server.fault = None
                server.settle()
                after = entries(world)
                where = f"{name}, {fault} at request {at} of {requests}: exit {command.returncode}, {said}"
                expect(after[:len(known)] == known, f"entries were lost: {where}")
                # What a command began and could not find out about, the next writer ends, before its own.
                came = len(after) - len(known)
                expect(came <= owed + adds, f"{came} of {adds} entries are there: {where}")
                expect(command.returncode != 0 or came >= adds, f"acknowledged and not there: {where}")
                owed = owed + adds - came if command.returncode != 0 else 0
                known = after
            print(f"{name}: {requests} requests")
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])


def writers_race_while_requests_go_wrong_and_nothing_is_lost_or_there_twice(world):
    choice = chooser()
    with ObjectServer() as server:
        made = make(world, server)
        homes = [{}] + [on_another_machine(world, f"home-{n}", "log.key", "label.key", "reader.age") for n in range(3)]
        acknowledged, number = set(), 0
        for race in range(100 if ALL else 3):
            # One request in eight goes wrong.
            server.fault = lambda *_: choice.choice(FAULTS) if choice.random() < 0.125 else None
            writers = []
            for _ in range(choice.randint(2, 16) if ALL else 2 + 2 * race):
                number += 1
                content = b"item %d" % number
                path = world.write(f"in/{number}", content)
                home = homes[number % len(homes)]
                writers.append((content, world.start("add", path, "--wait", "60", env={**world.environment, **home},
                                                     stdout=-1, stderr=-1)))
            for content, writer in writers:
                writer.communicate(timeout=300)
                if writer.returncode == 0:
                    acknowledged.add(content)
            server.fault = None
            server.settle()
            there = contents_by_fields(world)
            expect(len(there) == len(set(there)), f"an item is there twice: {there}")
            expect(acknowledged <= set(there), f"{acknowledged - set(there)} were acknowledged and lost")
        print(f"{number} adds, {len(acknowledged)} acknowledged")
        expect(acknowledged, "nothing was added at all")
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
        heads = [entries(world, **home) for home in homes]
        expect(all(one == heads[0] for one in heads), "two machines see two logs")


def a_store_that_takes_nothing_more_is_named_and_goes_on_where_it_ended(world):
    with ObjectServer() as server:
        made = make(world, server)
        world.write("in/first", b"first")
        world.run("add", "in/first")
        for number, (fault, words) in enumerate({
                "hang": b"exhibit: error",  # a full cluster does not answer what would fill it further
                (403, "QuotaExceeded"): b"QuotaExceeded",
                (403, "ExpiredToken"): b"ExpiredToken",
                (403, "RequestTimeTooSkewed"): b"is this machine's clock right?",
                (507, "InsufficientStorage"): b"InsufficientStorage"}.items()):
            before = entries(world)
            server.fault = lambda method, _bucket, _key, _number: fault if method == "PUT" else None
            said = world.run("add", world.write(f"in/{number}", b"%d" % number), expect=1)
            expect(words in said.stderr, said.stderr)
            # Who only reads is not troubled, and neither is the next who adds.
            expect(entries(world) == before, "an entry came of it")
            server.fault = None
            world.run("add", f"in/{number}")
            expect(len(entries(world)) == len(before) + 1, fault)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
