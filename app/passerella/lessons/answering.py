"""The answer to a question, computed from what happened. Pure."""

from collections.abc import Sequence
from typing import Any

import msgspec

from passerella.errors import ContentError
from passerella.journeys.model import Journey, Step
from passerella.language import _
from passerella.lessons.expressions.evaluating import evaluate, is_across, same
from passerella.lessons.expressions.things import Moment
from passerella.lessons.model import Ordering, Prediction, Question, Trace
from passerella.lessons.outcome import Outcome

EVERYWHERE = "tutti"  # where an answer holds that is about all the servers together


class Shown(msgspec.Struct, frozen=True):
    """The step that proves an answer."""

    journey: Journey
    step: Step


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What an expression gave at one place.

    :ivar right: positions of the choices: the one that it makes right, or the entries in their order.
        Empty when none is.
    :ivar problem: why it could not be computed, or is not among the choices, in Italian; else empty.
    """

    place: str
    value: Any = None
    right: tuple[int, ...] = ()
    proof: Shown | None = None
    problem: str = ""


def places_of(question: Question, trace: Trace) -> list[str]:
    """Where the question is answered: all together, or on each of these."""
    if isinstance(question, Prediction) and is_across(question.answer):
        return [EVERYWHERE]
    return question.places or trace.places


def runs_for(question: Question, trace: Trace) -> list[str]:
    """On what the trace must run for the question to be answered where it is shown first."""
    places = places_of(question, trace)
    return (question.places or trace.places) if places == [EVERYWHERE] else [question.place or places[0]]


def answer(question: Question, outcomes: Sequence[Outcome], place: str) -> Answer:
    """The answer at ``place``, over the outcomes of the question's trace."""
    wanted = question.place if place == EVERYWHERE else place  # of all together, one is shown
    looked_at = next((each for each in outcomes if each.place == wanted), outcomes[0])
    try:
        if isinstance(question, Ordering):
            return _ordered(question, outcomes, looked_at, place)
        return _predicted(question, outcomes, looked_at, place)
    except ContentError as error:
        return Answer(place=place, problem=error.message)


def _predicted(question: Prediction, outcomes: Sequence[Outcome], looked_at: Outcome, place: str) -> Answer:
    value = evaluate(question.answer, outcomes, looked_at)
    right = tuple(n for n, choice in enumerate(question.choices) if same(_worth(choice.worth), value))
    return Answer(
        place=place,
        value=value,
        right=right if len(right) == 1 else (),
        proof=_proof(question.proof, outcomes, looked_at),
        problem=_doubt(len(right), value),
    )


def _worth(worth: Any) -> Any:
    """TOML has no null: an author writes «niente»."""
    return None if worth == "niente" else worth


def _doubt(count: int, value: Any) -> str:
    if count == 0:
        return _("il valore è {value}, e nessuna scelta vale così").format(value=shown(value))
    if count > 1:
        return _("il valore è {value}, e {count} scelte valgono così").format(value=shown(value), count=count)
    return ""


def _ordered(question: Ordering, outcomes: Sequence[Outcome], looked_at: Outcome, place: str) -> Answer:
    moments = [evaluate(entry.step, outcomes, looked_at) for entry in question.entries]
    for entry, moment in zip(question.entries, moments, strict=True):
        if not isinstance(moment, Moment):
            raise ContentError(_("«{step}» non dà un passo").format(step=entry.step))
    if len({moment.start for moment in moments}) < len(moments):
        raise ContentError(_("due voci succedono nello stesso passo: l'ordine non è uno solo"))
    right = tuple(sorted(range(len(moments)), key=lambda n: moments[n].start))
    first = moments[right[0]]
    return Answer(
        place=place,
        value=[question.entries[n].text for n in right],
        right=right,
        proof=Shown(first.trip.journey, first.step),
    )


def _proof(expression: str, outcomes: Sequence[Outcome], looked_at: Outcome) -> Shown | None:
    """The step that proves it; None where the question names none, or there is none on this server."""
    if not expression:
        return None
    try:
        found = evaluate(expression, outcomes, looked_at)
    except ContentError:
        return None
    return Shown(found.trip.journey, found.step) if isinstance(found, Moment) else None


def shown(value: Any) -> str:
    """A value as an author reads it."""
    if value is None:
        return _("niente")
    if isinstance(value, bool):
        return _("vero") if value else _("falso")
    if isinstance(value, list):
        return "[" + ", ".join(shown(each) for each in value[:20]) + "]"
    return (
        repr(value)[:200]
        if isinstance(value, str)
        else f"{value:.6g}"
        if isinstance(value, float)
        else str(value)[:200]
    )
