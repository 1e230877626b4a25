"""What is left of a damaged vault becomes a vault again; what is lost is named, and the damaged one is not written to.

The corpus of damages is made here: each file of the vault flipped, cut, emptied, missing, overwritten; parts of an earlier
backup mixed in; several at once. Of each it must hold: what the rescue says it saved verifies, every item that it does not
call lost comes out as it went in, and every byte of the damaged vault is as it was.

All damages take many minutes. A sample of them is tried, chosen by a seed that is printed (EXHIBIT_TEST_SEED replays it);
with EXHIBIT_ALL=1 all are, as `tools/test-all rescue` does.
"""
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import time

from world import NOTE, ORIGIN, Skipped, expect, flip

LOST = 3
ALL = bool(os.environ.get("EXHIBIT_ALL"))
SAMPLE = 9  # damages of each vault, where not all are tried


def evidence():
    """Originals by name: small ones, an empty one, one of several blocks."""
    return {"note.txt": NOTE, "empty": b"", "large.img": random.Random(11).randbytes(3_300_000),
            "mail.eml": b"From: a\n\n" + NOTE * 40, "log.txt": b"2026-11-28 23:00:00 GET /login\n" * 3000}


class Corpus:
    """A good vault, a backup of an earlier time, a published copy, and what the vault's items are."""

    def __init__(self, world, sorted_files=False):
        self.world = world
        self.made = world.init()
        files = evidence()
        self.add("in", {name: files[name] for name in ("note.txt", "empty", "large.img")})
        world.run("note", "1", "--text", "seen on the second floor")
        shutil.copytree(world.folder / "vault", world.folder / "backup")
        self.add("more", {name: files[name] for name in ("mail.eml", "log.txt")})
        world.run("hold", "2", "--authority", "court", "--reason", "case 7")
        if sorted_files:
            # As in a long life. The torn end of the last log, as a power cut leaves it, makes the next writer do it.
            newest = max((world.folder / "vault/store").glob("*.log"))
            newest.write_bytes(newest.read_bytes() + b"abc")
            world.run("note", "1", "--text", "after a power cut")
        world.run("publish", "published")
        self.items = {row["entry"]: files[row["fields"]["name"]]
                      for row in world.json("list", "-i", "reader.txt") if row["type"] == "item"}
        expect(len(self.items) == len(files), self.items.keys())
        (world.folder / "vault").rename(world.folder / "good")

    def add(self, folder, files):
        for name, content in files.items():
            self.world.write(f"{folder}/{name}", content)
        self.world.run("add", folder)

    def damaged(self):
        shutil.rmtree(self.world.folder / "vault", ignore_errors=True)
        shutil.copytree(self.world.folder / "good", self.world.folder / "vault")
        return self.world.folder / "vault"

    def names(self):
        """The damages: of every kind, in every file. A name and what is done to a vault."""
        good, backup = self.world.folder / "good", self.world.folder / "backup"
        for path in sorted(p for p in good.rglob("*") if p.is_file() and p.name != "LOCK"):
            name, size = str(path.relative_to(good)), path.stat().st_size
            for at in sorted({size // 3, size // 2, size - 1} if name.startswith("store") else {size // 2}) if size else ():
                yield f"{name}: flipped at {at}", lambda vault, name=name, at=at: flip(vault / name, at)
            yield f"{name}: cut", lambda vault, name=name, size=size: os.truncate(vault / name, size * 2 // 3)
            yield f"{name}: emptied", lambda vault, name=name: (vault / name).write_bytes(b"")
            yield f"{name}: missing", lambda vault, name=name: (vault / name).unlink()
            yield f"{name}: zeros", lambda vault, name=name, size=size: zeros(vault / name, size // 2)
            if (backup / name).is_file() and (backup / name).read_bytes() != path.read_bytes():
                yield f"{name}: of the backup", lambda vault, name=name: shutil.copy(backup / name, vault / name)
        for old in sorted(p for p in (backup / "store").iterdir() if p.is_file()):
            if not (good / "store" / old.name).exists():
                yield f"{old.name}: from the backup, too", lambda vault, old=old: shutil.copy(old, vault / "store" / old.name)


def zeros(path, at):
    data = path.read_bytes()
    path.write_bytes(data[:at] + bytes(min(4096, len(data) - at)) + data[at + 4096:])


def sample(damages):
    """All of them, or some of each kind ("flipped", "cut", …): the seed says which."""
    damages = list(damages)
    if ALL:
        return damages
    seed = int(os.environ.get("EXHIBIT_TEST_SEED") or random.randrange(1 << 32))
    print(f"        {SAMPLE} of {len(damages)} damages: EXHIBIT_TEST_SEED={seed} (EXHIBIT_ALL=1 tries all)", flush=True)
    chooser, kinds = random.Random(seed), {}
    for damage in damages:
        kinds.setdefault(damage[0].rpartition(": ")[2].split(" at ")[0], []).append(damage)
    for several in kinds.values():
        chooser.shuffle(several)
    order = [one for row in itertools.zip_longest(*kinds.values()) for one in row if one is not None]
    return order[:SAMPLE]


def tree(folder):
    """Every byte and time of a folder."""
    return {str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
                                            path.lstat().st_mtime_ns, path.lstat().st_mode) for path in folder.rglob("*")}


def no_state(world):
    """Somebody who kept no head of this vault."""
    return {"XDG_STATE_HOME": str(world.folder / "no-state")}


def rescue(world, *more, status=None, damaged="vault", to="new", **environment):
    """What the rescue says in JSON and on stderr, after what must always hold. No JSON where no vault could be made."""
    shutil.rmtree(world.folder / to, ignore_errors=True)
    before = tree(world.folder / damaged)
    result = subprocess.run([world.exhibit_program, "rescue", damaged, "--to", to, "--json", *map(str, more)],
                            cwd=world.folder, capture_output=True, env={**world.environment, **environment}, timeout=300)
    said = result.stderr.decode(errors="replace")
    expect(tree(world.folder / damaged) == before, "the damaged vault was written to")
    expect("internal error" not in said and "Sanitizer" not in said, said)
    expect(result.returncode in ((0, 1, LOST) if status is None else (status,)), f"exit {result.returncode}\n{said}")
    if result.returncode == 1:
        expect("exhibit: error: " in said and not (world.folder / to).exists(), said)
        return None, said
    told = json.loads(result.stdout)
    expect(told["ok"] == (result.returncode == 0), told)
    return told, said


def saved_items(world, told, items, **environment):
    """The items that were not called lost: opened, each is what went in, and `verify` finds nothing that was not said."""
    environment = {"EXHIBIT_VAULT": str(world.folder / "new"), **environment}
    run = lambda *arguments: subprocess.run([world.exhibit_program, *map(str, arguments)], cwd=world.folder,
                                            capture_output=True, env={**world.environment, **environment})
    lost = {row["entry"] for row in told["lost"]}
    end = told["checkpoint"]["size"] + told["after_head"]
    fine = [item for item in items if item not in lost and item < end]
    if any("reader.age" in one for one in told["lost_files"]):
        return fine  # nobody opens it before a kit or a backup gives the file back
    verified = run("verify", "--content", "-i", "reader.txt", "--json")
    if verified.returncode not in (0, 3, 5) or "error" in json.loads(verified.stdout):
        expect(told["kept_heads"], verified.stderr)  # the head that was kept is newer: that is decided first
        return fine
    found = {one["entry"] for one in json.loads(verified.stdout)["findings"] if one.get("entry") is not None}
    expect(found <= lost, f"verify finds {found - lost}, which the rescue did not name")
    listed = run("list", "--json", "-i", "reader.txt")
    listed = json.loads(listed.stdout)
    expect(isinstance(listed, list), (listed, told))
    rows = {row["entry"]: row for row in listed}
    for item in fine:
        if item < told["checkpoint"]["size"]:
            expect(rows[item]["fields"]["sha256"] == hashlib.sha256(items[item]).hexdigest(), f"item {item} is another")
    return fine


def try_all(world, corpus):
    """Each damage alone: with nothing else at hand, and where that is not enough with a published copy of the log."""
    counts = {"whole": 0, "in part": 0, "no vault": 0, "whole with a published copy": 0}
    for what, damage in sample(corpus.names()):
        damage(corpus.damaged())
        told, said = rescue(world, **no_state(world))
        is_of_packs = what.startswith("store/packs")
        try:
            if told is None:
                expect(any(words in said for words in ("entry 0", "too little of the log", "no checkpoint")), said)
                counts["no vault"] += 1
            else:
                expect(told["fingerprint"] == corpus.made["fingerprint"], told)
                fine = saved_items(world, told, corpus.items, **no_state(world))
                counts["whole" if told["ok"] else "in part"] += 1
                if "flipped" in what:  # costs the one thing that lies there, and nothing where it can be made again
                    missing = len(corpus.items) - len(fine)
                    expect(missing <= 1 and told["entries_lost"] <= 1, f"{missing} items are lost: {told['lost']}")
            if (told is None or not told["ok"]) and what.startswith(("store/", "HEAD")) and not is_of_packs:
                told, said = rescue(world, "--also", "published", status=0, **no_state(world))
                fine = saved_items(world, told, corpus.items, **no_state(world))
                expect(sorted(fine) == sorted(corpus.items), told)
                counts["whole with a published copy"] += 1
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}\n{json.dumps(told)[:2000]}") from error
    print(f"        {sum(counts.values())} rescues: {counts}")
    return counts


def every_damage_of_a_young_vault(world):
    counts = try_all(world, Corpus(world))
    expect(not ALL or counts["whole"] > 20 and counts["in part"] > 5 and counts["whole with a published copy"] > 5, counts)


def every_damage_of_an_old_vault(world):
    """Its entries are in sorted files."""
    corpus = Corpus(world, sorted_files=True)
    expect(list((world.folder / "good/store").glob("*.sst")), "no sorted file")
    counts = try_all(world, corpus)
    expect(not ALL or counts["whole"] > 20 and counts["in part"] > 5, counts)


def several_damages_at_once_are_filled_from_several_places(world):
    corpus = Corpus(world)
    vault = corpus.damaged()
    for path in (vault / "store").iterdir():  # no database at all
        if path.is_file():
            path.unlink()
    (vault / "HEAD").unlink()
    pack = vault / "store/packs/000001"
    for at in range(2_000, pack.stat().st_size, 700_000):
        flip(pack, at)
    told, said = rescue(world, status=1)
    expect("entry 0" in said and "--also" in said, said)
    # The log from what was published; of the sealed files what is whole.
    told, _ = rescue(world, "--also", "published", status=LOST, **no_state(world))
    expect(told["entries_lost"] == 0 and told["lost"], told)
    expect(all(row["lost"] for row in told["lost"]), told)
    expect(saved_items(world, told, corpus.items, **no_state(world)), told)
    # The rest from a backup, block by block, where that has it.
    told, _ = rescue(world, "--also", "published", "--also", "backup", **no_state(world))
    old = {item for item, content in corpus.items.items() if content in (NOTE, b"") or len(content) > 1_000_000}
    expect(not old & {row["entry"] for row in told["lost"]}, told)


def a_sealed_bundle_gives_back_a_payload(world):
    corpus = Corpus(world)
    large = next(item for item, content in corpus.items.items() if len(content) > 1_000_000)
    receiver = world.run("keygen", "--no-passphrase", "-o", "receiver.txt").stdout.decode().strip()
    shutil.copytree(world.folder / "good", world.folder / "vault")
    world.run("export", str(large), "--out", "sealed", "--recipient", receiver, "-i", "reader.txt")
    shutil.rmtree(world.folder / "good")
    (world.folder / "vault").rename(world.folder / "good")
    vault = corpus.damaged()
    zeros(vault / "store/packs/000001", 2_000_000)
    told, _ = rescue(world, status=LOST)
    lost = {row["entry"]: row for row in told["lost"]}
    expect(set(lost) == {large} and sum(one["last"] - one["first"] + 1 for one in lost[large]["ranges"]) < 1_100_000, told)
    told, _ = rescue(world, "--also", "sealed", status=0)
    expect(sorted(saved_items(world, told, corpus.items)) == sorted(corpus.items), told)
    # A container of it does as well.
    world.tool("tar", "-cf", "sealed.tar", "sealed")
    shutil.rmtree(world.folder / "sealed")
    told, _ = rescue(world, "--also", "sealed.tar")
    expect(told["entries_lost"] == 0, told)


def what_is_lost_is_proven_and_named(world):
    corpus = Corpus(world)
    vault = corpus.damaged()
    pack = vault / "store/packs/000001"
    flip(pack, pack.stat().st_size // 2)
    told, _ = rescue(world, status=LOST)
    one = told["lost"][0]
    expect(len(one["leaf"]) == 64 and one["type"] and one["time"] and one["actor"] and len(one["payload"]) == 64, one)
    logged = world.run("log", str(one["entry"]), EXHIBIT_VAULT=str(world.folder / "new")).stdout
    expect(one["payload"].encode() in logged, "the log still says what it was")
    text = subprocess.run([world.exhibit_program, "rescue", "vault", "--to", "again"], cwd=world.folder, capture_output=True,
                          env=world.environment).stdout.decode()
    expect(f"entry {one['entry']}: " in text and "are lost" in text and "exhibit --vault again verify" in text, text)
    expect(max(map(len, text.splitlines())) <= 132, text)


def a_lost_end_is_said_and_recovered(world):
    """The head was kept and the entries are gone: the new vault is older, and that is a decision that is recorded."""
    corpus = Corpus(world)
    vault = corpus.damaged()
    for path in (vault / "store").iterdir():
        if path.is_file():
            path.unlink()
    for path in (world.folder / "backup/store").iterdir():
        if path.is_file():
            shutil.copy(path, vault / "store" / path.name)
    told, _ = rescue(world, status=LOST)
    expect(told["signed_head"]["size"] > told["checkpoint"]["size"] and told["kept_heads"], told)
    refused = world.run("list", "-i", "reader.txt", expect=LOST, EXHIBIT_VAULT=str(world.folder / "new"))
    expect(b"recover-head" in refused.stderr, refused.stderr)
    world.run("recover-head", "--reason", "the disk failed; rescued", "--confirm", ORIGIN,
              EXHIBIT_VAULT=str(world.folder / "new"))
    world.run("verify", EXHIBIT_VAULT=str(world.folder / "new"))


def what_was_shredded_and_resealed_stays_so(world):
    corpus = Corpus(world)
    shutil.copytree(world.folder / "good", world.folder / "vault")
    small = sorted(item for item, content in corpus.items.items() if len(content) < 1_000_000 and item != 2)
    world.run("shred", str(small[0]), "--authority", "court", "--reason", "returned", "--confirm", str(small[0]))
    world.run("reseal", "--reason", "a reader left", "-i", "reader.txt")
    shutil.rmtree(world.folder / "good")
    (world.folder / "vault").rename(world.folder / "good")
    corpus.damaged()
    told, _ = rescue(world, status=0)
    world.run("cat", str(small[0]), "-i", "reader.txt", expect=1, EXHIBIT_VAULT=str(world.folder / "new"))
    del corpus.items[small[0]]
    expect(sorted(saved_items(world, told, corpus.items)) == sorted(corpus.items), told)
    packs = b"".join(path.read_bytes() for path in (world.folder / "new/store/packs").iterdir())
    expect(packs.count(b"age-encryption.org/v1") > len(corpus.items), "the rest is there")


def a_rescue_goes_on_as_a_vault(world):
    corpus = Corpus(world)
    corpus.damaged()
    told, _ = rescue(world, status=0)
    new = {"EXHIBIT_VAULT": str(world.folder / "new")}
    world.write("later.txt", b"after the disk failed")
    world.run("add", "later.txt", **new)
    report = world.json("verify", **new)
    expect(report["ok"] and report["checkpoint"]["size"] == told["checkpoint"]["size"] + 1, report)
    expect(not [one for one in report["remarks"] if "no part of" in one or "no entry names" in one], report["remarks"])
    for name in ("log.key", "reader.age", "label.key", "recovery.age"):
        path = world.folder / "new/keys" / name
        expect(stat.S_IMODE(path.stat().st_mode) == 0o600, path)


def it_refuses_in_words(world):
    corpus = Corpus(world)
    vault = corpus.damaged()

    def refused(words, *arguments, status=1):
        result = world.run("rescue", *arguments, expect=status)
        expect(words in result.stderr.decode(), result.stderr)
    refused("lies in the damaged vault", "vault", "--to", "vault/new")
    refused("lies in the damaged vault", "vault", "--to", "vault")
    world.write("there/file", b"")
    refused("there", "vault", "--to", "there")
    refused("does not exist", "vault", "--to", "new", "--also", "nowhere")
    refused("nowhere", "nowhere", "--to", "new")
    refused("entry 0", "vault", "--to", "new", "--fingerprint", "00" * 32)
    refused("--to is required", "vault", status=2)
    # The folder of another vault beside it changes nothing; two at once are asked about.
    expect(not (world.folder / "new").exists())
    if os.geteuid() != 0:
        path = next((vault / "store/packs").iterdir())
        path.chmod(0)
        refused("Permission denied", "vault", "--to", "new")
        path.chmod(0o600)
    for path in [vault, *vault.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    world.run("rescue", "vault", "--to", "new")
    for path in [vault, *vault.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def a_rescue_that_is_killed_leaves_nothing_half(world):
    corpus = Corpus(world)
    corpus.damaged()
    for delay in (0.0, 0.01, 0.03, 0.1):
        child = world.start("rescue", "vault", "--to", "new", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if (world.folder / "new").exists():
            world.run("verify", EXHIBIT_VAULT=str(world.folder / "new"))
            shutil.rmtree(world.folder / "new")
    left = [path.name for path in world.folder.iterdir() if path.name.startswith(".new.rescuing")]
    result = world.run("rescue", "vault", "--to", "new")
    expect(all(name.encode() in result.stderr for name in left), (left, result.stderr))


def a_full_disk_at_the_target_is_said(world):
    """In a namespace of its own, on a small file system."""
    corpus = Corpus(world)
    corpus.damaged()
    (world.folder / "small").mkdir()
    script = ("mount -t tmpfs -o size=2m none small && $0 rescue vault --to small/new; status=$?; ls -A small; exit $status")
    result = subprocess.run(["unshare", "-rm", "sh", "-c", script, world.exhibit_program], cwd=world.folder,
                            capture_output=True, env=world.environment)
    if b"unshare" in result.stderr or b"mount" in result.stderr:
        raise Skipped("no namespaces here")
    expect(result.returncode == 1 and b"No space left" in result.stderr and b"make room" in result.stderr, (result.returncode, result.stderr))
    expect(not result.stdout, f"something was left: {result.stdout}")
