"""The site of providers over HTTP, on the loopback interface alone: bounded, quiet, stopped cleanly.

    with SiteServer(site, clock=lambda: at) as server:
        server.base        http://127.0.0.1:43211

Requests are taken as a server (`/HOST/PATH`, or with the host in the Host header) and as a proxy (`GET http://HOST/PATH`).
"""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from interop.model.errors import InteropError, UsageError
from interop.pki.site import Reply, Site

__all__ = ["LONGEST_BODY", "REQUEST_SECONDS", "THREADS", "SiteServer"]

THREADS = 8
"""Requests answered at the same time."""
WAITING = 64
"""Connections that may wait for a thread; more are closed at once."""
LONGEST_BODY = 64 * 1024
"""Octets of a request body."""
_DRAINED = 16
"""Reads of 64 KiB at most."""
REQUEST_SECONDS = 10.0
"""How long a connection may take over its one request, from when a thread has it to its end."""

Report = Callable[[str], None]
"""Is told every request in one line."""


class _Handler(BaseHTTPRequestHandler):
    """One connection, one request."""

    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # what cannot be read is answered with a status line all the same
    server_version = "interop"
    sys_version = ""
    timeout = REQUEST_SECONDS
    server: _Listener

    def do_GET(self) -> None:
        self._answer(b"")

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        text = self.headers.get("Content-Length", "")
        if not (text.isascii() and text.isdigit()) or self.headers.get("Transfer-Encoding"):
            self._send(Reply(411, "text/plain; charset=utf-8", b"Content-Length is needed\n"))
        elif len(text) > 9 or int(text) > LONGEST_BODY:
            self._send(Reply(413, "text/plain; charset=utf-8", b"the request is too long\n"))
        else:
            body = self.rfile.read(int(text))
            if len(body) == int(text):  # else the other side went away
                self._answer(body)

    def _answer(self, body: bytes) -> None:
        host, path = self.headers.get("Host", ""), self.path
        if path.lower().startswith("http://"):  # asked as a proxy (RFC 9112 section 3.2.2)
            try:
                parts = urlsplit(path)
            except ValueError:
                return self._send(Reply(400, "text/plain; charset=utf-8", b"not a URL\n"))
            host, path = parts.netloc, parts.path or "/"
        return self._send(self.server.answer(self.command, host, path, body))

    def _send(self, reply: Reply) -> None:
        self.close_connection = True
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002 - the base class's signature
        self.server.report(f"{self.requestline[:200]} {code}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's signature
        self.server.report(format % args)


class _Listener(HTTPServer):
    """Accepts connections, gives each to one of a few threads, and closes those that take too long."""

    request_queue_size = WAITING
    allow_reuse_address = False

    def __init__(self, port: int, owner: SiteServer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self._owner = owner
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="serve-pki")
        self._open: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def answer(self, method: str, host: str, path: str, body: bytes) -> Reply:
        return self._owner.answer(method, host, path, body)

    def report(self, line: str) -> None:
        self._owner.report(line.encode("ascii", "backslashreplace").decode("ascii"))

    def server_bind(self) -> None:
        """Without the look-up of our own name that HTTPServer does."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            if len(self._open) >= THREADS + WAITING:
                self.shutdown_request(request)
                return
            self._open[request] = math.inf
        self._threads.submit(self._work, request, client_address)

    def _work(self, request: socket.socket, client_address: Any) -> None:
        with self._lock:
            self._open[request] = time.monotonic() + REQUEST_SECONDS
        try:
            self.finish_request(request, client_address)
            _drain(request)
        except OSError as error:  # the other side went away, or took too long
            self.report(f"connection lost: {error}")
        except Exception as error:  # noqa: BLE001 - one request never ends the server; told to whoever listens
            self.report(f"{type(error).__name__}: {error}")
        finally:
            with self._lock:
                self._open.pop(request, None)
            self.shutdown_request(request)

    def service_actions(self) -> None:
        """Called twice a second: connections past their time are cut."""
        now = time.monotonic()
        self._cut(lambda deadline: deadline < now)

    def _cut(self, late: Callable[[float], bool]) -> None:
        with self._lock:
            overdue = [request for request, deadline in self._open.items() if late(deadline)]
        for request in overdue:
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:  # it is closed already
                continue

    def end(self) -> None:
        """No more connections; those that are open are cut."""
        self.server_close()
        self._cut(lambda _: True)
        self._threads.shutdown(wait=True, cancel_futures=True)


def _drain(request: socket.socket) -> None:
    """Take what has come and nobody wants: closing over it would reset the connection, and the other side lose the reply."""
    request.shutdown(socket.SHUT_WR)
    request.setblocking(False)
    try:
        for _ in range(_DRAINED):
            if not request.recv(65536):
                return
    except BlockingIOError:
        return


class SiteServer:
    """A site on a port of 127.0.0.1, from `start` to `stop`, or as a context."""

    def __init__(
        self,
        site: Site | None = None,
        *,
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        report: Report = lambda _: None,
    ) -> None:
        """Takes the port (0: any free one). `clock` says as of when answers are given. Raises UsageError for a port that is taken.

        Without `site` there is nothing yet: everything is 503 until one is set, for whoever needs the port to build it.
        """
        self.site = site
        self.clock = clock
        self.report = report
        try:
            self._listener = _Listener(port, self)
        except OSError as error:
            raise UsageError(f"port {port} of 127.0.0.1 cannot be had: {error.strerror}") from error
        self._thread: threading.Thread | None = None

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._listener.server_port}"

    def answer(self, method: str, host: str, path: str, body: bytes) -> Reply:
        """The site's reply now; a profile that cannot be served is a 500 with its text."""
        if self.site is None:
            return Reply(503, "text/plain; charset=utf-8", b"not yet\n")
        try:
            return self.site.reply(method, host, path, body, self.clock().astimezone(UTC).replace(microsecond=0))
        except InteropError as error:
            return Reply(500, "text/plain; charset=utf-8", f"{error.message}\n".encode())

    def start(self) -> None:
        """Answer requests, in threads of its own."""
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.25}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Give the port back; nothing runs on."""
        if self._thread is not None:
            self._listener.shutdown()
            self._thread.join()
            self._thread = None
        self._listener.end()

    def __enter__(self) -> SiteServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
