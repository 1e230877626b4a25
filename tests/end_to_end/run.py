#!/usr/bin/env python3
"""The real programs, as a user runs them: commands, exit codes, what stdout and stderr say, and what
the stock tools `age`, `zstd` and `sha256sum` make of their output.

    run.py BIN_FOLDER [THEME or CASE...]

Each file beside this one is a theme. A case is a function there that takes a World, a folder of its own with a
home of its own, and nothing else; its name says what must hold. Needs only Python's standard library and the stock
tools.
"""
import importlib
import inspect
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
from world import Skipped, World  # noqa: E402  (beside this file)


def themes():
    """The cases of each theme, in the order of the file."""
    files = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "run")
    modules = {name: importlib.import_module(name) for name in files}
    return {name: [value for value in vars(module).values()
                   if inspect.isfunction(value) and value.__module__ == name
                   and list(inspect.signature(value).parameters) == ["world"]]
            for name, module in modules.items()}


def chosen(words):
    known = {name: cases for name, cases in themes().items() if cases}
    if not words:
        return [case for cases in known.values() for case in cases]
    known |= {case.__name__: [case] for cases in list(known.values()) for case in cases}
    if unknown := [word for word in words if word not in known]:
        sys.exit(f"no theme and no case: {', '.join(unknown)}")
    return [case for word in words for case in known[word]]


def main():
    binaries = Path(sys.argv[1]).resolve()
    outcomes = {"passed": 0, "skipped": 0, "failed": 0}
    for case in chosen(sys.argv[2:]):
        folder = Path(tempfile.mkdtemp(prefix="exhibit-e2e-"))
        start = time.monotonic()
        try:
            case(World(folder, binaries))
            outcome, told = "passed", f"ok      {case.__name__} ({time.monotonic() - start:.1f} s)"
        except Skipped as why:
            outcome, told = "skipped", f"SKIPPED {case.__name__}: {why}"
        except Exception:
            outcome, told = "failed", f"FAILED  {case.__name__}\n{traceback.format_exc()}"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        outcomes[outcome] += 1
        print(told, flush=True)
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    return 1 if outcomes["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
