"""What a custodian could sign: the forger has all keys, and every hash and signature fits. Here of entries, the genesis and proofs.
A function whose name ends with `_cells` yields what is wrong, at which step it is made, how, and the verdict."""
import base64

from forging import ACCEPT, ORIGIN, REFUSE, expect, reordered, replace, second, sign, with_keys
from judging import forge


def entry_cells(forger):
    """(what is done, the step, the change, the verdict where docs/FORMAT.md is plain about it)"""
    bad_times = ["2026-02-30T00:00:00.000Z", "2026-11-24T06:33:34Z", "2026-11-24T06:33:34.648z", "2026-11-24 06:33:34.648Z",
                 "2026-11-24T24:00:00.000Z", "2026-11-24T23:59:60.000Z", "2026-11-24T06:33:34.648+00:00", "2026-11-24T06:33:34.6480Z",
                 "2100-02-29T00:00:00.000Z"]
    yield from ((f"time {bad}", "item", with_keys(time=bad), REFUSE) for bad in bad_times)
    yield "the year 0", "item", with_keys(time="0000-02-29T00:00:00.000Z"), ACCEPT
    yield "a space in the json", "item_text", replace(b'"seq":1', b'"seq": 1'), REFUSE
    yield "a space at the json's end", "item_text", replace(b"}}\n", b"}} \n"), REFUSE
    yield "an escape that is not needed", "item_text", replace(b'"item"', b'"ite\\u006d"'), REFUSE
    yield "an escaped solidus", "item_text", replace(b"example/", b"example\\/"), REFUSE
    yield "a number as a fraction", "item_text", replace(b'"seq":1', b'"seq":1.0'), REFUSE
    yield "a number as a power", "item_text", replace(b'"seq":1', b'"seq":1e0'), REFUSE
    yield "a number with a zero before it", "item_text", replace(b'"seq":1', b'"seq":01'), REFUSE
    yield "a number as text", "item", with_keys(seq="1"), REFUSE
    yield "true for a number", "item", with_keys(seq=True), REFUSE
    yield "the same key twice", "item_text", replace(b'"v":1,', b'"v":1,"v":1,'), REFUSE
    yield "another order", "item", reordered, REFUSE
    yield "one key more", "item", with_keys(more=1), REFUSE
    yield "a version to come", "item", with_keys(v=2), REFUSE
    yield "an unknown type", "item", with_keys(type="thing"), REFUSE
    yield "an unknown type, as a list", "item", with_keys(type=[]), REFUSE
    yield "an omission without a count", "item", with_keys(type="omission"), REFUSE
    yield "another origin", "item", with_keys(origin="test.example/case-2"), REFUSE
    yield "another position", "item", with_keys(seq=2), REFUSE
    yield "another predecessor", "item", with_keys(prev="1" * 64), REFUSE
    yield "a hash in upper case", "item", lambda item: {**item, "header": item["header"].upper()}, REFUSE
    yield "another actor", "item", with_keys(actor=forger.other.actor), REFUSE
    yield "a text of two lines", "item_text", lambda text: text + b"more\n", REFUSE
    yield "an empty line within", "item_text", lambda text: text + b"\n" + text, REFUSE
    yield "not an object", "item_text", lambda text: b"[]\n", REFUSE
    yield "deep lists", "item_text", lambda text: b"[" * 20000 + b"]" * 20000 + b"\n", REFUSE
    yield "a second genesis", "item", lambda item: {
        **{k: item[k] for k in second.COMMON}, "type": "genesis", "recipient": forger.recipient, "log": forger.log.key,
        "custodian": {"name": "Tester", "key": forger.custodian.key, "roles": ["custodian"]}}, REFUSE
    yield "signed by another", "item_note", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "signed by two", "item_note", lambda note: note + forger.other.line(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "signed twice", "item_note", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):], REFUSE
    yield "a signature of zeros", "item_note", lambda note: note[:note.rindex(b" ") + 1] + base64.b64encode(
        forger.custodian.id + bytes(64)) + b"\n", REFUSE
    yield "a signature with a larger s", "item_note", larger_s, REFUSE
    yield "a signature without its line feed", "item_note", lambda note: note[:-1], REFUSE
    yield "a line feed behind the signature", "item_note", lambda note: note + b"\n", REFUSE
    yield "a carriage return", "item_note", lambda note: note[:-1] + b"\r\n", REFUSE
    yield "two spaces in the signature", "item_note", lambda note: note.replace(b"\x94 ", b"\x94  "), REFUSE


