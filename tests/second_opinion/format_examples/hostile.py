"""Bundles and proofs that must be refused, each for one lie: docs/FORMAT.md's refusals as tables, a file for each part.

Most tables have rows of a name, the finding that tools/verify_bundle.py gives, and what makes the lie.
"""
from hostile_entries import entries
from hostile_fields import LYING_LINES, lying_lines, told_fields
from hostile_files import files_of_bag, sealed_files
from hostile_proofs import proofs
from hostile_rules import rules
from hostile_trees import makers, of_two_log_keys, trees


def cases():
    for name, finding, edit in LYING_LINES:
        yield lying_lines(name, finding, edit)
    for make in (told_fields, entries, trees, of_two_log_keys, makers, files_of_bag, sealed_files, rules, proofs):
        yield from make()
