"""Titles on a border that change at each step: Textual would paint the whole widget again, here it is one line."""

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget


def entitle(widget: Widget, title: str) -> None:
    """The title on the upper side; none if it is empty."""
    if title != _plain(widget._border_title):
        widget._border_title = Content(title) if title else None
        widget.refresh(_side(widget, -widget.styles.gutter.top))


def subtitle(widget: Widget, title: str) -> None:
    """The title on the lower side; none if it is empty."""
    if title != _plain(widget._border_subtitle):
        widget._border_subtitle = Content(title) if title else None
        widget.refresh(_side(widget, widget.outer_size.height - widget.styles.gutter.top - 1))


def _plain(title: Content | None) -> str:
    return "" if title is None else title.plain


def _side(widget: Widget, y: int) -> Region:
    """A line of the widget, seen from its content."""
    return Region(-widget.styles.gutter.left, y, widget.outer_size.width, 1)
