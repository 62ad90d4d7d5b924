"""Real S3 servers on loopback for tests: Ceph's RADOS gateway from Debian's packages, or moto where it is not installed.

    apt-get install --no-install-recommends radosgw ceph-mon ceph-osd

The gateway refuses wrong keys, honours If-None-Match and checks Content-MD5 as S3 does. The monitor and the object store
below it run without authentication and in memory: they hold nothing that outlives the tests.
Options: https://docs.ceph.com/en/latest/radosgw/config-ref/
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ACCESS_KEY, SECRET_KEY = "dateline", "dateline-secret"
_PROGRAMS = ("ceph-mon", "ceph-osd", "radosgw", "ceph", "monmaptool", "radosgw-admin")
_DEADLINE_S = 60
Process = subprocess.Popen[bytes]
# What each process needs a file of its own for.
_FILES = {"log_file": "log", "pid_file": "pid", "admin_socket": "asok"}
_CONF = """
[global]
fsid = {fsid}
mon host = [v2:127.0.0.1:{mon_port}/0]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
pid file = {folder}/$name.pid
ms bind msgr1 = false
ms mon client mode = crc
ms bind port min = {osd_port}
ms bind port max = {last_port}
[mon]
mon data = {folder}/mon
mon data avail crit = 1
paxos propose interval = 0.05
paxos min wait = 0.01
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd memory target = 939524096
osd class load list = *
osd class default list = *
[client]
rgw frontends = {frontend}
rgw thread pool size = 32
rgw enable usage log = false
rgw enable ops log = false
rgw enable gc threads = false
rgw enable quota threads = false
rgw run sync thread = false
rgw rados pool pg num min = 1
rgw realm reloader = false
"""


@dataclass(frozen=True)
class S3Server:
    """A running server. `kind` is radosgw or moto."""

    endpoint: str
    kind: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which boto3 finds this server and nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


@dataclass(frozen=True)
class Radosgw(S3Server):
    """Ceph's gateway, whose cluster further gateways may serve."""

    folder: Path

    @contextmanager
    def gateway(self, *options: str) -> Iterator[str]:
        """The address of a further gateway to the same buckets, with options of its own, while the block runs."""
        port = _free_ports()
        own = [f"--{name}={self.folder}/gateway-{port}.{end}" for name, end in _FILES.items()]
        own.append(f"--rgw_frontends={_frontend(port)}")
        command = ["radosgw", "-c", str(self.folder / "ceph.conf"), "-n", "client.admin", "-f", *own, *options]
        log = self.folder / f"gateway-{port}.out"
        with ExitStack() as running:
            process = _start(command, log, running)
            _wait_for(lambda: _answers(port), log)
            yield f"http://127.0.0.1:{port}"
            # It takes its leave: of one that was killed the others wait half a minute for an answer to each change.
            process.terminate()
            process.wait(_DEADLINE_S)


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """A server with a user that holds ACCESS_KEY and SECRET_KEY. In CI nothing but the gateway will do."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing and os.environ.get("CI"):
        raise RuntimeError(f"not installed: {', '.join(missing)}; apt-get install radosgw ceph-mon ceph-osd")
    with ExitStack() as running:
        yield _start_moto(folder, running) if missing else _start_radosgw(folder, running)


def _start_radosgw(folder: Path, running: ExitStack) -> S3Server:
    port = _free_ports()
    ports = {"mon_port": port + 1, "osd_port": port + 2, "last_port": port + 40}
    fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
    conf = folder / "ceph.conf"
    conf.write_text(_CONF.format(fsid=fsid, folder=folder, frontend=_frontend(port), **ports))
    for name in ("mon", "osd"):
        (folder / name).mkdir()

    def run(program: str, *options: str) -> None:
        subprocess.run([program, "-c", str(conf), *options], check=True, capture_output=True, timeout=_DEADLINE_S)

    def start(program: str, *options: str) -> None:
        _start([program, "-c", str(conf), *options, "-f"], folder / f"{program}.out", running)

    monmap = str(folder / "monmap")
    run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", f"[v2:127.0.0.1:{port + 1}/0]", monmap)
    run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap)
    start("ceph-mon", "-i", "a")
    run("ceph", "--connect-timeout", str(_DEADLINE_S), "osd", "new", osd)
    run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
    start("ceph-osd", "-i", "0")
    start("radosgw", "-n", "client.admin")
    _wait_for(lambda: _answers(port), folder / "radosgw.out")
    keys = ("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
    run("radosgw-admin", "-n", "client.admin", "user", "create", "--uid", "test", "--display-name", "test", *keys)
    return Radosgw(f"http://127.0.0.1:{port}", "radosgw", folder)


def _frontend(port: int) -> str:
    """Without `tcp_nodelay` an answer waits 40 ms for the client's acknowledgement of its header."""
    return f"beast endpoint=127.0.0.1:{port} tcp_nodelay=1"


