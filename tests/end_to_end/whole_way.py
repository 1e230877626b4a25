"""The whole way: a vault, evidence, a bundle that somebody else verifies; and what each command says of itself."""
import hashlib
import os
import subprocess

from world import NOTE, ORIGIN, expect, until


def the_whole_way_from_init_to_a_verified_bundle(world):
    made = world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 5000)
    added = world.json("add", "in", "--case", "IR-1", "--tag", "x", "--digest", "md5,sha1")
    expect([item["kind"] for item in added["items"]] == ["log", "ransom-message"])
    expect(added["checkpoint"]["size"] == 3)
    listed = world.json("list", "-i", "reader.txt", "--kind", "log")
    expect(len(listed) == 1 and listed[0]["fields"]["path"] == "in/auth.log")
    expect(listed[0]["fields"]["md5"] == hashlib.md5(world.read("in/auth.log")).hexdigest())
    expect(world.cat(2) == NOTE)
    for depth in (["--log"], ["--log", "--whole"], [], ["--content", "-i", "reader.txt"]):
        report = world.json("verify", "--fingerprint", made["fingerprint"], *depth)
        expect(report["ok"] and not report["findings"])
    world.run("export", "1-2", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", "--fingerprint", made["fingerprint"], program=world.verify_program)
    world.run("verify-bundle", "bundle", "--fingerprint", "0" * 64, expect=3)


def init_refuses_what_is_there_and_leaves_no_mess(world):
    world.init()
    again = world.run("init", "vault2", "--origin", ORIGIN, "--reader", world.tool("age-keygen", "-y", "reader.txt").decode().strip(),
                      "--no-passphrase", expect=1)
    expect(b"before" in again.stderr and not (world.folder / "vault2").exists())
    world.write("full/file", b"x")
    refused = world.run("init", "full", "--origin", "other.example/x", "--reader",
                        world.tool("age-keygen", "-y", "reader.txt").decode().strip(), "--no-passphrase", expect=1)
    expect(b"not an empty folder" in refused.stderr)
    expect(sorted(p.name for p in world.folder.iterdir()) == ["full", "home", "reader.txt", "vault"])
    for bad in ("has space", "plus+plus", ""):
        world.run("init", "v", "--origin", bad, "--no-passphrase", expect=1 if bad else 2)


def exit_codes_are_as_documented(world):
    expect(b"A first vault" in world.run().stdout)
    world.run("--help")
    world.run("version")
    for wrong in (["nonsense"], ["add"], ["verify", "--nonsense"], ["init", "x"]):
        world.run(*wrong, expect=2)
    missing = world.run("list", expect=1)
    expect(b"no vault in " in missing.stderr and b"exhibit init" in missing.stderr)
    world.init()
    world.run("show", "99", expect=1)
    world.run("show", "abc", expect=1)
    world.write("in", b"x")
    # A writer that waits for its input holds the lock.
    writer = world.start("add", "-", "--name", "slow", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    writer.stdin.write(os.urandom(1 << 20) * 30)
    until(lambda: list((world.folder / "vault/store/packs").glob("*")), "it has begun to store")
    busy = world.run("add", "in", expect=4)
    expect(b"--wait" in busy.stderr and str(writer.pid).encode() in busy.stderr)
    world.run("verify")
    world.run("add", "in", "--wait", "0.3", expect=4)
    writer.communicate(b"late")
    expect(writer.returncode == 0)
    world.run("add", "in")
