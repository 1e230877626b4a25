"""What a test of the two verifiers gets: a vault of its own, bundles to change, and the verdict of both."""
import base64
import contextlib
import functools
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from home import make_home

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "format_examples"), str(HERE.parents[1] / "tools")]
import build  # noqa: E402
import pieces  # noqa: E402
import verify_bundle as second  # noqa: E402

# Bundles of one test share most of their signatures, and the curve in Python is what takes the time.
second.ed25519_verify = functools.lru_cache(10_000)(second.ed25519_verify)
second.point_decode = functools.lru_cache(10_000)(second.point_decode)

ORIGIN = "test.example/case-1"
NOTE = b"Your network is encrypted. Your data was stolen. Use Tor browser. Pay in bitcoin to decrypt.\n"
ACCEPT, NOT_READ, REFUSE, NOT_ANCHORED, WRONG_KEY = second.HOLDS, second.NOT_READ, second.CHANGED, second.NOT_ANCHORED, second.WRONG_KEY


def expect(condition, message="expectation failed"):
    if not condition:
        raise AssertionError(message)


def files_of(bundle):
    return sorted(str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file() or path.is_symlink())


def fingerprint_of(bundle):
    """Of the first entry that the bundle tells, if that can be read."""
    with contextlib.suppress(OSError, second.Finding, StopIteration):
        return second.leaf_hash(next(iter(second.split_entries((bundle / "log/entries").read_bytes())))).hex()
    return None


def key_of_file(path):
    """A plain signing key of the program's."""
    _, name, _, encoded = path.read_text().strip().removeprefix("PRIVATE+KEY").split("+", 3)
    return pieces.Key(name, base64.b64decode(encoded)[1:])


def seal_tags(bundle, keys):
    """Makes tag manifests and note fit whatever lies in the bundle, as a maker could who has a custodian's key. What is in data/
    is named by an entry of the log: that he cannot change."""
    names = [name for name in files_of(bundle) if not name.startswith(("data/", "tagmanifest-")) and name != "bundle.note"]
    note = json.loads((bundle / "bundle.note").read_bytes().split(b"\n")[0])
    for algorithm, member in (("sha256", "tagmanifest"), ("sha512", "tagmanifest_sha512")):
        manifest = bundle / f"tagmanifest-{algorithm}.txt"
        if manifest.exists():
            manifest.write_bytes(build.manifest_of({name: (bundle / name).read_bytes() for name in names}, algorithm))
            note[member] = hashlib.new(algorithm, manifest.read_bytes()).hexdigest()
    (bundle / "bundle.note").write_bytes(pieces.note(note, keys[note["made_by"]]))


