"""What each line of the home screen does."""

from pathlib import Path
from typing import TYPE_CHECKING

from passerella.client.draft import of_line
from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.tui import preferences
from passerella.tui.ask import Ask
from passerella.tui.ask_file import AskFile
from passerella.tui.changing import change_to
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.comparing import run_elsewhere, show
from passerella.tui.home_entries import file_choices, lost_choices
from passerella.tui.source import Change
from passerella.tui.tour import begin

if TYPE_CHECKING:
    from passerella.tui.home_app import HomeApp

_REQUEST = "GET /ciao?nome=Ada"


def take_the_tour(app: "HomeApp") -> None:
    from passerella.tui.tour import scenario

    lab = app.open_lab(lambda: app.doors.live(Change(scenario=scenario())))
    if lab is not None:
        begin(lab)


def go_on(app: "HomeApp") -> None:
    change = preferences.last_change()
    if change is None:
        app.notify(_("Quello che tracciavi non c'è più: scegli uno scenario."), markup=False)
        choose_scenario(app)
    else:
        app.trace(change)


def choose_scenario(app: "HomeApp") -> None:
    def start(name: str | None) -> None:
        if name is not None:
            app.trace(Change(scenario=name))

    app.push_screen(Chooser(_("Scegli lo scenario"), scenario_choices(), about_below=True), start)


def trace_mine(app: "HomeApp") -> None:
    def start(text: str) -> None:
        change = change_to(text)
        app.call_later(app.trace, change)  # when the question is no longer on the screen

    hint = _("Il file della tua applicazione, per esempio «progetto/app.py». Se non si chiama app: «app.py:mia_app».")
    app.push_screen(AskFile(_("Traccia la mia app"), hint, start))


def compare_two(app: "HomeApp") -> None:
    """Two scenarios, and a request for both."""

    def first(one: str | None) -> None:
        if one is not None:
            others = [each for each in scenario_choices() if each.id != one]
            title = _("{name} a confronto con").format(name=SCENARIOS[one].title)
            app.push_screen(Chooser(title, others, about_below=True), lambda two: second(one, two))

    def second(one: str, two: str | None) -> None:
        if two is not None:
            asked = [(name, Change(scenario=name)) for name in (one, two)]

            def start(line: str) -> None:
                draft = of_line(line or _REQUEST)
                app.call_later(run_elsewhere, app, app.doors.elsewhere, asked, draft, lambda found: show(app, found))

            app.push_screen(Ask(_("La richiesta"), _("La mando a tutti e due, uno dopo l'altro."), start, _REQUEST))

    app.push_screen(Chooser(_("Scegli il primo scenario"), scenario_choices(), about_below=True), first)


def choose_recording(app: "HomeApp") -> None:
    _choose_file(app, _("Scegli la registrazione"), file_choices(app.home.found.recordings))


def choose_lost(app: "HomeApp") -> None:
    """A session that was interrupted; with one only, there is nothing to choose."""
    found = app.home.found.lost
    if len(found) == 1:
        app.open_recording(found[0])
    else:
        _choose_file(app, _("Scegli la sessione interrotta"), lost_choices(found))


def scenario_choices() -> list[Choice]:
    return [Choice(each.id, each.title, each.shows) for each in SCENARIOS.values()]


def _choose_file(app: "HomeApp", title: str, choices: list[Choice]) -> None:
    def opened(path: str | None) -> None:
        if path is not None:
            app.open_recording(Path(path))

    app.push_screen(Chooser(title, choices), opened)
