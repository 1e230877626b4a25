"""What a verification says last, and with which status: no more than was checked, and nothing that accuses the honest."""
import json
import os
import shutil
import sys
from pathlib import Path

from terminal import Terminal
from world import NOT_ANCHORED, NOTE, Skipped, expect, flip

CHANGED, NOT_READ, WRONG_KEY = 3, 1, 6
NOBODY = "newest seen by nobody that was named; what came later is not known"
SECOND = Path(__file__).resolve().parents[2] / "tools/verify_bundle.py"


def last_line(result):
    return result.stdout.decode().rstrip("\n").rsplit("\n", 1)[-1]


def bundles(world, count=3):
    """A plain bundle and one that is sealed to a friend; the vault's fingerprint."""
    made = world.init()
    for number in range(1, count + 1):
        world.write(f"in/{number}.txt", NOTE * number)
    world.run("add", "in")
    friend = world.run("keygen", "--no-passphrase", "-o", "friend.txt").stdout.decode().strip()
    world.run("export", f"1-{count}", "--out", "plain", "-i", "reader.txt")
    world.run("export", f"1-{count}", "--out", "sealed", "-i", "reader.txt", "--recipient", friend)
    return made["fingerprint"]


def judged(world, bundle, status, *options):
    """All verifiers end with this status, and say so in JSON; gives what exhibit-verify says in text, and in JSON."""
    world.run("verify-bundle", bundle, *options, expect=status)
    second = json.loads(world.run(SECOND, bundle, *options, "--json", program=sys.executable, expect=status).stdout)
    said = world.run(bundle, *options, program=world.verify_program, expect=status)
    told = json.loads(world.run(bundle, *options, "--json", program=world.verify_program, expect=status).stdout)
    expect(told["verdict"] == second["verdict"] and told["ok"] == second["ok"] == (status == 0), (told, second))
    expect(told["says"] == last_line(said), (told["says"], last_line(said)))
    for ours, theirs in ((told["checked"]["items"], second["counts"]["items"]), (told["failed"], second["failed"]),
                         (told["checked"]["items_that_hold"], second["counts"]["items_that_hold"]),
                         (told["not_in_bundle"], second["not_in_bundle"]), (told["foreign"], second["foreign"]),
                         # What is changed the second one does not try to open.
                         (told.get("not_opened", []), second["not_opened"] if not told["failed"] else told.get("not_opened", []))):
        expect(ours == theirs, (ours, theirs))
    return said.stdout.decode(), told


def copied(world, bundle):
    shutil.rmtree(world.folder / "copy", ignore_errors=True)
    shutil.copytree(world.folder / bundle, world.folder / "copy", symlinks=True)
    return world.folder / "copy"


def who_brings_nothing_is_told_so_in_the_last_line(world):
    fingerprint = bundles(world)
    text, told = judged(world, "plain", NOT_ANCHORED)
    expect(told["says"].startswith("consistent with itself; whose vault this is was not checked"), told)
    expect("verified" not in text, text)
    text, told = judged(world, "plain", 0, "--fingerprint", fingerprint)
    expect(told["verdict"] == "holds" and "dropped" not in text, text)
    expect(told["says"] == f"verified: nothing was changed or slipped in; as of entry 5; {NOBODY}; every position is told", told)
    # What is not in it is named over the whole log, and not between the items alone.
    world.run("export", "2", "--out", "one", "-i", "reader.txt")
    _, told = judged(world, "one", 0, "--fingerprint", fingerprint)
    expect(told["says"] == f"verified: nothing was changed or slipped in; as of entry 9; {NOBODY}; nothing is told of positions 1, 3-7", told)


def who_asks_for_little_gets_what_is_wrong_and_the_verdict_or_nothing(world):
    anchored = ["plain", "--fingerprint", bundles(world)]
    expect(not world.run(*anchored, "-q", program=world.verify_program).stdout)
    expect(not world.run("verify-bundle", *anchored, "-q").stdout)
    expect(world.run("plain", "--quiet", program=world.verify_program, expect=NOT_ANCHORED).stdout.startswith(b"consistent with itself"))
    # It changes nothing of what programs read.
    expect(world.json(*anchored, "-q", program=world.verify_program) == world.json(*anchored, program=world.verify_program))
    flip(next(path for path in (world.folder / "plain/data").rglob("*") if path.is_file()))
    failed = world.run(*anchored, "-q", program=world.verify_program, expect=3).stdout.decode().splitlines()
    expect(len(failed) > 1 and all(line.startswith("FAILED  ") for line in failed[:-1]), failed)
    expect(failed[-1].startswith("verification failed: "), failed)
    error = world.run("nowhere", "-q", program=world.verify_program, expect=1)
    expect(not error.stdout and b"does not exist" in error.stderr, error)


