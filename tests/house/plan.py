"""The plan of the house: which folder may include which, who owns a library, where secrets leave, how long a file may be.

A change here is a change of the design. docs/ARCHITECTURE.md draws it.
"""

LINES_AT_MOST = 500

# Longer on purpose, and why.
LONGER = {
    "tools/verify_bundle.py": "a receiver copies one file and reads it from top to end",
}

LAW = "vault/verify vault/custody vault/tlog vault/seal vault/crypto vault/base"
ABOVE_THE_STORE = "vault/net vault/witness vault/publish vault/tell vault/bundle"

# Each folder may include itself and what its row names. From the top down: no row names one above it.
MAY_INCLUDE = {
    "cli": f"vault/work vault/session vault/rescue vault/intake vault/store {ABOVE_THE_STORE} {LAW}",
    "vault/work": f"vault/session vault/rescue vault/intake vault/store {ABOVE_THE_STORE} {LAW}",
    "vault/session": f"vault/intake vault/store {ABOVE_THE_STORE} {LAW}",
    "vault/intake": f"vault/store {LAW}",
    # What is found in a damaged store, without opening it.
    "vault/rescue": f"vault/store {LAW}",
    # The store commits what the law allows. It knows neither bundles nor anything that leaves; of the network it knows
    # objects in buckets.
    "vault/store": f"vault/net {LAW}",
    "vault/net": f"vault/witness vault/publish {LAW}",
    "vault/witness": "vault/custody vault/tlog vault/crypto vault/base",
    "vault/publish": LAW,
    # What is told may look into a bundle; a bundle never looks at what is told of it.
    "vault/tell": f"vault/bundle {LAW}",
    "vault/bundle": LAW,
    # The verifier re-derives everything and knows nothing of writing.
    "vault/verify": "vault/custody vault/tlog vault/seal vault/crypto vault/base",
    "vault/custody": "vault/tlog vault/seal vault/crypto vault/base",
    "vault/tlog": "vault/crypto vault/base",
    "vault/seal": "vault/crypto vault/base",
    "vault/crypto": "vault/base",
    "vault/base": "",
}

# The folders (or files) of the product that may include a library. The other code sees our types only, so that a library
# is replaced in one folder.
LIBRARIES = {
    "rocksdb/": ["vault/store/"],
    "sodium.h": ["vault/crypto/"],
    "openssl/": ["vault/crypto/"],
    "zstd.h": ["vault/seal/"],
    "xxhash.h": ["vault/store/sealed_stage.cc"],
    "zlib.h": ["vault/bundle/"],
    "curl/": ["vault/net/"],
    "qrencode.h": ["vault/work/qr_code.cc"],
    "CLI/": ["cli/options.cc", "cli/command_line.cc"],
    "nlohmann/": ["vault/base/json.cc"],
    "toml++/": ["cli/toml_text.h"],
    "fmt/": ["vault/base/format.h"],
    "tl/": ["vault/base/error.h"],
    "benchmark/": ["tools/"],
}

# Headers that only these may include.
ONLY_FOR = {
    "vault/session/writer_hands.h": ["vault/work/", "tests/session/", "tests/support/"],
    "vault/session/key_files.h": ["vault/session/", "vault/work/", "tests/session/", "tests/support/"],
    "vault/session/opening.h": ["vault/session/", "vault/work/"],
    # A front end needs nothing of another one.
    "cli/": ["cli/", "tests/cli/"],
}

# Folders and headers of the system: no library of ours, free to all.
SYSTEM_FOLDERS = {"sys", "netinet", "arpa", "linux"}
SYSTEM_HEADERS = {"dirent.h", "dlfcn.h", "fcntl.h", "fnmatch.h", "grp.h", "malloc.h", "netdb.h", "poll.h", "pwd.h", "signal.h",
                  "spawn.h", "stdlib.h", "termios.h", "unistd.h"}

# The files that take the bytes out of a Secret, and what for.
DOORS = {
    "vault/crypto/": "primitives compute with keys",
    "vault/seal/age_header.cc": "the MAC of a header is under the file key",
    "vault/seal/chunks.cc": "the payload's key is derived from the file key",
    "vault/seal/key_commitment.cc": "an entry commits to the file key",
    "vault/seal/x25519_recipient.cc": "wraps and unwraps; an identity as text and back",
    "vault/seal/hybrid_recipient.cc": "wraps and unwraps; an identity as text and back",
    "vault/seal/ssh_key.cc": "wraps and unwraps; a secret key is read from its file",
    "vault/seal/passphrase.cc": "a key is derived from a passphrase",
    "vault/seal/wrap.cc": "the file key is what is wrapped",
    "vault/tlog/note_key.cc": "a signing key as text and back",
    "vault/tlog/ml_dsa_key.cc": "a signing key as text and back",
    "vault/session/log_secrets.cc": "the log's ML-DSA-44 key is parsed from its text",
    "vault/witness/witness.cc": "the key of a witness is parsed from its text",
    "vault/custody/key_file.cc": "a key file is made of a key, and read",
    "vault/custody/labels.cc": "a label secret and a case key as text and back",
    "vault/custody/parts.cc": "the seed of parts is a field, and sealed",
    "vault/session/reader_keys.cc": "the vault's reading key is sealed to its readers, and read",
    "vault/session/recovery_key.cc": "the recovery key is sealed to the readers, and read",
    "vault/session/label_key.cc": "the label secret is parsed from its text",
    "vault/intake/collector.cc": "the keys of a collector's cases are put into its folder",
    "vault/work/reseal.cc": "the next reading key is parsed from its text",
    "vault/work/recover.cc": "the passphrase of a key that was made a moment ago opens it",
    "vault/net/http_exchange.cc": "libcurl signs a request with the credentials of an object store",
    "cli/passphrase.cc": "a passphrase is asked for twice and compared",
    "cli/identities.cc": "an identity file is parsed",
    "cli/cmd_keygen.cc": "a new key's file is written",
    "cli/case_key.cc": "the key of a case is written for who is given it",
}
