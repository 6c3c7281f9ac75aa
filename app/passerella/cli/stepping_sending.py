"""Requests sent while journeys are stepped: each waits for its answer on a thread, as long as somebody holds it."""

import threading
import time
from collections.abc import Callable, Sequence

from passerella.cli.talking import Messages
from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.errors import PasserellaError
from passerella.language.system_words import refusal
from passerella.session.live import Session

_Exchange = Callable[[], Sequence[Answer]]


class Sent:
    """Requests of ours on their way, one thread for those that go together."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._threads: list[threading.Thread] = []
        self._answers: list[Answer] = []
        self._expected = 0
        self.failures: list[str] = []

    @property
    def under_way(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    @property
    def missing(self) -> int:
        """How many had no answer."""
        return self._expected - sum(answer.length > 0 for answer in self._answers)

    @property
    def expected(self) -> int:
        return self._expected

    def send(self, requests: Sequence[Prepared], same_connection: bool = False) -> None:
        self._expected += sum(len(each.methods) for each in requests)
        self._start(lambda: self._session.send(requests, same_connection=same_connection))

    def talk(self, messages: Messages) -> None:
        self._expected += 1
        self._start(lambda: messages.send(self._session))

    def wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _start(self, exchange: _Exchange) -> None:
        def run() -> None:
            try:
                self._answers.extend(exchange())
            except (OSError, PasserellaError) as error:
                self.failures.append(refusal(error))

        thread = threading.Thread(target=run, name="client", daemon=True)
        self._threads.append(thread)
        thread.start()
