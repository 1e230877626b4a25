"""Containers that two tools may read in two ways, each by a name that says how; and honest ones in odd forms.

`hybrids` gives (name, ending, bytes, READ or REFUSED). `files` are an honest bundle's below the folder b, and FORGED is
what an attacker would like to be taken for `victim`.
"""
import struct
import zlib

from making import (TAR_END, ZipFile, deflated, end64, filled, long_name, make_tar, make_zip, octal, pax, tar_file, tar_header)

READ, REFUSED = "read", "refused"
FORGED = b"what an attacker would like to be taken for the evidence\n"


def behind(data, packed=None, wide=False, mark=b"PK\7\x08", crc=None):
    numbers = struct.pack("<QQ" if wide else "<II", len(packed if packed is not None else data), len(data))
    return mark + struct.pack("<I", zlib.crc32(data) if crc is None else crc) + numbers


def zips(files, victim):
    entries = [ZipFile(name, data) for name, data in files.items()]
    good = make_zip(entries)
    forged = ZipFile(victim, FORGED)
    forged_zip = make_zip([ZipFile(name, FORGED if name == victim else data) for name, data in files.items()])
    tar = make_tar(files)

    def with_(*more, **how):
        return make_zip(entries + list(more), **how)

    def changed(**how):
        """The victim packed otherwise."""
        return make_zip([ZipFile(name, data, **how) if name == victim else ZipFile(name, data) for name, data in files.items()])

    def zip64(*numbers):
        return struct.pack("<HH", 1, 8 * len(numbers)) + b"".join(struct.pack("<Q", number) for number in numbers)

    data, ones = files[victim], 0xffffffff
    size, small, crc = len(data), deflated(data), zlib.crc32(data)
    yield "stored", READ, good
    yield "deflated", READ, make_zip([ZipFile(name, data, 8) for name, data in files.items()])
    yield "no folder on top", READ, make_zip([ZipFile(name[2:], data) for name, data in files.items()])
    yield "./ in front", READ, make_zip([ZipFile("./" + name, data) for name, data in files.items()])
    yield "under three folders", READ, make_zip([ZipFile("a/Übergabe/" + name, data, flags=1 << 11) for name, data in files.items()])
    yield "folders listed", READ, with_(ZipFile("b/", b"", attributes=0o40755 << 16 | 0x10), ZipFile("b/data/", b"", attributes=0x10))
    yield "what macOS adds", READ, with_(ZipFile("__MACOSX/b/data/._1.age", b"junk"), ZipFile("b/.DS_Store", b"junk"))
    yield "sizes behind the data", READ, changed(method=8, flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=behind(data,
                                                            small))
    yield "sizes behind, one said in front", READ, changed(method=8, flags=8, local={"crc": 0, "packed": 0}, behind=behind(data,
                                                            small))
    yield "sizes behind, wide", READ, changed(method=8, flags=8, behind=behind(data, small, wide=True),
                                              local={"crc": 0, "packed": ones, "size": ones, "extra": zip64(0, 0), "version": 45})
    yield "sizes in zip64", READ, changed(local={"packed": ones, "size": ones, "extra": zip64(size, size), "version": 45})
    yield "an end of zip64", READ, make_zip(entries, with64=True)
    yield "an end of zip64 that the other leaves to it", READ, make_zip(entries, with64=True, count=0xffff, here=0xffff,
                                                            size=ones, offset=ones)
    yield "times and owners", READ, changed(extra=b"UT\5\0\3" + bytes(4) + b"ux\x0b\0\1\4" + bytes(4) + b"\4" + bytes(4))
    yield "its own name in UTF-8", READ, changed(extra=struct.pack("<HHBI", 0x7075, 5 + len(victim), 1,
                                                            zlib.crc32(victim.encode())) + victim.encode())

    yield "a tar with a zip behind it", REFUSED, tar + good
    yield "a tar with a forged zip behind it", REFUSED, tar + forged_zip
    yield "a tar in front, offsets counted", REFUSED, make_zip(entries, prefix=tar)
    yield "a zip with a tar behind it", REFUSED, good + tar
    yield "a program in front", REFUSED, b"MZ" + bytes(998) + good
    yield "a program in front, offsets counted", REFUSED, make_zip(entries, prefix=b"MZ" + bytes(998))
    yield "a marker of parts in front", REFUSED, make_zip(entries, prefix=b"PK\7\x08")
    yield "zeros behind", REFUSED, good + bytes(512)
    yield "a byte behind", REFUSED, good + b"x"
    yield "a comment", REFUSED, make_zip(entries, comment=b"hello")
    yield "a zip as the comment", REFUSED, make_zip(entries, comment=make_zip([forged, entries[0]]))
    yield "a zip before, its list unused", REFUSED, forged_zip + good
    yield "a zip behind, with offsets of its own", REFUSED, good + forged_zip
    yield "a zip before, offsets counted", REFUSED, make_zip(entries, prefix=forged_zip)
    for where in (0, len(entries) // 2, len(entries)):
        hidden = ZipFile(victim, FORGED, hidden=True)
        yield f"a file before number {where} that the list lacks", REFUSED, make_zip(entries[:where] + [hidden] + entries[where:])
        yield f"a deflated one before number {where}", REFUSED, make_zip(entries[:where] + [ZipFile(victim, FORGED, 8,
                                                            hidden=True)] + entries[where:])
    yield "zeros between two files", REFUSED, make_zip(entries[:2] + [ZipFile("b/x", b"x", before=bytes(4))] + entries[2:])
    yield "zeros before the list", REFUSED, make_zip(entries, gap=bytes(30))
    yield "a file before the list, unlisted", REFUSED, make_zip(entries, gap=forged.in_front() + FORGED)
    yield "a listed file that is not there", REFUSED, with_(ZipFile("b/x", b"x", unwritten=True))
    yield "the list in another order", REFUSED, make_zip(entries, order=list(range(1, len(entries))) + [0])
    yield "the list shorter than it is", REFUSED, make_zip(entries, count=len(entries) - 1, here=len(entries) - 1)
    yield "the list longer than it is", REFUSED, make_zip(entries, count=len(entries) + 1, here=len(entries) + 1)
    yield "more files here than in all", REFUSED, make_zip(entries, here=1)
    yield "the list's size is not so", REFUSED, make_zip(entries, size=10)
    yield "the list's place is not so", REFUSED, make_zip(entries, offset=0)
    yield "a second part", REFUSED, make_zip(entries, part=1)
    yield "a name twice", REFUSED, with_(forged)
    yield "a name twice, forged first", REFUSED, make_zip([forged] + entries)
    yield "a name in another case", REFUSED, with_(ZipFile(victim.upper().replace("B/DATA", "b/data"), FORGED))
    yield "its folder in another case", REFUSED, with_(ZipFile(victim.replace("data", "DATA"), FORGED))
    yield "a name twice, once with ./", REFUSED, with_(ZipFile("./" + victim, FORGED))
    yield "a file where a folder is", REFUSED, with_(ZipFile("b/data", FORGED))
    for key, value in (("name", (victim + "x").encode()), ("method", 8), ("flags", 2), ("flags", 1), ("crc", 1), ("size", 1),
                       ("packed", 1),
                       ("size", size + 1), ("packed", size + 1), ("version", 99), ("name", b"b/other")):
        yield f"in front another {key}: {value}", REFUSED, changed(local={key: value})
        yield f"in the list another {key}: {value}", REFUSED, changed(central={key: value})
    both = {"crc": 1}
    yield "a wrong checksum in both", REFUSED, changed(local=both, central=both)
    both = {"size": size + 5}
    yield "a wrong size in both, deflated", REFUSED, changed(method=8, local=both, central=both)
    both = {"size": size - 5, "crc": zlib.crc32(data[:-5])}
    yield "a size that cuts the end off, deflated", REFUSED, changed(method=8, local=both, central=both)
    yield "bytes behind the deflated end", REFUSED, changed(method=8, packed=small + b"more")
    yield "another stream behind the deflated end", REFUSED, changed(method=8, packed=small + deflated(FORGED))
    yield "a deflated stream without an end", REFUSED, changed(method=8, packed=small[:-3])
    yield "no deflated stream", REFUSED, changed(method=8, packed=b"\xff" * 40)
    yield "a deflated stream of nothing", REFUSED, changed(method=8, packed=b"")
    yield "two listed files at one place", REFUSED, with_(ZipFile("b/x", data, central={"offset": 0}, unwritten=True))
    yield "a file that covers the next", REFUSED, make_zip([ZipFile(n, d, local={"packed": 4096, "size": 4096},
                                                            central={"packed": 4096, "size": 4096})
                                                            if n == victim else ZipFile(n, d) for n, d in files.items()])
    inner = forged.in_front() + FORGED
    yield "a stored file that is a file within", READ, with_(ZipFile("b/.DS_Store", inner))
    yield "a listed file within a stored one", REFUSED, with_(ZipFile("b/.DS_Store", inner), ZipFile(victim + "x", FORGED,
                                                            unwritten=True))
    yield "a zip that holds itself", READ, with_(ZipFile("b/.DS_Store", good))
    bomb = bytes(64 << 20)
    yield "a bomb", REFUSED, with_(ZipFile("b/data/9-zeros", bomb, 8))
    yield "a bomb that says it is small", REFUSED, with_(ZipFile("b/data/9-zeros", bomb, 8, local={"size": 10}, central={"size": 10}))
    yield "stored, sizes behind", REFUSED, changed(flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=behind(data))
    for what, how in (("another checksum", behind(data, small, crc=1)), ("another size", behind(data + b"x", small)), ("no mark",
                                                            behind(data, small, mark=b"")),
                      ("wide without zip64", behind(data, small, wide=True)), ("nothing", b""), ("all, and more", behind(data,
                                                            small) + b"x")):
        yield f"behind the data {what}", REFUSED, changed(method=8, flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=how)
    yield "sizes behind without the flag", REFUSED, changed(method=8, behind=behind(data, small))
    # zip64
    away = len(good) + 200
    for what, lies in (("a locator that leads elsewhere", {"at": 0}), ("a locator past the end", {"at": away}), ("another count",
                                                            {"count": 1, "here": 1}),
                       ("another size", {"size": 46}), ("another place", {"offset": 1}), ("another mark", {"mark": b"PK\6\5"}),
                       ("a longer record", {"length": 60}), ("several parts", {"parts": 2}), ("more here than in all", {"here": 1})):
        yield f"an end of zip64 with {what}", REFUSED, make_zip(entries, lies64=lies)
        yield f"an end of zip64 with {what}, believed", REFUSED, make_zip(entries, lies64=lies, count=0xffff, here=0xffff,
                                                            size=ones, offset=ones)
    yield "a locator of another list", REFUSED, forged_zip[:-22] + end64(len(files), 1, 1, len(forged_zip)) + good
    yield "numbers of zip64 that nothing asks for", REFUSED, changed(extra=zip64(size + 1, size + 1))
    yield "too few numbers of zip64", REFUSED, changed(local={"packed": ones, "size": ones, "extra": zip64(size), "version": 45})
    yield "zip64 with other sizes in front", REFUSED, changed(local={"packed": ones, "size": ones, "extra": zip64(size + 1, size),
                                                            "version": 45})
    yield "zip64 twice", REFUSED, changed(local={"packed": ones, "size": ones, "extra": zip64(size, size) + zip64(1, 1),
                                                 "version": 45})
    yield "zip64 with a place elsewhere", REFUSED, changed(central={"offset": ones, "extra": zip64(7), "version": 45})
    # Names and kinds
    for name in ("/etc/exhibit-was-here", "../escaped", "b/../../escaped", "b/./x", "b//x", "C:/x", "b/a\\b", "b/data/NUL.txt",
                 "b/con", "b/a/b/c",
                 "b/data/\x1b[2J", "b/data/\u00e9", b"b/data/\xff", b"b/data/x\0.txt", "b/data/" + "n" * 1100, "b/data/1%2e", "", "b/x.", "other/x"):
        yield f"the name {name!r:.40}", REFUSED, with_(ZipFile(name, FORGED))
    other = "b/data/other".encode()
    yield "another name in UTF-8", REFUSED, changed(extra=struct.pack("<HHBI", 0x7075, 5 + len(other), 1,
                                                            zlib.crc32(victim.encode())) + other)
    yield "another name in UTF-8, in front alone", REFUSED, changed(local={"extra": struct.pack("<HHBI", 0x7075, 5 + len(other),
                                                            1, zlib.crc32(victim.encode())) + other})
    for what, attributes in (("a link", 0o120777 << 16), ("a pipe", 0o010644 << 16), ("a device", 0o020644 << 16), ("a folder",
                                                            0o040755 << 16),
                             ("DOS's folder", 0x10), ("DOS's label", 8), ("DOS's device", 0x40), ("DOS's link", 0x400)):
        yield f"attributes of {what}", REFUSED, changed(attributes=attributes)
    yield "a folder with bytes", REFUSED, with_(ZipFile("b/data/", FORGED, attributes=0o40755 << 16))
    yield "a folder that is a file", REFUSED, with_(ZipFile("b/more/", b"", attributes=0o100644 << 16))
    yield "a foreign link", REFUSED, with_(ZipFile("b/.DS_Store", b"/etc/passwd", attributes=0o120777 << 16))
    for method in (0, 8):
        wrong = {"crc": 1}
        yield f"a foreign file of another checksum, {method}", REFUSED, with_(ZipFile("b/.DS_Store", b"junk", method, local=wrong, central=wrong))
    for what, packed in (("without an end", small[:-3]), ("that is no stream", b"\xff" * 40), ("and more", small + b"more")):
        yield f"a foreign deflated stream {what}", REFUSED, with_(ZipFile("b/.DS_Store", data, 8, packed=packed))
    yield "a foreign file of more than 64 times all", REFUSED, with_(ZipFile("b/.DS_Store", bytes(64 << 20), 8))
    for kind in (0x756e, 0x9901, 0x000d, 0x6c78, 0x6375, 0xffff):
        yield f"an extra field {kind:04x}", REFUSED, changed(extra=struct.pack("<HH", kind, 14) + bytes(14))
    yield "an extra field that is cut off", REFUSED, changed(extra=b"UT\x50\0\3")
    yield "an extra field of a byte", REFUSED, changed(extra=b"x")
    for flag in (0, 4, 5, 6, 12, 13, 15):
        yield f"flag {flag}", REFUSED, changed(flags=1 << flag)
    for method in (1, 6, 9, 12, 14, 93, 95, 99):
        yield f"method {method}", REFUSED, changed(method=method)
    yield "a comment of a file", REFUSED, changed(central={"comment": b"PK\5\6" + bytes(18)})
    yield "a tar's header as its beginning", REFUSED, polyglot(entries)


def polyglot(entries):
    """A zip whose first 512 bytes are a tar's header, too: the name "PK\\3\\4" and the version, the rest in a first file that a
    system might have left. Behind it goes a forged tar."""
    name, forged = "b/.DS_Store", tar_file("b/forged", FORGED) + TAR_END
    start = len(ZipFile(name, b"").in_front())
    # The tar's checksum is of bytes of which the zip's checksum is one, and the reverse: tried until both hold.
    for guess in range(1500, 12000):
        block = bytearray(512)
        block[124:136], block[148:156], block[156:157], block[257:265] = octal(0, 12), b"%06o\0 " % guess, b"0", b"ustar\00000"
        first = ZipFile(name, bytes(block[start:]) + forged)
        head = (first.in_front() + first.packed)[:512]
        if sum(head[:148]) + 8 * 32 + sum(head[156:]) == guess:
            return make_zip([first] + entries)
    raise AssertionError("no such file was found")


def tars(files, victim):
    good = make_tar(files)
    forged = tar_file(victim, FORGED)
    data = files[victim]
    zip_ = make_zip([ZipFile(name, FORGED if name == victim else content) for name, content in files.items()])

    def with_(*more, **how):
        return make_tar(files, *more, **how)

    def changed(make):
        """The victim written otherwise."""
        return each(lambda name, content: make(name, content) if name == victim else tar_file(name, content))

    def each(make):
        return b"".join(make(name, content) for name, content in files.items()) + TAR_END

    def header(**fields):
        """The victim under a header with these fields."""
        return changed(lambda name, content: tar_header(name, len(content), **fields) + filled(content))

    def led_by(*blocks, **fields):
        """The victim with these in front of its header."""
        return changed(lambda name, content: b"".join(blocks) + tar_file(name, content, **fields))

    long = "b/data/9-" + "n" * 110
    gnu = {"magic": b"ustar  \0", "major": b"\0" * 8, "minor": b"\0" * 8}
    yield "plain", READ, good
    yield "of GNU's form", READ, each(lambda name, content: tar_file(name, content, **gnu))
    yield "./ in front", READ, make_tar({"./" + name: content for name, content in files.items()})
    yield "./ in front, and itself", READ, tar_header("./", kind=b"5") + make_tar({"./" + name: content for name,
                                                            content in files.items()})
    yield "no folder on top", READ, make_tar({name[2:]: content for name, content in files.items()})
    yield "its folder in the prefix", READ, each(lambda name, content: tar_file(name[2:], content, prefix=b"b"))
    yield "under three folders", READ, make_tar({"a/Übergabe/" + name: content for name, content in files.items()})
    yield "a long way to it, by pax", READ, each(lambda name, content: pax(("path", "t" * 110 + "/" + name)) + tar_file("t" * 100,
                                                            content))
    yield "a long way to it, by GNU", READ, each(lambda name, content: long_name("t" * 110 + "/" + name) + tar_file("t" * 100,
                                                            content, **gnu))
    yield "a name in UTF-8 by pax, and in ASCII", READ, each(lambda name, content: pax(("path",
                                                            "Ü/" + name)) + tar_file("?/" + name, content))
    yield "a name of marks that differs", REFUSED, each(lambda name, content: pax(("path", "Ü/" + name)) + tar_file("??/" + name,
                                                            content))
    yield "times of pax", READ, each(lambda name, content: pax(("mtime", "1.5"), ("uname", "x"), ("SCHILY.xattr.user.x",
                                                            b"a\nb\0c")) + tar_file(name, content))
    yield "a comment of pax for all", READ, pax(("comment", "x"), kind=b"g", name="pax_global_header") + good
    yield "the same name and size by pax", READ, led_by(pax(("path", victim), ("size", len(data))))
    yield "a binary size", READ, header(size_field=b"\x80" + len(data).to_bytes(11, "big"), mtime=b"\x80" + bytes(11))
    yield "folders listed", READ, tar_header("b/", kind=b"5") + tar_header("b/data", kind=b"5") + good
    yield "what macOS adds", READ, with_(tar_file("b/._bagit.txt", b"junk"), tar_file("._b", b"junk"),
                                         tar_file("b/data/.DS_Store", b"junk"))
    yield "a megabyte of zeros behind", READ, good + bytes(1 << 20)

    yield "a second tar behind its end", REFUSED, good + forged + TAR_END
    yield "a second tar behind a whole record", REFUSED, good + bytes(-len(good) % 10240) + forged + TAR_END
    yield "a whole forged tar behind its end", REFUSED, good + make_tar({**files, victim: FORGED})
    yield "a zip behind its end", REFUSED, good + zip_
    yield "a byte behind its end", REFUSED, good + bytes(512) + b"x"
    yield "one block of zeros, and on", REFUSED, with_(bytes(512), forged)
    yield "two blocks of zeros, and on", REFUSED, with_(bytes(1024), forged)
    yield "one block of zeros at the end", REFUSED, with_(end=bytes(512))
    yield "no end", REFUSED, with_(end=b"")
    yield "half a block as its end", REFUSED, with_(end=bytes(700))
    yield "a name twice", REFUSED, with_(forged)
    yield "a name twice, forged first", REFUSED, forged + good
    yield "a name twice, once with ./", REFUSED, with_(tar_file("./" + victim, FORGED))
    yield "a name in another case", REFUSED, with_(tar_file(victim.upper().replace("B/DATA", "b/data"), FORGED))
    yield "its folder in another case", REFUSED, with_(tar_file(victim.replace("data", "DATA"), FORGED))
    yield "a file where a folder is", REFUSED, with_(tar_file("b/data", FORGED))
    for what, kind in (("a hard link", b"1"), ("a link", b"2"), ("a character device", b"3"), ("a block device", b"4"), ("a pipe",
                                                            b"6"),
                       ("contiguous", b"7"), ("a dump's folder", b"D"), ("a part", b"M"), ("a label", b"V"), ("holes",
                                                            b"S"), ("Solaris's", b"X"),
                       ("an inode", b"I"), ("a long link", b"K"), ("unknown", b"?"), ("attributes", b"A")):
        yield f"of type {what}", REFUSED, with_(tar_header("b/data/x", kind=kind, link=b"/etc/passwd" if kind in b"12" else b""))
        yield f"of type {what}, with bytes", REFUSED, with_(tar_header("b/data/x", size=len(FORGED), kind=kind), filled(FORGED))
    yield "a foreign link", REFUSED, with_(tar_header("b/.DS_Store", kind=b"2", link=b"/etc/passwd"))
    yield "a link, and a file through it", REFUSED, tar_header("b/data", kind=b"2", link=b"/tmp") + good
    yield "a file with a link's name", REFUSED, header(link=b"x")
    for name in ("/etc/exhibit-was-here", "../escaped", "b/../../escaped", "b/./x", "b//x", "C:/x", "b/a\\b", "b/data/NUL.txt",
                 "b/con", "b/a/b/c",
                 "b/data/\x1b[2J", "b/data/\u00e9", b"b/data/\xff", "b/data/1%2e", "", "b/x.", "other/x", "b/data/x/"):
        yield f"the name {name!r:.40}", REFUSED, with_(tar_file(name, FORGED))
    yield "the folder ..", REFUSED, with_(tar_header("../x", kind=b"5"))
    yield "something behind a name's end", REFUSED, changed(lambda name, content: tar_header(name + "\0forged",
                                                            len(content)) + filled(content))
    yield "something behind a user's end", REFUSED, header(user=b"x\0y")
    yield "something in a header's last bytes", REFUSED, header(rest=b"tar\0")
    yield "a prefix in a header of GNU's form", REFUSED, changed(lambda name, content: tar_header(name[2:], len(content),
                                                            prefix=b"b", **gnu) + filled(content))
    yield "a header older than POSIX's", REFUSED, header(magic=bytes(8))
    yield "an unknown magic", REFUSED, header(magic=b"ustar\0  ")
    yield "something between two files", REFUSED, changed(lambda name, content: tar_header(name, len(content)) + filled(content, b"x"))
    yield "a folder with bytes", REFUSED, with_(tar_header("b/more", size=512, kind=b"5"), forged[:512])
    yield "a file hidden in a folder's bytes", REFUSED, with_(tar_header("b/more/", size=len(forged), kind=b"5"), forged)
    yield "a wrong checksum", REFUSED, good.replace(tar_header(victim, len(data))[:156], tar_header(victim,
                                                            len(data))[:148] + b"000000\0 ")
    yield "a checksum of signed bytes", REFUSED, with_(tar_header("b/.DS_Store", signed=True, user=b"\xc3\xbc"))
    for what, number in (("with blanks in front", b"  %09o\0" % len(data)), ("without an end", b"%012o" % len(data)),
                         ("of nothing", bytes(12)),
                         ("of letters", b"x" * 11 + b"\0"), ("below zero", b"\xff" * 12), ("with a NUL within",
                                                            b"%05o\0" % len(data) + b"00000\0"),
                         ("with a digit 8", b"00000000008\0"), ("of 8 TiB", b"\x80" + (8 << 40).to_bytes(11, "big")), ("of 2^63",
                                                            b"\x80" + (1 << 63).to_bytes(11, "big")),
                         ("of 2^80", b"\x80" + (1 << 80).to_bytes(11, "big")), ("with a minus", b"-%010o\0" % len(data))):
        yield f"a size {what}", REFUSED, header(size_field=number)
    for field, size in (("mode", 8), ("uid", 8), ("gid", 8), ("mtime", 12), ("major", 8), ("minor", 8)):
        yield f"letters for {field}", REFUSED, header(**{field: b"x" * size})
    # pax
    for what, records in (("another path", [("path", "b/data/other")]), ("a path out of the folder", [("path", "../../escaped")]),
                          ("an absolute path", [("path", "/etc/exhibit-was-here")]), ("a path that begins so", [("path",
                                                            victim + "-more")]),
                          ("an empty path", [("path", "")]), ("a path with a NUL", [("path", victim.encode() + b"\0x")]),
                          ("a smaller size", [("size", 1)]), ("a larger size", [("size", len(data) + 1024)]), ("size 0", [("size",
                                                            0)]),
                          ("a size that is none", [("size", "1x")]), ("a link's path", [("linkpath", "/etc/passwd")]),
                          ("holes", [("GNU.sparse.major", 1), ("GNU.sparse.minor", 0), ("GNU.sparse.name", "b/data/other"),
                                     ("GNU.sparse.realsize", 5)]),
                          ("holes of old", [("GNU.sparse.size", 5), ("GNU.sparse.map", "0,5")]), ("another name for holes",
                                                            [("GNU.sparse.name", "b/data/other")]),
                          ("a character set", [("hdrcharset", "BINARY")]), ("a real size", [("SCHILY.realsize", 5)]), ("a type",
                                                            [("SCHILY.filetype", "5")]),
                          ("an unknown key", [("VENDOR.x", "y")]), ("a path twice", [("path", victim), ("path", "b/data/other")])):
        yield f"pax says {what}", REFUSED, led_by(pax(*records))
        yield f"pax says for all {what}", REFUSED, pax(*records, kind=b"g") + good
    for what, block in (("no record", b"nothing\n"), ("a length too small", b"5 path=b/data/other\n"), ("a length too large",
                                                            b"99 path=b\n"),
                        ("a zero in front", b"009 path=\n"), ("no line feed", b"10 path=b/"), ("no key",
                                                            b"6 =ab\n"), ("a line within a key", b"22 SCHILY.xattr.\nx=y\n")):
        yield f"pax holds {what}", REFUSED, led_by(tar_file("x", block, kind=b"x"))
    yield "two headers of pax", REFUSED, led_by(pax(("mtime", 1)), pax(("mtime", 2)))
    yield "a header of pax at the end", REFUSED, with_(pax(("path", victim)))
    yield "a name of GNU at the end", REFUSED, with_(long_name(victim))
    yield "a name of GNU that differs", REFUSED, led_by(long_name("b/data/other"), **gnu)
    yield "a name of GNU that begins so", REFUSED, led_by(long_name(victim + "-more"), **gnu)
    yield "a name of GNU under another's", REFUSED, changed(lambda name, content: long_name(name) + tar_file("b/data/other",
                                                            content, **gnu))
    yield "two names of GNU", REFUSED, led_by(long_name(victim), long_name("b/data/other"), **gnu)
    yield "a name of GNU and one of pax", REFUSED, led_by(long_name(victim), pax(("path", "b/data/other")), **gnu)
    yield "a name of pax and one of GNU", REFUSED, led_by(pax(("path", victim)), long_name("b/data/other"), **gnu)
    yield "a name of GNU with a NUL within", REFUSED, led_by(long_name(victim + "\0x"), **gnu)
    yield "a link of GNU", REFUSED, led_by(long_name("/etc/passwd", b"K"), **gnu)
    yield "a long name that is another's short one", REFUSED, with_(pax(("path", long)) + tar_file(victim, FORGED))
    yield "a header for all between a name and its file", REFUSED, led_by(long_name(victim), pax(("comment", "x"), kind=b"g"), **gnu)
    yield "a file that says it is longer than the tar", REFUSED, with_(tar_header("b/x", size=1 << 20))


def hybrids(files, victim):
    for name, verdict, container in zips(files, victim):
        yield name, ".zip", container, verdict
    for name, verdict, container in tars(files, victim):
        yield name, ".tar", container, verdict
    good_zip, good_tar = make_zip([ZipFile(name, data) for name, data in files.items()]), make_tar(files)
    yield "a tar that is named a zip", ".zip", good_tar, REFUSED
    yield "a zip that is named a tar", ".tar", good_zip, REFUSED
    yield "a zip in capitals", ".ZIP", good_zip, READ
    yield "a zip of another name", ".dat", good_zip, REFUSED
    for ending, whole in ((".tar", good_tar), (".zip", good_zip)):
        for cut in range(0, len(whole), 512):
            yield f"cut at {cut}", ending, whole[:cut], REFUSED
