"""What grows with the number of entries: one vault that grows tenfold, measured at each power of ten.

Each entry is a file of one line, and thousands of them come in one command. What is measured are whole processes, as a user
runs them, under a limit of 256 open files:

    add, cat …   one command of one item: seconds of processor, and how often it asks for something to be durable
    verify …     the whole log and all sealed files; list with a reader's key; export and the check of one item
"""
import os
import shutil

from benchmark import inputs, measure, subjects
from benchmark.measure import MIB, Failed

OPEN_FILES = 256
FILES_IN_FOLDER = 10_000


class Vault:
    """A vault of its own for one measurement."""

    def __init__(self, work, env, name):
        self.env, self.work = env, work
        self.folder = os.path.join(work, name)
        self.log = os.path.join(work, "programs.log")
        run = lambda words: measure.output_of(words, env)  # noqa: E731
        self.identity, recipient = subjects.make_reader(work, run, name + "-reader.txt")
        subjects.make_vault(self.folder, recipient, run)

    def words(self, *words):
        return ["exhibit", "--vault", self.folder, "-q", *words]

    def run(self, *words):
        return measure.run(self.words(*words), self.env, log=self.log)

    def store(self):
        """Files and bytes."""
        files = [os.path.join(place, name) for place, _, names in os.walk(os.path.join(self.folder, "store")) for name in names]
        return len(files), sum(os.path.getsize(file) for file in files)


def lines(folder, first, count):
    """Files of one line each."""
    for number in range(first, first + count):
        if number == first or number % FILES_IN_FOLDER == 0:
            place = os.path.join(folder, f"{number // FILES_IN_FOLDER:05}")
            os.makedirs(place)
        with open(os.path.join(place, f"{number:08}"), "w") as file:
            file.write(f"line {number}: Failed password for root from 10.0.0.7 port 51522 ssh2\n")


# Each is one command of a few milliseconds, done several times.
ONE_ITEM = {
    "add one": lambda vault: ["add", vault.piece],
    "show": lambda vault: ["show", "1", "-i", vault.identity],
    "cat": lambda vault: ["cat", "1", "-i", vault.identity, "--purpose", "benchmark"],
    "checkpoint": lambda vault: ["checkpoint"],
    "prove": lambda vault: ["prove", "1", "--tlog-proof", "-o", vault.fresh()],
    "export one": lambda vault: ["export", "1", "--out", vault.fresh(), "-i", vault.identity, "--purpose", "benchmark"],
}
# And these read all of it.
WHOLE = {
    "verify --log": lambda vault: ["verify", "--log", "--whole"],
    "verify": lambda vault: ["verify"],
    "verify --content": lambda vault: ["verify", "--content", "-i", vault.identity],
    "list": lambda vault: ["list"],
    "list with a key": lambda vault: ["list", "-i", vault.identity],
    "verify --log again": lambda vault: ["verify", "--log"],
}


class GrowingVault(Vault):
    def __init__(self, work, env, runs):
        super().__init__(work, env, "growing")
        self.runs = runs
        self.size = 1
        self.made = 0
        self.piece = os.path.join(work, "piece.txt")
        self.out = os.path.join(work, "growing-out")
        with open(self.piece, "w") as file:
            file.write("one more line of a log\n")

    def fresh(self):
        """A path where nothing is."""
        os.makedirs(self.out, exist_ok=True)
        self.made += 1
        return os.path.join(self.out, str(self.made))

    def grow_to(self, size):
        count = size - self.size
        folder = os.path.join(self.work, f"lines-{size}")
        lines(folder, self.size, count)
        measure.settle()
        cost = self.run("add", folder)
        shutil.rmtree(folder)
        self.size = size
        return {"items": count, "wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak}

    def measure(self, command, runs):
        costs = [measure.run(self.words(*command(self)), self.env, log=self.log)
                 for _ in range(runs)]
        cost = measure.median_cost(costs)
        return {"wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak}

    def measure_at(self, size):
        row = {"entries": size, "grow": self.grow_to(size), "commands": {}, "failures": {}}
        for name, command in [*WHOLE.items(), *ONE_ITEM.items()]:
            small = name in ONE_ITEM
            try:
                row["commands"][name] = self.measure(command, 11 if small else self.runs if size < 1_000_000 else 1)
                if small:
                    row["commands"][name]["syncs"] = measure.count_syncs(self.words(*command(self)), self.env)
            except (Failed, OSError) as error:
                row["failures"][name] = str(error)
        row["files"], row["stored"] = self.store()
        row["stored_all"] = inputs.tree_bytes(self.folder)
        return row


def version(env, runs=21):
    costs = [measure.run(["exhibit", "version"], env) for _ in range(runs)]
    return {"cpu": measure.median([cost.cpu for cost in costs]), "wall": measure.median([cost.wall for cost in costs])}


def print_row(row):
    print(f"\n{row['entries']} entries, {row['files']} files in the store, {row['stored_all'] / row['entries']:.0f} bytes "
          f"an entry; {row['grow']['items']} items came in {row['grow']['wall']:.1f} s, {row['grow']['cpu']:.1f} s of "
          f"processor, {row['grow']['peak'] / MIB:.0f} MiB")
    for name, cost in row["commands"].items():
        syncs = f"{cost['syncs']:>4} syncs" if cost.get("syncs") is not None else ""
        print(f"  {name:<20}{cost['wall'] * 1000:>10.0f} ms{cost['cpu'] * 1000:>10.1f} ms CPU{cost['peak'] / MIB:>7.0f} MiB{syncs}")
    for name, why in row["failures"].items():
        print(f"  FAILED {name}: {why.splitlines()[0]}")
    print(end="", flush=True)


def measure_growth(work, env, longest, runs):
    print("## Growth\n\nWhole processes, at most 256 open files; medians.")
    result = {"version": version(env), "rows": []}
    print(f"\nexhibit version: {result['version']['cpu'] * 1000:.1f} ms of processor")
    vault = GrowingVault(work, env, runs)
    size = 10
    while size <= longest:
        try:
            row = vault.measure_at(size)
        except (Failed, OSError) as error:
            print(f"FAILED at {size}: {error}")
            break
        result["rows"].append(row)
        print_row(row)
        size *= 10
    return result
