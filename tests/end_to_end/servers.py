"""Servers that run while a test does: a folder over HTTP, and a witness."""
import gzip
import http.server
import signal
import subprocess
import threading
from pathlib import Path

from world import expect


class Served:
    """A folder over HTTP; paths in `redirects` answer with a redirect to where they lead."""

    def __init__(self, folder, redirects=()):
        redirects = dict(redirects)

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def do_GET(self):
                packed = self.path.removeprefix("/packed/")
                if packed != self.path:
                    # As tlog-tiles allows, whether the client asked for it or not.
                    try:
                        body = gzip.compress((Path(folder) / packed).read_bytes())
                    except OSError:
                        return self.send_error(404)
                    self.send_response(200)
                    self.send_header("Content-Encoding", "gzip")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                elif self.path in redirects:
                    self.send_response(302)
                    self.send_header("Location", redirects[self.path])
                    self.end_headers()
                else:
                    super().do_GET()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class WitnessServer:
    """A witness over HTTP, while the block lasts."""

    def __init__(self, world, name):
        self.process = subprocess.Popen([str(world.exhibit_program), "witness", "serve", name, "--listen", "127.0.0.1:0"],
                                        cwd=world.folder, env=world.environment, stderr=subprocess.PIPE)
        self.url = self.process.stderr.readline().decode().split("at ")[1].strip().removesuffix("/add-checkpoint")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        expect(self.process.wait(timeout=20) == 0)
