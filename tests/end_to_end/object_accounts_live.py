"""Who may do what in the buckets of a vault, tried on a real object store: Ceph's gateway, where it is installed. Each account does
what it is for with the real program, and is refused all else."""
import base64
import datetime
import hashlib
import json
import os

from object_store_live import ceph_or_skip
from world import ORIGIN, expect

DATA, LOG = "/evidence/case", "/evidence-log/case"
ROLES = ("writer", "renewer", "sweeper", "reader", "dropper")


def md5(body):
    return {"content-md5": base64.b64encode(hashlib.md5(body).digest()).decode()}


def set_lock(client, path, version, days):
    until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = f"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>".encode()
    return client.put(path, body, {"retention": "", "versionId": version}, md5(body))


def hold(client, path, version):
    body = b"<LegalHold><Status>ON</Status></LegalHold>"
    return client.put(path, body, {"legal-hold": "", "versionId": version}, md5(body))


def tried(pack, version):
    """What is tried, and which accounts may do it. What is locked nobody deletes."""
    bypass = {"x-amz-bypass-governance-retention": "true"}
    read = {"writer", "renewer", "sweeper", "reader", "owner"}
    return [
        ("put a pack", lambda who: who.put(f"{DATA}/pay/0000000000000000"), {"writer"}),
        ("put a commit", lambda who: who.put(f"{LOG}/log/9999999999999999"), {"writer"}),
        ("put settings", lambda who: who.put(f"{DATA}/settings"), set()),
        ("put settings of the log", lambda who: who.put(f"{LOG}/settings"), set()),
        ("put elsewhere", lambda who: who.put("/evidence/other/pay/1"), set()),
        ("put a drop", lambda who: who.put(f"{DATA}/drops/dropper/1"), {"dropper"}),
        ("put into another's drop", lambda who: who.put(f"{DATA}/drops/other/1"), set()),
        ("read", lambda who: who.get(pack, {"versionId": version}), read),
        ("read the log", lambda who: who.get(f"{LOG}/log/{0:016}"), read),
        ("read a lock", lambda who: who.get(pack, {"retention": "", "versionId": version}), read),
        ("list", lambda who: who.get("/evidence", {"versions": "", "prefix": "case/"}), read),
        ("lengthen a lock", lambda who: set_lock(who, pack, version, 40), {"renewer"}),
        ("shorten a lock", lambda who: set_lock(who, pack, version, 1), set()),
        ("delete", lambda who: who.delete(pack), set()),
        ("delete a version", lambda who: who.delete(pack, {"versionId": version}), set()),
        ("delete a version past its lock", lambda who: who.delete(pack, {"versionId": version}, bypass), set()),
        ("delete from the log", lambda who: who.delete(f"{LOG}/log/{0:016}"), set()),
        ("hold", lambda who: hold(who, pack, version), set()),
        ("give away", lambda who: who.put(pack, b"", {"acl": ""}, {"x-amz-acl": "public-read"}), set()),
        ("read the policy", lambda who: who.get("/evidence", {"policy": ""}), {"owner"}),
        ("suspend versions", lambda who: who.put("/evidence", b"<VersioningConfiguration><Status>Suspended</Status>"
                                                 b"</VersioningConfiguration>", {"versioning": ""}), set()),
    ]


def a_shred_goes_by_the_sweeper_alone(world, accounts, away, made):
    """The locks here are of days, so nothing can be deleted yet: that it waits is said to each."""
    world.run("shred", "1", "--authority", "a court", "--reason", "an order", "--confirm", "1", **accounts["writer"].environment())
    for role in ("renewer", "sweeper"):
        done = json.loads(world.run("retain", "--json", *(["--sweep"] if role == "sweeper" else []), **away[role]).stdout)
        expect((done["spent"]["locked"], done["spent"]["deleted"], done["ok"]) == (2, 0, True), done)
    said = world.run("verify", "--fingerprint", made["fingerprint"], **away["reader"])
    expect(b"locked until" in said.stdout + said.stderr, said)


