"""«:»: everything the lab can do, by name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from passerella.language import _
from passerella.tui.changing import choose_options, choose_scenario, choose_server, trace_my_app
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.comparing import compare
from passerella.tui.exporting import export, picture, save
from passerella.tui.hold_chooser import choose_blocked, choose_place, choose_some
from passerella.tui.leaving import start_again
from passerella.tui.looking_closer import choose_beginning, show_lanes, show_microscope, show_several
from passerella.tui.notice import Notice
from passerella.tui.requests import copy_journey, edit_journey
from passerella.tui.source import Phase
from passerella.tui.talking import ask_where
from passerella.tui.tour import take_tour
from passerella.tui.welcome import last_words
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


# What needs a server: a recording has none.
_LIVE = frozenset(
    (
        "request", "websocket", "edit", "scenario", "mine", "server", "options", "watch", "restart", "words", "hold",
        "several", "some", "resume", "onward", "release", "blocked", "closer", "tour",
    )
)  # fmt: skip


def choose_command(lab: "Lab") -> None:
    """Offer the commands and do the one that is chosen."""
    recorded = lab.status.phase is Phase.RECORDED
    actions = {name: action for name, action in _actions().items() if not (recorded and name in _LIVE)}
    choices = [Choice(name, title, about, _keys().get(name, "")) for name, (title, about, _action) in actions.items()]

    def do(name: str | None) -> None:
        if name is not None:
            actions[name][2](lab)

    lab.app.push_screen(Chooser(_("Comandi"), choices), do)


def _actions() -> dict[str, tuple[str, str, Callable[["Lab"], None]]]:
    return {
        "request": (
            _("manda una richiesta"),
            _("come modulo, byte per byte, o rotta apposta"),
            lambda lab: lab.action_compose(),
        ),
        "websocket": (_("apri un WebSocket"), _("e scrivi mentre guardi il viaggio"), ask_where),
        "edit": (
            _("modifica e rispedisci"),
            _("la richiesta di questo viaggio, anche di curl"),
            edit_journey,
        ),
        "copy": (_("copia la richiesta"), _("come curl, HTTPie o Python"), copy_journey),
        "lanes": (_("corsie"), _("i viaggi nel tempo: chi corre e chi aspetta"), show_lanes),
        "several": (_("tante insieme"), _("la stessa richiesta dieci volte, o quante in r"), show_several),
        "compare": (_("confronta i viaggi"), _("con un altro, o la stessa richiesta altrove"), compare),
        "microscope": (_("microscopio"), _("ogni chiamata di una richiesta"), show_microscope),
        "closer": (_("dove comincia il microscopio"), _("scegli, per la prossima richiesta"), choose_beginning),
        "save": (_("salva la registrazione"), _("in un file, da riaprire"), save),
        "export": (_("esporta il viaggio"), _("pagina HTML, HAR, JSON, testo"), export),
        "picture": (_("salva la schermata"), _("un'immagine SVG"), picture),
        "scenario": (_("scegli scenario"), _("un altro server, un'altra app"), choose_scenario),
        "mine": (_("traccia la mia app"), _("scegli un tuo file"), trace_my_app),
        "server": (_("cambia server"), _("la stessa app su un altro"), choose_server),
        "options": (_("cambia opzioni"), _("worker, thread, loop"), choose_options),
        "restart": (_("riavvia il server"), _("i viaggi ricominciano da 1"), start_again),
        "watch": (_("riavvia quando salvo"), _("sì o no, per la tua app"), lambda lab: lab.watching.toggle()),
        "command": (_("mostra il comando"), _("la riga di comando esatta"), _show_command),
        "words": (_("mostra le ultime parole"), _("ciò che il server ha scritto per ultimo"), _show_words),
        "hold": (_("ferma a una stazione"), _("o smetti di fermare"), choose_place),
        "some": (_("ferma solo certi viaggi"), _("per metodo e percorso"), choose_some),
        "blocked": (_("ferma bloccando il loop"), _("con un server asincrono si ferma tutto"), choose_blocked),
        "mark": (_("confronta i passi da qui"), _("di nuovo per smettere"), lambda lab: lab.action_mark()),
        "resume": (_("ferma qui o riprendi"), _("i viaggi a questa stazione"), lambda lab: lab.action_hold()),
        "onward": (_("vai alla prossima stazione"), _("il viaggio che è fermo"), lambda lab: lab.action_onward()),
        "release": (_("libera tutti"), _("ogni viaggio riparte, nessuno si ferma più"), lambda lab: lab.release_all()),
        "zoom": (_("tutto schermo"), _("il riquadro di destra da solo"), lambda lab: lab.action_zoom()),
        "filter": (_("filtra i viaggi"), _("per stato, metodo, percorso, durata…"), lambda lab: lab.action_filter()),
        "more": (_("più dettaglio"), _("stazioni, passi, tutti i passi"), lambda lab: lab.action_level(1)),
        "less": (_("meno dettaglio"), "", lambda lab: lab.action_level(-1)),
        "theme": (_("cambia tema"), _("notte o giorno"), _change_theme),
        "tour": (_("giro di un minuto"), _("cinque soste; riparte da un server suo"), take_tour),
        "help": (_("aiuto"), _("su ciò che hai davanti"), lambda lab: lab.action_help()),
        "quit": (_("esci"), "", _quit),
    }


def _keys() -> dict[str, str]:
    """The keys that do the same without the list."""
    return {
        "request": "r", "lanes": "l",
        "several": "i", "compare": "c", "mark": "m", "zoom": "z", "resume": _("spazio"), "onward": "n", "filter": "/",
        "more": "+", "less": "-", "theme": "t", "help": "?", "quit": "q",
    }  # fmt: skip


def _quit(lab: "Lab") -> None:
    lab.run_worker(lab.app.action_quit())


def _show_command(lab: "Lab") -> None:
    first, *why = lab.status.command.splitlines() or [_("Il comando non è noto.")]
    parts = [(visible(first, 600), "strong")]
    for line in why:
        explained = line.startswith(" ")  # else it is an option
        parts.append((("\n" if explained else "\n\n") + visible(line.strip(), 600), "" if explained else "key"))
    lab.app.push_screen(Notice(_("Il comando"), parts))


def _show_words(lab: "Lab") -> None:
    text = "\n".join(last_words(lab.status))
    lab.app.push_screen(Notice(_("Le ultime parole del server"), [(text or _("Non ha ancora detto niente."), "")]))


def _change_theme(lab: "Lab") -> None:
    lab.run_worker(lab.app.run_action("theme"))
