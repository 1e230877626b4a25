#!/usr/bin/env python3
"""A disk that fails at every step of what stores, and what is left afterwards.

    run.py BIN_FOLDER FAULTY_DISK_LIBRARY [--all] [--seconds N] [--seed N]
                                          [--only SCENARIO[:FAULT[:STEP]]]

Each scenario is one command of the real program (init, add, export, shred, publish, rotate-log-key, reader add,
reseal, collect, take-in, recover-head, witness sign) over a small vault. A clean
run counts its steps: the calls that change what is stored. Then the command runs again and again
from the same start, with a fault at another step each time (faulty_disk.cc has the faults and the
model of a power cut). From each run come up to three worlds, and all must hold:

    disk        what stands on the disk afterwards, page cache and all
    power-cut   only what had been synced
    torn        what had been synced, and a part of the rest, by chance

In each world, with the real program:

  - what was acknowledged is there, and its digest is that of what was given;
  - nothing else is visible than what was given, and all that is visible verifies to the last byte;
  - the vault opens as it is, without a repair, and takes the next item;
  - the space of payload that no entry followed comes back with the next writer;
  - a failure is a message with a hint and exit status 1: no crash, no accusation of tampering, and
    no success that the power-cut world does not bear out (a failed sync cannot be made good).

All steps run if the time allows; else a spread of them that the seed decides. Needs only Python's
standard library.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

ORIGIN = "test.example/crash"
NOT_ANCHORED = 5  # it holds, and nothing was brought that says whose it is
# Which worlds are worth their time. After a failed sync there is no torn middle: the kernel keeps
# nothing of it.
WORLDS = {"kill": ("disk", "power-cut", "torn"), "eio": ("disk", "power-cut"), "enospc": ("disk",),
          "none": ("disk", "power-cut")}
FAULTS = ("kill", "eio", "enospc")
# What files of the store may take up beyond the evidence itself: headers, indexes, metadata.
SLACK_BYTES = 500_000


class Failed(Exception):
    """Something that must hold does not."""


def expect(condition, message):
    if not condition:
        raise Failed(message)


class Bench:
    """The programs under test, the evidence, and where worlds are made."""

    def __init__(self, folder, binaries, library):
        self.folder = folder
        self.exhibit_program = binaries / "exhibit"
        self.verify_program = binaries / "exhibit-verify"
        self.library = library
        chance = random.Random(7)
        self.evidence = folder / "evidence"
        files = {"note": 700, "next": 900, "large": 2_600_000}
        files.update({f"group/{number:02}": 120_000 + number for number in range(11)})
        files.update({f"many/{number:03}": 40 + number for number in range(300)})
        for name, size in files.items():
            path = self.evidence / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(chance.randbytes(size))
        paths = [self.evidence / name for name in files]
        self.digests = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
        (folder / "scratch").mkdir()
        self.reader = folder / "reader.txt"
        self.recipient = self.run(folder, "keygen", "--no-passphrase", "-o",
                                  self.reader).stdout.decode().strip()

    def environment(self, world, **more):
        sanitizers = {name: value for name, value in os.environ.items()
                      if name.endswith("SAN_OPTIONS")}
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                "TMPDIR": str(self.folder / "scratch"), "HOME": str(world / "home"),
                "XDG_CONFIG_HOME": str(world / "home/config"),
                "XDG_STATE_HOME": str(world / "home/state"),
                "EXHIBIT_VAULT": str(world / "vault"), "EXHIBIT_IDENTITY": str(self.reader),
                "EXHIBIT_PURPOSE": "a test",
                **sanitizers, **more}

    def run(self, world, *arguments, program=None, **environment):
        command = [str(program or self.exhibit_program), *map(str, arguments)]
        return subprocess.run(command, cwd=world, stdin=subprocess.DEVNULL, capture_output=True,
                              env=self.environment(world, **environment), timeout=300)

    def must(self, world, *arguments, what, status=0, **options):
        result = self.run(world, *arguments, **options)
        said = (result.stderr or result.stdout).decode(errors="replace")[-600:]
        expect(result.returncode == status, f"{what}: exit {result.returncode}: {said}")
        return result

    def faulty(self, run, arguments, fault, step, seed):
        """Runs the command in run/disk with a fault, and makes the other worlds beside it."""
        # The library stands before the sanitizer's runtime, which would object; and RocksDB leaks
        # when it fails, which is not the question here.
        asan = [os.environ.get("ASAN_OPTIONS", ""), "verify_asan_link_order=0", "detect_leaks=0"]
        return self.run(run / "disk", *arguments, LD_PRELOAD=str(self.library),
                        ASAN_OPTIONS=":".join(filter(None, asan)),
                        EXHIBIT_FAULT=fault, EXHIBIT_FAULT_STEP=str(step),
                        EXHIBIT_FAULT_SEED=str(seed), EXHIBIT_FAULT_BELOW=str(run / "disk"),
                        EXHIBIT_FAULT_TRACE=str(run / "trace"),
                        EXHIBIT_FAULT_POWER_CUT=str(run / "power-cut"),
                        EXHIBIT_FAULT_TORN=str(run / "torn"))


def init_arguments(bench):
    return ["init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", bench.recipient,
            "--no-passphrase"]


# --- scenarios: each has a start, a command, and what must hold in every world afterwards ---------

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
        gone = "shredded_under" in rows[1]
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
        return ["rotate-log-key", "--no-passphrase"]

    def check(self, world, result, world_name):
        check_visible(self.bench, world, {str(self.bench.evidence / "note")})
        self.bench.must(world, "verify", "--log", what="verify")
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
        return ["reseal"]

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
        bench.must(world, *self.arguments(), what="collect again")
        bench.must(world, "take-in", "drop", what="take-in again")
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
        expect(said.count("was lost: disk failed") == 1, f"the log does not say once what happened: {said}")


class WitnessSign(Scenario):
    """Two histories before one witness: whatever breaks between, it never cosigns both."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.make_vault()
        start = self.start
        key = json.loads(bench.must(start, "log", "0", "--json", what="log").stdout)[0]["note"]
        key = json.loads(key.splitlines()[0])["log"]
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


