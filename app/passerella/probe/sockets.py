"""The exact bytes: taps on Python's ``socket.socket``, for the connections that the program accepts.

They sit on the Python class, so selector loops, socketserver and plain servers all pass here; uvloop does not
(see :mod:`loops`). A socket that was not accepted (a client's, a database's) costs one look-up and nothing else.
"""

from __future__ import annotations

import os
import sys

from . import levels
from .attribution import CURRENT, Connection, bind, found, unbind
from .channel import clock, put, say, sequence
from .places import where
from .placing import put_in_place
from .record import accepted, moment, site_of_call, site_of_no_code, strip
from .vocabulary import BYTES_KEPT, TEXT_KEPT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Owner

_listened: set[Any] = set()
_ALWAYS = ("accept", "listen", "close")


def address_text(address: Any) -> str:
    """``127.0.0.1:8000``, ``[::1]:8000``, or the path of a Unix socket."""
    if type(address) is tuple and len(address) >= 2:
        host = address[0]
        return f"[{host}]:{address[1]}" if ":" in host else f"{host}:{address[1]}"
    if type(address) is bytes:
        return address.decode("latin-1")
    return address if type(address) is str else ""


def opened(thing: Any, peer: Any, local: Any, site: int) -> Connection:
    """A connection was accepted; ``thing`` stands for it."""
    connection = Connection(address_text(peer), address_text(local), site)
    bind(thing, connection)
    accepted(connection)
    return connection


def received(connection: Connection, data: Any, site: int | str, length: int | None = None) -> None:
    """Bytes came in; ``data`` is what can be kept of ``length``. ``site``: its number, or the key of who called us."""
    length = len(data) if length is None else length
    if connection.watch != levels.watch:
        connection.meet_again(bytes(data[:TEXT_KEPT]))
        if connection.watch != levels.watch:
            return
    if length and connection.turn != "in":
        connection.turn_to("in")
    if not connection.silent:
        room = BYTES_KEPT - connection.kept_in
        kept = bytes(data[:room]).decode("latin-1") if room > 0 else ""
        connection.kept_in += len(kept)
        moment("recv", _owner(connection), _number(site), connection.read, length, kept)
    connection.read += length


def sent(
    connection: Connection, data: Any, site: int | str, t: int, length: int | None = None, handed: bool = False
) -> None:
    """Bytes went out at ``t`` (read before, so that who receives them is never earlier), or were handed to a loop."""
    if connection.watch != levels.watch:
        return
    length = len(data) if length is None else length
    if connection.turn != "out":
        connection.turn_to("out")
    if not connection.silent:
        room = min(BYTES_KEPT - connection.kept_out, length)
        kept = bytes(data[:room]).decode("latin-1") if room > 0 else ""
        connection.kept_out += len(kept)
        moment("send", _owner(connection), _number(site), connection.written, length, kept, handed, t=t)
    connection.written += length


def closed(connection: Connection, how: str, site: int | str) -> None:
    """The connection ends, or half of it: ``how`` is ``shutdown``, ``close`` or ``lost``."""
    if connection.watch != levels.watch:
        return
    if connection.silent and connection.accepted:  # the viewer does not wait for it for ever
        put(("close", next(sequence), clock(), where(connection), _number(site), how))
    else:
        moment("close", _owner(connection), _number(site), how)
    if how != "shutdown":
        connection.forget_environ()


def _owner(connection: Connection) -> Owner:
    """The current request if it is on this connection, else the connection itself."""
    current = CURRENT.get()
    return current if current is not None and current.connection is connection else connection


def _number(site: int | str) -> int:
    return site if type(site) is int else caller(site)  # type: ignore[arg-type]  # a text, then


