"""Files that people take for others: the mistake is named, nothing is called tampering, and what is secret in them is not shown."""
import codecs
import os
import subprocess

from secret_arguments import commands, with_secret
from world import NOTE, NOT_ANCHORED, expect

# Raw words of a library or of the system, which help nobody.
RAW = (b"Is a directory", b"Not a directory", b"bech32", b"age header", b"upper and lower case", b"three parts")
TAKES_A_FILE = ("FILE", "DIR", "FOLDER", "PLACE", "PATH", "VKEY", "KEY", "DROP", "DAMAGED", "BUNDLE", "REQUEST", "ANSWER")


def filled(world, case="C1"):
    """A vault with what its commands write, and a file of each kind."""
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt", "--case", case)
    world.run("case", "key", case, "-o", "case-key")
    world.run("keygen", "--signing", "--no-passphrase", "-o", "other.key")
    world.run("checkpoint", "-o", "checkpoint")
    world.run("prove", "1", "-i", "reader.txt", "--out", "note.proof")
    world.run("export", "1", "-i", "reader.txt", "--out", "bundle")
    world.write("pem", b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+abcdefgh1234567890+bcdefgh1234567890abcdef\n-----END PRIVATE KEY-----\n")
    world.write("empty", b"")
    world.write("text", b"hello world\n")
    world.write("noise", bytes(range(256)) * 20)
    os.mkdir(world.folder / "folder")
    world.write("folder/text", b"hello world\n")


def secret_in(path):
    """What nobody may see of the file."""
    text = path.read_text()
    line = next(line for line in text.splitlines() if line and not line.startswith(("#", "-----")))
    if path.name == "case-key":
        return text.split('"key":"')[1].split('"')[0]
    public_parts = 4 if line.startswith("PRIVATE+KEY+") else 1 if line.startswith("exhibit-label-secret+") else 0
    return line.split("+", public_parts)[-1]


def no_message_shows_what_is_secret_in_a_file_that_was_named_by_mistake(world):
    filled(world)
    files = ["reader.txt", "other.key", "vault/keys/label.key", "case-key", "pem"]
    world.write("marked", codecs.BOM_UTF8 + world.read("reader.txt"))
    world.write("utf-16", world.read("other.key").decode().encode("utf-16"))
    secrets = [secret_in(world.folder / name).encode() for name in files]
    expect(all(len(secret) > 40 for secret in secrets), secrets)
    tried = 0

    def run(*words, program=None):
        nonlocal tried
        tried += 1
        result = subprocess.run([program or world.exhibit_program, *words], cwd=world.folder, stdin=subprocess.DEVNULL,
                                env=world.environment, capture_output=True, timeout=300)
        shown = result.stdout + result.stderr
        for secret in secrets:
            # A part of it is enough: messages cut what is long. UTF-16 shows as \x00 between characters.
            for part in (secret[:24], secret[-24:], b"\\x00".join(bytes([byte]) for byte in secret[:8])):
                expect(part not in shown, (words, result))

    for name in [*files, "marked", "utf-16"]:
        for words in (["verify", "--policy", name], ["checkpoint", "--policy", name], ["verify", "--after", name], ["--pin", name, "list"],
                      ["verify", "--roots", name], ["verify", "--case-key", name], ["list", "-i", name], ["add", "note.txt", "--key", name],
                      ["export", "1", "-i", "reader.txt", "--out", "out", "--recipient", name], ["reader", "add", name, "-i", "reader.txt"],
                      ["init", "new", "--origin", "a.example/b", "--name", "n", "--no-passphrase", "--reader", name],
                      ["checkpoint", "--witness-key", name, "--witness", "checkpoint"], ["custodian", "add", name, "--role", "custodian", "--name", "n"],
                      ["fork-proof", "--check", "checkpoint", "--log-key", name], ["fork-proof", "--against", name, "--out", "out"],
                      ["timestamp", "verify", name, "--checkpoint", "checkpoint", "--roots", name], ["timestamp", "add", name],
                      ["--config", name, "status"], ["collect", "note.txt", "--collector", name, "--drop", "drop"],
                      ["add", "--profile", name], ["add", "note.txt", "--hashes", name], ["receive", name], ["take-in", name]):
            run(*words)
        for words in (["bundle", "--policy", name], ["bundle", "-i", name], ["bundle", "--case-key", name], ["--proof", name], ["--kit", name], [name]):
            run(*words, program=world.verify_program)
    for command, options in commands():
        for option in options:
            if option.takes in TAKES_A_FILE:
                for name in ("reader.txt", "vault/keys/label.key"):
                    run(*command, *with_secret(option, options, name))
    expect(tried > 300, tried)


def a_wrong_file_is_named_and_is_no_tampering(world):
    filled(world)
    wrong = ("empty", "text", "noise", "folder", "bundle", "note.proof", "reader.txt", "case-key", "vault/keys/log.key")
    takers = {("list", "-i"): (), ("add", "note.txt", "--key"): ("vault/keys/log.key",), ("verify", "--policy"): (), ("verify", "--after"): (),
              ("list", "--pin"): (), ("timestamp", "add"): (), ("take-in",): (), ("receive",): (), ("verify", "--case-key"): ("case-key",),
              ("verify", "--roots"): (), ("verify-bundle", "--proof"): ("note.proof",), ("reader", "add"): (), ("rescue", "--to", "new"): ("bundle",),
              ("collect", "note.txt", "--drop", "drop", "--collector"): (), ("collect", "note.txt", "--collector", "stick", "--drop"): ("folder",),
              ("verify-log",): ()}
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    for taker, right in takers.items():
        for name in set(wrong) - set(right) - ({"reader.txt"} if taker == ("list", "-i") else set()):
            said = world.run(*taker, name, expect=1).stderr
            expect(name.encode() in said or b"nothing of a vault was found" in said, (taker, name, said))
            expect(not any(raw in said for raw in RAW), (taker, name, said))
    # What holds a part of a log is no published one.
    world.run("kit", "--out", "a-kit")
    for name in ("a-kit", "bundle/log", "bundle/log/", "vault"):
        said = world.run("verify-log", name, expect=1).stderr
        expect(b"no published log" in said and b"hint" in said, (name, said))
    # None of it left anything behind, and nothing was changed.
    expect(not any((world.folder / name).exists() for name in ("new", "drop")) or not list((world.folder / "drop").iterdir()))
    expect(world.json("verify")["ok"])
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)


