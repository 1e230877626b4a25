"""Scenarios: each has a start, a command, and what must hold in every world afterwards."""
import json
import re
import shutil
import signal
from pathlib import Path

from bench import NOT_ANCHORED, ORIGIN, expect
from holding import acknowledged_items, check_keys, check_next_add, check_visible, files_of


def init_arguments(bench):
    return ["init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", bench.recipient,
            "--no-passphrase"]


class Scenario:
    def __init__(self, bench, name):
        self.bench = bench
        self.name = name
        self.start = bench.folder / "start" / name
        self.start.mkdir(parents=True)
        (self.start / "home").mkdir()

    def make_vault(self):
        self.bench.must(self.start, *init_arguments(self.bench), what="init of the start")
        self.bench.must(self.start, "add", self.bench.evidence / "note", what="add to the start")


class Init(Scenario):
    def arguments(self):
        return init_arguments(self.bench)

    def check(self, world, result, world_name):
        bench, vault = self.bench, world / "vault"
        if result.returncode == 0:
            expect(vault.exists(), "init said that it made the vault, and it is not there")
        if not vault.exists():
            if result.returncode == 1 and world_name == "disk":
                left = [path for path in world.rglob("*") if path.is_file()]
                expect(not left, f"a failed init left {left}")
            retry = bench.run(world, *self.arguments())
            if retry.returncode != 0:
                # A killed init may leave the key that lies outside of the vault, and must say so.
                text = retry.stderr.decode()
                key = re.search(r"(/\S*\.key)\b", text)
                expect(key and b"hint:" in retry.stderr, f"init cannot be repeated: {text}")
                Path(key[1]).unlink()
                bench.must(world, *self.arguments(), what="init again, as its hint says")
        check_next_add(bench, world, [])


class Add(Scenario):
    def __init__(self, bench, name, path):
        super().__init__(bench, name)
        self.path = bench.evidence / path
        self.given = files_of(self.path)
        self.allowed = {str(bench.evidence / "note"), *self.given}
        self.make_vault()

    def arguments(self):
        return ["add", self.path]

    def check(self, world, result, world_name):
        acknowledged = acknowledged_items(result.stdout)
        if result.returncode == 0:
            expect(sorted(path for _, path in acknowledged.values()) == self.given,
                   "success, and not all lines were printed")
        visible = check_visible(self.bench, world, self.allowed)
        for entry, item in acknowledged.items():
            expect(visible.get(entry) == item, f"entry {entry} was acknowledged and is not there")
        check_next_add(self.bench, world, visible)


class Resume(Add):
    """An add that goes on: afterwards each file is there, and none twice."""

    def __init__(self, bench, name, path):
        super().__init__(bench, name, path)
        bench.must(self.start, "add", self.path / "00", what="add to the start")

    def arguments(self):
        return ["add", self.path, "--resume"]

    def check(self, world, result, world_name):
        bench = self.bench
        for number, item in acknowledged_items(result.stdout).items():
            visible = check_visible(bench, world, self.allowed)
            expect(visible.get(number) == item, f"entry {number} was acknowledged and is not there")
        bench.must(world, *self.arguments(), what="add again")
        there = sorted(path for _, path in check_visible(bench, world, self.allowed).values())
        expect(set(self.given) <= set(there), f"there are only {there}")
        # A journal that could not be written is missed, and says so.
        if b"is not remembered for --resume" not in result.stderr:
            expect(len(there) == len(set(there)), f"something was added twice: {there}")
        check_next_add(bench, world, check_visible(bench, world, self.allowed))


class Recover(Add):
    """Adds to a vault that another add left at the last step whose call and path fit a pattern."""

    def __init__(self, bench, name, left_by, pattern):
        super().__init__(bench, name, "note")
        left_by = bench.evidence / left_by
        self.allowed.update(files_of(left_by))
        run = bench.folder / "leave" / name
        shutil.copytree(self.start, run / "disk")
        bench.faulty(run, ["add", left_by], "", 0, 0)
        step = [int(line.split()[0]) for line in (run / "trace").read_text().splitlines()
                if re.search(pattern, line)][-1]
        shutil.rmtree(run)
        shutil.copytree(self.start, run / "disk")
        killed = bench.faulty(run, ["add", left_by], "kill", step, 0)
        expect(killed.returncode == -signal.SIGKILL, "the start of a recovery was not reached")
        shutil.rmtree(self.start)
        shutil.move(run / "disk", self.start)


