"""The examples of docs/FORMAT.md's formats, good and hostile, which were made without Exhibit: both verifiers give each the status
that the page asks for. And random changes of the good ones, with which both do the same."""
import random

import good
import make
import mutants
import run as examples
from build import Vault, bundle
from judging import expect


def an_example_has_the_status_that_the_page_says(world):
    make.make(world.folder)
    for name, status, _, arguments in examples.rows_of(world.folder):
        world.cells += 1
        # exhibit-verify takes the same words, and a proof with --proof as the other does.
        at = world.folder / name
        words = [str(at / word) if (at / word).exists() else word for word in arguments]
        ours, said = world.first(words[0], words[1:])
        if ours != status:
            world.failures.append(name)
            print(f"DIFFER  {name}: exhibit-verify {ours} instead of {status}\n" + "".join(f"    {line}\n" for line in said.splitlines()[:4]), end="")


def a_change_by_chance_is_judged_alike(world):
    rng, accepted = random.Random(11), 0
    makers = (good.plain, good.hidden, good.acts, good.suspended, good.sealed)
    cases = [case for maker in makers for case in maker() if case.status == 0 and case.files.keys() & {"bundle/bundle.note"}]
    vault = Vault("maker")
    vault.item()
    honest = bundle(vault, [1], names={1: good.PLAIN})
    for number in range(240):
        if number % 2:
            name, files = mutants.maker(rng, vault, honest, len(vault.entries), len(vault.entries) - 1)
        else:
            name, case = mutants.thief(rng, rng.choice(cases))
            files = {path.removeprefix("bundle/"): data for path, data in case.files.items() if path.startswith("bundle/")}
        accepted += world.judge(f"mutant {number}, {name}", world.write(files)) == 0
    expect(accepted < 120, f"{accepted} changes were accepted: chance changes nothing")

