"""What collecting touches on the machine: each path that is opened, and each that is written, as docs/COLLECTING.md says."""
import os
import re
import shutil
import subprocess
from pathlib import Path

from collecting_kits import away, carry, collect, make_kit
from world import NOTE, Skipped, expect

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/COLLECTING.md"
CALL = re.compile(r'^\d+ +(\w+)\((.*)\) += (-?\d+|\?)')
# Calls that change what their path names.
CHANGES = {"mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "symlink", "symlinkat",
           "chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "truncate", "utimensat", "mknod", "mknodat", "rmdir", "creat",
           "setxattr", "lsetxattr", "removexattr", "lremovexattr"}


def documented():
    """The paths of the table, which end with a slash where they are folders; those of libraries are folders, too."""
    section = DOCUMENT.read_text().split("## What the program touches on the host")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")]
    return [path for row in rows for path in re.findall(r"`(/[^`]*)`", row)]


def calls(trace):
    """Name, the paths that stand in it as they are in the file system, its text, and whether it worked."""
    for line in trace.read_text(errors="replace").splitlines():
        made = CALL.match(line)
        if made:
            yield made[1], [os.path.normpath(path) for path in re.findall(r'"(/[^"]*)"', made[2])], made[2], not made[3].startswith("-")


def a_collection_writes_to_the_stick_alone_and_opens_what_the_document_says(world):
    if not shutil.which("strace"):
        raise Skipped("there is no strace here")
    if world.sanitized():
        raise Skipped("a sanitizer opens files of its own")
    make_kit(world)
    carry(world)
    world.write("machine/logs/note.txt", NOTE)
    trace = world.folder / "trace"
    kit = world.folder / "machine/stick/kit"
    done = subprocess.run(["strace", "-f", "-qq", "-s", "4096", "-e", "trace=%file,%network", "-o", trace, "sh", kit / "collect.sh",
                           world.folder / "machine/logs"], cwd="/", capture_output=True, env=away(world))
    if done.returncode != 0 and b"ptrace" in done.stderr:
        raise Skipped("nothing can be traced here")
    expect(done.returncode == 0, done.stderr)
    ours = [str(kit), str(world.folder / "machine/logs"), str(world.exhibit_program.parent), str(world.folder / "programs")]
    above = {str(parent) for path in ours for parent in Path(path).parents}
    allowed = documented()
    expect(len(allowed) > 10, allowed)
    seen, opened = 0, set()
    for name, paths, text, worked in calls(trace):
        seen += 1
        is_change = name in CHANGES or (name.startswith("open") and re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", text))
        if is_change and worked:
            for path in paths:
                expect(path.startswith(str(kit) + "/") or path in ("/dev/tty", "/dev/null"), f"{name}({text}) changes the machine")
        if name in ("connect", "bind"):
            expect("AF_UNIX" in text and "nscd" in text, f"{name}({text})")
        if name.startswith("open") and worked:
            opened.update(paths)
    expect(seen > 50, "the trace is empty")
    for path in sorted(opened - above):
        if any(path == own or path.startswith(own + "/") for own in ours):
            continue
        expect(any(path.startswith(one.rstrip("/") + "/") or path == one.rstrip("/") for one in allowed), f"{path} is opened, and docs/COLLECTING.md does not say so")
    expect(not list((world.folder / "machine/home").iterdir()))
    collect(world, world.folder / "machine/logs")
