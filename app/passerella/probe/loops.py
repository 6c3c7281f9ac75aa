"""The bytes of event loops that own their sockets (uvloop, Windows' Proactor): a tap on what makes their servers.

What is seen outbound is what was handed to the loop, not what left: the steps say so.
"""

from __future__ import annotations

from .attribution import CURRENT
from .channel import clock
from .functions import shown_function
from .record import put_back, site_of_code, strip
from .sockets import announce_listening, closed, opened, received, sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .attribution import Connection


def tap_servers(cls: Any) -> None:
    """Observe every protocol that servers of loop class ``cls`` make, on a port or on a Unix socket."""
    for name in _MAKERS:
        real = getattr(cls, name, None)
        if real is not None:
            setattr(cls, name, _observing(real))


_MAKERS = ("create_server", "create_unix_server")


def _observing(real: Any) -> Any:
    """``real`` makes a server: the same, whose protocols are observed."""

    async def create(self: Any, protocol_factory: Callable[[], Any], *arguments: Any, **keywords: Any) -> Any:
        def factory() -> Any:
            protocol = protocol_factory()
            _observe_protocol(protocol)
            return protocol

        server = await real(self, factory, *arguments, **keywords)
        for sock in server.sockets:
            address = sock.getsockname()
            announce_listening(address[:2] if type(address) is tuple else address)
        return server

    create.__name__ = create.__qualname__ = real.__name__
    create.__doc__ = real.__doc__
    return create


class _Observed:
    """The methods that one protocol object shows to its loop, and the connection that they serve.

    They are put in place before the loop looks them up: uvloop keeps ``data_received`` from the very first moment.
    """

    __slots__ = ("connection", "data", "eof", "lost", "made", "protocol")

    def __init__(self, protocol: Any, connection: Connection | None = None) -> None:
        self.protocol = protocol
        self.connection = connection
        self.made = protocol.connection_made
        self.data = protocol.data_received
        self.eof = protocol.eof_received
        self.lost = protocol.connection_lost
        protocol.data_received = self.data_received
        protocol.eof_received = self.eof_received
        protocol.connection_lost = self.connection_lost
        if connection is None:
            protocol.connection_made = self.connection_made

    def connection_made(self, transport: Any) -> Any:
        seen = ObservedTransport(transport)
        self.connection = seen.connection = opened(
            seen,
            transport.get_extra_info("peername"),
            transport.get_extra_info("sockname"),
            _site("protocol.connection_made", self.made),
        )
        return self.run(self.made, seen)

    def data_received(self, data: Any) -> Any:
        if self.connection is not None:
            received(self.connection, data, _site("protocol.data_received", self.data))
        return self.run(self.data, data)

    def eof_received(self) -> Any:
        if self.connection is not None:
            received(self.connection, b"", _site("protocol.data_received", self.eof))
        return self.run(self.eof)

    def connection_lost(self, exception: BaseException | None) -> Any:
        if self.connection is not None:
            closed(self.connection, "lost", _site("protocol.connection_lost", self.lost))
        return self.run(self.lost, exception)

    def run(self, method: Any, *arguments: Any) -> Any:
        """Call the protocol's own method while its connection is the current one."""
        token = CURRENT.set(self.connection)
        try:
            return method(*arguments)
        except BaseException as error:
            strip(error)
            raise
        finally:
            put_back(token)


def _observe_protocol(protocol: Any) -> None:
    """Observe this one protocol object; one that cannot be patched is left as it is."""
    try:
        _Observed(protocol)
    except AttributeError:
        return


def _site(key: str, method: Any) -> int:
    return site_of_code(key, shown_function(method).__code__)


class ObservedTransport:
    """Stands for a transport that cannot be patched; everything but the bytes passes through."""

    __slots__ = ("__weakref__", "_transport", "connection")

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self.connection: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: Any) -> Any:
        if data and not self._transport.is_closing():  # what comes after close() is thrown away
            sent(self.connection, data, "transport.write", clock(), handed=True)
        return self._transport.write(data)

    def writelines(self, lines: Any) -> Any:
        lines = list(lines)
        if not self._transport.is_closing():
            sent(self.connection, b"".join(lines), "transport.write", clock(), handed=True)
        return self._transport.writelines(lines)

    def set_protocol(self, protocol: Any) -> Any:
        _Observed(protocol, self.connection)
        return self._transport.set_protocol(protocol)

    def get_protocol(self) -> Any:
        return self._transport.get_protocol()

    def close(self) -> Any:
        if not self._transport.is_closing():
            closed(self.connection, "close", "transport.close")
        return self._transport.close()

    def abort(self) -> Any:
        closed(self.connection, "close", "transport.close")
        return self._transport.abort()