def each_account_does_what_it_is_for_and_nothing_else(world):
    with ceph_or_skip() as ceph:
        world.environment |= ceph.environment()
        owner = ceph.owner()
        accounts = {"owner": owner, **{role: ceph.user(role) for role in ROLES}}
        recipient = world.run("keygen", "--no-passphrase", "-o", "reader.txt").stdout.decode().strip()
        made = world.json("init", world.environment["EXHIBIT_VAULT"], "--origin", ORIGIN, "--name", "Tester", "--reader", recipient,
                          "--no-passphrase", "--classical", "--make-buckets", "--lock-days", "30", "--payload-lock-days", "10",
                          *([] if ceph.holds() else ["--accept-weak-lock"]))
        arns = [word for role in ROLES for word in (f"--{role}", f"arn:aws:iam:::user/{role}")]
        policies = json.loads(world.run("policies", world.environment["EXHIBIT_VAULT"], *arns, "--owner",
                                        "arn:aws:iam:::user/vault").stdout)
        for bucket, policy in policies.items():
            status, _, body = owner.put(f"/{bucket}", json.dumps(policy).encode(), {"policy": ""})
            expect(status in (200, 204), (status, body))

        world.write("in/a", b"evidence")
        world.run("add", "in", **accounts["writer"].environment())
        away = {role: {**accounts[role].environment(), "XDG_STATE_HOME": str(world.folder / role)} for role in ROLES}
        done = json.loads(world.run("retain", "--days", "20", "--json", **away["renewer"]).stdout)
        expect(done["renewed"] >= 2 and done["ok"], done)
        world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], **away["reader"])
        # Who is not for it is told so, and nothing is half done.
        world.write("in/b", b"more")
        for role in ("renewer", "reader"):
            said = world.run("add", "in/b", expect=1, **accounts[role].environment())
            expect(b"403" in said.stderr, said)
        said = world.run("retain", "--days", "400", expect=1, **away["reader"])
        expect(b"not renewed" in said.stderr and b"403" in said.stderr, said)
        expect(world.run("list", expect=1, **away["dropper"]).stderr)

        # A collector adds with the dropper's account alone, into its own folder; who writes the vault takes it in.
        writer = accounts["writer"].environment()
        world.run("collector", "new", "fs01", "--out", "stick", "--no-passphrase", **writer)
        world.write("in/large", os.urandom(21 << 20))
        drop = world.environment["EXHIBIT_VAULT"].replace("/evidence/case", "/evidence/case/drops/dropper")
        collect = ["collect", "in", "--collector", "stick", "--resume", "--drop"]
        world.run(*collect, drop, **away["dropper"])
        taken = json.loads(world.run("take-in", drop, "--json", **writer).stdout)
        expect(len(taken["items"]) == 3 and taken["runs"] == 1 and not taken["refused"] and not taken["remarks"], taken)
        said = world.run(*collect, drop.replace("/drops/dropper", "/drops/other"), expect=1, **away["dropper"])
        expect(b"403" in said.stderr, said.stderr)

        versions = owner.versions("evidence", "case/pay/")
        pack, version = f"/evidence/{versions[0][0]}", versions[0][1]
        wrong = []
        for what, attempt, may in tried(pack, version):
            for role, client in accounts.items():
                # Whoever owns the buckets may put what it likes, and lock what it put itself; what is locked stays.
                if role == "owner" and (what.startswith("put") or what == "lengthen a lock"):
                    continue
                status, _, body = attempt(client)
                if (status in (403, 409)) == (role in may) or status >= 500:
                    wrong.append((what, role, status, body[:200]))
        expect(not wrong, wrong)
        a_shred_goes_by_the_sweeper_alone(world, accounts, away, made)
        # What the writer put and no commit names is a remark, and nothing else was changed.
        said = world.run("verify", "--content", "-i", "reader.txt", "--fingerprint", made["fingerprint"], **away["reader"])
        expect(b"that no entry names" in said.stdout + said.stderr, said)
        print(f"Ceph {ceph.version}")