# --- what must hold -----------------------------------------------------------------------------

def files_of(path):
    return sorted(map(str, path.iterdir())) if path.is_dir() else [str(path)]


def acknowledged_items(output):
    """What `add` printed: entry number to digest and path. A line cut off does not count."""
    items = {}
    for line in output.decode().splitlines(keepends=True):
        fields = line.rstrip("\n").split("  ")
        if line.endswith("\n") and len(fields) == 5 and fields[0].isdigit():
            items[int(fields[0])] = (fields[1], fields[4])
    return items


def check_visible(bench, world, allowed):
    """What a reader sees before any writer came: only what was given, each as it was given."""
    rows = json.loads(bench.must(world, "list", "--json", what="the vault does not open").stdout)
    visible = {}
    for row in rows:
        if "shredded_under" in row:
            continue
        path, digest = row["metadata"]["path"], row["metadata"]["digests"]["sha256"]
        expect(path in allowed, f"entry {row['entry']} is {path}, which nobody gave")
        expect(digest == bench.digests[path], f"entry {row['entry']} is not what was given")
        visible[row["entry"]] = (digest, path)
    return visible


def check_keys(world, after):
    """The two keys and their digests, and nothing that was left."""
    left = sorted(path.name for path in (world / "vault/keys").iterdir())
    expect(left == ["SHA256SUMS", "log.key", "reader.age"], f"keys after {after}: {left}")


def check_next_add(bench, world, visible):
    """The vault takes an item, verifies to the last byte, and wastes no space."""
    result = bench.must(world, "add", bench.evidence / "next", what="the next add")
    added = acknowledged_items(result.stdout)
    expect(len(added) == 1 and not set(added) & set(visible), f"the next add stored {added}")
    report = json.loads(bench.must(world, "verify", "--content", "--json", what="verify").stdout)
    expect(report["ok"] and report["checkpoint"]["size"] == max(added) + 1, f"verify: {report}")
    left = [remark for remark in report["remarks"] if "no entry names" in remark or "no part of the store" in remark
            or remark.startswith("keys/")]
    expect(not left, f"something was left: {left}")
    # What was destroyed is zeros; so is one byte of 256 of what is sealed.
    packs = [path.read_bytes() for path in (world / "vault/store/packs").iterdir()]
    stored = sum(len(pack) - pack.count(0) for pack in packs)
    evidence = report["checked"]["content_bytes"]
    expect(stored <= evidence + SLACK_BYTES,
           f"{stored} bytes are stored for {evidence} of evidence")


def check_ending(result, fault):
    """How the program ended: killed as told, or done, or a message and exit status 1."""
    text = result.stderr.decode(errors="replace")
    for word in ("Sanitizer", "internal error", "terminate called", "runtime error", "faulty_disk"):
        expect(word not in text, text[-1500:])
    if fault == "kill" and result.returncode == -signal.SIGKILL:
        return
    expect(result.returncode in (0, 1), f"exit status {result.returncode}: {text[-600:]}")
    if result.returncode == 1:
        expect("exhibit: error: " in text and "exhibit: hint: " in text,
               f"no message or no hint: {text}")


def try_one(bench, scenario, fault, step, seed):
    """One run with one fault. Returns None, or what does not hold."""
    run = bench.folder / "runs" / f"{scenario.name}-{fault}-{step}"
    shutil.copytree(scenario.start, run / "disk")
    place, world_name, result = "", "-", None
    try:
        result = bench.faulty(run, scenario.arguments(), fault, step, seed)
        trace = (run / "trace").read_text().splitlines()
        place = trace[step - 1] if 0 < step <= len(trace) else "past the last step"
        check_ending(result, fault)
        for world_name in WORLDS[fault]:
            expect((run / world_name).exists(), "this world was not made")
            scenario.check(run / world_name, result, world_name)
    except (Failed, OSError, ValueError, LookupError, subprocess.TimeoutExpired) as failure:
        said = "" if result is None else result.stderr.decode(errors="replace").strip()
        return (f"{scenario.name}:{fault}:{step} ({place}), {world_name}: {failure}\n"
                f"    said: {said[-400:]}")
    finally:
        if not os.environ.get("EXHIBIT_KEEP_RUNS"):
            shutil.rmtree(run, ignore_errors=True)
    return None


