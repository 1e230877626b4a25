"""Random changes of honest zips and tars, in the fields that tell an unpacker what is where."""
import re
import struct

from hybrids import FORGED, behind
from making import TAR_END, ZipFile, deflated, filled, long_name, make_tar, make_zip, pax, tar_file, tar_header

ODD = (0, 1, 7, 8, 9, 0x7f, 0x80, 0xff, 0x10, 0x20, 0x2f, 0x2e, 0x5c)


def seeds(files, victim):
    """Honest ones, with a forged copy of a file somewhere where nobody should look."""
    stored = [ZipFile(name, data) for name, data in files.items()]
    small = [ZipFile(name, data, 8) for name, data in files.items()]
    junk = ZipFile("b/.DS_Store", ZipFile(victim, FORGED).in_front() + FORGED)
    yield ".zip", make_zip(stored)
    yield ".zip", make_zip(small)
    yield ".zip", make_zip(stored + [junk], with64=True)
    yield ".zip", make_zip([junk] + small, with64=True, count=0xffff, here=0xffff, size=0xffffffff, offset=0xffffffff)
    yield ".zip", make_zip([ZipFile("b/", b"", attributes=0o40755 << 16 | 0x10, extra=b"UT\5\0\3" + bytes(4)), junk] + [
        ZipFile(name, data, 8, flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=behind(data, deflated(data))) for name, data in files.items()])
    gnu = {"magic": b"ustar  \0"}
    hidden = tar_file("b/.DS_Store", tar_file(victim, FORGED))
    yield ".tar", make_tar(files)
    yield ".tar", make_tar(files, hidden, end=bytes(10240))
    top = "t" * 110 + "/"
    yield ".tar", b"".join(pax(("path", top + name), ("size", len(data)), ("mtime", "1.5")) + tar_file((top + name)[:100], data) for name, data in files.items()) + hidden + TAR_END
    yield ".tar", b"".join(long_name(top + name) + tar_file((top + name)[:100], data, **gnu) for name, data in files.items()) + hidden + TAR_END
    yield ".tar", b"".join(tar_header(name, len(data), **gnu) + filled(data) for name, data in files.items()) + hidden + TAR_END


def places_of_zip(content):
    marks = (b"PK\3\4", 30), (b"PK\1\2", 46), (b"PK\5\6", 22), (b"PK\6\6", 56), (b"PK\6\7", 20)
    return [(found.start(), length + 40) for mark, length in marks for found in re.finditer(mark, content)]


def places_of_tar(content):
    return [(at, 512) for at in range(0, len(content), 512) if content[at + 257:at + 262] == b"ustar"] + [(max(len(content) - 2048, 0), 2048)]


def change(content, is_zip, random):
    content = bytearray(content)
    places = places_of_zip(content) if is_zip else places_of_tar(content)
    if not places:
        return bytes(content)
    at, length = random.choice(places)
    other, other_length = random.choice(places)
    where = min(at + random.randrange(length), len(content) - 1)
    way = random.randrange(8)
    if way == 0:
        content[where] ^= 1 << random.randrange(8)
    elif way == 1:
        content[where] = random.choice(ODD)
    elif way == 2 and is_zip:       # a number a little more or less
        where = min(where, len(content) - 4)
        number = struct.unpack_from("<I", content, where)[0] + random.choice((-512, -30, -4, -1, 1, 4, 30, 512))
        struct.pack_into("<I", content, where, number & 0xffffffff)
    elif way == 3:                  # a header instead of another, or before it
        content[at:at + (length if random.random() < 0.5 else 0)] = content[other:other + other_length]
    elif way == 4:                  # a stretch taken out, or put in
        size = random.choice((1, 4, 12, 16, 46, 512, 1024))
        if random.random() < 0.5:
            del content[at:at + size]
        else:
            content[at:at] = bytes(size)
    elif way == 5:                  # from one header to another, twice
        first, last = sorted((at, other))
        content[at:at] = content[first:last]
    elif way == 6:                  # the same bytes elsewhere in the header
        size = random.choice((1, 2, 4, 8, 12))
        target = min(at + random.randrange(length), len(content) - size)
        content[target:target + size] = content[where:where + size].ljust(size, b"\0")
    else:
        content += content[at:at + random.choice((1, 22, 512, 4096))]
    return bytes(content)


def with_checksums(content):
    """A tar whose headers have the checksums of what they are now: else no change reaches what is behind that check."""
    content = bytearray(content)
    for at, length in places_of_tar(content):
        if length == 512 and at + 512 <= len(content):
            content[at + 148:at + 156] = b" " * 8
            content[at + 148:at + 156] = b"%06o\0 " % sum(content[at:at + 512])
    return bytes(content)


def changes(files, victim, random, count):
    honest = list(seeds(files, victim))
    for number in range(count):
        ending, content = random.choice(honest)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            content = change(content, ending == ".zip", random)
        if ending == ".tar" and random.random() < 0.9:
            content = with_checksums(content)
        yield f"change {number}", ending, content
