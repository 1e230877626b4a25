"""Sticks as people carry them: without modes, links and owners. Needs root, a loop device and the programs of these file
systems; is skipped elsewhere."""
import contextlib
import hashlib
import os
import shutil
import subprocess

from collecting_kits import SYSTEM, away, check, collect, collecting_program
from world import Skipped, expect

KINDS = {"exfat": (["mkfs.exfat"], ["mount.exfat-fuse", "mount"]), "ntfs": (["mkntfs", "-Q", "-F"], ["ntfs-3g"]),
         "vfat": (["mkfs.vfat"], ["mount"])}


@contextlib.contextmanager
def stick(world, kind, size=200 << 20):
    """A new file system of that kind at `stick`; gives False where it cannot be had."""
    make, mounts = KINDS[kind]
    image, place = world.folder / "disk", world.folder / "stick"
    place.mkdir(exist_ok=True)
    with open(image, "wb") as file:
        file.truncate(size)
    if not shutil.which(make[0]):
        yield False
        return
    loop = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True)
    if loop.returncode != 0:
        yield False
        return
    device = loop.stdout.strip()
    try:
        made = subprocess.run([*make, device], capture_output=True).returncode == 0
        mounted = made and any(subprocess.run([program, device, place], capture_output=True).returncode == 0
                               for program in mounts if shutil.which(program))
        yield mounted
        if mounted and subprocess.run(["umount", place], capture_output=True).returncode != 0:
            subprocess.run(["umount", "-l", place], check=False)
    finally:
        subprocess.run(["losetup", "-d", device], check=False, capture_output=True)
        image.unlink()


def a_collector_lives_on_a_stick_that_keeps_no_modes(world):
    if os.getuid() != 0:
        raise Skipped("mounting needs root")
    world.init()
    for number in range(3):
        world.write(f"in/f{number}", os.urandom(400_000))
    tried = []
    for kind in KINDS:
        with stick(world, kind) as mounted:
            if not mounted:
                continue
            tried.append(kind)
            said = world.run("collector", "new", f"fs-{kind}", "--out", "stick/fs01", "--no-passphrase").stderr
            expect(b"keeps no permissions" in said and b"whoever gets the medium has the key" in said, said)
            world.run("collect", "in", "--collector", "stick/fs01", "--drop", "stick/drop")
            again = world.json("collect", "in", "--collector", "stick/fs01", "--drop", "stick/drop", "--resume")
            expect(again["already"] == 3 and not again["items"], again)
            world.run("take-in", "stick/drop")
            recipient = world.tool("age-keygen", "-y", "reader.txt").decode().strip()
            world.run("init", "stick/v", "--origin", f"example.org/{kind}", "--name", "T", "--reader", recipient, "--no-passphrase")
            world.run("--vault", "stick/v", "add", "in")
            world.run("--vault", "stick/v", "verify")
    if not tried:
        raise Skipped("no file system without modes can be mounted here")
    expect(len(world.items()) == 3 * len(tried))


def a_kit_is_made_on_a_stick_and_used_from_it(world):
    if os.getuid() != 0 or SYSTEM is None:
        raise Skipped("mounting needs root")
    made = world.init()
    world.write("in/note.txt", b"evidence")
    tried = []
    for kind in KINDS:
        with stick(world, kind) as mounted:
            if not mounted:
                continue
            tried.append(kind)
            said = world.run("collector", "new", f"kit-{kind}", "--kit", "stick/kit", "--no-passphrase", "--case", "IR-1", "--program",
                             f"{SYSTEM}={collecting_program(world)}").stderr
            expect(b"this medium keeps no modes" in said, said)
            expect(check(world, "stick/kit", made["fingerprint"])["ok"])
            collect(world, "in", kit="stick/kit")
            expect(check(world, "stick/kit", made["fingerprint"])["ok"])
            expect(len(world.json("take-in", "stick/kit/drop")["items"]) == 1)
            expect(not list((world.folder / "machine/home").iterdir()), away)
    if not tried:
        raise Skipped("no file system without modes can be mounted here")


def an_item_of_more_than_4_gib_is_in_pieces_on_fat32(world):
    """Writes 13 GiB: EXHIBIT_ALL=1 asks for it. Otherwise `collecting_kits` has a limit of the process in its place."""
    if os.getuid() != 0 or not os.environ.get("EXHIBIT_ALL"):
        raise Skipped("it writes 13 GiB: EXHIBIT_ALL=1, as root")
    world.init()
    world.run("collector", "new", "fs01", "--out", "fs01", "--no-passphrase")
    digest = hashlib.sha256()
    with open(world.folder / "large", "wb") as file:
        for _ in range(4400):
            block = os.urandom(1 << 20)
            file.write(block)
            digest.update(block)
    with stick(world, "vfat", 6 << 30) as mounted:
        if not mounted:
            raise Skipped("no FAT32 can be mounted here")
        world.run("collect", "large", "--collector", "fs01", "--drop", "stick/drop")
        names = sorted(path.name.split(".", 1)[1] for path in (world.folder / "stick/drop").iterdir())
        expect(names == ["age.1", "age.2", "closed", "collected"], names)
        expect(max(path.stat().st_size for path in (world.folder / "stick/drop").iterdir()) == (4 << 30) - 1)
        expect(len(world.json("take-in", "stick/drop")["items"]) == 1)
    expect(world.json("list", "-i", "reader.txt")[-2]["fields"]["sha256"] == digest.hexdigest())
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])
