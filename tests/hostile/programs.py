"""Running the real programs, and whether one ended as it may: with a status that means something and a word of why,
in bounded time, and never by a signal."""
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests/second_opinion"), str(ROOT / "tests/second_opinion/format_examples"), str(ROOT / "tests/support"),
                str(ROOT / "tools")]
from home import make_home  # noqa: E402

STATUSES = {0, 1, 3, 5, 6, 7, 8}     # cli/exit_code.h; 2 would be a mistake of the test, 4 and 130 are of others
MOST_SECONDS = 60 if "asan" in os.environ.get("ASAN_OPTIONS", "") else 30
# What a program says that did not mean to end there.
DEATHS = re.compile(rb"Traceback \(most recent|internal error|terminate called|Assertion .* failed|AddressSanitizer|runtime error:"
                    rb"|Sanitizer:|std::|basic_string|vector::")
# What a hostile name could do to a terminal.
CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")


class World:
    """A folder with a home of its own, and the programs."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        self.environment = make_home(folder)
        self.ran, self.statuses, self.failures = 0, {}, []

    def tool(self, *command, stdin=b""):
        """What has to work."""
        result = subprocess.run([os.fspath(part) for part in command], cwd=self.folder, input=stdin, capture_output=True,
                                env=self.environment, timeout=120)
        if result.returncode:
            raise AssertionError(f"{command}: exit {result.returncode}\n{result.stderr.decode(errors='replace')}")
        return result.stdout

    def exhibit(self, *arguments):
        return self.tool(self.binaries / "exhibit", *arguments)

    def try_out(self, what, *command, raw_output=False, **environment):
        """Runs what may fail, as long as it ends as it may. Gives its status."""
        program, *arguments = command
        program = self.binaries / program if "/" not in str(program) else program
        start = time.monotonic()
        try:
            result = subprocess.run([os.fspath(part) for part in (program, *arguments)], cwd=self.folder, capture_output=True,
                                    stdin=subprocess.DEVNULL, env={**self.environment, **environment}, timeout=MOST_SECONDS)
            # What JSON shows on a terminal has a test of its own (tests/cli/json_output_test.cc).
            shown = b"" if raw_output or "--json" in arguments else result.stdout
            wrong = fault_of(result.returncode, result.stdout, result.stderr, shown)
            if "log" in arguments and "--json" not in arguments and not wrong:
                wrong = fault_of_log(result.returncode, result.stdout)
            status, said = result.returncode, result.stdout[-600:] + result.stderr[-600:]
        except subprocess.TimeoutExpired:
            wrong, status, said = f"not done after {time.monotonic() - start:.0f} s", None, b""
        self.ran += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if wrong:
            self.failures.append(what)
            print(f"WRONG  {what}: {' '.join(map(str, command))}: {wrong}\n       {said.decode(errors='backslashreplace')[-1000:]}", flush=True)
        return status


def fault_of_log(status, out):
    """What was shown may be long: its last line says how much of it holds."""
    if not out.strip():
        return None  # a vault that does not open, which its message says
    last = out.splitlines()[-1:]
    if status == 3 and b" not hold: " not in last[0] and b"no signature was checked" not in last[0]:
        return f"exit 3, and the last line does not say which: {last}"
    if status == 0 and not re.fullmatch(rb"# \d+ entr(y|ies), each with the signatures of those it names; .*", last[0]):
        return f"exit 0, and the last line does not say what was checked: {last}"
    return None


def fault_of(status, out, err, shown):
    """What is wrong with how a program ended, if anything is. `shown` is what of its output people read."""
    if status < 0 or status > 130:
        return f"ended by signal {-status if status < 0 else status - 128}"
    if status not in STATUSES:
        return f"exit {status}"
    if DEATHS.search(err) or DEATHS.search(shown):
        return "words of a program that did not mean to end there"
    # A verification says in its report what it could not look at.
    said = bool(out.strip()) and (status != 1 or b"not verified: " in out)
    if status and not err.strip() and not said:
        return f"exit {status}, and not a word of why"
    if CONTROLS.search(err) or CONTROLS.search(shown):
        return "a control character for the terminal"
    return None
