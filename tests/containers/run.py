#!/usr/bin/env python3
"""One byte string, one reading: no container is accepted of which a receiver's tool makes other files than were checked.

    run.py BIN_FOLDER [--count N] [--seed S] [--all]

Makes a bundle, containers that are read in two ways or are odd (hybrids.py), and N more that are random changes of
honest ones (changes.py); the two verifiers must say the same of each. What they accept is unpacked by all tools that are
there, and must be, file for file, what --unpack left. The seed is printed; EXHIBIT_TEST_SEED or --seed replays it. With
--all the tools also unpack what is refused, and it is counted how many they make other files of.
"""
import argparse
import collections
import concurrent.futures
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "end_to_end"), str(TESTS / "support")]
from changes import changes  # noqa: E402  (beside this file)
from hybrids import READ, hybrids  # noqa: E402
from unpackers import absent, as_bundle, files_below, tools_for  # noqa: E402
from world import World  # noqa: E402

ACCEPTED = (0, 5)
VERIFIER = Path(__file__).resolve().parents[2] / "tools/verify_bundle.py"


class Judge:
    def __init__(self, world, all_of_them):
        self.world, self.all_of_them = world, all_of_them
        self.counts, self.problems, self.differing = collections.Counter(), [], collections.Counter()

    def verify(self, *command):
        result = subprocess.run([os.fspath(word) for word in command], cwd=self.world.folder, capture_output=True, timeout=300,
                                env=self.world.environment, check=False)
        return result.returncode, (result.stdout + result.stderr).decode(errors="replace")

    def judge(self, number, name, ending, content, expected=None, second=True):
        """What is wrong, or nothing."""
        place = self.world.folder / f"c{number}"
        place.mkdir()
        path, kept = place / f"x{ending}", place / "kept"
        path.write_bytes(content)
        status, said = self.verify(self.world.verify_program, path, "--unpack", kept)
        problems = []
        if status not in (*ACCEPTED, 1, 3):
            problems.append(f"exit {status}: {said[-400:]}")
        if (status in ACCEPTED) != kept.is_dir():
            problems.append(f"exit {status}, and --unpack left {'something' if kept.is_dir() else 'nothing'}")
        if expected and (expected == READ) != (status in ACCEPTED):
            problems.append(f"exit {status}, to be {expected}: {said[-400:]}")
        if second:
            other, said_too = self.verify(sys.executable, VERIFIER, path)
            if other != status:
                problems.append(f"exit {status}, the second opinion's is {other}: {said[-400:]}\n{said_too[-400:]}")
        checked = files_below(kept, "") if kept.is_dir() else None
        differing = set()
        if checked is not None or self.all_of_them:
            for tool, unpack in tools_for(str(path)).items():
                made = as_bundle(unpack(str(path)))
                if made == (checked if checked is not None else self.honest):
                    continue
                differing.add(tool)
                if checked is not None:
                    wrong = sorted(set(made.items()) ^ set(checked.items()), key=lambda item: item[0])
                    problems.append(f"accepted, and {tool} makes other files of it: {[(file, data[:60]) for file, data in wrong][:4]}")
        shutil.rmtree(place)
        return name + ending, content, status, problems, differing

    def take(self, outcome):
        name, content, status, problems, differing = outcome
        self.counts["accepted" if status in ACCEPTED else f"exit {status}"] += 1
        if differing:
            self.counts["made other files of by a tool"] += 1
        self.differing.update(differing)
        for problem in problems:
            print(f"{name}: {problem}", flush=True)
        if problems:
            kept = Path(tempfile.gettempdir()) / f"exhibit-container-{len(self.problems)}{os.path.splitext(name)[1]}"
            kept.write_bytes(content)
            print(f"  kept as {kept}", flush=True)
            self.problems.append(name)


def make_bundle(world):
    """Gives its files below the folder b, and which of them an attacker would change."""
    world.init()
    world.write("note.txt", b"Your network is encrypted.\n" * 10)
    world.run("add", "note.txt")
    world.run("export", "1", "--out", "b", "-i", "reader.txt")
    files = {"b/" + name: data for name, data in files_below(world.folder / "b", "").items() if name != "report.html"}
    # Without the report, which is long, and may be missing: its line in the tag manifests stays, so the honest one is made anew.
    files["b/report.html"] = (world.folder / "b/report.html").read_bytes()
    (victim,) = [name for name in files if name.startswith("b/data/")]
    return dict(sorted(files.items())), victim


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries", type=Path)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("EXHIBIT_TEST_SEED") or random.randrange(1 << 32)))
    parser.add_argument("--all", action="store_true")
    arguments = parser.parse_args()
    print(f"EXHIBIT_TEST_SEED={arguments.seed}", flush=True)
    for tool in absent():
        print(f"skipped, not there: {tool}", flush=True)
    with tempfile.TemporaryDirectory(prefix="exhibit-containers-") as folder:
        world = World(Path(folder), arguments.binaries.resolve())
        files, victim = make_bundle(world)
        judge = Judge(world, arguments.all)
        judge.honest = {name[2:]: data for name, data in files.items()}

        def work():
            for number, (name, ending, content, expected) in enumerate(hybrids(files, victim)):
                # Of the many that are cut off, the second opinion sees some.
                yield number, name, ending, content, expected, not name.startswith("cut at") or number % 16 == 0
            for number, (name, ending, content) in enumerate(changes(files, victim, random.Random(arguments.seed), arguments.count)):
                yield f"r{number}", name, ending, content, None, True

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            pending = collections.deque()
            for one in work():
                pending.append(pool.submit(judge.judge, *one))
                if len(pending) > 16:
                    judge.take(pending.popleft().result())
            for one in pending:
                judge.take(one.result())
    total = sum(count for what, count in judge.counts.items() if what.startswith(("accepted", "exit")))
    print(f"{total} containers: " + ", ".join(f"{count} {what}" for what, count in sorted(judge.counts.items())))
    for tool, count in judge.differing.most_common():
        print(f"  {tool} makes other files of {count}")
    if judge.problems:
        print(f"FAILED: {len(judge.problems)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
