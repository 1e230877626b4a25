#!/usr/bin/env python3
"""A disk that fails at every step of what stores, and what is left afterwards.

    run.py BIN_FOLDER FAULTY_DISK_LIBRARY [--all] [--seconds N] [--seed N]
                                          [--only SCENARIO[:FAULT[:STEP]]]

Each scenario (scenarios.py) is one command of the real program (init, add, export, shred, publish, rotate-log-key, reader add,
reseal, collect, take-in, recover-head, rescue, witness sign) over a small vault. A clean
run counts its steps: the calls that change what is stored. Then the command runs again and again
from the same start, with a fault at another step each time (faulty_disk.cc has the faults and the
model of a power cut). From each run come up to three worlds, and all must hold
(holding.py):

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
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
from bench import Bench, Failed, expect  # noqa: E402  (beside this file)
from holding import check_ending  # noqa: E402
from scenarios import make_scenarios  # noqa: E402

# Which worlds are worth their time. After a failed sync there is no torn middle: the kernel keeps
# nothing of it.
WORLDS = {"kill": ("disk", "power-cut", "torn"), "eio": ("disk", "power-cut"), "enospc": ("disk",),
          "none": ("disk", "power-cut")}
FAULTS = ("kill", "eio", "enospc")


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
