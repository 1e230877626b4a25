"""What surrounds a vault: media that can only be read, other people's permissions, folders that are not there, copies that
were restored. Each has its own words, and a way out."""
import os
import shutil
import signal
import stat
import subprocess
from pathlib import Path

from world import NOT_ANCHORED, NOTE, ORIGIN, Skipped, expect, until, until_it_hears

NOBODY = 65534


def small_vault(world, *more):
    world.init()
    world.write("note.txt", NOTE)
    world.write("large", os.urandom(3_000_000))
    world.run("add", "note.txt", "large", *more)


class Other:
    """The same world as another user sees it, with a home of their own. Needs root, else `there` is False."""

    def __init__(self, world):
        self.world = world
        self.there = os.geteuid() == 0
        if not self.there:
            return
        for folder in world.folder.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                self.there = False
        home = world.folder / "other"
        home.mkdir()
        os.chown(home, NOBODY, NOBODY)
        os.chmod(world.folder, 0o755)
        self.environment = {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}

    def run(self, *arguments, expect=0, program=None, **environment):
        command = [os.fspath(program or self.world.exhibit_program), *[os.fspath(a) for a in arguments]]
        result = subprocess.run(command, cwd=self.world.folder, capture_output=True, user=NOBODY, group=NOBODY, extra_groups=[],
                                env={**self.world.environment, **self.environment, **environment}, timeout=300)
        if result.returncode != expect:
            raise AssertionError(f"{command}\nexit {result.returncode} instead of {expect}\n{result.stdout}\n{result.stderr}")
        return result


def make_tree(folder, folders, files):
    for path in [folder, *folder.rglob("*")]:
        os.chmod(path, folders if path.is_dir() else files)


def the_vault_of_somebody_else_can_be_read(world):
    small_vault(world)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    other = Other(world)
    if not other.there:
        raise Skipped("needs root, and a folder that others may enter")
    make_tree(world.folder / "vault", 0o755, 0o644)
    for command in (["list", "-i", "id.txt"], ["show", "1", "-i", "id.txt"], ["log"], ["verify"], ["verify", "--content", "-i", "id.txt"],
                    ["checkpoint"], ["timeline", "-i", "id.txt"], ["history", "1"], ["publish", "other/www"], ["custodian", "list"], ["reader", "list"]):
        shutil.copy(world.folder / "reader.txt", world.folder / "id.txt")
        os.chown(world.folder / "id.txt", NOBODY, NOBODY)
        other.run(*command)
    # To read content is to write in the log: that needs permission to do so, and says it before anything is asked.
    for command in (["cat", "1", "-i", "id.txt"], ["export", "1", "--out", "other/b", "-i", "id.txt"], ["add", "note.txt"],
                    ["hold", "1", "--authority", "x", "--reason", "y"]):
        error = other.run(*command, expect=1).stderr
        expect(b"no permission to write to " in error and b"/vault/LOCK" in error and b"belongs to root" in error and b"not a vault" not in error, error)