class RecoverCut(Recover):
    """The beginning of a large one, whose writer was killed at its last write to the pack, is saved and opens."""

    def check(self, world, result, world_name):
        super().check(world, result, world_name)
        saved = sorted((world / "vault/cut").iterdir())
        expect([path.suffix for path in saved] == [".age"], f"saved: {saved}")
        moved = saved[0].rename(world / "cut.age")
        added = self.bench.must(world, "add", moved, "--partial", "cut-sealed-file", what="add of the cut file")
        number = added.stdout.decode().split()[0]  # its line says that it is not whole, too
        opened = self.bench.must(world, "cat", number, "--cut", what="cat of the cut file").stdout
        whole = (self.bench.evidence / "large").read_bytes()
        expect(len(opened) > 1 << 20 and whole.startswith(opened), f"{len(opened)} bytes were opened")


class Export(Scenario):
    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "add", bench.evidence / "large", what="add to the start")
        (self.start / "out").mkdir()

    def arguments(self):
        return ["export", "1-2", "--out", "out/bundle"]

    def check(self, world, result, world_name):
        bench, target = self.bench, world / "out/bundle"
        beside = [path.name for path in (world / "out").iterdir() if path != target]
        expect(all(name.startswith("bundle.partial-") for name in beside), f"export left {beside}")
        if result.returncode == 0:
            expect(target.exists(), "export said that it wrote the bundle, and it is not there")
        if not target.exists():
            bench.must(world, *self.arguments(), what="export again")
        bench.must(world, target, program=bench.verify_program, status=NOT_ANCHORED, what="the bundle")
        bench.must(world, "list", what="list after export")


class Shred(Scenario):
    """Item 2 goes; item 1 stays, and so does what was acknowledged of both."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "add", bench.evidence / "large", what="add to the start")

    def arguments(self):
        return ["shred", "2", "--authority", "policy", "--reason", "over", "--confirm", "2"]

    def check(self, world, result, world_name):
        bench = self.bench
        rows = json.loads(bench.must(world, "list", "--json", what="the vault does not open").stdout)
        gone = "shredded" in rows[1]
        expect(gone or result.returncode != 0, "shred said that it was done, and the item is there")
        visible = check_visible(bench, world, {str(bench.evidence / name) for name in ("note", "large")})
        expect(set(visible) == ({1} if gone else {1, 2}), f"there are {sorted(visible)}")
        # Also that no file of the store holds more than the evidence that is left.
        check_next_add(bench, world, visible)


class Publish(Scenario):
    """A copy that is brought up to date: what it shows before, between and after verifies."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "publish", "www", what="publish of the start")
        bench.must(self.start, "add", bench.evidence / "many", what="add to the start")

    def arguments(self):
        return ["publish", "www"]

    def check(self, world, result, world_name):
        # For somebody who has never seen the log: at home the newer head is known, and the copy is behind it.
        elsewhere = {"XDG_STATE_HOME": str(world / "elsewhere")}
        shown = json.loads(self.bench.must(world, "verify-log", "www", "--json", status=NOT_ANCHORED, what="the copy", **elsewhere).stdout)
        sizes = (2, 302) if result.returncode != 0 else (302,)
        expect(shown["checkpoint"]["size"] in sizes, f"the copy shows size {shown['checkpoint']['size']}")
        self.bench.must(world, *self.arguments(), what="publish again")
        shown = json.loads(self.bench.must(world, "verify-log", "www", "--json", what="the copy then", **elsewhere).stdout)
        expect(shown["checkpoint"]["size"] == 302, "publish again did not bring it up to date")


class RotateLogKey(Scenario):
    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()

    def arguments(self):
        return ["rotate-log-key", "--no-passphrase", "--reason", "yearly"]

    def check(self, world, result, world_name):
        check_visible(self.bench, world, {str(self.bench.evidence / "note")})
        self.bench.must(world, "verify", "--log", "--whole", what="verify")
        check_next_add(self.bench, world, [])
        check_keys(world, "the next writer")


