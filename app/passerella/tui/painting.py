"""What changed is painted now: Textual paints sixty times a second, and what was told just after that would wait."""

import asyncio

from textual.app import App

_ROUNDS = 2  # of the loop, in which the widgets tell the screen that they are to be painted


def paint_soon(app: App[None], rounds: int = _ROUNDS) -> None:
    """Paint what is in sight, when the loop has gone round so many times."""
    asyncio.get_running_loop().call_soon(*(paint_soon, app, rounds - 1) if rounds else (_paint, app))


def _paint(app: App[None]) -> None:
    if not app.is_running:
        return
    screen = app.screen
    if screen._compositor.size and (screen._dirty_widgets or screen._layout_required):
        screen._on_timer_update()