def larger_s(note):
    at = note.rindex(b" ") + 1
    blob = base64.b64decode(note[at:])
    s = int.from_bytes(blob[36:], "little") + second.L
    return note[:at] + base64.b64encode(blob[:36] + s.to_bytes(32, "little")) + b"\n"


def genesis_cells(forger):
    def custodian(**more):
        return lambda genesis: {**genesis, "custodian": {**genesis["custodian"], **more}}
    yield "a name in all the world's letters", "genesis", custodian(name="\u65e5\u672c \U0001f512 \u202e \u0085 \\ \" / \u00e9"), ACCEPT
    yield "a name with a line feed", "genesis", custodian(name="a\nb\t\x01\x1f\b\f"), REFUSE
    yield "a name of 256 bytes", "genesis", custodian(name="x" * 256), ACCEPT
    yield "a name of 257 bytes", "genesis", custodian(name="x" * 257), REFUSE
    yield "a name with a delete", "genesis", custodian(name="a\x7f"), REFUSE
    yield "a name with an escape in upper case", "genesis_text", replace(b'"name":"Tester"', b'"name":"\\u001F"'), REFUSE
    yield "a name with half of a pair", "genesis_text", replace(b'"name":"Tester"', b'"name":"\\ud800"'), REFUSE
    yield "an empty name", "genesis", custodian(name=""), REFUSE
    yield "more roles", "genesis", custodian(roles=["collector", "custodian", "witness"]), ACCEPT
    yield "no role", "genesis", custodian(roles=[]), REFUSE
    yield "an unknown role", "genesis", custodian(roles=["custodian", "king"]), REFUSE
    yield "a role twice", "genesis", custodian(roles=["custodian", "custodian"]), REFUSE
    yield "roles in another order", "genesis", custodian(roles=["witness", "custodian"]), REFUSE
    yield "a collector alone, who may not hand over", "genesis", custodian(roles=["collector"]), REFUSE
    yield "a witness alone", "genesis", custodian(roles=["witness"]), REFUSE
    yield "another custodian's key", "genesis", custodian(key=forger.other.key), REFUSE
    yield "a custodian's key with a wrong id", "genesis", custodian(key=forger.custodian.key.replace(forger.custodian.id.hex(), "0" * 8)), REFUSE
    yield "a recipient of nobody", "genesis", with_keys(recipient="age1nobody"), REFUSE
    yield "a recipient in upper case", "genesis", with_keys(recipient=forger.recipient.upper()), REFUSE
    yield "another log's key", "genesis", with_keys(log=forger.other.key), REFUSE
    yield "a predecessor", "genesis", with_keys(prev="1" * 64), REFUSE
    yield "another position", "genesis", with_keys(seq=1), REFUSE
    yield "another actor", "genesis", with_keys(actor=forger.other.actor), REFUSE
    yield "one key more", "genesis", with_keys(more=1), REFUSE
    yield "signed by another", "genesis_note", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE


