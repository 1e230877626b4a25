"""A bundle as one file: what is exported, what stock tools make of it, and what somebody else put together."""
import io
import os
import shutil
import stat
import struct
import tarfile
import time
import zipfile

from world import NOT_ANCHORED, NOTE, expect, flipped


def small_bundle(world, *outs):
    """Exports two items to each of `outs`. Gives the vault's fingerprint."""
    made = world.init()
    world.write("in/note.txt", NOTE)
    world.write("in/auth.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 5000)
    world.run("add", "in", "--source", "fs01")
    for out in outs:
        world.run("export", "1-2", "--out", out, "-i", "reader.txt")
    return made["fingerprint"]


def refused(world, name, *words, status=3):
    """Both programs and the second opinion refuse it and name why, and nothing is left or written elsewhere."""
    temporary = world.folder / "unpack"
    temporary.mkdir(exist_ok=True)
    before = sorted(os.listdir(world.folder))
    for program in (world.verify_program, world.exhibit_program):
        command = ["verify-bundle"] if program == world.exhibit_program else []
        error = world.run(*command, name, program=program, expect=status, TMPDIR=str(temporary)).stderr
        for word in words:
            expect(word in error.decode(), (word, error))
    world.second_opinion(name, expect=status, TMPDIR=str(temporary))
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
        originals = [path.read_bytes() for path in (world.folder / folder / "data").rglob("note.txt")]
        expect(originals == [NOTE])
    # What others pack of the same folder is as good, and nothing that is there is overwritten.
    world.tool("tar", "-cf", "again.tar", "handover")
    world.run("verify-bundle", "again.tar", "--fingerprint", fingerprint)
    before = world.read("again.tar")
    entries = world.json("log")
    world.run("export", "1", "--out", "again.tar", "-i", "reader.txt", expect=1)
    expect(world.read("again.tar") == before and world.json("log") == entries)
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
        world.run("verify-bundle", "sealed.tar", "-i", f"{name}.id", expect=NOT_ANCHORED)
        expect(world.tool("bash", "-c", f"age -d -i {name}.id sealed/data/1.age | zstd -dq") == NOTE)
    told = world.json("show", "2", "-i", "reader.txt")[0]["fields"]
    expect(told["recipients"] == listed, told)
    entry = world.run("log", "2").stdout.decode()
    expect(not any(one in entry for one in listed), entry)
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
        world.run("verify-bundle", name, expect=NOT_ANCHORED)
        world.run(name, program=world.verify_program, expect=NOT_ANCHORED)
        world.second_opinion(name)
    expect(world.tool("bash", "-c", "age -d -i id_ed25519 alone/data/1.age | zstd -dq") == NOTE)
    world.run("verify-bundle", "both.zip", "-i", "friend.txt", expect=NOT_ANCHORED)
    zipfile.ZipFile(world.folder / "both.zip").extractall(world.folder)
    expect(world.tool("bash", "-c", "age -d -i id_ed25519 both/data/1.age | zstd -dq") == NOTE)
    told = world.json("show", "2", "-i", "reader.txt")[0]["fields"]
    expect(key.startswith(told["recipients"][0]), told)
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
    world.run("verify-bundle", "changed.tar", expect=NOT_ANCHORED)
    for name, content in files.items():
        changes = [{**files, name: flipped(content)}, {**files, name: content[:-1]}] if content else []
        for way in (*changes, {other: files[other] for other in files if other != name}):
            pack(way)
            # What has no bagit.txt is not known to be a bundle at all.
            is_bag = any(other.endswith("/bagit.txt") for other in way)
            world.run("changed.tar", program=world.verify_program, expect=3 if is_bag else 1)
        # A name alone changes no evidence; what is listed nowhere is known by its name.
        is_listed = not name.endswith(("/bundle.note", "/tagmanifest-sha256.txt", "/tagmanifest-sha512.txt"))
        pack({(other + "x" if other == name else other): files[other] for other in files})
        world.run("changed.tar", program=world.verify_program, expect=1 if is_listed else 3)
        world.second_opinion("changed.tar", expect=1 if is_listed else 3)
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
                      ("good//x", "leaves the folder"), ("C:/x", "a disk"), ("good/a\\b", "a folder"),
                      ("/".join(["good"] * 200), "deeper"),
                      ("good/data/NUL.txt", "device"), ("good/con", "device"), ("good/data/CoM1", "device"),
                      ("good/DATA/fs01/in/note.txt", "only in upper and lower case"), ("good/bagit.TXT", "only in upper and lower case"),
                      ("good/data/\udcff", "ASCII"), ("good/data/caf\u00e9", "ASCII"), ("good/data/\x1b[2J", "ASCII"),
                      ("good/data/" + "n" * 5000, "too long")):
        pack(name, format=tarfile.PAX_FORMAT if name.isascii() else tarfile.GNU_FORMAT)     # of two names the one in UTF-8
        refused(world, "bad.tar", "refused", why)
    # What lies beside the bundle harms nobody, and is not checked.
    for name in ("other/data/x", "letter.pdf", "good"):
        pack(name)
        refused(world, "bad.tar", "more than a bundle", status=1)
    for kind, why in ((tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "link"), (tarfile.FIFOTYPE, "neither"),
                      (tarfile.CHRTYPE, "neither"), (tarfile.BLKTYPE, "neither")):
        pack("good/data/x", kind=kind, link="/etc/passwd")
        refused(world, "bad.tar", "good/data/x", why)
    pack("good/data/x", twice=True)
    refused(world, "bad.tar", "good/data/x", "there already")
    expect(not os.path.exists("/etc/exhibit-was-here"))


