#!/usr/bin/env python3
"""Three people at a terminal, each from an empty folder: a responder, an investigator, an administrator.

    run.py BIN_FOLDER [WALK...]

Each file beside this one that has a `walk` is one. walk.py says what puzzles, and fails it.
"""
import importlib
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "support"))
from walk import Puzzled, Walk  # noqa: E402

WALKS = ("responder", "investigator", "administrator")
FIRST_ITEM = (3, 1)  # commands of exhibit after the first screen that make it, and passphrases that were chosen


def go(name, binaries):
    folder = Path(tempfile.mkdtemp(prefix=f"exhibit-walk-{name}-"))
    begun, person = time.monotonic(), Walk(folder, binaries)
    try:
        example = HERE.parents[1] / "tools" / "example"
        steps = importlib.import_module(name).walk(person.type, lambda to: shutil.copytree(example, folder / to))
        for reached in steps:
            if reached.startswith("three commands"):
                counted = (person.commands, len(person.chosen))
                if counted[0] > FIRST_ITEM[0] or counted[1] != FIRST_ITEM[1]:
                    raise Puzzled(f"the first safe item took {counted[0]} commands and {counted[1]} passphrases")
        print(f"ok      {name} ({person.commands} commands, {time.monotonic() - begun:.1f} s)", flush=True)
        return True
    except Exception:
        traceback.print_exc()
        print(f"FAILED  {name}", flush=True)
        return False
    finally:
        person.close()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    binaries = Path(sys.argv[1]).resolve()
    return 0 if all([go(name, binaries) for name in sys.argv[2:] or WALKS]) else 1


sys.exit(main())
