"""Each file of a vault's folder, gone, empty, cut, longer, or with one bit changed: `verify` names it, or it means nothing;
and a system that gives a program few open files is no damage."""
import os
import subprocess

from world import NOT_ANCHORED, NOTE, ORIGIN, expect, flipped

# Locks, which hold a number for messages or nothing, and the database's name for itself (docs/RELIABILITY.md).
MEANS_NOTHING = {"LOCK", "store/LOCK", "store/IDENTITY"}


def vault_of_commands(world, commands=3):
    world.init()
    world.write("note.txt", NOTE)
    world.write("large", os.urandom(200_000))
    world.run("add", "note.txt", "large")
    for number in range(commands):
        world.run("hold", "1", "--authority", "a court", "--reason", f"trial {number}")
    return world.folder / "vault"


def ways_to_damage(good):
    yield "gone", None
    if good:
        half = len(good) // 2
        yield "empty", b""
        yield "cut in half", good[:half]
        yield "cut by a byte", good[:-1]
        yield "zeros", bytes(len(good))
        yield "longer", good + b"x"
        for at in (0, half, -1):
            yield f"flipped at {at}", flipped(good, at)


def verified(world):
    return subprocess.run([world.exhibit_program, "verify"], cwd=world.folder, env=world.environment, capture_output=True, timeout=300)


def whatever_happens_to_a_file_of_the_vault_is_named(world):
    vault = vault_of_commands(world)
    expect(b"remark" not in verified(world).stdout)
    for path in sorted(p for p in vault.rglob("*") if p.is_file()):
        good, name = path.read_bytes(), str(path.relative_to(vault))
        for way, bad in ways_to_damage(good):
            path.unlink() if bad is None else path.write_bytes(bad)
            result = verified(world)
            said = result.stdout + result.stderr
            shown = (name, way, result.returncode, said.decode())
            if name in MEANS_NOTHING:
                expect(result.returncode == 0 and b"remark" not in said, shown)
                continue
            expect(result.returncode == 3 or (result.returncode == 0 and b"remark" in said), shown)
            for wrong in (b"internal error", b"hashes\n"):
                expect(wrong not in said, shown)
            # The file by its name, or what stands in it, and where nothing was found, what to do next.
            names_it = path.name.encode() in said
            stands_in_it = name.startswith("store/packs/") or name == "store/CURRENT" or name.startswith("store/MANIFEST")
            is_gone = way == "gone" and (b"changes are missing" in said or b"lost its end" in said)
            expect(names_it or stands_in_it or is_gone or b"checksum mismatch" in said, shown)
            expect(result.stdout or b"hint: " in result.stderr or name == "HEAD", shown)
            path.write_bytes(good)
    expect(verified(world).returncode == 0 and b"remark" not in verified(world).stdout)


def a_folder_of_the_vault_that_is_gone_is_named(world):
    vault = vault_of_commands(world)
    for name in ("keys", "store/packs", "store"):
        (vault / name).rename(world.folder / "away")
        result = verified(world)
        said = (result.stdout + result.stderr).decode()
        expect(result.returncode == (0 if name == "keys" else 3) and f"{name}" in said, (name, result))
        expect(name != "keys" or "remark  keys is missing" in said, said)
        (world.folder / "away").rename(vault / name)
    expect(verified(world).returncode == 0)


def a_lost_log_of_the_store_says_what_to_do(world):
    vault = vault_of_commands(world)
    logs = sorted(p for p in (vault / "store").glob("*.log") if p.stat().st_size)
    for log in logs:
        for bad in (b"", log.read_bytes()[:log.stat().st_size // 2]):
            good = log.read_bytes()
            log.write_bytes(bad)
            for command in (["verify"], ["list"], ["add", "note.txt"], ["recover-head", "--reason", "x", "--confirm", "another"]):
                is_end = log == logs[-1]
                told = world.run(*command, expect=1 if is_end and command[0] == "recover-head" else 3).stderr.decode()
                expect("tamper" not in told and "changed by" not in told, told)
                if command[0] != "recover-head":
                    expect(f"store/{log.name}" in told, told)
                    expect(("recover-head" if is_end else "put the store's files back") in told, told)
                elif not is_end:
                    expect("put the store's files back" in told, told)
            log.write_bytes(good)
    world.run("verify")
    # The end of the log is gone for good: the vault goes on, and the log says so.
    logs[-1].unlink()
    world.run("recover-head", "--reason", "the disk lost its last writes", "--confirm", ORIGIN)
    world.run("verify")
    world.run("add", "note.txt")


def few_open_files_are_a_limit_and_no_damage(world):
    vault_of_commands(world, commands=12)
    for number in range(30):
        world.write(f"in/{number}", NOTE)
    world.run("add", "in")
    world.run("export", "1", "2", "15-19", "--out", "bundle", "-i", "reader.txt")
    world.run("export", "1", "2", "15-19", "--out", "bundle.zip", "-i", "reader.txt")
    world.run("publish", "www")
    reads = (["verify"], ["verify", "--content", "-i", "reader.txt"], ["list", "-i", "reader.txt"], ["show", "1", "-i", "reader.txt"],
             ["log"], ["checkpoint"], ["status"], ["timeline", "-i", "reader.txt"], ["history", "1", "-i", "reader.txt"],
             ["custodian", "list"], ["reader", "list"], ["case", "show", "-i", "reader.txt"], ["verify-log", "www"],
             ["verify-bundle", "bundle"], ["verify-bundle", "bundle.zip"], ["cat", "1", "-i", "reader.txt"], ["add", "note.txt"])
    met = 0
    # The sanitizer of undefined behaviour needs two open files to see what an address holds.
    scarce = () if world.sanitized() else (12, 10, 8, 7, 6, 5, 4)
    for limit in (256, 64, 20, *scarce):
        for command in reads:
            limited = subprocess.run(["bash", "-c", 'ulimit -n "$0" && exec "$@"', str(limit), world.exhibit_program, *command],
                                     cwd=world.folder, env=world.environment, capture_output=True, timeout=300)
            said = limited.stdout + limited.stderr
            if limited.returncode == 127 and b"shared libraries" in limited.stderr:
                continue  # the system could not even start it
            holds = (0, 7) if command[0] == "verify-log" else (0, NOT_ANCHORED) if command[0] == "verify-bundle" else (0,)
            expect(limited.returncode in (*holds, 1), (limit, command, limited))
            for accuses in (b"FAILED", b"verification failed", b"damaged", b"tamper"):
                expect(accuses not in said, (limit, command, limited))
            if limited.returncode == 1:
                met += 1
                expect(b"open files" in said or b"more files" in said, (limit, command, limited))
                expect(b"ulimit -n" in said, (limit, command, limited))
            expect(limit < 64 or limited.returncode in holds, (limit, command, limited))
    expect(met > 0 or world.sanitized())
    world.run("verify", "--content", "-i", "reader.txt")
