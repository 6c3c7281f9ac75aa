"""«:»: everything the lab can do, by name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from passerella.language import _
from passerella.tui.chooser import Choice, Chooser, Notice
from passerella.tui.welcome import last_words
from passerella.views.holding import PLACES, place_title
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


def choose_command(lab: "Lab") -> None:
    """Offer the commands and do the one that is chosen."""
    actions = _actions()
    choices = [Choice(name, title, about) for name, (title, about, _action) in actions.items()]

    def do(name: str | None) -> None:
        if name is not None:
            actions[name][2](lab)

    lab.app.push_screen(Chooser(_("Comandi"), choices), do)


def _actions() -> dict[str, tuple[str, str, Callable[["Lab"], None]]]:
    return {
        "request": (_("manda una richiesta"), "r", lambda lab: lab.action_compose()),
        "scenario": (_("scegli scenario"), _("un altro server, un'altra app"), _choose_scenario),
        "restart": (_("riavvia il server"), _("i viaggi ricominciano da 1"), lambda lab: lab.start()),
        "command": (_("mostra il comando"), _("la riga di comando esatta"), _show_command),
        "words": (_("mostra le ultime parole"), _("quello che il server ha scritto prima di terminare"), _show_words),
        "hold": (_("ferma a una stazione"), _("o smetti di fermare"), choose_place),
        "resume": (_("ferma qui o riprendi"), _("spazio"), lambda lab: lab.action_hold()),
        "onward": (_("vai alla prossima stazione"), "n", lambda lab: lab.action_onward()),
        "release": (_("libera tutti"), _("ogni viaggio riparte, nessuno si ferma più"), lambda lab: lab.release_all()),
        "filter": (_("filtra i viaggi"), "/", lambda lab: lab.action_filter()),
        "more": (_("più dettaglio"), "+", lambda lab: lab.action_level(1)),
        "less": (_("meno dettaglio"), "-", lambda lab: lab.action_level(-1)),
        "theme": (_("cambia tema"), _("t, notte o giorno"), _change_theme),
        "help": (_("aiuto"), "?", lambda lab: lab.action_help()),
        "quit": (_("esci"), "q", _quit),
    }


def _choose_scenario(lab: "Lab") -> None:
    from passerella.scenarios import SCENARIOS

    choices = [Choice(each.id, each.title, each.shows) for each in SCENARIOS.values()]

    def start(name: str | None) -> None:
        if name is not None:
            lab.start(name)

    lab.app.push_screen(Chooser(_("Scegli lo scenario"), choices), start)


def choose_place(lab: "Lab") -> None:
    """Where to hold, when there is no row to say it."""
    choices = [
        Choice(f"{station} {way}", place_title(station, way), _("qui ferma già") if lab.holds.at(station, way) else "")
        for station, way in PLACES
    ]

    def hold(name: str | None) -> None:
        if name is not None:
            lab.hold_at(*name.split())

    lab.app.push_screen(Chooser(_("Ferma i viaggi a"), choices), hold)


def _quit(lab: "Lab") -> None:
    lab.run_worker(lab.app.action_quit())


def _show_command(lab: "Lab") -> None:
    text = "\n".join(visible(line, 600) for line in lab.status.command.splitlines())
    lab.app.push_screen(Notice(_("Il comando"), Content(text or _("Il comando non è noto."))))


def _show_words(lab: "Lab") -> None:
    text = "\n".join(last_words(lab.status))
    lab.app.push_screen(Notice(_("Le ultime parole del server"), Content(text or _("Non ha ancora detto niente."))))


def _change_theme(lab: "Lab") -> None:
    from passerella.tui.themes import DAY, NIGHT

    lab.app.theme = DAY if lab.app.theme == NIGHT else NIGHT
