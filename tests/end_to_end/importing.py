"""What other programs made comes in as what it is: their reports are compared with it in both directions, what they could not
have is a signed omission, and their logs are items."""
import json

from imaging import (dc3dd_log, dcfldd_log, e01, ewfacquire_log, ftk_report, guymager_report, md5, sha1, sha256, uac_log)
from world import expect, flipped

DISK = bytes(range(256)) * 64
OTHER = DISK[::-1]


def bring(world, *more, status=0, folder="images"):
    return world.json("add", "--from", "images", folder, *more, expect=status)


def by_name(items):
    return {item["name"]: item for item in items}


def omissions(vault_of):
    entries = [row["entry"] for row in vault_of.json("list", "-i", "reader.txt") if row["type"] == "omission"]
    return [json.loads(line) for entry in entries for line in vault_of.cat(entry).splitlines()]


def the_digest_of_a_disk_is_not_that_of_its_e01(world):
    """It is told as what it is, and compared with what the E01 states itself."""
    world.init()
    world.write("images/server.E01", e01(DISK[:100], last=False))
    world.write("images/server.E02", e01(DISK, number=2))
    world.write("images/server.E01.txt", ftk_report(DISK, ["server.E01", "server.E02"]))
    brought = by_name(bring(world)["items"])
    expect(len(brought) == 3, brought)
    told = by_name(world.items())
    for name in ("server.E01", "server.E02"):
        item = told[name]
        expect("claimed" not in item and item["state"]["claims"] == "none" and item["kind"] == "image", item)
        expect(item["media"] == [
            {"algorithm": "md5", "value": md5(DISK), "by": "server.E01.txt", "compared": "stated-alike"},
            {"algorithm": "sha1", "value": sha1(DISK), "by": "server.E01.txt", "compared": "stated-alike"},
            {"algorithm": "md5", "value": md5(DISK), "by": "server.E02", "compared": "not-compared"},
            {"algorithm": "sha1", "value": sha1(DISK), "by": "server.E02", "compared": "not-compared"}], item["media"])
    expect("media" not in told["server.E01.txt"], told)
    expect(omissions(world) == [])
    world.run("verify", "--content", "-i", "reader.txt")


def an_e01_that_states_another_disk_than_its_report_is_taken_in_and_said(world):
    world.init()
    world.write("images/server.E01", e01(DISK, stated=OTHER))
    world.write("images/server.E01.txt", ftk_report(DISK, ["server.E01"]))
    brought = bring(world, status=1)
    expect(len(brought["items"]) == 2 and not brought["refused"], brought)
    why = [row["reason"] for row in brought["contradicted"]]
    expect(len(why) == 2 and md5(OTHER) in why[0] and md5(DISK) in why[0] and "server.E01.txt" in why[0], why)
    media = by_name(world.items())["server.E01"]["media"]
    expect([row["compared"] for row in media[:2]] == ["stated-otherwise"] * 2, media)
    said = world.run("add", "--from", "images", "images", "--keep-mismatched").stderr
    expect(said.count(b"DIFFERS: images/server.E01") == 2, said)


def a_raw_image_in_one_file_is_compared(world):
    world.init()
    for name, log in {"a.001": ftk_report(DISK, ["a.001"]), "b.000": guymager_report(DISK, [("b.000", DISK)]),
                      "c.img": dc3dd_log(DISK, "c.img"), "d.dd": dcfldd_log(DISK), "e.raw": ewfacquire_log(DISK)}.items():
        world.write(f"images/{name}", DISK)
        world.write(f"images/{name}.log", log)
    expect("contradicted" not in bring(world))
    told = by_name(world.items())
    for name in ("a.001", "b.000", "c.img", "d.dd", "e.raw"):
        expect("media" not in told[name] and told[name]["state"]["claims"] == "matched", told[name])
    expect([claim["algorithm"] for claim in told["b.000"]["claimed"]] == ["md5", "sha256"], told["b.000"])
    # One that was changed since is evidence too, and its difference is no secret.
    world.write("images/d.dd", flipped(DISK))
    brought = bring(world, status=1, folder="images/")
    changed = by_name(brought["items"])["d.dd"]
    expect(changed["state"]["claims"] == "differ" and changed["md5"] != md5(DISK), changed)
    expect([claim["value"] for claim in changed["claimed"]] == [md5(DISK), sha1(DISK)], changed)
    said = world.run("add", "--from", "images", "images", expect=1).stdout
    expect(said.count(b"HASH DIFFERS") == 2, said)
    world.run("add", "--from", "images", "images", "--keep-mismatched")


