"""What a custodian could seal: frames, padding, metadata and headers that are not as docs/FORMAT.md says, under hashes and
signatures that fit."""
import base64
import hashlib
import os

from forged_entries import sorted_with
from forging import ACCEPT, NOTE, REFUSE, Forger, compact, expect, less, reordered, replace, second, with_keys
from judging import forge


def raw_frame(descriptor, *header, content=NOTE, before=b""):
    """A zstd frame made by hand (RFC 8878, 3.1.1): the bytes of its header behind the descriptor, blocks, and a raw one."""
    return b"\x28\xb5\x2f\xfd" + bytes([descriptor]) + b"".join(header) + before + (len(content) << 3 | 1).to_bytes(3, "little") + content


def frame_cells():
    one, four = bytes([len(NOTE)]), len(NOTE).to_bytes(4, "little")
    yield "a frame of one raw block", raw_frame(0x20, one), ACCEPT
    yield "a frame with the bit that is unused", raw_frame(0x30, one), REFUSE
    yield "a frame with the bit that is reserved", raw_frame(0x28, one), REFUSE
    for flag, size in ((1, 1), (2, 2), (3, 4)):
        yield f"a frame with a dictionary of id 0 in {size} bytes", raw_frame(0x20 | flag, bytes(size), one), REFUSE
    for window, verdict in ((0x00, ACCEPT), (0x50, ACCEPT), (0x51, REFUSE), (0x68, REFUSE), (0xFF, REFUSE)):
        yield f"a frame with the window {window:02x}", raw_frame(0x80, bytes([window]), four), verdict
    yield "a frame that says its size in eight bytes", raw_frame(0xE0, four, bytes(4)), ACCEPT
    yield "a byte repeated no times", raw_frame(0x20, one, before=b"\x02\0\0x"), ACCEPT
    yield "an empty block", raw_frame(0x20, one, before=b"\0\0\0"), ACCEPT
    yield "a byte repeated more often than the frame is long", raw_frame(0x20, one, before=(94 << 3 | 2).to_bytes(3, "little") + b"x"), REFUSE
    yield "a block of the type that is reserved", raw_frame(0x20, one, before=b"\x06\0\0"), REFUSE


def content_cells(forger):
    for what, frame, verdict in frame_cells():
        yield what, "frames", lambda _, frame=frame: [frame], verdict
    yield "two frames where one would do", "frames", lambda frames: [forger.frame(NOTE[:9]), forger.frame(NOTE[9:])], REFUSE
    yield "an empty frame at the end", "frames", lambda frames: [*frames, forger.frame(b"")], REFUSE
    yield "a skippable frame first", "frames", lambda frames: [b"\x50\x2a\x4d\x18\x01\0\0\0x", *frames], REFUSE
    yield "a skippable frame between", "frames", lambda frames: [*frames, b"\x51\x2a\x4d\x18\x01\0\0\0x"], REFUSE
    yield "no frame", "frames", lambda frames: [], REFUSE
    yield "another content", "frames", lambda frames: [forger.frame(NOTE.upper())], REFUSE
    yield "a frame cut short", "frames", lambda frames: [frames[0][:-1]], REFUSE
    yield "a frame that does not say its size", "frames", lambda frames: [
        forger.world.tool("zstd", "-qc", "--no-check", stdin=NOTE)], REFUSE
    yield "a frame with a checksum", "frames", lambda frames: [
        forger.world.tool("zstd", "-qc", "--check", f"--stream-size={len(NOTE)}", stdin=NOTE)], REFUSE
    yield "bytes behind the metadata", "metadata_frame", lambda frame: frame + b"x", REFUSE
    yield "no metadata", "metadata_frame", lambda frame: b"", REFUSE
    yield "another skippable frame's magic", "metadata_frame", replace(b"\x50\x2a", b"\x51\x2a"), REFUSE
    yield "another length in front", "metadata_frame", lambda frame: frame[:4] + (len(frame) - 9).to_bytes(4, "little") + frame[8:], REFUSE
    yield "another word at the end", "metadata_frame", replace(b"EXHM", b"EXHX"), REFUSE
    yield "an unknown key", "metadata", with_keys(more=1), REFUSE
    yield "another order", "metadata", reordered, REFUSE
    yield "a version to come", "metadata", with_keys(v=2), REFUSE
    yield "white space", "metadata_text", replace(b":1,", b": 1,"), REFUSE
    yield "the same key twice", "metadata_text", replace(b'"v":1,', b'"v":1,"v":1,'), REFUSE
    yield "no sha-256", "metadata", with_keys(digests={"md5": hashlib.md5(NOTE).hexdigest()}), REFUSE
    yield "another sha-256", "metadata", with_keys(digests={"sha256": "0" * 64}), REFUSE
    yield "no digests", "metadata", less("digests"), REFUSE
    yield "no size", "metadata", less("size"), REFUSE
    yield "another size", "metadata", with_keys(size=1), REFUSE
    yield "a negative size", "metadata", with_keys(size=-1), REFUSE
    yield "no name", "metadata", less("name"), REFUSE
    yield "no path", "metadata", less("path"), ACCEPT
    yield "no kind", "metadata", less("kind"), REFUSE
    yield "no file type", "metadata", less("file_type"), REFUSE
    yield "no time", "metadata", less("acquired_at"), ACCEPT
    yield "an unknown kind", "metadata", with_keys(kind="thing"), REFUSE
    yield "an unknown file type", "metadata", with_keys(file_type="socket"), REFUSE
    yield "an unknown digest", "metadata", lambda value: {**value, "digests": {**value["digests"], "sha3": "0" * 64}}, REFUSE
    yield "not an object", "metadata_text", lambda text: b"[]", REFUSE
    for more in ({"tags": []}, {"tags": [""]}, {"tags": ["a", "a"]}, {"changed_while_read": False}, {"clock_offset_ms": 2**63}, {"claimed": []},
                 {"claimed": [{"algorithm": "md5", "value": "0", "matched": False}]}, {"name_raw": base64.b64encode(b"a.txt").decode()}):
        yield f"malformed {compact(more).decode()}", "metadata", sorted_with(**more), REFUSE
    for more in ({"tags": ["a", "b"]}, {"clock_offset_ms": -5}, {"description": "a\nb\x01\x7f"}, {"path": ""},
                 {"claimed": [{"algorithm": "md5", "value": "0" * 32, "matched": False}]}):
        yield f"well-formed {compact(more).decode()}", "metadata", sorted_with(**more), ACCEPT
    yield "a tail that begins a byte early", "shape", lambda shape: {**shape, "tail": shape["tail"] + 1}, REFUSE
    yield "no tail", "shape", lambda shape: {**shape, "tail": 0}, REFUSE
    yield "a tail larger than the payload", "shape", lambda shape: {**shape, "tail": shape["bytes"]}, REFUSE
    yield "one byte more claimed", "shape", lambda shape: {**shape, "bytes": shape["bytes"] + 1}, REFUSE
    yield "a damaged chunk under a right root", "payload", lambda payload: payload[:-1] + bytes([payload[-1] ^ 1]), REFUSE
    yield "a damaged mac under a right hash", "header", lambda header: header.replace(b"--- ", b"--- A", 1)[:-2] + b"\n", REFUSE
    yield "a recipient of another kind", "header", replace(b"--- ", b"-> grease abc\nAAAA\n--- "), REFUSE


