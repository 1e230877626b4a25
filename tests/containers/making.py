"""Zips and tars byte by byte, so that a test can lie in any field of them."""
import struct
import zlib


def deflated(data, level=6):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


class ZipFile:
    """One file of a zip: what both headers say, and what the one or the other says instead."""

    def __init__(self, name, data, method=0, flags=0, packed=None, extra=b"", attributes=0o100644 << 16, behind=None, before=b"", after=b"",
                 local=None, central=None, hidden=False, unwritten=False):
        self.name = name.encode() if isinstance(name, str) else name
        self.data = data
        self.packed = packed if packed is not None else deflated(data) if method == 8 else data
        self.fields = {"version": 20, "flags": flags, "method": method, "time": 0x5d7d0000, "crc": zlib.crc32(data), "packed": len(self.packed),
                       "size": len(data), "name": self.name, "extra": extra}
        self.attributes, self.behind, self.before, self.after = attributes, behind, before, after
        self.local, self.central, self.hidden, self.unwritten = local or {}, central or {}, hidden, unwritten

    def in_front(self):
        f = {**self.fields, **self.local}
        return struct.pack("<4sHHHIIIIHH", b"PK\3\4", f["version"], f["flags"], f["method"], f["time"], f["crc"], f["packed"], f["size"],
                           len(f["name"]), len(f["extra"])) + f["name"] + f["extra"]

    def listed(self, offset):
        f = {"offset": offset, "comment": b"", "part": 0, "made": 3 << 8 | 20, "attributes": self.attributes, **self.fields, **self.central}
        return struct.pack("<4sHHHHIIIIHHHHHII", b"PK\1\2", f["made"], f["version"], f["flags"], f["method"], f["time"], f["crc"],
                           f["packed"], f["size"], len(f["name"]), len(f["extra"]), len(f["comment"]), f["part"], 0, f["attributes"],
                           f["offset"]) + f["name"] + f["extra"] + f["comment"]


def end64(count, size, offset, end, lies=None):
    f = {"mark": b"PK\6\6", "length": 44, "count": count, "here": count, "size": size, "offset": offset, "at": end, "parts": 1, **(lies or {})}
    return struct.pack("<4sQHHIIQQQQ", f["mark"], f["length"], 45, 45, 0, 0, f["here"], f["count"], f["size"], f["offset"]) + struct.pack(
        "<4sIQI", b"PK\6\7", 0, f["at"], f["parts"])


def make_zip(files, comment=b"", prefix=b"", shift=True, gap=b"", with64=False, lies64=None, order=None, **end):
    """`shift`: offsets count the prefix, too. `end`: what the end says instead."""
    out, offsets = bytearray(prefix), []
    for file in files:
        out += file.before
        offsets.append(len(out) if shift else len(out) - len(prefix))
        if not file.unwritten:
            out += file.in_front() + file.packed + (file.behind or b"") + file.after
    out += gap
    at = len(out) if shift else len(out) - len(prefix)
    listed = [file.listed(offset) for file, offset in zip(files, offsets) if not file.hidden]
    listed = [listed[i] for i in order] if order else listed
    size = sum(map(len, listed))
    f = {"count": len(listed), "here": len(listed), "size": size, "offset": at, "part": 0, **end}
    out += b"".join(listed)
    if with64 or lies64:
        out += end64(len(listed), size, at, len(out), lies64)
    return bytes(out) + struct.pack("<4sHHHHIIH", b"PK\5\6", f["part"], 0, f["here"], f["count"], f["size"], f["offset"], len(comment)) + comment


def octal(value, size):
    return b"%0*o\0" % (size - 1, value)


def tar_header(name, size=0, kind=b"0", magic=b"ustar\00000", prefix=b"", signed=False, size_field=None, **fields):
    name = name.encode() if isinstance(name, str) else name
    parts = {"name": name[:100].ljust(100, b"\0"), "mode": octal(0o644, 8), "uid": octal(0, 8), "gid": octal(0, 8), "size": size_field or octal(size, 12),
             "mtime": octal(0, 12), "check": b" " * 8, "kind": kind, "link": b"", "magic": magic, "user": b"", "group": b"",
             "major": octal(0, 8), "minor": octal(0, 8), "prefix": prefix, "rest": b"", **fields}
    sizes = {"name": 100, "link": 100, "user": 32, "group": 32, "prefix": 155, "rest": 12}
    block = bytearray(b"".join(value.ljust(sizes.get(key, 0), b"\0") for key, value in parts.items()))
    assert len(block) == 512, (len(block), name)
    total = sum(byte - 256 * (signed and byte > 127) for byte in block)
    if fields.get("check") is None:
        block[148:156] = b"%06o\0 " % total
    return bytes(block)


def filled(data, with_=b"\0"):
    return data + with_ * (-len(data) % 512)


def tar_file(name, data, **fields):
    return tar_header(name, len(data), **fields) + filled(data)


def pax(*records, name="././@PaxHeader", kind=b"x"):
    data = b""
    for key, value in records:
        rest = b" " + key.encode() + b"=" + (value if isinstance(value, bytes) else str(value).encode()) + b"\n"
        length = len(rest) + 1
        while len(str(length)) + len(rest) != length:
            length += 1
        data += str(length).encode() + rest
    return tar_file(name, data, kind=kind)


def long_name(name, kind=b"L"):
    name = name.encode() if isinstance(name, str) else name
    return tar_file("././@LongLink", name + b"\0", kind=kind, magic=b"ustar  \0", major=b"\0" * 8, minor=b"\0" * 8)


TAR_END = bytes(1024)


def make_tar(files, *more, end=TAR_END):
    return b"".join(tar_file(name, data) for name, data in files.items()) + b"".join(more) + end
