"""What is said to who answered: right, not right and why, or that something else happened here."""

from collections.abc import Callable, Sequence
from enum import Enum

import msgspec

from passerella.language import _
from passerella.lessons.answering import EVERYWHERE, Answer, answer, places_of
from passerella.lessons.expressions.evaluating import same
from passerella.lessons.model import Ordering, Prediction, Question, Trace
from passerella.lessons.staging import Staged
from passerella.texts import misconceptions

Chosen = tuple[int, ...]  # the position of a choice, or of the entries in the order given; empty: skipped


class Outcome(Enum):
    """How an answer went."""

    RIGHT = "giusta"
    WRONG = "sbagliata"
    SKIPPED = "saltata"
    OTHER = "altro"  # here the answer is none of the choices, or is not always the same


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How an answer went, and what there is to look at.

    :ivar misconception: the code of what the wrong choice shows, or empty.
    """

    outcome: Outcome
    chosen: Chosen
    answer: Answer
    staged: Staged
    misconception: str = ""


def judge(question: Question, trace: Trace, chosen: Chosen, staged: Staged, run_again: Callable[[], Staged]) -> Verdict:
    """Judge ``chosen``. Nobody is told that it is wrong before the trace has run twice with the same answer."""
    found = answer_here(question, trace, staged)
    if found.problem:
        return Verdict(outcome=Outcome.OTHER, chosen=chosen, answer=found, staged=staged)
    if not chosen:
        return Verdict(outcome=Outcome.SKIPPED, chosen=chosen, answer=found, staged=staged)
    if chosen == found.right:
        return Verdict(outcome=Outcome.RIGHT, chosen=chosen, answer=found, staged=staged)
    again = staged if staged.recorded else run_again()
    second = answer_here(question, trace, again)
    if second.problem or not same(second.value, found.value):
        return Verdict(outcome=Outcome.OTHER, chosen=chosen, answer=second, staged=again)
    return Verdict(
        outcome=Outcome.WRONG,
        chosen=chosen,
        answer=second,
        staged=again,
        misconception=_shown_by(question, chosen),
    )


def answer_here(question: Question, trace: Trace, staged: Staged) -> Answer:
    """The answer where the trace in sight ran."""
    everywhere = places_of(question, trace) == [EVERYWHERE]
    return answer(question, staged.outcomes, EVERYWHERE if everywhere else staged.place)


def _shown_by(question: Question, chosen: Chosen) -> str:
    return question.choices[chosen[0]].misconception if isinstance(question, Prediction) else ""


def texts(question: Question) -> Sequence[str]:
    """The choices, or the entries to put in order."""
    return [each.text for each in (question.entries if isinstance(question, Ordering) else question.choices)]


def sentences(question: Question, verdict: Verdict) -> list[str]:
    """What to tell, a paragraph each."""
    known = texts(question)
    right = _joined([known[n] for n in verdict.answer.right])
    match verdict.outcome:
        case Outcome.RIGHT:
            told = [_("✔ Giusto: {right}").format(right=right)]
        case Outcome.WRONG:
            told = [_("✘ No, è successo questo: {right}").format(right=right)]
        case Outcome.SKIPPED:
            told = [_("– Saltata. È successo questo: {right}").format(right=right)]
        case Outcome.OTHER:
            told = [
                _("Qui è successo altro: {problem}. Le tue versioni sono diverse da quelle della lezione.").format(
                    problem=verdict.answer.problem or _("la risposta cambia da una volta all'altra")
                )
            ]
    if verdict.misconception:
        belief = misconceptions()[verdict.misconception]
        told.append(_("{id} «{name}». {truth}").format(id=verdict.misconception, name=belief.name, truth=belief.truth))
    return [*told, *not_as_meant(verdict.staged)]


def not_as_meant(staged: Staged) -> list[str]:
    """What is seen instead of what the lesson meant, and why; nothing when it is that."""
    if not staged.missing:
        return []
    if staged.recorded:
        return [_("Qui non può girare ({reason}): è la registrazione di una prova vera.").format(reason=staged.missing)]
    return [
        _("Qui non può girare ({reason}): al suo posto hai visto {place}.").format(
            reason=staged.missing, place=staged.place
        )
    ]


def _joined(parts: Sequence[str]) -> str:
    return " → ".join(_("«{text}»").format(text=part) for part in parts)
