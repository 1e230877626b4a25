"""The locks of a vault on an object store: what was put over an object, took it away or took its lock is named; locks are renewed
in time, by an account that holds no key; and who may do what is printed as policies."""
import datetime
import json

from object_server import ObjectServer, Version
from object_store import contents, make, on_another_machine
from world import expect

DAYS = 30


def vault_with_items(world, server, *more):
    made = make(world, server, "--payload-lock-days", str(DAYS), *more)
    for name in ("a", "b"):
        world.write(f"in/{name}", name.encode() * 100)
        world.run("add", f"in/{name}")
    return made, server.buckets["evidence"][1]


def key_of(data, folder):
    return next(key for key in sorted(data) if f"/{folder}/" in key)


def put(data, key, body=None, is_mark=False):
    """One more version, locked as long as any; gives what takes it away again."""
    versions = data[key]
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=5000)
    versions.append(Version(f"w{len(versions)}", body if body is not None else versions[0].body, None if is_mark else until, is_mark))
    return versions.pop


def age(data, days, folders=("pay", "hdr")):
    for key, versions in data.items():
        if any(f"/{folder}/" in key for folder in folders):
            for version in versions:
                version.age(days)


def what_is_put_over_an_object_deletes_it_or_takes_its_lock_is_named(world):
    with ObjectServer() as server:
        made, data = vault_with_items(world, server)

        def verify(status):
            said = world.run("verify", "--log", "--whole", "--fingerprint", made["fingerprint"], expect=status)
            return said.stdout + said.stderr
        verify(0)
        for folder in ("pay", "hdr", "log", "head"):
            key = key_of(data, folder)
            for body in (b"x", bytes(len(data[key][0].body))):
                undo = put(data, key, body)
                said = verify(3)
                expect(b"has other bytes than" in said and key.encode() in said, said)
                undo()
            undo = put(data, key)  # as a request that came twice leaves it
            verify(0)
            undo()
            if folder in ("pay", "hdr"):
                undo = put(data, key, b"", is_mark=True)
                said = verify(3)
                expect(b"a delete marker is over it" in said and key.encode() in said, said)
                # It is read all the same: the log names the version.
                expect(len(contents(world)) == 2)
                undo()
            version = data[key][0]
            until, version.until = version.until, None
            said = verify(3)
            expect(b"has no lock in COMPLIANCE mode" in said and key.encode() in said, said)
            version.until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=2)
            said = verify(3)
            expect(b"is locked until" in said and key.encode() in said, said)
            version.until = until
        verify(0)


def locks_that_end_are_warned_of_and_renewed(world):
    with ObjectServer() as server:
        made, data = vault_with_items(world, server)
        verify = ["verify", "--log", "--whole", "--fingerprint", made["fingerprint"]]
        packs = sum("/pay/" in key or "/hdr/" in key for key in data)
        status = world.json("status")["locks"]
        expect((status["near"], status["lapsed"], status["none"], status["payload_days"]) == (0, 0, 0, DAYS), status)
        done = world.json("retain")
        expect((done["renewed"], done["looked"], done["ok"]) == (0, packs, True), done)

        age(data, 21)  # nine of thirty days are left
        said = world.run(*verify)
        expect(b"less than a third of their time left" in said.stdout + said.stderr, said)
        status = world.json("status")
        expect(status["locks"]["near"] == packs and any("exhibit retain" in one for one in status["next"]), status)
        expect(b"end within a third of their time" in world.run("status").stdout)
        dry = world.json("retain", "--dry-run")
        expect((dry["renewed"], dry["dry_run"]) == (packs, True), dry)
        expect(world.json("status")["locks"]["near"] == packs)
        done = world.json("retain")
        expect((done["renewed"], done["lapsed"], done["failed"]) == (packs, 0, 0), done)
        left = datetime.datetime.fromisoformat(done["first_end"].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        expect(DAYS - 1 <= left.days <= DAYS, done)
        expect(world.json("retain")["renewed"] == 0)
        said = world.run(*verify)
        expect(b"third" not in said.stdout + said.stderr, said)

        age(data, 40)
        said = world.run(*verify)
        expect(b"ended, the first on" in said.stdout + said.stderr, said)
        expect(world.json("status")["locks"]["lapsed"] == packs)
        done = world.json("retain")
        expect((done["renewed"], done["lapsed"]) == (packs, packs), done)
        # Longer, and then nothing shorter.
        expect(world.json("retain", "--days", "400")["renewed"] == packs)
        expect(world.json("retain")["renewed"] == 0)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])


def the_log_of_a_vault_is_renewed_too(world):
    with ObjectServer() as server:
        made, data = vault_with_items(world, server, "--lock-days", "60")
        age(data, 25, ("log", "head", "keys", "settings", "pay", "hdr"))
        data["case/settings"][0].age(25)
        done = world.json("retain")
        expect(done["renewed"] == done["looked"] == sum("/probe/" not in key for key in data), (done, sorted(data)))
        world.run("verify", "--log", "--whole", "--fingerprint", made["fingerprint"])


def who_renews_needs_no_key_of_the_vault(world):
    with ObjectServer() as server:
        _, data = vault_with_items(world, server)
        age(data, 21)
        fresh = {"XDG_STATE_HOME": str(world.folder / "renewer"), "XDG_CONFIG_HOME": str(world.folder / "renewer-config")}
        begin = len(server.requests)
        done = json.loads(world.run("retain", "--json", **fresh).stdout)
        expect(done["renewed"] == done["looked"] > 0, done)
        keys = {path.name for path in (world.folder / "renewer").rglob("keys/*")}
        expect(not keys & {"log.key", "label.key"}, keys)
        # It puts nothing, but locks.
        server_puts = [key for method, _, key in server.requests[begin:] if method in ("PUT", "DELETE", "POST")]
        expect(len(server_puts) == done["renewed"] and set(server_puts) <= set(data), server_puts)


