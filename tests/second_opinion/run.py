#!/usr/bin/env python3
"""Two verifiers of bundles, one verdict: `exhibit-verify` and tools/verify_bundle.py, which was written
from docs/FORMAT.md alone, must both accept or both refuse every bundle made here.

    run.py BIN_FOLDER [THEME or CASE...]

Each file beside this one is a theme. Each case makes bundles with the real programs and changes them: byte by byte as damage does, with the
manifests put right again as a forger does, and signed with the vault's own keys as a dishonest
custodian would. Where the two differ, docs/FORMAT.md decides, and is mended where it does not say.
"""
import concurrent.futures
import contextlib
import io
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(1, str(HERE.parent / "support"))
from judging import World, expect  # noqa: E402
from themes import chosen  # noqa: E402


def is_case(function):
    return function.__name__.startswith(("each_", "a_", "an_"))


def run_case(binaries, case):
    """Whether the case holds, and all that it printed."""
    folder, start, text = Path(tempfile.mkdtemp(prefix="exhibit-second-")), time.monotonic(), io.StringIO()
    with contextlib.redirect_stdout(text):
        try:
            world = World(folder, binaries)
            case(world)
            expect(not world.failures, f"{len(world.failures)} of {world.cells} bundles")
            print(f"ok      {case.__name__} ({world.cells} bundles, {world.errors} refused with an error, {time.monotonic() - start:.1f} s)")
            held = True
        except Exception:
            held = False
            print(f"FAILED  {case.__name__}")
            traceback.print_exc(file=sys.stdout)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return held, text.getvalue()


def main():
    binaries = Path(sys.argv[1]).resolve()
    cases = chosen(HERE, is_case, sys.argv[2:])
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
        for held, text in pool.map(run_case, [binaries] * len(cases), cases):
            print(text, end="", flush=True)
            failed += not held
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
