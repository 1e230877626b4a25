"""A program on a terminal of the test's own: what it shows is read, and keys are typed at it."""
import os
import pty
import select
import signal
import time


class Terminal:
    """`with Terminal(world, "cat", "1") as t: t.expect("Passphrase"); t.type("secret"); t.finish()`"""

    def __init__(self, world, *arguments, seconds=60, **environment):
        self.shown = b""
        self.seen = 0
        self.deadline = time.monotonic() + seconds
        command = [os.fspath(world.exhibit_program), *[os.fspath(a) for a in arguments]]
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(world.folder)
            os.execve(command[0], command, {**world.environment, "TERM": "dumb", **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        os.close(self.terminal)

    def read(self):
        if not select.select([self.terminal], [], [], max(0, self.deadline - time.monotonic()))[0]:
            raise AssertionError(f"nothing happens; shown was: {self.shown}")
        try:
            got = os.read(self.terminal, 4096)
        except OSError:  # the other end is closed
            return False
        self.shown += got
        return bool(got)

    def expect(self, words):
        """Waits until the words are shown, behind those waited for before."""
        words = words.encode()
        while words not in self.shown[self.seen:]:
            if not self.read():
                raise AssertionError(f"{words} was not shown, but: {self.shown}")
        self.seen = self.shown.index(words, self.seen) + len(words)

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def finish(self, status=0):
        while self.read():
            pass
        _, ended = os.waitpid(self.child, 0)
        self.child = 0
        if os.waitstatus_to_exitcode(ended) != status:
            raise AssertionError(f"exit {os.waitstatus_to_exitcode(ended)} instead of {status}: {self.shown}")
        return self.shown
