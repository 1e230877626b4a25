"""A home of its own for the programs under test, and the environment that names it."""
import os


def make_home(folder):
    """The environment; no vault is named in it."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"), "EXHIBIT_PURPOSE": "a test",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
