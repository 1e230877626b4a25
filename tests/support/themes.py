"""Cases of tests, by theme: a theme is a Python file, a case a function in it whose name says what must hold."""
import importlib
import inspect
import sys
from pathlib import Path


def takes(*parameters):
    """Functions that take these parameters and no others are cases."""
    return lambda function: list(inspect.signature(function).parameters) == list(parameters)


def cases_of(folder, is_case):
    """Theme to its cases, in the order of the file, of all that lies in the folder beside the program that runs."""
    found = {}
    for path in sorted(Path(folder).glob("*.py")):
        if path.stem != "run":
            module = importlib.import_module(path.stem)
            found[path.stem] = [one for one in vars(module).values()
                                if inspect.isfunction(one) and one.__module__ == path.stem and is_case(one)]
    return {theme: cases for theme, cases in found.items() if cases}


def chosen(folder, is_case, words):
    """The cases that the words name, which are themes or cases; all where there is none. What names nothing ends the
    program: a test that is misspelled must not pass."""
    known = cases_of(folder, is_case)
    if not words:
        return [case for cases in known.values() for case in cases]
    known |= {case.__name__: [case] for cases in list(known.values()) for case in cases}
    if unknown := [word for word in words if word not in known]:
        sys.exit(f"no theme and no case: {', '.join(unknown)}")
    return [case for word in words for case in known[word]]
