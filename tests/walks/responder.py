"""A responder at three in the morning: an empty folder, a ransom message, and what the program itself says.

Nothing is typed that the first screen, a message, or `exhibit help` did not name.
"""
import re

PHRASE = "correct horse battery staple"
VAULT = "Passphrase of vault x7.example/q4d2"


def walk(type_, evidence):
    evidence("collected")
    first = type_("exhibit", says="A first vault:")
    lines = [line.strip() for line in first.splitlines()]
    init = re.split(r"  +", next(line for line in lines if line.startswith("exhibit init")))[0]
    export = next(line for line in lines if line.startswith("export "))

    # From the first screen to the first safe item: three commands and one passphrase.
    made = type_(init, [("New passphrase", PHRASE), ("The same again", PHRASE)], says="Write the fingerprint down")
    type_(export)
    type_("exhibit add collected", [(VAULT, PHRASE)], says=("README_RESTORE_FILES.txt", "3 items added"))
    yield "three commands and one passphrase"

    fingerprint = re.search(r"^fingerprint +([0-9a-f ]+)$", made, re.M)[1].replace(" ", "")
    type_("exhibit list", says="-i -")  # names are sealed, and it says how they are shown
    type_("exhibit list -i -", [(VAULT, PHRASE)], says=("README_RESTORE_FILES.txt", "ransom-message"))
    type_("exhibit status", says=("fingerprint", "kit"))
    type_("exhibit verify", says="nothing was changed, dropped or slipped in")

    # What goes wrong at that hour, and what is said to it.
    type_("exhibit lst", status=2, says="did you mean")
    type_("exhibit add --hlep", status=2, says="did you mean")
    type_("exhibit add notthere.txt", status=2, says="notthere.txt does not exist")
    type_("exhibit add collected/auth.log", [(VAULT, "wrong"), ("Passphrase of signing key", "wrong")], status=1,
          says="the passphrase is wrong")
    type_("exhibit cat 99", status=1, says="the log has")
    type_("exhibit cat 2 -i collected/auth.log", status=1, says="age identity")
    type_("cd collected")
    type_("exhibit --vault . list", status=1, says="there is one in ../case")
    type_("cd ..")
    type_("exhibit shred 2", status=2, says="--authority is required")

    # A command's output, with its exit status kept.
    type_("dmesg 2>/dev/null | head -n 3 | exhibit add - --name dmesg.txt", [(VAULT, PHRASE)], says="1 item added")

    # Reading says why; what is read is whole.
    read = type_("exhibit cat 1", [(VAULT, PHRASE), ("Purpose of reading this", "first look")], says="Tor Browser")
    assert "72 hours" in read, read
    type_("exhibit note 1 --text 'found on the second floor'", [(VAULT, PHRASE)], says="noted on 1")
    type_("exhibit hold 1-3 --authority 'St. Mary' --reason litigation", [(VAULT, PHRASE)], says="held: 1-3")
    type_("exhibit history 1", says="held")

    # What must be kept elsewhere, and a head for counsel.
    type_("exhibit kit --out kit", says="kit:")
    type_("exhibit kit --check kit", [("assphrase", PHRASE)], status=5, says="the kit is whole")
    type_(f"exhibit kit --check kit --fingerprint {fingerprint}", [("assphrase", PHRASE)], says="the kit is whole")
    type_("exhibit checkpoint --out head-for-counsel")

    # Handed over, and checked as its receiver will.
    type_("exhibit export 1-3 --out bundle", [(VAULT, PHRASE), ("Purpose of reading this", "request of the FBI")],
          says="The receiver checks it with")
    type_("exhibit export 1-3 --out bundle", status=1, says="bundle is there already")
    type_(f"exhibit-verify bundle --fingerprint {fingerprint}", says="3 contents")
    type_("exhibit-verify bundle", status=5, says="was not checked")
    yield "handed over"
