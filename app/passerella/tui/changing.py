"""Another server, another app, other options, without leaving the lab."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.servers.fronts.model import DEFAULT, OVER_TCP, OVER_UNIX, RECOMMENDED
from passerella.servers.model import CALLED
from passerella.session.app_in_file import app_in_file
from passerella.session.starting import CONFIGURATION, OVER
from passerella.tui.ask_file import AskFile
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.source import Change

if TYPE_CHECKING:
    from passerella.tui.lab import Lab


def choose_scenario(lab: "Lab") -> None:
    choices = [Choice(each.id, each.title, each.shows, also=each.id) for each in SCENARIOS.values()]

    def start(name: str | None) -> None:
        if name is not None:
            lab.start(Change(scenario=name))

    lab.app.push_screen(
        Chooser(_("Scegli lo scenario"), choices, about_below=True, begin=lab.live.running.scenario), start
    )


def running_title(running: Change) -> str:
    """What it is called where one comes back to it: «Gunicorn con Flask», and the server if it is another one."""
    if running.scenario not in SCENARIOS:
        return " · ".join(part for part in (running.app, running.server) if part)
    scenario = SCENARIOS[running.scenario]
    another = running.server not in ("", scenario.server)
    return f"{scenario.title} · {SERVERS[running.server].title}" if another else scenario.title


def choose_server(lab: "Lab") -> None:
    """The same app on another server that speaks its interface."""
    running = lab.live.running
    if not running.scenario and not running.app:
        lab.notify(_("Questo è un comando tuo: il server lo scegli tu quando lo scrivi."), markup=False)
        return
    interface = SCENARIOS[running.scenario].interface if running.scenario else _interface(running.server)
    choices = [
        Choice(name, each.title, _("è questo") if name == running.server else "")
        for name, each in SERVERS.items()
        if interface in each.interfaces and not each.inside and (each.making or not running.app.endswith(CALLED))
    ]

    def start(name: str | None) -> None:
        if name is not None:
            lab.start(replace(running, server=name, choices={}))

    lab.app.push_screen(Chooser(_("Scegli il server"), choices, begin=running.server), start)


def choose_options(lab: "Lab") -> None:
    """Workers, threads, loop, parser: what this server lets one choose."""
    running = lab.live.running
    server = SERVERS.get(running.server)
    in_front = _choices_in_front(running)
    if server is None or not (server.choices or in_front):
        lab.notify(_("Questo server non ha opzioni da scegliere qui."), markup=False)
        return
    choices = [
        Choice(f"{name} {value}", _valued(running, name, value), _(each.why))
        for name, each in server.choices.items()
        for value in each.values
    ] + in_front
    usual = Choice("", _("come di suo"), _("nessuna opzione scelta qui"))

    def start(chosen: str | None) -> None:
        if chosen is not None:
            name, _space, value = chosen.partition(" ")
            lab.start(replace(running, choices={**running.choices, name: value} if name else {}))

    lab.app.push_screen(
        Chooser(_("Scegli le opzioni di {server}").format(server=server.title), [*choices, usual], about_below=True),
        start,
    )


def _choices_in_front(running: Change) -> list[Choice]:
    """Those of the web server in front: how it is configured, how it reaches the app's server."""
    scenario = SCENARIOS.get(running.scenario)
    if scenario is None or not scenario.front:
        return []
    from passerella.servers.fronts.every import FRONTS

    front = FRONTS[scenario.front].title
    about = {
        CONFIGURATION: {
            RECOMMENDED: _("{front} con le righe che si consigliano").format(front=front),
            DEFAULT: _("{front} com'è di suo").format(front=front),
        },
        OVER: {
            OVER_TCP: _("{front} raggiunge il server dell'app da una porta").format(front=front),
            OVER_UNIX: _("{front} raggiunge il server dell'app da un socket Unix").format(front=front),
        },
    }
    if not SERVERS[running.server].unix:
        del about[OVER]
    return [
        Choice(f"{name} {value}", _valued(running, name, value), told)
        for name, values in about.items()
        for value, told in values.items()
    ]


def trace_my_app(lab: "Lab") -> None:
    """The student's own app: a file, and the name of the app in it if it is not the usual one."""

    def start(text: str) -> None:
        lab.start(change_to(text))

    lab.app.push_screen(
        AskFile(
            _("Traccia la mia app"),
            _("Il file della tua applicazione, per esempio «progetto/app.py». Se non si chiama app: «app.py:mia_app»."),
            start,
            lab.live.running.app and str(Path(lab.live.running.folder, _file(lab.live.running.app))),
        )
    )


def change_to(text: str) -> Change:
    """The app of a file, as :func:`passerella.session.app_in_file.app_in_file` finds it."""
    found = app_in_file(text)
    return Change(app=found.app, folder=str(found.folder))


def _file(app: str) -> str:
    return app.partition(":")[0].replace(".", "/") + ".py"


def _interface(server: str) -> str:
    return next(iter(SERVERS[server].interfaces), "") if server in SERVERS else ""


def _valued(running: Change, name: str, value: str) -> str:
    """«worker 4», and whether it is so already."""
    now = running.choices.get(name) == value
    return f"{name} {value}   ● {_('adesso è così')}" if now else f"{name} {value}"
