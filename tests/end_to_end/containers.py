"""A bundle as one file: what is exported, what stock tools make of it, and what somebody else put together."""
import io
import os
import stat
import tarfile
import time
import zipfile

from world import NOTE, expect


def small_bundle(world, *outs):
    """Exports two items to each of `outs`. Gives the vault's fingerprint."""
    made = world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 5000)
    world.run("add", "in")
    for out in outs:
        world.run("export", "1-2", "--out", out, "-i", "reader.txt")
    return made["fingerprint"]


def refused(world, name, *words):
    """Both programs and the second opinion refuse it and name why, and nothing is left or written elsewhere."""
    temporary = world.folder / "unpack"
    temporary.mkdir(exist_ok=True)
    before = sorted(os.listdir(world.folder))
    for program in (world.verify_program, world.exhibit_program):
        command = ["verify-bundle"] if program == world.exhibit_program else []
        error = world.run(*command, name, program=program, expect=3, TMPDIR=str(temporary)).stderr
        for word in words:
            expect(word in error.decode(), (word, error))
    world.second_opinion(name, expect=3, TMPDIR=str(temporary))
    expect(not os.listdir(temporary), os.listdir(temporary))
    expect(sorted(os.listdir(world.folder)) == before, os.listdir(world.folder))


def a_bundle_is_one_file_and_stock_tools_unpack_it(world):
    fingerprint = small_bundle(world, "handover.tar", "other.zip")
    for name in ("handover.tar", "other.zip"):
        expect(stat.S_IMODE((world.folder / name).stat().st_mode) == 0o600)
        world.run("verify-bundle", name, "--fingerprint", fingerprint)
        world.run(name, "--fingerprint", fingerprint, program=world.verify_program)
        world.run("verify-bundle", name, "--fingerprint", "0" * 64, expect=3)
        world.second_opinion(name)
    world.tool("tar", "-xf", "handover.tar")
    zipfile.ZipFile(world.folder / "other.zip").extractall(world.folder)
    for folder in ("handover", "other"):
        world.run("verify-bundle", folder, "--fingerprint", fingerprint)
        originals = [path.read_bytes() for path in (world.folder / folder / "data").glob("*note.txt")]
        expect(originals == [NOTE])
    # What others pack of the same folder is as good, and nothing that is there is overwritten.
    world.tool("tar", "-cf", "again.tar", "handover")
    world.run("verify-bundle", "again.tar", "--fingerprint", fingerprint)
    before = (world.folder / "again.tar").read_bytes()
    entries = world.json("log")
    world.run("export", "1", "--out", "again.tar", "-i", "reader.txt", expect=1)
    expect((world.folder / "again.tar").read_bytes() == before and world.json("log") == entries)
    expect(not [name for name in os.listdir(world.folder) if ".partial" in name or ".unpacked" in name])