def the_last_line_of_a_log_says_what_was_checked(world):
    world.init()
    world.write("in", NOTE)
    world.run("add", "in")
    world.run("rotate-log-key", "--reason", "yearly", "--no-passphrase")
    rest = ", each with the signatures of those it names; whether they might sign, and what follows what, is checked by: exhibit verify --log"
    for arguments, count in (([], "3 entries"), (["1"], "1 entry"), (["2", "0-1", "2"], "4 entries")):
        result = world.run("log", *arguments)
        expect(last_line(result) == f"# {count}{rest}", result.stdout)
    expect(len(world.json("log")) == 3)  # and nothing else stands in what programs read


def the_vault_of_who_made_it_is_known_by_the_head_that_was_kept(world):
    world.init()
    world.write("in/a.txt", NOTE)
    world.run("add", "in")
    said = world.run("verify")
    expect(last_line(said).startswith("verified: of entries 0 to 1 nothing was changed, dropped or slipped in"), said.stdout)
    expect("it is the vault that this user saw before, by " in last_line(said) and "/heads/" in last_line(said), said.stdout)
    # Somebody else sees it for the first time, and the second time is the vault of the first.
    stranger = {"XDG_STATE_HOME": str(world.folder / "stranger")}
    told = json.loads(world.run("verify", "--json", expect=NOT_ANCHORED, **stranger).stdout)
    expect(told["verdict"] == "not-anchored" and not told["ok"] and not told["findings"], told)
    world.run("verify", **stranger)
    nowhere = {"XDG_STATE_HOME": "", "HOME": ""}
    world.run("verify", expect=NOT_ANCHORED, **nowhere)
    world.run("verify", "--fingerprint", told["fingerprint"], **nowhere)
    # What was brought from elsewhere names it, too.
    world.run("checkpoint", "--out", "head", "-q")
    world.run("verify", "--after", "head", **nowhere)
    world.run("--pin", "head", "verify", **nowhere)
    world.run("publish", "www")
    world.run("verify-log", "www", expect=NOT_ANCHORED, **nowhere)
    world.run("verify-log", "www", "--pin", "head", **nowhere)
    world.run("verify-log", "www", "--fingerprint", told["fingerprint"], **nowhere)


def what_an_operating_system_leaves_is_named_and_fails_nothing(world):
    fingerprint = bundles(world)
    left = [".DS_Store", "data/.DS_Store", "data/Thumbs.db", "desktop.ini", "._report.html", "System Volume Information/IndexerVolumeGuid",
            ".Trash-1000/info/a", "lost+found/1", "__MACOSX/plain/data/._1.age", "log/.directory", "data/.nfs000001"]
    bundle = copied(world, "plain")
    for name in left:
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_bytes(b"junk")
    (bundle / "empty/emptier").mkdir(parents=True)
    text, told = judged(world, "copy", 0, "--fingerprint", fingerprint)
    expect(told["foreign"] == sorted([".DS_Store", "data/.DS_Store", "data/Thumbs.db", "desktop.ini", "._report.html",
                                      "System Volume Information/IndexerVolumeGuid", ".Trash-1000/info/a", "lost+found/1",
                                      "__MACOSX/plain/data/._1.age", "log/.directory",
                                      "data/.nfs000001", "empty/emptier/"]), told["foreign"])
    for name in told["foreign"]:
        expect(f"remark  {name} is " in text, text)
    for row in told["proven"]:
        expect("speak" not in row["by"], row)
    # It hides nothing: what is called so and is no such thing, and what is changed beside it.
    flip(bundle / "data/2")
    judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
    bundle = copied(world, "plain")
    os.symlink("/etc/hostname", bundle / ".DS_Store")
    judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
    bundle = copied(world, "plain")
    (bundle / "data/more.exe").write_bytes(b"x")
    judged(world, "copy", CHANGED, "--fingerprint", fingerprint)


