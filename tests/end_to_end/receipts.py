"""What a receiver signs of a bundle, and how it comes into the sender's log."""
import shutil

from containers import small_bundle
from world import NOT_ANCHORED, ORIGIN, expect, flip


def handed_over(world, *outs):
    """Two items, a bundle of them at each of `outs`, and the receiver's key, which the vault does not know."""
    fingerprint = small_bundle(world, *outs)
    world.run("keygen", "--signing", "--handle", "agent", "--no-passphrase", "-o", "agent.key")
    return fingerprint


def a_receipt_comes_back_and_enters_the_log(world):
    fingerprint = handed_over(world, "bundle", "bundle.tar")
    elsewhere = {"EXHIBIT_VAULT": "", "EXHIBIT_KEY": str(world.folder / "agent.key")}
    said = world.run("verify-bundle", "bundle", "--fingerprint", fingerprint, "--receipt", "receipt.txt", "--name", "Fed Agent",
                     **elsewhere)
    expect(b"exhibit receive receipt.txt" in said.stderr, said.stderr)
    text = world.read("receipt.txt")
    for word in (b'"statement":"receipt"', b'"outcome":"holds"', b'"depth","content"', b'"believed",["fingerprint"]', b'"items","1-2"',
                 b'"received-by",{"name":"Fed Agent"}', f"\n\n\u2014 {ORIGIN}/receiver ".encode()):
        expect(word in text, (word, text))
    digest = world.tool("sha256sum", "bundle/bundle.note").split()[0]
    expect(b'"bundle":"' + digest + b'"' in text)
    # Nothing is overwritten.
    world.run("verify-bundle", "bundle", "--receipt", "receipt.txt", expect=1, **elsewhere)
    expect(world.read("receipt.txt") == text)

    done = world.json("receive", "receipt.txt")
    expect(done["type"] == "receipt")
    story = world.history(1)
    expect(any("Fed Agent" in what and "held" in what for what in story), story)
    expect("Fed Agent" in world.history(2)[-1])
    expect(b"Fed Agent" not in world.run("log").stdout, "who received it is sealed")
    expect(b"in the log already" in world.run("receive", "receipt.txt", expect=1).stderr)
    world.run("verify")
    # Of the bundle in one file: the same note.
    world.run("verify-bundle", "bundle.tar", "--receipt", "second.txt", expect=NOT_ANCHORED, **elsewhere)
    expect(b'"believed",["fingerprint"]' not in world.read("second.txt"))
    world.run("receive", "second.txt")
    # What is exported next tells of it, to all who check.
    world.run("export", "1", "--out", "later", "-i", "reader.txt")
    world.run("later", program=world.verify_program, expect=NOT_ANCHORED)
    world.second_opinion("later")


def a_receipt_says_what_did_not_hold(world):
    handed_over(world, "bundle")
    shutil.copytree(world.folder / "bundle", world.folder / "torn")
    sealed = world.folder / "torn/data/fs01/in/note.txt"
    flip(sealed, -1)
    world.run("verify-bundle", "torn", "--receipt", "torn.txt", "--key", "agent.key", expect=3)
    text = world.read("torn.txt")
    for word in (b'"outcome":"fails"', b'"failed","2"', b'"finding","'):
        expect(word in text, (word, text))
    world.run("receive", "torn.txt")
    expect("did not hold" in world.history(2)[-1], world.history(2))
    world.run("verify", "--content", "-i", "reader.txt")
    # Of what does not even say whose it is there is nothing to sign.
    (world.folder / "torn/bundle.note").unlink()
    error = world.run("verify-bundle", "torn", "--receipt", "none.txt", "--key", "agent.key", expect=3).stderr
    expect(b"does not prove who made it" in error, error)
    expect(not (world.folder / "none.txt").exists())


def a_receipt_that_was_touched_or_is_of_another_vault_is_refused(world):
    handed_over(world, "bundle")
    world.run("verify-bundle", "bundle", "--receipt", "receipt.txt", "--key", "agent.key", expect=NOT_ANCHORED)
    text = world.read("receipt.txt")
    for old, new, status in ((b'"items","1-2"', b'"items","1"', 3), (b'"holds"', b'"fails"', 3), (b"content", b"sealed", 3),
                             (b"/receiver+", b"/receiveR+", 1), (b"\n\n", b"\n", 1), (b'"v":1', b'"v":9', 1)):
        world.write("touched.txt", text.replace(old, new, 1))
        error = world.run("receive", "touched.txt", expect=status).stderr
        expect(b"error" in error, error)
    for wrong in (["--refuse"], ["--bundle", "bundle"], ["--out", "x"]):
        expect(b"is a receipt" in world.run("receive", "receipt.txt", *wrong, expect=1).stderr)
    world.run("verify-bundle", "bundle", "--receipt", "x.txt", expect=2)  # by whom?
    world.run("verify-bundle", "bundle", "--receipt", "x.txt", "--key", "missing.key", expect=1)
    world.run("init", "other", "--origin", "other.example/case-9", "--reader", world.run("keygen", "--no-passphrase", "-o", "o.txt").stdout.decode().strip(),
              "--no-passphrase")
    error = world.run("receive", "receipt.txt", "--vault", "other", expect=1).stderr
    expect(b"another vault" in error, error)
    world.run("receive", "receipt.txt")


def a_hand_over_is_signed_over_a_bundle_in_one_file(world):
    fingerprint = handed_over(world, "bundle.zip")
    vkey = world.run("keygen", "--signing", "--no-passphrase", "-o", "bob.key").stdout
    world.write("bob.vkey", vkey)
    world.run("custodian", "add", "bob.vkey", "--role", "custodian", "--name", "bob")
    world.run("transfer", "1-2", "--to", "k2", "--purpose", "analysis", "--out", "out.transfer")
    world.run("receive", "out.transfer", "--bundle", "bundle.zip", "--fingerprint", fingerprint, "--key", "bob.key", "--out", "signed",
              EXHIBIT_VAULT="")
    world.run("receive", "signed")
    expect(world.history(1)[-1].startswith("handed over from"))
