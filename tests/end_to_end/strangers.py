"""A witness that strangers can reach: whatever they send and however slowly, an honest log is answered at once, and
the server stays small."""
import hashlib
import signal
import socket
import threading
import time
from urllib.parse import urlsplit

from servers import WitnessServer
from world import ORIGIN, expect

MEBIBYTE = 1 << 20
HEAD = b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n"


def witnessed(world, name="w1"):
    """A vault with an item, and a witness that knows it."""
    made = world.init()
    world.write("in/a", b"one")
    world.run("add", "in")
    key = world.run("witness", "init", name, "--name", f"witness.example/{name}", "--log", made["log_key"],
                    "--no-passphrase", "-q").stdout.decode().strip()
    return made, key


def address_of(server):
    return urlsplit(server.url).hostname, urlsplit(server.url).port


def asked(server, request, patience=60):
    """The status and the body that come back, over a connection of its own; 0 if none does."""
    with socket.create_connection(address_of(server), timeout=patience) as connection:
        try:
            connection.sendall(request)
        except OSError:
            pass  # it may have been refused before its end
        answer = b""
        try:
            while block := connection.recv(65536):
                answer += block
        except OSError:
            pass
    head, _, body = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]) if head else 0), body


def posted(body, fields=b"", path=b"/add-checkpoint"):
    return (b"POST " + path + b" HTTP/1.1\r\nHost: w\r\nConnection: close\r\nContent-Length: " + str(len(body)).encode()
            + b"\r\n" + fields + b"\r\n" + body)


