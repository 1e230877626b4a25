"""Whoever reads the log, published or on the disk, reads no word that a person typed, and no word of the evidence."""
import base64
import os
import re
import shutil
from pathlib import Path

from world import ORIGIN, expect

CLI = Path(__file__).resolve().parents[2] / "docs/CLI.md"
# Options that take a text which no log holds, or which is public by its nature.
NOT_WORDS = {"--origin", "--kind", "--clock-offset", "--digest", "--role", "--to"}
# They ask, and record nothing; or they make something that is no part of a vault's log.
ASKING = {"list", "timeline", "witness init"}


class Words:
    """Runs commands, and gives each option that takes people's words a word that is nowhere else."""

    def __init__(self, world):
        self.world, self.said, self.options, self.unrecorded = world, [], set(), []

    def new(self, about):
        self.said.append(f"zq{len(self.said):03}{about.strip('-')}qz")
        return self.said[-1]

    def run(self, command, *arguments, **options):
        """`--reason` alone is a reason; what follows another option is its value."""
        words = command.split()
        for argument in arguments:
            words.append(argument)
            if argument.startswith("--") and argument in self.takes(command):
                self.options.add((command, argument))
                before = "2026-02-20T23:00:00Z " if argument == "--event" else ""
                words.append(before + self.new(argument))
        return self.world.run(*words, **options)

    @staticmethod
    def takes(command):
        """The options of a command that take people's words, as docs/CLI.md tells them."""
        section = re.search(rf"^## exhibit {command}$(.*?)(?=^## |\Z)", CLI.read_text(), re.MULTILINE | re.DOTALL)
        return set(re.findall(r"^  (?:-\w,)?(--[a-z-]+) TEXT", section[1], re.MULTILINE)) - NOT_WORDS

    def missed(self):
        """Words that somebody could have typed, and this test did not."""
        commands = re.findall(r"^## exhibit ([a-z -]+)$", CLI.read_text(), re.MULTILINE)
        return {(command, option) for command in commands if command not in ASKING for option in self.takes(command)} - self.options


READ = ["-i", "reader.txt", "--purpose"]
WHY, BY = ["--reason"], ["--authority", "--reason"]


def take_in_evidence(words):
    world = words.world
    name, content = words.new("filename"), words.new("content")
    world.write(f"in/{name}.txt", f"{content}\n{words.new('line')}\n".encode())
    world.write("in/zz.log", b"second\n" * 40)
    words.run("add", "in", "--description", "--tag", "--case", "--source", "--acquired-by", "--tool", "--method")
    words.run("add", "-", "--name", stdin=b"stream")


def act(words):
    world = words.world
    words.run("note", "1", "--text", "--case")
    words.run("case set", "--case", "--event", "--discovered", "2026-02-21T07:10:00Z")
    words.run("hold", "1-2", *BY, "--case")
    words.run("release", "2", *BY, "--case")
    words.run("shred", "2", *BY, "--case", "--confirm", "2")
    bob = world.run("keygen", "--signing", "--no-passphrase", "-o", "bob.key").stdout.decode().strip()
    words.run("custodian add", bob, "--role", "custodian", "--name", "--organisation", "--contact", *WHY)
    world.run("keygen", "--signing", "--no-passphrase", "--handle", f"{ORIGIN}/k2", "-o", "bob2.key")
    words.run("custodian rotate", "--key", "bob.key", "--new-key", "bob2.key", *WHY)
    words.run("transfer", "1", "--to", "k2", "--purpose", "--authority", "--condition", "--location", "--transport", "--case",
              "--out", "hand.over", "-i", "reader.txt")
    words.run("receive", "hand.over", "--case", "--key", "bob2.key", "-i", "reader.txt")
    words.run("suspend", "2", *WHY)
    words.run("lift", "2", *WHY)


def hand_out(words):
    world = words.world
    words.run("cat", "1", *READ)
    words.run("restore", "1", "--to", "restored", *READ)
    words.run("prove", "1", "--out", "a.proof", *READ)
    words.run("export", "1", "--out", "bundle", "--load-file", "load.dat", "--bates-prefix", *READ)
    words.unrecorded.append(words.said[-2])     # it is in the load file alone
    world.run("keygen", "--signing", "--no-passphrase", "--handle", "receiver", "-o", "receiver.key")
    words.run("verify-bundle", "bundle", "--fingerprint", world.fingerprint, "--key", "receiver.key", "--receipt", "receipt",
              "--name", "--organisation", "--contact")
    words.run("receive", "receipt")


def collect(words):
    world = words.world
    name = words.new("collector")
    words.run("collector new", name, "--out", "collector", "--case", "--organisation", "--contact", "--no-passphrase")
    world.write("out/x.txt", words.new("collected").encode())
    labels = [word for word in words.said if word.endswith("caseqz")]
    collected = ["--collector", "collector", "--drop", "drop"]
    world.run("collect", "out", *collected, "--case", labels[-1])
    words.run("collect", "-", *collected, "--name", "--description", "--tag", "--source", "--acquired-by", "--tool", "--method",
              stdin=b"stream")
    words.options.add(("collect", "--case"))    # the case is the one that the collector was made for
    words.run("take-in", "drop", *WHY)
    words.unrecorded.append(words.said[-1])     # nothing of it was accepted against a rule
    words.run("collector retire", name, "-i", "reader.txt", *WHY)


