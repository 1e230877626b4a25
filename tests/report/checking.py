"""The page comes to the verdict of exhibit-verify, on what was damaged and on what was forged."""
import contextlib
import io
import json
import os
import random
import tempfile
from pathlib import Path

import custody_forms
import custody_rules
import custody_statements
import forged_bags
import forged_contents
import forged_entries
import receivers
from blinding import page_without
from changing import bad_lines, drop, edit, flip_last_signature, other_hash, resigned, tampering
from forging import ACCEPT, NOTE, REFUSE, Signer, expect, files_of, replace, second, sign_bundle
from judging import World

ALL = bool(os.environ.get("EXHIBIT_ALL"))
SEED = int(os.environ.get("EXHIBIT_TEST_SEED", "1"))


def each_kind_of_tampering_is_named(case):
    world = case.world
    world.add("a.txt", NOTE)
    world.add("b.log", b"Feb 18 02:03:04 fs01 sshd[1]: Failed password\n" * 3000)
    world.exhibit("hold", "1", "--authority", "12 Cv 3", "--reason", "litigation")
    good = world.export([1, 2], "good")
    case.show(good)
    expect(case.check(good, world.made["fingerprint"])["good"])
    names = files_of(good)
    cells = list(tampering(names))
    for name in names:
        if name.endswith((".entry", ".tlog-proof")):
            cells.append((f"{name} with a signature that is not", edit(name, flip_last_signature)))
    if not ALL:
        cells = random.Random(SEED).sample(cells, 24)
    bad, accepted = [], 0
    for what, change in cells:
        for manifests in ("as they were", "put right"):
            bundle = world.changed(good, change, manifests)
            program = world.judge(f"{what}, manifests {manifests}", bundle, "--fingerprint", world.made["fingerprint"])
            page = case.check(bundle, world.made["fingerprint"])
            accepted += program == ACCEPT
            if (page["findings"] == 0) != (program == ACCEPT):
                bad.append(f"{what}, manifests {manifests}: exhibit-verify {program}, the page {page['findings']}: {page['text'][:300]}")
    print(f"    {2 * len(cells)} bundles, {accepted} accepted by both")
    expect(not bad, "\n".join(bad))
    expect(not world.failures, f"exhibit-verify and verify_bundle.py differ: {world.failures}")


def the_note_and_the_manifests_are_checked(case):
    world = case.world
    world.add("a.txt", NOTE)
    good = world.export([1], "good")
    for key in world.folder.glob("home/config/exhibit/keys/**/*.key"):
        Signer.of_file(key)
    stranger = Signer("stranger")
    note = "bundle.note"
    cells = {
        "no note": (drop(note), "bundle.note is missing"),
        "another signature": (edit(note, flip_last_signature), "bundle.note has a wrong signature"),
        "another range": (edit(note, replace(b'"range":"1"', b'"range":"2"')), "bundle.note has a wrong signature"),
        "not in one form": (edit(note, replace(b'"v":1', b'"v": 1')), "not in its one form"),
        "signed by a stranger": (lambda bundle: sign_bundle(bundle, stranger), "is not admitted there"),
        "signed by a stranger in another's name": (
            lambda bundle: sign_bundle(bundle, stranger, made_by=json.loads((good / note).read_bytes().split(b"\n")[0])["made_by"]),
            "is not signed by"),
        "of another manifest": (lambda bundle: sign_bundle(bundle, sha512="0" * 128), "of another tagmanifest-sha512.txt"),
        "of more sealed files": (lambda bundle: sign_bundle(bundle, sealed_files=2), "says that there are 2 sealed files"),
        "of a larger log": (lambda bundle: sign_bundle(bundle, size=99), "is of a log of 99 entries"),
        "a range beyond the log": (lambda bundle: sign_bundle(bundle, range="1-99"), "beyond the log"),
        "a file that is listed nowhere": (resigned(bad_lines(b"items.csv")), "items.csv is not listed in"),
        "a file that has no place": (lambda bundle: (bundle / "more.txt").write_bytes(b"x"), "more.txt has no place"),
        "no manifest of SHA-512": (drop("manifest-sha512.txt"), "manifest-sha512.txt is missing"),
        "no tag manifest of SHA-512": (drop("tagmanifest-sha512.txt"), "tagmanifest-sha512.txt is missing"),
        "another hash of SHA-512": (resigned(other_hash("manifest-sha512.txt")), "its SHA-512 is not that of manifest-sha512.txt"),
        "the note is listed": (resigned(lambda bundle: [edit(f"tagmanifest-{one}.txt", lambda data: (
            data + b"0" * digits + b"  bundle.note\n"))(bundle) for one, digits in second.MANIFEST_HASHES.items()]),
            "lists bundle.note, which has no place there"),
    }
    case.show(good)
    expect(case.check(good, world.made["fingerprint"])["good"])
    for what, (change, words) in cells.items():
        bundle = world.changed(good, change)
        world.judge(what, bundle, verdict=REFUSE)
        page = case.check(bundle, world.made["fingerprint"])
        expect(page["findings"] > 0 and words in page["text"], f"{what}: {page}")
    expect(not world.failures, world.failures)


