#!/usr/bin/env python3
"""Changes honest bundles and proofs at random: no change is accepted, and none stops the verifier.

    mutants.py [COUNT] [SEED]

Two kinds. A thief's: bytes of one file, after the note; nothing accepts them. A maker's: bytes of a file of log/, with tag manifest and
note made anew; a change that means the same is no change, so these must only be judged, with one of FORMAT.md's statuses.
"""
import random
import sys
import tempfile
from build import Vault, bundle, seal_tags
from pathlib import Path

import good
import make
import run

JUDGED = {0, 1, 3, 5, 6, 8}


def change(rng, data):
    """One change: a bit, a byte, a stretch that is gone, twice, or exchanged for another."""
    if not data:
        return b"x"
    at, end = sorted(rng.sample(range(len(data) + 1), 2)) if len(data) > 1 else (0, 1)
    end = min(end, at + rng.choice((1, 2, 40, 400)))
    return rng.choice((
        lambda: data[:at] + bytes([data[min(at, len(data) - 1)] ^ 1 << rng.randrange(8)]) + data[at + 1:],
        lambda: data[:at] + bytes([rng.choice(b'0123456789abcdef"{}[],:= \n\\+-.')]) + data[at + 1:],
        lambda: data[:at] + data[end:],
        lambda: data[:end] + data[at:end] + data[end:],
        lambda: data[:at],
        lambda: b"\n".join(swapped(rng, data.split(b"\n")))))()


def swapped(rng, lines):
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return lines


def thief(rng, case):
    files = dict(case.files)
    name = rng.choice(sorted(name for name in files if name.startswith("bundle/") or name == "proof"))
    data = files[name]
    while files[name] == data:
        files[name] = change(rng, data)
    return name, case._replace(files=files)


def maker(rng, vault, files, size, end):
    """A bundle whose maker changed a file of log/ and signed for it."""
    name = rng.choice(sorted(name for name in files if name.startswith("log/")))
    files = {**files, name: change(rng, files[name])}
    seal_tags(vault, files, size, end, vault.keys["k1"])
    return name, files


def main(words):
    count, seed = int(words[0]) if words else 200, words[1] if len(words) > 1 else str(random.randrange(1 << 32))
    rng, judge, wrong = random.Random(seed), run.run_own(), []
    cases = [case for make_cases in (good.plain, good.hidden, good.acts, good.parts, good.suspended) for case in make_cases() if case.status == 0]
    vault = Vault("maker")
    vault.item()
    honest = bundle(vault, [1], names={1: good.PLAIN}, receivers=[good.vault_recipient("reader")])
    with tempfile.TemporaryDirectory() as place:
        for number in range(count):
            folder = Path(place) / str(number)
            if number % 2:
                name, files = maker(rng, vault, honest, len(vault.entries), len(vault.entries) - 1)
                case, allowed = good.of_bundle("maker", vault, files), JUDGED
            else:
                name, case = thief(rng, rng.choice(cases))
                allowed = JUDGED - {0, 5}
            make.write(case, folder)
            status, said = judge(folder, case.arguments.split())
            if status not in allowed or "internal error" in said:
                wrong.append(f"mutant {number}, {name}: status {status}\n{said}")
    print("\n".join([*wrong, f"{count} mutants of seed {seed}, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