def _start_moto(folder: Path, running: ExitStack) -> S3Server:
    """moto checks signatures after its first requests: those that create a user with a key and the right to use S3."""
    import boto3

    port = _free_ports()
    log = folder / "moto.out"
    environment = os.environ | {"INITIAL_NO_AUTH_ACTION_COUNT": "4"}
    _start([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], log, running, environment)
    _wait_for(lambda: _answers(port), log)
    endpoint = f"http://127.0.0.1:{port}"
    iam = boto3.client(
        "iam", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any"
    )
    iam.create_user(UserName="test")
    policy = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    iam.put_user_policy(UserName="test", PolicyName="all", PolicyDocument=policy)
    key = iam.create_access_key(UserName="test")["AccessKey"]
    return MotoServer(endpoint, "moto", key["AccessKeyId"], key["SecretAccessKey"])


@dataclass(frozen=True)
class MotoServer(S3Server):
    """moto makes up its users' keys."""

    access_key: str
    secret_key: str

    @property
    def environment(self) -> dict[str, str]:
        keys = {"AWS_ACCESS_KEY_ID": self.access_key, "AWS_SECRET_ACCESS_KEY": self.secret_key}
        return super().environment | keys


def _start(command: list[str], log: Path, running: ExitStack, environment: dict[str, str] | None = None) -> Process:
    """Start a server that ends with this context, and where setpriv is installed with this process, however it ends."""
    guard = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    with log.open("wb") as out:
        process = subprocess.Popen([*guard, *command], stdout=out, stderr=out, env=environment)
    running.callback(process.wait)
    running.callback(process.kill)
    return process


def _wait_for(ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"no answer after {_DEADLINE_S} s; its last words:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_ports() -> int:
    """The first of two free ports, below those that the kernel hands out to clients."""
    for _ in range(100):
        port = random.Random().randrange(15000, 30000)
        if not _answers(port) and not _answers(port + 1):
            return port
    raise RuntimeError("no free ports")


@contextmanager
def altering_proxy(endpoint: str, find: bytes, put: bytes) -> Iterator[str]:
    """The address of a proxy before a server that changes bytes on their way there, as a broken network card would."""
    target = urlsplit(endpoint)
    open_ones: list[socket.socket] = []

    class Altering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            open_ones.append(self.request)
            with socket.create_connection((target.hostname, target.port)) as server:
                back = threading.Thread(target=_pump, args=(server, self.request, bytes))
                back.start()
                _pump(self.request, server, lambda chunk: chunk.replace(find, put))
                server.shutdown(socket.SHUT_WR)
                back.join()

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Altering)
    server.daemon_threads = True
    with _serving(server) as port:
        yield f"http://127.0.0.1:{port}"
    # A client keeps its connections: a proxy that is gone has none.
    for connection in open_ones:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _pump(source: socket.socket, sink: socket.socket, change: Callable[[bytes], bytes]) -> None:
    with suppress(ConnectionError, OSError):
        while chunk := source.recv(65536):
            sink.sendall(change(chunk))


@contextmanager
def answering_server(statuses: list[int]) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that answers puts with these statuses, the last one for good, and the paths it was asked."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # answers the client's `Expect: 100-continue` at once

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses[min(len(asked), len(statuses) - 1)]
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status == 200:
                self.send_header("ETag", '"0123456789abcdef0123456789abcdef"')
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Tests print nothing."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Answering)) as port:
        yield f"http://127.0.0.1:{port}", asked


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
