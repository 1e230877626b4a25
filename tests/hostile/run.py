#!/usr/bin/env python3
"""Nothing that comes from elsewhere makes a program die, hang or say nothing.

    run.py BIN_FOLDER [--seed N] [--logs N] [--mutants N] [--jobs N]

Logs at random, by those who have all keys, go through every face (a vault's folder written past the rules, a
published folder, a server, a bundle) and every command that reads one; every kind of file goes, changed at random,
through every command that reads it. Each must end with a status that means something (cli/exit_code.h) and with a
word of why. A longer search: `--seed $RANDOM --logs 1000 --mutants 200`.
"""
import argparse
import concurrent.futures
import contextlib
import io
import random
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
from programs import ROOT, World  # noqa: E402  (which finds the others)
import faces  # noqa: E402
import files  # noqa: E402
import logs  # noqa: E402

SECOND = str(ROOT / "tools/verify_bundle.py")


def run_logs(world, seeds):
    world.tool("age-keygen", "-o", "reader.txt")
    world.reader = world.tool("age-keygen", "-y", "reader.txt").decode().strip()
    for seed in seeds:
        run_log(world, logs.make(seed), random.Random(f"faces {seed}"), f"log {seed}")


def run_log(world, log, chance, what):
    folder = world.folder
    vault = faces.as_vault(world, log, chance)
    for command in faces.reads_a_vault(log, "reader.txt"):
        for made in ("published", "home/state"):
            shutil.rmtree(folder / made, ignore_errors=True)
        for made in ("request", "query.tsq", "query.checkpoint", "case-key"):
            (folder / made).unlink(missing_ok=True)
        world.try_out(f"{what}, vault", "exhibit", *command, raw_output="--case-uco" in command, EXHIBIT_VAULT=str(vault))
    commands = list(faces.writes_a_vault(log, "reader.txt", "copy"))
    for command in chance.sample(commands, 4):
        for made in ("copy", "home/state"):
            shutil.rmtree(folder / made, ignore_errors=True)
        shutil.copytree(vault, folder / "copy")
        world.try_out(f"{what}, vault", "exhibit", *command, raw_output=command[0] == "cat")
        world.try_out(f"{what}, vault, after it", "exhibit", "verify", "--vault", "copy")
    published = faces.as_published(world, log, chance)
    with faces.served(published) as url:
        for place in (published, url):
            shutil.rmtree(folder / "home/state", ignore_errors=True)
            for more in ([], [], ["--whole", "--json"], ["--pin", "vault/HEAD"]):
                world.try_out(f"{what}, published", "exhibit", "verify-log", place, *more)
    proof, bundle = faces.as_proof(world, log, chance), faces.as_bundle(world, log, chance)
    for command in (["exhibit-verify", bundle], ["exhibit-verify", bundle, "--json", "-i", "bundle-key.txt"],
                    ["exhibit", "verify-bundle", bundle, "-i", "bundle-key.txt"], [SECOND, bundle, "-i", "bundle-key.txt"]):
        world.try_out(f"{what}, bundle", *command)
    for command in (["exhibit-verify"], ["exhibit", "verify-bundle", "--json"], [SECOND]):
        world.try_out(f"{what}, proof", *command, "--proof", proof, "original")


def in_a_world(binaries, task, *arguments):
    """What was wrong, how many programs ran and with which statuses, and all that was printed."""
    folder, text = Path(tempfile.mkdtemp(prefix="exhibit-hostile-")), io.StringIO()
    world = World(folder, binaries)
    with contextlib.redirect_stdout(text):
        try:
            task(world, *arguments)
        except Exception:
            world.failures.append("the test itself")
            traceback.print_exc(file=sys.stdout)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return world.failures, world.ran, world.statuses, text.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("--seed", type=int, default=0, help="where the counting of logs, and the chance of mutants, begins")
    parser.add_argument("--logs", type=int, default=12)
    parser.add_argument("--mutants", type=int, default=4, help="of each kind of file")
    parser.add_argument("--jobs", type=int, default=2)
    chosen = parser.parse_args()
    binaries, start = chosen.binaries.resolve(), time.monotonic()
    seeds, shares = range(chosen.seed, chosen.seed + chosen.logs), chosen.jobs
    tasks = [(run_logs, seeds[at:at + 3]) for at in range(0, chosen.logs, 3)]
    tasks += [(files.run, chosen.seed, chosen.mutants, (share, shares)) for share in range(shares)] if chosen.mutants else []
    failures, ran, statuses = [], 0, {}
    with concurrent.futures.ProcessPoolExecutor(max_workers=chosen.jobs) as pool:
        for future in [pool.submit(in_a_world, binaries, *task) for task in tasks]:
            failed, count, ended, text = future.result()
            print(text, end="", flush=True)
            failures, ran = failures + failed, ran + count
            for status, times in ended.items():
                statuses[status] = statuses.get(status, 0) + times
    print(f"{chosen.logs} logs, {chosen.mutants} mutants of each kind of file: {ran} runs of programs in "
          f"{time.monotonic() - start:.0f} s, by their exit status {dict(sorted(statuses.items(), key=str))}")
    print(f"{len(failures)} did not end as they may: {failures[:20]}" if failures else "each ended as it may")
    return 1 if failures or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
