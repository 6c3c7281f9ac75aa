"""The page of a lesson that is in sight: what is chosen, what is waited for, what ran, and the words for it. Draws nothing."""

from passerella.language import _
from passerella.lessons.answering import runs_for
from passerella.lessons.model import Ordering
from passerella.lessons.staging import Staged
from passerella.lessons.taking import Taking
from passerella.lessons.verdict import Chosen, not_as_meant, texts


class InSight:
    """One for a lesson: it follows ``taking`` from page to page.

    :ivar chosen: the choices picked so far, in their order.
    :ivar busy: what is being waited for, in words; empty when nothing is.
    :ivar staged: what ran for this page.
    """

    def __init__(self, taking: Taking, *, teacher: bool = False) -> None:
        self.taking = taking
        self.teacher = teacher
        self.chosen: Chosen = ()
        self.busy = ""
        self.staged: Staged | None = None
        self._ran: dict[int, Staged] = {}

    def begin(self) -> None:
        """The page from its beginning; with its answer, if it has one."""
        verdict = self.taking.verdict
        self.chosen = verdict.chosen if verdict is not None else ()
        self.busy = ""
        self.staged = verdict.staged if verdict is not None else self._ran.get(self.taking.index)

    def keep(self, index: int, staged: Staged) -> None:
        """What ran for page ``index``, which may no longer be the one in sight."""
        self._ran[index] = staged
        if index == self.taking.index:
            self.busy = ""
            self.staged = staged

    @property
    def open_question(self) -> bool:
        """There is a question, and it was not answered yet."""
        return self.taking.question is not None and self.taking.verdict is None

    @property
    def shown(self) -> Staged | None:
        """What ran, if it may be seen: only once the question is answered."""
        return self.staged if self.taking.revealed else None

    @property
    def to_run(self) -> bool:
        """The page has a trace that waits for a key, and nothing is asked about it."""
        return self.taking.trace is not None and self.staged is None and self.taking.question is None

    @property
    def answered_in_full(self) -> bool:
        """What is chosen is an answer: one choice, or all the entries in an order."""
        question = self.taking.question
        return len(self.chosen) == (len(question.entries) if isinstance(question, Ordering) else 1)

    def choose(self, n: int) -> bool:
        """Pick a choice; in an order, the next entry, or again from there. False when it cannot be picked."""
        question = self.taking.question
        if question is None or not self.open_question or self.busy or n >= len(texts(question)):
            return False
        if isinstance(question, Ordering):
            self.chosen = self.chosen[: self.chosen.index(n)] if n in self.chosen else (*self.chosen, n)
        else:
            self.chosen = (n,)
        return True

    def take_back(self) -> bool:
        """Undo the last entry of an order; False when there is none."""
        if not (self.open_question and self.chosen and isinstance(self.taking.question, Ordering)):
            return False
        self.chosen = self.chosen[:-1]
        return True

    def head(self) -> str:
        """Which page of the lesson, and what it runs on."""
        taking = self.taking
        part = {
            "ripasso": _("Ripasso · da «{lesson}»").format(lesson=taking.stop.home.title),
            "lezione": _("Lezione"),
            "approfondisci": _("Approfondisci"),
        }[taking.stop.part]
        where = _("{part} · pagina {n} di {all}").format(part=part, n=taking.index + 1, all=len(taking.stops))
        return f"{where} · {self.place()}" if taking.trace is not None else where

    def place(self) -> str:
        """On what the trace of the page runs, or ran."""
        if self.shown is not None:
            return ", ".join(outcome.place for outcome in self.shown.outcomes)
        found, question = self.taking.trace, self.taking.question
        if found is None:
            return ""
        return ", ".join(runs_for(question, found[1])) if question is not None else found[1].places[0]

    def next_place(self) -> str:
        """The server after the one that the trace ran on; empty when there is no other."""
        found, shown = self.taking.trace, self.shown
        if found is None or shown is None or len(found[1].places) < 2:
            return ""
        places = found[1].places
        here = places.index(shown.place) if shown.place in places else 0
        return places[(here + 1) % len(places)]

    def notes(self) -> list[str]:
        """What goes with the page, a paragraph each."""
        page, verdict, shown = self.taking.stop.page, self.taking.verdict, self.shown
        notes = [each.text for each in page.notes if self.teacher or not each.reader]
        if page.comparison is not None:
            notes.append(_("Premi p per vedere il confronto."))
        if shown is not None and (verdict is None or verdict.staged is not shown):
            notes += not_as_meant(shown)
        return notes
