"""The colours of a theme of ours under the names that Rich's Markdown, and our pages, use."""

from collections.abc import Mapping

from rich.theme import Theme

# A name of Rich's, or of our pages: the variable of the theme, and how the letters are.
_STYLES = {
    "title": ("here", "bold"),
    "quiet": ("quiet", ""),
    "here": ("here", "bold"),
    "reached": ("reached", "bold"),
    "wrong": ("wrong", "bold"),
    "markdown.code": ("key", "bold"),
    "markdown.code_block": ("key", ""),
    "markdown.em": ("origin", "italic"),
    "markdown.strong": ("foreground", "bold"),
    "markdown.h1": ("here", "bold"),
    "markdown.h2": ("here", "bold"),
    "markdown.h3": ("here", "bold"),
    "markdown.item.bullet": ("here", "bold"),
    "markdown.item.number": ("here", "bold"),
    "markdown.block_quote": ("quiet", "italic"),
    "markdown.link": ("reached", "underline"),
    "markdown.link_url": ("reached", "underline"),
    "markdown.table.header": ("here", "bold"),
    "markdown.table.border": ("line", ""),
}


def rich_theme(variables: Mapping[str, str]) -> Theme:
    """The styles, in the colours of these variables."""
    return Theme({name: f"{letters} {variables[colour]}".strip() for name, (colour, letters) in _STYLES.items()})
