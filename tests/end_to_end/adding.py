"""What is taken in: odd names, files that are none, digests that somebody claimed, devices, streams, all as it was."""
import base64
import hashlib
import json
import os
import random
import socket
import subprocess
import threading
from pathlib import Path

from world import NOT_ANCHORED, Skipped, expect


def odd_names_come_back_as_they_were_and_reach_no_terminal(world):
    world.init()
    names = [b"with space", b"-leading-dash", b"new\nline", b"tab\tbell\x07", b"esc\x1b[31mred", b"\xff\xfe raw",
             b"n" * 255, "bidi\u202eexe.txt".encode(), b"..data", "\u65e5\u672c\u8a9e".encode(), b"'quote\"\\"]
    for name in names:
        world.write(b"in/" + name, b"content of " + name)
    world.run("add", "in", "--quiet")
    shown = world.run("list", "-i", "reader.txt").stdout
    expect(not any(byte < 0x20 and byte != 0x0A for byte in shown) and b"\x7f" not in shown)
    expect("\u202e".encode() not in shown)
    expect(shown.count(b"\n") == len(names))
    found = set()
    for row in world.json("list", "-i", "reader.txt"):
        name = row["fields"]["name"]
        found.add(base64.b64decode(name["base64"]) if isinstance(name, dict) else name.encode())
        world.cat(row["entry"])
    expect(found == set(names))
    world.run("export", f"1-{len(names)}", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    for file in (world.folder / "bundle/data").rglob("*"):
        expect(file.name.isascii() and all(c.isalnum() or c in "._-= ~" for c in file.name), file.name)


def what_cannot_be_taken_in_is_named_and_recorded(world):
    world.init()
    world.write("in/good", b"good")
    os.mkfifo(world.folder / "in/pipe")
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(world.folder / "in/socket"))
    os.symlink("/etc/passwd", world.folder / "in/link")
    result = world.run("add", "in", expect=1)
    for word in (b"in/pipe is a pipe", b"in/socket is a socket"):
        expect(word in result.stderr, word)
    rows = world.json("list", "-i", "reader.txt")
    expect([row["type"] for row in rows] == ["item", "item", "omission"])
    link = rows[1]["fields"]
    expect(link["file-type"] == "symbolic-link" and link["link-target"] == "/etc/passwd")
    expect(world.cat(2) == b"/etc/passwd")
    omissions = [json.loads(line) for line in world.cat(3).splitlines()]
    expect({o["path"] for o in omissions} == {"in/pipe", "in/socket"})
    world.run("verify", "--content", "-i", "reader.txt")


def a_wrong_hash_is_refused_unless_it_is_to_be_kept(world):
    world.init()
    world.write("in/a", b"a")
    world.write("in/b", b"b")
    sums = world.tool("sha256sum", "in/a", "in/b").decode()
    (world.folder / "good.txt").write_text(sums)
    wrong = sums.replace(hashlib.sha256(b"b").hexdigest(), "0" * 64)
    (world.folder / "wrong.txt").write_text(wrong)
    added = world.json("add", "in", "--hashes", "good.txt")
    expect(all(item["claimed"][0]["matched"] for item in added["items"]))
    result = world.run("add", "in", "--hashes", "wrong.txt", expect=1)
    expect(b"in/b" in result.stderr and b"0" * 64 in result.stderr)
    kept = world.json("add", "in/b", "--hashes", "wrong.txt", "--keep-mismatched")
    expect(kept["items"][0]["claimed"] == [{"algorithm": "sha256", "value": "0" * 64, "matched": False}])


def the_list_of_hashdeep_is_compared_too(world):
    world.init()
    world.write("in/a", b"a")
    world.write("in/b", b"b")
    lines = ["%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename", "## Invoked from: /mnt", "## $ hashdeep -r in", "##"]
    for name in (b"a", b"b"):
        lines.append(f"1,{hashlib.md5(name).hexdigest()},{hashlib.sha256(name).hexdigest()},in/{name.decode()}")
    (world.folder / "good.txt").write_text("\n".join(lines) + "\n")
    added = world.json("add", "in", "--hashes", "good.txt")
    for item in added["items"]:
        expect([(claim["algorithm"], claim["matched"]) for claim in item["claimed"]] == [("md5", True), ("sha256", True)]
               or [(claim["algorithm"], claim["matched"]) for claim in item["claimed"]]
               == [("sha256", True), ("md5", True)], item["claimed"])
    wrong = "\n".join(lines).replace(hashlib.md5(b"b").hexdigest(), "f" * 32) + "\n"
    (world.folder / "wrong.txt").write_text(wrong)
    result = world.run("add", "in", "--hashes", "wrong.txt", expect=1)
    expect(b"in/b" in result.stderr and b"f" * 32 in result.stderr)


