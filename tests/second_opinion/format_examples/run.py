#!/usr/bin/env python3
"""Points a verifier at the examples of make.py, and compares its exit status with the one that each must have.

    run.py [--verifier "COMMAND"] [--keep FOLDER] [WORD...]

Without a verifier it is tools/verify_bundle.py, whose findings are compared too; then the script of docs/FORMAT.md,
"By hand", is typed over the plain bundles that hold, stock age and zstd open the sealed ones, and the test vectors
are compared. With a verifier only exit statuses are compared.
"""
import argparse
import contextlib
import importlib.util
import io
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import make
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)
import vectors

ROOT = Path(__file__).resolve().parents[3]
OWN = ROOT / "tools" / "verify_bundle.py"


def rows_of(folder):
    for line in (folder / "manifest").read_text(encoding="utf-8").splitlines():
        name, status, finding, arguments = line.split("\t")
        yield name, int(status), finding, arguments.split()


def load_own():
    spec = importlib.util.spec_from_file_location("verify_bundle", OWN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_own():
    """tools/verify_bundle.py, called in this process: a new one for each of hundreds of cases takes most of the time."""
    module = load_own()

    def run(folder, arguments):
        said = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return module.main(arguments), said.getvalue()
    return run


def run_command(command):
    def run(folder, arguments):
        done = subprocess.run([*command, *arguments], cwd=folder, capture_output=True, text=True, timeout=600)
        return done.returncode, f"{done.stdout}{done.stderr}"
    return run


def judge(run, folder, row, with_finding):
    """What is wrong with the verdict, or None."""
    name, status, finding, arguments = row
    given, said = run(folder / name, arguments)
    if given != status:
        return f"{name}: exit status {given} instead of {status}\n{said}"
    if with_finding and finding != "-" and not re.search(f"^{re.escape(finding)}: ", said, re.M):
        return f"{name}: no finding {finding}\n{said}"
    if with_finding and "Traceback" in said:
        return f"{name}: {said}"
    return None


def by_hand(folder, name, arguments):
    """The script of FORMAT.md over a plain bundle that holds."""
    script = re.search(r"```sh\n(set -u;.*?)```", (ROOT / "docs" / "FORMAT.md").read_text(encoding="utf-8"), re.S)[1]
    path = folder / "by-hand.sh"
    path.write_text(script, encoding="utf-8")
    wanted = [arguments[arguments.index("--fingerprint") + 1]] if "--fingerprint" in arguments else []
    done = subprocess.run(["sh", str(path), "bundle", *wanted], cwd=folder / name, capture_output=True, text=True, timeout=600)
    return None if done.returncode == (0 if wanted else 5) else f"{name}: by hand: {done.returncode}\n{done.stdout}{done.stderr}"


def opened_by_age(folder, name):
    """`age -d | zstd -d` of a sealed bundle's first file: that stock tools take it."""
    sealed = sorted((folder / name / "bundle" / "data").glob("*.age"))[0]
    command = f"age -d -i {shlex.quote(str(folder / name / 'identity.txt'))} {shlex.quote(str(sealed))} | zstd -dc | wc -c"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True)
    return None if done.returncode == 0 else f"{name}: age and zstd: {done.stdout}{done.stderr}"


def is_plain(folder, name):
    return (folder / name / "bundle" / "log" / "files").exists() and not (folder / name / "bundle" / "log" / "layouts").exists()


def extra_checks(folder, rows):
    for name, status, _, arguments in rows:
        if status in (0, 5) and is_plain(folder, name):
            yield by_hand, (folder, name, arguments)
        if status == 0 and "identity.txt" in arguments:
            yield opened_by_age, (folder, name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verifier", help="the command of another verifier")
    parser.add_argument("--keep", help="the folder for the examples, which stays")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(options.keep or place)
        folder.mkdir(exist_ok=True)
        make.make(folder, options.words)
        rows = list(rows_of(folder))
        run = run_command(shlex.split(options.verifier)) if options.verifier else run_own()
        wrong = [one for row in rows if (one := judge(run, folder, row, not options.verifier))]
        if not options.verifier:
            wrong += [one for check, arguments in extra_checks(folder, rows) if (one := check(*arguments))]
    if not options.verifier and not options.words:
        text = vectors.FORMAT.read_text(encoding="utf-8").splitlines()
        wrong += [f"not in docs/FORMAT.md: {row}" for row in vectors.rows() if row not in text]
    print("\n".join([*wrong, f"{len(rows)} cases, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
