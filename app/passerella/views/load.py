"""What is not kept, in words: journeys let go, steps of endless streams, calls and requests when there are too many."""

from collections.abc import Iterator

from passerella.journeys.assembler import Assembler
from passerella.journeys.model import Journey
from passerella.language import _, plural
from passerella.views.numbers import whole


def level_sentence(level: str) -> str:
    """How much is recorded of new journeys; nothing to say when it is everything."""
    return {
        "summary": _("riassunto: troppi viaggi al secondo, di quelli in più restano metodo, percorso, stato e tempi"),
        "counted": _("solo contate: troppe richieste al secondo, di quelle in più resta il numero"),
    }.get(level, "")


def counted_sentence(count: int) -> str:
    """Requests of which only this is known; empty when there are none."""
    if not count:
        return ""
    return plural("{n} richiesta solo contata", "{n} richieste solo contate", count).format(n=whole(count))


def let_go_sentence(count: int) -> str:
    """Journeys that were here once; empty when all still are."""
    if not count:
        return ""
    return plural("il primo viaggio non è più qui", "i primi {n} viaggi non sono più qui", count).format(n=whole(count))


def load_sentences(assembler: Assembler, now: int) -> list[str]:
    """All that a screen should say of what is not there, the most urgent first. ``now``: the monotonic clock."""
    said = (
        level_sentence(assembler.level_at(now)),
        counted_sentence(assembler.counted),
        let_go_sentence(assembler.let_go),
    )
    return [sentence for sentence in said if sentence]


def missing_sentences(journey: Journey) -> Iterator[str]:
    """What was not kept of ``journey``."""
    if journey.summary:
        yield _("Riassunto: c'erano troppi viaggi insieme, di questo si sono tenuti solo i byte letti e scritti.")
    if journey.omitted:
        yield plural(
            "Dopo il passo {after} c'è {n} passo contato e non tenuto.",
            "Dopo il passo {after} ci sono {n} passi contati e non tenuti.",
            journey.omitted,
        ).format(n=whole(journey.omitted), after=journey.omitted_after)
    if journey.dropped:
        yield plural("{n} passo non registrato.", "{n} passi non registrati.", journey.dropped).format(
            n=whole(journey.dropped)
        )
