"""What ends in the lab: it is left, what is held going on first; a server that is no more starts again. Only if meant."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.language import _, plural
from passerella.tui.notice import Question

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


def leave(lab: "Lab", then: Callable[[], None]) -> None:
    """Let everything go on and do ``then``; with something held, ask before. Asked again meanwhile, it is meant."""

    def left(sure: bool | None) -> None:
        if sure:
            lab.holds.release_all()
            then()

    held = lab.holds.count
    if not held or isinstance(lab.app.screen, Question):
        left(True)
        return
    sentence = plural(
        "Un viaggio è fermo: uscendo riparte. Esci?", "{n} viaggi sono fermi: uscendo ripartono. Esci?", held
    ).format(n=held)
    lab.app.push_screen(Question(_("Esci"), sentence, _("esci"), _("resta")), left)


def start_again(lab: "Lab") -> None:
    """A server that is no more; if there are journeys to lose, ask before."""

    def started(sure: bool | None) -> None:
        if sure:
            lab.start()

    if not lab.browsing.total:
        started(True)
        return
    sentence = _("Riavvio il server? I viaggi di prima spariscono, e ricominciano da 1.")
    lab.app.push_screen(Question(_("Riavvia"), sentence, _("riavvia"), _("resta")), started)
