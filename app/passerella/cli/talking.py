"""Messages for a WebSocket, asked for on the command line."""

from collections.abc import Sequence

from passerella.client.exchange import Answer, Prepared
from passerella.client.request import parse_line
from passerella.session.live import Session


class Messages:
    """What is to be said, and where; checked at once."""

    def __init__(self, line: str, messages: Sequence[str], headers: Sequence[tuple[str, str]] = ()) -> None:
        self._line = line
        self._messages = messages
        self._headers = headers
        parse_line(line)

    def __call__(self, host: str) -> list[Prepared]:
        """No request: what goes out is what :meth:`send` says."""
        return []

    def send(self, session: Session) -> list[Answer]:
        """Say it all. One answer: it is there if the server answered the handshake."""
        outcome = session.talk(self._line, self._messages, self._headers)
        return [Answer(complete=outcome.status is not None, status=outcome.status, length=int(outcome.status or 0))]
