"""Keys and clicks, each waited for exactly.

Textual's own pilot waits, twice a key, for a process that uses no processor: with a server and its threads beside the
screen that is up to a second, and it says nothing about what the key did.
"""

import asyncio
import time
import unicodedata
from collections.abc import Iterator

from textual.events import Key
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from passerella.tui.base_app import OurApp

_PATIENCE = 10.0
_ROUNDS = 2  # a message handled in the first may have left something for the screen to do after its next painting


class QuickPilot(Pilot[None]):
    """Goes on as soon as no message is left, for anybody on the screen."""

    async def press(self, *keys: str) -> None:
        """One key after the other: each finds what the one before has done."""
        for key in keys:
            self.app.post_message(_key(key))
            await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Until everything that was asked has been done and painted."""
        deadline = time.monotonic() + _PATIENCE
        quiet = 0
        while quiet < _ROUNDS:
            assert time.monotonic() < deadline, "lo schermo non ha mai finito"
            await self._wait_for_screen()
            self.app.screen._on_timer_update()
            await asyncio.sleep(0)
            quiet = quiet + 1 if self._nothing_left else 0
        if delay is not None:
            await asyncio.sleep(delay)

    @property
    def _nothing_left(self) -> bool:
        if self.app._exit or self.app._exception is not None:
            return not self.app.is_running
        waiting_keys = isinstance(self.app, OurApp) and self.app._one_key._waiting
        return (
            not waiting_keys
            and not self.app.screen._callbacks
            and self.app._animator._complete_event.is_set()
            and all(pump._message_queue.empty() and not pump._next_callbacks for pump in self._everybody())
        )

    def _everybody(self) -> Iterator[MessagePump]:
        yield self.app
        yield from self.app.screen.walk_children(with_self=True)


def _key(name: str) -> Key:
    """As Textual's own pilot makes it."""
    if len(name) == 1 and not name.isalnum():
        name = _character_to_key(name)
    try:
        return Key(name, unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name))))
    except KeyError:
        return Key(name, name if len(name) == 1 else None)
