"""Where a trace runs: «gunicorn worker=2», or a scenario, as a command; and why it cannot run here."""

import sys
from collections.abc import Iterable

from passerella.errors import ContentError
from passerella.language import _
from passerella.lessons.model import Lesson, Request, Trace
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.servers.fronts.every import FRONTS
from passerella.session.available import front_unavailable, server_unavailable, unavailable
from passerella.session.live import Command, own_python
from passerella.session.starting import scenario_command, server_command


def command_of(lesson: Lesson, trace: Trace, place: str) -> Command:
    """How ``trace`` starts at one of its places.

    :raises ContentError: the place names no scenario or server of ours.
    """
    if trace.program:
        return Command([own_python(), trace.program], lesson.folder)
    name, choices = read_place(place)
    if trace.scenarios:
        _known(name, SCENARIOS, _("«{name}» non è uno scenario: ci sono {known}."))
        return scenario_command(name, choices)
    _known(name, SERVERS, _("«{name}» non è un server: ci sono {known}."))
    if trace.front:
        _known(trace.front, FRONTS, _("«{name}» non è un web server: ci sono {known}."))
    return server_command(name, trace.app, lesson.folder, choices, trace.front, lesson.folder)


def missing_for(trace: Trace, place: str) -> str:
    """Why ``trace`` cannot run at ``place`` on this machine, and what to do; empty when it can."""
    if sys.platform == "win32" and has_signals(trace):
        return _("i segnali non ci sono su Windows")
    if trace.program:
        return ""
    name, _choices = read_place(place)
    if trace.scenarios:
        return unavailable(SCENARIOS[name])
    return front_unavailable(trace.front) or server_unavailable(name)


def has_signals(trace: Trace) -> bool:
    """Whether it sends signals to its server."""
    return any(isinstance(each, Request) and each.signal for each in trace.requests)


def read_place(place: str) -> tuple[str, dict[str, str]]:
    """«gunicorn worker=2» → its name and its choices."""
    name, *rest = place.split()
    pairs = [word.partition("=") for word in rest]
    for key, sign, value in pairs:
        if not (key and sign and value):
            raise ContentError(
                _("«{place}»: dopo il nome del server le scelte si scrivono «worker=2».").format(place=place)
            )
    return name, {key: value for key, _sign, value in pairs}


def _known(name: str, names: Iterable[str], sentence: str) -> None:
    if name not in names:
        raise ContentError(sentence.format(name=name, known=", ".join(names)))
