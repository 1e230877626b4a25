"""A collecting kit: made at the vault, carried to a machine, used there, brought back, and retired."""
import hashlib
import os
import re
import resource
import shutil
import signal
import subprocess
import zipfile

from world import NOT_ANCHORED, NOTE, Skipped, expect, flip, until

SYSTEM = {"x86_64": "linux-x86-64", "aarch64": "linux-arm64"}.get(os.uname().machine)


def collecting_program(here):
    """The `exhibit-collect` that was built, or a script that takes the same words where there is none."""
    built = here.exhibit_program.parent / "exhibit-collect"
    if built.is_file():
        return built
    path = os.fsdecode(here.write("programs/exhibit-collect", f'#!/bin/sh\nexec "{here.exhibit_program}" collect "$@"\n'.encode()))
    os.chmod(path, 0o755)
    return path


def make_kit(world, *more, to="kit"):
    if SYSTEM is None:
        raise Skipped("no kit has programs for this kind of machine")
    made = world.init()
    world.write("triage.toml", b'title = "what this test takes"\n[[step]]\nname = "kernel.txt"\nrun = "uname -a"\n')
    told = world.run("collector", "new", "fs01", "--kit", to, "--no-passphrase", "--case", "IR's \"14\"",
                     "--profile", "triage.toml", "--program", f"{SYSTEM}={collecting_program(world)}", *more)
    return made["fingerprint"], told.stderr.decode()


def away(here):
    """What a machine has that knows nothing of the vault: a home that must stay empty, and no shell's history."""
    home = here.folder / "machine/home"
    home.mkdir(parents=True, exist_ok=True)
    return {"HOME": str(home), "PATH": os.environ["PATH"]}


def collect(world, *paths, kit="machine/stick/kit", expect=0, **options):
    done = subprocess.run(["sh", f"{kit}/collect.sh", *paths], cwd=world.folder, capture_output=True, env=away(world), **options)
    if done.returncode != expect:
        raise AssertionError(f"exit {done.returncode} instead of {expect}\n{done.stdout.decode()}\n{done.stderr.decode()}")
    return done


def carry(world, to="machine/stick/kit"):
    shutil.copytree(world.folder / "kit", world.folder / to)


def check(world, kit, fingerprint, **options):
    return world.json("--kit", kit, "--fingerprint", fingerprint, program=world.verify_program, **options)


def a_kit_is_made_carried_used_brought_back_and_retired(world):
    fingerprint, said = make_kit(world)
    expect("exhibit-verify --kit kit" in said and "exhibit collector retire test.example/case-1/k2" in said, said)
    # Stock tools and our verifier agree on the list.
    stock = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=world.folder / "kit", capture_output=True, text=True, check=True)
    expect(f"programs/{SYSTEM}/exhibit-collect: OK" in stock.stdout and "1 line is improperly formatted" in stock.stderr, stock)
    told = check(world, "kit", fingerprint)
    expect(told["ok"] and told["verdict"] == "holds" and any("signed by test.example/case-1/k1+" in one for one in told["shown"]), told)
    expect(told["kit"]["collector"].startswith("test.example/case-1/k2+"), told)
    world.run("--kit", "kit", program=world.verify_program, expect=NOT_ANCHORED)
    world.run("--kit", "kit", "--fingerprint", "00" * 32, program=world.verify_program, expect=3)
    expect(not world.run("--kit", "kit", "--fingerprint", fingerprint, "-q", program=world.verify_program).stdout)
    readme = world.read("kit/README.txt").decode("ascii")
    expect(fingerprint in readme and "exhibit take-in KIT/drop" in readme and "retire" in readme, readme)

    carry(world)
    world.write("machine/logs/note.txt", NOTE)
    world.write("machine/logs/large.bin", os.urandom(3 << 20))
    collect(world, "machine/logs")
    # Nothing was written but to the stick.
    expect(not list((world.folder / "machine/home").iterdir()))
    expect(sorted(p.name for p in (world.folder / "machine").iterdir()) == ["home", "logs", "stick"])
    # Again: what is there is passed over; of the profile's command a new item is made.
    collect(world, "machine/logs")
    drop = world.folder / "machine/stick/kit/drop"
    expect(len(list(drop.glob("*.collected"))) == 4, sorted(drop.iterdir()))
    # After its use it is still what was signed.
    expect(check(world, "machine/stick/kit", fingerprint)["ok"])

    shutil.copytree(drop, world.folder / "brought")
    taken = world.json("take-in", "brought")
    expect(len(taken["items"]) == 4 and not taken["refused"], taken)
    expect(world.cat(3) == NOTE or world.cat(4) == NOTE or world.cat(2) == NOTE)
    fields = world.items()
    expect({one["source"] for one in fields} == {os.uname().nodename} and {one["name"] for one in fields} >= {"note.txt", "kernel.txt"}, fields)
    # Who holds the case's key finds the items in the log without a reader's key.
    world.run("case", "key", "IR's \"14\"", "--out", "case.key")
    found = world.json("verify", "--case-key", "case.key")["cases"]
    expect(len(found) == 1 and found[0]["items"] == [2, 3, 4, 5], found)
    # The handle that README.txt says is the one to retire; a copy of the kit signs, and is refused.
    handle = re.search(r"exhibit collector retire (\S+)", readme)[1]
    world.run("collector", "retire", handle, "--reason", "the kit came back")
    shutil.rmtree(world.folder / "machine/stick/kit/drop")
    world.write("machine/logs/false.txt", b"planted by who copied the stick")
    collect(world, "machine/logs/false.txt")
    refused = world.run("take-in", "machine/stick/kit/drop", expect=1).stderr
    expect(b"--accept-retired" in refused, refused)
    expect(len(world.items()) == 4)


