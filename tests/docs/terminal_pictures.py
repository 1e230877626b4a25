#!/usr/bin/env python3
"""The pictures of a terminal in docs/RECEIVING.md: what exhibit-verify prints there of docs/example/bundle, as SVG.

usage: terminal_pictures.py BIN [--write]     BIN: the folder with the programs

Without --write it says which of them are not what the program prints. They have no time and no path in them, so the same
program makes the same bytes.
"""
import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "receiving"
ORIGINAL = "bundle/data/fs01/collected/README_RESTORE_FILES.txt"
COLUMNS = 100
SIZE, ADVANCE, LEADING, MARGIN = 13, 7.83, 18, 14
COLOURS = {"1": "#ffffff", "2": "#9aa0a6", "31": "#ff7b72", "32": "#7ee787", "33": "#f2cc60"}
PLAIN = "#d5d9de"


def fingerprint(folder, program):
    printed = subprocess.run([program, "bundle", "--json"], cwd=folder, capture_output=True, check=False).stdout.decode()
    return re.search(r'"fingerprint": "([0-9a-f]{64})"', printed)[1]


def change(folder):
    path = folder / ORIGINAL
    path.write_bytes(path.read_bytes()[:300] + b"x" + path.read_bytes()[301:])


def at_terminal(folder, program, words):
    """What it prints at a terminal of COLUMNS, colours and all."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    environment = {"HOME": str(folder), "TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    child = subprocess.Popen([program, *words], cwd=folder, env=environment, stdin=its, stdout=its, stderr=subprocess.DEVNULL)
    os.close(its)
    printed = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the child closed it
            break
        if not piece:
            break
        printed += piece
    child.wait()
    os.close(ours)
    return printed.decode().replace("\r\n", "\n")


def cells(text):
    """Lines of (character, colour), broken where a terminal breaks them."""
    lines, colour = [[]], PLAIN
    for piece in re.split(r"(\x1b\[[0-9;]*m|\n)", text):
        if piece == "\n":
            lines.append([])
        elif piece.startswith("\x1b"):
            colour = COLOURS.get(piece[2:-1].split(";")[-1], PLAIN)
        else:
            for character in piece:
                if len(lines[-1]) == COLUMNS:
                    lines.append([])
                lines[-1].append((character, colour))
    while lines and not lines[-1]:
        lines.pop()
    return lines


def runs(line):
    """Neighbours of one colour: (column, text, colour)."""
    found = []
    for column, (character, colour) in enumerate(line):
        if found and found[-1][2] == colour:
            found[-1][1].append(character)
        else:
            found.append((column, [character], colour))
    return [(column, "".join(text), colour) for column, text, colour in found]


def picture(command, printed):
    lines = [[(character, "#ffffff") for character in f"$ {command}"], *cells(printed)]
    width, height = round(COLUMNS * ADVANCE + 2 * MARGIN), len(lines) * LEADING + 2 * MARGIN
    title = escape(f"{command}: {''.join(character for character, _ in lines[-1])}")
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
             f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="{SIZE}" role="img">',
             f"<title>{title}</title>", f'<rect width="{width}" height="{height}" rx="8" fill="#1b1f24"/>']
    for row, line in enumerate(lines):
        y = MARGIN + row * LEADING + SIZE
        for column, text, colour in runs(line):
            if text.strip():
                parts.append(f'<text x="{MARGIN + column * ADVANCE:.1f}" y="{y}" fill="{colour}" xml:space="preserve">{escape(text)}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def pictures(binaries):
    program = binaries / "exhibit-verify"
    made = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "docs" / "example" / "bundle", folder / "bundle")
        anchored = ["bundle", "--fingerprint", fingerprint(folder, program)]
        shown = f"exhibit-verify bundle --fingerprint {anchored[2][:8]}…"
        made["verified.svg"] = picture(shown, at_terminal(folder, program, anchored))
        made["not-anchored.svg"] = picture("exhibit-verify bundle", at_terminal(folder, program, ["bundle"]))
        change(folder)
        made["changed.svg"] = picture(shown, at_terminal(folder, program, anchored))
    return made


def main():
    failures = 0
    for name, text in pictures(Path(sys.argv[1]).resolve()).items():
        path = FOLDER / name
        if "--write" in sys.argv[2:]:
            FOLDER.mkdir(exist_ok=True)
            path.write_text(text)
        elif not path.is_file() or path.read_text() != text:
            failures += 1
            print(f"FAILED  {path.relative_to(ROOT)} is not what exhibit-verify prints: tests/docs/terminal_pictures.py BIN --write")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
