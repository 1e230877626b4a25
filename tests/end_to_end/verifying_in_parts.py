"""A vault that is verified in parts, by several processes at once: docs/SCALE.md says how."""
import json
import os

from object_server import ObjectServer
from object_store import make
from world import expect


def verified(world, parts, fingerprint, expect_each):
    """What each process says of its part, each with a state of its own, as of a machine of its own."""
    running = [world.start("verify", f"{first}-{last}", "--json", "--fingerprint", fingerprint, stdout=-1, stderr=-1,
                           env={**world.environment, "XDG_STATE_HOME": str(world.folder / f"machine-{first}")})
               for first, last in parts]
    told = []
    for (first, last), process, status in zip(parts, running, expect_each):
        said = process.communicate(timeout=300)
        expect(process.returncode == status, f"{first}-{last}: {process.returncode}, {said}")
        told.append(json.loads(said[0]))
    return told


def several_processes_verify_a_vault_together(world):
    with ObjectServer() as server:
        made = make(world, server, seconds=60, patience=60)  # four processes ask one small server
        for number in range(40):
            world.write(f"in/{number}", b"%d" % number * 100)
        world.write("in/large", os.urandom(10_000_000))
        world.run("add", "in")
        size = len(world.json("log"))
        for count in (1, 2, 4):
            parts = [(size * n // count, size * (n + 1) // count - 1) for n in range(count)]
            told = verified(world, parts, made["fingerprint"], [0] * count)
            expect(sum(one["items"] for one in told) == 41, told)
            expect(len({json.dumps((one["checkpoint"], one["fingerprint"])) for one in told}) == 1, told)
        # Of a pack that was changed, the one says so that checks an item in it.
        large = max((key for key in server.buckets["evidence"][1] if "/pay/" in key),
                    key=lambda key: len(server.buckets["evidence"][1][key][0].body))
        position = next(row["entry"] for row in world.json("list", "-i", "reader.txt") if row["fields"]["name"] == "large")
        body = server.buckets["evidence"][1][large][0].body
        server.buckets["evidence"][1][large][0].body = body[:-100] + bytes(100)
        statuses = [3 if first <= position <= last else 0 for first, last in parts]
        expect(sum(statuses) == 3, statuses)
        told = verified(world, parts, made["fingerprint"], statuses)
        findings = [finding for one in told for finding in one["findings"]]
        expect([finding["entry"] for finding in findings] == [position], findings)
