"""What commands print with --json is what docs/JSON.md says, and all of it."""
import json
import re
from pathlib import Path

from object_server import ObjectServer
from object_store import remote
from servers import Authority
from world import NOT_ANCHORED, NOTE, expect

ROOT = Path(__file__).resolve().parents[2]
# Commands without --json, and why.
WITHOUT = {"": "prints help", "help": "prints help", "cat": "prints an original", "witness serve": "serves",
           "case key": "writes a key", "policies": "prints policies, which are JSON"}
TYPES = {"text": str, "number": int, "yes/no": bool, "list": list, "object": dict}


def documented():
    """{"exhibit add": {"items[].entry": ("number", is_sometimes)}} of docs/JSON.md; shapes are put in where they are named."""
    tables, shapes, now = {}, {}, None
    for line in (ROOT / "docs/JSON.md").read_text().splitlines():
        if heading := re.fullmatch(r"### (?:`(exhibit.*)`|Shape `(.+)`)", line):
            now = tables.setdefault(heading[1], {}) if heading[1] else shapes.setdefault(heading[2], {})
        elif whole_shape := re.fullmatch(r"Shape: `([a-z]+)`", line):
            now["="] = (f"`{whole_shape[1]}`", False)
        elif row := re.match(r"- `(.+?)` ([a-z/]+|`[a-z-]+`)(, sometimes)?: ", line):
            path = row[1]
            expect(now is not None and path not in now, f"twice in docs/JSON.md: {path}")
            now[path] = (row[2], bool(row[3]))
        elif line.startswith("## "):
            now = None

    def whole(table):
        full = {}
        for path, (kind, sometimes) in table.items():
            if not kind.startswith("`") or kind == "`fields`":
                full[path] = (kind.strip("`"), sometimes)
                continue
            if path == "=":
                full.update(whole(shapes[kind.strip("`")]))
                continue
            full[path] = ("object", sometimes)
            full.update({f"{path}.{inner}": value for inner, value in whole(shapes[kind.strip("`")]).items()})
        return full
    return {command: whole(table) for command, table in tables.items()}


def paths(value, at=""):
    """Each value within, by its path; what is in a list has one path."""
    yield at, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{at}[]")


class Checker:
    def __init__(self):
        self.tables = documented()
        self.seen = {}
        self.faults = []

    def check(self, command, printed):
        table = self.tables.get(command)
        if table is None:
            self.faults.append(f"{command}: not in docs/JSON.md: {json.dumps(printed)[:600]}")
            return
        opaque = [path for path, (kind, _) in table.items() if kind == "fields"]
        here = {}
        for path, value in paths(printed):
            if path in ("", "[]") or any(path.startswith(f"{one}.") for one in opaque):
                continue
            here.setdefault(path, []).append(value)
            if path not in table:
                self.faults.append(f"{command}: {path} is not in docs/JSON.md: {json.dumps(value)[:120]}")
                continue
            kind = table[path][0]
            wanted = dict if kind == "fields" else TYPES[kind]
            if type(value) is not wanted:
                self.faults.append(f"{command}: {path} is no {kind}: {json.dumps(value)[:120]}")
        self.seen.setdefault(command, set()).update(here)
        for path, (_, sometimes) in table.items():
            above = path.rpartition(".")[0] if "." in path else ""
            there = [value for where, value in paths(printed) if where == above] if above else [printed]
            name = path.rpartition(".")[2]
            if sometimes or path.endswith("[]") or any(path.startswith(f"{one}.") for one in opaque):
                continue
            if any(isinstance(value, dict) and name.removesuffix("[]") not in value for value in there):
                self.faults.append(f"{command}: {path} is always there, says docs/JSON.md, and is not")

    def unseen(self):
        """Commands that no case prints, and members whose names are nowhere in the programs: many take a damaged vault to be seen."""
        sources = "".join(path.read_text() for folder in ("cli", "vault") for path in (ROOT / folder).rglob("*.cc"))
        for command, table in self.tables.items():
            if command not in self.seen:
                yield f"{command}: no case prints it"
            for path in table:
                name = path.rpartition(".")[2].replace("[]", "")
                if path not in self.seen.get(command, ()) and name and f'"{name}"' not in sources:
                    yield f"{command}: no program prints {path}"


