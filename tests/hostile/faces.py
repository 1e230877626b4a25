"""A log as it can come to somebody: a vault's folder, a published folder, a server, a bundle."""
import base64
import contextlib
import http.server
import os
import shutil
import threading

import build
import histories
import logs
from pieces import ORIGIN, leaf


def head_of(chance, vault):
    """Mostly the one that the log's key signed."""
    good, size = vault.checkpoint(), len(vault.entries)
    other = (lambda: vault.checkpoint(size + 1), lambda: vault.checkpoint(max(size - 1, 1)), lambda: logs.checkpoint(vault, 0), lambda: good[:-5],
             lambda: b"", lambda: good.replace(ORIGIN.encode(), b"test.example/case-2"))
    return good if chance.random() < 0.85 else chance.choice(other)()


def secret_file(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def key_file(path, key):
    """A plain signing key of the program's."""
    secret_file(path, f"PRIVATE+KEY+{key.actor}+{base64.b64encode(bytes([1]) + key.seed).decode()}\n")


def as_vault(world, vault, chance, name="vault"):
    """Written by forged_store, which knows no rule."""
    told, folder = world.folder / "told", world.folder / name
    shutil.rmtree(told, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    told.mkdir()
    for number, entry in enumerate(vault.entries):
        (told / f"{number}.entry").write_bytes(entry)
        if number in vault.sealed and chance.random() < 0.97:
            (told / f"{number}.age").write_bytes(vault.sealed[number].header + vault.sealed[number].payload)
        if number in vault.sealed and chance.random() < 0.97:
            (told / f"{number}.layout").write_bytes(vault.sealed[number].layout)
    (told / "checkpoint").write_bytes(head_of(chance, vault))
    if chance.random() < 0.1:
        (told / "no-acts").touch()
    world.tool(world.binaries / "forged_store", told, folder)
    key_file(folder / "keys/log.key", vault.log_keys[-1][1])
    key_file(world.folder / "tester.key", vault.keys["k1"])
    secret_file(folder / "keys/label.key", f"exhibit-label-secret+{base64.b64encode(vault.label_secret).decode()}\n")
    secret_file(world.folder / "bundle-key.txt", vault.recipient.identity + "\n")
    world.tool("age", "-a", "-r", world.reader, "-o", folder / "keys/reader.age", "bundle-key.txt")
    return folder


def as_published(world, vault, chance, name="www"):
    """The static files of tlog-tiles, of which some may be others or missing."""
    www = world.folder / name
    shutil.rmtree(www, ignore_errors=True)
    files = {"checkpoint": head_of(chance, vault)}
    width, short = len(vault.entries), [entry[:65_535] for entry in vault.entries]
    files[f"tile/0/000.p/{width}"] = b"".join(map(leaf, vault.entries))
    files[f"tile/entries/000.p/{width}"] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in short)
    if chance.random() < 0.1:
        path = chance.choice(sorted(files))
        files[path] = chance.choice((b"", files[path][:-1], files[path] + b"x", chance.randbytes(40)))
    write(www, files)
    return www


def as_bundle(world, vault, chance, name="bundle"):
    """Plain or sealed, of item 1, with more told or less."""
    place = world.folder / name
    shutil.rmtree(place, ignore_errors=True)
    more = histories.told_by_chance(chance, vault)
    if chance.random() < 0.5:
        write(place, build.bundle(vault, [1], receivers=[vault.recipient], **more))
    else:
        write(place, build.bundle(vault, [1], names=logs.NAMES, **more))
    return place


def as_proof(world, vault, chance, name="proof"):
    number = chance.choice(sorted(vault.sealed))
    (world.folder / name).write_bytes(build.proof(vault, number))
    (world.folder / "original").write_bytes(vault.content.get(number, b""))
    return world.folder / name


def write(folder, files):
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@contextlib.contextmanager
def served(folder):
    """The folder's URL while it is served on loopback."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reads_a_vault(vault, reader):
    """Every command that reads one."""
    last = len(vault.entries) - 1
    key = ("-i", reader)
    yield from (["log"], ["log", "--json"], ["log", "0", f"0-{last}"], ["log", str(last + 1)])
    for more in ([], ["--json"], ["--due"], ["--due", "--rule", "hipaa", *key], [*key], [*key, "--json"], [*key, "--kind", "notice"]):
        yield ["list", *more]
    for more in ([], ["--log", "--whole"], ["--log"], ["--json"], ["--content", *key], ["--content", *key, "--json"], ["1"], ["--fingerprint", "0" * 64],
                 ["--after", "vault/HEAD"]):
        yield ["verify", *more]
    items = sorted(vault.sealed)[:3] + [last]
    for item in map(str, items):
        yield from (["show", item], ["show", item, *key, "--json"], ["history", item, *key])
    for more in ([], ["--json"], ["--case-uco", *key]):
        yield ["history", "1", *more]
    for more in ([], [*key], ["--json", *key], ["--svg", "-", *key]):
        yield ["timeline", *more]
    for command in (["case", "show"], ["custodian", "list"], ["reader", "list"], ["rule"], ["checkpoint"]):
        yield from (command, [*command, "--json"])
    for command in (["case", "show"], ["custodian", "list"], ["reader", "list"]):
        yield [*command, *key]
    yield from (["case", "key", "IR-2025-014", "-o", "case-key"], ["publish", "published"], ["fork-proof"], ["fork-proof", "--against", "vault/HEAD"],
                ["checkpoint", "--witness-request", "request"], ["timestamp", "request", "--out", "query"], ["--pin", "vault/HEAD", "list"])


def writes_a_vault(vault, reader, copy):
    """Commands that go on with it, each told which copy."""
    more = ("--vault", copy, "--key", "tester.key")
    key, why = ("-i", reader), ("--authority", "a", "--reason", "b")
    some = ("--purpose", "a test", *key)
    yield from (["cat", "1", *some, *more], ["export", "1", "--out", f"{copy}/out", *some, *more],
                ["export", f"0-{len(vault.entries) - 1}", "--partial", "--out", f"{copy}/partial", *some, *more],
                ["restore", f"0-{len(vault.entries) - 1}", "--to", f"{copy}/restored", *some, *more], ["prove", "1", "--out", f"{copy}/proof", *some, *more],
                ["prove", "1", "--lines", "1", "--out", f"{copy}/part", *some, *more],
                ["add", "tester.key", *more], ["hold", "1", *why, *more], ["release", "1", *why, *more], ["note", "1", "--text", "seen", *more],
                ["shred", "1", *why, "--confirm", "1", *more], ["rule", "--none", "--reason", "b", *more],
                ["suspend", "2", "--reason", "b", *more], ["lift", "2", "--reason", "b", *more], ["reseal", "--yes", "--reason", "b", *key, *more],
                ["reseal", "--yes", "--destroy", "--reason", "b", *key, *more], ["reader", "recovery-key", "--reason", "b", *key, *more],
                ["rotate-log-key", "--reason", "b", "--no-passphrase", *more], ["case", "set", "--discovered", "2025-02-20", *more],
                ["take-in", copy, *more], ["recover-head", "--reason", "a", "--confirm", ORIGIN, *more],
                ["recover", "--name", "C", "--reason", "a", "--confirm", ORIGIN, "--no-passphrase", "--new-key", f"{copy}/new.key", *key, "--vault", copy],
                ["verify", "--vault", copy])
