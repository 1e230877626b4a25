"""A vault on a real object store: Ceph's gateway, started here where it is installed. Which version it is decides what must
hold: 16.2 lets a lock fall that is set until 2150, so there the vault is refused unless that is accepted."""
import base64
import hashlib
import json
import time

from ceph import Ceph, NotHere
from object_store import contents, on_another_machine
from world import ORIGIN, Skipped, expect


def ceph_or_skip():
    try:
        return Ceph()
    except NotHere as why:
        raise Skipped(str(why)) from None


def a_real_object_store_holds_or_is_refused_and_loses_nothing(world):
    with ceph_or_skip() as ceph:
        world.environment |= ceph.environment()
        recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        command = ["init", world.environment["EXHIBIT_VAULT"], "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                   "--no-passphrase", "--classical", "--make-buckets", "--lock-days", "1", "--payload-lock-days", "1", "--json"]
        if not ceph.holds():
            said = world.run(*command, expect=1)
            expect(b"retention far ahead" in said.stderr + said.stdout, said)
            command.append("--accept-weak-lock")
        world.run(*command)
        world.write("in/small", b"a few bytes")
        world.write("in/large", bytes(range(256)) * 80_000)
        world.run("add", "in")
        expect(sorted(map(len, contents(world))) == [11, 20_480_000])
        second = on_another_machine(world, "second", "log.key", "label.key", "reader.age")
        writers = []
        for number in range(8):
            world.write(f"at-once/{number}", b"item %d" % number)
            writers.append(world.start("add", f"at-once/{number}", "--wait", "60",
                                       env={**world.environment, **(second if number % 2 else {})}))
        expect(all(writer.wait(timeout=120) == 0 for writer in writers), "a writer failed")
        # The gateway is killed while somebody adds, and comes back.
        world.write("killed", b"while the gateway is away")
        writer = world.start("add", "killed", env=world.environment)
        time.sleep(0.1)
        ceph.kill_gateway()
        ceph.gateway()
        status = writer.wait(timeout=120)
        there = contents(world)
        expect(len(there) == len(set(there)), "an item is there twice")
        expect(status != 0 or b"while the gateway is away" in there, "acknowledged and lost")
        expect({b"item %d" % number for number in range(8)} <= set(there), "an item was lost")
        world.run("verify", "--content", "-i", "reader.txt")
        print(f"Ceph {ceph.version}")


def end_lock(client, path, version):
    """Of 16.2: a lock that is set until 2150 wraps around, and has ended."""
    body = b"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2150-01-01T00:00:00Z</RetainUntilDate></Retention>"
    status, _, said = client.put(path, body, {"retention": "", "versionId": version},
                                 {"content-md5": base64.b64encode(hashlib.md5(body).digest()).decode()})
    expect(status == 200, (status, said))


def what_is_shredded_goes_from_a_real_object_store(world):
    with ceph_or_skip() as ceph:
        world.environment |= ceph.environment()
        owner = ceph.owner()
        recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        made = world.json("init", world.environment["EXHIBIT_VAULT"], "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                          "--no-passphrase", "--classical", "--make-buckets", "--lock-days", "1", "--payload-lock-days", "1",
                          *([] if ceph.holds() else ["--accept-weak-lock"]))

        def sealed():
            """Each version of sealed content, and its bytes."""
            return {(key, version): owner.get(f"/evidence/{key}", {"versionId": version})[2] for folder in ("pay", "hdr")
                    for key, version, _ in owner.versions("evidence", f"case/{folder}/")}

        def verify():
            said = world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
            return said.stdout + said.stderr
        before = sealed()
        for name in ("kept", "goes", "stays"):
            world.write(f"in/{name}", name.encode() * 100)
        world.run("add", "in")
        old = {at: body for at, body in sealed().items() if at not in before}
        rows = {row["fields"]["name"]: row["entry"] for row in world.json("list", "-i", "reader.txt") if "fields" in row}
        number = rows["goes"]
        record = json.loads(owner.get(f"/evidence-log/case/log/{2 if not ceph.holds() else 1:016}")[2].split(b"\n", 1)[0])
        (place,) = [row for row in record["sealed"] if row[0] == number]
        bodies = {key: body for (key, _), body in old.items()}
        pieces = [bodies[f"case/{record['objects'][at][0]}"][offset:offset + count] for at, offset, count in place[5]]
        said = world.run("shred", str(number), "--authority", "a court", "--reason", "an order", "--confirm", str(number))
        expect(b"its bytes stay in the bucket until their locks end" in said.stderr, said.stderr)
        expect(world.run("cat", str(number), "-i", "reader.txt", expect=1).stdout == b"")
        expect(sorted(world.run("cat", str(rows[name]), "-i", "reader.txt").stdout for name in ("kept", "stays"))
               == [b"kept" * 100, b"stays" * 100])
        expect(b"locked until" in verify())
        done = world.json("retain")["spent"]
        expect((done["locked"], done["deleted"]) == (len(old), 0), done)
        for key, version in old:
            status, _, body = owner.delete(f"/evidence/{key}", {"versionId": version})
            expect(status == 403, (status, body))
        print(f"Ceph {ceph.version}")
        if ceph.holds():
            return  # its shortest lock is of a day
        for key, version in old:
            end_lock(owner, f"/evidence/{key}", version)
        expect(b"whose locks have ended" in verify())
        done = world.json("retain")["spent"]
        expect((done["deleted"], done["destroyed"]) == (len(old), [number]), done)
        left = sealed()
        expect(not set(old) & set(left), "an object is there")
        expect(not any(piece in body for piece in pieces for body in left.values()), "bytes of what was shredded are there")
        expect(b"gone from the bucket: the sealed file of entry" in verify())
        expect(world.run("cat", str(rows["kept"]), "-i", "reader.txt").stdout == b"kept" * 100)
