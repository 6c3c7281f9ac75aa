"""The two lists of the lab: journeys, and the steps of the one in sight."""

from passerella.language import _, plural
from passerella.tui import lines
from passerella.tui.browsing import Browsing
from passerella.tui.row_list import RowList
from passerella.tui.titles import entitle, subtitle
from passerella.views.headings import heading
from passerella.views.rows import EVERYTHING, PASSAGES, STATIONS
from passerella.views.visible import visible

_QUERY = 20


class _Titled(RowList):
    def entitle(self, title: str) -> None:
        """A title on the border; where there is only its upper side, the air around it is ours."""
        entitle(self, f" {title} " if self.screen.has_class("-narrow") else title)


class JourneyList(_Titled):
    """The newest first."""

    def show_journeys(self, browsing: Browsing) -> None:
        shown = browsing.journeys
        self.show(len(shown), lambda index, width: lines.journey_line(shown[index], width), browsing.index())
        parts = [_("Viaggi"), _count(browsing)]
        if browsing.fresh:
            parts.append(_fresh(browsing))
        self.entitle(" · ".join(parts))


class StepList(_Titled):
    """The rows of the journey in sight."""

    def show_steps(self, browsing: Browsing) -> None:
        rows = browsing.rows
        columns = lines.step_columns(rows)
        self.show(
            len(rows),
            lambda index, width: lines.row_line(rows[index], width, columns, marked=browsing.is_marked(rows[index])),
            browsing.position,
        )
        self.show_title(browsing)

    def show_title(self, browsing: Browsing) -> None:
        name = {STATIONS: _("Stazioni"), PASSAGES: _("Passi"), EVERYTHING: _("Tutti i passi")}[browsing.level]
        parts = [name, f"{browsing.position + 1}/{len(browsing.rows)}" if browsing.rows else ""]
        if self.screen.has_class("-narrow") and browsing.journey is not None:
            parts.append(heading(browsing.journey))
            if browsing.fresh:
                parts.append(_fresh(browsing))
        times = _("durate in ms") if browsing.level == EVERYTHING else _("tempi in ms")
        subtitle(self, times if browsing.rows else "")
        self.entitle(" · ".join(part for part in parts if part))


def _count(browsing: Browsing) -> str:
    if not browsing.query:
        return str(len(browsing.journeys))
    return _("{n} di {all} con «{query}»").format(
        n=len(browsing.journeys), all=browsing.total, query=visible(browsing.query, _QUERY)
    )


def _fresh(browsing: Browsing) -> str:
    n = min(browsing.fresh, browsing.total)  # some of them may have been let go since
    return plural("{n} nuovo", "{n} nuovi", n).format(n=n)
