"""What imaging programs write: reports with the words of the real ones, and an E01. A file without a case serves importing.py.

The forms are those of FTK Imager 3.1.4.6 and 4.5.0.3, Guymager 0.8.8-3, ewfacquire 20140814, dc3dd 7.2.646, dcfldd 1.7 and UAC 3.2.0,
and of the Expert Witness Format as libewf documents it.
"""
import hashlib
import struct
import zlib


def md5(data):
    return hashlib.md5(data).hexdigest()


def sha1(data):
    return hashlib.sha1(data).hexdigest()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def section(at, kind, body, ends=False):
    """A section of an E01 that begins at byte `at`: its descriptor, and what is in it."""
    after = at if ends else at + 76 + len(body)
    head = kind.ljust(16, b"\0") + struct.pack("<QQ", after, 76 + len(body)) + bytes(40)
    return head + struct.pack("<I", zlib.adler32(head)) + body


def with_checksum(body):
    return body + struct.pack("<I", zlib.adler32(body))


def e01(media, number=1, last=True, stated=None):
    """A file of an image of these bytes. What it states may be of other ones."""
    stated = media if stated is None else stated
    made = b"EVF\x09\x0d\x0a\xff\x00\x01" + struct.pack("<HH", number, 0)
    made += section(len(made), b"sectors", zlib.compress(media))
    if last:
        made += section(len(made), b"digest", with_checksum(hashlib.md5(stated).digest() + hashlib.sha1(stated).digest() +
                                                            bytes(40)))
        made += section(len(made), b"hash", with_checksum(hashlib.md5(stated).digest() + bytes(16)))
    return made + section(len(made), b"done" if last else b"next", b"", ends=True)


def ftk_report(media, names, verdict="verified", unread=()):
    """NAME.E01.txt or NAME.001.txt. Windows writes it: in UTF-8 with a mark, CRLF."""
    lines = ["Created By AccessData\u00ae FTK\u00ae Imager 4.5.0.3 ", "", "Case Information: ", "Acquired using: ADI4.5.0.3",
             "Case Number: IR-2025-014", "Evidence Number: 5", "Unique description: ehr server", "Examiner: R. Novak", "Notes: ",
             "", "--------------------------------------------------------------", "",
             "Information for E:\\images\\server:", "", "Physical Evidentiary Item (Source) Information:", "[Device Info]",
             " Source Type: Physical", "[Drive Geometry]", " Bytes per Sector: 512", " Sector Count: 104,857,600",
             "[Physical Drive Information]", " Drive Model: VBOX HARDDISK", " Removable drive: False",
             " Source data size: 51200 MB", " Sector count:    104857600"]
    if unread:
        lines += ["", "ATTENTION:", "The following sector(s) on the source drive could not be read:", *[f"\t{r}" for r in unread],
                  "The contents of these sectors were replaced with zeros in the image.", ""]
    lines += ["[Computed Hashes]", f" MD5 checksum:    {md5(media)}", f" SHA1 checksum:   {sha1(media)}", "",
              "Image Information:", " Acquisition started:   Sat Nov 19 20:20:36 2022",
              " Acquisition finished:  Sat Nov 19 21:01:18 2022", " Segment list:", *[f"  E:\\images\\{n}" for n in names], "",
              "Image Verification Results:", " Verification started:  Sat Nov 19 21:01:19 2022",
              " Verification finished: Sat Nov 19 21:20:32 2022", f" MD5 checksum:    {md5(media)} : {verdict}",
              f" SHA1 checksum:   {sha1(media)} : {verdict}", ""]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def guymager_report(media, files, bad="", verdict="OK. The image contains exactly the data that was written."):
    """NAME.info. `files` are names and bytes of what the program says the digests of; None: "n/a"."""
    rows = "\n".join(f"{'n/a' if data is None else md5(data)!s:<32}  {name}" for name, data in files)
    found = (f"During acquisition, 24773 bad sectors have been encountered. They have been replaced by zeroed sectors. The "
             f"sector numbers are:\n   {bad}" if bad else "No bad sectors encountered during acquisition.")
    return f"""
GUYMAGER ACQUISITION INFO FILE
==============================

Guymager
========

Version              : 0.8.8-3
Version timestamp    : 2019-02-20-15.50.35
Compiled with        : gcc 8.2.0

Device information
==================
Command executed: bash -c "smartctl -s on /dev/sr0 ; smartctl -a /dev/sr0"
Information returned:
----------------------------------------------------------------------------------------------------
   MD5 hash : 00000000000000000000000000000000

Hidden areas: unknown


Acquisition
===========

Linux device            : /dev/sdb
Device size             : 54083584 (54.1MB)
Format                  : Linux split dd raw image - file extension is .xxx
Hash calculation        : MD5 and SHA-256
Image verification      : on

{found}
State: Finished successfully

MD5 hash                   : {md5(media)}
MD5 hash verified source   : --
MD5 hash verified image    : {md5(media)}
SHA1 hash                  : --
SHA1 hash verified source  : --
SHA1 hash verified image   : --
SHA256 hash                : {sha256(media)}
SHA256 hash verified source: --
SHA256 hash verified image : {sha256(media)}
Image verification {verdict}

Acquisition started : 2022-05-16 14:46:53 (ISO format YYYY-MM-DD HH:MM:SS)
Ended               : 2022-05-16 15:55:58 (1 hours, 9 minutes and 5 seconds)


Generated image files and their MD5 hashes
==========================================

MD5                               Image file
{rows}

""".encode()


