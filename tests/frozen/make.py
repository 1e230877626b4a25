#!/usr/bin/env python3
"""Makes what tests/frozen/run.py keeps: a vault with every act that the command line has, and what comes out of one; and
bundles of logs with the entries that no command makes yet (`statement`, `upgrade`, `closed`), by the makers of examples.

    make.py BIN FOLDER

It is run once for a release, and what it made is never made again: formats that were given out do not change
(docs/FORMAT.md). The keys in it are of no vault that anybody uses.
"""
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/end_to_end"), str(ROOT / "tests/support"), str(ROOT / "tests/second_opinion/format_examples")]

import good  # noqa: E402
from world import ORIGIN, World  # noqa: E402

# Of the examples: what each is called here.
HOOKS = {"plain, several acts": "statement", "after an upgrade": "upgrade", "plain, a vault that was closed": "closed"}

PURPOSE = ["-i", "reader.txt", "--purpose", "frozen"]
WHY = ["--reason", "frozen"]
BY = ["--authority", "a court", *WHY]


def evidence(world):
    """Items 1 to 7, of two cases, with parts, claims and names that are no UTF-8."""
    world.write("ev/share/README_RESTORE_FILES.txt", b"Your network is encrypted.\nPay.\n")
    world.write("ev/lines.log", b"".join(b"line %d\n" % number for number in range(40)))
    world.write("ev/empty", b"")
    world.write(b"ev/\xff\xfe name", b"a name that is no UTF-8\n")
    world.write("noise.img", bytes(index * 7919 % 251 for index in range(70_000)))
    os.mkfifo(world.folder / "ev/pipe")     # which is not taken in, and that is said in an omission
    world.run("add", "ev", "--source", "fs01", "--case", "IR-2025-014", "--tag", "first", "--description", "taken at night", expect=1)
    world.run("add", "noise.img", "--source", "fs01", "--case", "IR-2025-014", "--case", "IR-2025-015", "--parts", "4096",
              "--digest", "sha512", "--digest", "sha1", "--digest", "md5", "--retain", "hipaa")
    world.run("add", "-", "--name", "stream", "--kind", "capture", "--clock-offset", "+90", "--tool", "tcpdump 4.99",
              stdin=b"a stream\n")


def acts(world):
    world.run("note", "1", "--text", "it is of the second wave")
    world.run("case", "set", "--case", "IR-2025-014", "--discovered", "2026-02-21T07:10:00Z", "--event", "2026-02-20T23:00:00Z the alarm was heard")
    world.run("hold", "1-3", *BY)
    world.run("release", "3", *BY)
    world.run("shred", "3", *BY, "--confirm", "3")
    world.admit("bob")
    world.run("keygen", "--signing", "--no-passphrase", "--handle", f"{ORIGIN}/k2", "-o", "bob2.key")
    world.run("custodian", "rotate", "--key", "bob.key", "--new-key", "bob2.key", *WHY)
    world.run("transfer", "1-2", "--to", "k2", "--purpose", "analysis", "--condition", "sealed", "--out", "bob.transfer", "-i", "reader.txt")
    world.run("receive", "bob.transfer", "--key", "bob2.key", "-i", "reader.txt")
    world.run("transfer", "4", "--to", "k2", "--purpose", "analysis", "--out", "refused.transfer", "-i", "reader.txt")
    world.run("receive", "refused.transfer", "--refuse", "--key", "bob2.key", "-i", "reader.txt")
    world.run("cat", "1", *PURPOSE)
    world.run("suspend", "2", *WHY)
    world.run("lift", "2", *WHY)


def collectors(world):
    """What a machine without a vault sealed, taken in; and a stick that nobody took in yet."""
    world.run("collector", "new", "fs02", "--out", "collector", "--case", "IR-2025-014", "--no-passphrase")
    for name in ("first", "second"):
        world.write(f"{name}.txt", f"collected as the {name}\n".encode())
        world.run("collect", f"{name}.txt", "--collector", "collector", "--drop", f"drop-{name}", "--case", "IR-2025-014")
    world.run("take-in", "drop-first")


def bundles(world):
    """Plain and sealed ones, of all that a receiver may get, and a receipt for one."""
    world.run("keygen", "--no-passphrase", "-o", "receiver.txt")
    world.run("export", "1", "2", "4-7", "--out", "plain.tar", "--manifest", "sha512", *PURPOSE)
    world.run("export", "2", "--withhold", "path", "--withhold", "times", "--out", "withheld.tar", *PURPOSE)
    world.run("export", "1", "2", "--recipient", recipient(world, "receiver.txt"), "--out", "sealed.tar", *PURPOSE)
    world.run("keygen", "--signing", "--no-passphrase", "--handle", "receiver", "-o", "receiver.key")
    world.run("verify-bundle", "plain.tar", "--fingerprint", world.fingerprint, "--key", "receiver.key", "--receipt", "receipt", "--name", "Rae Receiver")
    world.run("receive", "receipt")
    world.run("prove", "2", "--out", "item.proof", *PURPOSE)
    world.run("prove", "2", "--lines", "12-14", "--out", "parts.proof", *PURPOSE)


