"""Secrets stay secret: one question for the passphrase, before any other; no secret in what is kept for ever; no core."""
import json
import os
import resource
import signal
import subprocess
from pathlib import Path

from terminal import Terminal
from world import NOT_ANCHORED, NOTE, ORIGIN, expect, until

PASSPHRASE = "correct horse battery staple"


def sealed_vault(world, passphrase=PASSPHRASE):
    """A vault whose three keys are under one passphrase, with one item; commands ask for it on a terminal."""
    path = world.write("passphrase", passphrase.encode() + b"\n")
    os.chmod(path, 0o600)
    world.run("init", "vault", "--origin", ORIGIN, "--name", "Tester", EXHIBIT_PASSPHRASE_FILE=path)
    world.write("note.txt", NOTE)
    world.run("add", "note.txt", EXHIBIT_PASSPHRASE_FILE=path)
    del world.environment["EXHIBIT_PURPOSE"]
    return path


def entries(world, log="vault"):
    return json.loads(world.run("checkpoint", "--json", "--vault", log).stdout)["checkpoint"]["size"]


def every_stored_byte(world, below="vault"):
    return b"".join(path.read_bytes() for path in sorted((world.folder / below).rglob("*")) if path.is_file())


def the_passphrase_is_asked_once_and_before_the_purpose(world):
    sealed_vault(world)
    for command in (["cat", "1"], ["export", "1", "--out", "bundle"]):
        with Terminal(world, *command) as terminal:
            terminal.expect(f"Passphrase of vault {ORIGIN}: ")
            terminal.type(PASSPHRASE)
            terminal.expect("Purpose")
            terminal.type("a look at the note")
            terminal.expect('Purpose, for ever in the log, and sealed: "a look at the note"')
            shown = terminal.finish()
            expect(shown.count(b"assphrase") == 1, shown)
            expect(PASSPHRASE.encode() not in shown, shown)
    path = str(world.folder / "passphrase")
    told = [row["what"] for row in world.json("history", "1", EXHIBIT_PASSPHRASE_FILE=path)]
    expect(sum("a look at the note" in what for what in told) == 2, told)
    expect(b"a look" not in world.run("log").stdout)
    # What adds asks once too, and for nothing else.
    for command in (["add", "note.txt"], ["note", "1", "--text", "seen"], ["hold", "1", "--authority", "a court", "--reason", "trial"]):
        with Terminal(world, *command) as terminal:
            terminal.expect(f"Passphrase of vault {ORIGIN}: ")
            terminal.type(PASSPHRASE)
            shown = terminal.finish()
            expect(shown.count(b"assphrase") == 1, shown)
            if command[0] == "hold":
                expect(b'for ever in the log, and sealed: reason "trial"' in shown, shown)