def a_container_of_an_unlucky_option_says_how_to_pack_anew(world):
    small_bundle(world, "good.tar")
    world.tool("tar", "-xf", "good.tar")
    world.tool("tar", "-cPf", "absolute.tar", world.folder / "good")
    refused(world, "absolute.tar", "tar -P", "pack it anew without -P")
    world.tool("tar", "-cf", "twice.tar", "good")
    world.tool("tar", "-rf", "twice.tar", "good/bagit.txt")
    refused(world, "twice.tar", "there already: tar -r", "pack it anew into a new file")
    (world.folder / "elsewhere").mkdir()
    with zipfile.ZipFile(world.folder / "above.zip", "w") as above:
        above.write(world.folder / "good/bagit.txt", "../good/bagit.txt")
    refused(world, "above.zip", "zip -r handover.zip ../handover", "pack it anew in the folder above")
    with zipfile.ZipFile(world.folder / "dotnet.zip", "w") as dotnet:
        entry = zipfile.ZipInfo("x")
        entry.filename = "good\\bagit.txt"
        dotnet.writestr(entry, "x")
    refused(world, "dotnet.zip", ".NET", "pack it anew with another tool")
    os.link(world.folder / "good/bagit.txt", world.folder / "good/second")
    world.tool("tar", "-cf", "linked.tar", "good")
    refused(world, "linked.tar", "hard link", "--hard-dereference")


def a_message_names_the_container_and_not_where_it_was_unpacked(world):
    with tarfile.open(world.folder / "bag.tar", "w") as bag:
        member = tarfile.TarInfo("bag/bagit.txt")
        bag.addfile(member, io.BytesIO(b""))
    said = world.run("bag.tar", program=world.verify_program, expect=1).stderr
    expect(b"bag.tar/bag is a BagIt bag" in said or b"bag.tar is a BagIt bag" in said, said)
    expect(b"unpacked" not in said and b"/var/tmp" not in said, said)
    said = world.run("nothing.tar", program=world.verify_program, expect=1).stderr
    expect(b"nothing.tar does not exist" in said, said)


