"""The configuration file: what it gives, what counts for more, and what in it is refused."""
import os
import re
from pathlib import Path

from world import NOTE, expect

ROOT = Path(__file__).resolve().parents[2]


def place(world):
    return Path(world.environment.get("XDG_CONFIG_HOME") or Path(world.environment["HOME"]) / ".config") / "exhibit" / "config.toml"


def configure(world, text, path=None, mode=0o600):
    file = path or place(world)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)
    return file


def without_variables(world):
    return {"EXHIBIT_VAULT": ""}


def a_configuration_gives_what_was_not_typed(world):
    made = world.init()
    world.write("note", NOTE)
    configure(world, f'vault = "{world.folder}/vault"\nidentity = ["{world.folder}/reader.txt"]\nsource = "everywhere"\n'
                     f'[vaults."test.example/case-1"]\nsource = "fs01"\ncase = ["IR-1", "IR-2"]\nfingerprint = "{made["fingerprint"].upper()}"\n'
                     f'[vaults."other.example/x"]\nsource = "elsewhere"\n')
    bare = without_variables(world)
    world.run("add", "note", **bare)
    row = world.json("list", **bare)[0]
    # The table of the vault counts for more than what is above it.
    expect(row["fields"]["source"] == "fs01" and row["fields"]["case"] == ["IR-1", "IR-2"], row)
    # An option counts for more than all.
    world.run("add", "note", "--source", "typed", **bare)
    expect(world.json("list", **bare)[1]["fields"]["source"] == "typed")
    # So does a variable.
    world.run("list", "-q", EXHIBIT_VAULT=str(world.folder / "nowhere"), expect=1)
    sealed = world.json("list", "--config", "/dev/null")
    expect("fields" not in sealed[0], sealed)
    # The fingerprint is what the verifier brought.
    table = {row["question"]: row for row in world.json("verify", **bare)["proven"]}
    expect(any("fingerprint" in str(row) for row in table.values()), table)
    configure(world, f'vault = "{world.folder}/vault"\nfingerprint = "{"0" * 64}"\n')
    world.run("verify", expect=3, **bare)


def paths_begin_at_the_folder_of_the_file(world):
    world.init()
    world.write("note", NOTE)
    world.run("add", "note")
    file = configure(world, 'vault = "../vault"\nidentity = "../reader.txt"\n', world.folder / "settings" / "mine.toml")
    bare = without_variables(world)
    world.write("away/x", b"")
    expect(world.json("list", "--config", str(file), **bare)[0]["fields"]["name"] == "note")
    expect(world.json("list", EXHIBIT_CONFIG=str(file), **bare)[0]["fields"]["name"] == "note")
    world.run("list", "--config", "missing.toml", expect=2, **bare)


def what_is_wrong_is_named_with_its_line(world):
    world.init()
    for text, line, words in (("vault = \"v\"\nreders = []\n", 2, ["reders", "did you mean readers"]),
                              ("passphrase = \"secret\"\n", 1, ["passphrase", "secrets do not belong here"]),
                              ("\n\nvault = [\"a\"]\n", 3, ["one value"]),
                              ("source = 3\n", 1, ["between quotes"]),
                              ("[vaults.\"x.example/y\"]\nvault = \"v\"\n", 2, ["cannot differ"]),
                              ("vaults = 1\n", 1, ["no table"]),
                              ("[other]\nsource = \"x\"\n", 1, ["other"]),
                              ("source = \"a\"\nsource = \"b\"\n", 2, []),
                              ("source = \"open\n", 1, [])):
        file = configure(world, text)
        failed = world.run("list", expect=2).stderr.decode()
        expect(f"{file}: line {line}: " in failed and all(word in failed for word in words), (text, failed))
        expect("secret\"" not in failed, failed)
        # What helps out of it works.
        world.run("help")
        world.run("version")
        told = world.json("doctor", expect=1)
        expect(any(row["area"] == "configuration" and row["grade"] == "trouble" for row in told["symptoms"]), told)


def a_file_that_others_can_change_is_not_believed(world):
    world.init()
    configure(world, 'source = "fs01"\n', mode=0o666)
    expect(b"can be changed by others" in world.run("list", expect=2).stderr)
    configure(world, 'source = "fs01"\n', mode=0o644)
    world.run("list")


def the_document_names_every_variable_and_every_setting(world):
    document = (ROOT / "docs/ENVIRONMENT.md").read_text()
    named = set(re.findall(r"^- `([A-Z][A-Z0-9_]+)`", document, re.M)) | set(re.findall(r"`([A-Z0-9]+_[A-Z0-9_]+)`", document))
    used = set()
    for source in [*(ROOT / "cli").glob("*.cc"), *(ROOT / "vault").rglob("*.cc")]:
        text = source.read_text()
        used |= set(re.findall(r'getenv\("([A-Z0-9_]+)"\)', text)) | set(re.findall(r'"(EXHIBIT_[A-Z0-9_]+)"', text))
        used |= set(re.findall(r'ValueOf\("([A-Z0-9_]+)"\)', text)) | set(re.findall(r'Environment\("([A-Z0-9_]+)"\)', text))
        used |= set(re.findall(r'"(AWS_[A-Z_]+)"', text))
    used -= {"HOME", "TERM", "EXHIBIT_VERSION"}
    expect(named == used, named ^ used)
    keys = set(re.findall(r'\{"([a-z-]+)", Form::', (ROOT / "cli/settings.cc").read_text()))
    told = set(re.findall(r"^- `([a-z-]+)`: ", document, re.M))
    expect(keys and keys == told, keys ^ told)
    taken = set()
    for source in (ROOT / "cli").glob("*.cc"):
        taken |= set(re.findall(r'Setting\("([a-z-]+)"', source.read_text()))
    expect(taken == keys, taken ^ keys)
