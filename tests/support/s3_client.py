"""A client of S3 for tests: one signed request at a time, as whoever holds some credentials would send it."""
import datetime
import hashlib
import hmac
import http.client
import re
import urllib.parse


class S3Client:
    def __init__(self, port, key, secret, region="us-east-1"):
        self.port, self.key, self.secret, self.region = port, key, secret, region

    def ask(self, method, path, query=None, body=b"", headers=None):
        """The status, the headers with names in lower case, and the body. `path`: /bucket/key."""
        query = "&".join(f"{name}={urllib.parse.quote(value, safe='-_.~')}" for name, value in sorted((query or {}).items()))
        path = urllib.parse.quote(path, safe="/-_.~")
        now = datetime.datetime.now(datetime.timezone.utc)
        signed = {"host": f"127.0.0.1:{self.port}", "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
                  "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
                  **{name.lower(): value for name, value in (headers or {}).items()}}
        names = ";".join(sorted(signed))
        canonical = "\n".join([method, path, query, *(f"{name}:{signed[name]}" for name in sorted(signed)), "", names,
                               signed["x-amz-content-sha256"]])
        scope = f"{now:%Y%m%d}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", signed["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + self.secret).encode()
        for part in (f"{now:%Y%m%d}", self.region, "s3", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path + ("?" + query if query else ""), body, {
                **signed, "authorization": f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, "
                                           f"Signature={signature}"})
            reply = connection.getresponse()
            return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
        finally:
            connection.close()

    def environment(self):
        """In which the program has these credentials."""
        return {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret}

    def put(self, path, body=b"x", query=None, headers=None):
        return self.ask("PUT", path, query, body, headers)

    def get(self, path, query=None):
        return self.ask("GET", path, query)

    def delete(self, path, query=None, headers=None):
        return self.ask("DELETE", path, query, headers=headers)

    def versions(self, bucket, prefix=""):
        """(key, version, whether it is a delete marker) of each, the newest of a name first."""
        status, _, body = self.get(f"/{bucket}", {"versions": "", "prefix": prefix})
        assert status == 200, (status, body)
        rows = re.findall(rb"<(Version|DeleteMarker)>.*?<Key>([^<]*)</Key>.*?<VersionId>([^<]*)</VersionId>", body, re.S)
        return [(key.decode(), version.decode(), kind == b"DeleteMarker") for kind, key, version in rows]
