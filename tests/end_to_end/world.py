"""What an end-to-end test gets: a folder and a home of its own, and the real programs in it."""
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from home import make_home

ORIGIN = "test.example/case-1"
NOT_ANCHORED = 5  # it holds, and the test brought nothing that says whose it is
NOTE = b"Your network is encrypted. Your data was stolen. Use Tor browser. Pay in bitcoin to decrypt.\n"


class World:
    def __init__(self, folder, binaries):
        self.folder = folder
        self.exhibit_program = binaries / "exhibit"
        self.verify_program = binaries / "exhibit-verify"
        self.collect_program = binaries / "exhibit-collect"
        self.environment = {**make_home(folder), "EXHIBIT_VAULT": str(folder / "vault")}

    def run(self, *arguments, expect=0, program=None, stdin=b"", **environment):
        command = [str(program or self.exhibit_program), *[os.fspath(a) for a in arguments]]
        result = subprocess.run(command, cwd=self.folder, input=stdin, capture_output=True,
                                env={**self.environment, **environment}, timeout=300)
        if result.returncode != expect:
            raise AssertionError(f"{command}\nexit {result.returncode} instead of {expect}\n"
                                 f"{result.stdout.decode(errors='replace')[-3000:]}\n"
                                 f"{result.stderr.decode(errors='replace')[-3000:]}")
        return result

    def start(self, *arguments, **options):
        """A program that goes on while the test does; `options` are those of Popen."""
        command = [str(self.exhibit_program), *[os.fspath(a) for a in arguments]]
        return subprocess.Popen(command, cwd=self.folder, **{"env": self.environment, **options})

    def peak(self, *arguments):
        """The most memory, in bytes, that this one program held. A child of a child is asked for it: what the system
        says of the children of a process that did more is the most that any of them held."""
        measured = ("import resource, subprocess, sys; status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL); "
                    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)")
        return int(self.run("-c", measured, self.exhibit_program, *arguments, program=sys.executable).stdout) * 1024

    def sanitized(self):
        """Whether the programs are built with a sanitizer, which takes time and memory of its own."""
        program = self.exhibit_program.read_bytes()
        return b"__asan_init" in program or b"__tsan_init" in program

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options).stdout)

    def tool(self, *command, stdin=b""):
        return subprocess.run([os.fspath(c) for c in command], cwd=self.folder, input=stdin,
                              capture_output=True, check=True).stdout

    def second_opinion(self, bundle, expect=NOT_ANCHORED, **environment):
        """The other verifier says the same."""
        return self.second_opinion_of(bundle, expect=expect, **environment)

    def second_opinion_of(self, *arguments, **options):
        other = Path(__file__).resolve().parents[2] / "tools/verify_bundle.py"
        return self.run(other, *arguments, program=sys.executable, **options)

    def read(self, name):
        return (self.folder / name).read_bytes()

    def write(self, name, content):
        path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def init(self, *more):
        """A vault that the reader's identity `reader.txt` opens, with plain signing keys; of the kind of key that stock age and
        every OpenSSL can use (post_quantum.py has the others)."""
        recipient = self.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        return self.json("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                         "--no-passphrase", "--classical", *more)

    def admit(self, name, role="custodian"):
        """Another key, `name`.key, of a new person of that name."""
        vkey = self.run("keygen", "--signing", "--no-passphrase", "-o", f"{name}.key").stdout
        self.write(f"{name}.vkey", vkey)
        self.run("custodian", "add", f"{name}.vkey", "--role", role, "--name", name)

    def history(self, item, *more):
        return [row["what"] for row in self.json("history", str(item), "-i", "reader.txt", *more)]

    def items(self):
        """What is known of each item."""
        return [row["fields"] for row in self.json("list", "-i", "reader.txt") if row["type"] == "item"]

    def cat(self, entry):
        return self.run("cat", str(entry), "-i", "reader.txt").stdout


class Skipped(Exception):
    """What a test cannot be done without is not here; says what."""


def flipped(data, at=None):
    """The bytes with one bit changed: in the byte at `at`, counted from the end where that is negative, or in the middle."""
    at = range(len(data))[len(data) // 2 if at is None else at]
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def flip(path, at=None):
    path.write_bytes(flipped(path.read_bytes(), at))


def until(happened, what, seconds=120):
    """Waits for an event, and not for the clock: what `happened` gives as soon as that is something."""
    deadline = time.monotonic() + seconds
    while not (event := happened()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {seconds} s: {what}")
        time.sleep(0.005)
    return event


def until_it_hears(child, number):
    """Waits until the program takes this signal over."""
    status = Path("/proc") / str(child.pid) / "status"

    def hears():
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", status.read_text(), re.MULTILINE)
        return caught and int(caught[1], 16) >> (number - 1) & 1
    until(hears, f"it hears signal {number}")


def settle():
    """A file that changed a moment ago is not remembered: it may change again without another time."""
    time.sleep(0.06)


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)
