"""The first line: who we are, what is being traced."""

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from passerella.language import _
from passerella.tui.laid_out_once import LaidOutOnce
from passerella.tui.source import Phase, Status
from passerella.views.visible import visible

_LONGEST = 60
_LEFT = 28  # cells of our name


class TitleBar(LaidOutOnce, Widget):
    """«Passerella  Laboratorio … gunicorn 27.0.1  flask.app.Flask  http://127.0.0.1:8000»."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._status = Status(Phase.STARTING)
        self._armed = ""
        self.load = ""

    def show(self, status: Status, armed: str = "", load: str = "") -> None:
        """``armed``: where the journeys to come are held; ``load``: what is not kept."""
        self._status, self._armed, self.load = status, armed, load
        self.refresh()

    def render(self) -> Content:
        """Written for the room that there is when it is painted: in the first paint already."""
        width = self.content_size.width
        left = [(" Passerella", "bold $here"), ("  " + _("Laboratorio"), "")]
        if self._armed:
            words = _("ferma: {places}").format(places=self._armed)
            left.append(("  " + visible(words, max(20, width - _LEFT)), "bold $here"))
        if self.load:
            left.append(("  " + visible(self.load, max(20, width // 2)), "$wrong"))
        room = width - sum(cell_len(text) for text, _style in left) - 4
        parts = [visible(part, _LONGEST) for part in _parts(self._status) if part]
        while parts and cell_len("   ".join(parts)) > room:
            parts.pop(0 if len(parts) > 1 else -1)
        right = "   ".join(parts)
        gap = max(1, width - sum(cell_len(text) for text, _style in left) - cell_len(right) - 1)
        return Content.assemble(*left, " " * gap, (right, "$quiet"))


def _parts(status: Status) -> list[str]:
    state = {
        Phase.STARTING: _("avvio…"),
        Phase.SILENT: _("sonda muta"),
        Phase.FAILED: _("✖ non partito"),
        Phase.ENDED: _("✖ terminato"),
        Phase.RECORDED: _("registrazione"),
    }.get(status.phase, "")
    return [status.app, status.server, state or status.url]