def a_raw_image_in_pieces_is_compared_as_a_whole(world):
    world.init()
    pieces = [("nas.001", DISK[:5000]), ("nas.002", DISK[5000:9000]), ("nas.003", DISK[9000:])]
    for name, data in pieces:
        world.write(f"images/{name}", data)
    world.write("images/nas.001.txt", ftk_report(DISK, [name for name, _ in pieces]))
    expect("contradicted" not in bring(world))
    told = by_name(world.items())
    for name, data in pieces:
        expect([row["compared"] for row in told[name]["media"]] == ["matched"] * 2, told[name])
        expect("claimed" not in told[name] and told[name]["sha256"] == sha256(data), told[name])
    world.write("images/nas.002", flipped(pieces[1][1]))
    brought = bring(world, status=1)
    expect("its 3 pieces together have md5" in brought["contradicted"][0]["reason"], brought["contradicted"])
    expect([row["compared"] for row in world.items()[-2]["media"]] == ["differs"] * 2, world.items()[-2])


def pieces_whose_program_hashed_each_are_compared_one_by_one(world):
    world.init()
    pieces = [("nas.000", DISK[:5000]), ("nas.001", DISK[5000:])]
    for name, data in pieces:
        world.write(f"images/{name}", data)
    world.write("images/run.log", dc3dd_log(DISK, "", pieces))
    bring(world)
    told = by_name(world.items())
    expect([told[name]["claimed"] for name, _ in pieces] ==
           [[{"algorithm": "md5", "value": md5(data), "matched": True}] for _, data in pieces], told)
    expect([told[name]["media"][0]["compared"] for name, _ in pieces] == ["matched"] * 2, told)


def what_a_report_or_a_list_names_and_is_not_there_is_a_signed_omission(world):
    world.init()
    world.write("images/server.E01", e01(DISK[:100], last=False))
    world.write("images/server.E03", e01(DISK, number=3))
    world.write("images/server.E01.txt", ftk_report(DISK, [f"server.E0{n}" for n in range(1, 5)]))
    world.write("images/mail.E01", e01(DISK, last=False))
    world.write("images/SHA256SUMS", f"{sha256(b'mem')}  memory.mem\n{sha256(b'gone')}  gone.mem\n".encode())
    world.write("images/memory.mem", b"mem")
    brought = bring(world, status=1)
    refused = {row["path"]: row["reason"] for row in brought["refused"]}
    expect(sorted(refused) == ["gone.mem", "images/mail.E02", "images/server.E02", "images/server.E04"], refused)
    expect("server.E01.txt names it" in refused["images/server.E04"], refused)
    expect("another piece follows" in refused["images/mail.E02"], refused)
    expect(by_name(brought["items"])["memory.mem"]["state"]["claims"] == "matched", brought)
    expect({row["path"] for row in omissions(world)} == set(refused), omissions(world))
    # What the user leaves out is no lack.
    left = bring(world, "--exclude", "server*", "--exclude", "gone.mem", status=1)
    expect([row["path"] for row in left["refused"]] == ["images/mail.E02"], left)


def what_could_not_be_read_at_the_source_is_a_signed_omission_and_no_failure(world):
    world.init()
    world.write("images/a.E01", e01(DISK))
    world.write("images/a.E01.txt", ftk_report(DISK, ["a.E01"], unread=["491584 through 491591", "491928 through 491935"]))
    world.write("images/b.dd", DISK)
    world.write("images/b.info", guymager_report(DISK, [("b.dd", None)], bad="300-11556, 12002-18758"))
    world.write("images/c.E01", e01(DISK))
    world.write("images/c.log", ewfacquire_log(DISK))
    brought = bring(world)
    missed = {row["path"]: row["reason"] for row in brought["missed"]}
    expect(sorted(missed) == ["images/a.E01", "images/b.dd", "images/c.E01"], missed)
    expect("491584 through 491591, 491928 through 491935" in missed["images/a.E01"], missed)
    expect("24773 bad sectors" in missed["images/b.dd"] and "300-11556" in missed["images/b.dd"], missed)
    expect("1000 - 1008" in missed["images/c.E01"], missed)
    expect(sorted((row["path"], row["why"]) for row in omissions(world)) == sorted(missed.items()), omissions(world))
    said = world.run("add", "--from", "images", "images")
    expect(b"3 not whole at the source" in said.stdout and said.stderr.count(b"not whole at its source") == 3, said)


