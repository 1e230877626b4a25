"""What a test of the two verifiers gets: a vault of its own, bundles to change, and the verdict of both."""
import contextlib
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

from forging import ACCEPT, ORIGIN, REFUSE, Forger, Signer, expect, second, write_manifests
from histories import History
from home import make_home

NOT_READ, NOT_ANCHORED, WRONG_KEY = second.NOT_READ, second.NOT_ANCHORED, second.WRONG_KEY


class World:
    """A vault of three items with plain keys, and what is needed to tamper with its bundles."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        self.environment = {**make_home(folder), "EXHIBIT_VAULT": str(folder / "vault")}
        self.cells, self.errors, self.failures = 0, 0, []
        recipient = self.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").decode().strip()
        self.made = json.loads(self.exhibit("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                                            "--no-passphrase", "--json"))
        self.recipient = recipient

    def exhibit(self, *arguments):
        return self.tool(self.binaries / "exhibit", *arguments)

    def tool(self, *command, stdin=b""):
        result = subprocess.run([os.fspath(c) for c in command], cwd=self.folder, input=stdin, capture_output=True,
                                env=self.environment, timeout=120)
        if result.returncode:
            raise AssertionError(f"{command}: exit {result.returncode}\n{result.stderr.decode(errors='replace')}")
        return result.stdout

    def add(self, name, content, *more):
        path = os.path.join(b"in", os.fsencode(name))
        (self.folder / "in").mkdir(exist_ok=True)
        (self.folder / os.fsdecode(path)).write_bytes(content)
        self.exhibit("add", path, "--quiet", *more)

    def export(self, numbers, out, *more):
        self.exhibit("export", *map(str, numbers), "--out", out, "-i", "reader.txt", *more)
        return self.folder / out

    def judge(self, name, bundle, *options, verdict=None, anchored=True):
        """Both verifiers' verdicts; `verdict` where the test knows which it must be, else they must agree. The fingerprint
        is brought, unless the test says otherwise: without one nothing is ever accepted."""
        self.cells += 1
        if "--fingerprint" not in options and anchored and (Path(bundle) / "proof/0.entry").is_file():
            options = (*options, "--fingerprint", second.leaf_hash((Path(bundle) / "proof/0.entry").read_bytes()).hex())
        first = subprocess.Popen([self.binaries / "exhibit-verify", str(bundle), *options], cwd=self.folder, env=self.environment,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        text = io.StringIO()
        # Within this process, because starting Python takes longer than the check.
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            code = second.main([str(bundle), *map(str, options)])
        said = [first.communicate(timeout=120)[0].decode(errors="replace"), text.getvalue()]
        codes = [first.returncode, code]
        self.errors += code == NOT_READ
        wanted = [[one] * 2 for one in second.VERDICTS] if verdict is None else [[verdict] * 2]
        if codes not in wanted or "internal error" in said[1]:
            self.failures.append(name)
            print(f"DIFFER  {name}: exhibit-verify {codes[0]}, verify_bundle.py {codes[1]}, wanted {wanted}\n"
                  + "".join(f"    {line}\n" for text in said for line in text.splitlines()[:6]), end="")
        return codes[0]

    def findings(self, bundle):
        """What exhibit-verify finds."""
        result = subprocess.run([self.binaries / "exhibit-verify", str(bundle), "--json"], cwd=self.folder, env=self.environment,
                                capture_output=True, timeout=120)
        expect(result.returncode in (NOT_ANCHORED, REFUSE), result.stderr)
        return json.loads(result.stdout)["findings"]

    def changed(self, good, change, manifests="as they were"):
        """A copy of the bundle with a change."""
        bundle = self.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(good, bundle, symlinks=True)
        change(bundle)
        if manifests == "put right":
            for key in [*self.folder.glob("*.key"), *self.folder.glob("home/config/exhibit/keys/**/*.key")]:
                Signer.of_file(key)
            write_manifests(bundle)
        return bundle


def forge(world, cells):
    forger = Forger(world)
    world.judge("forged, but nothing wrong", forger.make(), verdict=ACCEPT)
    for what, step, change, verdict in cells(forger):
        code = world.judge(what, forger.make(**{step: change}), verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")


def recount(world, cells):
    forger = Forger(world)
    for what, history, *change, verdict in cells(forger):
        bundle = history(History(forger)).write(*change)
        code = world.judge(what, bundle, verdict=verdict)
        if verdict is None:
            print(f"  {what}: {code}")
