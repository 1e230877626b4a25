"""Each check of the page is taken out of it, and the example that it alone refuses holds then: the checks are made, and the tests
would see it if one was not."""
from page import expect, judged

# An example, and what refuses it in the script.
ONE_CHECK_EACH = {
    "a-checkpoint-with-a-wrong-signature": ('return crypto.subtle.verify("Ed25519", imported, signature, message)', "return true"),
    "hashes-one-that-was-changed": ('require(equal(found, root), "tree-root"', 'require(true, "tree-root"'),
    "an-entry-with-another-prev": ("before === undefined || value.prev === hex(before)", "true"),
    "an-entry-with-a-law-in-the-future": ("value.law === this.lastLaw", "true"),
    "an-entry-with-another-origin": ("require(value.origin === this.custody.origin, \"entry-origin\"", "require(true, \"entry-origin\""),
    "an-entry-with-labels-out-of-order": ("labels.every((label, at) => at === 0 || labels[at - 1] < label)", "true"),
    "an-entry-with-a-day-that-is-not": ('date.toISOString() === value.replace("Z", ".000Z")', "true"),
    "fields-a-key-twice": ("this.listed.every(([key], at) => at === 0 || this.listed[at - 1][0] < key)", "true"),
    "fields-a-salt-twice": ("!salts.has(salt)", "true"),
    "fields-a-line-that-was-changed": ('fields.digest() === value.fields, "fields-mismatch", "has', 'true, "fields-mismatch", "has'),
    "fields-the-seed-of-the-parts-is-told": ('!fields.told.has("parts-seed")', "true"),
    "fields-a-surrogate": ("tokens !== null && tokens", "tokens === null || tokens"),
    "an-item-that-hides-state": ('["sha256", "size", "state"]);\n    require(told.get("state").content', '["sha256", "size"]);\n    require("here"'),
    "a-note-of-another-size": ("!history.checkpoint || said.size === history.checkpoint.size", "true"),
    "an-act-exported-of-another-manifest": ('told.get("manifest") === await this.bag.digest("manifest-sha256.txt", "sha256")', "true"),
    "an-act-exported-of-other-items": ("equal(positionsOf(items), here)", "true"),
    "an-original-too-many": ('if (name.startsWith("data/") && !named.has(name)) this.find', "if (false) this.find"),
    "a-file-that-has-no-place": ('if (allPlaces.has(name) || name.startsWith("data/")) continue;', "continue;"),
    "a-payload-oxum-that-does-not-fit": ("=== wanted) continue;", "!== null) continue;"),
    "a-companion-that-was-changed": ("found !== wanted) throw", "false) throw"),
    "log-files-a-name-that-is-not-its-own": ("allowed.includes(name)", "true"),
    "an-item-that-is-told-and-its-original-is-not-here": ("!this.isContent(number) || this.files.has(number)", "true"),
    "sealed-another-header-than-signed": ("sha256Hex(own) === value.header", "true"),
    "sealed-a-payload-that-was-changed": ("require(hex(tree.root()) === root,", "require(true,"),
    "sealed-a-vault-s-header-for-two": ("header.stanzas.length === 1 && ", ""),
    "sealed-for-more-receivers-than-its-export-says": ("[null, length].includes(this.stanzaCount)", "true"),
    "sealed-another-commitment-to-the-key": ('"exhibit key commitment")) === commitment', '"exhibit key commitment")) !== ""'),
    "sealed-a-mac-that-was-changed": ("require(await hasMac(this.header, fileKey),", "require(true,"),
    "sealed-padding-that-is-not-zero": ("piece.every((byte) => byte === 0)", "true"),
    "sealed-padding-of-the-next-class": ("wanted === frames && left === 0 && equal(dealt, this.zeros)", "true"),
    "sealed-a-seek-table-with-another-size-of-a-frame": ("littleNumber(row.slice(4)) === held", "true"),
    "sealed-a-tail-that-begins-a-chunk-early": ("tailAt <= seen.fieldsAt && seen.fieldsAt < tailAt + chunkBytes", "true"),
    "sealed-a-size-that-is-larger": ("require(seen.size === size,", "require(true,"),
    "sealed-another-digest": ("hex(hashes[at].finish()) === told.get(algorithm)", "true"),
    "sealed-other-parts": ('require(!parts || ', "require(true || "),
    "rules-a-hold-by-a-collector": ('actor.roles.includes("custodian") || (alsoCollector && actor.roles.includes("collector"))', "true"),
    "rules-a-shred-that-one-person-signs-twice": ("cosigner.person !== actor.person", "true"),
    "rules-a-shred-by-one-under-a-rule": ("cosigner || !this.needsTwo(entry)", "true"),
    "rules-a-rotation-to-a-key-that-is-known": ("!isLogs && !this.publics.has(key.public) && !this.former.has(key.actor)", "true"),
    "rules-a-shred-by-one-who-is-suspended": ("!refused || !this.stopped().has(person)", "true"),
    "rules-a-suspension-without-a-way-out": ("changesWayOut.includes(entry.form) && !this.hasWayOut()", "false"),
    "rules-a-shred-of-what-is-held": ('!overlap(ranges, held), "custody-item"', 'true, "custody-item"'),
    "rules-a-transfer-twice": ("!this.statements.has(note.text)", "true"),
    "rules-an-entry-after-the-vault-was-closed": ("this.closedAt === null, ", "true, "),
}

# Who has the key finds it in another way, too.
WITHOUT_KEY = {"sealed-a-payload-that-was-changed"}


def each_check_is_needed(case):
    known, wrong = {row[0]: row for row in judged(case.rows())[0]}, []
    for name, (old, new) in ONE_CHECK_EACH.items():
        _, status, _, fingerprint, identity = known[name]
        at = case.examples / name

        def blind(script):
            expect(script.count(old) == 1, f"{old} is in the script {script.count(old)} times")
            return script.replace(old, new)
        case.show_page_of(at / "bundle" if name.startswith(("rules", "plain")) else case.examples / "plain" / "bundle", blind)
        said = case.check(at / "bundle", fingerprint, (at / identity).read_text() if identity and name not in WITHOUT_KEY else None)
        if status != 3 or said["status"] != 0:
            wrong.append(f"{name}: without the check {said['status']}: {said['text'][:300]}")
    expect(not wrong, "\n".join(wrong))
