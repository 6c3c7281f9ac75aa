"""A course, its lessons, their pages and blocks, as ``lezioni/LEGGIMI.md`` describes them to authors."""

from pathlib import Path
from typing import Any, Literal

import msgspec

Value = Any  # what an expression gives: a number, a text, a truth, a list; compared with what a choice is worth

STATIONS = ("client", "proxy", "socket", "server", "gateway", "middleware", "framework", "view")
Then = Literal["leggi", "chiudi-scrittura", "interrompi", "vattene"]


class _Read(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is read from TOML; the authors' words are Italian."""


class Request(
    _Read,
    frozen=True,
    rename={
        "line": "riga",
        "headers": "intestazioni",
        "body": "corpo",
        "long_body": "corpo_lungo",
        "raw": "byte",
        "pieces": "pezzi",
        "pause": "pausa",
        "times": "ripeti",
        "together": "insieme",
        "after": "dopo",
        "then": "poi",
        "stop_after": "dopo_byte",
        "signal": "segnale",
        "script": "copione",
        "patience": "pazienza",
    },
):
    """One thing to do: a request, a signal to the server, or a script of WebSocket clients.

    :ivar pieces: so many bytes in one go, or ``corpo``: the head, and then the body.
    :ivar patience: seconds after which the client stops waiting for an answer that does not come.
    :ivar after: seconds to wait before; among requests that go ``together``, from the beginning of the first one.
    """

    line: str = ""
    headers: list[str] = []
    body: str = ""
    long_body: int = 0
    raw: str = ""
    pieces: int | Literal["corpo"] = 0
    pause: float = 0.0
    times: int = 1
    together: bool = False
    after: float = 0.0
    then: Then = "leggi"
    stop_after: int = 0
    signal: str = ""
    script: list[str] = []
    patience: float = 8.0


class Trace(
    _Read,
    frozen=True,
    rename={
        "servers": "server",
        "scenarios": "scenario",
        "front": "davanti",
        "program": "programma",
        "service": "servizio",
        "requests": "richieste",
        "connection": "connessione",
        "station": "guarda",
        "hold": "ferma",
    },
):
    """What runs: a scenario on each of its servers, an app of the lesson's own, or a program that listens by itself."""

    id: str
    scenarios: list[str] = []
    app: str = ""
    servers: list[str] = []
    front: str = ""
    program: str = ""
    service: str = ""
    requests: list[str | Request] = []
    connection: Literal["", "stessa"] = ""
    station: str = ""
    hold: str = ""

    @property
    def places(self) -> list[str]:
        """On what it runs, as authors call it; the first one is shown."""
        return self.scenarios or self.servers or [self.program]


class Choice(_Read, frozen=True, rename={"text": "testo", "worth": "vale", "misconception": "fraintendimento"}):
    """One of the answers to choose from; ``worth`` is the value of the expression that makes it the right one."""

    text: str
    worth: Value
    misconception: str = ""


class Prediction(
    _Read,
    frozen=True,
    rename={
        "trace": "traccia",
        "question": "domanda",
        "answer": "risposta",
        "choices": "scelte",
        "proof": "prova",
        "place": "su",
        "places": "server",
    },
):
    """A question before the trace is seen. ``answer`` and ``proof`` are expressions: no answer is stored."""

    id: str
    question: str
    answer: str
    choices: list[Choice]
    trace: str = ""
    proof: str = ""
    place: str = ""
    places: list[str] = []


class Entry(_Read, frozen=True, rename={"text": "testo", "step": "passo"}):
    """Something that happened, and the expression that finds the step where it did."""

    text: str
    step: str


class Ordering(
    _Read,
    frozen=True,
    rename={"trace": "traccia", "question": "domanda", "entries": "voci", "place": "su", "places": "server"},
):
    """Things to put in the order in which they happened."""

    id: str
    question: str
    entries: list[Entry]
    trace: str = ""
    place: str = ""
    places: list[str] = []

    @property
    def proof(self) -> str:
        """The step that the trace opens at: the first of its entries."""
        return self.entries[0].step


class Comparison(_Read, frozen=True, rename={"request": "richiesta", "scenarios": "scenari", "key": "guarda"}):
    """One request on several scenarios, side by side."""

    id: str
    request: str
    scenarios: list[str]
    key: str = ""

    @property
    def as_trace(self) -> Trace:
        """What runs for it."""
        return Trace(id=self.id, scenarios=self.scenarios, requests=[self.request])


class Note(_Read, frozen=True, rename={"text": "testo", "reader": "per"}):
    """A remark; with ``reader`` «docente» only who teaches sees it."""

    text: str
    reader: Literal["", "docente"] = ""


Question = Prediction | Ordering
Block = Trace | Prediction | Ordering | Comparison | Note


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One screen: ``before`` and ``after`` are Markdown, on the two sides of the question."""

    name: str
    title: str
    before: str
    after: str = ""
    trace: Trace | None = None
    comparison: Comparison | None = None
    question: Question | None = None
    notes: list[Note] = []
    path: Path


class Reference(_Read, frozen=True, rename={"text": "testo"}):
    """Where to read more."""

    text: str
    url: str


class Review(_Read, frozen=True, rename={"start": "inizio", "end": "fine"}):
    """Predictions of earlier lessons, «lesson/prediction», asked again."""

    start: list[str] = []
    end: list[str] = []


class Heading(
    _Read,
    frozen=True,
    rename={
        "title": "titolo",
        "question": "domanda",
        "goals": "obiettivi",
        "minutes": "durata",
        "needs": "prerequisiti",
        "misconceptions": "fraintendimenti",
        "pages": "pagine",
        "deeper": "approfondisci",
        "references": "riferimenti",
        "review": "ripasso",
    },
):
    """What ``lezione.toml`` says."""

    id: str
    title: str
    question: str
    goals: list[str]
    minutes: int
    pages: list[str]
    references: list[Reference]
    needs: list[str] = []
    misconceptions: list[str] = []
    deeper: list[str] = []
    review: Review = Review()


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson as it is read; ``number`` is what its folder's name begins with."""

    number: int
    heading: Heading
    folder: Path
    core: list[Page]
    deeper: list[Page]

    @property
    def id(self) -> str:
        return self.heading.id

    @property
    def title(self) -> str:
        return self.heading.title

    @property
    def pages(self) -> list[Page]:
        return [*self.core, *self.deeper]

    @property
    def traces(self) -> dict[str, Trace]:
        return {page.trace.id: page.trace for page in self.pages if page.trace is not None}

    @property
    def comparisons(self) -> list[Comparison]:
        return [page.comparison for page in self.pages if page.comparison is not None]

    @property
    def questions(self) -> dict[str, Question]:
        return {page.question.id: page.question for page in self.pages if page.question is not None}

    def page_of(self, question: str) -> Page:
        """The page that asks ``question``. :class:`KeyError` when none does."""
        for page in self.pages:
            if page.question is not None and page.question.id == question:
                return page
        raise KeyError(question)

    def trace_of(self, page: Page) -> str:
        """The name of the trace that the question of ``page`` is about: its own, the page's, or the last one before."""
        if page.question is not None and page.question.trace:
            return page.question.trace
        if page.trace is not None:
            return page.trace.id
        before = self.pages[: self.pages.index(page)]
        return next((each.trace.id for each in reversed(before) if each.trace is not None), "")
