"""What is looked at on a screen of its own: lanes, microscope; what is saved."""

from pathlib import Path
from typing import TYPE_CHECKING

from passerella.errors import CommandError
from passerella.language import _
from passerella.tui.ask import Ask
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.journeys.model import Journey
    from passerella.tui.lab import Lab


def show_lanes(lab: "Lab") -> None:
    from passerella.tui.lanes_screen import LanesScreen

    def look(journey: "Journey | None") -> None:
        if journey is not None:
            lab.look_at(journey)

    lab.app.push_screen(LanesScreen(lab.browsing, plain=lab.plain), look)


def show_microscope(lab: "Lab") -> None:
    """The tree of the journey in sight; where there is none, the next request will have one."""
    from passerella.journeys.microscope import tree
    from passerella.session.live import Look
    from passerella.tui.microscope_screen import MicroscopeScreen

    journey = lab.browsing.journey
    found = tree(journey) if journey is not None else None
    if found is not None:
        lab.app.push_screen(MicroscopeScreen(found))
        return
    lab.live.microscope(Look())
    lab.notify(
        _("La prossima richiesta va sotto il microscopio: mandala, poi scegli di nuovo questo comando."), markup=False
    )


def save(lab: "Lab") -> None:
    """Keep what was seen in a file, with the secrets covered."""

    def write(text: str) -> None:
        if not text.strip():
            raise CommandError(_("Scrivi il nome di un file, per esempio «lezione.passerella»."))
        path = Path(text.strip()).expanduser()
        lab.live.save(path, lab.browsing.assembler.journeys)
        lab.notify(_("Salvato in {path}.").format(path=visible(str(path))), markup=False)

    hint = _("Il file della registrazione. I segreti sono coperti. Si riapre con «passerella apri FILE».")
    lab.app.push_screen(Ask(_("Salva la registrazione"), hint, write, "viaggi.passerella"))
