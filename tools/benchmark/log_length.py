"""What the length of a log costs: one vault that grows tenfold, measured at each power of ten.

    append       entries a second, commits of one and of 256, each commit synced (bench_log)
    verify       exhibit verify --log, the whole process
    open, add    exhibit add of one file of a few bytes, the whole process; and the library's opening alone
    list         exhibit list with a reader's key, the whole process
    prove        an inclusion proof at a random position, a consistency proof from a random size
"""
import json
import os
import subprocess
import sys

from benchmark import inputs, measure

SINGLE_COMMITS = 500
GROUP = 256


class GrowingVault:
    def __init__(self, work, env, runs):
        self.env, self.runs = env, runs
        self.log = os.path.join(work, "programs.log")
        self.vault = os.path.join(work, "growing")
        self.identity = os.path.join(work, "growing-reader.txt")
        self.piece = os.path.join(work, "piece.txt")
        with open(self.piece, "w") as file:
            file.write("one more line of a log\n")
        measure.run(["exhibit", "keygen", "--no-passphrase", "-o", self.identity], env, log=self.log)
        recipient = subprocess.run(["age-keygen", "-y", self.identity], env=env, capture_output=True, text=True,
                                   check=True).stdout.strip()
        measure.run(["exhibit", "init", self.vault, "--origin", "bench.example/growing", "--name", "Bench", "--reader",
                     recipient, "--no-passphrase"], env, log=self.log)
        self.size = 1

    def library(self, *words):
        done = subprocess.run(["bench_log", self.vault, *map(str, words)], env=self.env, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"bench: exit status {done.returncode} of bench_log {words}: {done.stderr}")
        return json.loads(done.stdout)

    def grow(self, count, group):
        answer = self.library("grow", count, group)
        self.size = answer["size"]
        return answer["entries_per_second"]

    def command(self, *words):
        costs = []
        for _ in range(self.runs):
            measure.settle()
            costs.append(measure.run(["exhibit", "--vault", self.vault, *words], self.env, log=self.log))
        return measure.median_cost(costs)

    def measure_at(self, size):
        before = self.size
        grouped = self.grow(size - SINGLE_COMMITS - before, GROUP)
        single = self.grow(SINGLE_COMMITS, 1)
        verify = self.command("verify", "--log")
        listing = self.command("list", "-i", self.identity)
        proofs = self.library("prove", 1000)
        opened = self.library("open", 11)
        stored = inputs.tree_bytes(self.vault)
        add = self.command("add", self.piece)
        self.size += self.runs
        print(f"{size:>9}{single:>10.0f}{grouped:>11.0f}{verify.wall:>9.2f}{size / verify.wall:>11.0f}"
              f"{verify.peak / measure.MIB:>7.0f}{listing.wall:>8.2f}{listing.peak / measure.MIB:>7.0f}"
              f"{proofs['inclusion_us']:>8.0f}{proofs['consistency_us']:>8.0f}{opened['open_reading_ms']:>9.1f}"
              f"{opened['open_writing_ms']:>9.1f}{add.wall * 1000:>8.0f}{stored / size:>8.0f}", flush=True)


def run(work, env, longest, runs=3):
    print("## The length of the log\n")
    print("append: entries a second, one a commit and 256 a commit. verify --log and list: whole processes. Proofs: median\n"
          "of 1,000. open: the library's, for reading and for writing. add: a whole process that adds one small file.\n")
    head = (f"{'entries':>9}{'append 1':>10}{'append 256':>11}{'verify s':>9}{'entries/s':>11}{'MiB':>7}{'list s':>8}{'MiB':>7}"
            f"{'incl us':>8}{'cons us':>8}{'open ms':>9}{'open w':>9}{'add ms':>8}{'B/entry':>8}")
    print(head + "\n" + "-" * len(head))
    vault = GrowingVault(work, env, runs)
    size = 1000
    while size <= longest:
        vault.measure_at(size)
        size *= 10
