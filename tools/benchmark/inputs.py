"""The three inputs, the same bytes for the same seed and size on every machine.

    random    one file that does not compress
    log       one text log as a busy server writes it: sshd, sudo, nginx, a database, systemd; names,
              addresses, times and ids differ from line to line
    small     many files of about 12 KB in folders: texts, mails, JSON, and a fifth that does not
              compress
"""
import hashlib
import os
import random

PIECE = 1 << 20
SMALL_BYTES = 12_000


def incompressible(path, size, seed):
    """SHAKE-256 of the seed and a counter, a piece at a time."""
    with open(path, "wb") as file:
        for number, begin in enumerate(range(0, size, PIECE)):
            piece = hashlib.shake_256(f"{seed}/{number}".encode()).digest(min(PIECE, size - begin))
            file.write(piece)


class Lines:
    """Lines of a log whose clock goes on."""

    USERS = ["root", "alice", "bob", "backup", "www-data", "svc-his", "dr.mori", "nurse07", "pacs", "oracle"]
    PATHS = ["/api/patients", "/api/studies", "/login", "/static/app.js", "/export/csv", "/wp-login.php", "/health"]
    AGENTS = ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "curl/7.88.1", "python-requests/2.28.1", "HIS-Client/4.2"]
    TABLES = ["patient", "visit", "lab_result", "image_index", "billing"]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.milliseconds = 0

    def line(self):
        r = self.random
        self.milliseconds += int(r.expovariate(1 / 40))
        seconds, ms = divmod(self.milliseconds, 1000)
        day, rest = divmod(seconds, 86_400)
        clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
        stamp = f"2025-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}T{clock}.{ms:03}Z"
        host = f"fs{r.randrange(1, 9):02}"
        address = f"{r.choice((10, 172, 192, 203))}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}"
        user = r.choice(self.USERS)
        kind = r.randrange(100)
        if kind < 40:
            return (f'{address} - {user} [{stamp}] "{r.choice(("GET", "POST"))} {r.choice(self.PATHS)}/'
                    f'{r.randrange(10**6)} HTTP/1.1" {r.choice((200, 200, 200, 304, 403, 500))} '
                    f'{r.randrange(200, 90_000)} "-" "{r.choice(self.AGENTS)}"\n')
        if kind < 65:
            verdict = r.choice(("Failed password for", "Failed password for invalid user", "Accepted publickey for"))
            return f"{stamp} {host} sshd[{r.randrange(400, 65_000)}]: {verdict} {user} from {address} port {r.randrange(1024, 65_536)} ssh2\n"
        if kind < 85:
            return (f"{stamp} {host} postgres[{r.randrange(400, 9_000)}]: LOG: duration: {r.randrange(10**6) / 1000:.3f} ms "
                    f"statement: SELECT * FROM {r.choice(self.TABLES)} WHERE id = '{r.getrandbits(64):016x}'\n")
        if kind < 95:
            return f"{stamp} {host} sudo: {user} : TTY=pts/{r.randrange(9)} ; PWD=/home/{user} ; USER=root ; COMMAND=/usr/bin/systemctl restart his-{r.randrange(40)}\n"
        return f"{stamp} {host} systemd[1]: Started session {r.randrange(10**5)} of user {user}.\n"

    def text(self, size):
        lines, length = [], 0
        while length < size:
            lines.append(self.line())
            length += len(lines[-1])
        return "".join(lines).encode()[:size]


def text_log(path, size, seed):
    lines = Lines(seed)
    with open(path, "wb") as file:
        for begin in range(0, size, PIECE):
            file.write(lines.text(min(PIECE, size - begin)))


def small_files(folder, count, seed):
    lines = Lines(seed)
    r = random.Random(seed + 1)
    for number in range(count):
        place = os.path.join(folder, f"host{number % 40:02}", f"{number // 40 % 25:02}")
        os.makedirs(place, exist_ok=True)
        size = int(r.uniform(0.2, 1.8) * SMALL_BYTES)
        if number % 5 == 0:
            content, ending = hashlib.shake_256(f"{seed}/{number}".encode()).digest(size), "bin"
        else:
            content, ending = lines.text(size), ("log", "txt", "eml", "json")[number % 4]
        with open(os.path.join(place, f"evidence-{number:06}.{ending}"), "wb") as file:
            file.write(content)


def make(folder, size, small_count, seed, names):
    """Gives {name: (path, bytes)} of those that are named."""
    os.makedirs(folder)
    makers = {"random.bin": (incompressible, size), "server.log": (text_log, size), "small": (small_files, small_count)}
    made = {}
    for name in names:
        path = os.path.join(folder, name)
        maker, how_much = makers[name]
        maker(path, how_much, seed)
        made[name] = (path, tree_bytes(path))
    return made


def tree_bytes(path):
    """The bytes of a file, or of all files below a folder."""
    if not os.path.isdir(path):
        return os.path.getsize(path)
    return sum(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(path) for name in names)
