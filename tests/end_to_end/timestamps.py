"""Trusted timestamps (RFC 3161), of a checkpoint beside the vault and in the log."""
import base64
import hashlib
import base64
import json
import time

from servers import Authority
from world import NOT_ANCHORED, NOTE, expect


def a_trusted_timestamp_of_the_head_holds_and_of_another_head_does_not(world):
    world.init()
    authority = Authority(world)
    made = world.json("timestamp", "request", "--out", "head.tsq")
    expect(made["checkpoint"]["size"] == 1 and made["checkpoint_file"] == "head.checkpoint")
    stamped = world.read("head.checkpoint")
    expect(stamped == world.read("vault/HEAD"))
    expect(hashlib.sha256(stamped).hexdigest() == made["sha256"])
    world.run("timestamp", "request", "--out", "head.tsq", expect=1)
    expect(world.read("head.checkpoint") == stamped)
    world.write("head.tsr", authority.reply("rsa", world.read("head.tsq")))
    check = ["timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt"]
    world.run(*check)
    key = json.loads(world.run("log", "0").stdout.split(b"\n")[0])["log"][0]
    told = world.json(*check, "--request", "head.tsq", "--tsa-policy", "1.3.6.1.4.1.99999.1.1", "--log-key", key)
    expect(told["holds"] and told["nonce"] == "checked" and told["log_signature"] == "good", told)
    expect(abs(time.time() - time.mktime(time.strptime(told["time"][:19], "%Y-%m-%dT%H:%M:%S")) + time.timezone) < 120, told)
    expect(told["authority"] == "CN=Test Authority RSA,O=Test" and len(told["certificates"]) == 2, told)
    for source in (["-data", "head.checkpoint"], ["-queryfile", "head.tsq"]):
        world.tool("openssl", "ts", "-verify", *source, "-in", "head.tsr", "-CAfile", "tsa/root.crt")

    # A cosigned copy is stamped as well; another head, root, policy or nonce is not.
    cosigned = stamped + "\u2014 witness.example/w ".encode() + b"A" * 104 + b"\n"
    world.write("cosigned", cosigned)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "cosigned", "--roots", "tsa/root.crt")
    world.run(*check, "--tsa-policy", "1.2.3", expect=3)
    failed = world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/foreign.crt", expect=3)
    expect(b"none of the roots" in failed.stderr, failed.stderr)
    world.run(*check[:-1], "tsa/foreign.crt", "tsa/root.crt")
    world.run("timestamp", "request", "--checkpoint", "cosigned", "--out", "again.tsq")
    expect(world.read("again.checkpoint") == stamped)
    expect(b"nonce" in world.run(*check, "--request", "again.tsq", expect=3).stderr)
    world.write("note", NOTE)
    world.run("add", "note")
    world.run("timestamp", "request", "--out", "next")
    expect((world.folder / "next.checkpoint").exists())
    other = world.json("timestamp", "verify", "head.tsr", "--checkpoint", "next.checkpoint", "--roots", "tsa/root.crt", expect=3)
    expect(not other["holds"] and "other bytes" in other["why"], other)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "next.checkpoint", "--roots", "tsa/root.crt",
              "--request", "head.tsq", expect=1)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", expect=2)
    world.run("timestamp", "verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "missing", expect=1)

    # Whatever stands in the place of the answer is a token that does not hold.
    good = world.read("head.tsr")
    for name, content in (("long.tsr", good + b"x"), ("short.tsr", good[:-1]), ("empty.tsr", b""), ("big.tsr", b"0" * 100_000)):
        world.write(name, content)
        world.run("timestamp", "verify", name, "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt", expect=3)


def timestamps_in_the_log_bound_when_its_entries_were_made(world):
    world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    authority = Authority(world)
    # By file.
    world.run("timestamp", "request", "--out", "head.tsq")
    world.write("head.tsr", authority.reply("rsa", world.read("head.tsq")))
    add = ["timestamp", "add", "head.tsr", "--checkpoint", "head.checkpoint", "--request", "head.tsq"]
    world.run(*add, "--roots", "tsa/foreign.crt", expect=1)
    added = world.json(*add, "--roots", "tsa/root.crt")
    expect(added["entry"] == 2 and added["type"] == "timestamp")
    expect(b"other bytes" in world.run("timestamp", "add", "head.tsr", expect=3).stderr)  # the head has moved on
    told = world.json("verify")
    expect(told["timestamps"] == [{"entry": 2, "covers": 2, "says": told["timestamps"][0]["says"], "holds": False}], told)
    expect(b"timestamp add" not in world.run("verify").stdout and b"--roots" in world.run("verify").stdout)
    told = world.json("verify", "--roots", "tsa/root.crt")
    rows = {row["question"]: row for row in told["proven"]}
    expect(told["ok"] and told["timestamps"][0]["holds"], told)
    expect(rows["not later"]["state"] == "in part" and "entries 0 to 1" in rows["not later"]["by"], rows)
    expect("entries after 2: not before" in rows["not earlier"]["by"], rows)
    stranger = world.json("verify", "--roots", "tsa/foreign.crt")
    expect(stranger["ok"] and "proves nothing to you" in stranger["remarks"][0], stranger)
    # From the authority itself, and the first token stamped again.
    with authority.served("p256") as url:
        world.run("timestamp", "add", "--tsa", url, "--roots", "tsa/root.crt")
        world.run("timestamp", "add", "--tsa", url, "--renew", "2", "--roots", "tsa/root.crt")
        world.run("timestamp", "add", "--tsa", url, "--renew", "1", expect=1)
    world.run("timestamp", "request", "--renew", "3", "--out", "again.tsq")
    world.write("again.tsr", authority.reply("below", world.read("again.tsq")))
    world.run("timestamp", "add", "again.tsr", "--renew", "3", "--request", "again.tsq")
    told = world.json("verify", "--roots", "tsa/root.crt")
    expect(told["ok"] and [(s["entry"], s.get("covers"), s.get("renews"), s["holds"]) for s in told["timestamps"]]
           == [(2, 2, None, True), (3, 3, None, True), (4, None, 2, True), (5, None, 3, True)], told)
    world.run("publish", "www")
    told = world.json("verify-log", "www", "--roots", "tsa/root.crt")
    expect(told["ok"] and all(stamp["holds"] for stamp in told["timestamps"]))
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("bundle")
    # What openssl says of what we made.
    entry = world.json("log", "3")[0]["note"]
    token = json.loads(entry.split("\n")[0])
    world.write("token.der", base64.b64decode(token["token"]))
    world.write("stamped", token["checkpoint"].encode())
    world.tool("openssl", "ts", "-verify", "-data", "stamped", "-in", "token.der", "-token_in", "-CAfile", "tsa/root.crt")
