"""Runs commands and says what they cost. A command that fails ends the benchmark."""
import os
import subprocess
import sys
import time
from dataclasses import dataclass

MIB = 1 << 20


@dataclass
class Cost:
    wall: float = 0.0      # seconds
    cpu: float = 0.0       # user and system, seconds
    peak: int = 0          # bytes of memory; of a pipeline, the sum of its programs
    written: int = 0       # bytes of file pages made dirty, as the kernel accounts them to the process

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak),
                    self.written + other.written)


def run(pipeline, environment, into=None, folder=None, log=None):
    """Runs one command (a list of words) or several joined by pipes (a list of such lists).

    The last one's output goes to the file `into`, else to the file `log`. The peak of memory that Linux reports is
    never below that of the program that forked, so this program stays small.
    """
    stages = pipeline if isinstance(pipeline[0], list) else [pipeline]
    output = open(into, "wb") if into else open(log or os.devnull, "ab")
    children, before = [], None
    begin = time.monotonic()
    with output, open(log or os.devnull, "ab") as errors:
        for number, words in enumerate(stages):
            last = number == len(stages) - 1
            child = subprocess.Popen(words, env=environment, cwd=folder, stdin=before or subprocess.DEVNULL,
                                     stdout=output if last else subprocess.PIPE, stderr=errors)
            if before:
                before.close()
            before = child.stdout
            children.append(child)
        cost = Cost()
        for child, words in zip(children, stages):
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                sys.exit(f"bench: exit status {child.returncode} of: {' '.join(words)[:400]}\n{tail(log)}")
            cost.cpu += usage.ru_utime + usage.ru_stime
            cost.peak += usage.ru_maxrss * 1024
            cost.written += usage.ru_oublock * 512
    cost.wall = time.monotonic() - begin
    return cost


def tail(log):
    if not log or not os.path.exists(log):
        return ""
    with open(log, errors="replace") as file:
        return "".join(file.readlines()[-20:])


def settle():
    """Nothing of an earlier run is left for the disk to write."""
    os.sync()


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def median_cost(costs):
    return Cost(*(median([getattr(cost, field) for cost in costs]) for field in ("wall", "cpu", "peak", "written")))