# What the page does not look at, and says so: it compares originals with sealed digests, and does not decompress.
LEFT_TO_OTHERS = {"content", "metadata"}
# A browser tells of no empty folder, and of numbers up to 2^53.
UNSEEN = {"an empty folder", "with the largest number", f"an omission of {2**64 - 1}"}

# The second opinion's cases that are judged here, too.
FORGED = [
    forged_entries.a_signed_entry_is_still_to_be_well_formed, forged_entries.a_genesis_vouches_for_itself_in_one_form_only,
    forged_entries.a_proof_and_its_checkpoint_have_one_form, forged_contents.a_sealed_content_has_one_form,
    forged_bags.a_bag_holds_what_it_lists_and_what_belongs_there, forged_bags.a_bundle_is_signed_by_who_made_it,
    custody_rules.an_act_is_done_by_those_who_may, custody_rules.a_key_comes_once_and_goes_once,
    custody_rules.a_rule_of_two_binds_all_that_it_names, custody_rules.an_item_is_named_for_what_can_be_done_to_it,
    custody_rules.a_cosigner_is_named_and_signs_behind, custody_statements.a_transfer_is_between_two_who_signed_it,
    custody_statements.a_reader_is_listed_by_a_custodian, custody_statements.a_new_key_of_the_vault_comes_in_the_open,
    custody_statements.an_item_that_was_collected_is_signed_there, custody_forms.an_act_has_one_form,
    custody_forms.a_value_of_an_act_has_one_form]


class ThirdOpinion(World):
    """What the tests of the second opinion judge, the page judges too."""

    def __init__(self, folder, case, share):
        self.case, self.share, self.chance, self.asked, self.left = case, share, random.Random(SEED), 0, 0
        super().__init__(folder, case.world.binaries)

    def judge(self, name, bundle, *options, verdict=None):
        if name in UNSEEN or self.chance.random() >= self.share or any(path.is_symlink() for path in Path(bundle).rglob("*")):
            return verdict
        code = super().judge(name, bundle, *options, verdict=verdict)
        self.asked += 1
        wanted = options[options.index("--fingerprint") + 1] if "--fingerprint" in options else ""
        page = self.case.check(bundle, wanted)
        if (page["findings"] == 0) == (code == ACCEPT):
            return code
        if code == REFUSE and {finding["property"] for finding in self.findings(bundle)} <= LEFT_TO_OTHERS:
            self.left += 1
            return code
        self.failures.append(name)
        print(f"DIFFER  {name}: exhibit-verify {code}, the page {page['findings']}: {page['text'][:300]}")
        return code


def the_page_agrees_on_what_is_forged(case):
    """A sample of the second opinion's bundles: signed with all keys at hand, as a dishonest custodian could."""
    case.world.add("a.txt", NOTE)
    case.show(case.world.export([1], "good"))
    asked = left = 0
    failed = []
    for test in FORGED if ALL else random.Random(SEED).sample(FORGED, 3):
        with tempfile.TemporaryDirectory(prefix="exhibit-third-") as folder:
            world = ThirdOpinion(Path(folder), case, 1 if ALL else 0.15)
            test(world)
            asked, left = asked + world.asked, left + world.left
            failed += [f"{test.__name__}: {name}" for name in world.failures]
    print(f"    {asked} bundles, {left} refused for what the page leaves to others")
    expect(not failed, "\n".join(failed))


def the_page_counts_receivers(case):
    """All of the second opinion's bundles of that, and with a page that leaves the check out, those that it alone refuses."""
    case.world.add("a.txt", NOTE)
    good = case.world.export([1], "good")
    page_without(good, "if (all && !named.get(count)) {", "if (false) {", case.world.folder / "blind")
    for page, differ in ((good, False), (case.world.folder / "blind", True)):
        case.show(page)
        with tempfile.TemporaryDirectory(prefix="exhibit-third-") as folder, contextlib.redirect_stdout(io.StringIO()):
            world = ThirdOpinion(Path(folder), case, 1)
            receivers.a_sealed_file_is_for_as_many_as_an_export_says(world)
        expect(world.asked > 10 and (world.failures != []) == differ, f"{page.name}: {world.failures}")
