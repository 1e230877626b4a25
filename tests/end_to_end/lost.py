"""A vault that lost an entry goes on: every command works past the gap and says so, or refuses by naming what is lost.

`exhibit rescue` makes such vaults. An entry is lost here at the beginning, in the middle and at the end, of each kind that
matters: evidence, an act on it, a hold, and one that changes who may act. Or the entry is here, and its sealed file is
damaged. On each vault every command of the program's own list is typed. It ends with 0, or with 3 and the word of what is
lost; nothing crashes, and nobody is accused.
"""
import json
import re
import shutil
import subprocess

from servers import Authority
from world import NOTE, NOT_ANCHORED, expect, flip

LOST = 3
ACCUSING = re.compile(r"tamper|left out, or its signer lied|was changed|somebody|rolled back|internal error|Sanitizer|terminate", re.I)
# What belongs to no vault, or asks for something that a healthy vault does not have either: its own answer.
OTHERWISE = {"fork-proof": "nothing contradicts", "recover-head": "nothing to recover", "passphrase reader": "sealed to readers",
             "retain": "is a vault in a folder"}
SERVES = {"witness serve"}


class Rescued:
    """A vault with entries of every kind, and what a rescue makes of it when the bytes of one are gone."""

    # In the order of the log, from entry 1 on.
    KINDS = ["item 1", "item 2", "case", "note", "custodian", "hold", "item 3", "note on 2", "item 4", "item 5", "last note"]

    def __init__(self, world, lost, part="entry", otherwise=()):
        self.otherwise = dict(otherwise)  # what a command says for want of what an earlier one was refused to make
        self.world, self.part, self.lost = world, part, 0 if lost == "genesis" else 1 + self.KINDS.index(lost)
        self.made = world.init()
        self.add("1"), self.add("2")
        world.run("case", "set", "--case", "IR-1", "--discovered", "2026-11-20")
        world.run("note", "1", "--text", "seen on the second floor")
        world.admit("bob")
        world.run("hold", "2", "--authority", "court", "--reason", "case 7")
        self.add("3")
        world.run("note", "2", "--text", "seen by Bob", "--key", "bob.key")
        self.add("4"), self.add("5")
        world.run("note", "1", "--text", "the last")
        log = world.json("log")
        expect(len(log) == 1 + len(self.KINDS), [row["note"][:40] for row in log])
        self.kept = next(item for item in (7, 2, 1) if item != self.lost)
        sealed = [row["entry"] for row in log if '"header":' in row["note"]]
        if part == "entry":
            self.lose_entry(world.folder / "vault/store")
        else:
            self.damage_sealed_file(world.folder / "vault/store/packs", sealed.index(self.lost))
        self.environment = {"EXHIBIT_VAULT": str(world.folder / "new"), "EXHIBIT_IDENTITY": str(world.folder / "reader.txt"),
                            "XDG_STATE_HOME": str(world.folder / "state-of-new")}
        told = world.json("rescue", "vault", "--to", "new", expect=LOST, **self.environment)
        expect([row["entry"] for row in told["lost"]] == [self.lost], told)
        expect(told["entries_lost"] == (1 if part == "entry" else 0), told)

    def add(self, name):
        self.world.write(f"in/{name}.txt", NOTE + name.encode() * 40)
        self.world.run("add", f"in/{name}.txt", "--source", "fs01", "--case", "IR-1")

    def damage_sealed_file(self, packs, which):
        """The sealed file of so many before it: a byte of its payload, after the header and the nonce."""
        path, = packs.iterdir()
        data = path.read_bytes()
        begins = [found.start() for found in re.finditer(b"age-encryption.org/v1\n", data)]
        header_ends = data.index(b"\n", data.index(b"\n--- ", begins[which]) + 1) + 1
        flip(path, header_ends + 40)

    def lose_entry(self, store):
        hits = 0
        for path in [*store.glob("*.log"), *store.glob("*.sst")]:
            data = bytearray(path.read_bytes())
            at = data.find(b'"seq":%d,' % self.lost)
            while at >= 0:
                data[at + 1] ^= 1
                hits += 1
                at = data.find(b'"seq":%d,' % self.lost, at + 1)
            path.write_bytes(bytes(data))
        expect(hits == 1, f"entry {self.lost} is {hits} times in the store")

    def type(self, command, *arguments):
        """Types it, and judges what it says. Gives its exit status and what it printed."""
        words = [*command.split(), *map(str, arguments)]
        done = subprocess.run([str(self.world.exhibit_program), *words], cwd=self.world.folder, capture_output=True, timeout=300,
                              stdin=subprocess.DEVNULL, env={**self.world.environment, **self.environment})
        said = done.stderr.decode(errors="replace")
        shown = f"{' '.join(words)}\nexit {done.returncode}\n{done.stdout.decode(errors='replace')[-2000:]}\n{said[-2000:]}"
        otherwise = {**OTHERWISE, **self.otherwise}
        if command in otherwise and done.returncode == 1:
            expect(otherwise[command] in said, shown)
            return done
        names_it = re.search(rf"(entry|item) {self.lost} (before it )?is lost|(entry|item) {self.lost}: ", said + done.stdout.decode(errors="replace"))
        expect(done.returncode in (0, LOST) or names_it, shown)
        expect(done.returncode != LOST or names_it, shown)
        # Of a damaged sealed file `verify` does say that it was changed.
        judged = said + (done.stdout.decode() if command == "verify" and self.part == "entry" else "")
        expect(not ACCUSING.search(judged), shown)
        if "--json" in words and done.returncode == LOST and "error" not in (told := json.loads(done.stdout)):
            word = "lost" if self.part == "entry" else "damaged"
            expect(any(row.get("entry") == self.lost and word in row for row in told) if isinstance(told, list) else
                   self.lost in [*told.get(word, []), *told.get("failed", [])], shown)
        return done