def another_passphrase_is_asked_for_by_the_name_of_its_key(world):
    path = sealed_vault(world)
    other = world.write("other", b"quite another phrase\n")
    os.chmod(other, 0o600)
    vkey = world.run("keygen", "--signing", "-o", "bob.key", EXHIBIT_PASSPHRASE_FILE=other).stdout
    world.write("bob.vkey", vkey)
    world.run("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "bob", EXHIBIT_PASSPHRASE_FILE=path)
    with Terminal(world, "cat", "1", "--key", "bob.key", "--purpose", "a look") as terminal:
        terminal.expect(f"Passphrase of vault {ORIGIN}: ")
        terminal.type(PASSPHRASE)
        terminal.expect("Passphrase of signing key bob.key (what was given does not open it): ")
        terminal.type("quite another phrase")
        shown = terminal.finish()
        expect(shown.count(b"assphrase of") == 2, shown)
    # Two wrong ones end it.
    with Terminal(world, "add", "note.txt") as terminal:
        terminal.expect(f"Passphrase of vault {ORIGIN}: ")
        terminal.type("wrong from the start")
        terminal.expect("(what was given does not open it): ")
        terminal.type("wrong once more")
        terminal.expect("the passphrase is wrong")
        terminal.finish(1)


def a_secret_is_in_nothing_that_is_kept(world):
    path = sealed_vault(world)
    given = {"EXHIBIT_PASSPHRASE_FILE": path}
    world.run("add", "note.txt", **given)
    world.run("hold", "2", "--authority", "a court", "--reason", "trial", **given)
    vkey = world.run("keygen", "--signing", "--no-passphrase", "-o", "carl.key").stdout.decode().strip()
    recipient = world.run("keygen", "--no-passphrase", "-o", "r.txt").stdout.decode().strip()
    size = entries(world)
    world.write(PASSPHRASE, b"a file of this name")  # and "add" takes a path for one that was typed
    hidden = f"because {PASSPHRASE.upper()}!"
    for words in (PASSPHRASE, hidden):
        with Terminal(world, "cat", "1") as terminal:
            terminal.expect("Passphrase")
            terminal.type(PASSPHRASE)
            terminal.expect("Purpose")
            terminal.type(words)
            terminal.expect("the purpose holds a passphrase")
            terminal.finish(1)
    secret = PASSPHRASE
    for command in (["cat", "1", "--purpose", secret], ["cat", "1", "--purpose", hidden],
                    ["export", "1", "--out", "b", "--purpose", secret],
                    ["add", "note.txt", "--description", secret], ["add", "note.txt", "--description", hidden],
                    ["add", "note.txt", "--tag", "x", "--tag", secret], ["add", "note.txt", "--case", secret],
                    ["add", "note.txt", "--source", secret], ["add", "note.txt", "--acquired-by", secret],
                    ["add", "note.txt", "--tool", secret], ["add", "note.txt", "--method", secret], ["add", secret],
                    ["add", "-", "--name", secret],
                    ["note", "1", "--text", secret], ["note", "1", "--text", hidden],
                    ["hold", "1", "--authority", secret, "--reason", "x"], ["hold", "1", "--authority", "x", "--reason", hidden],
                    ["release", "2", "--authority", "x", "--reason", secret], ["release", "2", "--authority", secret, "--reason", "x"],
                    ["shred", "1", "--authority", secret, "--reason", "x", "--confirm", "1"],
                    ["shred", "1", "--authority", "x", "--reason", secret, "--confirm", "1"],
                    ["case", "set", "--case", secret, "--discovered", "2025-02-20"],
                    ["case", "set", "--event", f"2025-02-19T03:00Z {secret}"],
                    ["custodian", "add", vkey, "--role", "custodian", "--name", secret],
                    ["custodian", "add", vkey, "--role", "custodian", "--name", "x", "--organisation", secret],
                    ["custodian", "add", vkey, "--role", "custodian", "--name", "x", "--contact", secret],
                    ["reader", "add", recipient, "--only", "--name", secret],
                    *(["transfer", "1", "--to", "k1", "--purpose", "x", f"--{field}", secret, "--out", "t"]
                      for field in ("authority", "condition", "location", "transport")),
                    ["transfer", "1", "--to", "k1", "--purpose", secret, "--out", "t"],
                    ["collector", "new", "fs01", "--contact", secret, "--out", "c"],
                    ["init", "second", "--origin", "second.example/x", "--name", secret]):
        error = world.run(*command, expect=1, stdin=b"evidence", **given).stderr
        expect(b"holds a passphrase or a secret key; nothing was written" in error, (command, error))
        expect(PASSPHRASE.encode() not in error.lower(), error)
    world.write("text", b"a line\n" + hidden.encode())
    for source in ("text", "-"):
        error = world.run("note", "1", "--file", source, expect=1, stdin=world.read("text"), **given).stderr
        expect(b"the text holds" in error, error)
    expect(entries(world) == size, "an entry was written")
    for left in ("b", "t", "c", "second"):
        expect(not (world.folder / left).exists(), left)
    expect(PASSPHRASE.encode() not in every_stored_byte(world).lower())


def keys_are_in_nothing_that_is_kept_either(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    size = entries(world)
    identity = (world.folder / "reader.txt").read_text().split("\n")[2]
    signing = next((world.folder / "home/config/exhibit/keys").iterdir()).read_text().strip()
    for secret in (identity, identity.lower(), identity[len("AGE-SECRET-KEY-1"):], f"see {signing}", signing.split("+", 4)[4]):
        for command in (["cat", "1", "-i", "reader.txt", "--purpose", secret], ["export", "1", "-i", "reader.txt", "--out", "b", "--purpose", secret]):
            error = world.run(*command, expect=1).stderr
            expect(b"holds a passphrase or a secret key" in error and secret.encode() not in error, error)
    for secret in (identity, signing):  # of keys that this process did not open, too
        error = world.run("note", "1", "--text", f"keep: {secret}", expect=1).stderr
        expect(b"the text holds" in error and secret.encode() not in error, error)
    # A file that is named, though no key needs it.
    path = world.write("passphrase", b"tired at three\n")
    os.chmod(path, 0o600)
    error = world.run("hold", "1", "--authority", "x", "--reason", "Tired at three", expect=1, EXHIBIT_PASSPHRASE_FILE=path).stderr
    expect(b"the reason holds" in error, error)
    world.run("hold", "1", "--authority", "x", "--reason", "tired at four", EXHIBIT_PASSPHRASE_FILE=path)
    expect(entries(world) == size + 1)
    # Nor does an error repeat one that was named in the wrong place.
    for word in (identity, "reader.txt"):
        error = world.run("reader", "add", word, "-i", "reader.txt", expect=1).stderr
        expect(identity.encode() not in error and b"error" in error, error)


def what_is_blank_is_no_purpose(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    for purpose in (" ", " \t ", "\u3000", "\u200b", "\u00a0\u2060"):
        error = world.run("cat", "1", "-i", "reader.txt", "--purpose", purpose, expect=1).stderr
        expect(b"the purpose is blank" in error or b"control characters" in error, error)
        error = world.run("hold", "1", "--authority", purpose, "--reason", "x", expect=1).stderr
        expect(b"error" in error, error)
    world.run("cat", "1", "-i", "reader.txt", "--purpose", "", expect=2, EXHIBIT_PURPOSE="")
    expect(entries(world) == 2)
    with Terminal(world, "cat", "1", "-i", "reader.txt", EXHIBIT_PURPOSE="") as terminal:
        terminal.expect("Purpose")
        terminal.type("  ")
        terminal.expect("the purpose is blank")
        terminal.finish(1)
    # What was given is shown back, too, made harmless.
    with Terminal(world, "cat", "1", "-i", "reader.txt", "--purpose", "tri\u202eage") as terminal:
        terminal.expect('Purpose, for ever in the log, and sealed: "tri\\u{202e}age"')
        terminal.finish()


def as_in_the_foreground():
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a shell's background jobs ignore it


def a_crash_leaves_no_core(world):
    world.init()
    path = world.write("passphrase", PASSPHRASE.encode())
    os.chmod(path, 0o600)
    world.run("keygen", "-o", "sealed.txt", EXHIBIT_PASSPHRASE_FILE=path)
    os.mkfifo(world.folder / "fifo")  # which nobody writes to
    waiting = {**world.environment, "EXHIBIT_PASSPHRASE_FILE": str(world.folder / "fifo")}
    for command in ([world.exhibit_program, "verify-bundle", "b", "-i", "sealed.txt"], [world.verify_program, "b", "-i", "sealed.txt"]):
        child = subprocess.Popen(command, cwd=world.folder, env=waiting, stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 preexec_fn=as_in_the_foreground)
        process = Path(f"/proc/{child.pid}")
        until(lambda: "Max core file size        0                    0 " in (process / "limits").read_text(), "no core may be written")
        # Not dumpable: its memory belongs to the system's administrator alone.
        until(lambda: (process / "mem").stat().st_uid == 0, "its memory is the administrator's")
        child.send_signal(signal.SIGQUIT)  # which no sanitizer catches
        child.stdin.close()
        expect(child.wait(timeout=120) == -signal.SIGQUIT)
        expect(not list(world.folder.glob("core*")))


# C0, DEL, C1, separators, bidirectional controls, marks and joiners, invisible operators, the byte order mark, tags.
HOSTILE = ([*range(1, 0x20)] + [*range(0x7F, 0xA0)] + [0xAD, 0x61C, 0x180E] + [*range(0x200B, 0x2010)] + [*range(0x2028, 0x202F)]
           + [*range(0x2060, 0x2070)] + [0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB] + [0xE0001] + [*range(0xE0020, 0xE0080)])
HOSTILE = [c for c in HOSTILE if c not in (0x0A, 0x2F)]


def json_and_text_are_harmless_and_json_is_whole(world):
    world.init()
    names = {}
    for i in range(0, len(HOSTILE), 20):
        name = f"n{i}-" + "".join(map(chr, HOSTILE[i:i + 20])) + "-\u00fc\U0001f600"
        world.write("in/" + name, NOTE)
        names[name] = i
    world.write(b"in/raw-\xff\xc2\xed\xa0\x80", NOTE)
    world.run("add", "in", "--tag", "t\u202eg", "--description", "d\u009b2J\u2028")
    world.run("cat", "1", "-i", "reader.txt", "--purpose", "p\u202e\u009bq")
    world.run("export", "1-3", "--out", "bundle", "-i", "reader.txt", "--purpose", "\ufeffq\U000e0041")
    for command in (["list"], ["show", "1-5"], ["timeline"], ["history", "1"]):
        for form in ([], ["--json"]):
            output = world.run(*command, *form, "-i", "reader.txt").stdout.decode()
            raw = {hex(ord(c)) for c in output if ord(c) in HOSTILE}
            expect(not raw, (command, form, raw))
    for command in (["log", "--json"], ["log"], ["verify", "--json"], ["verify-bundle", "bundle", "--json"]):
        output = world.run(*command, expect=NOT_ANCHORED if "bundle" in command else 0).stdout.decode()
        expect(not [c for c in output if ord(c) in HOSTILE], command)
    rows = world.json("list", "-i", "reader.txt")
    listed = {row["fields"]["path"].removeprefix("in/") for row in rows if isinstance(row["fields"]["path"], str)}
    expect(set(names) <= listed, set(names) - listed)
    expect(rows[0]["fields"]["tags"] == ["t\u202eg"] and "\u00fc\U0001f600" in world.run("list", "--json", "-i", "reader.txt").stdout.decode())
