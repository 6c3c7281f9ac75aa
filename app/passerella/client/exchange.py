"""Several requests, on one connection or on one each."""

import contextlib
from collections.abc import Sequence

from msgspec.structs import replace

from passerella.client.abort import Abort
from passerella.client.answer import Answer, Failure
from passerella.client.connection import Connection, Log
from passerella.client.prepared import Prepared

__all__ = ["Abort", "Answer", "Prepared", "run"]


def run(
    requests: Sequence[Prepared],
    host: str,
    port: int,
    log: Log,
    same_connection: bool = False,
    abort: Abort | None = None,
) -> list[Answer]:
    """Send the requests one after the other; an answer for each, in order (and for each that is pipelined in it).

    No «Connection: close» is added: without ``same_connection`` the client simply leaves after the answer.
    """
    answers: list[Answer] = []
    with contextlib.ExitStack() as owned:
        line = _Line(host, port, log, abort or owned.enter_context(Abort()))
        owned.callback(line.hang_up)
        for request in requests:
            answers += line.ask(request)
            if not same_connection:
                line.hang_up()
    return answers


class _Line:
    """The connection in use, opened when it is needed, and again when the server closed it."""

    def __init__(self, host: str, port: int, log: Log, abort: Abort) -> None:
        self._host, self._port = host, port
        self._log = log
        self._abort = abort
        self._connection: Connection | None = None

    def ask(self, request: Prepared) -> list[Answer]:
        if self._abort.requested:
            return _unanswered(request, "aborted")
        reopened = self._drop_if_closed()
        try:
            connection = self._connected()
        except OSError:
            return _unanswered(request, "refused")
        connection.send(request.data, pipelined=bool(request.pipelined))
        if request.partial:
            connection.finish()
        return [replace(connection.receive(method), reopened=reopened) for method in request.methods]

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = Connection.open(self._host, self._port, self._log, self._abort)
        return self._connection

    def _drop_if_closed(self) -> bool:
        if self._connection is None or self._connection.is_reusable():
            return False
        self.hang_up()
        return True


def _unanswered(request: Prepared, failure: Failure) -> list[Answer]:
    return [Answer(failure=failure) for _ in request.methods]
