"""Nothing is left out, or less, without a word: whatever becomes of the terminal, the streams and the files meanwhile, and
whatever the collector's own list says."""
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from world import Skipped, expect, until


def a_hang_up_that_was_ignored_stays_ignored(world):
    """As under nohup: the terminal goes, and the work goes on."""
    world.init()
    for number in range(30):
        world.write(f"in/{number}", os.urandom(1 << 20))
    ignored = f"import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"
    with open(world.folder / "out", "wb") as out:
        adding = subprocess.Popen([sys.executable, "-c", ignored, world.exhibit_program, "add", "in"], cwd=world.folder,
                                  stdout=out, stderr=subprocess.PIPE, env=world.environment)
        until(lambda: world.read("out"), "the first item is listed")
        adding.send_signal(signal.SIGHUP)
        expect(adding.wait(120) == 0, adding.stderr.read())
        adding.stderr.close()
    expect(len(world.items()) == 30)


def a_reader_of_the_list_who_goes_away_ends_nothing(world):
    world.init()
    for number in range(30):
        world.write(f"in/{number}", os.urandom(1 << 18))
    adding = world.start("add", "in", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    adding.stdout.close()
    said = adding.stderr.read()
    adding.stderr.close()
    expect(adding.wait(120) == 0 and b"the work goes on without it" in said, said)
    expect(len(world.items()) == 30)
    # A disk that is full ends nothing either, and the exit status says that the list is not whole.
    if os.path.exists("/dev/full"):
        world.write("more", b"more")
        with open("/dev/full", "wb") as full:
            adding = world.start("add", "more", stdout=full, stderr=subprocess.PIPE)
            said = adding.communicate(timeout=120)[1]
        expect(adding.returncode == 1 and b"No space left" in said, said)
        expect(len(world.items()) == 31)


def a_program_that_starts_without_its_streams_writes_into_no_file(world):
    world.init()
    world.write("f", b"evidence")
    for closed in ("0", "1", "2", "01", "02", "12", "012"):
        closing = "import os, sys; [os.close(int(n)) for n in sys.argv[1]]; os.execv(sys.argv[2], sys.argv[2:])"
        subprocess.run([sys.executable, "-c", closing, closed, world.exhibit_program, "add", "f"], cwd=world.folder,
                       env=world.environment, timeout=120)
    expect(len(world.items()) == 7)
    world.run("verify", "--content", "-i", "reader.txt")
    # What nobody can read was not read.
    no_output = "import os, sys; os.close(1); os.execv(sys.argv[1], sys.argv[1:])"
    read = subprocess.run([sys.executable, "-c", no_output, world.exhibit_program, "cat", "1", "-i", "reader.txt"],
                          cwd=world.folder, env=world.environment, stderr=subprocess.PIPE, timeout=120)
    expect(read.returncode == 1 and b"standard output" in read.stderr, read.stderr)


def a_stream_that_brings_nothing_is_no_evidence(world):
    world.init()
    refused = world.run("add", "-", "--name", "fs01.journal", expect=1).stderr
    expect(b"nothing came through it" in refused and b"--allow-empty" in refused, refused)
    expect(not world.items())
    world.run("add", "-", "--name", "fs01.journal", "--allow-empty")
    expect([item["size"] for item in world.items()] == [0])


def what_stat_says_of_a_size_is_no_fact(world):
    world.init()
    big = Path("/proc/kallsyms")
    if not big.exists() or len(big.read_bytes()) <= 1 << 20:
        raise Skipped("no file of /proc has more than a frame")
    world.write("in/a", b"before")
    world.write("in/c", b"after")
    world.run("add", "in/a", big, "/proc/cmdline", "in/c")
    taken = world.items()
    expect([item["name"] for item in taken] == ["a", "kallsyms", "cmdline", "c"], taken)
    expect(world.cat(2) == big.read_bytes())
    expect(world.cat(3) == Path("/proc/cmdline").read_bytes())


def a_link_that_is_named_is_meant_for_what_it_leads_to(world):
    world.init()
    for number in range(3):
        world.write(f"data/log/{number}.log", b"x")
    os.symlink("data/log", world.folder / "log")
    os.symlink("data/log/0.log", world.folder / "newest")
    os.symlink("nothing", world.folder / "dangling")
    os.symlink("/etc/passwd", world.folder / "data/log/z")
    said = world.run("add", "log", "newest", "dangling").stderr
    expect(b"log is a link to data/log" in said and b"newest is a link to data/log/0.log" in said, said)
    taken = world.items()
    expect([item["path"] for item in taken][:4] == ["log/0.log", "log/1.log", "log/2.log", "log/z"], taken)
    expect([item["file-type"] for item in taken] ==
           ["regular", "regular", "regular", "symbolic-link", "regular", "symbolic-link"], taken)


def a_mistyped_path_is_a_mistake_and_no_omission(world):
    world.init()
    world.write("in/a", b"a")
    for words in (["nothere.txt"], ["in", "nothere.txt"], ["in/*.log"], ["in/a/b"]):
        refused = world.run("add", *words, expect=2 if words != ["in/a/b"] else 1).stderr
        expect(b"does not exist" in refused or words == ["in/a/b"], refused)
    refused = world.run("add", "nothere.txt", expect=2).stderr
    expect(f"(looked in {world.folder})".encode() in refused, refused)
    rows = [row["type"] for row in world.json("list", "-i", "reader.txt")]
    expect("item" not in rows, rows)


def the_vault_s_own_files_are_no_evidence(world):
    world.init()
    for inside in ("vault", "vault/store", "vault/keys/log.key", "vault/HEAD"):
        refused = world.run("add", inside, expect=1).stderr
        expect(b"is the vault itself, or in it" in refused, refused)
    expect(not world.items())


def a_list_of_hashes_is_asked_in_both_directions(world):
    world.init()
    world.write("in/a.log", b"one\n")
    world.write("in/b.log", b"two\n")
    listed = world.tool("sh", "-c", "cd in && sha256sum *")
    world.write("list", listed)
    (world.folder / "in/b.log").unlink()
    said = world.run("add", "in", "--hashes", "list", expect=1).stderr
    expect(b"b.log: the list of hashes names it, and it was not there" in said, said)
    omissions = [json.loads(line) for line in world.cat(2).splitlines()]
    expect([one["path"] for one in omissions] == ["b.log"], omissions)
    # Who adds one file of a list asks nothing of the others.
    world.run("add", "in/a.log", "--hashes", "list")
    # A list that fits nothing is the wrong list.
    world.write("other", b"0" * 64 + b"  elsewhere.log\n")
    said = world.run("add", "in/a.log", "--hashes", "other", expect=1).stderr
    expect(b"names none of the files" in said, said)


def an_identity_is_read_as_any_editor_leaves_it(world):
    world.init()
    world.write("f", b"evidence")
    world.run("add", "f")
    written = world.read("reader.txt").decode()
    key = next(line for line in written.splitlines() if line.startswith("AGE-SECRET-KEY"))
    other = world.run("keygen", "--no-passphrase", "-o", "other.txt") and world.read("other.txt").decode()
    forms = {"crlf": written.replace("\n", "\r\n").encode(), "mark": b"\xef\xbb\xbf" + written.encode(),
             "key-first": b"\xef\xbb\xbf" + key.encode(), "utf16": written.replace("\n", "\r\n").encode("utf-16"),
             "big-endian": b"\xfe\xff" + written.encode("utf-16-be"), "blanks": (key + " \t \n").encode(),
             "lower": key.lower().encode(), "several": (other + "\n" + written).encode()}
    for name, form in forms.items():
        world.write(f"{name}.txt", form)
        expect(world.run("cat", "1", "-i", f"{name}.txt").stdout == b"evidence", name)


def a_time_without_a_zone_is_asked_for_again(world):
    world.init()
    world.write("f", b"evidence")
    refused = world.run("add", "f", "--acquired-at", "2026-03-01 09:00", expect=1, TZ="America/New_York").stderr
    expect(b"names no zone" in refused and b"2026-03-01 09:00-05:00" in refused, refused)
    expect(not world.items())
    world.run("add", "f", "--acquired-at", "2026-03-01 09:00-05:00")
    expect(world.items()[0]["acquired"]["at"] == "2026-03-01T14:00:00Z")
