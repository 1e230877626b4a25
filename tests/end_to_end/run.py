#!/usr/bin/env python3
"""The real programs, as a user runs them: commands, exit codes, what stdout and stderr say, and what
the stock tools `age`, `zstd` and `sha256sum` make of their output.

    run.py BIN_FOLDER [THEME or CASE...]

Each file beside this one is a theme. A case is a function there that takes a World, a folder of its own with a
home of its own, and nothing else; its name says what must hold. Needs only Python's standard library and the stock
tools. Ends with 0 if all is well, 1 if a case failed, 77 if each was skipped.
"""
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
ALL_SKIPPED = 77  # as automake has it, and CMake's SKIP_RETURN_CODE here
sys.path.insert(1, str(HERE.parent / "support"))
from themes import chosen, takes  # noqa: E402
from world import Skipped, World  # noqa: E402  (beside this file)


def main():
    binaries = Path(sys.argv[1]).resolve()
    outcomes = {"passed": 0, "skipped": 0, "failed": 0}
    for case in chosen(HERE, takes("world"), sys.argv[2:]):
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
    if outcomes["failed"]:
        return 1
    return 0 if outcomes["passed"] else ALL_SKIPPED


if __name__ == "__main__":
    sys.exit(main())
