"""Mutants from the grammar of docs/FORMAT.md: each part of it is written once as it should be, and then each of its values, members,
lines and limits in another way. All that comes after it is signed and hashed anew, so that only the one lie remains.

Each family gives mutants without an end, as chance has it: a name, and a function that makes the Case.
"""
import itertools
import random

from mutants_of_bundles import checkpoints, log_files, notes, tag_files
from mutants_of_entries import entries, entry_lines, genesis, statements
from mutants_of_fields import act_fields, fields, names
from mutants_of_limits import limits, proofs
from mutants_of_sealed import headers, plaintexts

FAMILIES = (entries, limits, fields, statements, entries, genesis, log_files, proofs, entries, act_fields, headers, notes, entries, entry_lines, checkpoints, tag_files, names, plaintexts)


def mutants(seed):
    """All families in turn, without an end."""
    chance = random.Random(seed)
    streams = {one: one(chance) for one in FAMILIES}
    for family in itertools.cycle(FAMILIES):
        what, make = next(streams[family])
        yield f"{family.__name__}: {what}", make
