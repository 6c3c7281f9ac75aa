"""Two themes: «notte», and «giorno» for the projector. Every text stands at 7:1 or more on what is behind it."""

from textual.theme import Theme

NIGHT, DAY = "notte", "giorno"

# Our own names, beside Textual's: what a sign means, never a colour.
_NIGHT_WORDS = {
    "quiet": "#bac6d8",
    "line": "#46556e",
    "line-focus": "#ffd07a",
    "here": "#ffd07a",
    "reached": "#8fd0ff",
    "key": "#bcdcff",
    "origin": "#b5d3ca",
    "added": "#8fd0ff",
    "changed": "#ffd07a",
    "removed": "#d9bcff",
    "wrong": "#ffbda8",
    "cursor-back": "#213049",
    "lit-back": "#3a3413",
    "bar": "#1b2536",
}
_DAY_WORDS = {
    "quiet": "#3b4452",
    "line": "#a7afba",
    "line-focus": "#6b3a00",
    "here": "#6b3a00",
    "reached": "#0a4480",
    "key": "#123e70",
    "origin": "#2d4b45",
    "added": "#0a4480",
    "changed": "#6b3a00",
    "removed": "#55298a",
    "wrong": "#8a1f11",
    "cursor-back": "#dfe8f5",
    "lit-back": "#fdeeb8",
    "bar": "#e9ebee",
}


def _textual_words(theme: dict[str, str], foreground: str, background: str) -> dict[str, str]:
    """The variables of Textual's own widgets that we use."""
    return {
        **theme,
        "border": theme["line-focus"],
        "border-blurred": theme["line"],
        "input-cursor-background": foreground,
        "input-cursor-foreground": background,
        "input-selection-background": theme["cursor-back"],
        "scrollbar": theme["line"],
        "scrollbar-hover": theme["quiet"],
        "scrollbar-active": theme["quiet"],
        "scrollbar-background": background,
        "scrollbar-background-hover": background,
        "scrollbar-background-active": background,
        "scrollbar-corner-color": background,
        "button-foreground": foreground,
        "button-focus-text-style": "reverse",
        "footer-background": theme["bar"],
    }


THEMES = (
    Theme(
        name=NIGHT,
        primary="#8fd0ff",
        secondary="#bcdcff",
        accent="#ffd07a",
        warning="#ffd07a",
        error="#ffbda8",
        success="#8fd0ff",
        foreground="#eef2f7",
        background="#0f1521",
        surface="#151d2b",
        panel="#1b2536",
        boost="#1b2536",
        dark=True,
        variables=_textual_words(_NIGHT_WORDS, "#eef2f7", "#0f1521"),
    ),
    Theme(
        name=DAY,
        primary="#0a4480",
        secondary="#123e70",
        accent="#6b3a00",
        warning="#6b3a00",
        error="#8a1f11",
        success="#0a4480",
        foreground="#12161c",
        background="#fcfcfa",
        surface="#f3f4f5",
        panel="#e9ebee",
        boost="#e9ebee",
        dark=False,
        variables=_textual_words(_DAY_WORDS, "#12161c", "#fcfcfa"),
    ),
)