def a_sealed_content_has_one_form(world):
    forge(world, content_cells)


def a_sealed_file_is_for_as_many_as_an_entry_names(world):
    world.add("a.txt", NOTE)
    friends = []
    for name in ("friend", "other"):
        world.tool("age-keygen", "-o", f"{name}.txt")
        friends.append(world.tool("age-keygen", "-y", f"{name}.txt").decode().strip())
    one = world.export([1], "one", "--recipient", friends[0])
    two = world.export([1], "two", "--recipient", friends[0], "--recipient", friends[1])
    world.judge("for two, as its entry says", two, "-i", world.folder / "other.txt", verdict=ACCEPT)

    def resealed(bundle):
        """The header with both stanzas, in a bundle whose entry names one."""
        header, payload = (two / "data/1.age").read_bytes(), (one / "data/1.age").read_bytes()
        end = payload.index(b"\n", payload.index(b"\n--- ") + 1) + 1
        (bundle / "data/1.age").write_bytes(header[:header.index(b"\n", header.index(b"\n--- ") + 1) + 1] + payload[end:])
    for option in ((), ("-i", world.folder / "other.txt")):
        world.judge("for two where its entry names one", world.changed(one, resealed, "put right"), *option, verdict=REFUSE)


def an_original_header_is_for_the_same_key(world):
    """The entry commits to the header, and the header's MAC to the file key: one ciphertext is no two items."""
    forger, kept = Forger(world), []

    def another_mac(header):
        kept.append(header)
        return header[:header.rindex(b" ") + 1] + base64.b64encode(bytes(32)).rstrip(b"=") + b"\n"

    def made(**steps):
        return forger.make(header=another_mac, files=lambda files: {
            **files, "data/1.age": kept[-1] + files["data/1.age"][len(kept[-1]):]}, **steps)
    world.judge("another mac in the original header alone", made(), verdict=REFUSE)
    verifier = second.Verifier(str(made()), None, [])
    verifier.run()
    expect([one["name"] for one in verifier.findings] == ["header-mac"], verifier.findings)


def a_tail_begins_with_the_chunk_of_the_metadata(world):
    original = os.urandom(150_000)
    forger = Forger(world)
    world.judge("as it should", forger.make(original), verdict=ACCEPT)
    world.judge("a chunk early", forger.make(original, shape=lambda shape: {**shape, "tail": shape["tail"] + 65_552}), verdict=REFUSE)
