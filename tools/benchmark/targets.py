"""What was aimed at, and what was measured: a line for each target, of the figures of one run."""

from benchmark.measure import MIB

LARGE, LOG, SMALL = "random.bin", "server.log", "small"


class Figures:
    def __init__(self, results):
        self.results = results

    def job(self, source, job, name="exhibit", what="wall"):
        return self.results["peers"][source]["jobs"][job][name][what]

    def best_peer(self, source, job, names=("restic", "borg"), what="wall"):
        rows = self.results["peers"][source]["jobs"][job]
        return min(rows[name][what] for name in names if name in rows)

    def files(self, source):
        return self.results["options"]["small"] if source == SMALL else 1

    def growth(self, entries, command, what):
        row = next(row for row in self.results["growth"]["rows"] if row["entries"] == entries)
        return row["commands"][command][what]

    def longest(self):
        return self.results["growth"]["rows"][-1]["entries"]

    def speed(self, name):
        return self.results["machine"]["speeds"][name]

    def has(self, extension):
        return extension in self.results["machine"]["extensions"]


def no_more(measured, target, unit=""):
    return f"{measured:.2f}{unit}", f"at most {target:g}{unit}", measured <= target


def at_least(measured, target, unit="x"):
    return f"{measured:.2f}{unit}", f"at least {target:g}{unit}", measured >= target


# Each gives what was measured, what was aimed at, and whether that is met. Wall unless CPU is said.
TARGETS = [
    ("add, incompressible, beside cp and sync", lambda f: no_more(
        f.job(LARGE, "add") / f.job(LARGE, "add", "cp, sync"), 1.5 if f.has("avx512f") else 1.9, "x")),
    ("add, incompressible, faster than the faster of restic and borg", lambda f: at_least(
        f.best_peer(LARGE, "add") / f.job(LARGE, "add"), 1.8)),
    ("add, incompressible, CPU beside borg's", lambda f: no_more(
        f.job(LARGE, "add", what="cpu") / f.job(LARGE, "add", "borg", "cpu"), 0.55, "x")),
    ("add, text log, faster than borg", lambda f: at_least(f.job(LOG, "add", "borg") / f.job(LOG, "add"), 2.3)),
    ("add, text log, stored beside restic's", lambda f: no_more(
        f.job(LOG, "add", what="stored") / f.job(LOG, "add", "restic", "stored"), 1.0, "x")),
    ("add, small files, faster than the faster of restic and borg", lambda f: at_least(
        f.best_peer(SMALL, "add") / f.job(SMALL, "add"), 1.25)),
    ("add, small files, CPU beside restic's", lambda f: no_more(
        f.job(SMALL, "add", what="cpu") / f.job(SMALL, "add", "restic", "cpu"), 1.0, "x")),
    ("verify, large, beside reading and SHA-256", lambda f: no_more(
        f.job(LARGE, "verify") / f.job(LARGE, "verify", "read+SHA-256"), 1.1, "x")),
    ("verify, small files, CPU of each above its signature's check", lambda f: no_more(
        f.job(SMALL, "verify", what="cpu") / f.files(SMALL) * 1e6 - microseconds_of(f, "ed25519_verify_all"), 25, " us")),
    ("verify --content, large, faster than restic check --read-data", lambda f: at_least(
        f.job(LARGE, "content", "restic") / f.job(LARGE, "content"), 1.9)),
    ("verify --content, small files, faster than restic check --read-data", lambda f: at_least(
        f.job(SMALL, "content", "restic") / f.job(SMALL, "content"), 1.4)),
    ("plain export, large, faster than restic restore", lambda f: at_least(
        f.job(LARGE, "export plain", "restic") / f.job(LARGE, "export plain"), 1.5)),
    ("plain export, small files, beside restic restore", lambda f: at_least(
        f.job(SMALL, "export plain", "restic") / f.job(SMALL, "export plain"), 1.0)),
    ("sealed export, beside cp and sync", lambda f: no_more(
        f.job(LARGE, "export sealed") / f.job(LARGE, "export sealed", "cp, sync"), 1.3, "x")),
    ("exhibit-verify, beside reading and SHA-256", lambda f: no_more(
        f.job(LARGE, "verify bundle") / f.job(LARGE, "verify bundle", "read+SHA-256"), 1.0, "x")),
    ("verify --log, of what Ed25519 allows", lambda f: at_least(
        f.longest() / f.growth(f.longest(), "verify --log", "wall") / f.speed("ed25519_verify_all"), 0.9)),
    ("version, CPU", lambda f: no_more(f.results["growth"]["version"]["cpu"] * 1000, 8, " ms")),
    ("add of one small file, CPU at 10 entries", lambda f: no_more(f.growth(10, "add one", "cpu") * 1000, 35, " ms")),
    ("add of one small file, CPU at the most entries", lambda f: no_more(
        f.growth(f.longest(), "add one", "cpu") * 1000, 35, " ms")),
    ("add of one small file, syncs at the most entries", lambda f: no_more(f.growth(f.longest(), "add one", "syncs"), 6)),
    ("cat, CPU at the most entries", lambda f: no_more(f.growth(f.longest(), "cat", "cpu") * 1000, 30, " ms")),
    ("show, CPU at the most entries", lambda f: no_more(f.growth(f.longest(), "show", "cpu") * 1000, 30, " ms")),
    ("list with a key, beside its X25519 alone", lambda f: no_more(
        f.growth(min(100_000, f.longest()), "list with a key", "wall") * f.speed("x25519_all") / min(100_000, f.longest()),
        1.3, "x")),
    ("memory of any command on files", lambda f: no_more(
        max(rows["exhibit"]["peak"] for source in f.results["peers"].values() for rows in source["jobs"].values()
            if "exhibit" in rows) / MIB, 128, " MiB")),
    ("memory of any command at the most entries", lambda f: no_more(
        max(cost["peak"] for cost in f.results["growth"]["rows"][-1]["commands"].values()) / MIB, 128, " MiB")),
    ("memory of verify at the most entries", lambda f: no_more(
        f.growth(f.longest(), "verify", "peak") / MIB, 96, " MiB")),
    ("written for each byte of payload above 1 MiB", lambda f: no_more(f.results["written"]["large"]["written"], 1.02)),
    ("written for each byte that single small adds store", lambda f: no_more(
        f.results["written"]["small"][-1]["written"], 4)),
]


def microseconds_of(figures, speed):
    """Microseconds of one processor that one such operation takes, of what all of them do in a second."""
    return figures.results["machine"]["processors"] / figures.speed(speed) * 1e6


def rows_of(results):
    """(target, measured, aimed at, "met" or "missed"), of those that were measured."""
    rows = []
    for name, judge in TARGETS:
        try:
            measured, target, met = judge(Figures(results))
        except (KeyError, TypeError, IndexError, StopIteration, ValueError):
            continue
        rows.append((name, measured, target, "met" if met else "missed"))
    return rows


def print_targets(results):
    print("\n## Targets\n")
    for name, measured, target, verdict in rows_of(results):
        print(f"{name:<70}{measured:>12}  {target:<18}{verdict}")
