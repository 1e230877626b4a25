"""A log as it can come to somebody: a vault's folder, a published folder, a server, a bundle."""
import base64
import contextlib
import http.server
import os
import shutil
import threading

from forging import ORIGIN


def head_of(chance, log):
    """Mostly the one that the log's key signed."""
    good = log.checkpoint()
    other = (log.checkpoint(len(log.leaves) + 1), log.checkpoint(max(len(log.leaves) - 1, 1)), log.checkpoint(0), good[:-5], b"",
             good.replace(ORIGIN.encode(), b"test.example/case-2"))
    return good if chance.random() < 0.85 else chance.choice(other)


def key_file(path, signer):
    """A plain signing key of the program's."""
    text = f"PRIVATE+KEY+{signer.actor}+{base64.b64encode(bytes([1]) + signer.seed).decode()}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def as_vault(world, log, chance, name="vault"):
    """Written by forged_store, which knows no rule."""
    told, vault = world.folder / "told", world.folder / name
    shutil.rmtree(told, ignore_errors=True)
    shutil.rmtree(vault, ignore_errors=True)
    told.mkdir()
    for number, entry in enumerate(log.entries):
        (told / f"{number}.entry").write_bytes(entry)
        if number in log.sealed and chance.random() < 0.95:
            (told / f"{number}.age").write_bytes(log.header + log.payload)
    (told / "checkpoint").write_bytes(head_of(chance, log))
    if chance.random() < 0.1:
        (told / "no-acts").touch()
    world.tool(world.binaries / "forged_store", told, vault)
    key_file(vault / "keys/log.key", log.forger.log)
    key_file(world.folder / "tester.key", log.forger.custodian)
    world.tool("age", "-r", world.reader, "-o", vault / "keys/reader.age", "bundle-key.txt")
    return vault


def as_published(world, log, chance, name="www"):
    """The static files of tlog-tiles, of which some may be others or missing."""
    www = world.folder / name
    shutil.rmtree(www, ignore_errors=True)
    files = {"checkpoint": head_of(chance, log)}
    width, short = len(log.entries), [entry[:65_535] for entry in log.entries]
    files[f"tile/0/000.p/{width}"] = b"".join(log.leaves)
    files[f"tile/entries/000.p/{width}"] = b"".join(len(entry).to_bytes(2, "big") + entry for entry in short)
    if chance.random() < 0.1:
        path = chance.choice(sorted(files))
        files[path] = chance.choice((b"", files[path][:-1], files[path] + b"x", chance.randbytes(40)))
    for path, data in files.items():
        (www / path).parent.mkdir(parents=True, exist_ok=True)
        (www / path).write_bytes(data)
    return www


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


def reads_a_vault(log, reader):
    """Every command that reads one."""
    last = len(log.entries) - 1
    key = ("-i", reader)
    yield from (["log"], ["log", "--json"], ["log", "0", f"0-{last}"], ["log", str(last + 1)])
    for more in ([], ["--json"], ["--due"], ["--due", "--rule", "hipaa", *key], [*key], [*key, "--json"], [*key, "--kind", "notice"]):
        yield ["list", *more]
    for more in ([], ["--log"], ["--json"], ["--content", *key], ["--content", *key, "--json"], ["1"], ["--fingerprint", "0" * 64],
                 ["--since", "vault/HEAD"]):
        yield ["verify", *more]
    items = sorted(log.sealed)[:3] + [last]
    for item in map(str, items):
        yield from (["show", item], ["show", item, *key, "--json"], ["history", item, *key])
    for more in ([], ["--json"], ["--case-uco", *key]):
        yield ["history", "1", *more]
    for more in ([], [*key], ["--json", *key], ["--svg", "-", *key]):
        yield ["timeline", *more]
    for command in (["case", "show"], ["custodian", "list"], ["reader", "list"], ["rule"], ["checkpoint"]):
        yield from (command, [*command, "--json"])
    yield from (["case", "show", *key], ["publish", "published"], ["fork-proof"], ["fork-proof", "--against", "vault/HEAD"],
                ["checkpoint", "--witness-request", "request"], ["timestamp", "request", "--out", "query"],
                ["--pin", "vault/HEAD", "list"])


def writes_a_vault(log, reader, copy):
    """Commands that go on with it, each told which copy."""
    more = ("--vault", copy, "--key", "tester.key")
    key = ("-i", reader)
    yield from (["cat", "1", *key, *more], ["export", "1", "--out", f"{copy}/out", *key, *more],
                ["export", f"0-{len(log.entries) - 1}", "--partial", "--out", f"{copy}/partial", *key, *more],
                ["add", "tester.key", *more], ["hold", "1", "--authority", "a", "--reason", "b", *more],
                ["release", "1", "--authority", "a", "--reason", "b", *more],
                ["shred", "1", "--authority", "a", "--reason", "b", "--confirm", "1", *more], ["rule", "--none", *more],
                ["rotate-log-key", "--no-passphrase", *more], ["case", "set", "--discovered", "2025-02-20", *more], ["take-in", copy, *more],
                ["recover-head", "--reason", "a", "--confirm", ORIGIN, *more], ["verify", "--vault", copy])
