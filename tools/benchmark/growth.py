"""What grows with a vault: files, opening time and bytes written, under a limit of 256 open files.

    small      one command an item, each of a line: files in the store, opening, bytes written by one command
    large      items of 2 MiB, all in one command and one command each: bytes written for each byte of payload
    many       files of one line, all in one command
"""
import os
import resource
import subprocess
import sys
import time

from benchmark import measure
from benchmark.measure import MIB

OPEN_FILES = 256


class LimitedVault:
    """A vault whose commands may have few files open, and whose writing the kernel counts."""

    def __init__(self, work, env, name):
        self.env = env
        self.vault = os.path.join(work, name)
        self.log = os.path.join(work, "programs.log")
        identity = os.path.join(work, name + "-reader.txt")
        self.run("keygen", "--no-passphrase", "-o", identity)
        recipient = next(line.split()[-1] for line in open(identity) if "public key" in line)
        self.run("init", self.vault, "--origin", "bench.example/" + name, "--name", "Bench", "--reader", recipient, "--no-passphrase")

    def run(self, *words):
        """Gives the bytes that the command gave to write calls, and the seconds that it took."""
        begin = time.monotonic()
        with open(self.log, "ab") as log:
            child = subprocess.Popen(["exhibit", "--vault", self.vault, "-q", *words], env=self.env, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=log, preexec_fn=limit_open_files)
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        seconds = time.monotonic() - begin
        counts = dict(line.split(": ") for line in open(f"/proc/{child.pid}/io").read().splitlines())
        if child.wait() != 0:
            sys.exit(f"bench: exit status {child.returncode} of exhibit {' '.join(words)}\n{measure.tail(self.log)}")
        return int(counts["wchar"]), seconds

    def opening(self):
        return min(self.run("checkpoint")[1] for _ in range(5))

    def store(self):
        """Files and bytes."""
        files = [os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.vault, "store")) for name in names]
        return len(files), sum(os.path.getsize(file) for file in files)


def limit_open_files():
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def small(work, env, most):
    vault = LimitedVault(work, env, "small-adds")
    piece = os.path.join(work, "line.txt")
    print(f"one command for each item of a line, at most {OPEN_FILES} open files")
    print(f"{'commands':>10} {'files':>7} {'opening':>9} {'one add':>9} {'stored':>9} {'written / stored':>17}")
    _, begin_bytes = vault.store()
    written, last, marks = 0, [], {10, 100, 1000, 3000, most}
    for number in range(1, most + 1):
        with open(piece, "w") as file:
            file.write(f"line {number}\n")
        more, seconds = vault.run("add", piece)
        written += more
        last = [*last[-19:], seconds]
        if number in marks:
            files, stored = vault.store()
            print(f"{number:>10} {files:>7} {vault.opening() * 1000:>6.0f} ms {measure.median(last) * 1000:>6.0f} ms "
                  f"{stored / MIB:>5.1f} MiB {written / (stored - begin_bytes):>17.2f}", flush=True)
    vault.run("verify")


def large(work, env, items, commands):
    folder = os.path.join(work, "large-items")
    os.makedirs(folder)
    for number in range(items):
        with open(os.path.join(folder, f"{number:05}"), "wb") as file:
            file.write(os.urandom(2 * MIB))
    print(f"\n{'items of 2 MiB':>32} {'files':>7} {'opening':>9} {'written / stored':>17}")
    vault = LimitedVault(work, env, "large-at-once")
    written, _ = vault.run("add", folder)
    files, stored = vault.store()
    print(f"{items:>14} in one command {files:>10} {vault.opening() * 1000:>6.0f} ms {written / stored:>17.4f}", flush=True)
    vault.run("verify")
    vault = LimitedVault(work, env, "large-one-by-one")
    written = sum(vault.run("add", os.path.join(folder, f"{number:05}"))[0] for number in range(commands))
    files, stored = vault.store()
    print(f"{commands:>14} one by one     {files:>10} {vault.opening() * 1000:>6.0f} ms {written / stored:>17.4f}", flush=True)
    vault.run("verify")


def many(work, env, items):
    folder = os.path.join(work, "many-items")
    for number in range(items):
        if number % 10_000 == 0:
            place = os.path.join(folder, f"{number // 10_000:04}")
            os.makedirs(place)
        with open(os.path.join(place, f"{number:07}"), "w") as file:
            file.write(f"line {number}\n")
    vault = LimitedVault(work, env, "many-items-vault")
    written, seconds = vault.run("add", folder)
    files, stored = vault.store()
    print(f"\n{items} files of a line in one command: {seconds:.0f} s, {files} files in the store, opening "
          f"{vault.opening() * 1000:.0f} ms, {stored / MIB:.0f} MiB stored, {written / stored:.2f} written for each byte")
    seconds = vault.run("verify")[1]
    print(f"verify: {seconds:.0f} s", flush=True)


def measure_growth(work, env, commands, items):
    small(work, env, commands)
    large(work, env, 3000, min(commands, 3000))
    many(work, env, items)