def steps(vault):
    """Every command, with arguments that a healthy vault takes, in an order in which each can."""
    world, kept = vault.world, vault.kept
    recipient = world.run("keygen", "--no-passphrase", "-o", "second.txt").stdout.decode().strip()
    for name, handle in (("carol", "k7"), ("k1-next", "k1")):
        world.write(f"{name}.vkey", world.run("keygen", "--signing", "--no-passphrase", "--handle", f"test.example/case-1/{handle}",
                                              "-o", f"{name}.key").stdout)
    world.write("later.txt", b"after the disk failed")
    because = ["--reason", "because"]
    court = ["--authority", "court", *because]
    yield from (
        ("status", "--json"), ("doctor",), ("list",), ("list", "--json"), ("list", "--kind", "ransom-message"), ("show", kept),
        ("show", kept, "--json"), ("history", kept), ("history", kept, "--json"), ("history", kept, "--case-uco"), ("log",),
        ("log", "--json"), ("timeline",), ("timeline", "--json"), ("timeline", "--timesketch"), ("verify",), ("verify",),
        ("verify", "--log", "--json"), ("verify", "--content"), ("custodian list",), ("reader list",), ("collector list",),
        ("case show",), ("case key", "IR-1", "--out", "case.key"), ("kit", "--out", "kit"),
        ("show", vault.lost), ("history", vault.lost), ("log", vault.lost), ("cat", vault.lost, "--purpose", "look"),
        ("note", vault.lost, "--text", "lost when the disk failed"), ("export", vault.lost, "--out", "lost", "--purpose", "look"),
        ("add", "later.txt"), ("note", kept, "--text", "after the rescue"),
        ("cat", kept, "--purpose", "look"), ("cat", kept, "--out", "copy", "--purpose", "look"),
        ("restore", "--all", "--to", "tree", "--purpose", "look"), ("restore", "1-10", "--to", "tree-2", "--purpose", "look"),
        ("restore", kept, vault.lost, "--to", "tree-3", "--purpose", "look"),
        ("export", kept, vault.lost, "--partial", "--out", "partial", "--purpose", "look"),
        ("export", kept, "--out", "one", "--purpose", "trial"), ("export", "--all", "--out", "all", "--purpose", "trial"),
        ("export", "--select", "case=IR-1", "--out", "sealed", "--recipient", recipient, "--purpose", "trial"),
        ("export", kept, "--out", "json", "--purpose", "trial", "--json"),
        ("prove", kept, "--out", "one.proof", "--purpose", "trial"),
        ("add", "in", "--resume", "--source", "fs01"), ("checkpoint", "-o", "head"), ("publish", "www"), ("rescue", "new", "--to", "again"), ("replicate", "--to", "replica"),
        ("hold", kept, *court), ("release", kept, *court), ("rule", "--two", "release", "--keep-recovery", "--cosigner-key", "bob.key", *because),
        ("rule", "--none", "--cosigner-key", "bob.key", *because),
        ("transfer", kept, "--to", "k2", "--purpose", "analysis", "--out", "out.transfer"), ("receive", "out.transfer", "--key", "bob.key"),
        ("custodian add", "carol.vkey", "--role", "custodian", "--name", "Carol"), ("suspend", "2", *because), ("lift", "2", *because),
        ("collector new", "fs01", "--case", "IR-1", "--out", "stick", "--no-passphrase"),
        ("collect", "in/3.txt", "--collector", "stick", "--drop", "drop"), ("take-in", "drop"), ("collector retire", "fs01", *because),
        ("reader add", recipient, "--name", "Dora", *because), ("reader remove", recipient, *because), ("reader recovery-key",),
        ("case set", "--case", "IR-1", "--discovered", "2026-11-19"),
        ("timestamp request", "--out", "head.tsq"), ("timestamp add", "head.tsr", "--checkpoint", "head.checkpoint", "--request", "head.tsq", "--roots", "tsa/root.crt"),
        ("timestamp verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt", "--request", "head.tsq"),
        ("witness init", "w1", "--name", "witness.example/w1", "--log", "log.vkey", "--no-passphrase"),
        ("witness sign", "w1", "--request", "request", "--out", "answer"),
        ("reseal", *because, "--yes"), ("shred", kept, *court, "--confirm", kept), ("rotate-log-key", *because, "--no-passphrase"),
        ("custodian retire", "carol.vkey", *because), ("custodian rotate", "--new-key", "k1-next.key", *because),
        ("recover", "--name", "Tester", "--new-key", "recovered.key", "--no-passphrase", *because, "--confirm", "test.example/case-1"),
        ("fork-proof", "--out", "fork"), ("recover-head", *because, "--confirm", "test.example/case-1"),
        ("passphrase own", "--no-passphrase"), ("passphrase log", "--no-passphrase"), ("passphrase reader",),
        ("init", "other", "--origin", "x7.example/q4d2", "--name", "Tester", "--reader", recipient, "--no-passphrase"),
        ("retain",), ("policies", "s3://host/bucket/case", "--reader", "arn:aws:iam:::user/reader"),
        ("keygen", "--no-passphrase", "-o", "third.txt"), ("help", "status"), ("version",))