def proof_cells(forger):
    def cosigned(note):
        return note + forger.other.line(note.partition(b"\n\n")[0] + b"\n")

    def many(note):
        return note + b"".join(f"\u2014 witness{n} {base64.b64encode(bytes(76)).decode()}\n".encode() for n in range(15))
    yield "a cosignature", "checkpoint", cosigned, ACCEPT
    yield "sixteen signatures", "checkpoint", many, ACCEPT
    yield "signed twice", "checkpoint", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):], ACCEPT
    yield "signed twice, once wrongly", "checkpoint", lambda note: note + note[note.rindex(b"\xe2\x80\x94"):note.rindex(b" ") + 1] \
        + base64.b64encode(forger.log.id + bytes(64)) + b"\n", REFUSE
    yield "signed by another", "checkpoint", lambda note: forger.other.note(note.partition(b"\n\n")[0] + b"\n"), REFUSE
    yield "no signature", "checkpoint", lambda note: note[:note.index(b"\n\n") + 2], REFUSE
    yield "a signature too short", "checkpoint", lambda note: note + "\u2014 w AAAA\n".encode(), REFUSE
    yield "a name with a plus", "checkpoint", lambda note: note + "\u2014 w+x AAAAAAAA\n".encode(), REFUSE
    yield "a name with a wide space", "checkpoint", lambda note: note + "\u2014 w\u3000x AAAAAAAA\n".encode(), REFUSE
    yield "a fourth line", "checkpoint_text", lambda text: text + b"more\n", REFUSE
    yield "an empty fourth line", "checkpoint_text", lambda text: text + b"\n", REFUSE
    yield "another origin", "checkpoint_text", replace(b"case-1", b"case-2"), REFUSE
    yield "another size", "checkpoint_text", replace(b"\n2\n", b"\n3\n"), REFUSE
    yield "a size with a zero before it", "checkpoint_text", replace(b"\n2\n", b"\n02\n"), REFUSE
    yield "a size with a sign", "checkpoint_text", replace(b"\n2\n", b"\n+2\n"), REFUSE
    yield "a size beyond 64 bits", "checkpoint_text", replace(b"\n2\n", b"\n18446744073709551618\n"), REFUSE
    yield "a later checkpoint in one proof", "proof_1", lambda proof: grown(forger, proof), REFUSE
    yield "a cosignature in one proof", "proof_1", lambda proof: proof + forger.other.line(
        proof.partition(b"\n\n")[2].partition(b"\n\n")[0] + b"\n"), ACCEPT
    yield "an index with a zero before it", "proof_1", replace(b"index 1", b"index 01"), REFUSE
    yield "another index", "proof_1", replace(b"index 1", b"index 0"), REFUSE
    yield "an index beyond 64 bits", "proof_1", replace(b"index 1", b"index 18446744073709551617"), REFUSE
    yield "one hash more", "proof_1", replace(b"=\n\n", b"=\n" + base64.b64encode(bytes(32)) + b"\n\n"), REFUSE
    yield "extra data", "proof_1", replace(b"index", b"extra AAAA\nindex"), ACCEPT
    yield "empty extra data", "proof_1", replace(b"index", b"extra \nindex"), ACCEPT
    yield "malformed extra data", "proof_1", replace(b"index", b"extra AAA\nindex"), REFUSE
    yield "base64 with bits behind its end", "proof_1", lambda proof: loose_base64(proof), REFUSE
    yield "another version", "proof_1", replace(b"@v1", b"@v2"), REFUSE
    yield "no empty line", "proof_1", replace(b"=\n\n", b"=\n"), REFUSE


def grown(forger, proof):
    """The proof when the log has one entry more."""
    head, _, checkpoint = proof.partition(b"\n\n")
    more = second.leaf_hash(b"more")
    root = second.node_hash(base64.b64decode(checkpoint.split(b"\n")[2]), more)
    text = f"{ORIGIN}\n3\n{base64.b64encode(root).decode()}\n".encode()
    return head + b"\n" + base64.b64encode(more) + b"\n\n" + forger.log.note(text)


def sorted_with(**more):
    return lambda value: {key: {**value, **more}[key] for key in second.METADATA if key in {**value, **more}}


def loose_base64(proof):
    """The last letter before the padding of a hash has two bits that belong to nothing."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    at = proof.index(b"=\n") - 1
    return proof[:at] + alphabet[alphabet.index(proof[at]) | 1:][:1] + proof[at + 1:]


def a_signature_has_one_form(_):
    """RFC 8032's first vector, and what lenient verifiers let through."""
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    good = bytes.fromhex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                         "d25bf5f0595bbe24655141438e7a100b")
    expect(second.ed25519_verify(public, b"", good) and not second.ed25519_verify(public, b"x", good))
    for at in range(0, 64, 7):
        expect(not second.ed25519_verify(public, b"", good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]))
    large = good[:32] + (int.from_bytes(good[32:], "little") + second.L).to_bytes(32, "little")
    expect(not second.ed25519_verify(public, b"", large), "s beyond the order")
    # With the neutral point as key any s with R = sB would do, for every message.
    neutral, (known, signature) = (1).to_bytes(32, "little"), sign(bytes(32), b"")
    expect(not second.ed25519_verify(neutral, b"", known + bytes(32)), "a key of small order")
    expect(not second.ed25519_verify(known, b"", neutral + signature[32:]), "an R of small order")
    for y in (second.P, second.P + 1, 0, 1, second.P - 1):
        expect(second.point_decode(y.to_bytes(32, "little")) is None, f"y = {y}")


def a_signed_entry_is_still_to_be_well_formed(world):
    forge(world, entry_cells)


def a_genesis_vouches_for_itself_in_one_form_only(world):
    forge(world, genesis_cells)


def a_proof_and_its_checkpoint_have_one_form(world):
    forge(world, proof_cells)