def what_cannot_be_renewed_is_named(world):
    with ObjectServer() as server:
        _, data = vault_with_items(world, server)
        age(data, 21)
        key = key_of(data, "pay")
        server.fault = lambda method, _bucket, name, _number: 403 if method == "PUT" and name == key else None
        said = world.run("retain", expect=1)
        expect(b"not renewed: " in said.stderr and key.encode() in said.stderr, said)
        server.fault = None
        done = world.json("retain")
        expect(done["renewed"] == 1, done)
        age(data, 21)
        server.read_only = True
        said = world.run("retain", "--json", expect=1)
        done = json.loads(said.stdout)
        expect(done["renewed"] == 0 and done["failed"] == done["looked"] > 0 and not done["ok"], done)
        server.read_only, server.weak = False, ("renewal",)
        said = world.run("retain", expect=1)
        expect(b"read back it is" in said.stderr, said)
        server.weak = ()
        world.run("retain")
    world.run("init", "folder", "--origin", "x7.example/f", "--name", "A", "--no-passphrase", "--reader",
              world.run("keygen", "--no-passphrase", "-o", "other.txt").stdout.decode().strip())
    said = world.run("--vault", "folder", "retain", expect=1)
    expect(b"is a vault in a folder" in said.stderr, said)


def a_renewal_that_is_interrupted_is_gone_on_with(world):
    with ObjectServer() as server:
        _, data = vault_with_items(world, server)
        age(data, 21)
        due = [key for key in data if "/pay/" in key or "/hdr/" in key]
        for fault in ("lost", "unanswered", "cut", "twice", 500, 503):
            asked = set()

            def once(method, _bucket, name, _number):
                if name not in due or (method, name) in asked:
                    return None
                asked.add((method, name))
                return fault
            server.fault = once
            world.run("retain")
            expect(len(asked) == 2 * len(due), asked)
            server.fault = None
            expect(world.json("retain")["renewed"] == 0)
            age(data, 21)


def requests_for_locks_are_counted(world):
    """docs/OBJECT-STORE.md says these numbers: a bill is requests."""
    with ObjectServer() as server:
        made, data = vault_with_items(world, server)
        packs = sum("/pay/" in key or "/hdr/" in key for key in data)
        locked = sum("/probe/" not in key for key in data)

        def counted(*command):
            world.run(*command)  # what a first time costs
            begin = len(server.requests)
            world.run(*command)
            return server.counted(begin), [key for _, _, key in server.requests[begin:]]
        counts, keys = counted("retain")
        expect("PUT" not in counts, counts)
        expect(all(keys.count(key) == 1 for key in data if "/pay/" in key or "/hdr/" in key), keys)
        # Opening, and pages of the list: seven versions a page here, a thousand elsewhere.
        most = {"retain": packs + 10, "verify --log": locked + 14, "status": packs + 6}
        seen = {"retain": sum(counts.values())}
        seen["verify --log"] = sum(counted("verify", "--log", "--fingerprint", made["fingerprint"])[0].values())
        seen["status"] = sum(counted("status")[0].values())
        print(seen, f"{packs} packs, {locked} locked objects")
        for what, count in seen.items():
            expect(count <= most[what], f"{what}: {count} requests")
        age(data, 21)
        begin = len(server.requests)
        world.run("retain")
        keys = [key for _, _, key in server.requests[begin:]]
        expect(all(keys.count(key) == 3 for key in data if "/pay/" in key or "/hdr/" in key), keys)


def policies_are_printed_for_each_account(world):
    place = "s3://s3.example.org/evidence/q4d2"
    accounts = [word for role in ("owner", "writer", "renewer", "sweeper", "reader", "dropper")
                for word in (f"--{role}", f"arn:aws:iam:::user/{role}")]
    both = json.loads(world.run("policies", place, *accounts).stdout)
    expect(set(both) == {"evidence", "evidence-log"}, both)
    for bucket, policy in both.items():
        one = json.loads(world.run("policies", place, *accounts, "--bucket", bucket).stdout)
        expect(one == policy and policy["Version"] == "2012-10-17", one)
        text = json.dumps(policy)
        expect(f"arn:aws:s3:::{bucket}/q4d2/" in text and "s3:DeleteObjectVersion" in text, text)
    said = world.run("policies", place, "--writer", "bob", expect=1)
    expect(b"is not the ARN of an account" in said.stderr, said)
    said = world.run("policies", place, expect=1)
    expect(b"none was named" in said.stderr, said)
    said = world.run("policies", place, *accounts, "--bucket", "other", expect=1)
    expect(b"neither of the vault's buckets" in said.stderr, said)


def two_machines_see_the_same_locks(world):
    with ObjectServer() as server:
        _, data = vault_with_items(world, server)
        second = on_another_machine(world, "second", "log.key", "label.key", "reader.age")
        age(data, 21)
        writers = [world.start("retain", env={**world.environment, **home}) for home in ({}, second)]
        expect(all(writer.wait(timeout=120) == 0 for writer in writers), "a renewal failed")
        expect(world.json("retain")["renewed"] == 0)
