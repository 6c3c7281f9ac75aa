"""The lab while its server runs: what arrives is taken in as it comes, and shown at its pace."""

from collections.abc import Callable

from passerella.language import _
from passerella.tui import preferences
from passerella.tui.arrivals import Arrivals
from passerella.tui.base_app import OurApp
from passerella.tui.browsing import PACE, Browsing
from passerella.tui.filter_bar import FilterBar
from passerella.tui.lab_view import LabView
from passerella.tui.messages import Became, Heard, Recorded, Said
from passerella.tui.painting import paint_soon
from passerella.tui.requests import Requests
from passerella.tui.source import Batch, Change, LiveSource, Phase, Status
from passerella.tui.title_bar import TitleBar
from passerella.tui.watching import Watching
from passerella.views.rows import PASSAGES
from passerella.views.visible import visible


class LiveLab(LabView):
    """One server at a time: what is heard of it changes what is drawn."""

    def __init__(
        self,
        live: LiveSource,
        *,
        plain: bool = False,
        level: int = PASSAGES,
        home: Callable[[], None] | None = None,
        at_once: bool = False,
    ) -> None:
        """``home``: where «esc» goes when there is nothing left to close; ``at_once``: begin before anything is painted."""
        super().__init__(live, plain=plain, level=level, home=home)
        self.live = live
        self.watching = Watching(self)
        self._at_once = at_once
        self._arrivals = Arrivals(self, self._feed, self._show_news, self._answering, self._at_keys)
        self._ours: OurApp | None = None
        self._catching_up = False
        self._held = False  # somebody was held, or goes on, since the last news
        self._unseen = False  # something came while a dialog was open

    def on_mount(self) -> None:
        self._ours = self.app if isinstance(self.app, OurApp) else None
        self.make_room()
        self.query_one("#map").border_title = _("Mappa")
        self.show_everything()
        self.query_one("#steps").focus()
        if self._at_once:
            self.start()
        else:
            self.call_after_refresh(self.start)

    def start(self, change: Change | None = None) -> None:
        """Start the server, the same as before or another one; nothing of the one before stays."""
        self.browsing = Browsing(self.browsing.level)
        self.holds.forget()
        self.remove_class("-list", "-full")
        self.query_one(FilterBar).clear()
        if change is not None:
            self.requests = Requests(self.live)
        self.requests.under_way = False
        self.status = Status(Phase.STARTING, server=self.status.server if change is None else "")
        self.show_everything()
        self.live.start(self._arrivals.begin(), change)
        self.watching.follow(self.live.folder)

    def on_heard(self, message: Heard) -> None:
        if message.era == self._arrivals.era:
            self._arrivals.wake()

    def on_recorded(self, message: Recorded) -> None:
        if message.era == self._arrivals.era:
            self.browsing.adopt(message.journeys)
            self.show_everything()
            self.call_after_refresh(message.painted)

    def on_became(self, message: Became) -> None:
        if message.era == self._arrivals.era:
            self.status = message.status
            if self.status.phase is Phase.READY:
                from passerella.tui.changing import running_title  # with all the scenarios: a recording has none

                preferences.remember_change(self.live.running, running_title(self.live.running))
            self.watching.follow(self.live.folder)
            self.show_status()

    def on_said(self, message: Said) -> None:
        if message.era == self._arrivals.era:
            self.notify(visible(message.sentence), markup=False)

    def _answering(self) -> bool:
        """Asked by other threads too, which know of no app, and when the screen is there no more."""
        return self._ours is not None and self._ours.answering

    def _at_keys(self) -> bool:
        return self._ours is not None and self._ours.at_keys

    def _feed(self, batch: Batch) -> None:
        self.browsing.feed(batch)
        self._held |= self.holds.feed(batch)

    def _show_news(self) -> None:
        held, self._held = self._held, False
        before = self.browsing.journey, self.browsing.row
        news = self.browsing.settle()
        if news.some:
            self.holds.settle()
        if self.query_one_optional("#journeys") is None:
            return  # it is being closed: what is inside goes first
        if not self.is_current:  # under a dialog: to paint it, and what is over it, would only make that slow
            self._unseen = self._unseen or news.some or held
            return
        if news.some:
            self.show_journeys()
            if news.mine:
                self.show_steps()
            if held or (news.mine and (self.browsing.journey, self.browsing.row) != before):
                self.show_row()
            elif news.mine:
                self.show_map()  # it has come by more places
            if before[0] is None or self.load() != self.query_one(TitleBar).load:
                self.show_status()
        if held:
            self.show_keys()
        paint_soon(self.app)
        if self.browsing.behind and not self._catching_up:
            self._catching_up = True
            self.set_timer(PACE, self._catch_up)

    def _catch_up(self) -> None:
        self._catching_up = False
        if self.is_current and self.browsing.behind and self.browsing.catch_up():
            self.show_journey()

    def on_screen_suspend(self) -> None:
        self.show_keys()

    def on_screen_resume(self) -> None:
        if self._unseen:
            self._unseen = False
            if self.browsing.behind:
                self.browsing.catch_up()
            self.show_everything()
        self.show_keys()