def every_command_of(vault):
    world, seen = vault.world, set()
    world.run("checkpoint", "--log-key", "-o", "log.vkey", **vault.environment)
    authority = Authority(world)
    for command, *arguments in steps(vault):
        seen.add(command)
        done = vault.type(command, *arguments)
        if command == "timestamp request":
            world.write("head.tsr", authority.reply("rsa", world.read("head.tsq")))
        if command == "witness init":
            world.run("checkpoint", "--witness-request", "request", "-q", **vault.environment)
        if command == "publish" and done.returncode == 0:
            world.run("verify-log", "www", expect=0, **vault.environment)
        yield command, arguments, done.returncode
    text = world.run("--generate", "bash").stdout.decode()
    listed = {name.removeprefix("exhibit ") for name in re.findall(r"^    '(exhibit [^']*)'\) echo '-h --help", text, re.M)}
    commands = {one for one in listed if not any(other.startswith(one + " ") for other in listed)}
    expect(len(commands) > 55, commands)
    missing = commands - seen - SERVES - {"verify-bundle", "verify-log"}  # of what was exported and published, below
    expect(not missing, f"no line here types {sorted(missing)}")


def bundles_hold(vault):
    """What was exported over the gap verifies offline, by both verifiers."""
    world = vault.world
    for name in ("one", "all", "json", "sealed", "partial"):
        world.run("verify-bundle", name, "--fingerprint", vault.made["fingerprint"])
        world.run(name, "--fingerprint", vault.made["fingerprint"], program=world.verify_program)
        world.second_opinion(name, expect=NOT_ANCHORED)
    world.run("verify-bundle", "--proof", "one.proof", "in/3.txt", "--fingerprint", vault.made["fingerprint"])
    expect(not (world.folder / "www/checkpoint").exists(), "published with a gap")


