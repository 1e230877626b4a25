"""What others made to harm: keys that were replaced. (Hostile bundles are in tests/second_opinion.)"""
import base64
import json
import shutil
import subprocess

from world import NOTE, ORIGIN, expect


def every_honest_entry_is_shown_as_signed(world):
    """Whoever signed beside the actor: a collector, a receiver, the log's two keys, a custodian's next one."""
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    world.admit("bob")
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    world.run("collect", "in/a.txt", "--collector", "stick", "--drop", "drop")
    world.run("take-in", "drop")
    world.run("transfer", "1", "--to", "k2", "--purpose", "analysis", "--out", "statement")
    world.run("receive", "statement", "--key", "bob.key")
    world.run("transfer", "1", "--to", "k2", "--purpose", "again", "--out", "second")
    world.run("transfer", "--abandon", "second")
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    world.run("keygen", "--signing", "--handle", "agent", "--no-passphrase", "-o", "agent.key")
    world.run("verify-bundle", "bundle", "--receipt", "receipt", "--key", "agent.key", "--fingerprint", fingerprint_of(world))
    world.run("receive", "receipt")
    world.run("rule", "--two", "release", "--reason", "a rule", "--cosigner-key", "bob.key")
    world.run("hold", "1", "--authority", "a court", "--reason", "a suit")
    world.run("release", "1", "--authority", "a court", "--reason", "over", "--cosigner-key", "bob.key")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.run("keygen", "--signing", "--handle", f"{ORIGIN}/k2", "--no-passphrase", "-o", "bob-2.key")
    world.run("custodian", "rotate", "--new-key", "bob-2.key", "--key", "bob.key", "--reason", "yearly")
    world.run("add", "in/a.txt", "--key", "bob-2.key")
    rows = world.json("log")
    bad = [row["entry"] for row in rows if row["signature"] != "good"]
    expect(not bad and len(rows) > 15, (bad, len(rows)))
    for row in rows[::3]:
        shown = world.run("log", str(row["entry"])).stdout
        expect(b"signature good" in shown, shown)
    world.run("verify")


def fingerprint_of(a_world):
    return a_world.json("log", "0")[0]["leaf_hash"]


# Whose key was it?

def with_old_key(world, keys, size, root):
    """A checkpoint that somebody signed who has a copy of this key file."""
    name, number, encoded = (world.folder / keys).read_text().strip().removeprefix("PRIVATE+KEY+").split("+", 2)
    world.write("key.der", bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(encoded)[1:])
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    world.write("text", text)
    signature = world.tool("openssl", "pkeyutl", "-sign", "-inkey", "key.der", "-keyform", "DER", "-rawin", "-in", "text")
    line = base64.b64encode(bytes.fromhex(number) + signature).decode()
    return text + f"\n\u2014 {name} {line}\n".encode()


def proof_of(world, name, smaller, larger):
    world.write(name, b"exhibit-fork-proof@v1\n\n" + smaller + b"\n" + larger)


def a_replaced_key_frames_nobody(world):
    made = world.init()
    world.write("in/a", NOTE)
    world.run("add", "in")
    world.run("checkpoint", "--out", "early")
    shutil.copy(world.folder / "vault/keys/log.key", world.folder / "stolen.key")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    for name in ("b", "c"):
        world.write(f"in/{name}", name.encode())
        world.run("add", f"in/{name}")
    world.run("publish", "www")
    world.run("checkpoint", "--out", "late")
    late, early = ((world.folder / name).read_bytes() for name in ("late", "early"))
    new_key = json.loads(world.run("log", "2", "--json").stdout)[0]["note"]
    new_key = json.loads(new_key.split("\n")[0])["log"][0]
    keys = ("--log-key", made["log_key"], "--log-key", new_key)
    anchors = (("--log", "www", "--fingerprint", made["fingerprint"]), ("--log", "www", *keys))
    forged = [with_old_key(world, "stolen.key", size, b"\x07" * 32) for size in (5, 2)]
    for name, smaller, larger in (("after", late, forged[0]), ("twice", forged[0], with_old_key(world, "stolen.key", 5, b"\x08" * 32)),
                                  ("before", early, forged[1])):
        proof_of(world, name, smaller, larger)
        for bare in (keys, keys[:2]):
            result = subprocess.run([world.exhibit_program, "fork-proof", "--check", name, *bare], cwd=world.folder, capture_output=True,
                                    env=world.environment)
            expect(result.returncode in (3, 5) and b"two histories" not in result.stdout + result.stderr, result)
            if result.returncode == 5:
                expect(b"Not checked: whether the log still had this key at these sizes." in result.stdout, result)
        for anchor in anchors:
            told = world.run("fork-proof", "--check", name, *anchor, expect=5 if name == "before" else 3)
            expect(b"two histories" not in told.stdout + told.stderr, told)
            expect(b"was replaced in entry 2" in told.stdout if name == "before" else told.stderr, told)
            expect(not json.loads(world.run("fork-proof", "--check", name, *anchor, "--json", expect=5 if name == "before" else 3).stdout)["proven"])
    # Who brings another log, or none that says whose it is, is told so.
    world.run("fork-proof", "--check", "after", "--log", "www", expect=1)
    world.run("fork-proof", "--check", "after", "--log", "www", "--fingerprint", "0" * 64, expect=3)
    stranger = world.run("keygen", "--signing", "--handle", ORIGIN, "--no-passphrase", "-o", "stranger.key").stdout.decode().strip()
    error = world.run("fork-proof", "--check", "after", "--log", "www", "--log-key", stranger, expect=3).stderr
    expect(b"it never had key" in error, error)


def a_real_fork_is_proven_with_the_log_that_says_whose_key_it_was(world):
    made = world.init()
    world.write("in/a", NOTE)
    world.run("add", "in")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.run("publish", "www")
    world.run("checkpoint", "--out", "head")
    # Its owner signs another tree of the same size, with the present key.
    proof_of(world, "fork", world.read("head"), with_old_key(world, "vault/keys/log.key", 3, b"\x07" * 32))
    log = ("--log", "www", "--fingerprint", made["fingerprint"])
    told = world.json("fork-proof", "--check", "fork", *log)
    expect(told["proven"] and told["contradiction"] and told["kind"] == "two-roots", told)
    expect(b"two histories" in world.run("fork-proof", "--check", "fork", *log).stdout)
    # The log at hand must reach so far.
    proof_of(world, "larger", with_old_key(world, "vault/keys/log.key", 9, b"\x07" * 32), with_old_key(world, "vault/keys/log.key", 9, b"\x08" * 32))
    told = world.run("fork-proof", "--check", "larger", *log, expect=5).stdout
    expect(b"has 3 entries" in told and b"two histories" not in told, told)
