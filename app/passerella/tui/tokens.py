"""What the parts of a line look like: by what they mean, never by a colour."""

from collections.abc import Mapping

from rich.style import Style
from textual.color import Color


class Look:
    """The names of the theme's colours, empty where the line's own stay, and Rich's attributes."""

    def __init__(self, color: str = "", back: str = "", **attributes: bool) -> None:
        self._color, self._back, self._attributes = color, back, attributes

    def style(self, theme: Mapping[str, str]) -> Style:
        """As Rich has it; ``theme``: colours by name. A theme that is not ours has only some of them."""
        color, back = (
            Color.parse(theme[name]).rich_color if name in theme else None for name in (self._color, self._back)
        )
        return Style(color=color, bgcolor=back, **self._attributes)  # type: ignore[arg-type]


CURSOR = Look(back="cursor-back", bold=True)

LOOKS = {
    "": Look(),
    "quiet": Look("quiet"),
    "strong": Look("foreground"),
    "key": Look("key"),
    "here": Look("here", bold=True),
    "origin": Look("origin"),
    "reached": Look("reached"),
    "added": Look("added", bold=True),
    "changed": Look("changed", bold=True),
    "removed": Look("removed", bold=True),
    "wrong": Look("wrong", bold=True),
    "lit": Look(back="lit-back", bold=True),
    "under": Look(bold=True, reverse=True),
    "block": Look("background", "here", bold=True),
}
