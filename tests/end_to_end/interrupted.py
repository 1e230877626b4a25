"""Programs that are killed, interrupted, or not alone."""
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

from world import expect, until, until_it_hears


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
    acknowledged = killed = 0
    for _ in range(10):
        child = world.start("--quiet", "add", "in", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        # At once, or behind one of the lines that acknowledge.
        lines = [child.stdout.readline() for _ in range(chance.choice((0, 1, 1, 10, 11, 30, 59)))]
        for _ in range(chance.randrange(100_000)):
            pass
        child.send_signal(signal.SIGKILL)
        lines += child.communicate()[0].splitlines(keepends=True)
        killed += child.returncode == -signal.SIGKILL
        for line in lines:
            fields = line.split(b"  ")
            if line.endswith(b"\n") and len(fields) >= 5:
                acknowledged = max(acknowledged, int(fields[0]) + 1)
        report = world.json("verify", "--content", "-i", "reader.txt")
        expect(report["ok"], report["findings"])
        expect(report["checkpoint"]["size"] >= acknowledged, "an acknowledged item is gone")
    expect(killed > 0 and acknowledged > 0, "no kill came in the middle")
    world.run("add", "in", "--quiet")
    for row in world.json("list", "-i", "reader.txt"):
        expect(hashlib.sha256(contents[row["fields"]["path"]]).hexdigest() == row["fields"]["sha256"])
    world.run("verify", "--content", "-i", "reader.txt")


def stored(a_world):
    """Bytes in the packs."""
    return sum(path.stat().st_size for path in (a_world.folder / "vault/store/packs").glob("*"))


def ctrl_c_leaves_no_mess(world):
    world.init()
    child = world.start("add", "-", "--name", "big", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def feed():
        block = os.urandom(1 << 20)
        with contextlib.suppress(BrokenPipeError):
            while child.poll() is None:
                child.stdin.write(block)

    feeder = threading.Thread(target=feed)
    feeder.start()
    # In the middle of it: payload is staged, and there is always more to come.
    before = stored(world)
    until(lambda: stored(world) > before + (1 << 20), "payload is staged")
    child.send_signal(signal.SIGINT)
    child.wait(timeout=120)
    feeder.join()
    expect(child.returncode == 130, child.returncode)
    report = world.json("verify")
    expect(report["ok"] and report["checkpoint"]["size"] == 1, report)
    expect(stored(world) == before, "something was left in a pack that no entry names")


def ctrl_c_ends_the_wait_for_an_input_that_is_idle(world):
    world.init()
    child = world.start("add", "-", "--name", "tail", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL)
    before = stored(world)
    child.stdin.write(os.urandom(8 << 20))
    child.stdin.flush()
    until(lambda: stored(world) > before + (1 << 20), "payload is staged")
    child.send_signal(signal.SIGINT)
    expect(child.wait(timeout=120) == 130, child.returncode)
    child.stdin.close()
    report = world.json("verify")
    expect(report["ok"] and report["checkpoint"]["size"] == 1, report)


def ctrl_c_ends_the_wait_for_a_passphrase_from_a_pipe(world):
    os.mkfifo(world.folder / "fifo")  # which nobody writes to
    child = world.start("keygen", "-o", "new.txt", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                        env={**world.environment, "EXHIBIT_PASSPHRASE_FILE": str(world.folder / "fifo")})
    state = Path("/proc") / str(child.pid) / "stat"
    until(lambda: state.read_text().rpartition(")")[2].split()[0] == "S", "it waits for who writes into the pipe")
    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=120)[1]
    expect(child.returncode == 130 and b"interrupted" in said and b"system call" not in said, said)
    expect(not (world.folder / "new.txt").exists())


def ctrl_c_ends_the_wait_for_another_writer(world):
    world.init()
    world.write("note.txt", b"one")
    with subprocess.Popen([world.exhibit_program, "add", "-", "--name", "holder"], cwd=world.folder, env=world.environment,
                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as holder:
        lock = world.folder / "vault/LOCK"
        until(lambda: lock.exists() and lock.read_text() == str(holder.pid), "the other writes")
        for number in (signal.SIGINT, signal.SIGTERM):
            child = world.start("add", "note.txt", "--wait", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            until_it_hears(child, number)
            child.send_signal(number)
            said = child.communicate(timeout=120)[1]
            expect(child.returncode == 130 and b"interrupted" in said, (child.returncode, said))
        expect(holder.poll() is None)
        holder.stdin.write(b"two")
        holder.stdin.close()
    expect(holder.returncode == 0 and world.json("verify")["checkpoint"]["size"] == 2)


def reading_beside_a_writer_gives_no_false_alarm(world):
    world.init()
    for number in range(300):
        world.write(f"in/{number}", os.urandom(3000))
    writer = world.start("--quiet", "add", "in", "in", "in", "in", stdout=subprocess.DEVNULL)
    rounds = 0
    while writer.poll() is None or rounds == 0:
        world.run("verify")
        rounds += 1
    expect(writer.wait() == 0)
    expect(world.json("verify")["checkpoint"]["size"] == 1201)
