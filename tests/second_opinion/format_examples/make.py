#!/usr/bin/env python3
"""Makes the examples of docs/FORMAT.md's formats, good and hostile, in a folder.

    make.py FOLDER [WORD...]        with words: those whose names contain one of them

FOLDER/manifest has a line for each case: its folder, the exit status that a verifier must give, the finding that
tools/verify_bundle.py names (`-` for none), and the arguments, which are relative to the case's folder; tabs between
them. Any verifier that takes these arguments can be pointed at it.
"""
import re
import sys
from pathlib import Path

import good
import hostile


def folder_of(name):
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def write(case, folder):
    for path, data in case.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def make(target, words=()):
    rows, seen = [], set()
    for case in [*good.cases(), *hostile.cases()]:
        name = folder_of(case.name)
        assert name not in seen, case.name
        seen.add(name)
        if words and not any(word in case.name for word in words):
            continue
        write(case, target / name)
        rows.append(f"{name}\t{case.status}\t{case.finding}\t{case.arguments}\n")
    (target / "manifest").write_text("".join(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(f"{make(Path(sys.argv[1]), sys.argv[2:])} cases")
