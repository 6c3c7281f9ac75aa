"""What happens at a row, and what a key is, in words."""

import contextlib
from typing import Literal, cast

import msgspec

from passerella.journeys.model import Journey, Step
from passerella.language import _
from passerella.texts import direction, hold, key_text, origin, station, step_text
from passerella.views.captures import capture_label
from passerella.views.inspector.environ import EnvironLine
from passerella.views.marks import befallen
from passerella.views.numbers import duration, milliseconds
from passerella.views.rows import STATIONS, Marks, Row
from passerella.views.values import shown
from passerella.views.visible import visible

_VALUE_LIMIT = 300
_TOLD_ELSEWHERE = frozenset(("raised_at",))  # it is the step's source
_Known = Literal["wsgi", "asgi"]


class Explanation(msgspec.Struct, frozen=True):
    """Words about something on the screen.

    :ivar value: what it is worth here, if it is worth anything.
    :ivar where: file and line of the code, or empty.
    :ivar facts: what else is known of this very step, name and value.
    """

    title: str
    text: str
    reference: str = ""
    where: str = ""
    value: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def explanation(journey: Journey, row: Row) -> Explanation:
    """What happens at ``row``."""
    step = row.step
    if row.level == STATIONS:
        place = station(step.station)
        text = f"{place.text} {direction(step.direction).text}"
        return Explanation(
            f"{place.label} · {direction(step.direction).label}", text, "", where(step), "", _facts(journey, row)
        )
    try:
        found = step_text(step.name, step.landmark)
    except KeyError:
        return Explanation(
            row.title, _("Per questo passo non c'è ancora una spiegazione."), "", where(step), "", _facts(journey, row)
        )
    return Explanation(row.title, found.text, found.reference, where(step), "", _facts(journey, row))


def key_explanation(journey: Journey, line: EnvironLine) -> Explanation:
    """What a key is and where it comes from."""
    found = key_text(cast(_Known, journey.interface or "wsgi"), line.key)
    source = journey.origins.get(line.key)
    text = found.text
    if isinstance(source, str):
        with contextlib.suppress(KeyError):
            text += " " + origin(source).text
    return Explanation(f"{line.key} · {found.title}", text, found.reference, value=f"{line.value} · {line.type}")


def where(step: Step) -> str:
    """``gunicorn/http/wsgi.py:62``."""
    return visible(f"{step.source.file}:{step.source.line}", 200) if step.source is not None else ""


def _marks_words(marks: Marks) -> list[str]:
    """The marks of a row, each in words."""
    words = []
    if marks.added:
        words.append(_("+{n}").format(n=marks.added))
    if marks.changed:
        words.append(_("~{n}").format(n=marks.changed))
    if marks.removed:
        words.append(_("−{n}").format(n=marks.removed))
    return words + befallen(marks)


def _facts(journey: Journey, row: Row) -> tuple[tuple[str, str], ...]:
    step = row.step
    facts = [(_("momento"), _("{time} ms dall'inizio del viaggio").format(time=milliseconds(row.t)))]
    if step.source is not None and step.source.name:
        facts.append((_("funzione"), visible(f"{step.source.name}()", 120)))
    if row.lasted is not None:
        facts.append((_("durata"), duration(row.lasted)))
    facts.append((_("processo e thread"), _place(step)))
    if step.task:
        facts.append((_("task"), visible(step.task, 80)))
    if step.connection:
        facts.append((_("connessione"), visible(step.connection, 80)))
    facts += [
        (capture_label(name), shown(value, _VALUE_LIMIT))
        for name, value in step.value.items()
        if name not in _TOLD_ELSEWHERE
    ]
    words = _marks_words(row.marks)
    if words:
        facts.append((_("segni"), " · ".join(words)))
    if step.hold:
        facts.append((_("se lo fermi"), _held(step.hold)))
    return tuple(facts)


def _place(step: Step) -> str:
    return f"{step.pid} · {visible(step.thread, 60)}" if step.thread else str(step.pid)


def _held(name: str) -> str:
    try:
        return hold(name).text
    except KeyError:
        return visible(name, 40)
