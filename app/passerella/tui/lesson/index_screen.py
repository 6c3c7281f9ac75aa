"""The index: the lessons, how far each is, and a line to search in all of them."""

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from passerella.language import _
from passerella.lessons.model import Lesson
from passerella.lessons.progress import Progress
from passerella.lessons.searching import Hit, search
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.row_list import Line, RowList
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lesson.desk import Desk

_TITLE = 44


class IndexScreen(Screen[None]):
    """«invio» opens what is under the cursor."""

    CSS_PATH = "lesson.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", show=False),
        Binding("g", "glossary", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("escape", "back", show=False),
        Binding("t", "app.theme", show=False),
        Binding("q", "app.quit", show=False),
    ]

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk
        self._lessons = list(desk.course)
        self._hits: list[Hit] | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="lesson-title", markup=False)
        yield Input(placeholder=_("cerca in tutte le lezioni"), id="search", select_on_focus=False)
        yield RowList(id="lessons")
        yield Static("", id="about", markup=False)
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.query_one("#search").display = False
        self.query_one("#lesson-title", Static).update(
            Content.assemble((" Passerella", "bold $here"), "  ", _("Lezioni"))
        )
        self._show_list(self._first_open())
        self.query_one(RowList).focus()

    def on_screen_resume(self) -> None:
        self._show_list(self.query_one(RowList).cursor)

    def _first_open(self) -> int:
        """Where one goes on: the first lesson that is not finished."""
        progress = self.desk.progress
        return next((n for n, each in enumerate(self._lessons) if not progress.of(each.id).finished), 0)

    def _show_list(self, cursor: int = 0) -> None:
        listed = self.query_one(RowList)
        if self._hits is not None:
            listed.show(len(self._hits), self._hit_line, cursor)
        else:
            listed.show(len(self._lessons), self._lesson_line, cursor)
        self._tell()
        self.query_one(KeysBar).show(
            [
                Key("↑ ↓", _("scegli"), "none"),
                Key(_("invio"), _("apri"), "open", 0),
                Key("/", _("cerca"), "search"),
                Key("g", _("glossario"), "glossary", 2),
                Key("?", _("aiuto"), "help", 2),
                Key("esc", _("indietro"), "back"),
                Key("q", _("esci"), "app.quit", 0),
            ]
        )

    def _lesson_line(self, index: int, width: int) -> Line:
        lesson = self._lessons[index]
        mark, token = state(lesson, self.desk.progress)
        title = _column(f"{lesson.number:>2}  {visible(lesson.title)}")
        return [(f"{mark} ", token), (title, "strong"), (visible(lesson.heading.question), "quiet")]

    def _hit_line(self, index: int, width: int) -> Line:
        hit = (self._hits or [])[index]
        title = _column(f"{hit.lesson.number:>2}  {visible(hit.page.title)}")
        return [("  ", ""), (title, "strong"), (visible(hit.excerpt), "quiet")]

    def _tell(self) -> None:
        """What there is to say of the line under the cursor."""
        lesson = self._under_cursor()
        said = "" if lesson is None else about(lesson, self.desk.progress)
        if self._hits is not None and not self._hits:
            said = _("Nessuna pagina ha tutte queste parole.")
        self.query_one("#about", Static).update(said)

    def _under_cursor(self) -> Lesson | None:
        cursor = self.query_one(RowList).cursor
        if self._hits is not None:
            return self._hits[cursor].lesson if cursor < len(self._hits) else None
        return self._lessons[cursor] if cursor < len(self._lessons) else None

    def on_row_list_moved(self) -> None:
        self._tell()

    def on_row_list_chosen(self) -> None:
        self.action_open()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._hits = list(search(self._lessons, event.value)) if event.value.strip() else None
        self._show_list()

    def on_input_submitted(self) -> None:
        self.query_one(RowList).focus()

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_open(self) -> None:
        cursor = self.query_one(RowList).cursor
        if self._hits:
            self.desk.open_lesson(self._hits[cursor].lesson, self._hits[cursor].page.name)
        elif self._hits is None and self._lessons:
            self.desk.open_lesson(self._lessons[cursor])

    def action_search(self) -> None:
        self.query_one("#search").display = True
        self.query_one("#search").focus()

    def action_glossary(self) -> None:
        self.desk.open_glossary(None)

    def action_help(self) -> None:
        self.desk.open_index_help()

    def action_back(self) -> None:
        if self.query_one("#search").display:
            self.query_one("#search", Input).value = ""
            self.query_one("#search").display = False
            self._hits = None
            self._show_list()
            self.query_one(RowList).focus()
        else:
            self.desk.leave_index()


def _column(text: str) -> str:
    """As wide as the others, with air after it; «…» where it is too long."""
    return set_cell_size(text if cell_len(text) < _TITLE - 1 else set_cell_size(text, _TITLE - 3) + "…", _TITLE)


def state(lesson: Lesson, progress: Progress) -> tuple[str, str]:
    """A mark for how far a lesson is, and its colour."""
    taken = progress.lessons.get(lesson.id)
    if taken is None or not (taken.finished or taken.page or taken.replies):
        return "○", "quiet"
    return ("●", "reached") if taken.finished else ("◐", "here")


def about(lesson: Lesson, progress: Progress) -> str:
    """What one learns there, how long it takes, how far one is."""
    taken = progress.lessons.get(lesson.id)
    known = set(lesson.questions)
    replies = [reply for name, reply in taken.replies.items() if name in known] if taken is not None else []
    right = sum(reply.outcome == "giusta" for reply in replies)
    how_far = (
        _("{right} giuste su {done} risposte").format(right=right, done=len(replies)) if replies else _("da cominciare")
    )
    goals = " · ".join(lesson.heading.goals)
    return _("{minutes} minuti · {how_far}\n{goals}").format(
        minutes=lesson.heading.minutes, how_far=how_far, goals=goals
    )
