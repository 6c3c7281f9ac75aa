"""While a key is being answered what can wait, waits: until its answer is painted, and no longer."""

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

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


class Telling(Widget, can_focus=True):
    """Says something when it gets a key: what is done about that is part of the answer."""

    class Told(Message):
        pass

    def on_key(self) -> None:
        self.post_message(self.Told())


class Hearing(OurApp):
    CSS_PATH = None

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bool] = []

    def compose(self) -> ComposeResult:
        yield Telling()

    def on_telling_told(self) -> None:
        self.heard.append(self._one_key._busy)


async def test_what_the_key_makes_a_widget_say_is_part_of_the_answer() -> None:
    app = Hearing()
    async with app.run_test():
        pilot = QuickPilot(app)
        app.query_one(Telling).focus()
        await pilot.pause()
        await pilot.press("x")
        await pilot.pause()
        assert app.heard == [True]
