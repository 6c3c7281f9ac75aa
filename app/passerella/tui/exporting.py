"""What leaves the lab as a file: the recording, the journey in sight in other forms, a picture of the screen."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from passerella.errors import CommandError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.tui.ask import Ask
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.new_files import NewFile, free_name
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lab import Lab

_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_SUFFIXES = {"html": ".html", "har": ".har", "json": ".json", "testo": ".txt"}


def save(lab: "Lab") -> None:
    """Keep what was seen in a file, with the secrets covered."""

    def write(path: Path) -> None:
        lab.live.save(path, lab.browsing.assembler.journeys)
        _written(lab, path)

    name = free_name("viaggi", ".passerella")
    hint = _("Il file della registrazione. I segreti sono coperti. Si riapre con «passerella apri FILE».")
    lab.app.push_screen(Ask(_("Salva la registrazione"), hint, NewFile(write, name), name))


def export(lab: "Lab") -> None:
    """Write the journey in sight in a form that others can read."""
    journey = lab.browsing.journey
    if journey is None:
        lab.notify(_("Non c'è ancora un viaggio da esportare."), markup=False)
        return

    def ask(kind: str | None) -> None:
        if kind is None:
            return

        def write(path: Path) -> None:
            lab.live.export(kind, path, [journey])
            _written(lab, path)

        name = free_name(f"viaggio-{journey.number}", _SUFFIXES[kind])
        hint = _("Il viaggio {n}, con i segreti coperti.").format(n=journey.number)
        lab.app.push_screen(Ask(_("Esporta il viaggio"), hint, NewFile(write, name), name))

    choices = [
        Choice("html", _("pagina HTML"), _("si percorre nel browser, anche senza rete")),
        Choice("har", "HAR", _("il formato degli strumenti del browser")),
        Choice("json", "JSON", _("un oggetto per riga, per un programma")),
        Choice("testo", _("testo"), _("frasi in ordine di lettura")),
    ]
    title = _("Esporta il viaggio {n}").format(n=journey.number)
    lab.app.push_screen(Chooser(title, choices), ask)


def picture(lab: "Lab") -> None:
    """A picture of the screen as it is, and no font to be fetched when it is looked at."""
    drawn = _FONTS.sub("", lab.app.export_screenshot(title="Passerella"))
    drawn = drawn.replace("<text ", '<text xml:space="preserve" ')  # some programs eat the first space of a word

    def write(path: Path) -> None:
        try:
            path.write_text(drawn, encoding="utf-8")
        except OSError as error:
            raise CommandError(
                _("Non riesco a scrivere «{path}»: {error}.").format(path=visible(str(path)), error=refusal(error))
            ) from error
        _written(lab, path)

    name = free_name("schermata", ".svg")
    hint = _("Un'immagine SVG dello schermo com'è ora. Ciò che si legge sullo schermo, segreti compresi, si legge lì.")
    lab.app.push_screen(Ask(_("Salva la schermata"), hint, NewFile(write, name), name))


def _written(lab: "Lab", path: Path) -> None:
    lab.notify(_("Salvato in {path}.").format(path=visible(str(path))), markup=False)
