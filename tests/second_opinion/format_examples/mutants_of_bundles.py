"""Files of a bundle, and checkpoints, in which one line is spelled otherwise; all that is over them is made anew."""
import functools
import json
import re

from build import bundle
from good import PLAIN, of_bundle, vault_recipient
from mutants_of_entries import base, fork, in_turn, is_text, people, spelled, with_last
from pieces import Spelled, leaf, note
from spellings import NOTES, change_json, change_lines, encode, of_text_line
from vectors import root_of, sha256

# Files of log/, tag files, the note, in a bundle that is kept.

@functools.lru_cache(None)
def vault_of_log():
    vault = people("log")
    vault.add("note", fields=[("items", "1"), ("text", "seen")])
    vault.item(b"second\n", path="two.txt")
    vault.add("note", fields=[("items", "1"), ("text", "seen twice")])
    vault.add("note", fields=[("items", "1"), ("text", "seen again")])
    return vault


HIDE = {1: {"acquired", "times"}}
SECOND = "fs01/two.txt"


def bundle_of(vault, **hooks):
    second = next(at for at in vault.sealed if b"second\n" == vault.content[at])
    return bundle(vault, [1, second], **{"names": {1: PLAIN, second: SECOND}, "hide": HIDE, **hooks})


def of_log(name, change, **hooks):
    """A bundle with a file of log/ that is spelled otherwise."""
    vault = fork(vault_of_log())
    return of_bundle(name, vault, bundle_of(vault, log=lambda parts: parts.update({name: change(parts[name])}), **hooks))


@functools.lru_cache(None)
def honest_files(sealed=False):
    vault = fork(vault_of_log())
    return bundle_of(vault, **({"receivers": [vault_recipient("reader")], "names": {}} if sealed else {}))


def log_files(chance):
    while True:
        name = chance.choice(("hashes", "hashes", "fields", "fields", "files", "files", "entries"))
        what, data = change_lines(chance, honest_files()[f"log/{name}"])
        yield f"log/{name}, {what}", functools.partial(of_log, name, lambda _, data=data: data)


def of_tag(name, change):
    vault = fork(vault_of_log())
    return of_bundle(name, vault, bundle_of(vault, sha512="512" in name, tags=lambda files: files.update({name: change(files[name])})))


def of_manifest(change):
    vault = fork(vault_of_log())
    return of_bundle("manifest", vault, bundle_of(vault, manifest_edit=change))


def of_tag_manifest(change):
    vault = fork(vault_of_log())
    return of_bundle("tagmanifest", vault, bundle_of(vault, tag_manifest_edit=change))


BAG_INFO = (b"Source-Organization: x\nPayload-Oxum: %s\n", b"Payload-Oxum:%s\n", b"payload-oxum: %s\n", b"PAYLOAD-OXUM: %s\n", b"Payload-Oxum:\t%s\n", b"Payload-Oxum:  %s \n", b"Payload-Oxum : %s\n", b" Payload-Oxum: %s\n",
            b"Payload-Oxum: %s\r\n", b"Payload-Oxum: %s", b"Payload-Oxum:\n %s\n", b"Payload-Oxum: %s\n more\n", b"Payload-Oxum: %s\nPayload-Oxum: %s\n", b"Payload-Oxum: %s\nPayload-Oxum: 1.1\n", b"Payload-Oxum: 1.1\nPayload-Oxum: %s\n",
            b"X: y\n Payload-Oxum: 1.1\nPayload-Oxum: %s\n", b"", b"\n", b"x\n", b"X: \n", b"X:\n", b": x\n", b"\xff\n", b"X: \xff\n", b"X: \0\n", b"Payload-Oxum\n", b"X: y\n\nPayload-Oxum: 1.1\n", b"X: y\rPayload-Oxum: 1.1\r",
            b"X: y\x0cPayload-Oxum: 1.1\n", b"X: y\xc2\x85Payload-Oxum: 1.1\n", b"X: y\xe2\x80\xa8Payload-Oxum: 1.1\n", b"\xef\xbb\xbfPayload-Oxum: 1.1\n", b"\xef\xbb\xbfPayload-Oxum: %s\n", b"Payload-Oxum: %s\xc2\xa0\n", b"Payload-Oxum: %s\x0b\n",
            b"Payload-Oxum: 0%s\n", b"Payload-Oxum: +%s\n", b"Payload-Oxum: %s.\n", b"Payload-Oxum: %s.0\n", b"Payload-Oxum: %s 1\n", b"Payload-Oxum: \n", b"Payload-Oxum: x\n", b"Payload-Oxum: 171\n", b"Payload-Oxum: .2\n")