def works_past(world, lost):
    vault = Rescued(world, lost)
    ended = [(command, *arguments, status) for command, arguments, status in every_command_of(vault)]
    refused = {command for command, *_, status in ended if status not in (0, LOST)}
    expect(not refused - set(OTHERWISE), refused)
    bundles_hold(vault)
    tree = {path.name for path in (world.folder / "tree").rglob("*.txt")}
    expect(tree == {f"{n}.txt" for n in range(1, 6)} - {lost.replace("item ", "") + ".txt"} | {"later.txt"}, tree)


def evidence_at_the_beginning(world):
    works_past(world, "item 1")


def an_act_in_the_middle(world):
    works_past(world, "note")


def a_hold_in_the_middle_is_feared(world):
    vault = Rescued(world, "hold")
    refused = vault.type("shred", "2", "--authority", "court", "--reason", "ordered", "--confirm", "2")
    expect(refused.returncode == LOST and b"may be a hold" in refused.stderr, refused.stderr)
    vault.type("cat", "2", "--purpose", "it is still there")


def evidence_at_the_end(world):
    works_past(world, "item 5")


def a_change_of_law_in_the_middle_stops_what_depends_on_it(world):
    vault = Rescued(world, "custodian", otherwise={
        "receive": "does not exist", "reader remove": "is no reader", "collect": "is no collector's folder", "take-in": "drop",
        "collector retire": "no collector", "lift": "is not suspended"})
    ended = {}
    for command, arguments, status in every_command_of(vault):
        ended.setdefault(command, status)
    # Nobody's evidence is locked in: it is read, and that is recorded.
    expect(all(ended[one] in (0, LOST) for one in ("list", "show", "cat", "restore", "verify", "note", "status", "timeline", "log")), ended)
    expect((world.folder / "tree").exists(), "nothing was restored")
    for command in ("add", "export", "prove", "custodian add", "collector new", "publish", "reseal", "shred"):
        expect(ended[command] == LOST, (command, ended[command]))
    expect(not any((world.folder / name).exists() for name in ("one", "all", "sealed", "one.proof")), "a bundle without its law")


def what_is_told_of_the_vault_is_damaged(world):
    """The sealed words of entry 0 say who its first custodian is. Nobody is named then, and all goes on."""
    vault = Rescued(world, "genesis", part="sealed file", otherwise={"cat": "is no item", "export": "is an act", "restore": "kept"})
    refused = {(command, *arguments) for command, arguments, status in every_command_of(vault) if status not in (0, LOST)}
    expect(not {command for command, *_ in refused} - set(OTHERWISE) - set(vault.otherwise), refused)


def evidence_that_cannot_be_opened_any_more(world):
    vault = Rescued(world, "item 1", part="sealed file")
    refused = {(command, *arguments) for command, arguments, status in every_command_of(vault) if status not in (0, LOST)}
    expect(not {command for command, *_ in refused} - set(OTHERWISE) - set(vault.otherwise), refused)
    expect({path.name for path in (world.folder / "tree").rglob("*.txt")} == {f"{n}.txt" for n in range(2, 6)} | {"later.txt"}, "restored")


def another_copy_fills_the_gap(world):
    vault = Rescued(world, "custodian")
    shutil.rmtree(world.folder / "new")
    shutil.copytree(world.folder / "vault", world.folder / "vault-2")
    # What a command's hint says: the entry is in another copy, here the one before it was damaged.
    for path in (world.folder / "vault-2/store").glob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b'"req":%d,' % vault.lost, b'"seq":%d,' % vault.lost))
    told = world.json("rescue", "vault", "--to", "new", "--also", "vault-2", **vault.environment)
    expect(told["ok"] and not told["lost"], told)
    world.run("verify", expect=NOT_ANCHORED, **vault.environment)
