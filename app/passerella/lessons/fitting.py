"""Whether a page fits in a terminal of 80×24: the rows that its parts take at the width of a page."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.markdown import Markdown

from passerella.language import _
from passerella.lessons.model import Ordering, Page, Question

WIDTH = 76
WHOLE = 18  # rows of a page without a trace, or up to its question
BESIDE = 9  # rows of text with a trace below
_MARK = 4  # columns before a choice: «a  »


def too_long(page: Page) -> Iterator[str]:
    """A sentence for each part that does not fit."""
    before = rows(page.before)
    if page.question is not None:
        yield from _measured(_("fino alla domanda"), before + question_rows(page.question), WHOLE)
        yield from _measured(_("dopo la domanda"), rows(page.after), BESIDE)
    elif page.trace is not None or page.comparison is not None:
        yield from _measured(_("con la traccia"), before, BESIDE)
    else:
        yield from _measured(_("la pagina"), before, WHOLE)


def _measured(part: str, found: int, most: int) -> Iterator[str]:
    if found > most:
        yield _("{part}: {found} righe a {width} colonne, al massimo {most}").format(
            part=part, found=found, width=WIDTH, most=most
        )


def rows(markdown: str, width: int = WIDTH) -> int:
    """How many rows a text takes, as it is drawn on the screen."""
    if not markdown:
        return 0
    console = Console(width=width, color_system=None, force_terminal=False, legacy_windows=False)
    return len(console.render_lines(Markdown(markdown, hyperlinks=False), pad=False))


def question_rows(question: Question, width: int = WIDTH) -> int:
    """The question, a row of air, and a row or more a choice."""
    choices = question.entries if isinstance(question, Ordering) else question.choices
    return rows(question.question, width) + 1 + sum(_wrapped(each.text, width - _MARK) for each in choices)


def _wrapped(text: str, width: int) -> int:
    console = Console(width=width, color_system=None, force_terminal=False, legacy_windows=False)
    return max(1, len(console.render_lines(text, pad=False))) if cell_len(text) else 1
