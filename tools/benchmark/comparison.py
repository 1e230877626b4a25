"""All subjects over one input: each job by each program in turn, several times, from fresh folders.

Within a job the programs take turns, and the one that begins changes from run to run, so that what else the machine does
meets all of them. A program that fails at a job is left out of that job and of those that build on it, with what it said;
the others go on.
"""
import os
import shutil
import sys

from benchmark import inputs, measure, subjects
from benchmark.measure import MIB, Failed


class Comparison:
    def __init__(self, options, env, name, path):
        self.options, self.env, self.name, self.path = options, env, name, path
        self.log = os.path.join(options.work, "programs.log")
        left_out = options.without.split(",")
        self.classes = [kind for kind in subjects.ALL if kind.name not in left_out]
        self.costs = {}     # (job, name) -> [Cost]
        self.stored = {}    # (job, name) -> bytes
        self.failures = {}  # (job, name) -> what went wrong

    def unmeasured(self, words):
        return measure.output_of(words, self.env)

    def run(self):
        for number in range(self.options.runs):
            folder = os.path.join(self.options.work, f"{self.name}-{number}")
            self.run_once(number, folder)
            shutil.rmtree(folder, ignore_errors=True)

    def run_once(self, number, folder):
        taking_part = {}
        for kind in self.classes:
            subject = kind(os.path.join(folder, kind.__name__.lower()), self.path, self.unmeasured)
            if self.attempt("prepare", subject, subject.prepare):
                taking_part[kind] = subject
        exhibit = taking_part.get(subjects.Exhibit)
        hashing = taking_part.get(subjects.HashAllCores)
        if hashing:
            hashing.vault = exhibit and exhibit.store
        for job in subjects.JOBS:
            if job == "export sealed":
                self.make_bundle(folder, exhibit, taking_part.get(subjects.Copy))
            if job == "verify bundle" and hashing:
                hashing.bundle = exhibit and exhibit.out
            everybody = list(taking_part.values())
            turn = number % max(1, len(everybody))
            for subject in everybody[turn:] + everybody[:turn]:
                self.attempt(job, subject, lambda: self.measure(job, subject))
            if job in ("verify bundle", "export sealed"):
                for subject in everybody:
                    subject.forget_export()

    def attempt(self, job, subject, work):
        try:
            work()
            return True
        except (Failed, OSError) as error:
            self.failures.setdefault((job, subject.name), str(error))
            print(f"bench: {subject.name}, {job}: {error}", file=sys.stderr, flush=True)
            return False

    def make_bundle(self, folder, exhibit, copy):
        """What the bound of a sealed export copies is a bundle that exhibit made."""
        if not exhibit or not copy:
            return
        bundle = os.path.join(folder, "bundle")
        words = [*exhibit.export_sealed()[0].pipeline]
        words[words.index("--out") + 1] = bundle
        if self.attempt("export sealed", copy, lambda: self.unmeasured(words)):
            copy.bundle = bundle

    def measure(self, job, subject):
        steps = subject.steps(job)
        if not steps:
            return
        measure.settle()
        cost = measure.Cost()
        for step in steps:
            cost += measure.run(step.pipeline, self.env, step.into, step.folder, self.log)
        key = (job, subject.name)
        self.costs.setdefault(key, []).append(cost)
        target = subject.stored(job)
        if target:
            self.stored[key] = inputs.tree_bytes(target)

    def results(self, input_bytes):
        """{"bytes": …, "jobs": {job: {name: {"kind", "wall", "cpu", "peak", "written", "stored", "note", "runs"}}}, "failures"}"""
        jobs = {}
        for job in subjects.JOBS:
            rows = {}
            for kind in self.classes:
                costs = self.costs.get((job, kind.name))
                if not costs:
                    continue
                cost = measure.median_cost(costs)
                rows[kind.name] = {"kind": kind.kind, "wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak,
                                   "written": cost.written, "stored": self.stored.get((job, kind.name)),
                                   "note": kind.notes.get(job), "runs": [one.wall for one in costs]}
            if rows:
                jobs[job] = rows
        failures = {f"{name}, {job}": why for (job, name), why in self.failures.items()}
        return {"bytes": input_bytes, "jobs": jobs, "failures": failures}


def print_results(name, results):
    print(f"## {name}: {results['bytes'] / MIB:.1f} MiB\n")
    head = (f"{'job':<14}{'program':<15}{'wall s':>8}{'MiB/s':>8}{'CPU s':>8}{'peak MiB':>10}{'written MiB':>13}"
            f"{'stored MiB':>12}{'x best peer':>13}")
    print(head + "\n" + "-" * len(head))
    for job, rows in results["jobs"].items():
        peers = [row["wall"] for row in rows.values() if row["kind"] == "peer"]
        for subject, row in rows.items():
            print(f"{job:<14}{subject:<15}{row['wall']:>8.2f}{results['bytes'] / MIB / row['wall']:>8.0f}{row['cpu']:>8.2f}"
                  f"{row['peak'] / MIB:>10.0f}{row['written'] / MIB:>13.1f}"
                  f"{'' if row['stored'] is None else format(row['stored'] / MIB, '.1f'):>12}"
                  f"{format(row['wall'] / min(peers), '.2f') if peers else '':>13}"
                  f"{'  (' + row['note'] + ')' if row['note'] else ''}")
    for what, why in results["failures"].items():
        print(f"FAILED  {what}: {why.splitlines()[0]}")
    print(flush=True)


def compare(options, env):
    made = inputs.make(os.path.join(options.work, "inputs"), options.size, options.small, options.seed,
                       options.inputs.split(","))
    results = {}
    for name, (path, input_bytes) in made.items():
        comparison = Comparison(options, env, name, path)
        comparison.run()
        results[name] = comparison.results(input_bytes)
        print_results(name, results[name])
    return results
