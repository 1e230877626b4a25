#!/usr/bin/env python3
"""What a type forbids does not compile.

    run.py SOURCE_FOLDER COMPILER [FLAG...]

Each file beside this one holds several programs. Program 0 is right and compiles; every other one does what the type is
there to forbid, and the compiler must refuse it.
"""
import re
import subprocess
import sys
from pathlib import Path


def compiles(command, file, program):
    done = subprocess.run([*command, f"-DPROGRAM={program}", str(file)], capture_output=True, text=True)
    return done.returncode == 0, done.stderr


def main():
    root, *compiler = sys.argv[1:]
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-w", "-I", root]
    faults = tried = 0
    for file in sorted(Path(__file__).parent.glob("*.cc")):
        programs = sorted({int(n) for n in re.findall(r"PROGRAM == (\d+)", file.read_text())})
        assert programs == list(range(len(programs))) and len(programs) > 1, f"{file.name}: programs {programs}"
        for program in programs:
            tried += 1
            done, errors = compiles(command, file, program)
            if done == (program == 0):
                continue
            faults += 1
            print(f"{file.name}: program {program} " + ("compiles" if done else "does not compile:\n" + errors))
    print(f"{tried} programs, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