BAGIT = (b"BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8", b"BagIt-Version:1.0\nTag-File-Character-Encoding: UTF-8\n", b"BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n",
         b"BagIt-Version: 1.0\nTag-File-Character-Encoding: utf-8\n", b"bagit-version: 1.0\nTag-File-Character-Encoding: UTF-8\n", b"BagIt-Version: 1.00\nTag-File-Character-Encoding: UTF-8\n", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nX: y\n",
         b"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", b"BagIt-Version: 1.0\n\nTag-File-Character-Encoding: UTF-8\n", b"BagIt-Version: 1.0\rTag-File-Character-Encoding: UTF-8\r", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: ISO-8859-1\n")


def tag_files(chance):
    honest = honest_files()
    oxum = re.search(rb"Payload-Oxum: (.*)\n", honest["bag-info.txt"])[1]
    rows = [("bag-info.txt", data.replace(b"%s", oxum)) for data in BAG_INFO] + [("bag-info.txt", b"X: " + b"y" * (size - 4) + b"\n") for size in (1 << 20, (1 << 20) + 1)]
    rows += [("bagit.txt", data) for data in BAGIT]
    for name, data in in_turn(chance, rows):
        yield f"{name}, {data[:60]}", functools.partial(of_tag, name, lambda _, data=data: data)
        name = chance.choice(("bagit.txt", "bag-info.txt"))
        what, data = change_lines(chance, honest[name])
        yield f"{name}, {what}", functools.partial(of_tag, name, lambda _, data=data: data)
        for name, make in (("manifest-sha256.txt", of_manifest), ("tagmanifest-sha256.txt", of_tag_manifest)):
            what, data = change_lines(chance, honest[name])
            yield f"{name}, {what}", functools.partial(make, lambda _, data=data: data)


def of_note(respell=None, finish=None, **more):
    vault = fork(vault_of_log())
    def after(files):
        files["bundle.note"] = finish(files["bundle.note"])
    return of_bundle("note", vault, bundle_of(vault, note_edit=respell, after=after if finish else None, **more))


def notes(chance):
    value = json.loads(bundle_of(fork(vault_of_log()), sha512=True)["bundle.note"].split(b"\n")[0])
    rows = [(f"bundle.note, {what}", functools.partial(of_note, lambda value, data=data: Spelled(value, data), sha512=True)) for what, data in of_text_line(encode(value) + b"\n")]
    rows += [(f"bundle.note, {what}", functools.partial(of_note, None, change)) for what, change in NOTES]
    for row in in_turn(chance, rows):
        yield row
        for _ in range(3):
            what, data = change_json(chance, value)
            yield f"bundle.note, {what}", functools.partial(of_note, spelled(data), sha512=True)


# Checkpoints in entries.

def with_checkpoint(form, data):
    member = {"lost-head": "lost", "timestamp": "checkpoint"}[form]
    return with_last(form, lambda value: {key: data.decode() if key == member else one for key, one in value.items()})


def checkpoints(chance):
    vault = base("people")
    honest, logged = vault.checkpoint(3), honest_files()["log/checkpoint"]
    rows = [(f"log/checkpoint, {what}", functools.partial(of_log, "checkpoint", change)) for what, change in NOTES]
    for form in ("lost-head", "timestamp"):
        rows += [(f"{form}, {what}", functools.partial(with_checkpoint, form, change(honest))) for what, change in NOTES if is_text(change(honest))]
        for size in (0, 1, 2, 7, 8, 9, 2**53 - 1, 2**53):
            root = sha256(b"") if size == 0 else root_of([leaf(one) for one in vault.entries[:size]]) if size <= len(vault.entries) else bytes(32)
            rows.append((f"{form}, of size {size}", functools.partial(with_checkpoint, form, vault.checkpoint(size, root))))
    for row in in_turn(chance, rows):
        yield row
        what, data = change_lines(chance, text_of(honest))
        if is_text(data) and data.endswith(b"\n"):
            form = chance.choice(("lost-head", "timestamp"))
            yield f"{form}, {what}", functools.partial(with_checkpoint, form, note(data, vault.log))
        what, data = change_lines(chance, text_of(logged))
        if data.endswith(b"\n"):
            yield f"log/checkpoint, {what}", functools.partial(of_log, "checkpoint", lambda _, data=data: note(data, vault_of_log().log))


def text_of(data):
    return data.split(b"\n\n")[0] + b"\n"
