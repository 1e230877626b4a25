#!/usr/bin/env python3
"""The source tree is built as drawn: tests/house/plan.py holds the plan, tests/house/rules.py the rules.

    run.py [SOURCE_FOLDER]

A rule that finds nothing is shown the faults that are planted for it, and must find every one of them.
"""
import os
import sys
from pathlib import Path
from types import SimpleNamespace

sys.dont_write_bytecode = True
import plan  # noqa: E402  (beside this file)
import rules  # noqa: E402

ROOT = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()


def read_sources():
    """Every C++ and Python file (scripts without an ending too), by its path from the root."""
    sources = {}
    for top in ("cli", "vault", "tests", "tools"):
        for folder, _, names in os.walk(ROOT / top):
            for name in names:
                path = Path(folder, name)
                if path.suffix in (".cc", ".h", ".py") or path.suffix == "" and path.open("rb").read(40).startswith(
                        b"#!/usr/bin/env python3"):
                    sources[str(path.relative_to(ROOT))] = path.read_text()
    return sources


def found_with(planted, rule, sources):
    """What the rule says of the house with planted sources, or with planted tables in its plan."""
    tables = {name: value for name, value in planted.items() if hasattr(plan, name)}
    files = {path: text for path, text in planted.items() if path not in tables}
    return rule({**sources, **files}, SimpleNamespace(**{**vars(plan), **tables}))


def main():
    sources = read_sources()
    if len(sources) < 300:
        print(f"only {len(sources)} sources below {ROOT}: this is not the house")
        return 1
    faults = []
    for rule in rules.RULES:
        known = set(rule(sources, plan))
        faults += sorted(known)
        for planted in rules.PLANTED[rule] if not known else []:
            if not any(found_with(planted, rule, sources)):
                faults.append(f"{rule.__name__} does not find what was planted: {planted}")
    print("".join(f"{fault}\n" for fault in faults), end="")
    print(f"{len(rules.RULES)} rules over {len(sources)} files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
