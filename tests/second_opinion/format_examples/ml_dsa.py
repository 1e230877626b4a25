"""ML-DSA-44 for the examples: by Python's cryptography where it has it (46 and newer), else by openssl (3.5 and newer), else not
at all."""
import subprocess
import tempfile
from pathlib import Path

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
except ImportError:
    MLDSA44PrivateKey = None

# A PKCS #8 key that is its seed alone, and what comes before a public key in a SubjectPublicKeyInfo.
SEED_PREFIX = bytes.fromhex("3034020100300b060960864801650304031104228020")
PUBLIC_PREFIX = 22


def openssl(*arguments, **files):
    """What it prints, with files of these contents in its folder; None if it fails or is not there."""
    with tempfile.TemporaryDirectory(prefix="exhibit-") as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        try:
            done = subprocess.run(["openssl", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
        except OSError:
            return None
        return done.stdout if done.returncode == 0 else None


class OfOpenssl:
    def __init__(self, seed):
        self.key = SEED_PREFIX + seed
        self.public = openssl("pkey", "-inform", "DER", "-in", "key", "-pubout", "-outform", "DER", key=self.key)[PUBLIC_PREFIX:]

    def sign(self, message):
        return openssl("pkeyutl", "-sign", "-keyform", "DER", "-inkey", "key", "-rawin", "-in", "message", "-pkeyopt", "deterministic:1",
                       key=self.key, message=message)


class OfCryptography:
    def __init__(self, seed):
        self.private = MLDSA44PrivateKey.from_seed_bytes(seed)
        self.public = self.private.public_key().public_bytes_raw()

    def sign(self, message):
        return self.private.sign(message)


def openssl_knows():
    """Whether verifiers of this machine can check such a signature."""
    return openssl("pkey", "-inform", "DER", "-in", "key", "-noout", key=SEED_PREFIX + bytes(32)) is not None


def maker():
    if MLDSA44PrivateKey is not None:
        return OfCryptography
    return OfOpenssl if openssl_knows() else None
