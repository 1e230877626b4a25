"""Who may do what with items and keys, and whether docs/FORMAT.md lets it be. The functions whose names end with `_cells` yield
what is done, the history of it, perhaps a change of the bundle's files, and the verdict."""
from custody_forms import custodian_with, wrongly_signed
from forging import ACCEPT, NOTE, ORIGIN, REFUSE, less, second, with_keys
from histories import PEOPLE
from judging import recount


def role_cells(forger):
    acts = {"item": ("item", {}), "omission": ("omission", {}), "note": ("note", {}), "admit": ("admit", {"name": "dave"}),
            "retire": ("retire", {"name": "bob"}), "hold": ("hold", {}), "release": ("release", {}),
            "shred": ("shred", {"item": 2}), "rule": ("rule", {}), "read": ("access", {}),
            "export": ("access", {"act": "export"}), "transfer": ("transfer", {})}

    def doing(act, roles=("custodian",), **more):
        method, fields = acts[act]

        def history(log):
            log.item().admit("bob").admit("erin", "collector").admit("carol", *roles).hold("1")
            return getattr(log, method)(**fields, by="carol", **more)
        return history
    yield "a custodian does all there is", lambda log: (
        log.item().admit("bob").admit("carol").hold("1").item("carol").omission("carol").note(by="carol").hold(by="carol")
        .release(by="carol").shred(2, by="carol").access(by="carol")
        .access(by="carol", act="export", recipients=[forger.recipient]).transfer(by="carol")
        .admit("dave", "witness", by="carol").rule("release", by="carol").rule(by="carol", cosigner="bob")
        .rotate("bob", "new bob").retire("new bob", by="carol")), ACCEPT
    for act in acts:
        yield f"a collector's {act}", doing(act, ("collector",)), ACCEPT if act in ("item", "omission") else REFUSE
        may = act in ("admit", "release", "shred", "rule")
        yield f"a custodian's {act}, and another one's", doing(act, cosigner="bob"), ACCEPT if may else REFUSE
        if may:
            yield f"a custodian's {act}, twice", doing(act, cosigner="carol"), REFUSE
            yield f"a custodian's {act}, and a stranger's", doing(act, cosigner="dave"), REFUSE
            yield f"a custodian's {act}, and a collector's", doing(act, cosigner="erin"), REFUSE
    yield "a witness's item", doing("item", ("witness",)), REFUSE
    yield "a witness's hold", doing("hold", ("witness",)), REFUSE
    yield "a collector who is a witness too adds an item", doing("item", ("collector", "witness")), ACCEPT
    yield "a witness replaces its key", lambda log: log.admit("bob", "witness").rotate("bob", "new bob"), REFUSE
    yield "a collector replaces its key", lambda log: (
        log.admit("bob", "collector").rotate("bob", "new bob").item("new bob")), ACCEPT
    yield "a collector's new key is a collector's", lambda log: (
        log.admit("bob", "collector").rotate("bob", "new bob").hold(by="new bob")), REFUSE
    yield "a stranger's item", lambda log: log.item("bob"), REFUSE
    yield "a stranger's hold", lambda log: log.hold(by="bob"), REFUSE
    yield "an item before its key was admitted", lambda log: log.item("bob").admit("bob"), REFUSE
    yield "the log key's item", lambda log: log.item(ORIGIN), REFUSE
    yield "the log's key as a custodian's", lambda log: log.admit(ORIGIN).hold(by=ORIGIN), ACCEPT


