"""The lab: requests as they travel, step by step, and what the user does with them."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.tui import leaving, requests
from passerella.tui.editor import open_in_editor
from passerella.tui.filter_bar import FilterBar, FilterInput
from passerella.tui.inspector import SOURCE, Inspector, Tabs
from passerella.tui.live_lab import LiveLab
from passerella.tui.row_list import RowList
from passerella.tui.source import GONE, Phase
from passerella.tui.source_panel import SourcePanel
from passerella.views.filter_holds import Wanted
from passerella.views.holding import HOLDABLE


class Lab(LiveLab):
    """One server, its journeys, one of them in sight: what the user does changes what is drawn."""

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
        Binding("m", "mark", show=False),
        Binding("c", "compare", show=False),
        Binding("r", "compose", show=False),
        Binding("l", "lanes", show=False),
        Binding("i", "several", show=False),
        Binding("v", "journeys", show=False),
        Binding("z", "zoom", show=False),
        Binding("slash", "filter", show=False),
        Binding("colon,f10,ctrl+p", "commands", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("escape", "back", show=False),
        Binding("q", "app.quit", show=False),
        Binding("t", "app.theme", show=False),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    # ── what the widgets tell ───────────────────────────────────────────────────────────────────────────────────

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        if event.sender.id == "steps":
            self.browsing.go(event.index)
            self.show_row()
        elif event.sender.id == "journeys":
            self._choose(event.index)

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        if event.sender.id == "steps":
            self._open_row()
        elif event.sender.id == "journeys":
            self._choose(event.index)
            self._leave_journeys()

    def on_inspector_changed(self) -> None:
        self.show_explanation()

    def on_source_panel_wanted(self, event: SourcePanel.Wanted) -> None:
        open_in_editor(self.app, event.path, event.line)

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        self.action_tab(event.tab)

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        self.browsing.search(event.query, event.found)
        self.show_journey()

    def on_filter_bar_kept(self) -> None:
        self.action_keep_filter()

    def on_descendant_focus(self) -> None:
        self.show_keys()
        self.show_explanation()

    def on_resize(self) -> None:
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        if self.has_class("-wide"):
            self.remove_class("-list")
        self.show_journey()

    # ── what the user does ──────────────────────────────────────────────────────────────────────────────────────

    def action_none(self) -> None:
        """A key that is only explained."""

    def show_tab(self, tab: int, key: str = "") -> None:
        """Another view of the row in sight; ``key``: to be found in it."""
        if key:
            self.query_one(Inspector).follow(key)
        self.action_tab(tab)

    def go_to(self, position: int) -> None:
        """To a row, as if the user went there."""
        self.browsing.go(position)
        self.show_row()

    def action_step(self, by: int) -> None:
        if self.browsing.move(by):
            self.show_row()

    def action_level(self, by: int) -> None:
        if self.browsing.change_level(by):
            self.make_room()
            self.show_steps()
            self.show_row()
        elif by > 0 and self.browsing.row is not None:
            self.action_tab(SOURCE)  # the fourth level is the code (design §3)

    def action_tab(self, tab: int) -> None:
        inside = self.focused is not None and self.query_one(Inspector) in self.focused.ancestors
        self.browsing.tab = tab
        self.show_row()
        if inside:
            self.query_one(Inspector).focus_content()

    def action_zoom(self) -> None:
        """The inspector alone, with what there is to say of it; and back."""
        if not self.browsing.total:
            return
        self.toggle_class("-full")
        alone = self.has_class("-full")
        self.remove_class("-list")
        self.call_after_refresh(self._zoomed, alone)

    def _zoomed(self, alone: bool) -> None:
        if alone:
            self.query_one(Inspector).focus_content()
        else:
            self.query_one("#steps").focus()
        self.show_journey()

    def action_mark(self) -> None:
        """Compare every step with this one; again on it, with the one before as usual."""
        if self.browsing.row is not None:
            self.browsing.mark()
            self.show_steps()
            self.show_row()

    def action_open(self) -> None:
        if self.has_class("-list"):
            self._leave_journeys()
        else:
            self._open_row()

    def action_journeys(self) -> None:
        if not self.browsing.total:
            return
        self.remove_class("-full")
        if self.has_class("-narrow"):
            self.toggle_class("-list")
            self.show_keys()
        listed = self.has_class("-wide") or self.has_class("-list")
        self.call_after_refresh(self.query_one("#journeys" if listed else "#steps").focus)

    def action_filter(self) -> None:
        if not self.browsing.total:
            return
        self.remove_class("-full")
        if self.has_class("-narrow"):
            self.add_class("-list")
        self.query_one(FilterBar).open(self.browsing.newest)

    def action_keep_filter(self) -> None:
        self.query_one(FilterBar).fold()
        self.query_one("#journeys").focus()

    def action_complete_filter(self) -> None:
        self.query_one(FilterBar).complete()

    def action_back(self) -> None:
        """One thing less: the filter, the list of journeys, the panel, the tour, the lab."""
        bar = self.query_one(FilterBar)
        if bar.display:
            bar.clear()
            self.query_one("#journeys").focus()
        elif self.has_class("-list"):
            self._leave_journeys()
        elif self.has_class("-full"):
            self.action_zoom()
        elif self.tour is not None:
            self.tour.action_leave()
        elif self.can_go_back():
            self.query_one("#steps").focus()
        elif self.home is not None:
            leaving.leave(self, self.home)

    def action_hold(self) -> None:
        """Let go what is held; if nothing is, hold the journeys to come at the place of this row, or no more."""
        row = self.browsing.row
        if self.status.phase is Phase.RECORDED:
            self.notify(_("Questa è una registrazione: non c'è niente da fermare."), markup=False)
        elif self.holds.resume(self.browsing.journey):
            self.browsing.await_hold()
        elif row is None:
            from passerella.tui.hold_chooser import choose_place

            choose_place(self)
        elif row.step.station in HOLDABLE:
            self.hold_at(row.step.station, row.step.direction)
        else:
            self.notify(_("Qui non si può fermare: scegli un passo dal Socket in poi."), markup=False)

    def hold_at(self, station: str, way: str, *, blocking: bool = False) -> None:
        """Hold the journeys to come there, and look at the next one; or hold them there no more."""
        if self.holds.toggle(station, way, blocking=blocking):
            self.browsing.follow()
        self.show_status()
        self.show_journeys()

    def hold_only(self, station: str, way: str, wanted: Wanted) -> None:
        """Hold there only some of the journeys to come."""
        self.holds.only(station, way, wanted)
        self.browsing.follow()
        self.show_status()

    def action_onward(self) -> None:
        if self.browsing.journey is not None and self.holds.onward(self.browsing.journey):
            self.browsing.await_hold()

    def release_all(self) -> None:
        self.holds.release_all()
        self.show_status()

    def action_compose(self) -> None:
        """A new request; from a server that is no more, that it starts again."""
        if self.status.phase in GONE:
            leaving.start_again(self)
        else:
            requests.compose(self)

    def action_tour(self) -> None:
        """The next stop of the tour."""
        if self.tour is not None:
            self.tour.action_onward()

    def action_compare(self) -> None:
        from passerella.tui.comparing import compare

        compare(self)

    def action_lanes(self) -> None:
        from passerella.tui.looking_closer import show_lanes

        show_lanes(self)

    def action_several(self) -> None:
        """The same request several times at once, on the lanes."""
        from passerella.tui.looking_closer import show_several

        if self.status.phase is not Phase.RECORDED:
            show_several(self)

    def look_at(self, journey: Journey) -> None:
        self.browsing.choose(journey)
        self.show_journey()

    def action_commands(self) -> None:
        from passerella.tui.commands import choose_command

        choose_command(self)

    def action_help(self) -> None:
        from passerella.tui.help import help_text
        from passerella.tui.notice import Notice

        front, filtering = self.query_one(Inspector).subject(), isinstance(self.focused, FilterInput)
        self.app.push_screen(Notice(_("Aiuto"), help_text(self.browsing, self.status, front, filtering=filtering)))

    def _choose(self, index: int) -> None:
        if index < len(self.browsing.journeys):
            self.browsing.choose(self.browsing.journeys[index])
            self.show_journey()

    def _leave_journeys(self) -> None:
        self.remove_class("-list")
        self.show_keys()
        self.call_after_refresh(self.query_one("#steps").focus)

    def _open_row(self) -> None:
        if self.browsing.toggle_row():
            self.show_steps()
            self.show_row()
