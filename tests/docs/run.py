#!/usr/bin/env python3
"""Runs what the documents say.

Every ```console block of README.md and docs/*.md is typed into a shell, one shell for a document, and
what it prints is compared with what the document shows. In shown output "…" stands for anything on
its line, and a line that is only "…" for any lines. docs/CLI.md is compared with what --help prints, and docs/GLOSSARY.md
with `help words` and with the words that the programs use.

usage: run.py BIN [--write]      BIN: the folder with the programs
--write puts what the programs print into docs/FORMAT.md and docs/CLI.md instead of comparing.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
COMMANDS = ["", "init", "policies", "kit", "status", "doctor", "add", "list", "show", "cat", "restore", "log", "verify", "export", "prove", "verify-bundle", "timestamp",
            "timestamp request", "timestamp verify", "timestamp add", "checkpoint", "publish", "replicate", "verify-log", "witness",
            "witness init", "witness sign", "witness serve", "fork-proof", "recover-head", "rescue", "rotate-log-key",
            "custodian", "custodian add", "custodian retire", "custodian rotate", "custodian list", "suspend", "lift", "recover",
            "rule", "retain", "hold",
            "release", "note", "shred", "transfer", "receive", "history", "reader", "reader add", "reader remove", "reader recovery-key", "reader list",
            "reseal", "case", "case set", "case show", "case key", "timeline", "collector", "collector new", "collector retire", "collector list", "collect", "take-in", "keygen", "passphrase",
            "passphrase own", "passphrase log", "passphrase reader", "help", "version"]


RECIPIENT = "age17rw7fsrjcw5a5exha5p2p7zerg6acdqysp6656grf2l6nmsft9jsds459a"
# Words whose meaning stands under another form of them.
DERIVED = {"fork proof": ["fork"], "recover head": ["recovery"], "rotate log key": ["log key"], "log-key": ["log key"],
           "collect": ["collector"], "recover": ["recovery"], "receive": ["receipt"], "retain": ["lock"], "export": ["to export"],
           "own": ["signing key"]}


class Shell:
    """A shell that keeps its variables and folder between commands."""

    MARK = "end-of-command-7f1c"

    def __init__(self, folder, binaries):
        environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(folder / "home"), "LC_ALL": "C.UTF-8",
                       "NO_COLOR": "1", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
        self.process = subprocess.Popen(["bash", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, cwd=folder, env=environment)

    def run(self, command):
        self.process.stdin.write(f"{command}\nprintf '\\n{self.MARK}\\n'\n".encode())
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline().decode("utf-8", "replace")
            if not line:
                raise SystemExit(f"the shell ended in: {command}")
            if line.rstrip("\n") == self.MARK:
                break
            lines.append(line)
        return "".join(lines)[:-1]  # without the line feed before the mark

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def steps(block):
    """The commands of a block, each with the output that is shown below it."""
    found = []
    lines = block.splitlines()
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            found[-1][1].append(lines[at])
            at += 1
            continue
        command = [lines[at][2:]]
        while command[-1].endswith("\\"):
            at += 1
            command.append(lines[at])
        found.append(("\n".join(command), []))
        at += 1
    return found


def pattern(shown):
    parts = []
    for line in shown:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*".join(re.escape(piece) for piece in line.split("…")) + r"\n")
    return re.compile("".join(parts))


def prepare(document, folder, binaries):
    shutil.copytree(ROOT / "tools" / "example", folder / "collected")
    if document.name == "FORMAT.md":
        for name in ("bundle", "timestamp"):
            shutil.copytree(ROOT / "docs" / "example" / name, folder / name)
    if document.name == "RECEIVING.md":
        shutil.copytree(ROOT / "docs" / "example" / "bundle", folder / "bundle")
    if document.name == "COLLECTING.md":
        place_collecting_program(folder, binaries)
    if document.name == "WALKTHROUGH.md":
        make_authority(folder)
    (folder / "home").mkdir()


def place_collecting_program(folder, binaries):
    """`programs/exhibit-collect` is the one that was built, or takes the same words where there is none."""
    place = folder / "programs" / "exhibit-collect"
    place.parent.mkdir()
    if (binaries / place.name).is_file():
        shutil.copy(binaries / place.name, place)
    else:
        place.write_text(f'#!/bin/sh\nexec "{binaries}/exhibit" collect "$@"\n')
        place.chmod(0o755)


def make_authority(folder):
    """`./authority REQUEST` answers as a timestamp authority does; `tsa/root.crt` is its root."""
    (folder / "tsa").mkdir()
    subprocess.run(["sh", ROOT / "tests" / "support" / "make_tsa.sh", folder / "tsa"], check=True)
    script = folder / "authority"
    script.write_text('#!/bin/sh\nexec 2>/dev/null\nrequest=$(realpath "$1"); cd "$(dirname "$0")/tsa" && '
                      'openssl ts -reply -config p256.cnf -section tsa -queryfile "$request"\n')
    script.chmod(0o755)


def check(document, binaries, write):
    text = document.read_text()
    blocks = list(CONSOLE.finditer(text))
    failures, count, rewritten, end = 0, 0, [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(document, folder, binaries)
        shell = Shell(folder, binaries)
        for block in blocks:
            new = []
            for command, shown in steps(block.group(1)):
                printed = shell.run(command)
                count += 1
                new.append(f"$ {command}\n{printed}")
                if printed and not printed.endswith("\n"):
                    new.append("\n")
                if not write and not pattern(shown).fullmatch(printed if printed.endswith("\n") or not printed else printed + "\n"):
                    failures += 1
                    print(f"FAILED  {document.relative_to(ROOT)}: $ {command}\n--- shown\n" + "\n".join(shown) +
                          f"\n--- printed\n{printed}")
            rewritten.append(text[end:block.start()] + "```console\n" + "".join(new) + "```")
            end = block.end()
        shell.close()
    if write:
        document.write_text("".join(rewritten) + text[end:])
    print(f"{document.relative_to(ROOT)}: {count} commands, {failures} failed")
    return failures


def reference(binaries):
    """docs/CLI.md: what the programs say of themselves."""
    parts = ["# Command line\n\nWhat `--help` prints, for every command. A test compares this page with the programs.\n"]
    for program in [["exhibit", *command.split()] for command in COMMANDS] + [["exhibit-collect"], ["exhibit-verify"]]:
        printed = subprocess.run([str(binaries / program[0]), *program[1:], "--help"], check=True, stdout=subprocess.PIPE,
                                 env={"HOME": "/nonexistent"}).stdout.decode()
        body = "\n".join(line.rstrip() for line in printed.strip().splitlines())
        parts.append(f"\n## {' '.join(program)}\n\n```text\n{body}\n```\n")
    return "".join(parts)


# Commands that are everyday words, or whose words another command has.
PLAIN_COMMANDS = {"", "key", "init", "add", "list", "show", "cat", "verify", "keygen", "help", "version", "set", "request", "serve", "doctor",
                  "new", "remove", "sign"}
# The words of the design, which every document uses.
DESIGN = ["vault", "origin", "entry", "item", "act", "sealed file", "field", "custodian", "reader", "checkpoint", "bundle",
          "label"]


def glossary(binaries):
    """docs/GLOSSARY.md says each word once, and every word that it must; `help words` prints it."""
    document = (ROOT / "docs" / "GLOSSARY.md").read_text()
    plain = re.sub(r"^#+ ", "", document.replace("**", ""), flags=re.M)
    failures = []
    environment_page = re.sub(r"^#+ ", "", (ROOT / "docs" / "ENVIRONMENT.md").read_text().replace("**", ""), flags=re.M)
    printed = subprocess.run([str(binaries / "exhibit"), "help", "environment"], check=True, stdout=subprocess.PIPE).stdout.decode()
    if printed != environment_page:
        failures.append("and docs/ENVIRONMENT.md is not what `exhibit help environment` prints: build the program again")
    printed = subprocess.run([str(binaries / "exhibit"), "help", "words"], check=True, stdout=subprocess.PIPE).stdout.decode()
    if printed != plain:
        failures.append("`exhibit help words` does not print it: build the program again")
    terms = [term for start in re.findall(r"^(\*\*.*?):", document, re.M) for term in re.findall(r"\*\*(.+?)\*\*", start)]
    failures += [f"says twice what {term!r} is" for term in sorted(set(terms)) if terms.count(term) > 1]
    failures += [f"has a line that is wider than a terminal: {line}" for line in plain.splitlines() if len(line) > 80]
    said = {word for term in terms for word in (term, term.removeprefix("to "))}
    wanted = {word: "the design" for word in DESIGN}
    for command in COMMANDS:
        last = command.split(" ")[-1]
        if last not in PLAIN_COMMANDS and not set(last.split("-")) & PLAIN_COMMANDS:
            wanted[last.replace("-", " ")] = f"exhibit {command}"
    report = (ROOT / "vault" / "verify" / "report.cc").read_text()
    for word in re.findall(r"case Property::k\w+: return \"(.+)\";", report):
        wanted[word] = "FAILED lines of verify"
    formats = (ROOT / "docs" / "FORMAT.md").read_text().split("| type | law | sealed |")[1].split("\n\n")[0]
    for row in re.findall(r"^\| (`.+?`) \|", formats, re.M):
        wanted.update({word: "types of entries" for word in re.findall(r"`([a-z-]+)`", row)})
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOME": folder}
        run = [str(binaries / "exhibit"), "--vault", f"{folder}/v"]
        subprocess.run([*run, "init", f"{folder}/v", "--origin", "words.example", "--no-passphrase", "--reader", RECIPIENT],
                       check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        verified = subprocess.run([*run, "verify", "--json"], check=True, env=environment, stdout=subprocess.PIPE).stdout
        wanted.update({row["question"]: "verify's table" for row in json.loads(verified)["proven"]})
    for word, where in wanted.items():
        if not {word, word.replace("-", " "), *DERIVED.get(word, [])} & said and f"`{word}`" not in document:
            failures.append(f"does not say what {word!r} is ({where})")
    for failure in failures:
        print(f"FAILED  docs/GLOSSARY.md {failure}")
    print(f"docs/GLOSSARY.md: {len(terms)} words, {len(failures)} failed")
    return len(failures)


def paths_are_there(document):
    """A file or folder of the source tree that a document names is there; `vault/store/sealer` is sealer.h or .cc."""
    named = re.findall(r"`((?:cli|vault|tests|tools|docs)/[\w./-]*?)`", document.read_text())
    missing = [path for path in named if not any((ROOT / (path + end)).exists() for end in ("", ".h", ".cc", ".md"))]
    for path in missing:
        print(f"FAILED  {document.relative_to(ROOT)} names {path}, which is not there")
    return len(missing)


def main():
    binaries = Path(sys.argv[1]).resolve()
    write = "--write" in sys.argv[2:]
    failures = 0
    page = ROOT / "docs" / "CLI.md"
    wanted = reference(binaries)
    if write:
        page.write_text(wanted)
    elif page.read_text() != wanted:
        failures += 1
        print("FAILED  docs/CLI.md is not what the programs print: tests/docs/run.py BIN --write")
    listed = subprocess.run([str(binaries / "exhibit"), "--help"], stdout=subprocess.PIPE).stdout.decode()
    for command in re.findall(r"^  ([a-z][a-z-]+)(?:  |$)", listed.split("\nOptions:")[0], re.M):
        if command not in COMMANDS:
            failures += 1
            print(f"FAILED  the command {command} is not in docs/CLI.md: add it to tests/docs/run.py")
    failures += glossary(binaries)
    failures += subprocess.run([sys.executable, ROOT / "tests" / "docs" / "terminal_pictures.py", binaries],
                               check=False).returncode
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        failures += paths_are_there(document)
        if CONSOLE.search(document.read_text()):
            failures += check(document, binaries, write and document.name == "FORMAT.md")
    return 1 if failures else 0


sys.exit(main())