def a_bundle_is_sealed_to_those_whom_a_file_lists(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    listed = [world.run("keygen", "--no-passphrase", "-o", f"{name}.id").stdout.decode().strip() for name in ("fbi", "lawyer")]
    world.write("readers", f"# who reads it\n{listed[0]}\n\n{listed[1]}\n".encode())
    world.run("export", "1", "--out", "sealed.tar", "--recipient", "readers", "--recipient", listed[0], "-i", "reader.txt")
    world.tool("tar", "-xf", "sealed.tar")
    for name in ("fbi", "lawyer"):
        world.run("verify-bundle", "sealed.tar", "-i", f"{name}.id")
        expect(world.tool("bash", "-c", f"age -d -i {name}.id sealed/data/1.age | zstd -dq") == NOTE)
    entry = world.run("log", "2").stdout.decode()
    expect(all(one in entry for one in listed), entry)
    world.write("none", b"# nobody\n")
    world.write("broken", b"age1x\n")
    for file in ("none", "broken", "missing"):
        world.run("export", "1", "--out", "x", "--recipient", file, "-i", "reader.txt", expect=1)


def a_bundle_is_sealed_to_an_ssh_key(world):
    world.init()
    world.write("note.txt", NOTE)
    world.run("add", "note.txt")
    world.tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "agent@fbi", "-f", "id_ed25519")
    key = (world.folder / "id_ed25519.pub").read_text().strip()
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    for name, recipients in (("alone", [key]), ("both.zip", ["id_ed25519.pub", friend])):
        world.run("export", "1", "--out", name, *[word for one in recipients for word in ("--recipient", one)], "-i", "reader.txt")
        world.run("verify-bundle", name)
        world.run(name, program=world.verify_program)
        world.second_opinion(name)
    expect(world.tool("bash", "-c", "age -d -i id_ed25519 alone/data/1.age | zstd -dq") == NOTE)
    world.run("verify-bundle", "both.zip", "-i", "friend.txt")
    zipfile.ZipFile(world.folder / "both.zip").extractall(world.folder)
    expect(world.tool("bash", "-c", "age -d -i id_ed25519 both/data/1.age | zstd -dq") == NOTE)
    expect(key.rsplit(" ", 1)[0] in world.run("log", "2").stdout.decode())
    # The vault's own readers have age's keys; and a key of another kind is named.
    world.run("reader", "add", key, "-i", "reader.txt", expect=1)
    world.tool("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", "id_rsa")
    error = world.run("export", "1", "--out", "x", "--recipient", "id_rsa.pub", "-i", "reader.txt", expect=1).stderr
    expect(b"ssh-rsa" in error, error)


def a_container_s_files_are_those_that_were_signed(world):
    """Each file of a container flipped, dropped, cut, renamed, and one slipped in."""
    small_bundle(world, "good.tar")
    with tarfile.open(world.folder / "good.tar") as tar:
        files = {member.name: tar.extractfile(member).read() for member in tar.getmembers() if member.isfile()}

    def pack(changed):
        with tarfile.open(world.folder / "changed.tar", "w", format=tarfile.PAX_FORMAT) as out:
            for name, content in changed.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                out.addfile(member, io.BytesIO(content))

    pack(files)
    world.run("verify-bundle", "changed.tar")
    for name, content in files.items():
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]
        for way in ({**files, name: flipped}, {**files, name: content[:-1]},
                    {other: files[other] for other in files if other != name},
                    {(other + "x" if other == name else other): files[other] for other in files}):
            pack(way)
            world.run("changed.tar", program=world.verify_program, expect=1 if name.endswith("bagit.txt") and name not in way else 3)
    pack({**files, "good/data/9-more.txt": b"slipped in"})
    refused(world, "changed.tar")


def a_hostile_tar_is_refused_by_name(world):
    small_bundle(world, "good.tar")

    def pack(name, kind=tarfile.REGTYPE, content=b"x", link="", size=None, twice=False, **more):
        with tarfile.open(world.folder / "good.tar") as good, tarfile.open(
                world.folder / "bad.tar", "w", format=more.get("format", tarfile.PAX_FORMAT),
                encoding="utf-8", errors="surrogateescape") as bad:
            for member in good.getmembers():
                bad.addfile(member, good.extractfile(member) if member.isfile() else None)
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            member.size = len(content) if kind == tarfile.REGTYPE else 0
            for _ in range(2 if twice else 1):
                bad.addfile(member, io.BytesIO(content) if kind == tarfile.REGTYPE else None)

    for name, why in (("/etc/exhibit-was-here", "leaves the folder"), ("good/../../escaped", "leaves the folder"),
                      ("../escaped", "leaves the folder"), ("good/data/./x", "leaves the folder"),
                      ("good//x", "leaves the folder"), ("C:/x", "leaves the folder"), ("good/a\\b", "leaves the folder"),
                      ("other/data/x", "one folder on top"), ("good/a/b/c", "deeper"), ("/".join(["good"] * 200), "deeper"),
                      ("good/data/NUL.txt", "device"), ("good/con", "device"), ("good/data/CoM1", "device"),
                      ("good/DATA/1.age", "case alone"), ("good/bagit.TXT", "case alone"), ("good", "should be"),
                      ("good/data/\udcff", "ASCII"), ("good/data/caf\u00e9", "ASCII"), ("good/data/\x1b[2J", "ASCII"),
                      ("good/data/" + "n" * 5000, "too long")):
        pack(name)
        refused(world, "bad.tar", "refused", why)
    for kind, why in ((tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "link"), (tarfile.FIFOTYPE, "neither"),
                      (tarfile.CHRTYPE, "neither"), (tarfile.BLKTYPE, "neither")):
        pack("good/data/x", kind=kind, link="/etc/passwd")
        refused(world, "bad.tar", "good/data/x", why)
    pack("good/data/x", twice=True)
    refused(world, "bad.tar", "good/data/x", "there already")
    expect(not os.path.exists("/etc/exhibit-was-here"))


