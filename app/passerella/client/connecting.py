"""Opening a connection, for as long as the server makes us wait: its queue may be full."""

import contextlib
import errno
import os
import selectors
import socket

from passerella.client.abort import Abort

_UNDER_WAY = {errno.EINPROGRESS, errno.EWOULDBLOCK}
_TAKEN = {0, errno.ECONNRESET}  # a reset, unlike a refusal, comes from who had taken us: it may have answered before


def waiter() -> selectors.BaseSelector:
    """What a connection waits with. It takes no descriptor: 200 connections must fit in the 256 that macOS gives."""
    kind: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
    return kind()


def connect(host: str, port: int, abort: Abort | None = None) -> socket.socket:
    """A connected socket that never blocks; an :class:`OSError` when no address of ``host`` takes us, or after an abort."""
    failure = OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    for family, kind, protocol, _name, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        connecting = socket.socket(family, kind, protocol)
        with contextlib.ExitStack() as owned:
            owned.enter_context(connecting)
            try:
                _finish(connecting, address, abort)
            except OSError as error:
                failure = error
            else:
                owned.pop_all()
                return connecting
    raise failure


def _finish(connecting: socket.socket, address: object, abort: Abort | None) -> None:
    connecting.setblocking(False)
    # Each piece leaves when it is written: Nagle's algorithm would wait to join it to the next one.
    connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    code = connecting.connect_ex(address)  # type: ignore[arg-type]  # as getaddrinfo gave it
    if code in _UNDER_WAY:
        _wait(connecting, abort)
        code = connecting.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code not in _TAKEN:
        raise OSError(code, os.strerror(code))


def _wait(connecting: socket.socket, abort: Abort | None) -> None:
    with waiter() as selector:
        selector.register(connecting, selectors.EVENT_WRITE)
        if abort is not None:
            selector.register(abort, selectors.EVENT_READ)
        selector.select()
    if abort is not None and abort.requested:
        raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
