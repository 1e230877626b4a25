"""A vault on a real object store: Ceph's gateway, started here where it is installed. Which version it is decides what must
hold: 16.2 lets a lock fall that is set until 2150, so there the vault is refused unless that is accepted."""
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