def key_cells(forger):
    def begun_by(log, *roles):
        return log.begin(change=custodian_with(roles=list(roles)))
    yield "a key twice", lambda log: log.admit("bob").admit("bob"), REFUSE
    yield "the genesis' key again", lambda log: log.admit("Tester"), REFUSE
    yield "a key under another name", lambda log: log.admit("bob").admit("renamed bob"), REFUSE
    yield "another key of the same name", lambda log: log.admit("bob").admit("new bob").item("new bob").item("bob"), ACCEPT
    yield "a retired key again", lambda log: log.admit("bob").retire("bob").admit("bob"), REFUSE
    yield "a retired key under another name", lambda log: log.admit("bob").retire("bob").admit("renamed bob"), REFUSE
    yield "a replaced key again", lambda log: log.admit("bob").rotate("bob", "new bob").admit("bob"), REFUSE
    yield "a new key is admitted too", lambda log: log.admit("bob").rotate("bob", "new bob").admit("new bob"), REFUSE
    yield "a retired key's item", lambda log: log.admit("bob").item("bob").retire("bob").item("bob"), REFUSE
    yield "a retired key's item before", lambda log: log.admit("bob").item("bob").retire("bob").item(), ACCEPT
    yield "a replaced key's item", lambda log: log.admit("bob").rotate("bob", "new bob").item("bob"), REFUSE
    yield "a replaced key replaces", lambda log: log.admit("bob").rotate("bob", "new bob").rotate("bob", "carol"), REFUSE
    yield "a key in the place of an admitted one", lambda log: log.admit("bob").admit("carol").rotate("bob", "carol"), REFUSE
    yield "a key in its own place", lambda log: log.admit("bob").rotate("bob", "bob"), REFUSE
    yield "a retired key in the place of one", lambda log: (
        log.admit("bob").admit("carol").retire("carol").rotate("bob", "carol")), REFUSE
    yield "the key itself under another name in its place", lambda log: log.admit("bob").rotate("bob", "renamed bob"), REFUSE
    yield "a new key of another name", lambda log: log.rotate("Tester", "bob").item("bob"), ACCEPT
    yield "a new key that did not sign", lambda log: log.rotate("Tester", "bob", cosigner=None), REFUSE
    yield "a new key for which another one signed", lambda log: (
        log.admit("carol").rotate("Tester", "bob", cosigner="carol")), REFUSE
    yield "two retired at once", lambda log: log.admit("bob").retire("bob").retire("bob"), REFUSE
    yield "a stranger is retired", lambda log: log.retire("bob"), REFUSE
    yield "a replaced key is retired", lambda log: log.admit("bob").rotate("bob", "new bob").retire("bob"), REFUSE
    yield "a new key is retired", lambda log: (
        log.admit("bob").rotate("bob", "new bob").retire("new bob")), ACCEPT
    yield "the last custodian retires", lambda log: log.retire("Tester"), REFUSE
    yield "the last custodian, not the last key", lambda log: log.admit("bob", "collector").retire("Tester"), REFUSE
    yield "the last custodian but one retires", lambda log: log.admit("bob").retire("Tester").item("bob"), ACCEPT
    yield "the last one is retired by a new one", lambda log: (
        log.admit("bob").retire("Tester", by="bob").retire("bob", by="bob")), REFUSE
    yield "a witness is retired", lambda log: log.admit("bob", "witness").retire("bob"), ACCEPT
    yield "an admission is left out", lambda log: log.admit("bob").item("bob").leave_out(2), REFUSE
    yield "an admission is left out, and nothing is signed", lambda log: log.admit("bob").item().leave_out(2), ACCEPT
    yield "an admission is left out, and not its retirement", lambda log: log.admit("bob").retire("bob").leave_out(2), REFUSE
    yield "a retirement is left out", lambda log: log.admit("bob").retire("bob").item("bob").leave_out(3), ACCEPT
    yield "a replacement is left out", lambda log: log.rotate("Tester", "bob").item("bob").leave_out(2), REFUSE
    yield "the first one is a collector, and admits", lambda log: begun_by(log, "collector").admit("bob"), REFUSE
    # The entries may be: but there is nobody who might hand them over.
    yield "the first one is a collector, and is replaced", lambda log: (
        begun_by(log, "collector").rotate("Tester", "bob").item("bob")), REFUSE
    yield "the first one is all there is, and is replaced", lambda log: (
        begun_by(log, *second.ROLES).rotate("Tester", "bob").admit("carol", by="bob")), ACCEPT
    yield "the first one has the log's key", lambda log: (
        log.begin(by=ORIGIN, change=custodian_with(key=PEOPLE[ORIGIN].key))), REFUSE
    yield "a key is replaced twice", lambda log: (
        log.admit("bob").rotate("bob", "new bob").rotate("new bob", "carol").hold(by="carol")), ACCEPT
    yield "the last custodian's new key retires", lambda log: log.rotate("Tester", "bob").retire("bob", by="bob"), REFUSE
    yield "the tenth entry after an admission", lambda log: log.skip(6).admit("bob").item().item("bob"), ACCEPT
    yield "the tenth entry after a retirement", lambda log: log.admit("bob").skip(6).retire("bob").item("bob"), REFUSE
    yield "a later custodian is left out, and the first one retires", lambda log: (
        log.admit("bob").retire("Tester").leave_out(2)), REFUSE
    for since, verdict in (("2026-11-24T06:33:34.648Z", ACCEPT), ("0001-01-01T00:00:00.000Z", ACCEPT), ("2026-11-24", REFUSE),
                           ("2026-11-24T06:33:34Z", REFUSE), ("2026-11-24T06:33:34.648+01:00", REFUSE), ("", REFUSE), (5, REFUSE)):
        yield f"a key that others had since {since!r}", lambda log, since=since: (
            log.admit("bob").item("bob").retire("bob", compromised_since=since)), verdict
    yield "a key that others had, and an unknown word", lambda log: (
        log.admit("bob").retire("bob", compromised_since="2026-11-24T06:33:34.648Z", why="")), REFUSE


