"""Files that come from elsewhere, each kind with the commands that read it."""
import json
import random
import shutil
from pathlib import Path

import mutate
from faces import served
from judging import NOTE, ORIGIN, key_of_file
from pieces import Key
from programs import ROOT

SECOND = str(ROOT / "tools/verify_bundle.py")


class Samples:
    """An honest vault and everything that it gives to others and takes from them."""

    def __init__(self, world):
        self.world, self.folder = world, world.folder
        world.environment |= {"EXHIBIT_VAULT": str(world.folder / "vault"), "EXHIBIT_KEY": str(world.folder / "tester.key")}
        run = world.exhibit
        (self.folder / "in").mkdir()
        for name in ("a.txt", "b.txt"):
            (self.folder / "in" / name).write_bytes(NOTE + name.encode())
        reader = run("keygen", "--no-passphrase", "-o", "reader.txt").decode().strip()
        run("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", reader, "--no-passphrase", "--key", "tester.key")
        run("add", "in", "--case", "IR-1", "--quiet")
        (self.folder / "bob.vkey").write_bytes(run("keygen", "--signing", "--no-passphrase", "-o", "bob.key"))
        run("keygen", "--signing", "--handle", f"{ORIGIN}/receiver", "--no-passphrase", "-o", "receiver.key")
        run("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "bob")
        for out, number in (("bundle", "1"), ("bundle.tar", "1"), ("bundle.zip", "2")):
            run("export", number, "--out", out, "-i", "reader.txt")
        run("export", "2", "--out", "sealed", "-i", "reader.txt", "--recipient", reader)
        run("prove", "1", "--out", "proof", "-i", "reader.txt")
        run("prove", "1", "--lines", "1", "--out", "part.proof", "-i", "reader.txt")
        run("case", "key", "IR-1", "-o", "case-key")
        run("verify-bundle", "bundle", "--receipt", "receipt", "--key", "receiver.key", "--fingerprint", self.fingerprint())
        run("transfer", "1-2", "--to", "k2", "--purpose", "analysis", "--out", "statement", "-i", "reader.txt")
        run("collector", "new", "fs01", "--out", "stick", "--case", "IR-1", "--no-passphrase")
        run("collect", "in", "--collector", "stick", "--drop", "drop", "--case", "IR-1", "--quiet")
        run("checkpoint", "--out", "head")
        (self.folder / "log.vkey").write_text(self.genesis()["log"][0] + "\n")
        run("witness", "init", "w1", "--name", "witness.example/w1", "--log", "log.vkey", "--no-passphrase")
        run("checkpoint", "--witness-request", "request")
        run("witness", "sign", "w1", "--request", "request", "--out", "answer")
        witness = key_of_file(next((self.folder / "w1").glob("*.key")))
        (self.folder / "w1.vkey").write_text(Key(witness.name, witness.seed, kind=4).text + "\n")
        run("checkpoint", "--witness", "answer", "--witness-key", "w1.vkey")
        run("publish", "www")
        run("verify-log", "www")
        (self.folder / "policy").write_text(f"log {(self.folder / 'log.vkey').read_text()}witness w1 {(self.folder / 'w1.vkey').read_text().strip()}\n"
                                            "group g any w1\nquorum g\n")
        (self.folder / "hashes").write_bytes(world.tool("sha256sum", "in/a.txt"))
        (self.folder / "recipients").write_text(f"# readers\n{reader}\n")
        shutil.copy(ROOT / "tests/fuzz/seeds/fork_proof/pasts", self.folder / "fork")
        self.signers = [key_of_file(self.folder / f"{name}.key") for name in ("tester", "bob", "receiver", "stick/collector")]

    def genesis(self):
        return json.loads(json.loads(self.world.exhibit("log", "0", "--json"))[0]["note"].split("\n")[0])

    def fingerprint(self):
        return json.loads(self.world.exhibit("log", "0", "--json"))[0]["leaf_hash"]

    def state(self, pattern):
        return next(path for path in sorted((self.folder / "home/state").rglob("*")) if path.is_file() and pattern in str(path))


def kinds(samples):
    """(its name, the file, the commands). A command's "{}" is the mutant; without one it lies in the file's place."""
    folder = samples.folder
    reader, log = ("-i", "reader.txt"), ("--log-key", "log.vkey")
    yield "a statement of a transfer", "statement", [["receive", "{}", "--key", "bob.key"], ["receive", "{}", "--refuse"],
                                                    ["transfer", "--abandon", "{}"], ["receive", "{}", "--bundle", "bundle", "--out", "new/signed", "--key", "bob.key"]]
    yield "a receipt", "receipt", [["receive", "{}"]]
    yield "a head that was kept elsewhere", "head", [["--pin", "{}", "list"], ["verify", "--after", "{}"], ["verify-log", "www", "--pin", "{}"],
                                                     ["fork-proof", "--against", "{}"], ["timestamp", "request", "--checkpoint", "{}", "--out", "new/query"]]
    yield "the head in the state folder", samples.state("/heads/"), [["list"], ["verify"], ["verify-log", "www"], ["fork-proof"]]
    yield "what was known of a published log", samples.state("/verified/"), [["verify-log", "www"], ["verify-log", "www", "--whole"]]
    yield "a policy", "policy", [["verify", "--policy", "{}"], ["exhibit-verify", "bundle", "--policy", "{}"], ["verify-log", "www", "--policy", "{}"]]
    yield "a case key", "case-key", [["verify", "--case-key", "{}"], ["exhibit-verify", "bundle", "--case-key", "{}"], ["verify-log", "www", "--case-key", "{}"],
                                     [SECOND, "bundle", "--case-key", "{}"]]
    for name in ("proof", "part.proof"):
        originals = ["in/a.txt"] if name == "proof" else []
        yield f"a {name}", name, [["exhibit-verify", "--proof", "{}", *originals], ["verify-bundle", "--proof", "{}", *originals, "--json"],
                                  [SECOND, "--proof", "{}", *originals]]
    yield "a key", "bob.vkey", [["custodian", "add", "{}", "--role", "collector"], ["fork-proof", "--check", "fork", "--log-key", "{}"],
                               ["checkpoint", "--witness", "answer", "--witness-key", "{}"]]
    yield "a signing key", "bob.key", [["add", "in/a.txt", "--key", "{}"], ["receive", "receipt", "--key", "{}"]]
    yield "an identity", "reader.txt", [["list", "-i", "{}"], ["verify", "--content", "-i", "{}"], ["exhibit-verify", "sealed", "-i", "{}"]]
    yield "recipients", "recipients", [["export", "1", *reader, "--recipient", "{}", "--out", "new/out"], ["reader", "add", "{}", *reader]]
    yield "a list of hashes", "hashes", [["add", "in/a.txt", "--hashes", "{}"]]
    yield "a proof of a fork", "fork", [["fork-proof", "--check", "{}", *log], ["fork-proof", "--check", "{}", *log, "--json"]]
    yield "a witness's answer", "answer", [["checkpoint", "--witness", "{}", "--witness-key", "w1.vkey"]]
    yield "a request to a witness", "request", [["witness", "sign", "w1", "--request", "{}"]]
    yield "a witness's head", next(iter((folder / "w1/heads").iterdir())), [["witness", "sign", "w1", "--request", "request"]]
    yield "the head of a vault", "vault/HEAD", [["list"], ["verify"], ["log", "0"]]
    yield "the log's key", "vault/keys/log.key", [["add", "in/a.txt"]]
    yield "the label secret", "vault/keys/label.key", [["add", "in/a.txt"], ["verify", "--content", *reader], ["case", "key", "IR-1", "-o", "new/case-key"]]
    yield "the recovery key", "vault/keys/recovery.age", [["verify"], ["recover", *reader, "--name", "C", "--reason", "b", "--confirm", ORIGIN, "--no-passphrase",
                                                                     "--new-key", "new/key"], ["reader", "recovery-key", "--reason", "b", *reader]]
    yield "the reader's key", "vault/keys/reader.age", [["list", *reader], ["verify", "--content", *reader], ["cat", "1", *reader]]
    yield "a cosigned head", next(iter((folder / "vault/cosigned").iterdir())), [["verify"], ["checkpoint"], ["export", "1", "--out", "new/out", *reader]]
    yield "a stamp", ROOT / "tests/fuzz/seeds/timestamp/answer", [
        ["timestamp", "add", "{}", "--checkpoint", "head"],
        ["timestamp", "verify", "{}", "--checkpoint", "head", "--roots", str(ROOT / "tests/fuzz/seeds/timestamp/root")]]
    yield "a stamp's root", ROOT / "tests/fuzz/seeds/timestamp/root", [
        ["timestamp", "verify", str(ROOT / "tests/fuzz/seeds/timestamp/answer"), "--checkpoint", "head", "--roots", "{}"], ["verify", "--roots", "{}"]]
    for path in sorted((folder / "drop").rglob("*")):
        if path.is_file():
            yield f"{path.name[-4:]} of a drop", path, [["take-in", "drop"]]
    for path in sorted((folder / "stick").iterdir()):
        yield f"a collector's {path.name}", path, [["collect", "in/a.txt", "--collector", "stick", "--drop", "new/drop"]]
    for bundle in ("bundle", "sealed"):
        for path in sorted((folder / bundle).rglob("*")):
            if path.is_file():
                yield f"{path.relative_to(folder)}", path, [["exhibit-verify", bundle, *reader], ["verify-bundle", bundle, "--receipt", "new/receipt", "--key", "receiver.key"],
                                                            [SECOND, bundle, *(reader if bundle == "sealed" else ())]]
    for container in ("bundle.tar", "bundle.zip"):
        yield container, container, [["exhibit-verify", container], [SECOND, container],
                                     ["receive", "statement", "--bundle", container, "--out", "new/signed", "--key", "bob.key"]]
    for path in sorted((folder / "www").rglob("*")):
        if path.is_file():
            yield f"{path.relative_to(folder)}", path, [["verify-log", "www"], ["verify-log", "http"], ["publish", "www"]]


# What a command may have changed: each mutant finds it as it was.
CHANGED = ("vault", "www", "stick", "w1", "home/state")


def run_kind(samples, chance, name, path, commands, count, url):
    world, folder = samples.world, samples.folder
    path = Path(path) if Path(path).is_absolute() else folder / path
    good = path.read_bytes()
    for number in range(count):
        mutant = mutate.make(chance, good, samples.signers)
        for command in commands:
            place = path
            if any("{}" in word for word in command):
                place = folder / "mutant"
                place.unlink(missing_ok=True)
            shutil.rmtree(folder / "new", ignore_errors=True)
            (folder / "new").mkdir()
            place.write_bytes(mutant)
            if place.suffix == ".key":
                place.chmod(0o600)
            words = [word.replace("{}", "mutant").replace("http", url, 1) if word in ("{}", "http") else word for word in command]
            program = [] if words[0] in ("exhibit-verify",) or "/" in words[0] else ["exhibit"]
            world.try_out(f"{name}, mutant {number}", *program, *words, raw_output=words[0] in ("cat", "checkpoint"))
            for changed in CHANGED:
                shutil.rmtree(folder / changed, ignore_errors=True)
                shutil.copytree(folder / "kept" / changed, folder / changed)
            if place == path:
                path.write_bytes(good)


def run(world, seed, count, share):
    """`count` mutants of each kind of file, of the kinds that are this share's."""
    samples = Samples(world)
    for changed in CHANGED:
        shutil.copytree(world.folder / changed, world.folder / "kept" / changed)
    mine, shares = share
    with served(world.folder / "www") as url:
        for number, (name, path, commands) in enumerate(kinds(samples)):
            if number % shares == mine:
                few = count if "/" not in name else max(count // 4, 1)
                run_kind(samples, random.Random(f"file {seed} {name}"), name, path, commands, few, url)
