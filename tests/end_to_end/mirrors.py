"""Published logs on servers as they are: out of order, compressed, behind an authority of their own, or behind the
times. What could not be read is not called changed, and what is only older is not called forged."""
import gzip
import json
import os
import shutil

from servers import Mirror
from world import expect, flip, flipped

READER = "reader"


def as_reader(world, name=READER, vault="/nonexistent"):
    return {"XDG_STATE_HOME": str(world.folder / name), "EXHIBIT_VAULT": vault}


def published(world, count):
    """A vault of `count` items, published in www."""
    made = world.init()
    for number in range(count):
        world.write(f"in/{number}", f"item {number}".encode())
    world.run("add", "in")
    world.run("publish", "www")
    return made


def verified(world, place, made, expect=0, name=READER, more=()):
    return world.run("verify-log", place, "--fingerprint", made["fingerprint"], *more, expect=expect, **as_reader(world, name))


FAULTS = [503, 404, 502, 429, "reset", "page", "cut", "cut without a length"]


def what_a_server_does_not_give_is_not_called_changed(world):
    made = published(world, 300)
    tile = "/tile/entries/001.p/45"
    expect((world.folder / "www" / tile[1:]).exists())
    for number, wrong in enumerate(FAULTS):
        # Once: it is asked again, and nobody hears of it.
        with Mirror(world.folder / "www", lambda path, count: wrong if count == 1 and "entries" not in path else None) as mirror:
            verified(world, mirror.url, made, name=f"once-{number}")
            expect(all(count <= 2 for count in mirror.counts.values()) and mirror.counts["/checkpoint"] == 2, mirror.counts)
        # Always, of one file: it is named in one line, and nothing else is said of the log.
        with Mirror(world.folder / "www", lambda path, count: wrong if path.startswith("/tile/entries/001") else None) as mirror:
            result = verified(world, mirror.url, made, expect=1, name=f"always-{number}")
            text = result.stdout + result.stderr
            expect(b"FAILED" not in text and b"<h1>" not in text and b"\x1b" not in text, text)
            expect(b"\nverified" not in text and text.count(b"undecided") == 1 and b"tile/entries/001" in text, text)
            expect(b"asked twice" in text and len(text) < 5000, text)
            report = json.loads(verified(world, mirror.url, made, expect=1, name=f"always-{number}", more=["--json"]).stdout)
            expect(not report["ok"] and not report["findings"] and len(report["undecided"]) == 1, report)
            # Nothing is kept of it, so that a whole copy is verified from its beginning.
            expect(not (world.folder / f"always-{number}/exhibit/verified").exists())
        if wrong not in (503, "reset", "page"):
            continue
        # Always, of all.
        with Mirror(world.folder / "www", lambda path, count: wrong if path != "/checkpoint" else None) as mirror:
            text = verified(world, mirror.url, made, expect=1, name=f"all-{number}").stdout
            expect(b"FAILED" not in text and text.count(b"undecided") <= 10, text)
        with Mirror(world.folder / "www", lambda path, count: wrong) as mirror:
            result = verified(world, mirror.url, made, expect=1, name=f"none-{number}")
            expect(result.stdout == b"" and b"<h1>" not in result.stderr and len(result.stderr) < 1000, result.stderr)
    # Where nobody listens, and where somebody says something else.
    expect(b"127.0.0.1:1/checkpoint" in verified(world, "http://127.0.0.1:1", made, expect=1).stderr)
    # What was changed is called changed, by a server too, also beside what it does not give.
    bundle = world.folder / "www/tile/entries/000"
    flip(bundle, 3000)
    with Mirror(world.folder / "www") as mirror:
        expect(b"FAILED" in verified(world, mirror.url, made, expect=3, name="changed").stdout)


def a_folder_s_file_that_cannot_be_read_is_not_missing(world):
    made = published(world, 3)
    path = world.folder / "www/tile/entries/000.p/4"
    whole = path.read_bytes()
    path.unlink()
    path.mkdir()  # what is no file is not what was published
    expect(b"FAILED" in verified(world, "www", made, expect=3).stdout)
    path.rmdir()
    expect(b"FAILED" in verified(world, "www", made, expect=3).stdout)
    path.write_bytes(whole[:-1])
    expect(b"FAILED" in verified(world, "www", made, expect=3).stdout)
    path.write_bytes(whole)
    verified(world, "www", made)
    if os.geteuid() != 0:
        path.chmod(0)
        result = verified(world, "www", made, expect=1, more=["--whole"])
        expect(b"undecided" in result.stdout and b"FAILED" not in result.stdout, result.stdout)


def a_log_that_is_served_compressed_is_bounded_by_what_comes_out(world):
    made = published(world, 300)
    with Mirror(world.folder / "www", lambda path, count: "packed") as mirror:
        # A full tile is 8,192 bytes of hashes, and more than that compressed.
        packed = gzip.compress(world.read("www/tile/0/000"), 0)
        expect(len(packed) > 8192)
        verified(world, mirror.url, made)
    # Little that is sent and much that comes out.
    (world.folder / "www/tile/0/000").write_bytes(bytes(30_000_000))
    with Mirror(world.folder / "www", lambda path, count: "packed") as mirror:
        result = verified(world, mirror.url, made, expect=3, more=["--whole"])
        expect(b"longer than the 8192 bytes" in result.stdout, result.stdout)