def what_windows_made_of_a_key_or_a_checkpoint_is_read_or_named(world):
    """An editor or a shell there writes a byte order mark, UTF-16 and CRLF; hands leave blanks at the ends of lines."""
    filled(world)
    forms = {"crlf": lambda text: text.replace("\n", "\r\n").encode(), "marked": lambda text: codecs.BOM_UTF8 + text.encode(),
             "utf-16": lambda text: text.replace("\n", "\r\n").encode("utf-16"), "blanks": lambda text: text.replace("\n", "  \n").encode()}
    key = next((world.folder / "home").rglob("*.key"))
    world.write("passphrase", "pw one two\n".encode())
    os.chmod(world.folder / "passphrase", 0o600)
    world.run("keygen", "-o", "sealed.txt", EXHIBIT_PASSPHRASE_FILE=str(world.folder / "passphrase"))
    for form, make in forms.items():
        def brought(name):
            path = os.fsdecode(world.write(f"{form}-of", make(world.read(name).decode())))
            os.chmod(path, 0o600)
            return path
        world.run("add", "note.txt", "--key", brought(key))
        world.run("verify", "--case-key", brought("case-key"))
        vkey = world.run("keygen", "--signing", "--no-passphrase", "-o", f"{form}.key").stdout
        world.write("vkey", vkey)
        world.run("custodian", "add", brought("vkey"), "--role", "custodian", "--name", form)
        for words in (["verify", "--after"], ["list", "--pin"]):
            said = world.run(*words, brought("checkpoint"), expect=1).stderr
            expect(b"was a signed checkpoint, and its line ends or its encoding were changed" in said, (form, said))
        if form != "blanks":   # which a passphrase may end with
            said = world.run("list", "-i", "sealed.txt", EXHIBIT_PASSPHRASE_FILE=brought("passphrase"), expect=6).stderr
            expect(b"opens nothing of this vault" in said, (form, said))