def a_permission_is_called_a_permission(world):
    small_vault(world)
    world.run("export", "1", "--out", "bundle", "-i", "reader.txt")
    world.run("export", "1", "--out", "bundle.tar", "-i", "reader.txt")
    world.write("list.sha256", b"")
    world.write("drop/x", b"")
    world.write("shut/x", b"")
    other = Other(world)
    if not other.there:
        raise Skipped("needs root, and a folder that others may enter")
    vault = world.folder / "vault"
    shutil.copy(world.folder / "reader.txt", world.folder / "id.txt")
    os.chown(world.folder / "id.txt", NOBODY, NOBODY)

    def refused(*command, names, **more):
        error = other.run(*command, expect=1, **more).stderr
        expect(b"no permission to " in error and names.encode() in error and b"belongs to " in error, (command, error))
        for wrong in (b"not a vault", b"no vault", b"No such file", b"does not exist", b"not a bag", b"changed", b"not a folder"):
            expect(wrong not in error, (command, error))

    for place, folder_mode, reads in (("vault", 0o700, "vault"), ("vault/store", 0o700, "vault/store")):
        make_tree(vault, 0o755, 0o644)
        os.chmod(world.folder / place, folder_mode)
        for command in (["list"], ["verify"], ["log"], ["checkpoint"], ["show", "1"]):
            refused(*command, names=reads)
    make_tree(vault, 0o755, 0o644)
    for file in [vault / "HEAD", vault / "store/CURRENT", *list((vault / "store").glob("MANIFEST*"))[:1], *list((vault / "store").glob("*.sst"))[:1]]:
        os.chmod(file, 0o600)
        refused("list", names=str(file.relative_to(world.folder)))
        os.chmod(file, 0o644)
    os.chmod(vault / "keys/reader.age", 0o600)
    refused("list", "-i", "id.txt", names="vault/keys/reader.age")
    refused("show", "1", "-i", "id.txt", names="vault/keys/reader.age")
    os.chmod(vault / "keys/reader.age", 0o644)
    # Keys, identities, lists, recipients.
    os.chmod(world.folder / "reader.txt", 0o600)
    refused("list", "-i", "reader.txt", names="reader.txt")
    make_tree(vault, 0o777, 0o666)
    os.chown(vault / "keys/log.key", NOBODY, NOBODY)
    os.chmod(vault / "keys/log.key", 0o600)
    key = next((world.folder / "home/config/exhibit/keys").iterdir())
    make_tree(world.folder / "home", 0o755, 0o644)
    os.chmod(key, 0o600)
    refused("add", "note.txt", "--key", key, names=str(key))
    os.chmod(key.parent, 0o700)
    refused("add", "note.txt", "--key", key, names=str(key))
    os.chmod(world.folder / "list.sha256", 0o600)
    refused("add", "note.txt", "--hashes", "list.sha256", names="list.sha256")
    refused("export", "1", "--out", "other/b", "--recipient", "list.sha256", "-i", "id.txt", names="list.sha256")
    refused("list", names="list.sha256", EXHIBIT_PASSPHRASE_FILE="", EXHIBIT_IDENTITY="list.sha256")
    # Bundles, and where they would go.
    os.chmod(world.folder / "shut", 0o700)
    for out in ("shut/b", "shut/b.tar"):
        error = other.run("export", "1", "--out", out, "-i", "id.txt", expect=1).stderr
        expect(b"no permission to " in error or b"other" in error, error)
    # As root once more: nothing was harmed.
    make_tree(vault, 0o700, 0o600)
    world.run("verify", "--content", "-i", "reader.txt")