def change_keys(words):
    world = words.world
    other = world.run("keygen", "--no-passphrase", "-o", "other.txt").stdout.decode().strip()
    two = ["--cosigner-key", "bob2.key"]
    words.run("reader add", other, "--name", *WHY, "-i", "reader.txt")
    words.run("reader remove", other, *WHY, "-i", "reader.txt")
    words.run("reader recovery-key", *WHY, "-i", "reader.txt")
    words.run("rotate-log-key", "--no-passphrase", *WHY)
    words.run("reseal", "--destroy", "--yes", "-i", "reader.txt", *two, *WHY)
    words.run("rule", "--two", "shred", "--keep-recovery", *two, *WHY)
    words.run("rule", "--none", *two, *WHY)
    words.run("recover", "-i", "reader.txt", "--new-key", "carol.key", "--no-passphrase", "--confirm", ORIGIN,
              "--name", "--organisation", "--contact", *WHY)
    bob = "+".join(world.read("bob2.key").decode().split("+")[2:4])
    words.run("custodian retire", bob, "--key", "carol.key", *WHY)
    lose_a_head(words)


def lose_a_head(words):
    world = words.world
    shutil.copytree(world.folder / "vault", world.folder / "backup")
    world.run("note", "1", "--text", words.new("lost"), "--key", "carol.key")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "backup").rename(world.folder / "vault")
    words.run("recover-head", "--confirm", ORIGIN, "--key", "carol.key", *WHY)


def with_a_passphrase(words):
    """What only a vault that a passphrase opens has, in a vault of its own."""
    world = words.world
    os.chmod(world.write("phrase", b"correct horse battery\n"), 0o600)
    os.chmod(world.write("next", b"another horse battery\n"), 0o600)
    old, new = ({f"EXHIBIT_{which}_FILE": str(world.folder / name)} for which, name in (("PASSPHRASE", "phrase"), ("NEW_PASSPHRASE", "next")))
    world.run("init", "second", "--origin", "test.example/case-2", "--name", "Tester", "--no-passphrase", **old)
    words.run("passphrase reader", *WHY, "--vault", "second", **old, **new)
    told = world.run("show", "1", "--json", "--vault", "second", EXHIBIT_PASSPHRASE_FILE=str(world.folder / "next")).stdout
    expect(words.said[-1].encode() in told, told)
    words.unrecorded.append(words.said[-1])     # in the first vault


def as_they_may_be_written(word):
    """The word in other spellings of its bytes."""
    data = word.encode()
    yield data.lower()
    yield data.hex().encode()
    for shift in range(3):      # base64, wherever it begins; without the ends, which hold bits of others
        yield base64.b64encode(b"\0" * shift + data)[2 * (shift > 0) + 2:-4].lower()


def found_in(data, words):
    low = data.lower()
    return [word for word in words if any(form in low for form in as_they_may_be_written(word))]


def files_below(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def no_word_of_anybody_is_in_a_log(world):
    words = Words(world)
    recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
    words.run("init", "vault", "--origin", ORIGIN, "--reader", recipient, "--no-passphrase", "--name", "--organisation", "--contact")
    world.fingerprint = world.json("verify")["fingerprint"]
    for part in (take_in_evidence, act, hand_out, collect, change_keys, with_a_passphrase):
        part(words)
    expect(not words.missed(), f"options whose words were not tried: {sorted(words.missed())}")
    expect(len(words.said) > 70, len(words.said))

    world.run("publish", "published")
    for path in files_below(world.folder / "published"):
        said = found_in(path.read_bytes(), words.said)
        expect(not said, f"{path.relative_to(world.folder)} says {said}")
    log = world.run("log").stdout + world.run("log", "--vault", "second").stdout
    expect(not found_in(log, words.said), found_in(log, words.said))
    for path in files_below(world.folder / "vault") + files_below(world.folder / "second"):
        said = found_in(path.read_bytes(), words.said)
        expect(not said, f"{path.relative_to(world.folder)} says {said}")

    # The words are in the log all the same, for who has the key; but for content, what was lost with a head, and cases of acts,
    # which are labels.
    size = world.json("verify")["checkpoint"]["size"]
    told = b"".join(world.run("show", str(entry), "--json", "-i", "reader.txt").stdout for entry in range(size) if has_fields(world, entry))
    unseen = [word for word in words.said if word.encode() not in told and not re.search("content|line|lost|collected|case", word)
              and word not in words.unrecorded]
    expect(not unseen, f"typed, and recorded nowhere: {unseen}")


def has_fields(world, entry):
    text = world.run("log", str(entry)).stdout
    return b'"fields":"' in text


def a_word_that_is_there_is_found(world):
    """The search itself."""
    for data in (b"xx ZQ001reasonQZ", b'"' + base64.b64encode(b"..zq001reasonqz..") + b'"', b"zq001reasonqz".hex().encode()):
        expect(found_in(data, ["zq001reasonqz"]) == ["zq001reasonqz"], data)
    expect(found_in(b"nothing of it", ["zq001reasonqz"]) == [])
