"""What must hold in every world, whatever failed on the way to it."""
import json
import signal

from bench import expect


# What sealed files may take up beyond the evidence itself: padding of at most an eighth, and for each entry a header, fields
# and the least size of a payload.
SLACK_PER_ENTRY = 6_000


def files_of(path):
    return sorted(map(str, path.iterdir())) if path.is_dir() else [str(path)]


def acknowledged_items(output):
    """What `add` printed: entry number to digest and path. A line cut off does not count."""
    items = {}
    for line in output.decode().splitlines(keepends=True):
        fields = line.rstrip("\n").split("  ")
        if line.endswith("\n") and len(fields) >= 5 and fields[0].isdigit():
            items[int(fields[0])] = (fields[1], fields[4])
    return items


def check_visible(bench, world, allowed):
    """What a reader sees before any writer came: only what was given, each as it was given."""
    rows = json.loads(bench.must(world, "list", "--json", what="the vault does not open").stdout)
    visible = {}
    for row in rows:
        if "shredded" in row:
            continue
        path, digest = row["fields"]["path"], row["fields"]["sha256"]
        expect(path in allowed, f"entry {row['entry']} is {path}, which nobody gave")
        expect(digest == bench.digests[path], f"entry {row['entry']} is not what was given")
        visible[row["entry"]] = (digest, path)
    return visible


def check_keys(world, after):
    """The keys and their digests, and nothing that was left."""
    left = sorted({path.name for path in (world / "vault/keys").iterdir()} - {"log-pq.key"})  # a hybrid log's
    expect(left == ["SHA256SUMS", "label.key", "log.key", "reader.age", "recovery.age"], f"keys after {after}: {left}")


def check_next_add(bench, world, visible):
    """The vault takes an item, verifies to the last byte, and wastes no space."""
    result = bench.must(world, "add", bench.evidence / "next", what="the next add")
    added = acknowledged_items(result.stdout)
    expect(len(added) == 1 and not set(added) & set(visible), f"the next add stored {added}")
    report = json.loads(bench.must(world, "verify", "--content", "--json", what="verify").stdout)
    expect(report["ok"] and report["checkpoint"]["size"] == max(added) + 1, f"verify: {report}")
    left = [remark for remark in report["remarks"] if "no entry names" in remark or "no part of the store" in remark
            or remark.startswith("keys/")]
    expect(not left, f"something was left: {left}")
    # What was destroyed is zeros; so is one byte of 256 of what is sealed.
    packs = [path.read_bytes() for path in (world / "vault/store/packs").iterdir()]
    stored = sum(len(pack) - pack.count(0) for pack in packs)
    evidence = report["checked"]["content_bytes"]
    expect(stored <= evidence * 9 / 8 + report["checked"]["entries"] * SLACK_PER_ENTRY,
           f"{stored} bytes are stored for {evidence} of evidence")


def check_ending(result, fault):
    """How the program ended: killed as told, or done, or a message and exit status 1."""
    text = result.stderr.decode(errors="replace")
    for word in ("Sanitizer", "internal error", "terminate called", "runtime error", "faulty_disk"):
        expect(word not in text, text[-1500:])
    if fault == "kill" and result.returncode == -signal.SIGKILL:
        return
    expect(result.returncode in (0, 1), f"exit status {result.returncode}: {text[-600:]}")
    if result.returncode == 1:
        expect("exhibit: error: " in text and "exhibit: hint: " in text,
               f"no message or no hint: {text}")
