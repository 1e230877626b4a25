"""What the hostile examples share: a bundle of one item with a hook that lies, and hooks."""
import re

from build import Vault, bundle
from good import PLAIN, of_bundle


def of_one(name, finding, item=None, status=3, **hooks):
    """A bundle of one item, with a hook that lies."""
    vault = Vault(name)
    vault.item(**(item or {}))
    return of_bundle(name, vault, bundle(vault, [1], **{"names": {1: PLAIN}, **hooks}), status, finding)


def replaced(name, old, new, count=1):
    """A hook that replaces bytes in one of the files."""
    def hook(files):
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new, count)
    return hook


def matched(name, pattern, new):
    def hook(files):
        files[name], count = re.subn(pattern, new, files[name], count=1, flags=re.S | re.M)
        assert count, (name, pattern)
    return hook
