"""What is compared: exhibit, the programs that people use instead, and the bounds of the machine.

Each subject does the same jobs in a folder of its own. A job gives the steps that are measured, each
a command or a pipeline; `sync` stands behind whatever writes and does not sync by itself, so that
everybody is durable when the clock stops.
"""
import json
import os
import shutil
import sys
from dataclasses import dataclass
from typing import Optional

JOBS = ("add", "verify", "verify log", "content", "export plain", "verify bundle", "export sealed")
HASH_ALL_CORES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hash_all_cores.py")


@dataclass
class Step:
    pipeline: list
    into: Optional[str] = None    # where the output goes
    folder: Optional[str] = None  # where it runs


class Subject:
    """One program. `kind` is "exhibit", "peer" (does the same job) or "bound" (does a part of it)."""
    name = ""
    kind = "peer"
    notes = {}  # by job, what it does and what it does not

    def __init__(self, folder, source, run):
        self.folder = folder      # fresh for each run
        self.source = source      # what is taken in: a file or a folder
        self.run = run            # runs a command that is not measured, and gives its output
        self.is_file = os.path.isfile(source)
        self.store = os.path.join(folder, "store")   # what add makes; its size is what is stored
        self.out = os.path.join(folder, "out")       # what an export makes
        os.makedirs(folder)

    def prepare(self):
        """What goes before add and is not measured."""

    def steps(self, job):
        """The steps of a job, or None if the program does not do it."""
        method = getattr(self, job.replace(" ", "_"), None)
        return method() if method else None

    def stored(self, job):
        """The path whose size is what the job left."""
        return {"add": self.store, "export plain": self.out, "export sealed": self.out}.get(job)

    def forget_export(self):
        shutil.rmtree(self.out, ignore_errors=True)
        if os.path.exists(self.out):
            os.remove(self.out)


def durable(path):
    """One file by fsync; a folder by syncing its file system, which is less than a sync of each file."""
    return Step(["sync", path] if os.path.isfile(path) else ["sync", "-f", path])


def make_reader(folder, run, name="reader.txt"):
    """A reader's identity file, and the public half."""
    identity = os.path.join(folder, name)
    return identity, run(["exhibit", "keygen", "--no-passphrase", "-o", identity]).strip()


def make_vault(folder, recipient, run):
    """Its fingerprint. The origin is the folder's path: the user's keys and heads have a name by it."""
    origin = "bench.example/" + "/".join(folder.strip("/").lower().split("/")[-3:])
    made = run(["exhibit", "init", folder, "--origin", origin, "--name", "Bench", "--reader", recipient,
                "--no-passphrase", "--json"])
    return json.loads(made)["fingerprint"]


class Exhibit(Subject):
    name, kind = "exhibit", "exhibit"
    program = "exhibit"

    def prepare(self):
        self.identity, self.recipient = make_reader(self.folder, self.run)
        self.fingerprint = make_vault(self.store, self.recipient, self.run)
        self.items = "1" if self.is_file else f"1-{sum(len(names) for _, _, names in os.walk(self.source))}"

    def command(self, *words):
        return Step([self.program, "--vault", self.store, *words])

    def add(self):
        return [self.command("add", self.source)]

    def verify(self):
        return [self.command("verify")]

    def verify_log(self):
        return [self.command("verify", "--log", "--whole")]

    def content(self):
        return [self.command("verify", "--content", "-i", self.identity)]

    def export_plain(self):
        return [self.command("export", self.items, "--out", self.out, "-i", self.identity, "--purpose", "benchmark")]

    def verify_bundle(self):
        return [Step(["exhibit-verify", self.out, "--fingerprint", self.fingerprint])]

    def export_sealed(self):
        return [self.command("export", self.items, "--out", self.out, "-i", self.identity, "--purpose", "benchmark",
                             "--recipient", self.recipient)]


class Restic(Subject):
    name = "restic"
    notes = {"verify": "its index and the names of its packs; no data is read"}

    def command(self, *words):
        return ["restic", "--quiet", "--repo", self.store, *words]

    def prepare(self):
        self.run(self.command("init"))

    def add(self):
        return [Step(self.command("backup", self.source))]

    def verify(self):
        return [Step(self.command("check"))]

    def content(self):
        return [Step(self.command("check", "--read-data"))]

    def export_plain(self):
        return [Step(self.command("restore", "latest", "--target", self.out)), Step(["sync", "-f", self.folder])]


