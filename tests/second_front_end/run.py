#!/usr/bin/env python3
"""What another front end made, the programs verify.

    run.py SECOND_FRONT_END BIN
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

front_end, programs = Path(sys.argv[1]), Path(sys.argv[2])
with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    environment = {**os.environ, "HOME": name, "XDG_STATE_HOME": f"{name}/state", "XDG_CONFIG_HOME": f"{name}/config"}
    evidence = [folder / "auth.log", folder / "ransom.txt"]
    evidence[0].write_bytes(b"Mar  1 02:11:07 fs01 sshd[811]: Accepted password for backup\n")
    evidence[1].write_bytes(bytes(range(256)) * 5000)
    made = subprocess.run([front_end, folder / "made", *evidence], env=environment, capture_output=True, check=True)
    fingerprint = made.stdout.decode().strip()
    assert evidence[0].read_bytes() in made.stderr, made.stderr
    for command in (["exhibit", "--vault", folder / "made/vault", "verify", "--fingerprint", fingerprint],
                    ["exhibit-verify", folder / "made/bundle", "--fingerprint", fingerprint]):
        verified = subprocess.run([programs / command[0], *command[1:]], env=environment, capture_output=True)
        assert verified.returncode == 0, (command, verified.stdout, verified.stderr)
    wrong = subprocess.run([programs / "exhibit-verify", folder / "made/bundle", "--fingerprint", "0" * 64],
                           env=environment, capture_output=True)
    assert wrong.returncode == 3, (wrong.returncode, wrong.stdout)
print("what another front end made is verified")
