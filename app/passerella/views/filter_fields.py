"""What a journey can be searched for: one row a field. The grammar, its help and its completion read this table."""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from fnmatch import translate
from typing import NamedTuple
from urllib.parse import unquote

from passerella.journeys.model import Journey
from passerella.language import SOURCE, _
from passerella.probe.vocabulary import STATIONS
from passerella.texts import station_title
from passerella.views.headings import is_over
from passerella.views.holding import held_step

Test = Callable[[Journey], bool]

_IS = (":",)
_COMPARE = (">=", "<=", ">", "<")
_STATUS = re.compile(r"[1-9](?:\d\d|\dx|xx)", re.IGNORECASE)
_CODE = re.compile(r"[1-9]\d\d")
_DURATION = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)(ms|s|)", re.IGNORECASE)
_TOKEN = re.compile(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")  # RFC 9110 §5.6.2
_NANOSECONDS = {"": 1e6, "ms": 1e6, "s": 1e9}
_BELOW, _ABOVE = "<", ">"


class Known(IntEnum):
    """From when a field of a journey is known."""

    REQUEST = 1
    RESPONSE = 2
    END = 3


class Field(NamedTuple):
    """Something a journey has.

    :ivar expected: what may follow the operator, as a sentence goes on after «scrivi».
    :ivar examples: each with its meaning; the help is made of them.
    :ivar read: the test that an operator and a value stand for; None when the value is none of the field's.
    :ivar values: what can be offered while one writes, the likeliest first.
    """

    operators: tuple[str, ...]
    known: Known
    expected: Callable[[], str]
    examples: Callable[[], Sequence[tuple[str, str]]]
    read: Callable[[str, str], Test | None]
    values: Callable[[Sequence[Journey]], Iterable[str]]


def path_of(journey: Journey) -> tuple[str, str]:
    """The path without its query: as it was sent, and as it is read."""
    sent = (journey.target or "").partition("?")[0]
    return sent, unquote(sent) if "%" in sent else sent


def text_of(journey: Journey) -> str:
    """What free text is looked for in."""
    sent = journey.target or ""
    read = f" {unquote(sent)}" if "%" in sent else ""
    return f"{journey.method or ''} {sent}{read} {journey.status or ''}".casefold()


def _status(operator: str, value: str) -> Test | None:
    word = value.casefold()
    state = _states().get(word)
    if operator in _COMPARE:
        return _compared(operator, lambda journey: journey.status, int(value)) if _CODE.fullmatch(value) else None
    if state is not None:
        return state
    if not _STATUS.fullmatch(word):
        return None
    if "x" not in word:
        code = int(word)
        return lambda journey: journey.status == code
    known = word.rstrip("x")
    return lambda journey: journey.status is not None and str(journey.status).startswith(known)


def _states() -> dict[str, Test]:
    """These words, like the names of the fields, are the same in every language."""
    return {"fermo": _is_held, "corso": _is_under_way, "senza": _is_unanswered}


def _is_held(journey: Journey) -> bool:
    return not journey.quiet and held_step(journey) is not None


def _is_under_way(journey: Journey) -> bool:
    return journey.status is None and not is_over(journey)


def _is_unanswered(journey: Journey) -> bool:
    return journey.status is None and is_over(journey)


def _method(operator: str, value: str) -> Test | None:
    if not _TOKEN.fullmatch(value):
        return None
    name = value.casefold()
    return lambda journey: (journey.method or "").casefold() == name


def _path(operator: str, value: str) -> Test | None:
    """The whole path if it begins with «/», «*» being any text; else any part of it."""
    if not value:
        return None
    if not value.startswith(("/", "*")):
        part = value.casefold()
        return lambda journey: any(part in path.casefold() for path in path_of(journey))
    if "*" not in value:
        return lambda journey: value in path_of(journey)
    pattern = re.compile(translate(re.sub(r"([\[?])", r"[\1]", value)))
    return lambda journey: any(pattern.match(path) is not None for path in path_of(journey))


def _duration(operator: str, value: str) -> Test | None:
    match = _DURATION.fullmatch(value)
    if match is None:
        return None
    nanoseconds = round(float(match[1].replace(",", ".")) * _NANOSECONDS[match[2].casefold()])
    return _compared(operator, lambda journey: journey.duration, nanoseconds)


def _compared(operator: str, of: Callable[[Journey], int | None], limit: int) -> Test:
    least = limit + (operator == _ABOVE)
    most = limit - (operator == _BELOW)
    if operator.startswith(_ABOVE):
        return lambda journey: (found := of(journey)) is not None and found >= least
    return lambda journey: (found := of(journey)) is not None and found <= most


def station_called(value: str) -> str | None:
    """A station by its title on screen or by its word in JSON."""
    word = value.casefold()
    return next((each for each in STATIONS if word in (each, *_titles(each))), None)


def _titles(station: str) -> set[str]:
    """In the language that is spoken, and always in Italian."""
    return {station_title(station).casefold(), station_title(station, SOURCE).casefold()}


def _station(operator: str, value: str) -> Test | None:
    station = station_called(value)
    return None if station is None else lambda journey: station in journey.stations


def _error(operator: str, value: str) -> Test | None:
    name = value.casefold()
    return (lambda journey: any(name in error.casefold() for error in journey.errors)) if name else None


def _statuses(journeys: Sequence[Journey]) -> Iterable[str]:
    seen = sorted({str(journey.status) for journey in journeys if journey.status is not None})
    likely = dict.fromkeys(f"{each[0]}xx" for each in seen)
    return [*seen, *likely, *_states(), *(each for each in ("2xx", "3xx", "4xx", "5xx") if each not in likely)]


def _methods(journeys: Sequence[Journey]) -> Iterable[str]:
    return sorted({journey.method for journey in journeys if journey.method})


def _paths(journeys: Sequence[Journey]) -> Iterable[str]:
    return sorted({path_of(journey)[1] for journey in journeys if journey.target})


def _durations(journeys: Sequence[Journey]) -> Iterable[str]:
    return ("10ms", "100ms", "1s")


def _stations(journeys: Sequence[Journey]) -> Iterable[str]:
    return [station_title(each).lower() for each in STATIONS]


def _errors(journeys: Sequence[Journey]) -> Iterable[str]:
    return sorted({error for journey in journeys for error in journey.errors})


FIELDS: dict[str, Field] = {
    "stato": Field(
        (*_IS, *_COMPARE),
        Known.RESPONSE,
        lambda: _("un numero di tre cifre, oppure 5xx, fermo, corso, senza"),
        lambda: (
            ("stato:500", _("la risposta ha stato 500")),
            ("stato:5xx", _("stato da 500 a 599")),
            ("stato>=400", _("stato 400 o più")),
            ("stato:fermo", _("il viaggio è fermo")),
            ("stato:corso", _("la risposta non c'è ancora")),
            ("stato:senza", _("è finito senza risposta")),
        ),
        _status,
        _statuses,
    ),
    "metodo": Field(
        _IS,
        Known.REQUEST,
        lambda: _("un metodo, per esempio POST"),
        lambda: (("metodo:POST", _("il metodo è POST")),),
        _method,
        _methods,
    ),
    "percorso": Field(
        _IS,
        Known.REQUEST,
        lambda: _("un percorso, per esempio /ciao"),
        lambda: (
            ("percorso:/ciao", _("il percorso è proprio /ciao, con qualunque query")),
            ("percorso:/ciao*", _("il percorso comincia con /ciao: * è un testo qualsiasi")),
            ("percorso:iao", _("il percorso contiene «iao»")),
        ),
        _path,
        _paths,
    ),
    "durata": Field(
        _COMPARE,
        Known.END,
        lambda: _("un tempo, per esempio 100ms o 1,5s"),
        lambda: (
            ("durata>100ms", _("è durato più di 100 millisecondi")),
            ("durata<=1,5s", _("al massimo un secondo e mezzo")),
        ),
        _duration,
        _durations,
    ),
    "stazione": Field(
        _IS,
        Known.END,
        lambda: _("una stazione: {names}").format(names=", ".join(station_title(each).lower() for each in STATIONS)),
        lambda: (("stazione:middleware", _("è passato da un middleware")),),
        _station,
        _stations,
    ),
    "errore": Field(
        _IS,
        Known.END,
        lambda: _("il nome di un'eccezione, anche solo una parte"),
        lambda: (("errore:ValueError", _("c'è stata un'eccezione ValueError")),),
        _error,
        _errors,
    ),
}
