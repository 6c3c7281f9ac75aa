"""Side by side: two journeys that are here, or one of them and the same request on another scenario."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from passerella.client.draft import Draft, of_bytes
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.source import Change
from passerella.tui.working import Working
from passerella.views.headings import lasted, method, outcome, target
from passerella.views.visible import visible

if TYPE_CHECKING:
    from textual.app import App

    from passerella.tui.lab import Lab

_ELSEWHERE = "altrove"
_MOST = 500  # journeys that are offered: the newest
_TARGET = 60


def compare(lab: "Lab") -> None:
    """Choose what the journey in sight is to be compared with."""
    journey = lab.browsing.journey
    if journey is None:
        lab.notify(_("Non c'è ancora un viaggio da confrontare."), markup=False)
        return
    others = {str(each.number): each for each in lab.browsing.newest if each is not journey}
    elsewhere = Choice(_ELSEWHERE, _("un altro scenario…"), _("gli mando la stessa richiesta"))
    choices = [_choice(each) for each in list(others.values())[:_MOST]]

    def chosen(answer: str | None) -> None:
        if answer == _ELSEWHERE:
            compare_elsewhere(lab, journey)
        elif answer is not None:
            show(
                lab.app, [(_name(each), each) for each in sorted((journey, others[answer]), key=lambda one: one.number)]
            )

    title = _("Confronta il viaggio {n} con").format(n=journey.number)
    lab.app.push_screen(Chooser(title, [*choices, elsewhere]), chosen)


def compare_elsewhere(lab: "Lab", journey: Journey) -> None:
    """The same request on another scenario, beside the journey in sight."""
    from passerella.scenarios import SCENARIOS

    if not journey.request or journey.request_length > len(journey.request):
        lab.notify(_("Di questa richiesta non ho tutti i byte: non la posso rimandare."), markup=False)
        return
    draft = of_bytes(bytes(journey.request))
    running = lab.live.running.scenario
    choices = [
        Choice(each.id, each.title, each.shows, also=each.id) for each in SCENARIOS.values() if each.id != running
    ]

    def start(name: str | None) -> None:
        if name is not None:
            asked = [(name, Change(scenario=name))]
            run_elsewhere(lab.app, lab.live.elsewhere, asked, draft, lambda found: show(lab.app, [here, *found]))

    here = (running or _name(journey), journey)
    lab.app.push_screen(Chooser(_("A quale scenario mando la stessa richiesta"), choices, about_below=True), start)


def run_elsewhere(
    app: "App[None]",
    elsewhere: Callable[[Change, Draft], Journey],
    changes: Sequence[tuple[str, Change]],
    draft: Draft,
    then: Callable[[list[tuple[str, Journey]]], None],
) -> None:
    """The same request to each, one after the other, so that no server takes time from another."""

    def work(say: Callable[[str], None]) -> list[tuple[str, Journey]]:
        found = []
        for label, change in changes:
            say(_("Avvio {name} e gli mando {line}…").format(name=visible(label, 60), line=visible(draft.title, 60)))
            found.append((label, elsewhere(change, draft)))
        return found

    def done(found: list[tuple[str, Journey]] | None) -> None:
        if found is not None:
            then(found)

    app.push_screen(Working(_("Confronto"), work), done)


def show(app: "App[None]", columns: list[tuple[str, Journey]]) -> None:
    from passerella.tui.comparison import ComparisonScreen

    app.push_screen(ComparisonScreen(columns))


def _choice(journey: Journey) -> Choice:
    asked = " ".join(part for part in (method(journey), target(journey, _TARGET)) if part)
    return Choice(str(journey.number), f"{journey.number}  {asked}", f"{outcome(journey)}  {lasted(journey)}".strip())


def _name(journey: Journey) -> str:
    return _("Viaggio {n}").format(n=journey.number)
