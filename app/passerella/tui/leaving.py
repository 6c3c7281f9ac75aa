"""The way out of the lab: what is held goes on first, and only if that is what the user means."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.language import _, plural
from passerella.tui.chooser import Question

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
