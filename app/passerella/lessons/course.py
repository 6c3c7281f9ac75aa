"""A folder of lessons read whole: the lessons in their order, and where each thing that they name is."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import msgspec

from passerella.errors import ContentError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons.model import Heading, Lesson, Page, Question, Trace
from passerella.lessons.page_parts import read_page
from passerella.lessons.validating import convert, toml
from passerella.settings import content_folder

_FOLDER = re.compile(r"(?P<number>\d{1,3})-[\w-]+")
_MOST = 256 * 1024  # bytes of one file

Row = TypeVar("Row")


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={
    "term": "termine", "meaning": "spiegazione", "lesson": "lezione", "variants": "varianti"
}):  # fmt: skip
    """A word of the glossary; ``variants`` are its other forms in a text («worker» in the plural…)."""

    term: str
    meaning: str
    lesson: str = ""
    variants: list[str] = []


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={
    "text": "testo", "lesson": "lezione", "page": "pagina"
}):  # fmt: skip
    """A point of the subject, and the page that covers it."""

    text: str
    lesson: str
    page: str


class Course:
    """Lessons by their id, in the order of their numbers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lessons: dict[str, Lesson] = {}
        for lesson in sorted(_lessons(folder), key=lambda each: each.number):
            if lesson.id in self.lessons:
                raise ContentError(
                    _("Due lezioni si chiamano «{id}»: {one} e {other}. Gli id devono essere diversi.").format(
                        id=lesson.id, one=self.lessons[lesson.id].folder.name, other=lesson.folder.name
                    )
                )
            self.lessons[lesson.id] = lesson

    def __iter__(self) -> Iterator[Lesson]:
        return iter(self.lessons.values())

    def lesson(self, asked: str) -> Lesson:
        """A lesson by its number or its id. :class:`ContentError` when there is none."""
        for lesson in self:
            if asked in (lesson.id, lesson.folder.name) or (asked.isdigit() and int(asked) == lesson.number):
                return lesson
        raise ContentError(
            _("Non c'è una lezione «{asked}». Ci sono: {known}.").format(
                asked=asked, known=", ".join(f"{each.number} {each.id}" for each in self) or _("nessuna")
            )
        )

    def question(self, reference: str) -> tuple[Lesson, Page]:
        """«lesson/question». :class:`KeyError` when there is none."""
        name, _slash, question = reference.partition("/")
        lesson = self.lessons[name]
        return lesson, lesson.page_of(question)

    def trace(self, reference: str, home: Lesson) -> tuple[Lesson, Trace]:
        """«trace» of ``home``, or «lesson/trace». :class:`KeyError` when there is none."""
        name, slash, trace = reference.rpartition("/")
        lesson = self.lessons[name] if slash else home
        return lesson, lesson.traces[trace]

    @cached_property
    def glossary(self) -> dict[str, Term]:
        return _table(self.folder / "glossario.toml", Term)

    @cached_property
    def topics(self) -> dict[str, Topic]:
        return _table(self.folder / "argomenti.toml", Topic)

    @property
    def questions(self) -> Iterator[tuple[Lesson, Page, Question]]:
        for lesson in self:
            for page in lesson.pages:
                if page.question is not None:
                    yield lesson, page, page.question


def own_course() -> Course:
    """The course that comes with the program."""
    return Course(content_folder("lezioni"))


def read_lesson(folder: Path) -> Lesson:
    """The lesson in ``folder``. :class:`ContentError` says which file cannot be used, and why."""
    match = _FOLDER.fullmatch(folder.name)
    if match is None:
        raise ContentError(
            _("La cartella «{name}» non si chiama come una lezione: serve un numero, per esempio «05-environ».").format(
                name=folder.name
            )
        )
    where = f"{folder.name}/lezione.toml"
    heading = convert(toml(read_text(folder / "lezione.toml"), where), Heading, where)
    return Lesson(
        number=int(match["number"]),
        heading=heading,
        folder=folder,
        core=[_page(folder, name) for name in heading.pages],
        deeper=[_page(folder, name) for name in heading.deeper],
    )


def is_lesson(folder: Path) -> bool:
    return (folder / "lezione.toml").is_file()


def _lessons(folder: Path) -> Iterator[Lesson]:
    if is_lesson(folder):
        yield read_lesson(folder)
        return
    if not folder.is_dir():
        raise ContentError(_("Non trovo la cartella delle lezioni {folder}.").format(folder=folder))
    for inner in sorted(folder.iterdir()):
        if is_lesson(inner):
            yield read_lesson(inner)


def _page(folder: Path, name: str) -> Page:
    path = folder / f"{name}.md"
    if Path(name).name != name:
        raise ContentError(
            _("{folder}/lezione.toml: «{name}» non è il nome di un file della lezione.").format(
                folder=folder.name, name=name
            )
        )
    return read_page(read_text(path), path)


def read_text(path: Path) -> str:
    """A file of content. :class:`ContentError` when it is none, is too long, or cannot be read."""
    try:
        if path.stat().st_size > _MOST:
            raise ContentError(_("{file} è troppo lungo: al massimo {most} byte.").format(file=path, most=_MOST))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ContentError(_("{file} non è un testo in UTF-8: salvalo di nuovo così.").format(file=path)) from None
    except OSError as error:
        raise ContentError(
            _("{folder}: non riesco a leggere «{name}» ({error}).").format(
                folder=path.parent.name, name=path.name, error=refusal(error)
            )
        ) from None


def _table(path: Path, kind: type[Row]) -> dict[str, Row]:
    """The tables of a file; none when a teacher's course does not have it."""
    if not path.is_file():
        return {}
    found = toml(read_text(path), path.name)
    return {name: convert(table, kind, f"{path.name} [{name}]") for name, table in found.items()}
