"""Files with holes, such as disk images: they are taken in without reading the holes, and come out with holes, by every way; and
what had none comes out without."""
import os
import subprocess

from world import NOT_ANCHORED, Skipped, expect

READ = ["-i", "reader.txt", "--purpose", "triage"]
MIB = 1 << 20
SIZE = 24 * MIB


def room(path):
    return os.stat(path).st_blocks * 512


def hollow(folder, name, size, *parts):
    """A file of zeros that nobody wrote, with these bytes at these places."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for at, data in parts:
            file.seek(at)
            file.write(data)
        file.truncate(size)
    return path


def images_in(folder):
    """Those with holes, and one without; the number of each is its place in this list, counted from 1."""
    made = [hollow(folder, "in/1-hole-at-end.img", SIZE, (0, b"boot")),
            hollow(folder, "in/2-hole-at-start.img", SIZE, (SIZE - 4, b"last")),
            hollow(folder, "in/3-one-hole.img", SIZE),
            hollow(folder, "in/4-holes-between.img", SIZE + 5, (4096, b"a" * 4096), (9 * MIB - 1, b"bb"), (SIZE, b"end")),
            hollow(folder, "in/5-small.img", 200_000, (100_000, b"x"))]
    if any(room(path) >= os.path.getsize(path) for path in made):
        raise Skipped("a file system with holes")
    dense = folder / "in/6-dense.img"
    dense.write_bytes(bytes(3 * MIB))
    return [*made, dense]


def expect_like(originals, copies, how):
    """The same bytes, and room on the disk for no more than there is in them."""
    for original, copy in zip(originals, copies):
        same = subprocess.run(["cmp", original, copy], capture_output=True)
        expect(same.returncode == 0, f"{how}: {same.stdout}")
        if "dense" in original.name:
            expect(room(copy) >= os.path.getsize(copy), f"{how}: {copy} has holes, and its original had none")
        else:
            expect(room(copy) <= room(original) + 64 * 1024, f"{how}: {copy} takes {room(copy)}, {original} {room(original)}")


def what_had_holes_has_holes_again_by_every_way_out(world):
    world.init()
    originals = images_in(world.folder)
    world.run("add", *originals, "--source", "fs01")
    holes = [item["system"]["holes"] for item in world.items()]
    expect(holes == [True] * 5 + [False], holes)
    names = [path.name for path in originals]
    numbers = f"1-{len(originals)}"

    def below(folder):
        found = {path.name: path for path in (world.folder / folder).rglob("*.img")}
        return [found[name] for name in names]

    world.run("export", numbers, "--out", "plain", *READ)
    expect_like(originals, below("plain/data"), "export")
    world.run("plain", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("plain")
    world.run("restore", numbers, "--to", "restored", *READ)
    expect_like(originals, below("restored"), "restore")
    world.run("plain", "--extract-to", "from-plain", program=world.verify_program, expect=NOT_ANCHORED)
    expect_like(originals, below("from-plain"), "--extract-to")
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", numbers, "--out", "sealed", "--recipient", friend, *READ)
    world.run("sealed", "-i", "friend.txt", "--extract-to", "from-sealed", program=world.verify_program, expect=NOT_ANCHORED)
    expect_like(originals, below("from-sealed"), "--extract-to of a sealed bundle")
    for ending in ("tar", "zip"):
        container = f"packed.{ending}"
        world.run("export", numbers, "--out", container, *READ)
        size, taken = os.path.getsize(world.folder / container), room(world.folder / container)
        expect(size > 4 * SIZE and taken < 6 * MIB, f"{container} has {size} bytes and takes {taken}")
        world.run(container, "--extract-to", f"from-{ending}", program=world.verify_program, expect=NOT_ANCHORED)
        expect_like(originals, below(f"from-{ending}"), container)
    world.tool("tar", "-xf", "packed.tar")
    world.tool("cmp", originals[3], below("packed/data")[3])
    for number, original in enumerate(originals, 1):
        copy = f"{number}.img"
        world.run("cat", str(number), "--out", copy, *READ)
        expect_like([original], [world.folder / copy], "cat --out")
    expect(world.cat(4) == originals[3].read_bytes())


def a_file_that_cat_writes_is_whole_or_not_there(world):
    world.init()
    world.write("a.log", b"one\n" * 1000)
    world.run("add", "a.log")
    world.write("there", b"kept")
    before = len(world.json("log"))
    said = world.run("cat", "1", "--out", "there", *READ, expect=1).stderr.decode()
    expect("there" in said and world.read("there") == b"kept", said)
    expect(len(world.json("log")) == before, "a read was recorded that nobody could make")
    world.run("cat", "1", "-o", "part", "--range", "4-7", *READ)
    expect(world.read("part") == b"one\n")
    pack = max((world.folder / "vault").rglob("*.pack"), key=os.path.getsize, default=None) or \
        max((path for path in (world.folder / "vault").rglob("*") if path.is_file()), key=os.path.getsize)
    size = os.path.getsize(pack)
    with open(pack, "r+b") as file:
        file.write(bytes(byte ^ 1 for byte in pack.read_bytes()[:size]))
    world.run("cat", "1", "--out", "new", *READ, expect=3)
    left = [path.name for path in world.folder.iterdir() if path.name.startswith("new")]
    expect(not left, left)


def a_hole_of_gigabytes_takes_the_time_of_its_digest(world):
    """Neither reading nor writing, nor compressing, nor sealing it: the digest is all that the formats ask for."""
    if world.sanitized():
        raise Skipped("programs without a sanitizer")
    world.init()
    size = 1 << 30
    image = hollow(world.folder, "s.img", size, (size - 4096, b"end"))
    if room(image) > MIB:
        raise Skipped("a file system with holes")

    def cpu_of(*command, **options):
        began = os.times()
        world.run(*command, **options)
        ended = os.times()
        return ended.children_user + ended.children_system - began.children_user - began.children_system

    once = cpu_of("dgst", "-sha256", "s.img", program="openssl")
    adding = cpu_of("add", "s.img")
    exporting = cpu_of("export", "1", "--out", "b", *READ)
    expect(adding < 4 * once + 1, f"adding took {adding:.1f} s of processor, and one digest {once:.1f}")
    expect(exporting < 8 * once + 1, f"exporting took {exporting:.1f} s of processor, and one digest {once:.1f}")
    expect(room(world.folder / "b/data") < MIB and sum(room(p) for p in (world.folder / "b").rglob("*")) < 8 * MIB)
