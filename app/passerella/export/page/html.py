"""The page itself: a document, a style, a script and the data, in one file that may fetch nothing."""

import base64
import hashlib
import html
import json
from functools import cache
from pathlib import Path
from typing import Any

from passerella.export.page.content import Content, Lines
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.views.headings import heading

_FOLDER = Path(__file__).parent
_LANGUAGE = "it"
# In a JSON string these are the same characters; in a document none of them can end the script, or begin a tag.
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(journey: Journey, lines: Lines, about: str = "") -> str:
    """The whole document. ``lines`` gives the known lines of a file; ``about`` says what was traced."""
    style, script = _part("page.css"), _part("page.js")
    return _part("page.html").format(
        lang=_LANGUAGE,
        policy=html.escape(_policy(style, script)),
        title=html.escape(f"{heading(journey)} · Passerella"),
        style=style,
        noscript=html.escape(
            _("Per camminare lungo il viaggio questa pagina ha bisogno di JavaScript, che qui è spento.")
        ),
        data=embedded(Content(journey, lines, about).data()),
        script=script,
    )


def embedded(data: Any) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text.encode("utf-8", "replace").decode("utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing may be fetched, sent or run but the script and the style that are in the page."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


@cache
def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
