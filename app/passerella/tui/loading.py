"""An app of the student's is loaded before its server starts: it may take long, or fail, and nobody is kept waiting."""

import threading
from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.working import Working
from passerella.views.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from passerella.tui.home_app import HomeApp
    from passerella.tui.source import Change, LiveSource


def trace_when_loaded(app: "HomeApp", change: "Change") -> None:
    """Open the lab on it; why it does not load is said where it was being loaded."""
    left = threading.Event()
    started: list[LiveSource] = []

    def load(say: "Callable[[str], None]") -> "LiveSource":
        say(_("Carico {app}…").format(app=visible(change.app, 200)))
        started.append(app.doors.live(change))
        if left.is_set():
            started[0].close()
        return started[0]

    def loaded(source: "LiveSource | None") -> None:
        if source is not None:
            app.open_lab(lambda: source)
            return
        left.set()
        for each in started:  # it was ready at the very moment in which the user left
            threading.Thread(target=each.close, name="chiusura").start()

    app.push_screen(Working(_("Traccia la mia app"), load), loaded)
