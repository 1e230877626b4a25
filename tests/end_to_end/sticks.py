"""Sticks as people carry them: without modes, links and owners. Needs root, a loop device and the programs of these file
systems; is skipped elsewhere."""
import contextlib
import os
import shutil
import subprocess

from world import Skipped, expect

KINDS = {"exfat": (["mkfs.exfat"], ["mount.exfat-fuse", "mount"]), "ntfs": (["mkntfs", "-Q", "-F"], ["ntfs-3g"]),
         "vfat": (["mkfs.vfat"], ["mount"])}


@contextlib.contextmanager
def stick(world, kind):
    """A new file system of that kind at `stick`; gives False where it cannot be had."""
    make, mounts = KINDS[kind]
    image, place = world.folder / "disk", world.folder / "stick"
    place.mkdir(exist_ok=True)
    with open(image, "wb") as file:
        file.truncate(200 << 20)
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
