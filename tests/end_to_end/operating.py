"""What an administrator counts on: an auditor without rights verifies, a copy that is made while somebody adds is whole or says
that it is not, and a full disk loses nothing that was acknowledged."""
import os
import shutil
import subprocess
import sys

from world import NOT_ANCHORED, Skipped, expect

NOBODY = 65534


def let_others_read(vault):
    """All but the keys."""
    for folder, _, files in os.walk(vault):
        if os.path.basename(folder) != "keys":
            os.chmod(folder, 0o755)
            for name in files:
                os.chmod(os.path.join(folder, name), 0o644)
    os.chmod(vault / "keys", 0o700)


def an_auditor_verifies_without_a_key_and_without_the_right_to_read_one(world):
    if os.geteuid() != 0:
        raise Skipped("acting as another user needs root")
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    os.chmod(world.folder, 0o755)
    home = world.folder / "auditor"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    let_others_read(world.folder / "vault")
    before = {path: path.stat().st_mtime_ns for path in (world.folder / "vault").rglob("*")}

    def audit(*more, status):
        result = subprocess.run([world.exhibit_program, "verify", *more], cwd=world.folder, capture_output=True,
                                env={**world.environment, "HOME": str(home), "XDG_STATE_HOME": str(home / "state"),
                                     "XDG_CONFIG_HOME": str(home / "config")},
                                user=NOBODY, group=NOBODY, extra_groups=[])
        expect(result.returncode == status, (result.returncode, result.stdout, result.stderr))
        return result.stdout + result.stderr
    told = audit(status=NOT_ANCHORED)
    expect(b"was not looked at" in told and b"FAILED" not in told, told)
    audit("--fingerprint", made["fingerprint"], status=0)
    expect(before == {path: path.stat().st_mtime_ns for path in (world.folder / "vault").rglob("*")})
    # What the auditor saw is kept where the vault's owner does not reach it.
    shutil.copytree(world.folder / "vault", world.folder / "older")
    world.write("in/b", b"two")
    world.run("add", "in/b")
    let_others_read(world.folder / "vault")
    audit(status=0)
    shutil.rmtree(world.folder / "vault")
    (world.folder / "older").rename(world.folder / "vault")
    shutil.rmtree(world.folder / ".local", ignore_errors=True)
    audit(status=3)


def a_copy_made_while_somebody_adds_is_whole_or_is_made_again(world):
    made = world.init()
    script = ("import subprocess, sys\n"
              "for i in range(8):\n"
              "    open(f'item-{i}', 'w').write(str(i) * 5000)\n"
              "    subprocess.run([sys.argv[1], 'add', f'item-{i}', '-q'], check=True, stdout=subprocess.DEVNULL)\n")
    writer = subprocess.Popen([sys.executable, "-c", script, str(world.exhibit_program)], cwd=world.folder, env=world.environment)
    copies = whole = 0
    while writer.poll() is None or whole == 0:
        copies += 1
        expect(copies < 200, "no copy of 200 was whole")
        shutil.rmtree(world.folder / "copy", ignore_errors=True)
        head = world.read("vault/HEAD") if (world.folder / "vault/HEAD").exists() else b""
        if subprocess.run(["cp", "-a", "vault", "copy"], cwd=world.folder, capture_output=True).returncode != 0:
            continue  # a file went away meanwhile, and cp says so
        result = subprocess.run([world.exhibit_program, "--vault", "copy", "verify", "--fingerprint", made["fingerprint"], "--json"],
                                cwd=world.folder, capture_output=True, env={**world.environment, "XDG_STATE_HOME": str(world.folder / f"state-{copies}")})
        # Whole, or told: never taken for whole while something of what was acknowledged is missing.
        expect(result.returncode in (0, 1, 3), (result.returncode, result.stderr))
        if result.returncode == 0:
            whole += 1
            expect(int(world.read("copy/HEAD").split(b"\n")[1]) >= int(head.split(b"\n")[1]), "the copy is older than when it was begun")
    expect(writer.wait() == 0)
    # The last one, made while nobody adds, opens and has all of it.
    shutil.rmtree(world.folder / "copy", ignore_errors=True)
    shutil.copytree(world.folder / "vault", world.folder / "copy")
    report = world.json("--vault", "copy", "verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"],
                        XDG_STATE_HOME=str(world.folder / "last"))
    expect(report["ok"], report)
    expect(len(world.items()) == 8)


def a_full_disk_loses_nothing_that_was_acknowledged(world):
    if os.geteuid() != 0:
        raise Skipped("a small file system needs root")
    small = world.folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", small], capture_output=True)
    if mounted.returncode != 0:
        raise Skipped("no small file system can be mounted here")
    try:
        recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        world.environment["EXHIBIT_VAULT"] = str(small / "vault")
        made = world.json("init", small / "vault", "--origin", "test.example/full", "--name", "T", "--reader", recipient, "--no-passphrase")
        acknowledged = []
        for number in range(40):
            world.write("item", os.urandom(1 << 20))
            result = subprocess.run([world.exhibit_program, "add", "item", "--json"], cwd=world.folder, env=world.environment, capture_output=True)
            if result.returncode != 0:
                expect(b"No space" in result.stderr or b"disk is full" in result.stderr, result.stderr)
                break
            acknowledged.append(number)
        expect(0 < len(acknowledged) < 40, acknowledged)
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        report = world.json("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"])
        expect(report["ok"], report)
        expect(len(world.items()) == len(acknowledged))
        world.run("add", "item")
        # Which step meets the full disk depends on sizes: an entry that is stored is not acknowledged before its head is written.
        adopted = 1 if b"is stored, and the next add signs over it" in result.stderr else 0
        expect(len(world.items()) == len(acknowledged) + adopted + 1, (result.stderr, len(acknowledged), len(world.items())))
    finally:
        subprocess.run(["umount", small], check=True)