def ewfacquire_log(media):
    return f"""ewfacquire 20140814

Acquiry completed at: Jan 12, 2016 19:57:58

Written: 1.9 GiB (2048000804 bytes) in 14 second(s) with 139 MiB/s (146285771 bytes/second).
Errors reading device:
\ttotal number: 2
\tat sector(s): 1000 - 1008 number: 8 (offset: 0x0007d000 of size: 4096)
\tat sector(s): 2000 - 2008 number: 8 (offset: 0x000fa000 of size: 4096)

MD5 hash calculated over data:\t\t{md5(media)}
SHA256 hash calculated over data:\t{sha256(media)}
ewfacquire: SUCCESS
""".encode()


def dc3dd_log(media, name, pieces=()):
    """With `hof=` of one file, and `hofs=` of pieces."""
    parts = "".join(f"      {md5(data)}, sectors {i} - {i}\n" for i, (_, data) in enumerate(pieces))
    listed = "".join(f"      [ok] {md5(data)}, sectors {i} - {i}, `split/{piece}'\n" for i, (piece, data) in enumerate(pieces))
    of_pieces = (f"output results for files `split/{pieces[0][0]}':\n   12 sectors out\n   [ok] {md5(media)} (md5)\n{listed}\n"
                 if pieces else "")
    of_file = f"output results for file `./{name}':\n   12 sectors out\n   [ok] {md5(media)} (md5)\n\n" if name else ""
    return f"""
dc3dd 7.2.646 started at 2016-11-04 07:28:11 +0000
compiled options:
command line: dc3dd if=/dev/sdc hof=./{name} verb=on hash=md5
device size: 12 sectors (probed),   6,144 bytes
sector size: 512 bytes (probed)
  6144 bytes ( 6 K ) copied ( 100% ),  830 s, 18 M/s

input results for device `/dev/sdc':
   12 sectors in
   0 bad sectors replaced by zeros
   {md5(media)} (md5)
{parts}
{of_pieces}{of_file}dc3dd completed at 2016-11-04 07:42:01 +0000

""".encode()


def dcfldd_log(media):
    return (f"0 - {len(media)}: {md5(media)}\n0 - {len(media)}: {sha1(media)}\n\nTotal (md5): {md5(media)}\n\n"
            f"Total (sha1): {sha1(media)}\n").encode()


def uac_log(name, archive):
    return f"""Created by UAC (Unix-like Artifacts Collector) 3.2.0

[Case Information]
Case Number: IR-2025-014
Evidence Number: 7
Description: File: other.tar.gz
Examiner: R. Novak
Notes: MD5 checksum: {md5(b"")}

[System Information]
Operating System: linux
System Architecture: x86_64
Hostname: fs01

[Acquisition Information]
Mount Point: /
Acquisition Started: Thu Apr 16 18:12:44 2026 +0000
Acquisition Finished: Thu Apr 16 18:15:02 2026 +0000

[Output Information]
File: {name}
Format: tar

[Computed Hashes]
MD5 checksum: {md5(archive)}
SHA1 checksum: {sha1(archive)}
SHA256 checksum: {sha256(archive)}
""".encode()
