"""A small object store for tests: as much of S3 as Exhibit asks, with create-only writes, versions and locks; and a test's
hand on every request.

It checks each signature (AWS Signature Version 4) and each digest of a body by itself, so that a client which signs wrongly
fails here as it does at a real server. A locking bucket ignores conditions and keeps versions, as real ones were seen to do.
"""
import base64
import datetime
import hashlib
import hmac
import re
import signal
import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

from world import until

KEY, SECRET, REGION = "EXHIBITTESTKEY000001", "exhibit/test+secret000000000000000000001", "us-east-1"
MODE, UNTIL = "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date"


def stamp(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def kill_at(server, number, start):
    """Kills what `start()` runs when the server's request `number` comes, which is lost or done without an answer."""
    held = []

    def fault(_method, _bucket, _key, asked):
        if asked != number:
            return None
        held.append(asked)
        until(lambda: not held, "the program was killed", 60)
        return "lost" if number % 2 else "unanswered"
    server.fault = fault
    child = start()
    until(lambda: held or child.poll() is not None, "the request came")
    child.send_signal(signal.SIGKILL)
    child.communicate()
    held.clear()
    server.fault = None


class Version:
    def __init__(self, name, body, until=None, is_mark=False):
        self.name, self.body, self.until, self.is_mark = name, body, until, is_mark
        self.put = datetime.datetime.now(datetime.timezone.utc)

    def age(self, days):
        """As if it had been put so long ago."""
        self.put -= datetime.timedelta(days=days)
        if self.until:
            self.until -= datetime.timedelta(days=days)


class ObjectServer:
    """`fault(method, bucket, key, number)` says what becomes of a request, which is counted from 0:
    None; "lost" (never came), "unanswered" (done, and the connection ends), "cut" (done, half of the answer comes), "twice";
    "hang" (never answered, as by a cluster that is full); a status such as 500, 503 or 412, or a status and S3's word for why,
    with nothing done; ("late", seconds): not answered, and done later.
    `weak`: which promises of a lock it breaks: "delete", "2106", "bypass", "renewal" (it says done, and does nothing); `careless`: creates over what is there.
    `accounts`: secrets by key, of accounts that may put below a prefix and nothing else: {key: (secret, "bucket/prefix/")}."""

    def __init__(self, fault=None, weak=(), careless=False, read_only=False, accounts=None):
        self.accounts = accounts or {}
        self.fault, self.weak, self.careless, self.read_only = fault, weak, careless, read_only
        self.buckets, self.lock, self.requests, self.versions = {}, threading.RLock(), [], 0
        self.late, self.uploads = [], {}

    def __enter__(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def handle_any(self):
                server.handle(self)
            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that was killed
        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def url(self, prefix="case", **settings):
        query = "".join(f"&{name.replace('_', '-')}={value}" for name, value in settings.items())
        return f"s3://127.0.0.1:{self.port}/evidence/{prefix}?scheme=http{query}"

    @staticmethod
    def environment():
        return {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION}

    def settle(self):
        """Waits for what was to be done late."""
        for timer in self.late:
            timer.join()
        self.late.clear()

    def counted(self, since=0):
        """Requests by method."""
        counts = {}
        for method, *_ in self.requests[since:]:
            counts[method] = counts.get(method, 0) + 1
        return counts

    # --- one request

    def handle(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        path, _, query = request.path.partition("?")
        _, bucket, key = (urllib.parse.unquote(path) + "//").split("/", 2)
        key = key.rstrip("/")
        with self.lock:
            number = len(self.requests)
            self.requests.append((request.command, bucket, key))
        fault = self.fault(request.command, bucket, key, number) if self.fault else None
        if fault == "lost":
            return self.hang_up(request)
        if fault == "hang":
            request.connection.settimeout(60)
            request.connection.recv(1)  # until the client gives up
            return self.hang_up(request)
        if isinstance(fault, tuple) and isinstance(fault[0], int):
            return self.answer(request, *self.error(*fault)[:2])
        if isinstance(fault, int):
            return self.answer(request, fault, f"<Error><Code>Injected</Code><Message>status {fault}</Message></Error>")
        if isinstance(fault, tuple):
            timer = threading.Timer(fault[1], lambda: self.do(request, bucket, key, query, body))
            timer.start()
            self.late.append(timer)
            return self.hang_up(request)
        result = self.do(request, bucket, key, query, body)
        if fault == "twice":
            result = self.do(request, bucket, key, query, body)
        if fault == "unanswered":
            return self.hang_up(request)
        status, text, headers = result
        self.answer(request, status, text, headers, cut=fault == "cut")

    @staticmethod
    def hang_up(request):
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def answer(request, status, body=b"", headers=None, cut=False):
        data = body if isinstance(body, bytes) else body.encode()
        request.send_response(status)
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        if status != 204:
            length = (headers or {}).get("x-length", len(data))
            request.send_header("content-length", str(length))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(data[:len(data) // 2] if cut else data)
        if cut:
            request.wfile.flush()
            ObjectServer.hang_up(request)

    def do(self, request, bucket, key, query, body):
        refused = self.check_signature(request, query, body)
        if refused:
            return 403, f"<Error><Code>{refused}</Code></Error>", {}
        if not self.may(request, bucket, key, query):
            return self.error(403, "AccessDenied")
        parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if self.read_only and request.command in ("PUT", "DELETE"):
            return self.error(403, "AccessDenied")
        with self.lock:
            if not key:
                return self.do_bucket(request, bucket, parameters)
            if bucket not in self.buckets:
                return self.error(404, "NoSuchBucket")
            locking, objects = self.buckets[bucket]
            if request.command == "POST" or "uploadId" in parameters:
                return self.upload(request, objects, key, parameters, body)
            if "x-amz-copy-source" in request.headers:
                return self.copy(request, objects, key)
            handler = {"PUT": self.put, "GET": self.get, "HEAD": self.get, "DELETE": self.delete}[request.command]
            return handler(request, locking, objects, key, parameters, body)

    def may(self, request, bucket, key, query):
        account = re.search("Credential=([^/]+)/", request.headers["authorization"])[1]
        if account == KEY:
            return True
        is_plain_put = request.command == "PUT" and not query and not any(name in request.headers for name in (MODE, UNTIL))
        return is_plain_put and f"{bucket}/{key}".startswith(self.accounts[account][1])

    @staticmethod
    def error(status, code):
        return status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>", {}

    def do_bucket(self, request, bucket, parameters):
        if request.command == "PUT":
            if bucket in self.buckets:
                return self.error(409, "BucketAlreadyOwnedByYou")
            self.buckets[bucket] = (request.headers.get("x-amz-bucket-object-lock-enabled") == "true", {})
            return 200, b"", {}
        if bucket not in self.buckets:
            return self.error(404, "NoSuchBucket")
        if "object-lock" in parameters:
            return self.error(404, "ObjectLockConfigurationNotFoundError")
        if "versions" in parameters:
            return self.list_versions(self.buckets[bucket][1], parameters)
        prefix, after = parameters.get("prefix", ""), parameters.get("start-after", "")
        keys = [key for key, versions in sorted(self.buckets[bucket][1].items())
                if key.startswith(prefix) and key > after and versions and not versions[-1].is_mark]
        page, more = keys[:7], len(keys) > 7
        rows = "".join(f"<Contents><Key>{escape(key)}</Key><Size>{len(self.buckets[bucket][1][key][-1].body)}</Size></Contents>"
                       for key in page)
        return 200, (f'<?xml version="1.0"?><ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{rows}'
                     "</ListBucketResult>"), {}

    @staticmethod
    def list_versions(objects, parameters):
        prefix, after = parameters.get("prefix", ""), (parameters.get("key-marker", ""), parameters.get("version-id-marker", ""))
        rows, seen = [], not after[0]
        for key in sorted(objects):
            if not key.startswith(prefix) or key < after[0]:
                continue
            for version in reversed(objects[key]):
                if seen or key > after[0]:
                    rows.append((key, version))
                seen = seen or (key, version.name) == after

        def row(key, version):
            kind, size = ("DeleteMarker", "") if version.is_mark else ("Version", f"<Size>{len(version.body)}</Size>")
            put = version.put.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            return (f"<{kind}><Key>{escape(key)}</Key><VersionId>{version.name or 'null'}</VersionId>"
                    f"<LastModified>{put}</LastModified>{size}</{kind}>")
        return 200, (f'<?xml version="1.0"?><ListVersionsResult><IsTruncated>{str(len(rows) > 7).lower()}</IsTruncated>'
                     f'{"".join(row(*one) for one in rows[:7])}</ListVersionsResult>'), {}

    def put(self, request, locking, objects, key, parameters, body):
        if "retention" in parameters:
            return self.retain(objects, key, parameters, body)
        until = request.headers.get(UNTIL)
        said = request.headers.get("content-md5")
        if (said or until) and base64.b64encode(hashlib.md5(body).digest()).decode() != said:
            return self.error(400, "BadDigest")
        if until and not locking:
            return self.error(400, "InvalidRequest")
        versions = objects.setdefault(key, [])
        if not locking:
            if request.headers.get("if-none-match") == "*" and versions and not self.careless:
                return self.error(412, "PreconditionFailed")
            if "if-match" in request.headers:
                return self.error(412, "PreconditionFailed")  # in quotes, as one real server compares it
            objects[key] = [Version("", body)]
            return 200, b"", {"etag": '"x"'}
        self.versions += 1
        versions.append(Version(f"v{self.versions}", body, stamp(until) if until else None))
        return 200, b"", {"x-amz-version-id": versions[-1].name}

    def upload(self, request, objects, key, parameters, body):
        """One part; like a real server, it drops the lock that was asked for."""
        if "uploads" in parameters:
            self.uploads[str(len(self.uploads))] = b""
            return 200, f"<R><UploadId>{len(self.uploads) - 1}</UploadId></R>", {}
        if request.command == "PUT":
            self.uploads[parameters["uploadId"]] = body
            return 200, b"", {"etag": '"part"'}
        return self.store(objects, key, self.uploads[parameters["uploadId"]])

    def copy(self, request, objects, key):
        source, _, version = request.headers["x-amz-copy-source"].partition("?versionId=")
        name = urllib.parse.unquote(source).split("/", 2)[2]
        return self.store(objects, key, self.find(objects, name, {"versionId": version}).body)

    def store(self, objects, key, body):
        self.versions += 1
        objects.setdefault(key, []).append(Version(f"v{self.versions}", body))
        return 200, b"", {"x-amz-version-id": f"v{self.versions}"}

    def retain(self, objects, key, parameters, body):
        version = self.find(objects, key, parameters)
        until = stamp(re.search(rb"<RetainUntilDate>([^<]*)", body)[1].decode())
        if version is None:
            return self.error(404, "NoSuchVersion")
        if "2106" in self.weak and until.year > 2105:
            until = stamp("2013-01-01T00:00:00Z")
        elif version.until and until < version.until:
            return self.error(403, "AccessDenied")
        if "renewal" in self.weak:
            return 200, b"", {}
        version.until = until
        return 200, b"", {}

    @staticmethod
    def find(objects, key, parameters):
        versions = objects.get(key, [])
        if "versionId" in parameters:
            return next((one for one in versions if one.name == parameters["versionId"]), None)
        return versions[-1] if versions and not versions[-1].is_mark else None

    def get(self, request, _locking, objects, key, parameters, _body):
        version = self.find(objects, key, parameters)
        if version is None:
            return self.error(404, "NoSuchKey")
        if "retention" in parameters:
            if not version.until:
                return self.error(404, "NoSuchObjectLockConfiguration")
            until = version.until.strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
            return 200, f"<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>", {}
        headers = {"etag": '"x"'} | ({"x-amz-version-id": version.name} if version.name else {})
        if version.until:
            headers |= {MODE: "COMPLIANCE", UNTIL: version.until.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("range", ""))
        if wanted:
            first, last = int(wanted[1]), int(wanted[2])
            if first >= len(version.body):
                return self.error(416, "InvalidRange")
            return 206, version.body[first:last + 1], headers
        if request.command == "HEAD":
            headers["x-length"] = len(version.body)
        return 200, version.body, headers

    def delete(self, request, locking, objects, key, parameters, _body):
        if not locking:
            objects.pop(key, None)
            return 204, b"", {}
        version = self.find(objects, key, parameters)
        if "versionId" not in parameters:
            self.versions += 1
            objects.setdefault(key, []).append(Version(f"v{self.versions}", b"", is_mark=True))
            return 204, b"", {}
        if version is None:
            return 204, b"", {}
        is_locked = version.until and version.until > datetime.datetime.now(datetime.timezone.utc)
        if is_locked and "delete" not in self.weak and not (
                "bypass" in self.weak and request.headers.get("x-amz-bypass-governance-retention")):
            return self.error(403, "AccessDenied")
        objects[key].remove(version)
        return 204, b"", {}

    # --- what the client must get right

    def check_signature(self, request, query, body):
        headers = {name.lower(): value.strip() for name, value in request.headers.items()}
        parts = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
                             r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})", headers.get("authorization", ""))
        secrets = {KEY: SECRET, **{key: secret for key, (secret, _) in self.accounts.items()}}
        if not parts or parts[1] not in secrets:
            return "InvalidAccessKeyId"
        if hashlib.sha256(body).hexdigest() != headers.get("x-amz-content-sha256"):
            return "XAmzContentSHA256Mismatch"
        names = parts[4].split(";")
        if names != sorted(names) or not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names):
            return "SignedHeadersWrong"
        path = request.path.partition("?")[0]
        pairs = [pair.partition("=") for pair in query.split("&")] if query else []
        plain = urllib.parse.quote(urllib.parse.unquote(path), safe="/-_.~")
        if path != plain or any(not equals for _, equals, _ in pairs) or pairs != sorted(pairs):
            return "NotCanonical"
        canonical = "\n".join([request.command, path, query, *(f"{name}:{headers.get(name, '')}" for name in names), "",
                               parts[4], headers["x-amz-content-sha256"]])
        scope = f"{parts[2]}/{parts[3]}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + secrets[parts[1]]).encode()
        for part in (parts[2], parts[3], "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        good = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return None if hmac.compare_digest(good, parts[5]) else "SignatureDoesNotMatch"
