"""For how many a sealed file is, and for how many the entries that export it say so. The functions whose names end with `_cells`
are as in custody_rules.py."""
import hashlib

from forging import ACCEPT, REFUSE
from histories import bech32_encode
from judging import recount


def receiver_cells(forger):
    """A sealed file is for as many as one of the exports that name it. Items 1 and 2, exports from 4 on; what they are
    sealed to, `counts` says for each."""
    headers = {}
    for count in (1, 2, 3, 64, 65):
        recipients = [bech32_encode("age", hashlib.sha256(f"receiver {one}".encode()).digest()) for one in range(count)]
        sealed = forger.world.tool("age", *(word for one in recipients for word in ("-r", one)), stdin=b"x")
        headers[count] = sealed[:sealed.index(b"\n", sealed.index(b"\n---") + 1) + 1]

    def exported(*exports, act="export", by="Tester"):
        def history(log):
            log.item().admit("carol", "collector")
            for items, count in exports:
                log.access(items, by, act, [f"receiver {one}" for one in range(count)])
            return log
        return history

    def sealed_to(*counts):
        def change(files):
            for number, count in enumerate(counts, 1):
                name = f"data/{number}.age"
                files[name] = headers[count] + files[name][files[name].index(b"\n", files[name].index(b"\n---") + 1) + 1:]
            return files
        return change
    for what, exports, counts, verdict in (
            ("no export, sealed to three", (), (3, 1), ACCEPT),
            ("an export to one, sealed to one", (("1-2", 1),), (1, 1), ACCEPT),
            ("an export to one, sealed to two", (("1-2", 1),), (2, 1), REFUSE),
            ("an export to two, sealed to one", (("1-2", 2),), (2, 1), REFUSE),
            ("an export to two, sealed to two", (("1-2", 2),), (2, 2), ACCEPT),
            ("an export to nobody, sealed to one", (("1-2", 0),), (1, 1), ACCEPT),
            ("an export to nobody, sealed to two", (("1-2", 0),), (1, 2), REFUSE),
            ("two exports, sealed as each says", (("1-2", 1), ("1-2", 3)), (1, 3), ACCEPT),
            ("two exports, sealed as neither says", (("1-2", 1), ("1-2", 3)), (1, 2), REFUSE),
            ("two exports, each of one item", (("1", 1), ("2", 3)), (1, 3), ACCEPT),
            ("two exports, each of one item, the other way", (("1", 1), ("2", 3)), (3, 1), REFUSE),
            ("an export of another item", (("1", 1),), (1, 3), ACCEPT),
            ("an export to the most that may be", (("1", 64),), (64, 1), ACCEPT),
            ("an export to more than may be", (("1", 65),), (65, 1), REFUSE),
            ("no export, sealed to more than may be", (), (65, 1), REFUSE)):
        yield what, exported(*exports), sealed_to(*counts), verdict
    yield "an export that failed, sealed to two", (lambda log: log.item().access("1", act="export-failed")), sealed_to(2, 1), ACCEPT
    yield "a reading, sealed to two", (lambda log: log.item().access("1")), sealed_to(2, 1), ACCEPT


def a_sealed_file_is_for_as_many_as_an_export_says(world):
    recount(world, receiver_cells)
