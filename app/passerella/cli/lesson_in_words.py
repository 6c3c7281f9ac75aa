"""A lesson line by line: pages in reading order, questions at the prompt, the trace as sentences."""

import re
import sys
from io import StringIO

from rich.console import Console
from rich.markdown import Markdown

from passerella.cli.output import say, write
from passerella.cli.yes import YES
from passerella.errors import PasserellaError
from passerella.language import _
from passerella.lessons.answering import runs_for
from passerella.lessons.course import Course
from passerella.lessons.model import Lesson, Ordering, Page, Question
from passerella.lessons.staging import Stage, Staged
from passerella.lessons.taking import Taking
from passerella.lessons.verdict import Chosen, Outcome, not_as_meant, sentences, texts
from passerella.views.sentences import tell
from passerella.views.visible import visible_lines

_WIDTH = 78
_LETTERS = "abcdef"
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?:lezione|glossario):[^)\s]+\)")


def take_in_words(course: Course, lesson: Lesson, *, teacher: bool = False) -> None:
    """From where it was left to its end; «indietro», «esci» and Ctrl+D at any prompt."""
    with Stage() as stage:
        taking = Taking(course, lesson, stage)
        _write(f"{lesson.number}. {lesson.title}")
        while True:
            going = _page(taking, teacher)
            if going == 0:
                say(_("Quando torni riprendi da qui."))
                return
            if not taking.go(going) and going > 0:
                break
        taking.finish()
        score = taking.score()
        _write("")
        _write(
            _("La lezione è finita: {right} giuste, {wrong} no, {skipped} saltate.").format(
                right=score[Outcome.RIGHT], wrong=score[Outcome.WRONG], skipped=score[Outcome.SKIPPED]
            )
        )


def _page(taking: Taking, teacher: bool) -> int:
    """One page; where to go then: 1 on, -1 back, 0 out."""
    page = taking.stop.page
    taking.prepare()
    _write("")
    _write(_("— pagina {n} di {all}: {title}").format(n=taking.index + 1, all=len(taking.stops), title=page.title))
    _write_text(page.before)
    for note in page.notes:
        if teacher or not note.reader:
            _write_text(note.text)
    try:
        if page.question is not None:
            return _question(taking, page, page.question)
        if taking.trace is not None:
            going = _asked(_("Invio fa partire la traccia: "))
            if going != 1:
                return going
            staged = taking.staged()
            if staged is not None:
                for sentence in not_as_meant(staged):
                    _write(sentence)
                _write_trace(staged)
        if page.comparison is not None:
            names = " ".join(page.comparison.scenarios)
            _write(
                _('Per vederlo: passerella confronta "{request}" {names}').format(
                    request=page.comparison.request, names=names
                )
            )
    except PasserellaError as error:
        say(error.message)
    return _asked(_("Invio per andare avanti: "))


def _question(taking: Taking, page: Page, question: Question) -> int:
    found = taking.trace
    if found is not None:
        _write(_("(Su {places}.)").format(places=", ".join(runs_for(question, found[1]))))
    _write_text(question.question)
    for letter, text in zip(_LETTERS, texts(question), strict=False):
        _write(f"  {letter}  {text}")
    chosen = _chosen(question)
    if isinstance(chosen, int):
        return chosen
    say(_("Guardo che cosa succede davvero…"))
    verdict = taking.commit(chosen)
    if taking.trouble:
        say(taking.trouble)
    _write("")
    for sentence in sentences(question, verdict):
        _write(sentence)
    _write_text(page.after)
    said = _read(_("Vuoi leggere la traccia? [s/N] "))
    going = _going(said)
    if going is not None:
        return going
    if said in YES:
        _write_trace(verdict.staged)
    return _asked(_("Invio per andare avanti: "))


def _chosen(question: Question) -> Chosen | int:
    """The answer, empty to skip; or where to go instead."""
    known = _LETTERS[: len(texts(question))]
    wanted = len(known) if isinstance(question, Ordering) else 1
    prompt = (
        _("Scrivi le lettere in ordine, «salta», «indietro» o «esci»: ")
        if wanted > 1
        else _("Scrivi una lettera, «salta», «indietro» o «esci»: ")
    )
    while True:
        said = _read(prompt)
        going = _going(said)
        if going is not None:
            return going
        if said in ("salta", _("salta")):
            return ()
        letters = [character for character in said if not character.isspace()]
        if sorted(letters) == sorted(known) or (wanted == 1 and len(letters) == 1 and letters[0] in known):
            return tuple(known.index(letter) for letter in letters)
        say(_("Mi aspetto {wanted}, è arrivato «{got}».").format(wanted=" ".join(known), got=said[:40]))


def _asked(prompt: str) -> int:
    going = _going(_read(prompt))
    return 1 if going is None else going


def _going(said: str) -> int | None:
    """Where a word leads, in the language that is spoken and always in Italian; None for any other."""
    if said in ("indietro", _("indietro")):
        return -1
    return 0 if said in ("esci", _("esci")) else None


def _read(prompt: str) -> str:
    """A line; the end of the input is the way out."""
    sys.stdout.flush()
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        return "esci"
    return line.strip().casefold()


def _write_trace(staged: Staged) -> None:
    for journey in staged.in_sight.journeys or staged.in_sight.lifespans:
        _write("")
        for sentence in tell(journey):
            _write(sentence)


def _write_text(markdown: str) -> None:
    """Markdown as plain text; nothing of it is an escape sequence."""
    if not markdown:
        return
    drawn = StringIO()
    console = Console(file=drawn, width=_WIDTH, color_system=None, legacy_windows=False)
    console.print(Markdown(_LINK.sub(r"\g<text>", markdown), hyperlinks=False))
    _write(drawn.getvalue().rstrip())


def _write(text: str) -> None:
    """Without what would move the cursor: a course may come from anybody."""
    write(visible_lines(text))
