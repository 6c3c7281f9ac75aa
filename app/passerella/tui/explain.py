"""«Che cosa succede qui»: two sentences about the row, or the key, in sight."""

from rich.cells import cell_len

from passerella.language import _
from passerella.tui.few_lines import FewLines
from passerella.tui.row_list import Line
from passerella.tui.titles import entitle, subtitle
from passerella.tui.wrapping import wrapped
from passerella.views.inspector import Explanation

_AND, _CUT = " · ", "… · "
_FEW = 8  # characters of a reference that still say what it is
_SHORT = 3  # lines at which the reference goes under the text instead of in the border


class Explain(FewLines):
    """The text, where to read more, and the line of code that is doing it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._about: Explanation | None = None
        self._held = ""

    def explain(self, about: Explanation | None, held: str = "") -> None:
        """``held``: what the journey being held blocks; it comes first."""
        self._about, self._held = about, held
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        about, size = self._about, self.size
        bordered = size.height != self.outer_size.height or size.height > _SHORT
        entitle(self, _("Che cosa succede qui") if bordered else "")
        if about is None or not size.width:
            self.say([])
            subtitle(self, "")
            return
        both = _AND.join(part for part in (about.reference, about.where) if part)
        first = _shortened(f"‖ {self._held}", size.width, size.height - 1) if self._held else []
        room = size.height - len(first)
        body = _shortened(f"{about.title}: {about.text}", size.width, room if bordered else max(1, room - 1))
        free = room - len(body)
        below, last = "", ""
        if not bordered:
            last = _end(about.value, size.width) if about.value else _beside(about.reference, about.where, size.width)
        elif cell_len(both) + 4 <= size.width:
            below = both
        else:
            below = _end(about.where or about.reference, size.width - 4)
            last = about.reference if about.where else ""
        found = (
            _shortened(about.value, size.width, free) if bordered and about.value and free else [last] if free else []
        )
        subtitle(self, below)
        token = "key" if about.value else "origin"
        held = [[(line, "here")] for line in first]
        self.say([*held, *_titled(body, len(about.title) + 1), *([(line, token)] for line in found)])


def _titled(body: list[str], title: int) -> list[Line]:
    """The first ``title`` characters stand out."""
    lines: list[Line] = []
    for text in body:
        lines.append([(text[:title], "here"), (text[title:], "")])
        title = max(0, title - len(text) - 1)
    return lines


def _beside(reference: str, where: str, width: int) -> str:
    """Both, where they fit; else all of the place in the code, and as much of the reference as there is room for."""
    room = width - cell_len(where) - cell_len(_CUT)
    if not where or not reference or cell_len(reference) + cell_len(where) + len(_AND) <= width or room < _FEW:
        return _end(_AND.join(part for part in (reference, where) if part), width)
    return reference[:room].rstrip(" ·;,") + _CUT + where


def _end(text: str, width: int) -> str:
    """The end of a file's name tells more than its beginning."""
    return text if cell_len(text) <= width else "…" + text[-max(0, width - 1) :]


def _shortened(text: str, width: int, height: int) -> list[str]:
    """``text`` in at most ``height`` lines; «…» where it goes on in «spiegazione»."""
    found = wrapped(text, width)
    if len(found) > height:
        last = found[height - 1]
        found = [*found[: height - 1], last[: max(0, width - 1)].rstrip(" .,;:") + "…"]
    return found
