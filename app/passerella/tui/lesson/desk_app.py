"""A desk alone on the screen."""

from typing import ClassVar

from textual.types import CSSPathType

from passerella.tui.base_app import OurApp
from passerella.tui.lesson.desk import Desk


class DeskApp(OurApp):
    """Nothing but what a desk opens."""

    CSS_PATH: ClassVar[CSSPathType | None] = "../base.tcss"
    desk: Desk

    def on_mount(self) -> None:
        self.begin()

    def begin(self) -> None:
        """What is seen first."""
        self.desk.open_index()

    def sit(self) -> None:
        """Come back when the user leaves; what was started is ended by then."""
        try:
            self.run()
        finally:
            self.desk.close()
