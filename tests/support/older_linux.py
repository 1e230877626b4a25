#!/usr/bin/env python3
"""Runs a command as on an older Linux: system calls that came later answer ENOSYS, and fcntl knows no locks that belong to
an open file.

    older_linux.py COMMAND [ARGUMENT...]

A filter of seccomp does it, for the command and its children. Exit status 77 where the system allows none.
"""
import ctypes
import errno
import os
import struct
import sys

# By the machine's own numbers: faccessat2, openat2 and clone3 have one number on all of them.
NUMBERS = {"x86_64": {"getrandom": 318, "statx": 332, "renameat2": 316, "clone3": 435, "openat2": 437, "faccessat2": 439, "fcntl": 72},
           "aarch64": {"getrandom": 278, "statx": 291, "renameat2": 276, "clone3": 435, "openat2": 437, "faccessat2": 439, "fcntl": 25}}
F_OFD_GETLK, F_OFD_SETLKW = 36, 38
LOAD, EQUAL, AT_LEAST, ABOVE, RETURN = 0x20, 0x15, 0x35, 0x25, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
NUMBER, SECOND_ARGUMENT = 0, 24  # where they are in seccomp_data; of the argument the low half


def filter_of(numbers):
    missing = [number for name, number in numbers.items() if name != "fcntl"]
    lines = [(LOAD, 0, 0, NUMBER)]
    for number in missing:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    lines += [(EQUAL, 0, 4, numbers["fcntl"]), (LOAD, 0, 0, SECOND_ARGUMENT), (AT_LEAST, 0, 2, F_OFD_GETLK), (ABOVE, 1, 0, F_OFD_SETLKW),
              (RETURN, 0, 0, ERRNO | errno.EINVAL), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines), len(lines)


def main():
    code, count = filter_of(NUMBERS[os.uname().machine])
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxP", count, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0):
        print("no filter of seccomp is allowed here", file=sys.stderr)
        return 77
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
