"""The lab: requests as they travel, step by step."""

import time
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from passerella.language import _, plural
from passerella.tui import lines
from passerella.tui.browsing import Browsing
from passerella.tui.explain import Explain
from passerella.tui.holds import Holds
from passerella.tui.inspector import Inspector, Tabs
from passerella.tui.keys_bar import Key, KeysBar
from passerella.tui.map_view import MapView
from passerella.tui.messages import Became, Heard, Said
from passerella.tui.row_list import RowList
from passerella.tui.source import Batch, LiveSource, Phase, Status
from passerella.tui.title_bar import TitleBar
from passerella.tui.welcome import banner, welcome
from passerella.views.headings import heading
from passerella.views.holding import HOLDABLE
from passerella.views.inspector import explanation
from passerella.views.map import map_at
from passerella.views.rows import EVERYTHING, PASSAGES, STATIONS
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.compose_request import Asked

_BEAT = 1 / 30  # seconds between two takings-in of what arrived

_FIRST_REQUEST = "GET /"


class _Door:
    """What a source speaks to. It posts messages, and nothing else: it is called from other threads."""

    def __init__(self, screen: "Lab", era: int) -> None:
        self._screen = screen
        self._era = era

    def heard(self, batch: Batch) -> None:
        self._screen.post_message(Heard(self._era, batch))

    def became(self, status: Status) -> None:
        self._screen.post_message(Became(self._era, status))

    def said(self, sentence: str) -> None:
        self._screen.post_message(Said(self._era, sentence))