def a_key_that_opens_nothing_accuses_nobody(world):
    fingerprint = bundles(world)
    world.run("keygen", "--no-passphrase", "-o", "wrong.txt")
    known = ("--fingerprint", fingerprint)
    text, told = judged(world, "sealed", WRONG_KEY, *known, "-i", "wrong.txt")
    expect("FAILED" not in text and told["not_opened"] == [1, 2, 3] and told["depth"] == "sealed", told)
    expect(told["says"] == "not opened: the identity in wrong.txt opens none of the 3 sealed files; nothing of what was checked was changed",
           told["says"])
    judged(world, "sealed", 0, *known, "-i", "wrong.txt", "-i", "friend.txt")
    judged(world, "sealed", WRONG_KEY, "-i", "wrong.txt")
    # Next to a change it is the change that counts.
    flip(copied(world, "sealed") / "data/2.age", -100)
    _, told = judged(world, "copy", CHANGED, *known, "-i", "wrong.txt")
    expect(told["failed"] == [2] and told["checked"]["items_that_hold"] == 2, told)
    # In a vault: the rest is still checked, and nothing is read.
    said = world.run("verify", "--content", "-i", "wrong.txt", expect=WRONG_KEY)
    expect(b"FAILED" not in said.stdout and b"opens none of the " in said.stdout, said.stdout)
    for command in (["cat", "1"], ["list"], ["export", "1", "--out", "x"], ["show", "1"]):
        error = world.run(*command, "-i", "wrong.txt", expect=WRONG_KEY).stderr
        expect(b"wrong.txt" in error, error)


def one_changed_item_leaves_the_others(world):
    fingerprint = bundles(world, 5)
    for name in ("data/3", "log/entries", "log/fields"):
        path = copied(world, "plain") / name
        if name == "data/3":
            flip(path)
        else:
            # Another digit of a digest: an entry still, or a field, whose bytes can be compared with what others say of them.
            text = path.read_bytes()
            digit = text.index(b'"header":"', text.index(b'"seq":3,')) + 10 if name == "log/entries" else text.index(b"\n= 3 ") + 12
            path.write_bytes(text[:digit] + (b"1" if text[digit:digit + 1] == b"0" else b"0") + text[digit + 1:])
        text, told = judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
        if name == "log/entries":     # and entry 4, which does not follow it as it is now; and the tree, so that no item holds
            expect(told["failed"] == [3, 4] and "items hold" not in told["says"], told)
            continue
        expect("4 of 5 items hold; entry 3 " in told["says"], (name, told["says"]))
        expect(told["failed"] == [3] and told["checked"]["items_that_hold"] == 4, told)
        rows = {row["question"]: row for row in told["proven"]}
        if name == "log/fields":    # of the log, and so of no one item alone
            continue
        expect(rows["integrity"]["state"] == "in part" and "4 of 5 items hold" in rows["integrity"]["by"], rows)
        expect(rows["order"]["state"] == rows["who"]["state"] == "proven", rows)
    (copied(world, "plain") / "data/3").unlink()
    _, told = judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
    expect("4 of 5 items hold; entry 3 is not whole" in told["says"], told["says"])


def a_changed_page_speaks_against_no_evidence(world):
    fingerprint = bundles(world)
    for name in ("report.html", "certificate.txt", "items.csv", "custody.jsonld", "bag-info.txt", "VERIFY.txt"):
        flip(copied(world, "plain") / name)
        _, told = judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
        expect(f"3 of 3 items hold; {name} was changed, which proves nothing; the evidence and its proofs are" in told["says"], told["says"])
        expect(all(row["state"] == "proven" for row in told["proven"] if row["question"] in ("integrity", "order", "who")), told["proven"])
        expect({finding["property"] for finding in told["findings"]} == {"companion"}, told["findings"])


def what_a_transfer_did_is_named(world):
    fingerprint = bundles(world)
    bundle = copied(world, "plain")
    for name in ("manifest-sha256.txt", "data/2"):
        (bundle / name).write_bytes((bundle / name).read_bytes().replace(b"\n", b"\r\n"))
    text, told = judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
    expect(text.count("its line ends were converted on the way") == 2 and told["failed"] == [2], text)
    bundle = copied(world, "plain")
    for name in ("manifest-sha256.txt", "data/1"):
        (bundle / name).write_bytes((bundle / name).read_bytes()[:-5])
    text, _ = judged(world, "copy", CHANGED, "--fingerprint", fingerprint)
    expect("the file was cut" in text, text)


