"""One key at a time: the next one goes where the one before leads.

Textual gives each key to whoever has the focus when it is read. Of two that were pressed while the program was busy,
«r» and «invio», the second went to the list, not to the dialog that the first one opens.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.events import Event, Key
from textual.message import Message
from textual.message_pump import MessagePump

from passerella.tui.painting import paint_soon

_LATELY = 1.0  # seconds: who presses one key presses others
_TOLD = 0.01  # seconds in which the widgets tell the screen that they are to be painted
_LONGEST_PAINT = 0.2  # seconds: the screen that was to be painted may be gone
_PATIENCE = 0.5  # seconds: whoever had the key may be gone, and tells nobody


class Settled(Message):
    """Follows a key from widget to widget, twice: what the key made its widget say comes between.

    When it reaches the app for the second time, the key has done all that it does.
    """

    def __init__(self, target: MessagePump, *, again: bool = True) -> None:
        super().__init__()
        self.target = target
        self.again = again


class OneKey:
    """The keys that wait for the one before."""

    def __init__(self, app: App[None], give: Callable[[Event], Awaitable[None]]) -> None:
        self._app, self._give = app, give
        self._waiting: deque[Key] = deque()
        self._given = 0  # keys so far
        self._busy = False
        self._painted_by = 0.0
        self._pressed = 0.0

    @property
    def lately(self) -> bool:
        """A key was pressed a moment ago: others will be."""
        return time.monotonic() - self._pressed < _LATELY

    @property
    def answering(self) -> bool:
        """A key was pressed, and what it does is not on the screen yet."""
        return self._busy or time.monotonic() < self._painted_by

    async def press(self, key: Key) -> None:
        self._waiting.append(key)
        self._pressed = time.monotonic()
        if not self._busy:
            await self.settled()
            return
        given = self._given
        self._app.set_timer(_PATIENCE, lambda: self._forgotten(given))

    async def settled(self) -> None:
        """Nothing is left to do for the key before."""
        self._busy, self._painted_by = bool(self._waiting), time.monotonic() + _LONGEST_PAINT
        asyncio.get_running_loop().call_later(_TOLD, self._await_paint)
        if not self._waiting:
            paint_soon(self._app)
            return
        key, target = self._waiting.popleft(), self._app.focused or self._app.screen
        self._given += 1
        await self._give(key)
        if not target.post_message(Settled(target)):
            await self.settled()

    async def heard(self, message: Settled) -> None:
        """It has reached the app."""
        if not (message.again and message.target.post_message(Settled(message.target, again=False))):
            await self.settled()

    def _await_paint(self) -> None:
        if self._app.is_running:
            self._app.screen.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._painted_by = 0.0

    async def _forgotten(self, given: int) -> None:
        """Still the same key: whoever had it is gone."""
        if self._busy and given == self._given:
            await self.settled()