def a_report_that_failed_its_own_verification_says_so(world):
    world.init()
    world.write("images/a.E01", e01(DISK))
    world.write("images/a.E01.txt", ftk_report(DISK, ["a.E01"], verdict="does not match"))
    missed = bring(world)["missed"]
    expect(len(missed) == 2 and "does not match" in missed[0]["reason"], missed)


def what_nobody_says_anything_of_is_said(world):
    world.init()
    world.write("images/a.dd", DISK)
    world.write("images/b.dd", DISK)
    # One image alone is no reason to guess that this is its log.
    world.write("images/nightly.log", dcfldd_log(DISK))
    world.write("images/setup.exe", b"MZ")
    said = world.run("add", "--from", "images", "images").stderr.decode()
    for name in ("a.dd", "b.dd"):
        expect(f"no report or list beside it says anything of images/{name}" in said, said)
    expect("nightly.log is a report of dcfldd, and it names nothing that is here" in said, said)
    expect("setup" not in said, said)


def reports_that_lie_or_are_damaged_harm_nothing(world):
    world.init()
    two = dcfldd_log(DISK) + dcfldd_log(OTHER)
    for name, log in {"a.dd": two, "b.dd": dcfldd_log(DISK)[:-20], "c.dd": b"Total (md5): zz\n",
                      "d.dd": dc3dd_log(DISK, "../../etc/passwd"), "e.dd": ftk_report(DISK, ["\x1b[2J", "e.dd"])}.items():
        world.write(f"images/{name}", DISK)
        world.write(f"images/{name}.log", log)
    world.write("images/f.E01", e01(DISK)[:-50])
    world.write("images/g.E01", b"EVF\x09\x0d\x0a\xff\x00\x01\x01\0\0\0" + b"\xff" * 200)
    brought = world.run("add", "--from", "images", "images", "--json", expect=1)
    said = json.loads(brought.stdout)
    expect(len(said["items"]) == 12, said)
    expect(b"\x1b" not in brought.stderr, brought.stderr)
    expect(["two md5 digests of one disk" in row["reason"] for row in said["contradicted"]] == [True], said["contradicted"])
    expect({row["path"] for row in said["refused"]} == {"images/passwd", "images/\\x1b[2J"}, said["refused"])


def a_dry_run_reads_no_piece(world):
    world.init()
    world.write("images/nas.001", DISK)
    world.write("images/nas.002", DISK)
    world.write("images/nas.001.txt", ftk_report(OTHER, ["nas.001", "nas.002", "nas.003"]))
    would = bring(world, "--dry-run", status=1)
    expect(len(would["would_add"]) == 3 and "contradicted" not in would, would)
    expect([row["path"] for row in would["refused"]] == ["images/nas.003"], would)
    expect(not world.items())


def an_archive_of_uac_is_compared_with_its_log(world):
    """It is one item, as it came; what its log says of it is of this very file. The two may be named alone."""
    world.init()
    name = "uac-fs01-linux-20260416181244.tar.gz"
    world.write(f"uac/{name}", DISK)
    log = f"uac/{name[:-7]}.log"
    world.write(log, uac_log(name, DISK))
    world.json("add", "--from", "uac", f"uac/{name}", log, "--source", "fs01")
    told = by_name(world.items())
    expect(told[name]["state"]["claims"] == "matched" and "media" not in told[name], told[name])
    expect([claim["algorithm"] for claim in told[name]["claimed"]] == ["md5", "sha1", "sha256"], told[name])
    world.write(f"uac/{name}", flipped(DISK))
    world.write("uac/more.tar.gz", DISK)
    changed = world.run("add", "--from", "uac", "uac", expect=1)
    expect(changed.stdout.count(b"HASH DIFFERS") == 3, changed.stdout)
    expect(b"no report or list beside it says anything of uac/more.tar.gz" in changed.stderr, changed.stderr)
    (world.folder / "uac" / name).unlink()
    gone = world.json("add", "--from", "uac", "uac", expect=1)["refused"]
    expect([row["path"] for row in gone] == [f"uac/{name}"] and "names it" in gone[0]["reason"], gone)
    # An imaging program's report is none of UAC's.
    world.write("uac/more.log", dcfldd_log(OTHER))
    (world.folder / log).unlink()
    world.json("add", "--from", "uac", "uac")