def a_kit_that_was_changed_is_found(world):
    fingerprint, _ = make_kit(world)
    program = f"programs/{SYSTEM}/exhibit-collect"

    def bad(change, words):
        shutil.rmtree(world.folder / "bad", ignore_errors=True)
        carry(world, "bad")
        change(world.folder / "bad")
        told = check(world, "bad", fingerprint, expect=3)
        expect(any(words in fault for fault in told["faults"]), (words, told))
        expect(told["verdict"] == "changed", told)

    for name in ("README.txt", "collect.sh", "profile.toml", "collector/vault", "collector/cases", "collector/collector.key",
                 "fingerprint", program):
        path = world.folder / "kit" / name
        if path.stat().st_size:
            bad(lambda kit, name=name: (os.chmod(kit / name, 0o600), flip(kit / name)), f"{name} is not the file that was signed")
        bad(lambda kit, name=name: (kit / name).unlink(), name)
    bad(lambda kit: (kit / f"programs/{SYSTEM}/libc.so.6").write_bytes(b"x"), "libc.so.6 is not in SHA256SUMS")
    bad(lambda kit: (kit / "collector/more").symlink_to("/etc/hostname"), "collector/more is not in SHA256SUMS")
    bad(lambda kit: ((kit / "collect.sh").unlink(), (kit / "collect.sh").symlink_to("/etc/hostname")), "collect.sh")

    # Who changes a program and its line breaks the signature.
    def with_own_sums(kit):
        before = hashlib.sha256((kit / program).read_bytes()).hexdigest()
        (kit / program).write_bytes(b"another")
        sums = (kit / "SHA256SUMS").read_text().replace(before, hashlib.sha256(b"another").hexdigest())
        (kit / "SHA256SUMS").write_text(sums)
    bad(with_own_sums, "SHA256SUMS: ")
    # Who signs it with a key that is no custodian's, too.
    bad(lambda kit: (kit / "SHA256SUMS").write_text((kit / "SHA256SUMS").read_text().split("\n\n")[0] + "\n\n— stranger AAAA" + "A" * 86 + "==\n"), "SHA256SUMS: ")
    # What an operating system leaves is no fault.
    carry(world, "mac")
    world.write("mac/.DS_Store", b"x")
    expect(any(".DS_Store" in one for one in check(world, "mac", fingerprint)["not_shown"]))
    for other, words in (("nowhere", b"nowhere"), ("vault", b"is no collecting kit"), ("triage.toml", b"triage.toml")):
        failed = world.run("--kit", other, program=world.verify_program, expect=1).stderr
        expect(words in failed, failed)
    failed = world.run("--kit", "kit", "-i", "reader.txt", program=world.verify_program, expect=1).stderr
    expect(b"--identity is of a bundle" in failed, failed)


def a_kit_is_one_zip_too_and_says_what_it_lacks(world):
    fingerprint, said = make_kit(world, to="kit.zip")
    expect("unpack it on the stick" in said, said)
    with zipfile.ZipFile(world.folder / "kit.zip") as packed:
        names = packed.namelist()
        packed.extractall(world.folder / "stick")
    expect("kit/collect.sh" in names and f"kit/programs/{SYSTEM}/exhibit-collect" in names, names)
    packed = world.run("--kit", "kit.zip", program=world.verify_program, expect=1).stderr
    expect(b"unpack it" in packed, packed)
    expect(check(world, "stick/kit", fingerprint)["ok"])
    # Unpacked where there are modes, its key is open to others, and the program says what to do.
    world.write("a.txt", b"a")
    os.chmod(world.folder / "stick/kit/collector/collector.key", 0o644)
    collect(world, "a.txt", kit="stick/kit", expect=1)
    os.chmod(world.folder / "stick/kit/collector/collector.key", 0o600)
    collect(world, "a.txt", kit="stick/kit")
    expect(len(world.json("take-in", "stick/kit/drop")["items"]) == 2)

    # Without a profile the start script takes what is named, and nothing else.
    world.run("collector", "new", "fs02", "--kit", "plain", "--no-passphrase", "--case", "IR-1", "--program",
              f"{SYSTEM}={collecting_program(world)}")
    collect(world, kit="plain", expect=2)
    collect(world, "a.txt", kit="plain")
    expect(len(world.json("take-in", "plain/drop")["items"]) == 1)

    # Without a program it says so and where to put one; the script says it again.
    if not (world.exhibit_program.parent / "exhibit-collect").is_file():
        said = world.run("collector", "new", "bare", "--kit", "bare", "--no-passphrase").stderr.decode()
        expect("no program is in it" in said and "--program linux-x86-64=FILE" in said, said)
        expect("none yet" in world.read("bare/README.txt").decode(), "the page says so")
        said = collect(world, "a.txt", kit="bare", expect=1).stderr
        expect(b"there is no program for this machine" in said, said)
    # What cannot be.
    other = {"linux-x86-64": "linux-arm64", "linux-arm64": "linux-x86-64"}[SYSTEM]
    for words, more in ((b"is a program for " + SYSTEM.encode(), ["--program", f"{other}={world.exhibit_program}"]),
                        (b"two programs are named", ["--program", f"{SYSTEM}=triage.toml", "--program", f"{SYSTEM}=triage.toml"]),
                        (b"is no system", ["--program", "amiga=triage.toml"]),
                        (b"no profile", ["--profile", "linux-triaje"])):
        failed = world.run("collector", "new", "x", "--kit", "x", "--no-passphrase", *more, expect=1).stderr
        expect(words in failed, failed)
        expect(not (world.folder / "x").exists())
    world.run("collector", "new", "x", "--kit", "kit.zip", "--no-passphrase", expect=1)
    world.run("collector", "new", "x", "--no-passphrase", expect=1)
    for words in (["--kit", "x", "--out", "y"], ["--kit", "x", "--no-admit"], ["--out", "y", "--profile", "linux-triage"]):
        world.run("collector", "new", "x", "--no-passphrase", *words, expect=2)


