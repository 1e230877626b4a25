"""What the figures depend on: the machine, the versions of the programs, and what its processors do at the most."""
import os
import platform
import re
import subprocess

SPEED_SECONDS = 2


def first_line(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return (done.stdout or done.stderr).splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "?"


def openssl_speed(algorithm, processes, pattern, *more):
    words = ["openssl", "speed", "-seconds", str(SPEED_SECONDS), "-multi", str(processes), *more, algorithm]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    found = re.search(pattern, done.stdout, re.MULTILINE)
    return float(found[1]) if found else None


def speeds():
    """MB/s of SHA-256 in one process and in one for each processor, and what all processors do a second with keys.

    Two processors together may give less than twice what each gives alone: where they are two threads of one core.
    """
    every = os.cpu_count()
    sha256 = r"^sha256\s+([\d.]+)k$"
    one, all_of_them = (openssl_speed("sha256", count, sha256, "-bytes", "65536") for count in (1, every))
    return {
        "sha256_one": one and one / 1000,
        "sha256_all": all_of_them and all_of_them / 1000,
        "ed25519_verify_all": openssl_speed("ed25519", every, r"Ed25519\).*\s([\d.]+)$"),
        "x25519_all": openssl_speed("ecdhx25519", every, r"X25519\).*\s([\d.]+)$"),
    }


def describe(work):
    with open("/proc/cpuinfo") as file:
        flags = file.read()
    processor = re.search(r"^model name\s*: (.*)$", flags, re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    versions = {words[0]: first_line(*words) for words in (
        ["exhibit", "version"], ["restic", "version"], ["borg", "--version"], ["age", "--version"], ["zstd", "--version"],
        ["ewfacquire", "-V"], ["openssl", "version"])}
    return {
        "processors": os.cpu_count(),
        "processor": processor[1] if processor else "?",
        "extensions": [flag for flag in ("sha_ni", "avx2", "avx512f", "vaes") if f" {flag} " in flags],
        "memory_gib": round(memory),
        "system": f"Linux {platform.release()}",
        "file_system": first_line("stat", "-f", "-c", "%T", work),
        "load_before": os.getloadavg(),
        "versions": versions,
        "speeds": speeds(),
    }


def print_machine(machine):
    print(f"machine     {machine['processors']} processors of {machine['processor']} ({' '.join(machine['extensions'])}), "
          f"{machine['memory_gib']} GiB, {machine['system']}")
    print(f"file system {machine['file_system']}, load before: "
          f"{' '.join(f'{value:.2f}' for value in machine['load_before'])}")
    for name, version in machine["versions"].items():
        print(f"{name:<11} {version}")
    for name, speed in machine["speeds"].items():
        print(f"{name:<18} {'?' if speed is None else f'{speed:.0f}'}")
    print(flush=True)
