"""Servers that run while a block of a test does: a folder over HTTP, on a good day and on bad ones, a witness, and a
timestamping authority."""
import contextlib
import gzip
import http.server
import signal
import socket
import ssl
import struct
import subprocess
import threading
from pathlib import Path

from world import expect


class Server:
    """Answers over HTTP on a free port of this machine, as `handler` says, while the block lasts. `certificate` is the
    file of one and that of its key, and makes it HTTPS."""

    def __init__(self, handler, certificate=None):
        self.server = QuietServer(("127.0.0.1", 0), handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # who goes away in the middle is what some tests are about


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, status, body, fields=()):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **dict(fields)}.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Mirror(Server):
    """A folder. `fault(path, count)` says what goes wrong with the count-th answer for a path: a status, one of the words
    below, "redirect" and where to, or None."""

    def __init__(self, folder, fault=lambda path, count: None, certificate=None):
        self.counts = counts = {}
        lock = threading.Lock()

        class Files(Handler):
            def do_GET(self):
                with lock:
                    counts[self.path] = count = counts.get(self.path, 0) + 1
                wrong = fault(self.path, count)
                try:
                    body = (Path(folder) / self.path.lstrip("/")).read_bytes()
                except OSError:
                    body, wrong = b"", wrong if str(wrong).startswith("redirect") else 404
                self.answer(body, wrong)

            def answer(self, body, wrong):
                page = b"<html>\x1b[2J<h1>sorry</h1>" + b"x" * 3000 + b"</html>"
                if wrong == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True
                    return self.connection.close()
                if isinstance(wrong, int):
                    return self.send(wrong, page, {"Content-Type": "text/html"})
                if wrong == "page":
                    return self.send(200, page, {"Content-Type": "text/html; charset=utf-8"})
                if wrong == "packed":  # as tlog-tiles allows, whether the client asked for it or not
                    return self.send(200, gzip.compress(body, 0), {"Content-Encoding": "gzip"})
                if wrong == "cut":
                    self.close_connection = True
                    return self.send(200, body[:len(body) // 2], {"Content-Length": str(len(body))})
                if wrong == "cut without a length":
                    self.close_connection = True
                    return self.send(200, body[:len(body) // 2], {"Content-Length": None, "Connection": "close"})
                if wrong:
                    return self.send(302, b"", {"Location": wrong.removeprefix("redirect ")})
                self.send(200, body)

        super().__init__(Files, certificate)


class WitnessServer:
    """The vault's own program, as a witness."""

    def __init__(self, world, name):
        self.process = world.start("witness", "serve", name, "--listen", "127.0.0.1:0", stderr=subprocess.PIPE)
        self.url = self.process.stderr.readline().decode().split("at ")[1].strip().removesuffix("/add-checkpoint")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        expect(self.process.wait(timeout=60) == 0)
        self.process.stderr.close()


class Authority:
    """A timestamping authority in the folder `tsa`, by openssl; support/make_tsa.sh says which keys and roots it has."""

    def __init__(self, world):
        self.folder = world.folder / "tsa"
        self.folder.mkdir()
        world.tool("sh", Path(__file__).resolve().parents[1] / "support/make_tsa.sh", self.folder)

    def reply(self, key, request):
        return subprocess.run(["openssl", "ts", "-reply", "-config", f"{key}.cnf", "-section", "tsa", "-queryfile", "/dev/stdin"],
                              cwd=self.folder, input=request, check=True, capture_output=True).stdout

    @contextlib.contextmanager
    def served(self, key):
        authority = self

        class Stamps(Handler):
            def do_POST(self):
                request = self.rfile.read(int(self.headers["Content-Length"]))
                known = self.headers["Content-Type"] == "application/timestamp-query"
                self.send(200 if known else 400, authority.reply(key, request) if known else b"")

        with Server(Stamps) as server:
            yield f"{server.url}/"