# --- which steps, and for how long --------------------------------------------------------------

def make_scenarios(bench):
    yield Init(bench, "init")
    yield Add(bench, "add-small", "note")
    yield Add(bench, "add-large", "large")
    yield Add(bench, "add-group", "group")
    yield Add(bench, "add-many", "many")
    yield Recover(bench, "recover-entries", "group", r"create /vault/HEAD")
    yield Recover(bench, "recover-payload", "large", r"fsync /vault/store/packs")
    yield Export(bench, "export")
    yield Shred(bench, "shred")
    yield Publish(bench, "publish")
    yield RotateLogKey(bench, "rotate-log-key")
    yield Readers(bench, "reader-add")
    yield Reseal(bench, "reseal")
    yield Collect(bench, "collect")
    yield TakeIn(bench, "take-in")
    yield RecoverHead(bench, "recover-head")
    yield WitnessSign(bench, "witness-sign")


def plan(scenarios, counts, seed):
    """Every scenario, fault and step; in turns, so that what time there is goes to all alike."""
    chance = random.Random(seed)
    lanes = []
    for scenario in scenarios:
        for fault in FAULTS:
            steps = list(range(1, counts[scenario.name] + 1))
            chance.shuffle(steps)
            lanes.append([(scenario, fault, step) for step in steps])
    for turn in range(max(map(len, lanes))):
        yield from (lane[turn] for lane in lanes if turn < len(lane))


def run_all(bench, work, seconds):
    """Two at a time until the work or the time is over. Returns how many ran, and the failures."""
    end = time.monotonic() + seconds
    failures, done, pending, work = [], 0, set(), iter(work)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        while True:
            while len(pending) < 2 * (os.cpu_count() or 1) and time.monotonic() < end:
                job = next(work, None)
                if job is None:
                    break
                pending.add(pool.submit(try_one, bench, *job, seed_of(job)))
            if not pending:
                return done, failures
            finished, pending = concurrent.futures.wait(
                pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in finished:
                done += 1
                if future.result() is not None:
                    failures.append(future.result())
                    print("FAILED  " + future.result(), flush=True)


def seed_of(job):
    """What is torn does not depend on which other steps ran."""
    scenario, fault, step = job
    return zlib.crc32(f"{scenario.name}:{fault}:{step}".encode())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=Path)
    parser.add_argument("library", type=Path)
    parser.add_argument("--all", action="store_true", help="every step, however long it takes")
    parser.add_argument("--seconds", type=float, default=60)
    seed = os.environ.get("EXHIBIT_TEST_SEED", time.time_ns() % 1_000_000)
    parser.add_argument("--seed", type=int, default=int(seed))
    parser.add_argument("--only", metavar="SCENARIO[:FAULT[:STEP]]", default="")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="exhibit-crash-")).resolve()
    try:
        return run_in(folder, arguments)
    finally:
        if not os.environ.get("EXHIBIT_KEEP_RUNS"):
            shutil.rmtree(folder, ignore_errors=True)


def run_in(folder, arguments):
    start = time.monotonic()
    bench = Bench(folder, arguments.binaries.resolve(), arguments.library.resolve())
    scenario_name, fault, step = (arguments.only.split(":") + ["", "", ""])[:3]
    scenarios = [s for s in make_scenarios(bench) if scenario_name in ("", s.name)]
    if not scenarios:
        sys.exit(f"no scenario {scenario_name}")
    counts, failures = {}, []
    for scenario in scenarios:
        run = folder / "count"
        shutil.copytree(scenario.start, run / "disk")
        result = bench.faulty(run, scenario.arguments(), "", 0, 0)
        counts[scenario.name] = len((run / "trace").read_text().splitlines())
        shutil.rmtree(run)
        # A clean end, with the power cut after it: success must be durable.
        expect(result.returncode == 0,
               f"{scenario.name} fails without a fault: {result.stderr.decode()}")
        failure = try_one(bench, scenario, "none", 0, 1)
        if failure is not None:
            failures.append(failure)
            print("FAILED  " + failure, flush=True)
    work = [job for job in plan(scenarios, counts, arguments.seed)
            if fault in ("", job[1]) and step in ("", str(job[2]))]
    done, more = run_all(bench, work, float("inf") if arguments.all else arguments.seconds)
    expect(done > 0, "no fault was tried")
    failures += more
    for name, count in counts.items():
        print(f"{name}: {count} steps")
    print(f"{done} of {len(work)} faults in {time.monotonic() - start:.0f} s, "
          f"seed {arguments.seed} (EXHIBIT_TEST_SEED replays it); {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
