"""What a maker could put into a bag, and sign: files without a place, lines of another form, and a note that says too much."""
import hashlib
import json
import os
import shutil

from damage import link
from forging import ACCEPT, NOTE, REFUSE, compact, reordered, replace, second, sign_bundle
from judging import forge


def file_cells(forger):
    def put(name, data):
        return lambda files: {**files, name: data}

    def moved(name, to):
        return lambda files: {(to if key == name else key): value for key, value in files.items()}
    yield "an original with another safe name", "files", moved("data/1-a.txt", "data/1-b.txt"), REFUSE
    yield "an original without a name", "files", moved("data/1-a.txt", "data/1-"), REFUSE
    yield "an original that begins with a dot", "files", moved("data/1-a.txt", "data/1-.."), REFUSE
    yield "an original with an unsafe name", "files", moved("data/1-a.txt", "data/1-a b"), REFUSE
    yield "a second original", "files", put("data/1-b.txt", NOTE), REFUSE
    yield "an original of an item that is not there", "files", put("data/2-b.txt", NOTE), REFUSE
    yield "a folder in data", "files", put("data/sub/x", b""), REFUSE
    yield "a number with a zero before it", "files", put("data/01.age", b""), REFUSE
    yield "a comment in the identity", "files", put("proof/identity.txt", b"# mine\n" + forger.identity.encode()), ACCEPT
    yield "no line feed behind the identity", "files", put("proof/identity.txt", forger.identity[:-1].encode()), ACCEPT
    yield "an identity that is a plugin", "files", put("proof/identity.txt", b"AGE-PLUGIN-X-1QQQQ\n"), REFUSE
    yield "a key file of another key", "files", put("proof/log.vkey", forger.other.key.encode() + b"\n"), REFUSE
    yield "no line feed behind the key", "files", put("proof/log.vkey", forger.log.key.encode()), REFUSE
    yield "metadata with a line feed", "files", lambda files: {
        **files, "proof/1.metadata.json": files["proof/1.metadata.json"] + b"\n"}, REFUSE
    yield "a header with more behind it", "files", lambda files: {**files, "proof/1.header": files["proof/1.header"] + b"x"}, REFUSE
    yield "an older bagit.txt", "files", put("bagit.txt", b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"), REFUSE
    yield "no originals and no identity", "files", lambda files: {
        k: v for k, v in files.items() if k not in ("proof/identity.txt", "data/1-a.txt", "proof/1.metadata.json")}, ACCEPT
    yield "an identity and no originals", "files", lambda files: {
        k: v for k, v in files.items() if k not in ("data/1-a.txt", "proof/1.metadata.json")}, REFUSE
    yield "no item", "files", lambda files: {k: v for k, v in files.items() if not k.startswith(("data/", "proof/1"))}, REFUSE
    info = b"Source-Organization: Tester\nExternal-Identifier: test.example/case-1\nBagging-Date: 2026-11-24\nExhibit-Log-Size: 2\n"
    yield "no oxum", "files", put("bag-info.txt", info), ACCEPT
    yield "another origin in bag-info.txt", "files", put("bag-info.txt", info.replace(b"case-1", b"case-2") + b"Payload-Oxum: \n"), ACCEPT
    yield "another log size in bag-info.txt", "files", put("bag-info.txt", info.replace(b"2\n", b"3\n") + b"Payload-Oxum: \n"), ACCEPT
    yield "a line more in bag-info.txt", "files", put("bag-info.txt", info + b"Contact-Name: X\nPayload-Oxum: \n"), ACCEPT
    yield "another oxum", "files", put("bag-info.txt", info + b"payload-oxum: 9.9\n"), REFUSE
    allowed = {     # by RFC 8493, and other tools write so
        "upper case": lambda text: text[:64].upper() + text[64:], "one space": replace(b"  ", b" "), "a star": replace(b"  ", b" *"),
        "a tab": replace(b"  ", b"\t"), "three spaces": replace(b"  ", b"   "),
        "carriage returns": lambda text: text.replace(b"\n", b"\r\n"), "lines in another order": lambda text: b"".join(
            reversed(text.splitlines(keepends=True)))}
    manifests = {
        "a line twice": lambda text: text + text[:text.index(b"\n") + 1], "two stars": replace(b"  ", b" **"), "no blank": replace(b"  ", b""),
        "two carriage returns": lambda text: text.replace(b"\n", b"\r\r\n"),
        "no line feed at the end": lambda text: text[:-1], "an empty line": lambda text: text + b"\n",
        "a dot in front": replace(b"  data/", b"  ./data/"), "two dots": replace(b"  data/", b"  data/../data/"),
        "an absolute name": lambda text: text + b"0" * 64 + b"  /etc/hostname\n",
        "a tag file": lambda text: text + hashlib.sha256(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n").hexdigest().encode()
        + b"  bagit.txt\n"}
    for what, change in manifests.items():
        yield f"the manifest has {what}", "after", in_manifest(change), REFUSE
    for what, change in allowed.items():
        yield f"the manifest has {what}", "after", in_manifest(change), ACCEPT
    yield "an empty folder", "after", lambda bundle: (bundle / "data/empty").mkdir(), ACCEPT
    yield from foreign_cells()


def foreign_cells():
    """What an operating system leaves, and what only looks like it."""
    def lay(name, folder=False):
        def after(bundle):
            path = bundle / name
            path.mkdir(parents=True) if folder else (path.parent.mkdir(parents=True, exist_ok=True), path.write_bytes(b"junk"))
        return after
    for name in (".DS_Store", "data/.ds_store", "proof/._0.entry", "Thumbs.db", "data/THUMBS.DB", "desktop.ini", "ehthumbs.db", ".directory",
                 "data/.nfs0001", "lost+found/5", "System Volume Information/x", ".Trash-1000/info/x", ".Trashes/5/x", "$RECYCLE.BIN/S-1/x",
                 "__MACOSX/data/1.age", ".fseventsd/x", ".Spotlight-V100/y/z", "@eaDir/x", "Icon\r", "data/.fuse_hidden01"):
        yield f"{name} beside it", "after", lay(name), ACCEPT
    for name in ("lost+found", "a/b/c", "data/System Volume Information", ".DS_Store", "proof/1.entry.d"):
        yield f"the folder {name} beside it", "after", lay(name, folder=True), ACCEPT
    for name in ("lost+found", "DS_Store", "data/3-.DS_Store", ".DS_Store/x", "Thumbs.db.exe", "LOST+FOUND/5", ".NFS0001", "._", "lost+found2/x", "data/2.age"):
        yield f"{name}, which no system leaves", "after", lay(name), REFUSE
    yield "a link called .DS_Store", "after", lambda bundle: os.symlink("/etc/passwd", bundle / ".DS_Store"), REFUSE
    yield "a folder's link called lost+found", "after", lambda bundle: os.symlink("/etc", bundle / "lost+found"), REFUSE
    yield "a .DS_Store that is listed", "files", lambda files: {**files, "data/.DS_Store": b"x"}, REFUSE


def in_manifest(change):
    """Changes manifest-sha256.txt and its hashes in the others."""
    def after(bundle):
        manifest = bundle / "manifest-sha256.txt"
        before = manifest.read_bytes()
        manifest.write_bytes(change(before))
        for algorithm in second.MANIFEST_HASHES:
            tags = bundle / f"tagmanifest-{algorithm}.txt"
            tags.write_text(tags.read_text().replace(hashlib.new(algorithm, before).hexdigest(),
                                                     hashlib.new(algorithm, manifest.read_bytes()).hexdigest()))
        sign_bundle(bundle)
    return after


def note_cells(forger):
    def signed(signer=None, **more):
        return lambda bundle: sign_bundle(bundle, signer, **more)

    def changed(change):
        return lambda bundle: (bundle / "bundle.note").write_bytes(change((bundle / "bundle.note").read_bytes()))

    def relined(change):
        """Signed anew over the changed line."""
        return changed(lambda note: forger.custodian.note(change(note.partition(b"\n\n")[0] + b"\n")))
    yield "no note", lambda bundle: (bundle / "bundle.note").unlink(), REFUSE
    yield "an empty note", changed(lambda note: b""), REFUSE
    yield "signed by another", signed(forger.other), REFUSE
    yield "signed by the log's key", signed(forger.log), REFUSE
    yield "signed by another who says that he is the custodian", signed(forger.other, made_by=forger.custodian.actor), REFUSE
    yield "signed by the custodian, who says that he is another", signed(forger.custodian, made_by=forger.other.actor), REFUSE
    yield "signed by two", changed(lambda note: note + forger.other.line(note.partition(b"\n\n")[0] + b"\n")), REFUSE
    yield "signed twice", changed(lambda note: note + note[note.rindex(b"\xe2\x80\x94"):]), REFUSE
    yield "another manifest", signed(sha256="0" * 64), REFUSE
    yield "another manifest of SHA-512", signed(sha512="0" * 128), REFUSE
    yield "a SHA-512 in upper case", signed(sha512="A" * 128), REFUSE
    yield "another origin", signed(origin="test.example/case-2"), REFUSE
    yield "a larger log", signed(size=3), REFUSE
    yield "a smaller log", signed(size=1), REFUSE
    yield "no sealed file", signed(sealed_files=0), REFUSE
    yield "more sealed files", signed(sealed_files=2), REFUSE
    yield "another range", signed(range="1-2"), REFUSE
    yield "the range again", signed(range="1"), ACCEPT
    for text in ("", "0", "01", "1-1", "1-0", "2-1", "1,2", "1-", "-1", "1-99999999999999999999", "99999999999999999999", " 1", 1):
        yield f"a range of {text!r}", signed(range=text), REFUSE
    yield "a time to come", signed(time="9999-12-31T23:59:59.999Z"), ACCEPT
    yield "no time of day", signed(time="2026-11-24"), REFUSE
    yield "a version to come", signed(v=2), REFUSE
    yield "another statement", signed(statement="transfer"), REFUSE
    yield "one key more", signed(more=1), REFUSE
    yield "true for a number", signed(sealed_files=True), REFUSE
    yield "another order", relined(lambda line: compact(reordered(json.loads(line))) + b"\n"), REFUSE
    yield "white space", relined(replace(b'":1,', b'": 1,')), REFUSE
    yield "two lines", relined(lambda line: line + b"more\n"), REFUSE
    yield "a line of nine thousand bytes", relined(lambda line: b'{"x":"' + b"a" * 9000 + b'",' + line[1:]), REFUSE
    yield "a manifest changed behind it", lambda bundle: (bundle / "tagmanifest-sha256.txt").write_bytes(
        b"".join(reversed((bundle / "tagmanifest-sha256.txt").read_bytes().splitlines(keepends=True)))), REFUSE
    yield "the note is a link", lambda bundle: link("bundle.note")(bundle), REFUSE
    yield "a note in a folder", lambda bundle: shutil.copy(bundle / "bundle.note", bundle / "proof/bundle.note"), REFUSE


def a_bag_holds_what_it_lists_and_what_belongs_there(world):
    forge(world, file_cells)


def a_bundle_is_signed_by_who_made_it(world):
    forge(world, lambda forger: ((what, "after", change, verdict) for what, change, verdict in note_cells(forger)))
