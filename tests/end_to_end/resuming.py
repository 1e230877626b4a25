"""Going on after an interruption, leaving out, trying out, and what a program gives."""
import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

from world import Skipped, expect, settle, until


def paths(here):
    return [item["path"] for item in here.items() if "path" in item]


def a_killed_add_goes_on_and_takes_nothing_twice(world):
    world.init()
    names = [f"in/{number:04d}" for number in range(1500)]
    for number, name in enumerate(names):
        world.write(name, b"line %d\n" % number * (1 + number % 50))
    settle()
    for lines in (1, 700):
        child = world.start("add", "in", "--resume", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _ in range(lines):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.communicate()
    before = len(world.items())
    went_on = world.json("add", "in", "--resume")
    # Entries that a kill left after the head count: the next writer signs over them.
    expect(went_on["already"] >= before and went_on["already"] + len(went_on["items"]) == 1500, (before, went_on["already"]))
    expect(sorted(paths(world)) == names, f"{len(paths(world))} of {len(names)}")
    last = world.json("add", "in", "--resume")
    expect(last["already"] == 1500 and not last["items"] and last["refused"] == [], last["already"])
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def what_changed_meanwhile_is_added(world):
    world.init()
    for name in ("a", "b", "c", "d"):
        world.write(f"in/{name}", name.encode())
    settle()
    world.run("add", "in")
    # Other bytes of the same length under the same time; a file in the place of another; a new one.
    path = world.folder / "in/a"
    stat = path.stat()
    path.write_bytes(b"A")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    world.write("new", b"B")
    os.utime(world.folder / "new", ns=(stat.st_atime_ns, (world.folder / "in/b").stat().st_mtime_ns))
    (world.folder / "new").rename(world.folder / "in/b")
    world.write("in/e", b"e")
    settle()
    added = world.json("add", "in", "--resume")
    expect([item["path"] for item in added["items"]] == ["in/a", "in/b", "in/e"] and added["already"] == 2, added)
    # By whatever way it is named.
    expect(world.json("add", world.folder / "in", "./in/../in", "--resume")["already"] == 10)
    # What else is said of them is not what was said.
    expect(world.json("add", "in", "--resume", "--case", "IR-2")["already"] == 0)
    expect(world.json("add", "in", "--resume", "--case", "IR-2")["already"] == 5)


def a_restored_vault_gets_what_it_lost(world):
    world.init()
    world.write("in/a", b"a")
    settle()
    world.run("add", "in")
    shutil.copytree(world.folder / "vault", world.folder / "backup")
    world.write("in/b", b"b")
    settle()
    world.run("add", "in", "--resume")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "backup").rename(world.folder / "vault")
    world.run("recover-head", "--reason", "the disk failed", "--confirm", "test.example/case-1")
    added = world.json("add", "in", "--resume")
    expect([item["path"] for item in added["items"]] == ["in/b"] and added["already"] == 1, added)
    expect("same_bytes_as" not in added["items"][0], added)


def each_vault_and_each_user_remembers_by_itself(world):
    world.init()
    world.write("in/a", b"a")
    settle()
    world.run("add", "in")
    recipient = world.tool("age-keygen", "-y", "reader.txt").decode().strip()
    world.run("init", "other", "--origin", "test.example/other", "--name", "T", "--reader", recipient, "--no-passphrase")
    expect(world.json("--vault", "other", "add", "in", "--resume")["already"] == 0)
    expect(world.json("--vault", "other", "add", "in", "--resume")["already"] == 1)
    expect(world.json("add", "in", "--resume")["already"] == 1)
    # Somebody else has seen nothing of it.
    expect(world.json("add", "in", "--resume", XDG_STATE_HOME=str(world.folder / "elsewhere"))["already"] == 0)
    # A journal that is lost or spoiled costs time, and no evidence.
    for journal in (world.folder / "home/state/exhibit/journals").glob("*.new"):
        journal.write_bytes(os.urandom(1000))
    expect(world.json("add", "in", "--resume")["already"] == 0)


def nothing_is_skipped_where_nothing_can_be_remembered(world):
    world.init()
    world.write("in/a", b"a")
    settle()
    state = world.folder / "state"
    world.run("add", "in", XDG_STATE_HOME=str(state))
    shutil.rmtree(state / "exhibit/journals")
    (state / "exhibit/journals").write_bytes(b"a file in its place")
    said = world.run("add", "in", XDG_STATE_HOME=str(state)).stderr
    expect(b"is not remembered for --resume" in said, said)
    refused = world.run("add", "in", "--resume", expect=1, XDG_STATE_HOME=str(state)).stderr
    expect(b"what was added before" in refused, refused)
    expect(len(world.items()) == 2)


