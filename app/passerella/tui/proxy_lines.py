"""What the web server in front changed, as lines of the inspector."""

from textwrap import wrap

from passerella.language import _
from passerella.tui.row_list import Line
from passerella.views.inspector import ProxyLine, ProxyView

_SIGNS = {"+": "added", "~": "changed", "−": "removed", "↕": "changed"}
_INDENT = 4
_NARROWEST = 20


def proxy_lines(view: ProxyView, width: int, *, outbound: bool) -> list[Line]:
    """The direction of the row in sight comes first."""
    ways = [(_("Nella richiesta"), view.request), (_("Nella risposta"), view.response)]
    lines: list[Line] = [[(part, "quiet")] for about in view.about for part in _wrapped(about, width)]
    for name, found in reversed(ways) if outbound else ways:
        lines += [*([[]] if lines else []), [(name, "here")]]
        lines += [line for each in found for line in _difference(each, width)] or [[("  " + _("niente"), "quiet")]]
    if view.times:
        lines += [[], [(_("Quanto tempo"), "here")]]
        lines += [[(f"  {name}  ", "quiet"), (took, "strong")] for name, took in view.times]
    return lines


def _difference(found: ProxyLine, width: int) -> list[Line]:
    token = "strong" if found.sign.strip() else "quiet"
    first, *rest = _wrapped(found.text, width)
    return [
        [(f"{found.sign or ' '} ", _SIGNS.get(found.sign, "")), (first, token)],
        *([(" " * _INDENT + part, token)] for part in rest),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(text, max(_NARROWEST, width - _INDENT)) or [""]