class Readers(Scenario):
    """One more reader: whoever read goes on reading, and the new one reads where the change was made."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        self.second = bench.run(self.start, "keygen", "--no-passphrase", "-o", "second.txt").stdout.decode().strip()

    def arguments(self):
        return ["reader", "add", self.second]

    def check(self, world, result, world_name):
        bench = self.bench
        check_visible(bench, world, {str(bench.evidence / "note")})
        reads = bench.run(world, "list", "-i", "second.txt", EXHIBIT_IDENTITY="").returncode == 0
        expect(reads or result.returncode != 0, "the reader was added, and does not read")
        check_next_add(bench, world, [])
        listed = json.loads(bench.must(world, "reader", "list", "--json", what="reader list").stdout)
        expect(listed["key_file"] == "as the log names it", "the key's file is not the one that the log names")
        reads = bench.run(world, "list", "-i", "second.txt", EXHIBIT_IDENTITY="").returncode == 0
        expect(reads == (len(listed["readers"]) == 2), "who reads is not who the log says")
        check_keys(world, "the next writer")


class Reseal(Scenario):
    """A new key: everything opens in every world, and the reseal goes on to its end."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "add", bench.evidence / "group", what="add to the start")
        self.allowed = {str(bench.evidence / "note"), *files_of(bench.evidence / "group")}

    def arguments(self):
        return ["reseal", "--reason", "a reader left"]

    def check(self, world, result, world_name):
        bench = self.bench
        before = check_visible(bench, world, self.allowed)
        expect(len(before) == 12, f"{len(before)} items are visible")
        check_next_add(bench, world, before)
        bench.must(world, *self.arguments(), what="reseal again")
        check_visible(bench, world, self.allowed | {str(bench.evidence / "next")})
        report = json.loads(bench.must(world, "verify", "--content", "--json", what="verify").stdout)
        expect(report["ok"] and not report["remarks"], f"verify: {report}")
        check_keys(world, "a reseal")


class Collect(Scenario):
    """What a collector sealed: each complete item is taken in, and none of another is."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "collector", "new", "fs01", "--out", "stick", "--no-passphrase", what="collector new")

    def arguments(self):
        return ["collect", self.bench.evidence / "large", self.bench.evidence / "group", "--collector", "stick", "--drop", "drop"]

    def check(self, world, result, world_name):
        bench, allowed = self.bench, {str(self.bench.evidence / "note")}
        allowed.update(files_of(bench.evidence / "large") + files_of(bench.evidence / "group"))
        acknowledged = acknowledged_items(result.stdout)
        if (world / "drop").exists() or result.returncode == 0:
            bench.must(world, "take-in", "drop", what="take-in")
        visible = check_visible(bench, world, allowed)
        for item in acknowledged.values():
            expect(item in visible.values(), f"{item} was collected and is not there")
        # A sealed file whose statement was not written before the crash never gets one: take-in says so, and takes the rest.
        lost = any(not sealed.with_suffix(".collected").exists() for sealed in (world / "drop").glob("*.age"))
        bench.must(world, *self.arguments(), what="collect again")
        bench.must(world, "take-in", "drop", what="take-in again", status=1 if lost else 0)
        check_next_add(bench, world, check_visible(bench, world, allowed))


class TakeIn(Collect):
    """A take-in that breaks goes on, and takes nothing in twice."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        bench.must(self.start, *super().arguments(), what="collect")

    def arguments(self):
        return ["take-in", "drop"]

    def check(self, world, result, world_name):
        bench = self.bench
        allowed = {str(bench.evidence / "note"), *files_of(bench.evidence / "large"), *files_of(bench.evidence / "group")}
        check_visible(bench, world, allowed)
        bench.must(world, *self.arguments(), what="take-in again")
        visible = check_visible(bench, world, allowed)
        expect(len(visible) == 13 and len(set(visible.values())) == 13, f"{len(visible)} items are visible")
        check_next_add(bench, world, visible)


class RecoverHead(Scenario):
    """A restored copy: refused or recovered, and the lost head is never gone before it is recorded."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        shutil.copytree(self.start / "vault", self.start / "copy")
        bench.must(self.start, "add", bench.evidence / "next", what="add to the start")
        self.lost = (self.start / "vault/HEAD").read_bytes()
        shutil.rmtree(self.start / "vault")
        (self.start / "copy").rename(self.start / "vault")

    def arguments(self):
        return ["recover-head", "--reason", "disk failed", "--confirm", ORIGIN]

    def check(self, world, result, world_name):
        bench = self.bench
        if bench.run(world, "list").returncode != 0:
            expect(result.returncode != 0, "it said that it recovered, and the vault is refused")
            bench.must(world, *self.arguments(), what="recover-head again")
        kept = [path.read_bytes() for path in (world / "home/state/exhibit/heads/lost").iterdir()]
        expect(kept == [self.lost], "the lost head is not kept")
        said = bench.must(world, "verify", what="verify").stdout.decode()
        expect(said.count(" was lost") == 1, f"the log does not say once what happened: {said}")


class WitnessSign(Scenario):
    """Two histories before one witness: whatever breaks between, it never cosigns both."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        start = self.start
        key = json.loads(bench.must(start, "log", "0", "--json", what="log").stdout)[0]["note"]
        key = json.loads(key.splitlines()[0])["log"][0]
        bench.must(start, "witness", "init", "w", "--name", "witness.example/w", "--log", key, "--no-passphrase", what="witness init")
        bench.must(start, "checkpoint", "--witness-request", "first", what="request")
        bench.must(start, "witness", "sign", "w", "--request", "first", what="the first cosignature")
        for name in ("one", "other"):
            shutil.copytree(start / "vault", start / name)
            for path in ("next", "note")[:1 if name == "one" else 2]:
                bench.must(start, "--vault", name, "add", bench.evidence / path, what="add to a history",
                           XDG_STATE_HOME=str(start / f"state-{name}"))
            bench.must(start, "--vault", name, "checkpoint", "--witness-request", f"request-{name}", "--old", "2",
                       what="request", XDG_STATE_HOME=str(start / f"state-{name}"))

    def arguments(self):
        return ["witness", "sign", "w", "--request", "request-one"]

    def check(self, world, result, world_name):
        bench = self.bench
        answered = result.returncode == 0 and b"witness.example/w" in result.stdout
        other = bench.run(world, "witness", "sign", "w", "--request", "request-other")
        expect(other.returncode in (0, 3), f"the other history: exit {other.returncode}")
        expect(not (answered and other.returncode == 0), "both histories were cosigned")
        again = bench.run(world, *self.arguments())
        expect(again.returncode == 3, "after either history the old size is not that of the request")


