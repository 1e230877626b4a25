"""Runs commands and says what they cost. A command that fails raises Failed, which says how."""
import dataclasses
import os
import re
import resource
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

MIB = 1 << 20


class Failed(Exception):
    """A command did not do what it was asked to."""


@dataclass
class Cost:
    wall: float = 0.0      # seconds
    cpu: float = 0.0       # user and system, seconds
    peak: int = 0          # bytes of memory; of a pipeline, the sum of its programs
    written: int = 0       # bytes of file pages made dirty, as the kernel accounts them to the process
    given: int = 0         # bytes given to write calls

    def __add__(self, other):
        return Cost(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak),
                    self.written + other.written, self.given + other.given)


def run(pipeline, environment, into=None, folder=None, log=None):
    """Runs one command (a list of words) or several joined by pipes (a list of such lists).

    The last one's output goes to the file `into`, else to the file `log`. The peak of memory that Linux reports is
    never below that of the program that forked, so this program stays small.
    """
    stages = pipeline if isinstance(pipeline[0], list) else [pipeline]
    output = open(into, "wb") if into else open(log or os.devnull, "ab")
    children, before, failure = [], None, None
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
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            cost.given += written_by(child.pid)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                failure = failure or f"exit status {child.returncode} of: {' '.join(words)[:400]}"
            cost.cpu += usage.ru_utime + usage.ru_stime
            cost.peak += usage.ru_maxrss * 1024
            cost.written += usage.ru_oublock * 512
    cost.wall = time.monotonic() - begin
    if failure:
        raise Failed(f"{failure}\n{tail(log)}")
    return cost


def with_few_open_files(most, job, *arguments):
    """What the job returns, done in a process of its own whose commands may have so many files open. (A limit that is set
    between fork and exec would cost each command the copy of this interpreter's memory.)"""
    limit = (resource.RLIMIT_NOFILE, (most, most))
    with ProcessPoolExecutor(1, initializer=resource.setrlimit, initargs=limit) as process:
        return process.submit(job, *arguments).result()


def written_by(pid):
    with open(f"/proc/{pid}/io") as file:
        return int(re.search(r"^wchar: (\d+)$", file.read(), re.MULTILINE)[1])


def output_of(words, environment):
    """Of a command that is not measured."""
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"exit status {done.returncode} of: {' '.join(words)[:400]}\n{done.stderr[-2000:]}")
    return done.stdout


def count_syncs(words, environment):
    """How often a command asks for something to be durable; None where there is no strace."""
    with tempfile.NamedTemporaryFile("r") as trace:
        try:
            output_of(["strace", "-f", "-q", "-o", trace.name, "-e", "trace=fsync,fdatasync,syncfs,sync,msync", *words],
                      environment)
        except OSError:
            return None
        return sum(1 for line in trace if re.search(r"^(\d+ +)?(fsync|fdatasync|syncfs|sync|msync)\(", line))


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
    return Cost(*(median([getattr(cost, field.name) for cost in costs]) for field in dataclasses.fields(Cost)))