def rule_cells(forger):
    def two(*acts):
        return lambda log: log.item().admit("bob").rule(*acts)
    everything = two("custodian", "release", "shred")
    yield "a rule where there is one custodian", lambda log: log.rule("shred"), REFUSE
    yield "a rule where there are one and a collector", lambda log: log.admit("bob", "collector").rule("shred"), REFUSE
    yield "a rule where there was another custodian", lambda log: log.admit("bob").retire("bob").rule("shred"), REFUSE
    yield "a rule of nothing where there is one custodian", lambda log: log.rule(), ACCEPT
    yield "a rule of nothing where there are two", lambda log: log.admit("bob").rule(), ACCEPT
    named = (("custodian", "admit", {"name": "carol"}), ("release", "release", {}), ("shred", "shred", {"item": 2}))
    for act, method, fields in named:
        def one(log, method=method, fields=fields, **more):
            return getattr(log.hold("1"), method)(**fields, **more)
        yield f"{method} by one against the rule", lambda log, act=act, one=one: one(two(act)(log)), REFUSE
        yield f"{method} by two under the rule", lambda log, act=act, one=one: one(two(act)(log), cosigner="bob"), ACCEPT
        yield f"{method} by one under a rule that was lifted", lambda log, act=act, one=one: (
            one(two(act)(log).rule(cosigner="bob"))), ACCEPT
        others = [other for other in second.NEED_TWO if other != act]
        yield f"{method} by one under another rule", lambda log, others=others, one=one: one(two(*others)(log)), ACCEPT
        yield f"{method} by one, and the rule is left out", lambda log, act=act, one=one: one(two(act)(log)).leave_out(4), ACCEPT
    yield "a rule is lifted by one", lambda log: two("shred")(log).rule(), REFUSE
    yield "a rule is changed by one", lambda log: two("shred")(log).rule("shred", "release"), REFUSE
    yield "a rule is changed by two", lambda log: two("shred")(log).rule("custodian", cosigner="bob").shred(), ACCEPT
    yield "a rule is lifted, and made by one again", lambda log: two("shred")(log).rule(cosigner="bob").rule("release"), ACCEPT
    yield "a retirement by one under a rule of all", lambda log: everything(log).retire("bob"), ACCEPT
    yield "a release by the one who was left", lambda log: everything(log).hold().retire("bob").release(), REFUSE
    yield "a release with the one who left", lambda log: everything(log).hold().retire("bob").release(cosigner="bob"), REFUSE
    yield "a rule is lifted by the one who was left", lambda log: everything(log).retire("bob").rule(), REFUSE
    yield "an admission by the one who was left", lambda log: everything(log).retire("bob").admit("carol"), REFUSE
    yield "a replacement under a rule of all", lambda log: (
        everything(log).hold().rotate("bob", "new bob").release(cosigner="new bob")), ACCEPT
    yield "an admitted key admits itself as the second", lambda log: (
        two("custodian")(log).admit("carol", cosigner="carol")), REFUSE


