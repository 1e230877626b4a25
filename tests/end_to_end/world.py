"""What an end-to-end test gets: a folder and a home of its own, and the real programs in it."""
import json
import os
import subprocess
import sys
from pathlib import Path

ORIGIN = "test.example/case-1"
NOT_ANCHORED = 5  # it holds, and the test brought nothing that says whose it is
NOTE = b"Your network is encrypted. Your data was stolen. Use Tor browser. Pay in bitcoin to decrypt.\n"


class World:
    def __init__(self, folder, binaries):
        self.folder = folder
        self.exhibit_program = binaries / "exhibit"
        self.verify_program = binaries / "exhibit-verify"
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(folder / "home/config"), "XDG_STATE_HOME": str(folder / "home/state"),
            "EXHIBIT_VAULT": str(folder / "vault"), "EXHIBIT_PURPOSE": "a test",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
        }
        (folder / "home").mkdir()

    def run(self, *arguments, expect=0, program=None, stdin=b"", **environment):
        command = [str(program or self.exhibit_program), *[os.fspath(a) for a in arguments]]
        result = subprocess.run(command, cwd=self.folder, input=stdin, capture_output=True,
                                env={**self.environment, **environment}, timeout=300)
        if result.returncode != expect:
            raise AssertionError(f"{command}\nexit {result.returncode} instead of {expect}\n"
                                 f"{result.stdout.decode(errors='replace')[-3000:]}\n"
                                 f"{result.stderr.decode(errors='replace')[-3000:]}")
        return result

    def json(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options).stdout)

    def tool(self, *command, stdin=b""):
        return subprocess.run([os.fspath(c) for c in command], cwd=self.folder, input=stdin,
                              capture_output=True, check=True).stdout

    def second_opinion(self, bundle, expect=NOT_ANCHORED, **environment):
        """The other verifier says the same."""
        other = Path(__file__).resolve().parents[2] / "tools/verify_bundle.py"
        return self.run(other, bundle, program=sys.executable, expect=expect, **environment)

    def write(self, name, content):
        path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def init(self, *more):
        """A vault that the reader's identity `reader.txt` opens, with plain signing keys."""
        recipient = self.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        return self.json("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                         "--no-passphrase", *more)

    def admit(self, name, role="custodian"):
        """Another key, `name`.key, admitted under its name."""
        vkey = self.run("keygen", "--signing", name, "--no-passphrase", "-o", f"{name}.key").stdout
        self.write(f"{name}.vkey", vkey)
        self.run("custodian", "add", f"{name}.vkey", "--role", role, "--name", name)

    def history(self, item, *more):
        return [row["what"] for row in self.json("history", str(item), *more)]

    def cat(self, entry):
        return self.run("cat", str(entry), "-i", "reader.txt").stdout


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)
