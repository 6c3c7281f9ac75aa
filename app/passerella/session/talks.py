"""A WebSocket that stays open while somebody writes in it: what is to be said is said in order, on a thread of its own."""

import queue
import threading
from collections.abc import Callable

from passerella.client.websocket import NORMAL_CLOSURE, Dialog
from passerella.errors import PasserellaError
from passerella.language.system_words import refusal

_EACH = 0.05  # seconds after which it looks again whether there is something to say

_Say = Callable[[Dialog], None]


class Talk:
    """One client of a WebSocket.

    :ivar number: to tell it from the others, from 1; ``line``: where it is, «/eco».
    :ivar status: how the server answered the handshake; None as long as it did not.
    :ivar code: with which the server closed, when it did.
    :ivar over: nothing more can be said; ``trouble``: why, when it is not that it was closed.
    """

    def __init__(self, number: int, line: str, opens: Callable[[], Dialog], changed: Callable[[], None]) -> None:
        self.number = number
        self.line = line
        self.status: int | None = None
        self.code: int | None = None
        self.over = False
        self.trouble = ""
        self._opens = opens
        self._changed = changed
        self._asked: queue.SimpleQueue[_Say] = queue.SimpleQueue()
        threading.Thread(target=self._run, name=f"websocket {number}", daemon=True).start()

    def say(self, content: str | bytes) -> None:
        """A message, text or bytes."""
        self._asked.put(lambda dialog: dialog.send(content))

    def ping(self, content: bytes) -> None:
        self._asked.put(lambda dialog: dialog.ping(content))

    def close(self, code: int = NORMAL_CLOSURE, reason: str = "") -> None:
        """Say goodbye, after all that was to be said."""
        self._asked.put(lambda dialog: dialog.close(code, reason))

    def _run(self) -> None:
        try:
            with self._opens() as dialog:
                self.status = dialog.status
                self._changed()
                while not dialog.closed:
                    self._speak(dialog)
                    while dialog.receive(_EACH) is not None:
                        continue
                self.code = dialog.code
        except (OSError, PasserellaError) as error:
            self.trouble = refusal(error)
        self.over = True
        self._changed()

    def _speak(self, dialog: Dialog) -> None:
        while not dialog.closed:
            try:
                said = self._asked.get_nowait()
            except queue.Empty:
                return
            said(dialog)