def a_medium_that_takes_no_long_file_gets_pieces(world):
    """A limit of the process stands for that of FAT32: writes past it fail in the same way."""
    world.init()
    world.run("collector", "new", "fs01", "--out", "fs01", "--no-passphrase")
    large = os.urandom(5 << 20)
    world.write("logs/large.bin", large)
    world.write("logs/small.txt", NOTE)
    limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))}
    command = ["collect", "logs", "--collector", "fs01", "--drop", "drop", "--resume"]
    expect(world.start(*command, stdout=subprocess.DEVNULL, **limit).wait() == 0)
    pieces = sorted((path for path in (world.folder / "drop").glob("*.age.*")), key=lambda path: int(path.suffix[1:]))
    expect([path.suffix for path in pieces] == [f".{n}" for n in range(1, len(pieces) + 1)] and len(pieces) > 4, pieces)
    expect(all(path.stat().st_size <= 1 << 20 for path in pieces))
    # What is there in pieces is there; with a piece gone it is not.
    again = world.json(*command)
    expect(again["already"] == 2 and not again["items"], again)
    expect(len(world.json("take-in", "drop")["items"]) == 2)
    expect(large in (world.cat(2), world.cat(3)))
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
    pieces[-1].unlink()
    again = world.json(*command)
    expect(again["already"] == 1 and len(again["items"]) == 1, again)


def a_collection_that_was_cut_goes_on_with_the_file_that_was_cut(world):
    """The program dies in the middle of a large file, as when a stick is pulled: what was sealed before is good, and what there
    is of the large one is kept and can be opened."""
    world.init()
    world.run("collector", "new", "fs01", "--out", "fs01", "--no-passphrase")
    for number in range(5):
        world.write(f"in/a{number}", os.urandom(500_000))
    large = os.urandom(1 << 20) * 256
    world.write("in/z-large", large)
    command = ["collect", "in", "--collector", "fs01", "--drop", "drop", "--resume"]
    child = world.start(*command, stdout=subprocess.DEVNULL)
    until(lambda: child.poll() is not None or any(path.stat().st_size > 2 << 20 for path in (world.folder / "drop").glob("*.age.part")),
          "it is in the middle of the large file")
    child.send_signal(signal.SIGKILL)
    if child.wait() == 0:
        raise Skipped("the large file was sealed before it could be cut")
    cut = next((world.folder / "drop").glob("*.age.part"))
    shutil.copytree(world.folder / "drop", world.folder / "first")
    expect(len(world.json("take-in", "first")["items"]) == 5)
    again = world.json(*command)
    expect(again["already"] == 5 and len(again["items"]) == 1, again)
    taken = world.json("take-in", "drop")
    expect(taken["already"] == 5 and len(taken["items"]) == 1, taken)
    expect(any("never finished" in remark for remark in taken["remarks"]), taken)
    expect(hashlib.sha256(world.cat(taken["items"][0]["entry"])).digest() == hashlib.sha256(large).digest())
    # What was cut is put aside, and opens up to its last whole piece.
    aside = world.folder / "drop" / f"{cut.name}-1.part"
    expect(aside.is_file(), sorted((world.folder / "drop").iterdir()))
    world.write("vault.txt", world.tool("age", "-d", "-i", "reader.txt", "vault/keys/reader.age"))
    opened = subprocess.run(f"age -d -i vault.txt '{aside}' | zstd -dcq", shell=True, cwd=world.folder, capture_output=True)
    expect(len(opened.stdout) > 1 << 20 and large.startswith(opened.stdout), len(opened.stdout))