class Kit(Scenario):
    """A kit is whole or not there, and the vault goes on either way."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()

    def arguments(self):
        return ["kit", "--out", "kit"]

    def check(self, world, result, world_name):
        bench = self.bench
        if result.returncode == 0:
            expect((world / "kit").exists(), "kit said that it made one, and it is not there")
        if not (world / "kit").exists():
            bench.must(world, *self.arguments(), what="kit again")
        told = json.loads(bench.must(world, "kit", "--check", "kit", "--json", status=NOT_ANCHORED, what="the kit").stdout)
        expect(told["opens"] and not told["faults"], f"the kit: {told}")
        bench.must(world, "status", what="status")
        check_next_add(bench, world, [])


class Passphrase(Scenario):
    """The same keys in files that are made anew: each opens in every world, and nothing is left beside them."""

    def __init__(self, bench, name, whose):
        super().__init__(bench, name)
        self.whose = whose
        self.make_vault()

    def arguments(self):
        return ["passphrase", self.whose, "--no-passphrase"]

    def check(self, world, result, world_name):
        check_visible(self.bench, world, {str(self.bench.evidence / "note")})
        self.bench.must(world, *self.arguments(), what="passphrase again")
        check_next_add(self.bench, world, [])
        check_keys(world, "the next writer")


class Rescue(Scenario):
    """A rescue that fails leaves no new vault or a whole one, and never a byte of the damaged one changed."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        bench.must(self.start, "add", bench.evidence / "group", what="add to the start")
        (self.start / "vault").rename(self.start / "damaged")
        (self.start / "damaged/HEAD").unlink()
        for manifest in (self.start / "damaged/store").glob("MANIFEST-*"):
            manifest.write_bytes(b"damaged")
        self.before = self.bytes_of(self.start)

    @staticmethod
    def bytes_of(world):
        return {str(path.relative_to(world)): path.read_bytes() for path in (world / "damaged").rglob("*") if path.is_file()}

    def arguments(self):
        return ["rescue", "damaged", "--to", "vault"]

    def check(self, world, result, world_name):
        expect(self.bytes_of(world) == self.before, "the damaged vault was changed")
        if not (world / "vault").exists():
            expect(result.returncode != 0, "it said that it made the vault, and it is not there")
            self.bench.must(world, *self.arguments(), what="rescue again")
        check_next_add(self.bench, world, [])


def make_scenarios(bench):
    yield Init(bench, "init")
    yield Add(bench, "add-small", "note")
    yield Add(bench, "add-large", "large")
    yield Add(bench, "add-group", "group")
    yield Add(bench, "add-many", "many")
    yield Resume(bench, "add-resume", "group")
    yield Recover(bench, "recover-entries", "group", r"create /vault/HEAD")
    yield Recover(bench, "recover-payload", "large", r"fsync /vault/store/packs")
    yield RecoverCut(bench, "recover-cut", "large", r"pwrite /vault/store/packs")
    yield Export(bench, "export")
    yield Shred(bench, "shred")
    yield Publish(bench, "publish")
    yield RotateLogKey(bench, "rotate-log-key")
    yield Readers(bench, "reader-add")
    yield Reseal(bench, "reseal")
    yield Kit(bench, "kit")
    yield Passphrase(bench, "passphrase-own", "own")
    yield Passphrase(bench, "passphrase-log", "log")
    yield Collect(bench, "collect")
    yield TakeIn(bench, "take-in")
    yield RecoverHead(bench, "recover-head")
    yield Rescue(bench, "rescue")
    yield WitnessSign(bench, "witness-sign")