def caller(key: str) -> int:
    """The first line above us that is neither ours nor the standard library's socket plumbing."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        file = frame.f_code.co_filename
        if file not in _PLUMBING and not file.startswith(_PROBE):
            break
        frame = frame.f_back
    if frame.f_back is None and frame.f_code.co_filename.startswith(_PROBE):
        return site_of_no_code(key)  # it is not Python that called: Apache, by mod_wsgi
    return site_of_call(key, frame)


_PROBE = os.path.dirname(__file__) + os.sep
_PLUMBING: set[str | None] = set()


def announce_listening(sock: Any) -> None:
    """Say where a socket listens, once."""
    if sock in _listened:
        return
    _listened.add(sock)
    host, port = (sock[0], sock[1]) if type(sock) is tuple else (sock, 0)
    say("listening", host if type(host) is str else os.fsdecode(host), port)


def tap(module: Any) -> None:
    """Put the taps on ``module.socket``, the class. Who comes and goes is known also while nobody looks."""
    _PLUMBING.add(module.__file__)
    cls = module.socket
    for name, wrapper in _wrappers(cls).items():
        if name in _ALWAYS:
            setattr(cls, name, wrapper)
        else:
            put_in_place(cls, name, wrapper)


def _wrappers(cls: Any) -> dict[str, Callable[..., Any]]:
    real_accept, real_listen, real_close = cls.accept, cls.listen, cls.close
    real_recv, real_recv_into = cls.recv, cls.recv_into
    real_send, real_sendall = cls.send, cls.sendall
    real_shutdown, real_sendfile = cls.shutdown, cls.sendfile

    def accept(self: Any) -> Any:
        try:
            connection, address = real_accept(self)
        except BaseException as error:
            strip(error)
            raise
        opened(connection, address, connection.getsockname(), caller("socket.accept"))
        return connection, address

    def listen(self: Any, *backlog: int) -> None:
        real_listen(self, *backlog)
        address = self.getsockname()
        announce_listening(address[:2] if type(address) is tuple else address)

    def recv(self: Any, *arguments: Any) -> Any:
        try:
            data = real_recv(self, *arguments)
        except BaseException as error:
            strip(error)
            raise
        connection: Any = found(self)
        if connection is not None:
            received(connection, data, "socket.recv")
        return data

    def recv_into(self: Any, buffer: Any, *arguments: Any) -> Any:
        try:
            length = real_recv_into(self, buffer, *arguments)
        except BaseException as error:
            strip(error)
            raise
        connection: Any = found(self)
        if connection is not None:
            received(connection, memoryview(buffer)[:length], "socket.recv")
        return length

    def send(self: Any, data: Any, *flags: int) -> Any:
        connection: Any = found(self)
        start = clock()
        try:
            length = real_send(self, data, *flags)
        except BaseException as error:
            strip(error)
            raise
        if connection is not None:
            sent(connection, data, "socket.send", start, length)
        return length

    def sendall(self: Any, data: Any, *flags: int) -> Any:
        connection: Any = found(self)
        start = clock()
        try:
            result = real_sendall(self, data, *flags)
        except BaseException as error:
            strip(error)
            raise
        if connection is not None:
            sent(connection, data, "socket.send", start)
        return result

    def sendfile(self: Any, file: Any, *arguments: Any, **keywords: Any) -> Any:
        connection: Any = found(self)
        before = connection.written if connection is not None else 0
        position = _position(arguments, keywords)
        start = clock()
        try:
            length = real_sendfile(self, file, *arguments, **keywords)
        except BaseException as error:
            strip(error)
            raise
        if connection is not None and connection.written == before:  # else it fell back on send(), already seen
            sent(connection, _reread(file, position, length), "socket.sendfile", start, length)
        return length

    def shutdown(self: Any, how: Any) -> Any:
        connection: Any = found(self)
        if connection is not None:
            closed(connection, "shutdown", "socket.shutdown")
        try:
            return real_shutdown(self, how)
        except BaseException as error:
            strip(error)
            raise

    def close(self: Any) -> Any:
        connection: Any = found(self)
        if connection is not None:
            closed(connection, "close", "socket.close")
            unbind(self)
        return real_close(self)

    wrappers: dict[str, Callable[..., Any]] = {
        "accept": accept,
        "listen": listen,
        "recv": recv,
        "recv_into": recv_into,
        "send": send,
        "sendall": sendall,
        "sendfile": sendfile,
        "shutdown": shutdown,
        "close": close,
    }
    if hasattr(cls, "sendmsg"):
        real_sendmsg = cls.sendmsg

        def sendmsg(self: Any, buffers: Any, *arguments: Any) -> Any:
            connection: Any = found(self)
            if connection is not None:
                buffers = list(buffers)  # it may be an iterator, and it must serve twice
            start = clock()
            try:
                length = real_sendmsg(self, buffers, *arguments)
            except BaseException as error:
                strip(error)
                raise
            if connection is not None:
                sent(connection, b"".join(buffers)[:length], "socket.send", start, length)
            return length

        wrappers["sendmsg"] = sendmsg
    for name, wrapper in wrappers.items():
        original = getattr(cls, name)
        wrapper.__qualname__ = getattr(original, "__qualname__", name)
        wrapper.__doc__ = original.__doc__
        wrapper.__module__ = cls.__module__
    return wrappers


def _position(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> int:
    """From where ``sendfile`` will read, without moving anything."""
    offset = arguments[0] if arguments else keywords.get("offset", 0)
    return offset if type(offset) is int else 0


def _reread(file: Any, start: int, length: int) -> bytes:
    """What the kernel sent straight from the file, read again by position; nothing where that cannot be."""
    try:
        return os.pread(file.fileno(), min(length, BYTES_KEPT), start)
    except (OSError, AttributeError, ValueError):
        return b""
