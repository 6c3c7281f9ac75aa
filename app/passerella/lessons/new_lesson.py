"""A lesson to begin from: valid as it is, with remarks for whoever writes it."""

import re
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from passerella.errors import ContentError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.lessons.course import Course, is_lesson

_FILES = Path(__file__).parent / "new_lesson_files"
_DATA = ".txt"  # a model of a program: no program of ours
_NUMBERED = re.compile(r"\d{1,3}-[\w-]+")
_REVIEW_AT_START, _REVIEW = 2, 5


def new_lesson(asked: Path) -> Path:
    """Write a lesson in a folder that is not there yet; which one it became.

    «mie/05-caffe» is taken as it is; «mie/caffe» gets the number after those that are in «mie».

    :raises ContentError: there is something in its place, its name cannot be used, or it cannot be written.
    """
    folder = _folder(asked)
    if folder.exists():
        raise ContentError(
            _("{folder} c'è già, e non la tocco: scegli un altro nome, oppure spostala.").format(folder=folder)
        )
    texts = dict(_texts(folder))
    try:
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ContentError(
            _("Non riesco a scrivere in {folder}: {error}.").format(folder=folder, error=refusal(error))
        ) from None
    return folder


def _folder(asked: Path) -> Path:
    path = Path(asked).absolute()
    name = re.sub(r"[^\w-]+", "-", path.name.casefold()).strip("-")
    if not re.search(r"[^\W\d]", name):
        raise ContentError(
            _("«{name}» non può essere il nome di una lezione: servono lettere, per esempio «05-environ».").format(
                name=asked.name
            )
        )
    if _NUMBERED.fullmatch(name):
        return path.with_name(name)
    return path.with_name(f"{_next_number(path.parent):02}-{name}")


def _next_number(parent: Path) -> int:
    found = [int(each.name.partition("-")[0]) for each in _lessons(parent)]
    return max(found, default=0) + 1


def _lessons(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from (each for each in parent.iterdir() if is_lesson(each) and _NUMBERED.fullmatch(each.name))


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The files of a lesson with a name of its own."""
    number, _dash, name = folder.name.partition("-")
    words = {"{id}": name, "{title}": name.replace("-", " ").capitalize(), "{review}": _review(folder, int(number))}
    for file in sorted(_FILES.iterdir()):
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        yield file.name.removesuffix(_DATA), text


def _review(folder: Path, number: int) -> str:
    """Questions of the lessons before it, where there are some: from the second lesson on a review is expected."""
    if not any(_lessons(folder.parent)):
        return ""
    known = [
        f"{lesson.id}/{question.id}"
        for lesson, _page, question in Course(folder.parent).questions
        if lesson.number < number
    ]
    if not known:
        return ""
    chosen = list(islice(cycle(reversed(known)), _REVIEW))
    start, end = chosen[:_REVIEW_AT_START], chosen[_REVIEW_AT_START:]
    return "\n".join(
        [
            "",
            "[ripasso]                         # domande di lezioni precedenti, «lezione/domanda»: scegli tu quali",
            f"inizio = [{_quoted(start)}]",
            f"fine = [{_quoted(end)}]",
        ]
    )


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
