"""Keys that stand against a quantum computer: hybrid vault keys, readers and receivers, and ML-DSA-44 keys of logs and
witnesses. Where OpenSSL is older than 3.5 there are none, and what needs them says so by name."""
import re

from world import ORIGIN, Skipped, expect

NO = b"OpenSSL 3.5"


def is_here(world):
    return b"ML-KEM-768" in world.tool("sh", "-c", "openssl list -kem-algorithms 2>/dev/null || true")


def needs_it(here):
    if not is_here(here):
        raise Skipped("OpenSSL is older than 3.5")


def hybrid_init(here):
    recipient = here.run("keygen", "--post-quantum", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
    expect(recipient.startswith("age1pq1"), recipient)
    return here.json("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", recipient, "--no-passphrase",
                      "--post-quantum")


def what_this_machine_cannot_do_is_said_by_name(world):
    if is_here(world):
        raise Skipped("OpenSSL 3.5 is here")
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    for command in (("keygen", "--post-quantum", "--no-passphrase", "-o", "k"), ("reseal", "--post-quantum", "--yes", "-i", "reader.txt", "--reason", "r"),
                    ("rotate-log-key", "--post-quantum", "--no-passphrase", "--reason", "r"),
                    ("witness", "init", "w", "--name", "witness.example/w", "--post-quantum", "--no-passphrase", "--log", made["log_key"])):
        said = world.run(*command, expect=1).stderr
        expect(NO in said, said)
    world.run("verify", "--log")
    expect(world.read("vault/HEAD").count(b"\n") == 5)


def a_hybrid_vault_is_filled_read_and_verified(world):
    needs_it(world)
    hybrid_init(world)
    world.write("in/a", b"one")
    world.run("add", "in")
    expect(world.cat(1) == b"one")
    # Every head has a line of each of the log's two keys.
    head = world.read("vault/HEAD")
    expect(len(re.findall(rb"^\xe2\x80\x94 test.example/case-1 ", head, re.M)) == 2, head)
    verified = world.json("verify", "--content", "-i", "reader.txt")
    expect(not any("signature of" in what for what in verified["not_checked"]), verified)
    # One bit of the ML-DSA-44 line, which no other key vouches for.
    at = head.rindex(b"\xe2\x80\x94") + len("— test.example/case-1 ".encode()) + 400
    world.write("vault/HEAD", head[:at] + (b"A" if head[at:at + 1] != b"A" else b"B") + head[at + 1:])
    expect(b"does not fit" in world.run("verify", "--log", expect=3).stderr)
    world.write("vault/HEAD", head)
    # A downgrade: the line is left out.
    lines = head.split(b"\xe2\x80\x94")
    world.write("vault/HEAD", b"\xe2\x80\x94".join(lines[:2]))
    expect(b"is not signed by" in world.run("verify", "--log", expect=3).stderr)
    world.write("vault/HEAD", head)
    world.run("verify", "--log")


def readers_and_receivers_have_hybrid_keys_too(world):
    needs_it(world)
    hybrid_init(world)
    world.write("in/a", b"one")
    world.run("add", "in")
    second = world.run("keygen", "--post-quantum", "--no-passphrase", "-o", "second.txt").stdout.decode().strip()
    world.run("reader", "add", second, "-i", "reader.txt")
    expect(world.run("cat", "1", "-i", "second.txt").stdout == b"one")
    # A key of the other kind never stands beside it: it would open the vault to whoever breaks that one.
    plain = world.run("keygen", "--no-passphrase", "-o", "plain.txt").stdout.decode().strip()
    world.run("reader", "add", plain, "-i", "reader.txt", expect=1)
    receiver = world.run("keygen", "--post-quantum", "--no-passphrase", "-o", "receiver.txt").stdout.decode().strip()
    world.write("receivers", receiver.encode() + b"\n")
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt", "--recipient", "receivers")
    world.run("bundle", "-i", "receiver.txt", program=world.verify_program, expect=5)
    world.run("bundle", "-i", "second.txt", program=world.verify_program, expect=6)
    world.second_opinion("bundle")


def a_classical_vault_becomes_hybrid_and_never_classical_again(world):
    needs_it(world)
    world.init()
    expect(b"\"suite\":1" in world.run("log", "0").stdout)
    world.write("in/a", b"one")
    world.run("add", "in/a")
    world.admit("bob")
    old = world.tool("age", "-d", "-i", "reader.txt", "vault/keys/reader.age")
    done = world.json("reseal", "--post-quantum", "--destroy", "--yes", "-i", "reader.txt", "--reason", "quantum computers",
                      "--cosigner-key", "bob.key")
    expect(done["recipient"].startswith("age1pq1") and done["items"] == 3, done)  # the item, and what is told of two custodians
    world.write("in/b", b"two")
    world.run("add", "in/b")
    expect(world.cat(1) == b"one")
    world.run("verify", "--content", "-i", "reader.txt")
    # What the key before opened, it opens no more: its headers are gone.
    world.write("old.txt", old)
    for path in (world.folder / "vault/store/packs").iterdir():
        expect(b"-> X25519" not in path.read_bytes(), "a header for the key before is still there")
    world.run("export", "1", "4", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=5)
    world.second_opinion("bundle")
    expect(world.json("reseal", "--yes", "-i", "reader.txt", "--reason", "again")["recipient"].startswith("age1pq1"))


def a_witness_with_an_ml_dsa_key_counts(world):
    needs_it(world)
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    key = world.run("witness", "init", "w", "--name", "witness.example/pq", "--log", made["log_key"], "--no-passphrase",
                    "--post-quantum", "-q").stdout.decode().strip()
    world.write("witness.vkey", key.encode() + b"\n")
    world.write("policy", f"log {made['log_key']}\nwitness w {key}\nquorum w\n".encode())
    expect(b"quorum" in world.run("verify", "--policy", "policy", expect=3).stdout)
    world.run("checkpoint", "--witness-request", "request", "-q")
    world.run("witness", "sign", "w", "--request", "request", "--out", "answer")
    world.run("checkpoint", "--witness", "answer", "--witness-key", "witness.vkey")
    report = world.json("verify", "--policy", "policy")
    expect([one["name"] for one in report["witnesses"]] == ["w"], report)
    # A bit of its line.
    answer = world.read("answer")
    world.write("bad", answer[:-20] + (b"A" if answer[-20:-19] != b"A" else b"B") + answer[-19:])
    expect(b"does not fit" in world.run("checkpoint", "--witness", "bad", "--witness-key", "witness.vkey", expect=3).stderr)


def a_log_gets_an_ml_dsa_key_and_keeps_having_one(world):
    needs_it(world)
    world.init()
    world.write("in/a", b"one")
    world.run("add", "in/a")
    world.run("rotate-log-key", "--post-quantum", "--no-passphrase", "--reason", "a second key")
    first = world.read("vault/keys/log-pq.key")
    expect(first.startswith(b"PRIVATE+KEY+test.example/case-1+"))
    world.run("rotate-log-key", "--no-passphrase", "--reason", "yearly")
    second = world.read("vault/keys/log-pq.key")
    expect(first != second and not list((world.folder / "vault/keys").glob("*.next*")))
    world.run("verify")
    # Without its file nothing is added, and reading goes on.
    world.write("vault/keys/log-pq.key", first)
    world.write("in/b", b"two")
    expect(b"is not this vault's log key" in world.run("add", "in/b", expect=1).stderr)
    world.write("vault/keys/log-pq.key", second)
    world.run("add", "in/b")
    world.run("verify", "--content", "-i", "reader.txt")
