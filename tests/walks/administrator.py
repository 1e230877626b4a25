"""An administrator who sets a vault up for years: who may act, machines that collect, heads that others keep, a restore, a
disk that failed, and somebody who leaves. Everything runs unattended, so keys are files of mode 0600.
"""


def walk(type_, evidence):
    evidence("collected")
    type_("exhibit keygen --no-passphrase -o reader.txt > reader.pub")
    type_('exhibit init case --origin x7.example/q4d2 --name "Ada Admin" --reader "$(tail -n 1 reader.pub)" --no-passphrase',
          says="Write the fingerprint down")
    type_("export EXHIBIT_VAULT=$PWD/case EXHIBIT_IDENTITY=$PWD/reader.txt")

    # A second custodian, and a machine that collects and reads nothing.
    type_("exhibit keygen --signing --no-passphrase -o bob.key > bob.vkey")
    type_('exhibit custodian add bob.vkey --role custodian --name "Bob Backup"', says="admitted")
    type_("exhibit custodian add bob.vkey --role custodian --name 'Bob again'", status=1)
    type_("exhibit collector new fs01 --case IR-2025-014 --out fs01 --no-passphrase", says="fs01")
    yield "set up"

    # Collecting, on a stick, into the vault; once more changes nothing.
    type_("exhibit collect collected --collector fs01 --drop drop --source fs01 --case IR-2025-014", says="3 items")
    type_("exhibit take-in drop", says="3 items")
    type_("exhibit take-in drop", says="already")
    type_("exhibit collect collected --collector drop --drop drop", status=1)
    type_("exhibit take-in nowhere", status=1, says="nowhere")
    yield "collecting"

    # A head that counsel keeps, a published copy, and both checked as by a stranger.
    type_("exhibit checkpoint --out head -q")
    type_("exhibit publish www", says="")
    type_("exhibit verify-log www", says="nothing was changed")
    type_("exhibit verify -q")
    yield "published"

    # A backup while nobody writes, and the restore drill.
    type_("cp -a case backup && exhibit --vault backup verify", says="nothing was changed")
    type_("exhibit kit --out kit", says="kit:")
    type_("exhibit kit --check kit -i reader.txt", status=5, says="the kit is whole")

    # The disk fails: the database is gone, and a sector of a pack.
    type_("rm case/store/*.sst case/store/*.log case/store/MANIFEST-* 2>/dev/null; "
          "printf x | dd of=case/store/packs/000001 bs=1 seek=9000 conv=notrunc status=none")
    type_("exhibit verify", status=3, says="hint")
    type_("exhibit rescue case --to rescued", status=1, says=("entry 0", "--also"))
    type_("exhibit rescue case --to rescued --also www", status=3, says=("lost", "keep the damaged vault as it is"))
    type_("exhibit --vault rescued verify", status=3)
    type_("exhibit rescue case --to whole --also backup", says="all of it is here")
    type_("export EXHIBIT_VAULT=$PWD/whole")
    type_("exhibit verify --content", says="nothing was changed")
    type_("exhibit add collected/auth.log", says="1 item added")
    yield "rescued"

    # An old copy in the place of the new: refused, and by what it is gone on.
    type_("export EXHIBIT_VAULT=$PWD/backup")
    type_("exhibit list", status=3, says="recover-head")
    type_("exhibit recover-head --reason 'restored from the backup'", [("type the vault's origin", "x7.example/q4d2")],
          says="lost head recorded")
    type_("exhibit verify", says="nothing was changed")

    # Somebody leaves: the key is retired, and what it signed stays valid.
    type_("exhibit custodian list", says="Bob Backup")
    type_("exhibit custodian retire bob.vkey --reason 'left the company'", says="retired")
    type_("exhibit note 4 --text x --key bob.key", status=1, says="retired")
    type_("exhibit verify", says="nothing was changed")
    yield "gone on"
