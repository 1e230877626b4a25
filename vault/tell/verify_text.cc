#include "vault/tell/verify_text.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

constexpr std::string_view kFiles = R"(
# 1. The files that are listed are as the lists say. This finds damage; who forges writes new lists too, and is found by
#    what follows.

sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt && echo "ok: the files have their SHA-256"
sha512sum --quiet -c manifest-sha512.txt tagmanifest-sha512.txt && echo "ok: the files have their SHA-512"

# 2. Which log it is. The hash of entry 0 is the log's fingerprint, and it names the keys. Compare it with the one
#    that you were told by another way than with this bundle: if you cannot, you learn only that all of this
#    agrees with itself. Entry 0 is in proof/0.entry, to be read.

{ printf '\0'; cat proof/0.entry; } | sha256sum | cut -c1-64
)";

constexpr std::string_view kLog = R"(
# 3. Each entry in proof/ is signed, stands in the log where it says, and the sealed files in data/ are the ones that
#    entries name; bundle.note is signed over the lists of step 1. Whether a signer might sign at that place, by the
#    entries before, is for you to read in them (exhibit-verify and verify_bundle.py of the Exhibit project check
#    that too).

python3 - <<'END'
import base64, glob, hashlib, json, os, subprocess, tempfile
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def read(name): return open(name, "rb").read()
def need(holds, what):
    if not holds: raise SystemExit("FAILED: " + what)
def signed(note, first, keys, what):  # each signature of a known key holds; the first is by `first`, if that is known
    text, _, lines = note.rpartition(b"\n\n")
    blobs = [base64.b64decode(line.split(b" ")[2]) for line in lines.splitlines()]
    need(first in (None, blobs[0][:4]) and any(blob[:4] in keys for blob in blobs), what + ": another signer than it says")
    for blob in blobs:
        if blob[:4] not in keys: continue
        with tempfile.TemporaryDirectory() as d:
            for name, data in ("key", bytes.fromhex("302a300506032b6570032100") + keys[blob[:4]]), ("text", text + b"\n"), ("sig", blob[4:]):
                open(d + "/" + name, "wb").write(data)
            need(not subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", d + "/key", "-keyform", "DER", "-rawin",
                                     "-in", d + "/text", "-sigfile", d + "/sig"], capture_output=True).returncode, what + ": signature")
def root(leaves):  # RFC 6962
    stack = []
    for count, hash in enumerate(leaves, 1):
        while count % 2 == 0: hash, count = sha(b"\1", stack.pop(), hash), count // 2
        stack.append(hash)
    hash = stack.pop()
    while stack: hash = sha(b"\1", stack.pop(), hash)
    return hash
def climb(hash, index, last, path):
    for other in path:
        if index % 2 or index == last:
            hash = sha(b"\1", other, hash)
            while index % 2 == 0 and index: index, last = index // 2, last // 2
        else: hash = sha(b"\1", hash, other)
        index, last = index // 2, last // 2
    return hash if last == 0 else None
def leaves(name, size, tail):  # nonce, blocks of 16 chunks, tail
    with open(name, "rb") as file:
        file.seek(os.path.getsize(name) - size)
        sizes = [16] + [min(1048832, size - tail - at) for at in range(16, size - tail, 1048832)] + [tail]
        for size in sizes: yield sha(b"\0", file.read(size))
numbers = sorted(int(os.path.basename(name)[:-6]) for name in glob.glob("proof/*.entry"))
notes = {n: read(f"proof/{n}.entry") for n in numbers}
said = {n: json.loads(notes[n].split(b"\n")[0]) for n in numbers}
keys, logs = {}, {}
def learn(to, vkey): to[bytes.fromhex(vkey.split("+")[1])] = base64.b64decode(vkey.split("+", 2)[2])[1:]
for one in said.values():
    if "log" in one: learn(logs, one["log"])
    if "custodian" in one: learn(keys, one["custodian"]["key"])
    if one.get("act") == "rotate": learn(keys, one["key"])