class Borg(Subject):
    name = "borg"
    notes = {"verify": "the checksums of its segments, and its index"}

    def prepare(self):
        self.run(["borg", "init", "--encryption=repokey", self.store])

    def add(self):
        return [Step(["borg", "create", "--compression", "lz4", self.store + "::a", self.source])]

    def verify(self):
        return [Step(["borg", "check", "--repository-only", self.store])]

    def content(self):
        return [Step(["borg", "check", "--verify-data", self.store])]

    def export_plain(self):
        os.makedirs(self.out)
        return [Step(["borg", "extract", self.store + "::a"], folder=self.out), Step(["sync", "-f", self.folder])]


class Ewf(Subject):
    name = "ewf"
    notes = {"add": "ewfacquire -c fast: not encrypted", "content": "ewfverify"}

    def add(self):
        os.makedirs(self.store)
        return [Step(["ewfacquire", "-u", "-q", "-c", "fast", "-d", "sha256", "-f", "encase6", "-S", "8EiB", "-t",
                      os.path.join(self.store, "image"), self.source]), Step(["sync", "-f", self.folder])]

    def content(self):
        return [Step(["ewfverify", "-q", "-d", "sha256", os.path.join(self.store, "image.E01")])]

    def steps(self, job):
        return super().steps(job) if self.is_file else None


class Copy(Subject):
    """cp and sync. What it copies for a sealed export is a bundle that exhibit made."""
    name, kind = "cp, sync", "bound"
    bundle = None

    def copy(self, source, target):
        return [Step(["cp", "-r", source, target]), Step(["sync", "-f", self.folder])]

    def add(self):
        return self.copy(self.source, self.store)

    def export_plain(self):
        return self.copy(self.store, self.out)

    def export_sealed(self):
        return self.copy(self.bundle, self.out) if self.bundle else None


class Sha256sum(Subject):
    name, kind = "sha256sum", "bound"

    def add(self):
        files = [self.source] if self.is_file else sorted(
            os.path.join(place, name) for place, _, names in os.walk(self.source) for name in names)
        return [Step(["sha256sum", *files])]

    def stored(self, job):
        return None


class HashAllCores(Subject):
    """Reads and hashes what exhibit stored, and what it exported, on all processors."""
    name, kind = "read+SHA-256", "bound"
    vault = None
    bundle = None

    def hash_all(self, path):
        return [Step([sys.executable, "-S", "-E", HASH_ALL_CORES, path])] if path else None

    def verify(self):
        return self.hash_all(self.vault)

    def verify_bundle(self):
        return self.hash_all(self.bundle)


class Age(Subject):
    name, kind = "age", "bound"
    compressed = False
    notes = {"content": "decrypts, and pipes into sha256sum"}

    def prepare(self):
        self.identity = os.path.join(self.folder, "key.txt")
        self.run(["age-keygen", "-o", self.identity])
        self.recipient = self.run(["age-keygen", "-y", self.identity]).strip()

    def steps(self, job):
        return super().steps(job) if self.is_file else None

    def add(self):
        seal = ["age", "-r", self.recipient, "-o", self.store]
        work = [["zstd", "-1", "-q", "-c", self.source], seal] if self.compressed else seal + [self.source]
        return [Step(work), Step(["sync", self.store])]

    def opened(self):
        opened = [["age", "-d", "-i", self.identity, self.store]]
        return opened + [["zstd", "-q", "-d", "-c"]] if self.compressed else opened

    def content(self):
        return [Step(self.opened() + [["sha256sum"]])]

    def export_plain(self):
        return [Step(self.opened(), into=self.out), Step(["sync", self.out])]


class ZstdAge(Age):
    name = "zstd -1 | age"
    compressed = True


ALL = (Exhibit, Restic, Borg, Ewf, Copy, Sha256sum, HashAllCores, Age, ZstdAge)
