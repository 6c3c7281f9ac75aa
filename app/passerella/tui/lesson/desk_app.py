"""A desk alone on the screen."""

from typing import TYPE_CHECKING, ClassVar

from textual.types import CSSPathType

from passerella.tui.base_app import OurApp
from passerella.tui.lesson.desk import Desk

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


class DeskApp(OurApp):
    """Nothing but what a desk opens."""

    CSS_PATH: ClassVar[CSSPathType | None] = "../base.tcss"
    desk: Desk

    def on_mount(self) -> None:
        self.begin()

    def begin(self) -> None:
        """What is seen first."""
        self.desk.open_index()

    def open_lab_now(self) -> "Lab | None":
        return self.desk.lab

    def leave_now(self) -> None:
        self.desk.leave_for(self.exit)

    def sit(self) -> None:
        """Come back when the user leaves; what was started is ended by then."""
        try:
            self.run()
        finally:
            self.desk.close()
