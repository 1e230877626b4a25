"""An investigator who was sent a bundle, trusts nobody's tool, and has never heard of the program.

Somebody else made the vault (typed here without judging). What the investigator types, `exhibit-verify --help`, a message or
VERIFY.txt has named.
"""
import re


def walk(type_, evidence):
    # Somewhere else: a vault, a bundle for anybody and one for the investigator, on a stick.
    evidence("collected")
    fingerprint = prepare(type_)
    type_("cd stick")
    yield "received"

    # First look, with nothing in hand.
    type_("exhibit-verify --help", says=("--fingerprint", "--extract-to", "Exit status"))
    type_("exhibit-verify plain", status=5, says=("--fingerprint HEX", "2 contents"))
    # The fingerprint comes by telephone.
    type_(f"exhibit-verify plain --fingerprint {fingerprint}", says="2 contents")
    type_(f"exhibit-verify plain --fingerprint {'0' * 64}", status=3, says="another vault")

    # With stock tools alone.
    type_(f"(cd plain && bash VERIFY.txt {fingerprint})", says="all that was checked holds")
    type_("(cd plain && sha256sum --quiet -c manifest-sha256.txt)")
    type_("head -n 1 plain/data/fs01/collected/README_RESTORE_FILES.txt", says="Hello.")

    # What a computer leaves in a folder is no tampering; a name that a medium changed is none either.
    type_("touch plain/.DS_Store plain/data/Thumbs.db")
    type_(f"exhibit-verify plain --fingerprint {fingerprint}", says=".DS_Store")
    type_("rm plain/.DS_Store plain/data/Thumbs.db")
    type_("tar -cf plain.tar plain && gzip -k plain.tar")
    type_(f"exhibit-verify plain.tar --fingerprint {fingerprint}", says="2 contents")
    type_(f"exhibit-verify plain.tar.gz --fingerprint {fingerprint}", status=1)
    type_("head -c 20000 plain.tar > cut.tar")
    type_(f"exhibit-verify cut.tar --fingerprint {fingerprint}", status=1)
    type_("exhibit-verify notthere", status=1, says="does not exist")
    type_("exhibit-verify collected.txt", status=1)
    type_("mkdir nothing; exhibit-verify nothing", status=1)

    # A sealed one: another key first, as happens.
    type_("age-keygen -o wrong.txt 2>/dev/null")
    type_(f"exhibit-verify sealed --fingerprint {fingerprint}", says="sealed")
    type_(f"exhibit-verify sealed --fingerprint {fingerprint} -i wrong.txt", status=6, says="opens")
    type_(f"exhibit-verify sealed --fingerprint {fingerprint} -i ../investigator.txt --extract-to originals", says="originals")
    type_("cmp originals/fs01/collected/auth.log ../collected/auth.log")
    type_(f"exhibit-verify plain --fingerprint {fingerprint} --find originals/fs01/collected/README_RESTORE_FILES.txt",
          says="entry 1")
    type_(f"exhibit-verify sealed --fingerprint {fingerprint} -i ../investigator.txt --extract-to originals", status=1)

    # What was changed is found, named, and no more is said to be wrong than is.
    type_("printf x | dd of=plain/data/fs01/collected/README_RESTORE_FILES.txt bs=1 seek=9 conv=notrunc status=none")
    type_(f"exhibit-verify plain --fingerprint {fingerprint}", status=3, says=("1 of 2 items hold", "entry 1"))
    type_(f"exhibit-verify plain --fingerprint {fingerprint} --json", status=3, says='"verdict": "changed"')
    yield "checked"


def prepare(type_):
    quiet = {"judge": False}
    type_("age-keygen -o investigator.txt 2>/dev/null; exhibit keygen --no-passphrase -o reader.txt > reader.pub", **quiet)
    type_('exhibit init case --origin x7.example/q4d2 --name "Alice Examiner" --organisation "Acme IR" '
          '--reader "$(tail -n 1 reader.pub)" --no-passphrase', **quiet)
    type_("export EXHIBIT_VAULT=$PWD/case EXHIBIT_IDENTITY=$PWD/reader.txt; mkdir stick", **quiet)
    type_("exhibit add collected --case IR-2025-014 --source fs01", **quiet)
    type_("exhibit export 1 3 --out stick/plain --purpose 'request of the FBI'", **quiet)
    type_('exhibit export 1-2 --out stick/sealed --recipient "$(age-keygen -y investigator.txt)" --purpose "request of the FBI"',
          **quiet)
    shown = type_("exhibit verify --log --json", **quiet)
    type_("echo no bundle > stick/collected.txt; unset EXHIBIT_VAULT EXHIBIT_IDENTITY", **quiet)
    return re.search(r'"fingerprint": "([0-9a-f]{64})"', shown)[1]