def a_container_that_lies_or_is_cut_off_is_refused(world):
    small_bundle(world, "good.tar", "good.zip")
    tar = world.read("good.tar")
    for name in ("good.tar", "good.zip"):
        whole = (world.folder / name).read_bytes()
        for part in range(1, 10):
            world.write("cut" + name[-4:], whole[:len(whole) * part // 10])
            refused(world, "cut" + name[-4:], "cut off", status=1)
    # A header that states a size of 8 TiB.
    member = tarfile.open(world.folder / "good.tar").getmembers()[0]
    header = bytearray(tar[member.offset_data - 512:member.offset_data])
    header[124:136] = b"\x80" + (8 << 40).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    world.write("lies.tar", tar[:member.offset_data - 512] + bytes(header) + tar[member.offset_data:])
    refused(world, "lies.tar", "cut off", status=1)
    # Folders alone.
    with tarfile.open(world.folder / "hollow.tar", "w") as hollow:
        for name in ("good", "good/data"):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE
            hollow.addfile(member)
    refused(world, "hollow.tar", "holds no bundle", status=1)
    # Not ours at all.
    for content in (b"", b"PK\3\4", os.urandom(100_000), b"\x1f\x8b" + os.urandom(1000)):
        for name in ("noise.tar", "noise.zip"):
            world.write(name, content)
            refused(world, name, "cannot be read", status=1)


def a_bomb_costs_no_more_than_was_said(world):
    small_bundle(world, "good.zip")
    with zipfile.ZipFile(world.folder / "good.zip") as good:
        files = {name: good.read(name) for name in good.namelist()}
    with zipfile.ZipFile(world.folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name, content in files.items():
            out.writestr(name, content)
        with out.open("good/data/1-zeros", "w", force_zip64=True) as zeros:
            for _ in range(128):
                zeros.write(bytes(1 << 20))
    start = time.monotonic()
    refused(world, "bomb.zip", "1-zeros", "64 times", status=1)
    expect(time.monotonic() - start < 60)
    # More files than are held in memory, by the list's end alone.
    many = 1_000_001
    world.write("many.zip", b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, many, many, 0, 0) + b"PK\6\7" + struct.pack("<IQI", 0, 0, 1) +
                b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 0xffff, 0xffff, 0, 0, 0))
    refused(world, "many.zip", "1,000,000 files", status=1)
    links = zipfile.ZipInfo("good/data/link")
    links.external_attr = (stat.S_IFLNK | 0o777) << 16
    links.create_system = 3
    with zipfile.ZipFile(world.folder / "links.zip", "w") as out:
        for name, content in files.items():
            out.writestr(name, content)
        out.writestr(links, "/etc/passwd")
    refused(world, "links.zip", "good/data/link", "it is a link")


SEVEN = next((name for name in ("7zz", "7z", "7za") if shutil.which(name)), "7zz")
# In a folder that holds the bundle b, and the same as "Übergabe ä", as LONG and, with what macOS leaves, in mac/. The
# tool stands behind the last "&&".
READ = {
    "1.zip": "zip -qr 1.zip b", "2.zip": "zip -qr0 2.zip b", "3.zip": "zip -qrXD 3.zip b", "4.zip": "zip -qr - b | cat > 4.zip",
    "5.zip": "cd b && zip -qr ../5.zip .", "6.zip": "zip -qr 6.zip 'Übergabe ä'", "7.zip": "zip -qr 7.zip $PWD/b",
    "8.zip": f"{SEVEN} a -bd 8.zip b", "9.zip": f"{SEVEN} a -bd -mx9 9.zip 'Übergabe ä'", "10.zip": "bsdtar -a -cf 10.zip b",
    "11.zip": "jar cfM 11.zip b", "12.zip": "python3 -m zipfile -c 12.zip b", "13.zip": "cd mac && zip -qr ../13.zip b __MACOSX",
    "1.tar": "tar -cf 1.tar ./b", "2.tar": "tar -cf 2.tar -C b .", "3.tar": "tar --format=posix -cf 3.tar b",
    "4.tar": "tar --format=ustar -cf 4.tar b", "5.tar": "tar -cf 5.tar $LONG", "6.tar": "tar --format=posix -cf 6.tar $LONG",
    "7.tar": "tar -b 2048 -cf 7.tar 'Übergabe ä'", "8.tar": "bsdtar -cf 8.tar $LONG", "9.tar": "bsdtar --format=pax -cf 9.tar b",
    "10.tar": f"{SEVEN} a -bd 10.tar b", "11.tar": "python3 -m tarfile -c 11.tar $LONG",
    "12.tar": "cd mac && tar -cf ../12.tar b __MACOSX", "13.TAR": "tar -cf 13.TAR b", "14.tar": "python3 -m tarfile -c 14.tar 'Übergabe ä'",
}
TOLD_WHAT_TO_DO = {
    "a.tar.gz": "tar -czf a.tar.gz b", "a.tgz": "tar -czf a.tgz b", "a.tar.xz": "tar -cJf a.tar.xz b", "a.tar.zst": "tar --zstd -cf a.tar.zst b",
    "v7.tar": "tar --format=v7 -cf v7.tar b", "label.tar": "tar -V x -cf label.tar b", "two.tar": "tar -cf two.tar b in",
    "c.zip": "cp 1.zip c.zip && zip -qz c.zip <<< hello", "e.zip": "zip -qre -P x e.zip b", "l.zip": f"{SEVEN} a -bd -mm=LZMA l.zip b",
    "z.zip": "cp 1.tar z.zip", "z.tar": "cp 12.zip z.tar", "bundle": "cp 1.tar bundle", "a.7z": f"{SEVEN} a -bd a.7z b",
}


def repacked(world, name, command):
    """What a tool packs, if it is there."""
    tool = command.split("&& ")[-1].split()[0]
    if shutil.which(tool) is None:
        print(f"  skipped, not there: {tool}")
        return False
    world.tool("bash", "-c", f"LONG={'l' * 110}; {command}")
    return True


def what_ordinary_tools_repack_is_verified_or_told_what_to_do(world):
    fingerprint = small_bundle(world, "b")
    for copy in ("Übergabe ä", "l" * 110, "mac/b"):
        shutil.copytree(world.folder / "b", world.folder / copy)
    for junk in ("b/.DS_Store", "b/data/._1.age", "__MACOSX/._b", "__MACOSX/b/data/._1.age"):
        world.write(f"mac/{junk}", b"junk")
    for name, command in READ.items():
        if repacked(world, name, command):
            said = world.run(name, "--fingerprint", fingerprint, program=world.verify_program).stdout.decode()
            expect(("__MACOSX/._b" in said) == ("mac" in command), said)
            world.second_opinion(name)
    # Nobody is accused, and what to do is said.
    for name, command in TOLD_WHAT_TO_DO.items():
        if repacked(world, name, command):
            refused(world, name, "cannot be read", "hint", status=1)


def unpack_leaves_what_was_verified(world):
    fingerprint = small_bundle(world, "good.zip")
    before = set(os.listdir(world.folder))
    said = world.run("good.zip", "--unpack", "kept", "--fingerprint", fingerprint, program=world.verify_program).stderr.decode()
    expect("kept" in said, said)
    with zipfile.ZipFile(world.folder / "good.zip") as good:
        for name in good.namelist():
            expect((world.folder / "kept" / name.split("/", 1)[1]).read_bytes() == good.read(name), name)
        files = {name: good.read(name) for name in good.namelist()}
    world.run("verify-bundle", "kept", "--fingerprint", fingerprint)
    expect(set(os.listdir(world.folder)) == before | {"kept"}, os.listdir(world.folder))
    # Nothing is overwritten, and a folder is there already.
    world.run("verify-bundle", "good.zip", "--unpack", "kept", expect=1)
    world.run("verify-bundle", "kept", "--unpack", "more", expect=1)
    # Of what does not hold nothing is left.
    with zipfile.ZipFile(world.folder / "bad.zip", "w") as out:
        for name, content in files.items():
            out.writestr(name, content + b"x" if name.endswith("note.txt") else content)
    world.run("verify-bundle", "bad.zip", "--unpack", "more", expect=3)
    world.run("verify-bundle", "good.zip", "--fingerprint", "0" * 64, "--unpack", "more", expect=3)
    expect(set(os.listdir(world.folder)) == before | {"kept", "bad.zip"}, os.listdir(world.folder))


def a_bundle_s_name_is_looked_at_before_anything_leaves(world):
    small_bundle(world)
    before = world.json("log")
    for name in ("b.tgz", "b.tar.gz", "b.7z", "nul.zip"):
        error = world.run("export", "1", "--out", name, "-i", "reader.txt", expect=1).stderr
        expect(b"hint" in error, error)
    expect(world.json("log") == before)


def a_bundle_s_name_may_have_an_umlaut(world):
    small_bundle(world, "Übergabe.zip", "Übergabe.tar")
    for name in ("Übergabe.zip", "Übergabe.tar"):
        world.run("verify-bundle", name, expect=NOT_ANCHORED)
        world.second_opinion(name)
    world.tool("tar", "-xf", "Übergabe.tar")
    world.run("verify-bundle", "Übergabe", expect=NOT_ANCHORED)
    with zipfile.ZipFile(world.folder / "Übergabe.zip") as good:
        expect(all(name.startswith("Übergabe/") for name in good.namelist()), good.namelist())
