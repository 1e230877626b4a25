"""No argument of any command is a secret that the process was given: what a command is told may be kept for ever."""
import os
import re
import subprocess
from pathlib import Path

from secrets_kept import PASSPHRASE, entries, every_stored_byte, sealed_vault
from world import NOTE, ORIGIN, expect

REFUSED = b" holds a passphrase or a secret key; nothing was written"
CLI = Path(__file__).resolve().parents[2] / "docs/CLI.md"   # what --help prints, which tests/docs compares
USAGE = re.compile(r"^Usage: exhibit (?:[a-z-]+ )*\[OPTION\.\.\.\] ?(.*?)\n\n", re.MULTILINE | re.DOTALL)
# "  -o, --out FILE", "  --wait [SECONDS]"
OPTION = re.compile(r"^  (?:-\w, )?(--[a-z0-9-]+) \[?([A-Z]+)\]?(?=\s)(.*?)(?=^  \S|^\S|\Z)", re.MULTILINE | re.DOTALL)


class Takes:
    """An option, or a thing with a place, that takes a value."""

    def __init__(self, name, is_required, takes, needs=()):
        self.name, self.is_required, self.takes, self.needs = name, is_required, takes, list(needs)
        self.is_placed = not name.startswith("-")

    def with_value(self, value):
        return [value] if self.is_placed else [f"{self.name}={value}"]


def commands():
    """Every command without commands of its own, and what it takes."""
    for heading, text in re.findall(r"^## exhibit ([a-z -]+)$(.*?)(?=^## |\Z)", CLI.read_text(), re.MULTILINE | re.DOTALL):
        usage = USAGE.search(text)[1].split()
        if usage == ["COMMAND"]:
            continue
        takes, required = [], set()
        while usage:
            word = usage.pop(0)
            if word.startswith("--"):
                required.add(word)
                usage.pop(0)
            else:
                takes.append(Takes(word.strip("[].…"), not word.startswith("["), word.strip("[].…")))
        for name, of, rest in OPTION.findall(text):
            takes.append(Takes(name, name in required, of, re.findall(r"needs (--[a-z-]+)", " ".join(rest.split()))))
        yield heading.split(), takes


def with_secret(option, options, secret=PASSPHRASE):
    """Arguments that are understood, with the secret as the value of this option: those that must be there, and those that
    it needs, or that they need."""
    by_name, words, given = {one.name: one for one in options}, option.with_value(secret), {option.name}
    placed = [word for one in options if one.is_placed and one.is_required and one is not option for word in one.with_value("1")]
    wanted = [one.name for one in options if one.is_required and not one.is_placed] + option.needs
    while wanted:
        if (name := wanted.pop(0)) not in given:
            given.add(name)
            words += by_name[name].with_value("1") if name in by_name else [name]  # else a flag
            wanted += by_name[name].needs if name in by_name else []
    return placed + words  # what has a place first: an option that may have several values would take it


def no_argument_of_any_command_may_be_a_secret(world):
    path = sealed_vault(world)
    size = entries(world)
    before = sorted(os.listdir(world.folder))
    tried, wrong = 0, []
    for command, options in commands():
        for option in options:
            words = with_secret(option, options)
            run = lambda: subprocess.run([world.exhibit_program, *command, *words], cwd=world.folder, stdin=subprocess.DEVNULL,
                                         env={**world.environment, "EXHIBIT_PASSPHRASE_FILE": path}, capture_output=True, timeout=300)
            result = run()
            if needed := re.search(rf"{option.name} requires (--[a-z-]+)", result.stderr.decode()):   # no help tells it of each
                words += next((one.with_value("1") for one in options if one.name == needed[1]), [needed[1]])
                result = run()
            is_no_number = result.returncode == 2 and re.search(b"Could not convert|not in range|is not a number", result.stderr)
            is_refused = (result.returncode == 1 and REFUSED in result.stderr and option.name.lstrip("-").encode() in result.stderr
                          and PASSPHRASE.encode() not in result.stdout + result.stderr)
            tried += is_refused
            if not is_refused and not is_no_number:
                wrong.append((command, words, result))
    expect(not wrong, wrong)
    expect(tried > 200, tried)
    expect(entries(world) == size and before == sorted(os.listdir(world.folder)), "something was written")


def a_name_that_is_public_is_no_secret_either(world):
    """Where the passphrase comes to the process only when the command asks for it."""
    log_key = world.init()["log_key"]
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    secret = "x7.example/q4d2"
    world.write("passphrase", secret.encode() + b"\n")
    given = {"EXHIBIT_PASSPHRASE_COMMAND": f"cat '{world.folder}/passphrase'"}
    before = sorted(os.listdir(world.folder))
    for command in (["init", "second", "--origin", secret], ["init", "second", "--origin", "x8.example/a", "--name", f"of {secret}"],
                    ["init", "second", "--origin", f"{secret}/again"],
                    ["witness", "init", "w", "--name", secret, "--log", log_key],
                    ["keygen", "--signing", "--handle", f"{secret}/k1", "-o", "k"],
                    ["collector", "new", "fs01", "--out", "c", "--case", f"the case {secret}"],
                    ["collector", "new", secret, "--out", "c"]):
        error = world.run(*command, expect=1, **given).stderr
        expect(REFUSED in error and secret.encode() not in error, (command, error))
    expect(before == sorted(os.listdir(world.folder)), "something was made")
    expect(secret.encode() not in every_stored_byte(world) + every_stored_byte(world, "home"))


def what_is_known_only_when_a_key_is_opened_is_looked_for_in_what_is_sealed(world):
    path = sealed_vault(world)
    given = {"EXHIBIT_PASSPHRASE_COMMAND": f"cat '{os.fsdecode(path)}'"}
    size = entries(world)
    hidden = f"because {PASSPHRASE.upper()}!"
    world.write(f"in/{PASSPHRASE}", NOTE)
    for command in (["hold", "1", "--authority", "a court", "--reason", hidden], ["note", "1", "--text", hidden],
                    ["add", "note.txt", "--description", hidden], ["add", "note.txt", "--case", hidden], ["add", "in"],
                    ["case", "set", "--event", f"2025-02-19T03:00Z {hidden}"], ["case", "key", hidden, "-o", "case-key"],
                    ["rotate-log-key", "--reason", hidden],
                    ["export", "1", "--out", "bundle", "--purpose", hidden], ["rule", "--two", "shred", "--reason", hidden]):
        error = world.run(*command, expect=1, **given).stderr
        expect(b" holds a passphrase or a secret key" in error, (command, error))
    expect(entries(world) == size + 1, "more was written than that a file of `add in` was left out")
    expect(PASSPHRASE.encode() not in every_stored_byte(world).lower())
    expect(not (world.folder / "case-key").exists() and not (world.folder / "bundle").exists())
    expect(ORIGIN.encode() in every_stored_byte(world))  # where it would stand
