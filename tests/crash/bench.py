"""The programs under test, the evidence, where worlds are made, and the disk that fails in one of them."""
import hashlib
import os
import random
import subprocess


ORIGIN = "test.example/crash"
NOT_ANCHORED = 5  # it holds, and nothing was brought that says whose it is


class Failed(Exception):
    """Something that must hold does not."""


def expect(condition, message):
    if not condition:
        raise Failed(message)


class Bench:
    """The programs under test, the evidence, and where worlds are made."""

    def __init__(self, folder, binaries, library):
        self.folder = folder
        self.exhibit_program = binaries / "exhibit"
        self.verify_program = binaries / "exhibit-verify"
        self.library = library
        chance = random.Random(7)
        self.evidence = folder / "evidence"
        files = {"note": 700, "next": 900, "large": 2_600_000}
        files.update({f"group/{number:02}": 120_000 + number for number in range(11)})
        files.update({f"many/{number:03}": 40 + number for number in range(300)})
        for name, size in files.items():
            path = self.evidence / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(chance.randbytes(size))
        paths = [self.evidence / name for name in files]
        self.digests = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
        (folder / "scratch").mkdir()
        self.reader = folder / "reader.txt"
        self.recipient = self.run(folder, "keygen", "--no-passphrase", "-o",
                                  self.reader).stdout.decode().strip()

    def environment(self, world, **more):
        sanitizers = {name: value for name, value in os.environ.items()
                      if name.endswith("SAN_OPTIONS")}
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8",
                "TMPDIR": str(self.folder / "scratch"), "HOME": str(world / "home"),
                "XDG_CONFIG_HOME": str(world / "home/config"),
                "XDG_STATE_HOME": str(world / "home/state"),
                "EXHIBIT_VAULT": str(world / "vault"), "EXHIBIT_IDENTITY": str(self.reader),
                "EXHIBIT_PURPOSE": "a test",
                **sanitizers, **more}

    def run(self, world, *arguments, program=None, **environment):
        command = [str(program or self.exhibit_program), *map(str, arguments)]
        return subprocess.run(command, cwd=world, stdin=subprocess.DEVNULL, capture_output=True,
                              env=self.environment(world, **environment), timeout=300)

    def must(self, world, *arguments, what, status=0, **options):
        result = self.run(world, *arguments, **options)
        said = (result.stderr or result.stdout).decode(errors="replace")[-600:]
        expect(result.returncode == status, f"{what}: exit {result.returncode}: {said}")
        return result

    def faulty(self, run, arguments, fault, step, seed):
        """Runs the command in run/disk with a fault, and makes the other worlds beside it."""
        # The library stands before the sanitizer's runtime, which would object; and RocksDB leaks
        # when it fails, which is not the question here.
        asan = [os.environ.get("ASAN_OPTIONS", ""), "verify_asan_link_order=0", "detect_leaks=0"]
        return self.run(run / "disk", *arguments, LD_PRELOAD=str(self.library),
                        ASAN_OPTIONS=":".join(filter(None, asan)),
                        EXHIBIT_FAULT=fault, EXHIBIT_FAULT_STEP=str(step),
                        EXHIBIT_FAULT_SEED=str(seed), EXHIBIT_FAULT_BELOW=str(run / "disk"),
                        EXHIBIT_FAULT_TRACE=str(run / "trace"),
                        EXHIBIT_FAULT_POWER_CUT=str(run / "power-cut"),
                        EXHIBIT_FAULT_TORN=str(run / "torn"))
