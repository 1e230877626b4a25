#!/usr/bin/env python3
"""report.html in a real browser: it shows what is in the bundle, lets nothing of it run, and gives a bundle the status that
docs/FORMAT.md asks for.

    run.py BIN_FOLDER [THEME or CASE...]

Each file beside this one is a theme; its functions that take a Case, and nothing else, are cases.

Exit status 77 where there is no Chromium, or no module that makes the format's examples: ctest reports the test as skipped.
"""
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
SECOND = HERE.parent / "second_opinion"
sys.path[1:1] = [str(SECOND / "format_examples"), str(SECOND), str(HERE.parent / "support")]
from browser import Browser, find_chromium  # noqa: E402
from themes import chosen, takes  # noqa: E402

try:
    import make
    from page import Case
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)


def run(cases, binaries, browser, examples):
    """The names of those that failed."""
    failed = []
    for test in cases:
        with tempfile.TemporaryDirectory(prefix="exhibit-report-") as folder:
            begun = time.monotonic()
            try:
                test(Case(Path(folder), binaries, browser, examples))
                print(f"ok      {test.__name__} ({time.monotonic() - begun:.1f} s)", flush=True)
            except Exception:
                traceback.print_exc()
                print(f"FAILED  {test.__name__}", flush=True)
                failed.append(test.__name__)
    return failed


def main():
    if not find_chromium():
        print("skipped: there is no Chromium (tools/install-dependencies --browser)")
        return 77
    cases = chosen(HERE, takes("case"), sys.argv[2:])
    begun, browser = time.monotonic(), Browser()
    print(f"        {browser.version()}, started in {time.monotonic() - begun:.1f} s", flush=True)
    with tempfile.TemporaryDirectory(prefix="exhibit-examples-") as examples:
        make.make(Path(examples))
        failed = run(cases, Path(sys.argv[1]).resolve(), browser, Path(examples))
    browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
