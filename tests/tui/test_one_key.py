"""While a key is being answered what can wait, waits: until its answer is painted, and no longer."""

import time
from typing import ClassVar

from textual.binding import Binding, BindingType

from passerella.tui.base_app import OurApp
from tui.quick_pilot import QuickPilot


class Watching(OurApp):
    CSS_PATH = None
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "see")]

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[bool] = []

    def action_see(self) -> None:
        self.seen.append(self.answering)


async def test_a_key_is_being_answered_until_it_is_painted() -> None:
    app = Watching()
    async with app.run_test():
        pilot = QuickPilot(app)
        assert not app.answering
        assert not app.at_keys
        await pilot.press("x")
        assert app.seen == [True]
        assert app.at_keys
        deadline = time.monotonic() + 5
        while app.answering:
            assert time.monotonic() < deadline
            await pilot.pause(0.01)
