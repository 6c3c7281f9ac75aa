"""Several requests: on one connection, on one each, or all at the same time."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Self

from msgspec.structs import replace

from passerella.client.abort import Abort
from passerella.client.answer import Answer, Failure
from passerella.client.connection import Connection
from passerella.client.prepared import MOST_TOGETHER, Prepared
from passerella.client.told_socket import Log
from passerella.errors import CommandError
from passerella.language import _

_Open = Callable[[], Connection]


def run(
    requests: Sequence[Prepared],
    host: str,
    port: int,
    log: Log,
    same_connection: bool = False,
    abort: Abort | None = None,
) -> list[Answer]:
    """Send the requests, each in its manner; the answers in their order, as many as ``methods`` says for each.

    They go one after the other but for those that go ``together``: then ``log`` is called by several threads.
    No «Connection: close» is added: without ``same_connection`` the client simply leaves after the answer.
    """
    groups = list(_groups(requests))
    answers: list[Answer] = []
    with contextlib.ExitStack() as owned:
        if abort is None:
            abort = owned.enter_context(Abort())
        open_one = partial(Connection.open, host, port, log, abort)
        line = owned.enter_context(_Line(open_one, abort))
        for group in groups:
            if len(group) > 1:
                answers += _ask_together(group, open_one, abort)
                continue
            answers += line.ask(group[0])
            if not same_connection:
                line.hang_up()
    return answers


def _groups(requests: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """The requests that go at the same time, group by group. :class:`CommandError` when they are too many."""
    group: list[Prepared] = []
    for request in requests:
        if group and not request.manner.together:
            yield group
            group = []
        group.append(request)
        if len(group) > MOST_TOGETHER:
            raise CommandError(
                _("Insieme possono partire al massimo {most} richieste: sono di più. Dividile in gruppi.").format(
                    most=MOST_TOGETHER
                )
            )
    if group:
        yield group


def _ask_together(requests: Sequence[Prepared], open_one: _Open, abort: Abort) -> list[Answer]:
    """One thread and one connection each. Nobody waits until all are connected: a server may accept one at a time."""
    asked = [_Asked(request, open_one, abort) for request in requests]
    try:
        return [answer for each in asked for answer in each.answers.result()]
    except BaseException:  # an interruption, or a log that fails: nobody goes on alone
        abort.request()
        wait(each.answers for each in asked)
        raise


class _Asked:
    """A request on its way, in a daemon thread: who is interrupted while it waits can end at once."""

    def __init__(self, request: Prepared, open_one: _Open, abort: Abort) -> None:
        self.answers: Future[list[Answer]] = Future()
        threading.Thread(target=self._ask, args=(request, open_one, abort), name="client", daemon=True).start()

    def _ask(self, request: Prepared, open_one: _Open, abort: Abort) -> None:
        try:
            with _Line(open_one, abort) as line:
                answers = line.ask(request)
        except BaseException as error:  # it belongs to whoever asks for the answers
            self.answers.set_exception(error)
        else:
            self.answers.set_result(answers)


class _Line:
    """The connection in use, opened when it is needed, and again when the server closed it."""

    def __init__(self, open_one: _Open, abort: Abort) -> None:
        self._open = open_one
        self._abort = abort
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.hang_up()

    def ask(self, request: Prepared) -> list[Answer]:
        if self._abort.requested:
            return _unanswered(request, "aborted")
        reopened = self._drop_if_closed()
        try:
            connection = self._connected()
        except OSError:
            return _unanswered(request, "aborted" if self._abort.requested else "refused")
        answers = [replace(answer, reopened=reopened) for answer in _converse(connection, request)]
        if request.manner.ends_connection:
            self.hang_up()
        return answers

    def hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _drop_if_closed(self) -> bool:
        if self._connection is None or self._connection.is_reusable():
            return False
        self.hang_up()
        return True


def _converse(connection: Connection, request: Prepared) -> list[Answer]:
    manner = request.manner
    if manner.stop_after:
        connection.limit(manner.stop_after)
    connection.send(request.data, pipelined=bool(request.pipelined), pieces=manner.pieces)
    if manner.wants_answer and (request.partial or manner.after == "half-close"):
        connection.finish()
    answers = [connection.receive(method) for method in request.methods]
    if manner.after == "reset":
        connection.reset()
    return answers


def _unanswered(request: Prepared, failure: Failure) -> list[Answer]:
    """Said of a request that wants no answer too: it was not sent."""
    return [Answer(failure=failure) for _ in request.methods or (request.method,)]
