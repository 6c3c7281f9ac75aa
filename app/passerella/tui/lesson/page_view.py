"""A page of a lesson: its text, its question, and, once answered, what happened."""

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markdown import Markdown
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from textual.containers import VerticalScroll
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from passerella.language import _
from passerella.lessons.model import Ordering, Page, Question
from passerella.lessons.verdict import Chosen, Outcome, Verdict, sentences, texts
from passerella.tui.lesson.rich_styles import rich_theme
from passerella.views.visible import visible_lines

LETTERS = "abcdef"
_CODE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?:lezione|glossario):[^)\s]+\)")


class _Harmless:
    """What is drawn, without what would move the cursor: a course may come from anybody."""

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, _control in console.render(self._drawn, options):
            yield Segment(visible_lines(text), style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._drawn)


class PageText(Static):
    """The text; a click on a choice chooses it."""

    class Clicked(Message):
        def __init__(self, choice: int) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)

    def on_click(self, event: Click) -> None:
        choice = event.style.meta.get("choice")
        if isinstance(choice, int):
            self.post_message(self.Clicked(choice))


class PageView(VerticalScroll, can_focus=True):
    """Draws a page as far as it may be seen."""

    def compose(self) -> Iterator[Static]:
        yield PageText(id="page-text")

    def on_mount(self) -> None:
        """The names of our styles, in the colours of the theme; once more when it changes."""
        self.app.console.push_theme(rich_theme(self.app.theme_variables))
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._recolour())

    def on_unmount(self) -> None:
        self.app.console.pop_theme()

    def _recolour(self) -> None:
        self.app.console.pop_theme()
        self.app.console.push_theme(rich_theme(self.app.theme_variables))
        self.query_one(PageText).refresh(layout=True)

    def show_page(
        self, page: Page, head: str, chosen: Chosen, verdict: Verdict | None, notes: Sequence[str], waiting: str = ""
    ) -> None:
        """``head``: where in the lesson; ``notes``: what goes with the page, a paragraph each."""
        parts: list[RenderableType] = [Text(head, "quiet"), Text(page.title, "title"), Text()]
        answered = verdict is not None and page.question is not None
        if answered and self.screen.has_class("-narrow"):
            parts = [
                Text(f"{page.title} · ", "title").append(head.rpartition(" · ")[2], "quiet")
            ]  # room for what happened
        elif page.question is not None:
            parts += [*([] if answered else [_markdown(page.before)]), *_question(page.question, chosen, verdict)]
        else:
            parts.append(_markdown(page.before))
        if verdict is not None and page.question is not None:
            said, *more = _told(page.question, verdict)
            parts += [Text(), said, Text(), _markdown(page.after), *([Text(), *more] if more else [])]
        elif waiting:
            parts += [Text(), Text(waiting, "here")]
        for note in notes:
            parts += [Text(), Text("▌ ", "here").append_text(inline(note))]
        self.query_one(PageText).update(_Harmless(Group(*parts)))
        self.scroll_home(animate=False)


def plain_links(markdown: str) -> str:
    """Links to lessons and to the glossary as words that stand out: they are opened with a key."""
    return _LINK.sub(r"*\g<text>*", markdown)


def _markdown(text: str) -> Markdown:
    return Markdown(plain_links(text), hyperlinks=False, code_theme="ansi_dark")


def _question(question: Question, chosen: Chosen, verdict: Verdict | None) -> Iterator[RenderableType]:
    yield Text() if verdict is None else Text("", end="")
    yield _markdown(question.question)
    yield Text()
    for n, text in enumerate(texts(question)):
        yield _choice(question, n, text, chosen, verdict)


def _choice(question: Question, n: int, text: str, chosen: Chosen, verdict: Verdict | None) -> Table:
    """A letter and its text, which goes on under itself."""
    one_of = not isinstance(question, Ordering)
    right = verdict is not None and n in verdict.answer.right and one_of
    style = "here" if n in chosen else "reached" if right else ""
    said = inline(text, style)
    said.apply_meta({"choice": n})
    wrong = verdict is not None and verdict.outcome is Outcome.WRONG and n in chosen and one_of
    mark = "✔ " if right else "✘ " if wrong else _mark(question, n, chosen)
    letter = Text(f"{mark}{LETTERS[n]}  ", "wrong" if wrong else style)
    letter.apply_meta({"choice": n})
    line = Table.grid()
    line.add_column(no_wrap=True)
    line.add_column()
    line.add_row(letter, said)
    return line


def _mark(question: Question, n: int, chosen: Chosen) -> str:
    if n not in chosen:
        return "   " if isinstance(question, Ordering) else "  "
    return f"{chosen.index(n) + 1}. " if isinstance(question, Ordering) else "▸ "


def _told(question: Question, verdict: Verdict) -> Iterator[Text]:
    style = {Outcome.RIGHT: "reached", Outcome.WRONG: "wrong"}.get(verdict.outcome, "here")
    for n, sentence in enumerate(sentences(question, verdict)):
        yield inline(sentence, style if n == 0 else "")


def inline(text: str, style: str = "") -> Text:
    """A short text, its `code` standing out."""
    found = Text(style=style)
    at = 0
    for match in _CODE.finditer(text):
        found.append(text[at : match.start()])
        found.append(match[1], "markdown.code")
        at = match.end()
    return found.append(text[at:])


def hint(question: Question | None, chosen: Chosen, answered: bool) -> str:
    """What is to be done with the question in sight; empty when there is nothing to do."""
    if question is None or answered:
        return ""
    if isinstance(question, Ordering):
        left = len(question.entries) - len(chosen)
        return _("Premi le lettere nell'ordine giusto; invio conferma.") if left else _("Invio conferma l'ordine.")
    return _("Invio conferma.") if chosen else _("Scegli una lettera, poi invio.")
