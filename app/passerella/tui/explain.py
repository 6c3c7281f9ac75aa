"""«Che cosa succede qui»: two sentences about the row, or the key, in sight."""

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from passerella.language import _
from passerella.views.inspector import Explanation

_SHORT = 3  # lines at which the reference goes under the text instead of in the border


class Explain(Static):
    """The text, where to read more, and the line of code that is doing it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._about: Explanation | None = None

    def show(self, about: Explanation | None) -> None:
        self._about = about
        self._redraw()

    def on_resize(self) -> None:
        self._redraw()

    def _redraw(self) -> None:
        about, size = self._about, self.content_size
        bordered = size.height != self.size.height or size.height > _SHORT
        self.border_title = Content(_("Che cosa succede qui")) if bordered else None
        if about is None or not size.width:
            self.update("")
            self.border_subtitle = None
            return
        both = " · ".join(part for part in (about.reference, about.where) if part)
        text = f"{about.title}: {about.text}"
        self.border_subtitle = None
        if not bordered:
            shown = [*_wrapped(text, size.width, max(1, size.height - 1)), _end(both, size.width)]
        elif cell_len(both) + 4 <= size.width:
            self.border_subtitle = Content(both)
            shown = [*_wrapped(text, size.width, size.height), ""]
        else:
            self.border_subtitle = Content(_end(about.where or about.reference, size.width - 4))
            found = _wrapped(text, size.width, size.height)
            shown = [*found, about.reference if about.where and len(found) < size.height else ""]
        body, last = "\n".join(shown[:-1]), shown[-1]
        title = len(about.title) + 1
        self.update(Content.assemble((body[:title], "bold $here"), (body[title:], ""), ("\n" + last, "$origin")))


def _end(text: str, width: int) -> str:
    """The end of a file's name tells more than its beginning."""
    return text if cell_len(text) <= width else "…" + text[-max(0, width - 1) :]


def _wrapped(text: str, width: int, height: int) -> list[str]:
    """``text`` in at most ``height`` lines; «…» where it goes on in «spiegazione»."""
    found, current = [], ""
    for word in text.split():
        if current and cell_len(current) + 1 + cell_len(word) > width:
            found.append(current)
            current = word
        else:
            current = f"{current} {word}" if current else word
    found.append(current)
    if len(found) > height:
        last = found[height - 1]
        found = [*found[: height - 1], last[: max(0, width - 1)].rstrip(" .,;:") + "…"]
    return found
