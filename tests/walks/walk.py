"""Somebody at a terminal: types what the documents and the program's own words say, and is puzzled by what would puzzle a
person.

A walk is typed into a shell on a terminal of its own, from an empty folder. After each command it looks at all that was
shown. It fails on another exit status, on a prompt that nobody told it of (nothing happens), and on a message that puzzles:

- an error without a next step: "exhibit: error: …" has its "exhibit: hint: …", or says which name was looked for and where
- words of the engine room: names of libraries, of errors inside, of types
- a next step that cannot be typed: a command or an option that the program does not have
- an honest mistake that is called tampering
- a line of talk (errors, hints, prompts, next steps) that no terminal shows whole, or that could rewrite one
"""
import os
import pty
import re
import select
import signal
import subprocess
import time

SHOWN = 132  # columns of a terminal that was made wide; talk that is longer wraps twice where it is 80

ENGINE_ROOM = re.compile(
    r"rocksdb|std::|\bCorruption\b|IO error|\berrno\b|bech32|\bkTampered\b|\bkInvalid\b|assert|0x[0-9a-f]{4}|nullptr|libsodium"
    r"|CLI11|nlohmann|\bstanza\b|Subcommand|\bNone\b|\bnull\b", re.IGNORECASE)
TAMPERING = re.compile(r"tamper|verification failed|entry \d+ was changed|\bFAILED\b")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
MARK = re.compile(rb"\r?\n?@@(\d+)@@\r?\n")


class Puzzled(AssertionError):
    """What a person would not have understood, or could not have gone on from."""


class Walk:
    def __init__(self, folder, binaries, **environment):
        self.folder = folder
        self.commands = 0      # of exhibit that were typed
        self.chosen = set()    # passphrases that were typed
        self.known = {}        # commands of the program, and their options
        self.binaries = binaries
        home = folder / "home"
        home.mkdir()
        environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "dumb",
                       "USER": "alice", "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), "PS1": "", "PS2": "",
                       "PROMPT_COMMAND": r'printf "\n@@%d@@\n" $?', **environment}
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noediting"], environment)
        self.shown = b""
        self.read_until(MARK, 30)
        self.type("stty -echo cols 80", judge=False)

    def close(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.terminal)

    def read_until(self, pattern, seconds):
        deadline = time.monotonic() + seconds
        while not (found := pattern.search(self.shown)):
            if not select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))[0]:
                raise Puzzled(f"nothing happens; shown was: {self.shown.decode(errors='replace')[-1500:]}")
            self.shown += os.read(self.terminal, 65536)
        before, self.shown = self.shown[:found.start()], self.shown[found.end():]
        return before, found

    def type(self, command, answers=(), status=0, says=(), judge=True, seconds=240):
        """Types a command, and the answers each after its prompt. Gives what was shown, without the prompts' answers."""
        self.commands += len(re.findall(r"(?:^|[|;&]\s*)exhibit\b", command))
        os.write(self.terminal, command.encode() + b"\n")
        shown = b""
        for prompt, answer in answers:
            before, found = self.read_until(re.compile(re.escape(prompt.encode())), seconds)
            shown += before + found.group()
            if "assphrase" in prompt:
                self.chosen.add(answer)
            os.write(self.terminal, answer.encode() + b"\n")
        before, found = self.read_until(MARK, seconds)
        text = (shown + before).decode(errors="replace").replace("\r\n", "\n")
        if int(found[1]) != status:
            raise Puzzled(f"$ {command}\nexit {int(found[1])} instead of {status}:\n{text}")
        for words in [says] if isinstance(says, str) else says:
            if words not in text:
                raise Puzzled(f"$ {command}\ndoes not say {words!r}:\n{text}")
        if judge:
            for fault in self.faults_of(text, status):
                raise Puzzled(f"$ {command}\n{fault}:\n{text}")
        return text

    def faults_of(self, text, status):
        talk = [line for line in text.splitlines() if line.startswith(("exhibit: ", "exhibit-verify: "))]
        errors = [line for line in talk if ": error: " in line]
        hints = [line for line in talk if ": hint: " in line]
        if errors and not hints and not all("does not exist (looked in " in line for line in errors):
            yield "an error without a next step"
        if status in (1, 2, 5, 6) and TAMPERING.search(text):
            yield "an honest mistake is called tampering"
        if CONTROL.search(text):
            yield "a character that rewrites a terminal"
        for line in talk:
            if ENGINE_ROOM.search(line):
                yield f"words of the engine room: {line}"
            if len(line) > 3 * SHOWN:
                yield f"a line of {len(line)} characters"
        for line in [*hints, *(one for one in text.splitlines() if re.match(r"\s*(next|then)\b", one, re.IGNORECASE))]:
            yield from self.faults_of_next(line)

    def faults_of_next(self, line):
        """A command in a next step can be typed: it is one of the program's, with options that it has."""
        for command in re.findall(r"exhibit(?: -[-\w]+(?:[ =]\S+)?)*((?: [a-z][a-z-]+)+)((?: [^,;:`]*)?)", line):
            words, rest = command[0].split(), command[1]
            path = self.command_of(words)
            if path is None:
                yield f"names a command that is not there: exhibit {' '.join(words)}"
            else:
                yield from (f"names an option that `exhibit {path}` does not have: {option}"
                            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", rest) if option not in self.help_of(path))

    def command_of(self, words):
        for count in (2, 1):
            path = " ".join(words[:count])
            if len(words) >= count and self.help_of(path) is not None:
                return path
        return None

    def help_of(self, path):
        if path not in self.known:
            asked = subprocess.run([self.binaries / "exhibit", *path.split(), "--help"], capture_output=True, env={"HOME": "/"})
            is_it = asked.returncode == 0 and f"exhibit {path}".encode() in asked.stdout.replace(b"[OPTIONS] ", b"")
            self.known[path] = asked.stdout.decode() + "--vault --pin --quiet --help" if is_it else None
        return self.known[path]