def collected_by_velociraptor(world, content=b"aaa"):
    world.write("C/uploads/auto/C%3A/Windows/a.evtx", content)
    world.write("C/uploads/ntfs/%5C%5C.%5CC%3A/pagefile.sys", b"part")
    rows = [(["uploads", "auto", "C:", "Windows", "a.evtx"], 3, 3), (["uploads", "ntfs", "\\\\.\\C:", "pagefile.sys"], 8 << 30, 4)]
    world.write("C/uploads.json", b"".join(json.dumps(
        {"vfs_path": "x", "_Components": place, "file_size": size, "uploaded_size": stored, "Type": ""}).encode() + b"\n"
        for place, size, stored in rows))
    world.write("C/results/Windows.KapeFiles.Targets%2FUploads.json", json.dumps(
        {"Upload": {"StoredName": "uploads/auto/C%3A/Windows/a.evtx", "sha256": sha256(b"aaa"), "md5": md5(b"aaa")}}).encode() + b"\n")
    world.write("C/collection_context.json", json.dumps(
        {"session_id": "F.1", "query_stats": [{"Artifact": "Windows.Srum", "error_message": "it is in use"}]}).encode())
    world.write("C/log.json", b'{"level":"ERROR","message":"SAM: Access is denied.\\n"}\n')


def a_collection_of_velociraptor_is_compared_with_its_records(world):
    world.init()
    collected_by_velociraptor(world)
    brought = world.json("add", "--from", "velociraptor", "C", "--source", "fs02")
    expect(len(brought["items"]) == 6 and "contradicted" not in brought and not brought["refused"], brought)
    missed = sorted((row["path"], row["reason"]) for row in brought["missed"])
    expect([path for path, _ in missed] == ["C/collection_context.json", "C/log.json",
                                            "C/uploads/ntfs/%5C%5C.%5CC%3A/pagefile.sys"], missed)
    expect("of its 8589934592 bytes 4 were stored" in missed[2][1] and "Access is denied" in missed[1][1], missed)
    expect(len(omissions(world)) == 3, omissions(world))
    told = by_name(world.items())["a.evtx"]
    expect(told["state"]["claims"] == "matched" and [claim["algorithm"] for claim in told["claimed"]] == ["sha256", "md5"], told)
    # Changed since, and one that is gone.
    collected_by_velociraptor(world, b"aab")
    changed = world.run("add", "--from", "velociraptor", "C", expect=1)
    expect(changed.stdout.count(b"HASH DIFFERS") == 2, changed.stdout)
    (world.folder / "C/uploads/auto/C%3A/Windows/a.evtx").unlink()
    gone = world.json("add", "--from", "velociraptor", "C", expect=1)["refused"]
    expect([row["path"] for row in gone] == ["C/uploads/auto/C:/Windows/a.evtx"], gone)
    # Its ZIP is no collection yet.
    world.write("Collection-fs02.zip", b"PK")
    refused = world.run("add", "--from", "velociraptor", "Collection-fs02.zip", expect=1).stderr
    expect(b"no collection is there" in refused and b"unpacked" in refused, refused)


def a_collector_imports_too(world):
    """Into a drop, with the same fields."""
    world.init()
    world.json("collector", "new", "fs01", "--out", "stick", "--no-passphrase")
    world.write("images/a.E01", e01(DISK))
    world.write("images/a.E01.txt", ftk_report(DISK, ["a.E01"]))
    world.json("collect", "--collector", "stick", "--drop", "drop", "--from", "images", "images")
    world.json("take-in", "drop")
    expect(by_name(world.items())["a.E01"]["media"][0]["compared"] == "stated-alike", world.items())


def what_is_not_imported_is_refused_in_words(world):
    world.init()
    world.write("f", b"x")
    for words in (["--from", "encase", "f"], ["--from", "images", "-", "--name", "x"],
                  ["--from", "images", "--exec", "true", "--name", "x"]):
        refused = world.run("add", *words, expect=1).stderr
        expect(b"--from" in refused, refused)
