"""The page gives bundles the status that docs/FORMAT.md asks for, as the two verifiers do."""
import json
import os
import random

import good
import histories  # of tests/second_opinion
import mutants
from build import Vault, bundle
from good import PLAIN
from judging import second
from page import expect, judged

ALL = bool(os.environ.get("EXHIBIT_ALL"))
SEED = int(os.environ.get("EXHIBIT_TEST_SEED", "1"))


def read_if(path):
    return path.read_text() if path else None


def an_example_has_the_status_that_the_format_says(case):
    rows, skipped = judged(case.rows())
    case.show_page_of(case.examples / "plain" / "bundle")
    wrong = []
    for name, status, finding, fingerprint, identity in rows:
        at = case.examples / name
        said = case.check(at / "bundle", fingerprint, read_if(identity and at / identity))
        if said["status"] != status or (finding != "-" and finding not in said["names"]):
            wrong.append(f"{name}: {said['status']} instead of {status} with {finding}: {said['text'][:300]}")
    for why, number in skipped.items():
        print(f"    {number} examples are skipped: {why}")
    print(f"    {len(rows)} examples")
    expect(not wrong, "\n".join(wrong))
    expect(len(rows) > 10 * sum(skipped.values()) and not case.complaints(), case.complaints())


def status_of(place, *options):
    """What tools/verify_bundle.py gives, and the entries that it blames."""
    verifier = second.BundleVerifier(str(place), second.parse_arguments([str(place), *options]))
    verifier.run()
    blamed = {int(one["where"][6:]) for one in verifier.findings if one["where"].startswith("entry ")}
    return second.Result(verifier).status, sorted(blamed)


def a_change_by_chance_is_judged_alike(case):
    rng, wrong, accepted = random.Random(SEED), [], 0
    makers = (good.plain, good.hidden, good.acts, good.suspended, good.sealed)
    honest = [one for make in makers for one in make() if one.status == 0]
    vault = Vault("maker")
    vault.item()
    made = bundle(vault, [1], names={1: PLAIN})
    case.show_page_of(case.examples / "plain" / "bundle")
    for number in range(1000 if ALL else 120):
        if number % 2:
            name, files = mutants.maker(rng, vault, made, len(vault.entries), len(vault.entries) - 1)
            fingerprint = vault.fingerprint.hex()
        else:
            name, files = mutants.thief(rng, rng.choice(honest))
            words = files.arguments.split()
            fingerprint = words[words.index("--fingerprint") + 1]
        place = case.bundle(files)
        wanted, said = status_of(place, "--fingerprint", fingerprint)[0], case.check(place, fingerprint)
        accepted += wanted == 0
        if said["status"] != wanted:
            wrong.append(f"change {number} of seed {SEED}, {name}: {said['status']} instead of {wanted}: {said['text'][:300]}")
    expect(not wrong, "\n".join(wrong))
    expect(accepted < 60, f"{accepted} changes were accepted: chance changes nothing")


def a_random_history_is_blamed_for_the_same_entries(case):
    """An act that broke a rule changes nothing after it, so the page must name the same entries."""
    wrong, blamed, entries = [], 0, 0
    case.show_page_of(case.examples / "plain" / "bundle")
    for seed in range(200 if ALL else 30):
        chance = random.Random(1000 * SEED + seed)
        vault = histories.wander(chance)
        place = case.bundle(bundle(vault, [1], names={1: PLAIN}, **histories.told_by_chance(chance, vault)))
        _, wanted = status_of(place)
        failed = case.check(place)["failed"]
        if failed != wanted:
            wrong.append(f"seed {1000 * SEED + seed}: the page blames {failed}, verify_bundle.py {wanted}")
        blamed, entries = blamed + len(wanted), entries + len(vault.entries)
    expect(not wrong, "\n".join(wrong))
    expect(entries / 20 < blamed < entries / 1.5, f"{blamed} of {entries} entries are blamed: chance has no balance")


LEFT_BY_SYSTEMS = (
    ".DS_Store", ".ds_store", "._x", "._", ".localized", ".apdisk", ".VolumeIcon.icns", "Icon\r", "icon\r", "Icon", "Thumbs.db", "THUMBS.DB",
    "Thumbs.db:encryptable", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", ".LSOverride", ".metadata_never_index",
    ".com.apple.timemachine.donotpresent", ".directory", ".Directory", ".nfs01", ".nfs", ".fuse_hidden1", ".hidden", ".Hidden",
    ".~lock.a.odt#", ".~lock.#", "~$a.docx", "~$", "a~", "~", ".a.swp", "..swp", "a.swp", "x", "data.DS_Store")
LEFT_FOLDERS = (
    ".Trashes", ".trashes", ".fseventsd", ".Spotlight-V100", ".DocumentRevisions-V100", ".TemporaryItems", ".AppleDouble", "__MACOSX",
    "System Volume Information", "$RECYCLE.BIN", "RECYCLER", ".AppleDB", ".AppleDesktop", "Network Trash Folder", "Temporary Items",
    "found.000", "FOUND.999", "found.00", "found.0000", "lost+found", "Lost+Found", ".Trash", ".Trash-0", ".trash-0", ".Trash-", "@eaDir",
    "#recycle", "data")


def what_systems_leave_is_the_same_for_all(case):
    case.show_page_of(case.examples / "plain" / "bundle")
    paths = [*LEFT_BY_SYSTEMS, *(f"data/{name}" for name in LEFT_BY_SYSTEMS), *(f"{name}/x" for name in LEFT_FOLDERS),
             *(f"data/{name}/a/b" for name in LEFT_FOLDERS)]
    said = case.browser.evaluate(f"{json.dumps(paths)}.map(isForeign)")
    wrong = [path for path, foreign in zip(paths, said) if foreign != second.is_foreign(path)]
    expect(not wrong and 60 < sum(said) < len(said) - 20, wrong)


def names_that_a_medium_changed_are_found(case):
    """Files under other names are found by their hashes, and then it does not hold until they have their own."""
    made = next(good.plain())
    fingerprint = made.arguments.split()[-1]
    original = f"data/{PLAIN}"
    for changes, status in (({}, 0), ({original: "data/FS01/SHARE/README.TXT"}, 1), ({"log/entries": "log/ENTRIES", "log/files": "log/FILES"}, 1),
                            ({"manifest-sha256.txt": "MANIFEST.TXT", original: "data/README(1).TXT"}, 1),
                            ({"bundle.note": "BUNDLE.NOTE;1"}, 1), ({"bundle.note": "note"}, 3)):
        files = {name.removeprefix("bundle/"): data for name, data in made.files.items()}
        files = {changes.get(name, name): data for name, data in files.items()}
        place = case.bundle(files)
        case.show_page_of(case.examples / "plain" / "bundle")
        said = case.check(place, fingerprint)
        try:
            wanted = status_of(place, "--fingerprint", fingerprint)[0]
        except second.CannotRun:
            wanted = 1
        expect(said["status"] == wanted == status, f"{changes}: the page {said['status']}, verify_bundle.py {wanted}: {said['text']}")