def item_cells(forger):
    """Entries 0 to 5: the genesis, items 1 and 2, an admission, a note, another admission."""
    def begin(log):
        return log.item().admit("carol", "collector").note("1").admit("bob")

    def twice(log):
        return begin(log).hold("2").hold("1-2").release("2")
    named = {"hold": lambda log, items: log.hold(items), "note": lambda log, items: log.note(items),
             "read": lambda log, items: log.access(items), "export": lambda log, items: log.access(items, act="export"),
             "transfer": lambda log, items: log.transfer(items)}
    for act, do in named.items():
        def then(items, do=do):
            return lambda log: do(begin(log), items)
        yield f"{act} of two items", then("1-2"), ACCEPT
        yield f"{act} of a note", then("4"), ACCEPT
        yield f"{act} of the genesis", then("0"), REFUSE
        yield f"{act} of an admission", then("1-3"), REFUSE
        yield f"{act} of itself", then("6"), REFUSE
        yield f"{act} of an item that comes later", lambda log, do=do: do(begin(log), "7").item(), REFUSE
        yield f"{act} of an item that comes later and is left out", lambda log, do=do: (
            do(begin(log), "7").item().leave_out(7)), REFUSE
        yield f"{act} of an item that was left out", lambda log, do=do: do(begin(log), "1-2").leave_out(2), ACCEPT
        yield f"{act} of an admission that was left out", lambda log, do=do: do(begin(log), "2-3").leave_out(3), ACCEPT
        verdict = ACCEPT if act == "note" else REFUSE
        yield f"{act} of what is shredded", lambda log, do=do: do(begin(log).shred(2), "1-2"), verdict
        yield f"{act} of what is shredded and left out", lambda log, do=do: do(begin(log).shred(2), "2").leave_out(2), verdict
        yield f"{act} of what is shredded, and the shred is left out", lambda log, do=do: (
            do(begin(log).shred(2), "2").leave_out(6)), ACCEPT
    yield "a shred of the genesis", lambda log: begin(log).shred(0), REFUSE
    yield "a shred of an admission", lambda log: begin(log).shred(3), REFUSE
    yield "a shred of an admission that is left out", lambda log: begin(log).shred(3).leave_out(3), ACCEPT
    yield "a shred of itself", lambda log: begin(log).shred(6), REFUSE
    yield "a shred of a note", lambda log: begin(log).shred(4), ACCEPT
    yield "a shred twice", lambda log: begin(log).shred(2).shred(2), REFUSE
    yield "a shred twice of what is left out", lambda log: begin(log).shred(2).shred(2).leave_out(2), REFUSE
    yield "a shred of what is held", lambda log: begin(log).hold("2").shred(2), REFUSE
    yield "a shred of what is held, and the hold is left out", lambda log: begin(log).hold("2").shred(2).leave_out(6), ACCEPT
    yield "a shred of what is held and left out", lambda log: begin(log).hold("2").shred(2).leave_out(2), REFUSE
    yield "a shred of what is held twice and released once", lambda log: twice(log).shred(2), REFUSE
    yield "a shred of what is held twice and released twice", lambda log: twice(log).release("1-2").shred(2), ACCEPT
    yield "a release of what is not held", lambda log: begin(log).release("2"), REFUSE
    yield "a release of what is not held and left out", lambda log: begin(log).release("2").leave_out(2), REFUSE
    yield "a release of more than is held", lambda log: begin(log).hold("1").release("1-2"), REFUSE
    yield "a release twice", lambda log: begin(log).hold("1").release("1").release("1"), REFUSE
    yield "a release of what is shredded", lambda log: begin(log).shred(2).release("2"), REFUSE
    yield "a hold of an omission", lambda log: log.omission().hold("2"), ACCEPT


def cosigner_cells(forger):
    def release(**more):
        return lambda log: log.admit("bob").admit("carol").hold().release(cosigner="bob", **more)

    def lines_swapped(note):
        text, _, lines = note.partition(b"\n\n")
        return text + b"\n\n" + b"".join(reversed(lines.splitlines(keepends=True)))

    def second_line(by):
        return lambda note: note[:note.rindex(b"\xe2\x80\x94")] + PEOPLE[by].line(note.partition(b"\n\n")[0] + b"\n")

    def moved(entry):
        return {**{key: entry[key] for key in ("v", "type", "cosigner")}, **entry}
    yield "two signatures", release(), ACCEPT
    yield "two signatures, the cosigner's first", release(after=lines_swapped), REFUSE
    yield "the cosigner's signature is missing", release(after=lambda note: note[:note.rindex(b"\xe2\x80\x94")]), REFUSE
    yield "the actor's signature is missing", release(
        after=lambda note: note[:note.index(b"\n\n") + 2] + note[note.rindex(b"\xe2\x80\x94"):]), REFUSE
    yield "the cosigner's signature is wrong", release(after=wrongly_signed), REFUSE
    yield "the cosigner's signature is another one's", release(after=second_line("carol")), REFUSE
    yield "the cosigner's signature is of his next key", release(after=second_line("new bob")), REFUSE
    yield "three signatures", release(after=lambda note: note + PEOPLE["carol"].line(note.partition(b"\n\n")[0] + b"\n")), REFUSE
    yield "a signature of a cosigner who is not named", release(change=less("cosigner")), REFUSE
    yield "another cosigner is named", release(change=with_keys(cosigner=PEOPLE["carol"].actor)), REFUSE
    yield "the cosigner's key is named", release(change=with_keys(cosigner=PEOPLE["bob"].key)), REFUSE
    yield "the cosigner is nobody", release(change=with_keys(cosigner="")), REFUSE
    yield "the cosigner stands elsewhere", release(change=moved), REFUSE
    yield "a cosigner in the genesis", lambda log: log.begin(cosigner="bob"), REFUSE
    namesakes = {"by": "bob", "cosigner": "new bob"}
    yield "two of one name", lambda log: log.admit("bob").admit("new bob").hold().release(**namesakes), ACCEPT
    yield "two of one name, swapped", lambda log: (
        log.admit("bob").admit("new bob").hold().release(**namesakes, after=lines_swapped)), REFUSE
    yield "a cosigner who was retired", lambda log: log.admit("bob").hold().retire("bob").release(cosigner="bob"), REFUSE
    yield "a cosigner who comes later", lambda log: log.hold().release(cosigner="bob").admit("bob"), REFUSE
    yield "an admission with one who was retired", lambda log: (
        log.admit("bob").rule("custodian").retire("bob").admit("carol", cosigner="bob")), REFUSE