def the_same_bytes_are_said_to_be_there(world):
    world.init()
    world.write("a", b"evidence")
    world.write("b", b"evidence")
    world.write("empty", b"")
    said = world.run("add", "a", "b", "empty", "empty").stdout.decode()
    expect(said.count("the same bytes as entry 1") == 1, said)
    said = world.run("add", "-", "--name", "piped", stdin=b"evidence").stdout.decode()
    expect("piped  (the same bytes as entry 1)" in said, said)
    expect(world.json("add", "b")["items"][0]["same_bytes_as"] == 1)


def a_collection_goes_on_in_the_drop_that_it_began(world):
    world.init()
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    for number in range(40):
        world.write(f"logs/{number:02d}", os.urandom(60_000))
    settle()
    collect = ["collect", "logs", "--collector", "stick", "--drop"]
    child = world.start(*collect, "drop", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    world.run(*collect, "drop", "--resume")
    again = world.json(*collect, "drop", "--resume")
    expect(again["already"] == 40 and not again["items"], again)
    # What is not in this drop did not reach anybody.
    expect(world.json(*collect, "another", "--resume")["already"] == 0)
    world.run("take-in", "drop")
    taken = paths(world)
    expect(len(taken) == len(set(taken)) == 40, len(taken))


def what_is_left_out_is_counted_and_recorded(world):
    world.init()
    for name in ("in/a.log", "in/a.tmp", "in/cache/x", "in/sub/cache/y", "in/sub/b.log", "in/var/run/p", "in/sub/var/run/q"):
        world.write(name, name.encode())
    added = world.json("add", "in", "--exclude", "*.tmp", "--exclude", "cache/", "--exclude", "/var/run")
    expect([item["path"] for item in added["items"]] == ["in/a.log", "in/sub/b.log", "in/sub/var/run/q"], added)
    left = ["in/a.tmp", "in/cache", "in/sub/cache", "in/var/run"]
    expect([one["path"] for one in added["left_out"]] == left, added["left_out"])
    listed = [json.loads(line) for line in world.cat(added["omission_entry"]).splitlines()]
    expect([one["path"] for one in listed] == left, listed)
    expect(listed[0]["why"] == "left out as asked: --exclude *.tmp", listed)
    said = world.run("add", "in", "--exclude", "*.log", "--exclude", "nothing*")
    expect(b"2 left out as asked: entry" in said.stdout and b"--exclude nothing* fitted nothing" in said.stderr, said)
    refused = world.run("add", "in", "--exclude", "!a.log", expect=1).stderr
    expect(b"takes nothing back" in refused, refused)
    # A list of hashes misses nothing that was left out.
    world.write("list", world.tool("sh", "-c", "cd in && find . -type f | xargs sha256sum"))
    world.run("add", "in", "--hashes", "list", "--exclude", "*.tmp", "--exclude", "cache/", "--exclude", "/var/run")


def a_dry_run_names_all_and_writes_nothing(world):
    world.init()
    world.write("in/a", b"12345")
    world.write("in/b.tmp", b"1")
    os.mkfifo(world.folder / "in/pipe")
    before = {path: path.stat().st_mtime_ns for path in world.folder.rglob("*")}
    told = world.json("add", "in", "--exclude", "*.tmp", "--dry-run", expect=1)
    expect(told["would_add"] == [{"path": "in/a", "type": "regular", "size": 5}] and told["bytes"] == 5, told)
    expect([one["path"] for one in told["refused"]] == ["in/pipe"] and len(told["left_out"]) == 1, told)
    (world.folder / "in/pipe").unlink()
    said = world.run("add", "in", "--dry-run").stdout.decode()
    expect("would add  5 B  in/a" in said and "2 items, 6 B; nothing was added" in said, said)
    # Without the vault and its keys, too; and where a drop would be made, none is.
    world.run("collect", "in", "--collector", "none", "--drop", "drop", "--dry-run")
    world.run("add", "--exec", "touch made", "--name", "x", "--dry-run", EXHIBIT_VAULT=str(world.folder / "none"))
    expect(not (world.folder / "drop").exists() and not (world.folder / "made").exists())
    after = {path: path.stat().st_mtime_ns for path in world.folder.rglob("*")}
    expect({path: after[path] for path in after if path.name not in ("in", "pipe")} ==
           {path: before[path] for path in before if path.name not in ("in", "pipe")})
    expect(not world.items())


def what_a_program_gives_says_how_the_program_ended(world):
    world.init()
    added = world.json("add", "--exec", "echo one; echo well >&2", "--name", "out")["items"][0]
    expect(added["state"]["whole"] and world.cat(1) == b"one\n", added)
    producer = world.items()[0]["producer"]
    expect(producer["exit"] == 0 and producer["last_words"] == "well" and producer["command"].startswith("echo one"), producer)
    failed = world.run("add", "--exec", "echo half; echo 'no route' >&2; exit 7", "--name", "out", expect=1)
    expect(b"the program that made it failed (with exit status 7)" in failed.stdout and b"no route" in failed.stderr, failed)
    item = world.items()[1]
    expect(item["partial"] == {"why": "producer-failed", "bytes": 5, "exit": 7} and not item["state"]["whole"], item)
    expect(item["producer"]["last_words"] == "no route", item)
    nothing = world.run("add", "--exec", "echo refused >&2; exit 255", "--name", "out", expect=1).stderr
    expect(b"exit status 255" in nothing and b"its last words: refused" in nothing, nothing)
    expect(len(world.items()) == 2)
    expect(b"has no name" in world.run("add", "--exec", "true", expect=2).stderr)
    expect(b"nothing is named" in world.run("add", expect=2).stderr)
    # What it says reaches the terminal without harm.
    loud = world.run("add", "--exec", "echo x; printf '\\033[2J' >&2", "--name", "out").stderr
    expect(b"\x1b" not in loud and b"\\x1b[2J" in loud, loud)
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    world.run("export", "--all", "--out", "bundle", "-i", "reader.txt")
    world.second_opinion("bundle")


def ctrl_c_ends_the_program_too(world):
    world.init()
    child = world.start("add", "--exec", "echo $$; exec sleep 1000", "--name", "out", stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL)

    def sleeper():
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children")
        return children.exists() and children.read_text().split()
    found = until(sleeper, "the program runs")
    child.send_signal(signal.SIGTERM)
    expect(child.wait(120) == 130, child.returncode)
    until(lambda: not Path(f"/proc/{found[0]}").exists(), "the program is gone")
    expect(not world.items())


def one_unreadable_sector_costs_one_sector(world):
    """As the case of a damaged squashfs: a real medium, where this may be mounted."""
    if os.getuid() != 0 or not shutil.which("mksquashfs"):
        raise Skipped("mounting needs root and mksquashfs")
    world.init()
    content = os.urandom(3_000_000).hex().encode()
    world.write("s/evidence.dd", content)
    world.write("s/other.log", b"fine\n")
    world.tool("mksquashfs", "s", "s.img", "-quiet", "-no-progress", "-b", "131072")
    image = bytearray(world.read("s.img"))
    image[1_500_000:1_503_000] = os.urandom(3000)
    world.write("s.img", bytes(image))
    (world.folder / "m").mkdir()
    if subprocess.run(["mount", "-o", "loop,ro", "s.img", "m"], cwd=world.folder, capture_output=True).returncode != 0:
        raise Skipped("nothing can be mounted here")
    try:
        said = world.run("add", "m", expect=1).stdout.decode()
    finally:
        subprocess.run(["umount", "-l", "m"], cwd=world.folder, check=False)
    expect("could not be read" in said and "m/other.log" in said, said)
    item = next(item for item in world.items() if item["name"] == "evidence.dd")
    kept, gaps = world.cat(1), item["gaps"]
    expect(len(kept) == len(content) == item["size"] and item["partial"]["why"] == "unreadable", item)
    expect(sum(gap["bytes"] for gap in gaps) == item["size"] - item["partial"]["bytes"] > 0, item)
    at = 0
    for gap in gaps:
        expect(kept[at:gap["at"]] == content[at:gap["at"]], f"changed before {gap}")
        at = gap["at"] + gap["bytes"]
        expect(not any(kept[gap["at"]:at]), f"no zeros at {gap}")
    expect(kept[at:] == content[at:] and item["partial"]["bytes"] > len(content) * 0.9)
    world.run("verify", "--content", "-i", "reader.txt")
