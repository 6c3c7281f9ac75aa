"""What is said at a step to whoever listens: sentences in reading order, the signs of the screen in words."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from passerella.journeys.model import Journey, Step
from passerella.language import _, plural
from passerella.texts import direction, station_title
from passerella.views.headings import lasted, method, outcome, target
from passerella.views.holding import held_sentence
from passerella.views.inspector.bytes import BytesView, bytes_at, character
from passerella.views.inspector.environ import EnvironLine, environ_lines, mapping_at
from passerella.views.inspector.explanation import Explanation, explanation, key_explanation, where
from passerella.views.inspector.one_byte import byte_of_request, byte_of_response
from passerella.views.map import map_at, spoken
from passerella.views.numbers import bytes_count, duration, keys_count, milliseconds
from passerella.views.rows import STATIONS, Row
from passerella.views.sentences import marks_sentence
from passerella.views.visible import visible

_FEW = 4  # keys that are said without being asked for
_MOST_LINES = 60
_LINE = 160  # bytes of a line
_VALUE = 300


def row_told(journey: Journey, row: Row) -> Iterator[str]:
    """What happens at ``row``, and the keys that it touches when they are few."""
    yield _row_sentence(row)
    touched = [line for line in environ_lines(journey, row) if line.sign] if row.marks.changes else []
    if len(touched) <= _FEW:
        for line in touched:
            yield "  " + _key_sentence(line)


def _row_sentence(row: Row) -> str:
    what = row.title if row.level == STATIONS or not row.detail else f"{row.title}, {row.detail}"
    facts = [_("a {time} ms").format(time=milliseconds(row.t))]
    if row.lasted is not None:
        facts.append(_("durata {time}").format(time=duration(row.lasted)))
    marks = marks_sentence(replace(row.marks, holding=False))  # that it is held is said apart
    if marks:
        facts.append(marks)
    if where(row.step):
        facts.append(where(row.step))
    return _("{label}, {way}: {what}. {facts}.").format(
        label=row.label, way=direction(row.step.direction).label, what=what, facts=_capital(", ".join(facts))
    )


def journey_told(journey: Journey, held: Step | None) -> str:
    """«Viaggio 1: GET /ciao, 200, 1,9 ms.»"""
    status = str(journey.status) if journey.status is not None else outcome(journey)
    said = [target(journey), _("fermo")] if held is not None else [target(journey), status, lasted(journey)]
    asked = " ".join(part for part in (method(journey), ", ".join(part for part in said if part)) if part)
    return _("Viaggio {n}: {asked}.").format(n=journey.number, asked=asked)


def held_told(journey: Journey) -> str:
    """That ``journey`` is held."""
    return _("Il viaggio {n} è fermo qui.").format(n=journey.number)


def blocked_told(journey: Journey, held: Step) -> str:
    """What its being held blocks."""
    return held_sentence(journey.server, held, held.hold or "")


def where_told(journey: Journey, row: Row, position: tuple[int, int], held: Step | None) -> Iterator[str]:
    """Which journey, which of its rows, where on the map."""
    yield journey_told(journey, held)
    yield _("Riga {n} di {all} finora.").format(n=position[0], all=position[1])
    yield _row_sentence(row)
    yield _("Mappa: {map}").format(map=spoken(map_at(row, journey)))
    if held is not None:
        yield f"{held_told(journey)} {blocked_told(journey, held)}"


def explained(journey: Journey, row: Row) -> Iterator[str]:
    """What happens at ``row``."""
    yield from _about(explanation(journey, row))


def keys_told(journey: Journey, row: Row, wanted: str) -> Iterator[str]:
    """The keys that there are at ``row``, or those that are called ``wanted``."""
    lines = environ_lines(journey, row, opened=bool(wanted))
    mapping = mapping_at(journey, row)
    shown_name = mapping.name or "environ"
    if not mapping.values:
        yield _("Qui {mapping} non c'è ancora: nasce alla stazione {bridge}.").format(
            mapping=shown_name, bridge=station_title("gateway")
        )
        return
    if not wanted:
        yield _("{mapping}, {keys}.").format(mapping=shown_name, keys=keys_count(len(mapping.values)))
        for line in lines:
            yield "  " + _key_sentence(line)
        return
    found = _called(wanted, lines)
    if not found:
        yield _("In {mapping} qui non c'è nessuna chiave «{name}».").format(
            mapping=shown_name, name=visible(wanted, 60)
        )
    for line in found:
        yield from _one_key(journey, line)


def _called(wanted: str, lines: Sequence[EnvironLine]) -> list[EnvironLine]:
    """The keys of that name; if there is none, those that have it inside."""
    asked = wanted.lower()
    keys = [line for line in lines if not line.folded]
    return [line for line in keys if line.key.lower() == asked] or [line for line in keys if asked in line.key.lower()]


def _one_key(journey: Journey, line: EnvironLine) -> Iterator[str]:
    yield _key_sentence(line)
    yield from _about(key_explanation(journey, line), but=("value",))
    for start, end in line.spans:
        given = "".join(character(byte) for byte in bytes(journey.request[start : min(end, start + _LINE)]))
        if given:
            yield _("Byte {first}–{last} della richiesta: {text}").format(first=start, last=end - 1, text=given)


def _key_sentence(line: EnvironLine) -> str:
    parts = [line.key if line.folded else f"{line.key}: {visible(line.value, _VALUE)}", line.origin, _sign(line)]
    return ", ".join(part for part in parts if part)


def _sign(line: EnvironLine) -> str:
    return {"+": _("aggiunta qui"), "~": _("cambiata qui"), "−": _("tolta qui")}.get(line.sign, "")


def bytes_told(journey: Journey, row: Row, everything: bool) -> Iterator[str]:
    """The bytes of ``row``; all those of the request, or of the response, when it has none or ``everything`` is asked."""
    view = bytes_at(journey, row)
    total = bytes_count(view.total)
    if not view.total:
        yield _("Finora non c'è nessun byte.")
        return
    title = _capital(view.title)
    if view.lit and not everything:
        said = ", ".join(f"{start}–{end - 1}" for start, end in view.lit)
        yield _("{stream}, {total}. Di questo passo: byte {ranges}.").format(stream=title, total=total, ranges=said)
        spans = list(view.lit)
    else:
        yield _("{stream}, {total}.").format(stream=title, total=total)
        spans = [(0, len(view.data))]
    yield from _lines_of_bytes(view, spans)


def _lines_of_bytes(view: BytesView, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    lines = [each for start, end in spans for each in _split(view.data, start, min(end, len(view.data)))]
    for start, end in lines[:_MOST_LINES]:
        text = "".join(map(character, view.data[start:end]))
        yield "  " + _("byte {first}–{last}: {text}").format(first=start, last=end - 1, text=text)
    left = len(lines) - _MOST_LINES
    if left > 0:
        yield "  " + plural("{n} riga non mostrata", "{n} righe non mostrate", left).format(n=left)
    if view.total > len(view.data):
        yield "  " + _("Gli altri byte sono stati contati, non tenuti.")


def _split(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Line by line, none longer than can be listened to."""
    while start < end:
        line_end = data.find(b"\n", start, end)
        stop = min(end if line_end < 0 else line_end + 1, start + _LINE)
        yield start, stop
        start = stop


def byte_told(journey: Journey, row: Row, position: int) -> Iterator[str]:
    """What one byte of the stream of ``row`` gave, or who wrote it."""
    view = bytes_at(journey, row)
    if position >= len(view.data):
        yield _("{stream}, {total}: il byte {n} non c'è.").format(
            stream=_capital(view.title), total=bytes_count(view.total), n=position
        )
        return
    if view.outbound:
        found = byte_of_response(journey, position)
    else:
        found = byte_of_request(journey, environ_lines(journey, row, opened=True), position)
    if found.name:
        sentence = _("L'ha scritto: {name}.") if view.outbound else _("Ha dato la chiave {name}.")
        yield sentence.format(name=found.name)
    yield from _about(found.about)


def _about(about: Explanation, but: Sequence[str] = ()) -> Iterator[str]:
    yield about.title
    if about.text:
        yield about.text
    if about.value and "value" not in but:
        yield about.value
    for name, value in about.facts:
        yield f"{_capital(name)}: {value}"
    if about.where:
        yield _("Codice: {where}").format(where=about.where)
    if about.reference:
        yield _("Da leggere: {reference}").format(reference=about.reference)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