def peak_of(server):
    """The most memory that the server ever held, in bytes."""
    with open(f"/proc/{server.process.pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024


def two_hundred_who_trickle_keep_no_log_from_its_witness(world):
    _, key = witnessed(world)
    with WitnessServer(world, "w1") as server:
        crowd = []
        beginnings = [b"", b"P", b"GET /" + b"x" * 100, HEAD + b"X-Slow: ", HEAD + b"Content-Length: 60000\r\n\r\nold 0",
                      HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n", b"POST /elsewhere HTTP/1.1\r\nHost: w\r\nX: "]
        for number in range(200):
            connection = socket.create_connection(address_of(server))
            connection.sendall(beginnings[number % len(beginnings)])
            crowd.append(connection)
        done = threading.Event()

        def trickle():
            while not done.wait(0.2):
                for connection in crowd:
                    try:
                        connection.send(b"a")
                    except OSError:
                        pass

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            world.run("checkpoint", "--witness-request", "request", "-q")
            request = world.read("request")
            for _ in range(20):
                start = time.monotonic()
                status, body = asked(server, posted(request), patience=60)
                expect(status in (200, 409), (status, body))
                # Who had to wait for one of them would wait until its ten seconds are over.
                expect(time.monotonic() - start < 9, time.monotonic() - start)
            start = time.monotonic()
            world.run("checkpoint", "--witness", server.url, "--witness-key", key)
            print(f"        asked beside 200 who trickle: {time.monotonic() - start:.2f} s")
            # It ends while they still trickle.
            server.process.send_signal(signal.SIGTERM)
            expect(server.process.wait(timeout=9) == 0)
        finally:
            done.set()
            thread.join()
            for connection in crowd:
                connection.close()


def giants_cost_a_witness_no_memory(world):
    _, key = witnessed(world)
    block = b"a" * MEBIBYTE
    chunk = b"100000\r\n" + block + b"\r\n"
    giants = [
        (b"", block, 414),
        (b"GET /", block, 414),
        (b"GET / HTTP/1.1\r\nHost: w\r\nX: ", block, 431),
        (b"GET / HTTP/1.1\r\nHost: w\r\n", b"X: y\r\n" * (MEBIBYTE // 6), 431),
        (HEAD + b"Content-Length: 314572800\r\n\r\n", block, 413),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk, 413),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", block, 413),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * (MEBIBYTE // 6), 413),
        (b"POST /elsewhere HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 404),
        (b"PUT /elsewhere HTTP/1.1\r\nHost: w\r\nContent-Length: 314572800\r\n\r\n", block, 404),
        (b"PUT /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, 405),
        (b"GET /" + b"0" * 64 + b"/checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 314572800\r\n\r\n", block, 413),
    ]
    with WitnessServer(world, "w1") as server:
        world.run("checkpoint", "--witness", server.url, "--witness-key", key)
        before = peak_of(server)
        for beginning, more, wanted in giants:
            status, _ = asked(server, beginning + more * 300)
            # Where the sender was cut off first, the status may be lost on its way.
            expect(status in (wanted, 0), (beginning[:60], status))
            status, _ = asked(server, beginning + more[:70_000] + more[:70_000])
            expect(status == wanted, (beginning[:60], status))
        # As many as there can be, each with as much as it may have, and none that ends.
        crowd = [socket.create_connection(address_of(server)) for _ in range(300)]
        for connection in crowd:
            connection.setblocking(False)
            try:
                connection.send(HEAD + b"Content-Length: 65536\r\n\r\n" + b"x" * 65000)
            except OSError:
                pass
        expect(asked(server, posted(b"nonsense"))[0] == 400)
        for connection in crowd:
            connection.close()
        grown = peak_of(server) - before
        print(f"        {peak_of(server) / MEBIBYTE:.0f} MiB at most, {grown / MEBIBYTE:.1f} MiB more than before")
        expect(grown < 40 * MEBIBYTE, grown)
        if not world.sanitized():
            expect(peak_of(server) < 64 * MEBIBYTE, peak_of(server))


def a_witness_answers_with_the_status_codes_of_its_specification(world):
    made, _ = witnessed(world)
    with WitnessServer(world, "w1") as server:
        world.run("checkpoint", "--witness-request", "request", "-q")
        request = world.read("request")
        latest = b"/" + hashlib.sha256(ORIGIN.encode()).hexdigest().encode() + b"/checkpoint"
        get = lambda path, method=b"GET", version=b"1.1": asked(
            server, method + b" " + path + b" HTTP/" + version + b"\r\nHost: w\r\nConnection: close\r\n\r\n")
        expect(get(latest)[0] == 404)
        expect(asked(server, posted(request.replace(b"old 0", b"old 99")))[0] == 400)
        expect(asked(server, posted(request.replace(b"old 0", b"old 00")))[0] == 400)
        expect(asked(server, posted(request.replace(ORIGIN.encode(), b"test.example/other")))[0] == 404)
        expect(asked(server, posted(request.replace(b"\n2\n", b"\n3\n")))[0] == 403)
        expect(asked(server, posted(request.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n")))[0] == 422)
        expect(asked(server, posted(b"old 0\n" + (b"A" * 43 + b"=\n") * 64 + request[6:]))[0] == 400)
        waits = request.replace(b"old 0", b"old 1")
        expect(asked(server, posted(waits)) == (409, b"0\n"))
        # One that comes in chunks, and one that asks first.
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (request[:7], request[7:8], request[8:])) + b"0\r\n\r\n"
        status, line = asked(server, HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
        expect(status == 200 and line.startswith("\u2014 witness.example/w1 ".encode()), (status, line))
        expect(asked(server, posted(request)) == (409, b"2\n"))
        expect(asked(server, posted(request.replace(b"old 0", b"old 2")))[0] == 200)
        status, body = get(latest)
        expect(status == 200 and body.startswith(ORIGIN.encode() + b"\n2\n") and body.count("\u2014".encode()) == 2)
        expect(get(latest, b"HEAD") == (200, b""))
        expect(get(latest, version=b"1.0") == (200, body))
        expect(get(latest.upper())[0] == 404 and get(b"/")[0] == 404 and get(b"/" + b"a" * 64 + b"/checkpoint")[0] == 404)
        for method in (b"GET", b"PUT", b"DELETE", b"BREW", b"OPTIONS", b"HEAD"):
            expect(get(b"/add-checkpoint", method)[0] == 405, method)
        expect(get(latest, b"POST")[0] == 405)
        expect(get(latest, version=b"2.0")[0] == 505 and asked(server, b"GET /\r\n\r\n")[0] == 400)
        expect(asked(server, posted(b"x" * 65_537))[0] == 413)
        # Two requests that come together are answered in their order.
        two = posted(waits).replace(b"Connection: close\r\n", b"") + posted(request)
        status, rest = asked(server, two)
        expect(status == 409 and rest.startswith(b"2\nHTTP/1.1 409 ") and rest.endswith(b"\r\n\r\n2\n"), rest)
        # Neither the size in an answer nor the way it is asked for is taken from a client's word.
        expect(asked(server, posted(request, b"Expect: 100-continue\r\n"))[0] == 409)
