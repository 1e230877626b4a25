"""Proof files."""
import re

from build import Vault, proof
from good import of_proof
from hostile_trees import retire
from pieces import b64


def proofs():
    def make(name, finding, status=3, original=None, shown=None, hide=None, **more):
        vault = Vault(name)
        number = vault.item(content=b"one\ntwo\nthree\n", parts="lines")
        hide = hide if hide is not None else ({"parts-seed", "sha256", "size"} if shown is not None else None)
        return of_proof(f"proof, {name}", vault, proof(vault, number, hide=hide, shown_parts=shown, **more), original, status, finding)

    def edit(name, change):
        return lambda sections: sections.update({name: change(sections[name])})

    yield make("another original", "original-mismatch", original=b"other\n")
    for key in ("sha256", "size", "state"):
        yield make(f"an original, and {key} is hidden", "field-hidden", original=b"one\ntwo\nthree\n", hide={key, "parts-seed"})
    for key in ("sha256", "size"):
        yield make(f"some lines, and {key} is told", "field-told", shown=[1], hide={"parts-seed", "sha256", "size"} - {key})
    yield make("some lines, and the seed is told", "field-told", shown=[1], hide={"sha256", "size"})
    yield make("some lines, and parts is hidden", "field-hidden", shown=[1], hide={"parts-seed", "sha256", "size", "parts"})
    yield make("some lines, and state is hidden", "field-hidden", shown=[1], hide={"parts-seed", "sha256", "size", "state"})
    yield make("a line that was changed", "parts", shown=[1], sections_edit=edit("parts", lambda data: data.replace(b64(b"two\n").encode(), b64(b"owt\n").encode())))
    yield make("a line at another place", "parts", shown=[1], sections_edit=edit("parts", lambda data: data.replace(b"= 1 ", b"= 2 ")))
    yield make("a line past the end", "parts", shown=[2], sections_edit=edit("parts", lambda data: data.replace(b"= 2 ", b"= 3 ")))
    yield make("a salt that was changed", "parts", shown=[1], sections_edit=edit("parts", lambda data: re.sub(rb"= 1 [0-9a-f]{2}", b"= 1 00", data)))
    yield make("two lines as one", "parts", shown=[1], sections_edit=edit("parts", lambda data: data.replace(b64(b"two\n").encode(), b64(b"two\nthree\n").encode())))
    yield make("lines out of order", "parts", shown=[0, 1], sections_edit=edit("parts", lambda data: b"".join(line + b"\n" for line in data.split(b"\n")[:-1][::-1])))
    yield make("no hash of the hidden lines", "parts", shown=[1], sections_edit=edit("part-hashes", lambda data: data.split(b"\n")[0] + b"\n"))
    yield make("no line shown", "parts", shown=[1], sections_edit=edit("parts", lambda data: b""))
    yield make("parts without hashes", "proof-malformed", shown=[1], sections_edit=lambda sections: sections.pop("part-hashes"))
    yield make("a section that nobody knows", "proof-malformed", sections_edit=lambda sections: sections.update(extra=b""))
    yield make("a section that is missing", "proof-malformed", sections_edit=lambda sections: sections.pop("fields"))
    yield make("sections out of order", "proof-malformed", sections_edit=lambda sections: sections.update(entries=sections.pop("entries")))
    yield make("hashes that are missing", "hashes-malformed", sections_edit=edit("hashes", lambda data: data + b"0 0 " + b"ab" * 32 + b"\n"))
    yield make("fields that were changed", "fields-mismatch", sections_edit=edit("fields", lambda data: data.replace(b"ransom-message", b"notice")))
    vault = Vault("proof of law")
    vault.item()
    vault.admit("k2", 2)
    retire(vault)
    vault.add("note", by="k2")
    data = proof(vault, 1, sections_edit=lambda sections: sections.update(entries=sections["entries"].replace(vault.entries[3], b"")))
    yield of_proof("proof, a retirement that was dropped", vault, data, status=3, finding="entry-law")
    yield of_proof("proof, of version 2", vault, b"exhibit-proof@v2\n", status=3, finding="proof-malformed")
    yield of_proof("proof, no proof at all", vault, b"hello\n", status=1)