def what_of_a_bundle_cannot_be_read_accuses_nobody(world):
    """One file or folder after the other is closed to who verifies, as a bad sector would close it."""
    small_vault(world)
    recipient = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", "1", "--out", "plain", "-i", "reader.txt")
    world.run("export", "1", "--out", "sealed", "-i", "reader.txt", "--recipient", recipient)
    other = Other(world)
    if not other.there:
        raise Skipped("needs root, and a folder that others may enter")
    for name in ("plain", "sealed"):
        bundle = world.folder / name
        make_tree(bundle, 0o755, 0o644)
        other.run(name, program=world.verify_program, expect=NOT_ANCHORED)
        for path in sorted(bundle.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(0)
            said = other.run(name, program=world.verify_program, expect=1)
            expect(b"FAILED" not in said.stdout and b"ermission" in said.stdout + said.stderr, (path, said))
            path.chmod(mode)


def on_a_read_only_medium_all_that_reads_works_and_the_rest_names_a_way_out(world):
    small_vault(world)
    vault = world.folder / "vault"
    if os.geteuid() != 0:
        raise Skipped("needs root")
    mount = "mount --bind vault vault && mount -o remount,bind,ro vault"
    probe = subprocess.run(["unshare", "-m", "sh", "-c", mount], cwd=world.folder, capture_output=True)
    if probe.returncode != 0:
        raise Skipped("no mount")

    def run(*arguments, expect=0):
        result = subprocess.run(["unshare", "-m", "sh", "-c", mount + ' && exec "$@"', "sh", world.exhibit_program, *arguments],
                                cwd=world.folder, env=world.environment, capture_output=True, timeout=300)
        if result.returncode != expect:
            raise AssertionError(f"{arguments}\nexit {result.returncode} instead of {expect}\n{result.stdout}\n{result.stderr}")
        return result

    before = sorted((path, path.stat().st_mtime_ns) for path in vault.rglob("*"))
    for command in (["list", "-i", "reader.txt"], ["show", "1", "-i", "reader.txt"], ["log"], ["verify", "--content", "-i", "reader.txt"],
                    ["checkpoint"], ["timeline", "-i", "reader.txt"], ["history", "1"], ["publish", "www"], ["custodian", "list"],
                    ["timestamp", "request", "--out", "head.tsq"]):
        run(*command)
    for command in (["cat", "1", "-i", "reader.txt"], ["export", "1", "--out", "bundle", "-i", "reader.txt"], ["add", "note.txt"],
                    ["hold", "1", "--authority", "x", "--reason", "y"], ["recover-head", "--reason", "x"]):
        error = run(*command, expect=1).stderr
        expect(b"read-only medium" in error and b"exhibit: hint: copy it to a disk" in error and b"cp -a" in error, error)
    expect(before == sorted((path, path.stat().st_mtime_ns) for path in vault.rglob("*")))
    # The way out is one.
    world.run("cat", "1", "-i", "reader.txt", "--vault", shutil.copytree(vault, world.folder / "copy"))


def a_restored_copy_names_the_command_that_goes_on_with_it(world):
    small_vault(world)
    shutil.copytree(world.folder / "vault", world.folder / "old")
    world.run("add", "note.txt")
    shutil.rmtree(world.folder / "vault")
    (world.folder / "old").rename(world.folder / "vault")
    for command in (["list"], ["add", "note.txt"], ["cat", "1", "-i", "reader.txt"]):
        error = world.run(*command, expect=3).stderr.decode()
        expect("recover-head" in error, error)
        # The honest cause comes first.
        expect(error.index("restored from a backup") < error.index("rolled back") < error.index("changed the log"), error)
    world.run("recover-head", "--reason", "restored from the backup", "--confirm", ORIGIN)
    world.run("list")


def a_temporary_folder_that_cannot_be_used_is_named(world):
    small_vault(world)
    world.run("export", "1", "--out", "bundle.tar", "-i", "reader.txt")
    world.write("a file", b"")
    for place in ("/nonexistent", str(world.folder / "a file")):
        for command in (["list"], ["verify"], ["add", "note.txt"], ["cat", "1", "-i", "reader.txt"], ["verify-bundle", "bundle.tar", "--unpack-in", "."],
                        ["export", "1", "--out", f"b{len(place)}", "-i", "reader.txt"]):
            world.run(*command, expect=NOT_ANCHORED if command[0] == "verify-bundle" else 0, TMPDIR=place)
        error = world.run("verify-bundle", "bundle.tar", expect=1, TMPDIR=place).stderr
        expect(b"TMPDIR" in error and b"--unpack-in" in error, error)


def a_second_vault_of_an_origin_leaves_the_kept_head_alone(world):
    small_vault(world)
    recipient = world.run("keygen", "--no-passphrase", "-o", "second.txt").stdout.decode().strip()
    error = world.run("init", "again", "--origin", ORIGIN, "--no-passphrase", "--reader", recipient, expect=1).stderr.decode()
    expect("choose another" in error and "remove" not in error and "delete" not in error, error)
    expect("leave it" in error, error)


def a_folder_that_is_no_vault_names_the_one_beside_it(world):
    world.init()
    world.write("incident/log", NOTE)

    def listed(folder, **environment):
        result = subprocess.run([world.exhibit_program, "list"], cwd=world.folder / folder, capture_output=True,
                                env={**world.environment, "EXHIBIT_VAULT": "", **environment}, timeout=60)
        expect(result.returncode == 1, result)
        return result.stderr.decode()

    error = listed("incident")
    expect(f"no vault in {world.folder}/incident; there is one in ../vault" in error, error)
    expect("exhibit: hint: exhibit --vault ../vault" in error, error)
    expect("there is one in vault" in listed("."))
    expect("there is one in .." in listed("vault/keys"))
    error = listed("incident", EXHIBIT_VAULT="/nonexistent/case")
    expect("no vault in /nonexistent/case\n" in error and "exhibit init" in error, error)


def a_key_that_opens_nothing_is_said_and_a_key_of_another_kind_named(world):
    path = world.write("right", b"correct horse battery\n")
    os.chmod(path, 0o600)
    wrong = world.write("wrong", b"battery horse correct\n")
    os.chmod(wrong, 0o600)
    world.run("init", "vault", "--origin", ORIGIN, "--no-passphrase", EXHIBIT_PASSPHRASE_FILE=path)
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    expect(world.json("list", EXHIBIT_PASSPHRASE_FILE=path)[0]["fields"]["name"] == "note.txt")
    for command in (["list"], ["show", "1"], ["timeline"], ["cat", "1"], ["verify", "--content"]):
        error = world.run(*command, expect=6, EXHIBIT_PASSPHRASE_FILE=wrong).stderr
        expect(b"the passphrase is wrong" in error, error)
    world.run("list")  # nothing at hand, nothing asked
    # A vault of readers: what is at hand opens none of it.
    recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
    world.run("keygen", "--no-passphrase", "-o", "stranger.txt")
    vkey = world.run("keygen", "--signing", "--no-passphrase", "-o", "bob.key").stdout
    world.write("bob.vkey", vkey)
    world.write("reader.pub", recipient.encode())
    world.run("init", "second", "--origin", "second.example/x", "--no-passphrase", "--reader", recipient)
    world.environment["EXHIBIT_VAULT"] = str(world.folder / "second")
    world.run("add", "note.txt")
    for command in (["list", "-i", "stranger.txt"], ["cat", "1", "-i", "stranger.txt"], ["show", "1", "-i", "stranger.txt"]):
        world.run(*command, expect=6)
    world.run("list", EXHIBIT_PASSPHRASE_FILE=wrong)  # may be for a signing key
    world.tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "ssh") if shutil.which("ssh-keygen") else None
    for file, kind in (("bob.key", "a signing key"), ("bob.vkey", "a verifier key"), ("reader.pub", "an age recipient"),
                       *([("ssh.pub", "an SSH public key")] if shutil.which("ssh-keygen") else [])):
        error = world.run("list", "-i", file, expect=1).stderr.decode()
        expect(f"{file} is {kind}" in error and "-i takes an age identity (AGE-SECRET-KEY-1" in error, error)
        if file != "bob.key":
            error = world.run("add", "note.txt", "--key", file, expect=1).stderr.decode()
            expect(f"{file} is {kind}" in error and "a signing key is needed here" in error, error)
    if shutil.which("ssh-keygen"):     # which opens bundles, and no vault
        world.run("list", "-i", "ssh", expect=6)
        error = world.run("add", "note.txt", "--key", "ssh", expect=1).stderr.decode()
        expect("ssh is an SSH private key" in error and "a signing key is needed here" in error, error)
    error = world.run("add", "note.txt", "--key", "reader.txt", expect=1).stderr.decode()
    expect("reader.txt is an age identity; a signing key is needed here" in error, error)
    error = world.run("reader", "add", "reader.txt", "-i", "reader.txt", expect=1).stderr.decode()
    expect("reader.txt is an age identity; a recipient is needed here" in error, error)


