"""Ceph's object store on loopback: a monitor, a store in memory and a gateway, started here where they are installed. For tests
and for the bench."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from s3_client import S3Client

KEY, SECRET = "EXHIBITTESTKEY000001", "exhibit/test+secret000000000000000000001"
CONFIGURATION = """[global]
fsid = 7b3d4c10-0000-4000-8000-000000000001
mon host = v2:127.0.0.1:{mon}
public addr = 127.0.0.1
public network = 127.0.0.0/8
ms bind msgr1 = false
auth cluster required = none
auth service required = none
auth client required = none
auth allow insecure global id reclaim = false
# Without keys there is no session key, so the gateway's secure mode towards the monitor would hang.
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
ms client mode = crc
ms service mode = crc
ms cluster mode = crc
paxos propose interval = 0.05
run dir = {folder}/run
admin socket = {folder}/run/$name.asok
log file = {folder}/log/$name.log
pid file = {folder}/run/$name.pid
crash dir = {folder}/run
keyring = /dev/null
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon]
mon data = {folder}/mon
mon initial members = a
mon data avail crit = 1
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = {gib}G
osd max object name len = 256
osd max object namespace len = 64
[client]
rgw frontends = beast endpoint=127.0.0.1:{gateway} tcp_nodelay=1
rgw enable apis = s3, admin
rgw num rados handles = 1
rgw data = {folder}/rgw
"""


class NotHere(Exception):
    """What is needed for it is not installed; says what."""


def until(happened, what, seconds=120):
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise AssertionError(f"not after {seconds} s: {what}")
        time.sleep(0.01)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Ceph:
    """A monitor, a store in memory and a gateway on loopback. What it starts it ends, by their numbers."""

    def __init__(self, gib=1):
        """`gib`: how much it holds at the most."""
        missing = [name for name in ("ceph-mon", "ceph-osd", "radosgw", "radosgw-admin", "monmaptool") if not shutil.which(name)]
        if missing:
            raise NotHere(f"{', '.join(missing)} not installed (ceph-mon, ceph-osd, radosgw, ceph-common)")
        if os.geteuid() != 0:
            raise NotHere("Ceph's daemons are started as root here")
        # Names of sockets are short.
        self.folder = Path(tempfile.mkdtemp(prefix="ceph-", dir="/tmp"))
        self.started, self.gib = [], gib

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def tool(self, *command, seconds=60):
        return subprocess.run([*map(str, command)], capture_output=True, timeout=seconds, check=True,
                              env={**os.environ, "CEPH_CONF": str(self.folder / "ceph.conf")}).stdout.decode()

    def daemon(self, *command):
        """In the foreground, so that it is a child of ours."""
        output = open(self.folder / "log" / f"{command[0]}.out", "wb")
        self.started.append(subprocess.Popen([*map(str, command), "-c", str(self.folder / "ceph.conf"), "-f"],
                                             stdout=output, stderr=output))

    def start(self):
        for name in ("run", "log", "rgw", "osd", "mon"):
            (self.folder / name).mkdir()
        mon, self.port = free_port(), free_port()
        (self.folder / "ceph.conf").write_text(CONFIGURATION.format(folder=self.folder, mon=mon, gateway=self.port, gib=self.gib))
        conf, fsid = ("-c", self.folder / "ceph.conf"), "7b3d4c10-0000-4000-8000-000000000001"
        self.version = re.search(r"\d+\.\d+\.\d+", self.tool("radosgw", "--version"))[0]
        self.tool("monmaptool", "--create", "--clobber", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{mon}]",
                  self.folder / "monmap")
        self.tool("ceph-mon", *conf, "-i", "a", "--mkfs", "--monmap", self.folder / "monmap", "--keyring", "/dev/null")
        self.daemon("ceph-mon", "-i", "a")
        self.tool("ceph", *conf, "mon", "stat")
        uuid = "11111111-0000-4000-8000-000000000001"
        self.tool("ceph", *conf, "osd", "new", uuid)
        self.tool("ceph-osd", *conf, "-i", "0", "--mkfs", "--osd-uuid", uuid)
        self.tool("ceph", *conf, "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=h0")
        self.daemon("ceph-osd", "-i", "0")
        until(lambda: '"num_up_osds":1' in self.tool("ceph", *conf, "osd", "stat", "-f", "json"), "the OSD is up")
        self.tool("radosgw-admin", *conf, "user", "create", "--uid=vault", "--display-name=vault", f"--access-key={KEY}",
                  f"--secret-key={SECRET}", seconds=120)
        self.gateway()

    def user(self, name):
        """A client with the credentials of one more account."""
        key, secret = f"EXHIBIT{name.upper()}", f"secret/of+{name}"
        self.tool("radosgw-admin", "user", "create", f"--uid={name}", f"--display-name={name}", f"--access-key={key}",
                  f"--secret-key={secret}", seconds=120)
        return S3Client(self.port, key, secret)

    def owner(self):
        return S3Client(self.port, KEY, SECRET)

    def gateway(self):
        self.daemon("radosgw", "-n", "client.rgw")

        def answers():
            with socket.socket() as one:
                return one.connect_ex(("127.0.0.1", self.port)) == 0
        until(answers, "the gateway answers")

    def kill_gateway(self):
        self.started[-1].send_signal(signal.SIGKILL)
        self.started.pop().wait()

    def __exit__(self, *_):
        for child in reversed(self.started):
            child.kill()
            child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def holds(self):
        """Whether this version keeps a lock that is set until 2150."""
        return int(self.version.split(".")[0]) >= 18

    def environment(self):
        return {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
                "EXHIBIT_VAULT": f"s3://127.0.0.1:{self.port}/evidence/case?scheme=http&seconds=10&patience=20"}
