"""How much is written for each byte that is stored, merging counted: what the commands give to write calls, and what is
there in the end.

    small    one command for each item of a line
    large    items of 2 MiB, all in one command
"""
import os
import shutil

from benchmark.growth import Vault
from benchmark.measure import MIB


def small(work, env, most):
    vault = Vault(work, env, "small-adds")
    piece = os.path.join(work, "line.txt")
    _, begin = vault.store()
    written, last, rows = 0, [], []
    marks = {10, 100, 300, 1000, 3000, most}
    for number in range(1, most + 1):
        with open(piece, "w") as file:
            file.write(f"line {number}\n")
        cost = vault.run("add", piece)
        written += cost.given
        last = [*last[-19:], cost.cpu]
        if number in marks:
            files, stored = vault.store()
            rows.append({"commands": number, "files": files, "stored": stored, "written": written / (stored - begin),
                         "add_cpu": min(last), "open_cpu": min(vault.run("checkpoint").cpu for _ in range(5))})
            print(f"{number:>10} commands {files:>5} files, {stored / MIB:>6.1f} MiB stored, {rows[-1]['written']:.2f} "
                  f"written for each; an opening {rows[-1]['open_cpu'] * 1000:.0f} ms, an add "
                  f"{rows[-1]['add_cpu'] * 1000:.0f} ms of processor", flush=True)
    vault.run("verify")
    return rows


def large(work, env, items):
    folder = os.path.join(work, "large-items")
    os.makedirs(folder)
    for number in range(items):
        with open(os.path.join(folder, f"{number:05}"), "wb") as file:
            file.write(os.urandom(2 * MIB))
    vault = Vault(work, env, "large-at-once")
    cost = vault.run("add", folder)
    shutil.rmtree(folder)
    files, stored = vault.store()
    print(f"{items:>10} items of 2 MiB in one command: {files} files, {cost.given / stored:.4f} written for each byte stored, "
          f"{cost.peak / MIB:.0f} MiB of memory", flush=True)
    vault.run("verify")
    return {"items": items, "files": files, "written": cost.given / stored, "peak": cost.peak}


def measure_written(work, env, commands, items):
    print("\n## Bytes written\n")
    return {"large": large(work, env, items), "small": small(work, env, commands)}