def a_container_that_lies_or_is_cut_off_is_refused(world):
    small_bundle(world, "good.tar", "good.zip")
    tar = (world.folder / "good.tar").read_bytes()
    for name in ("good.tar", "good.zip"):
        whole = (world.folder / name).read_bytes()
        for part in range(1, 10):
            world.write("cut" + name[-4:], whole[:len(whole) * part // 10])
            world.run("cut" + name[-4:], program=world.verify_program, expect=3 if name.endswith(".tar") else 1)
    # A header that states a size of 8 TiB.
    member = tarfile.open(world.folder / "good.tar").getmembers()[0]
    header = bytearray(tar[member.offset_data - 512:member.offset_data])
    header[124:136] = b"\x80" + (8 << 40).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    world.write("lies.tar", tar[:member.offset_data - 512] + bytes(header) + tar[member.offset_data:])
    refused(world, "lies.tar", "more bytes than the container")
    # Folders alone.
    with tarfile.open(world.folder / "hollow.tar", "w") as hollow:
        for name in ("good", "good/data"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            hollow.addfile(member)
    refused(world, "hollow.tar", "holds no files")
    # Not ours at all.
    for content in (b"", b"PK\3\4", os.urandom(100_000), b"\x1f\x8b" + os.urandom(1000)):
        world.write("noise.tar", content)
        world.run("noise.tar", program=world.verify_program, expect=1)
    world.tool("gzip", "-k", "good.tar")
    world.run("good.tar.gz", program=world.verify_program, expect=1)


def a_bomb_costs_no_more_than_its_own_size(world):
    small_bundle(world, "good.zip")
    with zipfile.ZipFile(world.folder / "good.zip") as good:
        files = {name: good.read(name) for name in good.namelist()}
    # The same files, packed as others do: refused if that makes them smaller.
    with zipfile.ZipFile(world.folder / "squeezed.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    refused(world, "squeezed.zip", "is it compressed?")
    with zipfile.ZipFile(world.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        with out.open("good/data/1-zeros", "w", force_zip64=True) as zeros:
            for _ in range(512):
                zeros.write(bytes(1 << 20))
    start = time.monotonic()
    refused(world, "bomb.zip", "1-zeros")
    expect(time.monotonic() - start < 60)
    with tarfile.open(world.folder / "many.tar", "w", format=tarfile.USTAR_FORMAT) as out:
        for number in range(20_000):
            out.addfile(tarfile.TarInfo(f"good/data/{number}-x"))
    world.run("many.tar", program=world.verify_program, expect=1)
    links = zipfile.ZipInfo("good/data/link")
    links.external_attr = (stat.S_IFLNK | 0o777) << 16
    links.create_system = 3
    with zipfile.ZipFile(world.folder / "links.zip", "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
        out.writestr(links, "/etc/passwd")
    refused(world, "links.zip", "good/data/link", "it is a link")