def what_a_pipe_gives_a_moment_later_is_waited_for(world):
    """As of `-i <(pass show reader)`, and of a program that still works at what it writes."""
    small_vault(world)
    key = next((world.folder / "home/config/exhibit/keys").iterdir())
    if shutil.which("age-keygen"):
        recipient = world.tool("age-keygen", "-y", "reader.txt").decode().strip()
        world.run("export", "1", "--out", "sealed", "-i", "reader.txt", "--recipient", recipient)

    def piped(command, made, program=world.exhibit_program, expect_status=0):
        line = f'"$0" {command.replace("{}", f"<(sleep 0.3; {made})")}'
        result = subprocess.run(["bash", "-c", line, program], cwd=world.folder, env=world.environment, capture_output=True, timeout=300)
        expect(result.returncode == expect_status, (command, result))

    for command, made in (("show 1 -i {}", "cat reader.txt"), ("verify --after {}", "cat vault/HEAD"), ("--pin {} list", "cat vault/HEAD"),
                          ("add note.txt --hashes {}", "sha256sum note.txt"), (f"hold 1 --authority a --reason b --key '{key}'", "true"),
                          ("note 1 --file {}", "echo seen"), ("note 1 --file - < {}", "echo seen")):
        piped(command, made)
    # A signing key's file is judged by its mode, which a pipe has, too.
    piped("hold 1 --authority a --reason b --key {}", f"cat '{key}'")
    if (world.folder / "sealed").exists():
        piped("sealed -i {}", "cat reader.txt", program=world.verify_program, expect_status=NOT_ANCHORED)
    # Who waits for it is not kept from leaving.
    waiting = subprocess.Popen([world.exhibit_program, "note", "1", "--file", "-"], cwd=world.folder, env=world.environment,
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until_it_hears(waiting, signal.SIGTERM)
    until(lambda: waiting.send_signal(signal.SIGTERM) or waiting.poll() is not None, "it ends")
    expect(waiting.returncode == 130, waiting.stderr.read())
    waiting.stdin.close()


def a_pipe_or_a_folder_in_a_store_s_place_is_damage(world):
    small_vault(world)
    for path in sorted((world.folder / "vault/store").glob("*.log"))[:1] + [world.folder / "vault/store/CURRENT"]:
        aside = path.rename(world.folder / "aside")
        for make in (os.mkfifo, os.mkdir):
            make(path)
            for command in (["list"], ["verify"], ["add", "note.txt"]):
                error = world.run(*command, expect=3).stderr.decode()
                expect(make is os.mkdir or f"{path} is not a plain file" in error, error)
            path.rmdir() if path.is_dir() else path.unlink()
        aside.rename(path)
    # What RocksDB's own tools leave when they look into a store is named, and harms nothing.
    world.write("vault/store/OPTIONS-000007", b"[Version]\n")
    world.write("vault/store/LOG", b"opened\n")
    said = world.run("verify").stdout
    expect(b"store/OPTIONS-000007 is no part of the store" in said and b"store/LOG is no part" in said, said)
    world.run("add", "note.txt")
    world.run("verify")


def a_limit_of_memory_is_named(world):
    small_vault(world)
    if world.sanitized():
        raise Skipped("sanitizers take terabytes of addresses")
    met = 0
    for mebibytes in (80, 240):
        for command in (["add", "large"], ["verify", "--content", "-i", "reader.txt"]):
            limited = subprocess.run(["bash", "-c", 'ulimit -v "$0" && exec "$@"', str(mebibytes << 10), world.exhibit_program, *command],
                                     cwd=world.folder, env=world.environment, capture_output=True, timeout=300)
            if limited.returncode == 127 and b"shared libraries" in limited.stderr:
                continue  # the system could not even start it
            expect(limited.returncode in (0, 1), limited)
            if limited.returncode == 1:
                met += 1
                expect(b"exhibit: error: the system gives this process no more" in limited.stderr and b"ulimit -v" in limited.stderr, limited)
    expect(met > 0)
    world.run("verify", "--content", "-i", "reader.txt")


def a_vault_without_its_readers_key_says_so_whenever_it_seals_on(world):
    small_vault(world)
    (world.folder / "vault/keys/reader.age").rename(world.folder / "away")
    warned = world.run("-q", "add", "note.txt").stderr.decode()
    expect(warned.count("\n") == 1 and "vault/keys/reader.age is missing" in warned and "read by nobody" in warned, warned)
    (world.folder / "away").rename(world.folder / "vault/keys/reader.age")
    expect(world.run("-q", "add", "note.txt").stderr == b"")


def every_error_begins_alike(world):
    small_vault(world)
    for command, status in ((["list", "--nonsense"], 2), (["nonsense"], 2), (["show", "99"], 1), (["--vault", "none", "list"], 1), (["verify-bundle", "none"], 1)):
        lines = world.run(*command, expect=status).stderr.decode().splitlines()
        expect(lines and lines[0].startswith("exhibit: error: "), lines)


def without_libcurl_everything_works_that_asks_nobody(world):
    broken = Path(os.fsdecode(world.write("libraries/libcurl.so.4", b"no library"))).parent
    world.environment["LD_LIBRARY_PATH"] = str(broken)
    small_vault(world)
    world.run("verify", "--content", "-i", "reader.txt")
    refused = world.run("verify-log", "http://127.0.0.1:9/log", expect=1).stderr
    expect(b"libcurl cannot be loaded" in refused and b"apt install libcurl4" in refused, refused)
