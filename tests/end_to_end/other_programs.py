"""What other programs take in: events for Timesketch, load files for review platforms."""
import datetime
import hashlib
import json
import os

from world import NOTE, expect


def timesketch_gets_each_time_of_each_item_as_an_event(world):
    world.init()
    world.write("auth.log", b"x\n")
    os.utime(world.folder / "auth.log", ns=(1_700_000_000_123_456_789, 1_700_000_000_123_456_789))
    world.write("odd\u202e\n.txt", NOTE)
    world.run("add", "auth.log", "odd\u202e\n.txt", "--source", "fs01", "--case", "IR-1", "--tag", "first", "--clock-offset", "-1.5")
    world.run("case", "set", "--case", "IR-1", "--discovered", "2026-11-20", "--event", "2026-11-19T03:00:00Z the first login")
    text = world.run("timeline", "--timesketch", "-i", "reader.txt").stdout.decode()
    events = [json.loads(line) for line in text.splitlines()]
    expect("\u202e" not in text and all(line.startswith("{") for line in text.splitlines()))
    for event in events:
        expect({"message", "datetime", "timestamp_desc", "timestamp"} <= set(event), event)
        when = datetime.datetime.fromisoformat(event["datetime"])
        since = when - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        expect(since // datetime.timedelta(microseconds=1) == event["timestamp"], event)
    changed = [e for e in events if e["timestamp_desc"] == "Content Modification Time" and e["filename"] == "auth.log"]
    # The source's clock was 1.5 s ahead.
    expect(len(changed) == 1 and changed[0]["datetime"] == "2023-11-14T22:13:18.623456+00:00", changed)
    expect(changed[0]["sha256_hash"] == hashlib.sha256(b"x\n").hexdigest() and changed[0]["source_host"] == "fs01", changed)
    expect(changed[0]["tag"] == ["first"] and changed[0]["case"] == ["IR-1"] and changed[0]["entry"] == 1, changed)
    kinds = {event["timestamp_desc"] for event in events}
    expect({"Acquisition Time", "Custody Entry Time", "Case Date", "Case Event"} <= kinds, kinds)
    expect({e["message"] for e in events if e["timestamp_desc"] == "Case Event"} == {"the first login"})
    # Without a key there are only acts, and nothing that is sealed.
    sealed = world.run("timeline", "--timesketch").stdout.decode()
    expect({json.loads(line)["data_type"] for line in sealed.splitlines()} == {"exhibit:custody"} and "auth.log" not in sealed, sealed)


def a_load_file_names_each_original_by_a_bates_number(world):
    world.init()
    world.write("in/auth.log", b"x\n")
    world.write("in/th\u00fern\u00fe.txt", NOTE)
    world.run("add", "in", "--source", "fs01")
    world.run("export", "--all", "--out", "bundle", "-i", "reader.txt", "--purpose", "review", "--load-file", "review.dat",
              "--bates-prefix", "ACME-")
    raw = world.read("review.dat")
    expect(raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n"))
    rows = [[field[1:-1] for field in line.split("\x14")] for line in raw.decode("utf-8-sig").split("\r\n")[:-1]]
    expect(all(len(row) == len(rows[0]) for row in rows) and len(rows) == 3, rows)
    for line in raw.decode("utf-8-sig").split("\r\n")[:-1]:
        expect(all(field.startswith("\u00fe") and field.endswith("\u00fe") and "\u00fe" not in field[1:-1] for field in line.split("\x14")), line)
    table = [dict(zip(rows[0], row)) for row in rows[1:]]
    expect([row["BEGBATES"] for row in table] == ["ACME-000001", "ACME-000002"] == [row["ENDBATES"] for row in table], table)
    for row in table:
        file = world.folder / row["NATIVELINK"].replace("\\", "/")
        expect(hashlib.sha256(file.read_bytes()).hexdigest() == row["SHA256HASH"] and file.stat().st_size == int(row["FILESIZE"]), row)
    expect(table[0]["SOURCE"] == "fs01" and table[0]["FILENAME"] == "auth.log", table)
    # The bundle is the same as without: the load file is no part of it.
    world.run("bundle", program=world.verify_program, expect=5)
    world.second_opinion("bundle")
    # Nothing is recorded where it could not be written, or would tell what is sealed.
    size = world.json("checkpoint")["checkpoint"]["size"]
    world.run("export", "--all", "--out", "again", "-i", "reader.txt", "--purpose", "x", "--load-file", "review.dat", expect=1)
    recipient = world.run("keygen", "--no-passphrase", "-o", "other.txt").stdout.decode().strip()
    world.run("export", "--all", "--out", "again", "-i", "reader.txt", "--purpose", "x", "--load-file", "n.dat", "--recipient", recipient, expect=1)
    expect(world.json("checkpoint")["checkpoint"]["size"] == size)
