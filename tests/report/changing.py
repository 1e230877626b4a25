"""What somebody changed in a bundle, for the page to find."""
import base64
import hashlib
import shutil

from forging import second, sign_bundle, write_manifests
from damage import swap


def drop(name):
    return lambda bundle: (bundle / name).unlink()


def edit(name, change):
    return lambda bundle: (bundle / name).write_bytes(change((bundle / name).read_bytes()))


def flip(name, at=0.5):
    def change(data):
        data = bytearray(data)
        data[int(at * (len(data) - 1))] ^= 1
        return bytes(data)
    return edit(name, change)


def tampering(names):
    for name in names:
        yield f"{name} flipped", flip(name)
        yield f"{name} flipped at its end", flip(name, 1)
        yield f"{name} dropped", drop(name)
        yield f"{name} cut in half", edit(name, lambda data: data[:len(data) // 2])
        yield f"{name} with a line feed more", edit(name, lambda data: data + b"\n")
        yield f"{name} renamed", lambda bundle, name=name: (bundle / name).rename(bundle / (name + "x"))
        yield f"a copy beside {name}", lambda bundle, name=name: shutil.copy(bundle / name, bundle / (name + "2"))
        twin = name.replace("/1", "/2").replace("a.txt", "b.log")
        if twin != name and twin in names:
            yield f"{name} swapped with {twin}", swap(name, twin)


def flip_last_signature(data):
    at = data.rindex(b" ") + 1
    blob = bytearray(base64.b64decode(data[at:]))
    blob[40] ^= 1
    return data[:at] + base64.b64encode(bytes(blob)) + b"\n"


def resigned(change):
    """What a custodian of the bundle could make of it: the note is signed anew over the manifests as they are then."""
    def both(bundle):
        change(bundle)
        sign_bundle(bundle)
    return both


def other_hash(manifest):
    """One hash in a manifest below data/ is another, and what is over it fits."""
    def change(bundle):
        before = (bundle / manifest).read_bytes()
        after = (b"1" if before[:1] == b"0" else b"0") + before[1:]
        (bundle / manifest).write_bytes(after)
        for algorithm in second.MANIFEST_HASHES:
            edit(f"tagmanifest-{algorithm}.txt", lambda data, one=algorithm: data.replace(
                hashlib.new(one, before).hexdigest().encode(), hashlib.new(one, after).hexdigest().encode()))(bundle)
    return change


def bad_lines(name):
    """The tag manifests without their line of a file."""
    def change(bundle):
        for algorithm in second.MANIFEST_HASHES:
            edit(f"tagmanifest-{algorithm}.txt", lambda data: b"".join(line for line in data.splitlines(True) if name not in line))(bundle)
    return change


def put_right(change):
    def both(bundle):
        change(bundle)
        write_manifests(bundle)
    return both


def other_oxum(bundle):
    info = bundle / "bag-info.txt"
    info.write_bytes(info.read_bytes().replace(b"Payload-Oxum: ", b"Payload-Oxum: 1"))
    for algorithm in second.MANIFEST_HASHES:
        manifest = bundle / f"tagmanifest-{algorithm}.txt"
        digest = hashlib.new(algorithm, info.read_bytes()).hexdigest()
        manifest.write_text("".join(f"{digest}  bag-info.txt\n" if line.endswith("  bag-info.txt") else f"{line}\n"
                                    for line in manifest.read_text().splitlines()))


def other_mac(header):
    at = header.rindex(b"--- ") + 4
    return header[:at] + (b"B" if header[at:at + 1] == b"A" else b"A") + header[at + 1:]


def other_end(data):
    return data[:-1] + bytes([data[-1] ^ 1])


def sealed_only(files):
    """Without what makes a bundle plain, by which more would be found."""
    return {name: data for name, data in files.items() if name not in ("data/1-a.txt", "proof/1.metadata.json", "proof/identity.txt")}