def recipient(world, identity):
    return next(line.split(": ")[1] for line in world.read(identity).decode().splitlines() if "public key" in line)


def actor_in(world, key):
    """Name and id of a plain signing key: PRIVATE+KEY+name+id+seed."""
    return "+".join(world.read(key).decode().split("+")[2:4])


def stamp(world):
    """A timestamp of an authority that openssl plays; its root is kept."""
    (world.folder / "tsa").mkdir()
    world.tool("sh", ROOT / "tests/support/make_tsa.sh", "tsa")
    world.run("timestamp", "request", "--out", "head.tsq")
    world.tool("sh", "-c", "cd tsa && openssl ts -reply -config p256.cnf -section tsa -queryfile ../head.tsq -out ../head.tsr")
    world.run("timestamp", "add", "head.tsr", "--checkpoint", "head.checkpoint", "--request", "head.tsq")
    shutil.copy(world.folder / "tsa/root.crt", world.folder / "roots.pem")


def keys(world):
    """Everything that changes who reads and which keys sign."""
    world.run("reader", "add", recipient(world, "receiver.txt"), "-i", "reader.txt", *WHY)
    world.run("rotate-log-key", "--no-passphrase", *WHY)
    world.run("reseal", "--yes", "--destroy", "-i", "reader.txt", "--cosigner-key", "bob2.key", *WHY)
    world.run("rule", "--two", "shred,release", "--keep-recovery", "--cosigner-key", "bob2.key", *WHY)
    world.run("rule", "--none", "--cosigner-key", "bob2.key", *WHY)
    world.run("recover", "-i", "reader.txt", "--name", "Carol Chief", "--new-key", "carol.key", "--no-passphrase", "--confirm", ORIGIN, *WHY)
    world.run("custodian", "retire", actor_in(world, "bob2.key"), "--key", "carol.key", "--compromised-since", "2027-01-01T00:00:00Z", *WHY)


def lose_a_head(world):
    """A restore from a backup that was older than what had been seen."""
    backup = world.folder / "backup"
    shutil.copytree(world.folder / "vault", backup)
    world.run("note", "1", "--text", "lost with the disk", "--key", "carol.key")
    shutil.rmtree(world.folder / "vault")
    backup.rename(world.folder / "vault")
    world.run("recover-head", "--confirm", ORIGIN, "--key", "carol.key", *WHY)


def pack(folder, name, target):
    with tarfile.open(target / f"{name}.tar", "w:xz") as tar:
        tar.add(folder / name, name)


def hooks(target):
    """A bundle of each, as a tar, and what a verifier says of it: arguments and exit status."""
    told = {}
    for case in (one for make in (good.acts, good.tomorrow) for one in make()):
        if case.name not in HOOKS:
            continue
        name = HOOKS[case.name] + ".tar"
        with tarfile.open(target / name, "w", format=tarfile.USTAR_FORMAT) as tar:
            for path, data in sorted(case.files.items()):
                member = tarfile.TarInfo(path)
                member.size, member.mode = len(data), 0o644
                tar.addfile(member, io.BytesIO(data))
        told[name] = {"arguments": case.arguments.split()[1:], "status": case.status}
    return told


def keep(world, target):
    """A folder is kept as a tar, because a clone does not keep who may read a key."""
    target.mkdir(parents=True)
    for name in ("vault", "drop-second", "published"):
        pack(world.folder, name, target)
    for name in ("plain.tar", "withheld.tar", "sealed.tar", "item.proof", "parts.proof", "reader.txt", "receiver.txt", "carol.key",
                 "roots.pem", "ir-2025-014.case-key"):
        shutil.copy(world.folder / name, target / name)
    shutil.copy(world.folder / "ev/lines.log", target / "lines.log")
    types = world.types()
    sha256 = {str(row["entry"]): row["fields"]["sha256"] for row in world.json("list", "-i", "reader.txt") if row["type"] == "item" and not row.get("shredded")}
    known = {"fingerprint": world.fingerprint, "entries": len(types), "types": sorted(set(types)), "sha256": sha256, "hooks": hooks(target)}
    (target / "known.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


class FrozenWorld(World):
    fingerprint = ""

    def types(self):
        """Of each entry of the log."""
        return [re.search('"type":"([a-z-]+)"', line)[1] for line in self.run("log").stdout.decode().splitlines() if line.startswith("{")]


def main():
    binaries, target = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as place:
        world = FrozenWorld(Path(place), binaries)
        world.fingerprint = world.init("--organisation", "Acme IR")["fingerprint"]
        for step in (evidence, acts, collectors, bundles, stamp, keys, lose_a_head):
            step(world)
        world.run("case", "key", "IR-2025-014", "-o", "ir-2025-014.case-key")
        world.run("publish", "published")
        keep(world, target)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main()
