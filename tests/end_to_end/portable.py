"""The programs that run anywhere, as tools/portable built them: in an empty folder as the whole system, on a medium that
cannot be written to. EXHIBIT_PORTABLE names their folder; else it is build/portable/x86-64 (or arm64). Needs root."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from world import NOT_ANCHORED, NOTE, Skipped, expect

OLDER_LINUX = Path(__file__).resolve().parents[1] / "support/older_linux.py"
ARCHITECTURES = {"x86_64": "x86-64", "aarch64": "arm64"}
# What the kernel says, and may be absent: whether somebody debugs the process, and how many processors there are.
OF_THE_KERNEL = {"/proc/self/status", "/sys/devices/system/cpu/online", "/proc/stat"}
OPENED = re.compile(r'\b(?:open|openat|openat2|creat)\((?:AT_FDCWD, |\d+(?:<[^>]*>)?, )?"((?:[^"\\]|\\.)*)", ([A-Z_|0-9]+)')
# Calls that change what has a path, and the paths that they name.
CHANGING = re.compile(r"\b(mkdir|mkdirat|unlink|unlinkat|rmdir|rename|renameat|renameat2|link|linkat|symlink|symlinkat|mknod|mknodat|"
                      r"truncate|chmod|fchmodat|chown|lchown|fchownat|utimensat|setxattr|lsetxattr|creat)\(")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def where_built(world):
    folder = Path(os.environ.get("EXHIBIT_PORTABLE") or
                  world.exhibit_program.parents[2] / "portable" / ARCHITECTURES.get(os.uname().machine, "none"))
    if not (folder / "exhibit-collect").is_file():
        raise Skipped(f"tools/portable has built nothing in {folder}")
    return folder


class Jail:
    """A folder that is the whole system of a program: it holds what a test puts into it, and cannot be written to but for
    `out`."""

    def __init__(self, world, *devices):
        built = where_built(world)
        if os.getuid() != 0:
            raise Skipped("a root of one's own needs root")
        self.world, self.folder = world, world.folder / "jail"
        (self.folder / "out").mkdir(parents=True)
        for program in ("exhibit-collect", "exhibit-verify"):
            shutil.copy2(built / program, self.folder / program)
        self.devices = devices
        for device in devices:
            (self.folder / device.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / device.lstrip("/")).touch()

    def put(self, name, to=None):
        source, target = self.world.folder / name, self.folder / (to or name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        else:
            shutil.copy2(source, target)

    def run(self, program, *arguments, status=0, before=(), host=None, **environment):
        """Runs it with this environment and no other. `before` is a command that runs it."""
        here = shlex.quote(str(self.folder))
        steps = ["mount --make-rprivate /", f"mount --bind {here} {here}", f"mount -o remount,bind,ro {here}",
                 f"mount --bind {here}/out {here}/out", f"mount -o remount,bind,rw {here}/out"]
        steps += [f"mount --bind {device} {here}{device}" for device in self.devices]
        if host:
            steps.append(f"hostname {host}")
        words = " ".join(shlex.quote(str(word)) for word in (f"/{program}", *arguments))
        enter = f"import os, sys; os.chroot(sys.argv[1]); os.chdir('/'); os.execve(sys.argv[2], sys.argv[2:], {environment!r})"
        steps.append(f"exec {sys.executable} -c {shlex.quote(enter)} {here} {words}")
        result = subprocess.run([*before, "unshare", "--mount", "--uts", "sh", "-ec", "\n".join(steps)], capture_output=True, timeout=300)
        if result.returncode != status:
            raise AssertionError(f"{program} {arguments}: exit {result.returncode} instead of {status}\n"
                                 f"{result.stdout.decode(errors='replace')[-3000:]}\n{result.stderr.decode(errors='replace')[-3000:]}")
        return result

    def traced(self, program, *arguments, **options):
        """Runs it, and gives what it opened and which paths it changed or opened to write to."""
        if not shutil.which("strace"):
            raise Skipped("strace is not installed")
        log = self.world.folder / "trace"
        self.run(program, *arguments, before=["strace", "-f", "-qq", "-s", "4096", "-e", "trace=file,network,desc", "-o", log], **options)
        # What comes before the program itself is of the tools that build its root.
        trace = log.read_text(errors="replace")
        trace = trace[trace.index(f'execve("/{program}"'):].split("\n", 1)[1]
        expect(not re.search(r"\b(socket|connect|execve)\(", trace), trace)
        opened, written = set(), set()
        for line in trace.splitlines():
            for path, flags in OPENED.findall(line):
                opened.add(path)
                if not flags.startswith("O_RDONLY") or "O_CREAT" in flags:
                    written.add(path)
            if CHANGING.search(line) and " = -1 E" not in line:
                written.update(QUOTED.findall(line))
        return opened, written


def file_of(folder, content):
    return next(path for path in folder.rglob("*") if path.is_file() and path.read_bytes() == content)


def bundles_of(world):
    """A vault with items of several forms, and its bundle as folder, zip and tar."""
    world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/large.bin", os.urandom(3 << 20))
    world.write("in/été.log", "ligne\n".encode() * 1000)
    world.run("add", "in")
    for name in ("bundle", "bundle.zip", "bundle.tar"):
        world.run("export", "1-3", "--out", name, "-i", "reader.txt")
    return world.json("verify", "--log")["fingerprint"]


def they_ask_for_no_other_file(world):
    jail = Jail(world)
    for program in ("exhibit-collect", "exhibit-verify"):
        said = jail.run(program, "--version").stdout
        expect(said.startswith(program.encode() + b" "), said)
        opened, written = jail.traced(program, "--help")
        expect(opened <= OF_THE_KERNEL and not written, (opened, written))
        for locale in ({"LC_ALL": "fr_FR.ISO-8859-1"}, {"LANG": "de_DE.UTF-8", "LANGUAGE": "de"}, {"OPENSSL_CONF": "/out/openssl.cnf"},
                       {"GCONV_PATH": "/out", "LOCPATH": "/out"}):
            opened, written = jail.traced(program, "--help", **locale)
            expect(opened <= OF_THE_KERNEL and not written, (locale, opened, written))


def bundles_are_verified_where_nothing_can_be_written(world):
    fingerprint = bundles_of(world)
    jail = Jail(world)
    for name in ("bundle", "bundle.zip", "bundle.tar"):
        jail.put(name)
    said = jail.run("exhibit-verify", "/bundle", status=NOT_ANCHORED)
    at_home = world.run("bundle", program=world.verify_program, expect=NOT_ANCHORED)
    expect(said.stdout.replace(b"/bundle", b"bundle") == at_home.stdout, (said.stdout, at_home.stdout))

    files = {f"/bundle/{path.relative_to(world.folder / 'bundle')}" for path in (world.folder / "bundle").rglob("*")} | {"/bundle"}
    opened, written = jail.traced("exhibit-verify", "/bundle", "--fingerprint", fingerprint)
    strange = {path for path in opened - OF_THE_KERNEL if not path.startswith("/bundle") and f"/bundle/{path}" not in files}
    expect(not strange and not written, (strange, written))

    # A container is unpacked somewhere while it is checked, and nothing of that is left.
    for name in ("bundle.zip", "bundle.tar"):
        refused = jail.run("exhibit-verify", f"/{name}", "--fingerprint", fingerprint, status=1).stderr
        expect(b"--unpack-in" in refused, refused)
        opened, written = jail.traced("exhibit-verify", f"/{name}", "--fingerprint", fingerprint, "--unpack-in", "/out")
        expect(all(path.startswith("/out/") or not path.startswith("/") for path in written), written)
        expect(not list((jail.folder / "out").iterdir()), list((jail.folder / "out").iterdir()))
    # What does not hold does not hold there.
    shutil.rmtree(jail.folder / "bundle")
    note = file_of(world.folder / "bundle/data", NOTE)
    note.write_bytes(NOTE.replace(b"Tor", b"tor"))
    jail.put("bundle")
    said = jail.run("exhibit-verify", "/bundle", "--fingerprint", fingerprint, status=3).stdout
    expect(b"FAILED" in said and note.name.encode() in said, said)


def collecting(world, *more):
    """A jail in which a collector stands ready: its folder and the drop are in `out`, as on a stick."""
    world.init()
    world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    jail = Jail(world, *more)
    jail.put("stick", "out/stick")
    world.write("jail/etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nann:x:4711:4711::/home/ann:/bin/sh\n")
    world.write("jail/etc/group", b"root:x:0:\nstaff:x:4711:ann\n")
    for name, content in (("note.txt", NOTE), ("large.bin", os.urandom(9 << 20)), ("empty", b"")):
        os.chown(world.write(f"jail/var/log/{name}", content), 4711, 4711)
    os.utime(world.folder / "jail/var/log/empty", (1_500_000_000, 1_500_000_000))
    return jail, ["/var/log", "--collector", "/out/stick", "--drop", "/out/drop", "--source", "fs01"]


def what_is_collected_is_taken_in_by_the_full_program(world):
    jail, collect = collecting(world)
    opened, written = jail.traced("exhibit-collect", *collect)
    allowed = OF_THE_KERNEL | {"/etc/passwd", "/etc/group"}
    strange = {path for path in opened if path.startswith("/") and path not in allowed and
               not path.startswith(("/var/log", "/out")) and not path.startswith("/proc/self/fd/")}
    expect(not strange, strange)
    expect(all(path.startswith(("/out/stick/", "/out/drop")) for path in written if path.startswith("/")), written)
    expect(not [path for path in written if not path.startswith("/") and path not in ("/",)], written)
    expect(sorted(path.name for path in (jail.folder / "out").iterdir()) == ["drop", "stick"])

    again = json.loads(jail.run("exhibit-collect", *collect, "--resume", "--json").stdout)
    expect(again["already"] == 3 and not again["items"], again)
    # The stick goes to another machine, on which the same paths are other files.
    other = json.loads(jail.run("exhibit-collect", *collect, "--resume", "--json", host="fs02").stdout)
    expect(other["already"] == 0 and len(other["items"]) == 3, other)
    taken = world.json("take-in", "jail/out/drop")
    expect(len(taken["items"]) == 6 and not taken["refused"], taken)
    by_name = {item["name"]: item for item in world.items()}
    expect(by_name["note.txt"]["system"]["owner"] == "ann" and by_name["note.txt"]["system"]["group"] == "staff", by_name["note.txt"])
    expect(by_name["note.txt"]["source"] == "fs01" and by_name["large.bin"]["size"] == 9 << 20, by_name)
    expect(world.json("verify", "--content", "-i", "reader.txt")["ok"])


def an_older_linux_is_enough(world):
    jail, collect = collecting(world, "/dev/urandom")
    before = [sys.executable, OLDER_LINUX]
    if subprocess.run([*before, "true"], capture_output=True).returncode == 77:
        raise Skipped("no filter of seccomp is allowed here")
    items = json.loads(jail.run("exhibit-collect", *collect, "--json", before=before).stdout)["items"]
    expect(len(items) == 3, items)
    again = json.loads(jail.run("exhibit-collect", *collect, "--json", "--resume", before=before).stdout)
    expect(again["already"] == 3, again)
    # Two that collect with one folder exclude each other all the same. The first waits for what it is to seal.
    lock = ("import fcntl, subprocess, sys; held = open(sys.argv[1], 'r+b'); fcntl.flock(held, fcntl.LOCK_EX); "
            "sys.exit(subprocess.call(sys.argv[2:]))")
    jail.run("exhibit-collect", *collect, status=4, before=[*before, sys.executable, "-c", lock, jail.folder / "out/stick/LOCK"])
    world.run("take-in", "jail/out/drop")
    world.run("export", "2-4", "--out", "bundle.tar", "-i", "reader.txt")
    jail.put("bundle.tar")
    jail.run("exhibit-verify", "/bundle.tar", "--unpack-in", "/out", "--extract-to", "/out/originals", status=NOT_ANCHORED, before=before)
    file_of(jail.folder / "out/originals", NOTE)


def each_has_the_digest_that_is_told(world):
    jail = Jail(world)
    built = where_built(world)
    result = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=built, capture_output=True)
    expect(result.returncode == 0, result)
    parts = (built / "BUILT-FROM").read_text()
    expect(all(re.search(rf"^{part} \S", parts, re.M) for part in ("exhibit", "openssl", "fmtlib", "libc6-dev", "libsodium-dev")), parts)
    for program in ("exhibit-collect", "exhibit-verify"):
        expect((jail.folder / program).stat().st_size <= 8_500_000, program)
