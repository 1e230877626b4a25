#!/usr/bin/env python3
"""Reads files and computes SHA-256 of each MiB, on all processors: the bound of a verification.

    hash_all_cores.py PATH...
"""
import concurrent.futures
import hashlib
import os
import sys

PIECE = 1 << 20
STRETCH = 64 * PIECE  # what one task reads


def hash_stretch(task):
    path, begin = task
    buffer = bytearray(PIECE)
    with open(path, "rb", buffering=0) as file:
        file.seek(begin)
        for _ in range(STRETCH // PIECE):
            got = file.readinto(buffer)
            hashlib.sha256(memoryview(buffer)[:got]).digest()
            if got < PIECE:
                return


def files_of(path):
    if not os.path.isdir(path):
        yield path
    for place, _, names in os.walk(path):
        for name in names:
            yield os.path.join(place, name)


tasks = [(file, begin) for path in sys.argv[1:] for file in files_of(path)
         for begin in range(0, os.path.getsize(file), STRETCH)]
# hashlib lets go of Python's lock while it hashes, and reading does as well.
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for _ in pool.map(hash_stretch, tasks):
        pass
