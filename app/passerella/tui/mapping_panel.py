"""``environ`` or ``scope``, a line a key."""

from typing import NamedTuple

from passerella.journeys.model import Journey
from passerella.language import _
from passerella.probe.vocabulary import OUTBOUND, PROXY
from passerella.tui import lines
from passerella.tui.panel import Panel, Seen, Subject
from passerella.tui.proxy_lines import proxy_lines
from passerella.tui.row_list import Line, RowList
from passerella.views.inspector import (
    EnvironLine,
    Explanation,
    bytes_at,
    environ_lines,
    key_explanation,
    mapping_at,
    proxy_view,
    unfolded,
)
from passerella.views.numbers import keys_count
from passerella.views.visible import visible

_INDENT = 4
_MOST, _LONGEST = 40, 300  # lines of a head, characters of a line


class _Shown(NamedTuple):
    """A line of a key: the first, or one of those into which its value unfolds."""

    key: EnvironLine
    more: str | None = None


class MappingPanel(Panel):
    """«invio» unfolds a value, and the variables of the process."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, always=False)
        self._seen: Seen | None = None
        self._laid = 0  # cells for which the columns were made
        self._shown: list[_Shown] = []
        self._unfolded: set[str] = set()
        self._process = False  # the variables of the process are shown one by one

    def show_row(self, seen: Seen) -> str:
        self._seen, self._laid = seen, self.room
        between = proxy_view(seen.journey) if seen.row.step.station == PROXY else None
        if between is not None:
            self._shown = []
            told = proxy_lines(between, self.room, outbound=seen.row.step.direction == OUTBOUND)
            self.show(len(told), lambda index, _width: told[index], 0, marker=False)
            return between.title
        found = environ_lines(seen.journey, seen.row, opened=self._process, since=seen.since)
        if not found:
            self._shown = []
            self.say(_why_not(seen.journey), _carried(seen))
            return ""
        self._lay(found)
        touched = [index for index, each in enumerate(self._shown) if each.key.sign]
        chosen = [index for index, each in enumerate(self._shown) if each.key.key == seen.key]
        columns = lines.environ_columns(found, self.room)
        self.show(
            len(self._shown),
            lambda index, width: self._line(index, width, columns),
            next(iter([*chosen, *touched]), 0),
        )
        return self._about(seen)

    def subject(self) -> Explanation | None:
        """The explanation of the key under the cursor."""
        if self._seen is None or not self._shown:
            return None
        key = self._under_cursor.key
        return None if key.folded else key_explanation(self._seen.journey, key)

    def on_resize(self) -> None:
        if self._seen is not None and self._laid != self.room:
            cursor = self.cursor
            self.show_row(self._seen)
            self.cursor = min(cursor, max(0, self.count - 1))

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        event.stop()
        if self._shown:
            self.post_message(Subject(self._under_cursor.key.key))

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        if self._seen is None or not self._shown:
            return
        key = self._under_cursor.key
        if key.folded:
            self._process = not self._process
        else:
            self._unfolded ^= {key.key}
        self.show_row(self._seen._replace(key=key.key))

    @property
    def _under_cursor(self) -> _Shown:
        return self._shown[min(self.cursor, len(self._shown) - 1)]

    def _lay(self, found: list[EnvironLine]) -> None:
        self._shown = []
        for key in found:
            self._shown.append(_Shown(key))
            if key.key in self._unfolded and not key.folded:
                self._shown += [_Shown(key, text) for text in unfolded(key.whole, self.room - _INDENT - 3)]

    def _line(self, index: int, width: int, columns: lines.Columns) -> Line:
        each = self._shown[index]
        if each.more is not None:
            return [(" " * _INDENT, ""), (each.more, "strong")]
        line = lines.environ_line(each.key, width, columns, opened=self._process)
        followed = self._seen is not None and each.key.key == self._seen.key and not self.has_focus
        return [(text, "lit" if followed and text.strip() == each.key.key else token) for text, token in line]

    def _about(self, seen: Seen) -> str:
        mapping = mapping_at(seen.journey, seen.row, seen.since)
        signs = list(mapping.signs.values())
        changes = [f"{sign}{signs.count(sign)}" for sign in dict.fromkeys(signs)]
        since = [_("da {label}").format(label=seen.since.label)] if seen.since is not None else []
        count = len(mapping.values) - signs.count("−")
        return " · ".join([keys_count(count), *changes, *since])


def _why_not(journey: Journey) -> str:
    """Why there is no mapping to see."""
    name = "scope" if journey.interface == "asgi" else "environ"
    if journey.complete and not any(step.mapping for step in journey.steps):
        return _("In questo viaggio {name} non c'è: nessuno ha chiamato l'app. Con 2 vedi i byte.").format(name=name)
    return _(
        "Qui {name} non c'è ancora: lo costruisce il server quando ha letto le intestazioni. "
        "Con → vai avanti, con 2 vedi i byte."
    ).format(name=name)


def _carried(seen: Seen) -> list[Line]:
    """What travels where there is no mapping: the lines of a head, once some bytes of it moved."""
    until = max(seen.row.until, seen.row.step.n)
    if not any(step.bytes is not None and step.n <= until for step in seen.journey.steps):
        return []
    here = bytes_at(seen.journey, seen.row)
    head, _end, _body = here.data.partition(b"\r\n\r\n")
    first, *headers = (visible(line.decode("latin-1"), _LONGEST) for line in head.split(b"\r\n")[:_MOST])
    title = _("La risposta è questa:") if here.outbound else _("La richiesta è questa:")
    found: list[Line] = [[(" " + title, "quiet")], [], [("   " + first, "strong")]]
    for header in headers:
        name, colon, value = header.partition(":")
        found.append([("   " + name + colon, "key"), (value, "")])
    return found
