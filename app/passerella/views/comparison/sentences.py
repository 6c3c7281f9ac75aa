"""``--testo``: a comparison in sentences, in reading order, with no boxes."""

from collections.abc import Iterator, Sequence

from passerella.journeys.comparison import Comparison
from passerella.language import _, plural
from passerella.views.comparison.lines import EQUAL, EXPECTED, Line, lines
from passerella.views.comparison.words import ABSENT, caution, rank, reasons
from passerella.views.headings import lasted, method, outcome, target

_INDENT = "    "


def tell(comparison: Comparison, servers: Sequence[str] = ()) -> Iterator[str]:
    """The lines that tell it, without line ends. ``servers``, by column, with their versions."""
    yield from _heading(comparison, servers)
    part = ""
    for line in lines(comparison, closed=frozenset()):
        if line.kind == "title":
            part = line.part
            yield ""
            yield f"{line.name} ({line.count}):" if line.count else f"{line.name}:"
        elif part == EXPECTED:
            yield f"{_INDENT}{line.name}: {_reason(line)}"
        elif part == EQUAL:
            yield f"{_INDENT}{line.name}: {line.cells[0]}"
        else:
            yield from _told(comparison, line)
    yield ""
    yield caution()


def _heading(comparison: Comparison, servers: Sequence[str]) -> Iterator[str]:
    count = len(comparison.journeys)
    yield plural("Confronto di {n} viaggio", "Confronto di {n} viaggi", count).format(n=count)
    for column, journey in enumerate(comparison.journeys):
        server = servers[column] if column < len(servers) else ""
        asked = " ".join(part for part in (method(journey), target(journey)) if part)
        said = [comparison.labels[column], server, f"{asked} → {outcome(journey)}", lasted(journey)]
        yield _INDENT + " · ".join(part for part in said if part)


def _reason(line: Line) -> str:
    return reasons().get(line.facet.reason, "") if line.facet is not None else ""


def _told(comparison: Comparison, line: Line) -> Iterator[str]:
    """The name, then who has what: journeys that have the same are named together."""
    if line.row is not None and not line.row.missing and not line.row.moved:
        yield _INDENT + line.name
        return
    if line.row is not None:
        yield f"{_INDENT}{line.name}: {_who(comparison, line)}"
        return
    yield _INDENT + line.name
    groups: dict[str, list[str]] = {}
    for label, text in zip(comparison.labels, line.cells, strict=True):
        groups.setdefault(text, []).append(label)
    for text, labels in groups.items():
        yield f"{_INDENT * 2}{', '.join(labels)}: {_('manca') if text == ABSENT else text}"
    if line.facet is not None and line.facet.at is not None:
        yield _INDENT * 2 + _("il primo byte diverso è il numero {n}").format(n=line.facet.at)


def _who(comparison: Comparison, line: Line) -> str:
    """«solo waitress-flask», «in un altro ordine: prima posto 2, dopo posto 3»."""
    assert line.row is not None
    having = [(column, label) for column, label in enumerate(comparison.labels) if line.row.steps[column]]
    words = [_("solo {names}").format(names=", ".join(label for _column, label in having))] if line.row.missing else []
    if line.row.moved:
        ranks = ", ".join(f"{label} {rank(line.row, column)}" for column, label in having)
        words.append(_("in un altro ordine: {ranks}").format(ranks=ranks))
    return "; ".join(words)
