"""A vault on an object store beside programs that only copy: the same bytes, the same gateway of Ceph on this machine, and a
store in memory, so that no disk decides.

    exhibit       add into a vault in two buckets: sealed, signed, read back with its lock
    s3cmd put     to a plain bucket
    rclone copy   to a plain bucket
"""
import os
import shutil
import sys

from benchmark import inputs, measure, subjects
from benchmark.measure import MIB

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "tests", "support"))
import ceph  # noqa: E402


def configure(work, env, store):
    """What the programs need to find the gateway; no secret is an argument."""
    with open(os.path.join(work, "s3cmd.conf"), "w") as file:
        file.write(f"[default]\naccess_key = {ceph.KEY}\nsecret_key = {ceph.SECRET}\nhost_base = 127.0.0.1:{store.port}\n"
                   f"host_bucket = 127.0.0.1:{store.port}\nuse_https = False\n")
    return env | store.environment() | {
        "RCLONE_CONFIG_STORE_TYPE": "s3", "RCLONE_CONFIG_STORE_PROVIDER": "Ceph", "RCLONE_CONFIG_STORE_ACCESS_KEY_ID": ceph.KEY,
        "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": ceph.SECRET, "RCLONE_CONFIG_STORE_ENDPOINT": f"http://127.0.0.1:{store.port}"}


def programs(work):
    """Name to the command that puts `path`; the number makes places differ."""
    s3cmd = ["s3cmd", "-c", os.path.join(work, "s3cmd.conf"), "--no-progress", "-q"]
    found = {"exhibit": lambda path, number: ["exhibit", "-q", "add", path]}
    if shutil.which("s3cmd"):
        measure.output_of([*s3cmd, "mb", "s3://plain"], None)
        found["s3cmd put"] = lambda path, number: [*s3cmd, "put", "--recursive", path, f"s3://plain/s3cmd-{number}/"]
    if shutil.which("rclone"):
        found["rclone copy"] = lambda path, number: ["rclone", "copy", path, f"store:plain/rclone-{number}"]
    return found


def measure_objects(work, env, size, small, runs, seed):
    print("\n## A vault on an object store\n")
    large, files = os.path.join(work, "objects.bin"), os.path.join(work, "objects-small")
    inputs.incompressible(large, size, seed)
    inputs.small_files(files, small, seed)
    rows = []
    with ceph.Ceph(gib=8 + 8 * runs * size // (1 << 30)) as store:
        env = configure(work, env, store)
        identity, recipient = subjects.make_reader(work, lambda words: measure.output_of(words, env), "objects-reader.txt")
        measure.output_of(["exhibit", "init", env["EXHIBIT_VAULT"], "--origin", "bench.example/objects", "--reader", recipient,
                           "--no-passphrase", "--make-buckets", "--accept-weak-lock"], env)
        print(f"Ceph {store.version}")
        for name, path, bytes_ in (("large", large, size), ("small", files, None)):
            for program, command in programs(work).items():
                costs = [measure.run(command(path, f"{name}-{number}"), env, log=os.path.join(work, "programs.log"))
                         for number in range(runs)]
                cost = measure.median_cost(costs)
                rows.append({"input": name, "program": program, "wall": cost.wall, "cpu": cost.cpu, "peak": cost.peak})
                speed = f"{bytes_ / MIB / cost.wall:.0f} MiB/s" if bytes_ else f"{small / cost.wall:.0f} files/s"
                print(f"{name:<6} {program:<12} {cost.wall:>8.2f} s {cost.cpu:>8.2f} s of processor {cost.peak / MIB:>6.0f} MiB "
                      f"of memory {speed:>14}", flush=True)
        measure.output_of(["exhibit", "verify", "--content", "-i", identity], env)
    return rows
