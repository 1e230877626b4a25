#!/usr/bin/env python3
"""What was given out once is read for ever: a vault, a drop, a published log, bundles and proofs that make.py made for a
release, read by the programs of today and by tools/verify_bundle.py.

    run.py BIN [RELEASE...]         RELEASE is a folder beside this file, such as 0.1.0; without one, all of them
"""
import hashlib
import json
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests/end_to_end"), str(ROOT / "tests/support")]

from world import World, expect  # noqa: E402

PURPOSE = ["-i", "reader.txt", "--purpose", "is it still read"]


class Release:
    """A copy of what was made for a release, in a world of its own."""

    def __init__(self, folder, place, binaries):
        self.world = World(place, binaries)
        for source in folder.iterdir():
            if source.name in ("vault.tar", "drop-second.tar", "published.tar"):
                with tarfile.open(source) as tar:
                    tar.extractall(place)
            else:
                shutil.copy(source, place / source.name)
        for secret in ("reader.txt", "receiver.txt", "carol.key"):
            (place / secret).chmod(0o600)       # as no clone keeps it
        self.known = json.loads((folder / "known.json").read_text(encoding="utf-8"))
        self.anchor = ["--fingerprint", self.known["fingerprint"]]

    def checks(self):
        return [self.vault_verifies, self.published_log_verifies, self.originals_come_out, self.bundles_verify, self.proofs_verify,
                self.hooks_are_read, self.it_goes_on]

    def vault_verifies(self):
        said = self.world.json("verify", "--content", "-i", "reader.txt", "--roots", "roots.pem", "--case-key", "ir-2025-014.case-key", *self.anchor)
        expect(said["ok"] and said["verdict"] == "holds", said)

    def originals_come_out(self):
        for entry, sha256 in self.known["sha256"].items():
            content = self.world.run("cat", entry, "--key", "carol.key", *PURPOSE).stdout
            expect(hashlib.sha256(content).hexdigest() == sha256, f"item {entry} is another")

    def published_log_verifies(self):
        self.world.run("verify-log", "published", *self.anchor)

    def bundles_verify(self):
        for bundle, more in (("plain.tar", []), ("withheld.tar", []), ("sealed.tar", ["-i", "receiver.txt"])):
            self.both(bundle, *more)

    def proofs_verify(self):
        self.both("--proof", "item.proof", "lines.log")
        self.both("--proof", "parts.proof")

    def hooks_are_read(self):
        """Entries that no command makes yet: a statement and the end of a vault hold, and an upgrade asks for a newer version."""
        for bundle, hook in self.known["hooks"].items():
            self.both(bundle, *hook["arguments"], anchor=[], status=hook["status"])

    def both(self, *arguments, anchor=None, status=0):
        """Each verifier says the same: that it holds, unless another status is named."""
        arguments += tuple(self.anchor if anchor is None else anchor)
        self.world.run(*arguments, program=self.world.verify_program, expect=status)
        self.world.run(ROOT / "tools/verify_bundle.py", *arguments, program=sys.executable, expect=status)

    def it_goes_on(self):
        """An old vault takes in more: a stick that lay in a drawer, and what is new."""
        before = self.entries()
        self.world.run("take-in", "drop-second", "--key", "carol.key", *self.acceptance())
        self.world.write("new.txt", b"new\n")
        self.world.run("add", "new.txt", "--key", "carol.key")
        expect(self.entries() > before + 1, "nothing was added")
        self.world.run("verify", "--content", "-i", "reader.txt", *self.anchor)

    @staticmethod
    def acceptance():
        """The drop was sealed to the vault's key before it was resealed."""
        return ["--accept-earlier-key", "--reason", "it lay in a drawer"]

    def entries(self):
        return sum(line.startswith(b"{") for line in self.world.run("log").stdout.splitlines())


def main():
    binaries, names = Path(sys.argv[1]).resolve(), sys.argv[2:]
    releases = [HERE / name for name in names] or sorted(path.parent for path in HERE.glob("*/known.json"))
    expect(releases, "there is no release to read")
    for folder in releases:
        with tempfile.TemporaryDirectory() as place:
            release = Release(folder, Path(place), binaries)
            for check in release.checks():
                check()
                print(f"ok {folder.name}: {check.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
