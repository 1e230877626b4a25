"""Witnesses: they cosign one history of a log, by file and over HTTP, and their word goes with a bundle."""
import gzip
import json
import shutil
import subprocess
import urllib.error
import urllib.request

from servers import WitnessServer
from world import expect, until


def status_of_bomb(url):
    """What a server says to a small body that unpacks to a large one."""
    request = urllib.request.Request(url, gzip.compress(bytes(30_000_000)), {"Content-Encoding": "gzip"})
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as refused:
        return refused.code


def witnesses_see_one_history_by_file_and_over_http(world):
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    keys = {}
    for name in ("w1", "w2"):
        keys[name] = world.run("witness", "init", name, "--name", f"witness.example/{name}", "--log", made["log_key"],
                               "--no-passphrase", "-q").stdout.decode().strip()
    world.write("policy", f"log {made['log_key']}\nwitness w1 {keys['w1']}\nwitness w2 {keys['w2']}\n"
                          "group both all w1 w2\nquorum both\n".encode())
    expect(b"quorum" in world.run("verify", "--policy", "policy", expect=3).stdout)
    # By file, as over an air gap.
    world.run("checkpoint", "--witness-request", "request", "-q")
    world.run("witness", "sign", "w1", "--request", "request", "--out", "answer")
    # An answer that has no place is not made: the witness would have moved on without one.
    expect(b"nothing was signed" in world.run("witness", "sign", "w1", "--request", "request", "--out", "answer", expect=1).stderr)
    world.run("checkpoint", "--witness", "answer", expect=1)  # no key to check it with
    noted = world.run("checkpoint", "--witness", "answer", "--witness-key", keys["w1"]).stdout
    expect(b"witness.example/w1" in noted, noted)
    expect(b"quorum" in world.run("verify", "--policy", "policy", expect=3).stdout)
    # Over HTTP.
    with WitnessServer(world, "w2") as witness:
        url = witness.url
        expect(status_of_bomb(f"{url}/add-checkpoint") == 415)
        world.run("checkpoint", "--witness", url, "--witness-key", keys["w2"])
        report = world.json("verify", "--policy", "policy")
        expect(report["ok"] and [w["name"] for w in report["witnesses"]] == ["w1", "w2"], report)
        # What a witness cosigned travels with what is handed on.
        world.run("publish", "www")
        world.run("verify-log", "www", "--policy", "policy")
        shutil.copytree(world.folder / "vault", world.folder / "fork")
        world.write("in/b", b"two")
        world.run("add", "in/b")
        world.run("verify", "--policy", "policy", expect=3)  # the new head has no cosignatures yet
        world.write("policy2", world.read("policy").replace(keys["w2"].encode(), f"{keys['w2']} {url}".encode()))
        world.run("checkpoint", "--policy", "policy2")       # asks those that have a URL, from where they are
        world.run("checkpoint", "--witness-request", "request2", "--old", "2", "-q")
        world.run("witness", "sign", "w1", "--request", "request2", "--out", "answer2")
        world.run("checkpoint", "--witness", "answer2", "--policy", "policy")
        world.run("verify", "--policy", "policy")
        # An export is recorded, so it is made at a head that nobody has cosigned yet; a policy says so.
        world.write("log-alone", f"log {made['log_key']}\nquorum none\n".encode())
        world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
        world.run("verify-bundle", "bundle", "--policy", "log-alone")
        expect(b"quorum" in world.run("bundle", "--policy", "policy", program=world.verify_program, expect=3).stdout)
        # Another history is shown to neither.
        other = {"XDG_STATE_HOME": str(world.folder / "forger"), "EXHIBIT_VAULT": str(world.folder / "fork")}
        for name in ("x", "y"):
            world.write(f"in/{name}", name.encode())
            world.run("add", f"in/{name}", **other)
        refused = world.run("checkpoint", "--witness", url, "--witness-key", keys["w2"], expect=3, **other)
        expect(b"422" in refused.stderr, refused.stderr)
        world.run("checkpoint", "--witness-request", "request3", "--old", "3", "-q", **other)
        expect(b"does not extend" in world.run("witness", "sign", "w1", "--request", "request3", expect=3).stderr)
        world.run("verify", "--policy", "policy", expect=3, **other)
    expect(b"--old 3" in world.run("witness", "sign", "w1", "--request", "request", expect=3).stderr)
    # A policy in which one key counts twice is none.
    world.write("twice", f"log {made['log_key']}\nwitness w1 {keys['w1']}\nwitness w2 {keys['w1']}\nquorum none\n".encode())
    world.run("verify", "--policy", "twice", expect=1)