class World:
    """A vault with plain keys, and what is needed to tamper with its bundles."""

    def __init__(self, folder, binaries):
        self.folder, self.binaries = folder, binaries
        self.environment = {**make_home(folder), "EXHIBIT_VAULT": str(folder / "vault")}
        self.cells, self.errors, self.failures = 0, 0, []
        self.recipient = self.exhibit("keygen", "--no-passphrase", "-o", "reader.txt").decode().strip()
        self.made = json.loads(self.exhibit("init", "vault", "--origin", ORIGIN, "--name", "Tester", "--reader", self.recipient,
                                            "--no-passphrase", "--json"))

    def exhibit(self, *arguments):
        return self.tool(self.binaries / "exhibit", *arguments)

    def tool(self, *command, stdin=b""):
        result = subprocess.run([os.fspath(word) for word in command], cwd=self.folder, input=stdin, capture_output=True,
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

    def keys(self):
        """The signing keys that this test made, by actor."""
        found = [*self.folder.glob("*.key"), *self.folder.glob("home/config/exhibit/keys/**/*.key")]
        return {key.actor: key for key in map(key_of_file, found)}

    def judge(self, name, bundle, *options, verdict=None, anchored=True):
        """Both verifiers' verdicts; `verdict` where the test knows which it must be, else they must agree. The fingerprint
        is brought, unless the test says otherwise: without one nothing is ever accepted."""
        self.cells += 1
        fingerprint = fingerprint_of(Path(bundle)) if anchored and "--fingerprint" not in options else None
        options = [*map(str, options), *(["--fingerprint", fingerprint] if fingerprint else [])]
        ours, said = self.first(bundle, options)
        theirs, said_too = self.second(bundle, options)
        self.errors += theirs == NOT_READ
        if ours != theirs or (verdict is not None and ours != verdict) or "internal error" in said_too:
            self.failures.append(name)
            print(f"DIFFER  {name}: exhibit-verify {ours}, verify_bundle.py {theirs}, wanted {'the same' if verdict is None else verdict}\n"
                  + "".join(f"    {line}\n" for text in (said, said_too) for line in text.splitlines()[:6]), end="")
        return ours

    def first(self, bundle, options):
        done = subprocess.run([self.binaries / "exhibit-verify", str(bundle), *options], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def second(self, bundle, options):
        """Within this process, because starting Python takes longer than the check."""
        said = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return second.main([str(bundle), *options]), said.getvalue()

    def findings(self, bundle):
        """What exhibit-verify finds."""
        done = subprocess.run([self.binaries / "exhibit-verify", str(bundle), "--json"], cwd=self.folder, env=self.environment,
                              capture_output=True, timeout=120)
        expect(done.returncode in (NOT_ANCHORED, REFUSE), done.stderr)
        return json.loads(done.stdout)["findings"]

    def changed(self, good, change, manifests="as they were"):
        """A copy of the bundle with a change."""
        bundle = self.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(good, bundle, symlinks=True)
        change(bundle)
        if manifests == "put right":
            with contextlib.suppress(OSError, ValueError, KeyError):
                seal_tags(bundle, self.keys())
        return bundle

    def write(self, files):
        """Files by their names, as the makers of examples give them."""
        bundle = self.folder / "cell"
        shutil.rmtree(bundle, ignore_errors=True)
        for name, data in files.items():
            (bundle / name).parent.mkdir(parents=True, exist_ok=True)
            (bundle / name).write_bytes(data)
        return bundle


# Many bundles that are made without Exhibit: the curve is OpenSSL's, one folder is written again and again.

@functools.lru_cache(100_000)
def quick_verify(public, message, signature):
    """verify_bundle's own strictness, and OpenSSL for the curve: the same equation, many times as fast."""
    points = [second.point_decode(one) for one in (public, signature[:32])] if len(public) == 32 and len(signature) == 64 else [None]
    if None in points or int.from_bytes(signature[32:], "little") >= second.L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return True
    except InvalidSignature:
        return False


def check_parts():
    """Of report.html the parts that check, in their order, and their words."""
    sys.path.append(str(HERE.parent / "report"))
    from made_page import script_parts  # noqa: PLC0415  (of tests/report)
    names = [part.stem for part in script_parts()]
    return script_parts()[:names.index("words") + 1]


class Judges:
    """Both programs, and the page in node, over one folder that is written anew where it differs."""

    def __init__(self, binaries, page=False, every=1):
        self.binaries, self.written, self.every = binaries, {}, every
        self.place = Path(tempfile.mkdtemp(prefix="exhibit-grammar-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        self.environment = {**os.environ, "TMPDIR": str(self.place.parent)}
        self.slow, second.ed25519_verify = second.ed25519_verify, quick_verify
        self.node = page and subprocess.Popen(["node", str(HERE / "page_in_node.js"), *map(str, check_parts())],
                                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        second.ed25519_verify = self.slow
        if self.node:
            self.node.stdin.close()
            self.node.wait()
        shutil.rmtree(self.place, ignore_errors=True)

    def write(self, files):
        for name in self.written.keys() - files.keys():
            (self.place / name).unlink()
            with contextlib.suppress(OSError):      # a folder in which there is more
                os.removedirs(self.place / name.rpartition("/")[0])
        self.place.mkdir(exist_ok=True)
        for name, data in files.items():
            if self.written.get(name) != data:
                (self.place / name).parent.mkdir(parents=True, exist_ok=True)
                (self.place / name).write_bytes(data)
        self.written = dict(files)

    def first(self, *arguments):
        done = subprocess.run([self.binaries / "exhibit-verify", *arguments], cwd=self.place, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def second(self, arguments):
        said = io.StringIO()
        with contextlib.chdir(self.place), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return second.main(arguments), said.getvalue()

    def page(self, arguments):
        options = dict(zip(arguments[1::2], arguments[2::2]))
        identity = (self.place / options["-i"]).read_text() if "-i" in options else ""
        self.node.stdin.write(json.dumps({"folder": str(self.place / arguments[0]), "fingerprint": options.get("--fingerprint"), "identity": identity}) + "\n")
        self.node.stdin.flush()
        said = json.loads(self.node.stdout.readline())
        return said["status"], "\n".join(said["says"])

    def judge(self, case, number=0):
        """What each gives, and says."""
        self.write(case.files)
        arguments = case.arguments.split()
        given = {"exhibit-verify": self.first(*arguments), "verify_bundle.py": self.second(arguments)}
        if self.node and arguments[0] == "bundle" and number % self.every == 0:
            given["report.html"] = self.page(arguments)
        return given