def part_cells(forger):
    """What lies beside the entries: with a change of the bundle's files."""
    def history(log):
        return log.hold().note()      # 2 and 3
    def copied(name, to):
        return lambda files: {**files, to: files[name]}
    yield "a hold and a note", history, lambda files: files, ACCEPT
    for name in ("data/2.age", "data/2-a.txt", "data/0.age"):
        yield f"{name} beside an entry without a sealed file", history, copied("data/1.age", name), REFUSE
    for name in ("proof/2.header", "proof/2.metadata.json", "proof/0.header"):
        yield f"{name} beside an entry without a sealed file", history, copied("proof/1.header", name), REFUSE
    for name in ("proof/2.entry", "proof/2.tlog-proof", "proof/3.header", "data/3.age", "proof/3.entry", "proof/3.tlog-proof"):
        yield f"without {name}", history, less(name), REFUSE
    yield "without the hold", lambda log: history(log).leave_out(2), lambda files: files, ACCEPT
    yield "without the note", lambda log: history(log).leave_out(3), lambda files: files, ACCEPT
    yield "a note alone", lambda log: history(log).leave_out(1), lambda files: files, ACCEPT
    yield "an omission alone", lambda log: log.omission().leave_out(1), lambda files: files, ACCEPT
    yield "no sealed file", lambda log: log.hold().leave_out(1), lambda files: files, REFUSE
    yield "the genesis alone", lambda log: log.leave_out(1), lambda files: files, REFUSE
    def plain(*numbers, key=forger.identity.encode()):
        def change(files):
            originals = {f"data/{number}-a.txt": NOTE for number in numbers}
            metadata = {f"proof/{number}.metadata.json": forger.metadata for number in numbers}
            return {**files, **originals, **metadata, "proof/identity.txt": key}
        return change
    yield "a plain item and a plain note", history, plain(1, 3), ACCEPT
    yield "a plain item, and no plain note", history, plain(1), REFUSE
    yield "a plain note without metadata", history, lambda files: less("proof/3.metadata.json")(plain(1, 3)(files)), REFUSE
    yield "a plain note that is another one", history, lambda files: {**plain(1, 3)(files), "data/3-a.txt": b"x"}, REFUSE
    yield "a plain item and a plain hold", history, plain(1, 2, 3), REFUSE
    yield "a hold's proof is the item's", history, copied("proof/1.tlog-proof", "proof/2.tlog-proof"), REFUSE
    yield "the hold and its proof at another position", history, lambda files: {
        **less("proof/2.entry")(less("proof/2.tlog-proof")(files)), "proof/4.entry": files["proof/2.entry"],
        "proof/4.tlog-proof": files["proof/2.tlog-proof"]}, REFUSE


def an_act_is_done_by_those_who_may(world):
    recount(world, role_cells)


def a_key_comes_once_and_goes_once(world):
    recount(world, key_cells)


def a_rule_of_two_binds_all_that_it_names(world):
    recount(world, rule_cells)


def an_item_is_named_for_what_can_be_done_to_it(world):
    recount(world, item_cells)


def a_cosigner_is_named_and_signs_behind(world):
    recount(world, cosigner_cells)


def an_act_lies_in_a_bundle_without_a_sealed_file(world):
    recount(world, part_cells)
