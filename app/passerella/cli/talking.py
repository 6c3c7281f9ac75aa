"""Messages for a WebSocket, asked for on the command line."""

from collections.abc import Sequence

from passerella.client.answer import Answer
from passerella.client.prepared import Prepared
from passerella.client.request import parse_line
from passerella.session.live import Session


class Messages:
    """What is to be said, and where; checked at once."""

    def __init__(
        self, line: str, messages: Sequence[str], headers: Sequence[tuple[str, str]] = (), clients: int = 1
    ) -> None:
        self._line = line
        self._messages = messages
        self._headers = headers
        self._clients = clients
        parse_line(line)

    def __call__(self, host: str) -> list[Prepared]:
        """No request: what goes out is what :meth:`send` says."""
        return []

    def send(self, session: Session) -> list[Answer]:
        """Say it all, each client in its turn. An answer each: it is there if the server answered the handshake."""
        return [
            Answer(complete=each.status is not None, status=each.status, length=int(each.status or 0))
            for each in session.chat(self._line, self._messages, self._headers, self._clients)
        ]