def a_mirror_that_lags_is_older_and_not_forged(world):
    made = published(world, 3)
    shutil.copytree(world.folder / "www", world.folder / "lags")
    shutil.copytree(world.folder / "vault", world.folder / "fork")
    for number in range(300):
        world.write(f"more/{number}", f"more {number}".encode())
    world.run("add", "more")
    world.run("publish", "www")
    verified(world, "www", made)
    for place in ("lags", None):
        with Mirror(world.folder / "lags") as mirror:
            older = verified(world, place or mirror.url, made, expect=7)
            expect(b"older than what was seen before (size 4, seen 304), and consistent with it" in older.stdout, older.stdout)
            report = json.loads(verified(world, place or mirror.url, made, expect=7, more=["--json"]).stdout)
            expect(report["verdict"] == "older" and report["newer_seen"]["checkpoint"]["size"] == 304 and not report["findings"], report)
    # What was seen is not forgotten over it, and goes on from where it was.
    again = json.loads(verified(world, "www", made, more=["--json"]).stdout)
    expect(again["replayed_from"] == 304, again)
    # The keys of the log were exchanged since: the older copy knows nothing of it.
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    world.write("in/last", b"last")
    world.run("add", "in/last")
    world.run("publish", "www")
    verified(world, "www", made)
    verified(world, "lags", made, expect=7)
    # The owner's own publication, by the vault that is ahead of it.
    shutil.copytree(world.folder / "www", world.folder / "mine")
    world.write("in/ahead", b"ahead")
    world.run("add", "in/ahead")
    mine = world.run("verify-log", "mine", "--fingerprint", made["fingerprint"], expect=7)
    expect(b"older than what was seen before (size 306, seen 307), and consistent with it" in mine.stdout, mine.stdout)
    # Without it nobody can tell, and nobody is accused.
    alone = world.run("verify-log", "mine", "--fingerprint", made["fingerprint"], expect=1, EXHIBIT_VAULT="/nonexistent")
    expect(b"whether the one is the beginning of the other is not known" in alone.stdout, alone.stdout)
    expect(b"FAILED" not in alone.stdout and b"not verified" in alone.stdout, alone.stdout)
    # A checkpoint from elsewhere that is newer than what was seen here: not known either; one of before: told apart.
    verified(world, "lags", made, expect=1, name="stranger", more=["--pin", "www/checkpoint"])
    verified(world, "lags", made, expect=7, more=["--pin", "www/checkpoint"])
    # An older end of another history is no mirror that lags.
    forger = {"XDG_STATE_HOME": str(world.folder / "forger"), "EXHIBIT_VAULT": str(world.folder / "fork")}
    for number in range(5):
        world.write(f"other/{number}", f"other {number}".encode())
    world.run("add", "other", **forger)
    world.run("publish", "www2", **forger)
    refused = verified(world, "www2", made, expect=3)
    expect(b"not the one that was seen before" in refused.stdout, refused.stdout)
    # Nor is one whose entries do not make it.
    bundle = world.folder / "lags/tile/entries/000.p/4"
    good = bundle.read_bytes()
    flip(bundle, -9)
    verified(world, "lags", made, expect=3)
    bundle.write_bytes(good)
    # What was kept is believed as far as it makes the root of what was kept.
    leaves = next((world.folder / READER / "exhibit/verified").glob("*.leaves"))
    kept = leaves.read_bytes()
    expect(len(kept) == 306 * 32)
    leaves.write_bytes(flipped(kept, 0))
    verified(world, "lags", made, expect=1)
    leaves.unlink()
    verified(world, "lags", made, expect=1)
    verified(world, "www", made, more=["--whole"])
    verified(world, "lags", made, expect=7)


def a_server_s_own_authority_is_named(world):
    made = published(world, 3)
    world.tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.crt",
               "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    world.tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "other.key", "-out", "other.crt",
               "-days", "2", "-subj", "/CN=other")
    files = world.folder / "server.crt", world.folder / "server.key"
    with Mirror(world.folder / "www", certificate=files) as mirror:
        unknown = verified(world, mirror.url, made, expect=1).stderr
        expect(b"--ca-file" in unknown and b"certificate" in unknown.lower(), unknown)
        verified(world, mirror.url, made, expect=1, more=["--ca-file", "other.crt"])
        verified(world, mirror.url, made, expect=1, more=["--ca-file", "nothing"])
        verified(world, mirror.url, made, more=["--ca-file", "server.crt"])
        for variable in ("CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            world.run("verify-log", mirror.url, **{variable: str(files[0])}, **as_reader(world))
            world.run("verify-log", mirror.url, expect=1, **{variable: str(world.folder / "other.crt")}, **as_reader(world))
        # Who asks witnesses and authorities takes the same option.
        key = world.run("witness", "init", "w", "--name", "witness.example/w", "--log", made["log_key"], "--no-passphrase", "-q").stdout.decode().strip()
        asked = world.run("checkpoint", "--witness", mirror.url, "--witness-key", key, "--ca-file", "server.crt", expect=1)
        expect(b"501" in asked.stderr, asked.stderr)
        stamp = world.run("timestamp", "add", "--tsa", f"{mirror.url}/tsa", "--ca-file", "server.crt", expect=1)
        expect(b"501, a web page" in stamp.stderr and b"<" not in stamp.stderr, stamp.stderr)