heads = set()
for n, one in said.items():
    need(one["seq"] == n and one["origin"] == said[0]["origin"], f"entry {n}: its place")
    need(n - 1 not in notes or one["prev"] == sha(b"\0", notes[n - 1]).hex(), f"entry {n}: follows another entry")
    signed(notes[n], bytes.fromhex(one["actor"][-8:]), {**keys, **logs}, f"entry {n}")
    proof, _, head = read(f"proof/{n}.tlog-proof").partition(b"\n\n")
    lines, checkpoint = proof.decode().split("\n"), head.split(b"\n")
    path = [base64.b64decode(line) for line in lines[lines.index(f"index {n}") + 1:]]
    need(climb(sha(b"\0", notes[n]), n, int(checkpoint[1]) - 1, path) == base64.b64decode(checkpoint[2]), f"entry {n}: its proof")
    heads.add(head)
    if "payload" in one and os.path.exists(f"data/{n}.age"):
        size, tail = one["payload"]["bytes"], one["payload"]["tail"]
        need(sha(read(f"proof/{n}.header")).hex() == one["header"], f"entry {n}: its header")
        need(root(leaves(f"data/{n}.age", size, tail)).hex() == one["payload"]["root"], f"entry {n}: data/{n}.age")
need(len(heads) == 1, "more than one checkpoint")
head = heads.pop()
signed(head, None, logs, "the checkpoint")
note = read("bundle.note")
made = json.loads(note.split(b"\n")[0])
signed(note, bytes.fromhex(made["made_by"][-8:]), keys, "bundle.note")
for kind in "sha256", "sha512":
    need(hashlib.new(kind, read(f"tagmanifest-{kind}.txt")).hexdigest() == made[kind], "bundle.note: it is of another tagmanifest-" + kind)
print("ok: the lists of files are signed by " + ascii(made["made_by"]))
print(f"ok: {len(notes)} entries are signed, and stand in the log of {head.splitlines()[1].decode()} entries")
END
)";

constexpr std::string_view kPlain = R"(
# 4. The originals in data/ are what is in the sealed files, which the entries name. The identity was made for this
#    bundle alone and opens nothing else.

for sealed in data/*.age; do
  item=${sealed#data/}; item=${item%.age}
  age -d -i proof/identity.txt "$sealed" | zstd -dcq | cmp - data/"$item"-* && echo "ok: item $item"
done

# What is known of an item was sealed with it, and is in proof/N.metadata.json: its name, times, digests.
)";

constexpr std::string_view kSealed = R"(
# 4. What is inside. Each sealed file is an age file for you; set `identity` to the file of your key. The content
#    comes first, in zstd frames, and then what is known of it: name, times, digests.

identity=${identity:-identity.txt}; opened=$(mktemp)
for sealed in data/*.age; do
  [ -e "$identity" ] || { echo "not opened: there is no $identity"; break; }
  age -d -i "$identity" "$sealed" > "$opened" && zstd -dcq < "$opened" | sha256sum | cut -c1-64
  size=$(tail -c 8 "$opened" | head -c 4 | od -An -tu4); tail -c $((size + 8)) "$opened" | head -c $((size)); echo
done
rm -f "$opened"
)";

}  // namespace

std::string VerifyText(const bundle::BundleHead& head, std::uint64_t items) {
  std::string text = "# How to check this bundle with stock tools: sha256sum, openssl 3, python3, age, zstd.\n#\n";
  text += Format(
      "# {} of the log {}, handed over by\n"
      "# {} at {}. Made by {}.\n#\n",
      Counted(items, "item", "items"), Printable(head.log.origin.text()), Printable(head.custodian),
      FormatTime(head.made), Printable(head.program));
  text +=
      "# Type this in the bundle's folder, in bash, or read it and run it: bash VERIFY.txt\n"
      "# It came with what it checks: if you do not trust the sender, compare it with that of another bundle, or with\n"
      "# docs/FORMAT.md of the Exhibit project, which says what each file is.\n";
  text += kFiles;
  text += Format(
      "# it printed, when the bundle was made:\n"
      "# {}\n",
      ToHex(head.fingerprint.view()));
  text += kLog;
  text += head.form == bundle::Form::kPlain ? kPlain : kSealed;
  return text;
}

}  // namespace exhibit::tell