def a_file_that_grows_while_it_is_read_is_marked(world):
    world.init()
    path = world.write("in/growing.log", os.urandom(1 << 20) * 64)
    stop = threading.Event()

    def grow():
        with open(path, "ab", buffering=0) as file:
            while not stop.wait(0.002):
                file.write(b"one more line\n")

    grower = threading.Thread(target=grow)
    grower.start()
    try:
        result = world.run("add", "in/growing.log")
    finally:
        stop.set()
        grower.join()
    expect(b"changed while it was read" in result.stdout, result.stdout)
    metadata = world.json("show", "1", "-i", "reader.txt")[0]["fields"]
    expect(metadata["state"]["changed"] is True)
    # What was read is what the digests are of, and is the beginning of what the file became.
    content = world.cat(1)
    expect(hashlib.sha256(content).hexdigest() == metadata["sha256"])
    expect(Path(os.fsdecode(path)).read_bytes().startswith(content))
    world.run("verify", "--content", "-i", "reader.txt")


def a_block_device_is_evidence_where_that_is_asked_for(world):
    image = world.write("image", os.urandom(1 << 20) * 3)
    attached = subprocess.run(["losetup", "--find", "--show", "--read-only", image], capture_output=True)
    if attached.returncode != 0:
        raise Skipped("no loop device can be had here")
    device = attached.stdout.decode().strip()
    try:
        world.init()
        refused = world.run("add", device, expect=1)
        expect(b"--raw-device" in refused.stderr)
        added = world.json("add", device, "--raw-device", "--kind", "image")
        expect(added["items"][0]["size"] == 3 << 20 and added["items"][0]["kind"] == "image", added)
        number = added["items"][0]["entry"]
        expect(world.cat(number) == world.read("image"))
        metadata = world.json("show", str(number), "-i", "reader.txt")[0]["fields"]
        expect(metadata["file-type"] == "device" and metadata["state"]["changed"] is False)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)


def the_standard_input_is_evidence_too(world):
    world.init()
    content = random.Random(1).randbytes(5_000_000)
    added = world.json("add", "-", "--name", "dump.raw", stdin=content)
    expect(added["items"][0]["size"] == len(content) and added["items"][0]["kind"] == "image")
    expect(world.cat(1) == content)
    result = world.run("add", "-", stdin=b"x", expect=2)
    expect(b"--name" in result.stderr)


def memory_stays_below_256_mib_whatever_the_size(world):
    if world.sanitized():
        raise Skipped("sanitizers use memory of their own")
    world.init()
    with open(world.folder / "big", "wb") as file:
        block = os.urandom(1 << 20)
        for _ in range(700):
            file.write(block)
    for command in (["add", "big"], ["verify", "--content", "-i", "reader.txt"]):
        peak = world.peak(*command)
        expect(peak < 256 << 20, f"{command}: {peak >> 20} MiB")


def a_list_made_of_the_same_folder_under_another_name_fits(world):
    """hashdeep on Windows lists F:\\Evidence; what is added is its copy, `in`."""
    world.init()
    rows = ["%%%% HASHDEEP-1.0", "%%%% size,sha256,filename"]
    for name, content in (("a.log", b"one\n"), ("sub/b c.log", b"two\n")):
        world.write("in/" + name, content)
        windows = "F:\\Evidence\\" + name.replace("/", "\\")
        rows.append(f"{len(content)},{hashlib.sha256(content).hexdigest()},{windows}")
    world.write("list", "\r\n".join(rows).encode() + b"\r\n")
    said = world.run("add", "in", "--hashes", "list")
    expect(said.stdout.count(b"hash matched") == 2 and not said.stderr, said)


def what_a_file_carries_beside_its_bytes_is_said(world):
    world.init()
    world.write("a.doc", b"x")
    try:
        os.setxattr(world.folder / "a.doc", "user.Zone.Identifier", b"[ZoneTransfer] ZoneId=3")
    except OSError:
        return  # this file system has none
    expect(b"with 1 extended attribute)" in world.run("add", "a.doc").stdout)