class Lab(Screen[None]):
    """One server, its journeys, one of them in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
        Binding("plus,equals_sign", "level(1)", show=False),
        Binding("minus", "level(-1)", show=False),
        Binding("1", "tab(1)", show=False),
        Binding("2", "tab(2)", show=False),
        Binding("3", "tab(3)", show=False),
        Binding("4", "tab(4)", show=False),
        Binding("space", "hold", show=False),
        Binding("n", "onward", show=False),
        Binding("r", "compose", show=False),
        Binding("v", "journeys", show=False),
        Binding("slash", "filter", show=False),
        Binding("colon,f10,ctrl+p", "commands", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("escape", "back", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - so Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, live: LiveSource, *, plain: bool = False, level: int = PASSAGES) -> None:
        super().__init__()
        self.live = live
        self.browsing = Browsing(level)
        self.holds = Holds(live)
        self.status = Status(Phase.STARTING)
        self._plain = plain
        self._era = 0
        self._inbox: list[Batch] = []
        self._beat = 0.0
        self._beating = False
        self._asked: Asked | None = None
        self._sent = False

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield MapView(self._plain, id="map")
        yield Static("", id="banner", markup=False)
        with Vertical(id="waiting"):
            yield Static("", id="welcome", markup=False)
        with Horizontal(id="main"):
            with Vertical(id="left"):
                yield RowList(id="journeys")
                yield Input(id="filter", placeholder=_("metodo, percorso o stato"), select_on_focus=False)
                yield RowList(id="steps")
            with Vertical(id="right"):
                yield Inspector(id="inspector")
                yield Explain(id="explain")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        self.set_class(self.browsing.level == EVERYTHING, "-everything")
        self.query_one("#map").border_title = _("Mappa")
        self.query_one("#filter").display = False
        self._show_everything()
        self.query_one("#steps").focus()
        self.call_after_refresh(self.start)

    def start(self, scenario: str = "") -> None:
        """Start the server, the same as before or that of a scenario; nothing of the one before stays."""
        self._era += 1
        self.browsing = Browsing(self.browsing.level)
        self.holds.forget()
        self._inbox.clear()
        self.remove_class("-list")
        field = self.query_one("#filter", Input)
        field.value, field.display = "", False
        if scenario:
            self._asked = None
        self._sent = False
        self.status = Status(Phase.STARTING, server=self.status.server if not scenario else "")
        self._show_everything()
        self.live.start(_Door(self, self._era), scenario)

    # ── what arrives ────────────────────────────────────────────────────────────────────────────────────────────

    def on_heard(self, message: Heard) -> None:
        if message.era != self._era:
            return
        self._inbox.append(message.batch)
        if not self._beating:
            self._beating = True
            self.set_timer(max(0.001, self._beat + _BEAT - time.monotonic()), self._take_in)

    def on_became(self, message: Became) -> None:
        if message.era == self._era:
            self.status = message.status
            self._show_status()

    def on_said(self, message: Said) -> None:
        if message.era == self._era:
            self.notify(visible(message.sentence), markup=False)

    def _take_in(self) -> None:
        self._beating = False
        self._beat = time.monotonic()
        inbox, self._inbox = self._inbox, []
        held = False
        for batch in inbox:
            self.browsing.feed(batch)
            held |= self.holds.feed(batch)
        before = self.browsing.journey, self.browsing.row
        if self.browsing.settle():
            self.holds.settle()
            self._show_journeys()
            self._show_steps()
            if (self.browsing.journey, self.browsing.row) != before or held:
                self._show_row()
            if before[0] is None:
                self._show_status()
        if held:
            self._show_keys()

    # ── what is drawn ───────────────────────────────────────────────────────────────────────────────────────────

    def _show_everything(self) -> None:
        self._show_status()
        self._show_journeys()
        self._show_steps()
        self._show_row()

    def _show_status(self) -> None:
        any_journey = self.browsing.total > 0
        self.query_one(TitleBar).show(self.status, self.holds.title())
        warning = banner(self.status) if any_journey else None
        line = self.query_one("#banner", Static)
        line.display = warning is not None
        if warning is not None:
            line.update(warning)
        self.query_one("#main").display = any_journey
        self.query_one("#waiting").display = not any_journey
        self.query_one("#welcome", Static).update(welcome(self.status, self._sent))
        if any_journey and self.focused is None and self.is_current:
            self.query_one("#steps").focus()
        self._show_keys()

    def _show_journeys(self) -> None:
        browsing = self.browsing
        journeys = self.query_one("#journeys", RowList)
        shown = browsing.journeys
        journeys.show(len(shown), lambda index, width: lines.journey_line(shown[index], width), browsing.index())
        count = str(len(shown))
        if browsing.query:
            count = _("{n} di {all} con «{query}»").format(
                n=len(shown), all=browsing.total, query=visible(browsing.query, 20)
            )
        title = f"{_('Viaggi')} · {count}"
        if browsing.fresh:
            title += " · " + plural("{n} nuovo", "{n} nuovi", browsing.fresh).format(n=browsing.fresh)
        journeys.border_title = _titled(self, title)

    def _show_steps(self) -> None:
        browsing = self.browsing
        steps = self.query_one("#steps", RowList)
        rows = browsing.rows
        labels = lines.label_column(rows)
        steps.show(len(rows), lambda index, width: lines.row_line(rows[index], width, labels), browsing.position)
        self._title_steps()

    def _title_steps(self) -> None:
        browsing = self.browsing
        steps = self.query_one("#steps", RowList)
        rows_exist = bool(browsing.rows)
        name = {STATIONS: _("Stazioni"), PASSAGES: _("Passi"), EVERYTHING: _("Tutti i passi")}[browsing.level]
        where = f"{browsing.position + 1}/{len(browsing.rows)}" if rows_exist else ""
        parts = [name, where]
        if self.has_class("-narrow") and browsing.journey is not None:
            parts.append(heading(browsing.journey))
            if browsing.fresh:
                parts.append(plural("{n} nuovo", "{n} nuovi", browsing.fresh).format(n=browsing.fresh))
        times = _("durate in ms") if browsing.level == EVERYTHING else _("tempi in ms")
        steps.border_subtitle = times if rows_exist else None
        steps.border_title = _titled(self, " · ".join(part for part in parts if part))

    def _show_row(self) -> None:
        browsing = self.browsing
        journey, row = browsing.journey, browsing.row
        self.query_one("#steps", RowList).cursor = browsing.position
        self._title_steps()
        step = _("passo {n}").format(n=browsing.position + 1) if row is not None else ""
        self.query_one(MapView).show(map_at(row, journey, browsing.places), step)
        self.query_one(Inspector).show(journey, row, browsing.tab)
        self._explain()
        self._show_keys()

    def _explain(self) -> None:
        browsing = self.browsing
        about = self.query_one(Inspector).subject()
        if about is None and browsing.journey is not None and browsing.row is not None:
            about = explanation(browsing.journey, browsing.row)
        held = self.holds.sentence(browsing.journey) if browsing.journey is not None else ""
        self.query_one(Explain).show(about, held)

    def _show_keys(self) -> None:
        self.query_one(KeysBar).show(self._keys() if self.is_active else [])

    def _keys(self) -> list[Key]:
        if isinstance(self.focused, Input):
            return [Key(_("invio"), _("tieni il filtro"), "keep_filter"), Key("esc", _("togli il filtro"), "back")]
        send = [Key("r", _("richiesta"), "compose", 1)] if self.status.phase is Phase.READY else []
        last = [
            Key(":", _("comandi"), "commands", 1),
            Key("?", _("aiuto"), "help", 1),
            Key("q", _("esci"), "app.quit", 1),
        ]
        if self._can_go_back():
            last.insert(-1, Key("esc", _("indietro"), "back", 6))
        if not self.browsing.total:
            return [*send, Key(_("spazio"), _("ferma"), "hold", 2), *last]
        if self.has_class("-list"):
            return [
                Key("↑ ↓", _("viaggio"), "none"),
                Key(_("invio"), _("apri"), "open"),
                Key("/", _("filtra"), "filter"),
                *last,
            ]
        return [
            Key("← →", _("passo"), "step(1)", 0),
            Key("+ -", _("dettaglio"), "level(1)", 1),
            *self._hold_keys(),
            Key(_("invio"), _("apri"), "open", 5),
            *send,
            Key("v", _("viaggi"), "journeys", 2 if self.has_class("-narrow") else 4),
            Key("/", _("filtra"), "filter", 3),
            *last,
        ]

    def _hold_keys(self) -> list[Key]:
        if not self.holds.count:
            row = self.browsing.row
            armed = row is not None and self.holds.at(row.step.station, row.step.direction)
            return [Key(_("spazio"), _("non fermare") if armed else _("ferma"), "hold", 1)]
        resume = Key(_("spazio"), _("riprendi"), "hold", 0)
        mine = self.browsing.journey is not None and self.holds.sentence(self.browsing.journey)
        return [resume, Key("n", _("prossima stazione"), "onward", 0)] if mine else [resume]

    def _can_go_back(self) -> bool:
        field, steps = self.query_one("#filter"), self.query_one("#steps")
        return field.display or self.has_class("-list") or (self.browsing.total > 0 and not steps.has_focus)

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        if event.sender.id == "steps":
            self.browsing.go(event.index)
            self._show_row()
        elif event.sender.id == "journeys":
            self._choose(event.index)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        if event.sender.id == "steps":
            self._open_row()
        elif event.sender.id == "journeys":
            self._choose(event.index)
            self._leave_journeys()

    def on_inspector_subject(self) -> None:
        self._explain()

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        self.action_tab(event.tab)

    def on_descendant_focus(self) -> None:
        self._show_keys()
        self._explain()

    def on_screen_suspend(self) -> None:
        self._show_keys()

    def on_screen_resume(self) -> None:
        self._show_keys()

    def on_resize(self) -> None:
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        if self.has_class("-wide"):
            self.remove_class("-list")
        self._show_keys()
        self._title_steps()
        self._show_row()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.browsing.search(event.value)
        self._show_journeys()
        self._show_steps()
        self._show_row()

    def on_input_submitted(self) -> None:
        self.action_keep_filter()

    def action_none(self) -> None:
        """A key that is only explained."""

    def action_step(self, by: int) -> None:
        if self.browsing.move(by):
            self._show_row()

    def action_level(self, by: int) -> None:
        if self.browsing.change_level(by):
            self.set_class(self.browsing.level == EVERYTHING, "-everything")
            self._show_steps()
            self._show_row()

    def action_tab(self, tab: int) -> None:
        inside = self.focused is not None and self.query_one(Inspector) in self.focused.ancestors
        self.browsing.tab = tab
        self._show_row()
        if inside:
            self.query_one(Inspector).focus_content()

    def action_open(self) -> None:
        if self.has_class("-list"):
            self._leave_journeys()
        else:
            self._open_row()

    def action_journeys(self) -> None:
        if not self.browsing.total:
            return
        if self.has_class("-narrow"):
            self.toggle_class("-list")
            self._show_keys()
        listed = self.has_class("-wide") or self.has_class("-list")
        self.call_after_refresh(self.query_one("#journeys" if listed else "#steps").focus)

    def action_filter(self) -> None:
        if not self.browsing.total:
            return
        if self.has_class("-narrow"):
            self.add_class("-list")
        field = self.query_one("#filter", Input)
        field.display = True
        self.call_after_refresh(field.focus)

    def action_keep_filter(self) -> None:
        self.query_one("#filter").display = bool(self.browsing.query)
        self.query_one("#journeys").focus()

    def action_back(self) -> None:
        """One thing less: the filter, the list of journeys, the panel."""
        field = self.query_one("#filter", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.query_one("#journeys").focus()
        elif self.has_class("-list"):
            self._leave_journeys()
        else:
            self.query_one("#steps").focus()

    def action_hold(self) -> None:
        """Let go what is held; if nothing is, hold the journeys to come at the place of this row, or no more."""
        row = self.browsing.row
        if self.holds.resume(self.browsing.journey):
            self.browsing.await_hold()
        elif row is None:
            from passerella.tui.commands import choose_place

            choose_place(self)
        elif row.step.station in HOLDABLE:
            self.hold_at(row.step.station, row.step.direction)
        else:
            self.notify(_("Qui non si può fermare: scegli un passo dal Socket in poi."), markup=False)

    def hold_at(self, station: str, way: str) -> None:
        """Hold the journeys to come there, and look at the next one; or hold them there no more."""
        if self.holds.toggle(station, way):
            self.browsing.follow()
        self._show_status()
        self._show_journeys()

    def action_onward(self) -> None:
        if self.browsing.journey is not None and self.holds.onward(self.browsing.journey):
            self.browsing.await_hold()

    def release_all(self) -> None:
        self.holds.release_all()
        self._show_status()

    def action_compose(self) -> None:
        from passerella.tui.compose_request import Asked, ComposeRequest

        if self.status.phase is not Phase.READY:
            self.notify(_("Il server non è pronto: non può ricevere richieste."), markup=False)
            return
        ready = [Asked(line, "", self.live.bodies.get(line, "")) for line in self.live.requests]
        last = self._asked or next(iter(ready), Asked(_FIRST_REQUEST))
        self.app.push_screen(ComposeRequest(last, ready, self._send))

    def _send(self, asked: "Asked") -> None:
        """:raises PasserellaError: it cannot be sent."""
        self.live.send(asked.line, asked.pairs(), asked.body.encode() if asked.body else None)
        self._asked = asked
        self._sent = True
        self.browsing.follow()
        self._show_journeys()
        self._show_status()

    def action_commands(self) -> None:
        from passerella.tui.commands import choose_command

        choose_command(self)

    def action_help(self) -> None:
        from passerella.tui.chooser import Notice
        from passerella.tui.help import help_text

        self.app.push_screen(Notice(_("Aiuto"), help_text(self.browsing, self.status)))

    def _choose(self, index: int) -> None:
        if index < len(self.browsing.journeys):
            self.browsing.choose(self.browsing.journeys[index])
            self._show_journeys()
            self._show_steps()
            self._show_row()

    def _leave_journeys(self) -> None:
        self.remove_class("-list")
        self._show_keys()
        self.call_after_refresh(self.query_one("#steps").focus)

    def _open_row(self) -> None:
        if self.browsing.toggle_row():
            self._show_steps()
            self._show_row()


def _titled(screen: Screen[None], title: str) -> Content:
    """A title on a border; where there is only its upper side, the air around it is ours."""
    return Content(f" {title} " if screen.has_class("-narrow") else title)
