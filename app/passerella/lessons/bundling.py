"""``python -m passerella.lessons.bundling [LEZIONE…]``: records anew what comes with the lessons, for who does not have
Nginx, Apache or Gunicorn. For who writes lessons: what was there takes no harm when a run fails."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from passerella.errors import PasserellaError
from passerella.lessons.answering import answer, runs_for
from passerella.lessons.course import Course, own_course
from passerella.lessons.expressions.evaluating import is_across, same
from passerella.lessons.model import Lesson, Prediction, Question, Trace
from passerella.lessons.outcome import Outcome
from passerella.lessons.places import has_signals, missing_for, read_place
from passerella.lessons.recorded import Keeper, file_name, own_folder, recorded_outcome
from passerella.lessons.rehearsal import difference
from passerella.lessons.running import run_trace
from passerella.scenarios import SCENARIOS

_EVERYWHERE = ("wsgiref", "werkzeug", "waitress", "uvicorn")  # what runs on any system right after installing
_INSTALLED = {"flask", "fastapi", "starlette", "asgiref", *_EVERYWHERE}
_TRIES = 3
_NEUTRAL = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/home/ada", "LANG": "C.UTF-8"}


def needs_recording(course: Course, lesson: Lesson, trace: Trace) -> list[str]:
    """The places of a trace that somebody may not have, and that nothing live would stand in for."""
    odd = [place for place in trace.places if not _runs_everywhere(trace, place)]
    if len(odd) == len(trace.places) or any(_compares(each) for each in _questions(course, lesson, trace)):
        return odd
    return [place for place in odd if _front(trace, place)]


def unlike_stand_ins(course: Course, lesson: Lesson, trace: Trace) -> Iterator[str]:
    """The places where something is asked first, and answered otherwise by what would stand in for them."""
    stand_in = next((place for place in trace.places if _runs_everywhere(trace, place)), "")
    asked = [(place, each) for each in _questions(course, lesson, trace) for place in runs_for(each, trace)]
    for place in dict.fromkeys(place for place, _question in asked):
        if not stand_in or _runs_everywhere(trace, place) or missing_for(trace, place):
            continue
        here, there = (run_trace(lesson, trace, each) for each in (place, stand_in))
        if any(_answers_differ(question, here, there) for at, question in asked if at == place):
            yield place


def _answers_differ(question: Question, here: Outcome, there: Outcome) -> bool:
    if _compares(question):
        return True
    one, other = answer(question, [here], here.place), answer(question, [there], there.place)
    return bool(other.problem) or not same(one.value, other.value)


def _runs_everywhere(trace: Trace, place: str) -> bool:
    if has_signals(trace):
        return False
    if trace.program:
        return True
    name, _choices = read_place(place)
    scenario = SCENARIOS.get(name) if trace.scenarios else None
    server, needs = (scenario.server, scenario.needs) if scenario is not None else (name, [])
    return not _front(trace, place) and server in _EVERYWHERE and _INSTALLED.issuperset(needs)


def _front(trace: Trace, place: str) -> str:
    name, _choices = read_place(place)
    return SCENARIOS[name].front if trace.scenarios else trace.front


def _compares(question: Question) -> bool:
    return isinstance(question, Prediction) and is_across(question.answer)


def _questions(course: Course, home: Lesson, trace: Trace) -> Iterator[Question]:
    for lesson, page, question in course.questions:
        try:
            found_home, found = course.trace(lesson.trace_of(page), lesson)
        except KeyError:  # «controlla» says so
            continue
        if (found_home.id, found.id) == (home.id, trace.id):
            yield question


def bundle(course: Course, lesson: Lesson) -> Iterator[str]:
    """Record what a lesson needs; a line for each place: what became of it. What is there no more is deleted."""
    wanted = set()
    for trace in lesson.traces.values():
        places = [*needs_recording(course, lesson, trace), *unlike_stand_ins(course, lesson, trace)]
        for place in dict.fromkeys(places):
            wanted.add(file_name(trace, place))
            name = f"{lesson.folder.name} {trace.id} {place}"
            missing = missing_for(trace, place)
            yield f"{name}: {missing or _recorded(course, lesson, trace, place)}"
    for file in own_folder(lesson).glob("*"):
        if file.with_suffix(".passerella").name not in wanted:
            file.unlink()


def _recorded(course: Course, lesson: Lesson, trace: Trace, place: str) -> str:
    problem = ""
    for _again in range(_TRIES):
        with tempfile.TemporaryDirectory() as temporary:
            problem = _try(course, lesson, trace, place, Path(temporary))
            if not problem:
                return f"{_put(Path(temporary), own_folder(lesson))} byte"
    return f"NO: {problem}"


def _try(course: Course, lesson: Lesson, trace: Trace, place: str, folder: Path) -> str:
    keeper = Keeper(lesson, trace, place, folder)
    try:
        live = run_trace(lesson, trace, place, keeper.hear)
    except PasserellaError as error:
        keeper.give_up()
        return error.message
    keeper.finish(live)
    for file in folder.iterdir():
        file.write_bytes(neutral(file.read_bytes(), _places()))
    kept = recorded_outcome(lesson, trace, place, [folder])
    for question in _questions(course, lesson, trace):
        if _compares(question) or place not in (question.places or trace.places):
            continue
        problem = difference(question, [live], [kept], place)
        if problem:
            return f"{question.id}: {problem}"
    return "" if kept is not None else "?"


def neutral(data: bytes, places: Mapping[str, str]) -> bytes:
    """Without the names of this machine's folders: nobody's business, and each recording would differ from the last."""
    for name in sorted(places, key=len, reverse=True):
        data = data.replace(name.encode(), places[name].encode())
    return data


def _places() -> dict[str, str]:
    root = str(Path(__file__).parents[3])
    return {sys.prefix: "/opt/passerella", sys.base_prefix: "/usr", root: "/opt/passerella/sorgenti"}


def _put(source: Path, target: Path) -> int:
    """Move the files where they belong; how many bytes they are."""
    target.mkdir(exist_ok=True)
    size = 0
    for file in source.iterdir():
        size += file.stat().st_size
        shutil.copyfile(file, target / file.name)
    return size


def main(words: Sequence[str]) -> int:
    """Every lesson, or those that are named."""
    os.environ.clear()  # some servers copy it into what they record
    os.environ.update(_NEUTRAL)
    course = own_course()
    lessons = [course.lesson(word) for word in words] or list(course)
    bad = 0
    for lesson in lessons:
        for line in bundle(course, lesson):
            bad += ": NO: " in line
            print(line, flush=True)  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
