"""Programs that are killed, interrupted, or not alone."""
import hashlib
import os
import random
import signal
import subprocess
import time

from world import expect


def a_kill_at_any_moment_loses_nothing_that_was_acknowledged(world):
    world.init()
    seed = int(os.environ.get("EXHIBIT_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"  seed {seed} (replay with EXHIBIT_TEST_SEED)")
    chance = random.Random(seed)
    contents = {}
    for number in range(60):
        content = chance.randbytes(4_000_000 if number % 10 == 9 else 2000)
        contents[f"in/{number:03d}"] = content
        world.write(f"in/{number:03d}", content)
    acknowledged = 0
    for _ in range(10):
        child = subprocess.Popen([world.exhibit_program, "--quiet", "add", "in"], cwd=world.folder,
                                 env=world.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.02, 1.2))
        child.send_signal(signal.SIGKILL)
        for line in child.communicate()[0].splitlines(keepends=True):
            fields = line.split(b"  ")
            if line.endswith(b"\n") and len(fields) == 5:
                acknowledged = max(acknowledged, int(fields[0]) + 1)
        report = world.json("verify", "--content", "-i", "reader.txt")
        expect(report["ok"], report["findings"])
        expect(report["checkpoint"]["size"] >= acknowledged, "an acknowledged item is gone")
    world.run("add", "in", "--quiet")
    for row in world.json("list", "-i", "reader.txt"):
        expect(hashlib.sha256(contents[row["metadata"]["path"]]).hexdigest() == row["metadata"]["digests"]["sha256"])
    world.run("verify", "--content", "-i", "reader.txt")


def ctrl_c_leaves_no_mess(world):
    world.init()
    world.write("big", os.urandom(1 << 20) * 200)
    child = subprocess.Popen([world.exhibit_program, "add", "big"], cwd=world.folder, env=world.environment,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # In the middle of it: once payload is staged, however long the program took to get there.
    packs = world.folder / "vault/store/packs"
    deadline = time.monotonic() + 120
    while not list(packs.glob("*")) and child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    child.communicate()
    expect(child.returncode in (130, 0), child.returncode)
    report = world.json("verify")
    expect(report["ok"])
    if child.returncode == 130:
        expect(report["checkpoint"]["size"] == 1)
        expect(not list(packs.glob("*")), "a pack was left that no entry names")


def reading_beside_a_writer_gives_no_false_alarm(world):
    world.init()
    for number in range(300):
        world.write(f"in/{number}", os.urandom(3000))
    writer = subprocess.Popen([world.exhibit_program, "--quiet", "add", "in", "in", "in", "in"], cwd=world.folder,
                              env=world.environment, stdout=subprocess.DEVNULL)
    rounds = 0
    while writer.poll() is None or rounds == 0:
        world.run("verify")
        rounds += 1
    expect(writer.wait() == 0)
    expect(world.json("verify")["checkpoint"]["size"] == 1201)
