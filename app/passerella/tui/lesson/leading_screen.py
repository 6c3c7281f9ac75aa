"""A leg of a path on the screen: a lesson's pages, with the time, the class's votes and what to ask."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from passerella.language import _
from passerella.lessons.leading import Leading
from passerella.lessons.model import Prediction
from passerella.lessons.verdict import texts
from passerella.lessons.voting import Hands
from passerella.tui.help_parts import said
from passerella.tui.keys_bar import Key
from passerella.tui.lesson.hands import CountHands, ShowHands
from passerella.tui.lesson.screen import LessonScreen
from passerella.tui.notice import Notice

if TYPE_CHECKING:
    from passerella.tui.lesson.path_desk import PathDesk

_SECOND = 1.0


class LeadingScreen(LessonScreen):
    """For who teaches: the class answers with its hands, and «svela» shows what happened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hands", show=False),
        Binding("n", "notes", show=False),
        Binding("s", "reveal", show=False),
    ]

    def __init__(self, leading: Leading, desk: "PathDesk", *, plain: bool = False) -> None:
        super().__init__(leading, desk, plain=plain)  # the class sees this screen: what is for the teacher is under «n»
        self.leading = leading
        self.path_desk = desk

    def on_mount(self) -> None:
        """Besides what every lesson does: Textual calls both."""
        self.set_interval(_SECOND, self._show_time)

    def _show_text(self) -> None:
        super()._show_text()
        self._show_time()

    def _show_time(self) -> None:
        self.query_one("#lesson-title", Static).update(self.path_desk.title())

    def _keys(self) -> list[Key]:
        """As for who takes the lesson; but a question is voted and revealed."""
        own = [Key("n", _("note"), "notes", 1)]
        if self._votable() and (self.sight.open_question or not self.leading.vote.open):
            own.insert(0, Key("h", _("mani"), "hands", 0))
        renamed = {"skip": Key("s", _("svela"), "reveal", 0), "back": Key("esc", _("tappe"), "back", 1)}
        shown = [renamed.get(each.action, each) for each in super()._keys()]
        return [*shown[:1], *own, *shown[1:]]

    def _votable(self) -> bool:
        return isinstance(self.taking.question, Prediction)

    def action_notes(self) -> None:
        """Those of the page, then those of the leg."""
        parts = [
            part for note in self.taking.stop.page.notes if note.reader for part in said(_("Questa pagina"), note.text)
        ]
        self.app.push_screen(Notice(_("Per chi insegna"), [*parts, *self.path_desk.notes()]))

    def action_hands(self) -> None:
        """Count, twice; then see both."""
        question = self.taking.question
        if (
            question is None
            or not self._votable()
            or self.sight.busy
            or (self.leading.vote.open and not self.sight.open_question)
        ):
            return
        vote = self.leading.vote
        if vote.open:
            self.app.push_screen(CountHands(texts(question), len(vote.rounds) + 1), self._counted)
        else:
            self.app.push_screen(ShowHands(texts(question), vote), self._seen)

    def _counted(self, hands: Hands | None) -> None:
        if hands is None:
            return
        self.leading.votes[self.leading.index] = self.leading.vote.counted(hands)
        if self.leading.vote.open:
            self.notify(_("Contate. Ora falli discutere a coppie, poi premi h e conta di nuovo."), markup=False)
        else:
            self.action_hands()

    def _seen(self, what: str | None) -> None:
        if what == "again":
            self.leading.votes.pop(self.leading.index, None)
            self.action_hands()
        elif what == "reveal":
            self.action_reveal()

    def action_reveal(self) -> None:
        """The answer of the class, where it has one; else what was chosen here; else none."""
        if not self.sight.open_question or self.sight.busy:
            return
        winner = self.leading.vote.winner
        self._judge((winner,) if winner is not None else self.sight.chosen if self._votable() else ())
