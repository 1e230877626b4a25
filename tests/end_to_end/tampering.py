"""A bundle that somebody changed, with manifests that fit or do not."""
import hashlib
import os
import shutil
import subprocess

from world import NOT_ANCHORED, NOTE, expect, flip


def every_flipped_byte_of_a_bundle_is_found(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    bundle = world.folder / "bundle"
    # A flip in each file at its beginning, middle and end here; all bytes of the small files that
    # prove something in the manifest-fixing test below.
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        good = path.read_bytes()
        for at in sorted({0, len(good) // 2, len(good) - 1}) if good else ():
            flip(path, at)
            result = subprocess.run(
                [world.verify_program, "bundle"], cwd=world.folder, capture_output=True, env=world.environment)
            expect(result.returncode in (1, 3), f"{path.name} byte {at}: exit {result.returncode}")
            path.write_bytes(good)
    world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)


def write_manifests(bundle):
    """Makes the manifests fit whatever stands in the bundle: what a forger does first."""
    hashes = ("sha256",)

    def write(kind, names):
        for one in hashes:
            (bundle / f"{kind}-{one}.txt").write_text(
                "".join(f"{hashlib.new(one, (bundle / n).read_bytes()).hexdigest()}  {n}\n" for n in sorted(names)))
    files = [str(p.relative_to(bundle)) for p in bundle.rglob("*") if p.is_file()]
    write("manifest", [f for f in files if f.startswith("data/")])
    write("tagmanifest", [f for f in files if not f.startswith(("data/", "tagmanifest-")) and f != "bundle.note"])


def a_forger_who_rewrites_the_manifests_is_found(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.write("in/b.txt", NOTE * 2)
    world.run("add", "in")
    world.run("export", "1-2", "--out", "good", "-i", "reader.txt")
    bundle = world.folder / "bundle"

    def forged(change, words):
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(world.folder / "good", bundle)
        change()
        write_manifests(bundle)
        result = world.run("bundle", program=world.verify_program, expect=3)
        expect(words in result.stdout, f"{words} not in {result.stdout}")

    def swap(a, b):
        (bundle / a).rename(bundle / "t")
        (bundle / b).rename(bundle / a)
        (bundle / "t").rename(bundle / b)

    forged(lambda: flip(bundle / "data/1", 3), b"and its fields say")
    forged(lambda: swap("data/1", "data/2"), b"entry 1")
    forged(lambda: (bundle / "data/1").unlink(), b"entry 1")
    forged(lambda: (bundle / "data/extra").write_bytes(b"x"), b"data/extra")
    forged(lambda: flip(bundle / "log/entries", 60), b"entry 0")
    forged(lambda: flip(bundle / "log/entries", -20), b"entry")
    forged(lambda: flip(bundle / "log/fields", 40), b"fields")
    forged(lambda: flip(bundle / "log/files", 0), b"its original is not here")
    forged(lambda: flip(bundle / "log/checkpoint", -20), b"")
    forged(lambda: flip(bundle / "bundle.note", 30), b"bundle.note")
    # An entry that is left out, and fields that are.
    def without(name, begin, end):
        path = bundle / name
        text = path.read_bytes()
        path.write_bytes(text[:text.index(begin)] + text[text.index(end):])
    forged(lambda: without("log/entries", b'{"v":1,"type":"item"', b'{"v":1,"type":"access"'), b"")
    forged(lambda: without("log/fields", b"= 1 ", b"= 2 "), b"entry 1")
    # What no other check looks at, and the manifests fit: the signature over them does not.
    forged(lambda: (bundle / "items.csv").write_bytes(b"x"), b"bundle.note")
    # Without new manifests: additional files, and links instead of files.
    shutil.rmtree(bundle)
    shutil.copytree(world.folder / "good", bundle)
    (bundle / "extra").write_bytes(b"x")
    expect(b"is not listed" in world.run("bundle", program=world.verify_program, expect=3).stdout)
    (bundle / "extra").unlink()
    (bundle / "data/1").unlink()
    os.symlink("/etc/hostname", bundle / "data/1")
    world.run("bundle", program=world.verify_program, expect=3)
