#!/usr/bin/env python3
"""Mutants made from the grammar of docs/FORMAT.md: three verifiers, one verdict.

    grammar.py BIN_FOLDER [--count 20000] [--seed 1] [--from 0] [--page N] [--family NAME] [--seconds S]

`exhibit-verify` and tools/verify_bundle.py must give each the same exit status; with --page the check of report.html too, in node, of each N-th,
but of no proofs. What is printed as DIFFER is made again by its number and seed. The folders of those that differ stay, with --keep.
"""
import argparse
import collections
import functools
import itertools
import os
import shutil
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "support"))
from judging import ACCEPT, NOT_ANCHORED, Judges, expect, second  # noqa: E402  (and so the makers of examples are found)

import grammar_mutants  # noqa: E402
import mutants_of_entries  # noqa: E402
from spellings import encode  # noqa: E402

NEWER = second.NEWER
JUDGED = set(second.VERDICTS)


def compare(judges, seed, count, begin=0, family=None, keep=None, seconds=None):
    """The names of those on which they differ, and how often each status was given."""
    differ, statuses = [], collections.Counter()
    for number, (name, make) in enumerate(itertools.islice(grammar_mutants.mutants(seed), begin + count)):
        if seconds and time.monotonic() > seconds:
            break
        if number > begin and (number - begin) % 1000 == 0:
            print(f"        {number - begin} so far, {len(differ)} differ", flush=True)
        if number < begin or (family and not name.startswith(f"{family}:")):
            continue
        given = judges.judge(case := make(), number)
        status = given["exhibit-verify"][0]
        statuses[status] += 1
        if len({one for one, _ in given.values()}) == 1 and status in JUDGED and "internal error" not in given["verify_bundle.py"][1]:
            continue
        differ.append(name)
        print(f"DIFFER  {number} of seed {seed}, {name}: {', '.join(f'{who} {one}' for who, (one, _) in given.items())}")
        for who, (_, said) in given.items():
            print("".join(f"    {who}: {line[:300]}\n" for line in said.splitlines()[:4]), end="", flush=True)
        if keep:
            for path, data in case.files.items():
                (Path(keep) / str(number) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(keep) / str(number) / path).write_bytes(data)
            (Path(keep) / str(number) / "arguments").write_text(case.arguments)
    return differ, statuses


def each_form_holds_before_it_is_changed(world):
    """Else its mutants have two lies, and show nothing."""
    makers = [functools.partial(mutants_of_entries.with_last, form) for form in mutants_of_entries.FORMS]
    for kind in mutants_of_entries.STATEMENTS:
        line = encode(mutants_of_entries.with_statement(kind)) + b"\n"
        makers.append(functools.partial(mutants_of_entries.with_statement, kind, line))
    with Judges(world.binaries, page=shutil.which("node")) as judges:
        for make in makers:
            given, wanted = judges.judge(make()), NEWER if make.args[0] == "upgrade" else ACCEPT
            world.cells += 1
            if {status for status, _ in given.values()} != {wanted}:
                world.failures.append(make.args[0])
                print(f"DIFFER  {make.args[0]}: {given}")


def a_mutant_of_the_grammar_is_judged_alike(world):
    with Judges(world.binaries, page=shutil.which("node")) as judges:
        differ, statuses = compare(judges, seed=int(os.environ.get("EXHIBIT_TEST_SEED", "1")), count=500)
    world.cells, world.failures = sum(statuses.values()), differ
    accepted = statuses[ACCEPT] + statuses[NOT_ANCHORED]
    expect(25 < accepted < 250, f"{accepted} of {world.cells} mutants hold: too many, or too few, are what they should be")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="begin", help="the number of the first")
    parser.add_argument("--page", type=int, default=0, metavar="N", help="the check of report.html too, of each N-th")
    parser.add_argument("--seconds", type=float, help="no more begins after so long")
    parser.add_argument("--family", help="those of one family alone")
    parser.add_argument("--keep", help="a folder for those that differ")
    options = parser.parse_args()
    begun = time.monotonic()
    with Judges(options.binaries.resolve(), options.page > 0, max(1, options.page)) as judges:
        differ, statuses = compare(judges, options.seed, options.count, options.begin, options.family, options.keep,
                                   options.seconds and begun + options.seconds)
    print(f"{sum(statuses.values())} mutants of seed {options.seed} in {time.monotonic() - begun:.0f} s, {len(differ)} differ; exit statuses: {dict(sorted(statuses.items()))}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
