"""``--testo``: a journey told in sentences, in reading order, with no boxes."""

from collections.abc import Iterator

from passerella.journeys.model import Journey
from passerella.language import _, plural
from passerella.views.headings import heading, is_over
from passerella.views.inspector.environ import EnvironLine, environ_lines
from passerella.views.inspector.explanation import where
from passerella.views.inspector.proxy import proxy_view
from passerella.views.joining import uncertain_sentence
from passerella.views.load import missing_sentences
from passerella.views.marks import befallen
from passerella.views.numbers import duration, milliseconds
from passerella.views.rows import EVERYTHING, PASSAGES, Marks, Row, rows
from passerella.views.spent import spent_sentence
from passerella.views.visible import visible

_VALUE = 100
_TOLD_OF_HOPS = frozenset(("front_forward", "front_relay", "front_done"))
_INDENT = "    "


def tell(journey: Journey, level: int = PASSAGES) -> Iterator[str]:
    """The lines that tell ``journey``, without line ends."""
    yield heading(journey)
    if journey.uncertain:
        yield uncertain_sentence()
    for row in rows(journey, level):
        yield _sentence(row)
        yield from _keys(journey, row)
        yield from _hops(journey, row)
    if level == EVERYTHING:
        said = spent_sentence(journey)
        if said:
            yield said[0].upper() + said[1:]
    yield from missing_sentences(journey)
    if not journey.complete and journey.protocol != "lifespan":
        over = is_over(journey)
        yield _("Il viaggio si è interrotto.") if over else _("Il viaggio non è ancora finito.")


def _hops(journey: Journey, row: Row) -> Iterator[str]:
    """What the web server in front changed, where it did; at the end, how long each hop took."""
    told = proxy_view(journey, everything=False) if row.step.name in _TOLD_OF_HOPS else None
    if told is None:
        return
    if row.step.name == "front_forward":
        lines = told.request
    elif row.step.name == "front_relay":
        lines = told.response
    else:
        yield from (_INDENT + sentence for sentence in told.about)
        yield from (f"{_INDENT}{name}: {took}" for name, took in told.times)
        return
    yield from (f"{_INDENT}{line.sign} {line.text}" for line in lines)


def marks_sentence(marks: Marks) -> str:
    """The marks of a row in words that can be read aloud: «3 chiavi aggiunte, eccezione KeyError»."""
    changes = (
        (plural("{n} chiave aggiunta", "{n} chiavi aggiunte", marks.added), marks.added),
        (plural("{n} chiave cambiata", "{n} chiavi cambiate", marks.changed), marks.changed),
        (plural("{n} chiave tolta", "{n} chiavi tolte", marks.removed), marks.removed),
    )
    parts = [sentence.format(n=count) for sentence, count in changes if count]
    return ", ".join([*parts, *befallen(marks)])


def _sentence(row: Row) -> str:
    said = f"{row.title}, {row.detail}" if row.detail else row.title
    parts = [_("a {time} ms").format(time=milliseconds(row.t))]
    if row.lasted is not None:
        parts.append(_("durata {time}").format(time=duration(row.lasted)))
    marks = marks_sentence(row.marks)
    if marks:
        parts.append(marks)
    if where(row.step):
        parts.append(where(row.step))
    indent = "  " * row.depth if row.level == EVERYTHING else ""
    return f"{indent}{row.label} · {said} · {' · '.join(parts)}"


def _keys(journey: Journey, row: Row) -> Iterator[str]:
    """The keys that this row touched: where the mapping is built, all of them."""
    if row.marks.changes:
        for line in environ_lines(journey, row):
            if line.sign:
                yield _INDENT + _key(line)


def _key(line: EnvironLine) -> str:
    if line.folded:
        return f"{line.sign} {line.key}"
    origin = f" ← {line.origin}" if line.origin else ""
    inner = "  " if line.inner else ""
    return f"{inner}{line.sign} {line.key} = {visible(line.value, _VALUE)}{origin}"