def a_name_that_a_medium_changed_is_no_tampering(world):
    made = world.init()
    for number in range(1, 4):
        world.write(f"in/{number}-{'n' * 80}.Log", NOTE * number)
    world.run("add", "in", "--source", "fs01")
    world.run("export", "1-3", "--out", "plain", "-i", "reader.txt")
    known = ("--fingerprint", made["fingerprint"])

    def renamed(change):
        """A copy whose files have the names that `change` makes of them; how many got another one."""
        bundle, count = copied(world, "plain"), 0
        for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
            name = str(path.relative_to(bundle))
            if change(name) != name:
                target = bundle / change(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
                count += 1
        for folder in sorted((path for path in bundle.rglob("*") if path.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        return count

    def joliet(name):
        folder, _, last = name.rpartition("/")
        return os.path.join(folder, last[:64])

    def of_the_log_in_upper_case(name):
        return name.upper() if name.startswith("log/") else name

    def numbered(name):
        return f"{name} (1)" if name.startswith("data/") else name

    for change in (joliet, of_the_log_in_upper_case, numbered, lambda name: name.lower()):
        count = renamed(change)
        expect(count >= 3, count)
        text, told = judged(world, "copy", NOT_READ, *known)
        expect(not told["findings"] and not told["failed"] and len(told["undecided"]) == count, told)
        expect(all(" is here under another name, " in line and line.endswith(": give it back its own") for line in told["undecided"]), told)
        expect("nothing was found to be wrong" in told["says"] and "FAILED" not in text and "tamper" not in text, text)
        expect({row["question"]: row["state"] for row in told["proven"]}["integrity"] == "in part", told["proven"])
        # Packed as it is, too; and no copy of it is kept as one that holds.
        for form in ("tar", "zip"):
            shutil.make_archive(str(world.folder / "packed"), form, world.folder, "copy")
            judged(world, f"packed.{form}", NOT_READ, *known)
            (world.folder / f"packed.{form}").unlink()
        # A change beside it, or of what has another name, is found.
        flip(next((world.folder / "copy").rglob("2-n*")))
        judged(world, "copy", CHANGED, *known)
    renamed(joliet)
    next((world.folder / "copy/data").rglob("3-*")).unlink()
    judged(world, "copy", CHANGED, *known)
    # Where the lists themselves have another name, nothing can be looked at, and what to do is said.
    for change in (str.upper, lambda name: name.replace("-", "_") if "/" not in name else name):
        renamed(change)
        for said in (world.run("copy", program=world.verify_program, expect=NOT_READ), world.second_opinion("copy", expect=NOT_READ)):
            expect(b"is here under another name, " in said.stderr and b"give the files back their own" in said.stderr, said.stderr)


def what_is_no_bundle_is_said_to_be_none(world):
    bundles(world)
    bag = world.folder / "bag"
    (bag / "data").mkdir(parents=True)
    (bag / "data/a").write_bytes(b"x")
    (bag / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    (bag / "manifest-md5.txt").write_bytes(b"9dd4e461268c8034f5c8564e155c67a6 *data/a\n")
    for name, words in (("bag", b"is a BagIt bag, but not an exhibit bundle"), ("in", b"is not a bag of BagIt 1.0"), ("nothing", b"nothing does not exist")):
        expect(words in world.run("verify-bundle", name, expect=NOT_READ).stderr, name)
        said = world.run(name, "--json", program=world.verify_program, expect=NOT_READ)
        expect(words in said.stderr and json.loads(said.stdout)["verdict"] == "not-read", said)
        expect(words in world.second_opinion(name, expect=NOT_READ).stderr, name)
    # One that lost its declaration or its note is a bundle that lost something.
    for name in ("bagit.txt", "bundle.note", "log/entries"):
        (copied(world, "plain") / name).unlink()
        judged(world, "copy", CHANGED)


def what_may_not_be_read_is_not_called_changed(world):
    if os.geteuid() == 0:
        raise Skipped("root may read everything; the unit tests act as somebody else")
    bundles(world)
    bundle = copied(world, "plain")
    (bundle / "data/1").chmod(0)
    text, told = judged(world, "copy", NOT_READ)
    expect("undecided" in text and "ermission" in text and not told["findings"], text)


def the_verdict_fits_a_terminal_and_is_one_line_elsewhere(world):
    world.init()
    world.write("a.log", NOTE)
    world.run("add", "a.log")
    line = world.run("verify").stdout.decode().splitlines()[-1]
    expect(len(line) > 80, f"this test wants a longer sentence: {line}")
    with Terminal(world, "verify") as terminal:
        shown = terminal.finish().decode().splitlines()
    first = next(at for at, one in enumerate(shown) if one.startswith("verified"))
    last = next((at for at in range(first + 1, len(shown)) if not shown[at].startswith("  ")), len(shown))
    verdict = shown[first:last]
    expect(len(verdict) > 1 and all(len(one) <= 80 or " " not in one.strip() for one in verdict), verdict)
    expect(" ".join(one.strip() for one in verdict) == line, (verdict, line))