def a_bundle_carries_the_cosignatures_that_its_receiver_asks_for(world):
    made = world.init()
    world.write("in/a", b"one")
    world.write("in/b", b"two")
    world.run("add", "in")
    keys = {name: world.run("witness", "init", name, "--name", f"witness.example/{name}", "--log", made["log_key"],
                            "--no-passphrase", "-q").stdout.decode().strip() for name in ("w1", "w2", "w3")}
    receiver = f"log {made['log_key']}\n" + "".join(f"witness {name} {key}\n" for name, key in keys.items())
    receiver += "group two 2 w1 w2 w3\nquorum two\n"
    world.write("receiver", receiver.encode())
    check = ["bundle", "--policy", "receiver", "--fingerprint", made["fingerprint"]]

    def checked(bundle):
        world.second_opinion(bundle)
        report = json.loads(world.run(bundle, *check[1:], "--json", program=world.verify_program).stdout)
        expect(report["ok"], report)
        return [witness["name"] for witness in report["witnesses"]]

    with WitnessServer(world, "w1") as w1:
        with WitnessServer(world, "w2") as w2:
            asked = receiver.replace(keys["w1"], f"{keys['w1']} {w1.url}").replace(keys["w2"], f"{keys['w2']} {w2.url}")
            world.write("asked", asked.encode())
            world.run("export", "1", "--out", "bundle", "-i", "reader.txt", "--policy", "asked")
            expect(checked("bundle") == ["w1", "w2"])
            expect((world.folder / "bundle/policy.txt").read_text() == asked)
            world.run("export", "1", "--out", "named", "-i", "reader.txt", "--witness", w1.url, "--witness-key", keys["w1"],
                      "--witness", w2.url, "--witness-key", keys["w2"])
            expect(checked("named") == ["w1", "w2"] and not (world.folder / "named/policy.txt").exists())
        # One of three is left: no quorum, no bundle, and the log says so.
        refused = world.run("export", "1", "--out", "none", "-i", "reader.txt", "--policy", "asked", expect=1)
        expect(b"witness" in refused.stderr and not (world.folder / "none").exists(), refused.stderr)
        expect(world.history(1)[-1] == "the export of entry 7 failed: io", world.history(1))
        # Without one that is not needed it goes on, and says who did not answer.
        world.write("asked-any", asked.replace("two 2", "two any").encode())
        said = world.run("export", "1", "--out", "any", "-i", "reader.txt", "--policy", "asked-any").stderr
        expect(w2.url.encode() in said, said)
        world.run("any", "--policy", "receiver", program=world.verify_program, expect=3)
    def cosign_by_file(*names):
        answers = []
        for name in names:
            world.run("checkpoint", "--witness-request", f"request-{name}", "-q")
            answer = json.loads(world.run("witness", "sign", name, "--request", f"request-{name}", "--json",
                                          expect=0 if name == "w3" else 3).stdout)
            if answer["status"] == 409:
                world.run("checkpoint", "--witness-request", f"again-{name}", "--old", answer["answer"].strip(), "-q")
                answer = json.loads(world.run("witness", "sign", name, "--request", f"again-{name}", "--json").stdout)
            world.write(f"answer-{name}", answer["answer"].encode())
            answers += ["--witness", f"answer-{name}"]
        world.run("checkpoint", *answers, "--policy", "receiver")

    # What no policy of the receiver's would accept is not made, and the log says so.
    world.write("all", receiver.replace("two 2", "two all").encode())
    refused = world.run("export", "1", "--out", "strict", "-i", "reader.txt", "--policy", "all", "--await", "1", expect=3)
    expect(b"not exported: " in refused.stderr and not (world.folder / "strict").exists(), refused.stderr)
    expect(world.history(1)[-1].endswith("failed: tampered"), world.history(1))
    expect(b"--await needs --policy" in world.run("export", "1", "--out", "none", "-i", "reader.txt", "--await", "1", expect=1).stderr)
    # By file: the bundle tells of itself, so its checkpoint is a new one, and the export waits until that is cosigned.
    before = world.json("checkpoint")["checkpoint"]["size"]
    exporting = world.start("export", "1", "--out", "by-file", "-i", "reader.txt", "--policy", "receiver", "--await", "300",
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: world.json("checkpoint")["checkpoint"]["size"] == before + 2, "the data are recorded")
    expect(not (world.folder / "by-file").exists())
    cosign_by_file("w1", "w3")
    said = exporting.communicate(timeout=300)
    expect(exporting.returncode == 0 and b"waiting up to 300 s" in said[1], said)
    expect(checked("by-file") == ["w1", "w3"])
    expect(world.json("checkpoint")["checkpoint"]["size"] == before + 2)
    world.run("export", "1", expect=1)  # no folder
