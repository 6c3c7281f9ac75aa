"""Which path through the lessons, and whether one follows it or leads a class along it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.language import _
from passerella.lessons.course import Course
from passerella.lessons.paths import Itinerary, names, read_path
from passerella.tui.chooser import Choice, Chooser
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.base_app import OurApp

_LONGEST = 60


def choose_path(app: "OurApp", course: Course, begin: Callable[[Itinerary, bool], None]) -> None:
    """``begin`` is told the path, and whether it is led. :class:`ContentError` when a path cannot be read."""
    ways = [(read_path(course, name), led) for name in names(course) for led in (False, True)]

    def chosen(which: str | None) -> None:
        if which is not None:
            begin(*ways[int(which)])

    choices = [Choice(str(n), *_told(itinerary, led)) for n, (itinerary, led) in enumerate(ways)]
    app.push_screen(Chooser(_("Scegli il percorso"), choices, about_below=True), chosen)


def _told(itinerary: Itinerary, led: bool) -> tuple[str, str]:
    title = visible(itinerary.title, _LONGEST)
    if led:
        return _("{title}, da guidare").format(title=title), _(
            "Per chi insegna: il tempo di ogni tappa, che cosa chiedere, le mani alzate. I tuoi progressi non cambiano."
        )
    return title, _("{minutes} minuti, {n} tappe: pagine scelte delle lezioni, da percorrere per conto tuo.").format(
        minutes=itinerary.minutes, n=len(itinerary.legs)
    )
