"""What a person who mistypes is told: which word, and what they meant; never what is missing beside it."""
from world import expect

# What was typed, what is said of it, and what was meant (None: nothing that a program could guess).
MISTYPED = [
    ("lst", 'exhibit has no command "lst"', "`exhibit list`"),
    ("custodian lst", 'exhibit custodian has no command "lst"', "`exhibit custodian list`"),
    ("veirfy", 'exhibit has no command "veirfy"', "`exhibit verify`"),
    ("frobnicate", 'exhibit has no command "frobnicate"', None),
    ("add --hlep", "exhibit add has no option --hlep", "--help"),
    ("add --hlep x", "exhibit add has no option --hlep", "--help"),
    ("add x --retian=hipaa", "exhibit add has no option --retian", "--retain"),
    ("export --selct kind=log", "exhibit export has no option --selct", "--select"),
    ("show 1 --jsn", "exhibit show has no option --jsn", "--json"),
    ("--valt v list", "exhibit list has no option --valt", "--vault"),
    ("add x -Z", "exhibit add has no option -Z", None),
    ("add x --" + "y" * 5000, "exhibit add has no option --" + "y" * 5000, None),
    ("list 7", 'exhibit list takes no argument "7" here', None),
    ("cat 1 2", 'exhibit cat takes no argument "2" here', None),
    ("custodian", "exhibit custodian needs a command: add, retire, rotate or list", None),
    ("help nothing", 'there is no help on "nothing"', None),
    ("help custodian nothing", 'there is no help on "nothing"', None),
]


def a_mistyped_word_is_named_and_so_is_what_was_meant(world):
    for typed, said, meant in MISTYPED:
        lines = world.run(*typed.split(" "), expect=2).stderr.decode().splitlines()
        expect(lines[0] == f"exhibit: error: {said}" + (f"; did you mean {meant}?" if meant else ""), (typed[:80], lines[0][:200]))
        expect(len(lines) == 2 and lines[1].startswith("exhibit: hint: exhibit "), lines)
    harmless = world.run("\x1b[2Jlist", expect=2).stderr
    expect(b"\x1b" not in harmless and b'"\\x1b[2Jlist"' in harmless, harmless)
    expect(world.run("--hlep", program=world.verify_program, expect=2).stderr
           .startswith(b"exhibit: error: exhibit-verify has no option --hlep; did you mean --help?\n"))


def help_says_what_minus_minus_help_says(world):
    for topic in ([], ["add"], ["custodian"], ["custodian", "add"], ["help"]):
        expect(world.run("help", *topic).stdout == world.run(*topic, "--help").stdout, topic)