def a_vault_and_its_evidence(world, see):
    made = see("init", "vault", "--origin", "test.example/case-1", "--name", "Tester", "--reader", world.recipient, "--no-passphrase")
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Failed password for root\n" * 40)
    world.write("in/copy.log", b"Failed password for root\n" * 40)
    world.write("SHA256SUMS", f"{'0' * 64}  in/copy.log\n".encode())
    world.write("in/draft.tmp", b"not finished")
    see("add", "in", "--exclude", "*.tmp", "--dry-run")
    see("add", "in", "--exclude", "*.tmp", "--source", "fs01", "--case", "IR-1", "--tag", "first", "--description", "logs of the first night",
        "--hashes", "SHA256SUMS", "--keep-mismatched", "--retain-until", "2020-01-01")
    see("list")
    see("list", "-i", "reader.txt", "--source", "fs01", "--name", "*.log", "--due")
    see("show", "0-1")
    see("note", "1", "--text", "seen before", "--case", "IR-1")
    see("show", "0-2", "-i", "reader.txt")
    see("log", "0")
    see("history", "1", "-i", "reader.txt")
    see("history", "1")
    see("case set", "--case", "IR-1", "--discovered", "2026-11-20", "--event", "2026-11-19T03:00:00Z the first login")
    see("case show", "-i", "reader.txt")
    see("timeline", "-i", "reader.txt")
    see("status")
    see("doctor", expect=None)
    see("kit", "--out", "kit")
    see("kit", "--check", "kit", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
    see("status", "-i", "reader.txt")
    return made


def people_and_keys(world, see):
    see("keygen", "-o", "second.txt", "--no-passphrase")
    printed = see("keygen", "--signing", "-o", "bob.key", "--no-passphrase", "--handle", "test.example/case-1/k2")
    world.write("bob.vkey", printed["key"].encode())
    see("custodian add", "bob.vkey", "--role", "custodian", "--name", "Bob", "--organisation", "Acme", "--contact", "bob@acme.example")
    see("custodian list", "-i", "reader.txt")
    see("keygen", "--signing", "-o", "bob2.key", "--no-passphrase", "--handle", "test.example/case-1/k2")
    see("custodian rotate", "--new-key", "bob2.key", "--key", "bob.key", "--reason", "yearly")
    see("suspend", "2", "--reason", "laptop missing")
    see("status")
    see("custodian list")
    see("lift", "2", "--reason", "found")
    see("reader add", world.run("keygen", "--no-passphrase", "-o", "third.txt").stdout.decode().strip(), "--name", "Carol",
        "-i", "reader.txt", "--reason", "joins")
    see("reader list", "-i", "reader.txt")
    see("reader recovery-key", "-i", "reader.txt")
    see("passphrase own", "--no-passphrase", expect=None)
    see("passphrase log", "--no-passphrase", expect=None)
    see("rotate-log-key", "--reason", "yearly", "--no-passphrase", "--compromised-since", "2026-11-01", "--cosigner-key", "bob2.key")
    see("hold", "1-3", "--authority", "court", "--reason", "trial")
    see("status")
    see("list")
    see("release", "1-3", "--authority", "court", "--reason", "over")
    see("rule", "--two", "shred", "--reason", "nobody destroys alone", "--keep-recovery", "--cosigner-key", "bob2.key")
    see("rule")
    see("shred", "3", "--authority", "court", "--reason", "ordered", "--confirm", "3", "--cosigner-key", "bob2.key")
    see("show", "3")
    see("list")
    bob = "+".join(world.read("bob2.key").decode().split("+")[2:4])
    see("rule", "--none", "--reason", "one is left", "--cosigner-key", "bob2.key")
    see("history", "3")
    see("custodian retire", bob, "--reason", "left", "--compromised-since", "2026-11-28T00:00:00Z", "--cosigner-key", "bob2.key")
    see("custodian list")


def what_leaves(world, see, made):
    see("verify")
    see("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
    see("status", "-i", "reader.txt")
    exported = see("export", "1-2", "--out", "bundle", "-i", "reader.txt", "--purpose", "trial")
    expect(exported["items"] == 2, exported)
    see("verify-bundle", "bundle", "--fingerprint", made["fingerprint"], "--extract-to", "originals")
    see("prove", "1", "--out", "one.proof", "-i", "reader.txt", "--purpose", "trial")
    see("verify-bundle", "--proof", "one.proof", "in/auth.log", expect=None)
    see("restore", "--all", "--to", "tree", "-i", "reader.txt", "--purpose", "timeline")
    see("checkpoint", "-o", "head")
    see("checkpoint", "--log-key", "-o", "log.vkey")
    see("publish", "www")
    see("replicate", "--to", "second-copy")
    see("verify-log", "www")
    see("status")
    world.write("carol.vkey", see("keygen", "--signing", "-o", "carol.key", "--no-passphrase", "--handle", "test.example/case-1/k9")["key"].encode())
    world.run("custodian", "add", "carol.vkey", "--role", "custodian", "--name", "Carol")
    see("transfer", "1-2", "--to", "k9", "--purpose", "analysis", "--out", "out.transfer", "-i", "reader.txt")
    see("receive", "out.transfer", "--key", "carol.key")
    authority = Authority(world)
    see("timestamp request", "--out", "head.tsq")
    world.write("head.tsr", authority.reply("rsa", world.read("head.tsq")))
    see("timestamp verify", "head.tsr", "--checkpoint", "head.checkpoint", "--roots", "tsa/root.crt", "--request", "head.tsq")
    see("timestamp add", "head.tsr", "--checkpoint", "head.checkpoint", "--request", "head.tsq", "--roots", "tsa/root.crt")
    key = see("witness init", "w1", "--name", "witness.example/w1", "--log", "log.vkey", "--no-passphrase")["key"]
    world.run("checkpoint", "--witness-request", "request", "-q")
    see("witness sign", "w1", "--request", "request", "--out", "answer")
    see("checkpoint", "--witness", "answer", "--witness-key", key)
    see("verify", "--roots", "tsa/root.crt")
    see("status")


def collectors(world, see):
    see("collector new", "fs01", "--case", "IR-1", "--out", "stick", "--no-passphrase")
    see("collect", "in/note.txt", "--collector", "stick", "--drop", "drop")
    see("take-in", "drop")
    see("collector list", "-i", "reader.txt")
    see("status", "-i", "reader.txt")
    see("collector retire", "fs01", "--reason", "shut down", "-i", "reader.txt")
    see("collector list")
    see("reseal", "-i", "reader.txt", "--reason", "yearly", "--yes")


def an_object_store(world, see):
    with ObjectServer() as server:
        environment = dict(world.environment)
        remote(world, server)
        see("init", world.environment["EXHIBIT_VAULT"], "--origin", "test.example/case-2", "--name", "Tester", "--reader",
            world.recipient, "--no-passphrase", "--make-buckets", "--payload-lock-days", "30")
        world.write("in/locked", b"locked")
        world.run("add", "in/locked")
        for version in (one for versions in server.buckets["evidence"][1].values() for one in versions):
            version.age(25)
        see("status")
        see("retain", "--dry-run")
        server.read_only = True
        see("retain", expect=1)
        server.fault = lambda method, _bucket, key, _number: 403 if method == "GET" and "/pay/" in key else None
        see("status")
        world.environment.clear()
        world.environment.update(environment)


def what_every_command_prints_as_json_is_documented(world):
    checker = Checker()
    world.recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()

    def see(command, *arguments, expect=0):
        result = None
        for status in [expect] if expect is not None else [0, 1, 3, NOT_ANCHORED]:
            try:
                result = world.run(*command.split(), *arguments, "--json", expect=status)
                break
            except AssertionError:
                if status == (expect if expect is not None else NOT_ANCHORED):
                    raise
        printed = json.loads(result.stdout)
        checker.check(f"exhibit {command}", printed)
        return printed
    see("version")
    made = a_vault_and_its_evidence(world, see)
    people_and_keys(world, see)
    what_leaves(world, see, made)
    collectors(world, see)
    an_object_store(world, see)
    checker.check("exhibit verify-bundle", json.loads(world.run("bundle", "--json", program=world.verify_program,
                                                                expect=NOT_ANCHORED).stdout))
    world.run("collector", "new", "fs09", "--kit", "carried", "--no-passphrase")
    world.write("carried/more", b"x")
    for program, words in ((world.exhibit_program, ["verify-bundle"]), (world.verify_program, [])):
        checker.check("exhibit verify-bundle --kit", world.json(*words, "--kit", "carried", program=program, expect=3))
    faults = sorted(set(checker.faults)) + sorted(checker.unseen())
    expect(not faults, "\n".join(faults))


def every_command_takes_json_or_says_why_not(world):
    text = world.run("--generate", "bash").stdout.decode()
    options = dict(re.findall(r"^    '(exhibit[^']*)'\) echo '(-h --help[^']*)' ;;", text, re.M))
    expect(len(options) > 50, len(options))
    groups = {command for command in options if any(other.startswith(command + " ") for other in options)}
    lacking = {command.removeprefix("exhibit").strip() for command, names in options.items()
               if command not in groups and "--json" not in names.split()}
    expect(lacking == set(WITHOUT) - {""}, sorted(lacking ^ (set(WITHOUT) - {""})))


def an_error_is_json_where_json_was_asked_for(world):
    for arguments, status in ((["list", "--vault", "nowhere"], 1), (["lst"], 2), (["list", "--sicne", "2020-01-01"], 2),
                              (["list", "--since", "yesterday"], 1)):
        failed = world.run(*arguments, "--json", expect=status)
        told = json.loads(failed.stdout)
        expect(told["ok"] is False and told["error"]["status"] == status and told["error"]["message"], told)
        expect(failed.stderr.startswith(b"exhibit: error: "), failed.stderr)
